"""Which ids were seen, in eight bytes an id or so: a million messages in flat memory."""

from __future__ import annotations

from array import array

_MASK = (1 << 64) - 1


class Seen:
    """A set of strings that remembers 64-bit fingerprints only.

    The fingerprint is Python's own keyed string hash, so nobody can prepare two ids that collide; by accident
    one look-up among a million ids goes wrong once in 10^13. It answers membership alone: what depends on it
    does not depend on the key.
    """

    __slots__ = ("_limit", "_slots", "count")

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 1024))
        self._limit = 640
        self.count = 0

    def add(self, key: str) -> bool:
        """Remembers `key`; False when it was there already."""
        if not self._place(self._slots, (hash(key) & _MASK) or 1):
            return False
        self.count += 1
        if self.count > self._limit:
            self._grow()
        return True

    def __contains__(self, key: str) -> bool:
        slots, mark = self._slots, (hash(key) & _MASK) or 1
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
        larger = array("Q", bytes(16 * len(self._slots)))
        for mark in self._slots:
            if mark:
                self._place(larger, mark)
        self._slots, self._limit = larger, self._limit * 2


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
