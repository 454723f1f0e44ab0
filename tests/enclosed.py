"""Files built for the purpose, each of a kind of its own: what harms, what gives away, and what is clean.

`KINDS` makes the bytes; `RISKY`, `LEAKY` and `CLEAN` say under which names they are sent.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
from collections.abc import Callable
from functools import cache

from enclosed_parts import (
    EMPTY_CODE,
    MACRO_CODE,
    biff,
    book,
    compound,
    document,
    docx,
    locked_zip,
    native,
    older_word,
    packed_code,
    page,
    pdf_packed,
    pdf_with,
    project,
    related,
    saved,
    tarred,
    with_parts,
    word,
    xlsx,
    zipped,
)
from openpyxl.worksheet.datavalidation import DataValidation

from auditor.sample.enclosures import enclosure, png

PROGRAM = (
    b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff" + b"\0" * 46 + b"\x80\0\0\0" + b"\0" * 64 + b"PE\0\0L\x01" + b"\0" * 64
)
_SEVEN = b"7z\xbc\xaf\x27\x1c\0\x04"
_RAR5 = b"Rar!\x1a\x07\x01\0"
_RAR4 = b"Rar!\x1a\x07\0"


def _seven(header: bytes) -> bytes:
    return _SEVEN + b"\0" * 4 + struct.pack("<QQI", 0, len(header), 0) + header


def _names7(*names: str) -> bytes:
    said = b"\0" + b"".join((name + "\0").encode("utf-16-le") for name in names)
    return b"\x01\x05\x01\x11" + bytes([len(said)]) + said + b"\0\0"


def _block5(kind: int, body: bytes, extra: bytes = b"") -> bytes:
    head = bytes([kind, 1 if extra else 0]) + (bytes([len(extra)]) if extra else b"") + body + extra
    return b"\0" * 4 + bytes([len(head)]) + head


def _file5(name: str, *, locked: bool = False) -> bytes:
    body = b"\0\x05\0\0\0" + bytes([len(name)]) + name.encode()
    return _block5(2, body, b"\x03\x01\0\0" if locked else b"")


def _file4(name: str, flags: int) -> bytes:
    size = 32 + len(name)
    return (
        struct.pack("<HBHH", 0, 0x74, flags, size)
        + struct.pack("<IIBIIBBHI", 0, 0, 2, 0, 0, 20, 0x30, len(name), 0)
        + name.encode()
    )


def _disk() -> bytes:
    return b"\0" * 32768 + b"\x01CD001\x01\0" + b"\0" * 512


def _bomb() -> bytes:
    inner = zipped({"0": b"\0" * 3_000_000})
    data = bytearray(zipped({f"{n}.bin": inner for n in range(3)}))
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        struct.pack_into("<I", data, at + 24, 1_000_000_000)
    return bytes(data)


def _mime(kind: str) -> bytes:
    return f"application/vnd.ms-{kind}.macroEnabled".encode()


def _rows(count: int, *more: str) -> list[list[object]]:
    return [[f"Name {n}", n, *more] for n in range(count)]


def _rows_hidden(count: int, first: int, last: int) -> bytes:
    made = book({"Plots": _rows(count)})
    for row in range(first, last + 1):
        made["Plots"].row_dimensions[row].hidden = True
    return saved(made)


def _columns_hidden(count: int) -> bytes:
    made = book({"Hirers": _rows(count, "07700 900100")})
    made["Hirers"].column_dimensions["C"].hidden = True
    return saved(made)


def _choices() -> bytes:
    made = book({"Form": [["Status"]], "Lists": [["Open"], ["Closed"], ["Spent"]]}, {"Lists": "hidden"})
    made["Form"].add_data_validation(DataValidation("list", formula1="Lists!$A$1:$A$3", sqref="A2:A40"))
    return saved(made)


def _pivot(source: str) -> bytes:
    sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    definition = (
        f'<pivotCacheDefinition xmlns="{sheet}" recordCount="240"><cacheSource type="worksheet">'
        f'<worksheetSource ref="A1:D241" sheet="{source}"/></cacheSource></pivotCacheDefinition>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{base}/pivotCacheRecords" Target="pivotCacheRecords1.xml"/></Relationships>'
    )
    return with_parts(
        saved(book({"Summary": [["Ward", 12]]})),
        {
            "xl/pivotCache/pivotCacheDefinition1.xml": definition,
            "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": relations,
            "xl/pivotCache/pivotCacheRecords1.xml": f'<pivotCacheRecords xmlns="{sheet}"/>',
        },
    )


def _rtf_object(label: str) -> bytes:
    shape = struct.pack("<III", 0x501, 2, 8) + b"Package\0" + b"\0" * 8 + native(label, PROGRAM)
    return rb"{\rtf1\ansi See the plan.{\object\objemb{\*\objdata " + shape.hex().encode() + b"}}}"


def _ods(display: str, rows: int = 3) -> bytes:
    cells = "<table:table-row><table:table-cell><text:p>Mrs Quill, 01632 960111</text:p></table:table-cell></table:table-row>"
    return document(
        "spreadsheet",
        f'<office:automatic-styles><style:style style:name="ta2"><style:table-properties table:display="{display}"/>'
        '</style:style></office:automatic-styles><office:body><office:spreadsheet><table:table table:name="Contacts" '
        f'table:style-name="ta2">{cells * rows}</table:table></office:spreadsheet></office:body>',
    )


_STRUCK = (
    '<w:p><w:r><w:t>The rent is </w:t></w:r><w:del w:id="1" w:author="T Arden"><w:r><w:delText>what we can get'
    "</w:delText></w:r></w:del><w:r><w:t> fair.</w:t></w:r></w:p>"
)
_UNSEEN = (
    "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>"
    + "the offer that the council will not go below " * 5
    + "</w:t></w:r></w:p>"
)
_SCRIPT = page("<script>location='https://login.example/'</script>")
_OPENED = b"/OpenAction << /S /JavaScript /JS (app.launchURL\\('https://x.example'\\)) >>"

KINDS: dict[str, Callable[[], bytes]] = {
    # what runs
    "program": lambda: PROGRAM,
    "linux program": lambda: b"\x7fELF\x02\x01\x01" + b"\0" * 60,
    "mac program": lambda: b"\xcf\xfa\xed\xfe\x07\0\0\x01" + b"\0" * 60,
    "java program": lambda: zipped({"META-INF/MANIFEST.MF": "Manifest-Version: 1.0\n", "Main.class": b"\xca\xfe\xba\xbe\0\0\0\x34"}),
    "installer": lambda: compound({"x": b"x"}, bytes.fromhex("84100c0000000000c000000000000046")),
    "script": lambda: b"WScript.CreateObject('WScript.Shell').Run('calc');\r\n" * 3,
    "shell": lambda: b"#!/bin/sh\necho good morning\n",
    "shortcut": lambda: b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F" + b"\0" * 60,
    "notebook": lambda: b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3" + b"\0" * 60,
    "help": lambda: b"ITSF\x03\0\0\0" + b"\0" * 60,
    "disk": _disk,
    "virtual disk": lambda: b"conectix" + b"\0" * 504,
    "mac disk": lambda: b"\0" * 2048 + b"koly" + b"\0" * 508,
    "internet link": lambda: b"[InternetShortcut]\r\nURL=https://ashmere.example/\r\n",
    "settings": lambda: b"<?xml version='1.0'?><plist><dict><key>PayloadType</key><string>mail</string></dict></plist>",
    # macros
    "macro": lambda: with_parts(
        word("Order form"),
        {"word/vbaProject.bin": project(), "[Content_Types].xml": b"<Types>" + _mime("word.document") + b"</Types>"},
    ),
    "macro workbook": lambda: with_parts(xlsx("Rota"), {"xl/vbaProject.bin": project()}),
    "macro sheet": lambda: with_parts(xlsx("Rota"), {"xl/macrosheets/sheet2.xml": "<xm:macrosheet xmlns:xm='x'/>"}),
    "older macro": lambda: compound(
        {"WordDocument": b"\xec\xa5" + b"\0" * 600, "1Table": b"", "Macros/VBA/dir": b"\x01", "Macros/VBA/ThisDocument": packed_code(MACRO_CODE)}
    ),
    "older macro sheet": lambda: compound({"Workbook": biff([("Macro1", 0, 1, []), ("Rota", 0, 0, [["Ann"]])])}),
    "open macro": lambda: document("text", "<office:body><text:p>Rota</text:p></office:body>", hidden=b"<script>Sub Main</script>"),
    # what leads elsewhere or acts
    "far template": lambda: word("Minutes", extra={"word/_rels/settings.xml.rels": related("attachedTemplate", "https://files.example/t.dotm")}),
    "far object": lambda: word("Quote", extra={"word/_rels/document.xml.rels": related("oleObject", "mhtml:https://files.example/a.html!x")}),
    "field that starts a program": lambda: word("Prices", markup="<w:p><w:r><w:instrText>DDEAUTO c:\\\\windows\\\\cmd.exe</w:instrText></w:r></w:p>"),
    "document with a program in it": lambda: word("Photos", extra={"word/embeddings/oleObject1.bin": compound({"\x01Ole10Native": native("photos.exe", PROGRAM)})}),
    "rich text with a program in it": lambda: _rtf_object("plan.exe"),
    "page with a script": lambda: _SCRIPT,
    "page with a form": lambda: page('<form action="https://login.example/x"><input type="password"></form>'),
    "page that leads on": lambda: page('<meta http-equiv="refresh" content="0; url=https://login.example/">'),
    "drawing with a script": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>location.href="https://x.example"</script></svg>',
    "pdf with a script": lambda: pdf_with(_OPENED),
    "pdf with a packed script": lambda: pdf_packed(b"1 0 2 9 << /Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>"),
    "pdf that starts a program": lambda: pdf_with(b"/OpenAction << /S /Laun#63h /F (cmd.exe) >>"),
    "pdf with a program in it": lambda: pdf_with(b"", b"8 0 obj\n<< /Type /Filespec /F (setup.exe) /EF << /F 9 0 R >> >>\nendobj\n"),
    # passwords
    "locked zip": locked_zip,
    "locked 7z": lambda: _seven(b"\x01\x04\x24\x06\xf1\x07\x01\x12" + _names7("payroll.xlsx")),
    "7z with a program": lambda: _seven(_names7("a.txt", "setup.exe")),
    "locked rar": lambda: _RAR5 + _block5(1, b"\0") + _file5("payroll.xlsx", locked=True),
    "rar with a locked list": lambda: _RAR5 + _block5(4, b"\0\0\x0f" + b"\0" * 16),
    "older locked rar": lambda: _RAR4 + struct.pack("<HBHHHI", 0, 0x73, 0, 13, 0, 0) + _file4("payroll.xls", 4),
    "older rar with a locked list": lambda: _RAR4 + struct.pack("<HBHHHI", 0, 0x73, 0x80, 13, 0, 0),
    "rar with a script": lambda: _RAR5 + _block5(1, b"\0") + _file5("invoice.js"),
    "locked document": lambda: compound({"EncryptedPackage": b"x", "EncryptionInfo": b"\x04\0\x04\0"}),
    "older locked document": lambda: older_word("x", locked=True),
    "older locked workbook": lambda: compound({"Workbook": biff([], locked=True)}),
    "locked open document": lambda: document("text", "", manifest="<manifest:encryption-data/>"),
    # archives
    "zip with a program": lambda: zipped({"photos/holiday.jpg.exe": PROGRAM, "readme.txt": "hello"}),
    "zip in a zip with a script": lambda: zipped({"inner.zip": zipped({"invoice.vbs": "x = 1\n"})}),
    "tar with a program": lambda: tarred("setup", PROGRAM),
    "squeezed program": lambda: gzip.compress(PROGRAM, mtime=0),
    "squeezed tar": lambda: gzip.compress(tarred("tool.ps1", b"Get-Date\n" * 9), mtime=0),
    "bz2": lambda: bz2.compress(PROGRAM),
    "xz": lambda: lzma.compress(PROGRAM),
    "bomb": _bomb,
    "squeezed bomb": lambda: gzip.compress(b"\0" * 30_000_000, mtime=0),
    # what a document gives away
    "hidden sheet": lambda: saved(book({"Rota": _rows(9), "Home addresses": _rows(30, "Mill Lane")}, {"Home addresses": "hidden"})),
    "very hidden sheet": lambda: saved(book({"Rota": _rows(9), "Pay": [["Clerk", 21000]]}, {"Pay": "veryHidden"})),
    "hidden rows": lambda: _rows_hidden(200, 20, 120),
    "hidden columns": lambda: _columns_hidden(90),
    "summary": lambda: _pivot("Residents"),
    "data model": lambda: with_parts(saved(book({"Summary": [["Ward", 12]]})), {"xl/model/item.data": b"\0" * 99}),
    "older hidden sheet": lambda: compound({"Workbook": biff([("Rota", 0, 0, [["Ann"]]), ("Pay", 1, 0, [["Clerk", "21000"]])])}),
    "hidden table": lambda: _ods("false"),
    "struck-out words": lambda: word("Lease", markup=_STRUCK),
    "hidden words": lambda: word("Lease", markup=_UNSEEN),
    # what a paper tells outsiders
    "exempt paper": lambda: word("STRICTLY CONFIDENTIAL", "Staffing sub-committee, 4 November", "The groundsman's hours."),
    "paper marked at its foot": lambda: word(*(f"Clause {n} of the draft lease." for n in range(1, 16)), "Not for publication"),
    "paper on confidence": lambda: word("Guidance for members", "What is said in closed session is confidential and stays there.", "Ask the Clerk."),
    "starter form": lambda: word("New starter", "Name: Idris Penhale", "National Insurance number: AB 12 34 56 C"),
    "birthdays": lambda: word("Helpers at the lunch club", "Olwen Tranter, born 4 May 1951", "Percy Blount, born 19 July 1947"),
    "plot list": lambda: word(
        "Allotment tenants", "Janet Orme, 14 Gorse Close", "Alan Speight, 3 Forge Yard", "Rita Holm, 27 Slade Lane", "Brian Cope, 8 Lime Row"
    ),
    "telephone tree": lambda: word("Snow wardens", "Janet Orme 07700 900101", "Alan Speight 07700 900102", "Rita Holm 07700 900103"),
    "two homes": lambda: word("For the harvest loaves", "Janet Orme, 14 Gorse Close", "Alan Speight, 3 Forge Yard"),
    "payroll sheet": lambda: saved(book({"November": [["Payroll"], ["Idris Penhale, salary £24,702 a year"]]})),
    "bank change": lambda: word("Change of details", "Idris Penhale: sort code 20-45-77, account 63849205"),
    "hire invoice": lambda: word("INVOICE 1188", "Hire of the hall, 4 October", "Pay to sort code 20-45-77, account 63849205"),
    "pay scales": lambda: word("National pay scales", "SCP 5: £23,656", "SCP 12: £26,409"),
    "door sheet": lambda: word("Opening up", "The code for the side door is 4471.", "The code for the alarm is 2209."),
    "door rules": lambda: word("Opening up", "The codes are changed each term and are told by word of mouth."),
    # clean, or nearly the same as what is not
    "document": lambda: word("Agenda for Tuesday", "1. Apologies"),
    "empty macros": lambda: with_parts(word("Order form"), {"word/vbaProject.bin": project(EMPTY_CODE)}),
    "older document": lambda: older_word("Dear Mrs Quill,\rThe pond has been cleared."),
    "older workbook": lambda: compound({"Workbook": biff([("Rota", 0, 0, [["Ann", "Tuesday"]])])}),
    "list of choices": _choices,
    "empty hidden sheet": lambda: saved(book({"Rota": _rows(9), "Sheet2": []}, {"Sheet2": "hidden"})),
    "few hidden rows": lambda: _rows_hidden(200, 20, 35),
    "few hidden columns": lambda: _columns_hidden(12),
    "summary of its own": lambda: _pivot("Summary"),
    "shown table": lambda: _ods("true"),
    "near template": lambda: word("Minutes", extra={"word/_rels/settings.xml.rels": related("attachedTemplate", "file:///C:/Users/tom/council.dotx")}),
    "own template": lambda: word("Minutes", extra={"word/_rels/settings.xml.rels": related("attachedTemplate", "https://ashmere.sharepoint.com/t.dotx")}),
    "link": lambda: word("See our site", extra={"word/_rels/document.xml.rels": related("hyperlink", "https://ashmere.example/")}),
    "put in": lambda: word("Lease", markup='<w:p><w:ins w:id="2"><w:r><w:t>and the hedge</w:t></w:r></w:ins></w:p>'),
    "commented": lambda: word("Lease", extra={"word/comments.xml": "<w:comments xmlns:w='x'><w:comment><w:p><w:r><w:t>Check</w:t></w:r></w:p></w:comment></w:comments>"}),
    "rich text": lambda: rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 The pond is \'a3300 dearer.\par Yours, Tom\u8217 ?s wife}",
    "open document": lambda: document("text", "<office:body><text:p>The pond</text:p></office:body>"),
    "page": lambda: page("<p>The fete is on Saturday.</p>"),
    "page that measures itself": lambda: page('<script type="application/ld+json">{"@type":"Event"}</script><p>Fete</p>'),
    "drawing": lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>',
    "pdf that prints": lambda: pdf_with(b"/OpenAction << /S /JavaScript /JS (this.print\\(true\\);) >>"),
    "pdf at a page": lambda: pdf_with(b"/OpenAction [3 0 R /Fit]"),
    "zip": lambda: zipped({"Agenda.docx": docx("Agenda"), "plan.png": png("plan")}),
    "7z": lambda: _seven(_names7("a.txt", "plan.pdf")),
    "rar": lambda: _RAR5 + _block5(1, b"\0") + _file5("plan.pdf"),
    "older rar": lambda: _RAR4 + struct.pack("<HBHHHI", 0, 0x73, 0, 13, 0, 0) + _file4("plan.pdf", 0),
    "squeezed text": lambda: gzip.compress(b"Name,Plot\nAnn,7\n" * 20, mtime=0),
    "text": lambda: b"The pond has been cleared and the ducks are back. Bring bread on Sunday.\n",
    "table": lambda: "Name,Plot\nAnn,7\nSian Rhys,£40\n".encode("cp1252"),
    "page called a table": lambda: b"<html><body><table><tr><td>Rate</td><td>12</td></tr></table></body></html>",
    "card": lambda: b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Judith Pell\r\nEND:VCARD\r\n",
    "recording": lambda: b"ID3\x04" + b"\0" * 90,
    "film": lambda: b"\0\0\0\x18ftypmp42" + b"\0" * 90,
    "heic": lambda: b"\0\0\0\x18ftypheic" + b"\0" * 90,
    "scrap": lambda: b"not found\n",
}  # fmt: skip
"""What a file is, by a few words, and how it is made."""


@cache
def content(name: str, kind: str = "") -> bytes:
    """The bytes of a file: of a kind, or of the kind that its name tells."""
    return KINDS[kind]() if kind else enclosure(name)


RISKY: tuple[tuple[str, str], ...] = (
    ("setup.exe", "program"), ("holiday.scr", "program"), ("invoice.pdf", "program"), ("photo.jpg", "program"),
    ("agenda.docx", "program"), ("data.dat", "program"), ("viewer", "linux program"), ("viewer.bin", "mac program"),
    ("reader.jar", "java program"), ("plan.zip", "java program"), ("update.msi", "installer"), ("letter.doc", "installer"),
    ("invoice.js", "script"), ("invoice.vbs", "script"), ("fix.bat", "script"), ("fix.ps1", "script"), ("form.hta", "script"),
    ("minutes.docx.wsf", "script"), ("fix.py", "script"), ("start", "shell"), ("notes.txt", "shell"), ("plan.lnk", "shortcut"),
    ("plan.pdf.lnk", "shortcut"), ("minutes.pdf", "shortcut"), ("minutes.one", "notebook"), ("guide.chm", "help"),
    ("plans.iso", "disk"), ("plans.img", "disk"), ("plans.pdf", "disk"), ("backup.vhd", "virtual disk"), ("tool.dmg", "mac disk"),
    ("website.url", "internet link"), ("mail.mobileconfig", "settings"), ("desktop.reg", "text"),
    ("order.docm", "macro"), ("order.docx", "macro"), ("order.docm", "document"), ("rota.xlsm", "macro workbook"),
    ("rota.xlsx", "macro sheet"), ("letter.doc", "older macro"), ("rota.xls", "older macro sheet"), ("rota.odt", "open macro"),
    ("minutes.docx", "far template"), ("quote.docx", "far object"), ("prices.docx", "field that starts a program"),
    ("photos.docx", "document with a program in it"), ("plan.rtf", "rich text with a program in it"),
    ("notice.html", "page with a script"), ("notice.htm", "page with a form"), ("voicemail.html", "page that leads on"),
    ("map.svg", "drawing with a script"), ("form.pdf", "pdf with a script"), ("form.pdf", "pdf with a packed script"),
    ("form.pdf", "pdf that starts a program"), ("form.pdf", "pdf with a program in it"), ("payroll.zip", "locked zip"),
    ("payroll.7z", "locked 7z"), ("tools.7z", "7z with a program"), ("payroll.rar", "locked rar"),
    ("payroll.rar", "rar with a locked list"), ("payroll.rar", "older locked rar"), ("payroll.rar", "older rar with a locked list"),
    ("invoice.rar", "rar with a script"), ("pay.docx", "locked document"), ("pay.doc", "older locked document"),
    ("pay.xls", "older locked workbook"), ("pay.odt", "locked open document"), ("photos.zip", "zip with a program"),
    ("invoice.zip", "zip in a zip with a script"), ("tool.tar", "tar with a program"), ("tool.gz", "squeezed program"),
    ("tool.tgz", "squeezed tar"), ("tool.bz2", "bz2"), ("tool.xz", "xz"), ("photos.zip", "bomb"), ("log.gz", "squeezed bomb"),
    ("agenda.pdf", "page"), ("agenda.pdf", "document"), ("photo.jpg", "zip"), ("agenda.pdf", "text"), ("agenda.docx", "zip"),
    ("plan.txt", "document"), ("minutes\u202efdp.docx", "document"), ("invoice.pdf      .exe", "program"),
    ("invoice.pdf\u200b.exe", "program"), ("invoice.pdf.exe.", "program"),
)  # fmt: skip
LEAKY: tuple[tuple[str, str], ...] = (
    ("rota.xlsx", "hidden sheet"), ("rota.xlsx", "very hidden sheet"), ("plots.xlsx", "hidden rows"),
    ("hirers.xlsx", "hidden columns"), ("wards.xlsx", "summary"), ("wards.xlsx", "data model"),
    ("rota.xls", "older hidden sheet"), ("contacts.ods", "hidden table"), ("lease.docx", "struck-out words"),
    ("lease.docx", "hidden words"),
)  # fmt: skip
CLEAN: tuple[tuple[str, str], ...] = (
    ("agenda.pdf", ""), ("agenda.docx", ""), ("rota.xlsx", ""), ("crest.png", ""), ("pond.jpg", ""), ("agenda.docx", "document"),
    ("order.docx", "empty macros"), ("letter.doc", "older document"), ("rota.xls", "older workbook"), ("form.xlsx", "list of choices"),
    ("rota.xlsx", "empty hidden sheet"), ("plots.xlsx", "few hidden rows"), ("hirers.xlsx", "few hidden columns"),
    ("wards.xlsx", "summary of its own"), ("contacts.ods", "shown table"), ("minutes.docx", "near template"),
    ("minutes.docx", "own template"), ("site.docx", "link"), ("lease.docx", "put in"), ("lease.docx", "commented"),
    ("letter.rtf", "rich text"), ("letter.doc", "rich text"), ("pond.odt", "open document"), ("fete.html", "page"),
    ("fete.html", "page that measures itself"), ("map.svg", "drawing"), ("label.pdf", "pdf that prints"), ("plan.pdf", "pdf at a page"),
    ("papers.zip", "zip"), ("papers.7z", "7z"), ("papers.rar", "rar"), ("papers.rar", "older rar"), ("plots.csv.gz", "squeezed text"),
    ("readme.txt", "text"), ("plots.csv", "table"), ("rates.xls", "page called a table"), ("judith.vcf", "card"),
    ("choir.mp3", "recording"), ("fete.mp4", "film"), ("pond.heic", "heic"), ("pond.jpg", "heic"), ("agenda.pdf", "scrap"),
    ("report.v2.final.docx", "document"), ("Agenda.docx.pdf", ""), ("www.ashmere.com", "page"), ("Minutes 2.11.26", "document"),
    ("invoice", "text"), ("plan.docx", "open document"), ("Screenshot 9.41\u202fAM.png", ""), ("old.doc", "document"),
)  # fmt: skip
