"""Messages as they should not be: what arrives from old programs, careless gateways and mailboxes long moved about."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from auditor.sample.enclosures import tnef

_BREAK = b"\r\n\r\n"


def charset(raw: bytes) -> bytes:
    """Windows text that says it is in a character set nobody has heard of."""
    return raw.replace(b"windows-1252", b"x-parish-8bit", 1)


def encoding(raw: bytes) -> bytes:
    """Base64 with stray characters in it and its padding lost."""
    head, _, body = raw.partition(_BREAK)
    text = message_from_bytes(raw).get_payload(decode=True)
    words = text if isinstance(text, bytes) else body
    lines = base64.encodebytes(words).rstrip(b"=\n").split(b"\n")
    lines[1] = lines[1][:40] + b"!*" + lines[1][40:]
    head = re.sub(rb"(?im)^content-transfer-encoding:.*$", b"Content-Transfer-Encoding: base64", head)
    return head + _BREAK + b"\r\n".join(lines) + b"\r\n"


def boundary(raw: bytes) -> bytes:
    """A multipart whose heading does not say where its parts divide."""
    return re.sub(rb';\s*boundary="[^"]*"', b"", raw, count=1)


def no_date(raw: bytes) -> bytes:
    """No Date header."""
    return re.sub(rb"(?m)^Date:.*\r\n", b"", raw, count=1)


def eight_bit(raw: bytes) -> bytes:
    """A price with a raw pound sign in the Subject, against RFC 5322."""
    return re.sub(rb"(?m)^(Subject:.*?)\r\n", b"\\1 \xa3702\r\n", raw, count=1)


def nested(raw: bytes) -> bytes:
    """Another message attached whole, with one more inside it."""
    return _with_message(raw, _attached("Photographs of the verge", _attached("Verge by the chapel", None)))


def _attached(subject: str, inner: EmailMessage | None) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = "Edna Cracknell <edna.cracknell@example.com>"
    message["To"] = "Jo Tanner <deputy@thorrington.example.org>"
    message["Subject"] = subject
    message.set_content(f"Please see what I wrote about: {subject.lower()}. The ruts are worse since the rain.\n")
    if inner is not None:
        message.add_attachment(inner)
        message.set_boundary(f"nested-{len(subject)}")
    return message


def _with_message(raw: bytes, inner: EmailMessage) -> bytes:
    message = message_from_bytes(raw, EmailMessage, policy=SMTP.clone(max_line_length=998))
    message.add_attachment(inner)
    message.set_boundary("outer-" + "0" * 12)
    return message.as_bytes()


def winmail(raw: bytes) -> bytes:
    """Outlook's rich-text wrapper beside the plain text."""
    message = message_from_bytes(raw, EmailMessage, policy=SMTP.clone(max_line_length=998))
    message.add_attachment(tnef(str(message["Subject"])), "application", "ms-tnef", filename="winmail.dat")
    message.set_boundary("tnef-" + "0" * 12)
    return message.as_bytes()


def smime(raw: bytes) -> bytes:
    """Encrypted to its reader (RFC 8551 3.3): nobody else can see the text."""
    head, _, _ = raw.partition(_BREAK)
    kept = [line for line in re.split(rb"\r\n(?![ \t])", head) if not line.lower().startswith((b"content-", b"mime-"))]
    sealed = base64.encodebytes(bytes.fromhex("30800609 2a864886f70d010703a080") + bytes(range(256)) * 3)
    kept += [
        b"MIME-Version: 1.0",
        b'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
        b"Content-Transfer-Encoding: base64",
        b'Content-Disposition: attachment; filename="smime.p7m"',
    ]
    return b"\r\n".join(kept) + _BREAK + sealed.replace(b"\n", b"\r\n")


BREAKS: dict[str, Callable[[bytes], bytes]] = {
    "charset": charset,
    "base64": encoding,
    "boundary": boundary,
    "no-date": no_date,
    "8bit-header": eight_bit,
    "nested": nested,
    "tnef": winmail,
    "smime": smime,
}
"""By the name that a note's `broken` option gives."""
