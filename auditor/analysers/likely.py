"""Which of many patterns a text may match, asked of all of them in one go: a letter seldom has the words of any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from auditor.analysers.gates import Words, cost
from auditor.analysers.patterns import Pattern
from auditor.values import Value

_Row = tuple[Pattern, ...]


class _Index(Value, frozen=True):
    """Where rows are found."""

    by_bit: dict[int, tuple[int, ...]]
    """By each bit of a row's rarest mask (`gates`): the places of the rows that have it."""
    always: tuple[int, ...]
    """The places of the rows that ask for no word."""
    further: tuple[tuple[int, ...], ...]
    """Of each row the other masks, each of which a text must share a bit with too."""


class Rows:
    """Rows of patterns, each of which says something only where all its patterns match."""

    def __init__(self, rows: Iterable[_Row]) -> None:
        self._rows = tuple(rows)

    def likely(self, words: Words) -> Iterator[_Row]:
        """The rows all of whose patterns a text of these words may match, in their order."""
        index, any_bit = self._index
        mask = words.mask
        places = {*index.always}
        for one in _bits(mask & any_bit):
            places.update(index.by_bit[one])
        for at in sorted(places):
            if all(mask & one for one in index.further[at]):
                yield self._rows[at]

    @cached_property
    def _index(self) -> tuple[_Index, int]:
        """Made when it is first asked, as the words of patterns are; and its bits together."""
        by_bit: dict[int, tuple[int, ...]] = {}
        always, further = list[int](), list[tuple[int, ...]]()
        for at, row in enumerate(self._rows):
            first, *more = sorted((mask for one in row for mask in one.wants), key=cost) or [0]
            further.append(tuple(more))
            if not first:
                always.append(at)
            for one in _bits(first):
                by_bit[one] = (*by_bit.get(one, ()), at)
        return _Index(by_bit, tuple(always), tuple(further)), sum(by_bit)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        one = mask & -mask
        yield one
        mask ^= one
