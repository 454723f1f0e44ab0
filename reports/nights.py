"""Which nights of a week the mail was read, and which not: a missed night is said, never smoothed over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import groupby

from auditor.store.records import MailboxStatus, Run
from reports.week import Period, local, local_day

_WHOLE = (MailboxStatus.COMPLETE, MailboxStatus.CLOSED)
_NOON = 12
_FIRST = 1
"""The ledger counts runs from here."""


class Reach(Enum):
    """How far one night's reading got, worst first."""

    NONE = 0
    BROKEN = 1
    PART = 2
    WHOLE = 3
    AHEAD = 4
    """The night has not come yet."""
    BEFORE = 5
    """The first run of all came later; it read what was there."""


@dataclass(frozen=True, slots=True)
class Night:
    """The night that follows a day."""

    day: date
    reach: Reach
    short: tuple[str, ...] = ()
    """With PART: the mailboxes that were not read in full."""


def nights(period: Period, runs: Iterable[Run], written: datetime) -> tuple[Night, ...]:
    """Each night of the period, in order; the best run of a night counts. Empty for an open period."""
    best: dict[date, Night] = {}
    begun = date.min
    for run in runs:
        night = _night(run)
        if run.id == _FIRST:
            begun = night.day
        if night.day not in best or best[night.day].reach.value < night.reach.value:
            best[night.day] = night
    today = local_day(written)
    return tuple(best.get(day) or Night(day, _without(day, begun, today)) for day in period.days)


def _without(day: date, begun: date, today: date) -> Reach:
    """What a night without a run is called."""
    if day >= today:
        return Reach.AHEAD
    return Reach.BEFORE if day < begun else Reach.NONE


def begun(runs: Iterable[Run]) -> date | None:
    """The London day of the first run of all; None when it is not among these."""
    return next((local_day(run.started) for run in runs if run.id == _FIRST), None)


def same(listed: Iterable[Night]) -> Iterator[tuple[Night, ...]]:
    """Nights in a row of which the same is to be said."""
    for _, together in groupby(listed, lambda night: (night.reach, night.short)):
        yield tuple(together)


def covered(listed: tuple[Night, ...]) -> int:
    """How many of these nights every mailbox was read in full."""
    return sum(night.reach is Reach.WHOLE for night in listed)


def _night(run: Run) -> Night:
    """A run before noon reads the night of the day before."""
    started = local(run.started)
    day = started.date() - timedelta(days=1) if started.hour < _NOON else started.date()
    if run.ended is None:
        return Night(day, Reach.BROKEN)
    short = tuple(mailbox.mailbox for mailbox in run.mailboxes if mailbox.status not in _WHOLE)
    if short or not run.mailboxes:
        return Night(day, Reach.PART, short)
    return Night(day, Reach.WHOLE)
