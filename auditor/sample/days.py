"""Working days of the sample's six weeks, which end the day before `today`.

Six weeks hold thirty working days whatever weekday `today` is, so a conversation written in
working days keeps its order; what members write at the end of a week may slip into the weekend.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from auditor.policy import LONDON

SPAN = timedelta(days=42)

_SLOT = re.compile(r"\{(?:d(-?\d+)([sw]?)|(y|yy|next_y|month|fy|next_fy))\}")


class Diary:
    """Turns working days into dates, and the date slots of a text into words."""

    def __init__(self, today: date) -> None:
        self.first = today - SPAN
        self.last = today - timedelta(days=1)
        self.today = today

    def day(self, number: int) -> date:
        """Working day `number`: 1 is the first of the six weeks; 0 and less come before, 31 and more after."""
        monday = self.first - timedelta(days=self.first.weekday())
        before = min(self.first.weekday(), 5)
        weeks, rest = divmod(number - 1 + before, 5)
        return monday + timedelta(days=7 * weeks + rest)

    def moment(self, number: int, clock: time, *, slip: int = 0, until: int | None = None) -> datetime:
        """London time of a working day.

        `slip` 1 or 2 puts a Thursday's or Friday's message off to that week's Saturday or Sunday, unless it would
        then stand outside the six weeks, or not before working day `until`, when it is answered.
        """
        day = self.day(number)
        weekend = day + timedelta(days=4 - day.weekday() + slip)
        answered = self.today if until is None else min(self.today, self.day(until))
        if slip and day.weekday() in (3, 4) and weekend < answered:
            day = weekend
        return datetime.combine(day, clock, LONDON)

    def words(self, text: str) -> str:
        """`text` with {d12} as 'Monday 2 November', {d12s} as '2 November', {d12w} as 'Monday', {y} {fy} {month} …"""
        return _SLOT.sub(self._slot, text)

    def _slot(self, match: re.Match[str]) -> str:
        number, form, name = match.groups()
        if number is None:
            return self._year(name)
        day = self.day(int(number))
        spoken = {"s": f"{day.day} {day:%B}", "w": f"{day:%A}"}
        return spoken.get(form, f"{day:%A} {day.day} {day:%B}")

    def _year(self, name: str) -> str:
        year = self.last.year
        start = year if self.last.month >= 4 else year - 1
        return {
            "y": str(year),
            "yy": f"{year % 100:02}",
            "next_y": str(year + 1),
            "month": f"{self.last:%B}",
            "fy": f"{start}/{(start + 1) % 100:02}",
            "next_fy": f"{start + 1}/{(start + 2) % 100:02}",
        }[name]
