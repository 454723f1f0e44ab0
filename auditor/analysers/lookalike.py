"""Addresses that look like another: one slip of the hand away, or letters that pass for one another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from auditor.analysers.audience import GUARDED, provider
from auditor.analysers.vocabulary import terms

LEAST = 5
"""Letters a name must have for one wrong letter to be told from another name."""
_SEEMING = str.maketrans({"0": "o", "1": "l"})
_PARTED = re.compile(r"[._-]")


def one_slip(name: str, other: str) -> bool:
    """Whether two mailbox names differ by one slip of the hand; by a digit they are two mailboxes."""
    if min(len(name), len(other)) < LEAST or name == other:
        return False
    if not any(map(str.isdigit, name + other)):
        return OSA.distance(name, other, score_cutoff=1) == 1 or _latin(name) == _latin(other)
    return _seeming(name) == _seeming(other)


def namesakes(name: str, other: str) -> bool:
    """Whether the one slip that parts two names may as well part two people: another initial, another first name."""
    if name in terms("offices", "mailboxes") or other in terms("offices", "mailboxes"):
        return False
    names, others = _PARTED.split(name), _PARTED.split(other)
    if len(names) == len(others):
        given = terms("names", "given")
        parts = next((pair for pair in zip(names, others, strict=True) if pair[0] != pair[1]), ("", ""))
        if min(map(len, parts)) <= 1 or (parts[0] in given and parts[1] in given):
            return True
    elif sum(len(one) for one in names) != sum(len(one) for one in others):
        return True  # a middle initial more or less
    return len(names) == 1 and name[0] != other[0] and sorted(name) != sorted(other)


def alike(known: str, domain: str) -> bool:
    """Whether a domain is another's but for one slip of the hand, or for letters that look the same."""
    name, rest = registered(known)
    other, ending = registered(domain)
    if (name, rest) == (other, ending):
        return False
    if known.count(".") > 1 and (domain.startswith(known + ".") or known.replace(".", "-") in domain):
        return True  # dressed up as the other
    if min(len(name), len(other)) < LEAST:
        return False
    if name == other:
        # A provider has its name under both of the usual endings, and a county's university is no slip for its council.
        return ending not in ("com", "co.uk") if provider(known) else f".{ending}" not in GUARDED
    if _seeming(name) == _seeming(other):
        return True
    return rest == ending and OSA.distance(name, other, score_cutoff=1) == 1


@lru_cache(maxsize=1 << 12)
def registered(domain: str) -> tuple[str, str]:
    """The name that somebody registered, and the ending it was registered under."""
    labels = domain.split(".")
    two = domain.endswith(GUARDED) or (len(labels[-1]) == 2 and len(labels[-2:][0]) <= 3)
    ending = 2 if len(labels) > 2 and two else 1
    return ".".join(labels[:-ending]), ".".join(labels[-ending:])


def _seeming(name: str) -> str:
    return _latin(name).translate(_SEEMING).replace("rn", "m").replace("vv", "w").replace("-", "")


def _latin(name: str) -> str:
    """With Latin letters for those of other scripts that look the same."""
    if name.isascii() and "xn--" not in name:
        return name
    try:
        name = name.encode("ascii").decode("idna") if "xn--" in name else name
    except UnicodeError:
        return name
    return name.translate(_confusable())


@cache
def _confusable() -> dict[int, str]:
    """Every letter of another script to the Latin one it is taken for; a term is the two, side by side."""
    return {ord(pair[0]): pair[1] for pair in terms("offices", "confusable")}


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
            (group, 0, _seeming(name)),
        ):
            self._names.setdefault(key, []).append(name)

    def of(self, group: str, name: str) -> Iterator[str]:
        """The names of the group that are one slip away, those of the same length first, else as they were added."""
        keys = [(group, 0, _seeming(name))]
        for length in (len(name), len(name) - 1, len(name) + 1):
            middle = length // 2
            keys += [(group, length, name[:middle]), (group, -length, name[len(name) - (length - middle - 1) :])]
        near = [self._names.get(key, ()) for key in keys]
        for one in dict.fromkeys(one for names in near for one in names):
            if self._fits(one, name):
                yield one


def dressings(domain: str) -> Iterator[str]:
    """The domains that a domain may be dressed up as: `weldshire.gov.uk` for `weldshire-gov-uk.example`."""
    labels = domain.split(".")
    yield from (".".join(labels[:end]) for end in range(3, len(labels)))
    words = labels[0].split("-")
    yield from (".".join(words[:end]) for end in range(3, len(words) + 1))
