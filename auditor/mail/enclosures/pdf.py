"""A PDF (ISO 32000): its text by pdfium, and what it does of its own accord."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.enclosures.look import acts, inside
from auditor.mail.message import Risk

_PAGES = 500
_MOST = 50_000_000
_OBJECTS = re.compile(rb"/Type\s*/ObjStm\b")
_STREAM = re.compile(rb"stream\r?\n")
_HEX_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_LAUNCH = re.compile(rb"/S\s*/Launch\b")
_OPENS = re.compile(rb"/OpenAction\s*(?:(\d+)\s+\d+\s+R|<<((?:[^<>]|<(?!<)|>(?!>)){0,2000})>>)")
_SCRIPT = re.compile(rb"/S\s*/JavaScript\b|/JS\b")
_PRINTS = re.compile(rb"/JS\s*\(\s*(?:this\.)?print\s*\\?\([^()]{0,200}\\?\)\s*;?\s*\)|/N\s*/Print\b")
_FILE = re.compile(
    rb"/Type\s*/Filespec\b.{0,400}?/U?F\s*\(((?:[^()\\]|\\.){0,200})\)|/U?F\s*\(((?:[^()\\]|\\.){0,200})\)[^<>]{0,200}/EF\b",
    re.DOTALL,
)


def read(data: bytes, _name: str, seen: Look, budget: Budget) -> None:
    """Text page by page; then a look at its structure."""
    if len(data) > _MOST:
        seen.unread = f"a PDF of more than {_MOST:,} bytes"
        return
    _actions(data, seen, budget)
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
            body = _HEX_NAME.sub(lambda code: bytes([int(code[1], 16)]), body)
        if _LAUNCH.search(body):
            seen.add(Risk.ACTIVE, "starts another program when it is opened")
        for action in _OPENS.finditer(body):
            said = action[2] if action[1] is None else _object(data, body, int(action[1]))
            if _SCRIPT.search(said) and not _PRINTS.search(said):
                seen.add(Risk.ACTIVE, "runs a script when it is opened")
        for file in _FILE.finditer(body):
            name = (file[1] or file[2] or b"").decode("latin-1")
            if acts(name):
                inside(name, b"", seen, budget)


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
    begun = re.search(rb"(?<!\d)%d\s+\d+\s+obj\b" % number, data)
    return data[begun.end() : begun.end() + 4_000] if begun else packed
