"""`auditor scan`: mail files in, parts and findings out, nothing kept."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

import click

from auditor.cli.jsonl import line
from auditor.cli.progress import Ticker
from auditor.cli.workplace import configuration

if TYPE_CHECKING:
    from auditor.findings import Finding
    from auditor.mail.message import Address
    from auditor.past import Remark
    from auditor.pipeline.guard import Ended, Guard
    from auditor.pipeline.scanning import Examined
    from auditor.pipeline.tasks import OverLimits
    from auditor.policy import Policy
    from connectors.files.named import Named

A = TypeVar("A")
T = TypeVar("T")

PAGE_MESSAGES = 200
PAGE_BYTES = 16 << 20
KEPT_BYTES = 64 << 20
"""As many are kept for the second look; more are read again."""


@click.command(epilog="Example: auditor scan mail --format jsonl > findings.jsonl")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", help="Default: text.")
@click.pass_context
def scan(ctx: click.Context, paths: tuple[str, ...], form: str) -> int:
    """Analyse mail files without a store.

    PATH is a message (.eml), an mbox, or a folder of them, which is read recursively in path order.
    Nothing is kept. The configuration says who the council's people are and what is agreed.
    """
    from auditor.pipeline.guard import Guard, Task
    from auditor.pipeline.night import rules_version

    if "" in paths:
        raise click.UsageError("A PATH is empty: name a message, an mbox or a folder")
    config = configuration(ctx)
    printer = _Lines(rules_version(config.policy)) if form == "jsonl" else _Report()
    place, under = "auditor.pipeline.scanning", (config.policy,)
    unopened: Task[_Letter, Examined | OverLimits] = Task(place, ("examined_unopened",), under)
    task = Task(place, ("examined",), under, otherwise=unopened)
    ticker = Ticker()
    scanned = 0
    with Guard() as guard:
        named = _Named(paths)
        past = _past(config.policy, guard, named)
        letters = _Paged(iter(named))
        for done in guard.each(task, letters.contents(lambda letter: (letter.raw, past.get(letter.source, ())))):
            ticker.close()
            for letter, outcome in letters.match(done.outcomes):
                printer.show(letter, outcome)
                scanned += 1
            sys.stdout.flush()
            ticker("Scanned", scanned)
    ticker.close()
    printer.close()
    return 1 if printer.unread else 0


_Letter = tuple[bytes, "tuple[Remark, ...]"]


class _Named:
    """The messages that PATHs name, in order, as often as they are asked for; read once where they are few."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths
        self._kept: list[Named] | None = None

    def __iter__(self) -> Iterator[Named]:
        from connectors.files.named import messages_in

        if self._kept is not None:
            yield from self._kept
            return
        kept: list[Named] = []
        size = 0
        for letter in chain.from_iterable(map(messages_in, self._paths)):
            size += len(letter.raw)
            if size <= KEPT_BYTES:
                kept.append(letter)
            else:
                kept.clear()
            yield letter
        if size <= KEPT_BYTES:
            self._kept = kept


def _past(policy: Policy, guard: Guard, named: _Named) -> dict[str, tuple[Remark, ...]]:
    """What the messages named say of the recipients of later ones among them, by the source of the later one.

    All is looked through for it, the headers alone looked at; of a single message nothing is earlier.
    """
    from auditor.pipeline.guard import Task
    from auditor.pipeline.postbook import Entry, PostBook, unpacked

    if len(list(islice(named, 2))) < 2:
        return {}
    task: Task[bytes, bytes] = Task("auditor.pipeline.scanning", ("entered",))
    letters = _Paged(iter(named))
    lines: list[tuple[str, Entry]] = []
    same: dict[Address, Address] = {}
    for done in guard.each(task, letters.contents(lambda letter: _head(letter.raw))):
        for letter, made in letters.match(done.outcomes):
            if isinstance(made, bytes) and made:
                entry = unpacked(made)
                # Everybody once: a large mbox has few people.
                sender, *others = [same.setdefault(one, one) for one in (entry.sender, *entry.recipients)]
                lines.append((letter.source, Entry(entry.message, entry.sent, sender, tuple(others))))
    lines.sort(key=lambda entered: entered[1].sent)
    return dict(PostBook(policy).read(lines))


def _head(raw: bytes) -> bytes:
    """The headers, with what follows where they do not end as most do."""
    ends = [at for mark in (b"\n\n", b"\r\n\r\n") if (at := raw.find(mark)) > 0]
    return raw[: min(ends) + 2] if ends else raw


class _Paged:
    """Messages in pages for the guard, matched again with what became of them; the unreadable keep their place."""

    def __init__(self, letters: Iterator[Named]) -> None:
        self._letters = letters
        self._waiting: list[list[Named]] = []

    def contents(self, of: Callable[[Named], A]) -> Iterator[list[A]]:
        """Pages of what is made of each message."""
        page: list[Named] = []
        size = 0
        for letter in self._letters:
            page.append(letter)
            size += len(letter.raw)
            if len(page) == PAGE_MESSAGES or size > PAGE_BYTES:
                yield self._turn(page, of)
                page, size = [], 0
        if page:
            yield self._turn(page, of)

    def _turn(self, page: list[Named], of: Callable[[Named], A]) -> list[A]:
        self._waiting.append(page)
        return [of(letter) for letter in page if letter.error is None]

    def match(self, outcomes: list[T]) -> Iterator[tuple[Named, T | None]]:
        """The messages of the page given out first, with what became of them."""
        left = iter(outcomes)
        for letter in self._waiting.pop(0):
            yield letter, None if letter.error is not None else next(left)


def _trouble(letter: Named, outcome: Examined | OverLimits | Ended | None) -> str | None:
    from auditor.pipeline.guard import Ended
    from auditor.pipeline.tasks import OverLimits

    match outcome:
        case None:
            return letter.error
        case Ended(reason) | OverLimits(reason):
            return reason
        case _:
            return None


class _Lines:
    """One JSON object a message."""

    def __init__(self, version: str) -> None:
        from auditor.analysers import ANALYSERS

        self._version = version
        self._clauses = {rule.name: rule.clauses for analyser in ANALYSERS for rule in analyser.rules}
        self.unread = 0

    def show(self, letter: Named, outcome: Any) -> None:
        trouble = _trouble(letter, outcome)
        if trouble is not None:
            self.unread += 1
            self._print({"source": letter.source, "error": trouble})
            return
        self._print(
            {
                "source": letter.source,
                "message_id": f"<{outcome.message_id}>" if outcome.message_id else None,
                "sender": outcome.sender,
                "sent": outcome.sent.isoformat() if outcome.sent else None,
                "parts": outcome.parts,
                "findings": [self._finding(name, finding) for name, finding in outcome.findings],
            }
        )

    def _finding(self, name: str, finding: Finding) -> dict[str, object]:
        return {
            "id": name,
            "rule": finding.rule,
            "rules_version": self._version,
            "clause": list(self._clauses[finding.rule]),
            "severity": finding.severity,
            "confidence": finding.confidence,
            "part": finding.part,
            "start": finding.start,
            "end": finding.end,
            "excerpt": finding.excerpt,
            "reason": finding.reason,
        }

    def _print(self, row: dict[str, object]) -> None:
        sys.stdout.buffer.write(f"{line(row)}\n".encode("utf-8", "replace"))

    def close(self) -> None:
        sys.stdout.buffer.flush()


class _Report:
    """Plain text for a person."""

    def __init__(self) -> None:
        self.unread = 0
        self._messages = self._found = self._with = 0

    def show(self, letter: Named, outcome: Any) -> None:
        trouble = _trouble(letter, outcome)
        self._messages += 1
        if trouble is not None:
            self.unread += 1
            click.echo(f"{letter.source}: not read: {trouble}")
            return
        if outcome.findings:
            self._with += 1
            self._found += len(outcome.findings)
            click.echo(f"{letter.source}: from {outcome.sender}")
            for _, finding in outcome.findings:
                click.echo(f"  {finding.severity:8} {finding.rule}: {finding.reason}")

    def close(self) -> None:
        from reports.words import counted

        found = f"{self._with:,} with {counted(self._found, 'finding')} for review"
        click.echo(f"{counted(self._messages, 'message')}: {found}, {self.unread:,} not read.")
