"""Exceptions from the first decision to their end: proposed, adopted in the workbook, hiding, and told of."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from stow import CLERK, TOM, Council, due_monday, label, letter, signed, stow

from auditor.cli.reporting import Desk
from auditor.config import load
from auditor.store.sqlite import open_store
from auditor.store.trail import Deed
from reports.week import week

WEEKS = [label(due_monday() + timedelta(days=7 * n)) for n in range(2)]
NO_WAIVER = "waiver-missing"


def rota(n: int, box: str = TOM, **more: datetime) -> bytes:
    """The same letter again, signed and without the waiver."""
    return letter(
        signed(f"The bench is mended once more, no. {n}.", box, ""),
        box=box,
        n=n + 30 * (box == CLERK),
        subject="Rota",
        **more,
    )


@pytest.fixture(scope="module")
def weekly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council whose week has two such letters of Tom's and two of the clerk's, all of them permitted."""
    council = stow(tmp_path_factory.mktemp("stow"))
    for box in (TOM, CLERK):
        for n in (10, 11):
            council.post(box, f"rota{n}", rota(n, box))
    assert council.run().status == 0
    for path in (clerks(council, WEEKS[0]), chairs(council, WEEKS[0])):
        with opened(path) as book:
            choose(book, "Findings", "Subject", "Rota", "Decision", "Permitted")
    assert council.auditor("report", "--week", WEEKS[0]).status == 0
    return council.folder


@pytest.fixture
def council(weekly: Path, tmp_path: Path) -> Council:
    return Council(shutil.copytree(weekly, tmp_path / "stow"))


def clerks(council: Council, week: str, more: str = "") -> Path:
    return council.folder / "out" / f"Audit {week}{more}.xlsx"


def chairs(council: Council, week: str, more: str = "") -> Path:
    return council.folder / "out" / "chair" / f"Audit {week} for the Chair{more}.xlsx"


@contextmanager
def opened(path: Path) -> Iterator[Workbook]:
    """The workbook to write in, and the file as another program saves it."""
    with closing(load_workbook(path)) as book:
        yield book
        book.properties.creator = "Ann Marsh"
        book.save(path)


def choose(book: Workbook, sheet: str, heading: str, known: str, column: str, choice: str) -> None:
    """Writes a choice into each row with this text under that heading."""
    columns: dict[str, int] = {}
    chosen = 0
    for row in book[sheet].iter_rows():
        said = {cell.value: cell.column for cell in row if isinstance(cell.value, str)}
        if heading in said and column in said:
            columns = said
        elif columns and row[columns[heading] - 1].value == known:
            book[sheet].cell(row[0].row, columns[column]).value = choice
            chosen += 1
    assert chosen, f"nothing in {sheet} with {known}"


def text(path: Path, sheet: str) -> str:
    with closing(load_workbook(path)) as book:
        return "\n".join(str(cell.value) for row in book[sheet] for cell in row if cell.value is not None)


def test_what_is_permitted_twice_is_proposed_adopted_and_hidden_until_it_is_ended(council: Council) -> None:
    first = clerks(council, WEEKS[0], " (2)")
    assert "You decided 2 findings like this 'Permitted'. It would have hidden 2 findings" in text(first, "Exceptions")
    with opened(first) as book:
        choose(book, "Exceptions", "Only with these words", "Subject: Rota", "Choice", "Adopt")
    ran = council.auditor("decisions")
    assert ran.status == 0, ran.err
    assert f"{first.name}: 2 decisions (2 new), " in ran.out
    assert "; of exceptions 1 adopted." in ran.out
    assert council.auditor("decisions", "--json").json["workbooks"][0]["exceptions"] == {
        "adopt": 1, "leave": 0, "keep": 0, "end": 0, "changed": 0,
    }  # fmt: skip
    with council.store() as store:
        [picked] = store.choices()
        entry = store.last_deed(Deed.EXCEPTED)
    assert entry is not None
    assert entry.said["chosen"] == {picked.exception: "Adopt"}
    assert picked.until is not None
    assert (picked.until - picked.at.date()).days in (364, 365, 366)

    council.post(TOM, "rota20", rota(20, sent=due_monday() - timedelta(days=40)))
    council.post(TOM, "other20", letter("Another letter.", n=21, subject="Another"))
    assert council.run().status == 0
    assert council.auditor("report", "--week", WEEKS[1]).status == 0
    second = clerks(council, WEEKS[1])
    assert "Rota" not in text(second, "Findings")
    assert "Another" in text(second, "Findings")
    told = text(second, "Exceptions")
    assert "1 finding is kept, and is not on the sheet Findings" in told
    assert "Adopted on" in told
    assert "It hid 1 this time, 1 finding in all." in told
    assert told.endswith("Rota")
    with council.store() as store:
        [hidden] = store.hidden()
        row = next(row for row in store.findings(unreported=True) if row.id == hidden.finding)
        assert (hidden.label, row.finding.rule, sum(store.judged_between(None, None).values())) == (
            WEEKS[1],
            NO_WAIVER,
            9,
        )

    assert council.auditor("report", "--week", WEEKS[0]).status == 0
    assert text(clerks(council, WEEKS[0], " (3)"), "Findings").count("Rota") == 2, "what was listed stays listed"
    later = datetime.now(UTC) + timedelta(days=28)
    with open_store(f"sqlite:///{council.database}") as writable:
        Desk(load(council.folder / "schedule.toml"), writable, later).write(week(WEEKS[1]))
    assert "Rota" not in text(second, "Findings")
    assert "It hid 1 this time, 1 finding in all." in text(second, "Exceptions"), "though it was sent in another week"

    with opened(second) as book:
        choose(book, "Exceptions", "Only with these words", "Subject: Rota", "Choice", "End")
    council.post(TOM, "rota30", rota(30))
    assert council.run().status == 0
    assert council.auditor("report", "--week", WEEKS[1]).status == 0
    again = clerks(council, WEEKS[1], " (2)")
    assert text(again, "Findings").count("Rota") == 1, "the new one, and not again what was told of before"
    assert "You chose to end it on" in text(again, "Exceptions")
    assert "1 finding is kept, and is not on the sheet Findings" in text(again, "Exceptions")


def test_the_chairs_exceptions_are_the_chairs(council: Council) -> None:
    chair = chairs(council, WEEKS[0], " (2)")
    with opened(chair) as book:
        choose(book, "Exceptions", "Only with these words", "Subject: Rota", "Choice", "Adopt")
        [known] = [cell.value for cell in book["Exceptions"]["H"] if cell.value and len(cell.value) == 20]
    assert known not in text(clerks(council, WEEKS[0], " (2)"), "Exceptions")
    said = council.auditor("decisions", "--json")
    assert said.status == 0, said.err
    assert [one["exceptions"] for one in said.json["workbooks"] if "Chair" in one["workbook"]] == [None, None]
    assert "exception" not in council.auditor("decisions").out
    council.post(CLERK, "rota20", rota(20, CLERK))
    assert council.run().status == 0
    assert council.auditor("report", "--week", WEEKS[1]).status == 0
    assert "It hid 1 this time" in text(chairs(council, WEEKS[1]), "Exceptions"), "though it lists nothing else"
    clerk = clerks(council, WEEKS[1])
    assert "1 finding on it is for the Chair's workbook" in text(clerk, "Start"), "as if it were listed there"
    told = text(clerk, "Exceptions")
    assert "You decided 2 findings like this" in told, "her own is proposed still"
    assert "hides nothing" not in told
    # The clerk ends nothing of the Chair's.
    with opened(clerk) as book:
        choose(book, "Exceptions", "Only with these words", "Subject: Rota", "Exception", known)
        choose(book, "Exceptions", "Only with these words", "Subject: Rota", "Choice", "End")
    ran = council.auditor("decisions")
    assert ran.status == 1
    assert ran.sentence.startswith(f"{clerk.name}: 1 choice on exceptions could not be taken")
    # Nor is what she says of a finding on herself taken.
    with council.store() as store:
        decided = [one.finding for one in store.decisions().values() if "Chair" in one.book]
    with opened(clerk) as book:
        headings = {cell.value: cell.column for cell in book["Findings"][1]}
        for number, finding in enumerate(decided, 2):
            book["Findings"].cell(number, headings["Finding"]).value = finding
            book["Findings"].cell(number, headings["Decision"]).value = "Permitted"
            book["Findings"].cell(number, headings["Note"]).value = "Mine."
    ran = council.auditor("decisions")
    assert ran.status == 1
    assert "decisions could not be taken" in ran.err
    with council.store() as store:
        assert all("Chair" in store.decisions([one])[one].book for one in decided)
    assert council.auditor("report", "--week", WEEKS[1]).status == 0
    assert "It hid 1 this time" in text(chairs(council, WEEKS[1]), "Exceptions")


def test_one_that_a_breach_speaks_against_hides_nothing(council: Council) -> None:
    first = clerks(council, WEEKS[0], " (2)")
    with opened(first) as book:
        choose(book, "Exceptions", "Only with these words", "Subject: Rota", "Choice", "yes")
    ran = council.auditor("decisions")
    assert ran.status == 1
    assert "sheet Exceptions, row " in ran.sentence
    assert "'yes' is none of the choices there are" in ran.sentence
    with opened(first) as book:
        choose(book, "Exceptions", "Only with these words", "Subject: Rota", "Choice", "adopt ")
        sheet = book["Findings"]
        headings = {cell.value: cell.column for cell in sheet[1]}
        row = next(row for row in range(2, 99) if sheet.cell(row, headings["Subject"]).value == "Rota")
        sheet.cell(row, headings["Decision"]).value = "Breach"
    ran = council.auditor("decisions", first)
    assert ran.status == 1
    assert "1 choice on exceptions could not be taken" in ran.err
    with council.store() as store:
        assert store.choices() == []
