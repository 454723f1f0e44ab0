"""What is due, from the ledger alone: a computer that was off does what it missed once, and nothing is done twice.

The timetable only says that it is time; whether there is anything to do is decided here, so that a moment that comes
twice (clocks put back), never (the computer was off) or late (asleep) makes no difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from auditor.pipeline.weeks import day_due, last_nightly, week_label
from auditor.store.records import Run
from auditor.values import Value

ASTRAY = timedelta(hours=12)
"""A clock that was put back by less is taken for corrected: no night is done again. By more, and nobody knows which
entries of the ledger were made by the wrong clock."""
AHEAD = timedelta(minutes=5)
"""What lies less far in the future is not worth a word."""
LEAP = timedelta(days=35)
"""No computer is off for longer without somebody knowing; a clock that was put ahead by years looks the same."""
STEADY = timedelta(days=7)
"""After so many days of runs without a leap the clock is believed: whoever is told of a wrong one has had time to set it."""


_YEARS = range(2020, 2100)
"""A computer whose clock was never set is in another: in 1970, 2000 or 2107 as a rule."""


def possible(now: datetime) -> bool:
    """Whether it can be `now` (aware)."""
    return now.year in _YEARS


class Plan(Value, frozen=True):
    """`[schedule]`, with the zone its times are meant in."""

    nightly: time
    weekly: tuple[int, time]
    """Day of the week (0 is Monday) and time."""
    zone: ZoneInfo


class Due(Value, frozen=True):
    """What there is to do; None for nothing."""

    night: datetime | None
    """The moment (UTC) at which the night should have begun."""
    week: date | None
    """The last day (London) of those whose workbook is to be written."""
    ahead: datetime | None = None
    """When the newest run says it began, where that is still to come: the clock was wrong then, or is now."""


def due(plan: Plan, runs: Sequence[Run], written: Collection[str], now: datetime) -> Due:
    """What is due at `now` (UTC).

    A night is the time from one nightly moment to the next, and is done when a run that began in it has ended. One that
    was interrupted, or is still at work, has not. One that ended with trouble has: what it could not read, the next night
    reads, and a mailbox that fails every time would otherwise be asked again every hour. However many nights were missed,
    the newest alone is due, since one run collects everything. An empty ledger makes the newest night due at once.

    A week is due until its label is among `written`, and the newest alone: `left_out` names those before it.

    A clock that was put back: runs that lie ahead count for their own nights, so none is done twice; but once the newest
    lies more than `ASTRAY` ahead, the ledger up to there was made by a clock that was wrong, and proves nothing. Then a
    night is due at once, and from there on the ledger is believed again. Nobody waits for a day years ahead: two and a half
    days are the most that go by without a night.

    Args:
        plan: when things are to be done.
        runs: newest first, at least those of the last night.
        written: labels of the workbooks in the ledger.
        now: the computer's clock.
    """
    moment = last_nightly(now, plan.nightly, plan.zone)
    nights = {
        last_nightly(run.started, plan.nightly, plan.zone) for run in _believed(runs, now) if run.ended is not None
    }
    day = day_due(now, *plan.weekly, plan.zone)
    newest = runs[0].started if runs else now
    return Due(
        night=None if moment in nights else moment,
        week=None if week_label(day) in written else day,
        ahead=newest if newest > now + AHEAD else None,
    )


def left_out(written: Iterable[str], day: date) -> tuple[str, ...]:
    """Labels of the weeks before that of `day`, since the newest workbook of a week, of which none was written. Empty
    where there has never been a workbook of a week."""
    label = week_label(day)
    weeks = [one for one in written if "-W" in one and one < label]
    if not weeks:
        return ()
    year, _, number = max(weeks).partition("-W")
    monday = date.fromisocalendar(int(year), int(number), 1) + timedelta(days=7)
    missed = []
    while week_label(monday) < label:
        missed.append(week_label(monday))
        monday += timedelta(days=7)
    return tuple(missed)


def leap(runs: Sequence[Run], now: datetime) -> tuple[datetime, datetime] | None:
    """Between which two moments the computer was off for very long, or its clock was put ahead, not more than `STEADY` ago;
    None when the clock may be believed. What lies ahead of `now` was made by a clock that has been put back since.

    Args:
        runs: newest first.
        now: the computer's clock (UTC).
    """
    moments = [now, *(run.started for run in runs)]
    lately = (pair for pair in pairwise(moments) if timedelta(0) <= now - pair[0] < STEADY)
    return next(((earlier, later) for later, earlier in lately if later - earlier > LEAP), None)


def _believed(runs: Sequence[Run], now: datetime) -> Iterator[Run]:
    """Newest first, until one that began long after a later entry, or `now`: it and those before it had a wrong clock."""
    earliest = now.astimezone(UTC)
    for run in runs:
        if run.started > earliest + ASTRAY:
            return
        earliest = min(earliest, run.started)
        yield run
