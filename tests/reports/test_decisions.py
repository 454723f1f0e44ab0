"""What she decided comes back, whatever she or her spreadsheet program did to the file."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import excel
import pytest
import test_choices
from changes import replace
from excel import Day, Formula, Inline, Rich
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from thorrington import FOUND, finding_row, sample

from auditor.store.decisions import Decision, Said
from reports import book as drawing
from reports import choices, decisions, looks, opened
from reports.decisions import Read, Where, decision, read
from reports.looks import Looks
from reports.report import Reader
from reports.sheets.findings import COLUMNS
from reports.workbook import write

HEADINGS = [column.heading for column in COLUMNS]
NUMBER, SUBJECT, DECIDED, NOTE, FINDING = (
    HEADINGS.index(name) + 1 for name in ("No.", "Subject", "Decision", "Note", "Finding")
)
CHOSEN = {
    2: ("Breach", "told him on the telephone"),
    3: ("Not a breach", None),
    5: ("Permitted", "agreed on 4 March, minute 26/114"),
    8: ("Ask the Chair", "  hers to say\n\nsecond paragraph"),
    9: (None, "no decision yet"),
}
"""By the row in which a finding is written."""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(sample().clerk, tmp_path_factory.mktemp("decisions") / "Audit 2026-W47.xlsx").path


@pytest.fixture
def audit(original: Path, tmp_path: Path) -> Path:
    """A workbook that the program wrote and nobody has touched."""
    return Path(shutil.copy(original, tmp_path / original.name))


def changed(path: Path, change: Callable[[Workbook, Worksheet], object], decide: bool = True) -> Path:
    """The workbook decided in, and changed besides, by another program."""
    workbook = load_workbook(path)
    sheet = workbook["Findings"]
    for row, (choice, note) in CHOSEN.items() if decide else ():
        sheet.cell(row, DECIDED).value = choice
        sheet.cell(row, NOTE).value = note
    change(workbook, sheet)
    workbook.save(path)
    workbook.close()
    return path


def says(what: Read) -> set[Said]:
    assert not what.trouble, what.trouble
    assert not what.unknown
    assert not what.nameless
    assert not what.twice
    return {row.said for row in what.rows}


def expected(path: Path) -> set[Said]:
    """What the workbook says once `CHOSEN` is written into it."""
    names = [row.said.finding for row in read(path).rows]
    said = {name: CHOSEN.get(row, (None, None)) for row, name in enumerate(names, 2)}
    return {Said(name, Decision(word) if word else None, note or "") for name, (word, note) in said.items()}


# --- round trips


def test_a_new_workbook_says_nothing_of_each_finding(audit):
    what = read(audit)
    report = sample().clerk
    assert [row.said for row in what.rows] == [Said(item.row.id, None) for item in report.findings]
    assert says(what) == {row.said for row in what.rows}


def test_decisions_and_notes_come_back_with_where_they_stand(audit):
    wanted = expected(audit)
    what = read(changed(audit, lambda *_: None))
    assert says(what) == wanted
    assert sum(said.decision is not None for said in wanted) == 4
    where = {row.where.row: row.where for row in what.rows}
    assert (where[5].sheet, where[5].number) == ("Findings", "4")


def rearrange(_workbook: Workbook, sheet: Worksheet) -> None:
    """Sorted, backwards, heading and all."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)][::-1]
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value


def hide(workbook: Workbook, sheet: Worksheet) -> None:
    sheet.auto_filter.add_filter_column(DECIDED - 1, ["Breach"])
    for row in range(3, 12):
        sheet.row_dimensions[row].hidden = True
    for letter in "AJKR":
        sheet.column_dimensions[letter].hidden = True
    workbook.active = 0
    sheet.sheet_state = "hidden"


def move(workbook: Workbook, sheet: Worksheet) -> None:
    sheet.title = "Für Montag & Co."
    workbook.move_sheet(sheet, 3)
    workbook.create_sheet("Findings", 0)["A1"] = "mine"


def insert(_workbook: Workbook, sheet: Worksheet) -> None:
    sheet.insert_rows(1, 4)
    sheet["B2"] = "Seen by Ann on Tuesday"
    sheet["B3"] = "Decision of the Council: none"
    sheet.insert_cols(DECIDED, 2)
    sheet.insert_cols(1)
    sheet.insert_rows(9, 3)


def fewer_columns(_workbook: Workbook, sheet: Worksheet) -> None:
    for column in range(len(COLUMNS) - 1, NOTE, -1):
        sheet.delete_cols(column)
    sheet.delete_cols(1, DECIDED - 1)
    assert [cell.value for cell in sheet[1]] == ["Decision", "Note", "Finding"]


def retyped_headings(_workbook: Workbook, sheet: Worksheet) -> None:
    sheet.cell(1, DECIDED).value = " DECISION\u00a0"
    sheet.cell(1, FINDING).value = "finding."


@pytest.mark.parametrize("change", [rearrange, hide, move, insert, fewer_columns, retyped_headings])
def test_what_is_done_to_the_sheet_does_not_matter(change, audit):
    wanted = expected(audit)
    assert says(read(changed(audit, change))) == wanted


def test_rows_that_are_gone_say_nothing(audit):
    wanted = expected(audit)
    names = [row.said.finding for row in read(audit).rows]
    what = says(read(changed(audit, lambda _, sheet: sheet.delete_rows(3, 2))))
    assert what == {said for said in wanted if said.finding not in names[1:3]}


def test_a_long_workbook_goes_on_in_further_sheets(tmp_path, monkeypatch):
    monkeypatch.setattr(drawing, "ROWS_A_SHEET", 10)
    path = write(sample().clerk, tmp_path / "Audit.xlsx").path
    what = read(path)
    assert [row.said.finding for row in what.rows] == [item.row.id for item in sample().clerk.findings]
    assert what.rows[10].where.sheet == "Findings 2"
    assert what.rows[10].where.row == 2
    changed(path, lambda workbook, _: workbook["Findings 2"].delete_cols(DECIDED), decide=False)
    what = read(path)
    assert len(what.rows) == len(sample().clerk.findings) - 10
    assert what.trouble.startswith(f"The sheet 'Findings 2' of '{path}' has no column with the heading Decision")


def test_a_week_without_findings_says_nothing(tmp_path):
    assert read(write(sample(findings=[]).clerk, tmp_path / "Audit.xlsx").path) == Read()


def test_no_message_passes_for_the_heading(tmp_path):
    rows = [finding_row(*found) for found in FOUND[:4]]
    hostile = replace(rows[0].finding, excerpt="Decision", reason="Note")
    rows[0] = replace(rows[0], subject="Finding", finding=hostile)
    path = write(sample(findings=rows).clerk, tmp_path / "Audit.xlsx").path
    wanted = {Said(row.said.finding, Decision.BREACH) for row in read(path).rows}

    def decide(workbook: Workbook, sheet: Worksheet) -> None:
        for row in range(2, 6):
            sheet.cell(row, DECIDED).value = "Breach"
        rearrange(workbook, sheet)

    assert says(read(changed(path, decide, decide=False))) == wanted


# --- words


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Breach", Decision.BREACH),
        ("breach", Decision.BREACH),
        ("\u00a0BREACH \t.", Decision.BREACH),
        ("\u2018Breach\u2019", Decision.BREACH),
        ("a breach", Decision.BREACH),
        ("Not a breach", Decision.NO_BREACH),
        ("not\u00a0a  breach.", Decision.NO_BREACH),
        ("not breach", Decision.NO_BREACH),
        ("No breach", Decision.NO_BREACH),
        ("isn\u2019t a breach", Decision.NO_BREACH),
        ("permitted.", Decision.PERMITTED),
        ("\u200bPermitted\ufeff", Decision.PERMITTED),
        ("ask chair", Decision.ASK),
        ("Ask the\nChair", Decision.ASK),
    ],
)
def test_what_can_mean_one_thing_is_taken(text, meant):
    assert decision(text) is meant


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "ok",
        "?",
        "Breach?",
        "breach or not",
        "not",
        "not permitted",
        "chair",
        "1",
        "TRUE",
        "#N/A",
        "x" * 50_000,
        "Breach, Permitted",
        "Breach - see note",
        "breaches",
        "=Breach",
        "b",
        "n/a",
        "no",
        "-",
        ".",
        "",
        "Breach" + " " * 300 + "not really",
    ],
)
def test_what_can_mean_several_things_is_not_guessed(text):
    assert decision(text) is None


def test_unknown_words_are_told_with_their_row(audit):
    long = "I should think that\nthis is one, but ask Joan before Thursday"

    def write_words(_workbook: Workbook, sheet: Worksheet) -> None:
        sheet.cell(2, DECIDED).value = long
        sheet.cell(3, DECIDED).value = True
        sheet.cell(4, DECIDED).value = '="Bre"&"ach"'

    what = read(changed(audit, write_words, decide=False))
    assert [unknown.where.row for unknown in what.unknown] == [2, 3, 4]
    assert what.unknown[0].words.startswith("I should think that this is one, but")
    assert len(what.unknown[0].words) <= 40
    assert [unknown.words for unknown in what.unknown[1:]] == ["TRUE", '="Bre"&"ach"']
    assert what.rows[0].said == Said(what.unknown[0].finding, None)
    assert not what.trouble


def test_a_decision_without_its_findings_name_is_told(audit):
    def empty(_workbook: Workbook, sheet: Worksheet) -> None:
        sheet.cell(2, FINDING).value = None
        sheet.cell(3, FINDING).value = 12345678901234567890
        sheet.cell(4, FINDING).value = None
        sheet.cell(60, DECIDED).value = "Breach"

    what = read(changed(audit, empty))
    assert [where.row for where in what.nameless] == [2, 3, 60]
    assert [where.number for where in what.nameless] == ["1", "2", ""]


def test_a_finding_on_two_rows_that_differ_is_told_and_not_taken(audit):
    def again(_workbook: Workbook, sheet: Worksheet) -> None:
        for row, word, note in ((50, "Permitted", ""), (51, "Breach", "told him on the telephone"), (52, None, "")):
            for column in range(1, len(COLUMNS) + 1):
                sheet.cell(row, column).value = sheet.cell({50: 2, 51: 2, 52: 3}[row], column).value
            sheet.cell(row, DECIDED).value = word
            sheet.cell(row, NOTE).value = note

    wanted = expected(audit)
    names = [row.said.finding for row in read(audit).rows]
    what = read(changed(audit, again))
    (twice,) = what.twice
    assert twice.finding == names[0]
    assert [(row.where.row, row.said.decision) for row in twice.rows] == [
        (2, Decision.BREACH), (50, Decision.PERMITTED), (51, Decision.BREACH)
    ]  # fmt: skip
    assert {row.said for row in what.rows} == {said for said in wanted if said.finding != names[0]}


def test_notes_of_rows_that_agree_are_all_kept(tmp_path):
    name = "a" * 20
    rows = [["Finding", "Decision", "Note"], [name, None, "a"], [name, "Breach", "b"], [name, "breach.", "b"], [name]]
    for order in (rows, rows[:1] + rows[:0:-1]):
        assert says(read(excel.save(tmp_path / "a.xlsx", {"S": order}))) == {Said(name, Decision.BREACH, "a\nb")}
    many = [["Note", "Finding", "Note", "Decision", "Note"], ["one", name, " \n", None, "two"]]
    assert says(read(excel.save(tmp_path / "a.xlsx", {"S": many}))) == {Said(name, None, "one\ntwo")}


def test_a_known_word_and_an_unknown_one_differ(tmp_path):
    rows = [["Finding", "Decision"], [ID[0], "Breach"], [ID[0], "yes"], [ID[1], "yes"], [ID[1], " yes"]]
    what = read(excel.save(tmp_path / "a.xlsx", {"S": rows}))
    assert [twice.finding for twice in what.twice] == [ID[0]]
    assert [unknown.where.row for unknown in what.unknown] == [3, 4, 5]
    assert [row.said for row in what.rows] == [Said(ID[1], None)]


def test_a_table_pasted_below_another_is_read_on(tmp_path):
    heading = ["Finding", "Decision", "Note"]
    rows = [heading, [ID[0], "Breach"], heading, [ID[1], "Permitted"], [None, None, "2 of 38 done"]]
    what = read(excel.save(tmp_path / "a.xlsx", {"S": rows}))
    assert [row.said for row in what.rows] == [Said(ID[0], Decision.BREACH), Said(ID[1], Decision.PERMITTED)]
    assert [where.row for where in what.nameless] == [5]


# --- files laid out as Excel saves them

ID = [f"{n:020x}" for n in range(1, 20)]


def test_a_file_as_excel_lays_it_out(tmp_path):
    table = [
        ["The week of 16 November", None, None, None],
        ["Note", "Finding", "No.", "Decision"],
        ["plain", ID[0], 1.0, "Breach"],
        [Rich(("two ", "looks"), "too looks"), Inline(ID[1].upper()), 2.0, Rich(("Not a ", "breach"), "notto")],
        [Formula("A1&1", "came to"), Rich((ID[2][:5], ID[2][5:])), 3.0, Formula("IF(1,2)", "Permitted")],
        [Day(46350), ID[3] + "\u00a0", 4.0, Inline("ask the chair")],
        [12.5, ID[4], 5.0, None],
        [Formula("1/0", "#DIV/0!", error=True), ID[5], Formula("1+5", 6), None],
        [Formula("1+1", None), ID[6], 7.0, None],
    ]
    path = excel.save(tmp_path / "a.xlsx", {"Cover": [["x"]], "Renamed": table}, hidden=["Renamed"])
    workbook = load_workbook(path, data_only=True)
    assert [cell.value for cell in workbook["Renamed"]["D"]][2:6] == [
        "Breach",
        "Not a breach",
        "Permitted",
        "ask the chair",
    ]
    workbook.close()
    what = read(path)
    assert says(what) == {
        Said(ID[0], Decision.BREACH, "plain"),
        Said(ID[1], Decision.NO_BREACH, "two looks"),
        Said(ID[2], Decision.PERMITTED, "came to"),
        Said(ID[3], Decision.ASK, "24/11/2026"),
        Said(ID[4], None, "12.5"),
        Said(ID[5], None, "#DIV/0!"),
        Said(ID[6], None, "=1+1"),
    }
    assert [row.where.number for row in what.rows] == list("1234567")
    assert [row.where.row for row in what.rows] == list(range(3, 10))


def test_cells_made_one_over_several_rows_speak_for_each(tmp_path):
    rows = [["Finding", "Decision", "Note"], *([name, None, None] for name in ID[:6])]
    rows[2][1:] = ["Breach", "all three"]
    rows[3][2] = "left over"
    path = excel.save(tmp_path / "a.xlsx", {"S": rows}, merged=["B3:B5", "C3:C5", "A1:A1", "B1:C2", "B6:C6"])
    assert says(read(path)) == {
        Said(ID[0], None),
        Said(ID[1], Decision.BREACH, "all three"),
        Said(ID[2], Decision.BREACH, "left over"),
        Said(ID[3], Decision.BREACH, "all three"),
        Said(ID[4], None),
        Said(ID[5], None),
    }
    nameless = [["Finding", "Decision"], [ID[0], "Breach"], [None, "Breach"]]
    assert read(excel.save(path, {"S": nameless}, merged=["A2:A3"])).nameless == (Where("S", 3, ""),)


def edited(path: Path, *changes: tuple[str, str, str]) -> Path:
    """A workbook with some of its XML written in another way: (part, what stood there, what stands there now)."""
    with ZipFile(path) as file:
        parts = {name: file.read(name).decode() for name in file.namelist()}
    for name, was, now in changes:
        assert was in parts[name], was
        parts[name] = parts[name].replace(was, now)
    with ZipFile(path, "w") as file:
        for part, content in parts.items():
            file.writestr(part, content)
    return path


SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
NUMERAL = 's="2"><v>46350</v>'
STRICT = (excel.MAIN, 'xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"')


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ((BOOK, "<workbookPr/>", '<workbookPr date1904="1"/>'), "25/11/2030"),
        ((BOOK, *STRICT), "24/11/2026"),
        ((SHEET, NUMERAL, 't="str"><v>a_x000D_\nb_xD83D__xDCA9__xD800_</v>'), "a\nb\U0001f4a9\ufffd"),
        ((SHEET, NUMERAL, 't="d"><v>2026-11-24</v>'), "2026-11-24"),
        ((SHEET, NUMERAL, f't="str"><v>{"y" * 40_000}</v>'), "y" * 32_767),
        ((SHEET, '<c r="D1"', '<c r="XFE1"'), ""),
    ],
    ids=["days from 1904", "strict", "escapes", "ISO day", "too long", "too far right"],
)
def test_other_ways_to_write_it(change, note, tmp_path):
    rows = [["Finding", "Decision", None, "Note"], [ID[0], "Breach", None, Day(46350)]]
    path = edited(excel.save(tmp_path / "a.xlsx", {"S": rows}), change)
    moved = [(SHEET, '<c r="D2"', '<c r="XFE2"')] if "XFE1" in change[2] else []
    assert says(read(edited(path, *moved))) == {Said(ID[0], Decision.BREACH, note)}


def test_cells_without_their_place_follow_one_another(tmp_path):
    path = excel.save(tmp_path / "a.xlsx", {"S": [["x"], ["Finding", "Decision"], [ID[0], "Breach"]]})
    places = [(SHEET, f' r="{place}"', "") for place in ("1", "2", "3", "A1", "B2", "A3", "B3")]
    what = read(edited(path, *places))
    assert says(what) == {Said(ID[0], Decision.BREACH)}
    assert what.rows[0].where.row == 3


NOTES = (
    "=1+1",
    '=HYPERLINK("http://example.com","here")',
    "+44 1206 000000",
    "@SUM(A1)",
    "#N/A",
    "_x000D_ and _x0041_ and _x005F_x000D_",
    "tab\tnew\nline\x07bell",
    "<b>&amp; ]]></t>",
    "\u202eback\u202c",
    "\U0001f4a9 \U0001f469\u200d\U0001f467",
    " leading and trailing ",
    "Finding",
    "x" * 32_767,
    "_x0041_" * 4_000,
)


def test_notes_come_back_as_they_were_typed(tmp_path):
    rows = [["Finding", "Decision", "Note"], *([ID[n], "Breach", note] for n, note in enumerate(NOTES))]
    inline = [[*row[:2], Inline(row[2])] for row in rows]
    for table in (rows, inline):
        what = read(excel.save(tmp_path / "a.xlsx", {"S": table}))
        assert [row.said.note for row in what.rows] == list(NOTES)


def test_notes_typed_in_another_program_come_back(audit):
    notes = [note for note in NOTES if "_x" not in note and "\x07" not in note]

    def type_notes(_workbook: Workbook, sheet: Worksheet) -> None:
        for row, note in enumerate(notes, 2):
            sheet.cell(row, NOTE).value = note

    what = read(changed(audit, type_notes, decide=False))
    assert [row.said.note for row in what.rows[: len(notes)]] == notes


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_arrangement_changes_what_is_said(tmp_path_factory, data):
    words = st.sampled_from([None, "Breach", "not a breach", "Permitted ", "Ask the Chair."])
    says_of = data.draw(st.lists(st.tuples(words, st.sampled_from([None, "a note", "Decision"])), max_size=8))
    wanted = {Said(ID[n], decision(word or ""), note or "") for n, (word, note) in enumerate(says_of)}
    heads = ["Finding", "Decision", "Note", *data.draw(st.sets(st.sampled_from(["No.", "Subject", "From", ""])))]
    heads = data.draw(st.permutations(heads))
    table: list[list[excel.Cell]] = [list(heads)]
    for n, (word, note) in enumerate(says_of):
        cells = {"Finding": ID[n], "Decision": word, "Note": note, "Subject": "Finding", "From": "Decision"}
        table.append([Inline(text) if (text := cells.get(head)) and n % 2 else cells.get(head) for head in heads])
    loose = st.lists(st.sampled_from([None, "", "Ann", 3.0, "Breach is a word"]), max_size=1)
    table = data.draw(st.permutations([*table, *data.draw(st.lists(loose, max_size=3))]))
    many = data.draw(st.integers(0, len(heads) - 1))
    side: list[excel.Cell] = [None] * many
    sheets = {"One": [side + row for row in table] if all(len(row) != 1 for row in table) else table}
    path = tmp_path_factory.getbasetemp() / "arranged.xlsx"
    what = read(excel.save(path, sheets, first=data.draw(st.integers(1, 5))))
    assert {row.said for row in what.rows} == wanted
    assert not what.trouble


# --- what cannot be read


def trouble(path: Path) -> str:
    """The sentence; nothing else is said of such a file."""
    what = read(path)
    assert what == Read(trouble=what.trouble)
    assert what.trouble.startswith(f"'{path}' ")
    assert what.trouble.endswith(".")
    assert what.trouble.count(". ") == 0
    return what.trouble


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


def test_a_file_that_is_no_workbook(tmp_path, audit):
    assert "is not there" in trouble(tmp_path / "none.xlsx")
    assert "is not there" in trouble(tmp_path)
    assert "is not an Excel workbook" in trouble(put(tmp_path / "a.csv", b"Finding,Decision\n"))
    assert "is not an Excel workbook" in trouble(put(tmp_path / "a.xls", OLE))
    assert "locked with a password" in trouble(put(tmp_path / "b.xlsx", OLE + "EncryptedPackage".encode("utf-16-le")))
    assert "is damaged or was not wholly saved" in trouble(put(tmp_path / "c.xlsx", b""))
    with ZipFile(tmp_path / "a.ods", "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "is not an Excel workbook" in trouble(tmp_path / "a.ods")
    whole = audit.read_bytes()
    assert "is damaged or was not wholly saved" in trouble(put(tmp_path / "half.xlsx", whole[: len(whole) // 2]))
    (tmp_path / "~$half.xlsx").write_bytes(b"")
    assert "is open in another program and not wholly saved" in trouble(tmp_path / "half.xlsx")


def test_another_office_file(tmp_path):
    for other in ("workbook.bin", "styles.xml"):
        path = excel.save(tmp_path / "a.xlsx", {"S": [["Finding", "Decision"]]})
        assert "is not an Excel workbook" in trouble(edited(path, ("_rels/.rels", "workbook.xml", other)))


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(13, "Permission denied"), "may not be read just now"),
        (OSError(5, "Input/output error"), "(Input/output error)"),
    ],
)
def test_what_the_system_refuses(error, sentence, audit, monkeypatch):
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    assert sentence in trouble(audit)


def test_another_workbook_or_one_without_its_columns(audit, tmp_path):
    assert "has no table with the headings" in trouble(excel.save(tmp_path / "x.xlsx", {"S": [["Finding", "b"]]}))
    for column, heading in ((DECIDED, "Decision"), (FINDING, "Finding")):
        path = Path(shutil.copy(audit, tmp_path / "without.xlsx"))
        changed(path, lambda _, sheet, gone=column: sheet.delete_cols(gone))
        what = read(path)
        assert what == Read(trouble=what.trouble)
        assert f"'Findings' of '{path}' has no column with the heading {heading}," in what.trouble
    both = excel.save(
        tmp_path / "y.xlsx", {"A": [[*HEADINGS[: DECIDED - 1], "Note", "Finding"]], "B": [HEADINGS[:NOTE]]}
    )
    assert "'A' of" in read(both).trouble
    assert "'B' of" in read(both).trouble
    changed(audit, lambda _, sheet: sheet.insert_cols(3) or sheet.cell(1, 3, "decision"))
    assert "has 2 columns with the heading Decision" in read(audit).trouble


def test_what_is_larger_than_a_workbook_can_be(audit, tmp_path, monkeypatch):
    with ZipFile(tmp_path / "swells.xlsx", "w", 8, compresslevel=1) as file:
        file.writestr("xl/workbook.xml", b" " * 201_000_000)
    assert "built in a way that may do harm" in trouble(tmp_path / "swells.xlsx")
    entity = excel.save(tmp_path / "entity.xlsx", {"S": [["Finding", "Decision"]]})
    monkeypatch.setattr(excel, "HEAD", '<!DOCTYPE x [<!ENTITY a "aaaa">]>')
    assert "built in a way that may do harm" in trouble(excel.save(entity, {"S": [["Finding", "Decision"]]}))
    monkeypatch.undo()
    large = "holds far more than a workbook of findings"
    for module, bound, most in (
        (decisions, "ROWS", 10),
        (opened, "LARGEST", 1000),
        (opened, "UNPACKED", 9000),
        (opened, "KEPT", 90),
    ):
        monkeypatch.setattr(module, bound, most)
        assert large in trouble(audit), bound
        monkeypatch.undo()
    rows = [["Finding", "Decision"], *([name, "Breach"] for name in ID[:6])]
    for module, bound, sheets, merged in (
        (opened, "_STRINGS", {"S": rows}, ()),
        (opened, "_MERGED", {"S": rows[:2]}, ["B2:B3"] * 9),
        (decisions, "ROWS", {"S": rows, "T": rows}, ()),
    ):
        path = excel.save(tmp_path / "m.xlsx", sheets, merged=merged)
        assert read(path).rows
        monkeypatch.setattr(module, bound, 8)
        assert large in trouble(path), (bound, merged)
        monkeypatch.undo()
    assert read(audit).rows


def test_a_long_list_of_findings_is_gone_through_once(tmp_path, monkeypatch):
    """Whatever else is looked for in the workbook: as many findings can be read as ever."""
    rows = [["Finding", "Decision"], *([f"{n:020x}", "Breach"] for n in range(6000))]
    path = excel.save(tmp_path / "long.xlsx", {"Findings": rows})
    with ZipFile(path) as file:
        most = sum(member.file_size for member in file.infolist())
    monkeypatch.setattr(opened, "UNPACKED", 2 * most)
    others = choices.Reading(), looks.Reading()
    found = read(path, None, lambda book: [one(book) for one in others])
    assert (found.trouble, len(found.rows)) == ("", 6000)


def test_as_many_rows_as_are_read_fit_the_bounds_of_a_file(tmp_path):
    many = 1000
    row = finding_row(*FOUND[0])
    rows = [replace(row, id=f"{n:020x}", message_id=f"{n}@x") for n in range(many)]
    path = write(sample(findings=rows).clerk, tmp_path / "many.xlsx").path
    with ZipFile(path) as file:
        largest = max(member.file_size for member in file.infolist())
    assert 0.8 < largest / many * decisions.ROWS / opened.UNPACKED < 0.95


def test_cells_made_one_upon_one_another_end(tmp_path, monkeypatch):
    monkeypatch.setattr(decisions, "ROWS", 100)
    rows = [["Finding", "Decision"], *([name, "Breach"] for name in ID)]
    path = excel.save(tmp_path / "a.xlsx", {"S": rows}, merged=["B2:B20"] * 50)
    assert "holds far more" in trouble(path)


def test_nothing_in_a_damaged_file_is_raised(tmp_path):
    rows = [["No.", "Finding", "Decision", "Note"], *([1.0, name, "Breach", Rich(("a", "b"))] for name in ID[:3])]
    chance = random.Random(20261126)
    path = tmp_path / "spoilt.xlsx"
    seen = set()
    for packed in (True, False):
        whole = excel.save(path, {"S": rows, "T": rows}, merged=["C2:C3"], compressed=packed).read_bytes()
        for _ in range(250):
            spoilt = bytearray(whole)
            for _ in range(chance.choice((1, 1, 3, 30))):
                at = chance.randrange(len(spoilt))
                match chance.randrange(4):
                    case 0:
                        spoilt[at] ^= 1 << chance.randrange(8)
                    case 1:
                        del spoilt[at : at + chance.randrange(1, 60)]
                    case 2:
                        spoilt[at:at] = chance.randbytes(chance.randrange(1, 9))
                    case _:
                        spoilt[at : at + 4] = b"\xff" * 4
                if not spoilt:
                    break
            seen.add(bool(read(put(path, bytes(spoilt))).trouble))
    assert seen == {True, False}
    for _ in range(100):
        assert read(
            put(path, chance.choice((b"", b"PK\x03\x04", OLE)) + chance.randbytes(chance.randrange(900)))
        ).trouble


def test_nothing_wrong_in_the_xml_is_raised(tmp_path):
    """Damage that the checksums of a package do not show: some other program's mistakes."""
    for name, was, now in (
        (SHEET, 'r="A2"', 'r="a2"'),
        (SHEET, 'r="2"', 'r="second"'),
        (SHEET, "<v>0</v>", "<v>999</v>"),
        (SHEET, 'ref="B2:B3"', 'ref="B:B"'),
        (SHEET, "</row>", ""),
        (BOOK, 'r:id="rId1"', 'r:id="rId99"'),
        ("xl/_rels/workbook.xml.rels", "sheet1.xml", "sheet7.xml"),
    ):
        rows = [["Finding", "Decision"], [ID[0], "Breach"]]
        path = excel.save(tmp_path / "spoilt.xlsx", {"S": rows}, merged=["B2:B3"])
        assert "is damaged" in trouble(edited(path, (name, was, now))), now


# --- LibreOffice


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_saves_it_and_all_is_there(tmp_path):
    audit = write(sample(exceptions={Reader.CLERK: test_choices.four()}).clerk, tmp_path / "Audit 2026-W47.xlsx").path
    wanted = expected(audit)
    changed(test_choices.changed(audit), insert)
    base = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to"]

    def convert(form: str, folder: str, *files: Path) -> None:
        command = [*base, form, "--outdir", str(tmp_path / folder), *map(str, files)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)

    convert("ods", "ods", audit)
    document = (tmp_path / "ods" / audit.stem).with_suffix(".ods").rename(tmp_path / "twice.ods")
    convert("xlsx", "out", audit, document)
    sampled = looked(audit)
    assert sum(bool(seen.look.verdict) for seen in sampled.rows) == 2
    for saved in (tmp_path / "out" / audit.name, tmp_path / "out" / "twice.xlsx"):
        chosen = choices.Reading()
        assert says(read(saved, None, chosen)) == wanted
        assert looked(saved) == sampled
        assert test_choices.says(chosen.choices) == test_choices.MEANT


def looked(path: Path) -> Looks:
    reading = looks.Reading()
    read(path, None, reading)
    return reading.looks
