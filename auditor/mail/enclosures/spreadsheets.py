"""The cells of an older Excel workbook (MS-XLS), its hidden sheets, and its macro sheets."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.enclosures.dates import Dates
from auditor.mail.enclosures.sheet import COLUMNS, darken
from auditor.mail.enclosures.strings import shared, text
from auditor.mail.enclosures.workbook import HIDDEN_CELLS, LIST_COLUMNS, filled
from auditor.mail.message import Risk

_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _SST, _CONTINUE = 0x0809, 0x000A, 0x002F, 0x0085, 0x00FC, 0x003C
_LABELSST, _NUMBER, _RK, _MULRK, _LABEL, _STRING, _FORMULA = 0x00FD, 0x0203, 0x027E, 0x00BD, 0x0204, 0x0207, 0x0006
_ROW, _COLINFO, _XF, _FORMAT, _1904, _LISTS = 0x0208, 0x007D, 0x00E0, 0x041E, 0x0022, 0x01BE
_ROW_HIDDEN = 0x20


def read(stream: bytes, seen: Look, budget: Budget) -> None:
    """Every sheet's cells, a line a row."""
    book = _Book()
    for kind, data in _records(stream):
        if kind == _FILEPASS:
            seen.add(Risk.LOCKED, "is behind a password")
            seen.unread = "a document behind a password"
            return
        book.take(kind, data)
    book.close()
    seen.say(book.lines, budget)
    if book.macro_sheet:
        seen.add(Risk.MACRO, "holds a sheet of macros")
    for name, cells, widest in book.hidden:
        if not (widest <= LIST_COLUMNS and book.chosen):
            seen.add(Risk.HIDDEN, f"has a hidden sheet, '{name}', with {filled(cells)}")
    if book.hidden_rows >= HIDDEN_CELLS:
        seen.add(Risk.HIDDEN, f"has {book.hidden_rows:,} hidden rows")
    if book.in_hidden_columns >= HIDDEN_CELLS:
        seen.add(Risk.HIDDEN, f"has hidden columns, with {filled(book.in_hidden_columns)}")


def _records(stream: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Each record with those that go on with it."""
    held: tuple[int, list[bytes]] | None = None
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        data = stream[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == _CONTINUE and held is not None:
            held[1].append(data)
            continue
        if held is not None:
            yield held
        held = (kind, [data])
    if held is not None:
        yield held


class _Book:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.hidden: list[tuple[str, int, int]] = []
        self.hidden_rows = self.in_hidden_columns = 0
        self.macro_sheet = self.chosen = False
        self._sheets: list[tuple[str, bool]] = []
        self._strings: list[str] = []
        self._dates = Dates()
        self._sheet = -2  # the first stretch is the book's own
        self._depth = 0
        self._row = -1
        self._cells: list[str] = []
        self._count = self._widest = 0
        self._dark_rows: set[int] = set()
        self._dark_columns = bytearray(COLUMNS)

    def take(self, kind: int, pieces: list[bytes]) -> None:
        data = pieces[0]
        if kind == _BOF:
            self._begin()
        elif kind == _EOF:
            self._depth -= 1
            if self._depth == 0:
                self.close()
        elif kind == _BOUNDSHEET:
            state, sort = data[4] & 3, data[5]
            self.macro_sheet = self.macro_sheet or sort == 1
            self._sheets.append((text(data, 6), state != 0))
        elif kind == _SST:
            self._strings = shared(pieces)
        elif kind == _XF:
            self._dates.style(struct.unpack_from("<H", data, 2)[0])
        elif kind == _FORMAT:
            self._dates.format(struct.unpack_from("<H", data)[0], text(data, 2, wide=True))
        elif kind == _1904 and data[:2] == b"\x01\x00":
            self._dates.since_1904()
        elif kind == _LISTS:
            self.chosen = True
        elif self._sheet >= 0:
            self._cell(kind, data)

    def _begin(self) -> None:
        # A chart inside a sheet has a beginning and an end of its own.
        self._depth += 1
        if self._depth == 1:
            self._sheet += 1
            if self._sheet >= 0:
                self.lines.append(f"{self._name()}\n")
            self._dark_rows, self._dark_columns = set(), bytearray(COLUMNS)
            self._count = self._widest = 0

    def _name(self) -> str:
        return self._sheets[self._sheet][0] if self._sheet < len(self._sheets) else ""

    def _cell(self, kind: int, data: bytes) -> None:
        if kind == _ROW:
            row, flags = struct.unpack_from("<H10xI", data) if len(data) >= 16 else (0, 0)
            if flags & _ROW_HIDDEN:
                self._dark_rows.add(row)
        elif kind == _COLINFO:
            first, last, _width, _style, flags = struct.unpack_from("<HHHHH", data)
            if flags & 1:
                darken(self._dark_columns, first, last)
        elif kind in (_LABELSST, _NUMBER, _RK, _LABEL, _FORMULA):
            row, column, style = struct.unpack_from("<HHH", data)
            self._put(row, column, self._shown(kind, data, style))
        elif kind == _MULRK:
            row, column = struct.unpack_from("<HH", data)
            for n in range((len(data) - 6) // 6):
                style, packed = struct.unpack_from("<HI", data, 4 + 6 * n)
                self._put(row, column + n, self._dates.shown(_rk(packed), style))
        elif kind == _STRING and self._row >= 0:
            self._cells.append(text(data, 0, wide=True))

    def _shown(self, kind: int, data: bytes, style: int) -> str:
        if kind == _LABELSST:
            at = struct.unpack_from("<I", data, 6)[0]
            return self._strings[at] if at < len(self._strings) else ""
        if kind == _LABEL:
            return text(data, 6, wide=True)
        if kind == _RK:
            return self._dates.shown(_rk(struct.unpack_from("<I", data, 6)[0]), style)
        if kind == _FORMULA and data[12:14] == b"\xff\xff":
            return ""  # a text, in the record after it
        return self._dates.shown(_number(struct.unpack_from("<d", data, 6)[0]), style)

    def _put(self, row: int, column: int, shown: str) -> None:
        if row != self._row:
            self._line()
            self._row = row
        if shown.strip():
            self._cells.append(shown)
            self._count += 1
            self.in_hidden_columns += column < COLUMNS and self._dark_columns[column]

    def _line(self) -> None:
        if self._cells:
            self.hidden_rows += self._row in self._dark_rows
            self._widest = max(self._widest, len(self._cells))
            self.lines.append("\t".join(self._cells) + "\n")
        self._cells, self._row = [], -1

    def close(self) -> None:
        """A sheet ends."""
        self._line()
        if 0 <= self._sheet < len(self._sheets) and self._count:
            name, dark = self._sheets[self._sheet]
            if dark:
                self.hidden.append((name, self._count, self._widest))
        self._count = 0


def _rk(packed: int) -> str:
    if packed & 2:
        value = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        value = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0]
    return _number(value / 100 if packed & 1 else value)


def _number(value: float) -> str:
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(value)
