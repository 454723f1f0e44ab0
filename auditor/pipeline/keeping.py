"""What came from a mailbox becomes what the store keeps of it: read, judged and kept where a hostile message can be ended.

The child that reads a message also writes it: what was made of it would cost more to hand back than to make.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from auditor.pipeline.guard import NOBODY, Deaths, Ended, Task
from auditor.pipeline.source import Fetched, Moved, Outside, Page, Unfetched, Vanished
from auditor.pipeline.tasks import Arrived, Arrives, Letter, OverLimits
from auditor.policy import LONDON
from auditor.spool import Spooled, digest
from auditor.store.interface import Store
from auditor.store.records import Arrival, Batch, Committed, Missed, PassedOver, Relocated, Skipped
from auditor.values import Value


class Parcel(Value, frozen=True):
    """A page of one mailbox on its way into the store."""

    source: str
    mailbox: str
    run: int
    page: Page


class Load(Value, frozen=True):
    """Parcels that are kept together."""

    ticket: str
    """A child may end after it has kept a load and before it has said so; the next one is then told what it changed."""
    parcels: tuple[Parcel, ...]


class Keeping:
    """Reads, judges and keeps loads: `guard.Work` whose answer is what each parcel changed.

    Args:
        task: from a message's bytes to what the store keeps of it and what the rules say of it.
        start: messages sent before this London day are counted and not kept; None keeps everything.
        open_store: opens the store that all goes into; called once, in the child.
    """

    def __init__(self, task: Task[Letter, Arrives], start: date | None, open_store: Callable[[], Store]) -> None:
        self.task = task
        self.start = start
        self.open_store = open_store
        self._store: Store | None = None

    def do(self, page: Load, deaths: Deaths, at: Callable[[int], None]) -> list[Committed]:
        """All of it in one transaction, or nothing."""
        outcomes = self.task.do([letter for parcel in page.parcels for letter in letters(parcel)], deaths, at)
        left = iter(outcomes)
        batches = [batch(parcel, left, self.start) for parcel in page.parcels]
        at(NOBODY)
        if self._store is None:
            self._store = self.open_store()
        return self._store.commit_all(batches, page.ticket)


def letters(parcel: Parcel) -> list[Letter]:
    """What there is to read in a parcel."""
    fetched = [entry for entry in parcel.page.entries if isinstance(entry, Fetched)]
    return [(entry.raw, parcel.mailbox, entry.folders, entry.beside.bcc if entry.beside else ()) for entry in fetched]


def batch(parcel: Parcel, outcomes: Iterator[Arrives | Ended], start: date | None) -> Batch:
    """A parcel as the store keeps it; takes from `outcomes` as many as there are letters."""
    arrivals: list[Arrival] = []
    skipped: list[Skipped] = []
    page = parcel.page
    missed = [Missed(e.id, e.stamp, e.reason) for e in page.entries if isinstance(e, Unfetched)]
    skipped += [Skipped(e.id, e.stamp, PassedOver.OUTSIDE, e.day) for e in page.entries if isinstance(e, Outside)]
    for entry in page.entries:
        if isinstance(entry, Fetched):
            match _settled(entry, next(outcomes), start):
                case Arrival() as arrival:
                    arrivals.append(arrival)
                case Skipped() as passed:
                    skipped.append(passed)
                case Missed() as gap:
                    missed.append(gap)
    return Batch(
        source=parcel.source,
        mailbox=parcel.mailbox,
        run=parcel.run,
        arrivals=tuple(arrivals),
        skipped=tuple(skipped),
        missed=tuple(missed),
        relocated=tuple([Relocated(e.id, e.to, e.folders, e.stamp) for e in page.entries if isinstance(e, Moved)]),
        vanished=tuple([e.id for e in page.entries if isinstance(e, Vanished)]),
        cursor=f"{start.isoformat() if start else ''}|{page.cursor}",
        count=page.count,
    )


def _settled(entry: Fetched, outcome: Arrives | Ended, start: date | None) -> Arrival | Skipped | Missed:
    sha256 = digest(entry.raw)
    match outcome:
        case Arrived(made, alone):
            sent = made.sent or entry.received
            day = sent.astimezone(LONDON).date() if sent else None
            if day and start and day < start:
                return Skipped(entry.id, entry.stamp, PassedOver.OUTSIDE, day)
            raw = entry.raw.read() if isinstance(entry.raw, Spooled) else entry.raw
            return Arrival(entry.id, entry.stamp, entry.folders, sha256, raw, made, entry.received, entry.beside, alone)
        case PassedOver() as why:
            return Skipped(entry.id, entry.stamp, why, None)
        case OverLimits(reason) | Ended(reason):
            return Missed(entry.id, entry.stamp, _sentence(reason), entry.raw, sha256)


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}; it is kept whole and listed."
