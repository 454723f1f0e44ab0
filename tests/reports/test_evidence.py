"""What a workbook tells of the audit trail, of holds, and for the yearly return."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO
from types import ModuleType

import pytest
import thorrington
from changes import replace
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from thorrington import ENTRIES, EVIDENCE, POLICY, WRITTEN, entry, finding_row, sample

from auditor.findings import Rule, Severity
from auditor.store.trail import Deed
from reports.book import Book
from reports.evidence import Post, year
from reports.report import WeekReport
from reports.sheets import assertion, deeds
from reports.stream import save
from reports.week import backlog, week
from reports.workbook import write

PRIVATE = Rule(assertion.PRIVATE, ("E7",), Severity.MEDIUM, "Sent to a private account", "…", ("headers",))
SENT, TO_PRIVATE, MAILBOXES, READ, ADOPTED, REVIEW, TOLD, RETENTION, HOLDS, REQUESTS, BACKUPS, VERIFIED = range(12)


def drawn(report: WeekReport, sheet: ModuleType) -> Worksheet:
    """One sheet alone, as it is read again from the file."""
    book, file = Book(report.council, report.period.stem), BytesIO()
    sheet.draw(book, report)
    save(book, file, report.written)
    return load_workbook(file)[sheet.TITLE]


def said(sheet: Worksheet) -> str:
    return "\n".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None)


def lines(**changes) -> list[tuple[str, ...]]:
    """The return's lines: what is asked, evidence, figure, what is missing."""
    rows = list(drawn(sample(**changes).clerk, assertion).iter_rows(values_only=True))
    heads = [column.heading for column in assertion.COLUMNS]
    top = next(n for n, row in enumerate(rows) if list(row) == heads)
    return rows[top + 1 : top + 13]


def test_the_week_s_deeds_stand_there_newest_first_with_who():
    rows = list(drawn(sample().clerk, deeds).iter_rows(values_only=True))
    top = rows.index(tuple(column.heading for column in deeds.COLUMNS))
    told = [(row[1], row[2]) for row in rows[top + 1 :]]
    assert told == [
        ("Restore", "The store was put back from the backup of Thursday 19 November 2026 at 02:20 (UK time)."),
        ("Purge", "The words of what was deleted were taken out of the store's file."),
        ("Purge", "41 messages sent before Tuesday 19 November 2024 were deleted for good, and 1 finding with them."),
        ("Purge", "1 old copy of the store, made before an update, was deleted."),
        ("Dossier", "Records of 2 findings were written for somebody who is to look into them."),
        ("Hold lifted", "The hold 'Dog bin claim' was lifted; it had kept 19 messages."),
        ("Search", "The mail held was searched: 62 messages found."),
        ("Hold added", "The hold 'Request of 12 November' was added; it then kept 1,204 messages."),
    ]
    assert rows[top + 1][0] == datetime(2026, 11, 20, 9, 5, 37)  # noqa: DTZ001
    assert {row[3] for row in rows[top + 1 :]} == {"ann on office-pc"}


def test_backups_are_counted_and_holds_that_stand_are_listed():
    sheet = drawn(sample().clerk, deeds)
    text = said(sheet)
    assert "7 backups were made and proved, the last on Sunday 22 November 2026 at 09:05 (UK time)." in text
    held = [row[1:] for row in sheet.iter_rows(values_only=True) if row[2] in [one.name for one in thorrington.HOLDS]]
    assert held == [
        (1219, "Request of 12 November", "ann on office-pc"),
        ("not known", "Old boundary dispute at Mill Lane", "not known"),
    ]
    assert "the query is no longer understood, and nothing is deleted while it stands" in text


@pytest.mark.parametrize("reader", ["clerk", "chair"])
def test_no_query_no_reason_and_no_recipient_is_printed(reader):
    report = getattr(sample(), reader)
    text = said(drawn(report, deeds))
    for word in ("dunmore", "Dunmore", "NEAR", "Ivy Holt", "Complaint", "tewson"):
        assert word not in text
    assert "it may name people" in text


def test_where_nothing_was_done_one_sentence_says_so():
    outside = [one for one in ENTRIES if one.at.day in (10, 23)]
    text = said(drawn(sample(entries=outside, holds=()).clerk, deeds))
    assert text.splitlines()[1:2] == ["No hold stands: nothing that is due for deletion is kept back."]
    assert "nobody searched, made a dossier, added or lifted a hold, purged or restored on these days." in text
    assert "No backup was made on these days." in text
    assert "By whom" not in text


@pytest.mark.parametrize(
    "about", ["", "[1]", "null", '{"messages":"many","before":7,"made":[],"copies":3,"hold":null}']
)
def test_an_entry_that_somebody_has_spoilt_keeps_no_workbook_back(about):
    spoilt = [replace(entry(n, 17, deed, {}), about=about) for n, deed in enumerate((*deeds._WHAT, Deed.BACKED_UP))]
    text = said(drawn(sample(entries=spoilt).clerk, deeds))
    assert "The mail held was searched." in text
    assert "A backup was restored." in text


def test_what_is_done_in_a_backlog_s_days_is_told_there():
    reports = sample(period=backlog(date(2026, 11, 29), date(2026, 11, 23)), runs=[])
    assert "Dog bin claim' was added" in said(drawn(reports.clerk, deeds))


def test_many_deeds_go_on_below_the_holds():
    many = [entry(n, 17, Deed.SEARCHED, {"messages": n}) for n in range(1, 301)]
    sheet = drawn(sample(entries=many).clerk, deeds)
    assert sheet.max_row == 313
    assert sheet["C14"].value == "The mail held was searched: 300 messages found."
    assert sheet["C313"].value == "The mail held was searched: 1 message found."
    assert sheet.print_title_rows == "$13:$13"


@pytest.mark.parametrize(
    ("day", "since", "until"),
    [
        ("2026-03-22", "2025-04-01", "2026-03-22"),
        ("2026-03-31", "2025-04-01", "2026-03-31"),
        ("2026-04-05", "2025-04-01", "2026-03-31"),
        ("2026-06-28", "2025-04-01", "2026-03-31"),
        ("2026-07-05", "2026-04-01", "2026-07-05"),
        ("2026-12-27", "2026-04-01", "2026-12-27"),
        ("2027-01-03", "2026-04-01", "2027-01-03"),
    ],
)
def test_the_year_is_that_of_the_return_that_comes_next(day, since, until):
    period = replace(week("2026-W47"), until=date.fromisoformat(day))
    assert year(period, WRITTEN + timedelta(days=99)) == (date.fromisoformat(since), date.fromisoformat(until))


def test_the_year_does_not_reach_into_days_to_come():
    assert year(week("2026-W48"), WRITTEN)[1] == WRITTEN.date()


def test_mail_from_elsewhere_has_its_share_and_its_senders():
    row = lines()[SENT]
    assert "thorrington.example.org" in row[1]
    assert row[2] == "6,411 of 6,428 (99.7%)"
    assert row[3].splitlines() == [
        "From elsewhere on the Council's behalf: 17. Ask those who sent them to use their Council mailbox.",
        "Brian Tewson: 14",
        "Mary Ockenden: 3",
    ]
    assert lines(evidence=replace(EVIDENCE, elsewhere=()))[SENT][2] == "6,411 of 6,411 (100%)"
    assert lines(evidence=replace(EVIDENCE, own=10**6, elsewhere=(("A", 1),)))[SENT][2] == "1,000,000 of 1,000,001"
    assert lines(evidence=replace(EVIDENCE, own=0, elsewhere=()))[SENT][2] == "none"


def test_mail_to_private_accounts_is_counted_by_its_rule():
    found = finding_row("waiver-missing", "cllr.tewson", 17, 10, 0, 0)
    found = replace(found, finding=replace(found.finding, rule=PRIVATE.name))
    rows = [
        found,
        replace(found, id="again"),
        replace(found, id="old", message_id="old", sent=WRITTEN - timedelta(days=20)),
    ]
    row = lines(rules=[PRIVATE], findings=rows)[TO_PRIVATE]
    assert (row[2], "without the Clerk's own" in row[1]) == ("1 of 171 (0.6%)", True)
    assert "'Sent to a private account' (recipient-private-account)" in row[1]
    assert lines(rules=[PRIVATE])[TO_PRIVATE][2:] == ("0 of 171 (0%)", "No such finding on these days.")
    off = replace(POLICY, rules={PRIVATE.name: None})
    assert lines(rules=[PRIVATE], policy=off)[TO_PRIVATE][2] == "none"


def test_who_has_no_mailbox_and_whose_is_not_read_is_named():
    rows = lines()
    assert rows[MAILBOXES][2:] == (
        "11 of 12",
        "Without one: Hilary Stone. Give them a mailbox at the Council's domain.",
    )
    assert rows[READ][2] == "9 of 11"
    assert rows[READ][3].startswith("Not read, or not in full: Samuel Adeyemi and Elizabeth Farringdon-Hayes. ")
    many = tuple(Post(f"P{n}", f"p{n}@x.example", False) for n in range(9))
    rows = lines(evidence=replace(EVIDENCE, posts=many))
    assert "Without one: P0, P1, P2, P3, P4 and 4 more." in rows[MAILBOXES][3]
    assert rows[READ][2] == "none"
    assert lines(evidence=replace(EVIDENCE, posts=()))[MAILBOXES][2] == "none"


def test_what_is_not_there_is_said_with_what_to_do():
    bare = replace(EVIDENCE, adopted=None, review=None, purged=None, backups_kept=False, backed_up=None, verified=None)
    rows = lines(evidence=replace(bare, share_verified=None), adopted=None, users_informed_on=None, holds=())
    figures = [row[2] for row in rows]
    assert [figures[n] for n in (ADOPTED, REVIEW, TOLD, BACKUPS, VERIFIED)] == ["not set"] * 3 + ["never"] * 2
    assert figures[HOLDS] == "0 holds"
    assert "add a table [backup]" in rows[BACKUPS][3]
    assert "users_informed_on" in rows[TOLD][3]
    assert lines(evidence=replace(bare, backups_kept=True))[BACKUPS][2] == "not yet"


def test_what_is_there_is_said_with_its_day():
    rows = lines()
    figures = [row[2] for row in rows]
    assert figures[ADOPTED : RETENTION + 1] == ["27 March 2024", "31 March 2025", "1 April 2026", "24 months"]
    assert figures[HOLDS:] == ["2 holds", "not kept here", "23 November 2026", "2 June 2026"]
    assert "That day is past" in rows[REVIEW][3]
    assert "names law that has been replaced" in rows[ADOPTED][3]
    assert "19 November 2026" in rows[RETENTION][1]
    assert "21 November 2026" in rows[VERIFIED][1]
    late = replace(EVIDENCE, backed_up=WRITTEN - timedelta(days=3), sound=False)
    rows = lines(evidence=late)
    assert "No backup was made lately" in rows[BACKUPS][3]
    assert rows[VERIFIED][2] == "damage found"


def test_no_line_says_that_the_council_complies():
    text = said(drawn(sample().clerk, assertion)).casefold()
    assert "whether it is enough is for the council to decide" in text
    assert "complies" not in text
    assert "compliant" not in text


def test_the_chair_s_copy_has_no_return_and_does_not_link_to_one(tmp_path):
    report = sample().chair
    workbook = load_workbook(write(report, tmp_path / report.file_name).path)
    assert assertion.TITLE not in workbook.sheetnames
    links = [cell.hyperlink.location for row in workbook["Start"].iter_rows() for cell in row if cell.hyperlink]
    assert {link.split("!")[0].strip("'") for link in links} == set(workbook.sheetnames[1:])
