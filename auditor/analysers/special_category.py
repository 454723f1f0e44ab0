"""What the law calls special (UK GDPR, Articles 9 and 10), said of somebody known, is not told to outsiders (E5, M2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from auditor.analysers.base import Case, found
from auditor.analysers.confiding import CLAUSES, leaves
from auditor.analysers.patterns import Pattern, alternatives, compiled, pattern
from auditor.analysers.persons import Mention, known, mentions
from auditor.analysers.prose import Prose, Sentence, plain, prose
from auditor.analysers.vocabulary import terms
from auditor.findings import Finding, Rule, Severity

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
    for part in ("own", "forwarded"):
        text = case.text(part)
        read = prose(text)
        if _gate().isdisjoint(read.words) or not _any().found(read.plain):
            continue
        told: list[tuple[int, int, str]] = []
        people = mentions(text, known(case))
        for sentence, reason, kind in _facts(read, people):
            if told and told[-1][2] == kind and sentence.start - told[-1][1] <= 3:
                continue
            told.append((sentence.start, sentence.end, kind))
            yield found(SPECIAL, part, text, (sentence.start, sentence.end), reason)


def _facts(read: Prose, people: tuple[Mention, ...]) -> Iterator[tuple[Sentence, str, str]]:
    """The first such fact of each sentence, its reason and its kind."""
    if not any(one.named for one in people):
        return
    for sentence in read.sentences:
        who = [one for one in people if sentence.start <= one.start < sentence.end]
        if not who or not _any().found(sentence.plain) or _harmless().found(sentence.plain):
            continue
        for kind, shape in _kinds():
            if hit := _said(read, sentence, shape, kind, who):
                start, end, person = hit
                name = " ".join(read.text[person.start : person.end].split())
                yield sentence, _SAYS.format(who=name, kind=kind, words=" ".join(read.text[start:end].split())), kind
                break


def _said(read: Prose, sentence: Sentence, shape: Pattern, kind: str, who: list[Mention]) -> tuple[int, int, Mention] | None:
    for first, last in shape.spans(sentence.plain):
        start, end = sentence.start + first, sentence.start + last
        if _behind().found(read.plain[end : end + 24]) or (read.text[start].isupper() and _FORENAME.search(read.text[max(0, start - 24) : start])):
            continue
        for one in reversed(who):
            if one.start < start and start - one.end <= _REACH and one.end <= start and _linked(read, sentence, one, start, end, kind):
                return start, end, one
    return None


def _linked(read: Prose, sentence: Sentence, one: Mention, start: int, end: int, kind: str) -> bool:
    """Whether a thing is said of somebody before it."""
    between, after = read.plain[one.end : start], read.plain[end : end + 16]
    if _SELF.found(between) or (kind in _OFFICES and _public().found(sentence.plain)):
        return False
    if kind == "an illness":
        whose = read.plain[one.start : one.end].endswith(("'s", "s'", "his", "her")) and len(between) < 26
        return whose or between.strip() in (":", "-", ",") or _having().found(between) is not None
    if kind in _BEINGS:
        return _COPULA.found(between) is not None and _CLOSES.found(after) is not None
    return True


_FORENAME = re.compile(r"\b[A-Z][a-z]+ $")
"""Before a capital it makes a family name of it: Gay, Black, Pagan, Jew."""
_OFFICES = ("a faith", "politics")
_BEINGS = ("ethnicity", "a faith", "sex life")
_SELF = compiled(r"\b(?:i|i'm|i've|i'd|my|we|we're|you|your|you're|anyone|anybody|nobody|none|not)\b")
_COPULA = compiled(
    r"(?:\b(?:is|was|are|were|be|been|being|became|becomes|turned|as|comes from|of|having|had|has|and|also|they're|uses|visits|caught|got|used|came)|'s|'re|^ ?[,(-])(?: [a-z'-]+){0,3} ?$"
)
_CLOSES = compiled(
    r"^(?:$|[ ]*[.,;:!?)\"'-]|'s| (?:and|so|but|or|by|who|which|family|families|parents|origin|descent|background|blood|stock|heritage|lad|man|woman|couple|girl|boy|wife|husband|herself|himself|now|you|as|like|since|if|these|anyway|with|at|for|in|too|apparently|from|himself|mother|father|though|because|when))"
)


@cache
def _kinds() -> tuple[tuple[str, Pattern], ...]:
    return tuple((kind, pattern("{%s}" % table, _FILE)) for kind, table in _TABLES)


_TABLES = (
        ("health", "states"),
        ("an illness", "illnesses"),
        ("a criminal record", "crimes"),
        ("a trade union", "unions"),
        ("politics", "parties"),
        ("a faith", "faiths"),
        ("religion", "practices"),
        ("sex life", "sexes"),
        ("ethnicity", "races"),
        ("biometric data", "bodies_measured"),
    )


@cache
def _any() -> Pattern:
    """Any term at all."""
    return pattern("|".join("{%s}" % table for _, table in _TABLES), _FILE)


@cache
def _gate() -> frozenset[str]:
    """The longest word of every term: without any of them there is nothing to look for."""
    every = [term for _, table in _TABLES for term in terms(_FILE, table)]
    return frozenset(max(sorted(prose(plain(term)).words), key=len) for term in every)


@cache
def _having() -> Pattern:
    return compiled(rf"(?:^|\b){alternatives(terms(_FILE, 'having'))}(?: [a-z',/-]+){{0,5}} ?$")


@cache
def _behind() -> Pattern:
    return compiled(rf"^(?:'s)?[ -]{alternatives(terms(_FILE, 'bodies'))}\b")


@cache
def _harmless() -> Pattern:
    return pattern("{harmless}", _FILE)


@cache
def _public() -> Pattern:
    return pattern("{public_people}", "persons")
