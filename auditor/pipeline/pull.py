"""One mailbox, brought up to date: everything the provider counts is kept, passed over for a reason, or a gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from auditor.errors import ResyncSource, RetrySource, SourceError
from auditor.pipeline.intake import Intake, Pulled
from auditor.pipeline.keeping import Parcel
from auditor.pipeline.source import Source
from auditor.pipeline.tasks import PrivateRules
from auditor.store.interface import Store
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


@dataclass(slots=True)
class Pull:
    """Everything that pulling any mailbox of one source needs."""

    store: Store
    intake: Intake
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
        began = self.clock.now()
        wait = FIRST_WAIT
        again = False
        while True:
            try:
                self._read(mailbox, pulled, from_start=again)
            except ResyncSource as error:
                if again:
                    return _failed(pulled, error)
                self.intake.keep()
                again = True
            except RetrySource as error:
                self.intake.keep()  # it goes on from the cursor of what came
                pause = error.seconds or wait
                wait = min(wait * 2, LONGEST_WAIT)
                if self.clock.now() + pause - began > self.patience:
                    pulled.error = f"{error} It goes on tomorrow night where it stopped."
                    return pulled
                self.clock.sleep(pause)
            except SourceError as error:
                return _failed(pulled, error)
            else:
                pulled.status = MailboxStatus.COMPLETE
                return pulled

    def _read(self, mailbox: str, pulled: Pulled, *, from_start: bool) -> None:
        held = self.store.held(self.source.name, mailbox, self.window.start)
        cursor = None if from_start else self._cursor(mailbox)
        for page in self.source.pages(mailbox, cursor, held):
            self.intake.put(Parcel(self.source.name, mailbox, self.run, page), pulled)

    def _cursor(self, mailbox: str) -> str | None:
        """The committed cursor, unless it was made for a narrower window: then what it passed over is listed again."""
        cursor = self.store.cursor(self.source.name, mailbox)
        if cursor is None:
            return None
        start, _, rest = cursor.partition("|")
        if start and (self.window.start is None or self.window.start < date.fromisoformat(start)):
            return None
        return rest or None


def _failed(pulled: Pulled, error: SourceError) -> Pulled:
    pulled.status = MailboxStatus.FAILED
    pulled.error = str(error)
    return pulled
