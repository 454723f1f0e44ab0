"""What binds the Council without any one phrase that does: small signs, weighed together with who is written to (E10)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from auditor.analysers.audience import outside, provider
from auditor.analysers.base import Case
from auditor.analysers.gates import Words
from auditor.analysers.obligation_acts import ACCEPTANCE, COMMITMENT, INSTRUCTION
from auditor.analysers.obligation_cues import CUES, FILE, Cue
from auditor.analysers.obligation_index import Index, asked, loose
from auditor.analysers.patterns import Pattern, encoded, pattern
from auditor.analysers.prose import Prose, Sentence, plain
from auditor.analysers.vocabulary import terms
from auditor.findings import Rule
from auditor.mail.message import Address
from auditor.policy import Policy

_ENOUGH = 5
_MANY = 4
"""What small signs of an order must weigh to do without a chief, where the Council is named to somebody in trade."""
_TRADE = 2
"""What it weighs that an order or an answer goes to somebody in trade."""
_TOGETHER = 3
"""Sentences that are weighed together."""
_BEFORE = 3
"""Words before a sign that may turn it round."""

_PRIVATE = "(?:{private}|{disowned})"
_WITHHELD = (
    "(?:{withheld}|{officer} {speaks}"
    r"|(?:{officer}|council|committee|parish|members|councillors|meeting|she|he)(?:'s|'ll|'d)?(?: \w+)? {decides})"
)
_CUES = {alone: [cue for cue in CUES if cue.alone is alone] for alone in (True, False)}
_DOES = {
    ACCEPTANCE: "accept an offer for the Council",
    INSTRUCTION: "give somebody orders for the Council",
    COMMITMENT: "promise what the Council would have to keep",
}


class Weighed(NamedTuple):
    """What was found heavy enough."""

    rule: Rule
    sentence: Sentence
    said: tuple[str, ...]
    """The words of the signs, the heaviest first."""

    @property
    def does(self) -> str:
        """What they do, for the reason."""
        return _DOES[self.rule]


class Signs(NamedTuple):
    """What makes a message worth weighing."""

    text: str
    """With the Council's names as common words."""
    words: Words
    trade: bool
    """Whether it goes to somebody who works for councils or sells to them."""
    chiefs: list[Cue]
    """Those that it has, of the signs that can be the chief of them."""


def private(case: Case, read: Prose) -> bool:
    """Whether the sender says that it is his own affair, or that he binds nobody."""
    private = pattern(_PRIVATE, FILE)
    return private.found(_named(case.policy, read)) is not None or private.found(plain(case.mail.subject)) is not None


def signs(case: Case, read: Prose) -> Signs | None:
    """What makes a message worth weighing; None where nothing does."""
    trade = _trade(case)
    text = _named(case.policy, read)
    words = read.words if text == read.plain else Words.of(text)
    chiefs = _had(True, words, text, trade)
    return Signs(text, words, trade, chiefs) if chiefs or trade else None


def _had(alone: bool, words: Words, text: str, trade: bool) -> list[Cue]:
    """The signs that a text has, of those that can be the chief of them or of the others."""
    cues = _CUES[alone]
    near = [cues[place] for place in _index(alone).near(words.mask)]
    said = encoded(text) if near else b""
    return [cue for cue in near if (trade or not cue.trade) and _finder(cue.source).occurs(said)]


@cache
def _index(alone: bool) -> Index:
    return Index([asked(cue.source, FILE) for cue in _CUES[alone]])


@cache
def _finder(source: str) -> Pattern:
    return pattern(loose(source), FILE)


def _parish(case: Case, words: Words) -> bool:
    """Whether words name the Council."""
    return not words.isdisjoint(_parish_words(_names(case.policy)[1]))


@cache
def _parish_words(names: tuple[str, ...]) -> frozenset[str]:
    return terms(FILE, "parish").union(names)


def _trade(case: Case) -> bool:
    """Whether it goes to somebody who works for councils or sells to them."""
    firms = [one for one in case.mail.to or case.mail.recipients if _trades(one.email)]
    return bool(firms and outside(case.policy, firms))


def weigh(case: Case, read: Prose, seen: Signs, ordered: bool) -> Weighed | None:
    """The heaviest of what a message says, if it is heavy enough; of orders only where somebody may be `ordered`."""
    text, words, trade, chiefs = seen
    parish = _parish(case, read.words)
    besides = {rule: parish + _TRADE * (trade and rule is not COMMITMENT) for rule in _DOES}
    open_to = {cue.rule for cue in chiefs} | ({INSTRUCTION} if trade else set())
    cues = [
        cue
        for cue in (*chiefs, *_had(False, words, text, trade))
        if cue.rule in open_to and (ordered or cue.rule is not INSTRUCTION)
    ]
    rules = [rule for rule in _DOES if _weight([cue for cue in cues if cue.rule is rule], besides[rule]) >= _ENOUGH]
    if not rules or pattern(_WITHHELD, FILE).found(text):
        return None
    hailed = frozenset(word for one in case.mail.to for word in _called(one))
    best: tuple[int, Weighed] | None = None
    found: list[dict[Cue, str]] = []
    for sentence in read.sentences:
        end = sentence.start + len(text[sentence.start : sentence.end].rstrip(" .!,;:)-"))
        start = end - len(_unhailed(text[sentence.start : end], hailed))
        found.append(dict(_signs(cues, sentence, text[start:end], read.text[start:end])))
        together = {cue: said for signs in reversed(found[-_TOGETHER:]) for cue, said in signs.items()}
        for rule in rules:
            signs = {cue: said for cue, said in together.items() if cue.rule is rule}
            weight = _weight(_apart(signs), besides[rule])
            if weight < _ENOUGH:
                continue
            weight += rule is ACCEPTANCE  # the plainest of the three
            if best is None or weight > best[0]:
                heaviest = sorted(signs, key=lambda cue: (not cue.alone, -cue.weight))
                best = weight, Weighed(rule, sentence, tuple(_told([(cue.alone, signs[cue]) for cue in heaviest])))
    return best[1] if best else None


def _told(signs: Sequence[tuple[bool, str]]) -> Iterator[str]:
    """The words of signs that show a reader what is done: of chief signs, if there are any, and each but once."""
    told: list[str] = []
    for _, said in [sign for sign in signs if sign[0]] or signs:
        bare = said.removeprefix("and ")
        if not any(bare.lower() in other.lower() for other in told):
            told.append(bare)
    yield from told


def _weight(signs: Collection[Cue], besides: int) -> int:
    """What signs of one rule weigh; nothing where none can be the chief of them and they are not many."""
    weight = sum(cue.weight for cue in signs)
    chief = any(cue.alone for cue in signs)
    errands = sum(cue.errand for cue in signs)
    many = (weight >= _MANY and besides > _TRADE and any(cue.rule is INSTRUCTION for cue in signs)) or (
        errands > 1 and weight > _MANY and besides >= _TRADE
    )
    return weight + besides if chief or many else 0


def _apart(signs: dict[Cue, str]) -> list[Cue]:
    """The signs without those that only say over what a heavier one says in the same words."""
    kept: list[tuple[Cue, str]] = []
    for cue, said in sorted(signs.items(), key=lambda sign: -sign[0].weight):
        if not cue.alone or all(said not in other and other not in said for one, other in kept if one.alone):
            kept.append((cue, said))
    return [cue for cue, _ in kept]


def _signs(cues: list[Cue], sentence: Sentence, text: str, said: str) -> Iterator[tuple[Cue, str]]:
    """The signs in a sentence that leaves nothing open, each with its words as they were `said`."""
    unsure = pattern("{unsure}", FILE).found(text) is not None
    for cue in cues:
        if (unsure and cue.alone) or (sentence.asks and not cue.asks):
            continue
        match = pattern(cue.source, FILE).found(text)
        if match is None or (cue.never and _table(cue.never).found(text)):
            continue
        if cue.alone and not terms(FILE, "negative").isdisjoint(text[: match.start()].split()[-_BEFORE:]):
            continue
        yield cue, said[match.start() : match.end()].strip(" ,;:.-!&(")


def _table(names: str) -> Pattern:
    return pattern("|".join(f"{{{name}}}" for name in names.split()), FILE)


def _called(one: Address) -> list[str]:
    return plain(f"{one.name} {one.email.partition('@')[0]}").replace(".", " ").split()


def _unhailed(text: str, hailed: frozenset[str]) -> str:
    """A sentence without the name that it begins with."""
    first, _, rest = text.partition(" ")
    if first.strip(",!-") in hailed:
        return rest.lstrip(" ,!-")
    return text


@lru_cache(maxsize=4096)  # the same few firms, message after message
def _trades(email: str) -> bool:
    """Whether an address is that of a firm: by who answers there, or by the name of the house."""
    local, _, domain = email.partition("@")
    name = domain.partition(".")[0]
    if local in terms(FILE, "desks"):
        return True
    if name.endswith(tuple(terms(FILE, "trade_ends"))):
        return True
    house = not provider(domain) and not any(word in name for word in terms(FILE, "club"))
    return house and any(word in name for word in terms(FILE, "trade"))


def _named(policy: Policy, read: Prose) -> str:
    """The text, as long as it was, with names of those who may bind the Council, and with its own, as common words."""
    text = read.plain.replace("£", "l")  # a letter, for a word to begin with
    officers, names = _names(policy)
    for found, word in ((officers, "rfo"), (names, "pc")):
        if not read.words.isdisjoint(found):
            text = _called_by(found).sub(lambda match, word=word: word.rjust(len(match[0])), text)  # type: ignore[misc]
    return text


def _names(policy: Policy) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return _known(tuple(person.name for person in policy.people if person.may_bind), policy.council)


@cache
def _known(officers: tuple[str, ...], council: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    binders = {word for name in officers for word in plain(name).split()}
    place = set(plain(council).split()) - terms(FILE, "title")
    return tuple(sorted(word for word in binders if len(word) > 2)), tuple(sorted(w for w in place if len(w) > 2))


@cache
def _called_by(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?:\b(?:mr|mrs|ms|miss) )?\b(?:" + "|".join(map(re.escape, words)) + r")\b")
