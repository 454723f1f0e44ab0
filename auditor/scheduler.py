"""The timetable: calls what it is given when it is time. Whether there is anything to do is not decided here.

The only file that imports APScheduler. Its jobs live in memory, so nothing is ever pickled; that a moment was missed
while the computer was off is for the ledger of runs to know (`pipeline.due`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from auditor.pipeline.due import Plan

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UTC = ZoneInfo("UTC")


class Moment(StrEnum):
    """What it is time for."""

    NIGHT = "night"
    WEEK = "week"
    LOOK = "look"
    """An hour has gone by: perhaps something was missed, or is to be tried again."""
    BEAT = "beat"
    """A minute has gone by."""


def triggers(plan: Plan) -> dict[Moment, BaseTrigger]:
    """When each moment comes, in the council's own time."""
    weekday, at = plan.weekly
    return {
        Moment.NIGHT: CronTrigger(hour=plan.nightly.hour, minute=plan.nightly.minute, timezone=plan.zone),
        Moment.WEEK: CronTrigger(day_of_week=_DAYS[weekday], hour=at.hour, minute=at.minute, timezone=plan.zone),
        Moment.LOOK: IntervalTrigger(hours=1, timezone=_UTC),
        Moment.BEAT: IntervalTrigger(minutes=1, timezone=_UTC),
    }


class Timetable:
    """A running timetable. Use it as a context manager.

    Args:
        plan: the times.
        call: called with each moment, in a thread of the timetable's own; it must be quick.
        told: called, in such a thread, with a sentence when a call was missed or has failed.
    """

    def __init__(self, plan: Plan, call: Callable[[Moment], None], told: Callable[[str], None]) -> None:
        quiet = logging.getLogger("apscheduler")
        quiet.addHandler(logging.NullHandler())  # what goes wrong is told in our words, and once
        quiet.propagate = False
        self._call = call
        self._told = told
        self._scheduler = BackgroundScheduler(
            timezone=_UTC,
            job_defaults={
                "coalesce": True,  # a computer that wakes up is told once
                "misfire_grace_time": None,  # however late; the default forgets what is a second late
                "max_instances": 1,
            },
        )
        self._scheduler.add_listener(self._listen, EVENT_JOB_MISSED | EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES)
        self.keep(plan)

    def __enter__(self) -> Self:
        self._scheduler.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._scheduler.shutdown(wait=False)

    def keep(self, plan: Plan) -> None:
        """From now on these times. Also after the computer's clock was put back: every next moment is reckoned anew."""
        for moment, trigger in triggers(plan).items():
            self._scheduler.add_job(self._call, trigger, args=[moment], id=moment.value, replace_existing=True)

    def _listen(self, event: JobEvent) -> None:
        error = getattr(event, "exception", None)
        why = f" ({type(error).__name__})" if error else ""
        if event.code == EVENT_JOB_ERROR:
            self._told(
                f"The timetable could not say that it is time ('{event.job_id}'){why}; the hourly look makes up for it."
            )
        else:
            self._told(f"The timetable missed a moment ('{event.job_id}'); the hourly look makes up for it.")
