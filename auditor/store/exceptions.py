"""What the clerk chooses of exceptions, and which findings they kept out of the list.

An exception is known by its name alone, which is made of what it is about (`reports.exceptions`): no word of mail is kept
for it, so that none outlasts the mail that it came from.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from auditor.values import Value


class Choice(StrEnum):
    """The words of the lists to choose from."""

    ADOPT = "Adopt"
    LEAVE = "Leave"
    KEEP = "Keep"
    END = "End"


class Pick(Value, frozen=True):
    """What a workbook says of one exception."""

    exception: str
    """Its name: 20 hexadecimal digits."""
    choice: Choice | None
    """None where nothing is chosen."""
    until: date | None = None
    """The last day on which it holds when it is adopted so; None for every other choice."""
    chairs: bool = False
    """Whether a workbook of the Chair's says so."""


class Picked(Value, frozen=True):
    """One change of what a workbook says of an exception."""

    exception: str
    choice: Choice | None
    """None where what was chosen before was taken back."""
    until: date | None
    at: datetime
    """When that workbook was saved (UTC)."""
    book: str
    chairs: bool = False


class Hidden(Value, frozen=True):
    """A finding that an exception kept out of the list."""

    finding: str
    exception: str
    label: str
    """Of the workbook that tells of it instead of listing it: '2026-W47'."""
