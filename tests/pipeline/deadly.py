"""A judge that does not live through a deadly letter."""

from __future__ import annotations

import os

from auditor.pipeline import arriving, judging
from auditor.pipeline.reading import unpack
from auditor.pipeline.tasks import Arrives, Letter, PrivateRules, Sight
from auditor.policy import Policy
from auditor.store.interface import Judgement


def judge(policy: Policy, sight: Sight) -> Judgement:
    """`judging.judge`, but for letters marked deadly."""
    if "deadly" in unpack(sight.docket.packed).mail.subject:
        os._exit(9)
    return judging.judge(policy, sight)


def arrive(private: PrivateRules, policy: Policy, mailbox: str, letter: Letter) -> Arrives:
    """`arriving.arrive`, but for letters marked deadly."""
    if b"deadly" in letter[0]:
        os._exit(9)
    return arriving.arrive(private, policy, mailbox, letter)
