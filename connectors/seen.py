"""Which ids were seen, in eight bytes an id or so; of very many, in flat memory."""

from __future__ import annotations

import sqlite3
from array import array
from contextlib import closing, suppress

from auditor.errors import LostSource

_MASK = (1 << 64) - 1
MANY = 160_000
"""Above so many, ids lie in a temporary file that ends with the program: two megabytes of it are in memory."""


class Seen:
    """A set of strings that remembers 64-bit fingerprints only.

    The fingerprint is Python's own keyed string hash, so nobody can prepare two ids that collide; by accident
    one look-up among a million ids goes wrong once in 10^13. It answers membership alone: what depends on it
    does not depend on the key.
    """

    __slots__ = ("_file", "_limit", "_slots", "count")

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 1024))
        self._limit = 640
        self._file: sqlite3.Connection | None = None
        self.count = 0

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, key: str) -> bool:
        """Remembers `key`; False when it was there already."""
        mark = (hash(key) & _MASK) or 1
        new = self._place(self._slots, mark) if self._file is None else _kept(self._file, mark)
        if new:
            self.count += 1
            if self.count > self._limit and self._file is None:
                self._grow()
        return new

    def __contains__(self, key: str) -> bool:
        mark = (hash(key) & _MASK) or 1
        if self._file is not None:
            return self._file.execute("SELECT 1 FROM seen WHERE mark = ?", (_signed(mark),)).fetchone() is not None
        slots = self._slots
        mask = len(slots) - 1
        at = mark & mask
        while slots[at]:
            if slots[at] == mark:
                return True
            at = (at + 1) & mask
        return False

    @staticmethod
    def _place(slots: array[int], mark: int) -> bool:
        mask = len(slots) - 1
        at = mark & mask
        while slots[at]:
            if slots[at] == mark:
                return False
            at = (at + 1) & mask
        slots[at] = mark
        return True

    def _grow(self) -> None:
        # Where no file can be made, memory has to do.
        if self.count > MANY and (made := _filed(self._slots)) is not None:
            self._file, self._slots = made, array("Q")
            return
        larger = array("Q", bytes(16 * len(self._slots)))
        for mark in self._slots:
            if mark:
                self._place(larger, mark)
        self._slots, self._limit = larger, self._limit * 2


def _filed(slots: array[int]) -> sqlite3.Connection | None:
    """A nameless file with these marks; None where the disk refuses."""
    file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    with suppress(sqlite3.Error):
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -2048"):
            with closing(file.execute(f"PRAGMA {setting}")):
                pass
        file.execute("CREATE TABLE seen (mark INTEGER PRIMARY KEY)")
        file.execute("BEGIN")
        file.executemany("INSERT INTO seen VALUES (?)", ((_signed(mark),) for mark in slots if mark))
        return file
    file.close()
    return None


def _kept(file: sqlite3.Connection, mark: int) -> bool:
    try:
        return file.execute("INSERT OR IGNORE INTO seen VALUES (?)", (_signed(mark),)).rowcount == 1
    except sqlite3.Error as error:
        raise LostSource(
            f"The disk for temporary files refused the list of a very large mailbox ({error}): make room there; it is read "
            "again next night."
        ) from error


def _signed(mark: int) -> int:
    return mark - (1 << 64) if mark >> 63 else mark


class Occurrences:
    """How often each key was met before, in order: 0, 1, 2 …"""

    __slots__ = ("_again", "_once")

    def __init__(self) -> None:
        self._once = Seen()
        self._again: dict[str, int] = {}

    def next(self, key: str) -> int:
        """The number of this occurrence, from 0."""
        if self._once.add(key):
            return 0
        number = self._again[key] = self._again.get(key, 0) + 1
        return number
