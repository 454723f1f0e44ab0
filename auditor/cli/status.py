"""`auditor status`: how the last nights went and what needs a person, without touching a mailbox."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.health import NIGHTS, Box, Health, health
from auditor.cli.jsonl import line
from auditor.cli.workplace import configuration, open_the_store, store_path

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.store.records import Run

_STATES = {None: "not read yet", "unconfigured": "not in schedule.toml"}
"""In words, where the state's own name is none."""
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
    click.echo(line(_document(found)) if as_json else _told(found))
    return 1 if found.pressing else 0


def _found(config: Config) -> Health:
    now = datetime.now(UTC)
    if not store_path(config).exists():
        return health(config, None, now)
    with open_the_store(config, read_only=True) as store:
        return health(config, store, now)


def _document(found: Health) -> dict[str, Any]:
    kept, beat, facts = found.backups, found.heart, found.facts
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
        "disk": {"free": found.disk.free, "needed": found.disk.needed, "months_left": found.disk.months_left},
        "backup": {"newest": kept.newest, "age_days": kept.age_days, "keep": kept.keep} if kept else None,
        "expiries": [{"what": one.what, "on": one.on.isoformat(), "days": one.days} for one in found.expiries],
        "index_lag": found.index_lag,
        "serve": {"alive": beat.alive, "at": beat.at.isoformat(), "state": beat.state} if beat else None,
    }


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
    lines.append(f"Next run: {_moment(found.next_run)}. Nights covered: {found.covered} of {NIGHTS}.")
    return lines


def _needs(found: Health) -> list[str]:
    from textwrap import wrap

    if not found.needs:
        return [] if found.last_run is None else ["Nothing needs a person."]
    lines = ["", "What needs a person:"]
    for number, sentence in enumerate(found.needs, 1):
        lines += wrap(
            sentence, _WIDTH, initial_indent=f"{number:>3}. ", subsequent_indent="     ", break_long_words=False,
            break_on_hyphens=False,
        )  # fmt: skip
    return lines


_HEADS = ("there", "= coll.", "+ not r.", "+ older", "+ priv.", "gone", "nights")
_LEGEND = (
    "there = collected + not readable + older than wanted + private; gone since they",
    "were collected; nights since the mailbox was last read in full.",
)


def _table(found: Health) -> list[str]:
    """A line a mailbox with its state, and one under it with what is there; the reason where it was not read."""
    lines: list[str] = []
    for source in dict.fromkeys(box.account.source for box in found.boxes):
        boxes = [box for box in found.boxes if box.account.source == source]
        lines += _section(source, boxes)
    return [*lines, *_LEGEND]


def _section(source: str, boxes: list[Box]) -> list[str]:
    cells = [_cells(box) for box in boxes]
    heads = _HEADS
    widths = [max(len(row[n]) for row in [heads, *cells]) for n in range(len(heads))]
    names = [f"{box.account.mailbox}: {_STATES.get(box.account.status, box.account.status)}" for box in boxes]
    room = _WIDTH - sum(widths) - len(widths)
    wide = min(room, max(len(source) + 11, *map(len, names)))
    lines = [f"{f'Mailboxes ({source})':<{wide}}" + _row(heads, widths)]
    for box, name, row in zip(boxes, names, cells, strict=True):
        if len(name) > wide:  # the figures stay in their columns
            lines.append(name)
            name = ""
        lines.append(f"{name:<{wide}}" + _row(row, widths))
        if box.account.error:
            lines += _error(box.account.error)
    return lines


def _cells(box: Box) -> tuple[str, ...]:
    one = box.account
    since = "-" if box.nights_since is None else f"{box.nights_since:,}"
    if one.provider_count is None:
        return ("-", f"{one.collected:,}" if one.collected else "-", "-", "-", "-", "-", since)
    counts = (one.provider_count, one.collected, one.gaps, one.outside_window, one.private, one.removed)
    return (*(f"{count:,}" for count in counts), since)


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    return "".join(f" {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _error(sentence: str) -> list[str]:
    from textwrap import wrap

    return wrap(
        sentence,
        _WIDTH,
        initial_indent="    ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


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
    if found.heart:
        beat = found.heart
        how = f"alive, {beat.state}" if beat.alive and beat.state else "alive" if beat.alive else beat.state or "silent"
        lines.append(f"'auditor serve': {how}; last sign of life {_moment(beat.at)}.")
    lines.append(f"Audit trail: {head.length:,} entries" + (f", head {head.hash[:16]}…." if head.length else "."))
    return lines


def _moment(moment: datetime) -> str:
    """'Wednesday 25 November 2026 at 15:39 (UK time)'."""
    from reports.week import moment_words

    return moment_words(moment)
