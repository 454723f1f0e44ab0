"""A Word document (ECMA-376 part 1, 17): its text, what was struck out or put in, and what does not show."""

from __future__ import annotations

import re

from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.enclosures.properties import properties
from auditor.mail.enclosures.xml import value, walk
from auditor.mail.enclosures.zips import Zip
from auditor.mail.message import Risk

_PARTS = re.compile(r"word/(?:document\d*|footnotes|endnotes|header\d*|footer\d*|comments)\.xml$")
_ORDER = ("document", "foot", "end", "header", "comment")
_DDE = re.compile(r"\bDDE(?:AUTO)?\b\s+\S")
_HIDDEN_WORDS = 30
_BREAKS = {"p": "\n", "br": "\n", "cr": "\n", "tc": "\t", "tr": "\n"}


def read(package: Zip, seen: Look, budget: Budget) -> None:
    """Text in reading order: the letter, then notes, headers, comments, then what was struck out."""
    text = _Text()
    try:
        for name in sorted(filter(_PARTS.match, package.members), key=_place):
            walk(package.markup(name), text.begin, text.end, text.said)
            text.out.append("\n")
            if name.endswith("comments.xml"):
                seen.add(Risk.NOTED, "carries comments")
    finally:
        seen.say(["".join(text.out)], budget)
    struck = " ".join("".join(text.struck).split())
    if struck:
        seen.say(["\n", struck, "\n"], budget)
        seen.add(Risk.TRACKED, f"still holds words that were struck out ('{struck[:60].strip()}')")
    if len(" ".join(text.unseen).split()) >= _HIDDEN_WORDS:
        seen.add(Risk.HIDDEN, f"holds hidden text ('{' '.join(''.join(text.unseen).split())[:60].strip()}')")
    if _DDE.search("".join(text.fields)):
        seen.add(Risk.ACTIVE, "has a field that starts another program (DDE)")
    properties(package, seen)


def _place(name: str) -> tuple[int, str]:
    file = name.rpartition("/")[2]
    return next((n for n, begin in enumerate(_ORDER) if file.startswith(begin)), len(_ORDER)), name


class _Text:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.struck: list[str] = []
        self.unseen: list[str] = []
        self.fields: list[str] = []
        self._into: list[str] | None = None
        self._hidden = False
        self._properties = False
        self._fallback = 0
        self._in_cell = 0

    def begin(self, tag: str, held: dict[str, str]) -> None:
        if tag == "t":
            self._into = None if self._fallback else self.out
        elif tag == "delText":
            self._into = self.struck
        elif tag == "instrText":
            self._into = self.fields
        elif tag == "rPr":
            self._properties = True
        elif tag == "vanish" and self._properties:
            self._hidden = value(held, "val") not in ("0", "false", "off")
        elif tag == "r":
            self._hidden = False
        elif tag == "tab" and not self._properties:
            self.out.append("\t")
        elif tag == "tc":
            self._in_cell += 1
        elif tag == "Fallback":
            self._fallback += 1

    def end(self, tag: str) -> None:
        if tag in ("t", "delText", "instrText"):
            self._into = None
        elif tag == "rPr":
            self._properties = False
        elif tag == "Fallback":
            self._fallback -= 1
        elif tag in _BREAKS and not self._fallback:
            self._in_cell -= tag == "tc"
            self.out.append(" " if self._in_cell and tag != "tc" else _BREAKS[tag])
            if tag == "p":
                self.struck.append(" ")
                self._hidden = False

    def said(self, text: str) -> None:
        if self._into is None:
            return
        self._into.append(text)
        if self._hidden and self._into is self.out:
            self.unseen.append(text)
