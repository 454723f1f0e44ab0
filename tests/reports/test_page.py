"""The page for the Council's file: one page, the words of Start, the same bytes, and never over somebody's work."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import zlib
from contextlib import closing
from pathlib import Path

import pypdfium2
from changes import replace
from thorrington import POLICY, sample

from auditor import whole
from auditor.store.trail import Head
from reports import page as drawing
from reports.page import pdf, with_page
from reports.report import Decisions, Reader
from reports.start import Line, start
from reports.workbook import Written

HERE = Path(__file__).resolve().parent
NAME = "Audit 2026-W47"


def words(data: bytes) -> tuple[str, int, dict[str, str]]:
    """Its text in one line, the number of pages, and its properties."""
    with closing(pypdfium2.PdfDocument(data)) as file:
        pages = [file[number] for number in range(len(file))]
        texts = [one.get_textpage() for one in pages]
        text = " ".join(one.get_text_range() for one in texts)
        for one in (*texts, *pages):
            one.close()
        about = {name: value for name, value in file.get_metadata_dict().items() if value}
        return " ".join(text.replace("\ufffe", "-").split()), len(pages), about


def test_it_says_what_start_says_on_one_page():
    shown = start(sample(trail=Head(1234, "ab" * 32)).clerk)
    text, pages, about = words(pdf(shown, NAME))
    assert pages == 1
    assert about == {"Title": NAME, "Creator": "mailbox auditor"}
    for said in (shown.council, shown.week, f"{shown.light.value}. {shown.verdict}", *shown.changed, "entry 1,234"):
        assert said in text
    for line in shown.needs:
        assert line.said in text


def test_much_to_say_is_one_page_still():
    shown = start(sample().clerk)
    long = replace(shown, needs=(Line("Very long. " * 36, "Coverage"),) * 12, changed=("Very long. " * 36,) * 9)
    text, pages, _ = words(pdf(replace(long, seal="The end."), NAME))
    assert pages == 1
    assert text.count("Very long.") == 21 * 36
    assert "The end." in text


def test_the_same_values_are_the_same_bytes_in_every_process():
    ours = pdf(start(sample().clerk), NAME)
    assert pdf(start(sample().clerk), NAME) == ours
    program = (
        f"import sys; sys.path[:0] = {[str(HERE), str(HERE.parent), str(HERE.parent.parent)]!r}; import thorrington; "
    )
    program += f"from reports.page import pdf; from reports.start import start; sys.stdout.buffer.write(pdf(start(thorrington.sample().clerk), {NAME!r}))"
    made = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, env=os.environ | {"PYTHONHASHSEED": "4711"}
    )
    assert made.stdout == ours


def test_welsh_letters_are_letters_and_unknown_ones_are_marked():
    shown = start(sample(policy=replace(POLICY, council="Cyngor Tŷ Ŵyth \u6f22\u200b\ud800")).clerk)
    text, _, _ = words(pdf(shown, NAME))
    assert text.startswith("Cyngor Tŷ Ŵyth ◊◊◊")


def test_whatever_mail_says_it_is_text():
    """Questions and the council's name are all that is not our own words."""
    hostile = "=1+1 <b>&amp; ( \\ ) %%EOF /JS endstream \x00\x1b[2J\u202e " + "x" * 300
    stand = {Reader.CLERK: Decisions(asked=(hostile,))}
    data = pdf(start(sample(decisions=stand, policy=replace(POLICY, council="=(\\1) & /AA")).clerk), "=(x)")
    text, pages, about = words(data)
    assert (pages, about["Title"]) == (1, "=(x)")
    assert text.startswith("=(\\1) & /AA")
    assert "=1+1 <b>&amp; ( \\ ) %%EOF /JS endstream" in text
    streams = [
        zlib.decompress(one) for one in re.findall(rb"stream\r?\n(x[\x01\x5e\x9c\xda].*?)endstream", data, re.DOTALL)
    ]
    assert b"/JavaScript" not in data + b"".join(streams)
    assert b"/URI" not in data


def test_it_is_written_beside_its_workbook_for_its_owner_alone(tmp_path):
    report = sample().clerk
    written = with_page(report, Written(tmp_path / f"{NAME}.xlsx"))
    assert written == Written(tmp_path / f"{NAME}.xlsx", page=tmp_path / f"{NAME}.pdf")
    assert written.page.read_bytes() == pdf(start(report), NAME)
    if os.name == "posix":
        assert stat.S_IMODE(written.page.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [f"{NAME}.pdf"]


def test_one_that_was_saved_by_somebody_is_left_alone(tmp_path):
    report, book = sample().clerk, Written(tmp_path / f"{NAME}.xlsx", "Beside another.")
    first = with_page(report, book).page
    assert with_page(report, book).page == first
    noted = first.read_bytes() + b"\n7 0 obj <</Type /Annot>> endobj\n%%EOF\n"
    first.write_bytes(noted)
    second = with_page(report, book)
    assert (second.page, second.note) == (tmp_path / f"{NAME} (2).pdf", "Beside another.")
    assert first.read_bytes() == noted
    second.page.write_bytes(b"%PDF-1.4 minutes of somebody's %%EOF")
    assert with_page(report, book).page == tmp_path / f"{NAME} (3).pdf"


def test_what_fails_in_passing_is_done_again_at_once(tmp_path, monkeypatch):
    real, refused = whole.move, [PermissionError(13, "in use for a moment")]

    def move(made, target):
        if refused:
            raise refused.pop()
        real(made, target)

    monkeypatch.setattr(whole, "move", move)
    written = with_page(sample().clerk, Written(tmp_path / f"{NAME}.xlsx"))
    assert (written.page, written.note) == (tmp_path / f"{NAME}.pdf", "")
    assert [path.name for path in tmp_path.iterdir()] == [f"{NAME}.pdf"]


def test_where_it_cannot_be_written_a_sentence_says_so(tmp_path, monkeypatch):
    (tmp_path / f"{NAME}.pdf").mkdir()
    written = with_page(sample().clerk, Written(tmp_path / f"{NAME}.xlsx"))
    assert written.page is None
    assert written.note.startswith("The page for the Council's file could not be written (")
    assert written.note.endswith("the workbook is whole. Mend this and run 'auditor report'.")
    monkeypatch.setattr(drawing, "_FACES", {"Plain": "gone.ttf"})
    drawing._register.cache_clear()
    try:
        assert with_page(sample().clerk, Written(tmp_path / "b.xlsx")).page is None
    finally:
        drawing._register.cache_clear()
