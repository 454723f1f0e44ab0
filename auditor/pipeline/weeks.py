"""When the night and the weekly workbook are due. Local days for people, one instant for machines."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def last_due(now: datetime, weekday: int, at: time, zone: ZoneInfo) -> datetime:
    """The latest weekly moment (0 is Monday) that is not after `now` (aware). The answer is UTC."""
    local = now.astimezone(zone)
    day = local.date() - timedelta(days=(local.weekday() - weekday) % 7)
    due = datetime.combine(day, at, zone).astimezone(UTC)
    if due > now:
        due = datetime.combine(day - timedelta(days=7), at, zone).astimezone(UTC)
    return due


def day_due(now: datetime, weekday: int, at: time, zone: ZoneInfo) -> date:
    """A day of the week whose workbook is due: the day before the latest weekly moment."""
    return last_due(now, weekday, at, zone).astimezone(zone).date() - timedelta(days=1)


def next_nightly(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The next nightly moment after `now` (aware). The answer is UTC."""
    day = now.astimezone(zone).date()
    moment = datetime.combine(day, at, zone).astimezone(UTC)
    if moment <= now:
        moment = datetime.combine(day + timedelta(days=1), at, zone).astimezone(UTC)
    return moment


def last_nightly(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The latest nightly moment that is not after `now` (aware). The answer is UTC."""
    day = now.astimezone(zone).date()
    moment = datetime.combine(day, at, zone).astimezone(UTC)
    if moment > now:
        moment = datetime.combine(day - timedelta(days=1), at, zone).astimezone(UTC)
    return moment


def next_weekly(now: datetime, weekday: int, at: time, zone: ZoneInfo) -> datetime:
    """The next weekly moment (0 is Monday) after `now` (aware). The answer is UTC."""
    day = last_due(now, weekday, at, zone).astimezone(zone).date() + timedelta(days=7)
    return datetime.combine(day, at, zone).astimezone(UTC)


def week_label(day: date) -> str:
    """What the ledger calls the ISO week of a day: '2026-W47'."""
    year, number, _ = day.isocalendar()
    return f"{year:04d}-W{number:02d}"


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or the last day of that month; the first of all days where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < 1:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
