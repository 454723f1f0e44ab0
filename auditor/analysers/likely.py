"""Which of many patterns a text may match, asked of all of them in one go: a letter seldom has the words of any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.analysers.gates import Words, cost
from auditor.analysers.patterns import Pattern
from auditor.values import Value

_Row = tuple[Pattern, ...]


class Rows(Value, frozen=True):
    """Rows of patterns, each of which says something only where all its patterns match."""

    rows: tuple[tuple[tuple[int, ...], _Row], ...]
    """Each with the masks (`gates`) that a text must share a bit with."""
    by_bit: dict[int, tuple[int, ...]]
    """By each bit of a row's rarest mask: the places of the rows that have it."""
    always: tuple[int, ...]
    """The places of the rows that ask for no word."""
    any_bit: int
    """The bits of `by_bit` together."""

    @classmethod
    def of(cls, rows: Iterable[_Row]) -> Rows:
        """The rows in their order."""
        kept: list[tuple[tuple[int, ...], _Row]] = []
        by_bit: dict[int, tuple[int, ...]] = {}
        always: list[int] = []
        for at, row in enumerate(rows):
            first, *more = sorted((mask for one in row for mask in one.wants), key=cost) or [0]
            kept.append((tuple(more), row))
            if not first:
                always.append(at)
            for one in _bits(first):
                by_bit[one] = (*by_bit.get(one, ()), at)
        return cls(tuple(kept), by_bit, tuple(always), sum(by_bit))

    def likely(self, words: Words) -> Iterator[_Row]:
        """The rows all of whose patterns a text of these words may match."""
        mask = words.mask
        held = mask & self.any_bit
        places = [*self.always]
        for one in _bits(held):
            places += self.by_bit[one]
        for at in sorted({*places}) if places else ():
            wants, row = self.rows[at]
            for one in wants:
                if not mask & one:
                    break
            else:
                yield row


def _bits(mask: int) -> Iterator[int]:
    while mask:
        one = mask & -mask
        yield one
        mask ^= one
