"""The auditor's commands, one file each; heavy libraries are imported only by the command that needs them."""

from __future__ import annotations

import importlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from auditor import __version__, log
from auditor.errors import AuditorError
from auditor.scrub import without_secrets

COMMANDS = {
    "demo": "Build a sample council and run the whole job on it.",
    "init": "Write a schedule.toml and the policy templates to fill in.",
    "check": "Prove that the configuration, the store and every mailbox work.",
    "run": "One nightly pass: collect, analyse, write what is due.",
    "report": "Write the weekly workbook.",
    "decisions": "Read back what was decided in workbooks.",
    "serve": "Run every night and every week unattended.",
    "status": "Show the last runs and the coverage of each mailbox.",
    "scan": "Analyse mail files without a store.",
    "rules": "List the rules, or explain one with examples.",
    "replay": "Show what other rules or another policy would find in all mail held.",
    "dossier": "Write sealed records of findings for those nominated to investigate.",
    "hold": "Keep what answers a query from being purged.",
    "purge": "Delete what is older than the retention period.",
    "backup": "Make a backup of the store and the configuration, and prove it.",
    "restore": "Make a council's folder anew from a backup.",
    "verify": "Prove that the store is whole: every message, the index, the audit trail.",
    "store": "Encrypt the store, or make it plain again.",
}
"""Each command is the function of its name in the module of its name; the help text stands here so that
`auditor --help` imports none of them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What stands before the command's name."""

    config: Path
    debug: bool


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"auditor.cli.{name}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            from auditor.tables import nearest

            raise click.UsageError(f"No such command '{args[0]}'{nearest(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: auditor demo",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=lambda: os.environ.get("AUDITOR_CONFIG") or "schedule.toml",
    help="The configuration; default $AUDITOR_CONFIG, else ./schedule.toml.",
)
@click.option("--debug", is_flag=True, help="Show where in the program an error arose.")
@click.version_option(__version__, prog_name="auditor")
@click.pass_context
def auditor(ctx: click.Context, config: Path, debug: bool) -> None:
    """Checks a council's sent e-mail against its own e-mail policy; a person decides."""
    ctx.obj = Settings(config, debug)


def main() -> None:
    """Runs a command; every error is one plain line and an exit status (0 done, 1 someone is needed, 2 wrong use, 3 busy)."""
    debug = "--debug" in sys.argv[1:]
    _speak_utf8()
    log.hush()
    try:
        status = auditor.main(prog_name="auditor", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        status = 2
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "auditor"
        _explain(f"{_wrong_use(error)} '{where} --help' shows how it is used.", debug)
        status = 2
    except click.ClickException as error:
        _explain(error.format_message(), debug)
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. Nothing is lost; run it again to go on.", err=True)
        status = 130
    except AuditorError as error:
        _explain(str(error), debug)
        status = error.exit_status
    except BrokenPipeError:
        # whoever read our output has gone; Python would complain again when it closes stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    except OSError as error:
        _explain(f"{error.strerror or error}: {error.filename}" if error.filename else str(error), debug)
        status = 1
    except Exception as error:  # noqa: BLE001  (the last resort: a fault of ours is still one line for the clerk)
        _explain(
            f"The auditor itself failed ({type(error).__name__}). 'auditor --debug' and the rest shows where.", debug
        )
        status = 1
    sys.exit(status if isinstance(status, int) else 0)


def _wrong_use(error: click.UsageError) -> str:
    """click's sentence, with one way of guessing what was meant."""
    if isinstance(error, click.NoSuchOption):
        from auditor.tables import nearest

        return f"No such option '{error.option_name}'{nearest(error.option_name, error.possibilities or ())}."
    said = error.format_message()
    return said if said.endswith((".", "?")) else f"{said}."


def _speak_utf8() -> None:
    """Other programs read UTF-8 from us whatever the locale; on a terminal, what it cannot show is replaced."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _explain(sentence: str, debug: bool) -> None:
    error = sys.exc_info()[1]
    if debug and error is not None:
        click.echo(log.traced(error), err=True, nl=False)
    click.echo(without_secrets(sentence), err=True)
