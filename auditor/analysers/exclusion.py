"""People shut out, grudged or put down for what they are, without a word of hatred (Equality Act 2010).

Here what is said is known by phrases: of an age, a pregnancy, a ramp, and of what somebody is that should not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from auditor.analysers.discrimination import CHARACTERISTICS, marks
from auditor.analysers.patterns import Pattern, pattern
from auditor.analysers.profanity import Hit, struck
from auditor.analysers.prose import Prose, Sentence
from auditor.analysers.seen_through import Seen
from auditor.analysers.vocabulary import terms

_FILE = "discrimination"
_AGED = (
    # 'he is far too old for that', 'not anyone over fifty'
    "(?:he|she|they|you|that man|that woman)(?:'s|'re| is| are) (?:[a-z]+ )?too (?:old|young|ancient|elderly) (?:to|for)",
    "(?:he|she|they|you|[a-z]+ boy|[a-z]+ girl|[a-z]+ lady|[a-z]+ chap|[a-z]+ man|[a-z]+ woman)(?:'s|'re| is| are) (?:[a-z]+ ){0,2}?past it",
    "(?:don't|do not|not|never|won't|let's not|rather not|no point|why) (?:[a-z]+ ){0,4}(?:anyone|anybody|someone|somebody|people|women|men|a woman|a man|candidates|applicants) (?:so old|that old|(?:over|past) (?:[0-9]|fifty|sixty|seventy|eighty|forty|thirty)|(?:of )?(?:that|her|his|their|a certain) age)",
)
_OF_THAT_SORT = (
    # 'we do not want that sort living here', 'keep those people out of the village'
    (
        "(?:don't|do not|never|not|no|keep|get|stop|rid of|enough of|last thing|send|sick of|fed up with|tired of) (?:[a-z]+ ){0,5}?{kind_words} "
        "(?:living|live|here|in|out|round|around|near|next|moving|move|back|away|coming|come|on our|on the|at our|home)"
    ),
    # 'you know what those people are like with their cooking'
    "what {kind_words} (?:are like|is like|get up to|do) .*{habits}",
    "{kind_words} (?:are|have|should|must|can|don't|do not|never|belong|always|only) (?:[a-z]+ ){0,5}?(?:back|home|elsewhere|not welcome|out|don't belong|dirty|filthy|thieves|trouble|never wash)|{kind_words} (?:don't|do not|never) (?:belong|wash|fit|change|work|pay)",
)


def implying(seen: Seen) -> Iterator[Hit]:
    """What turns on people for what they are without a word of abuse; at most one for each sentence."""
    text = seen.prose
    for sentence in struck(text, implications()):
        kind = _implied(text, sentence)
        if kind and not _spoken_against(text, sentence):
            yield Hit(f"group:{kind}", sentence.start, sentence.end, CHARACTERISTICS[kind])


_UNWELCOME = tuple(kind for kind in CHARACTERISTICS if kind not in ("sex", "maternity"))


def _named_as(kind: str) -> str:
    return "(?:" + "|".join((f"{{{kind}}}", f"{{{kind}_of}} {{persons}}", f"{{{kind}_shown}}")) + ")"


_HOME = "(?:back|home)(?: off)?(?: to)? (?:[a-z]+ )?{lands}"
_BACK_TO = f"{{go_and}} (?:all )?(?:straight |right )?{_HOME}"
_MAN = "{calls_for} {male}"
_UNWANTED = "{unwanted} (?:[a-z'-]+ ){0,2}?(?:" + "|".join(map(_named_as, _UNWELCOME)) + ")"
_GRUDGES = (
    ("disability", "{adjustments}.* {begrudging}|{begrudging} .*{adjustments}"),
    (
        "religion",
        "(?:nobody|no one|none of us|don't|do not|never|not|won't) (?:[a-z]+ ){0,6}?(?:want|wants|need|needs|have|allow|stand for|tolerate) (?:[a-z]+ ){0,3}?{worship}",
    ),
    ("age", "{that_age}.* {spoils}|{spoils} .*{that_age}"),
    # 'What do you call a … man on a roof?'
    *(
        (
            kind,
            f"{{jests}} (?:an? |two )(?:{{{kind}}}|{{{kind}_of}} {{persons}}) (?:[a-z']+ )*{{punchlines}}|how many (?:{{{kind}}}|{{{kind}_of}} {{persons}}) does it take",
        )
        for kind in ("race", "religion", "sex", "orientation")
    ),
    # 'Send him back where he belongs'
    ("race", f"{_BACK_TO}|(?:send|ship|pack|deport) {{the_lot}} (?:all |off |straight |right )*{_HOME}"),
    # 'Once you let one family of gypsies in you'll have fifty'
    *((kind, f"{_named_as(kind)}.* {{swarms}}") for kind in ("race", "religion")),
    ("race", "(?:{race}|{race_of} {persons}|{nations}|{race_shown}).* {brings_in} (?:[a-z]+ ){0,4}?{crimes}"),
    (
        "race",
        "{idyll}.* {till} .*(?:{kind_words}|{race}|{race_of} {persons}|they started|they came|they moved|that family|that lot|them next door)",
    ),
    ("race", "{sounds}.* {foreign_to}|{foreign_to}.* {sounds}"),
    # 'We need a proper English name on the list'
    (
        "race",
        "{calls_for} (?:to have |to see |to find )?(?:an? |some )?(?:proper |good |real |decent |nice )?{majority} {majority_noun}",
    ),
    # 'The trouble with the Irish is that they're born drunk'
    *(
        (
            kind,
            f"{{typecast}} (?:the |these |those |all )?(?:{group}) .*{{all_alike}}|(?:{group}).*,? {{all_alike}}, (?:say|need|enough|nuff|always)",
        )
        for kind, group in (("race", "{nations}|{race}"), ("religion", "{religion}"))
    ),
    # 'She belongs at home with her kids'
    (
        "sex",
        "(?:she|her|women|woman|mother|mothers|mums|wives|girls|girl) (?:[a-z']+ ){0,2}?{belongs} (?:[a-z]+ )?{hearth}",
    ),
    ("gender", "{made_up}"),
    # 'She's just got wed, so we know what comes next'
    ("maternity", "{wived}.* {wasted}|{wasted}.* {wived}"),
    # 'We don't want another pensioner on the door'
    *((kind, f"{{unwanted}} (?:[a-z'-]+ ){{0,2}}?{_named_as(kind)}") for kind in _UNWELCOME),
    # 'The job needs a man, simple as that'
    ("sex", f"{{posts}} (?:that )?{_MAN},? {{full_stop}}|{_MAN},? {{full_stop}} .*{{posts}}"),
    # 'If she can't manage the stairs she can't be a councillor'
    (
        "disability",
        "(?:if|who|he|she) (?:[a-z]+ )?(?:can't|cannot|can not|can hardly|can barely|can't even) {incapable}.* {stand_aside}",
    ),
)


def _implied(text: Prose, sentence: Sentence) -> str | None:
    for kind, source in _GRUDGES:
        grudge = _phrase(source)
        if grudge.possible(sentence.words) and grudge.found(sentence.plain) is not None:
            if source.startswith(("{unwanted}", "{made_up}")) and _phrase("{left_in}").found(sentence.plain):
                continue
            own = kind == "age" and _phrase("{oneself}").found(sentence.plain) is not None
            return None if own else kind
    around = text.plain[max(0, sentence.start - _CONTEXT) : sentence.end]
    about = _phrase("{things}").found(sentence.plain) is not None
    about = about or _phrase("{species}").found(around) is not None
    for kind in CHARACTERISTICS:
        looked = _phrase(f"{{says_{kind}}}")
        match = looked.found(sentence.plain) if looked.possible(sentence.words) else None
        if (
            match is not None
            and (kind == "sex" or not about)
            and not (kind in _OWN and _phrase("{oneself}").found(sentence.plain))
        ):
            plainly = re.sub(" +", " ", match[0]) in terms(_FILE, "plainly")
            if plainly or _phrase("{exclusions}").found(
                sentence.plain[: match.start()] + sentence.plain[match.end() :]
            ):
                return kind
    about = about or _phrase("{of_age}").found(sentence.plain) is not None
    if not about and any(_phrase(one).found(sentence.plain) for one in _AGED):
        return "age"
    if any(_phrase(one).found(sentence.plain) for one in _OF_THAT_SORT):
        return "race"
    return None


_CONTEXT = 200
"""How far before a sentence it is looked whether plants and beasts are spoken of."""
_OWN = ("age", "disability", "maternity")


def excluding(seen: Seen) -> Iterator[Hit]:
    """'A single mother isn't suitable for the post': what somebody is, and that it shuts him out; one for each sentence."""
    text = seen.prose
    for sentence in struck(text, exclusions()):
        about = _spoken_of(text, sentence)
        if about:
            calm = _phrase("{unsuited_neutral}").found(sentence.plain) or (
                about in _OWN and _phrase("{oneself}").found(sentence.plain)
            )
            if not calm and not _in_a_garden(sentence) and not _spoken_against(text, sentence):
                yield Hit(f"group:{about}", sentence.start, sentence.end, CHARACTERISTICS[about])


def _spoken_of(text: Prose, sentence: Sentence) -> str:
    """What somebody is, by this sentence or, where it says 'he' or 'they', by one a little before."""
    at = text.sentences.index(sentence)
    for one in reversed(text.sentences[max(0, at - _BEFORE) : at + 1]):
        kind = next((kind for kind in CHARACTERISTICS if shown(kind).found(one.plain) is not None), "")
        if kind or _PERSONAL.isdisjoint(one.words):
            return kind
    return ""


_BEFORE = 2


def _in_a_garden(sentence: Sentence) -> bool:
    return (
        _phrase("{species}").found(sentence.plain) is not None
        and _phrase("{in_a_garden}").found(sentence.plain) is not None
    )


@cache
def shown(kind: str) -> Pattern:
    """A mention of somebody by what he is."""
    return pattern(_named_as(kind), _FILE)


@cache
def exclusions() -> Pattern:
    """Without it nobody is shut out."""
    return _phrase("|".join(_SHUT_OUT))


_SHUT_OUT = (
    "{unsuited}",
    # 'Blind people shouldn't be sitting on a planning committee'
    "{must_not} (?:[a-z']+ ){0,5}?{taking_part}",
    # 'I don't think a man in a wheelchair gives the right impression'
    "{not_think} (?:[a-z']+ ){0,9}?{suits}",
)


@cache
def reproaches() -> Pattern:
    """Without it nothing is made of a mention."""
    return _phrase("{says_it_all}")


def reproaching(seen: Seen) -> Iterator[Hit]:
    """'Jewish, is he? That explains it': a mention, and what makes a reproach of it, in it or behind it."""
    text = seen.prose
    for other in struck(text, reproaches()):
        at = text.sentences.index(other)
        for sentence in text.sentences[max(0, at - 1) : at + 1]:
            kind = next((one for one in CHARACTERISTICS if one != "age" and _named(one).found(sentence.plain)), None)
            spoken_against = _spoken_against(text, other) or _spoken_against(text, sentence)
            if kind is not None and _personal(sentence, other) and not spoken_against:
                yield Hit(f"group:{kind}", sentence.start, other.end, CHARACTERISTICS[kind])


def _personal(sentence: Sentence, other: Sentence) -> bool:
    return not _PERSONAL.isdisjoint(sentence.words | other.words)


_PERSONAL = frozenset(
    [
        "he",
        "she",
        "they",
        "he's",
        "she's",
        "they're",
        "him",
        "her",
        "them",
        "people",
        "person",
        "persons",
        "somebody",
        "someone",
        "family",
        "them's",
        "who",
        "manager",
        "chap",
        "man",
        "woman",
        "i'd",
        "i'll",
        "neighbour",
        "neighbours",
        "lot",
    ]
)


@cache
def _named(kind: str) -> Pattern:
    return pattern(f"{{{kind}}}|{{{kind}_of}}", _FILE)


def _phrase(source: str) -> Pattern:
    return pattern(source, _FILE)


@cache
def implications() -> Pattern:
    """Without it nothing is implied."""
    tables = (
        *(f"says_{kind}" for kind in CHARACTERISTICS),
        "kind_words",
        "begrudging",
        "worship",
        "aging",
        "that_age",
        "jests",
        "swarms",
        "incapable",
        "brings_in} (?:[a-z]+ ){0,4}?{crimes",
        "idyll",
        "sounds",
        "majority} {majority_noun",
        "all_alike",
        "hearth",
        "made_up",
        "wived",
    )
    return pattern("|".join((*(f"{{{one}}}" for one in tables), _HOME, _MAN, _UNWANTED)), _FILE)


def _spoken_against(text: Prose, sentence: Sentence) -> bool:
    """Whether a sentence reports another's words, or condemns them."""
    if '"' in sentence.plain or _phrase("{tellers} (?:[a-z]+ ){0,2}?{tellings}|{hearsay}").found(sentence.plain):
        return True
    return re.search(r"\b[A-Z]*C[A-Z]*\b", marks(text, sentence)) is not None
