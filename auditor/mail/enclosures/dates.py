"""Which numbers in a workbook are dates, by the formats of its styles (ECMA-376 part 1, 18.8.30)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from auditor.mail.enclosures.xml import value

_BUILT_IN = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_ASIDE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_LATEST = 2_958_466


class Dates:
    """The formats of a workbook's cells."""

    def __init__(self) -> None:
        self._first = datetime(1899, 12, 30)  # noqa: DTZ001 - a day, of no zone
        self._formats: set[int] = set(_BUILT_IN)
        self._cells: list[bool] = []
        self._in_cells = False

    def since_1904(self) -> None:
        """Days are counted from another day on, as the first Macs did."""
        self._first = datetime(1904, 1, 1)  # noqa: DTZ001 - as above

    def begin(self, tag: str, held: dict[str, str]) -> None:
        """An element of the styles part begins."""
        if tag == "numFmt":
            self.format(int(value(held, "numFmtId") or 0), value(held, "formatCode"))
        elif tag == "cellXfs":
            self._in_cells = True
        elif tag == "xf" and self._in_cells:
            self.style(int(value(held, "numFmtId") or 0))

    def end(self, tag: str) -> None:
        """An element of the styles part ends."""
        if tag == "cellXfs":
            self._in_cells = False

    def format(self, number: int, code: str) -> None:
        """A format by its number and code."""
        shown = _ASIDE.sub("", code.lower())
        if any(letter in shown for letter in "dy") or "h:m" in shown:
            self._formats.add(number)

    def style(self, number: int) -> None:
        """The next style of cells has the format of this number."""
        self._cells.append(number in self._formats)

    def shown(self, number: str, style: int) -> str:
        """A cell's number as it is read: a day where its style says so."""
        if not (0 <= style < len(self._cells) and self._cells[style]):
            return number
        try:
            days = float(number)
        except ValueError:
            return number
        if not 0 <= days < _LATEST:
            return number
        moment = self._first + timedelta(days=days)
        if days < 1:
            return moment.strftime("%H:%M")
        return moment.strftime("%d/%m/%Y" if days == int(days) else "%d/%m/%Y %H:%M")
