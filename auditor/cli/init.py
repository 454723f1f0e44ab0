"""`auditor init`: the files a council fills in, and drafts of what the law asks for, filled in from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.drafts import Written

NAME = "schedule.toml"


@click.command(epilog="Example: auditor init council")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path, file_okay=False))
def init(folder: Path) -> None:
    """Write schedule.toml, the policy templates and drafts of the privacy papers into DIR (default: here).

    Run it again once schedule.toml is filled in: the drafts in 'monitoring' are filled in from it. Overwrites nothing
    that somebody has edited.
    """
    from auditor.sample import write_starter

    if (folder / NAME).exists():
        _tell(_drafts(_standing(folder / NAME)))
        return
    for path in write_starter(folder):
        click.echo(f"Wrote {path}")
    from auditor.config import load

    _tell(_drafts(load(folder / NAME)))
    click.echo(f"Fill in {folder / NAME} and the templates, then run 'auditor check'.")
    click.echo("Then run 'auditor init' again: it fills in the drafts anew, for the Council to complete and adopt.")


def _standing(path: Path) -> Config:
    """The configuration that stands there already.

    Raises:
        UsageError: it has mistakes.
    """
    from auditor.config import load

    try:
        return load(path)
    except ConfigError as error:
        many = len(error.problems)
        raise UsageError(
            f"Nothing was written, because {path} exists already and has "
            f"{'a mistake' if many == 1 else f'{many} mistakes'}: mend what 'auditor check' tells, then run it again."
        ) from error


def _drafts(config: Config) -> list[Written]:
    from auditor.drafts import write_drafts
    from auditor.pipeline.night import utc_now

    now = utc_now()
    return write_drafts(config, config.policy.day(now) or now.date())


def _tell(drafts: list[Written]) -> None:
    for draft in drafts:
        click.echo(_said(draft))


def _said(draft: Written) -> str:
    from auditor.drafts import Outcome

    match draft.outcome:
        case Outcome.WRITTEN:
            return f"Wrote {draft.path}"
        case Outcome.FILLED:
            return f"Filled in {draft.path} again: nobody had edited it."
        case Outcome.SAME:
            return f"Left {draft.path} as it is: schedule.toml says the same as before."
        case Outcome.LEFT:
            return f"Left {draft.path} as you edited it: there is nothing new to fill in."
        case _:
            return (
                f"Left {draft.path} as you edited it, and wrote {draft.beside}: schedule.toml says something new since; "
                "take over what you need."
            )
