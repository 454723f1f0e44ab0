"""Exceptions learnt from what was decided: what is proposed, what holds, and which findings are hidden instead of listed.

An exception is never broader than one sender, the domains that the message went to, one rule at one severity, and the very
words. Decisions in two messages carry it, and as long as they stand: one 'Breach' or 'Ask the Chair' among the findings like it, and it
hides nothing. Whoever decides adopts it; nothing is adopted by itself, and none holds for ever.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum
from functools import lru_cache
from hashlib import sha256
from json import dumps

from auditor.analysers.audience import provider
from auditor.analysers.masking import HIDDEN
from auditor.findings import Severity
from auditor.store.decisions import Decided, Decision
from auditor.store.exceptions import Choice, Hidden, Picked
from auditor.store.records import FindingRow
from auditor.values import Value
from reports.week import local_day, sent_day

FEWEST = 2
"""In so many messages must findings that are alike be decided so: one message, decided at one stroke, is no habit."""
SOON = timedelta(days=31)
"""For so long before its end a workbook warns of it."""
_FOR = (Decision.NO_BREACH, Decision.PERMITTED)

_ANSWER = re.compile(r"\A(?:\s*(?:re|aw|sv|fw|fwd|wg|antw|tr)\s*(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE)


class Scope(Value, frozen=True):
    """What an exception is about; findings are alike when all of it is the same."""

    sender: str
    person: str
    """Who had that address on the day; a new holder of a mailbox is another sender. Empty for a stranger."""
    to: tuple[str, ...]
    """The domain of everybody it went to; the whole address at a provider of mailboxes, where a domain is no group."""
    rule: str
    severity: Severity
    words: str
    evidence: str
    """What the finding is known by: tells apart words that are cut for showing."""
    subject: str
    """Without 'Re:'. Empty where the words tell enough."""


def scope(row: FindingRow, person: str) -> Scope | None:
    """What an exception for findings like this one would be about; None where that would be too broad.

    A finding on a whole message (a waiver that is missing) has no words of the sender's, and sender, domain and rule alone
    would pass whatever the sender writes there: so the subject must be the same, as in one exchange or a letter that is
    sent again and again. Of masked words nobody knows whether they are the same.
    """
    finding = row.finding
    words = _plain(finding.excerpt)
    bare = not words or finding.part == "message"
    subject = _plain(stem(row.subject)) if bare else ""
    to = tuple(sorted({_circle(one) for one in row.recipients if one.strip()}))
    masked = HIDDEN in finding.excerpt or HIDDEN in finding.evidence
    if not row.sender or not to or masked or (bare and not subject):
        return None
    return Scope(
        row.sender.casefold(), person, to, finding.rule, finding.severity, words, _plain(finding.evidence), subject
    )


def stem(subject: str) -> str:
    """A subject without what answering and passing on puts before it."""
    return _ANSWER.sub("", subject, count=1).strip()


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


@lru_cache(maxsize=4096)
def _circle(address: str) -> str:
    whole = address.strip().casefold()
    domain = whole.rpartition("@")[2]
    return whole if provider(domain) else domain


def name(about: Scope, reader: str) -> str:
    """20 hexadecimal digits; the Clerk's and the Chair's are never the same."""
    said = [reader, *(getattr(about, field) for field in about.__struct_fields__)]
    return sha256(dumps(said).encode()).hexdigest()[:20]


class State(IntEnum):
    """How an exception stands, in the order of the sheet."""

    PROPOSED = 1
    IN_FORCE = 2
    UNFOUNDED = 3
    """Adopted, and what it rests on stands no more."""
    EXPIRED = 4
    ENDED = 5
    LEFT = 6


@dataclass(frozen=True, slots=True)
class Excepted:
    """One exception as it stands."""

    name: str
    about: Scope
    state: State
    example: FindingRow
    """The newest finding that is like it."""
    findings: int
    """All that are held and like it: what it hides or would have hidden."""
    days: tuple[date, date] | None
    """Of the first and the last message with such a finding; None when no day is known."""
    decided: Mapping[Decision, int]
    """How many of them are decided, and how."""
    founded: bool
    """Whether it may be adopted: decided so in messages enough, and never otherwise."""
    adopted: Picked | None
    said: Picked | None
    """What was chosen last."""
    this_week: int = 0
    """Findings that it hid in this workbook."""
    in_all: int = 0
    """Those of earlier workbooks too."""

    def ends_soon(self, day: date) -> bool:
        """Whether it holds, and ends within a month."""
        until = self.adopted.until if self.adopted else None
        return self.state is State.IN_FORCE and until is not None and until - day <= SOON


@dataclass(frozen=True, slots=True)
class Exceptions:
    """All that a workbook tells of exceptions."""

    lines: tuple[Excepted, ...] = ()
    hidden: tuple[tuple[FindingRow, str], ...] = ()
    """Findings of this workbook that are not listed, and the name of the exception that each is hidden by."""
    lost: int = 0
    """Adopted, and no finding that is held is like it any more."""
    day: date = date.max
    """The London day on which this is so."""

    def of(self, *states: State) -> tuple[Excepted, ...]:
        """Those that stand so, in order."""
        return tuple(line for line in self.lines if line.state in states)

    @property
    def in_force(self) -> frozenset[str]:
        """The names of those that hide findings now."""
        return frozenset(line.name for line in self.of(State.IN_FORCE))


def touched(rows: Sequence[FindingRow], decided: Collection[str], hidden: Collection[str]) -> Iterator[FindingRow]:
    """Those whose sender and rule something was decided or hidden of; all others have nothing to do with exceptions.

    Args:
        decided, hidden: identities.
    """
    pairs = {(row.sender, row.finding.rule) for row in rows if row.id in decided or row.id in hidden}
    return (row for row in rows if (row.sender, row.finding.rule) in pairs)


def founded(decided: Collection[tuple[FindingRow, Decision]]) -> bool:
    """Whether decisions carry an exception; one that would hide what was decided otherwise is carried by none."""
    messages = {row.message_id or row.sha256 for row, _ in decided}
    return len(messages) >= FEWEST and all(one in _FOR for _, one in decided)


def exceptions(
    rows: Sequence[tuple[FindingRow, str]],
    decided: Mapping[str, Decided],
    picks: Sequence[Picked],
    reader: str,
    day: date,
) -> Exceptions:
    """How every exception of one reader's stands on a London day.

    Args:
        rows: all of history that is this reader's, or what is `touched` of it, each with the name of the person who had the
            sender's address that day.
        decided: what stands, by finding, of this reader's workbooks alone.
        picks: every change of what these workbooks say of exceptions, in the store's order.
    """
    said = _last(picks)
    alike: dict[str, list[FindingRow]] = {}
    abouts: dict[str, Scope] = {}
    for row, person in rows:
        if about := scope(row, person):
            known = name(about, reader)
            alike.setdefault(known, []).append(row)
            abouts[known] = about
    lines = []
    for known, found in alike.items():
        choices = [(row, one.decision) for row in found if (one := decided.get(row.id)) and one.decision]
        pick, adopted = said.get(known, (None, None))
        carried = founded(choices)
        if state := _state(pick, adopted, carried, day):
            days = sorted(filter(None, (sent_day(row.sent) for row in found)))
            lines.append(
                Excepted(
                    known, abouts[known], state, max(found, key=_newest), len(found), (days[0], days[-1]) if days else None,
                    Counter(one for _, one in choices), carried, adopted, pick,
                )
            )  # fmt: skip
    lines.sort(key=lambda line: (line.state, -line.findings, line.about.sender, line.about.rule, line.name))
    lost = sum(
        known not in alike and adopted is not None and _holds(adopted, day) for known, (_, adopted) in said.items()
    )
    return Exceptions(tuple(lines), (), lost, day)


def _newest(row: FindingRow) -> tuple[float, str]:
    return row.sent.timestamp() if row.sent else 0.0, row.id


def _last(picks: Sequence[Picked]) -> dict[str, tuple[Picked, Picked | None]]:
    """By exception: what stands, and by what it is adopted; of what each workbook said last, the one saved last.

    Where that takes back what it had said, nothing stands, whatever older copies say; then an exception is not here.
    """
    newest: dict[tuple[str, str], Picked] = {}
    adopted: dict[str, Picked] = {}
    for pick in picks:
        newest.pop((pick.exception, pick.book), None)  # so that they stay in the order of reading
        newest[pick.exception, pick.book] = pick
        if pick.choice is Choice.ADOPT and (pick.exception not in adopted or pick.at >= adopted[pick.exception].at):
            adopted[pick.exception] = pick
    stands = {pick.exception: pick for pick in sorted(newest.values(), key=lambda pick: pick.at)}
    by = {Choice.ADOPT: stands, Choice.KEEP: adopted}
    return {
        known: (pick, by.get(pick.choice, {}).get(known)) for known, pick in stands.items() if pick.choice is not None
    }


def _state(pick: Picked | None, adopted: Picked | None, carried: bool, day: date) -> State | None:
    """None for what nobody adopted and nothing carries."""
    if adopted is not None:
        if not _holds(adopted, day):
            return State.EXPIRED
        return State.IN_FORCE if carried else State.UNFOUNDED
    match pick.choice if pick else None:
        case Choice.END:
            return State.ENDED
        case Choice.LEAVE:
            return State.LEFT if carried else None
        case _:
            return State.PROPOSED if carried else None


def _holds(adopted: Picked, day: date) -> bool:
    return adopted.until is not None and day <= adopted.until


def until(adopted: date, review: date | None) -> date:
    """The last day of an exception adopted on a London day: that of the policy's review, or a year later."""
    if review is not None and review > adopted:
        return review
    try:
        return adopted.replace(year=adopted.year + 1)
    except ValueError:  # 29 February
        return date(adopted.year + 1, 2, 28)


def adopted_day(pick: Picked) -> date:
    """The London day of a choice."""
    return local_day(pick.at)


def divided(
    rows: Sequence[FindingRow],
    names: Mapping[str, str | None],
    in_force: Collection[str],
    hidden: Mapping[str, Hidden],
    label: str,
) -> tuple[list[FindingRow], list[tuple[FindingRow, str]]]:
    """Which findings a workbook lists, and which it hides and by what exception.

    Args:
        names: of each finding that no workbook has listed yet, what an exception for its like is called.
        hidden: what was hidden before, by finding.
        label: of this workbook. What it hid before stays hidden, and what another one hid is told of there.
    """
    listed, away = [], []
    for row in rows:
        before = hidden.get(row.id)
        if row.reported is not None:
            listed.append(row)
        elif before is not None:
            if before.label == label:
                away.append((row, before.exception))
        elif (known := names.get(row.id)) in in_force and known is not None:
            away.append((row, known))
        else:
            listed.append(row)
    return listed, away


def with_hidden(
    told: Exceptions, away: Sequence[tuple[FindingRow, str]], hidden: Collection[Hidden], label: str
) -> Exceptions:
    """The same with what a workbook hides, and how much each has hidden.

    Args:
        hidden: what was hidden before, this workbook's of an earlier writing included.
    """
    now = Counter(known for _, known in away)
    ever = now + Counter(one.exception for one in hidden if one.label != label)
    lines = tuple(replace(line, this_week=now[line.name], in_all=ever[line.name]) for line in told.lines)
    return replace(told, lines=lines, hidden=tuple(away))


def asking(told: Exceptions) -> Iterator[str]:
    """What whoever decides is to look at, a sentence each."""
    if many := len(told.of(State.PROPOSED)):
        are, each = ("exception is", "for it") if many == 1 else ("exceptions are", "for each")
        yield f"{many:,} {are} proposed from your decisions: choose Adopt or Leave {each} on the sheet Exceptions."
    if many := sum(line.ends_soon(told.day) for line in told.lines):
        end = "exception ends" if many == 1 else "exceptions end"
        yield f"{many:,} {end} within a month: the sheet Exceptions says which, and what happens then."
