"""Rows as they go into the file: written one by one into the sheets that openpyxl has drawn.

openpyxl keeps every cell as an object, or writes it through an XML tree; many thousand findings would take it
minutes and a machine's memory. A row here is one string (ECMA-376 18.3.1.73), with the looks openpyxl gave.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.xml.functions import tostring

from reports.book import Book, Tail, height
from reports.cells import serial, shown
from reports.style import Value

_DIMENSION = re.compile(rb'<dimension ref="A1:([A-Z]+)\d+"')
_END = b"</sheetData>"
_CHUNK = 200


def save(book: Book, to: IO[bytes], written: datetime) -> None:
    """Writes the workbook; the same book and moment give the same bytes."""
    drawn = BytesIO()
    book.workbook.properties.created = written
    book.workbook.save(drawn)
    book.workbook.properties.modified = written
    tails = {f"xl/worksheets/sheet{n}.xml": book.tails.get(s.title) for n, s in enumerate(book.workbook.worksheets, 1)}
    with ZipFile(drawn) as skeleton, ZipFile(to, "w", ZIP_DEFLATED, compresslevel=4) as file:
        for member in skeleton.namelist():
            content = skeleton.read(member)
            if member == "docProps/core.xml":
                content = tostring(book.workbook.properties.to_tree())
            with file.open(_entry(member, written), "w") as out:
                for chunk in _filled(content, tails.get(member)):
                    out.write(chunk)


def _entry(name: str, written: datetime) -> ZipInfo:
    entry = ZipInfo(name, max(written.timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _filled(sheet: bytes, tail: Tail | None) -> Iterator[bytes]:
    """A sheet's XML with its rows in place."""
    if tail is None:
        yield sheet
        return
    before, end, after = sheet.partition(_END)
    yield _DIMENSION.sub(lambda match: _extent(match[1].decode(), tail), before, count=1)
    lines = _lines(tail)
    while chunk := "".join(islice(lines, _CHUNK)):
        yield chunk.encode("utf-8")
    yield end + after


def _extent(width: str, tail: Tail) -> bytes:
    """How far a sheet reaches, its streamed rows included."""
    columns = max(column_index_from_string(width), len(tail.columns))
    return f'<dimension ref="A1:{get_column_letter(columns)}{tail.top + tail.many - 1}"'.encode()


def _lines(tail: Tail) -> Iterator[str]:
    """Each row as XML."""
    letters = [get_column_letter(n) for n in range(1, len(tail.columns) + 1)]
    plan = list(zip(letters, tail.styles, tail.marked, strict=True))
    for number, row in enumerate(tail.rows(), tail.top):
        cells = [
            _cell(f'<c r="{letter}{number}" s="{marked.get(str(value), look) if marked else look}"', value)
            for (letter, look, marked), value in zip(plan, row, strict=True)
        ]
        yield f'<row r="{number}" ht="{height(tail.columns, row):g}">{"".join(cells)}</row>'


def _cell(start: str, value: Value) -> str:
    """One cell; text is an inline string, which no program evaluates."""
    if value is None or value == "":
        return start + "/>"
    if isinstance(value, str):
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{escape(shown(value))}</t></is></c>'
    if isinstance(value, date):
        value = serial(value)
    return f"{start}><v>{value!r}</v></c>"
