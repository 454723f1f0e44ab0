"""One worksheet read as it comes: a line of text a row, and what of it is hidden."""

from __future__ import annotations

from auditor.mail.enclosures.dates import Dates
from auditor.mail.enclosures.xml import on, value

_MOST_LINES = 1_000_000
COLUMNS = 16_385
"""One more than Excel has: they are counted from 1."""


class Sheet:
    """What a worksheet says. Give its methods to `xml.walk`."""

    def __init__(self, strings: list[str], dates: Dates) -> None:
        self.lines: list[str] = []
        self.cells = 0
        """Filled cells."""
        self.hidden_rows = 0
        """Hidden rows with something in them."""
        self.in_hidden_columns = 0
        """Filled cells in hidden columns."""
        self.widest = 0
        """Filled cells of the fullest row."""
        self.choices: list[str] = []
        """The formulas that say from which cells others may be filled."""
        self._strings, self._dates = strings, dates
        self._columns = bytearray(COLUMNS)
        self._row: list[str] = []
        self._row_hidden = False
        self._type = ""
        self._style = 0
        self._column = 0
        self._text: list[str] = []
        self._reads = False
        self._choosing = False
        self._kept = 0

    def begin(self, tag: str, held: dict[str, str]) -> None:
        """An element begins."""
        if tag == "c":
            self._type = held.get("t", "")
            self._style = int(held.get("s") or 0)
            self._column = _column(held.get("r", ""), self._column)
            self._text = []
        elif tag in ("v", "t"):
            self._reads = True
        elif tag == "row":
            self._row, self._row_hidden, self._column = [], on(held.get("hidden", "")), 0
        elif tag == "col" and on(held.get("hidden", "")):
            darken(self._columns, int(value(held, "min") or 0), int(value(held, "max") or 0))
        elif tag == "dataValidation":
            self._choosing = True
        elif tag in ("formula1", "f") and self._choosing:
            self._text, self._reads = [], True

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in ("v", "t"):
            self._reads = False
        elif tag == "c":
            self._cell()
        elif tag == "row" and self._row:
            self._line()
        elif tag == "dataValidation":
            self._choosing = self._reads = False
            self.choices.append("".join(self._text))

    def said(self, text: str) -> None:
        """Text between elements."""
        if self._reads:
            self._text.append(text)

    def _cell(self) -> None:
        shown = "".join(self._text)
        if not shown:
            return
        if self._type == "s":
            at = int(shown) if shown.isdecimal() else -1
            shown = self._strings[at] if 0 <= at < len(self._strings) else ""
        elif self._type == "b":
            shown = "TRUE" if shown == "1" else "FALSE"
        elif self._type in ("", "n"):
            shown = self._dates.shown(shown, self._style)
        if not shown.strip():
            return
        self.cells += 1
        if self._column < COLUMNS:
            self.in_hidden_columns += self._columns[self._column]
        self._row.append(shown)

    def _line(self) -> None:
        self.hidden_rows += self._row_hidden
        self.widest = max(self.widest, len(self._row))
        if self._kept < _MOST_LINES:
            line = "\t".join(self._row) + "\n"
            self._kept += len(line)
            self.lines.append(line)


def darken(columns: bytearray, first: int, last: int) -> None:
    """Notes that columns are hidden, the last included."""
    first, last = max(0, min(first, COLUMNS)), min(last + 1, COLUMNS)
    columns[first:last] = b"\x01" * max(0, last - first)


def _column(reference: str, before: int) -> int:
    """The number of a cell's column, from 1; the next one where the cell does not say."""
    number = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number or before + 1
