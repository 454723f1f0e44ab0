"""A workbook laid out as Excel saves one: shared texts, a chain of formulas, tables, styles, a link to another file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from openpyxl.utils import get_column_letter

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DAY, ORDINARY = 2, 1


class Rich(NamedTuple):
    """A text in pieces, each with looks of its own, and how it is sounded out."""

    pieces: tuple[str, ...]
    sound: str = ""


class Inline(NamedTuple):
    """A text that stands in its cell."""

    text: str


class Formula(NamedTuple):
    """A formula and what it came to."""

    formula: str
    result: str | float | None
    error: bool = False


class Day(NamedTuple):
    """A day as its number."""

    number: float


Cell = str | float | bool | None | Rich | Inline | Formula | Day


def excel_text(text: str) -> str:
    """Text as Excel writes it into a file."""
    text = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return escape(re.sub("[\x00-\x08\x0b-\x1f]", lambda match: f"_x{ord(match[0]):04X}_", text))


def _t(text: str) -> str:
    return f'<t xml:space="preserve">{excel_text(text)}</t>'


def save(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    *,
    hidden: Sequence[str] = (),
    merged: Sequence[str] = (),
    first: int = 1,
    compressed: bool = True,
) -> Path:
    """Writes the workbook; `first` is the number of each sheet's first row."""
    shared: dict[str, int] = {}

    def share(content: str) -> str:
        return str(shared.setdefault(content, len(shared)))

    def cell(place: str, value: Cell) -> str:
        match value:
            case None:
                return f'<c r="{place}" s="{ORDINARY}"/>'
            case bool():
                return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
            case Day(number):
                return f'<c r="{place}" s="{DAY}"><v>{number:g}</v></c>'
            case float() | int():
                return f'<c r="{place}" s="{ORDINARY}"><v>{value:g}</v></c>'
            case Inline(text):
                return f'<c r="{place}" t="inlineStr"><is>{_t(text)}</is></c>'
            case Rich(pieces, sound):
                runs = "".join(f"<r><rPr><b/><sz val='10'/></rPr>{_t(piece)}</r>" for piece in pieces)
                aside = f'<rPh sb="0" eb="1">{_t(sound)}</rPh><phoneticPr fontId="1"/>' if sound else ""
                return f'<c r="{place}" s="{ORDINARY}" t="s"><v>{share(runs + aside)}</v></c>'
            case Formula(formula, result, error):
                kind = ' t="e"' if error else ' t="str"' if isinstance(result, str) else ""
                came = "" if result is None else f"<v>{excel_text(str(result))}</v>"
                return f'<c r="{place}"{kind}><f>{escape(formula)}</f>{came}</c>'
            case str():
                return f'<c r="{place}" s="{ORDINARY}" t="s"><v>{share(_t(value))}</v></c>'

    parts: dict[str, str] = {}
    for number, rows in enumerate(sheets.values(), 1):
        lines = []
        for at, row in enumerate(rows, first):
            cells = "".join(cell(f"{get_column_letter(n)}{at}", value) for n, value in enumerate(row, 1))
            lines.append(f'<row r="{at}" spans="1:{len(row)}" hidden="{at % 2}">{cells}</row>')
        areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet {MAIN} xmlns:r="{OFFICE}"><dimension ref="A1"/><cols><col min="1" max="9" width="9" hidden="1"/></cols>'
            f"<sheetData>{''.join(lines)}</sheetData>"
            + (f"<mergeCells>{areas}</mergeCells>" if areas else "")
            + '<dataValidations count="1"><dataValidation type="list" sqref="A2"><formula1>"Breach,Permitted"</formula1>'
            '</dataValidation></dataValidations><tableParts count="1"><tablePart r:id="rId1"/></tableParts></worksheet>'
        )
        parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = _rels(("table", f"../tables/table{number}.xml", False))
        parts[f"xl/tables/table{number}.xml"] = (
            f'<table {MAIN} id="{number}" name="T{number}" displayName="T{number}" ref="A1:B2" totalsRowShown="0">'
            '<tableColumns count="2"><tableColumn id="1" name="One"/><tableColumn id="2" name="Two"/></tableColumns></table>'
        )
    names = [
        f'<sheet name="{escape(name)}" sheetId="{n}"{" state=" + chr(34) + "veryHidden" + chr(34) if name in hidden else ""} r:id="rId{n}"/>'
        for n, name in enumerate(sheets, 1)
    ]
    parts["xl/workbook.xml"] = (
        f'<workbook {MAIN} xmlns:r="{OFFICE}"><workbookPr/><sheets>{"".join(names)}</sheets>'
        f'<externalReferences><externalReference r:id="rId{len(sheets) + 4}"/></externalReferences></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = _rels(
        *(("worksheet", f"worksheets/sheet{n}.xml", False) for n in range(1, len(sheets) + 1)),
        ("styles", "styles.xml", False),
        ("sharedStrings", "/xl/sharedStrings.xml", False),
        ("calcChain", "calcChain.xml", False),
        ("externalLink", "externalLinks/externalLink1.xml", False),
    )
    parts["xl/externalLinks/externalLink1.xml"] = (
        f'<externalLink {MAIN} xmlns:r="{OFFICE}"><externalBook r:id="rId1"/></externalLink>'
    )
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = _rels(
        ("externalLinkPath", "https://elsewhere.example/book.xlsx", True)
    )
    parts["xl/calcChain.xml"] = f'<calcChain {MAIN}><c r="A1" i="1"/></calcChain>'
    parts["xl/styles.xml"] = (
        f'<styleSheet {MAIN}><fonts count="1"><font><sz val="11"/></font></fonts><fills count="1"><fill><patternFill/></fill>'
        '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>'
        '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
    parts["xl/sharedStrings.xml"] = f"<sst {MAIN}>{''.join(f'<si>{content}</si>' for content in shared)}</sst>"
    parts["_rels/.rels"] = _rels(("officeDocument", "xl/workbook.xml", False))
    parts["[Content_Types].xml"] = _types(parts)
    with ZipFile(path, "w", ZIP_DEFLATED if compressed else ZIP_STORED) as file:
        for name in sorted(parts):
            file.writestr(name, HEAD + parts[name])
    return path


def _types(parts: Iterable[str]) -> str:
    kinds = {
        "workbook": "sheet.main",
        "sheet": "worksheet",
        "table": "table",
        "styles": "styles",
        "calcChain": "calcChain",
    }
    kinds |= {"sharedStrings": "sharedStrings", "externalLink": "externalLink"}
    lines = "".join(
        f'<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
        f'{kinds[Path(part).stem.rstrip("0123456789")]}+xml"/>'
        for part in parts
        if part.endswith(".xml")
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{lines}</Types>'
    )


def _rels(*relations: tuple[str, str, bool]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if outside else ""}/>'
        for n, (kind, target, outside) in enumerate(relations, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{lines}</Relationships>'
