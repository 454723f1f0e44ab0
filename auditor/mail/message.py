"""A message as the auditor knows it: facts only, frozen, made again at any time from its bytes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from auditor.values import Value


class Address(Value, frozen=True):
    """One mailbox of an address header (RFC 5322 3.4)."""

    name: str
    """Display name, decoded; empty when there is none."""
    email: str
    """`local@domain`, lower case; empty when the header holds no usable address."""

    @property
    def domain(self) -> str:
        """What follows the last `@`; empty when there is none."""
        return self.email.rpartition("@")[2] if "@" in self.email else ""


class Kind(StrEnum):
    """What a message is. Only `ORDINARY` mail needs a signature and a waiver."""

    ORDINARY = "ordinary"
    AUTO_REPLY = "auto-reply"
    MEETING = "meeting-response"
    BOUNCE = "bounce"
    NOTICE = "notice"
    """What the auditor itself has sent (`auditor.mark`)."""


class Defect(Value, frozen=True):
    """Something wrong with the bytes that was read round, and what was done instead."""

    code: str
    """A stable word: charset, base64, header, boundary, date, address, views, depth, size …"""
    detail: str
    """One plain sentence for the clerk's Coverage sheet."""


class Risk(StrEnum):
    """What may be said of a file: first what harms whoever opens it, then what it carries unseen."""

    PROGRAM = "program"
    SCRIPT = "script"
    DISK = "disk"
    """An image of a disk."""
    SHORTCUT = "shortcut"
    """A shortcut, or settings."""
    MACRO = "macro"
    DISGUISED = "disguised"
    """A name made to be taken for another."""
    CONTRADICTS = "contradicts"
    """What is in it is not what its name says."""
    SEALED = "sealed"
    """An archive behind a password."""
    LOCKED = "locked"
    """A document behind a password."""
    BOMB = "bomb"
    """An archive built to swell."""
    ACTIVE = "active"
    """A page or document that acts when it is opened."""
    FETCHES = "fetches"
    """A document that fetches a part of itself from the web."""
    HIDDEN = "hidden"
    """Sheets, rows, columns or data that a reader does not see."""
    TRACKED = "tracked"
    """Words struck out or put in, which are still there."""
    NOTED = "noted"
    """Comments and speaker's notes."""
    PROPERTIES = "properties"
    """Who wrote it, and where."""


class Fact(Value, frozen=True):
    """Something to know of a file."""

    code: Risk
    detail: str
    """What the file does or is, to follow its name in a sentence: 'is a program'."""


class Attachment(Value, frozen=True):
    """A file that came with a message. Its bytes stay in the evidence."""

    name: str
    """As the sender named it, decoded, without control characters; never a path to write to."""
    type: str
    """The declared media type, lower case."""
    size: int
    """Bytes after the transfer encoding is taken off."""
    sha256: str
    inline: bool
    """Shown inside the text (a picture with a Content-ID), not offered as a file."""
    kind: str = ""
    """What it is by its content ('pdf', 'docx', 'program'), 'unknown' when nothing here knows; empty when not opened."""
    facts: tuple[Fact, ...] = ()
    """What is dangerous or hidden in it."""
    text: str = ""
    """Its text as far as it was read, files inside it included; lines end in one newline."""
    unread: str = ""
    """Why its text, or some of it, was not looked at, as a sentence's end; empty when it was, or when it holds none."""


class Unread(Value, frozen=True):
    """A stretch of a message that was not looked at, and why. It is kept, hashed and listed."""

    what: str
    """The part's media type or name."""
    size: int
    sha256: str
    reason: str
    """One plain sentence: 'encrypted (S/MIME)', 'Outlook rich text (TNEF)', 'nested more than 50 deep' …"""


class View(StrEnum):
    """Which form of the text the reader sees."""

    HTML = "html"
    PLAIN = "plain"
    NONE = "none"


class Hint(StrEnum):
    """What a mail program's own mark-up says of a stretch of text."""

    QUOTE = "quote"
    """A block quotation or a mail program's 'history' container."""
    HISTORY = "history"
    """From here to the end is history (Outlook's reply-forward divider)."""
    SIGNATURE = "signature"
    """The mail program's own signature container."""


class Mark(Value, frozen=True):
    """A stretch of `Body.text`, half-open, that the HTML itself names."""

    start: int
    end: int
    hint: Hint


class Link(Value, frozen=True):
    """Where a link in the HTML leads, which the text it stands on need not say."""

    at: int
    """Where the line of `Body.text` begins that the link ends on."""
    target: str


class Body(Value, frozen=True):
    """The text of a message as a reader sees it."""

    text: str
    """Lines end in one newline; no carriage returns, no NUL, no lone surrogates; paragraphs keep their blank lines."""
    view: View
    marks: tuple[Mark, ...] = ()
    """What the HTML says of stretches of `text`, in order; empty for plain text."""
    links: tuple[Link, ...] = ()
    """Web links that show as text, in order; empty for plain text. Never followed."""
    hidden: str = ""
    """Text in the HTML that a reader does not see (display:none, size 0, white on white …)."""
    other: str = ""
    """The other view's text when the message came as both HTML and plain; empty otherwise."""
    agreement: float = 1.0
    """How much of their words the two views share, 0 to 1; 1 when there is one view only."""


class Mail(Value, frozen=True):
    """One message. Made by `parse.parse`, which never raises and never loses."""

    sha256: str
    """Of the provider's own bytes: the evidence this was made from."""
    size: int
    """Length of those bytes."""
    message_id: str
    """Without angle brackets; empty when the header is missing."""
    in_reply_to: str
    references: tuple[str, ...]
    subject: str
    sent: datetime | None
    """UTC. None when the Date header is missing or nonsense; never a stand-in date."""
    sender: Address
    """The first From; an empty Address when there is none."""
    authors: tuple[Address, ...]
    """Every From address, the first included."""
    submitter: Address | None
    """The Sender header, when it names someone else: sent on behalf."""
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    body: Body
    attachments: tuple[Attachment, ...] = ()
    attached: tuple[Mail, ...] = ()
    """Messages attached whole (message/rfc822): each its own message, never merged into this one's text."""
    unread: tuple[Unread, ...] = ()
    kind: Kind = Kind.ORDINARY
    defects: tuple[Defect, ...] = ()
    bulk: bool = False
    """Whether its headers say that a mailing list or a mailing program sent it (RFC 2369, RFC 2919, Precedence)."""

    @property
    def recipients(self) -> tuple[Address, ...]:
        """To, Cc and Bcc, in that order."""
        return self.to + self.cc + self.bcc


class Zone(StrEnum):
    """Whose words a stretch of text is."""

    OWN = "own"
    SIGNATURE = "signature"
    WAIVER = "waiver"
    QUOTED = "quoted"
    FORWARDED = "forwarded"


class Segment(Value, frozen=True):
    """A run of whole lines of `Body.text`, half-open, with whose words they are."""

    zone: Zone
    start: int
    end: int
    confidence: float
    """0 to 1: how sure the splitter is; low where two readings disagree."""


class Part(Value, frozen=True):
    """All lines of one zone, unaltered, in reading order, and where they stand in the body."""

    text: str
    """The segments' text, joined by a newline where one does not already end the former."""
    segments: tuple[Segment, ...]
    confidence: float
    """The least of its segments'; 1 when the part is empty."""


class Parts(Value, frozen=True):
    """A message's five parts; every line of the body is in exactly one."""

    own: Part
    signature: Part
    waiver: Part
    quoted: Part
    forwarded: Part
