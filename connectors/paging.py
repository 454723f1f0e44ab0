"""Entries on their way from a connector to the store, handed on a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from auditor.pipeline.pull import Clock
from auditor.pipeline.source import Entry, Fetched, Page

ENTRIES, BYTES, SECONDS = 500, 8 * 1024 * 1024, 15.0
"""What is handed on together, at most: a slow night that is cut short has lost little."""


class Paging:
    """The page under way.

    Args:
        cursor: tells how far it is safe to go on from, with what waits.
    """

    def __init__(self, clock: Clock, cursor: Callable[[], str]) -> None:
        self._clock = clock
        self._cursor = cursor
        self._entries: list[Entry] = []
        self._weight = 0
        self._since = clock.now()
        """When the last page was handed on."""
        self.expected: int | None = None
        """About how many messages come in all."""

    def fewer(self, count: int = 1) -> None:
        """So many of those that were expected will not come."""
        if self.expected is not None:
            self.expected = max(0, self.expected - count)

    def add(self, entries: Iterable[Entry]) -> Iterator[Page]:
        """Entries for the page under way; the page itself when there is enough of it."""
        for entry in entries:
            weight = len(entry.raw) if isinstance(entry, Fetched) else 0
            if self._entries and self._weight + weight > BYTES:
                yield self.page()
            self._entries.append(entry)
            self._weight += weight
        if self._entries and (len(self._entries) >= ENTRIES or self._overdue()):
            yield self.page()

    def rest(self) -> Iterator[Page]:
        """What waits, where anything does."""
        if self._entries:
            yield self.page()

    def step(self) -> Iterator[Page]:
        """The cursor has moved on: with what waits, or by itself now and then."""
        if self._entries or self._overdue():
            yield self.page()

    def page(self, count: int | None = None) -> Page:
        """What waits, with the cursor. `count` is for the last page."""
        entries, self._entries, self._weight = tuple(self._entries), [], 0
        self._since = self._clock.now()
        return Page(entries, self._cursor(), count, self.expected)

    def _overdue(self) -> bool:
        return self._clock.now() - self._since > SECONDS


def by(many: int, ids: Iterable[str]) -> Iterator[list[str]]:
    """So many at a time."""
    source = iter(ids)
    while some := list(islice(source, many)):
        yield some
