"""Hostile, demeaning or excluding words about people for what they are (Equality Act 2010, ss. 4 to 12, 18).

Each sentence is read as a row of marks: who is spoken of (G), what is said of them, whether it is denied, reported or
spoken against. The patterns are over those marks, so that they hold for every group and every word of the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from auditor.analysers.patterns import Pattern, compiled, pattern
from auditor.analysers.profanity import Hit, struck
from auditor.analysers.prose import Prose, Sentence
from auditor.analysers.seen_through import Seen, rude
from auditor.analysers.vocabulary import terms
from auditor.values import Value

CHARACTERISTICS = {
    "race": "race or nationality",
    "religion": "religion or belief",
    "sex": "sex",
    "orientation": "sexual orientation",
    "gender": "gender reassignment",
    "disability": "disability",
    "age": "age",
    "maternity": "pregnancy and maternity",
    "marriage": "marriage and civil partnership",
}
"""The protected characteristics by the tables that name the people."""

_FILE = "discrimination"
_MARKS = {
    "vermin": "V",
    "hates": "H",
    "harms": "K",
    "should": "S",
    "damages": "D",
    "worths": "W",
    "goods": "E",
    "refusals": "F",
    "denials": "N",
    "reporting": "R",
    "counter": "C",
    "affirming": "A",
    "disclaiming": "A",
    "they": "T",
    "wishes": "Z",
    "doubts": "M",
    "refused": "X",
    "contempt": "B",
    "appointing": "L",
    "feelings": "J",
}
_TOKEN = re.compile(r"[a-z0-9]+(?:['+-][a-z0-9]+)*|[.,;:!?\"()-]")
_MOST_WORDS = 120
_NEAR = 2
"""Sentences before and one behind in which 'they' are looked for."""

_BEHIND = "(?:$| (?:[.,;:!?)]|E|as|at|back|because|for|from|here|in|into|living|moving|near|of|on|or|and|round|this|until|when|who|with|anywhere|any|again|while|like|next|over|cutting|running|working|doing|hanging|looking|teaching|coming|telling|ordering|handling|touching|serving|driving|taking|leading|representing|parading|camping|setting|messing|cluttering|begging|judging|reading|raising|adopting|having|marrying|wearing|speaking|[A-Z]*[FT]))"


class Mention(Value, frozen=True):
    """A sentence as marks."""

    marks: str
    kinds: tuple[str, ...]
    """The characteristics that it names people by."""


def discriminating(seen: Seen) -> Iterator[Hit]:
    """At most one for each sentence, in reading order."""
    text = seen.prose
    named = {sentence.start for sentence in struck(text, people())}
    at = [i for i, sentence in enumerate(text.sentences) if sentence.start in named]
    near = sorted({j for i in at for j in range(max(0, i - 1), min(len(text.sentences), i + _NEAR + 1))})
    read = {i: _mention(text, text.sentences[i]) for i in near}
    for i in near:
        of_plants = not terms(_FILE, "species").isdisjoint(text.sentences[i].words)
        kinds = read[i].kinds or (() if of_plants else _kinds_near(read, i))
        before = f"{read[i - 1].marks} / {read[i].marks}" if i - 1 in read and read[i].kinds else ""
        if kinds and (_hostile(read[i]) or (before and _after_all().found(before) is not None) or _felt(read, i)):
            sentence = text.sentences[i]
            yield Hit(f"group:{kinds[0]}", sentence.start, sentence.end, CHARACTERISTICS[kinds[0]])


@cache
def people() -> Pattern:
    """Any mention of people by what they are."""
    nouns = "|".join(f"{{{kind}}}" for kind in CHARACTERISTICS)
    adjectives = "|".join(f"{{{kind}_of}}" for kind in CHARACTERISTICS)
    return pattern(f"{nouns}|(?:{adjectives}) (?:[a-z-]+ )?(?:{{persons}}|{{vermin}}|{nouns})", _FILE)


def _kinds_near(read: dict[int, Mention], at: int) -> tuple[str, ...]:
    """Whom 'they' are in a sentence that names nobody: those named shortly before, or at once behind."""
    around = [read[i] for i in (*range(at - 1, at - _NEAR - 1, -1), at + 1) if i in read]
    return next((kinds for one in around if (kinds := tuple(k for k in one.kinds if k != "age"))), ())


@lru_cache(maxsize=256)
def _hostile(mention: Mention) -> bool:
    """Remembered, because who repeats himself is read once."""
    marks = mention.marks
    if not mention.kinds and "T" not in marks.split():
        marks = _exclaimed(marks)
    if any(one.found(marks) for one in _neutral()):
        marks = _BUT.split(marks, maxsplit=1)[-1] if _BUT.search(marks) else ""
        if not marks or any(one.found(marks) for one in _neutral()):
            return False
    marks = re.sub(r"\bT\b", "G", _RELATIVE.sub(r"\1 \2; T", marks))
    clauses = _CLAUSES.split(marks)
    return any(one.found(clause) for clause in clauses for one in _patterns()) or any(
        _plainly(mention, part) for clause in clauses for part in clause.split(" and ")
    )


_BUT = re.compile(r" (?:but|although|though|whereas|yet) ")
_CLAUSES = re.compile(r" (?:;|because) ")
_RELATIVE = re.compile(r"\b([A-Z]*V[A-Z]*) (and )?T\b")
"""'The rubbish they left': what they had to do with it, and not what they are."""
_SHORT = 16
"""Marks of a sentence so short that what is ill in it is said of those whom it names."""


def _plainly(mention: Mention, marks: str) -> bool:
    """Whether a short sentence says something vile of people, and denies nothing."""
    if (
        marks.count(" ") > _SHORT
        or not _ONE_PERSON.isdisjoint(marks.split())
        or not _MEANT.issuperset(mention.kinds)
        or not mention.kinds
    ):
        return False
    return _vile().found(marks) is not None


_ONE_PERSON = frozenset(["he", "she", "him", "his", "her", "he's", "she's", "my", "our"])
"""Words of a sentence that is about somebody, not about a kind of people."""
_MEANT = frozenset(kind for kind in CHARACTERISTICS if kind not in ("age", "maternity", "marriage"))


@cache
def _vile() -> Pattern:
    """People and an ill word within a few words of one another, with nothing that denies it in the sentence."""
    gap = r"(?:[^ ENRCF]+ ){0,7}?"
    ill = "[A-Z]*[VHJ][A-Z]*"
    return compiled(rf"^[^NRCE]*(?:^| )(?:G {gap}{ill}|{ill} {gap}G)(?: [^NRCE]*)?$")


def _felt(read: dict[int, Mention], at: int) -> bool:
    """'I saw a … today. It made me sick.'"""
    last = read.get(at - 1)
    about_them = last is not None and last.kinds and not read[at].kinds and last.marks.count(" ") <= _SHORT
    if last is None or not about_them or _FELT.match(read[at].marks) is None:
        return False
    return not any(one.found(last.marks) for one in _neutral())


_FELT = re.compile(r"(?:it|this|that|S)(?: [^ NRC]+){0,2} (?:J|K (?:him|her|T))\b")


@cache
def _after_all() -> Pattern:
    """'The plan is rubbish. It came from a …'"""
    return compiled(
        r"\b[A-Z]*[VK][A-Z]* .*/ (?:it|that|this|T) (?:came|comes|was|is|will have come) (?:[^ ]+ ){0,4}?G\b"
    )


def _exclaimed(marks: str) -> str:
    """'Disgusting creatures.': a sentence without a verb is of those who were named before."""
    match = _EXCLAIMED.match(marks)
    return f"T are {marks}" if match else ""


_EXCLAIMED = re.compile(
    r"(?:what |such |just |all |bunch |pack |load |lot |an? |the |absolute |utter |total |complete |bloody |nothing |of )*[A-Z]*V[A-Z]*(?: [^ ]+){0,4}$"
)


@cache
def _patterns() -> tuple[Pattern, ...]:
    marked = (
        re.sub(r"\{([A-Z])\}", r"[A-Z]*\1[A-Z]*", _spelled(one)) for one in sorted(terms("statements", "hostile"))
    )
    return tuple(compiled(rf"(?:^| )(?:{one})(?: |$)".replace("(?:^| )(?:^", "^(?:")) for one in marked)


def _spelled(statement: str) -> str:
    """With `<3>`, `<be>` and `<behind>` written out."""
    whole = statement.replace("<behind>", _BEHIND).replace("<be>", f"(?:{'|'.join(sorted(terms('statements', 'be')))})")
    return re.sub(r"<(\d)>", r"(?:[^ N]+ ){0,\1}?", whole)


@cache
def _neutral() -> tuple[Pattern, ...]:
    return tuple(map(compiled, sorted(terms("statements", "neutral"))))


def marks(text: Prose, sentence: Sentence) -> str:
    """A sentence as a row of marks."""
    return _mention(text, sentence).marks


def _mention(text: Prose, sentence: Sentence) -> Mention:
    tokens = list(_TOKEN.finditer(sentence.plain))[:_MOST_WORDS]
    words = [m[0] for m in tokens]
    spoken = [text.reports(sentence.start + m.start(), sentence.start + m.end()) for m in tokens]
    garden = not terms(_FILE, "species").isdisjoint(words)
    marks: list[str] = []
    kinds: list[str] = []
    at = 0
    while at < len(words):
        if spoken[at]:
            at += 1
            continue
        group, length = _group(words, at, garden)
        if group:
            kinds.append(group)
            marks.append("G")
        else:
            mark, length = _marked(words, at)
            marks.append(mark)
        at += length
    return Mention(" ".join(marks), tuple(dict.fromkeys(kinds)))


def _group(words: list[str], at: int, garden: bool) -> tuple[str, int]:
    """The characteristic that people are named by here, and how many words name them."""
    if words[at] in terms(_FILE, "one") and at and _single(words, at):
        return "", 1
    if words[at] in terms(_FILE, "rooms") and _a_room(words, at):
        return "", 1
    for size in (4, 3, 2, 1):
        phrase = " ".join(words[at : at + size])
        if garden and phrase in terms(_FILE, "in_a_garden"):
            return "", 1
        kind = _nouns().get(phrase) or _nouns().get(phrase.removesuffix("'s"))
        after = words[at + size] if at + size < len(words) else ""
        if kind and (after in terms(_FILE, "not_people") or (phrase.endswith("'s") and not _theirs(after))):
            return "", 1
        if phrase in _adjectives():
            behind = at + size
            while behind < min(len(words), at + size + 2) and words[behind] in _adjectives():
                behind += 1
            if behind == at + size < len(words) and _despised(
                _adjectives()[phrase], phrase, words[at - 7 if at > 7 else 0 : at], words[behind]
            ):
                return _adjectives()[phrase], size
            noun = words[behind].removesuffix("'s") if behind < len(words) else ""
            thing = behind + 1 < len(words) and words[behind + 1] in terms(_FILE, "not_people")
            if not thing and (noun in terms(_FILE, "persons") or noun in _nouns()):
                return _adjectives()[phrase], behind + 1 - at
        if kind and len(phrase.split()) == min(size, len(words) - at):
            return kind, size
    return "", 1


def _single(words: list[str], at: int) -> bool:
    """Whether one person is spoken of, whatever is said of her: 'you idle woman', 'that Connie woman'."""
    before = words[at - 1]
    one = terms(_FILE, "before_one")
    return (
        before in one
        or before in terms("hostility", "rude_qualities")
        or (at > 1 and words[at - 2] in ("that", "this"))
    )


def _a_room(words: list[str], at: int) -> bool:
    """'The ladies is blocked', 'the wasps above the ladies'."""
    behind = words[at + 1] if at + 1 < len(words) else "."
    before = words[max(0, at - 2) : at]
    named = behind in terms(_FILE, "of_rooms")
    return before[-1:] == ["the"] and (named or (before[0] in terms(_FILE, "at_rooms") and not behind[0].isalpha()))


def _theirs(noun: str) -> bool:
    """Whether what people have stands for them: 'women's brains', and not 'the women's page'."""
    return noun in terms(_FILE, "theirs") or noun in terms(_FILE, "persons") or noun in terms(_FILE, "vermin")


def _despised(kind: str, adjective: str, before: list[str], noun: str) -> bool:
    """'Gay trash': where the noun is the insult. Black dogs and old rubbish are what they are."""
    if noun not in terms(_FILE, "vermin") or kind == "age":
        return False
    accused = "you're" in before or ("you" in before and "are" in before) or rude(noun) is not None
    return accused or adjective not in terms(_FILE, "colours")


def _marked(words: list[str], at: int) -> tuple[str, int]:
    """The marks of the longest term that begins here, and its length in words; the word itself when it has none."""
    index = _terms()
    for size in (5, 4, 3, 2, 1):
        mark = index.get(" ".join(words[at : at + size]))
        if mark:
            return mark, size
    return words[at], 1


@cache
def _terms() -> dict[str, str]:
    found: dict[str, str] = {}
    for table, mark in _MARKS.items():
        for word in terms(_FILE, table):
            if mark not in found.get(word, ""):
                found[word] = "".join(sorted(found.get(word, "") + mark))
    return found


@cache
def _nouns() -> dict[str, str]:
    return {word: kind for kind in reversed(CHARACTERISTICS) for word in terms(_FILE, kind)}


@cache
def _adjectives() -> dict[str, str]:
    return {word: kind for kind in reversed(CHARACTERISTICS) for word in terms(_FILE, f"{kind}_of")}
