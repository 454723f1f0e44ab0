"""What was done, and the account of each mailbox: every message the provider counts is in exactly one term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from auditor.store.days import day_ends, day_starts, from_microseconds, microseconds
from auditor.store.records import Coverage, GapRow, MailboxNight, MailboxStatus, PassedOver, Run
from auditor.store.sqlite import names
from auditor.store.sqlite.arrivals import UNREAD
from auditor.store.sqlite.database import Database, Row
from auditor.store.sqlite.findings import forget_unsaid
from auditor.store.sqlite.schema import FIRST_DATED, HOUR_BITS
from auditor.store.sqlite.text import Hashes, clean, opaque

MERGED_PAGES = 4000
"""As much of the index is merged after a run at most: a night of a large store stays short."""

# Three counts that indexes answer, where one through all the holdings would take most of an idle night's time in
# the store. What is gone has been removed, and what has no key is gone.
_NAMED = "holdings WHERE key IS NOT NULL"
_GONE = "holdings WHERE removed IS NOT NULL AND gone = 1 AND key IS NOT NULL"
_MISSED = """holdings WHERE gone = 0 AND mailbox IN (SELECT mailbox FROM gaps)
    AND EXISTS (SELECT 1 FROM gaps WHERE gaps.mailbox = holdings.mailbox AND gaps.pid = holdings.pid)"""


def begin_run(database: Database, started: datetime, version: str) -> int:
    """Opens a line."""
    with database.transaction():
        database.run("INSERT INTO runs (started, version) VALUES (?, ?)", (microseconds(started), clean(version)))
        return int(database.value("SELECT max(id) FROM runs"))


def end_run(database: Database, run: int, ended: datetime, ok: bool, mailboxes: Sequence[MailboxNight]) -> None:
    """Closes it."""
    with database.transaction():
        names.run_started(database, run)
        database.run("UPDATE runs SET ended = ?, ok = ? WHERE id = ?", (microseconds(ended), ok, run))
        for place, night in enumerate(mailboxes):
            number = names.mailbox(database, night.source, night.mailbox)
            database.run(
                "INSERT OR REPLACE INTO nights VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    run, number, place, night.status.value, night.new, night.removed, night.analysed,
                    night.findings, night.requests, night.gaps, None if night.error is None else clean(night.error),
                ),
            )  # fmt: skip


def tidy(database: Database) -> None:
    """After a run: what no finding says any longer is dropped, a part of the index is merged, unused pages go back to the disk, the log into the file."""
    forget_unsaid(database)
    database.run("INSERT INTO words (words, rank) VALUES ('merge', ?)", (MERGED_PAGES,))
    database.rows("PRAGMA incremental_vacuum")
    # Somebody who reads (`status`, a backup) keeps the log as it is until the next time: no reason to wait for them.
    with database.impatient():
        database.rows("PRAGMA wal_checkpoint(TRUNCATE)")


def runs(database: Database, limit: int) -> list[Run]:
    """Newest first."""
    rows = database.rows("SELECT id, started, ended, ok, version FROM runs ORDER BY id DESC LIMIT ?", (limit,))
    return [_run(database, row) for row in rows]


def _run(database: Database, row: Row) -> Run:
    number, started, ended, ok, version = row
    nights = database.rows(
        "SELECT address, source, status, new, removed, analysed, findings, requests, gaps, error "
        "FROM nights JOIN mailboxes ON mailboxes.id = nights.mailbox WHERE run = ? ORDER BY place",
        (number,),
    )
    return Run(
        number,
        from_microseconds(started),
        None if ended is None else from_microseconds(ended),
        None if ok is None else bool(ok),
        tuple(MailboxNight(address, source, MailboxStatus(status), *rest) for address, source, status, *rest in nights),
        version,
    )


def gaps(database: Database, hashes: Hashes) -> list[GapRow]:
    """Every open gap."""
    rows = database.rows(
        "SELECT mailboxes.id, source, address, pid, reason, since, sha256 FROM gaps "
        "JOIN mailboxes ON mailboxes.id = gaps.mailbox ORDER BY source, address, pid"
    )
    held = "SELECT subject FROM holdings WHERE mailbox = ? AND key = ? AND gone = 0"
    return [
        GapRow(
            source,
            address,
            opaque(pid),
            reason,
            from_microseconds(since),
            sha256 and sha256.hex(),
            database.value(held, (mailbox, hashes(pid))),
        )
        for mailbox, source, address, pid, reason, since, sha256 in rows
    ]


def coverage(database: Database) -> list[Coverage]:
    """Every mailbox's account."""
    counts = _Counts(database)
    rows = database.rows("SELECT id, address, source, counted FROM mailboxes ORDER BY source, address")
    return [counts.account(*row) for row in rows]


def _by_mailbox(database: Database, what: str) -> dict[int, int]:
    return dict(database.rows(f"SELECT mailbox, count(*) FROM {what} GROUP BY mailbox"))  # noqa: S608


class _Counts:
    """The figures of all mailboxes, each counted once."""

    def __init__(self, database: Database) -> None:
        self.gaps = _by_mailbox(database, "gaps")
        self.collected = Counter(_by_mailbox(database, _NAMED))
        self.collected.subtract(_by_mailbox(database, _GONE))
        self.collected.subtract(_by_mailbox(database, _MISSED) if self.gaps else {})
        self.removed = _by_mailbox(database, "holdings WHERE removed IS NOT NULL")
        # In the order of its key: to group by the reason as well would sort every id of a large mailbox in memory.
        self.passed = {
            mailbox: (outside, private)
            for mailbox, outside, private in database.rows(
                "SELECT mailbox, count(*) FILTER (WHERE why != ?1), count(*) FILTER (WHERE why = ?1) "
                "FROM passed_over GROUP BY mailbox",
                (PassedOver.PRIVATE.value,),
            )
        }
        self.flaws = {
            (mailbox, code): count
            for mailbox, code, count in database.rows(
                "SELECT mailbox, code, count(*) FROM flaws JOIN holdings ON holdings.id = flaws.holding "
                "WHERE gone = 0 GROUP BY mailbox, code"
            )
        }
        self.unchecked = _by_mailbox(database, "holdings WHERE id IN (SELECT holding FROM unchecked)")
        # With max(), SQLite takes the other columns from the row that has it.
        self.latest = {
            mailbox: (status, error)
            for mailbox, status, error, _ in database.rows(
                "SELECT mailbox, status, error, max(run) FROM nights JOIN runs ON runs.id = nights.run "
                "WHERE ended IS NOT NULL GROUP BY mailbox"
            )
        }
        self.complete: dict[int, int] = dict(
            database.rows(
                "SELECT mailbox, max(ended) FROM nights JOIN runs ON runs.id = nights.run "
                "WHERE status = ? GROUP BY mailbox",
                (MailboxStatus.COMPLETE.value,),
            )
        )

    def account(self, mailbox: int, address: str, source: str, counted: int | None) -> Coverage:
        """One mailbox's account."""
        status, error = self.latest.get(mailbox, (None, None))
        complete = self.complete.get(mailbox)
        outside, private = self.passed.get(mailbox, (0, 0))
        return Coverage(
            mailbox=address,
            source=source,
            status=None if status is None else MailboxStatus(status),
            provider_count=counted,
            collected=self.collected[mailbox],
            gaps=self.gaps.get(mailbox, 0),
            outside_window=outside,
            private=private,
            removed=self.removed.get(mailbox, 0),
            last_complete=None if complete is None else from_microseconds(complete),
            error=error,
            unread_parts=self.flaws.get((mailbox, UNREAD), 0),
            defects={code: n for (box, code), n in sorted(self.flaws.items()) if box == mailbox and code != UNREAD},
            unchecked=self.unchecked.get(mailbox, 0),
        )


_JUDGED = """NOT EXISTS (SELECT 1 FROM queue WHERE queue.holding = holdings.id)
    AND (?1 IS NULL OR sent >= ?1) AND (?2 IS NULL OR sent < ?2 OR sent IS NULL)
    AND (?1 IS NULL OR holdings.id < ?4 OR holdings.id >= ?3)"""


def judged_between(database: Database, since: date | None, until: date | None) -> dict[str, int]:
    """Messages that rules were put to, by mailbox, sent on these days; what has no usable date when `since` is open."""
    rows = database.rows(
        "SELECT address, count(*) FROM holdings JOIN mailboxes ON mailboxes.id = holdings.mailbox "  # noqa: S608
        f"WHERE found IS NOT NULL AND {_JUDGED} GROUP BY address ORDER BY address",
        _days(since, until),
    )
    return dict(rows)


def senders_between(database: Database, since: date | None, until: date | None) -> dict[str, int]:
    """The messages that `judged_between` counts, by who sent them."""
    rows = database.rows(
        "SELECT senders.name, count(*) FROM holdings JOIN senders ON senders.id = holdings.sender "  # noqa: S608
        f"WHERE found IS NOT NULL AND {_JUDGED} GROUP BY senders.name ORDER BY senders.name",
        _days(since, until),
    )
    return dict(rows)


def unflagged_between(database: Database, since: date | None, until: date | None) -> list[Row]:
    """The messages that `judged_between` counts, that all rules could be put to and that have no finding, once each
    however many copies are held: SHA-256, mailbox, sender, and seconds at which it was sent."""
    return database.rows(
        "SELECT sha256, address, senders.name, sent FROM holdings JOIN evidence ON evidence.id = holdings.evidence "  # noqa: S608
        "JOIN mailboxes ON mailboxes.id = holdings.mailbox JOIN senders ON senders.id = holdings.sender "
        "WHERE holdings.id IN (SELECT min(holdings.id) FROM holdings "
        f"WHERE found IS NOT NULL AND {_JUDGED} "
        "AND NOT EXISTS (SELECT 1 FROM unchecked WHERE unchecked.holding = holdings.id) "
        "GROUP BY evidence HAVING max(found) = 0)",
        _days(since, until),
    )


def unseen_between(database: Database, since: date | None, until: date | None) -> dict[str, int]:
    """Judged messages sent on these days of which something was not seen, by what it was."""
    rows = database.rows(
        "SELECT what, count(*) FROM unseen JOIN holdings ON holdings.id = unseen.holding "  # noqa: S608
        f"WHERE {_JUDGED} GROUP BY what ORDER BY what",
        _days(since, until),
    )
    return dict(rows)


def _days(since: date | None, until: date | None) -> Row:
    """The values of `_JUDGED`."""
    return (
        None if since is None else day_starts(since),
        None if until is None else day_ends(until),
        0 if since is None else (day_starts(since) // 3600) << HOUR_BITS,
        FIRST_DATED,
    )
