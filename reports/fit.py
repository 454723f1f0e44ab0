"""How high a row must be for its text: spreadsheets do not reckon it for merged cells, nor for every file they open."""

from __future__ import annotations

import re
from functools import lru_cache
from math import ceil

_HYPHEN = re.compile(r"(?<=-)")
LINES_SHOWN = 24
"""A row higher than this hides its neighbours; the rest of the text is still in the cell."""

# Widths of letters in the workbook's type face, a digit being 1; what is not named is taken for a digit.
_NARROW = dict.fromkeys("ijl'’|", 0.42) | dict.fromkeys("ftI.,;:!/ []()`-\u00a0", 0.52) | dict.fromkeys('r"“”°', 0.63)
_MIDDLE = dict.fromkeys("cksvxyzJ", 0.9)
_BROAD = dict.fromkeys("ABEKPSVXY&", 1.2) | dict.fromkeys("CDGHNOQRUwFTZL", 1.25) | dict.fromkeys("mMW%@—…", 1.65)
_WIDTHS = {ord(letter): width for letter, width in (_NARROW | _MIDDLE | _BROAD).items()}
_LATIN = bytes(round(100 * _WIDTHS.get(code, 1.0)) for code in range(256))
"""In hundredths, so that a word's width is a sum of bytes."""
_FAR = 0x1100
"""From Hangul on most letters are twice as wide as a digit."""


def lines(text: str, room: float) -> int:
    """Lines that `text` takes, wrapped at spaces, in a cell `room` digits wide; at most LINES_SHOWN."""
    if "\n" not in text and len(text) * 1.7 <= room:
        return 1
    many = 0
    for paragraph in text.split("\n"):
        many += _wrapped(paragraph, room)
        if many >= LINES_SHOWN:
            return LINES_SHOWN
    return many


def _wrapped(paragraph: str, room: float) -> int:
    """Lines of one paragraph; a word longer than a line is broken, behind its hyphens first."""
    many, used = 1, 0.0
    for word in paragraph.split(" "):
        need = _width(word)
        for piece in [word] if need <= room or "-" not in word else _HYPHEN.split(word):
            need = _width(piece)
            if used + need <= room:
                used += need
                continue
            if used:
                many += 1
            broken = max(ceil(need / room) - 1, 0)
            many += broken
            used = need - broken * room
        used += 0.52
    return many


@lru_cache(maxsize=4096)
def _width(word: str) -> float:
    """The width of a word in digits."""
    try:
        return sum(word.encode("latin-1").translate(_LATIN)) / 100
    except UnicodeEncodeError:
        return sum(
            2.0 if ord(letter) >= _FAR and ord(letter) >> 8 != 0x20 else _WIDTHS.get(ord(letter), 1.0)
            for letter in word
        )


def points(many: int, size: int) -> float:
    """The height of so many lines in letters of this size."""
    return many * size * 1.2 + 5
