"""From an arriving message's bytes to what the store keeps of it and what the rules say of it. Runs in the guarded child.

Most messages have no copy and no reply in another mailbox: read and judged in one go, they are done.
"""

from __future__ import annotations

from auditor.mail.parse import envelope
from auditor.pipeline.judging import judge_alone
from auditor.pipeline.reading import Record, prepared, record
from auditor.pipeline.tasks import Arrived, Arrives, Letter, OverLimits, PrivateRules
from auditor.policy import Policy
from auditor.store.interface import PassedOver


def arrive(private: PrivateRules, policy: Policy, mailbox: str, letter: Letter) -> Arrives:
    """Reads a message and judges it by itself. Of a private one nothing but the headers is looked at."""
    match _read(private, letter):
        case Record() as made:
            return Arrived(prepared(made), judge_alone(policy, made, mailbox, letter[1]))
        case other:
            return other


def arrive_unjudged(private: PrivateRules, letter: Letter) -> Arrives:
    """`arrive`, for a message that the rules could not be put to."""
    match _read(private, letter):
        case Record() as made:
            return Arrived(prepared(made), None)
        case other:
            return other


def _read(private: PrivateRules, letter: Letter) -> Record | OverLimits | PassedOver:
    if private and private.covers(envelope(letter[0])):
        return PassedOver.PRIVATE
    return record(letter[0])
