"""Which findings are one incident: the same circular sent to twelve people one by one, the same fault all through a thread.

Findings are one incident only where sender, rule and severity are the same, and why they were found. Then the words
decide, if there are enough of them to tell: the same, or nearly so. Few words, hidden ones and none at all (nothing stands
where a waiver should) tell too little: those findings are one incident within a thread and a week alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import lru_cache
from zlib import crc32

from auditor.analysers.masking import HIDDEN
from auditor.store.records import FindingRow

TELLING = 4
"""So many words tell by themselves what is alike."""
MANY = 2_000
"""Different texts of one sender and rule; where there are more, only the same words are alike."""
_LOOKED_AT = 16

_WORD = re.compile(r"\w+")
_ANSWER = re.compile(r"\A(?:\s*(?:re|fwd?|aw|wg|sv|antw)\s*(?:\[\d+\])?\s*:)+", re.IGNORECASE)

Pile = tuple[object, ...]


def incidents(found: Iterable[tuple[FindingRow, date | None]]) -> dict[str, int]:
    """Findings with the day each was sent → a number for the incident, by the finding's identity.

    Those that are an incident by themselves are left out. In which order they come does not matter.
    """
    piles: dict[Pile, dict[str, list[str]]] = {}
    for row, day in found:
        if row.sender:  # of two messages without a sender nobody knows that they have the same
            words, apart = _words(row, day)
            if apart is not None:
                finding = row.finding
                pile = piles.setdefault((row.sender, finding.rule, finding.severity, finding.reason, *apart), {})
                pile.setdefault(words, []).append(row.id)
    groups = sorted(sorted(group) for pile in piles.values() for group in _together(pile) if len(group) > 1)
    return {name: number for number, group in enumerate(groups) for name in group}


def near(one: str, other: str) -> bool:
    """Whether two texts, as `plain` gives them, are alike."""
    return one == other or _alike(_pairs(one), _pairs(other))


def plain(text: str) -> str:
    """The words of a text, whatever their case and the marks between them."""
    return " ".join(_WORD.findall(text.casefold()))


@lru_cache(maxsize=4096)  # much of what is found is found of many
def _told(excerpt: str) -> tuple[str, bool]:
    """The words, and whether they tell by themselves what is alike."""
    words = plain(excerpt)
    return words, words.count(" ") + 1 >= TELLING and HIDDEN not in excerpt


def _words(row: FindingRow, day: date | None) -> tuple[str, Pile | None]:
    """What a finding is compared by, and what must be the same besides; None where nothing is like it."""
    words, tell = _told(row.finding.excerpt)
    if tell:
        return words, ()
    thread = " ".join(_ANSWER.sub("", row.subject).casefold().split())
    if not thread:
        return words, None
    return words, (thread, day and day.isocalendar()[:2])


def _together(pile: dict[str, list[str]]) -> Iterator[list[str]]:
    """The names of a pile, those of like texts together."""
    if not 1 < len(pile) <= MANY:
        yield from pile.values()
        return
    leads = _leads(pile)
    groups: dict[str, list[str]] = {}
    for words, names in pile.items():
        groups.setdefault(leads[words], []).extend(names)
    yield from groups.values()


def _leads(texts: Collection[str]) -> dict[str, str]:
    """Each text with the first that it is like, shortest first: so none drifts from it by small steps.

    Texts that have four fifths of their pairs in common share one of the first few, in whatever order pairs are put
    (a prefix filter: Chaudhuri et al., ICDE 2006). Few others need to be looked at.
    """
    leads: dict[str, str] = {}
    sharing: dict[int, list[str]] = {}
    known: dict[str, frozenset[int]] = {}
    for text in sorted(texts, key=lambda text: (len(text), text)):
        pairs = _pairs(text)
        first = sorted(pairs)[: len(pairs) // 5 + 1]
        looked_at = dict.fromkeys(lead for pair in first for lead in sharing.get(pair, ()))
        leads[text] = lead = next((one for one in looked_at if _alike(pairs, known[one])), text)
        if lead is text:
            known[text] = pairs
            for pair in first:
                if len(beside := sharing.setdefault(pair, [])) < _LOOKED_AT:
                    beside.append(text)
    return leads


def _pairs(text: str) -> frozenset[int]:
    """Neighbouring words, each pair as a number that is the same in every process."""
    words = text.split(" ")
    return frozenset(crc32(f"{one} {other}".encode()) for one, other in zip(words, [*words[1:], ""], strict=True))


def _alike(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether four fifths of the pairs that either has are in both."""
    shared = len(one & other)
    return 5 * shared >= 4 * (len(one) + len(other) - shared)
