"""XML read as it comes, piece by piece, without entities or document types of its own (XML 1.0, section 2.8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.parsers import expat

from auditor.mail.enclosures.budget import Refused

Begin = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Said = Callable[[str], None]


def walk(pieces: Iterable[bytes], begin: Begin, end: End | None = None, said: Said | None = None) -> None:
    """Tells of every element's beginning and end by its name without prefix, and of the text between them.

    Attributes keep their prefix (`w:val`, `state`). Raises `expat.ExpatError` on what is no XML, `Refused` on a
    document type, which no office program writes.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    names: dict[str, str] = {}

    def local(name: str) -> str:
        found = names.get(name)
        if found is None:
            found = names[name] = name.rpartition(":")[2]
        return found

    def refused(*_: object) -> None:
        raise Refused("carries XML that is built to swell")

    parser.StartDoctypeDeclHandler = refused
    parser.StartElementHandler = lambda name, attributes: begin(local(name), attributes)
    if end is not None:
        ended = end
        parser.EndElementHandler = lambda name: ended(local(name))
    if said is not None:
        parser.CharacterDataHandler = said
    empty = True
    for piece in pieces:
        empty = False
        parser.Parse(piece, False)
    if not empty:
        parser.Parse(b"", True)


def value(attributes: dict[str, str], name: str) -> str:
    """An attribute by its name without prefix; '' when it is not there."""
    found = attributes.get(name)
    if found is not None:
        return found
    return next((text for key, text in attributes.items() if key.rpartition(":")[2] == name), "")


def on(text: str) -> bool:
    """Whether a switch is on, in the ways ECMA-376 writes it."""
    return text in ("1", "true", "on")
