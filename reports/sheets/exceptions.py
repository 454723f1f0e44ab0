"""What need not be listed again: exceptions to adopt, those that hold, those that have ended, and what they hid this week.

Nothing vanishes unseen: every finding that an exception hid stands at the bottom.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from auditor.store.decisions import Decision
from auditor.store.exceptions import Choice, Picked
from auditor.store.records import FindingRow
from reports import style
from reports.book import Book, Column, Row, say, table
from reports.cells import day_cell, moment_cell
from reports.exceptions import FEWEST, Excepted, State, adopted_day, stem
from reports.report import WeekReport
from reports.week import sent_day, week_of
from reports.words import counted, listed, several

TITLE = "Exceptions"
CHOICE, EXCEPTION = "Choice", "Exception"
"""The headings by which choices are read back."""
_SCALE = 82
"""Percent, at which the columns fill the width of A4 across."""
_PAGE = 605.0
"""Points that a page holds at that scale."""
_EMPTY = 15.0
"""Points of a row with nothing in it."""
_HEADED = 120.0
"""Points of a section's heading with its first row."""
_TO_SHOWN = 6
_PROPOSED_SHOWN = 20
_ENDED_SHOWN = 50

_NUMBER = Column("No.", 6, style.NUMBER)
_ABOUT = (
    Column("What", 20, style.NAME),
    Column("From", 22),
    Column("To", 26),
    Column("Only with these words", 32),
)
_ASIDE = Column(EXCEPTION, 25, printed=False)
COLUMNS = (_NUMBER, *_ABOUT, Column("Why, and what it does", 48), Column(CHOICE, 12, style.WRITABLE), _ASIDE)
_ENDED = (_NUMBER, *_ABOUT, Column("What became of it", 48), Column(CHOICE, 12, style.WRITABLE), _ASIDE)
HIDDEN = (
    _NUMBER,
    Column("What", 20, style.NAME),
    Column("From", 22),
    Column("Day sent (UK time)", 26, style.DAY),
    Column("Hidden by the exception", 32),
    Column("Subject", 48),
)
_OPENED = (
    "An exception keeps findings that you have decided to be no breach from being listed again. It is narrow: the same "
    "sender, writing to the same domains, the same rule and the same words. None is adopted unless you choose so, and none "
    "holds for ever."
)
_NOTHING = (
    "No exception is proposed and none is in force: every finding is listed. One is proposed here when findings "
    "that are alike were decided 'Not a breach' or 'Permitted' in two messages or more, and none like them 'Breach' or 'Ask the Chair'."
)
_PROPOSED = "Adopt: findings like these are no longer listed, and stand at the bottom of this sheet. Leave: they are listed as before."
_IN_FORCE = "Keep, or nothing chosen: it holds until its last day. End: findings like these are listed again from the next workbook on."
_OVER = (State.UNFOUNDED, State.EXPIRED, State.ENDED, State.LEFT)
_CHOICES = {State.PROPOSED: (Choice.ADOPT, Choice.LEAVE), State.IN_FORCE: (Choice.KEEP, Choice.END)}


def draw(book: Book, report: WeekReport) -> None:
    """The sheet, or as many as it takes."""
    sheet = book.sheet(TITLE, [column.width for column in COLUMNS])
    # Excel heeds page breaks only on a sheet that is not fitted to the page; this one fits as it is.
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=False)
    sheet.page_setup.scale = _SCALE
    pen = _Pen(sheet, report)
    pen.say("Exceptions: what need not be listed again", style.SECTION)
    told = report.exceptions
    if not (told.lines or told.hidden or told.lost):
        pen.say(_NOTHING, style.PLAIN)
        return
    pen.say(_OPENED, style.PLAIN)
    pen.part("Proposed", _PROPOSED, COLUMNS, told.of(State.PROPOSED), _PROPOSED_SHOWN)
    pen.part("In force", _IN_FORCE, COLUMNS, told.of(State.IN_FORCE), len(told.lines))
    pen.soon()
    pen.part("No longer in force", "", _ENDED, told.of(*_OVER), _ENDED_SHOWN)
    pen.lost()
    pen.hidden(book)
    sheet.print_area = f"A1:{get_column_letter(pen.width)}{pen.row}"


class _Pen:
    """Where the next line goes, and what has a number already."""

    def __init__(self, sheet: Worksheet, report: WeekReport) -> None:
        self.sheet, self.report, self.row = sheet, report, 1
        self.width = sum(column.printed for column in COLUMNS)
        self.breaks: set[int] = set()
        self.numbers: dict[str, int] = {}
        self.titles = {line.rule.name: line.rule.title for line in report.rules}

    def say(self, text: str, look: style.Look) -> None:
        self.row = say(self.sheet, self.row, text, look, self.width)

    def section(self, title: str) -> None:
        """A heading, on the next page where little of what follows would stand below it."""
        used = 0.0
        for row in range(1, self.row + 1):
            points = self.sheet.row_dimensions[row].height or _EMPTY
            used = points if used + points > _PAGE or row - 1 in self.breaks else used + points
        if used + _HEADED > _PAGE:
            self.breaks.add(self.row)
            self.sheet.row_breaks.append(Break(id=self.row))
        self.row += 1
        self.say(title, style.SECTION)

    def part(self, title: str, note: str, columns: Sequence[Column], lines: Sequence[Excepted], most: int) -> None:
        """One table with its heading, its choices and a word on how many more there are; nothing where there is none."""
        if not lines:
            return
        self.section(title)
        if note:
            self.say(note, style.PLAIN)
        shown = lines[:most]
        for line in shown:
            self.numbers[line.name] = len(self.numbers) + 1
        top = self.row
        self.row = table(self.sheet, top, columns, [self._line(line) for line in shown])
        for row, line in enumerate(shown, top + 1):
            self._choices(row, line)
        if len(lines) > most:
            self.say(
                f"There are {len(lines) - most:,} more, which are shown here once some of these are gone.", style.PLAIN
            )

    def soon(self) -> None:
        """Those that end within a month."""
        told = self.report.exceptions
        ending = [line for line in told.of(State.IN_FORCE) if line.ends_soon(told.day)]
        if ending:
            which = listed([f"No. {self.numbers[line.name]}" for line in ending])
            end, whose = ("ends", "its") if len(ending) == 1 else ("end", "their")
            self.say(
                f"{which} {end} within a month: after {whose} last day findings like these are listed again, unless you choose "
                "Adopt on this sheet then.",
                style.ALARM_TEXT,
            )

    def lost(self) -> None:
        """Adopted ones of which nothing more can be told."""
        if many := self.report.exceptions.lost:
            hide, they = ("hides", "it") if many == 1 else ("hide", "they")
            said = (
                f"{counted(many, 'exception')} that you adopted {hide} nothing any more, because no finding of the kind {they} "
                "came from is held and decided so."
            )
            self.row += 1
            self.say(said, style.PLAIN)

    def hidden(self, book: Book) -> None:
        """What is not listed in this workbook."""
        found = self.report.exceptions.hidden
        self.section("Not listed in this workbook")
        if not found:
            self.say("No exception hid a finding this time.", style.PLAIN)
            return
        are, them, these = ("is", "it", "it") if len(found) == 1 else ("are", "them", "these")
        self.say(
            f"{counted(len(found), 'finding')} {are} kept, and {are} not on the sheet Findings, because an exception covers {them}. "
            f"To have findings like {these} listed again, choose End above.",
            style.PLAIN,
        )
        self.sheet.print_title_rows = f"{self.row}:{self.row}"
        book.rows(self.sheet, self.row, HIDDEN, found, self._hidden)
        self.row += len(found)

    def _line(self, line: Excepted) -> Row:
        about = line.about
        return (
            self.numbers[line.name],
            self.titles.get(about.rule, about.rule),
            self._sender(line.example),
            several([one if "@" in one else f"anybody at {one}" for one in about.to], _TO_SHOWN),
            line.example.finding.excerpt if not about.subject else _by_subject(line),
            _SAID[line.state](line),
            None,
            line.name,
        )

    def _hidden(self, number: int, item: tuple[FindingRow, str]) -> Row:
        row, by = item
        known = self.numbers.get(by)
        return (
            number,
            self.titles.get(row.finding.rule, row.finding.rule),
            self._sender(row),
            "not known" if row.sent is None else day_cell(sent_day(row.sent)) or moment_cell(row.sent),
            "one that has ended since" if known is None else f"No. {known}",
            row.subject or "(no subject)",
        )

    def _sender(self, row: FindingRow) -> str:
        return self.report.names.get(row.sender) or row.sender

    def _choices(self, row: int, line: Excepted) -> None:
        words = _CHOICES.get(line.state) or ((Choice.ADOPT,) if line.founded else ())
        if not words:
            return
        choice = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True)
        choice.error, choice.errorTitle = f"Please choose one of: {', '.join(words)}.", CHOICE
        choice.add(f"{get_column_letter(COLUMNS.index(_ASIDE))}{row}")
        self.sheet.add_data_validation(choice)


def _by_subject(line: Excepted) -> str:
    """The finding has no words of the sender's own, so the subject has to be the same."""
    said = f"Subject: {stem(line.example.subject)}"
    return f"{line.example.finding.excerpt}\n{said}" if line.example.finding.excerpt else said


def _proposed(line: Excepted) -> str:
    """Why it is proposed, and what it would have done."""
    first, *rest = ((one, line.decided[one]) for one in Decision if line.decided.get(one))
    said = [f"{counted(first[1], 'finding')} like this '{first[0]}'", *(f"{many:,} '{one}'" for one, many in rest)]
    held = f"{counted(line.findings, 'finding')}{_when(line)}"
    return f"You decided {listed(said)}. It would have hidden {held}, none of them decided 'Breach'."


def _when(line: Excepted) -> str:
    if line.days is None:
        return ""
    first, last = (week_of(day).label for day in line.days)
    return f" (week {first})" if first == last else f" (weeks {first} to {last})"


def _in_force(line: Excepted) -> str:
    now = f"{line.this_week:,}" if line.this_week else "none"
    hid = f"It hid {now} this time, {counted(line.in_all, 'finding')} in all." if line.in_all else _hid(line)
    return f"{_adopted(line)}. {hid} Its last day is {_last_day(line)}."


def _unfounded(line: Excepted) -> str:
    against = [one for one in (Decision.BREACH, Decision.ASK) if line.decided.get(one)]
    why = (
        f"a finding like this is now decided '{against[0]}'"
        if against
        else f"findings like this are still decided so in fewer than {FEWEST} messages"
    )
    return f"{_adopted(line)}. It hides nothing any more, because {why}. {_hid(line)}"


def _expired(line: Excepted) -> str:
    again = " Choose Adopt to have it once more." if line.founded else ""
    return f"{_adopted(line)}; its last day was {_last_day(line)}. {_hid(line)}{again}"


def _ended(line: Excepted) -> str:
    return f"You chose to end it{_where(line.said)}. {_hid(line)}"


def _left(line: Excepted) -> str:
    return f"You chose to leave it{_where(line.said)}. Findings like this are listed."


_SAID: Mapping[State, Callable[[Excepted], str]] = {
    State.PROPOSED: _proposed,
    State.IN_FORCE: _in_force,
    State.UNFOUNDED: _unfounded,
    State.EXPIRED: _expired,
    State.ENDED: _ended,
    State.LEFT: _left,
}


def _hid(line: Excepted) -> str:
    return f"It hid {counted(line.in_all, 'finding')} in all." if line.in_all else "It has hidden nothing."


def _adopted(line: Excepted) -> str:
    return f"Adopted{_where(line.adopted)}"


def _where(pick: Picked | None) -> str:
    return f" on {_day(adopted_day(pick))} in {Path(pick.book).stem}" if pick else ""


def _last_day(line: Excepted) -> str:
    return _day(line.adopted.until) if line.adopted and line.adopted.until else "not known"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
