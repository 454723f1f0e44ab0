"""No fraud, no software, film or music piracy (U2), and no way into what one has no leave to enter (U5)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain

from auditor.analysers.assertion import occurs, own_words, reported, together
from auditor.analysers.base import Case, found
from auditor.analysers.patterns import Match, Pattern, compiled, pattern
from auditor.analysers.prose import Prose, Sentence
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
        pattern(r"{backdate}\b.*\b{papers}|{papers}\b.*\b{backdate}", _FILE, "backdate"),
        pattern("{false}(?: [a-z]+)? {papers}", _FILE, "false"),
        pattern(r"{more}\b.*\b{undone}", _FILE, "more"),
        pattern(r"{secrecy}\b.*\b{hushed}|{hushed}\b.*\b{secrecy}", _FILE, "secrecy"),
        pattern(r"{splits}\b.*\b{limits}|{limits}\b.*\b{splits}", _FILE, "limits"),
        pattern("{off_books}|{sweeteners}|{dodges}", _FILE, "off_books sweeteners dodges"),
        pattern(r"{cash}\b.*\b{no_trace}", _FILE, "cash"),
        pattern(r"{bids}\b.*\b{undercut}|{undercut}\b.*\b{bids}", _FILE, "bids"),
    ),
    _COPIES: (
        pattern("{pirated}(?: [a-z-]+){0,4} {media}|{piracy}", _FILE, "pirated piracy"),
        pattern(r"{copied}\b.*\b{saving}|{free}\b.*\b{shows}|{shows}\b.*\b{free}", _FILE, "saving free"),
        pattern(r"{key}\b.*\b{spread}", _FILE, "key"),
    ),
    _ENTRY: (pattern(r"{guess}\b.*\b{secret}|{secret}\b.*\b{guess}", _FILE, "secret"),),
}
_BY_ITSELF: dict[str, tuple[Pattern, ...]] = {
    _MONEY: (
        pattern(
            "{word}(?: [a-z'\"-]+){1,6} (?:on|in) (?:the|your|his|her) {papers}[^.]{0,20}{instead}", _FILE, "instead"
        ),
        pattern(
            "{puts_down}(?: [a-z']+){0,4} (?:for|as|at|to) £?(?:[0-9]+|{sums})(?: [a-z]+){0,2}"
            ",? (?:not|instead of|rather than) £?(?:[0-9]+|{sums})",
            _FILE,
            "puts_down",
        ),
        pattern("{claims_it}[^.]* {though}", _FILE, "though"),
        pattern("{extra_time} (?:to|on|onto|in) {time_sheet}", _FILE, "extra_time"),
        pattern("{meddle}(?: [a-z']+){1,2} meter (?:about|back|backwards|round|down|with|so)", _FILE),
        pattern("date (?:the|your|that|this) {papers}(?: [a-z0-9]+){1,4} so", _FILE, "papers"),
        pattern("{book}(?: [a-z'-]+){0,4} (?:as|under|in with|it) {cover}", _FILE, "cover"),
        pattern("{concoct} (?:a|an|the|some|your|my|our|his|her|two|three)(?: [a-z-]+){0,2} {papers}", _FILE, "papers"),
        pattern(
            "{reward}(?: [a-z]+){0,3} (?:for you|in it for|your way|in your pocket|for your trouble)(?: [a-z]+)? if",
            _FILE,
            "reward",
        ),
        pattern(
            "{sign}(?: it| this| the form)?(?: (?:as|for|in))? (?:her|him|his|[a-z]+'s) (?:name|signature|initials)(?: (?:on|to|at|under|for|in)|[,;.:])",
            _FILE,
            "sign",
        ),
    ),
    _COPIES: (),
    _ENTRY: (
        pattern("{lift}(?: [a-z]+){0,5} (?:off|from) (?:{theirs}|[a-z]+'s) {locked}", _FILE, "locked"),
        pattern(
            "{enter} {theirs}(?: [a-z]+)? {locked}|{obtain} (?:{theirs}|[a-z]+'s)(?: [a-z]+)? {secret}|(?:log|logged|logging|sign|signed) (?:in|on) as (?:her|him|the [a-z]+)",
            _FILE,
            "enter obtain",
        ),
    ),
}
"""Schemes whose words are too common for `_HINT`."""
_GOES_UNSEEN = (
    "{unseen}(?:'s|'ll|'d)?(?: (?:will|would|ever|even|need|is|going|to|there|in|at|the|office|council)){0,4} {looks}"
    "|(?P<ours>(?:i|we|you|people|public)(?: should| would| will| shall| do)? )?{wont} (?:ever |even |bother to |going to )?{pries}"
    "|{quiet}"
)
_SIDES: dict[str, tuple[tuple[Pattern, ...], ...]] = {
    _MONEY: (
        (pattern(_GOES_UNSEEN, _FILE, "looks pries quiet"), pattern("{fiddled}", _FILE)),
        (pattern("{share_out}", _FILE, "share_out"), pattern("{billed}", _FILE)),
        (pattern("{put_that}", _FILE, "put_that"), pattern("{claimed}", _FILE), pattern("{truth}", _FILE)),
        (pattern("{forges}", _FILE, "forges"), pattern("{forged_what}", _FILE), pattern("{forged_why}", _FILE)),
        (pattern("{rivals}", _FILE, "rivals"), pattern("{leaks}", _FILE)),
        (pattern("{sham}", _FILE, "sham"), pattern("{prices}", _FILE)),
        (pattern("{cut_up}", _FILE, "cut_up"), pattern("{over_limit}", _FILE)),
        (pattern("{on_books}", _FILE, "on_books"), pattern("{absent}", _FILE)),
        (pattern("{shown_first}", _FILE, "shown_first"), pattern("{examined}", _FILE)),
        (pattern("{worded}", _FILE, "worded"), pattern("{not_covered}", _FILE)),
        (pattern("{wants_back}", _FILE, "wants_back"), pattern("{favour}", _FILE)),
        (pattern("{own_things}", _FILE, "own_things"), pattern("{parish_bill}", _FILE)),
        (pattern("{insured}", _FILE, "insured"), pattern("{tall_story}", _FILE, "tall_story")),
        (pattern("{sweet}", _FILE, "sweet"), pattern("{bent}|{favour}|{conditions}", _FILE)),
        (pattern("{leaves_out}", _FILE, "leaves_out"), pattern("{before_seen}", _FILE)),
        (pattern("{hands_out}", _FILE, "hands_out"), pattern("{councils_goods}", _FILE)),
        (pattern("{never_was}", _FILE, "never_was"), pattern("{done_for_tax}", _FILE)),
    ),
    _COPIES: (
        (pattern("{no_pay}", _FILE, "no_pay"), pattern("{copied_source}", _FILE), pattern("{copied_what}", _FILE)),
        (pattern("{bought_few}", _FILE, "bought_few"), pattern("{multiplied}", _FILE)),
    ),
    _ENTRY: (
        (
            pattern("{still_open}", _FILE, "still_open"),
            pattern("{going_in}", _FILE),
            pattern("{secret}|{locked}", _FILE),
        ),
    ),
}
"""Schemes of which a sentence says one side and the next ones the other, in any order."""
_HINT = pattern(
    "|".join(
        (
            _GOES_UNSEEN,
            *(
                f"{{{name}}}"
                for name in [
                    "share_out",
                    "wants_back",
                    "sweet",
                    "own_things",
                    "tall_story",
                    "leaves_out",
                    "put_that",
                    "forges",
                    "rivals",
                    "sham",
                    "cut_up",
                    "on_books",
                    "shown_first",
                    "worded",
                    "hands_out",
                    "never_was",
                    "no_pay",
                    "bought_few",
                    "still_open",
                    "backdate",
                    "false",
                    "more",
                    "secrecy",
                    "limits",
                    "off_books",
                    "sweeteners",
                    "dodges",
                    "no_trace",
                    "undercut",
                    "pirated",
                    "piracy",
                    "saving",
                    "free",
                    "spread",
                    "guess",
                ]
            ),
        )
    ),
    _FILE,
)
"""Some words of each scheme: looked for once, before each scheme by itself."""
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
        hinted = occurs(read, _HINT)
        for what, others in _BY_ITSELF.items():
            shapes = [one for one in (*(_SCHEMES[what] if hinted else ()), *others) if occurs(read, one)]
            hits = chain(_proposals(read, shapes), _sided(read, what) if hinted else ())
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
    for sides in _SIDES[what]:
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
        or reported(before)
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
