"""A PDF (ISO 32000): its text by pdfium, and what it does of its own accord."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import islice

from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.enclosures.look import acts, inside
from auditor.mail.message import Risk

_PAGES = 500
LARGEST = 50_000_000
_OBJECTS = re.compile(rb"/Type\s*/ObjStm\b")
_STREAM = re.compile(rb"stream\r?\n")
_HEX_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_LAUNCH = re.compile(rb"/S\s*/Launch\b")
_OPENS = re.compile(rb"/OpenAction\s*(?:(\d+)\s+\d+\s+R|<<((?:[^<>]|<(?!<)|>(?!>)){0,2000})>>)")
_SCRIPT = re.compile(rb"/S\s*/JavaScript\b|/JS\b")
_PRINTS = re.compile(rb"/JS\s*\(\s*(?:this\.)?print\s*\\?\([^()]{0,200}\\?\)\s*;?\s*\)|/N\s*/Print\b")
_EMBEDS = re.compile(rb"/Filespec\b|/EF\b")
_NAMED = re.compile(rb"/U?F\s*\(((?:[^()\\]|\\.){0,200})\)")
_MOST_ACTIONS = 50
_MOST_FILES = 500
_RENAMED = 5_000_000
"""Bytes in which names are looked for that are written in another way."""


def read(data: bytes, _name: str, seen: Look, budget: Budget) -> None:
    """A look at its structure, then its text page by page."""
    if len(data) > LARGEST:
        seen.unread = f"a PDF of more than {LARGEST:,} bytes"
        return
    try:
        _actions(data, seen, budget)
    finally:
        _text(data, seen, budget)


def _text(data: bytes, seen: Look, budget: Budget) -> None:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as wrong:
        if getattr(wrong, "err_code", 0) == pypdfium2.raw.FPDF_ERR_PASSWORD:
            seen.add(Risk.LOCKED, "is behind a password")
            seen.unread = "a PDF behind a password"
        else:
            seen.unread = "a damaged PDF"
        return
    try:
        count = len(document)
        for number in range(min(count, _PAGES)):
            page = document[number]
            words = page.get_textpage()
            said = words.get_text_bounded() if budget.text > 0 else ""
            words.close()
            page.close()
            seen.say([said.replace("\ufffe", "-"), "\n"], budget)
            if budget.text <= 0:
                break
        if count > _PAGES:
            seen.unread = f"a PDF of more than {_PAGES} pages, the rest of it"
        if count and not any(text.strip() for text in seen.texts):
            seen.unread = seen.unread or "a PDF without text, as a scanner makes it"
    finally:
        document.close()


def _actions(data: bytes, seen: Look, budget: Budget) -> None:
    for body in _structure(data, budget):
        if b"#" in body:
            renamed = _HEX_NAME.sub(lambda code: bytes([int(code[1], 16)]), body[:_RENAMED])
            body = renamed + body[_RENAMED:]
        if _LAUNCH.search(body):
            seen.add(Risk.ACTIVE, "starts another program when it is opened")
        for action in islice(_OPENS.finditer(body), _MOST_ACTIONS):
            said = action[2] if action[1] is None else _object(data, body, int(action[1]))
            if _SCRIPT.search(said) and not _PRINTS.search(said):
                seen.add(Risk.ACTIVE, "runs a script when it is opened")
        for name in _embedded(body):
            if acts(name):
                inside(name, b"", seen, budget)


def _embedded(body: bytes) -> Iterator[str]:
    """The names of files put into it."""
    for mark in islice(_EMBEDS.finditer(body), _MOST_FILES):
        for name in _NAMED.findall(body, max(0, mark.start() - 400), mark.end() + 400):
            yield name.decode("latin-1")


def _structure(data: bytes, budget: Budget) -> Iterator[bytes]:
    """The file as it stands, and what of its structure lies packed in it."""
    yield data
    for mark in _OBJECTS.finditer(data):
        begun = _STREAM.search(data, mark.end(), mark.end() + 400)
        if begun is None:
            continue
        try:
            made = zlib.decompressobj().decompress(data[begun.end() : begun.end() + 4_000_000], 4_000_000)
        except zlib.error:
            continue
        budget.take(len(made))
        yield made


def _object(data: bytes, packed: bytes, number: int) -> bytes:
    """An object by its number where it stands openly; else the packed ones with it."""
    mark = b"%d 0 obj" % number
    at = data.find(mark)
    while at > 0 and data[at - 1 : at].isdigit():
        at = data.find(mark, at + 1)
    return data[at : at + 4_000] if at >= 0 else packed
