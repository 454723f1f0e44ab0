"""What a file is by its content, and whether its name says otherwise."""

from __future__ import annotations

import re

from auditor.mail.enclosures.names import ending
from auditor.mail.vocabulary import enclosure_terms

_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"\x7fELF", "program"),
    (b"\xfe\xed\xfa\xce", "program"),
    (b"\xfe\xed\xfa\xcf", "program"),
    (b"\xce\xfa\xed\xfe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"dex\n0", "program"),
    (b"\x00asm", "program"),
    (b"MSCF\x00\x00\x00\x00", "cab"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"conectix", "disk"),
    (b"vhdxfile", "disk"),
    (b"MSWIM\x00\x00\x00", "disk"),
    (b"KDMV\x01\x00\x00\x00", "disk"),
    (b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F", "shortcut"),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3", "shortcut"),
    (b"ITSF\x03\x00\x00\x00", "shortcut"),
    (b"ID3", "media"),
    (b"OggS", "media"),
    (b"fLaC", "media"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "media"),
)
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|script|meta|title|table|div|form|iframe)\b",
    re.IGNORECASE | re.DOTALL,
)
_DRAWING = re.compile(
    rb"(?:\s|<\?xml[^>]{0,200}\?>|<!--.{0,2000}?-->|<!doctype svg[^>]{0,300}>)*<svg\b", re.IGNORECASE | re.DOTALL
)
_LEAST = 64
"""Bytes of plain text below which a file is a scrap, and no document under a false name."""

NAMED: dict[str, str] = {
    "program": "a program",
    "script": "a script",
    "disk": "an image of a disk",
    "shortcut": "a shortcut, a help or a notebook file",
    "pdf": "a PDF",
    "picture": "a picture",
    "html": "a web page",
    "svg": "a drawing for browsers",
    "text": "plain text",
    "zip": "an archive",
    "7z": "an archive",
    "rar": "an archive",
    "gzip": "an archive",
    "bzip2": "an archive",
    "xz": "an archive",
    "cab": "an archive",
    "tar": "an archive",
    "ole": "an older office document",
    "rtf": "a rich-text document",
    "docx": "a Word document",
    "xlsx": "an Excel workbook",
    "pptx": "a PowerPoint presentation",
    "odf": "an OpenDocument file",
    "media": "a recording",
}
"""Kinds in the clerk's words."""

_OFFICE = frozenset({"docx", "xlsx", "pptx", "odf", "ole", "rtf", "opc"})
_ARCHIVES = frozenset({"zip", "7z", "rar", "gzip", "bzip2", "xz", "tar", "cab", "iwork", "epub"})
_TEXTS = frozenset({"text", "html", "svg", "xml"})
_FITS: dict[str, frozenset[str]] = {
    "looks_pdf": frozenset({"pdf"}),
    "looks_picture": frozenset({"picture"}),
    "looks_office": _OFFICE - {"rtf"},
    # Programs that keep accounts write a page or a table and call it .xls.
    "looks_older": _OFFICE | _TEXTS,
    "looks_archive": _ARCHIVES | _OFFICE,
    "looks_text": _TEXTS | {"rtf"},
    "looks_media": frozenset({"media"}),
}


def kind_of(data: bytes) -> str:
    """What a file is by its first bytes and some others; a package is 'zip' until it is opened."""
    if not data:
        return "empty"
    for sign, kind in _SIGNS:
        if data.startswith(sign):
            return kind
    if data.startswith(b"MZ") and b"\x00" in data[:64]:
        return "program"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    return _deeper(data)


def _deeper(data: bytes) -> str:
    if data.startswith(b"RIFF"):
        return "picture" if data[8:12] == b"WEBP" else "media"
    if data[4:8] == b"ftyp":
        return "picture" if data[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"hevc") else "media"
    if data.startswith(b"BM") and data[6:10] == b"\x00\x00\x00\x00":
        return "picture"
    if data[32769:32774] == b"CD001" or data[-512:-504] == b"conectix" or data[-512:-508] == b"koly":
        return "disk"
    if data[257:262] == b"ustar":
        return "tar"
    if data.startswith(b"#!") and data[2:3] in (b"/", b" "):
        return "script"
    if _DRAWING.match(data[:4096]):
        return "svg"
    if _PAGE.match(data[:4096].removeprefix(b"\xef\xbb\xbf")):
        return "html"
    return _readable(data)


def _readable(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    head = data[:4096]
    if sum(byte < 32 and byte not in b"\t\n\r\x0c\x1a\x1b" for byte in head):
        return "unknown"
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml"):
        return "xml"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as wrong:
        # A character may be cut at the end; a text of another set has few bytes above ASCII.
        if wrong.start < len(head) - 3 and sum(byte > 127 for byte in head) * 4 > len(head):
            return "unknown"
    return "text"


def contradiction(name: str, kind: str, size: int) -> str:
    """In what way the name says something else than the content, as the end of a sentence; '' when it does not."""
    if kind in ("unknown", "empty", "opc") or (kind in ("text", "xml") and size < _LEAST):
        return ""
    suffix = ending(name)
    table = next((table for table in _FITS if suffix in enclosure_terms(table)), None)
    if table is None or kind in _FITS[table]:
        return ""
    return f"is named .{suffix} and is {NAMED.get(kind, 'something else')} inside"
