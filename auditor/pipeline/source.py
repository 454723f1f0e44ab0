"""Where mail comes from: the seam every connector fits. Owned by the core; connectors point inwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Protocol

from auditor.spool import Raw
from auditor.store.interface import Held
from auditor.store.records import Beside
from auditor.values import Value


class Fetched(Value, frozen=True):
    """A message and the bytes it came as."""

    id: str
    """The provider's immutable id; for files see `connectors.files`."""
    raw: Raw
    """RFC 822, as the provider gives it; what lies in a file is removed when it has been kept."""
    folders: tuple[str, ...]
    """Folder or label names as a person sees them; well-known ones lower case (sent, inbox, deleted, archive)."""
    stamp: str = ""
    """Changes whenever the message's bytes may have; compared, never parsed."""
    received: datetime | None = None
    """UTC: the provider's own time for the message, where it has one."""
    beside: Beside | None = None
    """What the provider knows of it besides its bytes; None for files."""


class Unfetched(Value, frozen=True):
    """A message the provider counts and would not hand over: becomes a gap, is asked for again."""

    id: str
    reason: str
    stamp: str = ""


class Outside(Value, frozen=True):
    """A message the provider counts that was sent before the window (`Held.since`): not fetched, only counted."""

    id: str
    day: date
    """The London day it was sent, or the latest it can have been."""
    stamp: str = ""


class Moved(Value, frozen=True):
    """A message held already that now has another id (a renamed file) or other folders. Nothing new is stored."""

    id: str
    to: str
    folders: tuple[str, ...]
    stamp: str = ""


class Vanished(Value, frozen=True):
    """A message held that is no longer in the mailbox, or lies in its bin. It stays in the store, with the day."""

    id: str


Entry = Fetched | Unfetched | Outside | Moved | Vanished


class Page(Value, frozen=True):
    """Some entries and the cursor that covers them; stored together in one transaction."""

    entries: tuple[Entry, ...]
    cursor: str
    """Opaque to the core; handed back to the source next time. The last page's cursor covers the whole mailbox."""
    count: int | None = None
    """How many messages the provider counts in the chosen folders: on the last page, None on the others."""
    expected: int | None = None
    """About how many messages this pass brings in all, where that is known by now: for progress alone."""


class Probed(Value, frozen=True):
    """What a look at a mailbox shows."""

    said: str
    """One plain phrase saying what is there: '3 folders'."""
    empty: bool
    """Whether it can be read and holds no message at all in the chosen folders."""


class Proof(Value, frozen=True):
    """Something that was proved of a source, or not."""

    check: str
    """What was looked at, in a word: sign-in, clock, secret, permissions."""
    subject: str
    ok: bool
    said: str
    """One sentence."""
    mend: str = ""
    """What to do; with `ok` it is advice."""


class Source(Protocol):
    """A place that holds mailboxes."""

    @property
    def name(self) -> str:
        """`files`, `microsoft365` or `google`; part of every message's identity."""
        ...

    @property
    def mailboxes(self) -> Iterable[str]:
        """The mailboxes to read, in the order they are configured."""
        ...

    @property
    def abreast(self) -> int:
        """How many mailboxes it is worth reading at once; where it is more than 1, `pages` and `probe` may be called
        for different mailboxes in different threads."""
        ...

    def requests(self, mailbox: str) -> int:
        """Calls made to the provider for this mailbox so far."""
        ...

    def proofs(self) -> Iterator[Proof]:
        """Proves whatever a night needs besides the mailboxes themselves; never raises a SourceError."""
        ...

    def probe(self, mailbox: str) -> Probed:
        """Proves by a real look that the mailbox can be read.

        Raises:
            SourceError: it cannot, and why.
        """
        ...

    def pages(self, mailbox: str, cursor: str | None, held: Held) -> Iterator[Page]:
        """What is new, changed, moved or gone since `cursor`; everything when it is None.

        Reads lazily, in flat memory; a page holds at most 1,000 messages and some 16 MB. Always ends with
        a page that has `count`, even when nothing changed.

        Raises:
            RetrySource: the provider is busy or out of reach, and waiting did not help so far.
            ResyncSource: the cursor is no longer honoured.
            LostSource: the mailbox cannot be read tonight: absent, refused, or suddenly empty.
        """
        ...
