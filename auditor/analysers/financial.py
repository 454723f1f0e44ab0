"""Money matters of somebody that are not for outsiders (E5, M2): bank details, payment cards, what a named person is paid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

from auditor.analysers.base import Case, found
from auditor.analysers.confiding import CLAUSES, around, enclosed, leaves, merged, readable
from auditor.analysers.identifiers import BANKING, numbers
from auditor.analysers.patterns import Pattern, alternatives, compiled, pattern
from auditor.analysers.persons import Mention, known, mentions
from auditor.analysers.prose import Sentence, prose
from auditor.analysers.vocabulary import terms
from auditor.findings import Finding, Rule, Severity

FINANCIAL = Rule(
    "confidential-financial",
    CLAUSES,
    Severity.HIGH,
    "Bank details or pay sent outside",
    "A bank account with its sort code, an IBAN, a payment card or the pay of a named person, sent to anybody outside the Council.",
    ("own", "attachment", "forwarded"),
)

_FILE = "financial"
_NUMBER = "A {sort} went outside the Council: check that the person agreed to it and that it went to the right place."
_PAY = "What {who} is paid was told outside the Council: pay of a named person is personal data."
_REACH = 70
_BEHIND = 24
"""Characters before and behind a sum in which the person may stand."""
_SUM = compiled(r"£|\d ?(?:[kK]|pounds|GBP|gbp)\b|\b(?:grand|quid|thousand)\b")
_LEAST = 8
"""Pounds; nobody's hour is worth less, and children's pocket money is."""


def financial(case: Case) -> Iterator[Finding]:
    """One finding a sentence."""
    if not leaves(case):
        return
    for part, text in readable(case):
        yield from sorted((*_banking(part, text), *_pay(case, part, text)), key=lambda one: one.start)

    for part, text in enclosed(case):
        money = chain(() if _bill().found(text[:_HEAD].lower()) else _banking(part, text), _pay(case, part, text))
        if first := next(money, None):
            yield first


_HEAD = 800
"""Characters in which a paper says that it is a bill: whose account stands on one has put it there."""


@cache
def _bill() -> Pattern:
    return pattern("{bills}", _FILE)


def _banking(part: str, text: str) -> Iterator[Finding]:
    held = [one for one in numbers(text) if one.sort in BANKING]
    for span in merged([around(text, one.start, one.end) for one in held]):
        sort = next(one.sort for one in held if span[0] <= one.start < span[1])
        yield found(FINANCIAL, part, text, span, _NUMBER.format(sort=sort))


def _pay(case: Case, part: str, text: str) -> Iterator[Finding]:
    some = _SUM.found(text) is not None
    people = mentions(text, known(case)) if some else ()
    told = -1
    for sentence, start, end in _sums(text) if some else ():
        who = None if sentence.start == told else _paid(sentence, start, end, people)
        if who and (_NAME.match(text, who.start) or not _grades().found(sentence.plain)):
            told = sentence.start
            name = " ".join(text[who.start : who.end].split())
            yield found(FINANCIAL, part, text, (sentence.start, sentence.end), _PAY.format(who=name))


def _sums(text: str) -> Iterator[tuple[Sentence, int, int]]:
    """The sums that can be somebody's pay, sentence by sentence."""
    for sentence in prose(text).sentences:
        if _SUM.found(text[sentence.start : sentence.end]) and not _owing().found(sentence.plain):
            for start, end in _amounts().spans(sentence.plain):
                if float(_NO_FIGURE.sub("", sentence.plain[start:end]).rstrip(".") or _LEAST) >= _LEAST:
                    yield sentence, sentence.start + start, sentence.start + end


_NAME = re.compile(r"(?!The |Our |That |This |His |Her |He |She )[A-Z]")
_NO_FIGURE = re.compile(r"[^\d.]")


def _paid(sentence: Sentence, start: int, end: int, people: tuple[Mention, ...]) -> Mention | None:
    """Who is said to be paid a sum: the last person before it of whom that is said."""
    rest = sentence.plain[end - sentence.start :]
    often = _by_time().found(rest) is not None
    for one in people:
        if 0 <= one.start - end <= _BEHIND and _FOR.found(
            sentence.plain[end - sentence.start : one.start - sentence.start]
        ):
            return one
    for one in reversed(people):
        if not sentence.start <= one.start < start or start - one.end > _REACH:
            continue
        said, between = (
            sentence.plain[: one.start - sentence.start],
            sentence.plain[one.start - sentence.start : end - sentence.start],
        )
        if (
            _GROSS.found(between)
            or _rate().found(between)
            or (_PAYING.found(said) and (often or _THOUSANDS.found(between)))
            or _RATED.found(said)
        ):
            return one
        if often and _BESIDE.found(sentence.plain[one.end - sentence.start : start - sentence.start]) is not None:
            return one
        if _HOURS.found(between) and _earning().found(between):
            return one
        if _earning().found(between) and (often or (_ON.found(between) and _THOUSANDS.found(between))):
            return one
    return None


_BESIDE = compiled(r"^ *[:,(-]? *$")
_HOURS = compiled(r"\b(?:hours?|hrs)\b[^.]{0,16}(?:at|@|x) ?(?:£ ?)?[\d.]+$")
_FOR = compiled(r"^ ?(?:an hour|per hour|a week|a month|a year|p\.?a\.?|x \d+(?: hours)?|for \d+ hours) for $")
_GROSS = compiled(r"\b(?:gross|nett?|take-home|salary)(?: is| of|:)? £?[\d,.]+k?$")
_PAYING = compiled(r"\b(?:pay|paying|pays|paid|give|giving|gives|gave|offered|offering) (?:our |poor |old |dear )?$")
_RATED = compiled(
    r"\b(?:salary|salaries|wages?|pay|take-home|take home|payslip|overtime|honorarium|redundancy|gross|net|hourly rate|pension|bonus|pay-?off|severance|pay rise)(?: (?:of|for)|:| -) (?:our )?$"
)
_ON = compiled(
    r"\b(?:is|was|'s|be|been|now|currently|still|him|her|goes|up|down|moved|moves) (?:now |only |being |currently |still |up |down )*(?:on|paid|getting|earning|to|at)\b|\b(?:earns|earned|gets|earning|rise to|raise to|increase to|draws|drawing|takes home|makes|trousers|pockets|clears|cleared|pulls in|brings home|brought home)\b"
)
_THOUSANDS = compiled(r"\d,\d{3}|(?:\d ?k|grand|thousand(?: [a-z]+){0,2})$")


@cache
def _rate() -> Pattern:
    """'Her hourly rate went to', 'Simon's salary is'."""
    return pattern(r"(?:[a-z]+'s|[a-z]+s'|her|his) (?:[a-z-]+ ){0,3}{pay} .{0,50}", _FILE)


@cache
def _amounts() -> Pattern:
    figure = alternatives(terms(_FILE, "figures"))
    return compiled(
        r"£ ?\d+(?:,\d{3})*(?:\.\d\d?)?(?: ?(?:k|grand)\b)?|\b\d+(?:,\d{3})*(?:\.\d\d)? ?(?:k|grand|pounds|quid|gbp|thousand)\b"
        rf"|\b{figure}(?:[ -](?:and|a half|{figure})){{0,3}} (?:k|grand|thousand|quid)(?: {figure}(?: hundred)?)?\b"
    )


@cache
def _earning() -> Pattern:
    return pattern("{earns}", _FILE)


@cache
def _by_time() -> Pattern:
    return compiled(rf"^[ ,(]{{0,2}}(?:a |an )?{alternatives(terms(_FILE, 'per'))}(?:$|[^a-z])")


@cache
def _grades() -> Pattern:
    return pattern("{grades}", _FILE)


@cache
def _owing() -> Pattern:
    return pattern("{owing}", _FILE)
