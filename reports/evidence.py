"""What the auditor can show for the yearly return (Assertion 10), and what the audit trail tells of the mail held.

The return is the Annual Governance and Accountability Return of smaller authorities; Assertion 10 (digital and data
compliance) stands in it since the year 2025-26 (Practitioners' Guide 2025). Whether it is met is for the Council to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from auditor.store.trail import Deed, Entry
from reports.week import Period, local_day

TOLD = (Deed.SEARCHED, Deed.EXPORTED, Deed.HELD, Deed.LIFTED, Deed.PURGED, Deed.RESTORED, Deed.BACKED_UP)
"""Deeds of the trail that a workbook tells of."""
KEPT = (*TOLD, Deed.VERIFIED)
"""Those, and what the return asks after."""
_FIRST_MONTH = 4
_APPROVED_BY = 6
"""The return for a year that ended in March is approved by the end of June (Accounts and Audit Regulations 2015, reg. 12)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A hold that stands."""

    name: str
    since: datetime
    messages: int | None
    """How many answer it now; None when its query is not understood any more."""
    who: str = ""
    """Who added it; empty when the trail does not tell."""


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody in post."""

    name: str
    mailbox: str
    own: bool
    """Whether the mailbox is at a domain of the Council."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the return asks for, beyond what the rest of the workbook has."""

    since: date
    until: date
    """The days that the figures on mail are about, inclusive."""
    domains: tuple[str, ...]
    own: int
    """Messages of people of the Council, checked, that came from its own domains."""
    elsewhere: tuple[tuple[str, int], ...]
    """Who sent others, and how many; most first."""
    posts: tuple[Post, ...]
    adopted: date | None
    review: date | None
    """The day by which the policy is to be looked at again."""
    retention_months: int
    purged: datetime | None
    """When messages were last deleted because their time was over."""
    backups_kept: bool
    """Whether schedule.toml asks for backups."""
    backed_up: datetime | None
    verified: datetime | None
    """When the whole store was last proved."""
    share_verified: datetime | None
    """When a night last proved its share."""
    sound: bool
    """Whether nothing was found damaged whichever of the two came last."""


def year(period: Period, written: datetime) -> tuple[date, date]:
    """The days of the financial year (April to March) whose return comes next, as far as a period reaches into it.

    Until the end of June that is the year that ended in March.
    """
    today = local_day(written)
    last = min(period.until or today, today)
    begun = last.year if last.month >= _FIRST_MONTH else last.year - 1
    if _FIRST_MONTH <= last.month <= _APPROVED_BY:
        begun -= 1
    return date(begun, _FIRST_MONTH, 1), min(last, date(begun + 1, _FIRST_MONTH - 1, 31))


def told(entries: Iterable[Entry], period: Period) -> tuple[Entry, ...]:
    """What the trail tells of the period's days, newest first."""
    return tuple(entry for entry in entries if entry.deed in TOLD and period.holds(local_day(entry.at)))[::-1]


def said(entry: Entry) -> Mapping[str, object]:
    """What an entry says; nothing where somebody has spoilt it, which `auditor verify` tells."""
    try:
        about = entry.said
    except (ValueError, TypeError, RecursionError):
        return {}
    return about if isinstance(about, dict) else {}


def number(entry: Entry, key: str) -> int | None:
    """A figure that an entry gives."""
    value = said(entry).get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def words(entry: Entry, key: str) -> str:
    """A text that an entry gives; empty where there is none."""
    value = said(entry).get(key)
    return value if isinstance(value, str) else ""
