"""A page of mail goes in whole, with the cursor that covers it, or not at all; the same page twice changes nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence

from msgspec.structs import astuple

from auditor.store.days import london_day, microseconds, seconds
from auditor.store.records import BIN, Batch, Committed, Missed, Relocated, Skipped
from auditor.store.sqlite import names, removals, tombs
from auditor.store.sqlite.arrivals import Arrivals, Index, keep_bytes
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.evidence import Shelf
from auditor.store.sqlite.text import Hashes, clean, evidence_key, exact, opaque


def cursor(database: Database, source: str, address: str) -> str | None:
    """The cursor committed last."""
    mailbox = names.known_mailbox(database, source, address)
    found = database.value("SELECT cursor FROM mailboxes WHERE id = ?", (mailbox,))
    return None if found is None else opaque(found)


def commit(database: Database, shelf: Shelf, hashes: Hashes, batches: Sequence[Batch], ticket: str) -> list[Committed]:
    """One transaction: what went, what moved, what came, what was passed over or missed, and the cursors."""
    if all(_tells_nothing_new(database, batch) for batch in batches):
        return [_NOTHING] * len(batches)  # most nights of most councils: no reason to wait for the disk
    try:
        with database.transaction():
            if ticket and (kept := _kept_before(database, ticket)) is not None:
                return kept
            index = Index(database)
            done = [
                _NOTHING
                if _tells_nothing_new(database, batch)
                else _Page(database, shelf, hashes, index, batch).commit()
                for batch in batches
            ]
            index.write()
            if ticket:
                database.run(
                    "INSERT OR REPLACE INTO settings VALUES ('kept', ?)", (json.dumps([ticket, done], default=astuple),)
                )
            return done
    except BaseException:
        shelf.forget()
        raise


def _kept_before(database: Database, ticket: str) -> list[Committed] | None:
    """What the pages with this ticket changed, when they are the last that were kept."""
    last, done = json.loads(database.value("SELECT value FROM settings WHERE name = 'kept'") or '["", []]')
    return [Committed(*row) for row in done] if last == ticket else None


_NOTHING = Committed(0, 0, 0)


def _tells_nothing_new(database: Database, batch: Batch) -> bool:
    """Whether a page is empty and its cursor and count stand already."""
    if batch.arrivals or batch.skipped or batch.missed or batch.relocated or batch.vanished:
        return False
    stands = database.row(
        "SELECT cursor, counted FROM mailboxes WHERE source = ? AND address = ?",
        (clean(batch.source), clean(batch.mailbox)),
    )
    if stands is None:
        return False
    cursor, counted = stands
    return (batch.cursor is None or exact(batch.cursor) == cursor) and batch.count in (None, counted)


class _Page:
    def __init__(self, database: Database, shelf: Shelf, hashes: Hashes, index: Index, batch: Batch) -> None:
        self.database = database
        self.shelf = shelf
        self.hashes = hashes
        self.index = index
        self.batch = batch
        self.moment = names.run_started(database, batch.run)
        self.today = london_day(self.moment).toordinal()
        self.mailbox = names.mailbox(database, batch.source, batch.mailbox)
        self.moved: list[int] = []
        """Holdings that went, were binned, or came back from the bin."""

    def commit(self) -> Committed:
        self.batch = tombs.without_purged(self.database, self.hashes, self.mailbox, self.batch)
        removed = self.vanish() + self.relocate()
        removals.requeue(self.database, self.moved)
        kept = Arrivals(self.database, self.shelf, self.hashes, self.index, self.mailbox, self.batch).keep()
        # What arrives with a gap is a stand-in for the message: a gap of earlier nights stays open as it was.
        stood_in_for = {missed.id for missed in self.batch.missed}
        self.heal([arrival.id for arrival in self.batch.arrivals if arrival.id not in stood_in_for])
        for skipped in self.batch.skipped:
            self.skip(skipped)
        gaps = sum(self.miss(missed) for missed in self.batch.missed)
        self.move_cursor()
        return Committed(kept.new, removed, gaps, kept.judged, kept.findings)

    def holding(self, pid: bytes) -> int | None:
        """The holding that bears this id, whether it has vanished or not."""
        found = self.database.value(
            "SELECT id FROM holdings WHERE mailbox = ? AND key = ?", (self.mailbox, self.hashes(pid))
        )
        return None if found is None else int(found)

    def vanish(self) -> int:
        """Marks what has gone from the mailbox; what was only counted is forgotten."""
        removed = 0
        replaced = self.already_replaced() if self.batch.relocated else set()
        for pid in map(exact, self.batch.vanished):
            if pid in replaced:
                continue
            removed += self.lose(pid)
            self.forget_counted(pid)
        return removed

    def lose(self, pid: bytes) -> int:
        """Marks a holding as no longer there; 1 when it is news that it was removed, and not only emptied from the bin."""
        place = (self.mailbox, self.hashes(pid))
        rows = self.database.rows("SELECT id FROM holdings WHERE mailbox = ? AND key = ? AND NOT gone", place)
        self.moved.extend(holding for (holding,) in rows)
        news = self.database.run(
            "UPDATE holdings SET removed = ? WHERE mailbox = ? AND key = ? AND removed IS NULL", (self.today, *place)
        )
        self.database.run("UPDATE holdings SET gone = 1 WHERE mailbox = ? AND key = ?", place)
        return news

    def already_replaced(self) -> set[bytes]:
        """New ids of moves that were made when this page was committed before: they have not vanished."""
        return {exact(move.to) for move in self.batch.relocated if self.holding(exact(move.id)) is None}

    def forget_counted(self, pid: bytes) -> None:
        for table in ("gaps", "passed_over"):
            self.database.run(f"DELETE FROM {table} WHERE mailbox = ? AND pid = ?", (self.mailbox, pid))  # noqa: S608

    def relocate(self) -> int:
        """Gives moved holdings their new ids; how many messages that removed: put into the bin, or overwritten.

        Ids are taken off first and given afterwards, so that two files may have exchanged names.
        """
        folders = names.folder_numbers(self.database, {move.folders for move in self.batch.relocated})
        moves = [(self.holding(exact(move.id)), move) for move in self.batch.relocated]
        for holding, move in moves:
            if holding is not None and move.id != move.to:
                self.database.run("UPDATE holdings SET key = NULL WHERE id = ?", (holding,))
        removed = 0
        for holding, move in moves:
            pid, folder = exact(move.to), folders[move.folders]
            if holding is None:
                self.relocate_counted(exact(move.id), pid, exact(move.stamp))
                continue
            if move.id != move.to:
                removed += self.free(pid)
            if self.database.row("SELECT 1 FROM holdings WHERE id = ? AND (gone OR folders != ?)", (holding, folder)):
                self.moved.append(holding)  # folders are part of what is judged
            removed += self.binned(holding, move)
            self.database.run(
                "UPDATE holdings SET key = ?, pid = ?, stamp = ?, folders = ?, gone = 0 WHERE id = ?",
                (self.hashes(pid), pid, exact(move.stamp), folder, holding),
            )
            self.forget_counted(pid)
        return removed

    def binned(self, holding: int, move: Relocated) -> int:
        """Notes whether a moved message lies in the bin; 1 when that is news."""
        if BIN not in move.folders:
            self.database.run("UPDATE holdings SET removed = NULL WHERE id = ?", (holding,))
            return 0
        return self.database.run(
            "UPDATE holdings SET removed = ? WHERE id = ? AND removed IS NULL", (self.today, holding)
        )

    def free(self, pid: bytes) -> int:
        """Takes the id off a holding whose message is no longer there; 1 when it was still counted as there."""
        there = self.lose(pid)
        self.database.run(
            "UPDATE holdings SET key = NULL WHERE mailbox = ? AND key = ?", (self.mailbox, self.hashes(pid))
        )
        return there

    def relocate_counted(self, pid: bytes, to: bytes, stamp: bytes) -> None:
        tombs.follow(self.database, self.mailbox, pid, to)
        for table in ("gaps", "passed_over"):
            self.database.run(
                f"UPDATE OR REPLACE {table} SET pid = ?, stamp = ? WHERE mailbox = ? AND pid = ?",  # noqa: S608
                (to, stamp, self.mailbox, pid),
            )
        # Moved over something that is collected, or has a gap, it is that.
        held = self.database.row(
            "SELECT 1 FROM holdings WHERE mailbox = ?1 AND key = ?2 AND gone = 0 "
            "UNION ALL SELECT 1 FROM gaps WHERE mailbox = ?1 AND pid = ?3",
            (self.mailbox, self.hashes(to), to),
        )
        if held:
            self.database.run("DELETE FROM passed_over WHERE mailbox = ? AND pid = ?", (self.mailbox, to))

    def heal(self, ids: list[str]) -> None:
        """What has arrived is no longer a gap, nor passed over."""
        for table in ("gaps", "passed_over"):
            one = f"SELECT 1 FROM {table} WHERE mailbox = ? LIMIT 1"  # noqa: S608
            if ids and self.database.row(one, (self.mailbox,)):
                self.database.many(
                    f"DELETE FROM {table} WHERE mailbox = ? AND pid = ?",  # noqa: S608
                    [(self.mailbox, exact(one)) for one in ids],
                )

    def skip(self, skipped: Skipped) -> None:
        """Remembers the id alone. What is held already stays held: it is collected, not passed over."""
        pid, stamp = exact(skipped.id), exact(skipped.stamp)
        self.forget_counted(pid)
        held = self.database.run(
            "UPDATE holdings SET stamp = ? WHERE mailbox = ? AND key = ? AND gone = 0",
            (stamp, self.mailbox, self.hashes(pid)),
        )
        if not held:
            self.database.run(
                "INSERT INTO passed_over VALUES (?, ?, ?, ?, ?)",
                (self.mailbox, pid, stamp, skipped.why, skipped.day and skipped.day.toordinal()),
            )

    def miss(self, missed: Missed) -> int:
        """Opens a gap, or brings a known one up to date; 1 when it is new."""
        pid, sha256 = exact(missed.id), None
        if missed.raw is not None:
            sha256 = keep_bytes(self.database, self.shelf, missed.raw)
            self.database.run(
                "INSERT OR IGNORE INTO unread SELECT id, ? FROM evidence WHERE key = ? AND sha256 = ?",
                (seconds(self.moment), evidence_key(sha256), sha256),
            )
        elif missed.sha256:
            sha256 = bytes.fromhex(missed.sha256)
        self.database.run("DELETE FROM passed_over WHERE mailbox = ? AND pid = ?", (self.mailbox, pid))
        known = self.database.run(
            "UPDATE gaps SET stamp = ?, reason = ?, sha256 = coalesce(?, sha256) WHERE mailbox = ? AND pid = ?",
            (exact(missed.stamp), clean(missed.reason), sha256, self.mailbox, pid),
        )
        if not known:
            self.database.run(
                "INSERT INTO gaps VALUES (?, ?, ?, ?, ?, ?)",
                (self.mailbox, pid, exact(missed.stamp), clean(missed.reason), microseconds(self.moment), sha256),
            )
        return 1 - known

    def move_cursor(self) -> None:
        """The cursor and the count stand as they were where the page brings none."""
        if self.batch.cursor is not None:
            self.database.run("UPDATE mailboxes SET cursor = ? WHERE id = ?", (exact(self.batch.cursor), self.mailbox))
        if self.batch.count is not None:
            self.database.run("UPDATE mailboxes SET counted = ? WHERE id = ?", (self.batch.count, self.mailbox))
