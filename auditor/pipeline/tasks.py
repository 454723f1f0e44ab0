"""What the guarded child is asked and what it answers; light, so that the parent imports no parser and no analyser.

A night with nothing new then starts in a fraction of a second, and hostile input never meets the parent's libraries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from auditor.findings import Finding
from auditor.mail.message import Mail
from auditor.past import Remark
from auditor.pipeline.guard import Task
from auditor.policy import Policy
from auditor.spool import Raw
from auditor.store.records import Docket, Judgement, PassedOver, Reading
from auditor.values import Value

_LEAD = re.compile(r"(?:re|fw|fwd|aw|wg)\s*:|[\s\[(<*\"']")
"""What may stand before the mark of a private message: a sign of answering or passing on, an opening bracket."""


class PrivateRules(Value, frozen=True):
    """Which messages are counted and never read (`[policy] private_subjects`, `private_recipients`)."""

    subjects: tuple[str, ...] = ()
    """What marks a message as private where its subject begins with it."""
    recipients: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.subjects or self.recipients)

    def covers(self, envelope: Mail) -> bool:
        """Whether a message is private, by its headers alone."""
        if any(address.email in self.recipients for address in envelope.recipients):
            return True
        if not self.subjects:
            return False
        subject, marks = envelope.subject.casefold(), _marks(self.subjects)
        return any(marks.match(subject, at) for at in _beginnings(subject))


def _beginnings(subject: str) -> Iterator[int]:
    """Where a subject begins: at its first character, and after each of the leads that stand before its words."""
    at = 0
    yield at
    while lead := _LEAD.match(subject, at):
        at = lead.end()
        yield at


@lru_cache(maxsize=8)
def _marks(subjects: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(_mark, subjects)))


def _mark(entry: str) -> str:
    """One entry as a pattern: spaces of any width, and a word to its end ('personal' is not in 'Personalities')."""
    pattern = r"\s+".join(map(re.escape, entry.casefold().split()))
    return pattern + (r"(?!\w)" if re.search(r"\w\s*\Z", entry) else "")


class OverLimits(Value, frozen=True):
    """A message whose bytes are kept whole, and that is too much to read."""

    reason: str


class Sight(Value, frozen=True):
    """A message waiting to be judged, the other sights of it, and what earlier mail says of its recipients."""

    docket: Docket
    witnesses: tuple[Docket, ...] = ()
    past: tuple[Remark, ...] = ()


Letter = tuple[Raw, str, tuple[str, ...], tuple[str, ...]]
"""A message's bytes, its mailbox, the folders it lies in there, and hidden recipients that the provider names."""


class Arrived(Value, frozen=True):
    """A message read, and judged as far as it can be by itself."""

    reading: Reading
    alone: Judgement | None
    """None where the rules could not be put to it: the queue has it tried again."""


Arrives = Arrived | OverLimits | PassedOver


class Asked(Value, frozen=True):
    """A finding on a message that is held."""

    packed: bytes
    mailbox: str
    sent: datetime | None
    finding: Finding


class Glance(Value, frozen=True):
    """A message that is held, to be known by its first words."""

    packed: bytes
    mailbox: str
    sent: datetime | None


class Told(Value, frozen=True):
    """What may be told of it; third parties are signs: a key between `findings.OPEN` and `CLOSE`."""

    who: str
    """Who is to answer for it: name, office and address."""
    sender: str
    """Whom the message is from, where that is somebody else; else empty."""
    headers: tuple[tuple[str, str], ...]
    subject: str
    found: str
    """The words found, as the finding shows them; empty for the message as a whole."""
    reason: str
    texts: tuple[tuple[str, str], ...]
    """By zone, those that hold anything."""
    files: tuple[str, ...]


class Admission(Value, frozen=True):
    """What arriving mail is read and judged under."""

    private: PrivateRules
    policy: Policy
    mark: bytes = b""
    """The key of the mark on the auditor's own mail; without it none is known as such."""


def arriving(private: PrivateRules, policy: Policy, mark: bytes = b"") -> Task[Letter, Arrives]:
    """Parse, split and prepare one message for the store, and put every rule to it.

    A message that does not live through this is read without its files, and if need be without its rules too.
    """
    place, under = "auditor.pipeline.arriving", (Admission(private, policy, mark),)
    unjudged: Task[Letter, Arrives] = Task(place, ("read_unopened", "divide", "prepare", "leave_unjudged"), under)
    unopened: Task[Letter, Arrives] = Task(
        place, ("read_unopened", "divide", "prepare", "close", "judge"), under, otherwise=unjudged
    )
    return Task(place, ("read", "divide", "prepare", "close", "judge"), under, otherwise=unopened)


def judging(policy: Policy) -> Task[Sight, Judgement]:
    """Put every rule to one message that is held, and to what bears witness of it."""
    return Task("auditor.pipeline.judging", ("judge",), (policy,))


def telling(policy: Policy) -> Task[Asked, Told]:
    """Say of one message what somebody who investigates may be told."""
    return Task("auditor.pipeline.telling", ("tell",), (policy,))


def beginning(private: PrivateRules, policy: Policy) -> Task[Glance, str | None]:
    """Say of one message how it begins; None where it is private."""
    return Task("auditor.pipeline.beginning", ("begin",), (private, policy))
