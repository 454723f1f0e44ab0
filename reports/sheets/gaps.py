"""Every message that the provider counts and that could not be read, with the reason: retried each night, listed until it heals.

Below them those that were read and that rules could not be put to: retried when the program or the policy changes.
"""

from __future__ import annotations

from auditor.store.records import GapRow, UncheckedRow
from reports import style
from reports.book import Book, Column, Row
from reports.cells import moment_cell
from reports.report import WeekReport

TITLE = "Not read"

COLUMNS = (
    Column("Mailbox", 38),
    Column("Since (UK time)", 22, style.MOMENT),
    Column("Why it could not be read", 54),
    Column("Which message: its file, or its name at the provider", 44),
    Column("Is it kept here?", 36),
)
_KEPT = "Yes, as it came, though unread"
_PARTLY = "Not as it came; what else could be had of it is kept, and was read"
_READ = "Yes, and it can be searched"
_LOST = "No, nothing of it could be had yet"


def draw(book: Book, report: WeekReport) -> None:
    """The sheet, or as many as it takes."""
    sheet = book.sheet(TITLE, [column.width for column in COLUMNS])

    def line(_number: int, gap: GapRow | UncheckedRow) -> Row:
        name = report.names.get(gap.mailbox, "")
        mailbox = f"{name}\n{gap.mailbox}" if name else gap.mailbox
        which = f"{gap.subject}\n{gap.id}" if gap.subject else gap.id
        if isinstance(gap, UncheckedRow):
            why = f"It was read, but not checked against {report.titled(gap.rules)}: {gap.why}. Read it yourself."
            return mailbox, moment_cell(gap.since), why, which, _READ
        return mailbox, moment_cell(gap.since), gap.reason, which, _kept(gap)

    rows = [*report.gaps, *report.unchecked]
    book.rows(sheet, 1, COLUMNS, rows, line)
    if not rows:
        style.put(
            sheet["A2"],
            "Every message that was reached could be read. Mailboxes are on the sheet Coverage.",
            style.SECTION,
        )


def _kept(gap: GapRow) -> str:
    if gap.sha256:
        return _KEPT
    return _LOST if gap.subject is None else _PARTLY
