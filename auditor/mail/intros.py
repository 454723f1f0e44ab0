"""Recognises the line that introduces a quotation: 'On … wrote:' in the forms that mail programs write it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.mail.bodylines import BLANKS, Lines
from auditor.mail.mailwords import DATE, JOINED_VERBS, OPENS_INTRO, QUOTING, TIME, VERBS, WHO_WROTE

WRAPS = 4
"""Lines that an introduction may be wrapped over."""
_LONGEST = 320
_DATED_OPENING = re.compile(r"\W{0,3}\d{1,4}[-/. ]")
_DANGLING_OPENING = re.compile(r"(?:On|Am|Le|El|Op|Il|Em|Den|Ar)\b.{0,40}$")
_GROUPWISE = re.compile(r">>>\s.{3,200}\d.*>>>$")
_SNIP = re.compile(r"[\[<(]?\s*(?:snip\w*|cut|\.{3}|…)\W*$", re.IGNORECASE)
_TAILS = (":", "：", ">", "-", "*", "_", ")", "wrote", "writes", "said")
_AFTER_VERB = ":：*_-, \xa0\u202f"
_MOST_WORDS, _LONGEST_NAME = 26, 11
_BARE_ENDS = (">:", "):", "]:", ">：", "> :", ":>")
_RUN_ON = re.compile(r"On .{8,160}> wrote:(?=\s)")


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
    if tail.startswith("On ") and (run_on := _RUN_ON.match(tail)) and _opened(run_on[0], quotes=False):
        return Intro(last, last + 1, 0.9)  # Yahoo on a phone: the quoted words begin on the same line
    if not tail or not may_end(tail):
        return None
    quotes = quoted_below(lines, last + 1) is not None
    if lines.bare[last].startswith(">>> ") and _GROUPWISE.match(lines.bare[last]):
        return Intro(last, last + 1, 0.97)
    if tail[-1] not in ":：" and not (quotes and "@" in tail) and _verb(tail) is None:
        return None
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


def quoted_below(lines: Lines, first: int) -> int | None:
    """The quoted line that follows an introduction, blank ones and a '[snip]' passed over; None for other words."""
    below = lines.filled(first)
    if below is not None and len(lines.bare[below]) < 20 and _SNIP.match(lines.bare[below]):
        below = lines.filled(below + 1)
    if below is None or not (lines.quoted(below) or lines.bare[below].startswith("|")):
        return None
    return below


def _text(lines: Lines, at: int) -> str:
    bare = lines.bare[at]
    return bare.lstrip(BLANKS + ">") if bare.startswith(">") else bare


def _verb(joined: str) -> bool | None:
    """Whether a writer's verb is the last word (True) or one before a colon (False); None when there is none."""
    words = joined.rstrip(_AFTER_VERB)
    if (words.rsplit(None, 1) or [""])[-1].rpartition(">")[2] in VERBS or words.endswith(JOINED_VERBS):
        return True
    return None if VERBS.isdisjoint(joined.split()) or joined[-1] not in ":：" else False


def _told(joined: str) -> bool:
    """Whether somebody is only told to have written: 'the resident who wrote:'."""
    return (joined.rstrip(_AFTER_VERB).rsplit(None, 2)[-2:] or [""])[0] in WHO_WROTE


def _address(joined: str) -> int:
    """Where the first e-mail address has its '@'; -1 when there is none."""
    at = joined.find("@")
    while at >= 0 and (at == 0 or joined[at - 1 : at + 2].strip(" <>\t\xa0") != joined[at - 1 : at + 2]):
        at = joined.find("@", at + 1)
    return at


def _opened(joined: str, *, quotes: bool) -> float:
    """How sure it is that the words are a whole introduction with its date; 0 for no."""
    if "---" in joined:  # '---- On … wrote ----', also run on from the words before it
        dashed = joined.startswith("--") and joined.endswith("--")
        joined = joined.rstrip("- ").rpartition("---")[2].lstrip("- ") or joined
        if dashed and _verb(joined):
            return 0.95
    if joined.startswith(QUOTING) and joined[-1] in ":：" and (quotes or "@" in joined):
        return 0.9
    dated = _DATED_OPENING.match(joined) is not None
    opened = dated or OPENS_INTRO.match(joined) is not None
    address = _address(joined) > 0
    if not opened and not address:
        return 0.0
    verb = _verb(joined)
    if verb and _told(joined):
        return 0.0
    if verb is None and joined[-2:] not in _BARE_ENDS and not (dated and quotes):
        return 0.0
    date, time = DATE.search(joined), TIME.search(joined)
    if not opened or verb is None:
        # 'пт, 14 нояб. 2014 г. в 10:55, … <…>:' and its like: nothing but a date, a time, an address and a colon.
        whole = date and address and (time or (dated and quotes)) and len(joined.split()) <= _MOST_WORDS
        return (0.95 if quotes else 0.85) if whole else 0.0
    if quotes and (date or time or address):
        return 0.99
    return 0.93 if (address and (date or time)) or (date and time) else 0.0


def _named(joined: str, first: int, last: int, *, quotes: bool) -> Intro | None:
    """An introduction that opens with a name: 'Jane Smith <jane@…> wrote:'."""
    if not 12 < len(joined) < 200 or last - first > 2:
        return None
    verb = _verb(joined)
    if verb is None or _told(joined):
        return None
    address = _address(joined)
    if verb and address > 0:
        colon = joined.rstrip("*_ ")[-1] in ":：-"
        if not (colon or quotes) or len(joined[:address].split()) > _LONGEST_NAME:
            return None
        return Intro(first, last + 1, 0.97 if quotes else 0.85)
    if quotes and last == first and len(joined) < 120 and (verb or address > 0 or DATE.search(joined)):
        return Intro(first, last + 1, 0.9)
    return None


def _dangling(lines: Lines, first: int, floor: int) -> int:
    """The line above, when the introduction's 'On Tuesday,' was wrapped away from its date."""
    if first <= floor or not _DATED_OPENING.match(lines.bare[first]):
        return first
    above = lines.bare[first - 1]
    return first - 1 if len(above) < 44 and _DANGLING_OPENING.match(above) else first
