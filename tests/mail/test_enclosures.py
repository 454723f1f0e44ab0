"""Files opened: their text, what is said when it could not be read, and the bounds that nothing gets past."""

from __future__ import annotations

import gzip
import random
import struct
import zlib

import pytest
from enclosed import CLEAN, KINDS, LEAKY, RISKY, content
from enclosed_parts import (
    EMPTY_CODE,
    biff,
    book,
    compound,
    docx,
    page,
    project,
    saved,
    with_parts,
    word,
    xlsx,
    zipped,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.enclosures.look import look
from auditor.mail.limits import DEFAULT, Limits
from auditor.mail.message import Risk
from auditor.mail.parse import parse
from auditor.pipeline.reading import Record, pack, prepared, unpack

ALL = sorted({*RISKY, *LEAKY, *CLEAN})


def seen(name: str, data: bytes, limits: Limits = DEFAULT) -> Look:
    return look(name, data, Budget(limits))


def text(name: str, kind: str = "", data: bytes | None = None) -> str:
    return "".join(seen(name, content(name, kind) if data is None else data).texts)


def codes(found: Look) -> set[Risk]:
    return {fact.code for fact in found.facts}


@pytest.mark.parametrize(("name", "kind", "said"), [
    ("agenda.docx", "document", "Agenda for Tuesday\n1. Apologies\n"), ("letter.doc", "older document", "Dear Mrs Quill,\nThe pond"),
    ("rota.xls", "older workbook", "Rota\nAnn\tTuesday\n"), ("letter.rtf", "rich text", "The pond is £300 dearer.\nYours, Tom’s wife"),
    ("pond.odt", "open document", "The pond"), ("fete.html", "page", "The fete is on Saturday."), ("readme.txt", "text", "The pond has been"),
    ("plots.csv", "table", "Sian Rhys,£40"), ("papers.zip", "zip", "Agenda.docx\nAgenda"), ("papers.7z", "7z", "a.txt\nplan.pdf\n"),
    ("papers.rar", "rar", "plan.pdf"), ("papers.rar", "older rar", "plan.pdf"), ("plots.csv.gz", "squeezed text", "Name,Plot"),
    ("lease.docx", "struck-out words", "The rent is  fair.\n"), ("lease.docx", "struck-out words", "\nwhat we can get"),
    ("lease.docx", "commented", "Check"), ("rota.xlsx", "hidden sheet", "Home addresses\nName 0\t0\tMill Lane\n"),
    ("contacts.ods", "hidden table", "Mrs Quill, 01632 960111"), ("pay.zip", "locked zip", "payroll.xlsx"), ("agenda.pdf", "", "agenda"),
    ("photos.docx", "document with a program in it", "Photos"), ("tool.tgz", "squeezed tar", "tool.ps1\nGet-Date"),
])  # fmt: skip
def test_text(name: str, kind: str, said: str) -> None:
    assert said in text(name, kind)


@pytest.mark.parametrize(("name", "kind", "unread"), [
    ("pay.zip", "locked zip", "an archive behind a password"), ("pay.docx", "locked document", "a document behind a password"),
    ("pay.doc", "older locked document", "a document behind a password"), ("pay.xls", "older locked workbook", "a document behind a password"),
    ("pay.odt", "locked open document", "a document behind a password"), ("papers.7z", "7z", "an archive of a kind that is not unpacked"),
    ("pay.rar", "rar with a locked list", "an archive behind a password"), ("photos.zip", "bomb", "it is built to harm whoever unpacks it"),
    ("log.gz", "squeezed bomb", "it is built to harm whoever unpacks it"), ("agenda.docx", "document", ""), ("crest.png", "", ""),
    ("setup.exe", "program", ""),
])  # fmt: skip
def test_what_was_not_read_is_said(name: str, kind: str, unread: str) -> None:
    assert seen(name, content(name, kind)).unread == unread


@pytest.mark.parametrize(("data", "unread"), [
    (b"%PDF-1.4\nnothing", "a damaged PDF"), (b"PK\x03\x04 nothing", "it is damaged or built in an unusual way (BadZipFile)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "it is damaged or built in an unusual way (NotOleFileError)"),
    (zipped({"[Content_Types].xml": "<Types/>", "visio/a.xml": "<a/>"}), "a document of a kind that is not read"),
    (zipped({"Index/Document.iwa": "x"}), "a document of Apple's office programs"), (b"MSCF\0\0\0\0\0", "an archive of a kind that is not opened"),
    (zipped({"mimetype": "application/epub+zip"}), "an electronic book"), (compound({"Quill/QuillSub/CONTENTS": b"x"}), "a document of an older program that is not read"),
    (with_parts(xlsx("x"), {"xl/workbook.xml": "<workbook"}), "it is damaged or built in an unusual way (ExpatError)"),
])  # fmt: skip
def test_what_nobody_reads_is_said(data: bytes, unread: str) -> None:
    assert seen("file", data).unread == unread


def test_a_row_is_a_line_and_a_day_is_a_day() -> None:
    from datetime import date, datetime

    made = book({"Staff": [["Ann Archer", date(1970, 3, 9), 21000, 0.5, True], ["Bo", datetime(2026, 11, 2, 9, 30)]]})  # noqa: DTZ001
    assert (
        text("staff.xlsx", data=saved(made))
        == "Staff\nAnn Archer\t09/03/1970\t21000\t0.5\tTRUE\nBo\t02/11/2026 09:30\n"
    )


def test_macros_are_told_from_an_empty_project() -> None:
    assert Risk.MACRO in codes(seen("a.docx", content("a.docx", "macro")))
    assert Risk.MACRO not in codes(seen("a.docx", content("a.docx", "empty macros")))
    assert Risk.MACRO in codes(seen("a.docx", with_parts(docx("x"), {"word/vbaProject.bin": b"no project"})))


def test_a_document_type_is_refused() -> None:
    swelling = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document xmlns:w="w">&b;</w:document>'
    found = seen("a.docx", with_parts(docx("x"), {"word/document.xml": swelling}))
    assert Risk.BOMB in codes(found)
    assert found.unread


@pytest.mark.parametrize(("data", "limits", "unread"), [
    (zipped({"a.txt": "x" * 5_000}), Limits(inflated=1_000), "unpacked, it is more than 1,000 bytes"),
    (word("y" * 5_000), Limits(inflated=1_000), "unpacked, it is more than 1,000 bytes"),
    (gzip.compress(b"a" * 5_000, mtime=0), Limits(inflated=1_000), "unpacked, it is more than 1,000 bytes"),
    (zipped({f"{n}.txt": "x" for n in range(9)}), Limits(members=5), "it holds more than 5 files"),
    (zipped({"a.zip": zipped({"b.zip": zipped({"c.txt": "x"})})}), Limits(archives=1), "it holds archives inside one another, more than are opened"),
    (b"many words " * 99, Limits(enclosed_text=100), "its text is longer than what is kept of one message's files"),
])  # fmt: skip
def test_bounds_are_kept_and_said(data: bytes, limits: Limits, unread: str) -> None:
    found = seen("file", data, limits)
    if limits.enclosed_text == 100:
        found.say(["more"], Budget(Limits(enclosed_text=0)))
    assert found.unread == unread
    assert sum(map(len, found.texts)) <= DEFAULT.enclosed_text


def test_bounds_are_of_the_whole_message() -> None:
    body = "x" * 700
    raw = _message(*[(f"{n}.zip", zipped({"a.txt": body})) for n in range(3)])
    unread = [file.unread for file in parse(raw, Limits(inflated=1_500)).attachments]
    assert unread == ["", "", "unpacked, it is more than 1,500 bytes"]


def test_what_was_read_before_the_bound_is_kept() -> None:
    long = "".join(f"<w:p><w:r><w:t>Item {n}</w:t></w:r></w:p>" for n in range(50_000))
    found = seen("a.docx", word("Agenda", markup=long), Limits(inflated=1_000_000))
    assert found.unread
    assert "".join(found.texts).startswith("Agenda\nItem 0\n")


def _message(*files: tuple[str, bytes]) -> bytes:
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"] = "cllr.arden@ashmere.example"
    mail.set_content("See attached.")
    for name, data in files:
        mail.add_attachment(data, "application", "octet-stream", filename=name)
    return mail.as_bytes()


def test_a_message_carries_what_was_seen() -> None:
    mail = parse(
        _message(("rota.xlsx", content("rota.xlsx", "hidden sheet")), ("pay.zip", content("pay.zip", "locked zip")))
    )
    rota, pay = mail.attachments
    assert (rota.kind, rota.unread, pay.unread) == ("xlsx", "", "an archive behind a password")
    assert "Mill Lane" in rota.text
    assert Risk.SEALED in {fact.code for fact in pay.facts}
    kept = prepared(Record(mail, ()))
    assert kept.unread == ("pay.zip: an archive behind a password",)
    assert "mill" in kept.terms.body
    assert unpack(pack(Record(mail, ()))).mail == mail


def test_files_stay_shut_when_told_so() -> None:
    [file] = parse(_message(("setup.exe", content("setup.exe", "program"))), Limits(opens=False)).attachments
    assert (file.name, file.kind, file.facts, file.text, file.unread) == (
        "setup.exe",
        "",
        (),
        "",
        "opening it ended the reader",
    )


def test_what_acts_in_a_page_is_told_from_what_shows() -> None:
    for body in ("<script src='https://x.example/a.js'></script>", "<body onload='go()'>", "<img src=x onerror=go()>"):
        assert Risk.ACTIVE in codes(seen("a.html", page(body))), body
    for body in (
        "<script></script>",
        "<p>Write to &lt;script&gt;</p>",
        "<form action='search'><input type=text></form>",
    ):
        assert Risk.ACTIVE not in codes(seen("a.html", page(body))), body


def test_a_hidden_sheet_of_an_older_workbook() -> None:
    found = seen("a.xls", compound({"Workbook": biff([("Rota", 0, 0, [["Ann"]]), ("Pay", 2, 0, [["Clerk"]])])}))
    assert [fact.detail for fact in found.facts] == ["has a hidden sheet, 'Pay', with one filled cell"]


@pytest.mark.parametrize(("name", "kind"), ALL)
def test_broken_files_never_raise(name: str, kind: str) -> None:
    chance = random.Random(name + kind)
    whole = content(name, kind)
    if len(whole) > 100_000:
        whole = whole[:100_000]
    for _ in range(15):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 8, 40))):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        cut = data[: chance.randrange(len(data) + 1)]
        for broken in (bytes(data), bytes(cut)):
            found = seen(name, broken)
            assert sum(map(len, found.texts)) <= DEFAULT.enclosed_text + 10_000


@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=200), st.integers(0, 4_000), st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_anything_can_be_looked_at(kind: str, noise: bytes, at: int, name: str) -> None:
    data = KINDS[kind]()[:100_000]
    found = seen(name, data[:at] + noise + data[at + len(noise) :])
    assert all("\r" not in said and "\0" not in said for said in found.texts)


def test_a_message_saved_by_outlook_with_a_file_in_it() -> None:
    def wide(said: str) -> bytes:
        return said.encode("utf-16-le")

    folder = "__attach_version1.0_#00000000/__substg1.0_"
    streams = {
        "__properties_version1.0": b"x",
        "__substg1.0_0037001F": wide("The drains"),
        "__substg1.0_1000001F": wide("Dear Clerk, see the plan."),
        "__substg1.0_0C1A001F": wide("Ray Todd"),
        f"{folder}3707001F": wide("drains.exe"),
        f"{folder}37010102": content("setup.exe", "program"),
        "__attach_version1.0_#00000001/__substg1.0_3707001F": wide("no bytes.txt"),
    }
    found = seen("drains.msg", compound(streams))
    assert found.kind == "msg"
    assert [fact.detail for fact in found.facts] == ["holds 'drains.exe', which is a program"]
    assert " ".join("".join(found.texts).split()) == "Ray Todd The drains Dear Clerk, see the plan. drains.exe"


def _record(kind: int, data: bytes, version: int = 0) -> bytes:
    return struct.pack("<HHI", version, kind, len(data)) + data


@pytest.mark.parametrize(("more", "code"), [
    (b"", None), (_record(0x1011, struct.pack("<I", 9) + zlib.compress(project())), Risk.MACRO), (_record(0x1011, b"nothing"), None),
    (_record(0x1011, struct.pack("<I", 9) + zlib.compress(project(EMPTY_CODE))), None), (_record(0x2F14, b"x"), Risk.LOCKED),
])  # fmt: skip
def test_an_older_presentation(more: bytes, code: Risk | None) -> None:
    words = _record(0x0FA0, "Pond project".encode("utf-16-le")) + _record(0x0FA8, b"by the Clerk\x0bin May")
    found = seen("talk.ppt", compound({"PowerPoint Document": _record(0x03E8, words, 0xF) + more}))
    assert codes(found) == ({code} if code else set())
    assert code is Risk.LOCKED or "Pond project\nby the Clerk\nin May" in "".join(found.texts)


def test_a_presentation_with_notes() -> None:
    said = "<p:sld xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>{}</a:t></a:r><a:br/><a:r><a:t>x</a:t></a:r></a:p></p:sld>"
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": "<Types/>",
        "ppt/slides/slide10.xml": said.format("Last"),
        "ppt/slides/slide2.xml": said.format("First"),
        "ppt/notesSlides/notesSlide1.xml": said.format("Do not name the price"),
    }
    found = seen("talk.pptx", zipped(parts))
    assert "".join(found.texts) == "First\nx\n\nLast\nx\n\nDo not name the price\nx\n\n"
    assert codes(found) == {Risk.NOTED}


def test_strings_of_an_older_workbook_that_go_on_in_the_next_record() -> None:
    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    begin, end = record(0x0809, b"\0" * 16), record(0x000A, b"")
    shared = record(0x00FC, struct.pack("<II", 2, 2) + struct.pack("<HB", 9, 0) + b"Ann A")
    shared += record(0x003C, b"\x01" + "rchè".encode("utf-16-le") + struct.pack("<HBH", 2, 8, 1) + b"Bo" + b"\0" * 4)
    sheet = record(0x0085, struct.pack("<IBBBB", 0, 0, 0, 5, 0) + b"Staff")
    dated = record(0x00E0, struct.pack("<HH", 0, 14) + b"\0" * 16)
    cells = record(0x00FD, struct.pack("<HHHI", 0, 0, 0, 0)) + record(0x00FD, struct.pack("<HHHI", 0, 1, 0, 1))
    cells += record(0x0203, struct.pack("<HHHd", 1, 0, 0, 25_636.0)) + record(
        0x027E, struct.pack("<HHHI", 1, 1, 9, 42 << 2 | 2)
    )
    cells += record(0x00BD, struct.pack("<HHHIHIH", 2, 0, 9, 7 << 2 | 2, 9, (250 << 2) | 3, 1))
    cells += record(0x0006, struct.pack("<HHH", 3, 0, 9) + b"\0" * 6 + b"\xff\xff" + b"\0" * 6) + record(
        0x0207, b"\x03\0\0sum"
    )
    found = seen("staff.xls", compound({"Workbook": begin + dated + sheet + shared + end + begin + cells + end}))
    assert "".join(found.texts) == "Staff\nAnn Archè\tBo\n09/03/1970\t42\n7\t2.5\nsum\n"
