from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import UsageError
from reports.week import backlog, days_words, local, moment_words, sent_day, week, week_of


def test_a_week_is_named_and_bounded_as_iso_8601_says():
    period = week("2026-W47")
    assert (period.since, period.until) == (date(2026, 11, 16), date(2026, 11, 22))
    assert period.file_name == "Audit 2026-W47.xlsx"
    assert days_words(period) == "Monday 16 to Sunday 22 November 2026"


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("2020-W53", "Monday 28 December 2020 to Sunday 3 January 2021"),
        ("2026-W01", "Monday 29 December 2025 to Sunday 4 January 2026"),
        ("2026-W27", "Monday 29 June to Sunday 5 July 2026"),
    ],
)
def test_months_and_years_are_named_where_they_differ(label, words):
    assert days_words(week(label)) == words


def test_a_week_may_be_written_small():
    assert week("2026-w47") == week("2026-W47")


@pytest.mark.parametrize(
    "label", ["2026-W54", "2025-W53", "2026-47", "W47", "", "2026-W00", "0000-W01", "２０２６-W47x"]
)
def test_what_is_no_week_is_refused_with_an_example(label):
    with pytest.raises(UsageError, match="2026-W47"):
        week(label)


@given(st.dates(date(1000, 1, 4), date(9999, 12, 20)))
def test_every_day_is_in_its_own_week_and_the_label_leads_back(day):
    period = week_of(day)
    assert period.holds(day)
    assert week(period.label) == period
    assert len(period.days) == 7


def test_the_week_ends_by_londons_clock_in_summer_too():
    assert week("2026-W30").end == datetime(2026, 7, 26, 23, 0, tzinfo=UTC)
    assert week("2026-W47").end == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def test_a_backlog_is_what_was_sent_before_the_week_that_is_due():
    period = backlog(date(2026, 11, 22), date(2026, 11, 16))
    assert period.file_name == "Audit backlog 2026-11-22.xlsx"
    assert period.label == "backlog"
    assert period.holds(None)
    assert period.holds(date(2026, 11, 15))
    assert not period.holds(date(2026, 11, 16))
    assert period.days == ()
    assert f"{period.title}: {days_words(period)}" == (
        "Backlog: mail sent before Monday 16 November 2026, and mail without a usable date"
    )


def test_an_unknown_day_is_in_no_week():
    assert not week("2026-W47").holds(None)


def test_moments_are_said_by_londons_clock():
    assert moment_words(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "Thursday 2 July 2026 at 00:30 (UK time)"
    assert local(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001


def test_a_day_at_the_end_of_time_is_not_known():
    assert sent_day(datetime.max.replace(tzinfo=UTC) - timedelta(hours=1)) == date(9999, 12, 31)
    assert sent_day(None) is None
