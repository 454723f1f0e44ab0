"""One message, parsed, split and judged without a store; what `auditor scan` prints of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from auditor.analysers.base import Case
from auditor.findings import Finding
from auditor.mail.limits import UNOPENED
from auditor.mail.message import Mail
from auditor.mail.parse import envelope, over_limits, parse
from auditor.mail.segments import split
from auditor.past import Remark
from auditor.pipeline.judging import identified, parts
from auditor.pipeline.postbook import packed
from auditor.pipeline.reading import Record
from auditor.pipeline.tasks import OverLimits
from auditor.policy import Agreed, Person, Policy, Role

STRANGER = Person(name="", role=Role.COUNCILLOR, title="", mailbox="")
"""Stands in for a sender nobody knows: every blank of a template accepts anything plausible."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was read and found."""

    message_id: str
    sender: str
    sent: datetime | None
    parts: dict[str, str]
    """By zone name; empty text where there is none."""
    findings: tuple[tuple[str, Finding], ...]
    """(identity, finding), in report order."""


def entered(head: bytes) -> bytes:
    """A message's line in the post book, packed, read from its headers alone; empty where it has none."""
    return packed(envelope(head))


def examined(policy: Policy, letter: tuple[bytes, tuple[Remark, ...]]) -> Examined | OverLimits:
    """`examine`, for a message and what earlier mail says of its recipients."""
    return examine(policy, *letter)


def examined_unopened(policy: Policy, letter: tuple[bytes, tuple[Remark, ...]]) -> Examined | OverLimits:
    """The same, and leaves its files shut: opening them ended the reader."""
    raw, past = letter
    return _examine(policy, parse(raw, UNOPENED), past)


def examine(policy: Policy, raw: bytes, past: tuple[Remark, ...] = ()) -> Examined | OverLimits:
    """Reads one message. Findings only where the sender is one of the council's people or at its domains."""
    return _examine(policy, parse(raw), past)


def _examine(policy: Policy, mail: Mail, past: tuple[Remark, ...]) -> Examined | OverLimits:
    if reason := over_limits(mail):
        return OverLimits(reason)
    sender = policy.person(mail.sender, policy.day(mail.sent))
    agreed: Agreed = policy.agreed(sender or STRANGER)
    found = parts(Record(mail, split(mail.body, mail.subject)), agreed)
    findings = tuple(identified(Case(mail, found, sender, agreed, policy, past=past))) if sender else ()
    zones = ("own", "signature", "waiver", "quoted", "forwarded")
    return Examined(
        mail.message_id, mail.sender.email, mail.sent, {zone: getattr(found, zone).text for zone in zones}, findings
    )
