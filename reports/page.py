"""Start on one page of A4, as a PDF for the Council's file: the same bytes from the same values.

It says what the sheet says and nothing more. Its letters are embedded (Source Sans Pro, which has those of Welsh);
a letter that even this face lacks is shown as ◊, never left out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from pathlib import Path
from typing import Any

from auditor import whole
from reports import place
from reports.report import WeekReport
from reports.start import Light, Start, start
from reports.workbook import Written, names

_PLAIN, _BOLD = "Plain", "Bold"
_FACES = {_PLAIN: "SourceSansPro-Regular.ttf", _BOLD: "SourceSansPro-Bold.ttf"}
_SHEET = (595.28, 841.89)
"""A4 upright, in points."""
_EDGE = 54.0
_TRIES = 2
_SIZES = (10.5, 9.5, 8.5, 7.5, 6.5, 5.5)
"""The first at which everything fits."""
_UNKNOWN = "\u25ca"
_INK, _NAVY, _GREY = 0x1F2933, 0x1F3A5F, 0x616E7C
_LIGHTS = {Light.GREEN: (0x2F6B3A, 0xFFFFFF), Light.AMBER: (0xF9C74F, _INK), Light.RED: (0x8B1A1A, 0xFFFFFF)}
_PRIVATE = "Private: for those whom the policy names"


def with_page(report: WeekReport, written: Written) -> Written:
    """Writes the page beside its workbook. Where that cannot be done, the note says so, and the workbook stands."""
    why = ""
    for _ in range(_TRIES):  # nobody comes back to a page that is missing: what failed in passing is done again at once
        try:
            return dataclasses.replace(written, page=_put(written.path.with_suffix(".pdf"), report))
        except OSError as error:
            why = error.strerror or str(error)
        except Exception as error:  # noqa: BLE001 - a page that cannot be drawn must not cost the week its workbook
            why = type(error).__name__
    said = f"The page for the Council's file could not be written ({why}); the workbook is whole. Mend this and run 'auditor report'."
    return dataclasses.replace(written, note=f"{written.note} {said}".strip())


def _put(path: Path, report: WeekReport) -> Path:
    """Writes it, where somebody has saved one of that name beside it. Raises OSError."""
    data = pdf(start(report), report.period.stem)
    with whole.draft(path, lambda file: file.write(data)) as draft:
        for target in names(path):
            if not target.exists() or _ours(target):
                whole.move(draft, target)
                return target
    raise OSError("all files of its name are in use")


def _ours(path: Path) -> bool:
    """Whether a file is a page as it was written here: whoever saves it again adds to its end, or writes it anew."""
    data = path.read_bytes()
    return data.count(b"%%EOF") == 1 and f"/Creator ({place.AUTHOR})".encode() in data


def pdf(page: Start, title: str) -> bytes:
    """The file. `title` is the only property it has besides the program's name."""
    from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFString
    from reportlab.pdfgen.canvas import Canvas

    _register()
    to = BytesIO()
    canvas = Canvas(to, pagesize=_SHEET, invariant=1, pageCompression=1, initialFontName=_PLAIN, lang="en-GB")
    about = {"Title": PDFString(title), "Creator": PDFString(place.AUTHOR)}
    canvas._doc.info.format = PDFDictionary(about).format
    size = next((size for size in _SIZES if _drawn(None, page, size) >= _EDGE), _SIZES[-1])
    _drawn(canvas, page, size)
    canvas.save()
    return to.getvalue()


@cache
def _register() -> frozenset[int]:
    """Makes the faces known to the library, once a process; the letters that both have."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    known = []
    for name, file in _FACES.items():
        with as_file(files("font_source_sans_pro") / "files" / file) as path:
            face = TTFont(name, str(path))
        registerFont(face)
        known.append(frozenset(face.face.charToGlyph))
    return known[0] & known[1]


def _drawn(canvas: Any, page: Start, size: float) -> float:
    """Draws the page with letters of this size, or without a canvas only measures it; how far down it comes."""
    pen = _Pen(canvas, size)
    pen.write(page.council, 2, _NAVY, face=_BOLD)
    pen.write(page.week, 1.3, face=_BOLD)
    pen.write(page.about, 0.85, _GREY)
    pen.down(0.8)
    fill, ink = _LIGHTS[page.light]
    pen.band(f"{page.light.value}.  {page.verdict}", fill, ink)
    pen.down(0.8)
    pen.write("What needs the Clerk", 1.3, _NAVY, face=_BOLD)
    for number, line in enumerate(page.needs, 1):
        where = f" (Sheet {line.sheet}.)" if line.sheet and line.sheet not in line.said else ""
        pen.write(line.said + where, mark=f"{number}")
    if not page.needs:
        pen.write("Nothing.")
    pen.down(0.8)
    pen.write(page.figures, 1.3, _NAVY, face=_BOLD)
    for said in page.changed:
        pen.write(said)
    pen.down(0.8)
    pen.write(page.seal, 0.75, _GREY)
    pen.foot(f"{_PRIVATE}. The workbook of the same name has the rest.")
    return pen.y


class _Pen:
    """Writes down a page, line below line; without a canvas it only measures."""

    def __init__(self, canvas: Any, size: float) -> None:
        self.y = _SHEET[1] - _EDGE
        self._canvas, self._size = canvas, size

    def down(self, lines: float) -> None:
        """Leaves room."""
        self.y -= lines * self._size

    def write(self, text: str, larger: float = 1, ink: int = _INK, *, face: str = _PLAIN, mark: str = "") -> None:
        """A paragraph; with a mark it is set in, and the mark stands before it."""
        size, left = self._size * larger, _EDGE + (2.2 * self._size if mark else 0)
        for number, line in enumerate(_wrapped(text, face, size, _SHEET[0] - _EDGE - left)):
            self.y -= size * 1.25
            if mark and not number:
                self._put(mark, _EDGE, size, _NAVY, _BOLD)
            self._put(line, left, size, ink, face)
        self.y -= size * 0.3

    def band(self, text: str, fill: int, ink: int) -> None:
        """A paragraph on a coloured ground, as wide as the page."""
        size, room = self._size * 1.25, self._size * 0.8
        lines = list(_wrapped(text, _BOLD, size, _SHEET[0] - 2 * (_EDGE + room)))
        high = len(lines) * size * 1.25 + 2 * room
        if self._canvas is not None:
            self._canvas.setFillColor(_colour(fill))
            self._canvas.rect(_EDGE, self.y - high, _SHEET[0] - 2 * _EDGE, high, stroke=0, fill=1)
        self.y -= room - size * 0.25
        for line in lines:
            self.y -= size * 1.25
            self._put(line, _EDGE + room, size, ink, _BOLD)
        self.y -= room + size * 0.25

    def foot(self, text: str) -> None:
        """A line at the page's foot."""
        y, self.y = self.y, _EDGE / 2
        self._put(text, _EDGE, 8, _GREY, _PLAIN)
        self.y = y

    def _put(self, line: str, left: float, size: float, ink: int, face: str) -> None:
        if self._canvas is not None:
            self._canvas.setFillColor(_colour(ink))
            self._canvas.setFont(face, size)
            self._canvas.drawString(left, self.y, line)


def _colour(rgb: int) -> Any:
    from reportlab.lib.colors import HexColor

    return HexColor(rgb)


def _wrapped(text: str, face: str, size: float, room: float) -> Iterator[str]:
    """Lines no wider than `room`; a word that is wider is broken."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    line = ""
    for word in _spelt(text).split():
        longer = f"{line} {word}" if line else word
        if stringWidth(longer, face, size) <= room:
            line = longer
            continue
        if line:
            yield line
        while stringWidth(word, face, size) > room:
            most = next(n for n in range(len(word), 0, -1) if n == 1 or stringWidth(word[:n], face, size) <= room)
            yield word[:most]
            word = word[most:]
        line = word
    if line:
        yield line


def _spelt(text: str) -> str:
    """Text in the letters that there are."""
    letters = _register()
    return "".join(
        " " if letter.isspace() else letter if ord(letter) in letters and letter.isprintable() else _UNKNOWN
        for letter in text
    )
