"""Readers and judges that do not live through a deadly letter or file, in the place of `judging` and `arriving`."""

from __future__ import annotations

import os
from typing import Any

from changes import replace

from auditor.pipeline import arriving, judging
from auditor.pipeline.arriving import Closed, Opened, Settled, close, divide, leave_unjudged, prepare, read_unopened
from auditor.pipeline.guard import Guard, Task, Work
from auditor.pipeline.keeping import Keeping
from auditor.pipeline.reading import unpack
from auditor.pipeline.tasks import Admission, Arrives, Letter, Sight
from auditor.policy import Policy
from auditor.store.records import Judgement

__all__ = ["close", "divide", "judge", "leave_unjudged", "prepare", "read", "read_unopened"]


class DeadlyGuard(Guard):
    """Puts the deadly judges in the real ones' place."""

    def submit(self, work: Work[Any, Any], page: Any) -> None:
        if isinstance(work, Keeping):
            deadly: Work[Any, Any] = Keeping(_deadly(work.task), work.start, work.open_store)
        else:
            deadly = _deadly(work) if isinstance(work, Task) else work
        super().submit(deadly, page)


def _deadly(task: Task[Any, Any]) -> Task[Any, Any]:
    return replace(task, module="deadly", otherwise=task.otherwise and _deadly(task.otherwise))


def read(under: Admission, letter: Letter) -> Opened | Settled:
    """`arriving.read`, which does not live through files marked deadly."""
    if b'filename="deadly' in letter[0]:
        os._exit(9)
    return arriving.read(under, letter)


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
