"""`auditor replay`: what other rules or another policy would find in all mail held, before anybody lives under them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from subprocess import list2cmdline
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.jsonl import line
from auditor.cli.progress import Ticker
from auditor.cli.trailing import configuration_recorded, recorded
from auditor.cli.workplace import configuration, locked, open_the_store, refuse_unavailable
from auditor.errors import UsageError
from auditor.store.trail import Deed

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.pipeline.replay import Line, Replayed
    from auditor.store.interface import Store


@click.command(epilog="Example: auditor replay --policy stricter.toml")
@click.option(
    "--policy",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Another schedule.toml, whose [council], [[people]] and [policy] are tried; default: schedule.toml as it is.",
)
@click.option("--adopt", is_flag=True, help="Make it the policy in force, once it is shown what that changes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def replay(ctx: click.Context, file: Path | None, adopt: bool, as_json: bool) -> None:
    """Show which findings other rules or another policy would bring and take away; nothing is changed without --adopt.

    All mail held is checked once more and compared with the findings in force. With --adopt the three tables of the
    file stand in schedule.toml from then on, and the old file is kept beside it. A finding keeps its name and its
    decision; one that no longer stands is kept, withdrawn.
    """
    from auditor.pipeline.night import rules_version

    config = configuration(ctx)
    refuse_unavailable(config)
    tried = _tried(config, file)
    with ExitStack() as stack:
        if adopt:
            stack.enter_context(locked(config))
        with open_the_store(config, read_only=not adopt) as store:
            before, after = store.version(), rules_version(tried.policy)
            made = _looked(store, tried)
            kept = _adopted(config, tried, store) if adopt else None
            about = _about(made, before, after) | {"adopted": adopt}
            if adopt:
                recorded(store, Deed.REPLAYED, about)
        if not adopt:
            with open_the_store(config) as store:
                recorded(store, Deed.REPLAYED, about)
    if as_json:
        click.echo(line(_document(made, before, after) | {"adopted": adopt}))
    else:
        click.echo("\n".join(_told(made, tried, before, after)))
        click.echo("\n" + _end(made, before == after, adopt, file, kept))


def _tried(config: Config, file: Path | None) -> Config:
    from auditor.config import load

    if file is None or file.absolute() == config.path:
        return config
    if not file.exists():
        raise UsageError(f"{file.absolute()} does not exist: name the file to try with --policy FILE.")
    return load(file.absolute())


def _looked(store: Store, tried: Config) -> Replayed:
    import os

    from auditor.pipeline.replay import ABREAST
    from auditor.pipeline.replay import replay as replayed

    ticker = Ticker()
    try:
        processors = min(ABREAST, os.cpu_count() or 1)
        return replayed(store, tried.policy, lambda done: ticker("Checking again", done), processors)
    finally:
        ticker.close()


def _adopted(config: Config, tried: Config, store: Store) -> Path | None:
    """Makes it so: schedule.toml first, then the store; a night that comes after a crash between goes on with it. Where
    the old file is kept; None where it stays."""
    from auditor.cli.adopting import put_in_place
    from auditor.config import load
    from auditor.pipeline.check import check
    from auditor.pipeline.guard import Guard
    from auditor.pipeline.night import rules_version
    from auditor.pipeline.weighing import weigh

    kept = put_in_place(config, tried) if tried is not config else None
    configuration_recorded(load(config.path), store)
    store.adopt(rules_version(tried.policy))
    if runs := store.runs(1):
        ticker = Ticker()
        try:
            with Guard() as guard:
                past = weigh(store, tried.policy, guard)
                check(store, tried.policy, guard, runs[0].id, past, lambda done: ticker("Checking", done))
        finally:
            ticker.close()
    return kept


def _about(made: Replayed, before: str | None, after: str) -> dict[str, Any]:
    return {
        "before_version": before,
        "rules_version": after,
        "messages": made.messages,
        "gained": len(made.gained),
        "lost": len(made.lost),
        "changed": len(made.changed),
    }


def _document(made: Replayed, before: str | None, after: str) -> dict[str, Any]:
    return {
        "rules_version": after,
        "before_version": before,
        "messages": made.messages,
        "checked": made.checked.total(),
        "unchecked": made.unchecked,
        "unchanged": made.unchanged,
        "gained": [_row(one) for one in _sorted(made.gained.values())],
        "lost": [_row(one) for one in _sorted(made.lost.values())],
        "changed": [_row(one) | {"before_severity": one.was} for one in _sorted(made.changed.values())],
        "by_person": {who: {"messages": made.checked[who], **row} for who, row in _people(made).items()},
        "by_rule": _rules(made),
    }


def _people(made: Replayed) -> dict[str, dict[str, int]]:
    """The figures of everybody whose mail was checked, by address."""
    return _figures(made, {*made.by_person, *+made.checked}, made.by_person, lambda one: one.sender)


def _rules(made: Replayed) -> dict[str, dict[str, int]]:
    """The figures of every rule that has findings, or would have."""
    return _figures(made, made.by_rule, made.by_rule, lambda one: one.rule)


def _figures(
    made: Replayed, known: Iterable[str], before: Counter[str], key: Callable[[Line], str]
) -> dict[str, dict[str, int]]:
    gained, lost, changed = (Counter(map(key, one.values())) for one in (made.gained, made.lost, made.changed))
    return {
        name: {
            "before": before[name],
            "gained": gained[name],
            "lost": lost[name],
            "changed": changed[name],
            "after": before[name] + gained[name] - lost[name],
        }
        for name in sorted({*known, *gained, *lost})
    }


def _row(one: Line) -> dict[str, Any]:
    return {
        "id": one.id,
        "rule": one.rule,
        "severity": one.severity,
        "mailbox": one.mailbox,
        "sender": one.sender,
        "sent": one.sent.isoformat() if one.sent else None,
    }


def _sorted(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda one: (one.sent.isoformat() if one.sent else "~", one.mailbox, one.rule, one.id))


def _told(made: Replayed, tried: Config, before: str | None, after: str) -> Iterator[str]:
    same = (
        "the rules and the policy in force" if before == after else f"version {after}; in force is {before or 'none'}"
    )
    yield f"{made.messages:,} messages looked at again, {made.checked.total():,} of them checked, under {same}."
    yield (
        f"{made.unchanged:,} findings stay as they are, {len(made.gained):,} gained, {len(made.lost):,} lost, "
        f"{len(made.changed):,} of another severity."
    )
    if made.unchecked:
        yield f"{made.unchecked:,} messages could not be checked against every rule; what was found in them stands."
    if made.gained or made.lost or made.changed:
        names = {person.mailbox: person.name for person in tried.policy.people}
        people = {
            f"{names[who]} ({who})" if who in names else who or "(nobody)": [made.checked[who], *row.values()]
            for who, row in _people(made).items()
        }
        yield from _table("By person", ["messages", *_HEADS], people)
        yield from _table("By rule", _HEADS, {rule: list(row.values()) for rule, row in _rules(made).items()})


_HEADS = ["now", "gained", "lost", "severity", "then"]
"""Findings now, of another severity, findings then."""
_WIDTH = 80


def _table(title: str, heads: list[str], rows: dict[str, list[int]]) -> Iterator[str]:
    """A line a row; a name that leaves the figures too little room has a line of its own."""
    cells = {name: [f"{figure:,}" for figure in figures] for name, figures in rows.items()}
    widths = [max(map(len, column)) for column in zip(heads, *cells.values(), strict=True)]
    room = min(_WIDTH - sum(widths) - 2 * len(widths), max(map(len, [title, *rows])))
    yield ""
    for name, row in {title: heads, **cells}.items():
        if len(name) > room:
            yield from wrap(name, _WIDTH, break_long_words=False, break_on_hyphens=False)
        figures = (f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
        yield "  ".join([f"{name if len(name) <= room else '':<{room}}", *figures])


def _end(made: Replayed, same: bool, adopt: bool, file: Path | None, kept: Path | None) -> str:
    if kept is not None:
        return f"This is the policy in force now. schedule.toml as it was is kept as {kept.name}."
    if adopt:
        return "This is the policy in force now."
    if same and not (made.gained or made.lost or made.changed):
        return "Nothing was changed: this policy is in force already."
    with_file = f" {list2cmdline(['--policy', str(file)])}" if file else ""
    return f"Nothing was changed. 'auditor replay{with_file} --adopt' makes it the policy in force."
