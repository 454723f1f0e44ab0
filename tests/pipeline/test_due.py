"""What is due: ten years of nights and weeks, computers that are off, and clocks that are put back."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditor.pipeline.due import LEAP, STEADY, Due, Plan, due, leap, left_out
from auditor.pipeline.weeks import day_due, last_due, last_nightly, week_label
from auditor.scheduler import Moment, triggers
from auditor.store.records import Run

LONDON = ZoneInfo("Europe/London")
PLAN = Plan(time(2, 15), (0, time(6, 30)), LONDON)
HOUR = timedelta(hours=1)
TAKES = timedelta(minutes=10)
"""How long a night takes."""


def run(number: int, started: datetime, ended: datetime | None) -> Run:
    return Run(number, started, ended, None if ended is None else False)


class World:
    """A ledger, and an auditor that does what `due` says; it knows nothing else."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.runs: list[Run] = []
        self.written: dict[str, datetime] = {}
        self.missed: list[str] = []

    def look(self, now: datetime, off: datetime | None = None) -> Due:
        """A look at the ledger; the computer is switched off at `off`."""
        found = due(self.plan, self.runs[:20], self.written, now)
        if found.night:
            whole = off is None or now + TAKES <= off
            self.runs.insert(0, run(len(self.runs) + 1, now, now + TAKES if whole else None))
            if whole:  # a night writes the workbook that is due at its end
                self.write(now + TAKES)
        elif found.week:
            self.write(now)
        return found

    def write(self, now: datetime) -> None:
        day = day_due(now, *self.plan.weekly, self.plan.zone)
        if week_label(day) not in self.written:
            self.missed += left_out(self.written, day)
            self.written[week_label(day)] = now

    def nights(self) -> list[datetime]:
        """The moments of the nights of all runs that ended, oldest first."""
        return [last_nightly(one.started, self.plan.nightly, LONDON) for one in reversed(self.runs) if one.ended]


def moments(plan: Plan, since: datetime, until: datetime) -> Iterator[datetime]:
    """When the real timetable says that it is time for a night or a week."""

    def fired(moment: Moment) -> Iterator[datetime]:
        trigger, last, now = triggers(plan)[moment], None, since
        while (last := trigger.get_next_fire_time(last, now)) and last < until:
            now = last.astimezone(UTC) + timedelta(milliseconds=40)
            yield last.astimezone(UTC)

    return heapq.merge(fired(Moment.NIGHT), fired(Moment.WEEK))


def hours(since: datetime, until: datetime) -> Iterator[datetime]:
    while since < until:
        yield since
        since += HOUR


@pytest.mark.parametrize("nightly", ["00:00", "00:30", "02:00", "02:15", "23:59"])
@pytest.mark.parametrize("weekly", ["0 06:30", "6 01:30", "6 00:59", "6 02:00"])
def test_ten_years_have_one_run_a_night_and_one_workbook_a_week(nightly: str, weekly: str) -> None:
    weekday, _, at = weekly.partition(" ")
    plan = Plan(time.fromisoformat(nightly), (int(weekday), time.fromisoformat(at)), LONDON)
    since, until = datetime(2025, 12, 31, 12, tzinfo=UTC), datetime(2036, 1, 3, 12, tzinfo=UTC)
    world = World(plan)
    world.look(since)
    changes = [noon for n in range((until - since).days) if _changes(noon := since + 24 * n * HOUR)]
    looks = [look for day in changes for look in hours(day - 48 * HOUR, day + 48 * HOUR)]
    for now in heapq.merge(moments(plan, since, until), looks):
        world.look(now)
    nights = world.nights()
    days = [night.astimezone(LONDON).date() for night in nights]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert len(changes) == 20
    assert days[-1] >= date(2036, 1, 2)
    for one, night in zip(reversed(world.runs[:-1]), nights[1:], strict=True):
        assert one.started == night
        assert night.astimezone(LONDON).time() == plan.nightly
    labels = list(world.written)
    assert world.missed == []
    assert labels == [week_label(date(2025, 12, 22) + timedelta(days=7 * n)) for n in range(len(labels))]
    assert len(labels) > 520
    for label, at_ in list(world.written.items())[1:]:
        moment = last_due(at_, *plan.weekly, LONDON)
        # A night that begins just before takes the workbook with it; else it is written on the minute.
        assert at_ - moment <= TAKES, label


def _changes(noon: datetime) -> bool:
    """Whether the clocks are changed on this day."""
    night = noon - 12 * HOUR
    return noon.astimezone(LONDON).utcoffset() != night.astimezone(LONDON).utcoffset()


ON_AND_OFF = st.lists(
    st.tuples(st.integers(1, 60 * 24 * 22), st.integers(1, 60 * 24 * 10)), min_size=1, max_size=8
)  # minutes off, then on
BEGINS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=60, deadline=None)
@given(BEGINS, ON_AND_OFF)
@example(datetime(2026, 3, 29, 0, 10, tzinfo=UTC), [(60, 60 * 24 * 9), (60 * 24 * 3, 600), (60 * 24 * 21, 60 * 24 * 8)])
@example(datetime(2026, 10, 24, 23, 0, tzinfo=UTC), [(30, 61), (30, 61), (60 * 24 * 21, 60 * 24 * 8)])
def test_a_computer_that_was_off_makes_up_for_it_once(begins: datetime, pattern: list[tuple[int, int]]) -> None:
    world, on = World(PLAN), begins
    seen: set[str] = set()
    spans = []
    for off_minutes, on_minutes in pattern:
        on += timedelta(minutes=off_minutes)
        off = on + timedelta(minutes=on_minutes)
        spans.append((on, off))
        before = len(world.runs)
        known = set(world.nights())
        free = on
        for now in heapq.merge(hours(on, off), moments(PLAN, on, off)):
            if now < free and now != on:
                continue  # the auditor is at work, and looks once it has done
            found = world.look(now, off)
            free = now + TAKES if found.night else now
            if now == on:
                night = last_nightly(on, PLAN.nightly, LONDON)
                assert len(world.runs) - before == (night not in known)
                again = due(PLAN, world.runs, world.written, now)
                assert again.night is None or world.runs[0].ended is None
            if free <= off:
                seen.add(week_label(day_due(now, *PLAN.weekly, LONDON)))
        on = off
    nights = world.nights()
    assert len(nights) == len(set(nights)), "a night twice"
    for since, until in spans:
        for moment in moments(PLAN, since, until - TAKES):
            assert last_nightly(moment, PLAN.nightly, LONDON) in nights or moment + TAKES > until - HOUR
    told = [*world.written, *world.missed]
    assert len(told) == len(set(told)), "a week both written and left out"
    assert sorted(told) == _weeks(min(told), max(told)) if told else True
    assert seen - set(told) <= {max(seen)} if seen else True
    assert set(world.missed).isdisjoint(seen) or not seen


def _weeks(first: str, last: str) -> list[str]:
    """Every label from one to another."""
    year, _, number = first.partition("-W")
    day, labels = date.fromisocalendar(int(year), int(number), 1), [first]
    while labels[-1] != last:
        day += timedelta(days=7)
        labels.append(week_label(day))
    return labels


@settings(max_examples=80, deadline=None)
@given(BEGINS, st.integers(1, 60 * 24 * 900))
@example(datetime(2026, 6, 1, 1, 15, 30, tzinfo=UTC), 60 * 24 * 3)
@example(datetime(2026, 6, 1, 1, 20, tzinfo=UTC), 30)
@example(datetime(2026, 6, 1, 1, 20, tzinfo=UTC), 60 * 11)
def test_a_clock_put_back_makes_no_night_twice_and_nobody_wait(begins: datetime, minutes: int) -> None:
    world, back = World(PLAN), timedelta(minutes=minutes)
    for now in heapq.merge(hours(begins - 72 * HOUR, begins), moments(PLAN, begins - 72 * HOUR, begins)):
        world.look(now)
    first = len(world.runs)
    elapsed = [one.started for one in reversed(world.runs)]
    since = begins - back
    until = since + 24 * 8 * HOUR
    for now in heapq.merge(hours(since, until), moments(PLAN, since, until)):
        found = world.look(now)
        if found.night:
            elapsed.append(now + back)
    assert elapsed[-1] > begins + 24 * 6 * HOUR
    for one, other in pairwise(elapsed):
        assert other - one <= timedelta(hours=24 + 36), "somebody waited"
    nights = world.nights()
    if back < timedelta(hours=12) - TAKES:
        assert len(nights) == len(set(nights)), "a night twice"
    later = nights[first:]
    assert len(later) == len(set(later))
    assert len(later) >= 7
    if back > timedelta(hours=36):  # what the wrong clock did counts for nothing, also when its days come
        assert all(other - one <= 25 * HOUR for one, other in pairwise(later))


def test_a_ledger_that_lies_ahead_is_said() -> None:
    now = datetime(2026, 11, 26, 9, tzinfo=UTC)
    later = now + timedelta(days=400)
    assert due(PLAN, [run(1, later, later)], (), now).ahead == later
    assert due(PLAN, [run(1, later, later)], (), now).night == datetime(2026, 11, 26, 2, 15, tzinfo=UTC)
    assert due(PLAN, [run(1, now, now)], (), now).ahead is None
    assert due(PLAN, [], (), now).ahead is None


NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
TONIGHT = datetime(2026, 11, 26, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("runs", "night"),
    [
        ([], True),
        ([(TONIGHT, TONIGHT + TAKES)], False),
        ([(TONIGHT, None)], True),  # interrupted, or at work
        ([(TONIGHT, None), (TONIGHT, TONIGHT + TAKES)], False),
        ([(TONIGHT - HOUR, TONIGHT + HOUR)], True),  # it began before: what came since is not read
        ([(NOW - HOUR, NOW)], False),  # by hand in the morning
    ],
)
def test_which_runs_do_for_a_night(runs: Sequence[tuple[datetime, datetime | None]], night: bool) -> None:
    ledger = [run(len(runs) - n, *one) for n, one in enumerate(runs)]
    assert due(PLAN, ledger, ("2026-W47",), NOW) == Due(TONIGHT if night else None, None)


@pytest.mark.parametrize(
    ("written", "missed"),
    [
        ((), ()),
        (("backlog",), ()),
        (("backlog", "2026-W46"), ()),
        (("2026-W45", "2026-W43"), ("2026-W46",)),
        (("2026-W44", "2026-W47"), ("2026-W45", "2026-W46")),
        (("2025-W51",), tuple(_weeks("2025-W52", "2026-W46"))),
    ],
)
def test_which_weeks_were_left_out(written: Sequence[str], missed: Sequence[str]) -> None:
    assert left_out(written, date(2026, 11, 22)) == missed


def test_a_clock_put_ahead_is_doubted_for_a_week() -> None:
    home = datetime(2026, 11, 26, 2, 15, tzinfo=UTC)
    nights = [run(1, home, home), run(0, home - timedelta(days=3), home)]
    assert leap([], home) is None
    assert leap(nights, home + LEAP) is None
    ahead = home + timedelta(days=1000)
    assert leap(nights, ahead) == (home, ahead)
    for night in range(1, 9):
        nights.insert(0, run(night + 1, ahead + timedelta(days=night - 1), None))
        now = ahead + timedelta(days=night)
        assert leap(nights, now) == ((home, ahead) if now - ahead < STEADY else None)
    back = [run(11, home + timedelta(days=1), home), *nights]
    assert leap(back, home + timedelta(days=2)) is None, "the clock was put back: what lies ahead was wrong"
