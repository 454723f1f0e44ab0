"""One row a person, in alphabetical order and never ranked: what they sent, what was found in it, and what is new.

A person is compared with nobody but themselves, and of few messages no share is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import takewhile

from openpyxl.worksheet.worksheet import Worksheet

from auditor.store.records import Coverage, MailboxStatus
from reports import style, words
from reports.accounts import stale, to_be_read
from reports.book import Book, Column, Row, say, table
from reports.figures import FEW, Part, alphabetical, part
from reports.report import Reader, WeekReport
from reports.trend import Sent, Trend, Whose
from reports.week import day_words, span_words
from reports.words import counted, listed

TITLE = "People"
_RUNNING = (
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "13th",
)

_ZOOM = 95
"""All of it is seen on a small screen."""
_ENOUGH = 5
"""Messages without it before it is said that something has stopped."""

_PERSON = Column("Person", 40)
_SHARE = Column("Share", 10, style.SHARE, looks={"too few": style.RIGHT, "–": style.RIGHT})
_THIS = (
    Column("Most serious", 17, looks=style.SEVERITIES),
    Column("Findings", 10, style.NUMBER),
    Column("Messages with one, of those sent and checked", 18, style.RIGHT),
    _SHARE,
)
_BEFORE = (
    Column("The same in the twelve weeks before", 17, style.RIGHT),
    replace(_SHARE, heading="Share then"),
)
_TOLD = Column("What is new, what is there again, what has stopped", 68)
_FOUND = Column("What was found", 68)
COLUMNS = (_PERSON, *_THIS, *_BEFORE, _TOLD)
"""Of a week."""


def draw(book: Book, report: WeekReport) -> None:
    """The sheet."""
    looks_back = len(report.trend.weeks) > 1
    columns = COLUMNS if looks_back else (_PERSON, *_THIS, _FOUND)
    sheet = book.sheet(TITLE, [column.width for column in columns])
    sheet.sheet_view.zoomScale = _ZOOM
    row = _heading(sheet, report, len(columns))
    rows = [_line(person, sent, report) for person, sent in _everybody(report)]
    sheet.print_title_rows = f"{row + 1}:{row + 1}"
    table(sheet, row + 1, columns, rows)


def _heading(sheet: Worksheet, report: WeekReport, width: int) -> int:
    said = (
        f"Small numbers mean little: below {FEW} messages no share is given. A finding is for review, and counts here whatever "
        "was decided of it."
    )
    if report.reader is Reader.CHAIR:
        row = say(sheet, 1, "The Clerk's mail", style.SUBTITLE, width)
    else:
        row = say(sheet, 1, "People, in alphabetical order", style.SUBTITLE, width)
        said = f"This is no comparison between people: each writes other mail, and more or less of it. {said}"
    row = say(sheet, row, said, style.SAID, width)
    basis = _basis(report)
    if report.apart_mailboxes:
        where = "Left to the Chair's workbook" if report.apart else "Not here"
        basis += f" {where}: {listed(report.apart_mailboxes)}."
    return say(sheet, row, basis, style.PLAIN, width)


def _basis(report: WeekReport) -> str:
    """What is counted, and since when there is anything to count."""
    weeks, period = report.trend.weeks, report.period
    if len(weeks) < 2:
        return "Counted is the mail that this workbook is about, by whoever sent it."
    first, last = weeks[0].period.since, weeks[-2].period.until
    if first is None or last is None:
        return ""
    said = (
        "Mail counts in the week it was sent in, whichever workbook lists what was found in it. The twelve weeks before are "
        f"{span_words(first, last)}."
    )
    if report.begun and report.begun > first:
        said += f" The audit began on {day_words(report.begun)}: of earlier weeks it read what was still there."
    elsewhere = sum(not period.holds(line.day) for line in report.findings)
    if elsewhere:
        are = "is" if elsewhere == 1 else "are"
        said += f" {counted(elsewhere, 'finding')} of this workbook {are} on mail of other days, and not counted in this week."
    return said


def _everybody(report: WeekReport) -> list[tuple[Whose, list[Sent]]]:
    """Everybody who sent something in these weeks or whose mailbox is to be read, each with what they sent."""
    boxes = [line.mailbox for line in to_be_read(report.coverage)] + list(report.unwatched)
    everybody: dict[Whose, list[Sent]] = {
        Whose(report.names.get(mailbox, ""), mailbox): [] for mailbox in boxes if mailbox not in report.apart_mailboxes
    }
    for one in report.trend.sent:
        everybody.setdefault(one.by, []).append(one)
    return sorted(everybody.items(), key=lambda item: alphabetical(item[0].name, item[0].mailbox))


def _line(person: Whose, sent: list[Sent], report: WeekReport) -> Row:
    trend = report.trend
    now = [one for one in sent if one.week == trend.now]
    worst = max((severity for one in now for _, severity in one.found), key=lambda one: one.rank, default=None)
    this = part(now)
    unread = _unread(person, report)
    row = (
        f"{person.name}\n{person.mailbox}" if person.name else f"{person.mailbox}\n(shared mailbox)",
        words.SEVERITY[worst] if worst else "",
        sum(len(one.found) * one.messages for one in now) or (0 if this.of else None),
        this.words if this.of else "not read" if unread else "none checked",
        this.told,
    )
    titles = {line.rule.name: line.rule.title for line in report.rules}
    if len(trend.weeks) < 2:
        return (*row, _sentences((*_alone(_rules(now), titles), unread)))
    before = part(one for one in sent if one.week < trend.now)
    said = _changes(sent, trend, this, before, titles, complete=not unread)
    return (*row, before.words if before.of else "none checked", before.told, _sentences((*said, unread)))


def _unread(person: Whose, report: WeekReport) -> str:
    """Why not all that they sent can have been seen; empty where it can."""
    if person.mailbox in report.unwatched:
        return "This mailbox is not read, because no source in schedule.toml names it."
    lines = [line for line in to_be_read(report.coverage) if line.mailbox == person.mailbox]
    if any(not _up_to_date(line, report) for line in lines):
        return "This mailbox was not read in full: see the sheet Coverage."
    return ""


def _up_to_date(line: Coverage, report: WeekReport) -> bool:
    if line.status in (MailboxStatus.COMPLETE, MailboxStatus.CLOSED):
        return not stale(line, report.period, report.written)
    end = report.period.end
    return end is not None and line.last_complete is not None and line.last_complete >= end


def _changes(
    sent: list[Sent], trend: Trend, this: Part, before: Part, titles: Mapping[str, str], *, complete: bool
) -> Iterator[str]:
    """'New: No waiver. Again, third week running: Bad language. Stopped: Threat.'"""
    weeks = [_rules(one for one in sent if one.week == week) for week in range(len(trend.weeks))]
    now, earlier = weeks[-1], set().union(*weeks[:-1])
    if not before.of and not earlier:
        yield from _alone(now, titles, this)
        return
    if new := now - earlier:
        yield f"New: {_list(new, titles)}."
    for how, rules in _again(weeks).items():
        yield f"Again, {how}: {_list(rules, titles)}."
    if this.of and not now:
        yield "Nothing was found in this week's mail."
    if this.of and complete:
        # Told once: of the last week in which anything of theirs was checked.
        last = max((one.week for one in sent if one.week < trend.now and (one.checked or one.found)), default=0)
        if stopped := weeks[last] - now:
            how = "Stopped" if this.of >= _ENOUGH else "Not in this week's few messages"
            yield f"{how}: {_list(stopped, titles)}."


def _alone(now: set[str], titles: Mapping[str, str], this: Part | None = None) -> Iterator[str]:
    """Where no week before can be set beside this one."""
    if now:
        yield f"Found: {_list(now, titles)}."
    elif this and this.of:
        yield "Nothing was found in this week's mail."
    if this and (now or this.of):
        yield "No mail from the twelve weeks before was checked, so there is nothing to compare with."


def _again(weeks: list[set[str]]) -> dict[str, set[str]]:
    """How often what was found now had been found before, the longest run first."""
    earlier = weeks[:-1]
    again: dict[tuple[int, int], set[str]] = {}
    for rule in weeks[-1]:
        if times := sum(rule in week for week in earlier):
            running = 1 + len(list(takewhile(lambda week: rule in week, reversed(earlier))))  # noqa: B023
            again.setdefault((running, 0 if running > 1 else times), set()).add(rule)
    return {
        f"{_RUNNING[running - 2]} week running" if running > 1 else f"as in {times} of the twelve weeks before": rules
        for (running, times), rules in sorted(again.items(), reverse=True)
    }


def _rules(sent: Iterable[Sent]) -> set[str]:
    return {rule for one in sent for rule, _ in one.found}


def _list(rules: Iterable[str], titles: Mapping[str, str]) -> str:
    return listed(sorted(titles.get(rule, rule) for rule in rules))


def _sentences(said: Iterable[str]) -> str:
    return "\n".join(filter(None, said))
