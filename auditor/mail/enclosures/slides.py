"""A PowerPoint presentation (ECMA-376 part 1, 19): the text of its slides, then the speaker's notes."""

from __future__ import annotations

import re

from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.enclosures.properties import properties
from auditor.mail.enclosures.xml import walk
from auditor.mail.enclosures.zips import Zip
from auditor.mail.message import Risk

_SLIDE = re.compile(r"ppt/(slides|notesSlides|comments)/[a-zA-Z_]*(\d*)[^/]*\.xml$")
_ORDER = ("slides", "notesSlides", "comments")


def read(package: Zip, seen: Look, budget: Budget) -> None:
    """Slides by their number; the program that wrote them may show them in another order."""
    found = [(match, name) for name in package.members if (match := _SLIDE.match(name))]
    for match, name in sorted(found, key=lambda one: (_ORDER.index(one[0][1]), int(one[0][2] or 0), one[1])):
        text = _paragraphs(package, name)
        seen.say([text, "\n"], budget)
        if match[1] != "slides" and any(map(str.isalpha, text)):
            seen.add(Risk.NOTED, "carries speaker's notes or comments")
    properties(package, seen)


def _paragraphs(package: Zip, name: str) -> str:
    out: list[str] = []
    shown = False

    def begin(tag: str, _held: dict[str, str]) -> None:
        nonlocal shown
        shown = tag in ("t", "text")
        if tag == "br":
            out.append("\n")

    def end(tag: str) -> None:
        nonlocal shown
        shown = False
        if tag in ("p", "text"):
            out.append("\n")

    def said(text: str) -> None:
        if shown:
            out.append(text)

    walk(package.markup(name), begin, end, said)
    return "".join(out)
