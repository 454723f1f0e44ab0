"""A message as Microsoft Graph v1.0 shows it: JSON properties derived from the bytes it came as, each only when asked for."""

from __future__ import annotations

import base64
import email
import hashlib
import html
import re
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path
from typing import Any

# Real ids differ in case alone often enough; here each letter and the next do.
DIGITS = "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz0123456789-_"


def digits(number: int, width: int) -> str:
    """A number to the base 64, filled up on the left."""
    text = ""
    for _ in range(width):
        number, last = divmod(number, 64)
        text = DIGITS[last] + text
    return text


def number_of(text: str) -> int:
    number = 0
    for letter in text:
        number = number * 64 + DIGITS.index(letter)
    return number


def lasting(seed: str, number: int) -> str:
    """An immutable id."""
    return f"AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A{seed}{digits(number, 10)}{'A' * 64}AAA="


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(slots=True, eq=False)
class Letter:
    """A message in a mailbox. Whoever reads or changes one holds the mailbox's lock."""

    number: int
    owner: str
    """The mailbox's address."""
    seed: str
    """Ten characters that tell the mailbox's ids from other mailboxes'."""
    folder: int
    folder_id: str
    source: bytes | Path
    key: str
    """What `changeKey` says."""
    made: datetime
    changed: datetime
    bcc: tuple[str, ...] = ()
    draft: bool = False
    sent: datetime | None = None
    received: datetime | None = None
    read: bool = True
    mime: str = "ok"
    """What `/$value` answers; see `microsoft_mailbox.MIME`."""
    own: bool = False
    """Sent from this mailbox: Graph gives no internetMessageHeaders for it."""
    address_of: Mapping[str, str | None] = field(default_factory=dict)
    """What stands in place of an address: a legacy name, or None for nothing."""
    cloud: tuple[str, ...] = ()
    """Names of files that are attached by a link."""
    moves: int = 0
    _headers: Message | None = None
    _size: int = -1

    @property
    def raw(self) -> bytes:
        return self.source if isinstance(self.source, bytes) else self.source.read_bytes()

    @property
    def size(self) -> int:
        if self._size < 0:
            self._size = len(self.source) if isinstance(self.source, bytes) else self.source.stat().st_size
        return self._size

    @property
    def headers(self) -> Message:
        if self._headers is None:
            self._headers = BytesHeaderParser().parsebytes(_head(self.source))
        return self._headers

    def replace(self, source: bytes | Path) -> None:
        """Other bytes."""
        self.source, self._headers, self._size = source, None, -1

    def id(self, immutable: bool) -> str:
        """The id that stays when the message is moved, or the one that does not."""
        if immutable:
            return lasting(self.seed, self.number)
        place = f"{digits(self.number, 10)}{digits(self.folder, 3)}{digits(self.moves, 3)}"
        return f"AAMkADNkNmAwLTg4{self.seed}{place}{'A' * 88}AAA="

    @property
    def etag(self) -> str:
        return f'W/"{self.key}"'

    @property
    def sent_at(self) -> datetime:
        """The Date header, or when it arrived where that is missing or nonsense."""
        return self.sent or _date(self.headers) or self.made

    @property
    def received_at(self) -> datetime:
        return self.received or _date(self.headers) or self.made

    def text(self, name: str) -> str:
        """A header, decoded."""
        return _decoded(self.headers.get(name, ""))

    def people(self, *names: str) -> list[dict[str, Any]]:
        """The recipients that headers name."""
        values = [str(value) for name in names for value in self.headers.get_all(name, [])]
        return [self._person(name, address) for name, address in getaddresses(values) if name or address]

    def _person(self, name: str, address: str) -> dict[str, Any]:
        shown = self.address_of.get(address, address)
        person = {"name": _decoded(name) or address} | ({} if shown is None else {"address": shown})
        return {"emailAddress": person}

    def blind(self) -> list[dict[str, Any]]:
        return self.people("Bcc") + [self._person("", address) for address in self.bcc]

    def parsed(self) -> Message:
        return email.message_from_bytes(self.raw)


ID = re.compile(r"(AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A|AAMkADNkNmAwLTg4)(\S{10})(\S{10})\S*AAA=")


@dataclass(frozen=True, slots=True)
class Wish:
    """How a client wants its messages."""

    select: tuple[str, ...] = ()
    immutable: bool = True
    text: bool = False
    """Bodies as text."""
    size: bool = False
    """With the extended property PR_MESSAGE_SIZE."""
    basic: bool = False
    """Only what Mail.ReadBasic shows."""


SIZE = "Integer 0xe08"
HIDDEN = {"uniqueBody", "internetMessageHeaders"}
CONTENT = {"body", "bodyPreview", "uniqueBody"}


def shown(letter: Letter, wish: Wish, only: frozenset[str] | None = None) -> dict[str, Any]:
    """The message resource; with `only`, of the properties wished for those alone."""
    names = [name for name in PROPERTIES if (name in wish.select if wish.select else name not in HIDDEN)]
    entry: dict[str, Any] = {"@odata.etag": letter.etag, "id": letter.id(wish.immutable)}
    for name in names:
        if (only is None or name in only) and not (wish.basic and name in CONTENT):
            value = PROPERTIES[name](letter, wish)
            if value is not ABSENT:
                entry[name] = value
    if wish.size:
        entry["singleValueExtendedProperties"] = [{"id": SIZE, "value": str(letter.size + 1234)}]
    return entry


def _head(source: bytes | Path) -> bytes:
    if isinstance(source, Path):
        with source.open("rb") as file:
            source = file.read(1 << 18)
    found = re.search(rb"\r?\n\r?\n", source)
    return source[: found.end()] if found else source


def _decoded(value: object) -> str:
    text = str(value).replace("\r", "").replace("\n", "")
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, ValueError):
        return text.encode("utf-8", "replace").decode()


def _date(headers: Message) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(headers["Date"]))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


ABSENT = object()


def _base64(data: str) -> str:
    return base64.b64encode(hashlib.sha256(data.encode()).digest()[:22]).decode()


def _thread(letter: Letter) -> str:
    """What the first message of a conversation and its answers have in common."""
    references = f"{letter.headers.get('References', '')} {letter.headers.get('In-Reply-To', '')}".split()
    return references[0] if references else str(letter.headers.get("Message-ID", letter.number)).strip()


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that are not containers; an attached message is one of them, unopened."""
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in message.get_payload():
            assert isinstance(part, Message)
            yield from _leaves(part)
    else:
        yield message


def _attached(part: Message) -> bool:
    text = part.get_content_maintype() == "text"
    return part.get_content_disposition() == "attachment" or part.get_filename() is not None or not text


def _data(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _words(part: Message) -> str:
    data = _data(part)
    try:
        return data.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def bodies(letter: Letter) -> tuple[str | None, str | None]:
    """The first text and the first HTML that are no attachments."""
    found: dict[str, str] = {}
    for part in _leaves(letter.parsed()):
        if not _attached(part) and part.get_content_type() not in found:
            found[part.get_content_type()] = _words(part)
    return found.get("text/plain"), found.get("text/html")


def _plain(text: str | None, page: str | None) -> str:
    return text if text is not None else html.unescape(re.sub(r"<[^>]*>", "", page or ""))


def _body(letter: Letter, wish: Wish) -> dict[str, str]:
    """HTML unless text was asked for: Exchange makes a page of a message that is only text."""
    text, page = bodies(letter)
    if wish.text:
        return {"contentType": "text", "content": _plain(text, page)}
    made = f'<html><head></head><body><div class="PlainText">{html.escape(text or "")}</div></body></html>'
    return {"contentType": "html", "content": page if page is not None else made}


def _preview(letter: Letter, wish: Wish) -> str:
    return _plain(*bodies(letter)).strip()[:255]


def attachments(letter: Letter) -> list[tuple[dict[str, Any], bytes | None]]:
    """Each attachment as Graph lists it, with its bytes where it has any of its own."""
    parts = [part for part in _leaves(letter.parsed()) if _attached(part)]
    found = [_attachment(letter, place, part) for place, part in enumerate(parts)]
    for place, name in enumerate(letter.cloud, len(found)):
        entry = {"contentType": "application/octet-stream", "size": 1060, "isInline": False}
        found.append(({"@odata.type": "#microsoft.graph.referenceAttachment", "name": name} | entry, None))
        found[place][0]["id"] = _attachment_id(letter, place)
    for entry, _ in found:
        entry["lastModifiedDateTime"] = moment(letter.changed)
    return found


def _attachment_id(letter: Letter, place: int) -> str:
    return f"{letter.id(True)[:-4]}BEgAQA{digits(place, 4)}AAA="


def _attachment(letter: Letter, place: int, part: Message) -> tuple[dict[str, Any], bytes | None]:
    inline = part.get_content_disposition() == "inline" or part.get("Content-ID") is not None
    entry = {"id": _attachment_id(letter, place), "isInline": inline}
    if part.get_content_type() == "message/rfc822":
        held: Any = part.get_payload()
        inner: Message = held[0]
        data = inner.as_bytes()
        name = part.get_filename() or _decoded(inner.get("Subject", ""))
        kind = {"@odata.type": "#microsoft.graph.itemAttachment", "name": name, "contentType": None}
        return kind | {"size": len(data)} | entry, data
    data = _data(part)
    content = part.get("Content-ID")
    facts = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": _decoded(part.get_filename() or f"ATT{place:05}"),
        "contentType": part.get_content_type(),
        "size": len(data),
        "contentId": str(content).strip("<>") if content else None,
        "contentLocation": None,
    }
    return facts | entry, data


def _internet_headers(letter: Letter, wish: Wish) -> object:
    # Graph has none for sent mail: microsoft-graph-docs#2716, #18761.
    if letter.own or "internetMessageHeaders" not in wish.select:
        return ABSENT
    return [{"name": name, "value": _decoded(value)} for name, value in letter.headers.items()]


def _link(letter: Letter, wish: Wish) -> str:
    item = urllib.parse.quote(letter.id(wish.immutable), safe="")
    return f"https://outlook.office365.com/owa/?ItemID={item}&exvsurl=1&viewmodel=ReadMessageItem"


def _importance(letter: Letter, wish: Wish) -> str:
    said = letter.text("Importance").lower()
    return said if said in ("low", "high") else "normal"


def _first(*names: str) -> Callable[[Letter, Wish], object]:
    def person(letter: Letter, wish: Wish) -> object:
        found = next((people for name in names if (people := letter.people(name))), [])
        return found[0] if found else ABSENT

    return person


def _keywords(letter: Letter, wish: Wish) -> list[str]:
    return [word.strip() for word in letter.text("Keywords").split(",") if word.strip()]


PROPERTIES: dict[str, Callable[[Letter, Wish], object]] = {
    "createdDateTime": lambda letter, wish: moment(letter.made),
    "lastModifiedDateTime": lambda letter, wish: moment(letter.changed),
    "changeKey": lambda letter, wish: letter.key,
    "categories": _keywords,
    "receivedDateTime": lambda letter, wish: moment(letter.received_at),
    "sentDateTime": lambda letter, wish: moment(letter.sent_at),
    "hasAttachments": lambda letter, wish: any(not entry["isInline"] for entry, _ in attachments(letter)),
    "internetMessageId": lambda letter, wish: letter.text("Message-ID").strip() or None,
    "subject": lambda letter, wish: letter.text("Subject"),
    "bodyPreview": _preview,
    "importance": _importance,
    "parentFolderId": lambda letter, wish: letter.folder_id,
    "conversationId": lambda letter, wish: f"AAQkAD{_base64(_thread(letter))}",
    "conversationIndex": lambda letter, wish: _base64(_thread(letter) + "index"),
    "isDeliveryReceiptRequested": lambda letter, wish: "Return-Receipt-To" in letter.headers,
    "isReadReceiptRequested": lambda letter, wish: "Disposition-Notification-To" in letter.headers,
    "isRead": lambda letter, wish: letter.read,
    "isDraft": lambda letter, wish: letter.draft,
    "webLink": _link,
    "inferenceClassification": lambda letter, wish: "focused",
    "body": _body,
    "uniqueBody": _body,
    "sender": _first("Sender", "From"),
    "from": _first("From", "Sender"),
    "toRecipients": lambda letter, wish: letter.people("To"),
    "ccRecipients": lambda letter, wish: letter.people("Cc"),
    "bccRecipients": lambda letter, wish: letter.blind(),
    "replyTo": lambda letter, wish: letter.people("Reply-To"),
    "flag": lambda letter, wish: {"flagStatus": "notFlagged"},
    "internetMessageHeaders": _internet_headers,
}
