"""Files in Microsoft's compound form (MS-CFB): older office documents, saved messages, installers, locked documents."""

from __future__ import annotations

import io
import re

import olefile

from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.enclosures.look import acts, inside
from auditor.mail.message import Risk

_INSTALLER = "000C1084-0000-0000-C000-000000000046"
_NO_CODE = re.compile(rb"\s*(?:attribute\b.*|option\s+\w+.*|'.*|rem\b.*|end (?:sub|function)|)$", re.IGNORECASE)
_EMPTY = re.compile(rb"\s*(?:public |private )?(?:sub|function)\s+\w+\(.*\)\s*$", re.IGNORECASE)
_MOST_CODE = 100_000
_MOST_MODULES = 100
_CHUNK = 3
"""The sign of a packed stretch."""


def opened(data: bytes, _name: str, seen: Look, budget: Budget) -> None:
    """A compound file by the streams in it."""
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        streams = {"/".join(path).lower(): path for path in file.listdir()}
        if "encryptedpackage" in streams:
            seen.add(Risk.LOCKED, "is behind a password")
            seen.unread = "a document behind a password"
            return
        if file.root.clsid == _INSTALLER:
            seen.kind = "program"
            return
        if _has_macros(file, streams):
            seen.add(Risk.MACRO, "holds macros")
        _embedded(file, streams, seen, budget)
        _text(file, streams, seen, budget)


def _text(file: olefile.OleFileIO, streams: dict[str, list[str]], seen: Look, budget: Budget) -> None:
    from auditor.mail.enclosures import legacy, savedmail, spreadsheets

    book = streams.get("workbook") or streams.get("book")
    if book:
        spreadsheets.read(_stream(file, book, budget), seen, budget)
    elif "worddocument" in streams:
        tables: dict[str, bytes] = {
            name: _stream(file, streams[name], budget) for name in ("0table", "1table") if name in streams
        }
        legacy.word(_stream(file, streams["worddocument"], budget), tables, seen, budget)
    elif "powerpoint document" in streams:
        legacy.slides(_stream(file, streams["powerpoint document"], budget), seen, budget)
    elif "__properties_version1.0" in streams:
        seen.kind = "msg"
        savedmail.read({name: _stream(file, path, budget) for name, path in savedmail.wanted(streams)}, seen, budget)
    else:
        seen.unread = "a document of an older program that is not read"


def _stream(file: olefile.OleFileIO, path: list[str], budget: Budget) -> bytes:
    budget.take(file.get_size(path))
    with file.openstream(path) as stream:
        found: bytes = stream.read()
        return found


def macros(project: bytes) -> bool:
    """Whether a Visual Basic project has any code; what cannot be read is taken to have some."""
    try:
        with olefile.OleFileIO(io.BytesIO(project)) as file:
            streams = {"/".join(path).lower(): path for path in file.listdir()}
            return _has_macros(file, streams) or not any("vba/" in name for name in streams)
    except Exception:  # noqa: BLE001 - a project that does not open is no proof that nothing is in it
        return True


def _has_macros(file: olefile.OleFileIO, streams: dict[str, list[str]]) -> bool:
    modules = [path for name, path in streams.items() if "vba" in name.split("/")[:-1] and not _bookkeeping(path[-1])]
    return any(_code(file.openstream(path).read()) for path in modules[:_MOST_MODULES])


def _bookkeeping(stream: str) -> bool:
    return stream.lower() in ("dir", "_vba_project") or stream.startswith("__SRP_")


def _code(module: bytes) -> bool:
    """Whether a module does anything: its text lies at its end, packed (MS-OVBA 2.4.1)."""
    at = module.find(b"\x00Attribut\x00e")
    if at < 3:
        return bool(module.strip(b"\x00"))
    text = _unpacked(module[at - 3 :])
    lines = [line for line in re.split(rb"[\r\n]+", text) if not _NO_CODE.match(line)]
    return any(not _EMPTY.match(line) for line in lines)


def _unpacked(data: bytes) -> bytes:
    """A packed text as MS-OVBA 2.4.1.3 unpacks it, as far as it goes."""
    out = bytearray()
    at = 1
    while at + 2 <= len(data) and len(out) < _MOST_CODE:
        header = int.from_bytes(data[at : at + 2], "little")
        if header >> 12 & 7 != _CHUNK:
            break
        end = min(at + (header & 0xFFF) + 3, len(data))
        at += 2
        begun = len(out)
        if not header & 0x8000:
            out += data[at : at + 4096]
            at += 4096
            continue
        while at < end:
            flags = data[at]
            at += 1
            for bit in range(8):
                if at >= end:
                    break
                if not flags >> bit & 1:
                    out.append(data[at])
                    at += 1
                    continue
                token = int.from_bytes(data[at : at + 2], "little")
                at += 2
                wide = max((len(out) - begun - 1).bit_length(), 4)
                back, length = (token >> (16 - wide)) + 1, (token & (0xFFFF >> wide)) + 3
                if back > len(out):
                    return bytes(out)
                for _ in range(length):
                    out.append(out[-back])
    return bytes(out)


def _embedded(file: olefile.OleFileIO, streams: dict[str, list[str]], seen: Look, budget: Budget) -> None:
    """Files put into a document whole (MS-OLEDS, Ole10Native): programs and scripts are opened, others left."""
    for name, path in streams.items():
        if not name.endswith("\x01ole10native"):
            continue
        label, content = native(_stream(file, path, budget))
        if content[:2] == b"MZ" or acts(label):
            inside(label or "an object", content, seen, budget)


def native(data: bytes) -> tuple[str, bytes]:
    """The name and the bytes of a file that was put into a document."""
    label, _, rest = data[6:].partition(b"\x00")
    _path, _, rest = rest.partition(b"\x00")
    length = int.from_bytes(rest[4:8], "little")
    rest = rest[8 + length :]
    size = int.from_bytes(rest[:4], "little")
    name = label.decode("cp1252", "replace").replace("\\", "/").rpartition("/")[2]
    return name, rest[4 : 4 + size]
