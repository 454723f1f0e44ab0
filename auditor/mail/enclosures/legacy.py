"""The text of older Word (MS-DOC) and PowerPoint (MS-PPT) files."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.message import Risk

_ENCRYPTED = 0x0100
_SECOND_TABLE = 0x0200
_FIELD = re.compile("\x13[^\x13\x14\x15]*\x14|\x13[^\x13\x14\x15]*\x15|[\x14\x15]")
_SIGNS = str.maketrans({"\r": "\n", "\x07": "\t", "\x0b": "\n", "\x0c": "\n", "\x1e": "-", "\x1f": None, "\xad": None})
_TEXT_CHARS, _TEXT_BYTES, _CONTAINER, _OBJECT = 0x0FA0, 0x0FA8, 0xF, 0x1011
_CRYPT_SESSION = 0x2F14


def word(document: bytes, tables: dict[str, bytes], seen: Look, budget: Budget) -> None:
    """The text in the pieces in which Word keeps it (MS-DOC 2.8.35)."""
    flags = struct.unpack_from("<H", document, 0x0A)[0]
    if flags & _ENCRYPTED:
        seen.add(Risk.LOCKED, "is behind a password")
        seen.unread = "a document behind a password"
        return
    table = tables.get("1table" if flags & _SECOND_TABLE else "0table", b"")
    at, size = struct.unpack_from("<II", document, 0x01A2)
    text = "".join(_pieces(document, table[at : at + size]))
    for _ in range(3):  # fields within fields
        text = _FIELD.sub("", text)
    seen.say([text.translate(_SIGNS)], budget)


def _pieces(document: bytes, clx: bytes) -> Iterator[str]:
    at = 0
    while clx[at : at + 1] == b"\x01":
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at : at + 1] != b"\x02":
        return
    size = struct.unpack_from("<I", clx, at + 1)[0]
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", plc)
    for n in range(count):
        where = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * n + 2)[0]
        length = max(0, places[n + 1] - places[n])
        if where & 0x40000000:
            start = (where & 0x3FFFFFFF) // 2
            yield document[start : start + length].decode("cp1252", "replace")
        else:
            yield document[where : where + 2 * length].decode("utf-16-le", "replace")


def slides(stream: bytes, seen: Look, budget: Budget) -> None:
    """The text of a presentation's slides and notes, in the order of the file; macros that lie packed in it."""
    texts: list[str] = []
    for kind, start, end in _records(stream):
        if kind == _TEXT_CHARS:
            texts.append(stream[start:end].decode("utf-16-le", "replace"))
        elif kind == _TEXT_BYTES:
            texts.append(stream[start:end].decode("latin-1"))
        elif kind == _OBJECT and _project(stream[start:end], budget):
            seen.add(Risk.MACRO, "holds macros")
        elif kind == _CRYPT_SESSION:
            seen.add(Risk.LOCKED, "is behind a password")
            seen.unread = "a document behind a password"
            return
    seen.say(["\n".join(texts).translate(_SIGNS)], budget)


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """The records with something in them: kind, where their content begins and ends."""
    at = 0
    while at + 8 <= len(stream):
        version, kind, size = struct.unpack_from("<HHI", stream, at)
        at += 8
        if version & 0xF == _CONTAINER:
            continue
        yield kind, at, min(at + size, len(stream))
        at += size


def _project(packed: bytes, budget: Budget) -> bool:
    from auditor.mail.enclosures.compound import macros

    try:
        project = zlib.decompressobj().decompress(packed[4:], 10_000_000)
    except zlib.error:
        return False
    budget.take(len(project))
    return "VBA".encode("utf-16-le") in project and macros(project)
