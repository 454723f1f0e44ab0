"""Every message uses appropriate business language (E2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from auditor.analysers.assertion import occurs, own_words, places, reported
from auditor.analysers.base import Case, found
from auditor.analysers.patterns import compiled, pattern
from auditor.analysers.prose import Prose
from auditor.analysers.vocabulary import terms
from auditor.findings import Finding, Rule, Severity

LANGUAGE = Rule(
    "language-unbusinesslike",
    ("E2",),
    Severity.LOW,
    "Not business language",
    "Shouting capitals, text-speak, slang, strings of exclamation marks or pictures, or a heated or discourteous tone.",
    ("own",),
)

_FILE = "language"
_LONE = pattern("{before_u} u|[ur] {after_u}", _FILE)
_TEXT_SPEAK = pattern("{text_speak}", _FILE)
_DIGITS = pattern("{digits}", _FILE)
_SMALL = pattern("{half}|{small_slang}", _FILE)
_ENOUGH = 6
"""Six points of slang make a letter unbusinesslike: three for half text-speak, two for a small word."""
_HEAVY = pattern("{heavy}", _FILE)
_TONE = (
    pattern("(?:i|we|i'm|i've|we're|we've|i am|i have|we are|we have|i was)(?: {degree}){0,3} {weary}", _FILE),
    pattern("{retorts}", _FILE),
    pattern(
        "(?:your|you|you're|you've been|you are|you were|you people are)(?: {degree}){0,2}(?: [a-z]+)? {scorned}",
        _FILE,
    ),
    pattern(r"(?:what|who|why|how|where|when) {on_earth}\b[^.]* (?:you|your|you're|you've|they|he|she)", _FILE),
    pattern("(?:do|are|can|will|would|have|if|could|tell|did|why|when) you {crew}", _FILE),
    pattern(
        "(?:nobody|no one|no-one|none|not one|nobody else)(?: [a-z]+){0,2} your? ?(?:[a-z]+ )?(?:[a-z]+ ){0,3}{capable}",
        _FILE,
    ),
    pattern("(?:what|which) {portion} of .*(?:understand|grasp|unclear|follow|get)", _FILE),
    pattern("{unable}(?: you| your [a-z]+)(?: people| lot| even| ever| just| not){0,2} {faculty}", _FILE),
    pattern(
        "(?:a|an|any|my|even a|the)(?: [a-z-]+)? {simpleton}(?: [a-z]+)? (?:could|would|can|has more|have more|knows)",
        _FILE,
    ),
)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_FEW = 2
_LONG = 5
"""Letters: longer words in capitals are no abbreviations."""
_NEAR = 90
"""Letters between two words that are raised in one breath."""
_SHOUTS = compiled(r"[A-Z][A-Z'’]+(?:[\s,;:!?&.-]+(?:[A-Z][A-Z'’]+|I|A)\b)+")
_RAISED = compiled(r"\b[A-Z][A-Z'’]{2,}\b")
_RUNS = ("aaa", "eee", "ooo", "uuu", "yyy", "hhh", "zzz")
_STRETCHED = compiled(r"\b[a-z]*(?:" + "|".join(_RUNS) + r")[a-z]*\b")
_MARKS = compiled(r"[A-Za-z'\")] ?(?:[!?]{3,}|!(?: !){2,})")
_PAIRS = compiled(r"[!?]{2}")
_LOWER = compiled(r"[a-z]+ [a-z]+")
_PICTURES = re.compile("[\U0001f300-\U0001faff☹☺❤][\ufe0f\u200d\U0001f3fb-\U0001f3ff]*[ ]?")


class Language:
    """Reads what the sender wrote, never what is in quotation marks; one finding for each sort of fault."""

    rules = (LANGUAGE,)

    def check(self, case: Case) -> Iterator[Finding]:
        """The first place of each sort, sort by sort."""
        read = own_words(case)
        for what, spots in (
            ("is shouted in capitals", _shouted(read)),
            ("is text-speak or slang", _slang(read)),
            ("has a string of exclamation marks, question marks or pictures", _strings(read)),
            ("is heated or discourteous", _heated(read)),
        ):
            if place := next((at for at in spots if not read.reports(*at)), None):
                start, end = place
                one = next(sentence for sentence in read.sentences if sentence.end > start)
                reason = f"This {what} ('{read.text[start:end].strip()}'), which is not business language."
                yield found(LANGUAGE, "own", read.text, (one.start, one.end), reason)


def _shouted(read: Prose) -> Iterator[tuple[int, int]]:
    """Runs of capitals with the words of a cry, and single words raised one after another."""
    raised = list(_RAISED.spans(read.text))
    for start, end in _SHOUTS.spans(read.text) if raised else ():
        words = _WORD.findall(read.plain[start:end])
        if len(words) > _FEW and sum(word in terms(_FILE, "cries") for word in words) >= _FEW:
            yield start, end
    words = [(start, end, read.plain[start:end]) for start, end in raised]
    loud = [
        at for at in words if len(at[2]) > _LONG or at[2] in terms(_FILE, "stresses") | terms(_FILE, "mild_stresses")
    ]
    for (start, end, word), (following, _, other) in pairwise(loud):
        between = read.text[end:following]
        if len(between) < _NEAR and _LOWER.found(between) and {word, other} & terms(_FILE, "stresses"):
            yield start, end


def _slang(read: Prose) -> Iterator[tuple[int, int]]:
    """Text-speak, and slang by its weight."""
    for shape in (_TEXT_SPEAK, _HEAVY):
        if occurs(read, shape):
            yield from shape.spans(read.plain)
    if _DIGITS.possible(read.words):
        yield from _DIGITS.spans(read.text)
    if not read.words.isdisjoint(("u", "r")):
        yield from (at for at in _LONE.spans(read.plain) if not read.text[slice(*at)].endswith(("U", "R")))
    if any(run in read.plain for run in _RUNS):
        yield from _STRETCHED.spans(read.plain)
    if _SMALL.possible(read.words):
        places = {read.plain[start:end]: (start, end) for start, end in _SMALL.spans(read.plain)}
        if sum(3 if word in terms(_FILE, "half") else 2 for word in places) >= _ENOUGH:
            yield next(iter(places.values()))


def _strings(read: Prose) -> Iterator[tuple[int, int]]:
    """Marks in a row, doubled marks again and again, and pictures."""
    if any(mark in read.text for mark in ("!!", "??", "!?", "?!", "! !")):
        yield from _MARKS.spans(read.text)
        pairs = list(_PAIRS.spans(read.text))
        if len(pairs) > 2:
            yield pairs[0]
    if not read.text.isascii():
        pictures = list(_PICTURES.finditer(read.text))
        if len(pictures) > 1:
            yield pictures[0].span()


def _heated(read: Prose) -> Iterator[tuple[int, int]]:
    for one in _TONE:
        for sentence, start, end in places(read, one):
            if not reported(sentence.plain[: start - sentence.start]):
                yield start, end
