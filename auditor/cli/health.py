"""How the auditor fares: no green without proof, and what needs a person in one sentence each.

`auditor status` shows it, the workbook warns of it, and notices tell it to people who look at neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from auditor.cli import heartbeat, standing
from auditor.cli.expiries import Expiry, expiries
from auditor.cli.heartbeat import Beat
from auditor.store.records import Coverage, GapRow, Run, StoreFacts
from auditor.store.trail import Head
from auditor.values import Value

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.store.interface import Store

NIGHTS = 7
EARLY = timedelta(hours=1)
"""Before the nightly moment, a run counts for that night: a computer's own timer need not keep our hour."""
RUNS = 60
"""Of the ledger that are looked at."""


class Need(Value, frozen=True):
    """Something that needs a person."""

    sentence: str
    """What, and what to do."""
    names: tuple[str, ...]
    """What it is known by from night to night, whatever figures its sentence holds."""
    pressing: bool = False
    """Whether a monitoring program must react to it."""


class Disk(Value, frozen=True):
    """Room where the store lies, in bytes."""

    free: int
    needed: int
    """What should be free."""
    months_left: float | None
    """Until it is full, as things go; None when that cannot be told."""


class Backups(Value, frozen=True):
    """The backups that are there."""

    newest: str | None
    """The newest one's folder; None when there is none."""
    age_days: int | None
    keep: int


class Box(Value, frozen=True):
    """A mailbox: its account, and for how many nights it has not been read in full."""

    account: Coverage
    nights_since: int | None
    """0 when the last night read it; None when none ever has."""


class Health(Value, frozen=True):
    """Everything that is to be known of it at one moment."""

    now: datetime
    runs: tuple[Run, ...]
    """Newest first."""
    running: int | None
    """The run that is at work at this moment."""
    next_run: datetime
    due: datetime
    """The latest moment at which a night was to begin."""
    covered: int
    """Of the last seven nights, those on which every mailbox was read in full."""
    boxes: tuple[Box, ...]
    gaps: tuple[GapRow, ...]
    facts: StoreFacts
    head: Head
    disputed: Head | None
    disk: Disk
    backups: Backups | None
    expiries: tuple[Expiry, ...]
    beat: Beat | None
    wants: tuple[Need, ...] = ()

    @property
    def last_run(self) -> Run | None:
        """The newest that ended."""
        return next((run for run in self.runs if run.ended is not None), None)

    @property
    def interrupted(self) -> tuple[int, ...]:
        """Runs that did not end and are not at work, newest first."""
        return tuple(run.id for run in self.runs if run.ended is None and run.id != self.running)

    @property
    def index_lag(self) -> int:
        """Messages that a search does not find yet."""
        return self.facts.messages - self.facts.searchable

    @property
    def needs(self) -> tuple[str, ...]:
        """What needs a person, and what to do, a sentence each; the most pressing first."""
        return tuple(need.sentence for need in self.wants)

    @property
    def pressing(self) -> bool:
        """Whether any of it cannot wait."""
        return any(need.pressing for need in self.wants)


def health(config: Config, store: Store | None, now: datetime) -> Health:
    """The whole of it. Without a store, nothing has been read yet."""
    from auditor.cli.needs import needs
    from auditor.cli.workplace import at_work
    from auditor.pipeline.weeks import last_nightly, next_nightly
    from auditor.values import replace
    from reports.week import local_day

    busy = at_work(config)
    runs = tuple(store.runs(RUNS)) if store else ()
    accounts = standing.accounts(config, store)
    at, zone = config.schedule.schedule.nightly, config.policy.timezone
    found = Health(
        now=now,
        runs=runs,
        running=runs[0].id if busy and runs and runs[0].ended is None else None,
        next_run=next_nightly(now, at, zone),
        due=last_nightly(now, at, zone),
        covered=_covered(runs, accounts, now),
        boxes=tuple(Box(one, _nights_since(config, one.last_complete, now)) for one in accounts),
        gaps=tuple(store.gaps()) if store and any(one.gaps for one in accounts) else (),
        facts=store.facts() if store else StoreFacts(0, 0, 0),
        head=store.head() if store else Head(),
        disputed=store.disputed() if store else None,
        disk=_disk(config, store, now),
        backups=_backups(config, local_day(now)),
        expiries=expiries(config, local_day(now)),
        beat=heartbeat.read(config),
    )
    return replace(found, wants=tuple(needs(config, found)))


def _covered(runs: Sequence[Run], accounts: Sequence[Coverage], now: datetime) -> int:
    """How many of the last seven nights every mailbox was read."""
    from reports.nights import covered, nights
    from reports.week import Period, local_day

    yesterday = local_day(now) - timedelta(days=1)
    period = Period("", "", "", yesterday - timedelta(days=NIGHTS - 1), yesterday)
    return covered(nights(period, standing.nights(runs, accounts), now))


def _nights_since(config: Config, complete: datetime | None, now: datetime) -> int | None:
    """How many nights were to begin since a moment."""
    from auditor.pipeline.weeks import last_nightly

    if complete is None:
        return None
    at, zone = config.schedule.schedule.nightly, config.policy.timezone
    first, last = (last_nightly(moment, at, zone).astimezone(zone).date() for moment in (complete + EARLY, now))
    return max(0, (last - first).days)


def _backups(config: Config, today: date) -> Backups | None:
    """None where no backups are asked for. One that was left unfinished, or whose list of contents is not whole, is none."""
    from auditor.cli.backup import keep, place
    from auditor.pipeline.backups import newest
    from reports.week import local_day

    if config.schedule.backup is None:
        return None
    if (found := newest(place(config))) is None:
        return Backups(None, None, keep(config))
    return Backups(found.name, (today - local_day(found.manifest.made)).days, keep(config))


def _disk(config: Config, store: Store | None, now: datetime) -> Disk:
    from auditor.cli.room import disk

    said = disk(config, store, now)
    return Disk(said["free"] or 0, said["needed"] or 0, said["months_left"])
