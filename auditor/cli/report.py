"""`auditor report`: the weekly workbook, now."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli.workplace import configuration, locked, open_the_store, refuse_unavailable
from auditor.errors import UsageError


@click.command(epilog="Example: auditor report --week 2026-W47")
@click.option("--week", metavar="YEAR-Wnn", help="An ISO week such as 2026-W47; default: the week that is due.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the clerk's workbook to this file instead; it must end in .xlsx.",
)
@click.pass_context
def report(ctx: click.Context, week: str | None, out: Path | None) -> int:
    """Write the weekly workbook from what is already collected."""
    from auditor.cli.delivering import deliver
    from auditor.cli.reporting import Desk, warnings
    from auditor.cli.run import shown
    from auditor.pipeline.night import utc_now

    if out is not None and out.suffix.lower() != ".xlsx":
        raise UsageError(f"--out must end in .xlsx, as a workbook does: write '{out.stem or 'Audit'}.xlsx'.")
    config = configuration(ctx)
    refuse_unavailable(config)
    with locked(config), open_the_store(config) as store:
        now = utc_now()
        desk = Desk(config, store, now, warnings(config, store, now))
        period = desk.week(week)
        if not desk.has_read():
            # A workbook now would stand in the ledger as the first one, and the backlog would get none of its own.
            raise UsageError(
                "No mailbox has been read yet: 'auditor run' does that, and writes the workbook that is due."
            )
        for written in desk.write(period, out.absolute() if out else None):
            if written.page:
                click.echo(f"One page for the Council's file: {shown(config, written.page)}")
            for line in written.besides:
                click.echo(line)
            click.echo(f"Workbook: {shown(config, written.path)}")
            if written.note:
                click.echo(written.note, err=True)
        troubles = list(deliver(config, store, now)) if config.schedule.reports.deliver else []
    for trouble in troubles:
        click.echo(trouble, err=True)
    return 1 if troubles else 0
