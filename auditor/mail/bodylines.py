"""A body's lines as the splitter sees them: what is blank, what is quoted, where each one stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

BLANKS = " \t\n\r\v\f\xa0\u200b\u200e\u200f\u202f\u2007\u2003\u2002\u2009\ufeff"
LONGEST = 998
"""No mail program sends a longer line (RFC 5322 2.1.1); what is beyond is not looked at."""
SURE, UNSURE = 1, 2
_PREFIXES = BLANKS + ">|"


@dataclass(slots=True)
class Lines:
    """The lines of one body without their newlines, and what the HTML says of each."""

    text: list[str]
    bare: list[str]
    """The same without the space round them, each cut at `LONGEST`."""
    marked: bytearray | None = None
    """For each line 0, or SURE or UNSURE inside a block quotation; None when the HTML says nothing."""

    @classmethod
    def of(cls, text: str) -> Lines:
        """Every line of `text`."""
        lines = text.split("\n")
        kept = lines if len(text) <= LONGEST or max(map(len, lines)) <= LONGEST else [line[:LONGEST] for line in lines]
        bare = list(map(str.strip, kept)) if text.isascii() else [line.strip(BLANKS) for line in kept]
        if "=" in text and ("=20\n" in text or "=09" in text):  # quoted-printable that nobody decoded
            bare = [line.replace("=09", " ").removesuffix("=20").strip() for line in bare]
        return cls(lines, bare)

    def __len__(self) -> int:
        return len(self.text)

    def quoted(self, at: int) -> bool:
        """Prefixed with '>' or inside a block quotation."""
        bare = self.bare[at]
        if bare[:1] == ">":
            return bare[-3:] != "<<<"
        return self.marked is not None and self.marked[at] != 0

    def filled(self, first: int, within: int = 4) -> int | None:
        """The first line with words from `first` on, with fewer than `within` blank ones before it."""
        for at in range(first, min(first + within, len(self.text))):
            if self.bare[at]:
                return at
        return None

    def filled_above(self, at: int, floor: int, within: int = 4) -> int | None:
        """The nearest line with words above `at`, not above `floor`."""
        for above in range(at - 1, max(floor, at - within) - 1, -1):
            if self.bare[above]:
                return above
        return None

    def empty(self, first: int, end: int) -> bool:
        """Whether `first` to `end` hold no words."""
        return not any(self.bare[first:end])

    def starts(self) -> list[int]:
        """Where each line begins in the text, and where one after the last would."""
        return list(accumulate((len(line) + 1 for line in self.text), initial=0))

    def length(self, first: int, end: int) -> int:
        """How long the lines `first` to `end` are together with their newlines."""
        return sum(map(len, self.text[first:end])) + end - first


def unquoted(bare: str) -> str:
    """The line without its quotation prefixes."""
    return bare.lstrip(_PREFIXES)


def openings(lines: Lines, first: int, most: int = 6) -> Iterator[int]:
    """Up to `most` lines with words from `first` on, blank ones passed over."""
    for at in range(first, min(len(lines), first + 4 * most)):
        if unquoted(lines.bare[at]):
            yield at
            most -= 1
            if not most:
                return
