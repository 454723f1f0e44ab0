"""All acts that bind or direct, and which of them a text may do, told from its words alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from auditor.analysers.demands import demands
from auditor.analysers.gates import bit, cost
from auditor.analysers.obligation_acts import ACCOUNT, FILE, START, Act
from auditor.analysers.obligation_bargains import ACCEPTANCES
from auditor.analysers.obligation_orders import INSTRUCTIONS
from auditor.analysers.obligation_promises import COMMITMENTS
from auditor.analysers.patterns import Pattern, pattern
from auditor.analysers.prose import Prose
from auditor.analysers.vocabulary import terms

ACTS: tuple[Act, ...] = (*ACCEPTANCES, *INSTRUCTIONS, *COMMITMENTS)
"""The plainest first: where a sentence does several things, it is called by the first of these."""
_LEADS = (START, r"^(?:\w+, ?)?", r"^(?:\w+, )?", "^", "$")
"""What may stand before anything, and is not looked for where it only costs time."""
_ANY = -1
"""The mask that every text has a bit of that has one at all."""
_FEW = 2
_TABLE = re.compile(r"\{([a-z_]+)\}")


Gate = tuple[int, int, tuple[int, ...]]
"""Masks (`gates`), of each of which a text must have a bit for a pattern to be looked for in it: the two that tell most, and
the others."""


def gate(source: str, file: str, needs: str = "", besides: Iterable[int] = ()) -> Gate:
    """The gate of a pattern, which is not compiled for it.

    `needs` names tables that the pattern does not ask for by itself, `besides` masks that are needed for another reason.
    """
    needed = [_told(sorted({term for name in one.split() for term in terms(file, name)})) for one in needs.split(" & ")]
    asked = sorted({*besides, *demands(source, _tables(source, file)), *needed} - {0}, key=cost)
    first, second, *others = (*asked, _ANY, _ANY)
    return first, second, tuple(one for one in others if one != _ANY)


def has(mask: int, masks: Iterable[int]) -> bool:
    """Whether a text's mask has a bit of each of some."""
    for one in masks:  # noqa: SIM110 - asked of every message, and a generator costs as much again
        if not mask & one:
            return False
    return True


def loose(source: str) -> str:
    """A pattern that finds in a whole text what another finds in its sentences, and more."""
    for lead in _LEADS:
        source = source.replace(lead, "")
    return source


def candidates(read: Prose) -> list[Act]:
    """The acts that a text may do, in the order of `ACTS`; a text that does none costs next to nothing."""
    mask = read.words.mask
    near = [row for row in _index() if mask & row[0] and mask & row[1]]
    encoded = read.plain.encode() if near else b""
    return [
        act
        for _, _, others, act in near
        if act.holds in read.plain and has(mask, others) and _finder(act.source).occurs(encoded)
    ]


@cache
def _finder(source: str) -> Pattern:
    return pattern(loose(source), FILE)


@cache
def _index() -> tuple[tuple[int, int, tuple[int, ...], Act], ...]:
    """All acts, each with its gate."""
    source = loose(ACCOUNT)
    charged = demands(source, _tables(source, FILE))
    return tuple((*gate(loose(act.source), FILE, act.needs, charged if act.account else ()), act) for act in ACTS)


def _tables(source: str, file: str) -> dict[str, frozenset[str]]:
    return {name: terms(file, name) for name in _TABLE.findall(source)}


def _told(phrases: list[str]) -> int:
    """The mask of phrases that may be too many for one table."""
    one = bit(phrases)
    if one or len(phrases) < _FEW:
        return one
    half = len(phrases) // 2
    first, second = _told(phrases[:half]), _told(phrases[half:])
    return first | second if first and second else 0
