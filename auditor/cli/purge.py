"""`auditor purge`: what is older than the retention period, and its destruction."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.jsonl import line
from auditor.cli.retaining import counted
from auditor.cli.trailing import recorded
from auditor.cli.workplace import loaded, locked, open_the_store, refuse_unavailable, store_path
from auditor.errors import UsageError
from auditor.store.trail import Deed

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.store.interface import Store
    from auditor.store.retention import Destroyed, Plan


@click.command(epilog="Example: auditor purge --plan")
@click.option("--plan", "only_plan", is_flag=True, help="Only say what is due; delete nothing.")
@click.option("--yes", is_flag=True, help="Delete without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with a line for each message.")
@click.pass_context
def purge(ctx: click.Context, only_plan: bool, yes: bool, as_json: bool) -> None:
    """Delete what is older than the retention period and under no hold.

    First it says what is due, by mailbox, and what holds keep. On a terminal it then asks; elsewhere it deletes with
    --yes only. A certificate says what was destroyed. The words of what was deleted are gone from the store's file as
    well. What was deleted is never collected again.
    """
    from auditor.pipeline.night import utc_now

    if only_plan and yes:
        raise UsageError("--plan deletes nothing and --yes deletes: leave one of them out.")
    config = loaded(ctx)
    refuse_unavailable(config)
    if not store_path(config).exists():
        raise UsageError("No mailbox has been read yet, so there is nothing to delete: 'auditor run' reads them.")
    now = utc_now()
    asks = not only_plan and not yes and not as_json and sys.stdin.isatty() and sys.stdout.isatty()
    if not yes and not asks:
        with open_the_store(config) as store:
            _planned(config, store, now, as_json, told_how=not only_plan)
        return
    shown = None
    if asks:
        # Nobody holds the lock while a person thinks: a night that begins meanwhile would find the store taken.
        with open_the_store(config) as store:
            shown = _plan(config, store, now)
            if not _agreed(config, store, shown):
                return
    with locked(config), open_the_store(config) as store:
        _purged(config, store, now, as_json, shown)


def _plan(config: Config, store: Store, now: datetime) -> Plan:
    from auditor.cli.retaining import first_day

    plan = store.purge_plan(first_day(config, now), now)
    recorded(store, Deed.LOOKED, {"at": "purge plan", "before": plan.before.isoformat(), "due": len(plan.due)})
    return plan


def _planned(config: Config, store: Store, now: datetime, as_json: bool, *, told_how: bool) -> None:
    plan = _plan(config, store, now)
    if as_json:
        click.echo(line(_document(config, plan, None, [])))
        return
    click.echo("\n".join(_told(config, plan)))
    if told_how and (plan.due or store.unclean() or store.papers()):
        click.echo("Nothing was deleted: 'auditor purge --yes' deletes without asking.")


def _agreed(config: Config, store: Store, plan: Plan) -> bool:
    """Shows the plan and asks."""
    click.echo("\n".join(_told(config, plan)))
    if not plan.due:
        return store.unclean() or bool(store.papers())
    if click.confirm(f"Delete {counted(len(plan.due), 'message')} for good?"):
        return True
    click.echo("Nothing was deleted.")
    return False


def _purged(config: Config, store: Store, now: datetime, as_json: bool, shown_before: Plan | None) -> None:
    """Deletes; where a person was shown a plan, nothing that did not stand in it."""
    from auditor.cli.progress import Ticker
    from auditor.cli.retaining import purged
    from auditor.cli.run import shown

    plan = _plan(config, store, now)
    if shown_before is not None and not set(plan.due) <= set(shown_before.due):
        raise UsageError("More is due now than you were shown, so nothing was deleted: run 'auditor purge' again.")
    ticker, done = Ticker(), 0

    def progress(count: int) -> None:
        nonlocal done
        done += count
        ticker("Writing the store anew", done)

    try:
        gone, certificates = purged(config, store, now, progress)
    finally:
        ticker.close()
    if as_json:
        click.echo(line(_document(config, plan, gone, certificates)))
        return
    if gone is None:
        click.echo("\n".join(_told(config, plan)))
        return
    click.echo(f"Deleted {counted(gone.count, 'message')} sent before {_day(gone.before)}.")
    for name, many in gone.kept:
        click.echo(_keeps(name, many))
    for path in certificates:
        click.echo(f"Certificate: {shown(config, path)}")


def _told(config: Config, plan: Plan) -> list[str]:
    months = counted(config.schedule.policy.retention_months, "month")
    kept = dict(plan.kept_in)
    if not plan.due and not kept:
        return [f"No message is older than the retention period of {months}."]
    lines = [f"Older than the retention period of {months}, sent before {_day(plan.before)}:"]
    for box, many in sorted((Counter(one.mailbox for one in plan.due) + Counter(kept)).items()):
        days = [one.day for one in plan.due if one.mailbox == box]
        span = f", {_days(min(days), max(days))}" if days else ""
        held = f"; {kept[box]:,} kept" if box in kept else ""
        lines.append(f"  {box}: {many - kept.get(box, 0):,} to delete{span}{held}")
    return lines + [_keeps(name, many) for name, many in plan.kept if many]


def _keeps(name: str, many: int) -> str:
    return f"The hold '{name}' keeps {counted(many, 'message')}."


def _days(first: Any, last: Any) -> str:
    from reports.week import span_words

    return f"of {_day(first)}" if first == last else f"from {span_words(first, last)}"


def _day(day: Any) -> str:
    from reports.week import day_words

    return day_words(day)


def _document(config: Config, plan: Plan, gone: Destroyed | None, certificates: list[Path]) -> dict[str, Any]:
    from auditor.cli.run import shown

    kept = dict(plan.kept_in)
    boxes = sorted({one.mailbox for one in plan.due} | kept.keys())
    days = {box: sorted(one.day for one in plan.due if one.mailbox == box) for box in boxes}
    return {
        "retention_months": config.schedule.policy.retention_months,
        "before": plan.before.isoformat(),
        "due": len(plan.due),
        "kept": sum(kept.values()),
        "mailboxes": [
            {
                "mailbox": box,
                "due": len(days[box]),
                "kept": kept.get(box, 0),
                "oldest": days[box][0].isoformat() if days[box] else None,
                "newest": days[box][-1].isoformat() if days[box] else None,
            }
            for box in boxes
        ],
        "holds": [{"name": name, "kept": many} for name, many in plan.kept],
        "messages": [
            {"mailbox": one.mailbox, "day": one.day.isoformat(), "sha256": one.sha256, "read": one.read}
            for one in plan.due
        ],
        "deleted": gone.count if gone else 0,
        "certificates": [shown(config, path) for path in certificates],
    }
