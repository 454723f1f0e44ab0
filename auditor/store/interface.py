"""The questions the product asks of its store; SQLite answers them now, PostgreSQL the same later.

A store keeps four kinds of thing. Evidence: the provider's bytes, once each, named by SHA-256. Holdings: which
mailbox holds which evidence under which id; two people's copies are two holdings of one piece of evidence.
Readings: what was made of the evidence (text, parts, search terms), which can always be made again. And the
record: findings, gaps, cursors, runs. All moments are UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol, Self

from auditor.findings import Finding
from auditor.values import Value


class Terms(Value, frozen=True):
    """Search terms by field, each a string of normalised, stemmed terms joined by single spaces."""

    sender: str
    recipients: str
    copied: str
    subject: str
    body: str
    attachments: str


class Reading(Value, frozen=True):
    """What was made of one message's bytes."""

    packed: bytes
    """The message and its segments; opaque to the store."""
    message_id: str
    in_reply_to: str
    sent: datetime | None
    sender: str
    """The From address, lower case."""
    subject: str
    attachments: int
    terms: Terms
    text_size: int
    """Bytes of UTF-8 text a reader sees."""
    defects: tuple[str, ...] = ()
    """Codes of what was read round."""
    unread: tuple[str, ...] = ()
    """Parts that were not looked at, one sentence each."""
    recipients: tuple[str, ...] = ()
    """Addresses of To, Cc and Bcc, lower case, for the report."""


class Judgement(Value, frozen=True):
    """What the analysers said of one holding: (identity, finding) pairs, complete, replacing what was said before."""

    findings: tuple[tuple[str, Finding], ...]
    unseen: tuple[str, ...] = ()
    """'signature' or 'waiver' where the mail system adds it after sending and no copy held could show it: nothing was
    concluded of it."""
    checked: bool = True
    """Whether rules were put to it: not to a stranger's mail, nor to a further copy of a message."""


class Arrival(Value, frozen=True):
    """A message to keep."""

    id: str
    stamp: str
    folders: tuple[str, ...]
    sha256: str
    raw: bytes
    reading: Reading
    received: datetime | None = None
    alone: Judgement | None = None
    """What the analysers say of it by itself; it stands unless the store holds a copy of it, or a reply to it, that
    must be heard too. None leaves it to the queue."""


BIN = "deleted"
"""The folder that holds what a person has deleted, by the name that every source gives it. A holding moved there is
removed, and still in the mailbox."""


class PassedOver(StrEnum):
    """Why a message the provider counts is deliberately not collected."""

    OUTSIDE = "outside_window"
    PRIVATE = "private"


class Skipped(Value, frozen=True):
    """A message counted and not kept: only its id is remembered."""

    id: str
    stamp: str
    why: PassedOver
    day: date | None
    """The day it was sent, so that a wider window can find it again."""


class Missed(Value, frozen=True):
    """A message that becomes (or stays) a gap."""

    id: str
    stamp: str
    reason: str
    raw: bytes | None = None
    """Kept as evidence where the bytes are there and only could not be read."""
    sha256: str | None = None


class Relocated(Value, frozen=True):
    """A holding whose id or folders changed."""

    id: str
    to: str
    folders: tuple[str, ...]
    stamp: str


class Batch(Value, frozen=True):
    """One page of one mailbox, with the cursor that covers it. Committed whole or not at all."""

    source: str
    mailbox: str
    run: int
    """A run of the ledger; its start is the moment of whatever this page finds gone or missing."""
    arrivals: tuple[Arrival, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    missed: tuple[Missed, ...] = ()
    relocated: tuple[Relocated, ...] = ()
    vanished: tuple[str, ...] = ()
    cursor: str | None = None
    count: int | None = None
    """The provider's count, on the last page."""


class Committed(Value, frozen=True):
    """What a batch changed. An arrival held already with the same bytes changes nothing; with other
    bytes it replaces the reading's evidence and the old evidence is kept."""

    new: int
    removed: int
    gaps: int
    """Gaps not known before."""
    judged: int = 0
    """Arrivals whose judgement stands: nothing else bears witness of them."""
    findings: int = 0
    """What was found in those."""


class MailboxStatus(StrEnum):
    """How a mailbox's last night ended."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"
    CLOSED = "closed"
    UNCONFIGURED = "unconfigured"
    """No night ends so and no store answers so: it is said of a mailbox that schedule.toml no longer names."""


class MailboxNight(Value, frozen=True):
    """One mailbox in one run."""

    mailbox: str
    source: str
    status: MailboxStatus
    new: int = 0
    removed: int = 0
    analysed: int = 0
    findings: int = 0
    requests: int = 0
    gaps: int = 0
    error: str | None = None


class Run(Value, frozen=True):
    """One line of the run ledger. A run without an end was interrupted."""

    id: int
    started: datetime
    ended: datetime | None
    ok: bool | None
    mailboxes: tuple[MailboxNight, ...] = ()
    version: str = ""


class GapRow(Value, frozen=True):
    """An open gap."""

    source: str
    mailbox: str
    id: str
    reason: str
    since: datetime
    sha256: str | None


class Coverage(Value, frozen=True):
    """The account of one mailbox: provider_count = collected + gaps + outside_window + private."""

    mailbox: str
    source: str
    status: MailboxStatus | None
    """None before its first night."""
    provider_count: int | None
    collected: int
    """Held, in the mailbox still, and read."""
    gaps: int
    outside_window: int
    private: int
    removed: int
    last_complete: datetime | None
    error: str | None
    unread_parts: int = 0
    """Messages with a part that was not looked at."""
    defects: Mapping[str, int] | None = None
    """Messages by defect code."""


class Docket(Value, frozen=True):
    """A message waiting to be judged."""

    holding: int
    source: str
    mailbox: str
    folders: tuple[str, ...]
    sha256: str
    packed: bytes
    judged: int = 0
    """The run that judged it last; 0 when none has."""
    findings: int = 0
    """How many it had then."""


class FindingRow(Value, frozen=True):
    """A finding with what the report says of its message."""

    id: str
    finding: Finding
    rules_version: str
    run: int
    """The run that found it."""
    mailbox: str
    folders: tuple[str, ...]
    message_id: str
    sha256: str
    sent: datetime | None
    sender: str
    subject: str
    recipients: tuple[str, ...]
    reported: str | None
    """The label of the workbook that listed it first: '2026-W47', 'backlog'; None until then."""


class Query(Value, frozen=True):
    """A search the index can answer: all terms, then the filters. Terms are normalised as `terms.normalise` does."""

    terms: tuple[str, ...] = ()
    """Each a term, or a phrase: terms joined by spaces, side by side in one field. Empty ones ask for nothing."""
    mailbox: str | None = None
    since: date | None = None
    """From this day, London."""
    until: date | None = None
    """Until this day, inclusive."""


class Hit(Value, frozen=True):
    """A holding that a search found."""

    holding: int
    mailbox: str
    folders: tuple[str, ...]
    message_id: str
    sent: datetime | None
    sender: str
    subject: str
    sha256: str
    removed: date | None


class StoreFacts(Value, frozen=True):
    """The store in figures. `messages` and `searchable` must be equal."""

    messages: int
    searchable: int
    bytes: int


class Held(Protocol):
    """What the store already holds of one mailbox: a read-only look, for sources that have to compare."""

    def unknown(self, listed: Sequence[tuple[str, str]]) -> set[str]:
        """Which of these (id, stamp) are not held, or are held with another stamp. A few thousand a call.

        Ids with an open gap count as unknown, so that they are tried again; ids held as vanished too,
        so that a message that came back is seen.
        """
        ...

    def ids(self) -> Iterator[str]:
        """Every id accounted for and not vanished, in id order (of code points), streamed: held, an open gap, or
        passed over. One of these that is no longer listed has vanished."""
        ...

    def empty(self) -> bool:
        """Whether `ids` has none; without going through them."""
        ...

    def gaps(self) -> tuple[str, ...]:
        """Ids with an open gap: asked for again tonight even where nothing else has changed."""
        ...

    def find(self, sha256: str) -> tuple[str, ...]:
        """Ids, not vanished, whose bytes have this hash: to know a renamed file again."""
        ...


class Store(Protocol):
    """One open store. Not shared between threads. Use it as a context manager."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *exc: object) -> None: ...
    def close(self) -> None:
        """Closes the files; a second call does nothing."""
        ...

    def opener(self) -> Callable[[], Store]:
        """Opens the same store once more, in another process: pickled, sent and called there."""
        ...

    # --- collecting

    def cursor(self, source: str, mailbox: str) -> str | None:
        """The cursor committed last; None before the first page."""
        ...

    def held(self, source: str, mailbox: str, since: date | None = None) -> Held:
        """A look at what is held of one mailbox. Messages passed over as outside the window count as unknown
        again when they were sent on or after `since`; when it is None they stay passed over."""
        ...

    def commit(self, batch: Batch) -> Committed:
        """Keeps a page: evidence, holdings, readings, index, judgements, gaps and cursor in one transaction."""
        ...

    def commit_all(self, batches: Sequence[Batch], ticket: str = "") -> list[Committed]:
        """Keeps several pages, in order, in one transaction: what each changed. Given with the ticket of the last
        time once more, they are not kept again, and the answer is the same."""
        ...

    def readable_while_written(self) -> bool:
        """Whether this store may be asked while another process keeps something in it; not on every disk."""
        ...

    # --- judging

    def adopt(self, rules_version: str) -> bool:
        """Makes this the version findings are made under. When it is another than before, every message is
        put back in the queue and True is returned. The first version ever adopted returns False."""
        ...

    def queue(self, limit: int, after: int = -1) -> list[Docket]:
        """The next messages to judge, by holding number, above `after`; empty when none is left. An arrival waits here
        unless its judgement came with it and stands. A reply, or a second copy, arriving puts the message it bears
        witness for back in the queue."""
        ...

    def witnesses(self, holdings: Sequence[int]) -> dict[int, list[Docket]]:
        """For each of these holdings, the others that show the same message: its copies (same Message-ID) and the
        replies to it (In-Reply-To), in holding order, removed ones included, at most 64. Holdings without any are
        left out."""
        ...

    def judge(self, run: int, judgements: Sequence[tuple[int, Judgement]]) -> int:
        """Keeps the judgements of these holdings and takes them off the queue, in one transaction; how many findings
        are new.

        A finding known before keeps its run, its report and its decision, and takes on the new wording and rules
        version; one no longer made is kept, withdrawn. Where copies of a message make the same finding, it is one
        finding, withdrawn when none of them makes it any longer.
        """
        ...

    # --- the ledger

    def begin_run(self, started: datetime, version: str) -> int:
        """Opens a line in the ledger; its number, from 1."""
        ...

    def end_run(self, run: int, ended: datetime, ok: bool, mailboxes: Sequence[MailboxNight]) -> None:
        """Closes it, with how each mailbox fared; coverage is taken from the newest closed run."""
        ...

    def runs(self, limit: int = 20) -> list[Run]:
        """Newest first."""
        ...

    # --- reporting

    def findings(self, *, reported: str | None = None, unreported: bool = False) -> list[FindingRow]:
        """Findings in force (not withdrawn) listed in the workbook `reported`, and/or those in none yet; all when
        neither is asked for. By sent day (London; unknown last), then mailbox, then rule, then id."""
        ...

    def mark_reported(self, ids: Sequence[str], label: str, path: str, at: datetime) -> None:
        """Records that a workbook was written and which findings it was the first to list."""
        ...

    def reports(self) -> dict[str, datetime]:
        """Workbooks written, by label, with the moment of the first writing."""
        ...

    def coverage(self) -> list[Coverage]:
        """Every mailbox ever configured, in source and address order."""
        ...

    def gaps(self) -> list[GapRow]:
        """Every open gap, by source, mailbox and id."""
        ...

    def judged_between(self, since: date | None, until: date | None) -> dict[str, int]:
        """How many messages rules were put to, by mailbox, sent on these days (inclusive; None is open): the
        denominators. A message without a usable date counts as old mail: it is in where `since` is open."""
        ...

    def unseen_between(self, since: date | None, until: date | None) -> dict[str, int]:
        """How many of the messages that `judged_between` counts left something unseen, by what it was
        (`Judgement.unseen`)."""
        ...

    # --- finding again

    def evidence(self, sha256: str) -> bytes:
        """The provider's own bytes. Raises StoreError when they no longer match their name."""
        ...

    def search(self, query: Query, limit: int = 50) -> list[Hit]:
        """Newest first; what has no usable date comes last."""
        ...

    def count(self, query: Query) -> int:
        """How many holdings `search` would find without a limit."""
        ...

    def facts(self) -> StoreFacts:
        """The store in figures."""
        ...

    def backup(self, to: Path) -> None:
        """A verified copy of the whole store."""
        ...
