"""What the files of `enclosed` are made of: the least that a real program would take for one of its own."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from openpyxl import Workbook

from auditor.sample.enclosures import docx, pdf, xlsx

MACRO_CODE = (
    b'Attribute VB_Name = "ThisDocument"\r\nAttribute VB_Base = "0{00020906}"\r\n'
    b'Sub AutoOpen()\r\n  MsgBox "Good morning"\r\nEnd Sub\r\n'
)
EMPTY_CODE = b'Attribute VB_Name = "ThisDocument"\r\nAttribute VB_Base = "0{00020906}"\r\nOption Explicit\r\n'


def zipped(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name, (2026, 11, 2, 9, 0, 0)), data, method)
    return file.getvalue()


def with_parts(package: bytes, parts: dict[str, bytes | str]) -> bytes:
    """A package with further or other parts."""
    with zipfile.ZipFile(io.BytesIO(package)) as before:
        held: dict[str, bytes | str] = {name: before.read(name) for name in before.namelist()}
    return zipped(held | parts)


def locked_zip(name: str = "payroll.xlsx") -> bytes:
    """As a program with a password writes it: the sign in both headers that the content is encrypted."""
    data = bytearray(zipped({name: b"\x8f" * 64}, zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def word(*paragraphs: str, extra: dict[str, bytes | str] | None = None, markup: str = "") -> bytes:
    """A Word document; `markup` is put behind the paragraphs as it stands."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs) + markup
    main = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{body}</w:body></w:document>"
    )
    return with_parts(docx("x"), {"word/document.xml": main, **(extra or {})})


def related(kind: str, target: str) -> str:
    """The relations of a part that points at one thing outside."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{base}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    )


def book(fill: dict[str, list[list[object]]], hidden: dict[str, str] | None = None) -> Workbook:
    made = Workbook()
    made.remove(made.active)
    for title, rows in fill.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    for title, state in (hidden or {}).items():
        made[title].sheet_state = state
    return made


def saved(made: Workbook) -> bytes:
    """The workbook's bytes, the same on every day: openpyxl writes the moment of saving into two places."""
    file = io.BytesIO()
    made.save(file)
    with zipfile.ZipFile(file) as package:
        core = package.read("docProps/core.xml").decode()
    return with_parts(
        file.getvalue(), {"docProps/core.xml": re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "2026-11-02T09:00:00Z", core)}
    )


def document(kind: str, content: str, *, hidden: bytes = b"", manifest: str = "") -> bytes:
    """An OpenDocument file of a kind ('text', 'spreadsheet')."""
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    )
    parts: dict[str, bytes | str] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content {spaces}>{content}</office:document-content>",
        "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
    }
    if hidden:
        parts["Basic/Standard/Module1.xml"] = hidden
    return zipped(parts)


def compound(streams: dict[str, bytes], clsid: bytes = b"\0" * 16) -> bytes:
    """A compound file (MS-CFB, 512-byte sectors). Storages are named in the path; every stream is padded to 4,096 bytes,
    below which the format would keep it elsewhere."""
    names: list[tuple[str, int, int, bytes | None]] = []  # name, kind, parent, data
    storages: dict[str, int] = {"": 0}
    names.append(("Root Entry", 5, -1, None))
    for path, data in streams.items():
        folder = ""
        for step in path.split("/")[:-1]:
            inside = f"{folder}/{step}"
            if inside not in storages:
                storages[inside] = len(names)
                names.append((step, 1, storages[folder], None))
            folder = inside
        names.append((path.rpartition("/")[2], 2, storages[folder], data.ljust(4096, b"\0")))
    size = -(-len(names) // 4)
    sectors: list[bytes] = []
    fat: list[int] = []
    starts: dict[int, int] = {}
    for n, (_, _, _, data) in enumerate(names):
        if data is None:
            continue
        starts[n] = len(sectors)
        pieces = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
        fat += [*range(len(sectors) + 1, len(sectors) + len(pieces)), 0xFFFFFFFE]
        sectors += pieces
    directory = len(sectors)
    fat += [*range(directory + 1, directory + size), 0xFFFFFFFE]
    entries = b""
    for n, (name, kind, parent, data) in enumerate(names):
        children = [m for m, one in enumerate(names) if one[2] == n]
        siblings = [m for m, one in enumerate(names) if one[2] == parent and m > n] if parent >= 0 else []
        label = (name + "\0").encode("utf-16-le")
        entries += label.ljust(64, b"\0") + struct.pack(
            "<HBBIII",
            len(label),
            kind,
            1,
            0xFFFFFFFF,
            siblings[0] if siblings else 0xFFFFFFFF,
            children[0] if children else 0xFFFFFFFF,
        )
        entries += (clsid if kind == 5 else b"\0" * 16) + b"\0" * 20
        entries += struct.pack("<IQ", starts.get(n, 0 if kind == 1 else 0xFFFFFFFE), len(data or b""))
    entries = entries.ljust(512 * size, b"\0")
    sectors += [entries[at : at + 512] for at in range(0, len(entries), 512)]
    count = -(-(len(sectors) + 1) // 127)
    places = list(range(len(sectors), len(sectors) + count))
    fat += [0xFFFFFFFD] * count
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(512 * count, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, count, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    head += struct.pack(f"<{count}I", *places).ljust(436, b"\xff")
    return head + b"".join(sectors) + table


def packed_code(code: bytes) -> bytes:
    """Visual Basic as a project keeps it (MS-OVBA 2.4.1), without a saving."""
    out = bytearray(b"\x01")
    for at in range(0, len(code), 4096):
        chunk = code[at : at + 4096]
        body = b"".join(b"\0" + chunk[n : n + 8] for n in range(0, len(chunk), 8))
        out += struct.pack("<H", 0xB000 | (len(body) - 1)) + body
    return bytes(out)


def project(code: bytes = MACRO_CODE) -> bytes:
    return compound({"VBA/dir": b"\x01", "VBA/_VBA_PROJECT": b"\xcc\x61", "VBA/ThisDocument": packed_code(code)})


def native(label: str, content: bytes) -> bytes:
    """A file put whole into a document (MS-OLEDS 2.3.6)."""
    name = label.encode("cp1252") + b"\0"
    path = b"C:\\x\0"
    body = b"\x02\0" + name + path + b"\0\0\x03\0" + struct.pack("<I", len(path)) + path
    body += struct.pack("<I", len(content)) + content
    return struct.pack("<I", len(body)) + body


def biff(sheets: list[tuple[str, int, int, list[list[str]]]], *, locked: bool = False) -> bytes:
    """The stream of an older workbook: each sheet's name, state, sort and rows of text."""

    def record(kind: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    begin = record(0x0809, struct.pack("<HHHH8x", 0x0600, 5, 0, 0))
    out = begin + (record(0x002F, b"\x01\0" + b"\0" * 52) if locked else b"")
    for name, state, sort, _ in sheets:
        label = name.encode("latin-1")
        out += record(0x0085, struct.pack("<IBBBB", 0, state, sort, len(label), 0) + label)
    out += record(0x000A)
    for _, _, _, rows in sheets:
        out += begin
        for y, row in enumerate(rows):
            for x, text in enumerate(row):
                said = text.encode("latin-1")
                out += record(0x0204, struct.pack("<HHHHB", y, x, 0, len(said), 0) + said)
        out += record(0x000A)
    return out


def older_word(text: str, *, locked: bool = False) -> bytes:
    """The streams of an older Word file (MS-DOC): the text in one piece."""
    head = bytearray(0x400)
    struct.pack_into("<H", head, 0, 0xA5EC)
    struct.pack_into("<H", head, 0x0A, 0x0100 if locked else 0)
    said = text.encode("cp1252")
    pieces = struct.pack("<II", 0, len(said)) + struct.pack("<HIH", 0, 0x40000000 | (0x400 * 2), 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", head, 0x01A2, 0, len(clx))
    return compound({"WordDocument": bytes(head) + said, "0Table": clx})


def pdf_with(entry: bytes, more: bytes = b"") -> bytes:
    """A PDF whose catalogue has one entry more."""
    made = pdf("A letter to the parish").replace(b"/Type /Catalog", b"/Type /Catalog " + entry, 1)
    return made.replace(b"xref\n", more + b"xref\n", 1)


def pdf_packed(inner: bytes) -> bytes:
    """A PDF with further objects packed together (ISO 32000-1, 7.5.7)."""
    stream = zlib.compress(inner)
    packed = (
        b"9 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n"
    )
    return pdf_with(b"", packed % (len(stream), stream))


def page(body: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>Notice</title></head><body>{body}</body></html>".encode()


def tarred(name: str, data: bytes) -> bytes:
    import tarfile

    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return file.getvalue()


__all__ = [
    "EMPTY_CODE", "MACRO_CODE", "biff", "book", "compound", "document", "docx", "locked_zip", "native", "older_word",
    "packed_code", "page", "pdf", "pdf_packed", "pdf_with", "project", "related", "saved", "tarred", "with_parts",
    "word", "xlsx", "zipped",
]  # fmt: skip
