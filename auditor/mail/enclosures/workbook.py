"""An Excel workbook (ECMA-376 part 1, 18): the cells' text, and what of it does not show."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.mail.enclosures import relations
from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.enclosures.dates import Dates
from auditor.mail.enclosures.properties import properties
from auditor.mail.enclosures.sheet import Sheet
from auditor.mail.enclosures.xml import on, value, walk
from auditor.mail.enclosures.zips import Zip
from auditor.mail.message import Risk

_BOOK = "xl/workbook.xml"
HIDDEN_CELLS = 50
"""Filled cells in hidden columns, or hidden rows, from which they are worth a word; fewer are somebody's workings."""
_HIDDEN_ROWS = 50
LIST_COLUMNS = 3
"""Columns that a sheet of choices has at most: the lists from which cells elsewhere may be filled."""


@dataclass(slots=True)
class _Entry:
    name: str
    part: str
    hidden: bool


def read(package: Zip, seen: Look, budget: Budget) -> None:
    """Every sheet, hidden ones and hidden rows and columns too: they are sent like the rest."""
    if _BOOK not in package.members:
        seen.unread = "a workbook in Excel's binary form"
        return
    entries, named, dates = _contents(package)
    strings = _strings(package)
    sheets = {}
    for entry in entries:
        if entry.part in package.members:
            sheet = sheets[entry.name] = Sheet(strings, dates)
            try:
                walk(package.markup(entry.part), sheet.begin, sheet.end, sheet.said)
            finally:
                seen.say([entry.name, "\n", *sheet.lines], budget)
    _hidden(entries, sheets, named, seen)
    _pivots(package, {entry.name for entry in entries if not entry.hidden}, seen)
    for name in package.names():
        if name.startswith(("xl/comments", "xl/threadedComments/")):
            seen.say([_all(package, name), "\n"], budget)
            seen.add(Risk.NOTED, "carries comments")
    properties(package, seen)


def _contents(package: Zip) -> tuple[list[_Entry], str, Dates]:
    """The sheets in order, the formulas of all names, and how dates are told from numbers."""
    parts = relations.of(package, _BOOK)
    entries: list[_Entry] = []
    formulas: list[str] = []
    dates = Dates()
    naming = False

    def begin(tag: str, held: dict[str, str]) -> None:
        nonlocal naming
        naming = tag == "definedName"
        if tag == "sheet":
            _, place = parts.get(value(held, "id"), ("", ""))
            state = value(held, "state")
            entries.append(
                _Entry(value(held, "name"), relations.target(_BOOK, place), state in ("hidden", "veryHidden"))
            )
        elif tag == "workbookPr" and on(value(held, "date1904")):
            dates.since_1904()

    def said(text: str) -> None:
        if naming:
            formulas.append(text)

    walk(package.markup(_BOOK), begin, None, said)
    if "xl/styles.xml" in package.members:
        walk(package.markup("xl/styles.xml"), dates.begin, dates.end)
    return entries, "\n".join(formulas), dates


def _strings(package: Zip) -> list[str]:
    """The texts that cells share. What is sounded out in small type above them is left out."""
    found: list[str] = []
    if "xl/sharedStrings.xml" not in package.members:
        return found
    run: list[str] = []
    shown = False
    phonetic = False

    def begin(tag: str, _held: dict[str, str]) -> None:
        nonlocal shown, phonetic
        phonetic = phonetic or tag == "rPh"
        shown = tag == "t" and not phonetic

    def end(tag: str) -> None:
        nonlocal shown, phonetic
        shown = False
        if tag == "rPh":
            phonetic = False
        elif tag == "si":
            found.append("".join(run))
            run.clear()

    walk(package.markup("xl/sharedStrings.xml"), begin, end, lambda text: run.append(text) if shown else None)
    return found


def _hidden(entries: list[_Entry], sheets: dict[str, Sheet], named: str, seen: Look) -> None:
    choices = "\n".join([named, *(formula for sheet in sheets.values() for formula in sheet.choices)])
    for entry in entries:
        sheet = sheets.get(entry.name)
        if sheet is None or not sheet.cells:
            continue
        if entry.hidden:
            listed = sheet.widest <= LIST_COLUMNS and _mentions(choices, entry.name)
            if not listed:
                seen.add(Risk.HIDDEN, f"has a hidden sheet, '{entry.name}', with {filled(sheet.cells)}")
            continue
        if sheet.hidden_rows >= _HIDDEN_ROWS:
            seen.add(Risk.HIDDEN, f"has {sheet.hidden_rows:,} hidden rows on its sheet '{entry.name}'")
        if sheet.in_hidden_columns >= HIDDEN_CELLS:
            seen.add(
                Risk.HIDDEN, f"has hidden columns on its sheet '{entry.name}', with {filled(sheet.in_hidden_columns)}"
            )


def filled(count: int) -> str:
    """A number of cells in words."""
    return "one filled cell" if count == 1 else f"{count:,} filled cells"


def _mentions(formulas: str, sheet: str) -> bool:
    return f"{sheet}!" in formulas or f"'{sheet.replace(chr(39), chr(39) * 2)}'!" in formulas


def _pivots(package: Zip, shown: set[str], seen: Look) -> None:
    """Summaries carry a copy of all that they sum up, whether or not the sheet that it stood on is sent."""
    for name in package.names():
        if name.startswith("xl/model/"):
            seen.add(Risk.HIDDEN, "carries a data model, which holds whole tables out of sight")
        if not name.startswith("xl/pivotCache/pivotCacheDefinition"):
            continue
        records, source = 0, ""

        def begin(tag: str, held: dict[str, str]) -> None:
            nonlocal records, source
            if tag == "pivotCacheDefinition":
                records = int(value(held, "recordCount") or 0) if value(held, "saveData") not in ("0", "false") else 0
            elif tag == "worksheetSource":
                source = value(held, "sheet") or value(held, "name")

        walk(package.markup(name), begin)
        held = any(kind == "pivotCacheRecords" for kind, _ in relations.of(package, name).values())
        if records and held and source not in shown and not _is_table(package, source):
            seen.add(Risk.HIDDEN, f"has a summary table that carries all {records:,} rows it sums up")


def _is_table(package: Zip, name: str) -> bool:
    """Whether a summary's source is a table or a range of the workbook by name."""
    if not name:
        return False
    quoted = f'"{name}"'.encode()
    return any(quoted in package.read(part, 2_000) for part in package.names() if part.startswith("xl/tables/"))


def _all(package: Zip, name: str) -> str:
    out: list[str] = []
    walk(
        package.markup(name),
        lambda _tag, _held: None,
        lambda tag: out.append("\n") if tag == "comment" else None,
        out.append,
    )
    return "".join(out)
