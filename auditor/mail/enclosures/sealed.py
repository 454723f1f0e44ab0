"""7-Zip and RAR archives: not unpacked, but their lists of contents are read, and whether a password stands before them."""

from __future__ import annotations

import lzma
import struct
from collections.abc import Iterator

from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.enclosures.names import bare, said_by
from auditor.mail.message import Risk

_AES = b"\x06\xf1\x07\x01"
_LIST = 4_000_000
_RAR_FILE, _RAR_MAIN = 0x74, 0x73
_RAR5_MAIN, _RAR5_FILE, _RAR5_SEAL = 1, 2, 4


def _closed(names: list[str], locked: bool, seen: Look, budget: Budget) -> None:
    if locked:
        seen.add(Risk.SEALED, "is an archive behind a password")
    for name in names:
        budget.member()
        shown = bare(name)[:200]
        for fact in said_by(shown, "unknown"):
            seen.add(fact.code, f"holds '{shown}', which {fact.detail}")
        seen.say([f"{shown}\n"], budget)
    seen.unread = "an archive behind a password" if locked else "an archive of a kind that is not unpacked"


def seven(data: bytes, _name: str, seen: Look, budget: Budget) -> None:
    """A 7-Zip archive (7zFormat.txt): its header, which is mostly packed itself."""
    offset, size = struct.unpack_from("<QQ", data, 12)
    header = data[32 + offset : 32 + offset + min(size, _LIST)]
    locked = _AES in header
    if header[:1] == b"\x17" and not locked:
        header = _unpacked(data, header)
        locked = _AES in header
    _closed(_names7(header), locked, seen, budget)


def _names7(header: bytes) -> list[str]:
    """The names in an open header: property 17, its length, that it stands here, and each name with a zero behind it."""
    at = -1
    while (at := header.find(b"\x11", at + 1)) >= 0 and at + 2 < len(header):
        size, begin = _number(header[at : at + 11].ljust(11, b"\0"), 1)
        begin += at
        said = header[begin + 1 : begin + size]
        if size > 3 and len(said) == size - 1 and header[begin : begin + 1] == b"\0" and said.endswith(b"\0\0"):
            return [name for name in said.decode("utf-16-le", "replace").split("\0") if name]
    return []


def _unpacked(data: bytes, header: bytes) -> bytes:
    """A packed header by its description: where it lies, how large it is, and the one method it is packed by."""
    at = header.find(b"\x07\x0b\x01\x00\x01")
    if at < 0 or header[1:2] != b"\x06":
        return b""
    place, after = _number(header, 2)
    _, after = _number(header, after)
    size, _ = _number(header, after + 1)
    form = _method(header[at + 5 :])
    if form is None:
        return b""
    opener = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[form])
    return opener.decompress(data[32 + place : 32 + place + size], _LIST)


def _method(coder: bytes) -> dict[str, int] | None:
    """LZMA or LZMA2 with its settings; None for another method."""
    if coder.startswith(b"\x21\x21\x01"):
        return {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 22}
    if not coder.startswith(b"\x23\x03\x01\x01\x05"):
        return None
    first, memory = coder[5], struct.unpack_from("<I", coder, 6)[0]
    lc, rest = first % 9, first // 9
    return {
        "id": lzma.FILTER_LZMA1,
        "lc": lc,
        "lp": rest % 5,
        "pb": rest // 5,
        "dict_size": min(max(memory, 4096), 1 << 26),
    }


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number as 7-Zip writes it: the first byte's leading ones say how many bytes follow."""
    first, mask, found = data[at], 0x80, 0
    for n in range(8):
        if not first & mask:
            return found + ((first & (mask - 1)) << (8 * n)), at + 1 + n
        found |= data[at + 1 + n] << (8 * n)
        mask >>= 1
    return found, at + 9


def rar(data: bytes, _name: str, seen: Look, budget: Budget) -> None:
    """A RAR archive of version 4 or 5, by its blocks."""
    blocks = _blocks5(data) if data[6:8] == b"\x01\x00" else _blocks4(data)
    names, locked = [], False
    for name, shut in blocks:
        locked = locked or shut
        if name:
            names.append(name)
    _closed(names, locked, seen, budget)


def _blocks4(data: bytes) -> Iterator[tuple[str, bool]]:
    at = 7
    while at + 7 <= len(data):
        kind, flags, size = struct.unpack_from("<BHH", data, at + 2)
        body = struct.unpack_from("<I", data, at + 7)[0] if flags & 0x8000 or kind == _RAR_FILE else 0
        if kind == _RAR_MAIN and flags & 0x80:
            yield "", True
            return
        if kind == _RAR_FILE:
            length = struct.unpack_from("<H", data, at + 26)[0]
            name = data[at + 32 : at + 32 + length].partition(b"\x00")[0]
            yield name.decode("utf-8", "replace"), bool(flags & 4)
        if size < 7:
            return
        at += size + body


def _blocks5(data: bytes) -> Iterator[tuple[str, bool]]:
    at = 8
    while at + 6 < len(data):
        size, begin = _vint(data, at + 4)
        kind, place = _vint(data, begin)
        flags, place = _vint(data, place)
        extra, place = _vint(data, place) if flags & 1 else (0, place)
        body, place = _vint(data, place) if flags & 2 else (0, place)
        if kind == _RAR5_SEAL:
            yield "", True
            return
        if kind == _RAR5_FILE:
            yield _file5(data, place), _shut5(data[begin + size - extra : begin + size])
        if size == 0:
            return
        at = begin + size + body


def _file5(data: bytes, at: int) -> str:
    flags, at = _vint(data, at)
    for _ in range(2):  # unpacked size, attributes
        _, at = _vint(data, at)
    at += 4 * (bool(flags & 2) + bool(flags & 4))
    for _ in range(2):  # method, system
        _, at = _vint(data, at)
    length, at = _vint(data, at)
    return data[at : at + min(length, 1_000)].decode("utf-8", "replace")


def _shut5(extra: bytes) -> bool:
    """Whether one of a file's further records says that it is encrypted."""
    at = 0
    while at < len(extra):
        size, begin = _vint(extra, at)
        if begin >= len(extra) or size == 0:
            return False
        if _vint(extra, begin)[0] == 1:
            return True
        at = begin + size
    return False


def _vint(data: bytes, at: int) -> tuple[int, int]:
    found = 0
    for n in range(10):
        if at + n >= len(data):
            return found, len(data)
        found |= (data[at + n] & 0x7F) << (7 * n)
        if not data[at + n] & 0x80:
            return found, at + n + 1
    return found, at + 10
