"""No chain letters, solicitations or advertisements unrelated to Council business (U8)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from auditor.analysers.assertion import denied, occurs, own_words, together
from auditor.analysers.base import Case, found
from auditor.analysers.likely import Rows
from auditor.analysers.patterns import Pattern, pattern
from auditor.analysers.prose import Prose, Sentence, prose
from auditor.findings import Finding, Rule, Severity, clip

SOLICITATION = Rule(
    "chain-or-solicitation",
    ("U8",),
    Severity.LOW,
    "Chain letter, advertisement or appeal",
    "A chain letter, an advertisement or an appeal for money that has nothing to do with the Council.",
    ("own", "forwarded"),
)


class _Sort(NamedTuple):
    """A sort of solicitation: what it is called in the reason, and what shows it."""

    what: str
    shown: Pattern
    hint: Pattern
    """What it cannot be without, and is soon looked for."""


def _sort(what: str, source: str, hint: str = "") -> _Sort:
    return _Sort(what, pattern(source, "solicitation"), pattern(hint or source, "solicitation"))


_CHAIN = "a chain letter"
_ADVERTISES = "an advertisement"
_APPEALS = "an appeal for money"
_SENT_ON = (
    _sort(_CHAIN, "{send_on}(?: [a-z]+){0,5} {many}|{chain}"),
    _sort(_ADVERTISES, "{schemes}"),
    _sort(_APPEALS, r"{appeals}\b.*\b{asking}|{asking}\b.*\b{appeals}"),
)
_SAID = (
    *_SENT_ON,
    _sort(
        _ADVERTISES,
        r"{whose}(?: [a-z'-]+){0,6} {trade}\b.*(?:\b{offers}|£[0-9]+)|{offers}\b.*\b{whose}(?: [a-z'-]+){0,6} {trade}",
        hint="{trade}",
    ),
    _sort(_ADVERTISES, "{selling}"),
)


def _sides(what: str, *sides: str) -> tuple[str, tuple[Pattern, ...]]:
    return what, tuple(pattern(source, "solicitation") for source in sides)


_CHAINED = _sides(
    _CHAIN,
    "{hand_on}(?: [a-z]+){0,5} (?:{sums}|[0-9]+|every|each|all|as many)(?: [a-z]+){0,2} {hands}",
    "{omens}",
)
_TOUTED = (
    _sides(
        _ADVERTISES,
        "{goods}|{relatives}(?: [a-z'-]+){0,7} {tradesmen}",
        "{kin_or_own}",
        "{price}|[a-z]+[,:;]? £[0-9]+|(?:pounds?|quid|hundred|fiver|tenner) (?:a|an|the|each|per|apiece)|{sums} (?:pounds|hundred|each|apiece)",
    ),
    _sides(_ADVERTISES, "{rewarded}", "{tempts}|[a-z]+[,:;]? £[0-9]+"),
    _sides(_ADVERTISES, "{sellers}(?:'s)?(?: [a-z']+){0,4} {sells}", "{deal}|[a-z]+[,:;]? £[0-9]+"),
    _sides(_ADVERTISES, "{spare}", "{deal}|[a-z]+[,:;]? £[0-9]+"),
    _sides(
        _ADVERTISES,
        "{publicise}",
        r"{dwellings}\b[^.]* £?[0-9]+(?: pounds)? (?:a|per) {spell}",
    ),
    _sides(_ADVERTISES, "{party}", "{to_buy}"),
    _sides(_APPEALS, "{feats}", "{dig_deep}"),
    _sides(_APPEALS, "{causes}", "{begs}", "{gives}|[a-z]+[,:;]? £[0-9]+"),
)
_CRIED = _sides(_ADVERTISES, "{hard_sell}", "{sold_at}|[a-z]+[,:;]? £[0-9]+")
_WHAT = {sides: what for what, sides in (_CHAINED, *_TOUTED, _CRIED)}
_OWN, _PASSED, _CRIES = (
    Rows(sides for _, sides in (_CHAINED, *_TOUTED)),
    Rows([_CHAINED[1]]),
    Rows([_CRIED[1]]),
)
_AROUND = 1
"""Sentences before and after one that may hold the rest of it."""
_OFFICE = pattern("{own_use}", "solicitation")
_COUNCILS = pattern("{councils}", "solicitation")


class Solicitation:
    """Reads two sentences at a time: what is offered often stands in the one and the price in the next."""

    rules = (SOLICITATION,)

    def check(self, case: Case) -> Iterator[Finding]:
        """At most one finding a part."""
        own = own_words(case)
        for part, sorts, read in (
            ("own", _SAID, own),
            ("forwarded", _SENT_ON, prose(case.parts.forwarded.text)),
        ):
            text = read.text
            possible = [one for one in sorts if occurs(read, one.hint)]
            touts = [_touts(read, _OWN if part == "own" else _PASSED)]
            if occurs(read, _CRIED[1][0]) and not (occurs(own, _OFFICE) or occurs(own, _COUNCILS)):
                touts.append(_touts(read, _CRIES))
            if hit := next(chain(_solicits(read, possible), *touts), None):
                what, start, end = hit
                said = text[start:end]
                reason = f"This is {what} that is no business of the Council's: '{clip(said)}'"
                yield found(SOLICITATION, part, text, (start, end), reason)


def _solicits(read: Prose, sorts: list[_Sort]) -> Iterator[tuple[str, int, int]]:
    """The sentences that solicit, with the next where it needs that."""
    for at, sentence in enumerate(read.sentences if sorts else ()):
        both = read.plain[sentence.start : read.sentences[min(at + 1, len(read.sentences) - 1)].end]
        for sort in sorts:
            match = sort.shown.found(both)
            if match and match.start() < len(sentence.plain) and not _COUNCILS.found(both):
                yield sort.what, sentence.start, max(sentence.end, sentence.start + match.end())


def _touts(read: Prose, sorts: Rows) -> Iterator[tuple[str, int, int]]:
    """The sentences that say one part of it, with the rest of it around them."""
    for sides in sorts.likely(read.words):
        for one in together(read, sides, _AROUND, _says):
            yield _WHAT[sides], one.start, one.end


def _says(sentence: Sentence, side: Pattern) -> bool:
    """Whether a sentence says a part of it, and nothing of the Council's own affairs."""
    match = side.found(sentence.plain)
    return match is not None and not _OFFICE.found(sentence.plain) and not denied(sentence.plain[: match.start()])
