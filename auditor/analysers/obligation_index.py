"""All acts that bind or direct, and which of them a text may do, told from its words alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, reduce
from operator import or_

from auditor.analysers.gates import cost
from auditor.analysers.obligation_acts import ACCOUNT, FILE, START, Act
from auditor.analysers.obligation_bargains import ACCEPTANCES
from auditor.analysers.obligation_orders import INSTRUCTIONS
from auditor.analysers.obligation_promises import COMMITMENTS
from auditor.analysers.patterns import Pattern, pattern
from auditor.analysers.prose import Prose

ACTS: tuple[Act, ...] = (*ACCEPTANCES, *INSTRUCTIONS, *COMMITMENTS)
"""The plainest first: where a sentence does several things, it is called by the first of these."""
_LEADS = (START, r"^(?:\w+, ?)?", r"^(?:\w+, )?", "^", "$")
"""What may stand before anything, and is not looked for where it only costs time."""
_ANY = -1
"""The mask that every text has a bit of that has one at all."""
_USUAL = 1000.0
"""What it costs, roughly, to look for a pattern that has no mask."""
_SHELF = 8


class Index:
    """Which of some patterns a text may match, told from its mask (`gates`): those that few texts match are passed by eight
    at a time."""

    def __init__(self, asked: Sequence[Iterable[int]]) -> None:
        """`asked` are each pattern's masks."""
        rows = []
        for place, masks in enumerate(asked):
            first, second, *others = (*sorted({*masks} - {0}, key=cost), _ANY, _ANY)
            rows.append((first, second, tuple(one for one in others if one != _ANY), place))
        rows.sort(key=lambda row: _USUAL if row[0] == _ANY else cost(row[0]))
        shelves = [rows[at : at + _SHELF] for at in range(0, len(rows), _SHELF)]
        self._shelves = [(reduce(or_, [row[0] for row in shelf]), shelf) for shelf in shelves]

    def near(self, mask: int) -> list[int]:
        """The places of those that it may match, in order."""
        return sorted(
            place
            for together, shelf in self._shelves
            if mask & together
            for first, second, others, place in shelf
            if mask & first and mask & second and all(mask & one for one in others)
        )


def asked(source: str, file: str) -> set[int]:
    """The masks of a pattern, which is not compiled for it."""
    return {*pattern(loose(source), file).wants}


def loose(source: str) -> str:
    """A pattern that finds in a whole text what another finds in its sentences, and more."""
    for lead in _LEADS:
        source = source.replace(lead, "")
    return source


def candidates(read: Prose) -> list[Act]:
    """The acts that a text may do, in the order of `ACTS`; a text that does none costs next to nothing."""
    near = [ACTS[place] for place in _index().near(read.words.mask)]
    return [act for act in near if _finder(act.source).occurs(read.encoded)]


@cache
def _finder(source: str) -> Pattern:
    return pattern(loose(source), FILE)


@cache
def _index() -> Index:
    charged = asked(ACCOUNT, FILE)
    return Index([asked(act.source, FILE) | (charged if act.account else set()) for act in ACTS])
