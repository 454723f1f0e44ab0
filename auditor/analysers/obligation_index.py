"""All acts that bind or direct, and which of them a text may do, told from its words alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from auditor.analysers.gates import Words, rarest, wanted
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
"""The mask that every text has a bit of."""
_TABLE = re.compile(r"\{([a-z_]+)\}")


class Gate(NamedTuple):
    """What a text must have for a pattern to be looked for in it."""

    first: int
    """A mask (`gates`), of which it must have a bit."""
    second: int
    """Another."""
    masks: tuple[int, ...]
    """The others."""
    needs: tuple[frozenset[str], ...]
    """Words, of each set of which it must have one."""

    def possible(self, words: Words) -> bool:
        """Whether a text of these words, which has a bit of the first two masks, has the rest."""
        for one in self.masks:
            if not words.mask & one:
                return False
        return not any(map(words.isdisjoint, self.needs))


def gate(source: str, file: str, needs: str = "", besides: Iterable[int] = ()) -> Gate:
    """The gate of a pattern, which is not compiled for it.

    `needs` names tables whose words tell more cheaply, `besides` masks that are needed for another reason.
    """
    tables = {name: terms(file, name) for name in _TABLE.findall(source)}
    first, second, *masks = (*besides, *wanted(source, tables), _ANY, _ANY)
    needed = tuple(_rarest(file, names) for names in needs.split(" & ") if names)
    return Gate(first, second, tuple(one for one in masks if one != _ANY), needed)


def loose(source: str) -> str:
    """A pattern that finds in a whole text what another finds in its sentences, and more."""
    for lead in _LEADS:
        source = source.replace(lead, "")
    return source


def candidates(read: Prose) -> list[Act]:
    """The acts that a text may do, in the order of `ACTS`; a text that does none costs next to nothing."""
    words = read.words
    mask = words.mask or _ANY
    near = [row for row in _index() if mask & row[0] and mask & row[1]]
    encoded = read.plain.encode() if near else b""
    return [
        act
        for *_, one, act in near
        if act.holds in read.plain and one.possible(words) and _finder(act.source).occurs(encoded)
    ]


@cache
def _finder(source: str) -> Pattern:
    return pattern(loose(source), FILE)


@cache
def _index() -> tuple[tuple[int, int, Gate, Act], ...]:
    """All acts, each with its gate."""
    charged = wanted(loose(ACCOUNT), {name: terms(FILE, name) for name in _TABLE.findall(ACCOUNT)})
    made = []
    for act in ACTS:
        one = gate(loose(act.source), FILE, act.needs, charged if act.account else ())
        made.append((one.first, one.second, one, act))
    return tuple(made)


def _rarest(file: str, names: str) -> frozenset[str]:
    """The rarest word of each term of some tables."""
    return frozenset(rarest(term) for name in names.split() for term in terms(file, name))
