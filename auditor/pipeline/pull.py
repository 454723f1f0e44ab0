"""One mailbox, brought up to date: everything the provider counts is kept, passed over for a reason, or a gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from auditor.errors import ResyncSource, RetrySource, SourceError
from auditor.pipeline.intake import Pulled
from auditor.pipeline.keeping import Parcel
from auditor.pipeline.source import Source
from auditor.pipeline.tasks import PrivateRules
from auditor.store.interface import Held
from auditor.store.records import MailboxStatus
from auditor.values import Value

FIRST_WAIT = 2.0
"""Seconds before the first retry; doubled each time."""
LONGEST_WAIT = 60.0


class Window(Value, frozen=True):
    """Which messages are collected at all."""

    start: date | None
    """Messages sent before this London day are counted and not kept; None keeps everything."""
    private: PrivateRules = PrivateRules()


@dataclass(slots=True)
class Clock:
    """Time, passed in: `now` in monotonic seconds, and a way to wait."""

    now: Callable[[], float]
    sleep: Callable[[float], None]


class Counter(Protocol):
    """Where mail is handed in and what is held is asked: the store, and the intake before it."""

    def cursor(self, source: str, mailbox: str) -> str | None:
        """The cursor committed last."""
        ...

    def held(self, source: str, mailbox: str, since: date | None) -> Held:
        """A look at what is held."""
        ...

    def put(self, parcel: Parcel, pulled: Pulled) -> None:
        """A page, and where to count what it changes."""
        ...

    def keep(self) -> None:
        """Everything handed in goes into the store."""
        ...


@dataclass(slots=True)
class Pull:
    """Everything that pulling any mailbox of one source needs."""

    counter: Counter
    source: Source
    run: int
    window: Window
    clock: Clock
    patience: float

    def mailbox(self, mailbox: str) -> Pulled:
        """Reads one mailbox to its end, or as far as it goes tonight. Never raises for the mailbox's own trouble.

        Its last pages may still be in the intake: what is counted is complete when that has kept them.
        """
        pulled = Pulled()
        before = self.source.requests(mailbox)
        try:
            self._patiently(mailbox, pulled)
        except SourceError as error:
            pulled.status = MailboxStatus.FAILED
            pulled.error = str(error)
        pulled.requests = self.source.requests(mailbox) - before
        return pulled

    def _patiently(self, mailbox: str, pulled: Pulled) -> None:
        """As often as it takes, while it gets on. Raises what waiting does not help."""
        progress = _Progress(self.clock.now())
        wait = FIRST_WAIT
        resynced = from_start = False
        while True:
            try:
                self._read(mailbox, pulled, progress, from_start=from_start)
            except ResyncSource:
                if resynced:
                    raise
                resynced = from_start = True
                self.counter.keep()
            except RetrySource as error:
                self.counter.keep()  # it goes on from the cursor of what came
                from_start = from_start and not progress.pages
                if progress.pages:
                    wait = FIRST_WAIT
                pause = error.seconds or wait
                wait = min(wait * 2, LONGEST_WAIT)
                if self.clock.now() + pause - progress.last > self.patience:
                    pulled.error = f"{error} It goes on tomorrow night where it stopped."
                    return
                progress.pages = 0
                self.clock.sleep(pause)
            else:
                pulled.status = MailboxStatus.COMPLETE
                return

    def _read(self, mailbox: str, pulled: Pulled, progress: _Progress, *, from_start: bool) -> None:
        held = self.counter.held(self.source.name, mailbox, self.window.start)
        cursor = None if from_start else self._cursor(mailbox)
        for page in self.source.pages(mailbox, cursor, held):
            self.counter.put(Parcel(self.source.name, mailbox, self.run, page), pulled)
            progress.pages += 1
            progress.last = self.clock.now()

    def _cursor(self, mailbox: str) -> str | None:
        """The committed cursor, unless it was made for a narrower window: then what it passed over is listed again."""
        cursor = self.counter.cursor(self.source.name, mailbox)
        if cursor is None:
            return None
        start, _, rest = cursor.partition("|")
        if start and (self.window.start is None or self.window.start < date.fromisoformat(start)):
            return None
        return rest or None


@dataclass(slots=True)
class _Progress:
    """When the mailbox last got on."""

    last: float
    pages: int = 0
    """Since it was last asked again."""
