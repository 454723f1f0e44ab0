"""Which of many patterns a text may match, asked of all of them in one go: a letter seldom has the words of any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.analysers.gates import Words
from auditor.analysers.patterns import Pattern
from auditor.values import Value


class Rows(Value, frozen=True):
    """Rows of patterns, each of which says something only where all its patterns match."""

    rows: tuple[tuple[tuple[int, ...], tuple[Pattern, ...]], ...]
    """Each with the masks (`gates`) that a text must share a bit with."""

    @classmethod
    def of(cls, rows: Iterable[tuple[Pattern, ...]]) -> Rows:
        """The rows in their order."""
        return cls(tuple((tuple(mask for one in row for mask in one.wants), row) for row in rows))

    def likely(self, words: Words) -> Iterator[tuple[Pattern, ...]]:
        """The rows all of whose patterns a text of these words may match."""
        mask = words.mask
        for wants, row in self.rows:
            for one in wants:
                if not mask & one:
                    break
            else:
                yield row
