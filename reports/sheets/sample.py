"""What the rules may have missed: messages without a finding, drawn by chance, for a person to read and to say so."""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from auditor.policy import CLAUSES
from auditor.store.samples import Look, Verdict
from reports import style, words
from reports.book import Book, Column, Row, say, table
from reports.cells import day_cell, moment_cell
from reports.report import WeekReport
from reports.sampled import Sampled

TITLE = "Sample"
NUMBER, VERDICT, CLAUSE, NOTE, NAME = "No.", "What you found", "Which clause", "Note", "Sampled message"
"""The headings by which what is found is read back."""
RECIPIENTS_SHOWN = 4

COLUMNS = (
    Column(NUMBER, 6, style.NUMBER),
    Column("Day sent (UK time)", 17.5, style.DAY),
    Column("From", 18, style.NAME),
    Column("To", 24),
    Column("Subject", 22),
    Column("How it begins", 50),
    Column(VERDICT, 18, style.WRITABLE, choices=tuple(Verdict)),
    Column(CLAUSE, 22, style.WRITABLE),
    Column(NOTE, 20, style.WRITABLE),
    Column("Message-ID (to search for in the mail program)", 42, printed=False),
    Column(NAME, 25, printed=False),
)
_PRINTED = sum(column.printed for column in COLUMNS)
_TO_DO = (
    "The rules found nothing here. Please check whether that is right: open each in the mail program by its "
    "Message-ID, read it, and choose what you found; where something was missed, choose the clause too. Then save."
)


def draw(book: Book, report: WeekReport) -> None:
    """The sheet."""
    sheet = book.sheet(TITLE, [column.width for column in COLUMNS])
    sample = report.sample
    row = say(sheet, 1, _drawn(report), style.SUBTITLE, _PRINTED)
    if sample.messages:
        row = say(sheet, row, _TO_DO, style.PLAIN, _PRINTED)
    for sentence in sample.estimate.words:
        row = say(sheet, row, sentence, style.SAID, _PRINTED)
    if sample.messages:
        top = row + 1
        row = table(sheet, top, COLUMNS, [_line(number, one, report) for number, one in enumerate(sample.messages, 1)])
        sheet.print_title_rows = f"{top}:{top}"
        sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(COLUMNS))}{row - 1}"
        _choices(sheet, top + 1, row - 1, _clauses(sheet, row + 1))
    sheet.print_area = f"A1:{get_column_letter(_PRINTED)}{row - 1}"


def _clauses(sheet: Worksheet, row: int) -> str:
    """The clauses below the table, and which cells they are in."""
    first = say(sheet, row, "The clauses to choose from", style.SECTION, _PRINTED)
    for number, (clause, text) in enumerate(CLAUSES.items(), first):
        say(sheet, number, f"{clause}: {text}", style.PLAIN, _PRINTED)
    return f"$A${first}:$A${first + len(CLAUSES) - 1}"


def _drawn(report: WeekReport) -> str:
    """What is here, and of what."""
    sample = report.sample
    if not sample.messages:
        return sample.none or "No sample was drawn."
    shown, all_ = len(sample.messages), words.counted(sample.unflagged, "message")
    if shown == sample.unflagged == 1:
        return "The one message of the week in which no rule found anything"
    if shown == sample.unflagged:
        return f"All {all_} of the week in which no rule found anything"
    return f"{shown} of the {all_} of the week in which no rule found anything, drawn by chance"


def _line(number: int, one: Sampled, report: WeekReport) -> Row:
    message = one.drawn
    said = report.sample.said.get(message.name)
    look = said.look if said else Look(message.name, None)
    known = report.names.get(message.sender)
    return (
        number,
        "not known" if message.sent is None else day_cell(one.day) or moment_cell(message.sent),
        one.name if one.name and one.name == known else f"{one.name}\n{message.sender}".strip() or "(no sender)",
        words.several([report.names.get(to) or to for to in message.recipients], RECIPIENTS_SHOWN) or "(nobody)",
        message.subject or "(no subject)",
        one.begins or "(no words of the sender's own)",
        look.verdict,
        f"{look.clause}: {CLAUSES[look.clause]}" if look.clause in CLAUSES else look.clause or None,
        look.note or None,
        message.message_id or f"none; SHA-256 of the message: {message.sha256}",
        message.name,
    )


def _choices(sheet: Worksheet, first: int, last: int, clauses: str) -> None:
    """The lists to choose from in the rows of the table."""
    listed = {VERDICT: f'"{",".join(Verdict)}"', CLAUSE: clauses}
    for number, column in enumerate(COLUMNS, 1):
        if column.heading in listed:
            choice = DataValidation("list", formula1=listed[column.heading], allow_blank=True)
            choice.error, choice.errorTitle = "Please choose one from the list in this cell.", column.heading
            choice.add(f"{get_column_letter(number)}{first}:{get_column_letter(number)}{last}")
            sheet.add_data_validation(choice)
