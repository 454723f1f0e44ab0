"""Address headers (RFC 5322 3.4), read so that no candidate is lost.

A header that two programs read differently (`alice@example.org)bob@example.com`, CVE-2023-27043) yields every
address in it, with a defect: the recipients rules judge all of them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.mail.headers import decoded
from auditor.mail.message import Address, Defect

_PLAIN = re.compile(r"[^\s\"'(),:;<>@\\\[\]]+@[^\s\"'(),:;<>@\\]+")
_NAMED = re.compile(r"\s*([^\"(),:;<>@\\\[\]]*)<([^\s\"'(),:;<>@\\\[\]]+@[^\s\"'(),:;<>@\\]+)>\s*")
_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"|<[^<>]*>|\((?:[^()\\]|\\.)*\)|[,;:<>()"]|[^,;:<>()"]+',
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_HELD = "\ue000"
"""Stands for a space inside a quoted local part while words are told apart."""
_EDGE = "'`.,;:<>[]()\""
_CACHED = 400

Parsed = tuple[tuple[Address, ...], tuple[Defect, ...]]


def addresses(values: list[str] | None, limit: int) -> Parsed:
    """Every mailbox in these values of one header, in order, at most `limit`; and what was wrong.

    A name without an address is kept as an Address with an empty `email`; groups yield their members.
    """
    if not values:
        return (), ()
    if len(values) == 1:
        value = values[0]
        return _cached(value, limit) if len(value) < _CACHED else _read(value, limit)
    return _read(", ".join(values), limit)


def _read(value: str, limit: int) -> Parsed:
    simple = _NAMED.fullmatch(value)
    if simple:
        return (Address(_name(simple[1]), simple[2].lower()),), ()
    entries = value.split(",", limit + 1)
    if len(entries) <= limit and all(_PLAIN.fullmatch(entry.strip()) for entry in entries):
        return tuple(Address("", entry.strip().lower()) for entry in entries), ()
    return _Tolerant(limit).read(value)


_cached = lru_cache(maxsize=8192)(_read)


class _Tolerant:
    """One walk over a header's tokens; every address found is kept."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.found: list[Address] = []
        self.defects: list[Defect] = []
        self.surname = ""
        self.clear()

    def clear(self) -> None:
        self.phrase: list[str] = []
        self.bare: list[str] = []
        self.angles: list[str] = []
        self.comments: list[str] = []
        self.stray = False

    def read(self, value: str) -> Parsed:
        tokens = _TOKEN.findall(value)
        for i, piece in enumerate(tokens):
            if len(self.found) >= self.limit:
                self.defects.append(Defect("size", f"more than {self.limit:,} addresses in one header"))
                break
            self.take(piece, tokens[i + 1][:1] if i + 1 < len(tokens) else "")
        else:
            self.entry()
            self.lone_name()
        return tuple(self.found), tuple(dict.fromkeys(self.defects))

    def take(self, piece: str, following: str) -> None:
        first = piece[0]
        if piece in ",;":
            self.entry()
        elif piece == ":":
            self.clear()
        elif first == '"' and len(piece) > 1:
            self.phrase.append(_ESCAPED.sub(r"\1", piece[1:-1]))
            # RFC 5322 lets a local part be quoted: "j smith"@example.org
            self.bare.append(piece.replace(" ", _HELD) if following == "@" else " ")
        elif first == "<" and len(piece) > 1:
            self.angles.append(piece[1:-1])
        elif first == "(" and len(piece) > 1:
            self.comments.append(_ESCAPED.sub(r"\1", piece[1:-1]))
        elif piece in '<>()"':
            self.stray = True
            self.bare.append(" ")
        else:
            self.phrase.append(piece)
            self.bare.append(piece)

    def entry(self) -> None:
        """The end of one entry of the list."""
        emails = [email for email in map(_angle, self.angles) if email]
        if self.stray or not emails:
            emails += [word for word in _candidates("".join(self.bare)) if word not in emails]
        phrase = _name("".join(self.phrase))
        if self.stray or len(emails) > 1:
            self.defects.append(Defect("address", "an address header is ambiguous; every address in it was taken"))
        if emails:
            self.keep(emails, phrase)
        elif phrase:
            self.lone_name()
            self.surname = phrase
        self.clear()

    def keep(self, emails: list[str], phrase: str) -> None:
        name = phrase if self.angles else ""
        if self.surname and self.angles and " " not in self.surname:
            # Smith, Ann <ann@example.org>: the comma should have been quoted.
            name = f"{self.surname}, {name}" if name else self.surname
            self.surname = ""
        self.lone_name()
        name = name or _name(" ".join(self.comments))
        self.found.extend(Address(name, email) for email in emails)

    def lone_name(self) -> None:
        if self.surname:
            self.found.append(Address(self.surname, ""))
            self.surname = ""


def _angle(inside: str) -> str:
    """What stands between angle brackets, without a route (RFC 5322 4.4) or a `mailto:`."""
    text = "".join(inside.split())
    if text.startswith("@"):
        text = text.rpartition(":")[2]
    text = text.removeprefix("mailto:").removeprefix("MAILTO:").strip("'")
    return text.lower() if "@" in text else ""


def _candidates(text: str) -> list[str]:
    words = (word.strip(_EDGE) if '"' not in word and "@[" not in word else word for word in text.split())
    return list(dict.fromkeys(word.replace(_HELD, " ").lower() for word in words if "@" in word.strip("@")))


def _name(phrase: str) -> str:
    return decoded(" ".join(phrase.split())).strip().strip("\"'").strip()
