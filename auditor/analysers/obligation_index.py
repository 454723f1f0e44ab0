"""All acts that bind or direct, and which of them a text may do, told from its words alone."""

from __future__ import annotations

from functools import cache

from auditor.analysers.obligation_acts import FILE, Act
from auditor.analysers.obligation_bargains import ACCEPTANCES
from auditor.analysers.obligation_orders import INSTRUCTIONS
from auditor.analysers.obligation_promises import COMMITMENTS
from auditor.analysers.patterns import Pattern, pattern
from auditor.analysers.prose import prose
from auditor.analysers.vocabulary import terms

ACTS: tuple[Act, ...] = (*ACCEPTANCES, *INSTRUCTIONS, *COMMITMENTS)
"""The plainest first: where a sentence does several things, it is called by the first of these."""

_Index = dict[str, list[tuple[frozenset[str], int]]]
"""By its rarest word, the other words of every term, and as bits the acts that need it or its like."""


def candidates(words: frozenset[str], text: str) -> list[Act]:
    """The acts that a text of these words may do, in the order of `ACTS`; a text that does none costs next to nothing."""
    needed, besides, free = _index()
    if "£" in text:
        words |= {"£"}
    first = _bits(needed, words)
    if not first:
        return []
    first &= free | _bits(besides, words)
    return [act for bit, act in enumerate(ACTS) if first >> bit & 1 and _loose(bit).found(text)]


def _bits(index: _Index, words: frozenset[str]) -> int:
    found = 0
    for word in words & index.keys():
        for rest, bits in index[word]:
            if rest <= words:
                found |= bits
    return found


@cache
def _loose(bit: int) -> Pattern:
    """Finds an act in a text, and more: nothing that its pattern finds in a sentence of it is missed."""
    return pattern(ACTS[bit].source.replace("^", ""), FILE)


@cache
def _index() -> tuple[_Index, _Index, int]:
    """What acts need, what they need besides, and which of them need nothing besides."""
    free = sum(1 << bit for bit, act in enumerate(ACTS) if not act.besides)
    return _indexed([act.needs for act in ACTS]), _indexed([act.besides for act in ACTS]), free


def _indexed(needs: list[str]) -> _Index:
    bits: dict[tuple[str, frozenset[str]], int] = {}
    for bit, names in enumerate(needs):
        for term in sorted({term for name in names.split() for term in terms(FILE, name)}):
            words = prose(term.replace("£", " ")).words or frozenset({term})
            rarest = max(sorted(words), key=_rarity)
            bits[rarest, words] = bits.get((rarest, words), 0) | 1 << bit
    index: _Index = {}
    for (rarest, words), mask in bits.items():
        index.setdefault(rarest, []).append((words - {rarest}, mask))
    return index


def _rarity(word: str) -> tuple[bool, int]:
    return word not in terms(FILE, "common"), len(word)
