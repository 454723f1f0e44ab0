"""Knows a disclaimer when it sees one, whoever worded it: by the things that disclaimers say.

No single phrase decides. 'Confidential' alone, a mailing list's 'received in error', a scanner's footer are none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from auditor.mail.vocabulary import disclaimer_cues, disclaimer_stems

ENOUGH = 3.0
"""The weight from which a paragraph is a disclaimer."""
_SURELY = 4.5
"""The weight from which even an 'I' does not make it a letter."""
_SOME = 1.0
"""The weight from which the paragraph next to one belongs to it."""
_NEAR = 600
"""Characters between two things said in one breath."""
_TAIL = 240
"""What may follow the last thing said and still belong to it."""
_LEAD = 120
"""What may come before the first thing said, in its sentence."""
_WRAPPED = 45
"""A line of at least this length runs on into the next."""
_LONGEST = 4_000
_FIRST, _LAST = 4, 12
"""How many paragraphs are looked at closely, from either end: a bound for hostile mail."""

_SPACES = re.compile(r"\s+")


class _Said(NamedTuple):
    start: int
    end: int
    name: str
    weight: float


class _Run(NamedTuple):
    """Things said in one breath."""

    start: int
    end: int
    weight: float


_CUES = tuple((cue, re.compile("|".join(cue.patterns))) for cue in disclaimer_cues())
_OWN_REQUEST = {"confidence", "prohibition", "remedy"}
_HOLDS_STEM = disclaimer_stems()
_FIRST_PERSON = re.compile(r"\b(?:i|my|i'm|i've|i'll|i'd)\b")


def hinted(plain_text: str) -> bool:
    """Whether a closer look is worth its while: any word that disclaimers cannot do without."""
    return _any_in(_HOLDS_STEM, plain_text)


def _any_in(words: Sequence[str], text: str) -> bool:
    for word in words:  # noqa: SIM110 - a generator costs as much again, on every message
        if word in text:
            return True
    return False


def weigh(paragraph: str) -> float:
    """How much of what disclaimers say this plain paragraph says; `ENOUGH` makes it one."""
    return _densest(_SPACES.sub(" ", paragraph)[-_LONGEST:]).weight


def _said(text: str) -> list[_Said]:
    cues = [(cue, pattern) for cue, pattern in _CUES if _any_in(cue.needs, text)]
    return sorted(_Said(*m.span(), cue.name, cue.weight) for cue, pattern in cues for m in pattern.finditer(text))


def _densest(text: str) -> _Run:
    """The weightiest run of things said close together; each thing counts once."""
    best = _Run(0, 0, 0.0)
    run: list[_Said] = []
    for here in [*_said(text), _Said(1 << 40, 0, "", 0.0)]:
        if run and here.start - run[-1].start > _NEAR:
            best = max(best, _weighed(run, text), key=lambda found: found.weight)
            run = []
        run.append(here)
    return best


def _weighed(run: Sequence[_Said], text: str) -> _Run:
    start, end = run[0].start, max(one.end for one in run)
    weight = _weight({one.name: one.weight for one in run})
    # A writer who says so of this one letter ('I write for myself …') is not reciting a disclaimer.
    if weight < _SURELY and _FIRST_PERSON.search(text, max(text.rfind(". ", 0, start), 0), end):
        weight = min(weight, ENOUGH - 0.5)
    return _Run(start, end, weight)


def _weight(said: dict[str, float]) -> float:
    """'Confidential, please do not pass it on' is a writer's own request: it takes more to be a disclaimer."""
    weight = sum(said.values())
    return weight if said.keys() - _OWN_REQUEST else min(weight, ENOUGH - 0.5)


def find(lines: Sequence[str]) -> list[range]:
    """The lines that disclaimers take, in order. `lines` are plain; blank ones part paragraphs."""
    blocks = paragraphs(lines)
    weights = [0.0] * len(blocks)
    spans = list(blocks)
    likely = [n for n, block in enumerate(blocks) if any(hinted(lines[i]) for i in block)]
    for n in dict.fromkeys([*likely[:_FIRST], *likely[-_LAST:]]):
        spans[n], weights[n] = _look(lines, blocks[n])
    found = {n for n, weight in enumerate(weights) if weight >= ENOUGH}
    near = {n for n, weight in enumerate(weights) if weight >= _SOME and {n - 1, n + 1} & found}
    return [spans[n] for n in sorted(found | near)]


def paragraphs(lines: Sequence[str]) -> list[range]:
    """Runs of lines that are not blank."""
    found: list[range] = []
    start = None
    for n, line in enumerate([*lines, ""]):
        if line.strip():
            start = n if start is None else start
        elif start is not None:
            found.append(range(start, n))
            start = None
    return found


def _look(lines: Sequence[str], block: range) -> tuple[range, float]:
    """The lines of a paragraph that its disclaimer takes, and its weight."""
    text, begins = "", []
    for n in block:
        begins.append(len(text))
        text += " ".join(lines[n].split()) + " "
    skipped = max(0, len(text) - _LONGEST)
    run = _densest(text[skipped:])
    # A sentence belongs to the disclaimer from its beginning (a short line above is no part of it: a signature has
    # no full stops), and what rounds it off to the end.
    start = max(text.rfind(". ", 0, run.start + skipped), 0)
    stop = text.find(". ", run.end + skipped)
    stop = len(text) if stop < 0 or len(text) - stop <= _TAIL else stop
    first, last = _line_at(begins, run.start + skipped), _line_at(begins, stop)
    while first > _line_at(begins, start + 2 if start else 0) and begins[first] - begins[first - 1] > _WRAPPED:
        first -= 1
    while first and not any(map(str.isalnum, lines[block[first - 1]])):
        first -= 1
    taken = block[first : last + 1]
    # A letter run into one line with its disclaimer is still a letter, to be read as one.
    begun = max(start, run.start + skipped - _LEAD)
    mostly = 2 * (stop - begun) >= sum(len(lines[n]) for n in taken)
    return taken, run.weight if mostly else 0.0


def _line_at(begins: Sequence[int], offset: int) -> int:
    return bisect_right(begins, offset) - 1
