"""A disclaimer is stated where personal views are expressed (I2), and none is passed off as the Council's (U9)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.analysers.assertion import among_ourselves, occurs, own_words, reported, supposed
from auditor.analysers.base import Case, found
from auditor.analysers.patterns import pattern
from auditor.analysers.prose import Prose, Sentence
from auditor.findings import Finding, Rule, Severity, clip
from auditor.policy import Role

UNDISCLAIMED = Rule(
    "views-no-disclaimer",
    ("I2",),
    Severity.LOW,
    "Personal view without a disclaimer",
    "A personal view of a public matter, told to somebody outside without saying that it is personal.",
    ("own",),
)
AS_COUNCIL = Rule(
    "views-as-council",
    ("U9",),
    Severity.HIGH,
    "Personal view given as the Council's",
    "Somebody who is no officer says what the Council believes or wants, and cites no decision of the Council.",
    ("own",),
)

_FILE = "views"
_AWAY = 200
"""Letters over which a view may stand apart from what it is of."""
_OFFICERS = (Role.CLERK, Role.DEPUTY_CLERK, Role.RFO)
_TOPIC = pattern("{topics}", _FILE, "topics")
_PERSON = pattern("{people} [a-z]+", _FILE, "people")
_DAMNING = pattern("{damning}|{stances}|{avowed}", _FILE)
_STRONG = pattern("{be}(?: {degree}){0,4} (?:{strong}|{harsh})", _FILE, "strong harsh")
_OPINION = pattern("{opinions}", _FILE)
_HARSH = pattern("{be}(?: {degree}){0,4} {harsh}", _FILE, "harsh")
_LOADED = pattern("{loaded}|{harsh}", _FILE, "loaded harsh")
_WEIGHED = pattern("{weak}|{strong}", _FILE)
_CONDUCT = pattern("{conduct}|{strong}", _FILE)
_PERSONAL = pattern(
    "{personal}|(?:i|i'm|me|myself|speaking|writing|only|solely|simply|just|purely|merely|this)(?: [a-z]+){0,4} as an?"
    "(?: [a-z]+)? {capacities}|as an? {capacities} (?:i|and not|rather than|not)",
    _FILE,
)
_THANKS = pattern("{thanks}", _FILE)

_DISPUTED = pattern("{contested}", _FILE, "contested")
_CRY = pattern(
    "{outcry}|{heartfelt}|{idioms}|{framings}"
    "|{lacking}(?: [a-z]+)? {lacked}"
    "|(?:wants?|wanted|needs?|deserves?|could do with|ripe for)(?: [a-z]+)? {remedies}"
    "|(?:should|ought to|must|has to|have to|needs? to|wants? to|would) (?:[a-z]+ )?(?:be|have been|have)(?: [a-z]+){0,2} {fates}"
    "|(?:i'd|i would|i should|they should|they ought to|we should|we ought to|ought to|should) (?:[a-z]+ )?{policies}"
    "|{made} by(?: [a-z]+)? {makers}"
    "|{unknowing}"
    "|{superlatives}(?: [a-z]+){0,6} {reaches}"
    "|(?:will|would|shall|'ll|it'll|they'll|we'll|'d)(?: [a-z]+)? {doomed}",
    _FILE,
)
_RHETORIC = pattern("{rhetoric}", _FILE)

_HOLDS = pattern(
    "{council}(?: {quite}){0,3},? (?:{hold}|(?:is|are|was|were)(?: {degree}| {quite}){0,3} {mood}"
    "|(?:has|have) (?:always|long|never|consistently|repeatedly) {held})",
    _FILE,
    "council",
)
_POSITION = pattern(
    "(?:{council}'s|council's|parish's)(?: [a-z]+){0,2} {positions}(?: [a-z]+){0,4} (?:is|has|remains|was|that)"
    "|(?:is|it's) (?:the )?(?:{council}|council|parish council)(?:'s)? (?:policy|view|opinion|position) that"
    "|(?:quote|on record) {council} as|{avowals}"
    "|(?:view|opinion|position|stance|belief) of {council} (?:is|has|remains|that)",
    _FILE,
    "council avowals",
)
_VOICE = pattern("{voices}.*{voiced}|{voiced}.*{voices}", _FILE, "voices")
_ELSEWHERE = pattern("{elsewhere} {council}", _FILE)
_SETTLED = pattern("{settled}", _FILE)


class Views:
    """Looks for views, for whose they are said to be, and for who is told."""

    rules = (UNDISCLAIMED, AS_COUNCIL)

    def check(self, case: Case) -> Iterator[Finding]:
        """At most one finding a rule."""
        if among_ourselves(case):
            return
        read = own_words(case)
        text = read.text
        ours = next(_as_council(case, read), None) if case.sender.role not in _OFFICERS else None
        if ours is None and (mine := next(_undisclaimed(read), None)):
            said = text[mine.start : mine.end]
            reason = (
                f"This gives a personal view of a public matter and does not say that it is personal: '{clip(said)}'"
            )
            yield found(UNDISCLAIMED, "own", text, (mine.start, mine.end), reason)
        if ours:
            said = text[ours.start : ours.end]
            reason = f"This says what the Council thinks, and cites no decision of the Council's: '{clip(said)}'"
            yield found(AS_COUNCIL, "own", text, (ours.start, ours.end), reason)


def _undisclaimed(read: Prose) -> Iterator[Sentence]:
    """The sentences that give a view, in a message that nowhere says whose it is."""
    if _PERSONAL.found(read.plain):
        return
    outright = occurs(read, _DISPUTED) and (occurs(read, _CRY) or occurs(read, _RHETORIC))
    hinted = any(occurs(read, one) for one in (_DAMNING, _STRONG, _LOADED, _OPINION))
    for sentence in read.sentences if outright or hinted else ():
        before = read.plain[max(sentence.start - _AWAY, 0) : sentence.start]
        if (outright and _cried(sentence, before)) or (hinted and _view(sentence, before)):
            yield sentence


def _cried(sentence: Sentence, before: str) -> bool:
    """Whether a sentence cries out on something disputed, which it or what stands shortly `before` it names."""
    said = sentence.plain
    cry = (_RHETORIC if sentence.asks else _CRY).found(said)
    if cry is None or _THANKS.found(said) or reported(said[: cry.start()]):
        return False
    return _DISPUTED.found(said) is not None or _DISPUTED.found(before) is not None


def _view(sentence: Sentence, before: str) -> bool:
    """Whether a sentence judges a public matter, or a person's conduct, that it or what stands shortly `before` it speaks of."""
    said = sentence.plain
    if sentence.asks or _THANKS.found(said):
        return False
    opinion = _OPINION.found(said)
    judged: list[re.Match[str] | None] = []
    if _TOPIC.found(said) or _TOPIC.found(before):
        judged = [_DAMNING.found(said), _STRONG.found(said), _LOADED.found(said)]
        judged += [opinion] if _WEIGHED.found(said) else []
    elif _HARSH.found(said) or (_PERSON.found(said) and _CONDUCT.found(said)):
        judged = [opinion]
    views = (said[: view.start()] for view in judged if view)
    return any(not reported(begun) and not supposed(begun) for begun in views)


def _as_council(case: Case, read: Prose) -> Iterator[Sentence]:
    """The sentences that say what the Council thinks."""
    name = case.policy.council.lower()
    plain = read.plain.replace(name, "the council")
    shapes = [one for one in (_HOLDS, _POSITION, _VOICE) if one.possible(read.words) and one.found(plain)]
    before = ""
    for sentence in read.sentences if shapes else ():
        said = sentence.plain.replace(name, "the council")
        match = next(filter(None, (shape.found(said) for shape in shapes)), None)
        if match and not sentence.asks and not any(map(_SETTLED.found, (said, before))):
            begun = said[: match.start()]
            if not supposed(begun) and not reported(begun) and not _ELSEWHERE.found(said):
                yield sentence
        before = said
