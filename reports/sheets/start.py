"""The first sheet: whether all is well, what needs its reader, what changed, and where the rest stands. One page."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.cell.cell import Cell
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from reports import fit, style
from reports.book import Book
from reports.report import WeekReport
from reports.start import HOW, MEANINGS, TITLE, Light, Start, start
from reports.style import Look, Value

SHEETS = {
    "Findings": "each one, and your decision",
    "People": "what was found in each mailbox",
    "Clauses": "the policy, clause by clause",
    "Sample": "messages without a finding",
    "Exceptions": "what is listed no more",
    "Coverage": "what was read, and what was not",
    "Not read": "each such message, and why",
    "Searches and holds": "what was done with mail",
    "Assertion 10": "evidence for the yearly return",
    "Rules": "what is looked for, and what is not",
    "Policy": "the Council's own text",
}
"""What each of the others is for."""

_WIDTHS = (5.0, 45.0, 25.0, 25.0, 34.0, 16.0)
"""A number, then halves and thirds of the page, and a link at its end."""
_WHOLE, _NEEDS, _LEFT, _RIGHT = (1, 6), (2, 5), (1, 3), (4, 6)
_THIRDS = ((1, 2), (3, 4), (5, 6))
_GO = (6, 6)
_GAP = 7.0
"""Points of a row between two parts."""
_TIGHT = 2.0
"""Points by which lines stand closer than in a table."""

LIGHTS = {
    Light.GREEN: Look(bold=True, size=13, ink="FFFFFF", fill="2F6B3A", down="center", indent=1, quote=True),
    Light.AMBER: Look(bold=True, size=13, ink=style.INK, fill="F9C74F", down="center", indent=1, quote=True),
    Light.RED: Look(bold=True, size=13, ink="FFFFFF", fill="8B1A1A", down="center", indent=1, quote=True),
}
"""Dark, light and dark again: on a grey print the words in them tell one from another."""
_NEED = Look(line=style.RULE, quote=True)
_NUMBER = Look(bold=True, ink=style.NAVY, line=style.RULE, across="center")
_GO_TO = Look(ink=style.LINK.ink, line=style.RULE, quote=True)


def draw(book: Book, report: WeekReport) -> None:
    """The sheet. It is drawn after the others, because it lists those that there are."""
    others = [title for title in book.workbook.sheetnames if title in SHEETS]
    sheet = book.sheet(TITLE, _WIDTHS)
    sheet.sheet_view.zoomScale = 100
    sheet.page_setup.fitToHeight = 1
    page = start(report)
    row = _heading(sheet, page)
    row = _needs(sheet, row, page, others)
    row = _say(sheet, _gap(sheet, row), page.figures, style.SECTION)
    for said in page.changed:
        row = _say(sheet, row, said, style.PLAIN)
    row = _how(sheet, _gap(sheet, row))
    row = _contents(sheet, _gap(sheet, row), others)
    if page.seal:
        _say(sheet, _gap(sheet, row), page.seal, style.SMALL)


def _heading(sheet: Worksheet, page: Start) -> int:
    row = _say(sheet, 1, page.council, style.TITLE)
    row = _say(sheet, row, page.week, style.SUBTITLE)
    row = _gap(sheet, _say(sheet, row, page.about, style.SMALL))
    row = _say(sheet, row, f"{page.light.value}.  {page.verdict}", LIGHTS[page.light])
    sheet.row_dimensions[row - 1].height = (sheet.row_dimensions[row - 1].height or 0) + _GAP
    return _gap(sheet, row)


def _needs(sheet: Worksheet, row: int, page: Start, others: Sequence[str]) -> int:
    """Each with a number to speak of it by, and a link to where it is done."""
    row = _say(sheet, row, "What needs you", style.SECTION)
    if not page.needs:
        return _say(sheet, row, "Nothing.", style.PLAIN)
    for number, line in enumerate(page.needs, 1):
        _put(sheet, row, (1, 1), number, _NUMBER)
        _put(sheet, row, _NEEDS, line.said, _NEED)
        there = line.sheet in others
        _put(sheet, row, _GO, f"Go to {line.sheet}" if there else None, _GO_TO)
        if there:
            _link(sheet, row, _GO, line.sheet)
        row += 1
    return row


def _how(sheet: Worksheet, row: int) -> int:
    """What there is to do, beside what the decisions mean."""
    _put(sheet, row, _LEFT, "How to use this workbook", style.SECTION)
    _put(sheet, row, _RIGHT, "What the decisions mean", style.SECTION)
    for at, (how, means) in enumerate(zip(HOW, MEANINGS, strict=True), row + 1):
        _put(sheet, at, _LEFT, how, style.PLAIN)
        _put(sheet, at, _RIGHT, means, style.PLAIN)
    return row + 1 + len(HOW)


def _contents(sheet: Worksheet, row: int, others: Sequence[str]) -> int:
    """The other sheets, down one column after another."""
    row = _say(sheet, row, "The other sheets", style.SECTION)
    high = -(-len(others) // len(_THIRDS))
    for number, title in enumerate(others):
        at, third = row + number % high, _THIRDS[number // high]
        _put(sheet, at, third, f"{title}: {SHEETS[title]}", style.LINK)
        _link(sheet, at, third, title)
    return row + high


def _say(sheet: Worksheet, row: int, text: str, look: Look) -> int:
    """Text across the page; the number of the row after it."""
    _put(sheet, row, _WHOLE, text, look)
    return row + 1


def _put(sheet: Worksheet, row: int, columns: tuple[int, int], value: Value, look: Look) -> None:
    """A value across some columns; the row is made as high as it needs."""
    first, last = columns
    cells = [cell for cell in next(sheet.iter_rows(row, row, first, last)) if isinstance(cell, Cell)]
    for cell in cells:
        style.dress(cell, look)
    style.put(cells[0], value, look)
    if first < last:
        sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
    room = look.room(sum(_WIDTHS[first - 1 : last]))
    many = fit.lines(value, room) if isinstance(value, str) else 1
    height = fit.points(many, look.size) - _TIGHT
    sheet.row_dimensions[row].height = max(sheet.row_dimensions[row].height or 0, height)


def _link(sheet: Worksheet, row: int, columns: tuple[int, int], to: str) -> None:
    """The workbook's own links; none is ever made from mail."""
    cell = sheet.cell(row, columns[0])
    if isinstance(cell, Cell):
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{to}'!A1", display=to)


def _gap(sheet: Worksheet, row: int) -> int:
    sheet.row_dimensions[row].height = _GAP
    return row + 1
