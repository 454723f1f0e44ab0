"""What the law calls special (UK GDPR, Articles 9 and 10), said of somebody known, is not told to outsiders (E5, M2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from auditor.analysers.base import Case, found
from auditor.analysers.confiding import CLAUSES, leaves, readable
from auditor.analysers.patterns import Pattern, alternatives, compiled, pattern
from auditor.analysers.persons import Mention, known, mentions
from auditor.analysers.prose import Prose, Sentence, plain, prose
from auditor.analysers.vocabulary import terms
from auditor.findings import Finding, Rule, Severity
from auditor.values import Value

SPECIAL = Rule(
    "confidential-special-category",
    CLAUSES,
    Severity.HIGH,
    "Somebody's health, faith or the like told outside",
    "Health, ethnicity, religion, politics, trade union, sex life, biometric data or criminal record of a person who can be known, "
    "told to anybody outside the Council.",
    ("own", "forwarded"),
)

_FILE = "special_category"
_REACH = 110
_SAYS = "The message tells people outside the Council of {who}: {kind} ('{words}'). Such data of a known person needs a lawful reason to be told."


def special_category(case: Case) -> Iterator[Finding]:
    """One finding for each run of sentences about the same sort of thing."""
    if not leaves(case):
        return
    for part, text in readable(case):
        read = prose(text)
        if _gate().isdisjoint(read.words) or not _any().found(read.plain):
            continue
        told: list[tuple[int, str]] = []
        people = mentions(text, known(case))
        for sentence, reason, kind in _facts(read, people):
            goes_on = bool(told) and told[-1][1] == kind and sentence.start - told[-1][0] <= 3
            told.append((sentence.end, kind))
            if not goes_on:
                yield found(SPECIAL, part, text, (sentence.start, sentence.end), reason)


def _facts(read: Prose, people: tuple[Mention, ...]) -> Iterator[tuple[Sentence, str, str]]:
    """The first such fact of each sentence, its reason and its kind."""
    for sentence in read.sentences:
        who = [one for one in people if sentence.start <= one.start < sentence.end]
        if not who or not _any().found(sentence.plain) or _harmless().found(sentence.plain):
            continue
        fact = next((one for sort in _SORTS if (one := _said(read, sentence, sort, who))), None)
        if fact:
            start, end, person, kind = fact
            name = " ".join(read.text[person.start : person.end].split())
            yield sentence, _SAYS.format(who=name, kind=kind, words=" ".join(read.text[start:end].split())), kind


class _Sort(Value, frozen=True):
    """A sort of fact: a table of terms, what it is called, and how such a term is tied to somebody."""

    table: str
    kind: str
    tied: str = ""
    """'had' as an illness is, 'is' as a faith is; empty where the term itself says that it is somebody's."""


_SORTS = (
    _Sort("states", "health"),
    _Sort("illnesses", "health", "had"),
    _Sort("crimes", "a criminal record"),
    _Sort("unions", "a trade union"),
    _Sort("parties", "politics"),
    _Sort("faiths", "a faith", "is"),
    _Sort("practices", "a faith"),
    _Sort("sexes", "sex life", "is"),
    _Sort("races", "origin", "is"),
    _Sort("biometrics", "biometric data"),
)
_OFFICES = ("a faith", "politics")
"""What a public person's office may be."""


def _said(read: Prose, sentence: Sentence, sort: _Sort, who: list[Mention]) -> tuple[int, int, Mention, str] | None:
    for first, last in pattern(f"{{{sort.table}}}", _FILE).spans(sentence.plain):
        start, end = sentence.start + first, sentence.start + last
        if _behind().found(read.plain[end : end + 24]) or _surname(read, start):
            continue
        for one in reversed(who):
            if one.end <= start <= one.end + _REACH and _tied(read, sentence, one, (start, end), sort):
                return start, end, one, sort.kind
    return None


def _surname(read: Prose, start: int) -> bool:
    return read.text[start].isupper() and _FORENAME.search(read.text, max(0, start - 24), start) is not None


def _tied(read: Prose, sentence: Sentence, one: Mention, span: tuple[int, int], sort: _Sort) -> bool:
    """Whether a thing is said of somebody before it."""
    between, after = _ASIDE.sub("", read.plain[one.end : span[0]]), read.plain[span[1] : span[1] + 16]
    if _SELF.found(between) or (sort.kind in _OFFICES and _public().found(sentence.plain)):
        return False
    if sort.tied == "had":
        whose = read.plain[one.start : one.end].endswith(("'s", "s'", "his", "her")) and len(between) < _NEXT
        return whose or between.strip() in (":", "-", ",") or _having().found(between) is not None
    return sort.tied != "is" or (_COPULA.found(between) is not None and _CLOSES.found(after) is not None)


_NEXT = 26
"""How far behind 'his' or "Margaret's" an illness may stand."""
_FORENAME = re.compile(r"\b[A-Z][a-z]+ $")
"""Before a capital it makes a family name of it: Gay, Black, Pagan, Jew."""
_ASIDE = re.compile(
    r",? (?:as|though|in case) (?:you|we|i)[^,]{0,24}(?:know|knew|heard|gathered|told you),?|,? you know,?"
    r"|,? i (?:think|hear|gather|fear|believe|am told),?"
)
"""Words put in that say nothing of anybody."""
_SELF = compiled(r"\b(?:i|i'm|i've|i'd|my|we|we're|you|your|you're|anyone|anybody|nobody|none|not)\b")
_COPULA = compiled(
    r"(?:\b(?:is|was|are|were|be|been|being|became|becomes|turned|as|comes from|of|having|had|has|they're|uses|visits|caught|got|used|came)|'s|'re|^ ?[,(-])(?: [a-z'-]+){0,3} ?$"
)
_CLOSES = compiled(
    r"^(?:$|[ ]*[.,;:!?)\"'-]|'s| (?:and|so|but|or|by|who|which|family|families|parents|origin|descent|background|blood|stock|heritage|lad|man|woman|couple|girl|boy|wife|husband|herself|himself|now|you|as|like|since|if|these|anyway|with|at|for|in|too|apparently|from|last|this|years|himself|mother|father|though|because|when))"
)


@cache
def _any() -> Pattern:
    """Any term at all."""
    return pattern("|".join(f"{{{sort.table}}}" for sort in _SORTS), _FILE)


@cache
def _gate() -> frozenset[str]:
    """The longest word of every term: without any of them there is nothing to look for."""
    every = [term for sort in _SORTS for term in terms(_FILE, sort.table)]
    return frozenset(max(sorted(prose(plain(term)).words), key=len) for term in every)


@cache
def _having() -> Pattern:
    return compiled(rf"(?:^|\b){alternatives(terms(_FILE, 'having'))}(?: [a-z',/-]+){{0,5}} ?$")


@cache
def _behind() -> Pattern:
    return compiled(rf"^(?:'s)?[ -]{alternatives(terms(_FILE, 'bodies'))}(?:[^a-z]|$)")


@cache
def _harmless() -> Pattern:
    return pattern("{harmless}", _FILE)


@cache
def _public() -> Pattern:
    return pattern("{public_people}", "persons")
