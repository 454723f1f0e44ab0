"""Of whom a letter speaks: somebody named, or plain to everybody in the parish ('our groundsman', 'the lady at number 9')."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from auditor.analysers.audience import name_words
from auditor.analysers.base import Case
from auditor.analysers.patterns import Pattern, alternatives, compiled
from auditor.analysers.prose import prose
from auditor.analysers.vocabulary import terms
from auditor.policy import Policy
from auditor.values import Value

_FILE = "persons"
_CAPITAL = re.compile(r"\b[A-Z][\w'’-]+")
_NAME = r"[A-Z][\w'’-]+"


class Mention(Value, frozen=True):
    """Somebody spoken of, half-open in the text."""

    start: int
    end: int
    named: bool
    """False for 'he', 'her' and the like."""


class Known(Value, frozen=True):
    """Whom a reading knows beforehand: words of names, lower case."""

    others: frozenset[str] = frozenset()
    """Of the Council's people."""
    own: frozenset[str] = frozenset()
    """Of the sender, who is nobody else."""


NOBODY = Known()


@lru_cache(maxsize=32)  # a message's parts, for every rule in turn
def mentions(text: str, known: Known = NOBODY) -> tuple[Mention, ...]:
    """Everybody spoken of but the sender, in order."""
    found = [Mention(start, end, True) for start, end in _named(text, known)]
    plain = prose(text).plain
    found += [Mention(start, end, True) for start, end in _plain_to_all().spans(plain)]
    found += [Mention(match.start(), match.end(1), True) for match in _FAMILY.finditer(text)]
    found += [Mention(start, end, False) for start, end in _PRONOUN.spans(plain)]
    return tuple(sorted(found, key=lambda one: (one.start, -one.end)))


def known(case: Case) -> Known:
    """The names of the Council's people, and the sender's own."""
    if not _latest or _latest[0][0] is not case.policy or _latest[0][1] != case.sender.name:
        own = frozenset(name_words(case.sender.name))
        others = frozenset(word for one in case.policy.people for word in name_words(one.name)) - own
        _latest[:] = [(case.policy, case.sender.name, Known(others, own))]
    return _latest[0][2]


_latest: list[tuple[Policy, str, Known]] = []
"""The latest answer: a sender's letters come together, a night's under one policy."""


def _named(text: str, known: Known) -> Iterator[tuple[int, int]]:
    for titled in _titled().matches(text):
        if known.own.isdisjoint(name_words(titled[0])):
            yield titled.end() - len(titled[0].lstrip(" ;:,(\n")), titled.end()
    yield from _unheard_of(text, known)
    first = terms(_FILE, "first_names") | known.others
    place = terms(_FILE, "place_words")
    for match in _CAPITAL.finditer(text):
        word = match[0].removesuffix("'s").removesuffix("’s")
        if word.lower() not in first or text[max(0, match.start() - 3) : match.start()] == "St ":
            continue
        behind = _NEXT.match(text, match.end()) if match[0] == word else None
        if behind is None:
            if word.lower() not in known.own:
                yield match.span()
        elif behind[1].lower() not in place and not (
            word.lower() in known.own and behind[1].lower() in known.own | terms(_FILE, "offices")
        ):
            yield match.start(), behind.end()


def _unheard_of(text: str, known: Known) -> Iterator[tuple[int, int]]:
    """Who is known for somebody by nothing but how the sentence goes on."""
    never = known.own | terms(_FILE, "no_names") | terms(_FILE, "place_words")
    for match in _GOES_ON.matches(text):
        name = match[1].lower()
        if text[max(0, match.start(1) - 3) : match.start(1)] == "St ":
            continue
        if name not in never and name.removesuffix("s") not in never and not _NO_NAME.fullmatch(name):
            yield match.span(1)


_GOES_ON = compiled(
    r"(?:^|[.!?…\n] *|\b[A-Za-z']+[,;:]? (?:-|–|—)? ?)([A-Z][a-z]{2,}(?:'s|’s)?)(?: (?:in|at|from) (?:the |number )?(?:[A-Z]?[a-z\d]+ ?){1,2})? ?"
    r"(?: (?:is|was|has|had|who|who's|got|gets|went|told|can't|won't|isn't|wasn't|hasn't|cannot|takes|goes|says|said|earns|on|are|have|were|off|tells|served|did|does|suffers|suffered|spent|lost|left|came|keeps|voted|votes|joined|needs|took|drinks|tested|will)|['’]s (?:a|an|on|in|got|had|been|not|off|at|gone|going|having|under))\b"
)
_NO_NAME = re.compile(r".*(?:tion|sion|ing|ment|ist|ance|ence|ity|ness|ers|ics|ism|ology|age|ive|al)")
_NEXT = re.compile(r"(?: [A-Z]\.?)? (?!I['’])((?:Mc|Mac|O['’]|De |de |van )?[A-Z][\w’'-]+)")
_FAMILY = re.compile(
    r"\b[Tt]he ([A-Z][a-z]+s)(?= (?:don['’]t|won['’]t|can['’]t|have|are|were|keep|go|came|come|go|fast)\b)"
)
_PRONOUN = compiled(r"\b(?:he|she|him|her|his|hers|himself|herself|he's|she's|he'd|she'd|he'll|she'll)\b")


@cache
def _titled() -> Pattern:
    titles = alternatives(
        [term.title() for term in terms(_FILE, "titles")] + ["PC", "PCSO"] + [f"Old {t}" for t in ("Mr", "Mrs", "Miss")]
    )
    return compiled(
        rf"\b{titles}\.? (?:[A-Z]\.? ?|and Mrs? |& Mrs? ){{0,3}}{_NAME}(?: {_NAME})?|\b(?:[A-Z]\. ?){{1,3}}{_NAME}|(?:^|[;:,(\n] ?)[B-HJ-Z] {_NAME}"
    )


@cache
def _plain_to_all() -> Pattern:
    """Somebody who is plain without a name."""

    def table(name: str) -> str:
        return alternatives(terms(_FILE, name))

    return compiled(
        rf"\b(?:our|the|the council's|the parish's|the old|the new|our new|our old|our former|our last|our [a-z]+) {table('roles')}\b|\b(?:that|this) {table('roles')} (?:of ours|we)\b"
        rf"|\b(?:the|that|this|old|young|our|poor|elderly) (?:[a-z-]+ ){{0,2}}{table('holders')} {table('whereabouts')} (?:number|no|flat|plot|unit|\d|the|them|end|house|next door|door|lives|live|live[sd]?)"
        rf"|\b(?:the|that|our|this|young) (?:[a-z-]+ )?{table('folk')} (?:who|that) {table('doings')}\b|\bthe {table('households')} (?:at|in|on|from|of) [a-z' -]{{2,24}} {table('place_words')}\b"
        rf"|\b(?:the|that|our) {table('nationals')} (?:{table('folk')} )?(?:who|at|from|next door)\b|\b(?:that|our) {table('nationals')} {table('folk')}\b"
        rf"|\b(?:his|her|their|the [a-z]+'s|[a-z]+'s|[a-z]+s') (?:late |elderly |young |eldest |youngest |old |poor |new |two )*{table('kin')}\b"
    )
