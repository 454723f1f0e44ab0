"""Other people taken out of what is told of a message: their names, addresses and telephone numbers, each by one sign.

A record for somebody who investigates is of one person's conduct. Everybody else in it is a third party whose data is
no part of that: the same one is the same sign wherever he is named, so that the sense stays. A word too many is taken
out rather than one too few: who reads may ask for the message itself.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from auditor.analysers.audience import holder, name_words
from auditor.analysers.contacts import addresses, phones, postcodes
from auditor.analysers.persons import Known, mentions
from auditor.analysers.prose import plain
from auditor.findings import CLOSE, OPEN
from auditor.mail.message import Address, Mail
from auditor.policy import Person, Policy

HOUSE = "[address]"

_EMAIL = re.compile(r"[^\s<>()\[\],;:\"'|@]+@[^\s<>()\[\],;:\"'|@]+\.[^\W_][\w-]*")
_WITH_NAME = re.compile(
    rf"[\"']?([^\W\d_][\w.’'-]{{0,40}}(?:,? [\w.’'-]{{1,40}}){{0,4}})[\"']?\s{{0,3}}[<\[(]\s?(?:mailto:)?({_EMAIL.pattern})"
)
_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"[\s>|.,'’-]{1,8}")
_LEAST = 3
"""Letters of a name that is taken out where it stands alone."""
_SMALL = frozenset(
    (
        "will",
        "may",
        "can",
        "the",
        "and",
        "but",
        "not",
        "who",
        "all",
        "per",
        "day",
        "days",
        "long",
        "young",
        "little",
        "good",
        "best",
        "more",
        "much",
        "such",
    )
)
"""Words that nobody can do without: taken for a name only with a capital."""
_DIGITS = re.compile(r"\+?\(?\d[\d ().-]{7,}\d")
_NUMBERS = 9
"""So many digits in a row may be a telephone number, or two that nothing but a blank parts."""
_CUT = re.compile(r"\S+…\Z")


def tidy(text: str) -> str:
    """`text` with nothing in it that is not seen: no control, direction or private character; line ends are newlines."""
    lines = re.sub("\r\n?|[\u2028\u2029\x85\x0b\x0c]", "\n", unicodedata.normalize("NFC", text))
    return "".join(mark for mark in lines if mark in "\n\t" or unicodedata.category(mark) not in _UNSEEN)


_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


class Cast:
    """Who is who in one message.

    Args:
        policy: whose people are known by name, address and telephone.
        mail: whose addresses are known; those of messages attached to it too.
        named: who may be told by name.
    """

    def __init__(self, policy: Policy, mail: Mail, named: Sequence[Person]) -> None:
        self._policy = policy
        self._spared = {email for one in named for email in (one.mailbox, *one.private)}
        self._dialled = {digits for one in named for digits in _numbers(one.phone)}
        known = list(_everybody(mail))
        words = [word for one in named for word in name_words(one.name)]
        words += [word for one in known if one.email in self._spared for word in name_words(one.name)]
        words += name_words(policy.council)
        self._own = frozenset(words)
        self._names: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._phones: dict[str, str] = {}
        for person in policy.people:
            if person not in named and person.mailbox not in self._spared:
                self._learn(person.name, person.mailbox)
                self._phones.update(dict.fromkeys(_numbers(person.phone), person.mailbox))
        for address in known:
            if address.email not in self._spared:
                self._learn(address.name, self._key(address.email) if address.email else _joined(address.name))

    def learn(self, text: str) -> None:
        """Takes note of who is named beside an address: 'Pat Green <pat@…>'."""
        for match in _WITH_NAME.finditer(tidy(text)):
            email = match[2].lower()
            if email not in self._spared:
                self._learn(match[1], self._key(email))

    def told(self, text: str, *, guess: bool = True) -> str:
        """The text, tidy, with a sign for each third party.

        Without `guess` only who is known, and no one who sounds like a person: for words that nobody wrote by hand.
        """
        # Of a word that an excerpt's end cuts through nobody knows whose name it began.
        text = _CUT.sub("…", tidy(text))
        spans = sorted(self._spans(text, guess), key=lambda one: (one[0], -one[1]))
        pieces: list[str] = []
        done = 0
        for start, end, sign in spans:
            if start >= done:
                pieces += (text[done:start], sign)
            done = max(done, end)
        return "".join((*pieces, text[done:]))

    def address(self, address: Address) -> str:
        """Somebody in a header."""
        if address.email in self._spared:
            return tidy(f"{address.name} <{address.email}>" if address.name else address.email)
        return _sign(self._key(address.email)) if address.email else self.told(address.name)

    def _key(self, email: str) -> str:
        person = holder(self._policy, email)
        return person.mailbox if person else email

    def _learn(self, name: str, key: str) -> None:
        words = tuple(name_words(tidy(name))) if "@" not in name else ()
        if not words or self._own.issuperset(words):
            return
        ways = {words, *((word,) for word in words if len(word) >= _LEAST and word not in self._own)}
        for way in ways:
            known = self._names.setdefault(way[0], [])
            if all(way != other for other, _ in known):
                known.append((way, key))
                known.sort(key=lambda one: -len(one[0]))

    def _spans(self, text: str, guess: bool) -> Iterator[tuple[int, int, str]]:
        for match in _EMAIL.finditer(text):
            if match[0].lower() not in self._spared:
                yield *match.span(), _sign(self._key(match[0].lower()))
        said = plain(text)
        for start, end, digits in phones(said):
            if digits not in self._dialled:
                yield start, end, _sign(self._phones.get(digits, f"tel:{digits}"))
        for match in _DIGITS.finditer(text):
            digits = "".join(filter(str.isdigit, match[0]))
            if len(digits) >= _NUMBERS and not self._dialled.issuperset(_numbers(match[0]) or [digits]):
                yield *match.span(), _sign(self._phones.get(digits, f"tel:{digits}"))
        for start, end in (*addresses(said), *postcodes(said)):
            yield start, end, HOUSE
        yield from self._known(text)
        if not guess:
            return
        for one in mentions(text, Known(frozenset(word for word in self._names if word not in self._own), self._own)):
            yield from self._mentioned(text, one.start, one.end, one.named)

    def _known(self, text: str) -> Iterator[tuple[int, int, str]]:
        words = [(match.start(), match.end(), match[0]) for match in _WORD.finditer(text)]
        for number, (start, _, word) in enumerate(words):
            for way, key in self._names.get(word.casefold(), ()):
                there = words[number : number + len(way)]
                if (len(way) > 1 or word[0].isupper() or word not in _SMALL) and _same(text, there, way):
                    yield start, there[-1][1], _sign(key)
                    break

    def _mentioned(self, text: str, start: int, end: int, named: bool) -> Iterator[tuple[int, int, str]]:
        """Somebody known for a person by how he is spoken of: a name, not 'the lady at number 9'."""
        words = name_words(text[start:end])
        if named and text[start : start + 1].isupper() and words and not self._own.issuperset(words):
            known = [key for word in words for way, key in self._names.get(word, ()) if set(way) <= set(words)]
            if not known:
                self._learn(" ".join(words), _joined(" ".join(words)))
            yield start, end, _sign(known[0] if known else _joined(" ".join(words)))


def _everybody(mail: Mail) -> Iterator[Address]:
    yield from (*mail.authors, mail.sender, *mail.reply_to, *mail.recipients)
    if mail.submitter:
        yield mail.submitter
    for inner in mail.attached:
        yield from _everybody(inner)


def _numbers(phone: str) -> list[str]:
    return [digits for _, _, digits in phones(phone)]


def _joined(name: str) -> str:
    return " ".join(name_words(tidy(name)))


def _same(text: str, there: Sequence[tuple[int, int, str]], way: Sequence[str]) -> bool:
    """Whether these words are the name, with nothing between them but blanks, a quotation's marks and the like."""
    if [word.casefold() for _, _, word in there] != list(way):
        return False
    gaps: Iterable[str] = (text[one[1] : other[0]] for one, other in itertools.pairwise(there))
    return all(_BETWEEN.fullmatch(gap) for gap in gaps)


def _sign(key: str) -> str:
    return f"{OPEN}{key}{CLOSE}"
