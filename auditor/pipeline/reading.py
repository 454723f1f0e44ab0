"""What the store keeps of a message, packed and unpacked. Runs in the guarded child."""

from __future__ import annotations

import msgspec

from auditor.mail.message import Address, Mail, Segment
from auditor.store.records import Reading, Terms
from auditor.store.terms import address_terms, terms
from auditor.values import Value


class Record(Value, frozen=True):
    """What is kept of a message besides its bytes: made again from them whenever the reader improves."""

    mail: Mail
    segments: tuple[Segment, ...]
    """Own, quoted and forwarded only: signature and waiver depend on the policy, and are found when judging."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Record)


def pack(record: Record) -> bytes:
    """The store's form of a record."""
    return _encoder.encode(record)


def unpack(packed: bytes) -> Record:
    """A record from the store's form."""
    return _decoder.decode(packed)


def prepared(made: Record) -> Reading:
    """A record as the store keeps it, with its search terms."""
    mail = made.mail
    return Reading(
        packed=pack(made),
        message_id=mail.message_id,
        in_reply_to=mail.in_reply_to,
        sent=mail.sent,
        sender=mail.sender.email,
        subject=mail.subject,
        attachments=len([a for a in mail.attachments if not a.inline]),
        terms=_terms(mail),
        text_size=_size(mail.body.text),
        defects=tuple(sorted({d.code for d in mail.defects})) if mail.defects else (),
        unread=tuple(_unread(mail)),
        recipients=tuple([address.email for address in mail.recipients]),
        enclosed=tuple([a.sha256 for a in mail.attachments if not a.inline]) if mail.attachments else (),
    )


def _unread(mail: Mail) -> list[str]:
    """Why parts of a message, and files that came with it, were not looked at; within attached messages too."""
    reasons = [one.reason for one in mail.unread]
    reasons += [f"{file.name or 'a file'}: {file.unread}" for file in mail.attachments if file.unread]
    for inner in mail.attached:
        reasons += _unread(inner)
    return reasons


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _terms(mail: Mail) -> Terms:
    return Terms(
        sender=_people((mail.sender,)),
        recipients=_people(mail.to),
        copied=_people(mail.cc + mail.bcc),
        subject=terms(mail.subject),
        body=terms("\n".join(_texts(mail))),
        attachments=terms("\n".join(_names(mail))),
    )


def _people(addresses: tuple[Address, ...]) -> str:
    return " ".join([address_terms(f"{a.name} {a.email}" if a.name else a.email) for a in addresses])


def _texts(mail: Mail) -> list[str]:
    """Everything in the message that a search must find: both views, hidden text, files, attached messages."""
    texts = [mail.body.text]
    if mail.body.other and mail.body.agreement < 1:
        texts.append(mail.body.other)
    if mail.body.hidden:
        texts.append(mail.body.hidden)
    texts += [file.text for file in mail.attachments if file.text]
    for inner in mail.attached:
        texts += [inner.subject, *_texts(inner)]
    return texts


def _names(mail: Mail) -> list[str]:
    return [a.name for a in mail.attachments] + [name for inner in mail.attached for name in _names(inner)]
