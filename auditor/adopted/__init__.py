"""The council's adopted policy, paragraph by paragraph: which clause each one is, and what e-mail cannot show of it.

A paragraph is known by a clause's mark behind it, '(E3)', or else by its words; `paragraphs.toml` holds them. One that
is known by neither is said to be unknown, so that silence is not taken for its being kept.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from msgspec import Struct, convert

from auditor.policy import CLAUSES
from auditor.values import Value

_FOLDER = Path(__file__).parent
_MARK = re.compile(r"\(((?:[A-Z]\d{1,2})(?:\s*,\s*[A-Z]\d{1,2})*)\)\s*\.?\s*$")
_NUMBER = re.compile(r"\A\s*(?:\(?\d{1,3}(?:\.\d{1,3})*[.)]?|\(?[a-zA-Z][.)]|[-*•·–▪o])\s+")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_LONGEST = 1_000_000
"""Characters of a policy that are read; an adopted policy has a few thousand."""


class Paragraph(Value, frozen=True):
    """One paragraph or bullet of the adopted policy."""

    text: str
    """On one line, without its number or bullet."""
    clauses: tuple[str, ...] = ()
    unseen: str = ""
    """What of it cannot be seen in e-mail, and why, one sentence; all of it where there are no clauses."""

    @property
    def known(self) -> bool:
        """Whether it was known for anything."""
        return bool(self.clauses or self.unseen)


class Adopted(Value, frozen=True):
    """The adopted text as the auditor reads it."""

    sha256: str
    """Of the file's bytes: proves which text was read."""
    paragraphs: tuple[Paragraph, ...]
    """In the text's order, without headings."""
    outdated: tuple[str, ...] = ()
    """One polite sentence for each law it names that is no longer in force."""


def adopted(raw: bytes) -> Adopted:
    """The policy in `raw` (UTF-8 text; what is no UTF-8 is read as Windows-1252). Never raises."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    text = text[:_LONGEST]
    return Adopted(hashlib.sha256(raw).hexdigest(), tuple(map(_paragraph, _pieces(text))), tuple(_outdated(text)))


def unseen(clause: str) -> str:
    """What mail cannot show of a clause, one sentence; empty where it shows all that the clause asks."""
    return _data().unseen.get(clause, "")


def _paragraph(text: str) -> Paragraph:
    mark = _MARK.search(text)
    if mark:
        named = tuple(name for name in re.split(r"\s*,\s*", mark[1]) if name in CLAUSES)
        if named:
            return Paragraph(text[: mark.start()].rstrip(), named, " ".join(filter(None, map(unseen, named))))
    return _by_words(text)


def _by_words(text: str) -> Paragraph:
    """The entry most of whose groups of words it has, all of them at least; the first of several."""
    said = " " + " ".join(_WORD.findall(text.lower().replace("’", "'").replace("-", " "))) + " "
    best = max(_data().paragraph, key=lambda entry: _fit(entry.known_by, said))
    if not _fit(best.known_by, said):
        return Paragraph(text)
    return Paragraph(text, best.clauses, best.because or " ".join(filter(None, map(unseen, best.clauses))))


def _fit(groups: tuple[tuple[str, ...], ...], said: str) -> int:
    """How many groups of words a text has one of each of; 0 when it lacks any."""
    return len(groups) if all(any(f" {word}" in said for word in group) for group in groups) else 0


def _pieces(text: str) -> Iterator[str]:
    """Paragraphs and list items, headings and titles left out."""
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        if lines and (not line.strip() or _NUMBER.match(line) or lines[-1].isupper()):
            piece = _NUMBER.sub("", " ".join(map(str.strip, lines)), count=1).strip()
            if _says_something(piece):
                yield piece
            lines = []
        if line.strip():
            lines.append(line)


def _says_something(piece: str) -> bool:
    """Whether it is no heading: those are short, without a full stop, or in capitals."""
    if piece.isupper() or len(piece) < 4:
        return False
    return piece.endswith((".", ";", ":", ",", ")")) or len(piece.split()) > 8


def _outdated(text: str) -> Iterator[str]:
    plain = re.sub(r"\s+", " ", text.lower())
    return (law.said for law in _data().outdated if any(name in plain for name in law.named))


class _Entry(Struct, frozen=True):
    """How one sort of paragraph is known."""

    known_by: tuple[tuple[str, ...], ...]
    clauses: tuple[str, ...] = ()
    because: str = ""


class _Law(Struct, frozen=True):
    """A law that is no longer in force, by its names."""

    named: tuple[str, ...]
    said: str


class _Data(Struct, frozen=True):
    """`paragraphs.toml`."""

    unseen: dict[str, str]
    paragraph: tuple[_Entry, ...]
    outdated: tuple[_Law, ...]


@cache
def _data() -> _Data:
    return convert(tomllib.loads((_FOLDER / "paragraphs.toml").read_text("utf-8")), _Data)
