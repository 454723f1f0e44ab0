"""Whom a letter greets, and whether any of those who receive it may be meant."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from auditor.analysers.audience import name_words, outside
from auditor.analysers.base import Case
from auditor.analysers.patterns import alternatives, compiled
from auditor.analysers.prose import plain
from auditor.analysers.vocabulary import terms
from auditor.mail.message import Address

_LINE = re.compile(r"\s*(\S[^\n]{1,80})")
_GREETING = compiled(
    rf"^{alternatives(terms('greetings', 'openings'))} +([\pL][\pL .'&/+-]{{1,48}}?) *(?:[,:;!]|- |\.* *$)"
)
_BARE = compiled(r"^([\pL][\pL &/-]{1,32}) *(?:,|:|-{1,2}) *$")
"""'Susan,' on a line of its own."""
_AND = re.compile(r"[,&/+]|\band\b")
_MANY = 20
"""Recipients above which a letter is a round one, greeted as it was to the first."""
_LEAST, _CLOSE, _LONG = 3, 4, 7
"""Letters a name must have to be no mere initials, to be another misspelt, and to have two letters wrong."""


@cache
def _first() -> frozenset[str]:
    """The words that a greeting begins with."""
    return frozenset([one.partition(" ")[0] for one in terms("greetings", "openings")])


class Greeted(NamedTuple):
    """A greeting that fits nobody: where it stands in the own text, whom it names, and who receives the letter."""

    start: int
    end: int
    whom: str
    recipients: tuple[str, ...]


def misfit(case: Case) -> Greeted | None:
    """The greeting of a letter that goes outside, where all who receive it are persons and none of them fits it."""
    text = case.parts.own.text
    line = _LINE.match(text)
    opening = plain(line[1]) if line else ""
    said = (_GREETING if opening.partition(" ")[0] in _first() else _BARE).found(opening)
    to = [one for one in case.mail.recipients if one.email]
    if line is None or said is None or len(to) > _MANY or not outside(case.policy, to):
        return None
    start = line.start(1) + said.start(1)
    whom = text[start : line.start(1) + said.end(1)].rstrip(" .")
    names = [name for one in _AND.split(whom) for name in _named(one)]
    receivers = [_Receiver(_known_as(case, one), one.email) for one in to]
    if (
        not names
        or not all(one.person for one in receivers)
        or any(one.bears(name) for one in receivers for name in names)
        or _spoken_of(case, names)
    ):
        return None
    return Greeted(line.start(1), line.end(1), whom, tuple([one.shown for one in receivers]))


def _spoken_of(case: Case, names: list[str]) -> bool:
    """Whether the letter that is answered or sent on has a name: its bearer may write from somebody else's account."""
    return not set(names).isdisjoint(name_words(case.text("quoted") + " " + case.text("forwarded")))


@lru_cache(maxsize=1 << 12)
def _named(whom: str) -> tuple[str, ...]:
    """A person's names; none where a greeting names nobody that can be told from others."""
    words = whom.split()
    titles = terms("greetings", "titles")
    first = next((n for n, word in enumerate(words) if word.lower().strip(".") not in titles), len(words))
    rest = words[first:]
    names = tuple(word for word in name_words(" ".join(rest)) if len(word) > 1)
    if not names or not all(word[0].isupper() for word in rest) or not terms("greetings", "anybody").isdisjoint(names):
        return ()
    return names if first > 0 or names[0] in terms("names", "given") else ()


def _known_as(case: Case, address: Address) -> str:
    """The name of who receives a letter: the Council's own people by theirs."""
    person = next((one for one in case.policy.people if address.email in (one.mailbox, *one.private)), None)
    return person.name if person else address.name


class _Receiver:
    """Somebody who receives a letter, by name and address."""

    def __init__(self, name: str, email: str) -> None:
        self._email = email
        shown = [] if "@" in name else name_words(name)
        parts = name_words(re.sub(r"[._-]", " ", email.partition("@")[0]))
        self._words = {*shown, *parts}
        self.shown = f"{name} ({email})" if shown else email
        self.person = _a_person(tuple(shown)) if shown else _a_person(tuple(parts))
        """Whether it is a person's name, in full; an office, a firm or a nickname answers to every greeting."""

    def bears(self, name: str) -> bool:
        """Whether a name may be this one's."""
        return name in self._email or any(_same_name(name, own) for own in self._words)


@lru_cache(maxsize=1 << 12)
def _a_person(words: tuple[str, ...]) -> bool:
    return (
        1 < len(words) < 5
        and terms("offices", "mailboxes").isdisjoint(words)
        and words[0] in terms("names", "given")
        and len(words[-1]) > 1
    )


def _same_name(word: str, own: str) -> bool:
    """Whether a name may be another: short for it, its initial, or misspelt."""
    least = min(len(word), len(own))
    two_names = terms("names", "given").issuperset((word, own))
    wrong = 0 if least < _CLOSE or two_names else 1 if least < _LONG else 2
    return (
        word.startswith(own[:_LEAST])
        if least < _LEAST
        else word.startswith(own)
        or own.startswith(word)
        or OSA.distance(word, own, score_cutoff=wrong) <= wrong
        or own in _short().get(word, ())
    )


@cache
def _short() -> dict[str, frozenset[str]]:
    """For every name, those that may be the same person's."""
    families = [frozenset(line.split()) for line in sorted(terms("names", "short"))]
    return {
        name: frozenset().union(*[one for one in families if name in one]) for one in families for name in sorted(one)
    }
