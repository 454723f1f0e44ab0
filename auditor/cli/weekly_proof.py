"""Once a week a night proves a share of the store by itself: no message goes unproved for more than twelve weeks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.trailing import recorded
from auditor.store.trail import Deed
from auditor.values import Value

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.pipeline.night import NightResult
    from auditor.store.interface import Store
    from auditor.store.trail import Entry

SMALL = 20_000
"""Messages that are all proved every week: it takes seconds."""
WEEKS = 11
"""Otherwise a share that comes round in so many: one week may be missed."""
BOOKS = 8
"""Workbooks that are opened every week, the newest ones, and so many of the older ones in their turn."""
_DAYS = 7


class Share(Value, frozen=True):
    """The pieces of evidence to prove tonight, by their numbers, both included."""

    first: int
    last: int


def prove_weekly(config: Config, store: Store, result: NightResult, now: Callable[[], datetime]) -> Iterator[str]:
    """A step of the night: the bytes of a share, and the whole audit trail. A sentence for each thing that is damaged."""
    newest = store.last_deed(Deed.VERIFIED)
    if not _due(config, newest, result.started):
        return
    from auditor.cli.anchors import proved, workbooks
    from auditor.cli.verify import evidence_check, mend, trail_check
    from auditor.pipeline.proving import hashed
    from auditor.pipeline.reader import reader_version

    share = share_of(store.proving(reader_version()).last(), newest)
    books, upto = books_of(workbooks(config), newest)
    checks = evidence_check(hashed(store, share.first, share.last)), trail_check(proved(config, store, books))
    figures = {check.check: [check.checked, check.wrong] for check in checks}
    ok = all(check.ok for check in checks)
    about = {**figures, "ok": ok, "from": share.first, "upto": share.last, "book": upto, "week": True}
    recorded(store, Deed.VERIFIED, about, now())
    if not ok:
        yield " ".join([*(check.detail for check in checks if not check.ok), mend(config)])


def share_of(last: int, newest: Entry | None) -> Share:
    """What is next: everything where that is little or something was damaged, else the pieces after those that were proved
    last."""
    if last <= SMALL or _damaged(newest):
        return Share(1, last)
    upto = newest.said.get("upto") if newest else 0
    first = upto + 1 if isinstance(upto, int) and upto < last else 1
    return Share(first, min(last, first + -(-last // WEEKS) - 1))


def books_of(books: Sequence[Path], newest: Entry | None) -> tuple[Sequence[Path], str]:
    """Which workbooks are next: all where something was damaged, else the newest, and of the others those that come after
    the last that had its turn. The name of the last that has it now."""
    others = books[:-BOOKS]
    if _damaged(newest):
        return books, ""
    last = str(newest.said.get("book", "")) if newest else ""
    turn = [book for book in others if book.name > last][:BOOKS] or others[:BOOKS]
    return [*turn, *books[-BOOKS:]], turn[-1].name if turn else ""


def _damaged(newest: Entry | None) -> bool:
    return newest is not None and newest.said.get("ok") is False


def _due(config: Config, newest: Entry | None, now: datetime) -> bool:
    if newest is None:
        return True
    then, today = config.policy.day(newest.at), config.policy.day(now)
    # A damaged store is told of every night until it is mended.
    return newest.said.get("ok") is not True or then is None or today is None or (today - then).days >= _DAYS
