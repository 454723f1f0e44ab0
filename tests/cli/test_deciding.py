"""`auditor decisions`, and the workbook after: what the clerk has chosen comes back, whatever became of her file."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from stow import CLERK, TOM, Council, due_monday, label, letter, stow

from auditor.cli.deciding import Looked, ReadBack, _told_once, stand
from auditor.cli.excepting import Choosing
from auditor.cli.sampling import Looking
from auditor.config import load
from auditor.store.decisions import Change, Conflict, Decision, Said
from auditor.store.trail import Deed
from reports.choices import Choices
from reports.decisions import Read, Row, Where
from reports.looks import Looks
from reports.report import Reader
from reports.sealed import sealed

WEEK = label(due_monday())
NAME = f"Audit {WEEK}.xlsx"


@pytest.fixture(scope="module")
def weekly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council whose first week has its workbooks, the Chair's besides."""
    council = stow(tmp_path_factory.mktemp("stow"))
    council.post(CLERK, "own", letter("The clerk's own letter.", box=CLERK, n=60))
    assert council.run().status == 0
    return council.folder


@pytest.fixture
def council(weekly: Path, tmp_path: Path) -> Council:
    return Council(shutil.copytree(weekly, tmp_path / "stow"))


@contextmanager
def opened(path: Path, saved: datetime | None = None) -> Iterator[Worksheet]:
    """The findings, to write in, and the file as if it was saved then."""
    with closing(load_workbook(path)) as book:
        sheet = book["Findings"]
        yield sheet
        book.properties.creator = "Ann Marsh"  # the moment, which tells else, may be the one of writing in a quick test
        book.save(path)
    if saved is not None:
        os.utime(path, (saved.timestamp(), saved.timestamp()))


def column(sheet: Worksheet, heading: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == heading)


def choose(
    path: Path, choices: dict[int, str | None], saved: datetime | None = None, note: str | None = None
) -> list[str]:
    """Writes these choices into rows of the list (from 0); the identities of all rows."""
    with opened(path, saved) as sheet:
        for row, choice in choices.items():
            sheet.cell(row + 2, column(sheet, "Decision")).value = choice
            if note is not None:
                sheet.cell(row + 2, column(sheet, "Note")).value = note
        return [sheet.cell(row, column(sheet, "Finding")).value for row in range(2, sheet.max_row + 1)]


def asked(council: Council, *files: Path, status: int = 0) -> Any:
    ran = council.auditor("decisions", "--json", *files)
    assert ran.status == status, ran.err
    return ran.json


def standing(council: Council) -> dict[str, tuple[str | None, str]]:
    with council.store() as store:
        return {one: (said.decision, said.note) for one, said in store.decisions().items()}


def test_before_she_has_saved_there_is_nothing_to_read(council: Council) -> None:
    ran = council.auditor("decisions")
    assert ran.status == 0
    first, last = ran.out.splitlines()
    assert first == "No workbook was saved by anybody since it was written, so there is nothing to read."
    assert f"in Audit {WEEK}" in last


def test_decisions_come_back_and_can_be_changed_and_taken_back(council: Council) -> None:
    path = council.folder / "out" / NAME
    rows = choose(path, {0: "Breach", 1: "not a breach "}, note="Talked to Tom.")
    [book] = asked(council)["workbooks"]
    assert book == {
        "workbook": f"out/{NAME}",
        "decisions": 2,
        "new": 2,
        "changed": 0,
        "taken_back": 0,
        "open": len(rows) - 2,
        "sample": None,
        "exceptions": {"adopt": 0, "leave": 0, "keep": 0, "end": 0, "changed": 0},
        "questions": [],
    }
    assert standing(council) == {
        rows[0]: (Decision.BREACH, "Talked to Tom."),
        rows[1]: (Decision.NO_BREACH, "Talked to Tom."),
    }
    before = path.read_bytes()
    again = asked(council)
    assert again["workbooks"][0] | {"new": 2} == book
    assert path.read_bytes() == before, "her file is never written to"
    choose(path, {0: "Permitted"})
    choose(path, {1: None}, note="")
    ran = council.auditor("decisions")
    assert f"{NAME}: 1 decision (1 changed, 1 taken back)" in ran.out
    assert standing(council) == {rows[0]: (Decision.PERMITTED, "Talked to Tom.")}
    with council.store() as store:
        told = [one.decision for one in store.decision_history(rows[0])]
        assert told == [Decision.BREACH, Decision.PERMITTED]
        said = [entry.said for entry in store.trail() if entry.deed == Deed.DECIDED]
    assert [(one["made"], one["altered"], one["withdrawn"]) for one in said] == [(2, 0, 0), (0, 1, 1)]
    assert "Tom" not in str(said)


def test_what_she_typed_otherwise_is_asked_about(council: Council) -> None:
    path = council.folder / "out" / NAME
    choose(path, {0: "Breach", 1: "yes"})
    ran = council.auditor("decisions")
    assert ran.status == 1
    assert ran.sentence == (
        f"{NAME}, sheet Findings, row 3: 'yes' is none of the decisions there are; choose one from the list in that cell "
        "and save."
    )
    assert len(standing(council)) == 1
    choose(path, {0: "OK", 1: "Permitted"})
    asked(council, status=1)
    assert [said for said, _ in standing(council).values()].count(Decision.BREACH) == 1, "until she says otherwise"
    assert len(standing(council)) == 2


def test_a_clock_ahead_has_not_the_last_word(council: Council) -> None:
    path = council.folder / "out" / NAME
    [row, *_] = choose(path, {0: "Breach"}, datetime.now(UTC) + timedelta(days=900))
    asked(council)
    copy = Path(shutil.copy(path, council.folder / "out" / f"2 {NAME}"))
    choose(copy, {0: "Permitted"}, datetime.now(UTC) + timedelta(seconds=2))
    asked(council, status=1)
    assert standing(council)[row][0] is Decision.PERMITTED


def test_of_rows_that_name_nothing_held_only_those_that_say_something_are_asked_about(council: Council) -> None:
    path = council.folder / "out" / NAME
    choose(path, {0: "Breach"})
    with opened(path) as sheet:
        for row in (2, 3):
            sheet.cell(row, column(sheet, "Finding")).value = f"{row:020x}"
    ran = council.auditor("decisions")
    assert ran.status == 1
    assert ran.sentence.startswith(f"{NAME}: 1 decision could not be taken")


def test_two_copies_that_differ_are_told_and_the_newest_stands(council: Council) -> None:
    path = council.folder / "out" / NAME
    monday = datetime.now(UTC) - timedelta(days=2)
    rows = choose(path, {0: "Breach", 1: "Breach"}, monday)
    copy = Path(shutil.copy(path, council.folder / "out" / "Copy for Ivy.xlsx"))
    choose(copy, {0: "Not a breach"}, monday + timedelta(days=1))
    ran = council.auditor("decisions")
    assert ran.status == 1
    assert ran.sentence.startswith(
        f"Copy for Ivy.xlsx (row 2) says 'Not a breach' and {NAME} (row 2) says 'Breach' of the same finding."
    )
    assert standing(council)[rows[0]][0] is Decision.NO_BREACH
    assert standing(council)[rows[1]][0] is Decision.BREACH
    choose(copy, {0: "Breach"}, monday + timedelta(hours=30), note="Another.")
    assert council.auditor("decisions").sentence == (
        f"Copy for Ivy.xlsx (row 2) and {NAME} (row 2) have different notes on the same finding. The first of these was saved "
        "last, and counts: make the other the same."
    )
    choose(copy, {0: "Not a breach"}, monday + timedelta(hours=36), note="")
    assert council.auditor("decisions").status == 1
    copy.unlink()
    assert council.auditor("decisions").status == 0, (
        "it is gone, and what it said stands until the other says otherwise"
    )
    assert standing(council)[rows[0]][0] is Decision.NO_BREACH
    choose(path, {0: "Permitted"})
    asked(council)
    assert standing(council)[rows[0]][0] is Decision.PERMITTED


def test_a_file_that_cannot_be_read_keeps_no_other_from_being_read(council: Council) -> None:
    (council.folder / "out" / "Audit 2020-W01.xlsx").write_bytes(b"not a workbook")
    with closing(Workbook()) as other:  # of somebody's own
        other.save(council.folder / "out" / "Budget.xlsx")
    choose(council.folder / "out" / NAME, {0: "Breach"})
    ran = council.auditor("decisions")
    assert ran.status == 1
    assert "Audit 2020-W01.xlsx" in ran.sentence
    assert len(standing(council)) == 1


def test_the_next_workbook_says_what_waits_and_a_week_written_again_has_them(council: Council) -> None:
    path = council.folder / "out" / NAME
    rows = choose(path, {0: "Breach", 1: "yes"}, note="=1+1")
    council.post(TOM, "late", letter("Another letter.", n=61))
    assert council.run().status == 0
    ran = council.auditor("report", "--week", WEEK)
    assert f"Audit {WEEK} (2).xlsx" in ran.out + ran.err
    with closing(load_workbook(path.with_name(f"Audit {WEEK} (2).xlsx"))) as book:
        sheet = book["Findings"]
        found = {
            sheet.cell(row, column(sheet, "Finding")).value: (
                sheet.cell(row, column(sheet, "Decision")).value,
                sheet.cell(row, column(sheet, "Note")).value,
                sheet.cell(row, column(sheet, "Note")).data_type,
            )
            for row in range(2, sheet.max_row + 1)
        }
        first = "\n".join(str(cell.value) for row in book["Start"] for cell in row if cell.value)
    assert found[rows[0]] == ("Breach", "=1+1", "s" if found[rows[0]][2] == "s" else "inlineStr")
    assert "row 3: 'yes' is none of the decisions there are" in first
    assert "Waiting for a decision" not in first, "only its own findings wait"
    assert len(rows) < len(found)
    assert council.auditor("decisions").err.count("yes") == 1


def test_another_weeks_workbook_says_how_many_are_decided_and_where_others_wait(council: Council) -> None:
    path = council.folder / "out" / NAME
    rows = choose(path, {0: "Breach", 1: "Permitted", 2: None}, note="Seen.")
    later = label(due_monday() + timedelta(days=7))
    assert council.auditor("report", "--week", later).status == 0
    with closing(load_workbook(council.folder / "out" / f"Audit {later}.xlsx")) as book:
        first = "\n".join(str(cell.value) for row in book["Start"] for cell in row if cell.value)
        assert "Seen." not in "".join(str(cell.value) for row in book["Findings"] for cell in row)
    assert f"Your decisions in earlier workbooks: of {len(rows)} findings, 2 are decided." in first
    assert f"Waiting for a decision in earlier workbooks: {len(rows) - 2} in Audit {WEEK}." in first
    assert f"On mail of the week before there are {len(rows)}." in first


def test_the_chairs_decisions_are_the_chairs(council: Council) -> None:
    [chairs] = (council.folder / "out" / "chair").glob("*.xlsx")
    choose(chairs, {0: "what?"})
    ran = council.auditor("decisions")
    assert ran.status == 1
    assert ran.sentence == (
        f"{chairs.name}: something there is to be looked at; the sheet Start of the Chair's next workbook says what."
    )
    said = council.auditor("decisions", "--json").out
    assert "what?" not in ran.out + said
    copy = Path(shutil.copy(chairs, chairs.with_name("Audit copy.xlsx")))
    choose(chairs, {0: "Breach"})
    choose(copy, {0: "Permitted"}, datetime.now(UTC) - timedelta(days=1))
    told = asked(council, status=1)
    assert told["conflicts"] == []
    assert "Permitted" not in council.auditor("decisions").err
    copy.unlink()
    council.auditor("report", "--out", "new.xlsx")
    with closing(load_workbook(council.folder / "new.xlsx")) as book:
        said = "\n".join(str(cell.value) for row in book["Start"] for cell in row if cell.value)
    assert "what?" not in said


def test_of_the_chairs_workbook_nothing_is_counted(council: Council) -> None:
    [chairs] = (council.folder / "out" / "chair").glob("*.xlsx")
    before = asked(council)["undecided"]
    with council.store() as store:
        own = sum(row.sender == CLERK for row in store.findings())
        assert before == {WEEK: len(store.findings()) - own}
    choose(chairs, {0: "Breach"})
    ran = council.auditor("decisions")
    assert ran.status == 0, ran.err
    assert ran.out.splitlines()[0] == f"{chairs.name}: read."
    told = asked(council)
    [book] = told["workbooks"]
    assert {key for key, value in book.items() if value is not None} == {"workbook", "questions"}
    assert told["undecided"] == before
    assert list(standing(council).values()) == [(Decision.BREACH, "")]


def test_what_two_of_the_chairs_say_is_not_told_when_only_another_is_read(council: Council) -> None:
    mine = council.folder / "out" / NAME
    choose(mine, {0: "Breach"})
    [chairs] = (council.folder / "out" / "chair").glob("*.xlsx")
    copy = Path(shutil.copy(chairs, chairs.with_name("Audit copy.xlsx")))
    choose(chairs, {0: "Breach"})
    choose(copy, {0: "Permitted"}, datetime.now(UTC) - timedelta(days=1))
    asked(council, status=1)
    ran = council.auditor("decisions", mine)
    assert ran.status == 1
    assert "Permitted" not in ran.out + ran.err
    assert asked(council, mine, status=1)["conflicts"] == []


def test_the_chairs_workbook_is_the_chairs_by_whatever_way_it_is_named(council: Council) -> None:
    [chairs] = (council.folder / "out" / "chair").glob("*.xlsx")
    choose(chairs, {0: "what?"})
    for path in (chairs, Path("out") / ".." / "out" / "chair" / chairs.name):
        ran = council.auditor("decisions", path)
        assert ran.status == 1
        assert ran.sentence == (
            f"{chairs.name}: something there is to be looked at; the sheet Start of the Chair's next workbook says what."
        )


def test_a_spoilt_sheet_of_the_chairs_tells_nothing_of_the_others(council: Council) -> None:
    [chairs] = (council.folder / "out" / "chair").glob("*.xlsx")
    choose(chairs, {0: "what?"})
    with closing(load_workbook(chairs)) as book:
        sheet = book.copy_worksheet(book["Findings"])
        sheet.cell(1, column(sheet, "Finding")).value = "Gone"
        book.save(chairs)
    ran = council.auditor("decisions")
    assert ran.status == 1
    assert "what?" not in ran.out + ran.err
    assert "something there is to be looked at" in ran.sentence


def test_how_rules_fared_and_what_is_repeated_is_each_readers_own(council: Council) -> None:
    """Of decisions on the clerk's mail nothing is in the clerk's figures."""
    path = council.folder / "out" / NAME
    [chairs] = (council.folder / "out" / "chair").glob("*.xlsx")
    rows = choose(path, {0: "Breach", 1: "Not a breach", 2: "Ask the Chair"})
    choose(chairs, {0: "Breach"})
    asked(council)
    config = load(council.folder / "schedule.toml")
    with council.store() as store:
        found = {row.id: row for row in store.findings()}
        [own] = [row for row in found.values() if row.sender == CLERK and row.id in store.decisions()]
        stands = {label: stand(config, store, ReadBack((), ()), [], label) for label in ("2020-W01", WEEK)}
    first, second = (found[name] for name in rows[:2])
    for week, readers in stands.items():
        assert readers[Reader.CHAIR].right == {own.finding.rule: (1, 1)}
        expected: dict[str, tuple[int, int]] = {}
        for row, right in ((first, 1), (second, 0)):
            good, every = expected.get(row.finding.rule, (0, 0))
            expected[row.finding.rule] = good + right, every + 1
        assert readers[Reader.CLERK].right == expected
        elsewhere = {(first.sender, first.finding.rule): first.sent} if week != WEEK else {}
        assert readers[Reader.CLERK].breaches == elsewhere


def test_what_differs_in_an_incident_is_told_once(council: Council) -> None:
    """And a decision on its first row is every finding's own, where names are folded away as well."""
    council.schedule(rest='[reports]\nnames = "hidden"\n')
    for n in range(4):
        council.post(TOM, f"bench {n}", letter("Thank you all.", n=70 + n, subject="Bench"))
    assert council.run().status == 0
    assert council.auditor("report", "--week", WEEK, "--out", "out/Audit one.xlsx").status == 0
    one = council.folder / "out" / "Audit one.xlsx"
    with opened(one) as sheet:
        alike = [cell.row for cell in sheet["B"] if str(cell.value).endswith(" alike")]
        assert column(sheet, "Person")
    assert alike
    copy = Path(shutil.copy(one, council.folder / "out" / "Audit two.xlsx"))
    monday = datetime.now(UTC) - timedelta(days=2)
    choose(one, {alike[0] - 2: "Breach"}, monday)
    choose(copy, {alike[0] - 2: "Permitted"}, monday + timedelta(days=1))
    ran = council.auditor("decisions")
    assert ran.err.count("of the same finding") == 1
    chosen = [said for said, _ in standing(council).values()]
    assert chosen == [Decision.PERMITTED] * len(chosen)
    assert len(chosen) > 3


@pytest.mark.parametrize("withdrawn", [False, True])
def test_nobody_decides_what_is_the_others(council: Council, withdrawn: bool) -> None:
    """Nor of what is withdrawn just now: it may be made again, and the decision would stand then."""
    clerks = council.folder / "out" / NAME
    [chairs] = (council.folder / "out" / "chair").glob("*.xlsx")
    hers, its = choose(clerks, {}), choose(chairs, {})
    if withdrawn:
        with closing(sqlite3.connect(council.folder / "data" / "auditor.db", isolation_level=None)) as database:
            database.execute("UPDATE findings SET withdrawn = 1")
    for path, other in ((clerks, its), (chairs, hers)):
        with opened(path) as sheet:
            sheet.cell(2, column(sheet, "Finding")).value = other[0]
        choose(path, {0: "Not a breach", 1: "Breach"} if path == clerks else {0: "Not a breach"})
    ran = council.auditor("decisions")
    assert ran.status == 1
    assert (
        f"{NAME}: 1 decision could not be taken, because the column Finding is empty there or names nothing" in ran.err
    )
    assert {one: said for one, (said, _) in standing(council).items()} == {hers[1]: Decision.BREACH}


def test_what_was_taken_before_the_people_changed_is_asked_about_no_more(council: Council) -> None:
    """Who is clerk now may have been written down as clerk for the past as well."""
    path = council.folder / "out" / NAME
    rows = choose(path, {0: "Breach"})
    asked(council)
    schedule = council.folder / "schedule.toml"
    schedule.write_text(schedule.read_text(encoding="utf-8").replace('role = "councillor"', 'role = "clerk"'), "utf-8")
    assert council.auditor("decisions").status == 0
    choose(path, {0: "Permitted"})
    assert council.auditor("decisions").sentence.startswith(f"{NAME}: 1 decision could not be taken")
    assert standing(council) == {rows[0]: (Decision.BREACH, "")}


def test_a_noted_row_keeps_the_decision_of_a_first_row_that_is_gone(council: Council) -> None:
    """In the same workbook, and in a copy that was never read."""
    for n in range(3):
        council.post(TOM, f"bench {n}", letter("Thank you all.", n=70 + n, subject="Bench"))
    assert council.run().status == 0
    assert council.auditor("report", "--week", WEEK, "--out", "out/Audit one.xlsx").status == 0
    one = council.folder / "out" / "Audit one.xlsx"
    with opened(one) as sheet:
        first = next(cell.row for cell in sheet["B"] if str(cell.value).endswith(" alike"))
        sheet.cell(first, column(sheet, "Decision")).value = "Breach"
        sheet.cell(first + 1, column(sheet, "Note")).value = "Talked to him."
        lead, other = (sheet.cell(row, column(sheet, "Finding")).value for row in (first, first + 1))
    asked(council)
    before = standing(council)
    assert before[lead] == (Decision.BREACH, "")
    assert before[other] == (Decision.BREACH, "Talked to him.")
    copy = Path(shutil.copy(one, council.folder / "out" / "Audit two.xlsx"))
    for path in (one, copy):
        with opened(path, datetime.now(UTC) + timedelta(seconds=1)) as sheet:
            sheet.delete_rows(first)
            sheet.cell(first, column(sheet, "Note")).value = "Talked to him twice."
    asked(council)
    assert standing(council) == before | {other: (Decision.BREACH, "Talked to him twice.")}


@pytest.mark.parametrize(
    ("books", "differ", "told"),
    [
        ([{"b": "a", "c": "a"}, {"b": "a", "c": "a"}], "abc", "a"),
        ([{"b": "a"}, {"a": "b"}], "ab", "a"),
        ([{"c": "b", "d": "b"}, {"b": "a", "c": "a", "d": "a"}], "bcd", "b"),
        ([{"b": "a", "c": "a", "d": "a"}, {"c": "b", "d": "b"}], "bcd", "b"),
        ([{"a": "d", "b": "d"}, {}], "ab", "ab"),
    ],
    ids=[
        "as before",
        "each the other's first",
        "another first before",
        "another first after",
        "the first says the same",
    ],
)
def test_an_incident_that_differs_is_told_whichever_of_it_was_first(
    books: list[dict[str, str]], differ: str, told: str
) -> None:
    at = Where("Findings", 2, "1")
    looked = [
        Looked(
            Path(name), name, False, Read(tuple(Row(Said(one, None), at, lead) for one, lead in leads.items())), Change(),
            Choosing(Choices()), Looking(Looks()),
        )
        for name, leads in zip("xy", books, strict=True)
    ]  # fmt: skip
    assert "".join(one.finding for one in _told_once(looked, [Conflict(one, ()) for one in differ])) == told


def test_a_decision_in_the_chairs_encrypted_workbook_is_read_with_the_password(council: Council) -> None:
    password = "four damp words and a goose"
    [chairs] = (council.folder / "out" / "chair").glob("*.xlsx")
    council.schedule(rest='[reports]\nchair_password = "env:CHAIR"\n')
    [row, *_] = choose(chairs, {0: "Breach"})
    chairs.write_bytes(sealed(chairs.read_bytes(), password))
    ran = council.auditor("decisions", env={"CHAIR": "another one of them"})
    assert ran.status == 1
    assert "is locked with another password than the Chair's and was not read" in ran.sentence
    assert standing(council) == {}
    assert council.auditor("decisions", env={"CHAIR": password}).status == 0
    assert standing(council) == {row: (Decision.BREACH, "")}
