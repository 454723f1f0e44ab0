"""Retention: what is due, and its deletion in one transaction in which every hold is asked again.

A hold that was added before the transaction began wins; one that comes later waits for its end. What the transaction took
is told by the trail and the papers that are kept in it; the words are then taken out of the file itself (`cleansing`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from auditor.store.days import day_starts, from_microseconds, from_seconds, london_day, seconds
from auditor.store.retention import Certify, Destroyed, Due, Paper, Plan
from auditor.store.sqlite import cleansing, holds, tombs, trailing
from auditor.store.sqlite.asking import Condition
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.findings import forget_unsaid, whole
from auditor.store.sqlite.schema import FIRST_DATED, HOUR_BITS
from auditor.store.sqlite.text import Hashes, clean, listed
from auditor.store.trail import Deed, Head

_AGE = """CASE WHEN sent <= ?2 THEN sent
    ELSE coalesce(received / 1000000, (SELECT at FROM first_held WHERE first_held.holding = holdings.id), sent) END"""
# Three ranges of ids: what was sent long ago, what has no usable date, what says that it is still to be sent.
_DUE = f"""SELECT holdings.id, holdings.mailbox, address, {_AGE} AS age, sha256 FROM holdings
    JOIN mailboxes ON mailboxes.id = holdings.mailbox JOIN evidence ON evidence.id = holdings.evidence
    WHERE (holdings.id < {FIRST_DATED} OR holdings.id BETWEEN {FIRST_DATED} AND ?3 OR holdings.id >= ?4) AND age < ?1"""  # noqa: S608
_GAPS_DUE = """SELECT gaps.mailbox, gaps.pid, address, gaps.since, gaps.sha256 FROM gaps
    JOIN mailboxes ON mailboxes.id = gaps.mailbox WHERE gaps.since < ?"""
_ORPHANS = """SELECT id, lower(hex(sha256)) FROM evidence WHERE id NOT IN (SELECT evidence FROM holdings)
    AND id NOT IN (SELECT evidence FROM superseded)
    AND sha256 NOT IN (SELECT sha256 FROM gaps WHERE sha256 IS NOT NULL)
    AND id NOT IN (SELECT evidence FROM unread WHERE ?2 OR at >= ?1)"""


class _Message(NamedTuple):
    holding: int
    mailbox: int
    address: str
    age: int
    sha256: bytes


class _Gap(NamedTuple):
    mailbox: int
    pid: bytes
    address: str
    since: int
    sha256: bytes | None


class _Scope:
    """What is due at this moment, and what of it holds keep."""

    def __init__(self, database: Database, hashes: Hashes, before: date, at: datetime) -> None:
        self.database = database
        self.edge = day_starts(before)
        ids = (self.edge // 3600 + 1) << HOUR_BITS, (seconds(at) // 3600) << HOUR_BITS
        rows = database.rows(_DUE, (self.edge, seconds(at), *ids))
        self.messages = [_Message(*row) for row in rows]
        gaps = [_Gap(*row) for row in database.rows(_GAPS_DUE, (self.edge * 1_000_000,))]
        self.gaps = [gap for gap in gaps if not self._stands_in(gap, hashes)]
        self.holds = holds.standing(database)
        self.kept: Counter[str] = Counter()
        self.held: set[int] = set()
        for name, kept in self.holds:
            numbers = self._kept(kept)
            self.kept[name] = len(numbers)
            self.held |= numbers

    def _stands_in(self, gap: _Gap, hashes: Hashes) -> bool:
        """Whether something is held in its place that says how old the message is."""
        place = (gap.mailbox, hashes(gap.pid))
        return bool(self.database.row("SELECT 1 FROM holdings WHERE mailbox = ? AND key = ? AND NOT gone", place))

    def _kept(self, kept: Condition) -> set[int]:
        due = listed(one.holding for one in self.messages)
        rows = self.database.rows(
            f"SELECT id FROM holdings WHERE id IN (SELECT value FROM json_each(?)) AND ({kept.sql})",  # noqa: S608
            (due, *kept.values),
        )
        return {number for (number,) in rows}

    @property
    def free(self) -> list[_Message]:
        """Due, and under no hold."""
        return [one for one in self.messages if one.holding not in self.held]

    @property
    def free_gaps(self) -> list[_Gap]:
        """Nobody can say of what could not be read that it answers no hold: it waits until none stands."""
        return [] if self.holds else self.gaps


def plan(database: Database, hashes: Hashes, before: date, at: datetime) -> Plan:
    """What a purge would do."""
    scope = _Scope(database, hashes, before, at)
    due = [Due(one.address, london_day(from_seconds(one.age)), one.sha256.hex()) for one in scope.free]
    due += [
        Due(gap.address, london_day(from_microseconds(gap.since)), gap.sha256.hex() if gap.sha256 else None, read=False)
        for gap in scope.free_gaps
    ]
    kept_in = Counter(one.address for one in scope.messages if one.holding in scope.held)
    kept_in.update(gap.address for gap in scope.gaps if scope.holds)
    return Plan(
        before,
        tuple(sorted(due, key=lambda one: (one.day, one.mailbox, one.sha256 or ""))),
        tuple(scope.kept.items()),
        tuple(sorted(kept_in.items())),
    )


def purge(
    database: Database, hashes: Hashes, key: bytes | None, before: date, who: str, at: datetime, certify: Certify
) -> tuple[Destroyed, Head] | None:
    """Takes out what is due and free; None, and nothing written, where nothing is."""
    # SQLite would look through all holdings for each piece of evidence that goes. What refers is deleted by name here.
    database.run("PRAGMA foreign_keys = OFF")
    database.run("PRAGMA secure_delete = ON")
    try:
        with database.transaction():
            scope = _Scope(database, hashes, before, at)
            if not scope.free and not scope.free_gaps:
                return None
            cleansing.need_room(database)
            gone = _taken_out(database, scope, before, at)
            papers = certify(gone)
            database.run(
                "INSERT OR REPLACE INTO settings VALUES ('papers', ?)",
                (json.dumps([[p.name, p.text] for p in papers]),),
            )
            cleansing.begin(database)
            return gone, trailing.append(database, key, at, who, Deed.PURGED, _told(gone, papers))
    finally:
        database.run("PRAGMA foreign_keys = ON")


def _taken_out(database: Database, scope: _Scope, before: date, at: datetime) -> Destroyed:
    holdings = [one.holding for one in scope.free]
    by_year = Counter((one.address, london_day(from_seconds(one.age)).year) for one in scope.free)
    tombs.lay(database, holdings)
    tombs.lay_gaps(database, [(gap.mailbox, gap.pid) for gap in scope.free_gaps])
    findings = _findings(database, holdings)
    _rows(database, holdings)
    evidence = _orphans(database, scope)
    for table, column in (("senders", "sender"), ("folders", "folders")):
        database.run(f"DELETE FROM {table} WHERE id NOT IN (SELECT {column} FROM holdings)")  # noqa: S608
    return Destroyed(
        at,
        before,
        tuple((address, year, many) for (address, year), many in sorted(by_year.items())),
        len(scope.free_gaps),
        findings,
        evidence,
        tuple(scope.kept.items()),
        trailing.newest(database),
    )


def _findings(database: Database, holdings: list[int]) -> tuple[str, ...]:
    """Findings that a copy which is kept makes too stand under that one; the others go,
    what they said and what was decided of them. Their ids."""
    ids = listed(holdings)
    database.run("DELETE FROM also_made WHERE holding IN (SELECT value FROM json_each(?))", (ids,))
    database.run(
        "UPDATE findings SET holding = (SELECT min(holding) FROM also_made WHERE finding = findings.id) "
        "WHERE holding IN (SELECT value FROM json_each(?)) AND EXISTS (SELECT 1 FROM also_made WHERE finding = findings.id)",
        (ids,),
    )
    database.run(
        "DELETE FROM also_made WHERE EXISTS "
        "(SELECT 1 FROM findings WHERE findings.id = also_made.finding AND findings.holding = also_made.holding)"
    )
    going = "FROM findings WHERE holding IN (SELECT value FROM json_each(?))"
    gone = tuple(sorted(whole(name) for (name,) in database.rows(f"SELECT id {going}", (ids,))))
    for table in ("decisions", "hidden"):
        database.run(f"DELETE FROM {table} WHERE finding IN (SELECT id {going})", (ids,))  # noqa: S608
    database.run(f"DELETE {going}", (ids,))
    forget_unsaid(database)
    return gone


def _rows(database: Database, holdings: list[int]) -> None:
    """The holdings themselves and whatever belongs to them."""
    ids = listed(holdings)
    for table, column in _belonging(database):
        database.run(f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", (ids,))  # noqa: S608
    database.run("DELETE FROM words WHERE rowid IN (SELECT value FROM json_each(?))", (ids,))
    database.run("DELETE FROM holdings WHERE id IN (SELECT value FROM json_each(?))", (ids,))


def _belonging(database: Database) -> Iterator[tuple[str, str]]:
    """(table, column) of everything that goes with its holding."""
    tables = database.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
    for (table,) in tables:
        for _, _, parent, column, _, _, on_delete, _ in database.rows(f"PRAGMA foreign_key_list({table})"):
            if parent == "holdings" and on_delete == "CASCADE":
                yield table, column


def _orphans(database: Database, scope: _Scope) -> tuple[str, ...]:
    """Evidence that nobody holds any more goes; its hashes, in order."""
    rows = database.rows(_ORPHANS, (scope.edge, bool(scope.holds)))
    ids = listed(number for number, _ in rows)
    for table, column in (("unread", "evidence"), ("evidence", "id")):
        database.run(f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", (ids,))  # noqa: S608
    return tuple(sorted(name for _, name in rows))


def _told(gone: Destroyed, papers: tuple[Paper, ...]) -> dict[str, object]:
    return {
        "before": gone.before.isoformat(),
        "messages": gone.count,
        "evidence": len(gone.evidence),
        "findings": len(gone.findings),
        "kept": {clean(name): many for name, many in gone.kept},
        "papers": {paper.name: sha256(paper.text.encode()).hexdigest() for paper in papers},
    }


def papers(database: Database) -> tuple[Paper, ...]:
    """The papers of a purge that nobody has yet said are written."""
    kept = database.value("SELECT value FROM settings WHERE name = 'papers'")
    return tuple(Paper(*one) for one in json.loads(kept or "[]"))


def papers_written(database: Database) -> None:
    """They lie in their folder."""
    database.run("DELETE FROM settings WHERE name = 'papers'")
