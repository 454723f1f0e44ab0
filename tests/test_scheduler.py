"""The timetable itself: it calls when it is time, and says when it could not."""

from __future__ import annotations

import ast
import queue
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent

from auditor.pipeline.due import Plan
from auditor.scheduler import Moment, Timetable

ROOT = Path(__file__).parents[1]
LONDON = ZoneInfo("Europe/London")
PLAN = Plan(time(2, 15), (0, time(6, 30)), LONDON)


def soon(timetable: Timetable, moment: Moment) -> None:
    """Has a moment come now."""
    timetable._scheduler.modify_job(moment.value, next_run_time=datetime.now(UTC))


def test_it_calls_with_the_moment_in_a_thread_of_its_own() -> None:
    called: queue.Queue[Moment] = queue.Queue()
    with Timetable(PLAN, called.put, lambda said: called.put(Moment(said))) as timetable:
        for moment in Moment:
            soon(timetable, moment)
            assert called.get(timeout=30) is moment


def test_what_fails_is_told_and_the_others_go_on() -> None:
    told: queue.Queue[str] = queue.Queue()

    def call(moment: Moment) -> None:
        if moment is Moment.NIGHT:
            raise OSError("the disk is full")
        told.put(moment.value)

    with Timetable(PLAN, call, told.put) as timetable:
        soon(timetable, Moment.NIGHT)
        sentence = told.get(timeout=30)
        assert "('night') (OSError)" in sentence
        assert sentence.endswith(".")
        soon(timetable, Moment.BEAT)
        assert told.get(timeout=30) == "beat"


def test_what_is_missed_is_told() -> None:
    told: list[str] = []
    timetable = Timetable(PLAN, lambda _moment: None, told.append)
    timetable._scheduler._dispatch_event(JobExecutionEvent(EVENT_JOB_MISSED, "week", "default", datetime.now(UTC)))
    timetable._scheduler._dispatch_event(JobExecutionEvent(EVENT_JOB_ERROR, "week", "default", datetime.now(UTC)))
    assert len(told) == 2
    assert "missed a moment ('week')" in told[0]


def test_however_late_it_is_told_once() -> None:
    with Timetable(PLAN, lambda _moment: None, lambda _said: None) as timetable:
        jobs = {job.id: job for job in timetable._scheduler.get_jobs()}
    assert jobs.keys() == set(Moment)
    for job in jobs.values():
        assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)


def test_other_times_take_the_place_of_the_first() -> None:
    with Timetable(PLAN, lambda _moment: None, lambda _said: None) as timetable:
        timetable.keep(Plan(time(22, 40), (3, time(5, 0)), LONDON))
        found = {job.id: job.next_run_time.astimezone(LONDON) for job in timetable._scheduler.get_jobs()}
    assert len(found) == len(Moment)
    assert f"{found[Moment.NIGHT]:%H:%M}" == "22:40"
    assert f"{found[Moment.WEEK]:%a %H:%M}" == "Thu 05:00"


def test_the_library_is_known_in_one_file_and_nothing_of_it_is_pickled() -> None:
    importing = []
    for path in (file for top in ("auditor", "connectors", "reports") for file in (ROOT / top).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            importing += [(path.name, name) for name in names if name.startswith("apscheduler")]
    assert {name for name, _ in importing} == {"scheduler.py"}
    assert not [name for _, name in importing if "jobstores" in name]
    assert "pickle" not in (ROOT / "auditor" / "scheduler.py").read_text(encoding="utf-8").replace("pickled", "")
