"""One mailbox, brought up to date: everything the provider counts is kept, passed over for a reason, or a gap."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from auditor.errors import ResyncSource, RetrySource, SourceError
from auditor.pipeline.guard import Done, Ended, Guard
from auditor.pipeline.intake import Intake, Pulled
from auditor.pipeline.source import Fetched, Moved, Page, Source, Unfetched, Vanished
from auditor.pipeline.tasks import Arrived, Arrives, Letter, OverLimits, PrivateRules, arriving
from auditor.policy import LONDON, Policy
from auditor.store.interface import Arrival, Batch, MailboxStatus, Missed, PassedOver, Relocated, Skipped, Store

FIRST_WAIT = 2.0
"""Seconds before the first retry; doubled each time."""
LONGEST_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Window:
    """Which messages are collected at all."""

    start: date | None
    """Messages sent before this London day are counted and not kept; None keeps everything."""
    private: PrivateRules = field(default_factory=PrivateRules)


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
    policy: Policy
    guard: Guard
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
        pages = _Pages(mailbox, self.source.pages(mailbox, cursor, held))
        for done in self.guard.each(arriving(self.window.private, self.policy), pages.contents()):
            self.intake.put(self._batch(mailbox, pages.next(), done), pulled)
        if pages.failure is not None:
            raise pages.failure

    def _cursor(self, mailbox: str) -> str | None:
        """The committed cursor, unless it was made for a narrower window: then what it passed over is listed again."""
        cursor = self.store.cursor(self.source.name, mailbox)
        if cursor is None:
            return None
        start, _, rest = cursor.partition("|")
        if start and (self.window.start is None or self.window.start < date.fromisoformat(start)):
            return None
        return rest or None

    def _batch(self, mailbox: str, page: Page, done: Done[Letter, Arrives]) -> Batch:
        """A page as the store keeps it."""
        arrivals: list[Arrival] = []
        skipped: list[Skipped] = []
        missed = [Missed(e.id, e.stamp, e.reason) for e in page.entries if isinstance(e, Unfetched)]
        fetched = [e for e in page.entries if isinstance(e, Fetched)]
        for entry, outcome in zip(fetched, done.outcomes, strict=True):
            match self._settle(entry, outcome):
                case Arrival() as arrival:
                    arrivals.append(arrival)
                case Skipped() as passed:
                    skipped.append(passed)
                case Missed() as gap:
                    missed.append(gap)
        start = self.window.start.isoformat() if self.window.start else ""
        return Batch(
            source=self.source.name,
            mailbox=mailbox,
            run=self.run,
            arrivals=tuple(arrivals),
            skipped=tuple(skipped),
            missed=tuple(missed),
            relocated=tuple(Relocated(e.id, e.to, e.folders, e.stamp) for e in page.entries if isinstance(e, Moved)),
            vanished=tuple(e.id for e in page.entries if isinstance(e, Vanished)),
            cursor=f"{start}|{page.cursor}",
            count=page.count,
        )

    def _settle(self, entry: Fetched, outcome: Arrives | Ended) -> Arrival | Skipped | Missed:
        digest = hashlib.sha256(entry.raw).hexdigest()
        match outcome:
            case Arrived(made, alone):
                sent = made.sent or entry.received
                day = sent.astimezone(LONDON).date() if sent else None
                if day and self.window.start and day < self.window.start:
                    return Skipped(entry.id, entry.stamp, PassedOver.OUTSIDE, day)
                return Arrival(entry.id, entry.stamp, entry.folders, digest, entry.raw, made, entry.received, alone)
            case PassedOver() as why:
                return Skipped(entry.id, entry.stamp, why, None)
            case OverLimits(reason) | Ended(reason):
                return Missed(entry.id, entry.stamp, _sentence(reason), entry.raw, digest)


class _Pages:
    """A source's pages, split into what the guard reads and what waits for it; a source's failure is kept for the end,
    so that what came before it is still committed."""

    def __init__(self, mailbox: str, pages: Iterator[Page]) -> None:
        self._mailbox = mailbox
        self._pages = pages
        self._waiting: list[Page] = []
        self.failure: SourceError | None = None

    def contents(self) -> Iterator[list[Letter]]:
        try:
            for page in self._pages:
                self._waiting.append(page)
                yield [
                    (entry.raw, self._mailbox, entry.folders) for entry in page.entries if isinstance(entry, Fetched)
                ]
        except SourceError as error:
            self.failure = error

    def next(self) -> Page:
        return self._waiting.pop(0)


def _failed(pulled: Pulled, error: SourceError) -> Pulled:
    pulled.status = MailboxStatus.FAILED
    pulled.error = str(error)
    return pulled


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}; it is kept whole and listed."
