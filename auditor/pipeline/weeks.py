"""When the weekly workbook is due and which week it is for. London's days for people, one instant for machines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO 8601 week."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Week:
        """The week a day lies in."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, label: str) -> Week:
        """From '2026-W47'.

        Raises:
            ValueError: there is no such week.
        """
        year, separator, number = label.strip().upper().partition("-W")
        if not separator or not year.isdigit() or not number.isdigit():
            raise ValueError(f"'{label}' is no week; write it as 2026-W47")
        week = cls(int(year), int(number))
        try:
            _ = week.monday
        except ValueError:
            raise ValueError(f"there is no week {number} in {year}") from None
        return week

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"


def last_due(now: datetime, weekday: int, at: time, zone: ZoneInfo) -> datetime:
    """The latest weekly moment that is not after `now` (aware). The answer is UTC."""
    local = now.astimezone(zone)
    day = local.date() - timedelta(days=(local.weekday() - weekday) % 7)
    due = datetime.combine(day, at, zone)
    if due.astimezone(UTC) > now.astimezone(UTC):
        due = datetime.combine(day - timedelta(days=7), at, zone)
    return due.astimezone(UTC)


def week_due(now: datetime, weekday: int, at: time, zone: ZoneInfo) -> Week:
    """The week whose workbook is due: the one that holds the day before the latest weekly moment."""
    due = last_due(now, weekday, at, zone).astimezone(zone).date()
    return Week.of(due - timedelta(days=1))


def next_nightly(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The next nightly moment after `now`, in UTC."""
    day = now.astimezone(zone).date()
    moment = datetime.combine(day, at, zone)
    if moment.astimezone(UTC) <= now.astimezone(UTC):
        moment = datetime.combine(day + timedelta(days=1), at, zone)
    return moment.astimezone(UTC)


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or the last day of that month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError("no such month")
