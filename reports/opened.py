"""A workbook that somebody saved, read row by row within bounds: texts as they show; nothing is evaluated, no link followed.

Every program lays a workbook out in its own way (ECMA-376 part 1, 18): texts in the cell, in a list that cells share, in
pieces with looks of their own, or as what a formula came to. A reader of rows sees none of this.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from auditor.mail.enclosures import relations
from auditor.mail.enclosures.budget import Budget, Spent
from auditor.mail.enclosures.dates import Dates
from auditor.mail.enclosures.xml import on, value, walk
from auditor.mail.enclosures.zips import Zip
from auditor.mail.limits import Limits
from reports.sealed import Locked, opened

LARGEST = 100_000_000
"""Bytes of a file; three hundred thousand findings take less than half of it."""
UNPACKED = 600_000_000
"""Bytes of XML, each time that a part is gone through; as many findings take nine tenths of it."""
KEPT = 100_000_000
"""Characters that are handed on of one workbook, and bytes of the texts that its cells share."""
LONGEST = 32_767
"""Characters of one cell: Excel's own limit."""
COLUMNS = 16_384
_STRINGS = 5_000_000
_MERGED = 300_000

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# A package under a password lies in a compound file, in a stream of this name ([MS-OFFCRYPTO] 2.3.4.4).
_SEALED = "EncryptedPackage".encode("utf-16-le")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_ENDS = re.compile("\r\n?")
_RAW = 7 * LONGEST
"""Characters of a cell as it is written: an escaped one takes seven."""

Told = Callable[[int, dict[int, str]], None]
Merged = tuple[int, int, int]
"""The first row and the last of cells that are one, and their first column."""


class Unread(Exception):
    """Nothing can be read from a file; its words follow the file's name in a sentence."""


class Opened:
    """A workbook's sheets. Damage of any kind raises whatever it provokes."""

    def __init__(self, path: Path, password: str | None = None) -> None:
        """Raises `Unread` on what is no workbook, `Spent` on what is too large, OSError where the system refuses."""
        self._package = _package(path, password)
        self.sheets: list[tuple[str, str]] = []
        """Name and part of each in order, hidden ones too."""
        self._kept = 0
        self._dates = Dates()
        book = self._book()
        parts = relations.of(self._package, book)
        self._contents(book, parts)
        places = {kind: relations.target(book, place) for kind, place in parts.values()}
        if "styles" in places:
            walk(self._package.markup(places["styles"]), self._dates.begin, self._dates.end)
        self._strings = _Strings()
        if "sharedStrings" in places:
            _share(self._package.markup(places["sharedStrings"]), self._strings)

    def rows(self, part: str, told: Told, columns: Collection[int] = (), longest: int = LONGEST) -> list[Merged]:
        """Tells the number of every row with something in it, and its texts by the number of the column, from 1.

        Only those columns are told, or all; a text is cut to `longest`. What is merged over rows comes back.
        """
        sheet = _Sheet(self._strings, self._dates, told, columns, longest, self._keep)
        walk(self._package.markup(part), sheet.begin, sheet.end, sheet.said)
        return sheet.merged

    def _keep(self, many: int) -> None:
        self._kept += many
        if self._kept > KEPT:
            raise Spent("it says too much")

    def _book(self) -> str:
        """The part that lists the sheets."""
        roots = relations.of(self._package, "").values()
        book = next((relations.target("", place) for kind, place in roots if kind == "officeDocument"), "")
        # Excel's binary workbook is a package too, and no XML.
        if not book or book.endswith(".bin"):
            raise _other()
        return book

    def _contents(self, book: str, parts: dict[str, tuple[str, str]]) -> None:
        root = ""

        def begin(tag: str, held: dict[str, str]) -> None:
            nonlocal root
            root = root or tag
            if tag == "sheet":
                _, place = parts[value(held, "id")]
                self.sheets.append((held.get("name", ""), relations.target(book, place)))
            elif tag == "workbookPr" and on(value(held, "date1904")):
                self._dates.since_1904()

        walk(self._package.markup(book), begin)
        if root != "workbook":
            raise _other()


def _package(path: Path, password: str | None) -> Zip:
    if not path.is_file():
        raise Unread("is not there: give a workbook's name as the folder shows it.")
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Spent("the file is too large")
    if data.startswith(_OLE) and _SEALED in data:
        data = _unsealed(data, password)
    if data and not data.startswith(b"PK"):
        raise _other()
    return Zip(data, Budget(Limits(inflated=2 * UNPACKED)))


def _unsealed(data: bytes, password: str | None) -> bytes:
    try:
        return opened(data, password)
    except Locked:
        which = "another password than the Chair's" if password else "a password"
        raise Unread(
            f"is locked with {which} and was not read: open it, take the password off, save it, then run this again."
        ) from None


def _other() -> Unread:
    return Unread(
        "is not an Excel workbook (.xlsx): open it in Excel or LibreOffice, save it as an Excel workbook, then run this again."
    )


class _Strings:
    """The texts that cells share, as one run of bytes: a hundred thousand objects would take several times as much."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._ends = array("Q", [0])

    def add(self, text: str) -> None:
        self._data += text.encode("utf-8")
        self._ends.append(len(self._data))
        if len(self._data) > KEPT or len(self._ends) > _STRINGS:
            raise Spent("it says too much")

    def __getitem__(self, at: int) -> str:
        return self._data[self._ends[at] : self._ends[at + 1]].decode("utf-8")


class _Text:
    """The text of one cell or shared text, its pieces put together; what is sounded out above it is left out."""

    def __init__(self, *tags: str) -> None:
        """`tags` are the elements whose text is meant."""
        self._tags = tags
        self._pieces: list[str] = []
        self._size = 0
        self._reads = self._aside = False

    def begin(self, tag: str) -> None:
        if tag == "rPh":
            self._aside = True
        self._reads = tag in self._tags and not self._aside

    def end(self, tag: str) -> None:
        self._reads = False
        if tag == "rPh":
            self._aside = False

    def said(self, text: str) -> None:
        if self._reads and self._size < _RAW:
            self._pieces.append(text)
            self._size += len(text)

    def take(self) -> str:
        """All that was said since the last time."""
        text = "".join(self._pieces)
        self._pieces.clear()
        self._size, self._aside = 0, False
        return text


def _share(pieces: Iterator[bytes], strings: _Strings) -> None:
    text = _Text("t")

    def end(tag: str) -> None:
        text.end(tag)
        if tag == "si":
            strings.add(text.take())

    walk(pieces, lambda tag, _held: text.begin(tag), end, text.said)


class _Sheet:
    """A worksheet's rows. Its methods are for `xml.walk`."""

    def __init__(
        self,
        strings: _Strings,
        dates: Dates,
        told: Told,
        columns: Collection[int],
        longest: int,
        keep: Callable[[int], None],
    ) -> None:
        self.merged: list[Merged] = []
        self._strings, self._dates, self._told = strings, dates, told
        self._columns, self._longest, self._keep = columns, longest, keep
        self._row, self._column = 0, 0
        self._cells: dict[int, str] = {}
        self._text, self._formula = _Text("t", "v"), _Text("f")
        self._inside = False
        self._type, self._style = "", "0"

    def begin(self, tag: str, held: dict[str, str]) -> None:
        if tag == "c":
            self._column = column(held["r"]) if "r" in held else self._column + 1
            self._inside = self._column <= COLUMNS and (not self._columns or self._column in self._columns)
            self._type, self._style = held.get("t", "n"), held.get("s", "0")
        elif tag == "row":
            self._row, self._column = int(held.get("r") or self._row + 1), 0
        elif tag == "mergeCell":
            self._merge(held["ref"])
        elif self._inside:
            self._text.begin(tag)
            self._formula.begin(tag)

    def end(self, tag: str) -> None:
        if tag == "c":
            if self._inside:
                self._cell()
                self._inside = False
        elif tag == "row":
            if self._cells:
                self._told(self._row, self._cells)
                self._cells = {}
        elif self._inside:
            self._text.end(tag)
            self._formula.end(tag)

    def said(self, text: str) -> None:
        if self._inside:
            self._text.said(text)
            self._formula.said(text)

    def _cell(self) -> None:
        raw, formula = self._text.take(), self._formula.take()
        if not raw:
            # A formula that no program has worked out yet: what was typed is all there is.
            shown = "=" + formula if formula else ""
        elif self._type == "s":
            shown = _unescaped(self._strings[int(raw)])
        elif self._type in ("inlineStr", "str"):
            shown = _unescaped(raw)
        elif self._type == "b":
            shown = "TRUE" if raw == "1" else "FALSE"
        else:
            shown = self._dates.shown(raw, int(self._style)) if self._type == "n" else raw
        if shown:
            self._cells[self._column] = shown = shown[: self._longest]
            if self._columns:
                self._keep(len(shown))

    def _merge(self, area: str) -> None:
        first, _, last = area.partition(":")
        top, bottom = (int(corner.lstrip(_LETTERS)) for corner in (first, last or first))
        if bottom > top:
            self.merged.append((top, bottom, column(first)))
            if len(self.merged) > _MERGED:
                raise Spent("it has too many merged cells")


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "0123456789"


def column(cell: str) -> int:
    """The number of a cell's column, from 1."""
    number = 0
    for letter in cell.rstrip(_DIGITS):
        number = number * 26 + _LETTERS.index(letter) + 1
    return number


def _unescaped(text: str) -> str:
    """What a file may not hold as it is stands there by its code (ECMA-376 22.9.2.19); lines end in one way."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _ENDS.sub("\n", text) if "\r" in text else text
