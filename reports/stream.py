"""Rows as they go into the file: written one by one into the sheets that openpyxl has drawn.

openpyxl keeps every cell as an object, or writes it through an XML tree; many thousand findings would take it
minutes and a machine's memory. A row here is one string (ECMA-376 18.3.1.73), with the looks openpyxl gave.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import tostring

from reports.book import Book, Column, Level, Tail, lines
from reports.cells import serial, shown
from reports.fit import points
from reports.style import SIZE, Value

_DIMENSION = re.compile(rb'<dimension ref="A1:([A-Z]+)\d+"')
_END = b"</sheetData>"
_CHUNK = 200
_LEVELS = {Level.PLAIN: "", Level.FIRST: ' collapsed="1"', Level.FOLDED: ' hidden="1" outlineLevel="1"'}
_REMEMBERED = 2048


def save(book: Book, to: IO[bytes], written: datetime) -> None:
    """Writes the workbook; the same book and moment give the same bytes."""
    drawn = BytesIO()
    book.workbook.properties.created = written
    with ZipFile(drawn, "w") as archive:
        _InMemory(book, archive).write_data()
    book.workbook.properties.modified = written
    tails = {f"xl/worksheets/sheet{n}.xml": book.tails.get(s.title) for n, s in enumerate(book.workbook.worksheets, 1)}
    with ZipFile(drawn) as skeleton, ZipFile(to, "w", ZIP_DEFLATED) as file:
        for member in skeleton.namelist():
            content = skeleton.read(member)
            if member == "docProps/core.xml":
                content = tostring(book.workbook.properties.to_tree())
            with file.open(_entry(member, written), "w") as out:
                for chunk in _filled(content, tails.get(member)):
                    out.write(chunk)


class _InMemory(ExcelWriter):
    """openpyxl writes each sheet into the temporary folder first, where a kill leaves it for anybody who finds it."""

    def __init__(self, book: Book, archive: ZipFile) -> None:
        super().__init__(book.workbook, archive)
        self._tails = book.tails

    def write_worksheet(self, ws: Worksheet) -> None:
        """As openpyxl does it, but for the file, and with the links of streamed rows: relations, never formulas."""
        ws._drawing = SpreadsheetDrawing()  # type: ignore[attr-defined]
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images  # type: ignore[attr-defined]
        writer = WorksheetWriter(ws, BytesIO())
        if tail := self._tails.get(ws.title):
            ws._hyperlinks += [Hyperlink(cell, target=target) for cell, target in tail.links]  # type: ignore[attr-defined]
        writer.write()
        ws._rels = writer._rels  # type: ignore[attr-defined]
        self._archive.writestr(ws.path[1:], writer.read())  # type: ignore[attr-defined]
        self.manifest.append(ws)


def _entry(name: str, written: datetime) -> ZipInfo:
    entry = ZipInfo(name, max(written.timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
    entry.compress_type = ZIP_DEFLATED
    # What ZipFile was told of levels does not reach an entry made by hand. Level 1 makes a
    # long workbook a tenth larger and writes it in half the time.
    entry._compresslevel = 1  # type: ignore[attr-defined]
    entry.external_attr = 0o600 << 16
    return entry


def _filled(sheet: bytes, tail: Tail | None) -> Iterator[bytes]:
    """A sheet's XML with its rows in place."""
    if tail is None:
        yield sheet
        return
    before, end, after = sheet.partition(_END)
    yield _DIMENSION.sub(lambda match: _extent(match[1].decode(), tail), before, count=1)
    rows = _lines(tail)
    while chunk := "".join(islice(rows, _CHUNK)):
        yield chunk.encode("utf-8")
    yield end + after


def _extent(width: str, tail: Tail) -> bytes:
    """How far a sheet reaches, its streamed rows included."""
    columns = max(column_index_from_string(width), len(tail.columns))
    return f'<dimension ref="A1:{get_column_letter(columns)}{tail.top + tail.many - 1}"'.encode()


def _lines(tail: Tail) -> Iterator[str]:
    """Each row as XML."""
    starts = [f'<c r="{get_column_letter(n)}' for n in range(1, len(tail.columns) + 1)]
    columns = [_Drawn(*plan) for plan in zip(tail.columns, tail.styles, tail.marked, strict=True)]
    for number, (row, level) in enumerate(zip(tail.rows(), tail.levels(), strict=True), tail.top):
        drawn = [column[value] for column, value in zip(columns, row, strict=True)]
        cells = "".join([f"{start}{number}{cell}" for start, (cell, _) in zip(starts, drawn, strict=True)])
        yield f'<row r="{number}" ht="{points(max([many for _, many in drawn]), SIZE):g}"{_LEVELS[level]}>{cells}</row>'


class _Drawn(dict[Value, tuple[str, int]]):
    """One column's values, each with its cell from the style on, and the lines it takes; forgets all when there are many.

    Much of what is said is said of many: it is drawn once.
    """

    def __init__(self, column: Column, style: int, marked: Mapping[str, int]) -> None:
        self._column, self._style, self._marked = column, style, marked

    def __missing__(self, value: Value) -> tuple[str, int]:
        if len(self) >= _REMEMBERED:
            self.clear()
        style = self._marked.get(str(value), self._style) if self._marked else self._style
        drawn = _cell(f'" s="{style}"', value), lines(self._column, value)
        self[value] = drawn
        return drawn


def _cell(start: str, value: Value) -> str:
    """A cell from its style on; text is an inline string, which no program evaluates."""
    if value is None or value == "":
        return start + "/>"
    if isinstance(value, str):
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{escape(shown(value))}</t></is></c>'
    if isinstance(value, date):
        value = serial(value)
    return f"{start}><v>{value!r}</v></c>"
