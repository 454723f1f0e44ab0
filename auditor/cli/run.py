"""`auditor run`: one nightly pass."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.jsonl import line
from auditor.cli.progress import Ticker
from auditor.cli.stopping import stoppable
from auditor.cli.workplace import configuration, duties, locked, open_the_store, refuse_unavailable
from auditor.errors import UsageError
from auditor.values import replace

if TYPE_CHECKING:
    from auditor.cli import Settings
    from auditor.config import Config
    from auditor.pipeline.night import NightResult


class _Day(click.DateTime):
    """A day as 2025-01-31."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """As people write it, not as Python does."""
        return "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Says in plain words what is wrong with it."""
        try:
            made: datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"'{value}' is no day; write it as 2025-01-31", param, ctx)
        return made


@click.command(epilog="Example: auditor run --since 2025-01-01")
@click.option(
    "--since",
    type=_Day(),
    help="Collect nothing sent before this day (default: the retention period).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def run(ctx: click.Context, since: datetime | None, as_json: bool) -> int:
    """One nightly pass: collect new mail, check it, write the week's workbook once it is due."""
    settings: Settings = ctx.obj
    try:
        return _run(ctx, since, as_json)
    except Exception:
        from auditor.cli.notices import failures_told  # here, for other nights need nothing of it

        with failures_told(settings.config.absolute()):
            raise


def _run(ctx: click.Context, since: datetime | None, as_json: bool) -> int:
    config = configuration(ctx)
    refuse_unavailable(config)
    if since:
        _refuse_later(config, since.date())
    with stoppable(), locked(config):
        result = pass_over(config, since.date() if since else None)
    for trouble in result.troubles:
        click.echo(trouble, err=True)
    if as_json:
        click.echo(line(_document(config, result)))
    else:
        tell(config, result)
    return 0 if result.ok else 1


def _refuse_later(config: Config, since: date) -> None:
    from auditor.pipeline.night import utc_now

    today = config.policy.day(utc_now())
    if today and since > today:
        raise UsageError(
            f"--since {since}: that day is still to come, so nothing would be collected; name an earlier one."
        )


def pass_over(
    config: Config,
    since: date | None = None,
    warnings: Sequence[str] = (),
    now: Callable[[], datetime] | None = None,
) -> NightResult:
    """The pass itself; the caller holds the lock.

    Args:
        config: the council.
        since: collect nothing sent before this day.
        warnings: what a workbook that is due is to say of how the auditor itself fares.
        now: the clock; the computer's where none is given.
    """
    from auditor.cli.around import after, before, remarks
    from auditor.cli.reporting import Desk
    from auditor.cli.reporting import warnings as standing_warnings
    from auditor.pipeline.night import Night, Progress, utc_now, window
    from auditor.pipeline.pull import Clock

    now = now or utc_now
    sources = duties(config)
    ticker = Ticker()
    with open_the_store(config) as store:
        early = before(config, store, now())
        besides: list[str] = []

        def report(_run: int) -> Sequence[Path]:
            ticker.close()
            moment = now()
            if not Desk(config, store, moment).is_due():
                return []
            said = (*warnings, *early, *standing_warnings(config, store, moment))
            workbooks = Desk(config, store, moment, said).due()
            for workbook in workbooks:
                if workbook.note:
                    click.echo(workbook.note, err=True)
                besides.extend(workbook.besides)
            return [workbook.path for workbook in workbooks]

        night = Night(
            store=store,
            policy=config.policy,
            duties=sources,
            window=window(config.policy, config.schedule.policy.retention_months, since, now()),
            now=now,
            clock=Clock(time.monotonic, time.sleep),
            report=report,
            progress=Progress(ticker.collecting, lambda count: ticker("Checking", count)),
        )
        ticker.opening(sum(len(list(duty.source.mailboxes)) for duty in sources))
        try:
            result = night.run()
        finally:
            ticker.close()
        troubles = after(config, store, result, now, early)
        notes = (*besides, *remarks(config, store, result))
    return replace(result, ok=result.ok and not troubles, troubles=(*result.troubles, *troubles), notes=notes)


def tell(config: Config, result: NightResult) -> None:
    """The result in plain lines."""
    from reports.words import counted

    for box in result.mailboxes:
        found = counted(box.findings, "finding")
        line = f"{box.mailbox}: {box.status}, {box.new:,} new, {box.removed:,} removed, {found}"
        click.echo(
            line + (f", {box.gaps:,} not readable" if box.gaps else "") + (f". {box.error}" if box.error else "")
        )
    if result.change is not None:
        click.echo(
            "The policy or the rules are others than at the last run, so all mail was checked again by them: "
            f"{result.change.gained:,} findings are new by it, {result.change.lost:,} no longer stand. "
            "'auditor replay' shows such changes before they are made."
        )
    for path in result.workbooks:
        click.echo(f"Workbook: {shown(config, path)}")
    if any(box.gaps for box in result.mailboxes):
        newest = "the newest workbook" if result.workbooks else "the workbook, which 'auditor report' writes now"
        click.echo(f"Which messages could not be read, and why, stands on the sheet 'Not read' of {newest}.")
    for note in result.notes:
        click.echo(note)
    if not result.ok:
        click.echo("Something needs a person: see the lines above, and 'auditor status'.", err=True)


def shown(config: Config, path: Path) -> str:
    """A path as the reader knows it: from the configuration's folder where it lies inside."""
    return path.relative_to(config.folder).as_posix() if path.is_relative_to(config.folder) else str(path)


def _document(config: Config, result: NightResult) -> dict[str, object]:
    change = result.change
    said = {"policy_change": {"gained": change.gained, "lost": change.lost}} if change else {}
    return said | {
        "run": result.run,
        "started": result.started.isoformat(),
        "ended": result.ended.isoformat(),
        "ok": result.ok,
        "mailboxes": [
            {
                "mailbox": box.mailbox,
                "source": box.source,
                "status": box.status,
                "new": box.new,
                "removed": box.removed,
                "analysed": box.analysed,
                "findings": box.findings,
                "requests": box.requests,
                "gaps": box.gaps,
                "error": box.error,
            }
            for box in result.mailboxes
        ],
        "workbook": shown(config, result.workbooks[-1]) if result.workbooks else None,
        "notes": list(result.notes),
    }
