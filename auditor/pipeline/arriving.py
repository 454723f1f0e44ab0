"""From an arriving message's bytes to what the store keeps of it and what the rules say of it. Runs in the guarded child.

Most messages have no copy and no reply in another mailbox: read and judged in one go, they are done.
The steps are those of `tasks.arriving`, in order; what a step settles is passed on by those after it.
"""

from __future__ import annotations

from typing import NamedTuple

from auditor.analysers.base import Case
from auditor.mail.headers import read_block
from auditor.mail.limits import DEFAULT, UNOPENED, Limits
from auditor.mail.message import Address, Kind, Mail
from auditor.mail.parse import envelope, over_limits, parse, too_large
from auditor.mail.segments import split
from auditor.mark import HEADER, genuine
from auditor.pipeline.judging import case_alone, judged
from auditor.pipeline.reading import Record, prepared
from auditor.pipeline.tasks import Admission, Arrived, Arrives, Letter, OverLimits
from auditor.store.records import PassedOver, Reading
from auditor.values import replace

Settled = OverLimits | PassedOver


class Opened(NamedTuple):
    """A message parsed."""

    mail: Mail
    mailbox: str
    folders: tuple[str, ...]


class Divided(NamedTuple):
    """A message of which is known whose words each line is."""

    record: Record
    mailbox: str
    folders: tuple[str, ...]


class Prepared(NamedTuple):
    """A message ready for the store."""

    reading: Reading
    record: Record
    mailbox: str
    folders: tuple[str, ...]


class Closed(NamedTuple):
    """A message ready to be judged."""

    reading: Reading
    case: Case | None


def read(under: Admission, letter: Letter) -> Opened | Settled:
    """Parses a message. Of a private one nothing but the headers is looked at."""
    return _read(under, letter, DEFAULT)


def read_unopened(under: Admission, letter: Letter) -> Opened | Settled:
    """Parses a message and leaves its files shut: opening them ended the reader."""
    return _read(under, letter, UNOPENED)


def _read(under: Admission, letter: Letter, limits: Limits) -> Opened | Settled:
    given, mailbox, folders, bcc = letter
    raw = given if isinstance(given, bytes) else given.read(limits.headers if len(given) > limits.message else -1)
    if under.private and under.private.covers(addressed(envelope(raw), bcc)):
        return PassedOver.PRIVATE
    if len(given) > limits.message:
        return OverLimits(too_large(limits))
    mail = addressed(parse(raw, limits), bcc)
    if reason := over_limits(mail):
        return OverLimits(reason)
    return Opened(replace(mail, kind=Kind.NOTICE) if _ours(under.mark, raw, mail) else mail, mailbox, folders)


def _ours(key: bytes, raw: bytes, mail: Mail) -> bool:
    """Whether the auditor itself sent it. Nearly all mail lacks the header: one look for its name is all it costs."""
    if not key or raw.find(_MARK, 0, _FAR) < 0:
        return False
    said = read_block(raw, 0, len(raw), DEFAULT.headers).headers.get(HEADER.lower(), [])
    to = [address.email for address in mail.recipients]
    return len(said) == 1 and genuine(said[0], key, mail.sender.email, to, mail.subject)


_MARK = HEADER.encode()
_FAR = 65_536
"""Bytes in which the header is looked for."""


def addressed(mail: Mail, bcc: tuple[str, ...]) -> Mail:
    """With the hidden recipients that the provider names and the bytes do not."""
    known = {address.email for address in mail.bcc}
    more = tuple(Address("", email) for email in bcc if email not in known)
    return replace(mail, bcc=mail.bcc + more) if more else mail


def divide(_under: Admission, made: Opened | Settled) -> Divided | Settled:
    """Says whose words each line is."""
    if not isinstance(made, Opened):
        return made
    mail = made.mail
    return Divided(Record(mail, split(mail.body, mail.subject)), made.mailbox, made.folders)


def prepare(_under: Admission, made: Divided | Settled) -> Prepared | Settled:
    """Makes what the store keeps, and the search terms."""
    if not isinstance(made, Divided):
        return made
    return Prepared(prepared(made.record), *made)


def close(under: Admission, made: Prepared | Settled) -> Closed | Settled:
    """Takes signature and waiver off the words of whoever wrote it."""
    if not isinstance(made, Prepared):
        return made
    return Closed(made.reading, case_alone(under.policy, made.record, made.mailbox, made.folders))


def judge(_under: Admission, made: Closed | Settled) -> Arrives:
    """Puts every rule to it, by itself."""
    return Arrived(made.reading, judged(made.case)) if isinstance(made, Closed) else made


def leave_unjudged(_under: Admission, made: Prepared | Settled) -> Arrives:
    """Leaves it to the queue: the rules could not be put to it."""
    return Arrived(made.reading, None) if isinstance(made, Prepared) else made
