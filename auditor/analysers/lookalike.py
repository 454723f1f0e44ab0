"""Addresses that look like another: one slip of the hand away, or letters that pass for one another."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from auditor.analysers.audience import GUARDED, provider
from auditor.analysers.vocabulary import terms

_PARTED = re.compile(r"[._-]")
_INITIAL = 2
"""Letters below which a part of a name is an initial."""
LEAST = 5
"""Letters a name must have for one wrong letter to be told from another name."""


def one_slip(name: str, other: str) -> bool:
    """Whether two mailbox names differ by one slip of the hand; by a digit they are two mailboxes."""
    slip = not any(map(str.isdigit, name + other)) and OSA.distance(name, other, score_cutoff=1) == 1
    return name != other and min(len(name), len(other)) >= LEAST and (slip or seeming(name) == seeming(other))


def namesakes(name: str, other: str) -> bool:
    """Whether the one slip that parts two mailbox names may as well part two people: another initial, another first name."""
    if not terms("offices", "mailboxes").isdisjoint((name, other)):
        return False
    names, others = _PARTED.split(name), _PARTED.split(other)
    given = terms("names", "given")
    return any(
        min(len(one), len(two)) < _INITIAL
        or given.issuperset((one, two))
        or (len(names) == 1 and one[0] != two[0] and sorted(one) != sorted(two))
        for one, two in zip(names, others, strict=False)
        if one != two
    )


def alike(known: str, domain: str) -> bool:
    """Whether a domain, not the known one itself, is another's but for one slip of the hand, or for letters that look the same."""
    name, rest = registered(known)
    other, ending = registered(domain)
    if known.count(".") > 1 and (domain.startswith(known + ".") or known.replace(".", "-") in domain):
        return True  # dressed up as the other
    if min(len(name), len(other)) < LEAST:
        return False
    if name == other:
        # A provider has its name under both of the usual endings, and a county's university is no slip for its council.
        return ending not in terms("mailboxes", "usual") if provider(known) else f".{ending}" not in GUARDED
    if seeming(name) == seeming(other):
        return True
    return rest == ending and OSA.distance(name, other, score_cutoff=1) == 1


@lru_cache(maxsize=1 << 12)
def registered(domain: str) -> tuple[str, str]:
    """The name that somebody registered, and the ending it was registered under."""
    labels = domain.split(".")
    two = domain.endswith(GUARDED) or (len(labels[-1]) == 2 and len(labels[-2:][0]) <= 3)
    ending = 2 if len(labels) > 2 and two else 1
    return ".".join(labels[:-ending]), ".".join(labels[-ending:])


def seeming(name: str) -> str:
    """With one letter for those that pass for one another; names that seem the same are a look-alike's."""
    if "xn--" in name:
        with suppress(UnicodeError):
            name = name.encode("ascii").decode("idna")
    return name.translate(_passing()).replace("rn", "m").replace("vv", "w").replace("-", "")


@cache
def _passing() -> dict[int, str]:
    """Every letter or digit to the Latin letter it is taken for; a term is the two, side by side."""
    return {ord(pair[0]): pair[1] for pair in terms("offices", "confusable")}
