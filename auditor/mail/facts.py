"""What a message's headers say, put together with what its parts hold."""

from __future__ import annotations

import hashlib
import re

from auditor.mail.addresses import addresses
from auditor.mail.dates import moment
from auditor.mail.headers import Headers
from auditor.mail.limits import Limits
from auditor.mail.message import Address, Attachment, Body, Defect, Kind, Mail, Unread

_NOBODY = Address("", "")
_ID = re.compile(r"<([^<>\s]+)>")
_REFERENCES = 1_000
_LISTS = frozenset({"list-unsubscribe", "list-id", "feedback-id"})
_BULK = frozenset({"bulk", "list", "junk"})


def mail_of(
    raw: bytes,
    headers: Headers,
    subject: str,
    limits: Limits,
    body: Body,
    defects: list[Defect],
    *,
    attachments: list[Attachment] | None = None,
    attached: list[Mail] | None = None,
    unread: list[Unread] | None = None,
    kind: Kind = Kind.ORDINARY,
) -> Mail:
    """The message; `defects` gains what was wrong with its headers."""

    def people(name: str) -> tuple[Address, ...]:
        found, wrong = addresses(headers[name], limits.recipients)
        if wrong:
            defects.extend(wrong)
        return found

    authors = people("from") if "from" in headers else ()
    sender = authors[0] if authors else _NOBODY
    if not sender.email:
        defects.append(Defect("address", "there is no usable From address"))
    elif len(headers["from"]) > 1:
        defects.append(Defect("address", "there is more than one From header"))
    sent, note = moment(headers["date"][0] if "date" in headers else "")
    if note:
        defects.append(Defect("date", note))
    submitter = people("sender")[:1] if "sender" in headers else ()
    return Mail(
        hashlib.sha256(raw).hexdigest(),
        len(raw),
        _identity(headers["message-id"][0]) if "message-id" in headers else "",
        _answered(headers["in-reply-to"][0]) if "in-reply-to" in headers else "",
        _references(headers["references"][0]) if "references" in headers else (),
        subject,
        sent,
        sender,
        authors,
        submitter[0] if submitter and submitter[0].email not in ("", sender.email) else None,
        people("reply-to") if "reply-to" in headers else (),
        people("to") if "to" in headers else (),
        people("cc") if "cc" in headers else (),
        people("bcc") if "bcc" in headers else (),
        body,
        tuple(attachments) if attachments else (),
        tuple(attached) if attached else (),
        tuple(unread) if unread else (),
        kind,
        tuple(dict.fromkeys(defects)) if defects else (),
        not _LISTS.isdisjoint(headers) or ("precedence" in headers and headers["precedence"][0].lower() in _BULK),
    )


def _identity(value: str) -> str:
    if value.startswith("<") and value.endswith(">") and value.find("<", 1) < 0 and " " not in value:
        return value[1:-1]
    match = _ID.search(value)
    return match[1] if match else "".join(value.split()).strip("<>")


def _answered(value: str) -> str:
    match = _ID.search(value)
    if match:
        return match[1]
    return value if "@" in value and " " not in value else ""


def _references(value: str) -> tuple[str, ...]:
    return tuple((_ID.findall(value) or [word for word in value.split() if "@" in word])[:_REFERENCES])
