"""A disclaimer is stated where personal views are expressed (I2), and none is passed off as the Council's (U9)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.analysers.assertion import among_ourselves, occurs, own_words, reported, supposed
from auditor.analysers.base import Case, found
from auditor.analysers.patterns import Match, pattern
from auditor.analysers.prose import Prose, Sentence, prose
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
_LETTER = 2500
"""A text of more letters is a report or a digest: what it mentions is no aside."""
_FEW = 4
"""Blanks in a sentence too short to say anything."""
_OFFICERS = (Role.CLERK, Role.DEPUTY_CLERK, Role.RFO)
_TOPIC = pattern("{topics}", _FILE)
_PERSON = pattern("{people} [a-z]+", _FILE)
_DAMNING = pattern("{damning}|{stances}|{avowed}", _FILE)
_STRONG = pattern("{be}(?: {degree}){0,4} (?:{strong}|{harsh})", _FILE)
_OPINION = pattern("{opinions}", _FILE)
_HARSH = pattern("{be}(?: {degree}){0,4} {harsh}", _FILE)
_LOADED = pattern("{loaded}|{harsh}", _FILE)
_WEIGHED = pattern("{weak}|{strong}", _FILE)
_CONDUCT = pattern("{conduct}|{strong}", _FILE)
_PERSONAL = pattern(
    "{personal}|(?:i|i'm|me|myself|speaking|writing|only|solely|simply|just|purely|merely|this)(?: [a-z]+){0,4} as an?"
    "(?: [a-z]+)? {capacities}|as an? {capacities} (?:i|and not|rather than|not)",
    _FILE,
)
_THANKS = pattern("{thanks}", _FILE)
_OTHERS = pattern("{others}(?: [a-z]+)? {saying}", _FILE)
_LEANS = pattern("{leaning_on}", _FILE)
_MYSELF = pattern("(?:i am|i'm|i was|i have been|i've been|call me) (?:such |rather |quite )?an?(?: [a-z]+)?", _FILE)
"""Ends where the writer's own faults are told."""

_DISPUTED = pattern("{contested}|{acts}", _FILE)
_CRY = pattern(
    "{outcry}|{heartfelt}|{idioms}|{framings}"
    "|{lacking}(?: [a-z]+)? {lacked}"
    "|(?:wants?|wanted|needs?|deserves?|could do with|ripe for)(?: [a-z]+)? {remedies}"
    "|(?:should|ought to|must|has to|have to|needs? to|wants? to|would) (?:[a-z]+ )?(?:be|have been|have)(?: [a-z]+){0,2} {fates}"
    "|(?:i'd|i would|i should|they should|they ought to|we should|we ought to|ought to|should) (?:[a-z]+ )?{policies}"
    "|{made} by(?: [a-z]+)? {makers}"
    "|{unknowing}"
    "|(?:is|are|was|were|be) (?:about )?(?:as [a-z]+ as|like) an? [a-z' ]{3,30} (?:on|in|at|without|with|up|over) an? [a-z]+"
    "|{superlatives}(?: [a-z]+){0,6} {reaches}"
    "|(?:will|would|shall|'ll|it'll|they'll|we'll|'d)(?: [a-z]+)? {doomed}",
    _FILE,
)
_RHETORIC = pattern("{rhetoric}", _FILE)
_BURNING = pattern("{burning}", _FILE)
_ERRAND = pattern("{errands}|[0-9]+[a-z]*", _FILE)

_HOLDS = pattern(
    "{council}(?: of the parish| as a body)?(?:,[^,.;:]{1,50},)?(?: {quite}){0,3},?(?: (?:which|who))?"
    " (?:{hold}|(?:is|are|was|were)(?: {degree}| {quite}){0,3} {mood}"
    "|(?:has|have) (?:always|long|never|consistently|repeatedly) {held}|holds [^.]{1,40} to be|finds [^.]{1,40} {harsh})"
    "|{council} (?:[a-z']+ ){1,5}(?:{idioms}|{heartfelt})|{council}'s(?: {quite}){0,2} {mood}",
    _FILE,
)
_WE = pattern(
    r"(?:we're|we are|this is|i'm|i am|here at|all of us at|us at) {council}\b.{1,40} we(?: {quite}){0,2} {hold}",
    _FILE,
)
_POSITION = pattern(
    "(?:{council}'s|council's|parish's)(?: [a-z]+){0,2} {positions}(?: [a-z]+){0,4} (?:is|has|remains|was|that)"
    "|(?:is|it's) (?:not )?(?:the )?(?:{council}|council|parish council)(?:'s)? (?:policy|view|opinion|position) that"
    "|{avowals}"
    "|(?:view|position|stance|belief|sense) of (?:the whole )?{council} (?:is|has|remains|that)"
    "|(?:the )?(?:council|parish|parish council) (?:view|line|verdict|opinion) (?:on|of|about) (?:[a-z0-9']+ ){1,5}is"
    "|(?:felt|thought|believed|deplored)(?: [a-z]+){0,3} by {council}"
    "|(?:{council}'s|council's|parish's)(?: [a-z]+)? {attitudes}"
    "|(?:feeling|verdict|mood|will|judgement|judgment|conviction|belief|opinion|disgust|fury) of {council}"
    "|(?:in|to) (?:{council}'s|council's|parish's)(?: [a-z]+)? (?:view|opinion|eyes|mind|book|judgement|judgment)"
    "|in the (?:eyes|view|opinion|judgement|judgment) of {council}"
    "|(?:put|count|add|include|enter|list|have|has|got|find|you'll have|number)(?: on)? {council}(?: [a-z']+){0,2} {enlisted}"
    "|(?:not one|not a soul|not a man|not a member|not a single one|nobody|no one|isn't a (?:soul|man|member|councillor)|isn't one|isn't anybody|isn't anyone|hardly a soul|not a councillor)(?: of us)? {within}"
    "|{leaning}(?: here| there)? (?:at|on|among|amongst|round|within) {council}"
    "|{council}'s (?:[a-z]+ )?{hearts}"
    "|an? (?:[a-z]+ )?council (?:that|which) {hold}",
    _FILE,
)
_VOICE = pattern("{voices}.*{voiced}|{voiced}.*{voices}", _FILE)
_ELSEWHERE = pattern("{elsewhere} {council}", _FILE)
_SETTLED = pattern("{settled}", _FILE)
_PENDING = pattern("{pending}", _FILE)
_PLACE = pattern("{whereabouts} (?:the|this|our) parish", _FILE)
_PLACED = 12
"""Letters before and after its beginning that show whether 'the parish' is a place."""
_BARE = re.compile(r"(^|[.!?] |  )council(?= (?:is|does|has|wants|thinks|believes|feels|will) )")
"""As a sentence begins in haste."""
_KIND = re.compile(r" (?:parish|town|community|city|village) council$")


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
    aside = len(read.plain) < _LETTER and occurs(read, _BURNING)
    judged = any(occurs(read, one) for one in (_HARSH, _PERSON, _TOPIC))
    hinted = judged and any(occurs(read, one) for one in (_DAMNING, _STRONG, _LOADED, _OPINION))
    for sentence in read.sentences if outright or hinted or aside else ():
        before = read.plain[max(sentence.start - _AWAY, 0) : sentence.start]
        if (
            (aside and _aside(sentence))
            or (outright and _cried(sentence, before))
            or (hinted and _view(sentence, before))
        ):
            yield sentence


def _aside(sentence: Sentence) -> bool:
    """Whether a sentence speaks of a burning question, and arranges or reports nothing."""
    said = sentence.plain
    if sentence.asks or said.count(" ") < _FEW or said[-1] not in ".!":
        return False
    return _BURNING.found(said) is not None and not _ERRAND.found(said) and not _THANKS.found(said)


def _cried(sentence: Sentence, before: str) -> bool:
    """Whether a sentence cries out on something disputed, which it or what stands shortly `before` it names."""
    said = sentence.plain
    cry = (_RHETORIC if sentence.asks else _CRY).found(said)
    if cry is None or _THANKS.found(said) or (not sentence.asks and _theirs(said, cry)):
        return False
    near = before if sentence.asks or _LEANS.found(said) else ""
    return _DISPUTED.found(said) is not None or _DISPUTED.found(near) is not None


def _view(sentence: Sentence, before: str) -> bool:
    """Whether a sentence judges a public matter, or a person's conduct, that it or what stands shortly `before` it speaks of."""
    said = sentence.plain
    if sentence.asks or _THANKS.found(said):
        return False
    opinion = _OPINION.found(said)
    judged: list[Match | None] = []
    if _TOPIC.found(said) or (_LEANS.found(said) and _TOPIC.found(before)):
        judged = [_DAMNING.found(said), _STRONG.found(said), _LOADED.found(said)]
        judged += [opinion] if _WEIGHED.found(said) else []
    elif _HARSH.found(said) or (_PERSON.found(said) and _CONDUCT.found(said)):
        judged = [opinion]
    return any(not _theirs(said, view) and not supposed(said[: view.start()]) for view in judged if view)


def _theirs(said: str, view: Match) -> bool:
    """Whether others are said to hold a view, or it is of the writer."""
    begun = said[: view.start()]
    if reported(begun) or _OTHERS.found(said[: view.end()]):
        return True
    return any(last >= len(begun) - 1 for _, last in _MYSELF.spans(begun))


def _as_council(case: Case, read: Prose) -> Iterator[Sentence]:
    """The sentences that say what the Council thinks."""
    plain = _named(case, read.plain)
    words = read.words if plain == read.plain else prose(plain).words
    shapes = [one for one in (_HOLDS, _WE, _POSITION, _VOICE) if one.possible(words) and one.found(plain)]
    before = ""
    for sentence in read.sentences if shapes else ():
        said = _named(case, sentence.plain)
        match = next(filter(None, (shape.found(said) for shape in shapes)), None)
        if match and not sentence.asks and not any(map(_SETTLED.found, (said, before))):
            begun = said[: match.start()].rpartition(": ")[2]
            if not any(
                (
                    supposed(begun),
                    reported(begun),
                    _OTHERS.found(begun),
                    _PENDING.found(begun),
                    _ELSEWHERE.found(said),
                    _placed(said, match),
                )
            ):
                yield sentence
        before = said


def _placed(said: str, match: Match) -> bool:
    """Whether what begins a match is the parish as a place."""
    return _PLACE.found(said[max(match.start() - _PLACED, 0) : match.start() + _PLACED]) is not None


def _named(case: Case, plain: str) -> str:
    """The words with the Council called the Council, and its place the parish."""
    name = case.policy.council.lower()
    place = _KIND.sub("", name)
    for own in (f"the parish council of {place}", f"the council of {place}", f"the {name}", name):
        plain = plain.replace(own, "the council")
    return _BARE.sub(r"\1the council", plain.replace(place, "the parish"))
