"""Text from mail is shown, never obeyed: what may stand in a cell, and how the rest is made visible."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from reports.week import local

LIMIT = 2000
"""Characters of one cell; Excel allows 32,767, a reader far fewer."""

_LINES = re.compile("\r\n?|[\u2028\u2029]")
# Control characters that XML forbids or nobody sees; marks that turn the direction of text or have no width.
# U+200C and U+200D stay: Persian and joined emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
# A spreadsheet reads _x0041_ as 'A' (ECMA-376 22.9.2.19, ST_Xstring); an escaped underscore keeps it as it was written.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

# 1900 was no leap year, but a spreadsheet counts its 29 February: earlier days would be shown a day out.
_FIRST_DAY = date(1900, 3, 1)
_LAST_DAY = date(9998, 12, 31)
_EPOCH = date(1899, 12, 30)


def shown(text: str, limit: int = LIMIT) -> str:
    """`text` as a cell may hold it: legal XML, everything visible, at most `limit` characters and a note of the cut."""
    if len(text) <= limit and text.isprintable() and "_x" not in text:
        return text
    text, length = text[:limit], len(text)
    text = _UNSEEN.sub(_visible, _LINES.sub("\n", text))
    text = _ESCAPE.sub("_x005F_", _NOT_XML.sub("\ufffd", text))
    return text if length <= limit else f"{text} … (cut here: {length:,} characters in all, see the message itself)"


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def day_cell(day: date | None) -> date | str | None:
    """A day as a date cell, or as ISO text where a spreadsheet's calendar does not reach."""
    return day if day is None or _FIRST_DAY <= day <= _LAST_DAY else day.isoformat()


def moment_cell(moment: datetime | None) -> datetime | str | None:
    """A moment by London's clock without a zone, or as ISO text where a spreadsheet's calendar does not reach."""
    if moment is None:
        return None
    try:
        clock = local(moment if moment.tzinfo else moment.replace(tzinfo=UTC)).replace(microsecond=0)
    except (OverflowError, ValueError):
        return moment.isoformat(sep=" ")
    return clock if _FIRST_DAY <= clock.date() <= _LAST_DAY else clock.isoformat(sep=" ", timespec="minutes")


def serial(value: date | datetime) -> float | int:
    """A date or London moment as a spreadsheet's day number."""
    if isinstance(value, datetime):
        return (value.date() - _EPOCH).days + (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    return (value - _EPOCH).days
