"""Insult, humiliation and bullying of a person or body (harassment), and threats of harm or reprisal."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from auditor.analysers.patterns import Pattern, compiled, pattern
from auditor.analysers.profanity import Hit, anothers, sentence_of, struck
from auditor.analysers.prose import Prose, Sentence
from auditor.analysers.seen_through import Seen

_FILE = "hostility"
_WHO = "(?:{people} {being}|(?:you|they)'re|(?:you|they)'ve (?:always |never been anything but |only ever )?been|(?:he|she)'s)"
_GAP = "(?:(?:{fillers}|{rude_qualities}),? ){0,7}?"
_QUALITIES = "(?:{rude_qualities},? (?:and )?(?:little |old |small |fat |bunch of |set of |lot of |pack of )?){1,3}"

_INSULTS = (
    # 'You are a waste of space', 'The clerk is useless'
    f"{_WHO} {_GAP}{{insults}}",
    # 'The planning officer is a jumped-up nobody', 'You are a small, sad man'
    f"(?:is|are|was|were|'s|'re) (?:just |nothing but |such )?(?:an? |the )?(?:small,? )?{_QUALITIES}(?:{{plain_insults}}|{{neutral_nouns}})",
    "(?:is|are|was|were) (?:such |just |nothing but )?(?:an? |the |all )?{plain_insults}",
    # 'You stupid little man', 'that pathetic excuse for a councillor', 'what an idiot'
    f"(?:you|that|this|those|these|such a|what an?|our|your|a) {_QUALITIES}(?:{{plain_insults}}|{{neutral_nouns}})",
    "(?:you|you bunch of|you pack of|what an?|such an?|you set of|you shower of) {plain_insults}",
    "what an? (?:[a-z]+ ){0,2}?{insults} (?:of an? [a-z]+ )?(?:you|he|she|they|that man|that woman) (?:are|is)",
    "{insulting_phrases}",
    # 'that halfwit of a treasurer'
    "(?:that|this|our|your|the|some|what an?|you) {plain_insults} of an? (?:[a-z]+ )?(?:{offices}|council|committee|husband|wife)",
    # 'anybody as dim as you', 'the stupidest woman I ever met'
    "(?:as|so) {insults} as (?:you|him|her|them|that man|that woman|the clerk|our)",
    "(?:the|by far the) (?:most {rude_qualities}|{superlatives}) (?:man|woman|person|individual|people|councillor|councillors|clerk|chairman|chair|treasurer|officer|council)",
    "(?:nobody|no one|none of you|none of us) (?:is|are|must|should) (?:to )?(?:talk|speak) to [a-z]+ (?:at|in|on|until|again|from|any|when|while|for)",
    # 'My dog could write better minutes', 'I have met brighter goldfish'
    "{no_brighter} (?:could|would|can|has|have|'s got|with) (?:[a-z]+ ){0,6}?{brighter}|{brighter} (?:[a-z]+ ){0,5}?(?:than )?(?:an? |my |our |the )?{no_brighter}",
    # 'My cat takes better minutes', 'You're not a councillor, you're a coat with nobody in it'
    "{no_brighter} (?:takes?|writes?|makes?|keeps?|does|runs|reads|speaks|sings|chairs|talks|knows|counts|spells|adds) (?:an? |the )?{brighter}",
    "(?:you're|you are|he's|he is|she's|she is) not an? {offices},? (?:you're|you are|he's|he is|she's|she is|just|but|only) (?:just |only |nothing but )?an? [a-z]+",
    # 'A man who cannot butter his own toast should not be let loose on a budget'
    "(?:a|any|no) (?:man|woman|person|{offices}) who (?:can't|cannot|couldn't|can not) (?:[a-z']+ ){1,8}?(?:should|ought|has no business|is not fit|isn't fit|is hardly|will never|would never)",
    # 'We have all agreed that when she speaks we will look at the ceiling'
    "(?:agreed|decided|plan is|idea is|from now on|tonight|next time|on thursday|on tuesday|on monday|at the meeting),? (?:that )?(?:when|whenever|every time|each time|if|as soon as) (?:[a-z]+ ){1,3}?(?:talks|speaks|stands|opens|starts|comes|gets|walks) .*(?:we|we'll|everyone|everybody|nobody|all of us) .*(?:ceiling|watches|phones|laugh|giggle|cough|yawn|groan|hum|leave|walk out|turn|backs|silence|ignore|stare|sigh|snore|clap|chairs|sing)",
    # 'You can't tell your arm from your elbow'
    "(?:you|he|she) (?:can't|cant|cannot|couldn't|couldnt|don't|doesn't|wouldn't|wouldnt) (?:even )?(?:tell|know) (?:your|his|her) (?:[a-z]+ )?[a-z]+ from (?:your|his|her)(?: own)? [a-z]+",
    "(?:you|he|she|they) (?:can't|cant|cannot|couldn't|couldnt) (?:[a-z]+ ){1,7}?(?:without|unless) (?:an? )?{minders}",
    # 'Nobody on this council respects you'
    "(?:nobody|no one|not one person|none of us|not one of us|not a soul) (?:[a-z]+ ){0,7}?{unloved}",
)
_SHUNNING = "{shunning_turns}.* {shunning}|{shunning} .*{shunning_turns}"
_WEARING = "(?:make|making) (?:her|his|their) (?:life|lives|job|time) (?:here )?(?:an? )?(?:absolute |complete |total )?{shaming}"
_REPRISALS = (
    "{protected_acts}.* {reprisals}",
    "{reprisals} .*(?:if|unless|until|next time|should) .*{protected_acts}",
)
_BLACKMAIL = "{blackmail}"
_THREATS = (
    "{menaces}",
    "{will} (?:[a-z]+ ){0,2}?{hurts} {hurt_what}",
    "{will} (?:[a-z]+ ){0,2}?{hurts_plainly} {victims}",
    *_REPRISALS,
    # 'Touch that hedge again and you'll be picking up your teeth'
    r"{protected_acts}.* {ultimatum} .*\b{outcomes}",
    r"better not (?:[a-z]+ ){0,12}?(?:if|or) .*\b{outcomes}",
    # 'We know which bus your daughter gets'
    "(?:i|we|they) (?:all )?know (?:exactly )?(?:which|what|where|when) (?:[a-z]+ ){0,4}?(?:your|his|her|their) {kin} (?:gets?|go(?:es)?|walks?|lives?|works?|plays?|sleeps?|catch(?:es)?|parks?|drinks?|trains?|stays?)",
    # 'I'll put him in the ditch'
    "{will} (?:[a-z]+ ){0,2}?{knocks} (?:you|him|her|them) (?:[a-z]+ )?(?:into|through|off|over|under|in|on|out of) (?:the |a |that |next )?(?:ditch|river|pond|wall|window|hedge|ground|hospital|grave|canal|skip|slurry|wheelchair|lane|middle of next week|road)",
    # 'or things will get very unpleasant', 'a shame if those photographs got out'
    "(?:or|otherwise|then|before) (?:things|it|life|this) (?:will|could|might|may|is going to|gets?|turns?)(?: get| turn| become)? (?:very |really |a lot more |extremely )?(?:unpleasant|nasty|ugly|difficult|uncomfortable|dangerous|messy|painful)",
    "(?:shame|pity|unfortunate|awkward|embarrassing|sad) if (?:[a-z']+ ){1,5}?(?:ended up|got out|leaked|reached|found its way|found their way|came out|got into|fell into the wrong|went online|happened|burnt|burned|caught fire|collapsed|went missing|got hurt|got about)",
    # 'One phone call from me and your permission disappears', 'Either you drop it or I tell everyone'
    "one (?:phone call|call|word|email|e-mail|letter|nod|wink) (?:from|to|in) [a-z' ]{2,40} and (?:your|you|you're|you'll|he|he's|she|she's|his|her|they)",
    "either you .* or (?:i|we|i'll|we'll) (?:will |shall )?(?:tell|show|send|make|have|let|publish|put|see|ruin|finish)",
    # 'I'll have you sacked', 'he deserves a good hiding', 'I'd be careful with that complaint'
    "{will} have (?:you|him|her|them) {removed}",
    "(?:give|gets?|needs?|deserves?|asking for|due|wants?|earn|take) (?:[a-z]+ ){0,5}?{beatings}",
    "(?:i'd|i would|you'd better|you want to|you should|he should|she should|he'd better|she'd better) be (?:very |a bit |extremely )?careful .*(?:{protected_acts}|say|accuse|ask|cross|vote)",
    "(?:might want to|may want to|i'd|if i were you|better) (?:[a-z]+ ){0,3}?(?:check|lock|insure|test) (?:your|his|her) (?:brakes|tyres|locks|smoke alarm|smoke alarms|windows|mirrors|insurance)",
    "(?:kiss|wave|say) (?:goodbye to (?:your|his|her|that) (?:[a-z]+ )?{losable}|(?:your|his|her|that) (?:[a-z]+ ){0,2}?{losable} goodbye)",
    # 'Take them down or I take them down with you behind them'
    "or (?:else )?(?:i|i'll|i will|i shall|we|we'll|we will|the lads|my lads|my brothers|somebody will) (?:will |shall |might |may )?{ravages} (?:[a-z]+ ){0,6}?(?:you|your|his|her|him)",
    # 'I shall see to it that no application of yours is looked on kindly again'
    r"(?:i|we|i'll|we'll)(?: will| shall)? (?:personally )?{seen_to}.* (?:never|no|nobody|no one|not|doesn't|doesnt|don't|won't|none) .*\b{undone}",
    _BLACKMAIL,
)
_I_SAID = compiled(
    r"\b(?:i|i've|i'm|i'd|i'll|we|we've|let me)(?: (?:just|also|once|even|have|am|will|would|already|always|then|still|often|only))? +$"
)
_CONDITION = "{conditions}"


def bullying(seen: Seen) -> Iterator[Hit]:
    """Insults and shunning: at most one for each sentence, in reading order."""
    text = seen.prose
    for sentence in struck(text, insults()):
        span = _insult(text, sentence) or _shunned(text, sentence)
        if span is not None:
            yield Hit("harassment", *span, text.text[slice(*span)])


def threatening(seen: Seen) -> Iterator[Hit]:
    """Threats: at most one for each sentence, in reading order."""
    text = seen.prose
    for sentence in struck(text, menaces()):
        span = _threat(text, sentence)
        if span is not None:
            yield Hit("threat", *span, text.text[slice(*span)])


def hinting(seen: Seen) -> Iterator[Hit]:
    """'You have a lovely greenhouse. All that glass. I'd think carefully about your vote': in reading order."""
    text = seen.prose
    for start, end in hints().spans(text.plain):
        sentence = sentence_of(text, start)
        i = text.sentences.index(sentence)
        for other in text.sentences[i : i + 3]:
            hint = _made("{hints}").found(text.plain[max(end, other.start) : other.end])
            if hint is not None and _made("{yours}").found(sentence.plain) and not _harmless(other):
                yield Hit("threat", sentence.start, other.end, text.text[sentence.start : other.end])


def insults() -> Pattern:
    """Without it nobody is bullied."""
    return _made(_INSULTING)


def menaces() -> Pattern:
    """Without it nobody is threatened outright."""
    return _made(_MENACING)


def hints() -> Pattern:
    """Without it nobody is threatened by praise."""
    return _made(
        "(?:lovely|nice|beautiful|smart|pretty|fine|pleasant) (?:little |old |big |new )?{dear_things}",
    )


_INSULTING = (
    "{leads},? {insults}|{leads} {plain_insults}|{rude_qualities},? (?:and )?(?:[a-z]+ (?:of )?)?(?:{insults}|{plain_insults}|{neutral_nouns})"
    "|(?:agreed|decided|plan is|idea is),? (?:that )?(?:when|whenever|every time|if)|who (?:can't|cannot|couldn't) (?:[a-z']+ ){1,8}?(?:should|ought|has no business)|(?:you're|you are|he's|he is|she's|she is) not an? {offices}"
    "|(?:tell|know) (?:your|his|her) (?:[a-z]+ )?[a-z]+ from|(?:without|unless) (?:an? )?{minders}|{insulting_phrases}|{no_brighter}|{unloved}|(?:most {rude_qualities}|{superlatives}) [a-z]+|{shunning}"
    "|(?:life|lives|job|time) (?:here )?(?:an? )?(?:[a-z]+ )?{shaming}|(?:nobody|no one|none of (?:you|us)) (?:is|are|must|should)"
)
_MENACING = (
    "{menaces}|or (?:else )?(?:[a-z']+ ){1,3}?{ravages}|{hurts} {hurt_what}|{hurts_plainly} {victims}|{outcomes}|{reprisals}|{blackmail}|know (?:exactly )?(?:which|what|where|when) (?:[a-z]+ ){0,4}?(?:your|his|her|their) {kin}"
    "|{knocks} (?:you|him|her|them) (?:[a-z]+ )?(?:into|through|off|over|under|in|on|out)|one (?:phone call|call|word|email|e-mail|letter|nod|wink) (?:from|to|in)"
    "|(?:very |really |get |gets |turn |turns |become ){turnings}|{shames} if|either you|be (?:[a-z]+ )?careful|{checks} (?:your|his|her)|goodbye|have (?:you|him|her|them) {removed}|{beatings}|{seen_to}.* {undone}"
)


@cache
def _made(source: str) -> Pattern:
    return pattern(source, _FILE)


def _found(source: str, sentence: Sentence) -> tuple[int, int] | None:
    looked = _made(source)
    if not looked.possible(sentence.words):
        return None
    match = looked.found(sentence.plain)
    return None if match is None else match.span()


def _insult(text: Prose, sentence: Sentence) -> tuple[int, int] | None:
    for source in _INSULTS:
        span = _found(source, sentence)
        if span is not None and not _softened(text, sentence, span) and not said(text, sentence, span):
            return sentence.start + span[0], sentence.start + span[1]
    return None


def _shunned(text: Prose, sentence: Sentence) -> tuple[int, int] | None:
    span = _found(_SHUNNING, sentence) or _found(_WEARING, sentence)
    if span is None or said(text, sentence, span):
        return None
    return sentence.start + span[0], sentence.start + span[1]


def _threat(text: Prose, sentence: Sentence) -> tuple[int, int] | None:
    for source in _THREATS:
        span = _found(source, sentence)
        if span is None or said(text, sentence, span) or _harmless(sentence, source):
            continue
        return sentence.start + span[0], sentence.start + span[1]
    return None


def _harmless(sentence: Sentence, threat: str = "") -> bool:
    reprisal = threat in _REPRISALS
    calm = "{lawful}" if reprisal else "{no_blackmail}" if threat == _BLACKMAIL else "{no_menace}"
    if _found(calm, sentence):
        return True
    return reprisal and _made(_CONDITION).found(sentence.plain) is None


def _softened(text: Prose, sentence: Sentence, span: tuple[int, int]) -> bool:
    behind = sentence.plain[span[1] :]
    if behind.startswith(_OWNED) or _ONESELF_BEHIND.found(behind[:_ASIDE]) is not None:
        return True
    around = text.plain[max(0, sentence.start - _CONTEXT) : sentence.end]
    if (
        _made("{contrition}").found(around) is not None
        or _made("{distant}").found(sentence.plain[: span[1]]) is not None
    ):
        return True
    if sentence.plain[span[0] :].startswith(_PRONOUNS) and _made("{beasts}").found(around) is not None:
        return True
    around = sentence.plain[max(0, span[0] - 12) : span[1] + 20]
    if _made("{softeners}").found(around) is not None:
        return True
    before = sentence.plain[: span[0]]
    return (
        _OF_ONESELF.found(before[-_ASIDE:]) is not None
        or before.endswith(_UNSURE)
        or (before.endswith(_THINGS) and sentence.plain[span[0] :].startswith(_COPULA))
    )


_UNSURE = (
    "i am ",
    "i'm ",
    "i was ",
    "if ",
    "unless ",
    "whether ",
    "not that ",
    "nobody says ",
    "because i thought ",
    "not ",
)
_OF_ONESELF = compiled(r"\bi(?: (?:just|really|simply|still|also|honestly|never))? +$")
_OWNED = ("'s ",)
_PRONOUNS = ("he ", "he's ", "she ", "she's ", "they ", "they're ")
_ONESELF_BEHIND = compiled(r"^,? (?:i am|i'm|i was|i've been|i felt|i must)\b")
_ASIDE = 12
_CONTEXT = 240
"""How far before an insult it is looked whether it is meant for a beast, or taken back."""
_COPULA = ("is ", "are ", "was ", "were ", "'s ", "'re ")
_THINGS = ("it ", "this ", "that ", "which ", "there ", "what ", "i ", "i've ", "i'm ", "we ")
"""Subjects of which it is no insult: a thing, or oneself."""


def said(text: Prose, sentence: Sentence, span: tuple[int, int]) -> bool:
    """Whether the words are another's: quoted, reported, or told of somebody who threatens."""
    start, end = sentence.start + span[0], sentence.start + span[1]
    if anothers(text, start, end):
        return True
    brought_in = pattern("{reporting}", "discrimination").found(sentence.plain[: span[0]])
    if brought_in is None:
        return False
    return not _I_SAID.found(sentence.plain[: brought_in.start()])
