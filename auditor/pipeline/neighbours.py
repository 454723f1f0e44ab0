"""Which of many names a new one may be a slip for, found without going through them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from auditor.analysers.lookalike import seeming


class Neighbours:
    """Names in groups, and for a new name the ones in its group that it may be a slip for.

    A slip leaves the letters before the middle as they were, or those behind it: names are looked up by either, and by
    how they seem.
    """

    def __init__(self, fits: Callable[[str, str], bool]) -> None:
        self._fits = fits
        self._names: dict[tuple[str, int, str], list[str]] = {}

    def add(self, group: str, name: str) -> None:
        """One more name; each is added once."""
        length, middle = len(name), len(name) // 2
        for key in (
            (group, length, name[:middle]),
            (group, -length, name[middle + 1 :]),
            (group, 0, seeming(name)),
        ):
            self._names.setdefault(key, []).append(name)

    def of(self, group: str, name: str) -> list[str]:
        """The names of the group that are one slip away, those of the same length first, else as they were added."""
        seen = self._names
        length = len(name)
        near = list(seen.get((group, 0, seeming(name)), ()))
        for one in (length, length - 1, length + 1):
            middle = one // 2
            for key in ((group, one, name[:middle]), (group, -one, name[length + 1 + middle - one :])):
                if key in seen:
                    near += seen[key]
        return [one for one in dict.fromkeys(near) if self._fits(one, name)] if near else near


def dressings(domain: str) -> Iterator[str]:
    """The domains that a domain may be dressed up as: `weldshire.gov.uk` for `weldshire-gov-uk.example`."""
    labels = domain.split(".")
    yield from (".".join(labels[:end]) for end in range(3, len(labels)))
    words = labels[0].split("-")
    yield from (".".join(words[:end]) for end in range(3, len(words) + 1))
