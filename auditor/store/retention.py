"""What must be kept, what is due to go, and what went: the values of holds and of a purge.

A message is due when the London day it was sent is further back than the retention period. Where no date is known, or it
lies in the future, the day it was received counts, and where that is unknown too the day it was first held. A hold keeps
every message that answers its query, every copy of the same bytes, and every copy of the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from auditor.store.trail import Head
from auditor.values import Value


class Hold(Value, frozen=True):
    """What must not be purged: whatever answers `query` when it is asked."""

    name: str
    query: str
    since: datetime
    lifted: datetime | None
    """None while it stands."""
    why: str | None
    """Why it was lifted."""


class Due(Value, frozen=True):
    """A message older than the retention period."""

    mailbox: str
    day: date
    """In London: sent; else received; else first held."""
    sha256: str | None
    """None for what a provider counts and never handed over."""
    read: bool = True
    """False for what could not be read: its bytes, or only its place, were kept."""


class Plan(Value, frozen=True):
    """What a purge would do now."""

    before: date
    """Everything of an earlier day is due."""
    due: tuple[Due, ...]
    """By day, mailbox and hash."""
    kept: tuple[tuple[str, int], ...]
    """How many due messages each standing hold keeps, by its name; a message may stand under several."""
    kept_in: tuple[tuple[str, int], ...]
    """How many due messages of each mailbox are kept, each once."""


class Destroyed(Value, frozen=True):
    """What a purge took out."""

    at: datetime
    before: date
    messages: tuple[tuple[str, int, int], ...]
    """Mailbox, year, how many messages that had been read."""
    unread: int
    """How many that never could be."""
    findings: tuple[str, ...]
    """The ids of those that went with their messages, in order."""
    evidence: tuple[str, ...]
    """SHA-256 of each piece of evidence, in order."""
    kept: tuple[tuple[str, int], ...]
    """As in the plan."""
    head: Head
    """Of the trail, before the entry that tells of this purge."""

    @property
    def count(self) -> int:
        """All messages."""
        return sum(many for _, _, many in self.messages) + self.unread


class Paper(Value, frozen=True):
    """A file that tells of a purge."""

    name: str
    text: str


Certify = Callable[[Destroyed], tuple[Paper, ...]]
