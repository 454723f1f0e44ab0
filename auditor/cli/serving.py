"""The nights and weeks of `auditor serve`: what is due is done, one piece at a time, for as long as the process lives.

The timetable's threads only put words on a queue; all work is done in the main thread, where being asked to end is
heard. Nothing that goes wrong with one piece of work ends the others.
"""

from __future__ import annotations

import queue
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path

import click

from auditor.cli.heartbeat import RUNNING, WAITING, Heart, place
from auditor.cli.notices import WEEK, failures_told
from auditor.cli.run import pass_over, tell
from auditor.cli.trailing import configuration_recorded
from auditor.cli.workplace import locked, open_the_store, refuse_unavailable, store_path
from auditor.config import Config, load
from auditor.errors import BusyError, ConfigError, StoreError, plainly
from auditor.pipeline.due import Due, Plan, due
from auditor.pipeline.night import utc_now
from auditor.pipeline.weeks import next_nightly, next_weekly
from auditor.scheduler import Moment, Timetable

GLANCE = 60.0
"""Seconds at most between two looks at the computer's clock, and at whether another run has ended."""
_HEARD = 0.5 if sys.platform == "win32" else GLANCE
"""Seconds to wait for a word: on Windows nobody who waits hears a Ctrl-C before the wait is over."""
MOVED = 90.0
"""Seconds by which the computer's clock may run apart from elapsed time before every next moment is reckoned anew."""
RESTS = (0.9, 1.9, 3.9, 5.9)
"""Hours to leave a piece of work alone after it failed once, twice and so on; a little less than the hourly look needs."""


def plan_of(config: Config) -> Plan:
    """When a council wants things done."""
    times = config.schedule.schedule
    return Plan(times.nightly, times.weekly, config.policy.timezone)


class Sound:
    """The configuration that goes on: the last one that was sound, whatever has become of the file since."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.spoilt = ""
        """The first problem of the file as it is now; empty when it is sound."""
        self.elsewhere: Path | None = None
        """Where the file keeps the sign of life by now, when that is another store's than the one that is served."""
        self._relied = ""

    def look(self) -> str:
        """Reads the file again. What is new to say of it, a sentence or nothing."""
        before = self.spoilt
        self.elsewhere = None
        try:
            now = load(self.config.path)
            refuse_unavailable(now)
            self._refuse_another_store(now)
            self._refuse_without_folders(now)
        except Exception as error:  # noqa: BLE001  (whatever has become of the file, the nights go on)
            problems = error.problems if isinstance(error, ConfigError) else [plainly(error)]
            self.spoilt = problems[0]
            more = len(problems) - 1
            others = f" ({more} more: 'auditor check' shows all.)" if more else ""
            going_on = f"{self.spoilt}{others} Until that is mended, the last sound configuration goes on."
            return "" if self.spoilt == before else going_on
        self.spoilt = ""
        changed = now.prints != self.config.prints
        self.config = now
        if changed:
            return f"{now.path.name} or the policy has changed: the new configuration goes on."
        return f"{now.path.name} is sound again." if before else ""

    def _refuse_another_store(self, now: Config) -> None:
        """Its lock is not held, and nobody has moved what is in the old one."""
        if store_path(now) == store_path(self.config):
            return
        self.elsewhere = place(now)
        said = (
            f"{now.path.name}: [store] url names another place than when 'auditor serve' was started: stop 'auditor serve', move "
            "the store there if it is to be kept, and start it again."
        )
        raise ConfigError([said])

    def _refuse_without_folders(self, now: Config) -> None:
        """A folder that is not there and has its usual name is none to `load`: all mail would be judged without its wordings."""
        given = now.schedule.policy
        problems = [
            f"{now.path.name}: [policy] {key}: the folder {now.within(folder)} is gone; put it back with its agreed wordings."
            for key, folder in (("signatures", given.signatures), ("waivers", given.waivers))
            if getattr(self.config.policy, key) and not now.within(folder).is_dir()
        ]
        if problems:
            raise ConfigError(problems)

    def warnings(self) -> tuple[str, ...]:
        """What a workbook of now is to say of it: also that nights since the last one had to do with an older one."""
        self._relied = self.spoilt or self._relied
        if not self._relied:
            return ()
        again = "Mend it" if self.spoilt else "It is sound again"
        todo = "" if self.elsewhere else f" {again}; 'auditor check' says what is wrong."
        said = (
            f"{self.config.path.name} had been changed and could not be used as it was, so the last sound configuration went "
            f"on.{todo} The first problem: {self._relied}"
        )
        return (said,)

    def told(self) -> None:
        """A workbook has said so."""
        self._relied = ""


class Patience:
    """How long a piece of work that failed is left alone."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures: dict[str, int] = {}
        self._until: dict[str, float] = {}

    def allows(self, what: str) -> bool:
        """Whether it may be tried now."""
        return self._clock() >= self._until.get(what, 0.0)

    def failed(self, what: str) -> None:
        """It failed once more."""
        failures = self._failures[what] = self._failures.get(what, 0) + 1
        self._until[what] = self._clock() + 3600 * RESTS[min(failures, len(RESTS)) - 1]

    def forget(self, what: str) -> None:
        """It went well, or its time has come anew."""
        self._failures.pop(what, None)
        self._until.pop(what, None)


class Serving:
    """One council, served. Everything but `call` is for the main thread.

    Args:
        config: as it is at the start.
        now: the computer's clock (UTC).
        clock: seconds that go by, whatever the computer's clock is set to.
    """

    def __init__(
        self, config: Config, now: Callable[[], datetime] = utc_now, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._sound = Sound(config)
        self._plan = plan_of(config)
        self._now, self._clock = now, clock
        self._patience = Patience(clock)
        self._words: queue.SimpleQueue[Moment] = queue.SimpleQueue()
        self._heart = Heart(place(config), now, self._next_night)
        self._set = now(), clock()
        self._glanced = clock()
        self._busy = False
        self._ahead = ""
        self._settled: date | None = None
        """The week whose workbook has been seen to. Where no mail is held the ledger takes no note of one."""

    def call(self, moment: Moment) -> None:
        """It is time; from any thread."""
        if moment is Moment.BEAT:
            self._heart.beat()
        else:
            self._words.put(moment)

    def serve(self) -> None:
        """Goes on until something is raised in the main thread."""
        try:
            with Timetable(self._plan, self.call, _warn) as timetable:
                self._heart.beat()
                self._words.put(Moment.LOOK)
                click.echo(self.announced())
                while True:
                    self._listen(timetable)
        finally:
            self._heart.stop()

    def announced(self) -> str:
        """What will be done next."""
        from reports.week import moment_words

        now = self._now()
        config, plan = self._sound.config, self._plan
        night, week = next_nightly(now, plan.nightly, plan.zone), next_weekly(now, *plan.weekly, plan.zone)
        return (
            f"{config.schedule.council.name}: the next night begins on {moment_words(night)}, the next workbook is due on "
            f"{moment_words(week)}. What was missed is made up for first."
        )

    def _listen(self, timetable: Timetable) -> None:
        moments = self._heard()
        if moments or self._glance(timetable):
            for moment in moments - {Moment.LOOK}:
                self._patience.forget(moment)
                self._patience.forget(Moment.LOOK)
            self.look()
        if (plan := plan_of(self._sound.config)) != self._plan:
            self._plan = plan
            timetable.keep(plan)
            self._heart.beat()

    def _heard(self) -> set[Moment]:
        """All that was said since the last time; waits a while for a first word."""
        words = set[Moment]()
        with suppress(queue.Empty):
            words.add(self._words.get(timeout=_HEARD))
            while True:
                words.add(self._words.get_nowait())
        return words

    def _glance(self, timetable: Timetable) -> bool:
        """Once a minute: whether there is reason to look though nobody said a word."""
        if self._clock() - self._glanced < GLANCE:
            return False
        self._glanced = self._clock()
        if moved := self._clock_moved():
            timetable.keep(self._plan)
        return moved or self._busy

    def _clock_moved(self) -> bool:
        """Whether the computer's clock was set to another time, or the computer slept, since the last glance."""
        (then, began), now = self._set, (self._now(), self._clock())
        self._set = now
        return abs((now[0] - then).total_seconds() - (now[1] - began)) > MOVED

    def look(self) -> None:
        """Does what is due, if anything is: the night, or once that is done the workbook."""
        if said := self._sound.look():
            _warn(said)
        self._heart.missed(self._sound.elsewhere)
        if not self._patience.allows(Moment.LOOK):
            return
        with self._braving(Moment.LOOK):
            with failures_told(self._sound.config.path):
                found = self._due()
            self._patience.forget(Moment.LOOK)
            warnings = self._clock_warning(found)
            if found.night and self._patience.allows(Moment.NIGHT):
                with self._braving(Moment.NIGHT), failures_told(self._sound.config.path):
                    self._night(warnings)
            elif found.week and found.week != self._settled and self._patience.allows(Moment.WEEK):
                with self._braving(Moment.WEEK), failures_told(self._sound.config.path, WEEK):
                    self._week(warnings)
                    self._settled = found.week
            else:
                self._busy = False

    @contextmanager
    def _braving(self, what: str) -> Iterator[None]:
        """A piece of work that may go wrong: then it is told, and tried again later."""
        try:
            yield
        except BusyError as error:
            if not self._busy:
                _warn(f"{error} What is due here waits for it.")
            self._busy = True
        except Exception as error:  # noqa: BLE001  (a fault of ours tonight must not cost the nights to come)
            self._failed(what, plainly(error))

    def _failed(self, what: str, sentence: str) -> None:
        self._patience.failed(what)
        _warn(f"{sentence} It is tried again within hours; nothing kept is lost.")

    def _due(self) -> Due:
        """What the ledger says; of a store that is not there yet, that everything is due."""
        config = self._sound.config
        if not store_path(config).exists():
            return due(plan_of(config), (), (), self._now())
        try:
            return self._ledger_says(config, read_only=True)
        except StoreError:
            # Made by an older version, or left half made: whoever may write brings it up to date, or says what is wrong.
            with locked(config):
                return self._ledger_says(config)

    def _ledger_says(self, config: Config, *, read_only: bool = False) -> Due:
        with open_the_store(config, read_only=read_only) as store:
            return due(plan_of(config), store.runs(60), store.reports(), self._now())

    def _clock_warning(self, found: Due) -> tuple[str, ...]:
        """That the ledger and the computer's clock do not agree, told once, and for a workbook; empty when they do."""
        from reports.week import moment_words

        said = ""
        if found.ahead:
            said = (
                f"The newest run in the store began on {moment_words(found.ahead)} by this computer's clock, which was "
                "still to come when this was written: the clock was wrong then, or is now. Set it right; nothing is "
                "lost, and the nights go on by the clock as it is."
            )
        if said and said != self._ahead:
            _warn(said)
        self._ahead = said
        return (said,) if said else ()

    def _night(self, warnings: tuple[str, ...]) -> None:
        config = self._sound.config
        with self._at_work(config):
            if not self._ledger_says(config).night:  # another run has seen to it while the lock was waited for
                return
            result = pass_over(config, warnings=(*self._sound.warnings(), *warnings), now=self._now)
            for trouble in result.troubles:
                _warn(trouble)
            tell(config, result)
        self._patience.forget(Moment.NIGHT)
        self._settled = None
        if result.workbooks:
            self._sound.told()
        if result.troubles:
            self._patience.failed(Moment.WEEK)  # a workbook that has just refused to be written will not do so at once

    def _week(self, warnings: tuple[str, ...]) -> None:
        from auditor.cli.reporting import Desk
        from auditor.cli.run import shown

        config = self._sound.config
        with self._at_work(config), open_the_store(config) as store:
            configuration_recorded(config, store, self._now())
            for written in Desk(config, store, self._now(), (*self._sound.warnings(), *warnings)).due():
                click.echo(f"Workbook: {shown(config, written.path)}")
                if written.note:
                    _warn(written.note)
                self._sound.told()
        self._patience.forget(Moment.WEEK)

    @contextmanager
    def _at_work(self, config: Config) -> Iterator[None]:
        with locked(config):
            self._busy = False
            self._heart.turn(RUNNING)
            try:
                yield
            finally:
                self._heart.turn(WAITING)

    def _next_night(self) -> datetime:
        return next_nightly(self._now(), self._plan.nightly, self._plan.zone)


def _warn(sentence: str) -> None:
    click.echo(sentence, err=True)
