"""`auditor status`: how the last nights went and what needs a person, without touching a mailbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.health import NIGHTS, Box, Disk, Health, health
from auditor.cli.heartbeat import RESTART
from auditor.cli.jsonl import line as one_line
from auditor.cli.needs import REASON, alike, named
from auditor.cli.workplace import configuration, open_the_store, store_path

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.store.records import Coverage, Run

_STATES = {None: "not yet", "unconfigured": "not listed"}
"""In words, where the state's own name is none: before its first night, and no longer in schedule.toml."""
_REASON = "The reason stands below; 'auditor check' says what to mend."
_WIDTH = 80


@click.command(epilog="Example: auditor status --json")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> int:
    """Show how the last nights went, without touching a mailbox.

    The last run and whether all was well; one that is at work, or was interrupted since; when the next one is meant to start, and on how
    many of the last seven nights every mailbox was read in full. Then what needs a person, and what to do. Then, of each mailbox,
    whether it was read, and its account: messages there (in the folders that are read) = collected + not readable + older than
    wanted + private, how many have gone since they were collected, and for how many nights it was not read in full. At last how much
    the store holds, the room on its disk, the newest backup, and what expires. The exit status is 1 when something must not wait.
    """
    found = _found(configuration(ctx))
    click.echo(one_line(_document(found)) if as_json else _told(found))
    return 1 if found.pressing else 0


def _found(config: Config) -> Health:
    now = datetime.now(UTC)
    if not store_path(config).exists():
        return health(config, None, now)
    with open_the_store(config, read_only=True) as store:
        return health(config, store, now)


def _document(found: Health) -> dict[str, Any]:
    kept, beat, facts = found.backups, found.beat, found.facts
    return {
        "mailboxes": [_line(box) for box in found.boxes],
        "last_run": _run(found.last_run),
        "running": found.running,
        "interrupted": list(found.interrupted),
        "next_run": found.next_run.isoformat(),
        "nights_covered": [found.covered, NIGHTS],
        "audit_trail": {"length": found.head.length, "head": found.head.hash if found.head.length else None},
        "store": {"messages": facts.messages, "searchable": facts.searchable, "bytes": facts.bytes},
        "needs": list(found.needs),
        "disk": _disk(found.disk),
        "backup": {"newest": kept.newest, "age_days": kept.age_days, "keep": kept.keep} if kept else None,
        "expiries": [{"what": one.what, "on": one.on.isoformat(), "days": one.days} for one in found.expiries],
        "index_lag": found.index_lag,
        "serve": {"alive": beat.alive(found.now), "at": beat.at.isoformat(), "state": beat.state} if beat else None,
    }


def _disk(disk: Disk) -> dict[str, Any]:
    """What is free to two figures: every program on the computer changes the rest from second to second."""
    coarse = 10 ** max(0, len(str(disk.free)) - 2)
    left = None if disk.months_left is None else round(disk.months_left, 1)
    return {"free": disk.free // coarse * coarse, "needed": disk.needed, "months_left": left}


def _line(box: Box) -> dict[str, Any]:
    coverage = box.account
    return {
        "mailbox": coverage.mailbox,
        "source": coverage.source,
        "status": coverage.status,
        "provider_count": coverage.provider_count,
        "collected": coverage.collected,
        "gaps": coverage.gaps,
        "outside_window": coverage.outside_window,
        "private": coverage.private,
        "removed": coverage.removed,
        "unchecked": coverage.unchecked,
        "last_complete": coverage.last_complete.isoformat() if coverage.last_complete else None,
        "nights_since_complete": box.nights_since,
        "error": coverage.error,
    }


def _run(run: Run | None) -> dict[str, Any] | None:
    if run is None or run.ended is None:
        return None
    return {"run": run.id, "ended": run.ended.isoformat(), "ok": run.ok}


def _told(found: Health) -> str:
    return "\n".join([*_runs(found), *_needs(found), "", *_table(found), "", *_rest(found)])


def _runs(found: Health) -> list[str]:
    last, lines = found.last_run, []
    if last is None or last.ended is None:
        lines.append("No run has ended yet. 'auditor run' makes one.")
    else:
        lines.append(
            f"Last run: number {last.id}, ended on {_moment(last.ended)}, {'all well' if last.ok else 'someone is needed'}."
        )
    if found.running is not None:
        lines.append(f"Run number {found.running} is at work now; what it has kept so far is counted below.")
    lines.append(f"Next run: {_moment(found.next_run)}.")
    lines.append(f"Nights covered: {found.covered} of {NIGHTS}.")
    return lines


def _needs(found: Health) -> list[str]:
    if not found.needs:
        return [] if found.last_run is None else ["Nothing needs a person."]
    lines = ["", "What needs a person:"]
    for number, sentence in enumerate(found.needs, 1):
        lines += _wrapped(sentence.replace(REASON, _REASON), f"{number:>3}. ", "     ")
    return lines


_COLUMNS: tuple[tuple[str, Callable[[Coverage], int | None]], ...] = (
    ("there", lambda one: one.provider_count),
    ("collected", lambda one: one.collected),
    ("not read", lambda one: one.gaps),
    ("older", lambda one: one.outside_window),
    ("private", lambda one: one.private),
    ("unchecked", lambda one: one.unchecked),
    ("gone", lambda one: one.removed),
)
"""A column of which there is nothing to say is left out, but for the first two."""
_THERE = "There = collected + not read + older than wanted + private."
_NIGHTS = "Nights: since the mailbox was last read in full."
_MEANINGS = {
    "unchecked": "Unchecked: not checked against every rule; see the sheet Not read of the workbook.",
    "gone": "Gone: since they were collected.",
}


def _table(found: Health) -> list[str]:
    """A line a mailbox; then, where some were not read, why."""
    columns = [
        (head, of) for n, (head, of) in enumerate(_COLUMNS) if n < 2 or any(of(box.account) for box in found.boxes)
    ]
    heads = ["state", *(head for head, _ in columns), "nights"]
    rows = [[_state(box), *(_count(box.account, of) for _, of in columns), _nights(box)] for box in found.boxes]
    widths = [max(len(row[n]) for row in [heads, *rows]) for n in range(len(heads))]
    names = [box.account.mailbox for box in found.boxes]
    wide = min(_WIDTH - sum(widths) - 2 * len(widths), max(len("mailbox"), *map(len, names)))
    lines = [_row("mailbox", wide, heads, widths)]
    for name, row in zip(names, rows, strict=True):
        if len(name) > wide:  # the figures stay in their columns
            lines.append(name)
        lines.append(_row(name if len(name) <= wide else "", wide, row, widths))
    meanings = [said for head, said in _MEANINGS.items() if head in heads]
    return [*lines, *_wrapped(" ".join((_THERE, *meanings, _NIGHTS)), "", ""), *_reasons(found)]


def _state(box: Box) -> str:
    return _STATES.get(box.account.status) or str(box.account.status)


def _count(account: Coverage, of: Callable[[Coverage], int | None]) -> str:
    """Before its first night a mailbox has no account; what was collected so far is said."""
    if account.provider_count is None and not (of(account) and of is _COLUMNS[1][1]):
        return "-"
    return f"{of(account):,}"


def _nights(box: Box) -> str:
    return "-" if box.nights_since is None else f"{box.nights_since:,}"


def _row(name: str, wide: int, cells: list[str], widths: list[int]) -> str:
    state, *figures = (
        f"{cell:<{width}}" if not n else f"{cell:>{width}}"
        for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join([f"{name:<{wide}}", state, *figures])


def _reasons(found: Health) -> list[str]:
    """Why mailboxes were not read in full; once where it is the same for several."""
    lines = [line for boxes in alike(found.boxes) if boxes[0].account.error for line in _reason(boxes)]
    return ["", "Why not read in full:", *lines] if lines else []


def _reason(boxes: list[Box]) -> list[str]:
    return _wrapped(f"{named(boxes)}: {boxes[0].account.error}", "  - ", "    ")


def _wrapped(sentence: str, first: str, following: str) -> list[str]:
    from textwrap import wrap

    return wrap(
        sentence, _WIDTH, initial_indent=first, subsequent_indent=following, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _rest(found: Health) -> list[str]:
    facts, disk, head = found.facts, found.disk, found.head
    left = f"; full in about {disk.months_left:,.0f} months" if disk.months_left is not None else ""
    lines = [
        f"Store: {facts.messages:,} messages, {facts.searchable:,} searchable, {facts.bytes / 1_000_000:,.1f} MB.",
        f"Disk: {disk.free / 1e9:,.1f} GB free, {disk.needed / 1e9:,.1f} GB needed{left}.",
    ]
    if found.backups:
        kept = found.backups
        lines.append(f"Backup: {kept.newest or 'none yet'}; {kept.keep} are kept.")
    lines += [f"The {one.what} {'expires' if one.days >= 0 else 'expired'} on {one.on}." for one in found.expiries]
    if beat := found.beat:
        doing = "to be started again" if beat.state == RESTART else beat.state
        how = f"alive, {doing}" if beat.alive(found.now) else "silent"
        lines.append(f"'auditor serve': {how}; last sign of life {_moment(beat.at)}.")
    lines.append(
        f"Audit trail: {head.length:,} {'entry' if head.length == 1 else 'entries'}"
        + (f", head {head.hash[:16]}…." if head.length else ".")
    )
    return lines


def _moment(moment: datetime) -> str:
    """'Wednesday 25 November 2026 at 15:39 (UK time)'."""
    from reports.week import moment_words

    return moment_words(moment)
