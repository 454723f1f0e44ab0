"""`auditor serve`: the nights and the weekly workbook by themselves; and what makes the machine start it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli.stopping import Asked, stoppable
from auditor.cli.workplace import alone, configuration, loaded, refuse_unavailable
from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.cli import Settings
    from auditor.config import Config


@click.group(invoke_without_command=True, epilog="Example: auditor serve")
@click.option("--councils", type=click.Path(path_type=Path), metavar="DIR", help="For a later version.")
@click.pass_context
def serve(ctx: click.Context, councils: Path | None) -> int | None:
    """Run every night and every week unattended, until it is stopped.

    A night that was missed because the computer was off, and a workbook, are made up for once it is on again. Before each
    piece of work the configuration is read again. 'auditor serve install' makes the computer start the nights itself.
    """
    if councils is not None:
        raise UsageError(
            "--councils is for a later version: start 'auditor serve' once for each council, with its own --config."
        )
    if ctx.invoked_subcommand:
        return None
    from auditor.cli.notices import failures_told

    settings: Settings = ctx.obj
    with stoppable():
        try:
            with failures_told(settings.config.absolute()):
                _serve(configuration(ctx))
        except Asked:
            click.echo("Stopped. Nothing is lost; the next start goes on from here.", err=True)
    return 0


def _serve(config: Config) -> None:
    """Goes on until something is raised."""
    refuse_unavailable(config)
    with alone(config):
        from auditor.cli.serving import Serving

        Serving(config).serve()


@serve.command(
    short_help="Write what makes the computer start the nights itself.",
    epilog="Example: auditor serve install --systemd",
)
@click.option("--systemd", is_flag=True, help="For Linux with systemd (the default there).")
@click.option("--windows", is_flag=True, help="For the Windows Task Scheduler (the default there).")
@click.pass_context
def install(ctx: click.Context, systemd: bool, windows: bool) -> None:
    """Write what makes the computer start the nights itself, and say how it is put in place.

    The files go into the folder 'service' beside schedule.toml. Nothing outside it is changed: the commands that are
    printed do that.
    """
    from auditor.cli import systemd as units
    from auditor.cli import taskscheduler

    if systemd and windows:
        raise UsageError("Name one of --systemd and --windows, not both.")
    if not systemd and not windows and sys.platform not in ("linux", "win32"):
        raise UsageError("This computer has neither systemd nor the Task Scheduler: name --systemd or --windows.")
    config = loaded(ctx)
    refuse_unavailable(config)
    kind = taskscheduler if windows or (sys.platform == "win32" and not systemd) else units
    click.echo(kind.installed(config))
