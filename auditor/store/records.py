"""What a store is given and what it answers with.

Evidence is the provider's bytes, once each, named by SHA-256; a holding says which mailbox holds which evidence under
which id; a reading is what was made of the evidence. All moments are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from auditor.findings import Finding, Severity
from auditor.spool import Raw
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
    enclosed: tuple[str, ...] = ()
    """SHA-256 of each file that came with it, in order; not of pictures shown in the text."""
    post: bytes = b""
    """Who wrote it and to whom, for the post book; opaque to the store."""


class Failed(Value, frozen=True):
    """Rules that one message could not be checked against, and why."""

    rules: tuple[str, ...]
    """Their names; none for every rule."""
    why: str
    """The end of a sentence: 'the check failed (ValueError)'."""


class Judgement(Value, frozen=True):
    """What the analysers said of one holding: (identity, finding) pairs, complete, replacing what was said before."""

    findings: tuple[tuple[str, Finding], ...]
    unseen: tuple[str, ...] = ()
    """'signature' or 'waiver' where the mail system adds it after sending and no copy held could show it: nothing was
    concluded of it."""
    checked: bool = True
    """Whether rules were put to it: not to a stranger's mail, nor to a further copy of a message."""
    failed: tuple[Failed, ...] = ()
    """Rules that could not be put to it, though they should have been: what they found before stands."""


class Beside(Value, frozen=True):
    """What a provider knows of a message besides its bytes."""

    link: str = ""
    """Opens the message in the provider's own pages; empty where there is no such address."""
    conversation: str = ""
    """The provider's id of the conversation."""
    bcc: tuple[str, ...] = ()
    """Addresses the sender's copy was hidden from, lower case: the bytes of a sent message may leave them out."""


class Arrival(Value, frozen=True):
    """A message to keep."""

    id: str
    stamp: str
    folders: tuple[str, ...]
    sha256: str
    raw: bytes
    reading: Reading
    received: datetime | None = None
    beside: Beside | None = None
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
    PURGED = "purged"
    """Only a store says so: it was held, and its time was over."""


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
    raw: Raw | None = None
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
    subject: str | None = None
    """Of what is held of it in another form, or as it was before; None where nothing is."""


class UncheckedRow(Value, frozen=True):
    """A message that is held and that rules could not be put to."""

    source: str
    mailbox: str
    id: str
    subject: str
    rules: tuple[str, ...]
    """In the contract's names, sorted; none for every rule."""
    why: str
    """The end of a sentence."""
    since: datetime
    """The start of the run that could not put them to it."""


class Envelope(Value, frozen=True):
    """Who sent a message that is held, and when."""

    sender: str
    sent: datetime | None


class Made(Value, frozen=True):
    """A finding in force, by one of the holdings that make it."""

    holding: int
    id: str
    finding: Finding
    owned: bool
    """Whether it stands under this holding: under exactly one of several copies."""


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
    unchecked: int = 0
    """Messages held that one rule or more could not be put to."""


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
    removed: date | None = None
    """The day it was first found in the bin or nowhere."""
    gone: bool = False
    """Whether it is not in the mailbox at all, not even in its bin."""
    unsaved: tuple[int, ...] = ()
    """Of a message that is gone or in the bin: which of `Reading.enclosed` no message carries that is kept."""


class Posted(Value, frozen=True):
    """A message's line in the post book."""

    holding: int
    message: str
    """Alike for all copies of one message."""
    sent: int
    """Seconds since 1970, UTC."""
    post: bytes
    due: bool
    """Whether it is to be weighed: it has come since the post was weighed last, or something dated before it has, or it
    was remarked on and waits to be judged."""


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
    link: str = ""
    """Opens the message in the provider's own pages, as the provider gave it; empty where there is no such address."""


class Whose(Value, frozen=True):
    """Whose mail a finding is on."""

    finding: str
    """Its identity."""
    rule: str
    mailbox: str
    sender: str
    sent: datetime | None


class Tally(Value, frozen=True):
    """Messages of one span of days, one sender and one mailbox, alike in what was found in them."""

    span: int
    """The place of the span among those asked for, from 0."""
    mailbox: str
    sender: str
    checked: bool
    """Whether `judged_between` counts them: only these are the whole of a share."""
    found: tuple[tuple[str, Severity], ...]
    """Rule and severity of every finding in force on each of them, sorted; none where nothing was found."""
    messages: int


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


class Kept(Value, frozen=True):
    """How one mailbox holds a piece of evidence."""

    holding: int
    bcc: tuple[str, ...] = ()
    """Hidden recipients that the provider named."""


class Piece(Value, frozen=True):
    """A piece of evidence as it is looked at to be proved."""

    number: int
    sha256: str
    sound: bool
    """Whether the bytes can be unpacked and their hash is their name."""
    raw: bytes | None
    """None where they are not sound, and where there is no reading of them."""
    packed: bytes | None
    """The reading kept of them; None where there is none."""
    spoilt: bool = False
    """Whether there is a reading and it cannot be unpacked."""
    earlier: bool = False
    """Whether the reading may be an earlier version's: another one made now need not be the same."""
    kept: tuple[Kept, ...] = ()


class Misfit(Value, frozen=True):
    """Something in the store that does not fit the rest of it."""

    what: str
    """In plain words, after a number: 'findings without their wording'."""
    many: int
