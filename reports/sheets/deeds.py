"""What was done with the mail held, as the audit trail tells it: searches, dossiers, holds, purges, restores, by whom.

No words of a query stand here, for they may name whoever asked or is asked about, and no recipient or reason of a dossier,
which may be about the reader. A hold's name does: the clerk chose it, and lifts the hold by it.
"""

from __future__ import annotations

from datetime import date, datetime

from openpyxl.worksheet.worksheet import Worksheet

from auditor.store.trail import Deed, Entry
from reports import style
from reports.book import Book, Column, Row, say, table
from reports.cells import moment_cell
from reports.evidence import Standing, number, said, words
from reports.report import WeekReport
from reports.week import day_words, days_words, moment_words
from reports.words import counted

TITLE = "Searches and holds"
_LOST = "not known"

COLUMNS = (
    Column("When (UK time)", 24, style.MOMENT),
    Column("What", 21, style.NAME),
    Column("What was done", 60),
    Column("By whom (user and computer)", 34),
)
HOLDS = (
    Column("Stands since (UK time)", 24, style.MOMENT),
    Column("Messages it keeps", 21, style.NUMBER, looks={_LOST: style.ALARM_CELL}),
    Column("Hold", 60, style.NAME),
    Column("Added by (user and computer)", 34),
)
_WHAT = {
    Deed.SEARCHED: "Search",
    Deed.EXPORTED: "Dossier",
    Deed.HELD: "Hold added",
    Deed.LIFTED: "Hold lifted",
    Deed.PURGED: "Purge",
    Deed.RESTORED: "Restore",
}


def draw(book: Book, report: WeekReport) -> None:
    """The sheet."""
    sheet = book.sheet(TITLE, [column.width for column in COLUMNS])
    width = len(COLUMNS)
    row = say(sheet, 1, "Holds that stand now", style.SECTION, width)
    row = _holds(sheet, row, report, width)
    deeds = [entry for entry in report.deeds if entry.deed != Deed.BACKED_UP]
    days = days_words(report.period)
    row = say(sheet, row + 1, f"What was done with the mail held: {days}", style.SECTION, width)
    row = say(sheet, row, _backups(report), style.PLAIN, width)
    if not deeds:
        nothing = "By the audit trail, nobody searched, made a dossier, added or lifted a hold, purged or restored on these days."
        say(sheet, row, nothing, style.STRONG, width)
        return
    asked = (
        "What was searched for, and for whom and why a dossier was made, is not printed here, because it may name people: "
        "the audit trail has it."
    )
    row = say(sheet, row, asked, style.PLAIN, width)
    sheet.print_title_rows = f"{row + 1}:{row + 1}"
    book.rows(sheet, row + 1, COLUMNS, deeds, _line)


def _holds(sheet: Worksheet, row: int, report: WeekReport, width: int) -> int:
    if not report.holds:
        return say(sheet, row, "No hold stands: nothing that is due for deletion is kept back.", style.STRONG, width)
    told = (
        "A hold keeps messages from being deleted, with every copy of them, and what arrives later and answers it. When its "
        "reason is over, lift it with 'auditor hold lift'."
    )
    row = say(sheet, row, told, style.PLAIN, width)
    if any(hold.messages is None for hold in report.holds):
        lost = (
            f"Of a hold whose number is '{_LOST}' the query is no longer understood, and nothing is deleted while it stands: "
            "lift it and add it anew."
        )
        row = say(sheet, row, lost, style.ALARM_TEXT, width)
    return table(sheet, row + 1, HOLDS, [_standing(hold) for hold in report.holds])


def _standing(hold: Standing) -> Row:
    many = _LOST if hold.messages is None else hold.messages
    return moment_cell(hold.since), many, hold.name, hold.who or "not known"


def _backups(report: WeekReport) -> str:
    made = [entry for entry in report.deeds if entry.deed == Deed.BACKED_UP]
    if not made:
        return "No backup was made on these days."
    were, last = ("was", "") if len(made) == 1 else ("were", "the last ")
    return f"{counted(len(made), 'backup')} {were} made and proved, {last}on {moment_words(made[0].at)}."


def _line(_number: int, entry: Entry) -> Row:
    return moment_cell(entry.at), *told(entry), entry.who


def told(entry: Entry) -> tuple[str, str]:
    """What was done, in a word or two and in one sentence; of any but a backup."""
    return _WHAT[Deed(entry.deed)], _told(entry)


def _told(entry: Entry) -> str:
    """One sentence."""
    match entry.deed:
        case Deed.SEARCHED:
            return f"The mail held was searched{_answered(entry, ': ', ' found')}."
        case Deed.EXPORTED:
            findings = said(entry).get("findings")
            of = f" of {counted(len(findings), 'finding')}" if isinstance(findings, list) else ""
            return f"Records{of} were written for somebody who is to look into them."
        case Deed.HELD:
            return f"The hold '{words(entry, 'hold')}' was added{_answered(entry, '; it then kept ')}."
        case Deed.LIFTED:
            return f"The hold '{words(entry, 'hold')}' was lifted{_answered(entry, '; it had kept ')}."
        case Deed.RESTORED:
            made = _moment(words(entry, "made"))
            return (
                f"The store was put back from the backup of {moment_words(made)}." if made else "A backup was restored."
            )
        case _:
            return _purged(entry)


def _answered(entry: Entry, before: str, after: str = "") -> str:
    many = number(entry, "messages")
    return "" if many is None else f"{before}{counted(many, 'message')}{after}"


def _purged(entry: Entry) -> str:
    """A purge's own entry, the one that follows when its words are out of the file, or the one on old copies."""
    if (many := number(entry, "messages")) is not None:
        before = _day(words(entry, "before"))
        sent = f" sent before {day_words(before)}" if before else ""
        findings = counted(number(entry, "findings") or 0, "finding")
        were = "was" if many == 1 else "were"
        return f"{counted(many, 'message')}{sent} {were} deleted for good, and {findings} with them."
    copies = said(entry).get("copies")
    if isinstance(copies, list):
        were = "was" if len(copies) == 1 else "were"
        old = counted(len(copies), "old copy", "old copies")
        return f"{old} of the store, made before an update, {were} deleted."
    return "The words of what was deleted were taken out of the store's file."


def _moment(text: str) -> datetime | None:
    """A moment as the trail writes it; None where somebody has spoilt it."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    """A day, likewise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
