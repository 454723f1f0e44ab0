"""Swearing, indecency and names that people are called by: words that offend whatever is said with them.

A word with an innocent sense is charged only where it is said of a person, and a name or place never.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

from auditor.analysers.patterns import Pattern, alternatives, compiled, pattern
from auditor.analysers.prose import Prose, Sentence
from auditor.analysers.seen_through import Seen, rude
from auditor.analysers.vocabulary import terms
from auditor.values import Value

PHRASES = {
    "swearing_phrases": "swearing",
    "indecent_phrases": "indecent",
    "slur_race_phrases": "slur_race",
    "slur_orientation_phrases": "slur_orientation",
}
SLURS = {
    "slur_race": "race",
    "slur_disability": "disability",
    "slur_orientation": "orientation",
    "slur_gender": "gender",
    "slur_sex": "sex",
}
"""The characteristic that a word of abuse is about, by its table of `terms/rude.toml`."""
_BEFORE = 70
"""How far before a word it is looked whom it is said of."""
_PASSAGE = 12
"""Words of a quotation that reports nobody: so long a one is passed on for its own sake."""
_TITLE = re.compile(
    r"(?:\b(?:mr|mrs|ms|miss|dr|cllr|councillor|sir|lady|lord|rev|revd|dear|hi|at|in|near|from|to|of|the)\.?|\b[A-Z]\.?|\b[A-Z][a-z]+) $",
)
_CALLED = (
    r"(?:\b(?:you|he|she|they|who|someone|man|woman|bloke|chap|clerk|chairman|councillor|colleague|neighbour|brother|son|husband|wife|officer|(?:mr|mrs|ms|miss|dr|cllr) [a-z]+) (?:are|is|was|were|be|being|look like|act like|sound like)"
    r"|\b[a-z]+ (?:is|are|was|were) (?:such |just |all )*(?:an? )?{sneers}|(?:you|they|he|she|who)'(?:re|s)|\b(?:what|such) an?|\byou|\b(?:him|her|them|the|this|that|these|those) {qualities}"
    r"|\b(?:bunch|pack|load|shower|lot) of|\bbehav(?:e|ed|ing) like) (?:{qualities} )*$"
)
_ONESELF = compiled(r"\b(?:i am|i'm|i was|i feel|i be|it is|it's|this is|it was|i must be|i've been) [a-z ]*$")
_BEING = re.compile(r"\b(?!it |this |that )[a-z]+ (?:is|are|was|were) (?:an? )?$")
_ENDS = re.compile(
    r"[^a-z0-9'&-]*(?:$|[.,;:!?)(\"]| (?:and|or|who|that|if|so|but|when|to|in|of|on|at|with|like|for|as|i|you|he|she|they|we|is|are|am|because|again|then|now|too|always|never|all|by|from)\b)"
)


class Hit(Value, frozen=True):
    """Something that offends: what sort of thing, where in the text as seen, and which word shows it."""

    kind: str
    """A table of `terms/rude.toml`, or another reading's name for it."""
    start: int
    end: int
    detail: str


def swearing(seen: Seen) -> Iterator[Hit]:
    """Words and phrases that offend by themselves: at most one of a sort for each sentence, in reading order."""
    text = seen.prose
    found = list(_words(seen))
    if phrases().found(text.plain) is not None:
        found += [*_phrases(text), *_names_called(text), *_advances(text)]
    charged: set[tuple[str, int]] = set()
    for hit in sorted(found, key=lambda one: (one.start, -one.end)):
        sentence = sentence_of(text, hit.start)
        if (hit.kind, sentence.start) in charged:
            continue
        if anothers(text, hit.start, hit.end):
            continue
        if hit.kind in SLURS and _reclaimed(sentence, hit.start - sentence.start):
            continue
        charged.add((hit.kind, sentence.start))
        yield hit


def struck(text: Prose, trigger: Pattern) -> Iterator[Sentence]:
    """The sentences that a pattern strikes, in order: all others cost nothing."""
    yield from dict.fromkeys(sentence_of(text, start) for start, _ in trigger.spans(text.plain))


def sentence_of(text: Prose, at: int) -> Sentence:
    """The sentence that a place in a text belongs to."""
    sentences = text.sentences
    return sentences[max(0, bisect_right(sentences, at, key=lambda one: one.start) - 1)]


def anothers(text: Prose, start: int, end: int) -> bool:
    """Whether words are given as another's: in quotation marks, or brought in as what somebody said or wrote."""
    sentence = sentence_of(text, start)
    before = sentence.plain[: max(0, start - sentence.start)]
    said = _reports().found(before)
    quotation = next((one for one in text.spoken if one[0] <= start and end <= one[1]), None)
    if quotation is not None:
        return said is not None or text.plain.count(" ", *quotation) < _PASSAGE
    if _scrawled().found(text.plain[max(0, start - _BEFORE) : end + _BEFORE]) and _READ_OFF.search(before) is not None:
        return True
    return said is not None and not _I_SAY.search(sentence.plain[: said.start()])


_I_SAY = re.compile(
    r"\b(?:i|i've|i'm|i'd|i'll|we|let me|let's)(?: (?:have|just|am|will|would|even|also|once|then|was|had|only))* $"
)


_READ_OFF = re.compile(r"\b(?:says|said|saying|reads|reading) ")
"""'It says … in green paint': what stands on a wall."""


def _reclaimed(sentence: Sentence, at: int) -> bool:
    """Whether somebody speaks of himself, or of his own, with a word that others use as abuse."""
    if pattern("{reclaiming}", "discrimination").found(sentence.plain) is not None:
        return True
    return _own_kind().found(sentence.plain[max(0, at - _OWN_KIND) : at]) is not None


_OWN_KIND = 24


@cache
def _own_kind() -> Pattern:
    return compiled(rf"\b{alternatives(terms('discrimination', 'own_kind'))} +(?:[a-z]+ +)?$")


@cache
def _scrawled() -> Pattern:
    return pattern("{scrawled}", "rude")


@cache
def phrases() -> Pattern:
    """Any of the words and phrases that a text is searched for."""
    tables = " ".join((*PHRASES, "insulting_nouns", "bare", "propositions"))
    return pattern("|".join(f"{{{one}}}" for one in tables.split()), "rude")


@cache
def _reports() -> Pattern:
    return pattern("{reports}", "rude")


def _words(seen: Seen) -> Iterator[Hit]:
    for word, start, end in seen.words():
        table = rude(word) or ""
        plainly = word.removesuffix("'s")
        if plainly in terms("rude", "names") and _is_name(seen.prose.text, start, end):
            continue
        if (
            not table
            or _set_phrase(seen.text, start, end)
            or (plainly in terms("rude", "of_dogs") and _about_dogs(seen.prose, start))
        ):
            continue
        if plainly in terms("rude", "clinical") and not terms("rude", "about_clinical").isdisjoint(seen.prose.words):
            continue
        if plainly in terms("rude", "of_a_person") and not _of_a_person(seen.prose, plainly, start, end):
            continue
        if plainly in terms("rude", "thrown") and _thrown(seen.prose, start, end):
            table = "swearing"
        yield Hit(table, start, end, seen.prose.text[start:end])


def _thrown(text: Prose, start: int, end: int) -> bool:
    """Whether a word stands by itself, as what the reader is called: 'Pay up, …!'"""
    begin = sentence_of(text, start).start
    called = start == begin or _CALLING.search(text.plain, max(begin, start - _LEAD), start) is not None
    return called and _CLOSED.match(text.plain, end) is not None


_LEAD = 8
"""Letters before a word that show how it is brought in."""
_CALLING = re.compile(r"(?:[,;:!?.-] *|\b(?:hey|not) )$")
_CLOSED = re.compile(r" {0,2}(?:$|[,;:!?.\n-])")


def _about_dogs(text: Prose, at: int) -> bool:
    return not terms("rude", "about_dogs").isdisjoint(sentence_of(text, at).words)


def _phrases(text: Prose) -> Iterator[Hit]:
    for table, kind in PHRASES.items():
        looked = pattern(f"{{{table}}}", "rude")
        if looked.possible(text.words):
            for start, end in looked.spans(text.plain):
                yield Hit(kind, start, end, text.text[start:end])


def _names_called(text: Prose) -> Iterator[Hit]:
    """'He is a …': nouns that are nothing but what they say, until somebody is called by them."""
    looked = pattern("{insulting_nouns}", "rude")
    if looked.possible(text.words):
        for start, end in looked.spans(text.plain):
            if _said_of_somebody(text, start, end) and not _is_name(text.text, start, end):
                yield Hit("swearing", start, end, text.text[start:end])


def _advances(text: Prose) -> Iterator[Hit]:
    """Sexual advances, and remarks on somebody's body."""
    for _, start, end in text.finds(pattern("{bare} {bared}", "rude")):
        yield Hit("indecent", start, end, text.text[start:end])
    looked = pattern("{propositions}", "rude")
    for sentence, start, end in text.finds(looked):
        said_of_somebody = not terms("rude", "proposing").isdisjoint(sentence.words)
        if said_of_somebody and pattern("{no_proposition}", "rude").found(sentence.plain) is None:
            yield Hit("indecent", start, end, text.text[start:end])


def _of_a_person(text: Prose, word: str, start: int, end: int) -> bool:
    if _said_of_somebody(text, start, end):
        return True
    if word not in terms("rude", "looser"):
        return False
    before, behind = text.plain[max(0, start - _BEFORE) : start], text.plain[end : end + _BEFORE]
    if _BEING.search(before) is not None and _ENDS.match(text.plain[end : end + 20]):
        return True
    return _near(before, "before_looser", r"\b{} $") or _near(behind, "behind_looser", r"^ {}\b")


def _near(text: str, table: str, shape: str) -> bool:
    return _shaped(table, shape).search(text) is not None


@cache
def _shaped(table: str, shape: str) -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, terms("rude", table)), key=len, reverse=True))
    return re.compile(shape.format(f"(?:{words})"))


def _said_of_somebody(text: Prose, start: int, end: int) -> bool:
    """Whether the word before `end` is what somebody is called, and not the sender or a thing."""
    before = text.plain[max(0, start - _BEFORE) : start]
    if not _ENDS.match(text.plain[end : end + 20]):
        return False
    return _called().search(before) is not None and _ONESELF.found(before) is None


@cache
def _called() -> re.Pattern[str]:
    source = _CALLED
    for table in ("qualities", "sneers"):
        words = "|".join(sorted(map(re.escape, terms("rude", table)), key=len, reverse=True))
        source = source.replace(f"{{{table}}}", f"(?:{words})")
    return re.compile(source)


_NAMED = re.compile(r"[ -][A-Z]|,")


def _is_name(text: str, start: int, end: int) -> bool:
    """Whether a word has a capital and stands beside a name, a title or a preposition of place."""
    word = text[start:end]
    if not word[:1].isupper() or (word.isupper() and len(word) > 1):
        return False
    before, behind = text[max(0, start - 20) : start], text[end : end + 3]
    return _TITLE.search(before) is not None or _NAMED.match(behind) is not None


def _set_phrase(text: str, start: int, end: int) -> bool:
    around = text[max(0, start - 20) : end + 20]
    return any(match.start() <= start - max(0, start - 20) < match.end() for match in _set().finditer(around))


@cache
def _set() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, terms("rude", "set_phrases")), key=len, reverse=True))
    return re.compile(rf"\b(?:{words})\b")
