"""Nights that are killed: the night without its child process, and a process of its own that ends at a random instant."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from auditor.pipeline.guard import Guard, Work


class Inline(Guard):
    """The same seam without the child process, so that a night takes milliseconds: the kill is of the whole night."""

    def submit(self, work: Work[Any, Any], page: Any) -> None:
        self.made = work.do(page, {}, lambda _index: None)

    def answer(self) -> Any:
        return self.made


def forked(work: Callable[[], None], seconds: float = 0.0) -> float | None:
    """Runs `work` in a forked child, ended by the kernel after so many seconds of its processor time (0 for never); what
    it took when it finished, None when it was ended. Not by the clock: on a busy machine all would end at the beginning."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_PROF, seconds)
            work()
            os._exit(0)
        os._exit(1)
    _, status, used = os.wait4(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0, "the night failed by itself"
    return used.ru_utime + used.ru_stime if os.WIFEXITED(status) else None


def busy(seconds: float) -> None:
    """Takes so much of the processor's time: in sleep nobody is killed."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def disturbed(
    work: Callable[[], None],
    dump: Callable[[], dict[str, Any]],
    point: Callable[[], object],
    folders: list[Path],
    kills: int,
    chance: random.Random,
) -> tuple[int, set[object], dict[str, Any], str]:
    """As `killed`, where a night begins with nothing: `folders` are what it leaves, taken away before each."""

    def clean() -> None:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)

    return killed(work, dump, point, clean, kills, chance)


def killed(
    work: Callable[[], None],
    dump: Callable[[], dict[str, Any]],
    point: Callable[[], object],
    fresh: Callable[[], None],
    kills: int,
    chance: random.Random,
    mended: Callable[[], None] = lambda: None,
) -> tuple[int, set[object], dict[str, Any], str]:
    """Kills `work` until it was killed `kills` times, each time on to the end.

    Args:
        dump: everything that must not depend on how often it was interrupted.
        point: where it had got to when it was killed.
        fresh: puts everything as it was before.
        mended: what a person, or the time that goes by, does between a kill and the next go.

    Returns: how many were killed, the distinct points, what undisturbed work leaves, and what was wrong.
    """
    fresh()
    work()  # so that a child imports nothing: its time goes into its own steps
    fresh()
    usual = forked(work)
    assert usual
    golden = dump()
    done, points = 0, set[object]()
    while done < kills:
        fresh()
        longest = usual * 1.1
        while forked(work, chance.uniform(0.001, longest)) is None:
            longest *= 1.2  # what keeps nothing when it is killed has all of its way before it each time
            done += 1
            points.add(point())
            mended()
        held = dump()
        wrong = [f"{key}: {held[key]} instead of {golden[key]}" for key in golden if held[key] != golden[key]]
        if wrong:
            return done, points, golden, "\n".join(wrong)
    return done, points, golden, ""
