"""The weeks and the clock a clerk reads by: ISO weeks, London time, and what a workbook is called."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from auditor.errors import UsageError
from auditor.pipeline.weeks import week_label
from auditor.policy import LONDON
from auditor.values import Value

_LABEL = re.compile(r"(\d{4})-W(\d{2})", re.IGNORECASE)


class Period(Value, frozen=True):
    """The days a workbook is about."""

    label: str
    """What the store's ledger calls it: '2026-W47' or 'backlog'."""
    stem: str
    """The workbook's file name without its ending: 'Audit 2026-W47'."""
    title: str
    """'Week 47 of 2026' or 'Backlog'."""
    since: date | None
    """The first London day; None when it is open."""
    until: date | None
    """The last London day, inclusive; None when it is open."""

    @property
    def file_name(self) -> str:
        """'Audit 2026-W47.xlsx'."""
        return self.stem + ".xlsx"

    @property
    def end(self) -> datetime | None:
        """The moment (UTC) the last day is over in London; None when it is open."""
        if self.until is None:
            return None
        return datetime.combine(self.until + timedelta(days=1), time(), LONDON).astimezone(UTC)

    @property
    def days(self) -> tuple[date, ...]:
        """Each day, in order; none when the period is open."""
        if self.since is None or self.until is None:
            return ()
        return tuple(self.since + timedelta(days=n) for n in range((self.until - self.since).days + 1))

    def holds(self, day: date | None) -> bool:
        """Whether a day is inside; an unknown day is where the period has no first day, as the store counts it too."""
        if day is None:
            return self.since is None
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def week(label: str) -> Period:
    """The ISO week '2026-W47', Monday to Sunday. Raises UsageError when there is no such week."""
    match = _LABEL.fullmatch(label.strip())
    try:
        if match is None:
            raise ValueError(label)
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        return week_of(monday)
    except (ValueError, OverflowError):
        raise UsageError(f"'{label}' is no week; write the year and the ISO week, as in 2026-W47.") from None


def week_of(day: date) -> Period:
    """The ISO week a London day lies in."""
    year, number, weekday = day.isocalendar()
    monday = day - timedelta(days=weekday - 1)
    label = week_label(day)
    return Period(label, f"Audit {label}", f"Week {number} of {year}", monday, monday + timedelta(days=6))


def backlog(day: date, first: date) -> Period:
    """What the very first run found in mail from before `first`, the Monday of the week due; written on this day."""
    return Period("backlog", f"Audit backlog {day.isoformat()}", "Backlog", None, first - timedelta(days=1))


def local(moment: datetime) -> datetime:
    """The same moment by the clock on a London wall, without a zone. Raises OverflowError at the ends of time."""
    return moment.astimezone(LONDON).replace(tzinfo=None)


def local_day(moment: datetime) -> date:
    """The London day of a moment."""
    return local(moment).date()


def sent_day(moment: datetime | None) -> date | None:
    """The London day a message was sent; None when that is not known or cannot be reckoned."""
    try:
        return local_day(moment) if moment else None
    except (OverflowError, ValueError):
        return None


def day_words(day: date) -> str:
    """'Monday 16 November 2026'."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def moment_words(moment: datetime) -> str:
    """'Monday 23 November 2026 at 06:30 (UK time)'."""
    clock = local(moment)
    return f"{day_words(clock.date())} at {clock:%H:%M} (UK time)"


def days_words(period: Period) -> str:
    """'Monday 16 to Sunday 22 November 2026'; of a backlog what it is: mail from before the week that was due."""
    first, last = period.since, period.until
    if last is None:
        return "all mail held, whatever its day"
    if first is None:
        return f"mail sent before {day_words(last + timedelta(days=1))}, and mail without a usable date"
    return span_words(first, last)


def span_words(first: date, last: date) -> str:
    """'Monday 16 to Sunday 22 November 2026', naming the month and the year once where they are the same."""
    start = f"{first:%A} {first.day}"
    if first.year != last.year:
        start += f" {first:%B} {first.year}"
    elif first.month != last.month:
        start += f" {first:%B}"
    return f"{start} to {day_words(last)}"
