"""The sheet Sample: what it shows, and what was found in it read back, whatever was done to the file."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from changes import replace
from drawn import drawn, one
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from test_workbook import HOSTILE
from thorrington import FOUND as FINDINGS
from thorrington import finding_row
from thorrington import sample as week

from auditor.policy import CLAUSES
from auditor.store.samples import Look, Verdict
from reports.book import Book
from reports.decisions import read
from reports.looks import Looks, Reading, clause, verdict
from reports.report import Reader
from reports.sampled import Sample
from reports.sheets import findings
from reports.sheets import sample as sheets
from reports.sheets.sample import COLUMNS
from reports.stream import save

HEADINGS = [column.heading for column in COLUMNS]
FOUND, CLAUSE, NOTE, NAME = (
    HEADINGS.index(name) + 1 for name in ("What you found", "Which clause", "Note", "Sampled message")
)
TOP = 7
"""The row of the heading, below three lines of estimate."""


def written(sample: Sample, folder: Path) -> Path:
    """A workbook of the sample, and of a few findings beside it."""
    report = week(samples={Reader.CLERK: sample}, findings=[finding_row(*found) for found in FINDINGS[:3]]).clerk
    book, path = Book("Thorrington", "Audit"), folder / "Audit 2026-W47.xlsx"
    for draw in (findings.draw, sheets.draw):
        draw(book, report)
    with path.open("wb") as file:
        save(book, file, report.written)
    return path


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(drawn(), tmp_path_factory.mktemp("sample"))


@pytest.fixture
def audit(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path / original.name))


def sheet_of(path: Path) -> Worksheet:
    return load_workbook(path)["Sample"]


def changed(path: Path, cells: dict[tuple[int, int], str | None], change=lambda _sheet: None) -> Path:
    """The workbook with these cells (row of the sample from 1, column) written, by another program."""
    workbook = load_workbook(path)
    sheet = workbook["Sample"]
    for (row, column), value in cells.items():
        sheet.cell(TOP + row, column).value = value
    change(sheet)
    workbook.save(path)
    workbook.close()
    return path


def looked(path: Path) -> Looks:
    reading = Reading()
    assert not read(path, None, reading).trouble
    return reading.looks


def looks(path: Path) -> dict[str, Look]:
    what = looked(path)
    assert what == Looks(what.rows)
    return {seen.look.name: seen.look for seen in what.rows}


def name(number: int) -> str:
    return f"{number:020x}"


# --- what it shows


def test_what_is_said_already_stands_in_it(audit):
    sheet = sheet_of(audit)
    assert sheet["A1"].value == "20 of the 186 messages of the week in which no rule found anything, drawn by chance"
    assert [cell.value for cell in sheet[TOP]] == HEADINGS
    assert [sheet.cell(TOP + 3, column).value for column in (FOUND, CLAUSE, NOTE)] == [
        "Something missed",
        f"E10: {CLAUSES['E10']}",
        "He orders the paint himself.",
    ]
    assert sheet["A3"].value.startswith("Of the samples of the last 13 weeks 22 messages were looked at")


def test_its_lists_are_those_of_what_is_read_back(audit):
    sheet = sheet_of(audit)
    found, named = sheet.data_validations.dataValidation
    assert [verdict(word) for word in found.formula1.strip('"').split(",")] == list(Verdict)
    assert str(found.sqref) == f"G{TOP + 1}:G{TOP + 20}"
    first, last = (int(place) for place in named.formula1.replace("$A$", "").split(":"))
    assert [clause(sheet.cell(row, 1).value) for row in range(first, last + 1)] == list(CLAUSES)
    assert sheet.auto_filter.ref == f"A{TOP}:K{TOP + 20}", "a sorting leaves the clauses where they are"
    assert first > TOP + 21


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        (drawn(7, 7), "All 7 messages of the week in which no rule found anything"),
        (drawn(1, 1), "The one message of the week in which no rule found anything"),
        (Sample(none="Why there is none."), "Why there is none."),
    ],
)
def test_fewer_than_twenty_and_none(sample, said, tmp_path):
    path = written(sample, tmp_path)
    sheet = sheet_of(path)
    assert sheet["A1"].value == said
    assert len(looked(path).rows) == len(sample.messages)
    assert bool(sheet.data_validations.dataValidation) == bool(sample.messages)


def test_text_from_mail_is_text(tmp_path):
    messages = tuple(
        replace(one(number, subject=text, message_id=text, sender=text, recipients=(text,) * 9), name=text, begins=text)
        for number, text in enumerate(HOSTILE, 1)
    )
    sheet = sheet_of(written(Sample(messages, 400, estimate=drawn().estimate), tmp_path))
    for row in sheet.iter_rows(min_row=TOP):
        for cell in row:
            assert cell.data_type in ("s", "n", "d")
            assert cell.hyperlink is None
            mail = TOP < cell.row <= TOP + len(HOSTILE) and isinstance(cell.value, str) and cell.column_letter != "B"
            assert cell.quotePrefix or not mail, cell.coordinate


# --- what comes back


def test_what_was_found_comes_back(audit):
    cells = {(1, FOUND): "something missed", (1, CLAUSE): f"E5: {CLAUSES['E5']}", (1, NOTE): "=1+1", (2, FOUND): None}
    said = looks(changed(audit, cells | {(4, CLAUSE): "e 10", (5, NOTE): "Ask him."}))
    assert len(said) == 20
    assert said[name(1)] == Look(name(1), Verdict.MISSED, "E5", "=1+1")
    assert said[name(2)] == Look(name(2), None)
    assert said[name(3)] == Look(name(3), Verdict.MISSED, "E10", "He orders the paint himself.")
    assert said[name(4)] == Look(name(4), None, "E10")
    assert said[name(5)] == Look(name(5), None, "", "Ask him.")


def shuffle(sheet: Worksheet) -> None:
    """Sorted another way, clauses and all, with columns hidden and a heading of hers above."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    random.Random(5).shuffle(rows)
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value
    sheet.column_dimensions["K"].hidden = True
    sheet.sheet_state = "hidden"


def swap(sheet: Worksheet) -> None:
    """Columns moved, a column of hers between them, and another title."""
    sheet.move_range(f"K{TOP}:K{TOP + 20}", cols=3)
    sheet.move_range(f"G{TOP}:G{TOP + 20}", cols=4)
    sheet.cell(TOP, 7).value = "Seen by"
    sheet.title = "Stichprobe"


def shorten(sheet: Worksheet) -> None:
    sheet.delete_rows(TOP + 6, 15)


@pytest.mark.parametrize("change", [shuffle, swap, shorten])
def test_whatever_was_done_to_the_sheet(change, audit):
    cells = {(1, FOUND): "Nothing amiss", (5, FOUND): "Something missed", (5, CLAUSE): "U1"}
    said = looks(changed(audit, cells, change))
    assert len(said) == (5 if change is shorten else 20)
    assert said[name(1)].verdict is Verdict.FINE
    assert (said[name(3)].clause, said[name(3)].note) == ("E10", "He orders the paint himself.")
    assert said[name(5)] == Look(name(5), Verdict.MISSED, "U1")


def test_no_message_passes_for_the_heading(tmp_path):
    messages = (one(1, subject="What you found", message_id="Sampled message"), one(2))
    path = written(Sample(messages, 2, estimate=drawn().estimate), tmp_path)

    def swap_the_first(sheet: Worksheet) -> None:
        for heading, first in zip(sheet[TOP], sheet[TOP + 1], strict=True):
            heading.value, first.value = first.value, heading.value

    said = looks(changed(path, {(1, FOUND): "Nothing amiss"}, swap_the_first))
    assert said == {name(1): Look(name(1), Verdict.FINE), name(2): Look(name(2), None)}


def test_her_own_lines_above_the_table_say_nothing(audit):
    assert len(looks(changed(audit, {(-1, FOUND): "to do: 18", (-1, NOTE): "on Friday"}))) == 20


def test_one_clause_over_several_rows_is_said_of_each(audit):
    missed = "Something missed"
    cells = {(5, FOUND): missed, (6, FOUND): missed, (5, CLAUSE): "U1"}
    area = {"start_row": TOP + 5, "end_row": TOP + 6, "start_column": CLAUSE, "end_column": CLAUSE}
    said = looks(changed(audit, cells, lambda sheet: sheet.merge_cells(**area)))
    assert (said[name(5)].clause, said[name(6)].clause) == ("U1", "U1")


def test_findings_and_sample_are_not_taken_for_each_other(audit):
    before = read(audit)
    changed(audit, {(1, FOUND): "Breach"})
    assert read(audit) == before
    [odd] = looked(audit).odd
    assert (odd.words, odd.where.sheet, odd.where.row) == ("Breach", "Sample", TOP + 1)


def test_words_that_are_in_no_list_are_asked_about(audit):
    missed = "Something missed"
    cells: dict[tuple[int, int], str | None] = {(1, FOUND): "perhaps", (4, FOUND): missed, (4, CLAUSE): "E99"}
    cells |= {(5, FOUND): missed, (5, CLAUSE): "E1 and E2", (6, CLAUSE): "the waiver"}
    said = looked(changed(audit, cells))
    assert [(one.where.row - TOP, one.words) for one in said.odd] == [
        (1, "perhaps"),
        (4, f"{missed} E99"),
        (5, f"{missed} E1 and E2"),
        (6, "the waiver"),
    ]
    assert len(said.rows) == 16, "these are not taken"


def test_rows_without_a_name_and_rows_that_differ_are_told(audit):
    cells = {(1, NAME): None, (1, FOUND): "Nothing amiss", (6, FOUND): "Nothing amiss", (5, NAME): name(6)}
    said = looked(changed(audit, cells | {(5, FOUND): "Something missed"}))
    assert [where.row for where in said.nameless] == [TOP + 1]
    assert [[where.row for where in same] for same in said.twice] == [[TOP + 5, TOP + 6]]
    assert name(6) not in {seen.look.name for seen in said.rows}


def test_a_column_that_is_gone_is_told_and_keeps_no_decision_from_being_read(audit):
    what = looked(changed(audit, {}, lambda sheet: sheet.delete_cols(NAME)))
    [trouble] = what.trouble
    assert trouble.startswith("The sheet 'Sample' needs one column with the heading Sampled message")
    assert what == Looks(trouble=what.trouble)
    assert len(read(audit).rows) == 3


@pytest.mark.parametrize(
    ("said", "meant"),
    [("E10: E-mails", "E10"), ("u1", "U1"), ("", ""), ("  ", ""), ("E1: like E2", "E1"), ("R2", None), ("10", None)],
)
def test_clauses(said, meant):
    assert clause(said) == meant
