"""A letter as RFC 822 bytes, in the structure its mail program would send."""

from __future__ import annotations

import hashlib
from email import message_from_string
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from auditor.sample import clients, enclosures
from auditor.sample.clients import CLIENTS, Client
from auditor.sample.letter import Letter
from auditor.sample.voices import Voice

_POLICY = SMTP.clone(max_line_length=998)


def render(letter: Letter) -> bytes:
    """The whole message, lines ending in CRLF."""
    kind = letter.note.options.get("kind", "")
    message = {"meeting": _meeting, "bounce": _bounce}.get(kind, _ordinary)(letter)
    if kind == "auto":
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    _boundaries(message, letter.message_id)
    return message.as_bytes()


def _ordinary(letter: Letter) -> EmailMessage:
    client = CLIENTS[letter.client]
    message = _headed(letter)
    if letter.client == "outlook-phone" and letter.parent is None:
        return _enclosed(_only_html(message, client, letter), letter)
    _text(message, clients.plain(letter), client)
    if client.markup is not None:
        message.add_alternative(client.document(clients.markup(letter)), subtype="html", cte=client.encoding)
    if letter.client == "outlook-crest":
        _crest(message)
    return _enclosed(message, letter)


def _only_html(message: EmailMessage, client: Client, letter: Letter) -> EmailMessage:
    """The telephone app sends a new message as HTML alone."""
    message.set_content(client.document(clients.markup(letter)), subtype="html", cte="base64")
    return message


def _text(message: EmailMessage, text: str, client: Client) -> None:
    try:
        text.encode(client.charset)
        charset = client.charset
    except UnicodeEncodeError:
        charset = "utf-8"
    encoding = client.encoding if not text.isascii() or len(max(text.split("\n"), key=len)) > 900 else "7bit"
    message.set_content(text, charset=charset if encoding != "7bit" else "us-ascii", cte=encoding)


def _headed(letter: Letter) -> EmailMessage:
    message = EmailMessage(policy=_POLICY)
    message["Date"] = format_datetime(letter.sent)
    message["From"] = _address(letter.writer)
    message["To"] = [_address(v) for v in letter.to]
    for name, voices in (("Cc", letter.cc), ("Bcc", letter.bcc)):
        if voices:
            message[name] = [_address(v) for v in voices]
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{letter.message_id}>"
    if letter.parent and not letter.note.forward:
        message["In-Reply-To"] = f"<{letter.parent.message_id}>"
        message["References"] = " ".join(f"<{past}>" for past in reversed(_ancestors(letter)))
    name, _, value = CLIENTS[letter.client].mailer.partition(": ")
    if name:
        message[name] = value
    return message


def _ancestors(letter: Letter) -> list[str]:
    return [letter.parent.message_id, *_ancestors(letter.parent)] if letter.parent else []


def _address(voice: Voice) -> Address:
    return Address(voice.name, addr_spec=voice.email)


def _crest(message: EmailMessage) -> None:
    """The crest beside the HTML that shows it."""
    page = message.get_body(("html",))
    if isinstance(page, EmailMessage):
        page.add_related(
            enclosures.png("Crest"),
            "image",
            "png",
            cid="<crest@thorrington>",
            filename="crest.png",
            disposition="inline",
        )


def _enclosed(message: EmailMessage, letter: Letter) -> EmailMessage:
    for name in letter.note.several("att"):
        kind, subtype = enclosures.media(name)
        message.add_attachment(enclosures.enclosure(name), kind, subtype, filename=name)
    return message


def _meeting(letter: Letter) -> EmailMessage:
    """An acceptance as Outlook sends it: a calendar REPLY (RFC 5546) beside a line of text."""
    message = _headed(letter)
    message.set_content(letter.own + "\n" if letter.own else "\n")
    stamp = letter.sent.strftime("%Y%m%dT%H%M%S")
    lines = [
        "BEGIN:VCALENDAR",
        "METHOD:REPLY",
        "PRODID:Microsoft Exchange Server 2010",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        f"ATTENDEE;PARTSTAT=ACCEPTED;CN={letter.writer.name}:mailto:{letter.writer.email}",
        f"UID:{hashlib.sha256(letter.subject.encode()).hexdigest()[:24]}",
        f"DTSTAMP:{stamp}Z",
        f"SUMMARY:{letter.subject}",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    message.add_alternative("\r\n".join(lines) + "\r\n", subtype="calendar", params={"method": "REPLY"})
    return message


def _bounce(letter: Letter) -> EmailMessage:
    """A delivery report (RFC 3464): a human part, a machine part, the headers of what came back."""
    message = _headed(letter)
    message["Auto-Submitted"] = "auto-replied"
    message.set_content(letter.own)
    message.make_mixed()
    failed = letter.parent.to[0].email if letter.parent else ""
    report = EmailMessage(policy=_POLICY)
    report["Content-Type"] = "message/delivery-status"
    server = "Reporting-MTA: dns; mailhost.example.net\n"
    recipient = f"Final-Recipient: rfc822; {failed}\nAction: failed\nStatus: 5.1.1\n"
    report.set_payload([message_from_string(block) for block in (server, recipient)])
    message.attach(report)
    if letter.parent:
        headers = EmailMessage(policy=_POLICY)
        headers.set_content(_headed(letter.parent).as_string(), subtype="rfc822-headers")
        message.attach(headers)
    message.replace_header("Content-Type", "multipart/report")
    message.set_param("report-type", "delivery-status")
    return message


def _boundaries(message: EmailMessage, seed: str) -> None:
    """Gives every multipart a boundary of its own that stays the same."""
    for number, part in enumerate(message.walk()):
        if part.get_content_maintype() == "multipart":
            part.set_boundary(f"----=_Part_{number:03}_{hashlib.sha256(seed.encode()).hexdigest()[:16]}")
