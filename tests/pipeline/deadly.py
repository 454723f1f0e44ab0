"""A judge that does not live through a deadly letter."""

from __future__ import annotations

import os

from auditor.pipeline import judging
from auditor.pipeline.reading import unpack
from auditor.pipeline.tasks import Sight
from auditor.policy import Policy
from auditor.store.interface import Judgement


def judge(policy: Policy, sight: Sight) -> Judgement:
    """`judging.judge`, but for letters marked deadly."""
    if "deadly" in unpack(sight.docket.packed).mail.subject:
        os._exit(9)
    return judging.judge(policy, sight)
