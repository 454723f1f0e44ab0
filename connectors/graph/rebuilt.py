"""A message put together from Graph's JSON, where Graph cannot give the message as it was sent. It says so of itself.

Two readings of the same JSON give the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Any

from connectors.graph.rows import addresses, moment

PARTS = (
    "id,subject,from,sender,toRecipients,ccRecipients,bccRecipients,replyTo,sentDateTime,internetMessageId,"
    "internetMessageHeaders,body,hasAttachments"
)
"""What Graph is asked for."""
FORM = "X-Auditor-Form"
"""The header that says what this is."""

_HEADERS = (("To", "toRecipients"), ("Cc", "ccRecipients"), ("Bcc", "bccRecipients"), ("Reply-To", "replyTo"))
_KEPT = frozenset({"in-reply-to", "references", "auto-submitted", "x-auto-response-suppress", "list-id", "precedence"})
_POLICY = SMTP.clone(max_line_length=900)


def rebuilt(said: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> bytes:
    """RFC 822 bytes.

    Args:
        said: the message as Graph gives it with `$select=PARTS`.
        files: its attachments, as Graph lists them.
    """
    mail = EmailMessage(policy=_POLICY)
    mail[FORM] = "put together from the provider's JSON"
    for name, key in (("From", "from"), ("Sender", "sender")):
        if pairs := addresses({key: [said.get(key)]}, key):
            mail[name] = _people(pairs[:1])
    for name, key in _HEADERS:
        if pairs := addresses(said, key):
            mail[name] = _people(pairs)
    mail["Subject"] = _line(said.get("subject"))
    if when := moment(said.get("sentDateTime")):
        mail["Date"] = format_datetime(when)
    if one := _line(said.get("internetMessageId")):
        mail["Message-ID"] = one
    for header in said.get("internetMessageHeaders") or ():
        if isinstance(header, dict) and str(header.get("name", "")).lower() in _KEPT:
            mail[str(header["name"])] = _line(header.get("value"))
    body = said["body"] if isinstance(said.get("body"), dict) else {}
    mail.set_content(str(body.get("content") or ""), subtype="html" if body.get("contentType") == "html" else "plain")
    for file in files:
        _attach(mail, file)
    _settle_boundaries(mail, json.dumps([said.get("id"), len(files)]))
    return mail.as_bytes()


def _people(pairs: list[tuple[str, str]]) -> str:
    # Exchange's own addresses (/o=…) are none of the Internet's.
    return ", ".join(formataddr((_line(name), _line(address) if "@" in address else "")) for name, address in pairs)


def _attach(mail: EmailMessage, file: Mapping[str, Any]) -> None:
    name = _line(file.get("name")) or "attachment"
    try:
        content = base64.b64decode(str(file["contentBytes"]), validate=True)
    except (KeyError, binascii.Error, ValueError):
        note = f"The file '{name}' came with this message; the provider's JSON does not hold it."
        mail.add_attachment(note, filename=f"{name}.txt")
        return
    main, _, sub = str(file.get("contentType") or "").partition("/")
    if not (main.isalpha() and sub) or main in ("multipart", "message", "text"):
        main, sub = "application", "octet-stream"
    mail.add_attachment(content, maintype=main, subtype=_line(sub).replace(" ", ""), filename=name)


def _settle_boundaries(mail: EmailMessage, of: str) -> None:
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary("form-" + hashlib.sha256(f"{of}{number}".encode()).hexdigest()[:32])


def _line(said: object) -> str:
    """Text that is one line of a header."""
    return " ".join(str(said or "").split())
