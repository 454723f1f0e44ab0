"""What was looked at and what was not: the account of every mailbox, each term of it, and every message not read.

For each mailbox: the messages that are there = collected + could not be read + outside the period + private.
"""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.worksheet.worksheet import Worksheet

from auditor.store.records import Coverage, MailboxStatus
from reports import style, words
from reports.accounts import remark, stale, to_be_read, unaccounted
from reports.book import Book, Column, Row, say, table
from reports.cells import moment_cell
from reports.nights import Night, Reach, covered, same
from reports.report import WeekReport, began_later
from reports.week import day_words, span_words
from reports.words import counted

TITLE = "Coverage"
_ALARMS = dict.fromkeys(
    ("NOT READ", "NOT READ YET", "Read in part", "Not up to date", "NO", "not known"), style.ALARM_CELL
)

COLUMNS = (
    Column("Mailbox", 38),
    Column("State", 15, style.NAME, looks=_ALARMS),
    Column("Messages there", 11, style.TOTAL, looks=_ALARMS),
    Column("= Collected", 13, style.NUMBER),
    Column("+ Could not be read", 11, style.NUMBER),
    Column("+ Outside the period kept", 12, style.NUMBER),
    Column("+ Private, not looked at", 12, style.NUMBER),
    Column("Adds up?", 9, style.RIGHT, looks=_ALARMS),
    Column("Short by", 9, style.NUMBER),
    Column("Gone since", 9, style.NUMBER),
    Column("With a part not looked at", 12, style.NUMBER),
    Column("Last read in full (UK time)", 23, style.MOMENT),
    Column("Why, and what to do", 42),
)


def draw(book: Book, report: WeekReport) -> None:
    """The sheet."""
    sheet = book.sheet(TITLE, [column.width for column in COLUMNS])
    width = len(COLUMNS)
    row = _verdict(sheet, report, width)
    row = table(sheet, row + 1, COLUMNS, [*(_line(line, report) for line in report.coverage), *_total(report)])
    row = _parts(sheet, row + 1, report, width)
    row = _nights(sheet, row + 1, report, width)
    row = say(sheet, row + 1, "What this audit cannot see", style.SECTION, width)
    for spot in (*_not_asked(report), *words.BLIND_SPOTS):
        row = say(sheet, row, f"•  {spot}", style.PLAIN, width)


def _not_asked(report: WeekReport) -> Iterator[str]:
    """What schedule.toml leaves out."""
    if report.unwatched:
        whose = words.listed([f"{report.names.get(one, '')} ({one})".strip() for one in report.unwatched])
        yield f"The mailboxes of these people are not read, because no source in schedule.toml names them: {whose}."
    for source, folders in report.narrow:
        yield f"In {words.SOURCES.get(source, source)} only these folders are read: {words.listed(folders)}."


def _verdict(sheet: Worksheet, report: WeekReport, width: int) -> int:
    """Whether everything was read, said first."""
    shortfalls = report.shortfalls
    if not shortfalls:
        said = f"Every message in {counted(len(to_be_read(report.coverage)), 'mailbox', 'mailboxes')} is accounted for."
        row = say(sheet, 1, said, style.SUBTITLE, width)
    else:
        row = say(
            sheet,
            1,
            "COVERAGE IS NOT COMPLETE. What follows was not looked at, and may hold anything:",
            style.ALARM,
            width,
        )
        for short in shortfalls:
            row = say(sheet, row, f"•  {short.what}", style.ALARM_TEXT, width)
    said = (
        "Each line is an account: the messages there (in the folders to be read) = collected + could not be read + "
        "outside the period kept + private. The messages that could not be read are listed on the sheet Not read. "
        "'Gone since' counts messages deleted since they were read; they are kept here."
    )
    return say(sheet, row, said, style.PLAIN, width)


def _line(line: Coverage, report: WeekReport) -> Row:
    name = report.names.get(line.mailbox, "")
    late = stale(line, report.period, report.written)
    former = line.status is MailboxStatus.UNCONFIGURED
    return (
        f"{name}\n{_place(line, report)}" if name else _place(line, report),
        "Not up to date" if late else words.STATUS[line.status],
        "not known" if line.provider_count is None and not former else line.provider_count,
        line.collected,
        line.gaps,
        line.outside_window,
        line.private,
        # Nobody counts there any more, so nothing has to add up.
        "" if former else {None: "not known", 0: "Yes"}.get(unaccounted(line), "NO"),
        None if former else unaccounted(line),
        line.removed,
        line.unread_parts,
        moment_cell(line.last_complete) or "never",
        remark(line, report.period, report.written),
    )


def _place(line: Coverage, report: WeekReport) -> str:
    """The mailbox, and where it is when one of that name is in another source too."""
    alike = sum(other.mailbox == line.mailbox for other in report.coverage)
    return f"{line.mailbox} ({words.SOURCES.get(line.source, line.source)})" if alike > 1 else line.mailbox


def _total(report: WeekReport) -> list[Row]:
    """The sum of each column; none where a term is not known or there is only one line."""
    lines = report.coverage
    if len(lines) < 2:
        return []
    counts = [line.provider_count for line in to_be_read(lines)]
    known = [count for count in counts if count is not None]
    return [
        (
            "All mailboxes",
            "",
            sum(known) if known == counts else "not known",
            sum(line.collected for line in lines),
            sum(line.gaps for line in lines),
            sum(line.outside_window for line in lines),
            sum(line.private for line in lines),
            "",
            sum(unaccounted(line) or 0 for line in to_be_read(lines)),
            sum(line.removed for line in lines),
            sum(line.unread_parts for line in lines),
            "",
            "",
        )
    ]


def _parts(sheet: Worksheet, row: int, report: WeekReport, width: int) -> int:
    """What was read only in part, or round a fault."""
    said = [
        f"{_place(line, report)}: read round faults in the messages themselves: {words.defects(line.defects)}."
        for line in report.coverage
        if words.defects(line.defects)
    ]
    for what, many in report.uncheckable.items():
        number = "how many messages is not known" if many is None else f"{counted(many, 'message')} not checkable"
        said.append(
            f"The {what} is added by the mail system after sending: {number}, unless a delivered copy was found."
        )
    if not said:
        return row - 1
    row = say(sheet, row, "What was read with care", style.SECTION, width)
    for sentence in said:
        row = say(sheet, row, f"•  {sentence}", style.PLAIN, width)
    return row


def _nights(sheet: Worksheet, row: int, report: WeekReport, width: int) -> int:
    """The nights of the week, and what was amiss with those not covered."""
    if not report.nights:
        return row - 1
    if began := began_later(report):
        row = say(sheet, row, "Nights of the week", style.SECTION, width)
        return say(sheet, row, f"•  {began}", style.PLAIN, width)
    row = say(sheet, row, f"Nights covered: {covered(report.nights)} of {len(report.nights)}", style.SECTION, width)
    for together in same(report.nights):
        if together[0].reach is not Reach.WHOLE:
            row = say(sheet, row, f"•  {_nights_alike(together)}", style.PLAIN, width)
    if any(night.reach in (Reach.NONE, Reach.BROKEN, Reach.PART) for night in report.nights):
        said = "What one night misses the next one reads: the account above is what counts."
        row = say(sheet, row, said, style.PLAIN, width)
    return row


def _nights_alike(together: tuple[Night, ...]) -> str:
    """What is said of several nights in a row, once."""
    night, last = together[0], together[-1]
    match night.reach:
        case Reach.AHEAD:
            said = "still to come when this was written."
        case Reach.BEFORE:
            said = "before the first run of all, which read what was there."
        case Reach.PART if night.short:
            said = f"all but {words.listed(night.short)}."
        case Reach.PART:
            said = "no mailbox was read."
        case Reach.BROKEN:
            said = "the run was interrupted and did not finish."
        case _:
            said = "there was no run; the computer may have been off."
    days = day_words(night.day) if night is last else span_words(night.day, last.day)
    return f"{days}: {said}"
