"""Patterns over prose, matched in time that grows with the text and with nothing else, whoever wrote it.

In a pattern a blank is any run of blanks, and `{table}` is any one of the terms of a table in `terms/<file>.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

import re2

from auditor.analysers.vocabulary import terms

_TABLE = re.compile(r"\{([a-z_]+)\}")
_APART = str.maketrans(dict.fromkeys('.,;:!?()[]{}<>"/\\|*_-+=&~#', " "))
_MEMORY = 32 << 20
"""Bytes that one pattern's automaton may take; with RE2's own 8 MB large alternations are thrown away and made again."""


class Pattern:
    """A compiled pattern and the words without one of which it cannot match."""

    __slots__ = ("_compiled", "_groups", "needs", "source")

    def __init__(self, source: str, needs: frozenset[str] = frozenset()) -> None:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MEMORY
        self._compiled = re2.compile(source, options)
        self._groups = frozenset(self._compiled.groupindex)
        self.source = source
        """As it is compiled."""
        self.needs = needs
        """One of these must occur among the words of the text; empty where no such words can be named."""

    def possible(self, words: frozenset[str]) -> bool:
        """Whether it may match a text of these words."""
        return not self.needs or not self.needs.isdisjoint(words)

    @property
    def groups(self) -> frozenset[str]:
        """The names of its groups."""
        return self._groups

    def found(self, text: str) -> re.Match[str] | None:
        """The first match, with its groups."""
        match: re.Match[str] | None = self._compiled.search(text)
        return match

    def occurs(self, encoded: bytes) -> bool:
        """Whether it matches a text already in UTF-8: for one that many patterns look through."""
        return self._compiled.search(encoded) is not None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it matches, left to right, without overlap."""
        for match in self._compiled.finditer(text):
            yield match.span()

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Where it matches, left to right, without overlap, with the groups."""
        yield from self._compiled.finditer(text)


def compiled(source: str, needs: Iterable[str] = ()) -> Pattern:
    """A pattern as it is written. Raises `re2.error` when it is none, or asks to look back."""
    return Pattern(source, frozenset(needs))


@cache
def pattern(source: str, file: str, needs: str = "") -> Pattern:
    """A pattern with the blanks and tables of `terms/<file>.toml` put in, between word boundaries.

    `needs` names the tables (parted by blanks) of which one word must occur; a term of several words is known by its
    longest, which is the rarest as a rule.
    """

    def table(match: re.Match[str]) -> str:
        return alternatives(terms(file, match[1]))

    words = {_known_by(term) for name in needs.split() for term in terms(file, name)}
    filled = _TABLE.sub(table, source.replace(" ", " +"))
    return Pattern(rf"\b(?:{filled})\b", frozenset(words))


def _known_by(term: str) -> str:
    return max((word.strip("'") for word in term.translate(_APART).split()), key=lambda word: (len(word), word))


def alternatives(words: Iterable[str]) -> str:
    """Any one of some terms, the longest first."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", " +") for word in ordered) + ")"
