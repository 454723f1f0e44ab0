"""Files to enclose: the simplest valid PDF, Word, Excel, JPEG and PNG files, the same bytes every time."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from html import escape

_TYPES = "application/vnd.openxmlformats-officedocument"
MEDIA = {
    "pdf": "application/pdf",
    "docx": f"{_TYPES}.wordprocessingml.document",
    "docm": "application/vnd.ms-word.document.macroEnabled.12",
    "xlsx": f"{_TYPES}.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "png": "image/png",
    "dat": "application/ms-tnef",
}
"""Media type by file extension."""

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DEFAULTS = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
    "bin": "application/vnd.ms-office.vbaProject",
}
_MAIN = {
    "docx": f"{_TYPES}.wordprocessingml.document.main+xml",
    "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
    "xlsx": f"{_TYPES}.spreadsheetml.sheet.main+xml",
}
_WORKSHEET = f"{_TYPES}.spreadsheetml.worksheet+xml"


def media(name: str) -> tuple[str, str]:
    """Main type and subtype of a file by its name."""
    kind, _, subtype = MEDIA[name.rpartition(".")[2]].partition("/")
    return kind, subtype


def enclosure(name: str) -> bytes:
    """A small valid file that says its own name, of the kind its extension tells."""
    title = name.rpartition(".")[0].replace("-", " ").replace("_", " ")
    make = {"pdf": pdf, "docx": docx, "docm": docm, "xlsx": xlsx, "jpg": jpeg, "png": png, "dat": tnef}
    return make[name.rpartition(".")[2]](title)


def pdf(title: str) -> bytes:
    """One A4 page with a line of text (ISO 32000-1)."""
    shown = title.encode("latin-1", "replace").replace(b"\\", b"").replace(b"(", b"").replace(b")", b"")
    stream = b"BT /F1 16 Tf 72 770 Td (" + shown + b") Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    return _numbered(objects)


def _numbered(objects: list[bytes]) -> bytes:
    """The objects of a PDF with the table of where each begins."""
    data = bytearray(b"%PDF-1.4\n")
    places = []
    for number, thing in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    tail = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(data) + tail % (size, table, size, len(data))


def docx(title: str) -> bytes:
    """A Word document of one paragraph."""
    return _package("word/document.xml", "docx", _document(title), {})


def docm(title: str) -> bytes:
    """A Word document that says it carries macros; the part that would hold them is empty of any."""
    return _package(
        "word/document.xml", "docm", _document(title), {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0 no macro"}
    )


def _document(title: str) -> str:
    return (
        f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>{escape(title)}</w:t></w:r></w:p></w:body></w:document>'
    )


def xlsx(title: str) -> bytes:
    """A workbook of one sheet with one cell."""
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{escape(title)}</t></is></c></row>'
    relation = f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    parts = {
        "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>'.encode(),
        "xl/worksheets/sheet1.xml": (
            f'{_XML}<worksheet xmlns="{_SHEET}"><sheetData>{cell}</sheetData></worksheet>'.encode()
        ),
    }
    sheets = '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>'
    book = f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}">{sheets}</workbook>'
    return _package("xl/workbook.xml", "xlsx", book, parts)


def _package(main: str, extension: str, markup: str, others: dict[str, bytes]) -> bytes:
    """An Open Packaging file (ECMA-376 part 2): what kinds its parts are, where it begins, the parts."""
    types = "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in _DEFAULTS.items())
    named = {main: _MAIN[extension]} | {name: _WORKSHEET for name in others if name.startswith("xl/worksheets/")}
    types += "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in named.items())
    start = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="{main}"/>'
    parts = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_CONTENT}">{types}</Types>'.encode(),
        "_rels/.rels": f'{_XML}<Relationships xmlns="{_RELATIONS}">{start}</Relationships>'.encode(),
        main: f"{_XML}{markup}".encode(),
    }
    return _zipped(parts | others)


def _zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data)
    return file.getvalue()


def png(title: str) -> bytes:
    """A picture of one green square, 8 by 8; the title goes into its comment."""
    rows = (b"\x00" + b"\x2e\x7d\x32" * 8) * 8
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)),
        (b"tEXt", b"Title\x00" + title.encode("latin-1", "replace")),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def jpeg(title: str) -> bytes:
    """A grey picture, 8 by 8 (baseline, one component); the title goes into its comment."""
    counts = bytes([0, 1] + [0] * 14)  # one code, two bits long
    segments = [
        (0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
        (0xFE, title.encode("latin-1", "replace")),
        (0xDB, b"\x00" + bytes([16] * 64)),
        (0xC0, struct.pack(">BHHBBBB", 8, 8, 8, 1, 1, 0x11, 0)),
        (0xC4, b"\x00" + counts + b"\x00"),
        (0xC4, b"\x10" + counts + b"\x00"),
        (0xDA, b"\x01\x01\x00\x00\x3f\x00"),
    ]
    body = b"".join(struct.pack(">BBH", 0xFF, kind, len(data) + 2) + data for kind, data in segments)
    # DC difference 0, then end of block: codes 00 00, padded with ones.
    return b"\xff\xd8" + body + b"\x0f" + b"\xff\xd9"


def tnef(title: str) -> bytes:
    """The opening of Outlook's rich-text wrapper (MS-OXTNEF): signature, key, version and subject."""

    def attribute(tag: int, value: bytes) -> bytes:
        return struct.pack("<BII", 1, tag, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    subject = title.encode("cp1252", "replace") + b"\x00"
    return (
        struct.pack("<IH", 0x223E9F78, 1) + attribute(0x00089006, b"\x00\x00\x01\x00") + attribute(0x00018004, subject)
    )
