"""Digits that are pressed, turned or said somewhere: at a door, a safe, an alarm, to a bank's machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from auditor.analysers.patterns import Match, Pattern, alternatives, compiled
from auditor.analysers.prose import Prose
from auditor.analysers.vocabulary import terms

_FILE = "credentials"
_BEFORE = 100
"""Characters before digits in which that stands which they open."""
_BEHIND = 60
"""The same behind digits that are pressed."""
_LOOSE = 40
"""The same where nothing but a comma or a dash says what they are."""
_REST = re.compile(r" \d{3}")
"""Of a telephone number, whose first digits are nought and the exchange."""
_CALLED = re.compile(r"\d{3}-\d{4}|\d{3}(?= \d{3}-)")
"""A telephone number of seven digits, or the exchange before one."""
_MORE = re.compile(r"[-.,/:]?\d|\) ?\d")
_YEAR = re.compile(r"19\d\d|20[0-4]\d")
_APART = re.compile(r":|\. ")
"""What parts digits from what was named before."""
_COUNTED = re.compile(r"\b([a-z]+) (?:number|no|ref|reference|id)s?\.?(?: is| are| was|'s)? ?$")
"""What a number is of that opens nothing but what can be counted."""


def keyed(read: Prose) -> Iterator[tuple[int, int, int, str]]:
    """Where that begins which says what they open, where they stand, and what it is called."""
    for match in _leads().matches(read.plain):
        start, end = match.span("value")
        opener = _opener(read, match, start, end) if opens(read.plain, start, end) else None
        if opener:
            yield opener[0], start, end, opener[1]
    for match in _follows().matches(read.plain):
        start, end = match.span("value")
        if opens(read.plain, start, end):
            yield start, start, end, "code"


def opens(plain: str, start: int, end: int) -> bool:
    """Whether digits measure nothing, and are no telephone's."""
    value, after = plain[start:end], plain[end : end + 24]
    word = after.strip().split(" ")[0].rstrip(".,;)")
    dialled = value.startswith("0") and _REST.match(after) is not None
    return not (dialled or _CALLED.match(value + after) or _MORE.match(after) or word in terms(_FILE, "units"))


def _opener(read: Prose, match: Match, start: int, end: int) -> tuple[int, str] | None:
    """What digits open, and where it is said."""
    number, lead = next((n, name) for n, name in enumerate(_LEADS, 1) if match.start(n) >= 0)
    at, word = match.start(number), match[number].strip()
    if lead == "figures":
        return at, "code"
    loose = lead == "loose"
    if lead in ("press", "loose") and _YEAR.fullmatch(read.plain[start:end]):
        return None
    begin = max(0, at - (_LOOSE if loose else _BEFORE))
    begin = max(begin, read.text.rfind("\n\n", begin, start), *(read.plain.rfind(end, begin, start) for end in "?!"))
    before = read.plain[begin:at]
    counted = _COUNTED.search(before)
    if counted and counted[1] not in terms(_FILE, "numbered"):
        return None
    if lead == "said" and before.rstrip().rpartition(" ")[2] in terms(_FILE, "other_codes"):
        return None
    for one in _openers().matches(before):
        kind = next(name for n, name in enumerate(_OPENERS, 1) if one.start(n) >= 0)
        if kind == "door" and lead != "press" and word not in terms(_FILE, "doors_say"):
            continue
        if kind == "code" and (word == "code" or before.startswith(" of ", one.end())):
            continue
        if lead == "with" and not (
            _doing().found(before.rpartition(". ")[2]) and (kind == "lock" or word in ("to", "as"))
        ):
            continue
        if lead in ("sign", "loose") and _APART.search(before, one.end()):
            continue
        return begin + one.start(), one[0].strip()
    if lead == "press":
        behind = _places().found(re.split("[.?!]", read.plain[end : end + _BEHIND])[0])
        return (at, behind[0].strip()) if behind else None
    return None


_LEADS = ("press", "with", "said", "figures", "sign", "loose")
"""What stands before digits, in the order of the pattern's groups."""
_OPENERS = ("name", "lock", "code", "door")
"""What they open or are called, likewise."""


def _any(*tables: str) -> str:
    return alternatives(term for table in tables for term in terms(_FILE, table))


def number() -> str:
    """Digits as they are pressed, said or turned."""
    digit, turn = _any("digits"), _any("turns")
    turns = rf"(?:\d{{1,2}} {turn}|{turn}(?: to)? \d{{1,2}})"
    return (
        r"(?:star |hash )?(?P<value>[a-z#*]{0,2}\d(?:-?\d){2,7}[xyz#*]{0,2}|[a-z]\d{4}[a-z]|\d{3} \d{3}"
        rf"|\d(?:(?:,|-| and| then)? \d){{2,7}}|{digit}(?:[ ,-]{{1,2}}{digit}){{2,7}}|{turns}(?:,? (?:then |and )?{turns})+)\b"
    )


def worth() -> str:
    """What must occur for any to be found."""
    names = _any("secrets", "places", "codes")
    return rf"\b(?:{names}|{_FIGURES}|{_KEYS})\b|\b(?:{_pressed()}|{_any('doors_say')}) [a-z#*]{{0,2}}\d|\d[a-z#*]{{0,2}} (?:{_does()})\b"


_KEYS = r"keys?\b[^.?!\d]{0,30}\b(?:box|safe|tin|cabinet|pod|cupboard)"
_FIGURES = (
    r"(?:three|four|five|six|eight|[34568])[ -](?:digits|figures|numbers|numerals|digit code|figure code|digit number)"
)


def _pressed() -> str:
    return rf"{_any('presses')}(?: the)?(?: code| number| digits)?"


def _does() -> str:
    """What digits do."""
    return rf"(?:for|opens|unlocks|disarms|unsets) (?:the |our )?(?:[a-z]+ ){{0,2}}{_any('places')}|{_any('does')}"


@cache
def _leads() -> Pattern:
    """Digits, with the word before them."""
    return compiled(
        rf"(?:\b(?:({_pressed()})|(to|on|with|using|by|as)|({_any('said', 'doors_say')})) "
        rf"|(\b{_FIGURES},?(?: are| is|:| -)? )|[^\d](?:([:=] ?)|(, ?|\(| - ?))){number()}"
    )


@cache
def _follows() -> Pattern:
    """Digits, with what they do behind them."""
    return compiled(rf"{number()} (?:{_does()})\b")


@cache
def _openers() -> Pattern:
    return compiled(rf"\b(?:({_any('secrets')})|({_any('places')}|{_KEYS})|({_any('codes')})|({_any('doors')}))\b")


@cache
def _doing() -> Pattern:
    return compiled(rf"\b{_any('doings')}\b")


@cache
def _places() -> Pattern:
    return compiled(rf"\b{_any('places', 'doors')}\b")
