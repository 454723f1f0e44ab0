"""Reads the clerk's decisions back from a workbook, whatever was sorted, filtered, hidden, moved or added in it.

A decision belongs to a finding by the finding's own name, in the column Finding, and to nothing else. What is typed for
a choice is taken where it can mean one thing only; anything else is told, never guessed. The file is only read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from auditor.findings import clip
from auditor.mail.enclosures.budget import Refused, Spent
from auditor.store.decisions import Decision, Said
from auditor.values import Value, replace
from reports.opened import Merged, Opened, Unread
from reports.place import in_use
from reports.sheets.findings import COLUMNS, DECISION, FINDING, LEAD, NOTE, NUMBER

ROWS = 300_000
"""Rows with something in the columns that are read."""
_SHOWN = 40
"""Characters of what is no decision."""
_SHORT = 250
"""Characters of a cell that are looked at for a heading."""
_TELLING = 4
"""So many of our headings in a row are a heading, though one is missing."""

_NAME = re.compile("[0-9a-f]{20}")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_QUOTES = str.maketrans("‘’‚‛“”„‟", "''''\"\"\"\"")


class Where(Value, frozen=True):
    """A row, so that a person can find it."""

    sheet: str
    row: int
    """As the spreadsheet program counts, from 1."""
    number: str
    """What stands under No.; empty when that column is gone."""


class Row(Value, frozen=True):
    """What a row says."""

    said: Said
    where: Where
    lead: str = ""
    """The finding whose decision it takes, being of the same incident and having none of its own; empty otherwise."""
    stays: bool = False
    """Whether only its note is known: it has no decision of its own, and that of `lead` is gone or unclear."""


class Unknown(Value, frozen=True):
    """A row whose decision is none of the words to choose from."""

    finding: str
    words: str
    """What stands there, on one line, cut to 40 characters."""
    where: Where


class Twice(Value, frozen=True):
    """Rows of one finding that say different things; none of them is taken."""

    finding: str
    rows: tuple[Row, ...]


class Read(Value, frozen=True):
    """What one workbook says."""

    rows: tuple[Row, ...] = ()
    """One of each finding, in the file's order: undecided ones and those of `unknown` too, not those of `twice`. Where
    a finding stands on several rows that do not differ, the first, with the notes of all. Without a word of its own, a
    finding says what the first of its incident says; where that cannot be known, it `stays`, or without a note is left out."""
    unknown: tuple[Unknown, ...] = ()
    nameless: tuple[Where, ...] = ()
    """Rows of the table with a decision or note, and no finding's name."""
    twice: tuple[Twice, ...] = ()
    trouble: str = ""
    """Why the file, or a sheet of it, could not be read, and what to do; empty when all was."""


class _Line(NamedTuple):
    where: Where
    below: bool
    """Whether it stands below the heading."""
    finding: str
    decision: str
    note: str
    lead: str = ""
    """The first finding of its incident; empty for that one itself."""


def read(path: Path, password: str | None = None, also: Callable[[Opened], None] = lambda _book: None) -> Read:
    """What a workbook says; `password` opens one that is locked. Never raises for what is in the file.

    `also` reads what else there is to read while the file is open; what it raises is a fault of the file's.
    """
    try:
        book = Opened(path, password)
        also(book)
        return _told(*_lines(book, path))
    except Unread as why:
        return Read(trouble=f"'{path}' {why}")
    except (Spent, MemoryError):
        what = "holds far more than a workbook of findings, so nothing was read from it: give the workbook as it was written, with your decisions."
    except PermissionError:
        what = "may not be read just now: close it if it is open in another program, ask who looks after this computer for the right to read it, then run this again."
    except Exception as fault:  # noqa: BLE001 - whatever a damaged or hostile file provokes is that file's, and is said
        if isinstance(fault, OSError) and fault.errno:
            what = f"could not be read ({fault.strerror}): see that its disk can be reached, then run this again."
        elif in_use(path):
            what = "is open in another program and not wholly saved: save it and close it there, then run this again."
        elif isinstance(fault, Refused):
            what = "is built in a way that may do harm, so it was not opened: give the workbook that the auditor wrote."
        else:
            what = "is damaged or was not wholly saved: open it, save it again and close it, or take a copy from your backup, then run this again."
    return Read(trouble=f"'{path}' {what}")


def decision(text: str) -> Decision | None:
    """What is meant by a cell's words; None where they can mean several things, or nothing that is known."""
    return _WORDS.get(plain(text))


def plain(text: str) -> str:
    """Words without what does not matter: letter case, blanks of any kind, marks around them."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text).translate(_QUOTES))
    return " ".join(text.split()).strip("'\". ").casefold()


_WORDS = {word.casefold(): word for word in Decision} | {
    "a breach": Decision.BREACH,
    "not breach": Decision.NO_BREACH,
    "no breach": Decision.NO_BREACH,
    "is not a breach": Decision.NO_BREACH,
    "isn't a breach": Decision.NO_BREACH,
    "ask chair": Decision.ASK,
}
TABLE = frozenset((plain(FINDING), plain(DECISION)))
"""What heads the list of findings: it may be very long, and whoever looks for another table need not look through it."""
_HEADINGS = {plain(column.heading): column.heading for column in COLUMNS}


class _Found(Exception):
    """The heading of the table."""


class _Heading:
    """Looks for the row that heads the table: the first that has Finding and Decision, and no finding's name.

    A message may well have these words for a subject; the row of a finding has the finding's name.
    """

    def __init__(self) -> None:
        self.row = 0
        self.columns: dict[str, list[int]] = {}
        """Our headings and where they stand; of a heading that lacks one, where there is no better."""

    def told(self, row: int, cells: dict[int, str]) -> None:
        said = {column: plain(text) for column, text in cells.items()}
        columns: dict[str, list[int]] = {}
        for column, text in said.items():
            if text in _HEADINGS:
                columns.setdefault(_HEADINGS[text], []).append(column)
        needed = (FINDING in columns) + (DECISION in columns)
        if not needed or any(map(_NAME.fullmatch, said.values())):
            return
        if needed == 2:
            self.row, self.columns = row, columns
            raise _Found
        if not self.columns and len(columns) >= _TELLING:
            self.columns = columns

    def look(self, book: Opened, part: str) -> None:
        try:
            book.rows(part, self.told, longest=_SHORT)
        except _Found:
            return

    def trouble(self, sheet: str, path: Path) -> str:
        """Why the sheet's decisions cannot be read; empty when they can, or when it has no such table."""
        if not self.columns:
            return ""
        for heading in (FINDING, DECISION):
            where = f"The sheet '{sheet}' of '{path}'"
            many = len(self.columns.get(heading, ()))
            if not many:
                return f"{where} has no column with the heading {heading}, so its decisions were not read: undo the deletion or put the heading back, or take a copy from your backup, then run this again."
            if many > 1:
                return f"{where} has {many} columns with the heading {heading}, so its decisions were not read: rename or delete those that are not yours, save it, then run this again."
        return ""


def _lines(book: Opened, path: Path) -> tuple[list[_Line], str]:
    """The rows of all sheets with such a table, and what kept one from being read."""
    lines: list[_Line] = []
    troubles: list[str] = []
    tables = 0
    for sheet, part in book.sheets:
        heading = _Heading()
        heading.look(book, part)
        tables += bool(heading.columns)
        if trouble := heading.trouble(sheet, path):
            troubles.append(trouble)
        elif heading.columns:
            lines += _table(book, sheet, part, heading, ROWS - len(lines))
    if not tables:
        raise Unread(
            f"has no table with the headings {FINDING} and {DECISION}: give a workbook that the auditor wrote, with both columns in it."
        )
    return lines, " ".join(troubles)


def _table(book: Opened, sheet: str, part: str, heading: _Heading, most: int) -> Iterator[_Line]:
    """The rows of one sheet that say something, those above the heading too: a sorting may have moved it down."""
    at = heading.columns
    (finding,), (decided,), notes = at[FINDING], at[DECISION], at.get(NOTE, [])
    number, lead = at[NUMBER][0] if NUMBER in at else 0, at[LEAD][0] if LEAD in at else 0
    rows: dict[int, dict[int, str]] = {}

    def told(row: int, cells: dict[int, str]) -> None:
        rows[row] = cells
        if len(rows) > most:
            raise Spent("it has too many rows")

    merged = book.rows(part, told, {finding, decided, number, lead, *notes})
    del rows[heading.row]
    spread(rows, [area for area in merged if area[2] in (decided, *notes)])
    for row, cells in rows.items():
        note = "\n".join(filter(str.strip, (cells.get(column, "") for column in notes)))
        where = Where(sheet, row, clip(cells.get(number, ""), _SHOWN))
        names = plain(cells.get(finding, "")), plain(cells.get(lead, ""))
        yield _Line(where, row > heading.row, names[0], cells.get(decided, ""), note, names[1])


def spread(rows: dict[int, dict[int, str]], merged: list[Merged]) -> None:
    """A cell that was made one over several rows says of each what it says of the first."""
    last = max(rows, default=0)
    left = 2 * ROWS
    for first, end, column in merged:
        said = rows.get(first, {}).get(column)
        if not said:
            continue
        for row in range(first + 1, min(end, last) + 1):
            left -= 1
            if row in rows:
                rows[row].setdefault(column, said)
        if left < 0:  # cells that are one lie nowhere upon one another
            raise Spent("it has too many merged cells")


def _told(lines: list[_Line], trouble: str) -> Read:
    """The rows by finding, and what a person must be asked."""
    nameless: list[Where] = []
    unknown: list[Unknown] = []
    findings: dict[str, list[_Line]] = {}
    for line in lines:
        if _NAME.fullmatch(line.finding):
            findings.setdefault(line.finding, []).append(line)
            if line.decision.strip() and decision(line.decision) is None:
                unknown.append(Unknown(line.finding, clip(line.decision, _SHOWN), line.where))
        # Lines of her own above the table say nothing, nor does a heading that was pasted again with the rows below it.
        elif line.below and line.finding != plain(FINDING) and (line.decision.strip() or line.note.strip()):
            nameless.append(line.where)
    rows: list[Row] = []
    twice: list[Twice] = []
    for finding, found in findings.items():
        says = {decision(line.decision) or line.decision.strip() for line in found} - {""}
        if len(says) > 1:
            twice.append(Twice(finding, tuple(Row(_said(line), line.where) for line in found)))
            continue
        first = next((line for line in found if line.decision.strip()), found[0])
        rows.append(Row(_said(first._replace(note=_notes(found))), first.where, "" if says else first.lead))
    unclear = {odd.finding for odd in unknown}
    return Read(tuple(_led(rows, unclear)), tuple(unknown), tuple(nameless), tuple(twice), trouble)


def _led(rows: list[Row], unclear: set[str]) -> Iterator[Row]:
    """The same rows; what is decided of the first of an incident counts for those without a decision of their own.

    Where the first one is gone, or what it says is not clear, what was decided of the others stays as it was.
    """
    decided = {row.said.finding: row.said.decision for row in rows if row.said.finding not in unclear}
    for row in rows:
        if not _NAME.fullmatch(row.lead):
            yield Row(row.said, row.where)
        elif row.lead in decided:
            yield Row(replace(row.said, decision=decided[row.lead]), row.where, row.lead)
        elif row.said.note:
            yield Row(row.said, row.where, row.lead, stays=True)


def _said(line: _Line) -> Said:
    return Said(line.finding, decision(line.decision), line.note)


def _notes(lines: list[_Line]) -> str:
    """Whatever order the rows were sorted into, the same."""
    return lines[0].note if len(lines) == 1 else "\n".join(sorted({line.note for line in lines} - {""}))
