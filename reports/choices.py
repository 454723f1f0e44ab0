"""Reads what was chosen of exceptions back from a workbook, as toughly as its decisions: by the exception's own name alone."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from auditor.findings import clip
from auditor.mail.enclosures.budget import Spent
from auditor.store.exceptions import Choice
from auditor.values import Value
from reports.decisions import TABLE, Where, plain, spread
from reports.opened import Opened
from reports.sheets.exceptions import CHOICE, COLUMNS, EXCEPTION

ROWS = 20_000
"""Rows with something in the columns that are read."""
_SHOWN = 40
_SHORT = 250

_NAME = re.compile("[0-9a-f]{20}")
_EXCEPTION, _CHOICE = plain(EXCEPTION), plain(CHOICE)
_HEADINGS = {plain(column.heading) for column in COLUMNS}
_TELLING = 4
"""So many of our headings in a row are a heading, though one is missing."""
_WORDS = {word.casefold(): word for word in Choice}


class Chosen(Value, frozen=True):
    """What a row says of an exception."""

    exception: str
    choice: Choice | None
    where: Where


class Choices(Value, frozen=True):
    """What one workbook says of exceptions."""

    rows: tuple[Chosen, ...] = ()
    """One of each exception, in the file's order; not those of `odd` and `twice`."""
    odd: tuple[tuple[str, Where], ...] = ()
    """What stands where a choice should, and is none."""
    twice: tuple[tuple[Where, ...], ...] = ()
    """Rows of one exception that say different things; none of them is taken."""
    nameless: tuple[Where, ...] = ()
    """Rows with a choice and no exception's name."""
    trouble: tuple[str, ...] = ()
    """Why the choices of a sheet could not be read, and what to do, a sentence each."""


class Reading:
    """Looks into a workbook that is open for its decisions."""

    def __init__(self) -> None:
        self.choices = Choices()

    def __call__(self, book: Opened) -> None:
        """Raises what a damaged or hostile file provokes; then nothing was read."""
        lines: list[tuple[str, str, Where]] = []
        trouble = []
        for sheet, part in book.sheets:
            heading = _Heading()
            heading.look(book, part)
            if heading.row:
                lines += _lines(book, sheet, part, heading)
            elif heading.amiss:
                trouble.append(
                    f"The sheet '{sheet}' needs one column with the heading {EXCEPTION} and one with the heading {CHOICE}, so its "
                    "choices were not read: undo what was deleted or added there, save it, then run this again."
                )
        self.choices = _told(lines, tuple(trouble))


class _Found(Exception):
    """The heading, or that of the list of findings."""


class _Heading:
    """The row that heads the table; the same words may stand in several."""

    def __init__(self) -> None:
        self.row = self.name = self.choice = 0
        self.amiss = False
        """Whether most of the heading is there."""

    def told(self, row: int, cells: dict[int, str]) -> None:
        said = [plain(text) for text in cells.values()]
        if any(map(_NAME.fullmatch, said)):
            return
        if said.count(_EXCEPTION) == said.count(_CHOICE) == 1:
            columns = {plain(text): column for column, text in cells.items()}
            self.row, self.name, self.choice = row, columns[_EXCEPTION], columns[_CHOICE]
            raise _Found
        if TABLE.issubset(said):
            raise _Found
        self.amiss |= len(_HEADINGS.intersection(said)) >= _TELLING and (_EXCEPTION in said or _CHOICE in said)

    def look(self, book: Opened, part: str) -> None:
        with contextlib.suppress(_Found):
            book.rows(part, self.told, longest=_SHORT)


def _lines(book: Opened, sheet: str, part: str, heading: _Heading) -> Iterator[tuple[str, str, Where]]:
    """(name, what is chosen, where) of each row of a sheet with such a table, those above the heading too."""
    rows: dict[int, dict[int, str]] = {}

    def told(row: int, cells: dict[int, str]) -> None:
        rows[row] = cells
        if len(rows) > ROWS:
            raise Spent("it has too many rows")

    merged = book.rows(part, told, {heading.name, heading.choice})
    spread(rows, [area for area in merged if area[2] == heading.choice])
    for row, cells in rows.items():
        yield plain(cells.get(heading.name, "")), cells.get(heading.choice, ""), Where(sheet, row, "")


def _told(lines: list[tuple[str, str, Where]], trouble: tuple[str, ...]) -> Choices:
    found: dict[str, list[tuple[str, Where]]] = {}
    nameless = []
    for name, said, where in lines:
        if _NAME.fullmatch(name):
            found.setdefault(name, []).append((said, where))
        elif plain(said) in _WORDS:
            nameless.append(where)
    rows, odd, twice = [], [], []
    for name, sayings in found.items():
        strange = [(clip(said, _SHOWN), where) for said, where in sayings if plain(said) and plain(said) not in _WORDS]
        choices = {_WORDS[plain(said)] for said, _ in sayings if plain(said)} if not strange else set()
        odd += strange
        if len(choices) > 1:
            twice.append(tuple(where for _, where in sayings))
        elif not strange:
            first = next((where for said, where in sayings if plain(said)), sayings[0][1])
            rows.append(Chosen(name, next(iter(choices), None), first))
    return Choices(tuple(rows), tuple(odd), tuple(twice), tuple(nameless), trouble)
