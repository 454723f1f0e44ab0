"""A list that is followed by its links, and links that lead nowhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from connectors.seen import Seen

FRUITLESS = 300
"""So many pages without anything that was not listed before are a circle."""


class Circle(Exception):
    """A list's links lead back to where they began, or on for ever."""


class Course:
    """The way through one list."""

    def __init__(self) -> None:
        self._links: set[str] = set()
        self._met = Seen()
        self._fruitless = 0

    def passed(self, link: str, ids: Iterable[str]) -> None:
        """The page that a link leads to has been read, and these are on it.

        Raises:
            Circle
        """
        fresh = [one for one in ids if self._met.add(one)]
        self._fruitless = 0 if fresh else self._fruitless + 1
        mark = hashlib.blake2b(link.encode(), digest_size=8).hexdigest()
        if mark in self._links or self._fruitless > FRUITLESS:
            raise Circle
        self._links.add(mark)
