"""What the weeks before are made of, and that nothing of the Clerk's mail comes into the Clerk's copy of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from changes import replace
from thorrington import DOMAIN, PEOPLE, POLICY, WRITTEN, ledger, sample

from auditor.analysers import ANALYSERS
from auditor.findings import Severity
from auditor.policy import Role
from auditor.store.records import MailboxNight, MailboxStatus, Run, Tally
from reports.figures import Part, part
from reports.trend import Extent, Trend, Whose, spans, trend, weeks_to
from reports.week import backlog, week

W47 = week("2026-W47")
CLERK, DEPUTY, TEWSON = f"clerk@{DOMAIN}", f"deputy@{DOMAIN}", f"cllr.tewson@{DOMAIN}"
WAIVER = ("waiver-missing", Severity.MEDIUM)
DELETED = ("record-deleted", Severity.MEDIUM)
ALL_RULES = tuple(rule for analyser in ANALYSERS for rule in analyser.rules)


def tally(
    span: int, sender: str, messages: int, *found: tuple[str, Severity], mailbox: str = "", **rest: bool
) -> Tally:
    return Tally(span, mailbox or sender, sender, rest.get("checked", True), found, messages)


def made(*tallies: Tally, policy=POLICY, period=W47, runs=None) -> Trend:
    return trend(period, policy, ALL_RULES, tallies, ledger() if runs is None else runs, WRITTEN)


def test_twelve_weeks_stand_before_the_workbooks_own_and_none_before_a_backlog():
    weeks = weeks_to(W47)
    assert [one.label for one in weeks[:2]] == ["2026-W35", "2026-W36"]
    assert weeks[-1] == W47
    assert len(weeks) == 13
    old = backlog(date(2026, 11, 22), date(2026, 11, 16))
    assert spans(old, POLICY) == [(0, (None, date(2026, 11, 15)))]


def test_a_week_is_cut_where_somebodys_post_begins_or_ends():
    wednesday = date(2026, 11, 18)
    people = (replace(PEOPLE[0], until=wednesday), replace(PEOPLE[1], since=wednesday + timedelta(days=1)))
    pieces = [days for place, days in spans(W47, replace(POLICY, people=people)) if place == 12]
    assert pieces == [(date(2026, 11, 16), wednesday), (date(2026, 11, 19), date(2026, 11, 22))]
    old = backlog(date(2026, 11, 29), date(2026, 11, 23))
    assert [days for _, days in spans(old, replace(POLICY, people=people))] == [
        (None, wednesday),
        (date(2026, 11, 19), date(2026, 11, 22)),
    ]


def test_whoever_is_clerk_that_day_is_apart():
    wednesday = date(2026, 11, 18)
    people = (
        replace(PEOPLE[0], until=wednesday),
        replace(PEOPLE[1], until=wednesday),
        replace(PEOPLE[1], role=Role.CLERK, since=wednesday + timedelta(days=1), private=("dh@home.example",)),
        PEOPLE[4],
    )
    policy = replace(POLICY, people=people)
    before, after = (place for place, (week, _) in enumerate(spans(W47, policy)) if week == 12)
    both = made(
        tally(before, DEPUTY, 3),
        tally(after, DEPUTY, 5, WAIVER),
        tally(after, "dh@home.example", 2, WAIVER, mailbox=TEWSON),
        tally(before, CLERK, 7),
        tally(after, TEWSON, 11),
        tally(after, "stranger@example.com", 1, DELETED, mailbox=DEPUTY, checked=False),
        policy=policy,
    )
    clerks = both.only(apart=False)
    assert {(one.by.name, one.messages) for one in clerks.sent} == {("Derek Holloway", 3), ("Brian Tewson", 11)}
    assert not any(one.found for one in clerks.sent)
    assert sum(one.messages for one in both.only(apart=True).sent) == 5 + 2 + 7 + 1


def test_in_a_backlog_mail_of_no_known_day_is_the_last_holders():
    people = (replace(PEOPLE[4], until=date(2020, 1, 1)), replace(PEOPLE[0], mailbox=TEWSON))
    old = backlog(date(2026, 11, 29), date(2026, 11, 23))
    found = made(tally(0, TEWSON, 4, WAIVER), policy=replace(POLICY, people=people), period=old)
    assert found.only(apart=False).sent == ()
    assert found.only(apart=True).sent[0].messages == 4


def test_nothing_of_the_clerks_comes_into_the_clerks_copy_nor_anything_else_into_the_chairs():
    reports = sample(tallies=[tally(span, who, 9, WAIVER) for span in range(13) for who in (CLERK, TEWSON)])
    assert {one.by for one in reports.clerk.trend.sent} == {Whose("Brian Tewson", TEWSON)}
    assert {one.by for one in reports.chair.trend.sent} == {Whose("Ann Marsh", CLERK)}
    assert part(reports.clerk.trend.sent) == part(reports.chair.trend.sent) == Part(117, 117)


def test_what_became_of_a_message_is_for_whoever_holds_the_mailbox():
    found = made(tally(12, TEWSON, 1, DELETED, WAIVER, mailbox=DEPUTY), tally(12, TEWSON, 1, DELETED, checked=False))
    told = {(one.by.mailbox, one.found, one.checked) for one in found.sent}
    assert told == {(TEWSON, (WAIVER,), True), (DEPUTY, (DELETED,), False), (TEWSON, (DELETED,), False)}
    assert part(found.sent) == Part(1, 1)
    assert all(one.apart for one in made(tally(12, TEWSON, 1, DELETED, mailbox=CLERK, checked=False)).sent)


def test_a_mailbox_that_is_nobodys_is_known_by_its_address():
    assert made(tally(12, f"allotments@{DOMAIN}", 2)).sent[0].by == Whose("", f"allotments@{DOMAIN}")


def test_a_week_of_which_nothing_was_read_is_not_a_week_without_mail():
    started = datetime(2026, 11, 4, 2, 15, tzinfo=UTC)
    done, failed = (
        (MailboxNight(TEWSON, "files", status),) for status in (MailboxStatus.COMPLETE, MailboxStatus.FAILED)
    )
    at = [started + timedelta(days=day) for day in range(20)]
    runs = [Run(n + 1, day, day, True, done if n < 9 else failed) for n, day in enumerate(at)][::-1]
    weeks = made(runs=runs).weeks
    assert [week.extent(0) for week in weeks[-4:]] == [Extent.NONE, Extent.READ, Extent.READ, Extent.NONE]
    assert [week.extent(3) for week in weeks[-4:]] == [Extent.EARLIER, Extent.READ, Extent.READ, Extent.READ]
    # Of a ledger that does not reach back so far nothing is said of nights.
    assert not any(week.nights for week in made(runs=runs[:3]).weeks[:-2])
    assert made(runs=[]).weeks[-1].extent(0) is Extent.NONE


def test_a_share_is_of_what_was_checked_alone():
    sent = made(tally(12, TEWSON, 3, WAIVER), tally(12, TEWSON, 22), tally(12, TEWSON, 5, WAIVER, checked=False)).sent
    assert part(sent) == Part(3, 25)
    assert part(sent).told == 3 / 25
    assert Part(1, 19).told == "too few"
    assert Part(0, 0).told == "–"
