"""Which of many patterns a text may match, asked of all of them in one go: a letter seldom has the words of any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from auditor.analysers.gates import Words
from auditor.analysers.patterns import Pattern


class Rows:
    """Rows of patterns, each of which says something only where all its patterns match."""

    def __init__(self, rows: Iterable[tuple[Pattern, ...]]) -> None:
        self._rows = tuple(rows)

    @cached_property
    def _asked(self) -> tuple[tuple[tuple[int, ...], tuple[Pattern, ...]], ...]:
        """Each row with the masks (`gates`) that a text must share a bit with."""
        return tuple((tuple(mask for one in row for mask in one.wants), row) for row in self._rows)

    def likely(self, words: Words) -> Iterator[tuple[Pattern, ...]]:
        """The rows all of whose patterns a text of these words may match."""
        asked = self._asked  # first, for it may be what makes the bits
        mask = words.mask
        for wants, row in asked:
            for one in wants:
                if not mask & one:
                    break
            else:
                yield row
