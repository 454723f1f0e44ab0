"""Judges that do not live through a deadly letter, in the place of `judging` and `arriving`."""

from __future__ import annotations

import os
from typing import Any

from changes import replace

from auditor.pipeline import arriving, judging
from auditor.pipeline.arriving import Closed, Settled, close, divide, prepare, read, read_unopened
from auditor.pipeline.guard import Guard, Task, Work
from auditor.pipeline.keeping import Keeping
from auditor.pipeline.reading import unpack
from auditor.pipeline.tasks import Admission, Arrives, Sight
from auditor.policy import Policy
from auditor.store.records import Judgement

__all__ = ["close", "divide", "judge", "prepare", "read", "read_unopened"]


class DeadlyGuard(Guard):
    """Puts the deadly judges in the real ones' place."""

    def submit(self, work: Work[Any, Any], page: Any) -> None:
        if isinstance(work, Keeping):
            deadly: Work[Any, Any] = Keeping(replace(work.task, module="deadly"), work.start, work.open_store)
        elif not isinstance(work, Task):
            deadly = work
        else:
            deadly = replace(work, module="deadly")
        super().submit(deadly, page)


def judge(under: Policy | Admission, what: Sight | Closed | Settled) -> Judgement | Arrives:
    """`judging.judge` and `arriving.judge`, but for letters marked deadly."""
    if isinstance(under, Policy):
        assert isinstance(what, Sight)
        _survive(unpack(what.docket.packed).mail.subject)
        return judging.judge(under, what)
    assert isinstance(what, Closed)
    assert what.case is not None
    _survive(what.case.mail.subject)
    return arriving.judge(under, what)


def _survive(subject: str) -> None:
    if "deadly" in subject:
        os._exit(9)
