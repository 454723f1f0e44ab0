"""Moments and days: UTC in the store, London where a person names a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970, negative before; a moment without a zone is UTC."""
    return (_aware(moment) - _EPOCH) // _SECOND


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (_aware(moment) - _EPOCH) // _MICROSECOND


def from_seconds(count: int) -> datetime:
    """The moment, in UTC."""
    return _EPOCH + timedelta(seconds=count)


def from_microseconds(count: int) -> datetime:
    """The moment, in UTC."""
    return _EPOCH + timedelta(microseconds=count)


def london_day(moment: datetime) -> date:
    """The day in London on which this moment falls; clamped where the calendar ends."""
    try:
        return _aware(moment).astimezone(LONDON).date()
    except OverflowError:
        return _aware(moment).date()


def day_starts(day: date) -> int:
    """Seconds since 1970 at midnight in London, when the day begins."""
    return seconds(datetime.combine(day, time(), LONDON).astimezone(UTC)) if day.year > 1 else -(1 << 40)


def day_ends(day: date) -> int:
    """Seconds since 1970 at the midnight that ends the day: the first second that is no longer in it."""
    return day_starts(day + timedelta(days=1)) if day < date(9999, 12, 30) else 1 << 40
