"""Patterns over prose, matched in time that grows with the text and with nothing else, whoever wrote it.

In a pattern a blank is any run of blanks, and `{table}` is any one of the terms of a table in `terms/<file>.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

import re2

from auditor.analysers.demands import demands
from auditor.analysers.gates import Words, bit, rarest
from auditor.analysers.vocabulary import terms

_TABLE = re.compile(r"\{([a-z_]+)\}")
_MEMORY = 32 << 20
"""Bytes that one pattern's automaton may take; with RE2's own 8 MB large alternations are thrown away and made again."""


class Pattern:
    """A compiled pattern and the words without which it cannot match."""

    __slots__ = ("_compiled", "_groups", "source", "wants")

    def __init__(self, source: str, wants: tuple[int, ...] = ()) -> None:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MEMORY
        self._compiled = re2.compile(source, options)
        self._groups = frozenset(self._compiled.groupindex)
        self.source = source
        """As it is compiled."""
        self.wants = wants
        """Masks (`gates`), each of which the text must share a bit with."""

    def possible(self, words: Words) -> bool:
        """Whether it may match a text of these words."""
        if not self.wants:
            return True
        mask = words.mask
        for one in self.wants:  # noqa: SIM110 - asked a hundred times of every message, and a generator costs as much again
            if not mask & one:
                return False
        return True

    @property
    def groups(self) -> frozenset[str]:
        """The names of its groups."""
        return self._groups

    def found(self, text: str) -> re.Match[str] | None:
        """The first match, with its groups."""
        # Most texts hold it nowhere, which is told of bytes in half the time.
        if self._compiled.search(text.encode()) is None:
            return None
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
    """A pattern as it is written; `needs` are words of which one must occur, where some can be named.

    Raises `re2.error` when it is none, or asks to look back.
    """
    return Pattern(source, tuple({bit(needs)} - {0}))


@cache
def pattern(source: str, file: str, needs: str = "") -> Pattern:
    """A pattern with the blanks and tables of `terms/<file>.toml` put in, between word boundaries.

    `needs` names further tables (parted by blanks): the rarest word of one of their terms must occur.
    """
    tables = {name: terms(file, name) for name in [*_TABLE.findall(source), *needs.split()]}
    besides = bit({rarest(term) for name in needs.split() for term in tables[name]}) if needs else 0
    filled = _TABLE.sub(lambda match: alternatives(tables[match[1]]), source.replace(" ", " +"))
    return Pattern(rf"\b(?:{filled})\b", tuple(dict.fromkeys([*({besides} - {0}), *demands(source, tables)])))


def alternatives(words: Iterable[str]) -> str:
    """Any one of some terms, the longest first."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", " +") for word in ordered) + ")"
