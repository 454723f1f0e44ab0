"""Threat, contempt and advance known by their build: who, what is done or said of whom, and no one word that offends.

Each shape has slots, and each slot a table, so that words which were never seen together are met by their kinds.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from auditor.analysers.discrimination import CHARACTERISTICS
from auditor.analysers.exclusion import shown
from auditor.analysers.hostility import said
from auditor.analysers.likely import Rows
from auditor.analysers.patterns import Pattern, pattern
from auditor.analysers.profanity import Hit, struck
from auditor.analysers.prose import Prose, Sentence
from auditor.analysers.seen_through import Seen
from auditor.values import Value

_FILE = "aimed"


class _Shape(Value, frozen=True):
    """A way of offending."""

    kind: str
    key: str
    """Its rarest slot, without which no sentence is looked at."""
    source: str
    calm: str
    """What makes the same build innocent."""


_SHAPES = (
    # 'Whoever signed it will come to rue the day'
    _Shape("threat", "{rue}", "(?:{you_will} (?:[a-z]+ ){0,3}?{rue})", "{no_harm}"),
    # 'I would hate for your wife to hear of it'
    _Shape("threat", "{lament}", "{lament} (?:[a-z']+ ){0,5}?{yours} .*{befall}", "{no_harm}"),
    # 'You want to watch your step'
    _Shape("threat", "{guard}", "{caution} (?:[a-z]+ ){0,3}?{guard}", "{slips}"),
    # 'Don't expect a reference after what you told the auditor'
    _Shape("threat", "{grudge}", "{withheld} .*{favours}.* {grudge}|{grudge} .*{withheld} .*{favours}", "{lawful}"),
    # 'As you saw fit to complain, I have cut your hours'
    _Shape("threat", "{penalty}", "{because} .*{spoke_up}.* {penalty}|{penalty}.* {because} .*{spoke_up}", "{lawful}"),
    # 'He'll get his windows put through'
    _Shape("threat", "{broken}", "{menaced}.* {limbs} (?:[a-z]+ ){0,2}?{broken}", "{no_harm}"),
    # 'One day somebody is going to push her down the steps'
    _Shape("threat", "{attacks}", "{somebody} (?:[a-z]+ ){0,2}?{attacks} {them}", "{no_harm}"),
    _Shape("threat", "{topples} {them}", "{somebody} (?:[a-z]+ ){0,2}?{topples} {them} {down}", "{no_harm}"),
    # 'I'll make it my business to see you out of that job'
    _Shape("threat", "{ousted}", "{i_will} .*{them} (?:[a-z]+ ){0,2}?{ousted}", "{no_harm}"),
    # 'You won't get a moment's peace'
    _Shape("threat", "{unrest}", "{you_will} (?:[a-z]+ ){0,3}?{unrest}", "{no_harm}"),
    # 'If she talks, I shall talk about her husband'
    _Shape(
        "threat",
        "{secrets}",
        "(?:if|unless|until|or|either|next time) .*{i_will} (?:[a-z]+ ){0,3}?{tell} .*{secrets}",
        "{no_harm}",
    ),
    # 'I'll burn the hall down before I see you in it'
    _Shape("threat", "{razes}", "{i_will} (?:[a-z]+ ){0,2}?{razes} .*{sooner}", "{no_harm}"),
    _Shape("threat", "{portents}", "{portents}", "{no_harm}"),
    # 'He has the charm of a wet Sunday'
    _Shape(
        "harassment",
        "the {gifts} (?:and [a-z]+ )?of",
        "{holds} (?:all )?the {gifts} (?:and [a-z]+ )?of (?:an? |my |some )?[a-z]",
        "{saintly}",
    ),
    # 'I have known garden gnomes with more sense than this clerk'
    _Shape("harassment", "more {gifts}", "more {gifts} (?:[a-z']+ ){0,6}?than {whom}", "{saintly}"),
    # 'You have no shame and no friends'
    _Shape("harassment", "{none} {wanting}", "{having} {none} {wanting}", "{saintly}"),
    # 'A more spiteful man I have yet to meet'
    _Shape(
        "harassment",
        "{failings}",
        "{never_met} (?:[a-z]+ ){0,3}?(?:so|more|as|such an?) (?:[a-z]+ )?{failings}",
        "{of_things}",
    ),
    _Shape("harassment", "{failings}", "an? more {failings} (?:[a-z]+ ){0,2}?(?:i|we) {never}", "{of_things}"),
    # 'Are you always this slow, or is it a special effort?'
    _Shape(
        "harassment",
        "{failings}",
        "(?:are|is|were|was) {they} (?:really |always |born |being |just |actually |naturally |honestly |all ){0,3}(?:this |that |so )?{failings}.* (?:or|today|usually|normally|on purpose|deliberately)",
        "{of_things}",
    ),
    _Shape("harassment", "{jibes}", "{jibes}", "{of_things}"),
    # 'Everybody is sick of the sight of you'
    _Shape("harassment", "{loathes}", "{loathes} {whom}", "{of_things}"),
    # 'Will you shut your trap'
    _Shape("harassment", "{silence}", "{silence}", "{of_things}"),
    # 'Do the village a favour and move away'
    _Shape("harassment", "{favoured}", "{favoured}(?: and|,|:|;|-|\\.)? (?:[a-z]+ ){0,2}?{begone}", "{of_things}"),
    # 'The sort of man who would sell his grandmother'
    _Shape("harassment", "{breeds}", "{breeds} (?:[a-z]+ ){0,2}?{stoops}", "{of_things}"),
    # 'Push her a bit more and she will go'
    _Shape("harassment", "{gives_way}", "{goads} {them} .*{gives_way}", "{of_things}"),
    _Shape("harassment", "{gives_way}", "{how_long} .*{gives_way}", "{of_things}"),
    # 'No wonder your wife left'
    _Shape(
        "harassment",
        "{pitied}",
        "(?:no wonder|not surprised|no surprise|small wonder|can see why|i pity|i do pity|we pity) (?:that )?(?:your|his|her) (?:poor )?{pitied}",
        "{of_things}",
    ),
    # 'You are not a bright woman'
    _Shape(
        "harassment",
        "{not_a} (?:little |old )?{human}",
        "{a_person_is} {not_a} (?:little |old )?{human}",
        "{of_things}",
    ),
    _Shape("harassment", "{kept_as}", "{kept_as}", "{of_things}"),
    # 'Those legs on the new girl'
    _Shape(
        "indecent",
        "{parts} (?:[a-z]+ ){0,2}?on",
        "{parts} (?:[a-z]+ ){0,2}?on (?:her|him|you|that (?:girl|woman|one|lad|new|young|barmaid|lady)|the new|our new|the (?:girl|barmaid|lass|receptionist|young lady|waitress|nurse))",
        "{bodily}",
    ),
    _Shape(
        "indecent",
        "{parts} (?:[a-z]+ ){0,2}?{worth}",
        "{got} (?:an? )?(?:[a-z]+ ){0,2}?{parts} (?:[a-z]+ ){0,2}?{worth}",
        "{bodily}",
    ),
    # 'We could share a room, your husband need never know'
    _Shape("indecent", "{secretly}", "{proposal}.* {secretly}|{secretly}.* {proposal}", "{businesslike}"),
    # 'What I'd give for ten minutes alone with you'
    _Shape("indecent", "{alone}", "{would_give} .*{alone}", "{businesslike}"),
    _Shape("indecent", "{bawdy}", "{bawdy}", "{bodily}"),
    # 'Men have been put in hospital for less'
    _Shape("threat", "{for_less}", "{did_to}.* {for_less}", "{no_harm}"),
    # 'Print that and you're finished'
    _Shape("threat", "{or_else}", "{do_it} .*(?:and|or|or else|then) (?:[a-z']+ ){0,4}?{or_else}", "{no_harm}"),
    # 'Your lease is in my hands, so think again'
    _Shape("threat", "{hold_over}", "{hold_over}.* {made_hard}", "{lawful}"),
    # 'Somebody will get hurt over this, and it won't be me'
    _Shape("threat", "{hurt_over}", "{hurt_over}.* {not_me}", "{no_harm}"),
    # 'Your hens won't see the winter if that fence stays'
    _Shape(
        "threat",
        "{not_last}",
        "{whose} (?:[a-z'-]+ ){0,3}?{precious} (?:[a-z]+ ){0,2}?{not_last} .*{unless}",
        "{no_harm}",
    ),
    # 'I'm sure your wife would like to know'
    _Shape(
        "threat",
        "{tattled}",
        "{whose} {tattled}.* (?:if|unless|so|vote|until|think|drop|before)|(?:if|unless|kept|keep|until|or|still have) .*{whose} {tattled}",
        "{no_harm}",
    ),
    # 'We'll remember who signed it when the pitches are let'
    _Shape("threat", "{remember_who}", "{remember_who}.* {civic}.* (?:when|and|so|next|come)", "{no_harm}"),
    # 'I hope you have good locks'
    _Shape("threat", "{defences}", "{i_hope} .*{defences}", "{slips}"),
    # 'I'm bringing the rifle, and you'll get the other barrel'
    _Shape("threat", "{weapons}", "{weapons}.* {brings}|{brings} .*{weapons}", "{sport}"),
    # 'If they are not gone by Sunday there'll be a fire'
    _Shape("threat", "{mayhem}", "{ultimata} .*{mayhem}", "{no_harm}"),
    # 'Everyone knows you are past it'
    _Shape(
        "harassment",
        "{low}",
        "{crowd} (?:[a-z]+ ){0,2}?{thinks} (?:that )?{they}(?: {are_}|'re|'s) (?:[a-z]+ ){0,2}?{low}",
        "{of_things}",
    ),
    # 'It must be hard being so dim'
    _Shape("harassment", "{hard_being}", "{hard_being} (?:[a-z]+ ){0,4}?{being_so} {failings}", "{of_things}"),
    # 'About as bright as a coal cellar'
    _Shape(
        "harassment",
        "{about_as} {virtues}",
        "(?:{they}|clerk|chairman|treasurer|vicar|woman|man|(?:mrs?|ms|cllr|councillor) [a-z]+)(?: {are_}|'re|'s) {about_as} {virtues} as an?",
        "{of_things}",
    ),
    # 'It's like talking to a cabbage'
    _Shape("harassment", "{like_talking}", "{like_talking} .*{brutes}", "{of_things}"),
    _Shape("harassment", "{another}", "{another}", "{of_things}"),
    # 'Only an imbecile would have agreed to it'
    _Shape("harassment", "{fools}", "{only_an} (?:[a-z]+ )?{fools}", "{of_things}"),
    # 'Whenever she speaks, yawn'
    _Shape("harassment", "{mocking}", "{when_she} .*{mocking}|{mocking}.* {when_she}", "{of_things}"),
    # 'I keep thinking of you in the shower'
    _Shape("indecent", "{bare_place}", "{fancying} (?:[a-z]+ ){0,2}?{bare_place}", "{bodily}"),
    # 'That skirt has kept me awake'
    _Shape("indecent", "{disturbs}", "{garments}.* {disturbs}|{disturbs} .*{garments}", "{bodily}"),
    _Shape("indecent", "{hands}", "{laying} {hands}", "{bodily}"),
    # 'I bet she's wild once the lights are out'
    _Shape("indecent", "{wild}", "{bets} (?:[a-z']+ ){0,4}?{wild}", "{bodily}"),
    # 'Have you heard the one about the nun?'
    _Shape("indecent", "{jest}", "{jest} .*{bawdy_cast}", "{bodily}"),
    # 'If I see your van on my verge again I'll roll it'
    _Shape(
        "threat",
        "(?:if|when|next time|every time|should) (?:i|we) {catching}|{trespass}",
        "(?:if|when|next time|every time|should) (?:i|we) {catching} (?:[a-z]+ )?{met} .*{anew}.* {i_will}|(?:if|unless|next time|should) .*{trespass} .*{i_will}",
        "{no_harm}|{i_will} (?:[a-z]+ )?{duly}",
    ),
    # 'God help any of you that I find there'
    _Shape("threat", "{god_help} {the_one}", "{god_help} {the_one} .*{dares}", "{no_harm}"),
    # 'That sort only understand one language'
    _Shape(
        "threat",
        "(?:only|just) {heed} {force}|only (?:one )?(?:thing|language)",
        "(?:only|just) {heed} {force}|only (?:one )?(?:thing|language) (?:that )?(?:they|he|she|these [a-z]+|those [a-z]+|{them}) (?:ever )?{heed}",
        "{dumb}",
    ),
    # 'Get some of the lads and a crowbar and we'll clear them out'
    _Shape("threat", "{weapons}", "{musters} (?:[a-z]+ ){0,4}?{mates} .*{weapons}.* {clears}", "{sport}"),
    # 'Vote for it and the photographs go to your wife'
    _Shape(
        "threat",
        "{evidence}",
        "{or_then} .*{evidence} (?:will |shall |all )?{lands} (?:[a-z]+ )?{betrayed}",
        "{no_harm}",
    ),
    # 'I wonder what there is beneath that cardigan'
    _Shape(
        "indecent",
        "{what_under} {beneath}",
        "{what_under} {beneath} (?:all )?(?:that|those|your|her|the) (?:[a-z'-]+ ){0,2}?{primness}",
        "{bodily}",
    ),
)


def aiming(seen: Seen) -> Iterator[Hit]:
    """By shape, each in reading order; every shape asks for its own words, which few letters have."""
    if _keys().possible(seen.prose.words):
        for row in _rows().likely(seen.prose.words):
            yield from _aimed(seen.prose, _by_row()[row], row[1])


@cache
def _keys() -> Pattern:
    """Without the words of it nothing is aimed; too long to be tried."""
    return _made("|".join(dict.fromkeys(shape.key for shape in _SHAPES)))


@cache
def _rows() -> Rows:
    return Rows(_by_row())


@cache
def _by_row() -> dict[tuple[Pattern, ...], _Shape]:
    return {(_made(shape.key), _made(shape.source)): shape for shape in _SHAPES}


def _aimed(text: Prose, shape: _Shape, looked: Pattern) -> Iterator[Hit]:
    for sentence in struck(text, _made(shape.key)):
        match = looked.found(sentence.plain)
        if match is None or said(text, sentence, match.span()):
            continue
        if _made(shape.calm).found(sentence.plain) is not None:
            continue
        start, end = sentence.start + match.start(), sentence.start + match.end()
        yield Hit(shape.kind, start, end, text.text[start:end])
        kind = _of_kind(text, sentence) if shape.kind == "threat" else None
        if kind is not None:
            yield Hit(f"group:{kind}", start, end, CHARACTERISTICS[kind])


def _of_kind(text: Prose, sentence: Sentence) -> str | None:
    """The characteristic of those who are threatened, where they are named by it a little before."""
    i = text.sentences.index(sentence)
    around = text.plain[text.sentences[max(0, i - _BEFORE)].start : sentence.end]
    return next((kind for kind in _THREATENED if shown(kind).found(around) is not None), None)


_BEFORE = 2
_THREATENED = ("race", "religion", "orientation", "gender")


@cache
def _made(source: str) -> Pattern:
    return pattern(source, _FILE)
