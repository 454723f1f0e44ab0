"""The Date header (RFC 5322 3.3) to UTC, or None: a date that is nonsense is never made up."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

_MONTHS = {
    month: i
    for i, month in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_NUMBERS = {month.capitalize(): f"{i:02}" for month, i in _MONTHS.items()}
_USUAL = re.compile(
    r"\s*(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})\s+(\d{1,2}):(\d\d)(?::(\d\d))?"
    r"\s*(?:([+-])(\d\d)(\d\d)|([A-Z]{1,4}))?(?:\s*\(.{0,60}\))?\s*",
)
_ZONE = re.compile(r"[+-]\d{4}\b|\b(?:GMT|UTC?|Z|[ECMP][SD]T)\b")
_HALF = re.compile(r"\d\s?([AaPp])\.?[Mm]\b")
# Zone names that mail carries; the RFC's own (4.3) and what Britain and its neighbours write.
_ZONES = {"UT": 0, "GMT": 0, "UTC": 0, "Z": 0, "WET": 0, "BST": 60, "IST": 60, "WEST": 60, "CET": 60, "CEST": 120} | {
    "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
}  # fmt: skip
_LONGEST = 200
_FIRST, _LAST = 1970, 2200


def moment(value: str) -> tuple[datetime | None, str]:
    """The moment in UTC, and a sentence when something was wrong with it ('' when nothing was).

    `-0000` is UTC (RFC 5322 3.3); a missing or unknown zone is read as UTC and said.
    """
    words = value.split(" ", 6)
    if len(words) > 5 and words[2] in _NUMBERS:
        # Tue, 03 Mar 2026 09:15:00 +0000: nearly every date there is.
        day = words[1] if len(words[1]) == 2 else f"0{words[1]}"
        try:
            when = datetime.fromisoformat(f"{words[3]}-{_NUMBERS[words[2]]}-{day}T{words[4]}{words[5]}").astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        else:
            if len(words[5]) == 5 and _FIRST <= when.year <= _LAST:
                return when, ""
    return _slowly(value)


def _slowly(value: str) -> tuple[datetime | None, str]:
    match = _USUAL.fullmatch(value)
    if match is None:
        return _odd(value)
    day, month, year, hour, minute, second, sign, hours, minutes, zone = match.groups()
    offset, note = 0, ""
    if sign:
        offset = int(hours) * 60 + int(minutes)
        offset = -offset if sign == "-" else offset
    elif zone in _ZONES:
        offset = _ZONES[zone]
    else:
        note = "the date has no zone that is known; it was read as UTC"
    return _utc(
        value,
        note,
        (int(year), _MONTHS.get(month.lower(), 0), int(day), int(hour), int(minute), int(second or 0)),
        offset,
    )


def _utc(
    value: str, note: str, fields: tuple[int, int, int, int, int, int], offset: int
) -> tuple[datetime | None, str]:
    year, month, day, hour, minute, second = fields
    try:
        # A leap second (60) is allowed by the RFC and unknown to Python.
        when = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        when -= timedelta(minutes=offset)
    except (ValueError, OverflowError):
        return None, f"the date '{value[:60]}' does not exist"
    if not (_FIRST <= when.year <= _LAST) or abs(offset) > 24 * 60:
        return None, f"the date '{value[:60]}' cannot be right"
    return when, note


def _odd(value: str) -> tuple[datetime | None, str]:
    """Old and foreign forms: two-figure years, no weekday, ISO 8601."""
    text = value.strip()[:_LONGEST]
    if not text:
        return None, "there is no date"
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        note = "" if when.tzinfo else "the date has no zone; it was read as UTC"
        offset = when.utcoffset() or timedelta()
        fields = (when.year, when.month, when.day, when.hour, when.minute, when.second)
        return _utc(text, note, fields, int(offset.total_seconds() // 60))
    try:
        parsed = parsedate_tz(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        parsed = None
    if parsed is None:
        return None, f"the date '{text[:60]}' is no date"
    note = "" if _ZONE.search(text) else "the date has no zone that is known; it was read as UTC"
    year, month, day, hour, minute, second = parsed[:6]
    if (half := _HALF.search(text)) and hour <= 12:
        hour = hour % 12 + (12 if half[1] in "Pp" else 0)
    return _utc(text, note, (year, month, day, hour, minute, second), (parsed[9] or 0) // 60)
