"""`auditor init`: the files a council fills in."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(epilog="Example: auditor init council")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path, file_okay=False))
def init(folder: Path) -> None:
    """Write schedule.toml and the policy templates to fill in into DIR (default: here). Overwrites nothing."""
    from auditor.sample import write_starter

    for path in write_starter(folder):
        click.echo(f"Wrote {path}")
    click.echo(f"Fill in {folder / 'schedule.toml'} and the templates, then run 'auditor check'.")
