"""Where pages wait to be kept: small mailboxes go into the store together, a transaction for each would cost more."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from auditor.errors import ReaderError
from auditor.pipeline.guard import Guard
from auditor.pipeline.keeping import Keeping, Load, Parcel, batch
from auditor.pipeline.source import Fetched
from auditor.spool import Spooled
from auditor.store.interface import Store
from auditor.store.records import Committed, MailboxStatus

MESSAGES = 5000
"""A load, of whatever entries. Twice as many take three parts in a hundred less time, and seventy megabytes more."""
BYTES = 16 * 1024 * 1024
SECONDS = 20.0
"""What a slow provider brings waits no longer than this: a night that is cut short loses little."""


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
    expected: int | None = None
    """About how many come in all; None where nobody knows."""


Waiting = list[tuple[Parcel, Pulled]]
"""Pages, and where to count what each changes."""


@dataclass(slots=True)
class Intake:
    """Pages in the order they came; kept when there are enough of them, or when somebody asks.

    The guard's child reads and keeps one load while the caller collects the next. A kill loses what waits, and no
    more: a cursor moves only with the mail it covers, so it comes again.
    """

    store: Store
    guard: Guard
    keeping: Keeping
    now: Callable[[], float] = time.monotonic
    progress: Callable[[str, int, int | None], None] = lambda _mailbox, _count, _expected: None
    """Told the mailbox, how many of its messages have been kept and about how many are expected, after every page."""
    _waiting: Waiting = field(default_factory=list)
    _messages: int = 0
    _to_read: bool = False
    """Whether any of what waits is a message to read."""
    _bytes: int = 0
    _since: float = 0.0
    """When the oldest of what waits came."""
    _under_way: Waiting = field(default_factory=list)

    def put(self, parcel: Parcel, pulled: Pulled) -> None:
        """A page, and where to count what it changes."""
        sizes = [len(entry.raw) for entry in parcel.page.entries if isinstance(entry, Fetched)]
        if self._bytes + sum(sizes) > BYTES:
            self._begin()  # a page may be one enormous message: it goes alone
        if not self._waiting:
            self._since = self.now()
        self._waiting.append((parcel, pulled))
        self._messages += len(parcel.page.entries)
        self._to_read = self._to_read or bool(sizes)
        self._bytes += sum(sizes)
        if self._messages >= MESSAGES or self._bytes >= BYTES or self.now() - self._since >= SECONDS:
            self._begin()

    def keep(self) -> None:
        """Everything that waits goes into the store."""
        self._begin()
        self._finish()

    def _begin(self) -> None:
        """What waits is under way, and what was before is kept."""
        self._finish()
        load, anything_to_read = self._waiting, self._to_read
        self._waiting, self._messages, self._bytes, self._to_read = [], 0, 0, False
        if anything_to_read:
            self._under_way = load
            self._submit(load)
            if not self.store.readable_while_written():
                self._finish()
        elif load:
            nothing_read = iter(())
            batches = [batch(parcel, nothing_read, self.keeping.start) for parcel, _ in load]
            self._count(load, self.store.commit_all(batches))

    def _finish(self) -> None:
        """Waits until what is under way is kept. What cannot be kept together is kept page by page."""
        load, self._under_way = self._under_way, []
        if not load:
            return
        try:
            self._count(load, self.guard.answer())
        except ReaderError:
            if len(load) == 1:
                raise
            for page in load:
                self._submit([page])
                self._count([page], self.guard.answer())

    def _submit(self, load: Waiting) -> None:
        self.guard.submit(self.keeping, Load(secrets.token_hex(8), tuple([parcel for parcel, _ in load])))

    def _count(self, load: Waiting, done: list[Committed]) -> None:
        for (parcel, pulled), committed in zip(load, done, strict=True):
            _discard(parcel)
            pulled.new += committed.new
            pulled.removed += committed.removed
            pulled.new_gaps += committed.gaps
            pulled.judged += committed.judged
            pulled.findings += committed.findings
            if parcel.page.expected is not None:
                pulled.expected = parcel.page.expected
            self.progress(parcel.mailbox, pulled.new, pulled.expected)


def _discard(parcel: Parcel) -> None:
    """What lay in files until it was kept."""
    for entry in parcel.page.entries:
        if isinstance(entry, Fetched) and isinstance(entry.raw, Spooled):
            entry.raw.discard()
