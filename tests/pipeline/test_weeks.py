"""Due moments, across the changing of the clocks and the ends of months and years."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.pipeline.weeks import day_due, last_due, last_nightly, months_before, next_nightly

LONDON = ZoneInfo("Europe/London")
MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2034, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
CLOCKS = st.times().filter(lambda t: t.hour != 1).map(lambda t: t.replace(microsecond=0, second=0))


@given(MOMENTS, st.integers(0, 6), CLOCKS)
def test_the_last_weekly_moment_is_at_most_a_week_ago_on_its_weekday(now: datetime, weekday: int, at: time) -> None:
    due = last_due(now, weekday, at, LONDON)
    assert due <= now < due + timedelta(days=7, hours=1)
    assert due.astimezone(LONDON).weekday() == weekday
    assert due.astimezone(LONDON).time() == at


@given(MOMENTS, CLOCKS)
def test_the_next_night_is_ahead_and_within_a_day(now: datetime, at: time) -> None:
    night = next_nightly(now, at, LONDON)
    assert now < night <= now + timedelta(hours=25)
    assert night.astimezone(LONDON).time() == at


@pytest.mark.parametrize(
    ("now", "week_of"),
    [
        ("2026-11-23T06:29:00+00:00", date(2026, 11, 15)),  # a minute early: last week's is still the one due
        ("2026-11-23T06:30:00+00:00", date(2026, 11, 22)),
        ("2026-03-30T05:29:00+00:00", date(2026, 3, 22)),  # 06:29 by the summer clock
        ("2026-03-30T05:30:00+00:00", date(2026, 3, 29)),
    ],
)
def test_monday_morning_reports_the_week_that_ended_on_sunday(now: str, week_of: date) -> None:
    assert day_due(datetime.fromisoformat(now), 0, time(6, 30), LONDON) == week_of


def test_every_local_day_has_exactly_one_night_for_ten_years() -> None:
    moment, days = datetime(2024, 1, 1, tzinfo=UTC), []
    while moment.year < 2034:
        moment = next_nightly(moment, time(2, 15), LONDON)
        days.append(moment.astimezone(LONDON).date())
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 24, date(2024, 1, 15)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
        (date(2026, 1, 1), 100_000, date.min),
    ],
)
def test_months_before(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


@given(MOMENTS, CLOCKS)
def test_every_moment_lies_between_its_last_night_and_the_next(now: datetime, at: time) -> None:
    last, following = last_nightly(now, at, LONDON), next_nightly(now, at, LONDON)
    assert last <= now < following
    assert timedelta(hours=23) <= following - last <= timedelta(hours=25)
    assert next_nightly(last, at, LONDON) == following
    assert last_nightly(last, at, LONDON) == last
