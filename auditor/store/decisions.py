"""What the clerk decides of findings, as her workbooks say it.

A person decides, and may always decide otherwise: each change is kept, the newest stands. A workbook is compared with what
it said when it was read last, so that another saving of it changes nothing by itself; a copy under another name is another
workbook, and says what it says from the moment it was saved.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from auditor.values import Value


class Decision(StrEnum):
    """The words of the list to choose from."""

    BREACH = "Breach"
    NO_BREACH = "Not a breach"
    PERMITTED = "Permitted"
    ASK = "Ask the Chair"


class Said(Value, frozen=True):
    """What a workbook says of one finding."""

    finding: str
    """Its identity."""
    decision: Decision | None
    """None where nothing is chosen, or nothing that is known."""
    note: str = ""


class Book(Value, frozen=True):
    """A workbook as it was read."""

    name: str
    """Its path as the council's folder has it; what tells one workbook from another."""
    saved: datetime
    """When the file was written last (UTC)."""
    sha256: str
    """64 hexadecimal digits."""


class Decided(Value, frozen=True):
    """A decision, from the moment at which the workbook that says so was saved."""

    finding: str
    decision: Decision | None
    """None where there is a note alone, or where it was taken back: then there is no note either."""
    note: str
    at: datetime
    """UTC."""
    book: str


class Change(Value, frozen=True):
    """What reading one workbook changed in what it says."""

    made: int = 0
    """Findings of which this workbook now says something, and said nothing before."""
    altered: int = 0
    withdrawn: int = 0
    unknown: tuple[str, ...] = ()
    """Identities that no finding has: purged, or not this council's."""


class Conflict(Value, frozen=True):
    """Workbooks that say different things of one finding."""

    finding: str
    sayings: tuple[Decided, ...]
    """What each said last, newest first; one that took back what it had said has neither decision nor note."""
