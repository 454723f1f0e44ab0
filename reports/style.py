"""How the workbook looks: calm, large enough to read, and never saying by colour what words do not say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from functools import cache

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from reports.cells import shown
from reports.words import SEVERITY

FACE = "Arial"
SIZE = 10
INK = "1F2933"
NAVY = "1F3A5F"
PANEL = "EAF0F6"
AMBER = "FFF1CC"
RULE = "C5CED8"
WRITE = "F4FAEF"


@dataclass(frozen=True, slots=True)
class Look:
    """One kind of cell."""

    bold: bool = False
    size: int = SIZE
    ink: str = INK
    fill: str | None = None
    across: str = "left"
    down: str = "top"
    form: str = "General"
    """The number format."""
    line: str | None = None
    """Colour of the line below."""
    wrap: bool = True
    indent: int = 0
    quote: bool = False
    """Text stays text when somebody edits the cell."""

    def room(self, width: float) -> float:
        """What fits on a line of a cell `width` digits wide, in digits of the ordinary size."""
        return max((width * 0.96 - 1.6 * self.indent) * SIZE / self.size / (1.07 if self.bold else 1), 1)


class Ramp(Enum):
    """Severity by lightness, which every eye sees alike: (fill, ink)."""

    CRITICAL = ("5A1A00", "FFFFFF")
    HIGH = ("B4500A", "FFFFFF")
    MEDIUM = ("F5BF73", INK)
    LOW = ("FCEBD2", INK)
    INFO = ("FFFFFF", INK)


TITLE = Look(bold=True, size=20, ink=NAVY, down="center")
SUBTITLE = Look(bold=True, size=13, down="center")
SECTION = Look(bold=True, size=13, ink=NAVY, down="bottom", wrap=False)
PLAIN = Look(quote=True)
STRONG = Look(bold=True, quote=True)
SMALL = Look(size=8, ink="616E7C", quote=True)
SAID = Look(fill=PANEL, quote=True)
ALARM = Look(fill=AMBER, bold=True, size=11, quote=True)
ALARM_TEXT = Look(fill=AMBER, quote=True)
HEAD = Look(bold=True, ink="FFFFFF", fill=NAVY, down="center", indent=1)
HEAD_NUMBER = replace(HEAD, across="right")
TEXT = Look(line=RULE, indent=1, quote=True)
IDENTITY = replace(TEXT, wrap=False)
NAME = replace(TEXT, bold=True)
RIGHT = replace(TEXT, across="right")
NUMBER = Look(line=RULE, across="right", indent=1, form="#,##0")
TOTAL = replace(NUMBER, bold=True)
SHARE = replace(NUMBER, form="[=0]0%;[<0.01]0.0%;0%")
DAY = replace(TEXT, quote=False, form="ddd d mmm yyyy")
MOMENT = replace(DAY, form="ddd d mmm yyyy hh:mm")
CLOCK = replace(DAY, form="hh:mm")
WRITABLE = Look(line=RULE, indent=1, fill=WRITE)
"""Where the clerk writes."""
LINK = Look(ink="0B4F9E", quote=True)
AWAY = replace(TEXT, ink="0B4F9E")
"""A link out of the workbook."""
ALARM_CELL = replace(NAME, fill=AMBER)
SEVERITIES = {
    words: replace(NAME, fill=Ramp[severity.name].value[0], ink=Ramp[severity.name].value[1])
    for severity, words in SEVERITY.items()
}


@cache
def _worn(look: Look) -> tuple[Font, Alignment, PatternFill | None, Border | None]:
    """Made once for a look: hundreds of cells share it."""
    return (
        Font(name=FACE, size=look.size, bold=look.bold, color=look.ink),
        Alignment(horizontal=look.across, vertical=look.down, wrap_text=look.wrap, indent=look.indent),
        PatternFill("solid", fgColor=look.fill) if look.fill else None,
        Border(bottom=Side("thin", color=look.line)) if look.line else None,
    )


def dress(cell: Cell, look: Look) -> None:
    """Gives a cell its look."""
    cell.font, cell.alignment, fill, border = _worn(look)
    cell.number_format = look.form
    if fill:
        cell.fill = fill
    if border:
        cell.border = border
    if look.quote:
        cell.quotePrefix = True


Value = str | int | float | date | datetime | None
"""What a cell may hold; datetimes are London's, without a zone."""


def put(cell: Cell, value: Value, look: Look) -> None:
    """Writes a value; text is made safe and is text whatever it begins with."""
    dress(cell, look)
    if isinstance(value, str):
        cell.value = shown(value)
        cell.data_type = "s"
    elif value is not None:
        cell.value = value
        cell.number_format = look.form
