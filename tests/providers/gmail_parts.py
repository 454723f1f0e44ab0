"""A message as users.messages.get shows it: its parts, its bytes in base64url, and only the fields asked for."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from typing import Any

from providers.gmail import Mail, Mailbox
from providers.loopback import Answer

STRIDE = 3 * 2**16
"""Bytes encoded at a time; a multiple of three, so that the pieces join."""
FIELDS = frozenset(
    re.findall(
        r"\w+",
        """
    messages id threadId nextPageToken resultSizeEstimate labelIds snippet historyId internalDate payload sizeEstimate raw
    classificationLabelValues partId mimeType filename headers body parts name value attachmentId size data history
    messagesAdded messagesDeleted labelsAdded labelsRemoved message labels messageListVisibility labelListVisibility type
    messagesTotal messagesUnread threadsTotal threadsUnread color textColor backgroundColor emailAddress
        """,
    )
)

Mask = dict[str, Any]
"""Names wanted, each with the names wanted in it; nothing in it is everything."""


def mask(fields: str) -> Mask:
    """`fields` as Google has it, such as 'messages(id,threadId),nextPageToken'; AssertionError where it has no sense."""
    words = re.findall(r"[^,()/]+|[,()/]", fields)
    wanted, rest = _names(words)
    assert not rest, f"Invalid field selection {fields}"
    return wanted


def _names(words: list[str]) -> tuple[Mask, list[str]]:
    wanted: Mask = {}
    while words:
        name, words = words[0], words[1:]
        assert name == "*" or name in FIELDS, f"Invalid field selection {name}"
        inner: Mask = {}
        if words[:1] == ["/"]:
            inner, words = _one(words[1:])
        elif words[:1] == ["("]:
            inner, words = _names(words[1:])
            assert words[:1] == [")"], "Invalid field selection: a bracket is not closed"
            words = words[1:]
        wanted[name] = inner
        if words[:1] != [","]:
            break
        words = words[1:]
    assert wanted, "Invalid field selection: nothing is asked for"
    return wanted, words


def _one(words: list[str]) -> tuple[Mask, list[str]]:
    """A name behind a slash, which binds closer than a comma."""
    end = words.index(",") if "," in words and "(" not in words[: words.index(",")] else len(words)
    inner, rest = _names(words[:end])
    return inner, rest + words[end:]


def masked(document: Any, wanted: Mask) -> Any:
    if not wanted or "*" in wanted:
        return document
    if isinstance(document, list):
        return [masked(item, wanted) for item in document]
    if not isinstance(document, dict):
        return document
    return {name: masked(document[name], inner) for name, inner in wanted.items() if name in document}


def encoded(raw: bytes, *, padded: bool) -> Iterator[bytes]:
    """base64url in pieces, so that no whole copy is needed."""
    view = memoryview(raw)
    for at in range(0, len(raw), STRIDE):
        piece = base64.urlsafe_b64encode(view[at : at + STRIDE])
        yield piece if padded else piece.rstrip(b"=")


def answer(document: dict[str, Any], mail: Mail, *, raw: bool) -> Answer:
    """A message; with `raw`, its bytes go straight into the body that is sent."""
    if not raw or mail.spoilt == "absent":
        return Answer.json(document)
    body = bytearray(json.dumps(document)[:-1].encode())
    body += b', "raw": "' if document else b'"raw": "'
    for piece in _spoilt(mail):
        body += piece
    body += b'"}'
    return Answer(200, body, {"Content-Type": "application/json; charset=UTF-8"})


def _spoilt(mail: Mail) -> Iterator[bytes]:
    if mail.spoilt == "base64":
        yield from (b"*" + piece[:-3] for piece in encoded(mail.raw, padded=False))
    elif mail.spoilt != "empty":
        yield from encoded(mail.raw, padded=mail.padded)


def document(mail: Mail) -> dict[str, Any]:
    """What every format holds. Numbers of 64 bits are strings."""
    return mail.brief() | {
        "snippet": _snippet(mail),
        "historyId": str(mail.history),
        "internalDate": str(mail.received),
        "sizeEstimate": mail.size_estimate,
    }


def headers(message: Message, only: set[str] | None = None) -> list[dict[str, str]]:
    """`only`: names in small letters; None for all."""
    return [
        {"name": name, "value": str(value)} for name, value in message.items() if only is None or name.lower() in only
    ]


def payload(mailbox: Mailbox, mail: Mail) -> dict[str, Any]:
    """format=full: attachments are left out, each with an id to ask for it by, another every time."""
    return _part(mailbox, mail, BytesParser().parsebytes(mail.raw), "")


def part(mail: Mail, number: str) -> bytes:
    """The bytes of a part that `payload` numbered."""
    message: Message = BytesParser().parsebytes(mail.raw)
    for step in number.split(".") if number else ():
        message = _children(message)[int(step)]
    return _bytes(message)


def _part(mailbox: Mailbox, mail: Mail, message: Message, number: str) -> dict[str, Any]:
    name = message.get_filename() or ""
    shown: dict[str, Any] = {
        "partId": number,
        "mimeType": message.get_content_type(),
        "filename": name,
        "headers": headers(message),
    }
    children = _children(message)
    if children:
        within = number + "." if number else ""
        parts = [_part(mailbox, mail, child, f"{within}{i}") for i, child in enumerate(children)]
        return shown | {"body": {"size": 0}, "parts": parts}
    data = _bytes(message)
    body: dict[str, Any] = {"size": len(data)}
    if name:
        body = {"attachmentId": mailbox.attachment(mail.id, number)} | body
    elif data:
        body["data"] = b"".join(encoded(data, padded=mail.padded)).decode()
    return shown | {"body": body}


def _children(message: Message) -> list[Message]:
    parts = message.get_payload()
    return [part for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []


def _bytes(message: Message) -> bytes:
    data = message.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _snippet(mail: Mail) -> str:
    text = re.split(rb"\r?\n\r?\n", mail.raw[:4096], maxsplit=1)[-1].decode("utf-8", "replace")
    return " ".join(text.split())[:200]
