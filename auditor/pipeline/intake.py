"""Where pages wait to be kept: small mailboxes go into the store together, a transaction for each would cost more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from auditor.store.interface import Batch, MailboxStatus, Store

MESSAGES = 2000
BYTES = 16 * 1024 * 1024


@dataclass(slots=True)
class Pulled:
    """What one mailbox's pull came to."""

    status: MailboxStatus = MailboxStatus.PARTIAL
    new: int = 0
    removed: int = 0
    new_gaps: int = 0
    judged: int = 0
    """Of the new, those that were judged at once; the others wait in the queue."""
    findings: int = 0
    """What was found in those."""
    requests: int = 0
    """Calls made to the provider; 0 for files."""
    error: str | None = None


@dataclass(slots=True)
class Intake:
    """Pages in the order they came; kept when there are enough of them, or when somebody asks.

    A kill loses what waits, and no more: a cursor moves only with the mail it covers, so it comes again.
    """

    store: Store
    progress: Callable[[str, int], None] = lambda _mailbox, _count: None
    """Told the mailbox and how many of its messages have been kept, after every page."""
    _waiting: list[tuple[Batch, Pulled]] = field(default_factory=list)
    _messages: int = 0
    _bytes: int = 0

    def put(self, batch: Batch, pulled: Pulled) -> None:
        """A page, and where to count what it changes."""
        self._waiting.append((batch, pulled))
        self._messages += len(batch.arrivals)
        self._bytes += sum([len(arrival.raw) for arrival in batch.arrivals])
        if self._messages >= MESSAGES or self._bytes >= BYTES:
            self.keep()

    def keep(self) -> None:
        """Everything that waits goes into the store."""
        waiting, self._waiting, self._messages, self._bytes = self._waiting, [], 0, 0
        done = self.store.commit_all([batch for batch, _ in waiting]) if waiting else []
        for (batch, pulled), committed in zip(waiting, done, strict=True):
            pulled.new += committed.new
            pulled.removed += committed.removed
            pulled.new_gaps += committed.gaps
            pulled.judged += committed.judged
            pulled.findings += committed.findings
            self.progress(batch.mailbox, pulled.new)
