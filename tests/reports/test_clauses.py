"""The clauses, the rules and the two charts: what is not known is left out, and drawn as a gap."""

from __future__ import annotations

import re
from datetime import date
from zipfile import ZipFile

from changes import replace
from openpyxl import load_workbook
from thorrington import DOMAIN, POLICY, sample

from auditor.findings import Severity
from auditor.policy import CLAUSES
from auditor.store.records import Tally
from reports.book import Book
from reports.sheets import clauses
from reports.sheets.clauses import NOBODY
from reports.week import backlog
from reports.workbook import write

TEWSON = f"cllr.tewson@{DOMAIN}"
WAIVER, CUT, THREAT = (
    ("waiver-missing", Severity.MEDIUM),
    ("waiver-altered", Severity.LOW),
    ("offensive-harassment", Severity.HIGH),
)
WEEKS = slice(6, 18)


def sent(week: int, messages: int, *found: tuple[str, Severity], checked: bool = True) -> Tally:
    return Tally(week, TEWSON, TEWSON, checked, found, messages)


def drawn(*tallies: Tally, **changes: object):
    report = sample(**({"tallies": tallies} if tallies else {}), **changes).clerk
    book = Book(report.council, "Audit")
    clauses.draw(book, report)
    return book.workbook["Clauses"]


def rows(sheet) -> dict[str, tuple[object, ...]]:
    """By the clause, or by what the second cell of the row says."""
    told = [tuple(None if cell == "" else cell for cell in row) for row in sheet.iter_rows(values_only=True)]
    return {str(row[0] if row[1] == CLAUSES.get(row[0], "") else row[1]): row for row in told if row[1]}


def texts(sheet) -> list[str]:
    return [str(row[0]) for row in sheet.iter_rows(values_only=True)]


def test_every_clause_stands_with_its_words_and_what_looks_after_it():
    told = rows(drawn(policy=replace(POLICY, rules={"obligation-acceptance": None, "waiver-altered": None})))
    assert [told[clause][1] for clause in CLAUSES] == list(CLAUSES.values())
    assert told["E3"][2] == "No waiver\nWaiver misplaced\nWaiver altered (switched off)"
    assert told["E10"][2] == f"{NOBODY}\nAccepts for the Council (switched off)"
    assert told["E9"][2:] == (NOBODY,) + (None,) * 15


def test_a_message_counts_once_for_a_clause_and_each_finding_counts():
    tallies = [sent(12, 20), sent(12, 4, WAIVER, CUT), sent(12, 1, WAIVER), sent(11, 30), sent(11, 3, CUT, THREAT)]
    told = rows(drawn(*tallies))
    assert told["E3"][3:6] == (9, "5 of 25", 0.2)
    assert told["E3"][WEEKS][-2:] == (3, 5)
    assert told["E4"][WEEKS][-2:] == told["U1"][WEEKS][-2:] == (3, 0)
    assert told["Insult or bullying"][:6] == ("E4\nU1", "Insult or bullying", "4 High", 0, "0 of 25", 0)
    assert told["Messages with a finding"][WEEKS][-2:] == (3, 5)
    assert told["Findings: 2 Low"][WEEKS][-2:] == (3, 4)
    assert told["Share of messages with a finding"][WEEKS][-1] == 0.2


def test_messages_of_which_not_everything_could_be_checked_are_told_apart():
    sheet = drawn(sent(12, 20), sent(12, 2, WAIVER, checked=False))
    assert rows(sheet)["E3"][3:6] == (2, "0 of 20\n2 others", 0)
    assert any(text.startswith("'Others' are messages of which") for text in texts(sheet))


def test_a_week_of_which_nothing_was_read_says_so_and_has_no_nought():
    told = rows(drawn(sent(12, 20), sent(10, 20, WAIVER)))
    heads = told["All mail, week by week"][WEEKS]
    assert heads[-4:] == ("26 Oct\nnot read", "2 Nov", "9 Nov\nnot read", "16 Nov")
    assert told["Messages checked"][WEEKS][-4:] == ("not read", 20, "not read", 20)
    for name in (
        "E3",
        "Messages with a finding",
        "Share of messages with a finding",
        "Findings: 3 Medium",
        "No waiver",
    ):
        assert told[name][WEEKS][-3:] in {(20, None, 0), (1, None, 0)}, name


def test_the_charts_are_drawn_of_cells_that_can_be_seen(tmp_path):
    path = write(sample().clerk, tmp_path / "Audit.xlsx").path
    sheet = load_workbook(path)["Clauses"]
    with ZipFile(path) as file:
        charts = [file.read(name).decode() for name in sorted(file.namelist()) if name.startswith("xl/charts/chart")]
    assert len(charts) == len(sheet._charts) == 2
    for chart in charts:
        assert chart.count('<delete val="0"') == 2
        assert 'dispBlanksAs val="gap"' in chart
        assert len(re.findall("<a:t>[^<]+</a:t>", chart)) == 3  # the title and the axes'
        for place in re.findall(r"<f>'Clauses'!([^<]+)</f>", chart):
            cells = sheet[place.replace("$", "")]
            for cell in cells[0] if isinstance(cells, tuple) else [cells]:
                assert not sheet.row_dimensions[cell.row].hidden
                assert not sheet.column_dimensions[cell.column_letter].hidden
    named = [
        sheet[place.replace("$", "")].value for place in re.findall(r"<tx><strRef><f>'Clauses'!([^<]+)<", charts[1])
    ]
    assert named == [f"Findings: {word}" for word in ("1 For information", "2 Low", "3 Medium", "4 High", "5 Critical")]
    [share] = [
        sheet[place.replace("$", "")].value for place in re.findall(r"<tx><strRef><f>'Clauses'!([^<]+)<", charts[0])
    ]
    assert share == "Share of messages with a finding"
    # No text stands where a number is drawn: Excel would draw it as nought.
    for chart in charts:
        for place in re.findall(r"<numRef><f>'Clauses'!([^<]+)<", chart):
            assert not any(isinstance(cell.value, str) for cell in sheet[place.replace("$", "")][0])


def test_there_is_nothing_to_draw_of_one_week_or_of_a_backlog():
    sheet = drawn(sent(12, 20))
    assert not sheet._charts
    assert any("as soon as mail of two weeks" in text for text in texts(sheet))
    old = backlog(date(2026, 11, 22), date(2026, 11, 16))
    sheet = drawn(sent(0, 50, WAIVER), period=old, runs=[])
    assert not sheet._charts
    assert sheet.max_column == 6
    assert rows(sheet)["E3"][3:] == (50, "50 of 50", 1)


def test_nothing_of_the_clerks_is_counted_for_the_clerk():
    clerk = f"clerk@{DOMAIN}"
    sheet = drawn(sent(12, 21), sent(11, 20), Tally(12, clerk, clerk, True, (WAIVER,), 9))
    told = rows(sheet)
    assert told["Messages checked"][WEEKS][-1] == 21
    assert told["E3"][3:5] == (0, "0 of 21")
    assert any("Nothing here includes the Clerk's mail." in text for text in texts(sheet))
