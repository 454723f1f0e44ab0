"""Telephone numbers, addresses and dates as they stand in letters; whose they are is another question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from auditor.analysers.patterns import Pattern, alternatives, compiled
from auditor.analysers.vocabulary import terms

_DIALLED = compiled(r"(?:\+|\(|\b)\d[\d ().-]{5,24}\d\b")
_BRITISH = re.compile(r"0(?:7\d{9}|[12]\d{8,9}|[389]\d{9}|5[56]\d{8})")
_MONTH = alternatives(terms("personal_data", "months"))
_YEAR = r"(?:(?:19[2-9]|20[0-4])\d|'?\d\d)"
_DATE = compiled(
    rf"\b(?:(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-]{_YEAR}|(?:19[2-9]|20[0-4])\d-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH},?[ -]{_YEAR}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR})\b"
)
_CODE = compiled(r"\d[a-z]? ?\d[a-z]{2}\b")
_LEADING = re.compile(r"\b(?:at|is|of|in|to|are|from) ")
_BORN = compiled(r"\b\d{1,2}/\d{1,2}/(?:19[2-9]|20[0-4])\d\b")
"""As Americans write it, the month first."""
_POSTCODE = compiled(
    r"\b[a-pr-uwyz](?:\d{1,2}|[a-hk-y]\d{1,2}|\d[a-hjkps-uw]|[a-hk-y]\d[abehmnprv-y]) ?\d[abd-hjlnp-uw-z]{2}\b"
)
_POSSIBLE = range(7, 16)
"""How many digits a telephone number may have, with its country's code (ITU-T E.164)."""


def british(digits: str) -> bool:
    """Whether digits make a number of the United Kingdom's plan, area code included."""
    return _BRITISH.fullmatch(digits) is not None


def phones(plain: str) -> Iterator[tuple[int, int, str]]:
    """Stretches that may be a telephone number, with their digits; '+44' is told as 0."""
    for start, end in _DIALLED.spans(plain):
        said = plain[start:end].replace("(0)", "")
        digits = "".join(c for c in said if c.isdigit())
        if (digits.startswith("44") and said[0] == "+") or digits.startswith("0044"):
            digits = "0" + digits.removeprefix("00")[2:].removeprefix("0")
        if len(digits) in _POSSIBLE and (british(digits) or not _DATE.found(plain[start:end])):
            yield start, end, digits


def dates(plain: str) -> Iterator[tuple[int, int]]:
    """Days with their year, of which somebody alive may have been born."""
    found = [*_DATE.spans(plain), *_BORN.spans(plain)]
    yield from sorted(set(found))


def addresses(plain: str) -> Iterator[tuple[int, int]]:
    """A house by number and street, or by name with its postcode."""
    yield from _street().spans(plain)
    if _CODE.found(plain):
        for start, end in _house().spans(plain):
            words = plain[start:end]
            yield start + max((match.end() for match in _LEADING.finditer(words)), default=0), end


def postcodes(plain: str) -> Iterator[tuple[int, int]]:
    """Postcodes of the United Kingdom."""
    yield from _POSTCODE.spans(plain)


@cache
def _street() -> Pattern:
    ways = alternatives(terms("personal_data", "ways"))
    return compiled(
        rf"\b(?:(?:flat|apartment|apt|number|no\.?) )?\d{{1,4}}[a-f]?,? (?:the )?(?:[a-z'-]+ ){{1,3}}{ways}\b|\b(?:flat|apartment|number|no\.?) \d{{1,4}}[a-f]? (?:on|in|of|,) (?:the )?(?:[a-z'-]+ ){{0,3}}{ways}\b|\b\d{{1,4}}[a-f]?,? (?:the {ways}s?|(?:heol|ffordd|stryd|lon) [a-z'-]+(?: [a-z'-]+)?)\b"
    )


@cache
def _house() -> Pattern:
    return compiled(r"\b[a-z'-]+(?:,? [a-z'-]+){1,6},? [a-pr-uwyz][a-hk-y]?\d[\da-z]? ?\d[abd-hjlnp-uw-z]{2}\b")
