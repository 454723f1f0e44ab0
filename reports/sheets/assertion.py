"""Evidence for Assertion 10 of the yearly return: what is asked, what the auditor can show of it, and what is missing.

Nothing here says that the Council complies. Sources: Practitioners' Guide 2025, assertion 10 (e-mail on a domain that the
authority owns, an IT policy, data protection); what mail cannot show is listed as not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from auditor.store.records import MailboxStatus
from reports import style
from reports.accounts import stale
from reports.book import Book, Column, Row, say, table
from reports.evidence import Evidence, Post
from reports.report import WeekReport
from reports.week import local_day, span_words
from reports.words import counted, listed, several

TITLE = "Assertion 10"
PRIVATE = "recipient-private-account"
_NAMED = 6
_OLD_BACKUP = timedelta(days=2)
_OLD_PROOF = timedelta(days=366)
_NOT_SET, _NEVER, _NONE, _DAMAGED = "not set", "never", "none", "damage found"
_NOBODY = "schedule.toml names nobody who is in post: put that right in [[people]]."

COLUMNS = (
    Column("What is asked", 26, style.NAME),
    Column("What the evidence is", 44),
    Column("Figure", 21, looks=dict.fromkeys((_NOT_SET, _NEVER, _NONE, _DAMAGED), style.ALARM_CELL)),
    Column("What is missing, and what to do", 48),
)
NOT_SHOWN = (
    "That the Council owns its domain: keep the registrar's confirmation.",
    "The website: its accessibility statement, and what has to be published on it.",
    "How personal data is dealt with outside e-mail, and whether members and staff were trained.",
    "The minutes by which a policy was adopted: the days here are those that schedule.toml gives.",
)


def draw(book: Book, report: WeekReport) -> None:
    """The sheet; none in the Chair's copy."""
    if report.evidence is None:
        return
    sheet = book.sheet(TITLE, [column.width for column in COLUMNS])
    width = len(COLUMNS)
    days = span_words(report.evidence.since, report.evidence.until)
    row = say(
        sheet, 1, "Evidence for the yearly return: Assertion 10, digital and data compliance", style.SUBTITLE, width
    )
    told = (
        f"This is what the auditor can show; whether it is enough is for the Council to decide. The Council's mail is that of "
        f"{days}; all else is as it stood when this was written. Until the end of June the figures are of the year that ended "
        "in March."
    )
    row = say(sheet, row, told, style.PLAIN, width)
    sheet.print_title_rows = f"{row + 1}:{row + 1}"
    row = table(sheet, row + 1, COLUMNS, list(_lines(report, report.evidence)))
    row = say(sheet, row + 1, "What the return asks and this audit does not show", style.SECTION, width)
    for one in NOT_SHOWN:
        row = say(sheet, row, f"•  {one}", style.PLAIN, width)


def _lines(report: WeekReport, evidence: Evidence) -> Iterator[Row]:
    yield _sent(evidence)
    yield _to_private(report)
    yield _mailboxes(evidence)
    yield _read(report, evidence)
    yield _adopted(report, evidence)
    yield _review(report, evidence)
    yield _told(report)
    yield _retention(evidence)
    yield _holds(report)
    yield (
        "Requests for information and for people's own data are dealt with in time",
        "None: this version keeps no list of requests.",
        "not kept here",
        "Have the figures from the Council's own list of requests.",
    )
    yield _backups(report, evidence)
    yield _verified(report, evidence)


def _sent(evidence: Evidence) -> Row:
    away = sum(many for _, many in evidence.elsewhere)
    every = evidence.own + away
    if away:
        who = several([f"{name}: {many:,}" for name, many in evidence.elsewhere], _NAMED)
        missing = f"From elsewhere on the Council's behalf: {away:,}. Ask those who sent them to use their Council mailbox.\n{who}"
    else:
        missing = "Mail from a private account is seen only where a copy reached a Council mailbox: ask members whether there is any."
    return (
        "The Council's mail is sent from a domain that it owns",
        (
            "Messages that members, officers and volunteers sent, as far as they are held and were checked: those from "
            f"{listed(evidence.domains)}, of all."
        ),
        f"{evidence.own:,} of {every:,}{_percent(evidence.own, every)}" if every else _NONE,
        missing if every else "No such message is held: see the sheet Coverage.",
    )


def _to_private(report: WeekReport) -> Row:
    asked = "Council business is not sent to private accounts"
    rule = next((line for line in report.rules if line.rule.name == PRIVATE), None)
    if rule is None or rule.severity is None:
        return asked, f"None: the rule {PRIVATE} is switched off.", _NONE, "Switch it on in [policy.rules]."
    lines = [line for line in report.findings if line.row.finding.rule == PRIVATE and report.period.holds(line.day)]
    many, every = len({line.message for line in lines}), sum(report.checked.values())
    without = ", without the Clerk's own" if report.apart_mailboxes else ""
    return (
        asked,
        (
            f"The messages of this workbook's days that were checked{without}: those with a finding '{rule.rule.title}' "
            f"({PRIVATE}), of all."
        ),
        f"{many:,} of {every:,}{_percent(many, every)}" if every else _NONE,
        "Decide them on the sheet Findings, and ask those concerned to use the Council mailboxes."
        if many
        else "No such finding on these days.",
    )


def _mailboxes(evidence: Evidence) -> Row:
    without = [post for post in evidence.posts if not post.own]
    if without:
        missing = f"Without one: {_whom(without)}. Give them a mailbox at the Council's domain."
    elif evidence.posts:
        missing = "Everybody in schedule.toml has one: is anybody in post not named there?"
    else:
        missing = _NOBODY
    return (
        "Everybody in post has a mailbox at the Council's domain",
        "People in post whom schedule.toml names: those with a mailbox at the Council's domain, of all.",
        _of(len(evidence.posts) - len(without), len(evidence.posts)),
        missing,
    )


def _read(report: WeekReport, evidence: Evidence) -> Row:
    whole = {
        line.mailbox
        for line in report.coverage
        if line.status is MailboxStatus.COMPLETE and not stale(line, report.period, report.written)
    }
    boxes = [post for post in evidence.posts if post.own]
    unread = [post for post in boxes if post.mailbox not in whole]
    if unread:
        missing = f"Not read, or not in full: {_whom(unread)}. The sheet Coverage says why, and what to do."
    elif boxes:
        missing = "Nothing is missing in these: the sheet Coverage has their accounts."
    else:
        missing = "Nobody in post has a mailbox at the Council's domain: see the line above."
    return (
        "The Council can find what is in those mailboxes",
        "The Council's mailboxes of people in post: those that this audit reads in full and up to date, of all.",
        _of(len(boxes) - len(unread), len(boxes)),
        missing,
    )


def _adopted(report: WeekReport, evidence: Evidence) -> Row:
    text = "The sheet Policy has its text." if report.adopted else "Its text is not given."
    return (
        "An IT policy was adopted, which deals with e-mail",
        f"The day that schedule.toml gives (adopted). {text}",
        _date(evidence.adopted) if evidence.adopted else _NOT_SET,
        " ".join(_policy_wants(report, evidence)) or "Keep the minute by which it was adopted.",
    )


def _policy_wants(report: WeekReport, evidence: Evidence) -> Iterator[str]:
    if evidence.adopted is None:
        yield "Once the Council has adopted a policy, set 'adopted' in [policy] of schedule.toml."
    if report.adopted is None:
        yield "Set 'document' in [policy] of schedule.toml to the file with its text."
    elif report.adopted.text.outdated:
        yield "The text names law that has been replaced: see the sheet Policy."


def _review(report: WeekReport, evidence: Evidence) -> Row:
    if evidence.review is None:
        missing = "Have the Council choose a day, and set 'review' in [policy] of schedule.toml."
    elif evidence.review < local_day(report.written):
        missing = "That day is past: put the policy on an agenda, and set the new day in schedule.toml."
    else:
        missing = "Put it on an agenda before that day."
    return (
        "The policy is reviewed",
        "The day that schedule.toml gives (review): it is to be looked at again by then.",
        _date(evidence.review) if evidence.review else _NOT_SET,
        missing,
    )


def _told(report: WeekReport) -> Row:
    day = report.users_informed_on
    return (
        "Personal data is dealt with lawfully and openly: people know that mail is checked",
        "The day that schedule.toml gives for telling members and staff (users_informed_on).",
        _date(day) if day else _NOT_SET,
        "Keep what they were told, and tell everybody who comes later."
        if day
        else "Tell members and staff, then set 'users_informed_on' in schedule.toml.",
    )


def _retention(evidence: Evidence) -> Row:
    last = (
        f"Messages were last deleted for good on {_day(evidence.purged)}."
        if evidence.purged
        else "No message has been deleted yet."
    )
    return (
        "Personal data is kept no longer than it is needed",
        f"How long mail is kept from the day it was sent (retention_months). {last}",
        counted(evidence.retention_months, "month"),
        "See that this is what the Council's retention policy says; 'auditor purge' lists and deletes what is older.",
    )


def _holds(report: WeekReport) -> Row:
    return (
        "What is asked for or in dispute is not destroyed",
        "Holds that stand: what answers one is not deleted.",
        counted(len(report.holds), "hold"),
        "Lift those whose reason is over: see the sheet Searches and holds."
        if report.holds
        else "Add one ('auditor hold add') as soon as a request or a claim comes in.",
    )


def _backups(report: WeekReport, evidence: Evidence) -> Row:
    if not evidence.backups_kept:
        missing = "Nightly backups are not asked for: add a table [backup] to schedule.toml."
    elif evidence.backed_up is None:
        missing = "The night makes the first one after its workbook: look again next week."
    elif report.written - evidence.backed_up > _OLD_BACKUP:
        missing = "No backup was made lately: 'auditor status' says why."
    else:
        missing = "Try 'auditor restore' once a year and note the day: whether that was done is not seen here."
    last = evidence.backed_up
    return (
        "Records are not lost: there are backups",
        "The last backup of what the auditor holds, read back and proved.",
        _day(last) if last else "not yet" if evidence.backups_kept else _NEVER,
        missing,
    )


def _verified(report: WeekReport, evidence: Evidence) -> Row:
    last, share = evidence.verified, evidence.share_verified
    told = f" A night last proved its share on {_day(share)}." if share else ""
    if not evidence.sound:
        missing = "The last proof found damage: run 'auditor verify', which says what to do."
    elif last is None or report.written - last > _OLD_PROOF:
        missing = "Run 'auditor verify': it proves every message and the audit trail."
    else:
        missing = "Run 'auditor verify' again before the return is approved."
    return (
        "Records are whole and were not altered",
        f"The last time 'auditor verify' proved the whole of what is held.{told}",
        _DAMAGED if not evidence.sound else _day(last) if last else _NEVER,
        missing,
    )


def _day(moment: datetime) -> str:
    return _date(local_day(moment))


def _date(day: date) -> str:
    """'16 November 2026': it fits on a line of its column."""
    return f"{day.day} {day:%B} {day.year}"


def _of(some: int, every: int) -> str:
    return f"{some:,} of {every:,}" if every else _NONE


def _percent(some: int, every: int) -> str:
    """' (98%)'; a share that is not whole is never rounded up to it, nor one that is something down to nothing."""
    share = some / every * 100
    if 0 < share < 1 or 99 < share < 100:
        return f" ({share:.1f}%)" if 0.1 <= share <= 99.9 else ""
    return f" ({share:.0f}%)"


def _whom(posts: list[Post]) -> str:
    names = [post.name for post in posts]
    return listed(names if len(names) <= _NAMED else [*names[: _NAMED - 1], f"{len(names) - _NAMED + 1:,} more"])
