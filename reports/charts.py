"""Charts that Excel and LibreOffice both draw, of cells that stand on the same sheet, and that can be read in grey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils import absolute_coordinate, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from reports import style

C = TypeVar("C", BarChart, LineChart)
_EMU = 12700
"""To a point."""
_GAP = 4 * _EMU


@dataclass(frozen=True, slots=True)
class Drawn:
    """One row of numbers to be drawn, with the cell that names it."""

    row: int
    name: str
    """'B7'."""
    fill: str
    """Its colour, for columns and for the line."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the numbers stand, by columns, and the row of what the axis below is to say."""

    first: int
    last: int
    heads: int


def columns(sheet: Worksheet, place: Place, rows: list[Drawn], title: str, across: str, up: str) -> BarChart:
    """Columns, the rows one on top of the other."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 60
    for one in rows:
        series = _series(sheet, place, one)
        series.spPr = GraphicalProperties(solidFill=one.fill, ln=_line(style.INK, 0.5))
        chart.series.append(series)
    return _dressed(chart, title, across, up)


def line(sheet: Worksheet, place: Place, row: Drawn, title: str, across: str, up: str) -> LineChart:
    """A line with its points marked; a week without a number is a gap in it."""
    chart = LineChart()
    series = _series(sheet, place, row)
    series.smooth = False
    series.spPr = GraphicalProperties(ln=_line(row.fill, 2.25))
    points = GraphicalProperties(solidFill=row.fill, ln=_line(row.fill, 1))
    series.marker = Marker(symbol="circle", size=7, spPr=points)
    chart.series.append(series)
    chart.legend = None
    return _dressed(chart, title, across, up)


def _series(sheet: Worksheet, place: Place, one: Drawn) -> Series:
    values = Reference(sheet, min_col=place.first, max_col=place.last, min_row=one.row, max_row=one.row)
    heads = Reference(sheet, min_col=place.first, max_col=place.last, min_row=place.heads, max_row=place.heads)
    series: Series = SeriesFactory(values)
    name = f"{quote_sheetname(sheet.title)}!{absolute_coordinate(one.name)}"
    series.tx = SeriesLabel(strRef=StrRef(f=name))
    series.cat = AxDataSource(strRef=StrRef(f=str(heads)))
    return series


def _dressed(chart: C, title: str, across: str, up: str) -> C:
    chart.title = _title(title, 11)
    for axis, said in ((chart.x_axis, across), (chart.y_axis, up)):
        axis.title = _title(said, 9)
        axis.delete = False
        axis.txPr = _small()
    chart.x_axis.axPos, chart.x_axis.tickLblPos = "b", "low"
    chart.y_axis.scaling.min = 0
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=_line(style.RULE, 0.5)))
    if chart.legend is not None:
        chart.legend.position, chart.legend.overlay = "r", False
        chart.legend.txPr = _small()
    chart.graphical_properties = GraphicalProperties(solidFill="FFFFFF", ln=_line(style.RULE, 0.75))
    chart.roundedCorners = False
    return chart


def _title(said: str, size: int) -> Title:
    letters = _letters(size, bold=True)
    rich = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=letters), r=[RegularTextRun(rPr=letters, t=said)])])
    return Title(tx=Text(rich=rich), overlay=False)


def _small() -> RichText:
    """How the words along an axis look; they are not given here."""
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=_letters(8)), endParaRPr=_letters(8))
    paragraph.r = []
    return RichText(p=[paragraph])


def _letters(size: int, *, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=size * 100, b=bold, solidFill=style.INK, latin=Font(typeface=style.FACE))


def _line(colour: str, points: float) -> LineProperties:
    return LineProperties(solidFill=colour, w=round(points * _EMU))


def put(sheet: Worksheet, chart: BarChart | LineChart, row: int, first: int, last: int) -> None:
    """Lays a chart over one row, from one column to another, and lets it keep to them."""
    start, end = AnchorMarker(col=first - 1, row=row - 1), AnchorMarker(col=last, row=row)
    start.colOff = start.rowOff = _GAP
    chart.anchor = TwoCellAnchor(_from=start, to=end)  # type: ignore[assignment]  # or a cell's name, as the stubs have it
    sheet.add_chart(chart)
