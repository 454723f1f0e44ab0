"""No fraud, no software, film or music piracy (U2), and no way into what one has no leave to enter (U5)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain

from auditor.analysers.assertion import own_words, reported, together
from auditor.analysers.base import Case, found
from auditor.analysers.likely import Rows
from auditor.analysers.patterns import Match, Pattern, compiled, pattern
from auditor.analysers.prose import Prose, Sentence
from auditor.analysers.vocabulary import terms
from auditor.findings import Finding, Rule, Severity, clip

FRAUD = Rule(
    "fraud-or-piracy",
    ("U2", "U5"),
    Severity.HIGH,
    "Fraud, piracy or unauthorised access",
    "An offer, a request or an arrangement for fraud, for copies that nobody has paid for, or for getting in where one "
    "has no leave to.",
    ("own",),
)


_FILE = "fraud"
_MONEY = "arranges false or hidden dealings with money or papers"
_COPIES = "offers or arranges copies that nobody has paid for"
_ENTRY = "arranges to get in where the sender has no leave to"
_SCHEMES = {
    _MONEY: (
        pattern(r"{backdate}\b.*\b{papers}|{papers}\b.*\b{backdate}", _FILE),
        pattern(r"{secrecy}\b.*\b{hushed}|{bids}\b.*\b{undercut}|{undercut}\b.*\b{bids}", _FILE),
        pattern("{false}(?: [a-z]+)? {papers}", _FILE),
        pattern(r"{more}\b.*\b{undone}", _FILE),
        pattern("{off_books}|{sweeteners}|{dodges}", _FILE),
    ),
    _COPIES: (pattern("{pirated}(?: [a-z-]+){0,4} {media}|{piracy}", _FILE),),
    _ENTRY: (),
}
_BY_ITSELF: dict[str, tuple[Pattern, ...]] = {
    _MONEY: (
        pattern(r"{word}(?: [a-z'\"-]+){1,6} (?:on|in) (?:the|your|his|her) {papers}[^.]{0,20}\b{instead}", _FILE),
        pattern(
            "{puts_down}(?: [a-z']+){0,4} (?:for|as|at|to) £?(?:[0-9]+|{sums})(?: [a-z]+){0,2}"
            ",? (?:not|instead of|rather than) £?(?:[0-9]+|{sums})",
            _FILE,
        ),
        pattern(
            "{put_on}(?: [a-z']+){0,2} {other_day} {the_date}(?: [a-z]+)? (?:on|at|to)(?: [a-z']+){0,3} {dated}", _FILE
        ),
        pattern("{made_up}(?: [a-z]+){0,3} {quoted}(?: [a-z]+){0,2} (?:myself|yourself|ourselves)", _FILE),
        pattern("{papers} as (?:if|though) (?:it|the|we|you|they|he|she|i)", _FILE),
        pattern(
            "(?:put|call|book|enter|claim|charge|log|pass)(?: [a-z]+){0,2} {treats}(?: [a-z]+){0,4} (?:as|under|to|off as)(?: [a-z]+)? {official}",
            _FILE,
        ),
        pattern(
            "{payers}(?: [a-z]+)? need(?:n't| not| only| never)(?: [a-z]+)? (?:hear|know|see|be told|learn)", _FILE
        ),
        pattern(
            "(?:if|should) [^.,]{0,30} {asks},? (?:we|you|it|she|he|they|i)(?: [a-z]+)? (?:bought|paid|own|owned|were|was|never|had|lives?|came|went|did)",
            _FILE,
        ),
        pattern(
            r"(?:borrow|use|lend)(?: [a-z']+){0,2} {borrowed}\b[^.]*(?:look|check|notice|compare|ask|know|mind)", _FILE
        ),
        pattern(
            "for (?:an? |another )?(?:£[0-9]+|{sums})(?: [a-z]+){0,4},? (?:i|we)(?:'ll|'d| can| could| will| would| might| shall)(?: [a-z]+)? {fixes}",
            _FILE,
        ),
        pattern(
            "sign(?:ed|s)?(?: [a-z]+){0,3} (?:for|as) (?:both|the (?:other|second|third|first)|him|her|them|all)(?: [a-z]+){0,2}"
            " {oneself}",
            _FILE,
        ),
        pattern("{meddle}(?: [a-z']+){1,2} meter (?:about|back|backwards|round|down|with|so)", _FILE),
        pattern("{book}(?: [a-z'-]+){0,4} (?:as|under|in with|it) {cover}", _FILE),
        pattern("{concoct} (?:a|an|the|some|your|my|our|his|her|two|three)(?: [a-z-]+){0,2} {papers}", _FILE),
        pattern(
            "{reward}(?: [a-z]+){0,3} (?:for you|in it for|your way|in your pocket|for your trouble)(?: [a-z]+)? if",
            _FILE,
        ),
        pattern(
            "{sign}(?: it| this| the form)?(?: (?:as|for|in))? (?:her|him|his|[a-z]+'s) (?:name|signature|initials)(?: (?:on|to|at|under|for|in)|[,;.:])",
            _FILE,
        ),
    ),
    _COPIES: (),
    _ENTRY: (
        pattern("{lift}(?: [a-z]+){0,5} (?:off|from) (?:{theirs}|[a-z]+'s) {locked}", _FILE),
        pattern(
            "{obtain} (?:{theirs}|[a-z]+'s)(?: [a-z]+)? {secret}|(?:log|logged|logging|sign|signed) (?:in|on) as (?:her|him|the [a-z]+)",
            _FILE,
        ),
        pattern("(?:got|get|gets|getting|way|ways|gone|go) (?:round|around|past) the {barrier}", _FILE),
    ),
}
_GOES_UNSEEN = (
    "{unseen}(?:'s|'ll|'d)?(?: (?:will|would|ever|even|need|is|going|to|there|in|at|the|office|council)){0,4} {looks}"
    "|(?P<ours>(?:i|we|you|people|public)(?: should| would| will| shall| do)? )?{wont} (?:ever |even |bother to |going to )?{pries}"
    "|{quiet}"
)


def _apart(rows: str) -> Iterator[tuple[Pattern, ...]]:
    for row in sorted(terms(_FILE, rows)):
        yield tuple(pattern(f"{{{side}}}", _FILE) for side in row.split())


_APART: dict[str, tuple[tuple[Pattern, ...], ...]] = {
    _MONEY: (
        *_apart("money_apart"),
        (pattern(_GOES_UNSEEN, _FILE), pattern("{fiddled}", _FILE)),
        (pattern("{cut_up}|{cuts}(?: [a-z]+){0,3} (?:in|into) {pieces}", _FILE), pattern("{over_limit}", _FILE)),
        (pattern("{sweet}", _FILE), pattern("{bent}", _FILE)),
        (
            pattern(
                "{dates_as}(?: [a-z']+){0,3} {months}(?: [a-z]+)?,? (?:and not|rather than|instead of)(?: of| for| in)? {months}",
                _FILE,
            ),
            pattern("{would_pay}", _FILE),
        ),
        (pattern("{gain}", _FILE), pattern("as (?:an? )?{status}", _FILE)),
    ),
    _COPIES: (*_apart("copies_apart"),),
    _ENTRY: (
        *_apart("entry_apart"),
        (
            pattern("{still_open}", _FILE),
            pattern("{going_in}", _FILE),
        ),
    ),
}
"""Schemes of which a sentence says one side and the next ones the other, in any order."""
_SIDES = {what: Rows(rows) for what, rows in _APART.items()}
_ALONE = {what: Rows((one,) for one in (*shapes, *_BY_ITSELF[what])) for what, shapes in _SCHEMES.items()}
_AROUND = 2
"""Sentences before and after one that may hold the other side."""
_WARNING = pattern("{warnings}", _FILE)
_REFUSAL = pattern("{refusals}(?: [a-z'-]+){0,6}", _FILE)
_NAMED = compiled(r"[a-zA-Z] [A-Z][a-z]+ $")
_OTHERS = pattern("{others}(?: [a-z']+){0,3}", _FILE)


class Fraud:
    """Looks at what the sender proposes, asks for or owns up to."""

    rules = (FRAUD,)

    def check(self, case: Case) -> Iterator[Finding]:
        """The first sentence of each way of wrongdoing, in reading order."""
        read = own_words(case)
        for what, schemes in _ALONE.items():
            shapes = [one for (one,) in schemes.likely(read.words) if one.found(read.plain)]
            hits = chain(_proposals(read, shapes), _sided(read, what))
            if hit := next(hits, None):
                reason = f"This {what}: '{clip(read.text[slice(*hit)])}'"
                yield found(FRAUD, "own", read.text, hit, reason)


def _proposals(read: Prose, shapes: list[Pattern]) -> Iterator[tuple[int, int]]:
    """Where a scheme is proposed that begins in a sentence, to where it ends there or in the next."""
    for at, sentence in enumerate(read.sentences if shapes else ()):
        both = read.plain[sentence.start : read.sentences[min(at + 1, len(read.sentences) - 1)].end]
        for match in filter(None, (one.found(both) for one in shapes)):
            before = both[: match.start()]
            end = max(len(sentence.plain), match.end())
            inside = len(before) < len(sentence.plain)
            if inside and not (
                _WARNING.found(both[:end]) or _just(_REFUSAL, before) or _another(before, read.text[sentence.start :])
            ):
                yield sentence.start, sentence.start + end


def _sided(read: Prose, what: str) -> Iterator[tuple[int, int]]:
    """Where all sides of a scheme are said within a few sentences, and the writer stands by each."""
    for sides in _SIDES[what].likely(read.words):
        for one in together(read, sides, _AROUND, partial(_stands, read)):
            yield one.start, one.end


def _stands(read: Prose, sentence: Sentence, side: Pattern) -> bool:
    """Whether a sentence says a side of a scheme, neither refused nor told of somebody else nor as a warning."""
    match = side.found(sentence.plain)
    if match is None or _WARNING.found(sentence.plain):
        return False
    before = sentence.plain[: match.start()]
    return not (
        ("ours" in side.groups and match["ours"])
        or _just(_REFUSAL, before)
        or reported(before.replace("claim", ""))
        or read.reports(*_place(sentence, match))
    )


def _place(sentence: Sentence, match: Match) -> tuple[int, int]:
    return sentence.start + match.start(), sentence.start + match.end()


def _another(before: str, written: str) -> bool:
    """Whether what follows is said of somebody else, whose name may stand last of the words before it."""
    named = _NAMED.found(written[: len(before)]) is not None
    return named or reported(before) or _just(_OTHERS, before)


def _just(words: Pattern, before: str) -> bool:
    """Whether a pattern reaches to the end of what stands before."""
    return any(last >= len(before) - 1 for _, last in words.spans(before))
