"""What the law calls special (UK GDPR, Articles 9 and 10), said of somebody known, is not told to outsiders (E5, M2)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise
from operator import attrgetter

from auditor.analysers.base import Case, found
from auditor.analysers.confiding import CLAUSES, leaves, readable
from auditor.analysers.patterns import Pattern, alternatives, compiled, pattern
from auditor.analysers.persons import Mention, known, mentions
from auditor.analysers.prose import Prose, Sentence, prose
from auditor.analysers.special_sorts import SORTS, Sort
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
    for part, text in readable(case):
        read = prose(text)
        sorts = [sort for sort, said in _sorts() if said.possible(read.words)]
        if not (telling := _telling(read, sorts)):
            continue
        told: list[tuple[int, str]] = []
        for sentence, reason, kind in _facts(read, sorts, telling, _others(case, text), _to_vets(case)):
            if part == "forwarded" and _HANDED_ON.search(text, sentence.start, sentence.end):
                continue
            goes_on = bool(told) and told[-1][1] == kind and sentence.start - told[-1][0] <= 3
            told.append((sentence.end, kind))
            if not goes_on:
                yield found(SPECIAL, part, text, (sentence.start, sentence.end), reason)


def _to_vets(case: Case) -> bool:
    """Whether it goes to somebody who treats animals, whatever their names are."""
    return any(_VETS.search(address.email) for address in case.mail.recipients)


_VETS = re.compile(r"@[a-z.-]*(?:vets\b|veterinary)")


_HANDED_ON = re.compile(r"(?m)^ *>")
"""What goes round by mail from one to the next: a joke, or a story of nobody known."""


def _others(case: Case, text: str) -> tuple[Mention, ...]:
    """Everybody spoken of but places, and but whoever alone receives it: what is told them of themselves is no disclosure."""
    people = mentions(text, known(case))
    own: set[str] = set()
    if len(case.mail.recipients) == 1:
        own = set(_NAME.findall(case.mail.recipients[0].email.partition("@")[0].lower()))
    lands, others, addressed = terms(_FILE, "lands"), [], -1
    for one in people:
        called = text[one.start : one.end].lower()
        if one.named:
            addressed = -1 if own.isdisjoint(_NAME.findall(called)) else one.end
        told = addressed >= 0 and not _STOP.search(text, addressed, one.start)
        if not told and called not in lands:
            others.append(one)
    return tuple(others)


_STOP = re.compile(r"[.?!\n]")
_NAME = re.compile(r"[^\W\d_]{3,}")


def _telling(read: Prose, sorts: list[Sort]) -> list[tuple[Sentence | None, Sentence]]:
    """The sentences with words of such sorts, each with the one before it."""
    places = sorted(start for sort in sorts for start, _ in _pattern(sort).spans(read.plain))
    return [
        (before, sentence)
        for before, sentence in (pairwise((None, *read.sentences)) if places else ())
        if sentence
        and bisect_left(places, sentence.start) < bisect_left(places, sentence.end)
        and not (_harmless().found(sentence.plain) or _IF.found(sentence.plain))
    ]


def _facts(
    read: Prose,
    sorts: list[Sort],
    telling: list[tuple[Sentence | None, Sentence]],
    people: tuple[Mention, ...],
    vets: bool,
) -> Iterator[tuple[Sentence, str, str]]:
    """The first such fact of each sentence, its reason and its kind."""
    starts = [one.start for one in people]

    def of(sentence: Sentence) -> list[Mention]:
        return list(people[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)])

    for earlier, sentence in telling:
        who = of(sentence)
        if _ANON.match(sentence.plain) and not any(one.named for one in who):
            continue
        goes_on = earlier and earlier.plain.count(" ") >= _SAID and not _OWN.found(earlier.plain)
        before = of(earlier) if earlier and goes_on else []
        fact = next((one for sort in sorts if (one := _said(read, sentence, sort, who, before))), None)
        if fact:
            start, end, person, kind = fact
            if kind == "a criminal record" and _press().found(read.plain):
                continue
            called = read.text[person.start : person.end]
            if _gone().found(read.plain) and (_YEAR.search(sentence.plain) or not _NOW.found(sentence.plain)):
                continue
            if " " not in called and (vets or _beasts().found(read.plain)):
                continue
            name = " ".join(called.split())
            yield sentence, _SAYS.format(who=name, kind=kind, words=" ".join(read.text[start:end].split())), kind


_OFFICES = ("a faith", "politics")
"""What a public person's office may be."""


_NEAREST = 4
"""Of so many people before a thing it may be said; of one further off it hardly is."""


_MANY = 24
"""No sentence that anybody writes tells more of one sort."""
_LEAD = 160
"""How much before a thing is read with it."""


def _said(
    read: Prose, sentence: Sentence, sort: Sort, who: list[Mention], before: list[Mention]
) -> tuple[int, int, Mention, str] | None:
    if sort.kind in _OFFICES and _public().found(sentence.plain):
        return None
    for first, last in islice(_pattern(sort).spans(sentence.plain), _MANY):
        start, end = sentence.start + first, sentence.start + last
        behind, lead = read.plain[end : end + 24], sentence.plain[max(0, first - _LEAD) : first]
        if (
            _behind().found(behind)
            or _LIKENED.match(behind)
            or (_FOLK.match(behind) and _ANY_ONE.search(read.plain[max(0, start - 16) : start]))
            or _surname(read, start)
            or (read.plain.endswith("inside", start, end) and _PLACE.match(behind))
            or (sort.unless and _unless(sort).match(behind))
        ):
            continue
        within = [one for one in who if start <= one.start < end] if sort.tied == "within" else []
        if within and not _SELF.found(lead):
            return start, end, within[0], sort.kind
        place = bisect_right(who, start, key=attrgetter("start"))
        for one in reversed(who[max(0, place - _NEAREST) : place]):
            if start <= one.end + _REACH and _tied(read, one, (start, end), sort):
                return start, end, one, sort.kind
        person = _behind_it(sentence, (first, last), who, before)
        if person and sort.tied not in _BEFORE and not _SELF.found(lead):
            return start, end, person, sort.kind
    return None


def _behind_it(sentence: Sentence, span: tuple[int, int], who: list[Mention], before: list[Mention]) -> Mention | None:
    """Of whom it is said where nobody stands before it: 'since the stroke Ivor …', 'Prostate, they say'."""
    lead = sentence.plain[max(0, span[0] - _LEAD) : span[0]].strip(" ,")
    if not _LEADS.found(lead):
        return None
    if not who:
        named = [one for one in before if one.named]
        return named[-1] if named and len(sentence.plain) <= _SHORT else None
    after = who[0].start - sentence.start - span[1]
    return who[0] if 0 <= after <= _AFTER and not _SELF.found(sentence.plain[span[1] : span[1] + after]) else None


def _surname(read: Prose, start: int) -> bool:
    if not read.text[start].isupper() or read.plain.endswith(" a ", 0, start):
        return False
    if any(read.plain.startswith(name, start) for name in terms(_FILE, "names_too")):
        return True
    return _FORENAME.search(read.text, max(0, start - 24), start) is not None


def _tied(read: Prose, one: Mention, span: tuple[int, int], sort: Sort) -> bool:
    """Whether a thing is said of somebody before it."""
    between, after = _ASIDE.sub("", read.plain[one.end : span[0]]), read.plain[span[1] : span[1] + 16]
    if _SELF.found(between) or _THINGS.search(between):
        return False
    if _GOT.search(read.plain, max(0, one.start - 12), one.end) and between.startswith(" a "):
        return False
    if one.end > span[0]:
        return sort.tied == "is" and _ANYBODY.match(read.plain, one.start) is not None
    if sort.tied == "does":
        known_by = _KNOWN_BY.search(read.plain, one.start, one.end)
        return (_GOING_ON if known_by else _DOES).fullmatch(between) is not None
    if sort.tied in ("whose", "owned"):
        return len(between) < _NEXT and _whose(read, one)
    if sort.tied == "noted":
        return _LISTED.match(between) is not None
    if sort.tied == "had":
        whose = _whose(read, one) and len(between) < _NEXT
        return (
            whose
            or _NOTED.found(between) is not None
            or _ABSENT.found(between) is not None
            or _having().found(between) is not None
        )
    return sort.tied != "is" or (_COPULA.found(between) is not None and _CLOSES.found(after) is not None)


_DOES = re.compile(
    r"(?:(?:'s|s')(?: [a-z-]+){1,2}|,? [a-z]+ly|,? poor [a-z]+,?)?(?:(?: who|,? that|,| and| he| she| they| has| have| had| is| was| were| are| been| also| still| now| always| only| really| just| will| would| has to| used to| must|'s|'d|'ll)){0,5} ?"
)
_KNOWN_BY = re.compile(r" (?:who|that|at|in|from|on) ")
_GOING_ON = re.compile(r"[a-z' -]{0,36}")
"""What stands between somebody and what is said of nobody else."""


def _whose(read: Prose, one: Mention) -> bool:
    return read.plain[one.start : one.end].endswith(_WHOSE) or read.plain.startswith("'s ", one.end)


_ANYBODY = re.compile(r"(?:the|that|our) ")
_THINGS = re.compile(
    r"\b(?:says?|said|thinks?|tells? (?:me|us)|told (?:me|us)|and|that|when|because|where|if|,) (?:the|a|an|this|that|its) (?!(?:doctor|consultant|hospital|poor|man|woman|lad|boy|girl|lady|chap)\b)[a-z-]+ (?:is|was|has|had|were|are|isn't|wasn't)\b"
)
"""Something else of which it may be said."""
_GOT = re.compile(r"\b(?:got|get|buy|bought|find|found|make|made|lend|lent) (?:him|her)$")
"""For whom something is got, mostly in mockery: nobody says that they have it."""
_WHOSE = ("'s", "s'", "his", "her")
_PLACE = re.compile(r" (?:the|her|his|their|my|our|your|its|a|an|this|that|it|there|here)\b")
_FOLK = re.compile(
    r" (?:[a-z]+ )?(?:wom[ae]n|m[ae]n|person|people|employee|worker|colleague|mother|child|girl|boy|lady|applicant|tenant|pupil)\b"
)
_ANY_ONE = re.compile(r"(?<!\bis)(?<!was)(?<!\bas)(?<!been)(?<!'s) (?:an?|any|every) $")
"""'Leaving a pregnant woman off the list': nobody known, unless 'she is' stands before it."""
_BEFORE = ("is", "noted", "owned")
"""So tied, it is said behind a person and never before one."""
_LIKENED = re.compile(r" as (?:a|an) (?!result|consequence|child|boy|girl|baby)")
"""'Deaf as a plank' says that somebody will not listen."""
_SAID = 2
"""Fewer blanks make a greeting."""
_SHORT = 90
_AFTER = 45
_LEADS = compiled(
    r"^(?:.* )?(?:it's|it is|it was|it's his|it's her|it is his|it is her|turned out to be|it turns out to be|they say it's|apparently|because of|owing to|due to|since|after|with|what with|given|following|been|has been|by)(?: (?:the|a|an|that|all|his|her|this|of|bad|another|some|now|probably))*$|^$"
)
"""What a sentence may begin with that tells of somebody named behind it, or in the sentence before."""
_YEAR = re.compile(r"\b1[0-8]\d\d\b")
_NOW = compiled(
    r"\b(?:is|has|are|have|isn't|hasn't|won't|will|can't|goes|takes|needs|since|now|again|today|still)\b|'s (?:a|an|on|in|got|had|been|not|off)\b"
)
"""Said of somebody who lives."""
_IF = compiled(
    r"\bif [a-z' ]{2,24} (?:were|was to|should|had)\b|\bwhether\b|\basked (?:[a-z]+ )?if\b|\bsounds (?:as though|as if|like)\b|^subject:|@[^@]+@"
)
_ANON = re.compile(
    r"(?:a|an|this|two|three) (?:[a-z]+ )?(?:man|men|woman|women|guy|bloke|couple|doctor|priest|blonde)\b"
)
"""So a joke begins."""
_OWN = compiled(r"\b(?:i|i'm|i've|my|we|our)\b")
_NEXT = 26
"""How far behind 'his' or "Margaret's" an illness may stand."""
_FORENAME = re.compile(r"\b(?!(?:The|Our|That|This|An?) )[A-Z](?:[a-z]+|\.) $")
"""Before a capital it makes a family name of it: Gay, Black, Pagan, Jew."""
_ASIDE = re.compile(
    r",? (?:as|though|in case) (?:you|we|i)[^,]{0,24}(?:know|knew|heard|gathered|told you),?|"
    r"|,? i (?:think|hear|gather|fear|believe|am told),?"
)
"""Words put in that say nothing of anybody."""
_SELF = compiled(
    r"\b(?:i|i'm|i've|i'd|my|we|we're|you|your|you're|anyone|anybody|nobody|none)\b|\b(?:not|never|[a-z]+n't) (?:been |had |have |got |be |a |an |any |really |actually |yet |at all )*$"
)
_NOTED = compiled(r"^[ \d]*[:,(-] *$")
_LISTED = re.compile(r"[ \d+]*[:(–-] *$")
_ABSENT = compiled(r"\b(?:absent|absence|off|sick|sickness|away)\b[^.;]{0,24}[-:(,] ?$")
_COPULA = compiled(
    r"(?:\b(?:is|was|are|were|be|been|being|became|becomes|turned|as|comes from|of|having|had|has|they're|uses|visits|caught|got|used|came|ticked|declared|stated|states|put down)|'s|'re|^ ?[,(-])(?: [a-z'-]+){0,3} ?$"
)
_CLOSES = compiled(
    r"^(?:$|[ ]*[.,;:!?)\"'-]|'s| (?:and|so|but|or|by|who|which|family|families|parents|origin|descent|background|blood|stock|heritage|lad|man|woman|couple|girl|boy|wife|husband|herself|himself|now|you|as|like|since|if|these|anyway|with|at|for|in|too|apparently|from|last|this|years|himself|mother|father|though|because|when))"
)


@cache
def _sorts() -> tuple[tuple[Sort, Pattern], ...]:
    return tuple((sort, _pattern(sort)) for sort in SORTS)


@cache
def _pattern(sort: Sort) -> Pattern:
    return pattern(sort.said, _FILE)


@cache
def _unless(sort: Sort) -> re.Pattern[str]:
    return re.compile(sort.unless)


@cache
def _having() -> Pattern:
    return compiled(rf"(?:^|\b){alternatives(terms(_FILE, 'having'))}(?: [a-z',/-]+){{0,5}} ?$")


@cache
def _behind() -> Pattern:
    return compiled(rf"^(?:'s)?[ -]{alternatives(terms(_FILE, 'bodies'))}(?:[^a-z]|$)")


@cache
def _gone() -> Pattern:
    """Words of the dead, and years in which nobody lived who lives now."""
    return pattern("{mourning}|1[0-8][0-9][0-9]", _FILE)


@cache
def _beasts() -> Pattern:
    return pattern("{beasts}", _FILE)


@cache
def _press() -> Pattern:
    return pattern("{press}", _FILE)


@cache
def _harmless() -> Pattern:
    return pattern("{harmless}", _FILE)


@cache
def _public() -> Pattern:
    return pattern("{public_people}", "persons")
