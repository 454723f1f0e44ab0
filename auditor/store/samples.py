"""Messages that no rule objected to, drawn by chance for a person to look at: so the Council learns what the rules miss.

Nobody can steer the draw and anybody who has the store can repeat it: a message's name in a week's sample is a keyed hash
of the week and of the message's SHA-256, under a key that the store makes for itself, and the lowest names are drawn. A
sample that was drawn once stays. What is said of it is kept like decisions: each change, the newest stands.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from auditor.values import Value

SIZE = 20
"""Messages drawn of a week."""


class Verdict(StrEnum):
    """The words of the list to choose from."""

    FINE = "Nothing amiss"
    MISSED = "Something missed"


class Candidate(Value, frozen=True):
    """A message that was checked and has no finding."""

    name: str
    """20 hexadecimal digits, this week's."""
    sha256: str
    mailbox: str
    """The one that holds the copy that was checked."""
    sender: str
    sent: datetime | None


class Drawn(Value, frozen=True):
    """A message of a sample, with what a report says of it."""

    name: str
    label: str
    """The week it was drawn for."""
    sha256: str
    mailbox: str
    message_id: str
    sender: str
    sent: datetime | None
    subject: str
    recipients: tuple[str, ...]


class Look(Value, frozen=True):
    """What a workbook says of one message of a sample."""

    name: str
    verdict: Verdict | None
    """None where nothing is chosen."""
    clause: str = ""
    """The clause that was not kept: 'E10'; empty where none is chosen."""
    note: str = ""


class Looked(Value, frozen=True):
    """The same, from the moment at which the workbook that says so was saved."""

    look: Look
    at: datetime
    """UTC."""
    book: str


class SampleTally(Value, frozen=True):
    """One week's sample in figures."""

    label: str
    unflagged: int
    """Messages it was drawn from."""
    looked: int
    """How many of it have a verdict that stands."""
    missed: int
    """In how many of those something was missed."""


class Missed(Value, frozen=True):
    """A message in which a person saw something that no rule did."""

    message: Drawn
    said: Looked
