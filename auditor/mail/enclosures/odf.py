"""An OpenDocument file (ISO 26300): text, table or presentation."""

from __future__ import annotations

from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.enclosures.workbook import HIDDEN_CELLS, filled
from auditor.mail.enclosures.xml import value, walk
from auditor.mail.enclosures.zips import Zip
from auditor.mail.message import Risk

_BREAKS = {"p": "\n", "h": "\n", "line-break": "\n", "tab": "\t", "table-cell": "\t", "covered-table-cell": "\t"}
_MOST_BLANKS = 100


def read(package: Zip, seen: Look, budget: Budget) -> None:
    """Its text in order, headers and footers after it."""
    if b"encryption-data" in package.read("META-INF/manifest.xml", 2_000_000) if _manifest(package) else False:
        seen.add(Risk.LOCKED, "is behind a password")
        seen.unread = "a document behind a password"
        return
    if any(
        name.startswith(("Basic/", "Scripts/")) and not name.endswith(("-lc.xml", "-lb.xml"))
        for name in package.members
    ):
        seen.add(Risk.MACRO, "holds macros")
    text = _Text()
    try:
        if "content.xml" in package.members:
            walk(package.markup("content.xml"), text.begin, text.end, text.said)
        if "styles.xml" in package.members:
            text.aside()
            walk(package.markup("styles.xml"), text.begin, text.end, text.said)
    finally:
        seen.say(["".join(text.out)], budget)
    struck = " ".join("".join(text.struck).split())
    if struck:
        seen.say(["\n", struck, "\n"], budget)
        seen.add(Risk.TRACKED, f"still holds words that were struck out ('{struck[:60].strip()}')")
    for name, cells in text.hidden_sheets:
        seen.add(Risk.HIDDEN, f"has a hidden sheet, '{name}', with {filled(cells)}")
    if text.hidden_rows >= HIDDEN_CELLS:
        seen.add(Risk.HIDDEN, f"has {text.hidden_rows:,} hidden rows")
    if text.noted:
        seen.add(Risk.NOTED, "carries comments")


def _manifest(package: Zip) -> bool:
    return "META-INF/manifest.xml" in package.members


class _Text:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.struck: list[str] = []
        self.hidden_sheets: list[tuple[str, int]] = []
        self.hidden_rows = 0
        self.noted = False
        self._invisible: set[str] = set()
        self._style = ""
        self._paragraphs = 0
        self._in_cell = 0
        self._deletion = 0
        self._sheet = ("", False)
        self._cells = 0
        self._row_hidden = False
        self._row_cells = 0
        self._margins = 0
        self._aside = False

    def aside(self) -> None:
        """From now on only headers and footers are text."""
        self._aside = True

    def begin(self, tag: str, held: dict[str, str]) -> None:
        if tag in ("p", "h"):
            self._paragraphs += 1
            self._row_cells += 1
        elif tag == "table-cell":
            self._in_cell += 1
        elif tag == "s" and self._shown():
            self.out.append(" " * min(int(value(held, "c") or 1), _MOST_BLANKS))
        elif tag == "style":
            self._style = value(held, "name")
        elif tag == "table-properties":
            if value(held, "display") == "false":
                self._invisible.add(self._style)
        elif tag == "table":
            self._sheet = (value(held, "name"), value(held, "style-name") in self._invisible)
            self._cells = 0
        elif tag == "table-row":
            self._row_hidden = value(held, "visibility") in ("collapse", "filter")
            self._row_cells = 0
        elif tag == "deletion":
            self._deletion += 1
        elif tag == "annotation":
            self.noted = True
        elif tag in ("header", "footer"):
            self._margins += 1

    def end(self, tag: str) -> None:
        if tag in _BREAKS and (not self._aside or self._margins):
            broken = " " if self._in_cell and tag == "p" else _BREAKS[tag]
            (self.struck if self._deletion else self.out).append(broken)
        if tag in ("p", "h"):
            self._paragraphs -= 1
        elif tag == "table-cell":
            self._in_cell -= 1
        elif tag == "table-row":
            self.out.append("\n")
            self._cells += self._row_cells
            self.hidden_rows += self._row_hidden and self._row_cells > 0
        elif tag == "table" and self._sheet[1] and self._cells:
            self.hidden_sheets.append((self._sheet[0], self._cells))
        elif tag == "deletion":
            self._deletion -= 1
        elif tag in ("header", "footer"):
            self._margins -= 1

    def said(self, text: str) -> None:
        if self._shown():
            (self.struck if self._deletion else self.out).append(text)

    def _shown(self) -> bool:
        return self._paragraphs > 0 and (not self._aside or self._margins > 0)
