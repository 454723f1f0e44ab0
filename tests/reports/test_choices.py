"""What is chosen of exceptions comes back, whatever was done to the sheet; and the sheet says nothing but what there is."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from test_exceptions import MISSING, ROWS, TODAY, decided, pick, row, told
from thorrington import FOUND, finding_row, sample

from auditor.store.decisions import Decision
from auditor.store.exceptions import Choice, Hidden
from reports.book import Book
from reports.choices import Choices, Reading
from reports.decisions import read
from reports.exceptions import Exceptions, State, asking, name, scope, with_hidden
from reports.report import Reader
from reports.sheets.exceptions import draw
from reports.workbook import write

ADOPT, LEAVE, KEEP, END = Choice
WEEKLY = [row(n + 10, **MISSING, subject="Re: Grass cutting", message_id=f"{n}@y") for n in range(3)]
RUDE = [row(n + 20, "=1+1", rule="offensive-harassment", recipients=("ann@gmail.com",)) for n in range(2)]
OTHER = [row(n + 30, "Ta-ra", rule="obligation-acceptance") for n in range(2)]
SAID = decided(
    *((one, Decision.PERMITTED) for one in (*ROWS[:2], *WEEKLY[:2], *RUDE, *OTHER)), (ROWS[2], Decision.NO_BREACH)
)


def named(one) -> str:
    return name(scope(one, "Tom Bell"), "Parish Clerk")


def four() -> Exceptions:
    """One that is proposed, one in force that ends soon and hid a finding, one that has ended, one that was left."""
    picks = [
        pick(named(WEEKLY[0]), ADOPT, 1, last=TODAY + timedelta(days=9)),
        pick(named(RUDE[0]), ADOPT, 2),
        pick(named(RUDE[0]), END, 3),
        pick(named(OTHER[0]), LEAVE, 4),
    ]
    found = told([*ROWS, *WEEKLY, *RUDE, *OTHER], SAID, *picks)
    return with_hidden(found, [(WEEKLY[2], named(WEEKLY[0]))], [Hidden("0", named(WEEKLY[0]), "2026-W46")], "2026-W47")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    nothing = dict.fromkeys(("coverage", "gaps", "runs", "entries", "holds"), ())
    report = sample(
        findings=[finding_row(*FOUND[1])], exceptions={Reader.CLERK: four()}, adopted=None, evidence=None, **nothing
    ).clerk
    return write(report, tmp_path_factory.mktemp("choices") / "Audit 2026-W47.xlsx").path


@pytest.fixture
def audit(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path / original.name))


NAMES = {
    State.PROPOSED: named(ROWS[0]),
    State.IN_FORCE: named(WEEKLY[0]),
    State.ENDED: named(RUDE[0]),
    State.LEFT: named(OTHER[0]),
}
CHOSEN = dict(zip(NAMES.values(), ("Adopt", "End", " adopt", None), strict=True))
MEANT = dict(zip(NAMES.values(), (ADOPT, END, ADOPT, None), strict=True))


def changed(path: Path, change: Callable[[Worksheet], object] = lambda _sheet: None, **said: str) -> Path:
    """The workbook chosen in, and changed besides, by another program."""
    workbook = load_workbook(path)
    sheet = workbook["Exceptions"]
    for line in sheet.iter_rows():
        if line[7].value in CHOSEN:
            line[6].value = said.get(line[7].value, CHOSEN[line[7].value])
    change(sheet)
    workbook.save(path)
    workbook.close()
    return path


def choices(path: Path) -> Choices:
    reading = Reading()
    found = read(path, None, reading)
    assert not found.trouble, found.trouble
    assert len(found.rows) == 1, "decisions are read as ever"
    return reading.choices


def says(found: Choices) -> dict[str, Choice | None]:
    assert (found.odd, found.twice, found.nameless, found.trouble) == ((), (), (), ())
    return {one.exception: one.choice for one in found.rows}


def cells(path: Path) -> str:
    with closing(load_workbook(path)) as workbook:
        return _text(workbook["Exceptions"])


def drawn(found: Exceptions) -> str:
    """What the sheet says, as far as it is not streamed."""
    book = Book("Thorrington Parish Council", "Audit 2026-W47")
    draw(book, sample(exceptions={Reader.CLERK: found}).clerk)
    return _text(book.workbook["Exceptions"])


def _text(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for line in sheet for cell in line if cell.value is not None)


# --- read back


def test_a_new_workbook_says_nothing_of_each(audit):
    assert says(choices(audit)) == dict.fromkeys(CHOSEN)


def _shuffle(sheet: Worksheet) -> None:
    """Every row elsewhere, its values alone, as a sorting leaves them."""
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    random.Random(7).shuffle(lines)
    for number, line in enumerate(lines, 1):
        for place, value in enumerate(line, 1):
            sheet.cell(number, place).value = value


@pytest.mark.parametrize(
    "change",
    [
        lambda _sheet: None,
        _shuffle,
        lambda sheet: sheet.insert_cols(1),
        lambda sheet: sheet.delete_cols(1, 3),
        lambda sheet: sheet.insert_rows(1, 5),
        lambda sheet: setattr(sheet, "title", "Mine"),
        lambda sheet: setattr(sheet, "sheet_state", "hidden"),
        lambda sheet: [setattr(sheet.row_dimensions[n], "hidden", True) for n in range(1, 30)],
    ],
    ids=["nothing", "sorted", "a column more", "columns gone", "lines above", "another title", "hidden", "filtered"],
)
def test_what_is_done_to_the_sheet_does_not_matter(change, audit):
    assert says(choices(changed(audit, change))) == MEANT


def test_what_is_unclear_is_told_and_not_taken(audit):
    one, two, *_ = NAMES.values()

    def unclear(sheet: Worksheet) -> None:
        last = sheet.max_row
        for number, (choice, known) in enumerate((("keep", two), ("End", None), ("by the way", None)), last + 2):
            sheet.cell(number, 7).value, sheet.cell(number, 8).value = choice, known

    found = choices(changed(audit, unclear, **{one: "perhaps", two: "End"}))
    assert [words for words, _ in found.odd] == ["perhaps"]
    assert [len(where) for where in found.twice] == [2]
    assert len(found.nameless) == 1
    assert {row.exception for row in found.rows} == set(NAMES.values()) - {one, two}


def test_a_cell_made_one_over_several_rows_speaks_for_each(audit):
    def merge(sheet: Worksheet) -> None:
        (first,) = (line[0].row for line in sheet.iter_rows() if line[7].value == NAMES[State.ENDED])
        sheet.merge_cells(f"G{first}:G{first + 1}")

    assert says(choices(changed(audit, merge))) == MEANT | {NAMES[State.LEFT]: ADOPT}


@pytest.mark.parametrize(
    "change",
    [lambda sheet: sheet.delete_cols(8), lambda sheet: [sheet.cell(n, 9, "Choice") for n in range(1, 40)]],
    ids=["gone", "twice"],
)
def test_a_sheet_without_its_columns_is_told(change, audit):
    found = choices(changed(audit, change))
    assert found.rows == ()
    [trouble] = found.trouble
    assert trouble.startswith("The sheet 'Exceptions' needs one column with the heading Exception")


# --- what the sheet says


def test_each_exception_says_what_it_is_and_does(original):
    said = cells(original)
    for sentence in (
        (
            "You decided 1 finding like this 'Not a breach' and 2 'Permitted'. It would have hidden 4 findings (week 2026-W47), "
            "none of them decided 'Breach'."
        ),
        "Adopted on 17 November 2026 in Audit 2026-W46. It hid 1 this time, 2 findings in all. Its last day is 2 December 2026.",
        (
            "No. 2 ends within a month: after its last day findings like these are listed again, unless you choose Adopt on this "
            "sheet then."
        ),
        "You chose to end it on 19 November 2026 in Audit 2026-W46. It has hidden nothing.",
        "You chose to leave it on 20 November 2026 in Audit 2026-W46. Findings like this are listed.",
        (
            "1 finding is kept, and is not on the sheet Findings, because an exception covers it. To have findings like it listed "
            "again, choose End above."
        ),
        "anybody at oakley.example",
        "ann@gmail.com",
        "Subject: Grass cutting",
    ):
        assert sentence in said.splitlines()
    assert said.splitlines()[-5:] == [
        "No waiver",
        "tom.bell@council.example",
        "2026-11-28 00:00:00",
        "No. 2",
        "Re: Grass cutting",
    ]
    assert "=1+1" in said


def test_where_there_is_none_it_says_so():
    assert (
        drawn(Exceptions())
        .splitlines()[1]
        .startswith("No exception is proposed and none is in force: every finding is listed.")
    )


@pytest.mark.parametrize(
    ("rows", "said", "picks", "sentence"),
    [
        (
            ROWS,
            decided(*((one, Decision.PERMITTED) for one in ROWS[:2]), (ROWS[2], Decision.BREACH)),
            [pick(named(ROWS[0]), ADOPT, 1)],
            (
                "Adopted on 17 November 2026 in Audit 2026-W46. It hides nothing any more, because a finding like this is now decided "
                "'Breach'. It has hidden nothing."
            ),
        ),
        (
            ROWS,
            decided((ROWS[0], Decision.PERMITTED)),
            [pick(named(ROWS[0]), ADOPT, 1)],
            (
                "Adopted on 17 November 2026 in Audit 2026-W46. It hides nothing any more, because findings like this are still "
                "decided so in fewer than 2 messages. It has hidden nothing."
            ),
        ),
        (
            ROWS,
            SAID,
            [pick(named(ROWS[0]), ADOPT, 1, last=date(2026, 11, 20))],
            (
                "Adopted on 17 November 2026 in Audit 2026-W46; its last day was 20 November 2026. It has hidden nothing. Choose "
                "Adopt to have it once more."
            ),
        ),
        (
            [],
            {},
            [pick(named(ROWS[0]), ADOPT, 1)],
            (
                "1 exception that you adopted hides nothing any more, because no finding of the kind it came from is held and decided "
                "so."
            ),
        ),
    ],
    ids=["a breach", "too few", "expired", "lost"],
)
def test_one_that_hides_nothing_any_more_says_why(rows, said, picks, sentence):
    assert sentence in drawn(told(rows, said, *picks)).splitlines()


def test_of_many_only_so_many_are_shown():
    rows = [row(n, f"words {n // 2}") for n in range(60)]
    found = told(rows, decided(*((one, Decision.PERMITTED) for one in rows)))
    said = drawn(found)
    assert said.count("You decided 2 findings") == 20
    assert "There are 10 more, which are shown here once some of these are gone." in said
    assert list(asking(found)) == [
        "30 exceptions are proposed from your decisions: choose Adopt or Leave for each on the sheet Exceptions."
    ]


def test_what_ends_soon_is_asked_about():
    assert list(asking(four())) == [
        "1 exception is proposed from your decisions: choose Adopt or Leave for it on the sheet Exceptions.",
        "1 exception ends within a month: the sheet Exceptions says which, and what happens then.",
    ]
    assert list(asking(Exceptions())) == []


# --- whose they are


def test_the_clerks_copy_tells_nothing_of_the_chairs():
    mine, chairs = four(), with_hidden(told(ROWS, SAID), [(ROWS[3], "ab" * 10)], [], "2026-W47")
    both = sample(exceptions={Reader.CLERK: mine, Reader.CHAIR: chairs})
    plain = sample()
    assert both.chair is not None
    assert (both.clerk.exceptions, both.chair.exceptions) == (mine, chairs)
    assert both.clerk.apart == plain.clerk.apart + 1, "as many as if they were listed there"
    assert replace(both.clerk, exceptions=Exceptions(), apart=plain.clerk.apart) == plain.clerk
