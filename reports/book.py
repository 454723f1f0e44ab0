"""A workbook being drawn: sheets with their print set-up, lines of text, tables, and rows left to be streamed.

openpyxl draws everything that is small. A table that may be long is only announced here, with its heading, widths,
filter and looks; `stream` adds its rows while the file is written, so that memory does not grow with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice, repeat
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import Outline, PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports import fit, style
from reports.cells import shown
from reports.style import Look, Value

ROWS_A_SHEET = 200_000
"""Excel stops at 1,048,576; people long before."""

LINKS_A_SHEET = 5_000
"""Excel takes many more, each with a relationship of its own that slows the opening."""

_WRITER = "mailbox auditor"
_NOTE = (150, 300)
"""Height and width of what a heading tells, in pixels."""
_PRIVATE = "Private: for those whom the policy names"

Row = Sequence[Value]


class Level(Enum):
    """How a row is grouped."""

    PLAIN = "plain"
    FIRST = "first"
    """The rows below it are folded away; its plus sign opens them."""
    FOLDED = "folded"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    heading: str
    width: float
    """In widths of a digit."""
    look: Look = style.TEXT
    looks: Mapping[str, Look] = field(default_factory=dict)
    """Another look for some texts."""
    choices: tuple[str, ...] = ()
    """What may be chosen from a list in this column."""
    printed: bool = True
    """Columns that are not printed stand after those that are."""
    folded: bool = False
    """Folded away at first look; the plus sign above the column before it opens it."""
    link: Callable[[Any], str] | None = None
    """Where the cell of an item leads to, as far as `linked`; empty for nowhere. Nothing of mail: see `links`."""
    note: str = ""
    """What the heading tells whoever points at it."""
    room: float = field(init=False)
    """What fits on a line."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "room", self.look.room(self.width))


@dataclass(frozen=True, slots=True)
class Tail:
    """Rows to be streamed below what is drawn."""

    top: int
    """The first row's number."""
    many: int
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Row]]
    styles: tuple[int, ...]
    """The style number of each column."""
    marked: tuple[Mapping[str, int], ...]
    """Of each column: the style numbers of texts with a look of their own."""
    levels: Callable[[], Iterator[Level]]
    """How each row is grouped."""
    links: tuple[tuple[str, str], ...] = ()
    """Cells that lead out of the workbook, and where to."""


@dataclass(slots=True)
class Book:
    """One workbook and its tails, by sheet title."""

    council: str
    name: str
    """What the pages are headed with: 'Audit 2026-W47'."""
    workbook: Workbook = field(default_factory=lambda: _blank())
    tails: dict[str, Tail] = field(default_factory=dict)

    def sheet(self, title: str, widths: Sequence[float] = ()) -> Worksheet:
        """A new last sheet, set up for A4 paper."""
        sheet: Worksheet = self.workbook.create_sheet(title)
        for number, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        _page(sheet, self.council, self.name)
        return sheet

    def rows(
        self,
        sheet: Worksheet,
        top: int,
        columns: Sequence[Column],
        items: Sequence[Any],
        line: Callable[[int, Any], Row],
        level: Callable[[Any], Level] | None = None,
    ) -> None:
        """A table to the end of the sheet whose rows are streamed; `line` makes a row of (number from 1, item), and
        `level` says how an item's row is grouped.

        More rows than a sheet should hold go on in further sheets, 'Findings 2', with the same heading.
        """
        title = sheet.title
        for part, start in enumerate(range(0, max(len(items), 1), ROWS_A_SHEET)):
            many = min(ROWS_A_SHEET, len(items) - start)
            if part:
                sheet, top = self.sheet(f"{title} {part + 1}", [column.width for column in columns]), 1
            head(sheet, top, columns)
            _frame(sheet, top, columns, many)
            if level:
                sheet.sheet_format.outlineLevelRow = 1

            def rows(start: int = start, many: int = many) -> Iterator[Row]:
                return (line(start + n, item) for n, item in enumerate(islice(items, start, start + many), 1))

            def levels(start: int = start, many: int = many) -> Iterator[Level]:
                return map(level, islice(items, start, start + many)) if level else repeat(Level.PLAIN, many)

            self.tails[sheet.title] = Tail(
                top + 1,
                many,
                tuple(columns),
                rows,
                tuple(_style(sheet, column.look) for column in columns),
                tuple({text: _style(sheet, look) for text, look in column.looks.items()} for column in columns),
                levels,
                tuple(_links(top, columns, items[start : start + min(many, LINKS_A_SHEET)])),
            )


def linked(number: int) -> bool:
    """Whether the row of this number (from 1) of a long table may hold a link: the first of each sheet do."""
    return (number - 1) % ROWS_A_SHEET < LINKS_A_SHEET


def say(sheet: Worksheet, row: int, text: str, look: Look, columns: int) -> int:
    """A line of text across `columns`, as high as it needs; the number of the row after it."""
    width = sum(sheet.column_dimensions[get_column_letter(n)].width for n in range(1, columns + 1))
    for number in range(1, columns + 1):
        style.dress(_cell(sheet, row, number), look)
    style.put(_cell(sheet, row, 1), text, look)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
    sheet.row_dimensions[row].height = fit.points(fit.lines(text, look.room(width)), look.size)
    return row + 1


def table(sheet: Worksheet, top: int, columns: Sequence[Column], rows: Sequence[Row]) -> int:
    """A small table with its heading at `top`; the number of the row after it."""
    head(sheet, top, columns)
    for number, row in enumerate(rows, top + 1):
        for place, (column, value) in enumerate(zip(columns, row, strict=True), 1):
            look = column.looks.get(value, column.look) if isinstance(value, str) else column.look
            style.put(_cell(sheet, number, place), value, look)
        sheet.row_dimensions[number].height = height(columns, row)
    return top + len(rows) + 1


def head(sheet: Worksheet, row: int, columns: Sequence[Column]) -> None:
    """A table's heading."""
    for number, column in enumerate(columns, 1):
        look = style.HEAD_NUMBER if column.look.across == "right" else style.HEAD
        style.put(_cell(sheet, row, number), column.heading, look)
        if column.note:
            _cell(sheet, row, number).comment = Comment(column.note, _WRITER, height=_NOTE[0], width=_NOTE[1])
    many = max(fit.lines(column.heading, style.HEAD.room(column.width)) for column in columns)
    sheet.row_dimensions[row].height = fit.points(many, style.SIZE) + 6


def height(columns: Sequence[Column], row: Row) -> float:
    """Points that a row of a table needs."""
    return fit.points(max(lines(column, value) for column, value in zip(columns, row, strict=True)), style.SIZE)


def lines(column: Column, value: Value) -> int:
    """Lines that a value takes in a cell of a column."""
    return fit.lines(value, column.room) if isinstance(value, str) and value and column.look.wrap else 1


def _frame(sheet: Worksheet, top: int, columns: Sequence[Column], many: int) -> None:
    """Filter, lists to choose from, and what is printed of a streamed table."""
    last = top + max(many, 1)
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(columns))}{last}"
    for number, column in enumerate(columns, 1):
        if column.choices and many:
            letter = get_column_letter(number)
            choice = DataValidation("list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            choice.error, choice.errorTitle = "Please choose one of: " + ", ".join(column.choices) + ".", "Decision"
            choice.add(f"{letter}{top + 1}:{letter}{last}")
            sheet.add_data_validation(choice)
    for number, column in enumerate(columns, 1):
        if column.folded:
            size = sheet.column_dimensions[get_column_letter(number)]
            size.outlineLevel, size.hidden = 1, True
            sheet.column_dimensions.max_outline = 1  # asked for before openpyxl reckons it
            if not columns[number - 2].folded:
                sheet.column_dimensions[get_column_letter(number - 1)].collapsed = True
    if top == 1:
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"
    printed = sum(column.printed for column in columns)
    if printed < len(columns):
        sheet.print_area = f"A1:{get_column_letter(printed)}{last}"


def _links(top: int, columns: Sequence[Column], items: Sequence[Any]) -> Iterator[tuple[str, str]]:
    for place, column in enumerate(columns, 1):
        if column.link:
            for number, item in enumerate(items, top + 1):
                if target := column.link(item):
                    yield f"{get_column_letter(place)}{number}", target


def _blank() -> Workbook:
    """A workbook without sheets in the product's type face."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    normal = workbook._named_styles["Normal"]  # type: ignore[attr-defined]
    normal.font = Font(name=style.FACE, size=style.SIZE, color=style.INK)
    normal.alignment = Alignment(vertical="top")
    return workbook


def _page(sheet: Worksheet, council: str, name: str) -> None:
    """A4 across, one page wide, the heading on every page, the council's name and page numbers below."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 110
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    # A plus sign stands before what it opens: above its rows, left of its columns.
    sheet.sheet_properties.outlinePr = Outline(summaryBelow=False, summaryRight=False)
    margins = sheet.page_margins
    margins.left = margins.right = 0.35
    margins.top, margins.bottom, margins.header, margins.footer = 0.65, 0.65, 0.3, 0.3
    top, bottom = sheet.HeaderFooter.oddHeader, sheet.HeaderFooter.oddFooter
    for item, places in ((top, ("&A", "", _plain(name))), (bottom, (_plain(council), _PRIVATE, "Page &P of &N"))):
        if item is not None:
            item.left.text, item.center.text, item.right.text = places


def _plain(text: str) -> str:
    """`&` begins a code in headers and footers; a doubled one is itself. 255 characters is all they hold."""
    line = " ".join(shown(text, 80).split())
    return (line if len(line) <= 80 else line[:79] + "…").replace("&", "&&")


def _style(sheet: Worksheet, look: Look) -> int:
    """The number a look has in the workbook's list of styles."""
    cell = Cell(sheet, row=1, column=1)
    style.dress(cell, look)
    return int(cell.style_id)


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):
        raise TypeError(f"{sheet.title}: row {row}, column {column} lies inside a merged cell")
    return cell
