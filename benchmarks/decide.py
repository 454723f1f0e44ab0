"""Decides in a workbook as a clerk might, so that the sheets that tell of decisions have something to show.

    python benchmarks/decide.py WORKBOOK.xlsx ...

Every finding is a breach, but for what is only misplaced or altered; of the sample a third is looked at.
"""

from __future__ import annotations

import sys
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.sheets import findings, sample
from reports.sheets.findings import DECISION


def columns(sheet: Worksheet, heading: str) -> tuple[int, dict[str, int]]:
    """The row of the table's heading, and where each column stands; 0 where there is no such table."""
    for row in sheet.iter_rows():
        named = {str(cell.value): cell.column for cell in row if cell.value}
        if heading in named:
            return row[0].row, named
    return 0, {}


def decide(path: Path) -> None:
    """Writes into the workbook, and saves it."""
    book = load_workbook(path)
    sheet = book[findings.TITLE]
    top, at = columns(sheet, DECISION)
    for row in range(top + 1, sheet.max_row + 1):
        what = str(sheet.cell(row, at["What (clause)"]).value)
        lesser = "altered" in what or "not at the end" in what
        sheet.cell(row, at[DECISION]).value = "Not a breach" if lesser else "Breach"
    drawn = book[sample.TITLE]
    top, at = columns(drawn, sample.VERDICT)
    for row in range(top + 1, top + 8 if top else 0):
        drawn.cell(row, at[sample.VERDICT]).value = "Nothing amiss"
    book.save(path)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        decide(Path(name))
