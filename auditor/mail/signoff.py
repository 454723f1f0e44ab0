"""Where a signature stands at the foot of a letter, whoever's it is, and what was added to one.

Everything here reads plain lines (`wording.plain`); what each of them is, `footlines` knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.mail.footlines import (
    EDGES,
    SHORT,
    STOPS,
    WIDE,
    bears_name,
    below,
    device,
    footer,
    greeting_name,
    letterlike,
    motto,
    narrow,
    one_word,
    particular,
    prose,
    reaches,
    signs,
    slogan,
    valediction,
    writes,
)
from auditor.mail.vocabulary import alternation, closing_terms
from auditor.mail.wording import Closing, words

_MOST = 14
"""Lines of the longest signature block that is still taken for one."""
TAIL = 12
"""Lines from the end among which a machine's own line may stand."""
_ENOUGH = 5
"""Words of an agreed signature that make a likeness."""
_PARTED = 3
"""Lines between two that still belong together; paragraphs at the end among which a block may stand."""
_TRADE = re.compile(rf"(?<![^\W_])(?:{alternation(closing_terms('trades'))})(?![^\W_])")
_RULED = frozenset("-_=*")
_DELIMITER = re.compile(r"\s*(?:-- ?|_{3,}|-{3,}|={3,}|\*{3,})\s*")
_SAID = re.compile(r"[^\W\d_]{3,}")


def block(lines: Sequence[str | None], name: str) -> range | None:
    """The signature block that ends these lines, whoever's it is; None when there is none, or but a bare name.

    A line that is None is taken already and ends the search.
    """
    last = len(lines) - 1
    while last >= 0 and (line := lines[last]) is not None and (not line.strip() or device(line) or footer(line)):
        last -= 1
    first = last
    while first >= 0 and lines[first] is not None and last - first <= _MOST * 2:
        first -= 1
    tail = [line or "" for line in lines[first + 1 : last + 1]]
    found = _after_goodbye(tail, name) or _standing_apart(tail, name) or _paragraph(tail, name)
    if found is None:
        return None
    return range(first + 1 + found.start, first + 1 + found.stop)


def _after_goodbye(tail: Sequence[str], name: str) -> range | None:
    rest: list[str] = []
    sayings = False
    for n in range(len(tail) - 1, -1, -1):
        line = tail[n]
        if not line or line.isspace():
            continue
        if valediction(line) or (line.rstrip()[-1:] in _RULED and _DELIMITER.fullmatch(line)):
            if sayings and not (valediction(line) and (bears_name(rest[-1], name) or one_word(rest[-1]))):
                return None
            return _trim(tail, range(n + 1, len(tail)), name) if _speaks(rest[::-1], name) else None
        rest.append(line)
        if len(rest) > _MOST or below(line):
            return None
        if not signs(line, name):
            sayings = True
            if not slogan(line):
                return None
    return None


def _speaks(rest: Sequence[str], name: str) -> bool:
    """Whether lines below a goodbye are more than a name."""
    more = [line for line in rest if _SAID.search(line) and not greeting_name(line, name) and not one_word(line)]
    if any(map(reaches, rest)):
        return True
    if not more or all(writes(line) and not motto(line) for line in more):
        return False
    return len(more) > 1 or len(rest) > 1 or particular(more[0]) or len(more[0].split()) > 3


def _standing_apart(tail: Sequence[str], name: str) -> range | None:
    """Short lines at the very end that tell who somebody is, without a goodbye."""
    start = len(tail)
    while start and tail[start - 1].strip() and len(tail[start - 1]) <= WIDE and signs(tail[start - 1], name):
        start -= 1
    lines = tail[start:]
    named = next((n for n, line in enumerate(lines) if bears_name(line, name)), None)
    if named is None:
        return None
    if _last_said(tail, start + named).rstrip().endswith(":"):
        return None  # What a colon announces is a list, whoever's name is in it.
    titled = lines[named].strip(EDGES) == name and any(_SAID.search(line) for line in lines[named + 1 :])
    if not titled and not any(map(particular, lines[named:])):
        return None
    return _trim(tail, range(start + named, len(tail)), name)


def _paragraph(tail: Sequence[str], name: str) -> range | None:
    """A paragraph near the end that is a block of its own: the sender's name above a trade's lines, or these alone."""
    stop = end = len(tail)
    for after in range(_PARTED):
        while stop and not tail[stop - 1].strip():
            stop -= 1
        start = stop
        while start and tail[start - 1].strip():
            start -= 1
        lines = tail[start:stop]
        headed = _headed(lines, name, last=not after)
        if headed or (not after and _traded(lines)):
            above = _last_said(tail, start).rstrip()
            if headed and above.endswith(":"):
                return None
            if headed or above[-1:] in STOPS:
                return range(start, end if _reached(tail[stop:end]) else stop)
        if not lines or below(lines[0]):
            return None
        stop, end = start, stop if after == 0 else end
    return None


def _headed(lines: Sequence[str], name: str, *, last: bool) -> bool:
    """Whether short lines stand below the sender's name; above other paragraphs they must tell more than a saying."""
    if (
        not 1 < len(lines) <= _MOST
        or len(lines[0]) > WIDE
        or not bears_name(lines[0], name)
        or not all(map(narrow, lines))
    ):
        return False
    whole = " " in name and name in lines[0]
    return any(map(particular, lines[1:])) or (last and whole and any(map(_SAID.search, lines[1:])))


def _traded(lines: Sequence[str]) -> bool:
    """Whether lines that name nobody are a firm's: what it is called, what it is, and how to reach it."""
    if not 1 < len(lines) <= _MOST or len(lines[0].split()) > _PARTED * 2 or any(len(line) > SHORT for line in lines):
        return False
    if not all(map(narrow, lines)) or ":" in lines[0] or reaches(lines[0]) or writes(lines[0]):
        return False
    reached = sum(map(reaches, lines))
    return reached > 1 or (reached == 1 and any(map(_TRADE.search, lines)))


def _reached(lines: Sequence[str]) -> bool:
    """Whether a paragraph below a block goes on with how to reach somebody, and nothing else."""
    said = [line for line in lines if line.strip()]
    return bool(said) and all(len(line) <= SHORT and reaches(line) for line in said)


def _trim(tail: Sequence[str], found: range, name: str) -> range:
    """Without blank lines and first names above the block, which are the letter's own."""
    start, stop = found.start, found.stop
    while start < stop and not tail[start].strip():
        start += 1
    above = start
    while above < stop - 1 and (not tail[above].strip() or greeting_name(tail[above], name)):
        above += 1
        if not tail[above].strip() or greeting_name(tail[above], name):
            start = above
    return range(start, stop)


def near(lines: Sequence[str | None], closing: Closing) -> range | None:
    """The lines that look like one of the agreed signatures without being it; None when nothing does."""
    agreed = closing.signed
    if len(agreed) < _ENOUGH:
        return None
    hits = [n for n, line in enumerate(lines) if line and _agrees(line, agreed)]
    for found in reversed(clusters(hits)):
        said = {word for n in found for word in words(lines[n] or "")}
        if len(found) == 1 and (lines[found.start] or "").rstrip()[-1:] in STOPS:
            continue  # 'Ask for Ann Marsh, the clerk.'
        round_about = lines[max(0, found.start - _PARTED) : found.stop + _PARTED]
        if len(said & agreed) >= _ENOUGH and any(line and closing.named(line) for line in round_about):
            return found
    return None


def _agrees(line: str, agreed: frozenset[str]) -> bool:
    if len(line) > 400 or prose(line):
        return False
    said = words(line)
    return sum(word in agreed for word in said) >= 0.6 * max(len(said), 1)


def clusters(hits: Sequence[int]) -> list[range]:
    """Lines, in order, as the stretches that they make: a line or two between makes no difference."""
    found: list[range] = []
    for n in hits:
        if found and n - found[-1].stop < _PARTED:
            found[-1] = range(found[-1].start, n + 1)
        else:
            found.append(range(n, n + 1))
    return found


def stretch(lines: Sequence[str | None], found: range, name: str, spaced: bool) -> range:
    """`found` with the lines that were added to it: below, or between it and a goodbye above.

    `spaced` says that the letter's paragraphs are parted by blank lines, so that what adjoins belongs.
    """
    return range(_up(lines, found.start, name), _down(lines, found.stop, spaced))


def _up(lines: Sequence[str | None], start: int, name: str) -> int:
    at = start
    while at and start - at < 4 and _added(lines[at - 1]) and not valediction(lines[at - 1] or ""):
        at -= 1
    if at == start or not at or (not valediction(lines[at - 1] or "") and (lines[at - 1] or "").strip()):
        return start
    if not valediction(_last_said(lines, at)):
        return start
    while at < start and (greeting_name(lines[at] or "", name) or one_word(lines[at] or "")):
        at += 1
    return at


def _last_said(lines: Sequence[str | None], stop: int) -> str:
    return next((line for line in reversed(lines[:stop]) if line is None or line.strip()), None) or ""


def _added(line: str | None) -> bool:
    return line is not None and bool(line.strip()) and not prose(line) and not below(line) and not device(line)


def _down(lines: Sequence[str | None], stop: int, spaced: bool) -> int:
    """Adjoining lines are added ones, and so is a short paragraph that stands apart and is no letter, note or footer."""
    at = stop
    while at < len(lines) and at - stop < _MOST and (line := lines[at]) is not None and line.strip():
        if (
            device(line)
            or footer(line)
            or below(line)
            or (not spaced and prose(line))
            or (spaced and len(line) > 140 and prose(line))
        ):
            return at
        at += 1
    gap = at
    while gap < len(lines) and (line := lines[gap]) is not None and not line.strip():
        gap += 1
    end = gap
    while end < len(lines) and (line := lines[end]) is not None and line.strip():
        end += 1
    apart = [line or "" for line in lines[gap:end]]
    return end if apart and len(apart) <= 4 and not any(map(_letters_own, apart)) else at


def _letters_own(line: str) -> bool:
    return letterlike(line) or device(line) or footer(line) or not _SAID.search(line)
