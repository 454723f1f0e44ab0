"""Who wrote a message that is forwarded on, as the header lines above its words say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.mail.bodylines import BLANKS, Lines
from auditor.mail.headerblocks import label_of
from auditor.mail.mailwords import Label
from auditor.mail.message import Address

_ADDRESS = re.compile(r"[\w.+'&/-]+@[\w-]+(?:\.[\w-]+)+")
_ASIDE = re.compile(r"\s*[<(\[].*|\s*\bmailto:.*|\s+on behalf of .*", re.IGNORECASE | re.DOTALL)
_AGAIN = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc)\s*:", re.IGNORECASE)
_MARKS = BLANKS + ">|*"
_HEAD = 12


def authors(forwarded: str) -> tuple[Address, ...]:
    """Whoever wrote the forwarded message; then, as far as that one was itself passed on, who wrote the one in it.

    An address is empty where the lines give a name alone. Empty when no line says who wrote it.
    """
    if not forwarded:
        return ()
    found: list[Address] = []
    for author, subject in _heads(Lines.of(forwarded)):
        found.append(author)
        if not _AGAIN.match(subject):
            break
    return tuple(found) or _loose(forwarded)


def _heads(lines: Lines) -> Iterator[tuple[Address, str]]:
    """Author and subject of each block of header lines, in order."""
    author: Address | None = None
    subject = ""
    for at, bare in enumerate(lines.bare):
        named = label_of(bare.lstrip(_MARKS)) if ":" in bare or "：" in bare else None
        if named is None:
            continue
        label, value = named
        if label is Label.FROM:
            if author is not None:
                yield author, subject
            author, subject = _author(_whole(lines, at, value)), ""
        elif label is Label.SUBJECT and not subject:
            subject = value
    if author is not None:
        yield author, subject


def _whole(lines: Lines, at: int, value: str) -> str:
    """A value with the line that it goes on in, where the address did not fit."""
    below = lines.bare[at + 1].lstrip(_MARKS) if at + 1 < len(lines) else ""
    goes_on = "@" not in value and "@" in below and label_of(below) is None
    return f"{value} {below}" if goes_on else value


def _author(value: str) -> Address:
    address = _ADDRESS.search(value)
    name = _ASIDE.sub("", value).strip(" \"'*_\t")
    email = address[0].lower() if address else ""
    return Address("" if "@" in name else name, email)


def _loose(forwarded: str) -> tuple[Address, ...]:
    """Where no line is labelled (Notes): the first address near the top."""
    head = "\n".join(forwarded.split("\n", _HEAD)[:_HEAD])
    address = _ADDRESS.search(head)
    return (Address("", address[0].lower()),) if address else ()
