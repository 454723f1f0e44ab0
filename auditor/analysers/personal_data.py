"""Personal information is kept as data-protection law requires (M2): identifiers, dates of birth, homes, private telephones."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache

from auditor.analysers.audience import name_words
from auditor.analysers.base import Case, found
from auditor.analysers.confiding import around, enclosed, leaves, readable, sentence_of
from auditor.analysers.contacts import addresses, british, dates, phones, postcodes
from auditor.analysers.identifiers import BANKING, numbers
from auditor.analysers.patterns import Pattern, alternatives, compiled, pattern
from auditor.analysers.persons import Mention, known, mentions
from auditor.analysers.prose import Prose, plain, prose
from auditor.analysers.vocabulary import terms
from auditor.findings import Finding, Rule, Severity

PERSONAL = Rule(
    "confidential-personal-data",
    ("E5", "M2", "S2"),
    Severity.MEDIUM,
    "Somebody's personal data sent outside",
    "A National Insurance, NHS, passport or driving-licence number, a date of birth, a home address or a private telephone number of somebody "
    "other than the sender, sent to anybody outside the Council.",
    ("own", "attachment", "forwarded"),
)

_FILE = "personal_data"
_ANY = re.compile(r"\d")
_BEFORE = 48
_OWN = re.compile(r"\b(?:my|i|i'm|mine|your|yours|me|i'll|you)\b[^.?!;:]{0,40}$")
_NAMED_WAY = re.compile(r"\b[A-Z][^ \d]*(?:,? [A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2})?$", re.MULTILINE)
_AT = re.compile(
    r"(?:'s)?[, ]{0,2}|(?:'s)?\. (?:that's|that is|it's|it is|he's at|she's at) |,? (?:(?:is|are|was|who is|who are) )?(?:at|of|from|in|on) (?:[a-z']+ [a-z']+, )?"
)
_PAST = re.compile(r"\b1[0-8]\d\d\b|\b19[0-3]\d\b")
_LANDMARK = re.compile(
    r"\b(?:over|above|behind|beside|opposite|near|past|by|next to|next door to|across from) (?:the|a|an|our|[a-z]+'s) (?:[a-z]+ ?){1,2}"
)
"""What a home stands by: it is no shop for being above one."""
_ADDRESS = re.compile(r"(?:'s|s'|\bhis|\bher|\btheir) (?:new |home |old )?address\b[^?!]{0,40}$")
_ME = re.compile(r"\b(?:call|ring|phone|reach|contact|text|get|catch|find) (?:me|us)\b[^.?!]{0,40}$")
_CALL = re.compile(r"\b(?:a call|a ring|a text|a bell|a buzz|give (?:him|her) a [a-z]+)(?: to| on)? $")
_THEIRS = re.compile(
    r"[^a-z\d]{0,4}(?:but |and )?(?:(?:which|that)(?:'?s| is)? )?(?:his|her|their) (?:own |private |home |personal )*(?:phone|mobile|number|landline|home|cell)\b"
)
_HERE = re.compile(r"\b(?:i|we|you)(?:'ve| have| both| all)? (?:live|lived|moved|rent|stay|am|are|were)\b[^.?!]{0,30}$")
_OTHER = re.compile(r"\b(?:his|her|their|mr|mrs|ms|she|he|they|whose)\b|[a-z]'s\b")
_OUR = re.compile(r"\b(?:my|me|mine|i'm|i'll|us|our|ours|we're|your|yours|myself)\b[^.?!;:]{0,30}:? *$")
_REASON = "A {what} of somebody other than the sender went outside the Council: check that it had to, and that the person knows."


def personal_data(case: Case) -> Iterator[Finding]:
    """One finding a sentence or a list of such."""
    if not leaves(case):
        return
    for part, text in readable(case):
        hits = sorted(_hits(case, part, text)) if _ANY.search(text) else []
        spans: list[tuple[int, int, list[str]]] = []
        for start, end, what in hits:
            first, last = around(text, start, end)
            if spans and first - spans[-1][1] <= 3 and last - spans[-1][0] <= 600:
                spans[-1] = (
                    spans[-1][0],
                    max(last, spans[-1][1]),
                    [*spans[-1][2], *([] if what in spans[-1][2] else [what])],
                )
            else:
                spans.append((first, last, [what]))
        for start, end, kinds in spans:
            yield found(PERSONAL, part, text, (start, end), _REASON.format(what=" and a ".join(kinds)))

    for part, text in enclosed(case):
        if hit := _on_paper(case, text):
            start, end, what = hit
            yield found(PERSONAL, part, text, around(text, start, end), _FILE_REASON.format(what=what))


_FILE_REASON = "A file with {what} went outside the Council: check that it had to, and that those people know."
_LIST = 3
"""Fewer homes or telephones are no list."""


def _on_paper(case: Case, text: str) -> tuple[int, int, str] | None:
    """The first thing in a file that stands for a person, or where a list of homes or telephones begins."""
    held = [one for one in numbers(text) if one.sort not in BANKING]
    if held:
        return held[0].start, held[0].end, f"a {held[0].sort}"
    read = prose(text)
    people = mentions(text, known(case))
    for start, end in _births(read):
        if _theirs(people, read, start, end):
            return start, end, "a date of birth"
    names = [one.start for one in people if one.named]
    homes = [(start, end) for start, end in addresses(read.plain) if _beside(names, start)]
    dialled = [
        (start, end) for start, end, digits in phones(read.plain) if digits.startswith("07") and _beside(names, start)
    ]
    for what, spans in (
        ("home addresses of several people", homes),
        ("private telephone numbers of several people", dialled),
    ):
        if len({read.plain[start:end] for start, end in spans}) >= _LIST and not _public().found(read.plain):
            return *spans[0], what
    return None


def _beside(names: list[int], start: int) -> bool:
    """Whether somebody's name stands shortly before."""
    place = bisect_left(names, start)
    return place > 0 and start - names[place - 1] <= _ENTRY


_ENTRY = 60
"""Characters of a list's line between a name and what belongs to it."""


def _hits(case: Case, part: str, text: str) -> Iterator[tuple[int, int, str]]:
    read = prose(text)
    held = numbers(text)
    for one in held:
        if one.sort not in BANKING and not (
            part == "own" and _owned(read.plain[max(0, one.start - _BEFORE) : one.start])
        ):
            yield one.start, one.end, str(one.sort)
    births = list(_births(read))
    homes = sorted(addresses(read.plain))
    taken = [(one.start, one.end) for one in held]
    dialled = [one for one in phones(read.plain) if not any(one[0] < last and first < one[1] for first, last in taken)]
    people = mentions(text, known(case)) if births or homes or dialled else ()
    yield from ((start, end, "date of birth") for start, end in births if _theirs(people, read, start, end))
    yield from _homes(case, part, read, people, homes)
    yield from _telephones(case, part, read, people, dialled)


def _owned(before: str) -> bool:
    """Whether the words before a number say that it is the sender's or the receiver's own."""
    own = _OWN.search(before)
    return own is not None and _OTHER.search(before) is None


def _births(read: Prose) -> Iterator[tuple[int, int]]:
    """Days on which somebody was born, other than the sender and the long dead."""
    for start, end in dates(read.plain) if _born().found(read.plain) else ():
        before = read.plain[max(0, start - 30) : start]
        if _birth().found(before) and not _owned(before):
            first, last = sentence_of(read.text, start, end)
            if not _dead().found(read.plain[first:last]):
                yield start, end


@cache
def _born() -> Pattern:
    """Words without one of which nobody is said to have been born."""
    return compiled(rf"{alternatives(terms(_FILE, 'birth'))}|\bb\.")


def _theirs(people: tuple[Mention, ...], read: Prose, start: int, end: int) -> bool:
    """Whether somebody is spoken of near a date, or a name stands before it."""
    near = any(start - 120 <= one.start < end + 60 for one in people)
    return near or _TWO.search(read.text[max(0, start - 80) : end]) is not None


_TWO = re.compile(r"\b[A-Z][a-z'’-]+ [A-Z][a-z'’-]+")


def _homes(
    case: Case, part: str, read: Prose, people: tuple[Mention, ...], houses: list[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    codes = [start for start, _ in postcodes(read.plain)] if houses else []
    for start, end in houses:
        if part == "forwarded" and _line(read, start, end):
            continue
        first, last = sentence_of(read.text, start, end)
        near = read.plain[max(first, start - _BEFORE) : start]
        own = _OUR.search(near) or _HERE.search(near) or _head(read, start) or _signed(case, read, start)
        if (
            own
            or not _NAMED_WAY.search(read.text, start, end)
            or _public().found(read.plain[max(first, start - 2 * _BEFORE) : end])
            or _public().found(_LANDMARK.sub("", read.plain[end : min(last, end + _BEFORE)]))
        ):
            continue
        coded = any(start <= code <= end + 60 for code in codes)
        beside = any(_AT.fullmatch(read.plain, one.end, start) for one in people if one.end <= start)
        tells = beside or _lives().found(near + read.plain[start:end]) is not None
        if _PAST.search(read.plain, first, last):
            continue
        if _ADDRESS.search(read.plain, max(0, start - 70), start):
            first, tells = 0, True
        before = any(max(first, start - 90) <= one.start < start for one in people)
        behind = any(end <= one.start <= min(last, end + 40) for one in people)
        listed = coded and near.rstrip().endswith(_LISTING)
        known_ = before or beside or _anybody().found(read.plain[first:start]) is not None
        if (known_ and (tells or listed)) or (behind and tells and coded):
            yield start, end, "home address"


_LISTING = tuple(",-:(")
"""What stands between a name and its house in a list."""


def _line(read: Prose, start: int, end: int) -> bool:
    """Whether an address or a number has its line to itself, as below a name at the end of a letter."""
    first, last = read.text.rfind("\n", 0, start) + 1, read.text.find("\n", end)
    line = read.text[first : last if last >= 0 else len(read.text)]
    return len(line) - (end - start) < 24


def _head(read: Prose, start: int) -> bool:
    """Whether it stands above the salutation: the receiver's own address."""
    dear = read.plain.find("dear ", start)
    return 0 <= dear - start < 160 and "." not in read.plain[start:dear].rstrip(" .")


def _telephones(
    case: Case, part: str, read: Prose, people: tuple[Mention, ...], dialled: list[tuple[int, int, str]]
) -> Iterator[tuple[int, int, str]]:
    published = _published(case) if dialled else set()
    for start, end, digits in dialled:
        near = read.plain[max(sentence_of(read.text, start, end)[0], start - _BEFORE) : start]
        if digits in published or _signed(case, read, start) or _references().found(near):
            continue
        home = british(digits)
        if part == "own" and home and _MY.search(near):
            continue
        entered = part == "own" and _entered(case, read, people, start)
        if entered or _somebodys(part, read, people, (start, end), near, home):
            yield start, end, "private telephone number"


def _somebodys(
    part: str, read: Prose, people: tuple[Mention, ...], span: tuple[int, int], near: str, home: bool
) -> bool:
    """Whether a number is said to be a person's: not the sender's or the receiver's, nor a firm's, nor published."""
    start, end = span
    first, last = sentence_of(read.text, start, end)
    open_to_all, firm = _open(read.plain[first:last])
    if open_to_all or _ME.search(near):
        return False
    if _private().found(near):
        return True
    if firm or (part == "forwarded" and _line(read, start, end)):
        return False
    called = _called().found(near) is not None or _CALL.search(near) is not None
    if home and _THEIRS.match(read.plain, end):
        return True
    if _OUR.search(near):
        return part == "own" and not home and _MINE.search(near) is not None
    who = [one for one in people if first - (2 if not _CALL.search(near) else 160) <= one.start < last]
    return (home or called) and (any(one.named for one in who) or (bool(who) and called))


@lru_cache(maxsize=16)
def _open(said: str) -> tuple[bool, bool]:
    """Whether a sentence says that its numbers are published, and whether it speaks of a firm or a body."""
    return _publishing().found(said) is not None, _firms().found(said) is not None


def _entered(case: Case, read: Prose, people: tuple[Mention, ...], start: int) -> bool:
    """Whether a number stands in a form or a list of particulars that says whose it is: not the sender's, nor a firm's."""
    if not _LABEL.search(read.plain, max(0, start - 24), start):
        return False
    above = read.plain[max(0, start - 200) : start]
    named = any(one.named and start - 160 <= one.start < start for one in people)
    said = _FORM.search(above) is not None or (named and not _firms().found(above))
    return said and not any(word in above for word in name_words(case.sender.name))


_MY = re.compile(
    r"\b(?:my|our) (?:own |new |old |home |private |personal |mobile |direct |work )*(?:number|phone|mobile|line|landline|telephone|home)\b[^.?!]{0,30}$"
)
_MINE = re.compile(r"\bmy (?:[a-z]+ )?(?:number|one|phone|mobile|cell)(?: number)? is ?$")
"""Of a member of a parish council a number abroad is nobody's who could be meant by 'ring me'."""
_LABEL = re.compile(
    r"\b(?:tel|telephone|phone|mobile|home|contact(?: number)?|number|cell|landline)[ .]?(?:no\.?)? ?: *$"
)
_FORM = re.compile(
    r"\b(?:name|full name|complainant|resident|applicant|personal info|personal details|personal data|next of kin|emergency contact)s? ?:"
)


def _signed(case: Case, read: Prose, start: int) -> bool:
    """Whether a number stands below the sender's own name, in a letter whose signature was not known for one."""
    return bool(case.sender.name) and plain(case.sender.name) in read.plain[max(0, start - 160) : start]


def _published(case: Case) -> set[str]:
    """The numbers of the Council's people, and those of the sender's own signature."""
    said = [person.phone for person in case.policy.people]
    said += [case.text("signature")[a:b] for a, b, _ in phones(case.text("signature"))]
    return {"".join(c for c in one if c.isdigit()) for one in said}


@cache
def _birth() -> Pattern:
    words = alternatives(terms(_FILE, "birth"))
    return compiled(
        rf"(?:^|[^a-z])(?:{words}[^a-z\d]{{0,4}}(?:(?:is|was|on|of|in|being|the|given as|falls on) ){{0,2}}(?:[a-z]+, )?|b\.? )$"
    )


@cache
def _dead() -> Pattern:
    return pattern("{dead}", _FILE)


@cache
def _lives() -> Pattern:
    return pattern("{lives}", _FILE)


@cache
def _anybody() -> Pattern:
    """Somebody who is known by nothing but where they live."""
    return compiled(rf"\b(?:the|that|this|our) (?:[a-z-]+ ){{0,2}}{alternatives(terms('persons', 'holders'))}\b")


@cache
def _public() -> Pattern:
    return pattern("{public_places}(?:s|es)?", _FILE)


@cache
def _called() -> Pattern:
    return compiled(rf"\b{alternatives(terms(_FILE, 'calls'))}(?: [a-z']{{2,9}})?(?: at| on)?[^a-z\d]{{0,4}}$")


@cache
def _references() -> Pattern:
    return compiled(
        rf"\b{alternatives(terms(_FILE, 'references'))}[^a-z\d]{{0,3}}(?:no|nos|number|ref|id)?[^a-z\d]{{0,3}}(?:is|was)?[^a-z\d]{{0,4}}$"
    )


@cache
def _firms() -> Pattern:
    return pattern("{firms}(?:s|es)?", _FILE)


@cache
def _publishing() -> Pattern:
    return pattern("{publishing}", _FILE)


@cache
def _private() -> Pattern:
    return pattern("[a-z]*{private_words}", _FILE)
