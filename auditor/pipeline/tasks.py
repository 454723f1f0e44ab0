"""What the guarded child is asked and what it answers; light, so that the parent imports no parser and no analyser.

A night with nothing new then starts in a fraction of a second, and hostile input never meets the parent's libraries.
"""

from __future__ import annotations

import re

from auditor.mail.message import Mail
from auditor.pipeline.guard import Task
from auditor.policy import Policy
from auditor.store.interface import Docket, Judgement, PassedOver, Reading
from auditor.values import Value

_REPLY_MARKS = re.compile(r"^(?:\s*(?:re|fw|fwd|aw|wg)\s*:|[\s\[(<*\"'])+", re.IGNORECASE)


class PrivateRules(Value, frozen=True):
    """Which messages are counted and never read (`[policy] private_subjects`, `private_recipients`)."""

    subjects: tuple[str, ...] = ()
    """Words that, at the head of a subject, mark a message as private."""
    recipients: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.subjects or self.recipients)

    def covers(self, envelope: Mail) -> bool:
        """Whether a message is private, by its headers alone."""
        if any(address.email in self.recipients for address in envelope.recipients):
            return True
        subject = _REPLY_MARKS.sub("", envelope.subject).casefold()
        return any(re.match(rf"{re.escape(word.casefold())}\b", subject) for word in self.subjects)


class OverLimits(Value, frozen=True):
    """A message whose bytes are kept whole, and that is too much to read."""

    reason: str


class Sight(Value, frozen=True):
    """A message waiting to be judged and the other sights of it."""

    docket: Docket
    witnesses: tuple[Docket, ...] = ()


Letter = tuple[bytes, str, tuple[str, ...]]
"""A message's bytes, its mailbox, and the folders it lies in there."""


class Arrived(Value, frozen=True):
    """A message read, and judged as far as it can be by itself."""

    reading: Reading
    alone: Judgement | None
    """None where the rules could not be put to it: the queue has it tried again."""


Arrives = Arrived | OverLimits | PassedOver


class Admission(Value, frozen=True):
    """What arriving mail is read and judged under."""

    private: PrivateRules
    policy: Policy


def arriving(private: PrivateRules, policy: Policy) -> Task[Letter, Arrives]:
    """Parse, split and prepare one message for the store, and put every rule to it.

    A message that does not live through its rules is read without them.
    """
    place, under = "auditor.pipeline.arriving", (Admission(private, policy),)
    unjudged: Task[Letter, Arrives] = Task(place, ("read", "divide", "prepare", "leave_unjudged"), under)
    return Task(place, ("read", "divide", "prepare", "close", "judge"), under, otherwise=unjudged)


def judging(policy: Policy) -> Task[Sight, Judgement]:
    """Put every rule to one message that is held, and to what bears witness of it."""
    return Task("auditor.pipeline.judging", ("judge",), (policy,))
