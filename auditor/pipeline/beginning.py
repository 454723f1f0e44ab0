"""How a message begins, in its sender's own words: what a reader of the sample knows it by. In the guarded child."""

from __future__ import annotations

from auditor.analysers.anonymous import tidy
from auditor.analysers.base import Case
from auditor.analysers.masking import Masks
from auditor.findings import clip
from auditor.pipeline.judging import parts
from auditor.pipeline.reading import unpack
from auditor.pipeline.tasks import Glance, PrivateRules
from auditor.policy import Person, Policy, Role


def begin(private: PrivateRules, policy: Policy, glance: Glance) -> str | None:
    """Its first words on one line, masked as every excerpt is; None of a message that nobody is to look at."""
    record = unpack(glance.packed)
    mail = record.mail
    if private.covers(mail):
        return None
    # Who has left the list of people since wrote it all the same.
    sender = policy.person(mail.sender, policy.day(glance.sent))
    sender = sender or Person(glance.mailbox, Role.EMPLOYEE, "", glance.mailbox)
    agreed = policy.agreed(sender)
    own = parts(record, agreed)
    # Hidden before it is cut, so that no half of a number is left at the end.
    return clip(Masks(Case(mail, own, sender, agreed, policy)).hide(tidy(own.own.text)))
