"""Every message that the provider counts and that could not be read, with the reason: retried each night, listed until it heals."""

from __future__ import annotations

from auditor.store.records import GapRow
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
_LOST = "No, nothing of it could be had yet"


def draw(book: Book, report: WeekReport) -> None:
    """The sheet, or as many as it takes."""
    sheet = book.sheet(TITLE, [column.width for column in COLUMNS])

    def line(_number: int, gap: GapRow) -> Row:
        name = report.names.get(gap.mailbox, "")
        mailbox = f"{name}\n{gap.mailbox}" if name else gap.mailbox
        which = f"{gap.subject}\n{gap.id}" if gap.subject else gap.id
        return mailbox, moment_cell(gap.since), gap.reason, which, _kept(gap)

    book.rows(sheet, 1, COLUMNS, report.gaps, line)
    if not report.gaps:
        style.put(
            sheet["A2"],
            "Every message that was reached could be read. Mailboxes are on the sheet Coverage.",
            style.SECTION,
        )


def _kept(gap: GapRow) -> str:
    if gap.sha256:
        return _KEPT
    return _LOST if gap.subject is None else _PARTLY
