"""What was purged is never collected again, though its provider still lists it: it is counted as outside the window.

The memory (`purged`) stays for good: an id, a hash of bytes, a keyed hash of a Message-ID, and no word. While the message
is in its mailbox it is passed over besides, which is what is counted.
"""

from __future__ import annotations

from typing import NamedTuple

from auditor.store.records import Arrival, Batch, Missed, PassedOver, Skipped
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.text import Hashes, exact, listed
from auditor.values import replace


class _Tomb(NamedTuple):
    pid: bytes
    sha256: bytes | None
    mid: int | None


def lay(database: Database, holdings: list[int]) -> None:
    """Remembers these holdings, which are about to go; those that are in their mailbox are passed over from now on."""
    ids = listed(holdings)
    database.run(
        "INSERT OR REPLACE INTO purged SELECT mailbox, pid, evidence.sha256, mid FROM json_each(?) AS gone "
        "JOIN holdings ON holdings.id = gone.value JOIN evidence ON evidence.id = holdings.evidence",
        (ids,),
    )
    there = "json_each(?) AS gone JOIN holdings ON holdings.id = gone.value WHERE gone = 0 AND holdings.key IS NOT NULL"
    database.run(f"DELETE FROM gaps WHERE (mailbox, pid) IN (SELECT mailbox, pid FROM {there})", (ids,))  # noqa: S608
    database.run(
        f"INSERT OR REPLACE INTO passed_over SELECT mailbox, pid, stamp, ?, NULL FROM {there}",  # noqa: S608
        (PassedOver.PURGED, ids),
    )


def lay_gaps(database: Database, gaps: list[tuple[int, bytes]]) -> None:
    """The same for gaps."""
    for place in gaps:
        database.run(
            "INSERT OR REPLACE INTO purged SELECT mailbox, pid, sha256, NULL FROM gaps WHERE mailbox = ? AND pid = ?",
            place,
        )
        database.run(
            "INSERT OR REPLACE INTO passed_over SELECT mailbox, pid, stamp, ?, NULL FROM gaps WHERE mailbox = ? AND pid = ?",
            (PassedOver.PURGED, *place),
        )
        database.run("DELETE FROM gaps WHERE mailbox = ? AND pid = ?", place)


def follow(database: Database, mailbox: int, pid: bytes, to: bytes) -> None:
    """What was purged has another id now."""
    if pid != to:
        database.run(
            "INSERT OR REPLACE INTO purged SELECT mailbox, ?, sha256, mid FROM purged WHERE mailbox = ? AND pid = ?",
            (to, mailbox, pid),
        )


def without_purged(database: Database, hashes: Hashes, mailbox: int, batch: Batch) -> Batch:
    """A page on which what was purged is only counted."""
    if not database.row("SELECT 1 FROM purged WHERE mailbox = ? LIMIT 1", (mailbox,)):
        return batch
    book = _Book(database, hashes, mailbox)
    arrivals = [one for one in batch.arrivals if not book.knows_arrival(one)]
    missed = [one for one in batch.missed if not book.knows_missed(one)]
    skipped = [replace(one, why=PassedOver.PURGED) if book.tombs(exact(one.id)) else one for one in batch.skipped]
    return replace(batch, arrivals=tuple(arrivals), missed=tuple(missed), skipped=(*skipped, *book.passed))


class _Book:
    """The memory of one mailbox, beside one page."""

    def __init__(self, database: Database, hashes: Hashes, mailbox: int) -> None:
        self.database = database
        self.hashes = hashes
        self.mailbox = mailbox
        self.passed: list[Skipped] = []

    def tombs(self, pid: bytes, sha256: bytes | None = None) -> list[_Tomb]:
        """What was purged under this id, or with these bytes."""
        rows = self.database.rows(
            "SELECT pid, sha256, mid FROM purged WHERE mailbox = ?1 AND pid = ?2 "
            "UNION SELECT pid, sha256, mid FROM purged WHERE mailbox = ?1 AND sha256 = ?3",
            (self.mailbox, pid, sha256),
        )
        return [_Tomb(*row) for row in rows]

    def held(self, pid: bytes) -> bool:
        """Whether something else is held under this id: a file that was written over another."""
        place = (self.mailbox, self.hashes(pid))
        return bool(self.database.row("SELECT 1 FROM holdings WHERE mailbox = ? AND key = ?", place))

    def knows_arrival(self, one: Arrival) -> bool:
        """Whether this was purged: the same bytes, or under its id the same Message-ID. A file of the same name with
        another message in it is another message."""
        pid, sha256 = exact(one.id), bytes.fromhex(one.sha256)
        mid = self.hashes.message_id(one.reading.message_id) or None
        same = [
            tomb
            for tomb in self.tombs(pid, sha256)
            if tomb.sha256 == sha256 or (tomb.pid == pid and tomb.sha256 is not None and tomb.mid == mid)
        ]
        return self._passed(one, pid, same[0]) if same and not self.held(pid) else False

    def knows_missed(self, one: Missed) -> bool:
        """Whether what cannot be read, or fetched, was purged."""
        pid, sha256 = exact(one.id), bytes.fromhex(one.sha256) if one.sha256 else None
        same = [tomb for tomb in self.tombs(pid, sha256) if sha256 is None or tomb.sha256 in (sha256, None)]
        return self._passed(one, pid, same[0]) if same and not self.held(pid) else False

    def _passed(self, one: Arrival | Missed, pid: bytes, tomb: _Tomb) -> bool:
        self.passed.append(Skipped(one.id, one.stamp, PassedOver.PURGED, None))
        follow(self.database, self.mailbox, tomb.pid, pid)
        return True
