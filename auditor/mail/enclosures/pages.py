"""Web pages, drawings for browsers, and plain text."""

from __future__ import annotations

import re
from itertools import islice

from auditor.mail import html
from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.enclosures.names import ending
from auditor.mail.message import Risk
from auditor.mail.text import decode, tidy
from auditor.mail.vocabulary import enclosure_terms

_MOST = 5_000_000
_MOST_MARKUP = 1_000_000
_ACTIVE = re.compile(rb"<script\b|<form\b|<input\b|<meta\b|<body\b|<img\b|<svg\b", re.IGNORECASE)
_MOST_MARKS = 5_000
_WIDE = 400
_CODE = re.compile(rb"<script\b[^>]*\bsrc\s*=|<script\b[^>]*>\s*[^<\s]|<script\b[^>]*>\s*<!", re.IGNORECASE)
_DATA = re.compile(
    rb"<script\b[^>]*\btype\s*=\s*[\"']?(?:application/(?:ld\+)?json|text/(?:template|plain))", re.IGNORECASE
)
_EVENT = re.compile(rb"<(?:body|img|svg)\b[^>]*\bon(?:load|error)\s*=\s*[\"'\w]", re.IGNORECASE)
_FORM = re.compile(rb"<form\b[^>]*\baction\s*=\s*[\"']?https?:|<input\b[^>]*\btype\s*=\s*[\"']?password", re.IGNORECASE)
_FETCHES = re.compile(
    rb"<meta\b[^>]*\bhttp-equiv\s*=\s*[\"']?refresh[^>]*url\s*=\s*[\"']?(?:https?|data|javascript):", re.IGNORECASE
)


def page(data: bytes, _name: str, seen: Look, budget: Budget) -> None:
    """A web page: its text, and whether it does something of its own accord."""
    _acts(data, seen)
    reading = html.read(tidy(decode(_cut(data, seen, _MOST_MARKUP))[0]))
    seen.say([reading.text], budget)
    if reading.hidden:
        seen.say(["\n", reading.hidden], budget)


def drawing(data: bytes, _name: str, seen: Look, _budget: Budget) -> None:
    """An SVG drawing, which a browser opens like a page."""
    _acts(data, seen)


def plain(data: bytes, name: str, seen: Look, budget: Budget) -> None:
    """Text as it stands. What is named as a page is opened as one, whatever it begins with."""
    if ending(name) in enclosure_terms("pages"):
        _acts(data, seen)
    seen.say([tidy(decode(_cut(data, seen))[0])], budget)


def _cut(data: bytes, seen: Look, most: int = _MOST) -> bytes:
    if len(data) > most:
        seen.unread = f"text past its first {most:,} bytes"
    return data[:most]


def _acts(data: bytes, seen: Look) -> None:
    for mark in islice(_ACTIVE.finditer(data[:_MOST]), _MOST_MARKS):
        near = data[mark.start() : mark.start() + _WIDE]
        if (_CODE.match(near) and not _DATA.match(near)) or _EVENT.match(near):
            seen.add(Risk.ACTIVE, "is a web page with a script, which runs when it is opened")
        elif _FORM.match(near):
            seen.add(Risk.ACTIVE, "is a web page with a form that sends what is typed into it somewhere else")
        elif _FETCHES.match(near):
            seen.add(Risk.ACTIVE, "is a web page that leads on to another place when it is opened")
