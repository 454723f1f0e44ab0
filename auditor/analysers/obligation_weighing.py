"""What binds the Council without any one phrase that does: small signs, weighed together with who is written to (E10)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from auditor.analysers.audience import outside, provider
from auditor.analysers.base import Case
from auditor.analysers.obligation_acts import ACCEPTANCE, COMMITMENT, INSTRUCTION
from auditor.analysers.obligation_cues import CUES, FILE, Cue
from auditor.analysers.patterns import Pattern, pattern
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
_BEHIND = 24
"""How far behind a sign the words may stand that make it none."""
_BEFORE = 3
"""Words before a sign that may turn it round."""

_PRIVATE = "(?:{private}|{disowned})"
_WITHHELD = (
    "(?:{withheld}|{tells} {officer}|{officer} {speaks}"
    r"|(?:{officer}|council|committee|parish|members|councillors|meeting|she|he)(?:'s|'ll|'d)?(?: \w+)? {decides})"
)

_PLAIN = "|".join(
    cue.loose for cue in CUES if cue.alone and not cue.trade and (cue.weight > 2 or cue.rule is COMMITMENT)
)
"""What may be heavy enough in a letter to nobody in trade that does not name the Council."""
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


def private(case: Case, prose: Prose) -> bool:
    """Whether the sender says that it is his own affair, or that he binds nobody."""
    return pattern(_PRIVATE, FILE).found(_named(case.policy, prose.plain)) is not None


def heavy(case: Case, prose: Prose) -> bool:
    """Whether anything in a message, or whom it goes to, makes it worth weighing."""
    return _parish(case, prose) or _trade(case) or pattern(_PLAIN, FILE).found(prose.plain) is not None


def _parish(case: Case, prose: Prose) -> bool:
    """Whether it names the Council."""
    return not (terms(FILE, "parish") | frozenset(_names(case.policy)[1])).isdisjoint(prose.words)


def _trade(case: Case) -> bool:
    """Whether it goes to somebody who works for councils or sells to them."""
    return any(_trades(one.email) for one in outside(case.policy, case.mail.to or case.mail.recipients))


def weigh(case: Case, prose: Prose, ordered: bool) -> Weighed | None:
    """The heaviest of what a message says, if it is heavy enough; of orders only where somebody may be `ordered`."""
    trade, parish = _trade(case), _parish(case, prose)
    text = _named(case.policy, prose.plain)
    cues = [
        cue
        for cue in CUES
        if (ordered or cue.rule is not INSTRUCTION)
        and (trade or not cue.trade)
        and pattern(cue.loose, FILE).found(text)
    ]
    besides = {rule: parish + _TRADE * (trade and rule is not COMMITMENT) for rule in _DOES}
    rules = [rule for rule in _DOES if _weight([cue for cue in cues if cue.rule is rule], besides[rule]) >= _ENOUGH]
    if not rules or pattern(_WITHHELD, FILE).found(text):
        return None
    hailed = frozenset(word for one in case.mail.to for word in _called(one))
    best: tuple[int, Weighed] | None = None
    seen: list[dict[Cue, str]] = []
    for sentence in prose.sentences:
        said = text[sentence.start : sentence.end].rstrip(" .!,;:)-")
        seen.append(dict(_signs(cues, sentence, _unhailed(said, hailed))))
        together = {cue: said for signs in reversed(seen[-_TOGETHER:]) for cue, said in signs.items()}
        for rule in rules:
            signs = {cue: said for cue, said in together.items() if cue.rule is rule}
            weight = _weight(_apart(signs), besides[rule])
            if weight < _ENOUGH:
                continue
            weight += rule is ACCEPTANCE  # the plainest of the three
            if best is None or weight > best[0]:
                heaviest = sorted(signs, key=lambda cue: (not cue.alone, -cue.weight))
                best = weight, Weighed(rule, sentence, tuple(signs[cue] for cue in heaviest))
    return best[1] if best else None


def _weight(signs: Collection[Cue], besides: int) -> int:
    """What signs of one rule weigh; nothing where none can be the chief of them and they are not many."""
    weight = sum(cue.weight for cue in signs)
    chief = any(cue.alone for cue in signs)
    errands = sum(bool(cue.but) for cue in signs)
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


def _signs(cues: list[Cue], sentence: Sentence, text: str) -> Iterator[tuple[Cue, str]]:
    """The signs in a sentence that leaves nothing open, each with its words."""
    if sentence.asks:
        return
    unsure = pattern("{unsure}", FILE).found(text) is not None
    for cue in cues:
        if unsure and cue.alone:
            continue
        match = pattern(cue.source, FILE).found(text)
        if match is None or (cue.never and _table(cue.never).found(text)):
            continue
        if cue.but and pattern(rf"^.*?\b{{errand}} {{{cue.but}}}", FILE).found(
            text[match.start() : match.end() + _BEHIND]
        ):
            continue
        if cue.alone and not terms(FILE, "negative").isdisjoint(text[: match.start()].split()[-_BEFORE:]):
            continue
        yield cue, match[0].strip(" ,;:.-!&(")


def _table(names: str) -> Pattern:
    return pattern("|".join(f"{{{name}}}" for name in names.split()), FILE)


def _called(one: Address) -> list[str]:
    return plain(f"{one.name} {one.email.partition('@')[0]}").replace(".", " ").split()


def _unhailed(text: str, hailed: frozenset[str]) -> str:
    """A sentence without the names and greetings that it begins with."""
    if match := pattern(r"^{hail}(?: [\w.'-]+){0,3}[,!]+ \w", FILE).found(text):
        return text[max(match.end() - 1, 0) :].lstrip(" ,!-")
    first, _, rest = text.partition(" ")
    if first.strip(",!-") in hailed:
        return rest.lstrip(" ,!-")
    return text


@lru_cache(maxsize=1024)  # the same few firms, message after message
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


def _named(policy: Policy, text: str) -> str:
    """The text, as long as it was, with names of those who may bind the Council, and with its own, as common words."""
    text = text.replace("£", "l")  # a letter, for a word to begin with
    officers, names = _names(policy)
    for found, word in ((officers, "rfo"), (names, "pc")):
        if found:
            text = _finder(found).sub(lambda match, word=word: word.rjust(len(match[0])), text)  # type: ignore[misc]
    return text


def _names(policy: Policy) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return _known(tuple(person.name for person in policy.people if person.may_bind), policy.council)


@cache
def _known(officers: tuple[str, ...], council: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    binders = {word for name in officers for word in plain(name).split()}
    place = set(plain(council).split()) - terms(FILE, "title")
    return tuple(sorted(word for word in binders if len(word) > 2)), tuple(sorted(w for w in place if len(w) > 2))


@cache
def _finder(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?:\b(?:mr|mrs|ms|miss) )?\b(?:" + "|".join(map(re.escape, words)) + r")\b")
