"""What workbooks say of exceptions, each change of it, and the findings that were hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from auditor.store.days import from_microseconds, microseconds
from auditor.store.decisions import Book
from auditor.store.exceptions import Choice, Hidden, Pick, Picked
from auditor.store.sqlite import trailing
from auditor.store.sqlite.database import Database, Row
from auditor.store.sqlite.deciding import read
from auditor.store.sqlite.findings import short, whole
from auditor.store.sqlite.text import clean
from auditor.store.trail import Deed


def choose(database: Database, key: bytes | None, book: Book, said: Sequence[Pick], who: str, now: datetime) -> int:
    """Keeps what differs from what this workbook said last, with its entry in the trail."""
    head = None
    with database.transaction():
        changed = _keep(database, read(database, book, now), book.saved, said)
        if changed:
            about = {"book": clean(book.name), "sha256": book.sha256, "chosen": changed}
            head = trailing.append(database, key, now, who, Deed.EXCEPTED, about)
    if head:
        trailing.noted_anew(database, head)
    return len(changed)


def _keep(database: Database, book: int, saved: datetime, said: Sequence[Pick]) -> dict[str, str]:
    """The exceptions of which this workbook now says something else, and what; '' where it takes back what it said."""
    rows = database.rows("SELECT exception, choice FROM choices WHERE book = ? ORDER BY id", (book,))
    before: dict[str, str | None] = {whole(name): choice for name, choice in rows}
    changed = {}
    for name, one in {clean(pick.exception): pick for pick in said}.items():
        if one.choice == before.get(name):
            continue
        changed[name] = one.choice or ""
        until = one.until.isoformat() if one.until else None
        database.run(
            "INSERT INTO choices (exception, book, choice, until, saved, chairs) VALUES (?, ?, ?, ?, ?, ?)",
            (short(name), book, one.choice, until, microseconds(saved), one.chairs),
        )
    return changed


def choices(database: Database) -> list[Picked]:
    """Every change, in order of reading."""
    rows = database.rows(
        "SELECT exception, choice, until, saved, books.name, chairs FROM choices JOIN books ON books.id = choices.book "
        "ORDER BY choices.id"
    )
    return [_picked(row) for row in rows]


def _picked(row: Row) -> Picked:
    name, choice, until, saved, book, chairs = row
    chosen, last = Choice(choice) if choice else None, date.fromisoformat(until) if until else None
    return Picked(whole(name), chosen, last, from_microseconds(saved), book, bool(chairs))


def hide(database: Database, findings: Mapping[str, str], label: str) -> None:
    """A finding stays where it was hidden first; one that a workbook lists is not hidden."""
    with database.transaction():
        database.many(
            "INSERT OR IGNORE INTO hidden (finding, exception, report) SELECT findings.id, ?, reports.id "
            "FROM findings, reports WHERE findings.id = ? AND findings.report IS NULL AND label = ?",
            [(short(clean(exception)), short(clean(name)), clean(label)) for name, exception in findings.items()],
        )


def hidden(database: Database) -> list[Hidden]:
    """All of them, by finding."""
    rows = database.rows("SELECT finding, exception, label FROM hidden JOIN reports ON reports.id = report")
    return sorted((Hidden(whole(name), whole(by), label) for name, by, label in rows), key=lambda one: one.finding)
