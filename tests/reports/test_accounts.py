from datetime import UTC, date, datetime, timedelta

import pytest
from changes import replace
from thorrington import DOMAIN, PEOPLE, WRITTEN, coverage_line, ledger, sample

from auditor.store.records import MailboxNight, MailboxStatus, Run
from reports.accounts import remark, shortfalls, unaccounted
from reports.nights import Reach, begun, covered, nights, same
from reports.week import week

WEEK = week("2026-W47")
WHOLE = coverage_line(PEOPLE[0], 100)


def said(line, written=WRITTEN):
    return " ".join(f"{short.what} {short.why}" for short in shortfalls([line], {}, WEEK, written))


def test_a_mailbox_read_in_full_has_nothing_to_say():
    assert said(WHOLE) == ""
    assert remark(WHOLE, WEEK, WRITTEN) == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": None}, "has not been read yet"),
        ({"status": MailboxStatus.FAILED, "error": "Signed out: sign in again."}, "could not be read. Signed out"),
        ({"status": MailboxStatus.FAILED}, "Run 'auditor check'"),
        ({"status": MailboxStatus.PARTIAL}, "read only in part"),
        ({"gaps": 3, "provider_count": 117}, "3 messages in the mailbox"),
        ({"collected": 90}, "does not add up"),
        ({"collected": 110}, "does not add up"),
        ({"provider_count": None}, "does not add up"),
        ({"last_complete": WEEK.end - timedelta(minutes=1)}, "later mail is not in this workbook"),
        ({"last_complete": None}, "never read in full"),
    ],
)
def test_whatever_is_short_is_said(changes, words):
    assert words in said(replace(WHOLE, **changes))


def test_no_mailbox_at_all_is_never_clean():
    assert shortfalls([], {}, WEEK, WRITTEN)


def test_while_the_week_runs_yesterdays_reading_is_new_enough():
    wednesday = datetime(2026, 11, 18, 12, tzinfo=UTC)
    assert said(replace(WHOLE, last_complete=wednesday - timedelta(hours=10)), wednesday) == ""
    assert "later mail" in said(replace(WHOLE, last_complete=wednesday - timedelta(hours=40)), wednesday)


def test_a_closed_mailbox_is_no_shortfall():
    assert said(replace(WHOLE, status=MailboxStatus.CLOSED, last_complete=None, provider_count=None)) == ""


def test_a_mailbox_no_longer_configured_is_no_shortfall():
    former = replace(WHOLE, status=MailboxStatus.UNCONFIGURED, gaps=3, collected=1, last_complete=None)
    assert shortfalls([WHOLE, former], {}, WEEK, WRITTEN) == ()
    assert "kept" in remark(former, WEEK, WRITTEN)
    assert "No mailbox has been read at all." in said(former)


def test_what_is_unaccounted_is_the_rest_of_the_equation():
    assert unaccounted(WHOLE) == 0
    assert unaccounted(replace(WHOLE, private=2)) == -2
    assert unaccounted(replace(WHOLE, provider_count=None)) is None


def test_nights_of_the_sample_week():
    listed = nights(WEEK, ledger(), WRITTEN)
    assert [night.reach for night in listed] == [Reach.WHOLE] * 2 + [Reach.NONE] + [Reach.WHOLE] * 2 + [Reach.PART] * 2
    assert covered(listed) == 4
    assert listed[-1].short == (f"cllr.adeyemi@{DOMAIN}",)


def test_the_best_run_of_a_night_counts_and_an_evening_run_is_its_own_days():
    done = (MailboxNight("a@b", "files", MailboxStatus.COMPLETE),)
    start = datetime(2026, 11, 17, 2, 15, tzinfo=UTC)
    broken, whole = (
        Run(1, start, None, None),
        Run(2, start + timedelta(hours=1), start + timedelta(hours=2), True, done),
    )
    evening = Run(3, datetime(2026, 11, 17, 20, tzinfo=UTC), datetime(2026, 11, 17, 21, tzinfo=UTC), True, done)
    listed = nights(WEEK, [whole, broken, evening], WRITTEN)
    assert [night.reach for night in listed[:3]] == [Reach.WHOLE, Reach.WHOLE, Reach.NONE]
    assert nights(WEEK, [broken], WRITTEN)[0].reach is Reach.BROKEN


def test_a_run_that_read_no_mailbox_covers_nothing():
    start = datetime(2026, 11, 17, 2, 15, tzinfo=UTC)
    assert covered(nights(WEEK, [Run(1, start, start, True)], WRITTEN)) == 0


def test_nights_to_come_are_not_missed():
    listed = nights(WEEK, [], datetime(2026, 11, 18, 12, tzinfo=UTC))
    assert [night.reach for night in listed] == [Reach.NONE] * 2 + [Reach.AHEAD] * 5


def test_findings_on_the_clerk_are_in_the_chairs_workbook_alone():
    reports = sample()
    own = f"clerk@{DOMAIN}"
    assert reports.chair is not None
    assert {line.row.sender for line in reports.chair.findings} == {own}
    assert own not in {line.row.sender for line in reports.clerk.findings}
    assert reports.clerk.apart == len(reports.chair.findings) == 2
    assert own not in reports.clerk.checked
    assert set(reports.chair.checked) == {own}
    assert {line.mailbox for line in reports.chair.coverage} == {own}
    assert all(night.reach in (Reach.WHOLE, Reach.NONE) for night in reports.chair.nights)


def test_without_a_clerk_there_is_no_chairs_workbook():
    from thorrington import POLICY

    reports = sample(policy=replace(POLICY, people=PEOPLE[1:]))
    assert reports.chair is None
    assert len(reports.clerk.findings) == 40


def test_nights_before_the_first_run_of_all_are_not_missed():
    done = (MailboxNight("a@b", "files", MailboxStatus.COMPLETE),)
    start = datetime(2026, 11, 20, 9, tzinfo=UTC)
    first = Run(1, start, start, True, done)
    assert begun([first]) == date(2026, 11, 20)
    assert begun([replace(first, id=2)]) is None
    listed = nights(WEEK, [first], WRITTEN)
    assert [len(together) for together in same(listed)] == [3, 1, 3]
    assert [night.reach for night in listed] == [Reach.BEFORE] * 3 + [Reach.WHOLE] + [Reach.NONE] * 3
