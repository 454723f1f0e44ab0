"""Whether a number is one at all: the check digits that whoever issues it has put in."""

from __future__ import annotations

from functools import cache

from auditor.analysers.vocabulary import terms

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_UTR = (6, 7, 8, 9, 10, 5, 4, 3, 2)


def card(digits: str) -> bool:
    """A payment card: an issuer's first digits, the length that issuer uses, and the Luhn check (ISO/IEC 7812)."""
    return luhn(digits) and any(
        first <= int(digits[:size]) <= last and len(digits) in lengths for first, last, size, lengths in _issuers()
    )


def luhn(digits: str) -> bool:
    """The check digit that every payment card ends in (ISO/IEC 7812)."""
    odd, even = digits[-1::-2], digits[-2::-2]
    return (sum(map(int, odd)) + sum(_DOUBLED[int(d)] for d in even)) % 10 == 0


def iban(compact: str) -> bool:
    """An international account number, in small letters without blanks: ISO 13616, modulo 97."""
    return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1


def iban_length(country: str) -> int:
    """How many characters a country's account numbers have; 0 where it has none."""
    return _lengths().get(country, 0)


def nhs(digits: str) -> bool:
    """An NHS number: modulo 11 over its first nine digits (NHS Data Dictionary)."""
    rest = sum(int(d) * (10 - n) for n, d in enumerate(digits[:9])) % 11
    return (11 - rest) % 11 == int(digits[9])


def utr(digits: str) -> bool:
    """A Unique Taxpayer Reference: its first digit answers for the nine that follow (HMRC)."""
    return "21987654321"[sum(w * int(d) for w, d in zip(_UTR, digits[1:], strict=True)) % 11] == digits[0]


def routing(digits: str) -> bool:
    """An American bank's routing number: weights 3, 7, 1."""
    return sum(int(d) * w for d, w in zip(digits, (3, 7, 1) * 3, strict=True)) % 10 == 0


@cache
def _issuers() -> tuple[tuple[int, int, int, frozenset[int]], ...]:
    rows = []
    for term in sorted(terms("identifiers", "issuers")):
        reach, _, lengths = term.partition(":")
        first, _, last = reach.partition("-")
        rows.append((int(first), int(last or first), len(first), frozenset(map(int, lengths.split()))))
    return tuple(rows)


@cache
def _lengths() -> dict[str, int]:
    return {country: int(size) for country, _, size in (t.partition(":") for t in terms("identifiers", "ibans"))}
