"""Patterns over prose, matched in time that grows with the text and with nothing else, whoever wrote it.

In a pattern a blank is any run of blanks, and `{table}` is any one of the terms of a table in `terms/<file>.toml`.

A letter is a byte: texts and patterns are matched in Windows-1252, where all that English and most that Welsh is written
with has a place, and any other letter is one that no pattern asks for. So places in the bytes are places in the text,
and 'any letter' is one step of an automaton and not ten.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import Any

import re2

from auditor.analysers.demands import demands
from auditor.analysers.gates import Words
from auditor.analysers.vocabulary import terms

_TABLE = re.compile(r"\{([a-z_]+)\}")
_MEMORY = 32 << 20
"""Bytes that one pattern's automaton may take; with RE2's own 8 MB large alternations are thrown away and made again."""


class Pattern:
    """A pattern, compiled when a text may hold it, and the words without which it cannot match."""

    def __init__(self, source: Callable[[], str], wants: Callable[[], tuple[int, ...]]) -> None:
        self._source = source
        self._wants = wants

    @cached_property
    def source(self) -> str:
        """As it is compiled."""
        return self._source()

    @cached_property
    def wants(self) -> tuple[int, ...]:
        """Masks (`gates`), each of which the text must share a bit with."""
        return self._wants()

    @cached_property
    def _compiled(self) -> re.Pattern[bytes]:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MEMORY
        options.encoding = re2.Options.Encoding.LATIN1
        made: re.Pattern[bytes] = re2.compile(encoded(self.source), options)
        return made

    @cached_property
    def _names(self) -> dict[str, int]:
        groups: Mapping[Any, int] = self._compiled.groupindex  # typed as of a pattern of letters
        return {str(name, "ascii"): group for name, group in groups.items()}

    def possible(self, words: Words) -> bool:
        """Whether it may match a text of these words."""
        wants = self.wants
        if not wants:
            return True
        mask = words.mask
        for one in wants:  # noqa: SIM110 - asked a hundred times of every message, and a generator costs as much again
            if not mask & one:
                return False
        return True

    @cached_property
    def groups(self) -> frozenset[str]:
        """The names of its groups."""
        return frozenset(self._names)

    def found(self, text: str) -> Match | None:
        """The first match, with its groups."""
        match = self._compiled.search(encoded(text))
        return None if match is None else Match(text, match, self._names)

    def occurs(self, text: bytes) -> bool:
        """Whether it matches a text already `encoded`: for one that many patterns look through."""
        return self._compiled.search(text) is not None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it matches, left to right, without overlap."""
        for match in self._compiled.finditer(encoded(text)):
            yield match.span()

    def matches(self, text: str) -> Iterator[Match]:
        """Where it matches, left to right, without overlap, with the groups."""
        for match in self._compiled.finditer(encoded(text)):
            yield Match(text, match, self._names)


class Match:
    """Where a pattern matches a text; as `re.Match`, as far as anybody asks."""

    __slots__ = ("_match", "_names", "_text")

    def __init__(self, text: str, match: re.Match[bytes], names: dict[str, int]) -> None:
        self._text = text
        self._match = match
        self._names = names

    def span(self, group: int | str = 0) -> tuple[int, int]:
        """Half-open; (-1, -1) of a group that took no part. Raises KeyError when there is no such group."""
        return self._match.span(group if isinstance(group, int) else self._names[group])

    def start(self, group: int | str = 0) -> int:
        """Where it begins."""
        return self.span(group)[0]

    def end(self, group: int | str = 0) -> int:
        """Where it ends."""
        return self.span(group)[1]

    def group(self, group: int | str = 0) -> str:
        """What matched; empty of a group that took no part."""
        start, end = self.span(group)
        return self._text[start:end] if start >= 0 else ""

    __getitem__ = group


def encoded(text: str) -> bytes:
    """A text as it is matched, a byte a letter."""
    return text.encode() if text.isascii() else text.encode("cp1252", _OTHER)


_OTHER = "auditor.any-other-letter"


def _other(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "\x7f" * (error.end - error.start), error.end


codecs.register_error(_OTHER, _other)


def compiled(source: str) -> Pattern:
    """A pattern as it is written, which any text may match.

    When it is first matched `re2.error` is raised where it is none, or asks to look back.
    """
    return Pattern(lambda: source, tuple)


@cache
def pattern(source: str, file: str) -> Pattern:
    """A pattern with the blanks and tables of `terms/<file>.toml` put in, between word boundaries."""

    def filled() -> str:
        put_in = _TABLE.sub(lambda match: _table(file, match[1]), source.replace(" ", " +"))
        return rf"\b(?:{put_in})\b"

    def wants() -> tuple[int, ...]:
        return demands(source, {name: terms(file, name) for name in _TABLE.findall(source)})

    return Pattern(filled, wants)


def alternatives(words: Iterable[str]) -> str:
    """Any one of some terms, a longer one before its beginning.

    Terms that begin with the same words share them, which makes programs and automata of half the size.
    """
    tree: _Tree = {}
    for term in words:
        node = tree
        for word in term.split(" "):
            node = node.setdefault(word, {})
        node[_END] = {}
    return f"(?:{'|'.join(_branches(tree))})"


@cache
def _table(file: str, name: str) -> str:
    return alternatives(terms(file, name))


_Tree = dict[str, "_Tree"]
_END = ""


def _branches(tree: _Tree) -> Iterator[str]:
    for word in sorted(filter(None, tree), reverse=True):
        letters = word if word.isalnum() else re.escape(word)
        further = [*_branches(tree[word])]
        more = "" if not further else f" +{further[0]}" if len(further) == 1 else f" +(?:{'|'.join(further)})"
        yield letters + (f"(?:{more})?" if more and _END in tree[word] else more)
