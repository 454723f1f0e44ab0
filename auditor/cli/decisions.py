"""`auditor decisions`: what was decided in the workbooks, read back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli import sampling
from auditor.cli.deciding import Looked, ReadBack, differing, newest_first, read_back, waiting
from auditor.cli.jsonl import line
from auditor.cli.retaining import counted
from auditor.cli.workplace import loaded, locked, open_the_store, refuse_unavailable
from auditor.errors import BusyError

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.store.interface import Store


_CHAIRS = "Two workbooks of the Chair's say different things of one message; the sheet Start of the Chair's next workbook says which."


@click.command(epilog='Example: auditor decisions "out/Audit 2026-W47.xlsx"')
@click.argument("files", nargs=-1, metavar="[FILE...]", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def decisions(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> int:
    """Read back what was decided in workbooks.

    Without FILE, every workbook in the folders of [reports] is read, as each night does before it writes the next one. No
    workbook is ever written to. A decision may always be changed: choose another in the workbook and save it.
    """
    config = loaded(ctx)
    refuse_unavailable(config)
    with open_the_store(config) as store:
        unfetched = [] if files else _fetched(config, store)
        found = read_back(config, store, datetime.now(UTC), files or None)
        said = _facts(config, store, found)
    asked = unfetched + [sentence for book in found.books for sentence in _questions(book)]
    differ = (*differing(found), *sampling.differing(found.chairs, found.of_samples))
    asked += [_CHAIRS if chairs else sentence for chairs, sentence in differ]
    if as_json:
        click.echo(line(said))
    else:
        for book in found.books:
            click.echo(_told(book))
        if not found.books:
            click.echo("No workbook was saved by anybody since it was written, so there is nothing to read.")
        click.echo(_waiting(said["undecided"]))
    for sentence in asked:
        click.echo(sentence, err=True)
    return 1 if asked else 0


def _fetched(config: Config, store: Store) -> list[str]:
    """Has what was saved where workbooks are delivered fetched; a sentence for each place where that failed."""
    if not config.schedule.reports.deliver:
        return []
    from auditor.cli.delivering import fetch_back, unread

    try:
        with locked(config):  # a night at work fetches it itself, and both would write down what they have seen
            fetch_back(config, store, datetime.now(UTC))
    except BusyError:
        return ["A run is at work: what was saved where workbooks are delivered is read when you run this again."]
    return list(unread(config))


def _facts(config: Config, store: Store, found: ReadBack) -> dict[str, Any]:
    return {
        "workbooks": [_book(book) for book in found.books],
        "conflicts": [
            {
                "finding": conflict.finding,
                "sayings": [
                    {"workbook": one.book, "decision": one.decision, "saved": one.at.isoformat()}
                    for one in conflict.sayings
                ],
            }
            for conflict, (chairs, _) in zip(found.conflicts, differing(found), strict=True)
            if not chairs
        ],
        "sample_conflicts": sampling.conflict_facts(found.of_samples, found.chairs),
        "undecided": waiting(config, store),
    }


def _book(book: Looked) -> dict[str, Any]:
    facts = {
        "decisions": _many(book),
        "new": book.change.made,
        "changed": book.change.altered,
        "taken_back": book.change.withdrawn,
        "open": len(book.read.rows) - _many(book),
        "sample": book.looking.facts,
        "exceptions": book.choosing.facts,
    }
    # Of the Chair's nothing: whoever runs this may be the clerk.
    told = dict.fromkeys(facts) if book.chairs else facts
    return {"workbook": book.name, **told, "questions": list(_questions(book))}


def _questions(book: Looked) -> Iterator[str]:
    """What is asked; of the Chair's workbook only that something is, for whoever runs this may be the clerk."""
    questions = list(book.questions())
    if questions and book.chairs and questions != [book.read.trouble]:
        yield f"{book.path.name}: something there is to be looked at; the sheet Start of the Chair's next workbook says what."
    else:
        yield from questions


def _many(book: Looked) -> int:
    return sum(row.said.decision is not None for row in book.read.rows)


def _told(book: Looked) -> str:
    if book.read.trouble:
        return f"{book.path.name}: not read."
    if book.chairs:
        return f"{book.path.name}: read."
    change = book.change
    news = [
        f"{many:,} {what}"
        for many, what in ((change.made, "new"), (change.altered, "changed"), (change.withdrawn, "taken back"))
        if many
    ]
    exceptions, sample = book.choosing.told(), book.looking.told
    many, new = _many(book), f" ({', '.join(news)})" if news else ""
    return f"{book.path.name}: {counted(many, 'decision')}{new}, {len(book.read.rows) - many:,} still open{exceptions}.{sample}"


def _waiting(undecided: dict[str, int]) -> str:
    if not undecided:
        return "Every finding that the Clerk's workbooks list is decided."
    weeks = ", ".join(f"{many:,} in {book}" for book, many in newest_first(undecided))
    return f"Waiting for a decision: {weeks}."
