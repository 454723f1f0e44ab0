"""What is meant and not said: the veiled threat, the advance and the jeer, each known by two things said together.

'Your hours come up in March. People who complain tend to find there are none': neither half is a threat by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from auditor.analysers.discrimination import CHARACTERISTICS
from auditor.analysers.hostility import said
from auditor.analysers.patterns import Pattern, pattern
from auditor.analysers.profanity import Hit, struck
from auditor.analysers.prose import Prose
from auditor.analysers.seen_through import Seen
from auditor.values import Value

_FILE = "insinuation"


class _Pair(Value, frozen=True):
    """Two things that offend when they stand within a few sentences of one another."""

    kind: str
    turn: str
    """The rarer half: what turns the other into an offence."""
    about: str
    calm: str
    """What makes both innocent."""
    before: int
    behind: int
    """Sentences that are looked at around the turn."""
    besides: str = ""
    """What must stand there too, where two are not enough."""


_PAIRS = (
    _Pair("threat", "{hints}", "(?:your|his|her|their) (?:[a-z'-]+ ){0,2}?{losses}|{power}", "reassured", 2, 1),
    _Pair("threat", "{ominous}", "{theirs} (?:[a-z'-]+ ){0,3}?{dear_to}", "reassured", 4, 3, "{at_issue}"),
    _Pair("threat", "{injuries}|{forfeits}", "{provocations}", "settled", 0, 0),
    _Pair("indecent", "{desires}", "{undressed}", "decent", 1, 1),
    _Pair("indecent", "{lures}", "{favours}", "businesslike", 1, 1),
    _Pair("indecent", "{winks}", "{doubles}", "solemn", 0, 0),
    _Pair("indecent", "{one_bed}", "{no_nightclothes}", "businesslike", 0, 3),
    _Pair("indecent", "{take_it_so}", "{roused}", "solemn", 1, 1, "{garments}"),
    # 'They breed like rats; send the lot of them back'
    _Pair("group:race", "{teems}", "{newcomers}", "wildlife", 2, 2),
    # 'Why do women have small feet? To stand nearer the sink'
    _Pair("group:sex", "{riddles} (?:an? |the |so many |all |most )?{butts}", "{gags}", "earnest", 0, 2),
    _Pair("harassment", "{mirth}|{shunned}", "{wits}|{belittled}|{dismissed}", "merry", 2, 2),
    _Pair("harassment", "{belittling}", "{jeered}", "kindly", 0, 0),
)


def insinuating(seen: Seen) -> Iterator[Hit]:
    """At most one for each sentence and pair, in the order of the pairs."""
    for pair in _PAIRS:
        yield from _found(seen.prose, pair)


@cache
def turns() -> Pattern:
    """Without it nothing is insinuated."""
    return _made("|".join(pair.turn for pair in _PAIRS))


def _found(text: Prose, pair: _Pair) -> Iterator[Hit]:
    sentences = text.sentences
    for sentence in struck(text, _made(pair.turn)):
        at = sentences.index(sentence)
        first, last = sentences[max(0, at - pair.before)], sentences[min(len(sentences) - 1, at + pair.behind)]
        around = text.plain[first.start : last.end]
        turn = next(_made(pair.turn).spans(sentence.plain), None)
        if turn is None or said(text, sentence, turn):
            continue
        if _made(f"{{{pair.calm}}}").found(around) is not None:
            continue
        if pair.besides and _made(pair.besides).found(around) is None:
            continue
        begin = sentence.start - first.start + turn[0]
        end = begin + turn[1] - turn[0]
        if any(stop <= begin or start >= end for start, stop in _made(pair.about).spans(around)):
            words = text.text[sentence.start + turn[0] : sentence.start + turn[1]]
            detail = CHARACTERISTICS.get(pair.kind.removeprefix("group:"), words)
            yield Hit(pair.kind, sentence.start, sentence.end, detail)


@cache
def _made(source: str) -> Pattern:
    return pattern(source, _FILE)
