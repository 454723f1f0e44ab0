"""Numbers that stand for a person or an account, told by their shape, their check digits and the words beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from auditor.analysers import checksums
from auditor.analysers.patterns import Pattern, alternatives, compiled, encoded
from auditor.analysers.prose import plain
from auditor.analysers.vocabulary import terms
from auditor.values import Value


class Sort(StrEnum):
    """What a number stands for, as the clerk would call it."""

    CARD = "payment card number"
    IBAN = "IBAN"
    ACCOUNT = "bank account with its sort code"
    INSURANCE = "National Insurance number"
    HEALTH = "NHS number"
    TAX = "Unique Taxpayer Reference"
    PASSPORT = "passport number"
    LICENCE = "driving-licence number"
    SOCIAL = "social security number"


BANKING = frozenset({Sort.CARD, Sort.IBAN, Sort.ACCOUNT})


class Number(Value, frozen=True):
    """One such number, half-open in its text."""

    sort: Sort
    start: int
    end: int


_NEAR = 60
"""Characters before a number in which the word for it may stand."""
_SIGN = re.compile(r"[^\W_]")

_CARD = compiled(r"\b(?:\d{12,19}|\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{1,7}|\d{4}[ -]\d{6}[ -]\d{4,5})\b")
_IBAN = compiled(r"\b[a-z]{2} ?\d{2}(?:[ .-]{0,2}[a-z0-9]){11,34}")
_INSURANCE = compiled(r"\b[a-ceghj-prstw-z][a-ceghj-nprstw-z][ -]?\d\d[ -]?\d\d[ -]?\d\d[ -]?[a-d]\b")
_UNENDED = compiled(r"\b[a-ceghj-prstw-z][a-ceghj-nprstw-z][ -]?\d\d[ -]?\d\d[ -]?\d\d\b")
_TEN = compiled(r"\b(?:\d{3}[ -]?\d{3}[ -]?\d{4}|\d{5} \d{5})\b")
_PASSPORT = compiled(r"\b(?:\d{9}|\d{3} \d{3} \d{3}|[a-z]{1,2}\d{7})\b")
_LICENCE = compiled(
    r"\b[a-z]{1,5}9{0,4} ?\d(?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12]\d|3[01])\d ?[a-z9]{2}[a-z\d] ?[a-z]{2}\b"
)
_FOREIGN = compiled(r"\b(?:[a-z]{0,2}\d[\d-]{6,14}\d)\b")
_SOCIAL = compiled(r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b")


@lru_cache(maxsize=32)  # a message's parts, for every rule in turn
def numbers(text: str) -> tuple[Number, ...]:
    """Every such number in a text, in order; of those that begin alike, in the order of `Sort`."""
    said = plain(text)
    small = encoded(said)
    readers = _READERS if WORTH.occurs(small) else ()
    held = [one for worth, read in readers if worth.occurs(small) for one in read(said)]
    return tuple(sorted(held, key=lambda one: one.start))


def called(table: str) -> Pattern:
    """The words of a table, as a pattern."""
    return compiled(r"\b" + alternatives(terms("identifiers", table)))


_INSURANCE_WORDS = called("insurance_words")
_HEALTH_WORDS = called("health_words")
_TAX_WORDS = called("tax_words")
_PASSPORT_WORDS = called("passport_words")
_CARD_WORDS = called("card_words")
_PART_WORDS = called("part_words")
_LICENCE_WORDS = called("licence_words")


def _near(words: Pattern, said: str, start: int, reach: int = _NEAR) -> bool:
    return words.found(said[max(0, start - reach) : start]) is not None


def _alone(said: str, start: int, end: int) -> bool:
    """Whether a text holds nothing but this number."""
    return _SIGN.search(said, 0, start) is None and _SIGN.search(said, end) is None


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _cards(said: str) -> Iterator[Number]:
    for start, end in _CARD.spans(said):
        digits = _digits(said[start:end])
        if checksums.card(digits) or (checksums.luhn(digits) and _near(_CARD_WORDS, said, start, reach=30)):
            yield Number(Sort.CARD, start, end)


def _ibans(said: str) -> Iterator[Number]:
    for start, end in _IBAN.spans(said):
        size = checksums.iban_length(said[start : start + 2])
        places = [n for n in range(start, end) if said[n].isalnum()][:size]
        compact = "".join(said[n] for n in places)
        figured = 2 * len(_digits(compact)) > size
        if size and len(compact) == size and compact.isascii() and figured and checksums.iban(compact):
            yield Number(Sort.IBAN, start, places[-1] + 1)


_SORT = alternatives(terms("identifiers", "sort_words"))
_HOLDER = alternatives(terms("identifiers", "account_words"))
_CODE = r"(?:\d\d-\d\d-\d\d|\d\d \d\d \d\d)"
_EIGHT = r"(?:\d{7,10}|\d{4} \d{4})"
_ACCOUNTS = (
    compiled(rf"\b{_CODE}[ ,;:/|&.-]{{1,6}}{_EIGHT}\b"),
    compiled(rf"\b{_CODE}\b[^\d]{{1,60}}{_HOLDER}[^\d]{{1,40}}{_EIGHT}\b"),
    compiled(rf"\b{_SORT}[^\d]{{0,30}}(?:{_CODE}|\d{{6}})\b[^\d]{{1,80}}{_EIGHT}\b"),
    compiled(rf"\b{_EIGHT}\b[^\d]{{0,80}}{_SORT}[^\d]{{0,30}}(?:{_CODE}|\d{{6}})\b"),
    compiled(rf"\b{_EIGHT}\b[^\d]{{1,4}}(?:at|with|@)[^\d]{{1,30}}{_CODE}\b"),
)
_PARTED = re.compile(r"[\d./-]\d")
_FRACTION = re.compile(r"\.\d")
_DAY = re.compile(
    r"(?:0[1-9]|[12]\d|3[01])[ -](?:0[1-9]|1[0-2])[ -]\d\d|(?:0[1-9]|1[0-2])[ -](?:0[1-9]|[12]\d|3[01])[ -]\d\d"
)
"""A day as the British or the Americans write it: a sort code only beside a word of banking."""
_BANK = called("bank_words")
_ROUTING = alternatives(terms("identifiers", "routing_words"))
_AMERICAN = compiled(rf"\b{_ROUTING}[^\d]{{0,20}}(\d{{9}})\b.{{1,120}}\b{_HOLDER}\b[^\d]{{0,20}}\d{{4,17}}\b")


def _accounts(said: str) -> Iterator[Number]:
    for one in _ACCOUNTS:
        for start, end in one.spans(said):
            part = (start and _PARTED.match(said, start - 1)) or _FRACTION.match(said, end)
            if not part and (not _DAY.match(said, start) or _near(_BANK, said, start)):
                yield Number(Sort.ACCOUNT, start, end)
    american = _AMERICAN.found(said)
    if american and checksums.routing(american[1]):
        yield Number(Sort.ACCOUNT, *american.span())


def _insurance(said: str) -> Iterator[Number]:
    never = terms("identifiers", "never_issued")
    for start, end in _INSURANCE.spans(said):
        if (
            said[start : start + 2] not in never
            and not _near(_PART_WORDS, said, start, reach=40)
            and said[start - 1 : start] != "/"
        ):
            yield Number(Sort.INSURANCE, start, end)
    for start, end in _UNENDED.spans(said):
        if said[start : start + 2] not in never and _near(_INSURANCE_WORDS, said, start):
            yield Number(Sort.INSURANCE, start, end)


def _tens(said: str) -> Iterator[Number]:
    for start, end in _TEN.spans(said):
        digits = _digits(said[start:end])
        for sort, words, right in _TENS:
            if right(digits) and (_alone(said, start, end) or _near(words, said, start)):
                yield Number(sort, start, end)


_TENS = ((Sort.HEALTH, _HEALTH_WORDS, checksums.nhs), (Sort.TAX, _TAX_WORDS, checksums.utr))


def _passports(said: str) -> Iterator[Number]:
    for start, end in _PASSPORT.spans(said):
        lettered = said[start].isalpha() and said[start + 1].isalpha()
        if (lettered and _alone(said, start, end)) or _near(_PASSPORT_WORDS, said, start):
            yield Number(Sort.PASSPORT, start, end)


def _licences(said: str) -> Iterator[Number]:
    for start, end in _LICENCE.spans(said):
        if len(said[start:end].replace(" ", "")) == 16:
            yield Number(Sort.LICENCE, start, end)
    for start, end in _FOREIGN.spans(said):
        if _near(_LICENCE_WORDS, said, start, reach=35):
            yield Number(Sort.LICENCE, start, end)


def _social(said: str) -> Iterator[Number]:
    for start, end in _SOCIAL.spans(said):
        if said[end : end + 1] not in ("/", "-"):
            yield Number(Sort.SOCIAL, start, end)


_READERS = (
    (compiled(r"\d(?:[ -]?\d){11}"), _cards),
    (compiled(r"\b[a-z]{2} ?\d\d[ .-]{0,2}(?:[a-z]{1,4}[ .-]{0,2})?\d[ .-]{0,2}[a-z\d][ .-]{0,2}\d"), _ibans),
    (compiled(rf"\b{_CODE}|\b(?:{_SORT}|{_ROUTING})[^\d]{{0,30}}\d"), _accounts),
    (compiled(r"\b[a-z]{2}[ -]?\d\d[ -]?\d\d[ -]?\d\d"), _insurance),
    (compiled(rf"{_HEALTH_WORDS.source}|{_TAX_WORDS.source}|^[\W_]*{_TEN.source}[\W_]*$"), _tens),
    (compiled(rf"{_PASSPORT_WORDS.source}|[a-z]{{2}}\d{{7}}"), _passports),
    (compiled(rf"{_LICENCE_WORDS.source}|[a-z9]\d{{6}}[a-z9]"), _licences),
    (_SOCIAL, _social),
)
"""What a text must hold for a reading to be worth its while, and the reading."""
WORTH = compiled("|".join(f"(?:{worth.source})" for worth, _ in _READERS))
"""The same of any of them, of a text in small letters."""
