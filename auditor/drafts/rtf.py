"""Rich Text: plain ASCII that Word, LibreOffice and WordPad open and save.

Microsoft's specification 1.9.1. A file carries a mark: the SHA-256 of itself as it is without one. While the mark fits,
nobody has edited the file; when somebody has, the mark still tells what the file was filled in with.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate

from auditor.values import Value

_MARKED = re.compile(rb"\{\\doccomm auditor ([0-9a-f]{64})\}")
_UNMARKED = b"{\\doccomm auditor }"
# What turns the direction of text would turn the sentence that a name stands in.
_UNSEEN = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_WIDTH = 9356
"""Of the text between the margins of an A4 page, in twentieths of a point."""
_NARROWEST, _WIDEST = 14, 80
"""Letters of a column that its width is reckoned by, at least and at most."""
_HEAD = (
    r"{\rtf1\ansi\ansicpg1252\uc1\deff0\deflang2057"
    r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}}{\colortbl;\red31\green56\blue100;\red255\green242\blue170;\red232\green236\blue243;"
    r"\red150\green150\blue150;}"
    r"{\stylesheet{\s0\f0\fs22 Normal;}{\s1\outlinelevel0\b\fs36\cf1 heading 1;}{\s2\outlinelevel1\b\fs26\cf1 heading 2;}}"
)
_PAGE = r"\paperw11906\paperh16838\margl1275\margr1275\margt1304\margb1134\widowctrl"
_STYLES = {
    1: r"\pard\plain\s1\keepn\sb0\sa160\f0\b\fs36\cf1 ",
    2: r"\pard\plain\s2\keepn\sb260\sa100\f0\b\fs26\cf1 ",
}
_TEXT = r"\pard\plain\s0\sa120\sl264\slmult1\f0\fs22 "
_BULLET = r"\pard\plain\s0\fi-284\li568\sa60\sl264\slmult1\tx568\f0\fs22 \bullet\tab "
_CELL = r"\pard\plain\s0\intbl\sb40\sa40\f0\fs20 "
_BORDERS = "".join(rf"\clbrdr{side}\brdrs\brdrw10\brdrcf4" for side in "tlbr")


class Span(Value, frozen=True):
    """Some words of a line."""

    text: str
    blank: bool = False
    """Whether the Council has to put its own words there."""
    bold: bool = False


Line = tuple[Span, ...]


class Heading(Value, frozen=True):
    """The title (1) or a section's heading (2)."""

    level: int
    line: Line


class Paragraph(Value, frozen=True):
    """One paragraph."""

    line: Line


class Bullet(Value, frozen=True):
    """One entry of a list."""

    line: Line


class Grid(Value, frozen=True):
    """A table: rows of cells, the first of them the headings."""

    rows: tuple[tuple[Line, ...], ...]


Block = Heading | Paragraph | Bullet | Grid


def document(blocks: Iterable[Block], title: str, running: str) -> bytes:
    """A whole file, marked. `running` stands at the head of every page."""
    body = "\n".join(_shown(block) for block in blocks)
    info = rf"{{\info{{\title {escaped(title)}}}{_UNMARKED.decode('ascii')}}}"
    head = rf"{{\header\pard\plain\f0\fs17\cf4\qc {escaped(running)}\par}}"
    foot = r"{\footer\pard\plain\f0\fs17\cf4\qc Page {\field{\*\fldinst PAGE}{\fldrslt 1}}\par}"
    text = "\n".join((_HEAD, info, _PAGE, head, foot, body, "}"))
    return _marked(text.encode("ascii"))


def mark(data: bytes) -> str | None:
    """What a file was filled in with; None where no mark is left."""
    found = _MARKED.search(data)
    return found[1].decode("ascii") if found else None


def untouched(data: bytes) -> bool:
    """Whether a file is, byte for byte, as it was made here."""
    return mark(data) == _digest(_MARKED.sub(lambda _: _UNMARKED, data))


def escaped(text: str) -> str:
    """Any text as RTF, on one line. Beyond ASCII it is UTF-16 in signed numbers, each with a '?' for readers that know none."""
    plain = _UNSEEN.sub(" ", text)
    return "".join(_letter(letter) for letter in plain)


def _letter(letter: str) -> str:
    if letter in "\\{}":
        return "\\" + letter
    if letter.isascii():
        return letter
    units = letter.encode("utf-16-le", "replace")
    pairs = (int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2))
    return "".join(f"\\u{unit}?" for unit in pairs)


def _marked(data: bytes) -> bytes:
    return data.replace(_UNMARKED, b"{\\doccomm auditor %b}" % _digest(data).encode("ascii"), 1)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _shown(block: Block) -> str:
    match block:
        case Heading(level=level, line=line):
            return rf"{{{_STYLES[level]}{_words(line)}\par}}"
        case Paragraph(line=line):
            return rf"{{{_TEXT}{_words(line)}\par}}"
        case Bullet(line=line):
            return rf"{{{_BULLET}{_words(line)}\par}}"
        case Grid(rows=rows):
            return "\n".join(_rows(rows)) + r"{\pard\plain\f0\fs12\par}"


def _words(line: Line) -> str:
    return "".join(_span(span) for span in line)


def _span(span: Span) -> str:
    text = escaped(span.text)
    if span.blank:
        return rf"{{\chshdng0\chcbpat2\cb2 {text}}}"
    return rf"{{\b {text}}}" if span.bold else text


def _rows(rows: tuple[tuple[Line, ...], ...]) -> Iterator[str]:
    edges = _edges(rows)
    for number, row in enumerate(rows):
        heading, shade, bold = (r"\trhdr", r"\clcbpat3", r"\keepn\b ") if number == 0 else ("", "", "")
        cells = "".join(rf"{_BORDERS}{shade}\cellx{edge}" for edge in edges)
        said = "".join(rf"{{{_CELL}{bold}{_words(cell)}}}\cell" for cell in row)
        yield rf"{{\trowd\trgaph100\trkeep{heading}{cells}{said}\row}}"


def _edges(rows: tuple[tuple[Line, ...], ...]) -> list[int]:
    """Where the columns end: each as wide as what it holds, within reason."""
    lengths = [max(sum(len(span.text) for span in cell) for cell in column) for column in zip(*rows, strict=True)]
    shares = [min(max(length, _NARROWEST), _WIDEST) for length in lengths]
    return [_WIDTH * part // sum(shares) for part in accumulate(shares)]
