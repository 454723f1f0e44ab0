"""Reads what was found in sampled messages back from a workbook, as toughly as its decisions: by the message's own name alone."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import NamedTuple

from auditor.findings import clip
from auditor.mail.enclosures.budget import Spent
from auditor.policy import CLAUSES
from auditor.store.samples import Look, Verdict
from auditor.values import Value
from reports.decisions import TABLE, Where, plain, spread
from reports.opened import Opened
from reports.sheets.sample import CLAUSE, COLUMNS, NAME, NOTE, NUMBER, VERDICT

ROWS = 20_000
"""Rows with something in the columns that are read."""
_SHOWN = 40
_SHORT = 250
_TELLING = 4
"""So many of our headings in a row are a heading, though one is missing."""

_NAME = re.compile("[0-9a-f]{20}")
_CLAUSE = re.compile(r"\b[A-Z] ?[0-9]+\b")
_HEADINGS = {plain(column.heading): column.heading for column in COLUMNS}
_VERDICTS = {word.casefold(): word for word in Verdict}


class Seen(Value, frozen=True):
    """What a row says."""

    look: Look
    where: Where


class Odd(Value, frozen=True):
    """A row in which something was chosen that is in neither list; it is not taken."""

    words: str
    where: Where


class Looks(Value, frozen=True):
    """What one workbook says of its sample."""

    rows: tuple[Seen, ...] = ()
    """One of each message, in the file's order; not those of `odd` and `twice`. Of rows that do not differ the first, with
    the notes of all."""
    odd: tuple[Odd, ...] = ()
    twice: tuple[tuple[Where, ...], ...] = ()
    """Rows of one message that say different things; none of them is taken."""
    nameless: tuple[Where, ...] = ()
    """Rows of the table in which something was written, and no message's name."""
    trouble: tuple[str, ...] = ()
    """Why a sheet could not be read, and what to do, a sentence each."""


def verdict(text: str) -> Verdict | None:
    """What is meant by a cell's words; None of words that are none of the list."""
    return _VERDICTS.get(plain(text))


def clause(text: str) -> str | None:
    """The clause that a cell names: 'E10: …', 'e10', '' where it is empty; None where it names none, or several."""
    if not text.strip():
        return ""
    named = {match[0].replace(" ", "") for match in _CLAUSE.finditer(plain(text).upper().partition(":")[0])}
    return named.pop() if len(named) == 1 and named <= CLAUSES.keys() else None


class _Line(NamedTuple):
    where: Where
    below: bool
    """Whether it stands below the heading."""
    name: str
    found: str
    clause: str
    note: str

    @property
    def words(self) -> str:
        """What is chosen, as it stands there."""
        return f"{self.found} {self.clause}".strip()

    @property
    def look(self) -> Look | None:
        """What it means; None where that is not known."""
        found, named = verdict(self.found), clause(self.clause)
        if named is None or (found is None and self.found.strip()):
            return None
        return Look(self.name, found, named, self.note)


class Reading:
    """Looks into a workbook that is open for its decisions."""

    def __init__(self) -> None:
        self.looks = Looks()

    def __call__(self, book: Opened) -> None:
        """Raises what a damaged or hostile file provokes; then nothing was read."""
        lines: list[_Line] = []
        trouble = []
        for sheet, part in book.sheets:
            heading = _Heading()
            with contextlib.suppress(_Found):
                book.rows(part, heading.told, longest=_SHORT)
            if heading.row:
                lines += _lines(book, sheet, part, heading)
            elif heading.amiss:
                trouble.append(
                    f"The sheet '{sheet}' needs one column with the heading {NAME} and one with the heading {VERDICT}, so what was "
                    "found in its messages was not read: undo what was deleted or added there, save it, then run this again."
                )
        self.looks = _told(lines, tuple(trouble))


class _Found(Exception):
    """The heading, or that of the list of findings."""


class _Heading:
    """The row that heads the table; the same words may stand in a message's subject, beside its name."""

    def __init__(self) -> None:
        self.row = 0
        self.columns: dict[str, list[int]] = {}
        self.amiss = False
        """Whether most of the heading is there."""

    def told(self, row: int, cells: dict[int, str]) -> None:
        said = {column: plain(text) for column, text in cells.items()}
        if any(map(_NAME.fullmatch, said.values())):
            return
        columns: dict[str, list[int]] = {}
        for column, text in said.items():
            if text in _HEADINGS:
                columns.setdefault(_HEADINGS[text], []).append(column)
        if len(columns.get(NAME, ())) == len(columns.get(VERDICT, ())) == 1:
            self.row, self.columns = row, columns
            raise _Found
        if TABLE.issubset(said.values()):
            raise _Found
        self.amiss |= len(columns) >= _TELLING and (NAME in columns or VERDICT in columns)


def _lines(book: Opened, sheet: str, part: str, heading: _Heading) -> Iterator[_Line]:
    """Each row of a sheet with such a table, those above the heading too: a sorting may have moved it down."""
    at = heading.columns
    (name,), (found,), notes = at[NAME], at[VERDICT], at.get(NOTE, [])
    number, named = (at.get(one, [0])[0] for one in (NUMBER, CLAUSE))
    rows: dict[int, dict[int, str]] = {}

    def told(row: int, cells: dict[int, str]) -> None:
        rows[row] = cells
        if len(rows) > ROWS:
            raise Spent("it has too many rows")

    merged = book.rows(part, told, {name, found, named, number, *notes})
    spread(rows, [area for area in merged if area[2] in (found, named, *notes)])
    for row, cells in rows.items():
        note = "\n".join(filter(str.strip, (cells.get(column, "") for column in notes)))
        where = Where(sheet, row, clip(cells.get(number, ""), _SHOWN))
        chosen = cells.get(found, ""), cells.get(named, "")
        yield _Line(where, row > heading.row, plain(cells.get(name, "")), *chosen, note)


def _told(lines: list[_Line], trouble: tuple[str, ...]) -> Looks:
    messages: dict[str, list[_Line]] = {}
    nameless = []
    for line in lines:
        if _NAME.fullmatch(line.name):
            messages.setdefault(line.name, []).append(line)
        # Lines of her own above the table say nothing, nor does a heading that was pasted again with the rows below it.
        elif line.below and line.name != plain(NAME) and (line.words or line.note.strip()):
            nameless.append(line.where)
    rows, odd, twice = [], [], []
    for name, same in messages.items():
        said = [line for line in same if line.words]
        strange = [Odd(clip(line.words, _SHOWN), line.where) for line in said if line.look is None]
        chosen = {(look.verdict, look.clause) for line in said if (look := line.look)}
        odd += strange
        if strange:
            continue
        if len(chosen) > 1:
            twice.append(tuple(line.where for line in same))
        else:
            notes = "\n".join(sorted({line.note for line in same} - {""})) if len(same) > 1 else same[0].note
            rows.append(Seen(Look(name, *next(iter(chosen), (None, "")), notes), (said or same)[0].where))
    return Looks(tuple(rows), tuple(odd), tuple(twice), tuple(nameless), trouble)
