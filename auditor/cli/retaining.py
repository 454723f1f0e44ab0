"""Retention as the commands and the night do it: what is due, its deletion, the certificate, the file written anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.trailing import recorded
from auditor.cli.workplace import store_path, user
from auditor.pipeline.due import leap
from auditor.store.trail import Deed

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.pipeline.night import NightResult
    from auditor.store.interface import Store
    from auditor.store.retention import Destroyed, Hold, Paper

WEEK = timedelta(days=7)
LATELY = 20
"""Entries of the audit trail among which those of this night's purge stand."""
RUNS = 200
"""Of the ledger: more than there are in a week of hourly runs."""
KEPT_COPIES = 14
"""Days that copies made before an update are kept where [backup] says nothing."""


def counted(number: int, one: str) -> str:
    """'1 message', '12 messages': as `reports.words` says it, without what that imports."""
    return f"{number:,} {one if number == 1 else one + 's'}"


def answering(store: Store, hold: Hold) -> int | None:
    """How many messages answer a hold now; None when its query is not understood any more."""
    from auditor.store.query import QueryError, parsed

    try:
        return store.count(parsed(hold.query))
    except QueryError:
        return None


def first_day(config: Config, now: datetime) -> date:
    """The first London day that is inside the retention period: everything sent before it is due."""
    from auditor.pipeline.weeks import months_before
    from reports.week import local_day

    return months_before(local_day(now), config.schedule.policy.retention_months)


def finish(
    config: Config, store: Store, now: datetime, progress: Callable[[int], None] = lambda _count: None
) -> list[Path]:
    """Finishes a purge that was interrupted: its certificate is written, and its words are taken out of the file. The
    certificates written.

    Raises:
        AuditorError: that cannot be done now; the next purge tries again.
    """
    from auditor.cli.certificate import folder, write

    written = [write(folder(config), paper) for paper in store.papers()]
    if written:
        store.papers_written()
    if store.unclean():
        store.cleanse(progress)
        recorded(store, Deed.PURGED, {"rewritten": True}, now)
    return written


def purged(
    config: Config, store: Store, now: datetime, progress: Callable[[int], None] = lambda _count: None
) -> tuple[Destroyed | None, list[Path]]:
    """Destroys what is due and free, to the end; what that was, and its certificates. The caller holds the lock.

    Raises:
        AuditorError: it cannot be done, or not to the end.
    """
    from auditor.cli.certificate import papers
    from auditor.cli.dossier import records_of

    finish(config, store, now, progress)
    copies = _copies_left(config, store, now)
    who = user()

    def certify(gone: Destroyed) -> tuple[Paper, ...]:
        return papers(config, gone, who, copies, records_of(store, set(gone.findings)))

    gone = store.purge(first_day(config, now), who, now, certify)
    return gone, finish(config, store, now, progress) if gone else []


def _copies_left(config: Config, store: Store, now: datetime) -> Sequence[Path]:
    """Copies of the store that were made before an update: those as old as a backup may grow are deleted, the others
    stay and are named."""
    path = store_path(config)
    backup = config.schedule.backup
    days = backup.keep if backup else KEPT_COPIES
    copies = sorted(path.parent.glob(f"{path.name}.before-v*"))
    old = [copy for copy in copies if copy.stat().st_mtime < now.timestamp() - days * 86400]
    for copy in old:
        copy.unlink()
    if old:
        recorded(store, Deed.PURGED, {"copies": [copy.name for copy in old]}, now)
    return [copy for copy in copies if copy not in old]


def weekly(config: Config, store: Store, result: NightResult, now: Callable[[], datetime]) -> Iterator[str]:
    """A night's step after the backup: finishes what was interrupted; with `purge = "auto"`, purges when a week has passed
    since the last, the clock may be believed, and there is a backup of the night wherever backups are made."""
    from auditor.cli.backup import due as lacking
    from reports.week import day_words, local_day

    finish(config, store, now())
    if config.schedule.policy.purge != "auto":
        return
    last = store.last_deed(Deed.PURGED)
    if last is not None and local_day(result.started) - local_day(last.at) < WEEK:
        return
    if (leapt := leap(store.runs(RUNS), result.started)) and (many := _due(config, store, result.started)):
        before, after = (day_words(local_day(moment)) for moment in leapt)
        yield (
            f"{many} older than the retention period by this computer's clock, and nothing was deleted: no run began between "
            f"{before} and {after}. If that is not so, set the clock; otherwise what is due is deleted once the nights have "
            "gone on for a week, and 'auditor purge' can do it before."
        )
        return
    # The day may have changed while the night was at work.
    if not all(lacking(config, store, moment) for moment in (result.started, now())):
        purged(config, store, result.started)
    elif many := _due(config, store, result.started):
        yield (
            f"{many} older than the retention period, and nothing was deleted, because tonight's backup could not be made: the "
            "first night with a sound backup deletes what is due, and 'auditor purge' can do it before."
        )


def _due(config: Config, store: Store, now: datetime) -> str:
    """'1 message is', '12 messages are'; empty where none is due and free."""
    many = len(store.purge_plan(first_day(config, now), now).due)
    return f"{counted(many, 'message')} {'is' if many == 1 else 'are'}" if many else ""


def _destroyed_since(store: Store, moment: datetime) -> bool:
    """Whether messages were, and not only copies of before an update, or words that an interrupted purge had left."""
    recent = store.trail(max(0, store.head().length - LATELY))
    return any(entry.deed == Deed.PURGED and entry.at >= moment and "messages" in entry.said for entry in recent)


def remark(config: Config, store: Store, result: NightResult) -> Iterator[str]:
    """What a night says of retention that needs nobody."""
    from auditor.cli.certificate import folder
    from auditor.cli.run import shown

    last = store.last_deed(Deed.PURGED)
    if last is not None and last.at >= result.started and _destroyed_since(store, result.started):
        yield f"Messages older than the retention period were deleted: {shown(config, folder(config))} has the certificate."
    if config.schedule.policy.purge == "ask" and (many := _due(config, store, result.started)):
        yield f"{many} older than the retention period: 'auditor purge' lists and deletes them."
