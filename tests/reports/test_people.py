"""What is said of each person: compared with nobody but themselves, and nothing of few messages."""

from __future__ import annotations

from datetime import date

import pytest
from changes import replace
from thorrington import DOMAIN, PEOPLE, coverage_line, finding_row, sample

from auditor.findings import Severity
from auditor.store.records import MailboxStatus, Tally
from reports.book import Book
from reports.sheets import people
from reports.week import backlog

TEWSON, ADEYEMI = f"cllr.tewson@{DOMAIN}", f"cllr.adeyemi@{DOMAIN}"
WAIVER, THREAT, ACCEPTS = (
    ("waiver-missing", Severity.MEDIUM),
    ("offensive-harassment", Severity.HIGH),
    ("obligation-acceptance", Severity.HIGH),
)


def sent(week: int, messages: int, *found: tuple[str, Severity], who: str = TEWSON, checked: bool = True) -> Tally:
    return Tally(week, who, who, checked, found, messages)


def rows(*tallies: Tally, reader: str = "clerk", **changes: object) -> dict[str, tuple[object, ...]]:
    """By the person's name or address: the cells of their row."""
    report = getattr(sample(tallies=tallies, **changes), reader)
    book = Book(report.council, "Audit")
    people.draw(book, report)
    told = list(book.workbook["People"].iter_rows(values_only=True))
    first = next(n for n, row in enumerate(told) if row[0] == "Person")
    return {
        str(row[0]).split("\n")[0]: tuple(cell or None if isinstance(cell, str) else cell for cell in row[1:])
        for row in told[first + 1 :]
        if row[0]
    }


def said(*tallies: Tally, **changes: object) -> str:
    return str(rows(*tallies, **changes)["Brian Tewson"][-1])


def test_a_row_has_its_figures_with_what_they_are_a_share_of():
    tallies = [sent(12, 18), sent(12, 2, WAIVER, WAIVER, THREAT), sent(12, 1, WAIVER, checked=False)]
    told = rows(*tallies, sent(3, 30), sent(7, 10, THREAT))["Brian Tewson"]
    assert told[:6] == ("4 High", 7, "2 of 20", 0.1, "10 of 40", 0.25)


def test_of_few_messages_no_share_is_given():
    told = rows(sent(12, 10), sent(12, 9, WAIVER), sent(3, 1))["Brian Tewson"]
    assert told[2:6] == ("9 of 19", "too few", "0 of 1", "too few")


def test_people_stand_in_alphabetical_order_and_the_shared_mailboxes_after_them():
    worst_first = [sent(12, 40, THREAT), sent(12, 40, who=f"allotments@{DOMAIN}"), sent(12, 30, WAIVER, who=ADEYEMI)]
    told = list(rows(*worst_first))
    surnames = [name.rsplit(" ", 1)[-1] for name in told[:-1]]
    assert surnames == sorted(surnames)
    assert told[-1] == f"allotments@{DOMAIN}"
    assert len(told) == len(PEOPLE)  # the Clerk is not among them


def test_what_is_new_again_and_stopped():
    tallies = [sent(week, 5, WAIVER) for week in (10, 11)] + [sent(3, 1, ACCEPTS), sent(12, 2, WAIVER, THREAT)]
    assert said(*tallies) == "New: Insult or bullying.\nAgain, third week running: No waiver."
    tallies = [sent(3, 1, WAIVER), sent(5, 1, WAIVER), sent(11, 1, THREAT), sent(12, 4), sent(12, 1, WAIVER)]
    assert said(*tallies) == ("Again, as in 2 of the twelve weeks before: No waiver.\nStopped: Insult or bullying.")
    tallies = [sent(week, 1, WAIVER) for week in range(13)]
    assert said(*tallies) == "Again, 13th week running: No waiver."


def test_nothing_is_said_to_have_stopped_of_few_messages_or_of_mail_that_was_not_read():
    assert said(sent(11, 3, THREAT), sent(12, 4)) == (
        "Nothing was found in this week's mail.\nNot in this week's few messages: Insult or bullying."
    )
    assert said(sent(11, 3, THREAT)) == "None"
    lines = [replace(coverage_line(PEOPLE[4], 9), status=MailboxStatus.PARTIAL, last_complete=None)]
    unread = "This mailbox was not read in full: see the sheet Coverage."
    assert said(sent(11, 3, THREAT), sent(12, 9), coverage=lines) == (
        f"Nothing was found in this week's mail.\n{unread}"
    )
    # Two weeks ago is no news: it was told then.
    assert said(sent(10, 3, THREAT), sent(11, 3), sent(12, 9)) == "Nothing was found in this week's mail."


def test_without_weeks_before_nothing_is_called_new():
    text = said(sent(12, 3, WAIVER))
    assert text.startswith("Found: No waiver.\nNo mail from the twelve weeks before was checked")


def test_what_was_not_read_is_never_nought():
    lines = [coverage_line(person, 9) for person in PEOPLE[:6]]
    lines.append(replace(lines[4], mailbox=ADEYEMI, status=None, last_complete=None))
    told = rows(coverage=lines, unwatched=(f"cllr.prosser@{DOMAIN}",))
    assert told["Samuel Adeyemi"][:4] == (None, None, "not read", "–")
    assert told["Samuel Adeyemi"][-1] == "This mailbox was not read in full: see the sheet Coverage."
    assert told["Gwyn Prosser"][2] == "not read"
    assert told["Gwyn Prosser"][-1] == "This mailbox is not read, because no source in schedule.toml names it."
    assert told["Brian Tewson"][:6] == (None, None, "none checked", "–", "none checked", "–")


@pytest.mark.parametrize("reader", ["clerk", "chair"])
def test_each_copy_has_its_own_people(reader):
    tallies = [sent(week, 7, WAIVER, who=who) for week in (4, 12) for who in (TEWSON, f"clerk@{DOMAIN}")]
    told = rows(*tallies, reader=reader, findings=[finding_row("waiver-missing", "clerk", 17, 10, 4, 5)])
    assert ("Ann Marsh" in told) is (reader == "chair")
    assert ("Brian Tewson" in told) is (reader == "clerk")
    assert {row[2] for row in told.values()} <= {"7 of 7", "none checked", "not read"}


def test_a_backlog_is_compared_with_nothing():
    old = backlog(date(2026, 11, 22), date(2026, 11, 16))
    told = rows(sent(0, 21, WAIVER), period=old, runs=[])["Brian Tewson"]
    assert told == ("3 Medium", 21, "21 of 21", 1, "Found: No waiver.")
