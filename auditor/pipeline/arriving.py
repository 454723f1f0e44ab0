"""From an arriving message's bytes to what the store keeps of it and what the rules say of it. Runs in the guarded child.

Most messages have no copy and no reply in another mailbox: read and judged in one go, they are done.
The steps are those of `tasks.arriving`, in order; what a step settles is passed on by those after it.
"""

from __future__ import annotations

from typing import NamedTuple

from auditor.mail.message import Mail
from auditor.mail.parse import envelope, over_limits, parse
from auditor.mail.segments import split
from auditor.pipeline.judging import judge_alone
from auditor.pipeline.reading import Record, prepared
from auditor.pipeline.tasks import Admission, Arrived, Arrives, Letter, OverLimits
from auditor.store.interface import PassedOver, Reading

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


def read(under: Admission, letter: Letter) -> Opened | Settled:
    """Parses a message. Of a private one nothing but the headers is looked at."""
    raw, mailbox, folders = letter
    if under.private and under.private.covers(envelope(raw)):
        return PassedOver.PRIVATE
    mail = parse(raw)
    reason = over_limits(mail)
    return OverLimits(reason) if reason else Opened(mail, mailbox, folders)


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


def judge(under: Admission, made: Prepared | Settled) -> Arrives:
    """Puts every rule to it, by itself."""
    if not isinstance(made, Prepared):
        return made
    return Arrived(made.reading, judge_alone(under.policy, made.record, made.mailbox, made.folders))


def leave_unjudged(_under: Admission, made: Prepared | Settled) -> Arrives:
    """Leaves it to the queue: the rules could not be put to it."""
    return Arrived(made.reading, None) if isinstance(made, Prepared) else made
