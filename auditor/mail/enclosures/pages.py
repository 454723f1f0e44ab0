"""Web pages, drawings for browsers, and plain text."""

from __future__ import annotations

import re

from auditor.mail import html
from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.enclosures.names import ending
from auditor.mail.message import Risk
from auditor.mail.text import decode, tidy
from auditor.mail.vocabulary import enclosure_terms

_MOST = 5_000_000
_SCRIPT = re.compile(
    rb"<script\b([^>]{0,400})>\s*([^<\s]|<!)|<script\b[^>]{0,400}\bsrc\s*=|\bon(?:load|error)\s*=\s*[\"'\w]",
    re.IGNORECASE,
)
_DATA = re.compile(rb"type\s*=\s*[\"']?(?:application/(?:ld\+)?json|text/(?:template|plain))", re.IGNORECASE)
_FORM = re.compile(
    rb"<form\b[^>]{0,400}\baction\s*=\s*[\"']?https?:|<input\b[^>]{0,400}\btype\s*=\s*[\"']?password", re.IGNORECASE
)
_FETCHES = re.compile(
    rb"http-equiv\s*=\s*[\"']?refresh[\"']?[^>]{0,80}url\s*=\s*[\"']?(?:https?|data|javascript):", re.IGNORECASE
)


def page(data: bytes, _name: str, seen: Look, budget: Budget) -> None:
    """A web page: its text, and whether it does something of its own accord."""
    _acts(data, seen)
    reading = html.read(tidy(decode(_cut(data, seen))[0]))
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


def _cut(data: bytes, seen: Look) -> bytes:
    if len(data) > _MOST:
        seen.unread = f"text past its first {_MOST:,} bytes"
    return data[:_MOST]


def _acts(data: bytes, seen: Look) -> None:
    head = data[:_MOST]
    if any(not _DATA.search(script[0]) for script in _SCRIPT.finditer(head)):
        seen.add(Risk.ACTIVE, "is a web page with a script, which runs when it is opened")
    if _FORM.search(head):
        seen.add(Risk.ACTIVE, "is a web page with a form that sends what is typed into it somewhere else")
    if _FETCHES.search(head):
        seen.add(Risk.ACTIVE, "is a web page that leads on to another place when it is opened")
