"""`auditor demo`: the whole job on a sample council, no account needed."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from auditor.errors import UsageError

MARK = ".auditor-demo"
"""Stands in a folder that the demo made, and may therefore make again."""
MADE = ("mail", "policy", "data", "out", "backup")


@click.command(epilog="Example: auditor demo /tmp/council")
@click.argument("folder", metavar="[DIR]", default="demo", type=click.Path(path_type=Path, file_okay=False))
def demo(folder: Path) -> int:
    """Build a sample council in DIR (default: demo) and run the whole job on it.

    The council, its people and their six weeks of mail are invented. The demo collects the mail, checks it and
    writes the workbooks, just as it would every night.
    """
    from auditor.cli.run import pass_over, shown
    from auditor.cli.workplace import locked
    from auditor.config import load
    from auditor.pipeline.night import utc_now
    from auditor.sample import build
    from reports.week import day_words, local_day

    _clear(folder)
    try:
        facts = build(folder, local_day(utc_now()))
        (folder / MARK).touch()
    except OSError as error:
        raise UsageError(f"The sample council cannot be written into {folder}: {error.strerror}.") from error
    click.echo(
        f"A sample council stands in {folder}: {len(facts.mailboxes)} mailboxes, {len(facts.messages)} messages "
        f"from {day_words(facts.first)} to {day_words(facts.last)}."
    )
    config = load(facts.schedule.absolute())
    with locked(config):
        result = pass_over(config)
    collected = sum(box.new for box in result.mailboxes)
    findings = sum(box.findings for box in result.mailboxes)
    click.echo(f"Collected {collected} messages and checked them: {findings} findings for review.")
    for box in result.mailboxes:
        if box.gaps:
            click.echo(f"{box.gaps} of {box.mailbox} could not be read: the sheet 'Not read' says why.")
    for trouble in result.troubles:
        click.echo(trouble, err=True)
    if result.troubles:
        return 1
    for path in result.workbooks:
        click.echo(f"Workbook: {folder / shown(config, path)}")
    click.echo("Open the newest one in Excel or LibreOffice: the first sheet says what it is.")
    return 0


def _clear(folder: Path) -> None:
    """Takes away a former demo; anything else that stands there is left alone."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / MARK).exists():
        raise UsageError(
            f"{folder} holds something that is no demo: name another folder, as in 'auditor demo council2'."
        )
    for name in MADE:
        shutil.rmtree(folder / name, ignore_errors=True)
