"""A store in memory that keeps pages as the real one does, and objects to anything told twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from auditor.pipeline.source import Fetched, Moved, Outside, Page, Source, Unfetched, Vanished


@dataclass(slots=True)
class Holding:
    raw: bytes
    stamp: str
    folders: tuple[str, ...]
    vanished: bool = False
    sha256: str = ""

    def __post_init__(self) -> None:
        self.sha256 = hashlib.sha256(self.raw).hexdigest()


@dataclass(slots=True)
class FakeStore:
    """One mailbox's holdings; itself the `Held` that a source is given."""

    holdings: dict[str, Holding] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    """Open gaps: id and reason."""
    cursor: str | None = None
    count: int | None = None
    since: date | None = None
    outside: dict[str, tuple[str, date]] = field(default_factory=dict)
    """Passed over as older than the window: stamp and day."""
    asked: int = 0
    """Ids asked for by `unknown`."""

    def unknown(self, listed: Sequence[tuple[str, str]]) -> set[str]:
        self.asked += len(listed)
        known = self.stamps([i for i, _ in listed])
        return {i for i, stamp in listed if known.get(i) != stamp}

    def stamps(self, ids: Sequence[str]) -> dict[str, str | None]:
        assert len(ids) <= 5000
        known: dict[str, str | None] = {i: one.stamp for i, one in self.holdings.items() if not one.vanished}
        for i, (stamp, day) in self.outside.items():
            known[i] = None if self.since and day >= self.since else stamp
        known |= dict.fromkeys(self.missing)
        return {i: known[i] for i in ids if i in known}

    def ids(self) -> Iterator[str]:
        there = {i for i, holding in self.holdings.items() if not holding.vanished}
        yield from there | self.missing.keys() | self.outside.keys()

    def empty(self) -> bool:
        return next(self.ids(), None) is None

    def gaps(self) -> tuple[str, ...]:
        return tuple(sorted(self.missing))

    def find(self, sha256: str) -> tuple[str, ...]:
        return tuple(sorted(i for i, one in self.holdings.items() if not one.vanished and one.sha256 == sha256))

    def _as_held(self, i: str, stamp: str) -> bool:
        holding = self.holdings.get(i)
        return holding is not None and not holding.vanished and holding.stamp == stamp

    def keep(self, page: Page) -> None:
        """One page, as one transaction."""
        for entry in page.entries:
            match entry:
                case Fetched(i, raw, folders, stamp):
                    assert i in self.missing or not self._as_held(i, stamp), f"{i} came twice"
                    self.missing.pop(i, None)
                    self.outside.pop(i, None)
                    self.holdings[i] = Holding(raw if isinstance(raw, bytes) else raw.read(), stamp, folders)
                case Unfetched(i, reason):
                    assert reason.endswith("."), "a reason is a sentence"
                    self.missing[i] = reason
                case Outside(i, day, stamp):
                    self.missing.pop(i, None)
                    self.outside[i] = stamp, day
                case Moved(i, to, folders, stamp):
                    assert i == to or to not in set(self.ids())
                    self.holdings[to] = Holding(self.holdings.pop(i).raw, stamp, folders)
                case Vanished(i):
                    assert i in self.missing or i in self.outside or not self.holdings[i].vanished, f"{i} went twice"
                    counted = [self.missing.pop(i, None), self.outside.pop(i, None)]
                    if i in self.holdings or counted == [None, None]:
                        self.holdings[i].vanished = True
        self.cursor = page.cursor
        if page.count is not None:
            self.count = page.count
            assert page.count == len(list(self.ids())), "what is counted is held or a gap"

    def night(self, source: Source, mailbox: str, pages: int | None = None) -> list[object]:
        """Reads on from where the last night ended, at most so many pages; the entries that came."""
        entries: list[object] = []
        reading = source.pages(mailbox, self.cursor, self)
        for number, page in enumerate(reading, 1):
            self.keep(page)
            entries += page.entries
            if number == pages:
                reading.close()  # type: ignore[attr-defined]
                break
        return entries

    def bodies(self) -> list[bytes]:
        """What is held and has not vanished, sorted."""
        return sorted(one.raw for one in self.holdings.values() if not one.vanished)


def kinds(entries: Iterable[object]) -> list[str]:
    return [type(entry).__name__ for entry in entries]
