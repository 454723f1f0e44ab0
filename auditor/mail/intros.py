"""Recognises the line that introduces a quotation: 'On … wrote:' in the forms that mail programs write it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.mail.bodylines import BLANKS, Lines
from auditor.mail.mailwords import DATE, JOINED_VERBS, OPENS_INTRO, PRONOUN_WROTE, TIME, VERBS

WRAPS = 4
"""Lines that an introduction may be wrapped over."""
_LONGEST = 420
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}")
_DATED_OPENING = re.compile(r"\W{0,3}\d{1,4}[-/. ]")
_DANGLING_OPENING = re.compile(r"(?:On|Am|Le|El|Op|Il|Em|Den|Ar)\b.{0,40}$")
_GROUPWISE = re.compile(r">>>\s.{3,200}\d.*>>>$")
_TAILS = (":", "：", ">", "-", "*", "_", ")", "wrote", "writes", "said")
_AFTER_VERB = ":：*_-, \xa0"


@dataclass(frozen=True, slots=True)
class Intro:
    """The lines that introduce a quotation, half-open."""

    first: int
    end: int
    confidence: float


def may_end(bare: str) -> bool:
    """A cheap look: whether a line could be an introduction's last."""
    return bare.endswith(_TAILS)


def intro_at(lines: Lines, last: int, floor: int) -> Intro | None:
    """The introduction whose last line is `last`; nothing above `floor` is claimed."""
    tail = _text(lines, last)
    if not tail or not may_end(tail):
        return None
    below = lines.filled(last + 1)
    quotes = below is not None and (lines.quoted(below) or lines.bare[below].startswith("|"))
    if _GROUPWISE.match(lines.bare[last]):
        return Intro(last, last + 1, 0.97)
    joined = tail
    named: Intro | None = None
    for first in range(last, max(floor, last - WRAPS + 1) - 1, -1):
        if first < last:
            above = _text(lines, first)
            if not above or len(above) + len(joined) > _LONGEST:
                break
            joined = f"{above} {joined}"
        sure = _opened(joined, quotes=quotes)
        if sure:
            return Intro(_dangling(lines, first, floor), last + 1, sure)
        if named is None or lines.bare[named.first].startswith("<"):
            named = _named(joined, first, last, quotes=quotes) or named
    return named


def _text(lines: Lines, at: int) -> str:
    bare = lines.bare[at]
    return bare.lstrip(BLANKS + ">") if bare.startswith(">") else bare


def _verb(joined: str) -> bool | None:
    """Whether a writer's verb is the last word (True) or one before a colon (False); None when there is none."""
    words = joined.rstrip(_AFTER_VERB)
    if words.rpartition(" ")[2] in VERBS or words.endswith(JOINED_VERBS):
        return True
    return None if VERBS.isdisjoint(joined.split()) or joined[-1] not in ":：" else False


def _opened(joined: str, *, quotes: bool) -> float:
    """How sure it is that the words are a whole introduction that opens with 'On' or a date; 0 for no."""
    if "---" in joined:  # '---- On … wrote ----', also run on from the words before it
        joined = joined.rstrip("- ").rpartition("---")[2].lstrip("- ") or joined
    dated = _DATED_OPENING.match(joined) is not None
    if not dated and not OPENS_INTRO.match(joined):
        return 0.0
    verb = _verb(joined)
    address = "@" in joined and _ADDRESS.search(joined) is not None
    if verb is None:
        bare = dated and address and joined[-1] in ":：>" and DATE.search(joined) and (quotes or TIME.search(joined))
        return (0.95 if quotes else 0.85) if bare else 0.0
    if verb and PRONOUN_WROTE.search(joined):
        return 0.0
    date, time = DATE.search(joined), TIME.search(joined)
    if quotes and (date or time or address):
        return 0.99
    return 0.93 if (address and (date or time)) or (date and time) else 0.0


def _named(joined: str, first: int, last: int, *, quotes: bool) -> Intro | None:
    """An introduction that opens with a name: 'Jane Smith <jane@…> wrote:'."""
    if not 12 < len(joined) < 200 or last - first > 2 or not _verb(joined) or PRONOUN_WROTE.search(joined):
        return None
    address = _ADDRESS.search(joined)
    colon = joined.rstrip("*_ ").endswith((":", "：", "-"))
    if address and (colon or quotes):
        return Intro(first, last + 1, 0.97 if quotes else 0.85) if _name_only(joined, address.start()) else None
    if quotes and last == first and len(joined) < 120:
        return Intro(first, last + 1, 0.9)
    return None


def _name_only(joined: str, address: int) -> bool:
    """Whether what stands before the address is short enough for a name, not a sentence."""
    return len(joined[:address].split()) <= 10


def _dangling(lines: Lines, first: int, floor: int) -> int:
    """The line above, when the introduction's 'On Tuesday,' was wrapped away from its date."""
    if first <= floor or not _DATED_OPENING.match(lines.bare[first]):
        return first
    above = lines.bare[first - 1]
    return first - 1 if len(above) < 44 and _DANGLING_OPENING.match(above) else first
