"""A part of a message as prose: what its words are, where its sentences end, what stands in quotation marks.

Everything here keeps offsets: `plain` is as long as the text, character for character, so that what is found in the
one is quoted from the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from auditor.analysers.gates import Words
from auditor.analysers.patterns import Pattern, compiled, encoded
from auditor.analysers.vocabulary import terms
from auditor.values import Value

_QUOTES = dict.fromkeys(map(ord, "‘’‚‛`´ʼ′"), "'") | dict.fromkeys(map(ord, "“”„‟«»″"), '"')
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_SPACES = dict.fromkeys([*map(ord, "\t\n\r\f\v\u00a0\u1680\u202f\u205f\u3000"), *range(0x2000, 0x200B)], " ")
_PLAIN = {**_QUOTES, **_DASHES, **_SPACES}
_BULLET = re.compile(r"[ \t]*(?:[-*•·◦▪–]|\(?\d{1,2}[.)]|\(?[a-z][.)])[ \t]")
_ENDS = re.compile(r"(?<![.!?…])[.!?…]++[\"')\]]*+(?: |$)")
"""Possessive, and begun at the first of several marks: in time that grows with the text alone."""
_SPOKEN = compiled(r"\"[^\"]{2,600}\"|(?:^|[ (:])'[^ ](?:[^']|[a-z]'[a-z]){1,600}'(?:$|[ .,;:!?)])")
_WRAPPED = 45
"""A line shorter than this was ended by its writer, not by the width of the window."""


class Sentence(Value, frozen=True):
    """A sentence, a list item or a line that stands by itself: half-open in the part's text."""

    start: int
    end: int
    plain: str
    """In `Prose.plain`'s letters, as long as `end - start`."""

    @property
    def asks(self) -> bool:
        """Whether it ends in a question mark."""
        return "?" in self.plain[-4:]

    @property
    def words(self) -> Words:
        """Its words, lower case."""
        return _words(self.plain)


class Prose:
    """One part's text, read once for all analysers."""

    def __init__(self, text: str) -> None:
        self.text = text
        """As it stands."""
        self.plain = plain(text)
        """Lower case, with one sort of apostrophe, quotation mark, hyphen and space."""
        self.words = _words(self.plain)
        """Every word that occurs, lower case: a rule whose words do not occur need not look further."""

    @cached_property
    def encoded(self) -> bytes:
        """`plain`, for whoever tries many patterns on it (`Pattern.occurs`)."""
        return encoded(self.plain)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """In order; together they hold every word of the text."""
        return tuple(self._sentences())

    @cached_property
    def spoken(self) -> tuple[tuple[int, int], ...]:
        """The stretches in quotation marks, marks included: words reported as another's, or as words."""
        return tuple(_SPOKEN.spans(self.plain)) if '"' in self.plain or "'" in self.plain else ()

    def reports(self, start: int, end: int) -> bool:
        """Whether a stretch lies in quotation marks."""
        return any(first <= start and end <= last for first, last in self.spoken)

    def finds(self, pattern: Pattern) -> list[tuple[Sentence, int, int]]:
        """Where a pattern matches, sentence by sentence: the sentence, and the match's offsets into the text."""
        if not pattern.possible(self.words):
            return []
        return [
            (one, one.start + start, one.start + end)
            for one in self.sentences
            for start, end in pattern.spans(one.plain)
        ]

    def _sentences(self) -> Iterator[Sentence]:
        for start, end in _units(self.text):
            begun = start
            for mark in _ENDS.finditer(self.plain, start, end):
                stop = mark.end()
                if stop < end and _goes_on(self.plain, begun, stop):
                    continue
                yield from self._sentence(begun, stop)
                begun = stop
            yield from self._sentence(begun, end)

    def _sentence(self, start: int, end: int) -> Iterator[Sentence]:
        piece = self.plain[start:end]
        bare = piece.strip()
        if bare:
            start += piece.index(bare[0]) if piece[0] == " " else 0
            yield Sentence(start, start + len(bare), bare)


@lru_cache(maxsize=32)  # a message's parts, for every analyser in turn
def prose(text: str) -> Prose:
    """A text, read."""
    return Prose(text)


def plain(text: str) -> str:
    """The text in small letters with one sort of apostrophe, quotation mark, hyphen and space, as long as it was."""
    if not text.isascii():
        text = text.translate(_PLAIN)
        lower = text.lower()
        # A few capitals have small letters of two characters ('İ'); they stay as they are.
        return lower if len(lower) == len(text) else "".join([c.lower() if len(c.lower()) == 1 else c for c in text])
    return text.lower().translate(_PLAIN)


_words = lru_cache(maxsize=256)(Words.of)
"""Of a message's sentences they are wanted by every analyser in turn."""


def _units(text: str) -> Iterator[tuple[int, int]]:
    """The stretches that no sentence runs over: paragraphs, list items, lines that their writer ended."""
    start = at = 0
    length = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        fresh = not bare or _BULLET.match(line) is not None or (length < _WRAPPED and not bare[0].islower())
        if at > start and (fresh or length == 0):
            yield start, at
            start = at
        at += len(line)
        length = len(bare)
    if at > start:
        yield start, at


def _goes_on(text: str, start: int, stop: int) -> bool:
    """Whether a full stop before `stop` ends an abbreviation or an initial, and the sentence goes on."""
    ending = text[max(start, stop - 16) : stop].rstrip(" \"')]")
    if not ending.endswith(".") or ending.endswith(".."):
        return False
    word = ending[:-1].rpartition(" ")[2].lstrip("(\"'")
    return word in terms("prose", "abbreviations") or (len(word) == 1 and word.isalpha() and word != "i")
