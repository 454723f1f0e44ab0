"""The particulars that office programs write into a document (ECMA-376 part 2, 11; part 1, 22.2)."""

from __future__ import annotations

from auditor.mail.enclosures.budget import Look
from auditor.mail.enclosures.xml import walk
from auditor.mail.enclosures.zips import Zip
from auditor.mail.message import Risk

_WANTED = {"creator": "written by", "lastModifiedBy": "last changed by", "Company": "of", "Manager": "manager"}
_MOST = 60


def properties(package: Zip, seen: Look) -> None:
    """Who wrote a document and who changed it last, as it says itself."""
    found: dict[str, str] = {}
    for part in ("docProps/core.xml", "docProps/app.xml"):
        if part in package.members:
            found |= _particulars(package, part)
    said = [f"{words} {found[tag]}" for tag, words in _WANTED.items() if found.get(tag)]
    if said:
        seen.add(Risk.PROPERTIES, f"says of itself: {', '.join(said)}")


def _particulars(package: Zip, part: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = ""

    def begin(tag: str, _held: dict[str, str]) -> None:
        nonlocal at
        at = tag if tag in _WANTED else ""

    def end(_tag: str) -> None:
        nonlocal at
        at = ""

    def said(text: str) -> None:
        if at:
            found[at] = f"{found.get(at, '')}{text}".strip()[:_MOST]

    walk(package.markup(part), begin, end, said)
    return found
