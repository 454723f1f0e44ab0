"""From a message's text parts to the one text its reader sees (RFC 2046 5.1), the other view kept beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.mail.message import Body, Hint, Link, Mark, View

_WORD = re.compile(r"\w{2,}")
_LINK = re.compile(r"<?\b(?:https?://|mailto:|www\.)[^\s<>]*>?")
_FEW = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one part as shown, and what its other view says."""

    text: str
    html: bool
    marks: tuple[Mark, ...] = ()
    hidden: str = ""
    links: tuple[Link, ...] = ()
    other: str | None = None
    """The plain text beside an HTML view; None when there is one view only."""


def alternatives(pieces: list[Piece]) -> tuple[Piece | None, bool]:
    """The view a reader sees of alternatives in rising order of richness, and whether a blank one was passed over."""
    shown = next((piece for piece in reversed(pieces) if piece.html), pieces[-1] if pieces else None)
    if shown is None:
        return None, False
    plain = next((piece for piece in reversed(pieces) if not piece.html and piece is not shown), None)
    if not shown.html or plain is None:
        return shown, False
    if not shown.text.strip() and plain.text.strip():
        return Piece(plain.text, html=False, hidden=_join(plain.hidden, shown.hidden)), True
    return Piece(shown.text, True, shown.marks, _join(shown.hidden, plain.hidden), shown.links, plain.text), False


def together(pieces: list[Piece]) -> Piece | None:
    """Parts shown one after the other (multipart/mixed), each on lines of its own."""
    if len(pieces) < 2:
        return pieces[0] if pieces else None
    text, marks, links = "", [], []
    for piece in pieces:
        text = text if not text or text.endswith("\n") else text + "\n"
        marks += [Mark(mark.start + len(text), mark.end + len(text), mark.hint) for mark in piece.marks]
        links += [Link(link.at + len(text), link.target) for link in piece.links]
        text += piece.text
    other = None
    if any(piece.other is not None for piece in pieces):
        other = _join(*(piece.text if piece.other is None else piece.other for piece in pieces))
    hidden = _join(*(piece.hidden for piece in pieces))
    return Piece(
        text, any(piece.html for piece in pieces), tuple(_to_the_end(marks, len(text))), hidden, tuple(links), other
    )


def _to_the_end(marks: list[Mark], size: int) -> list[Mark]:
    """History lasts to the end of the whole text, and covers what it runs over."""
    for i, mark in enumerate(marks):
        if mark.hint is Hint.HISTORY:
            return [*marks[:i], Mark(mark.start, size, mark.hint)]
    return marks


def body(piece: Piece | None, outside: str) -> Body:
    """The body, with text from outside the parts counted as hidden."""
    if piece is None:
        return Body("", View.NONE, hidden=outside)
    view = View.HTML if piece.html else View.PLAIN
    if piece.other is None:
        return Body(piece.text, view, piece.marks, piece.links, _join(piece.hidden, outside))
    agreed = agreement(piece.text, piece.other)
    return Body(piece.text, view, piece.marks, piece.links, _join(piece.hidden, outside), piece.other, agreed)


def agreement(one: str, other: str) -> float:
    """The share of the two texts' different words that stand in both; links are left out."""
    if one == other:
        return 1.0
    a, b = _words(one), _words(other)
    if len(a) + len(b) < _FEW:
        return 1.0 if a == b else 0.0
    return round(len(a & b) / len(a | b), 3)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(_LINK.sub(" ", text.lower())))


def _join(*texts: str) -> str:
    kept = [text for text in texts if text]
    return "\n".join(text.rstrip("\n") for text in kept) + "\n" if len(kept) > 1 else "".join(kept)
