"""What waits to be judged, its witnesses, and what was said of it: known again, kept, withdrawn, never lost."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from auditor.findings import Finding
from auditor.store.interface import Docket, Judgement
from auditor.store.sqlite.database import Database, Row
from auditor.store.sqlite.evidence import Shelf
from auditor.store.sqlite.names import folder_names, run_started
from auditor.store.sqlite.text import clean, listed

WITNESSES = 64
"""As many copies and replies of one message are looked at: enough for any council, and a bound on forged ids."""

_DOCKET = """holdings.id, mailboxes.source, mailboxes.address, folders.name, evidence.sha256, evidence.size,
    evidence.packed_size, evidence.reading, CASE WHEN evidence.reading IS NULL THEN evidence.data END"""
_JOINED = """JOIN mailboxes ON mailboxes.id = holdings.mailbox JOIN folders ON folders.id = holdings.folders
    JOIN evidence ON evidence.id = holdings.evidence"""
_WITNESSES = """SELECT me.id, other.id FROM json_each(?1) AS asked JOIN holdings AS me ON me.id = asked.value
    JOIN holdings AS other ON other.mid = me.mid WHERE other.id != me.id
    UNION SELECT me.id, other.id FROM json_each(?1) AS asked JOIN holdings AS me ON me.id = asked.value
    JOIN holdings AS other ON other.irt = me.mid WHERE other.id != me.id ORDER BY 1, 2"""
_FINDING_COLUMNS = "rule, severity, confidence, part, start, end, excerpt, reason, evidence"
_KEEP_FINDING = f"""INSERT INTO findings (id, holding, {_FINDING_COLUMNS}, rules_version, run)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, confidence = excluded.confidence,
    part = excluded.part, start = excluded.start, end = excluded.end, excerpt = excluded.excerpt,
    reason = excluded.reason, evidence = excluded.evidence, rules_version = excluded.rules_version, withdrawn = 0"""  # noqa: S608


def adopt(database: Database, rules_version: str) -> bool:
    """Makes this the version; everything held is queued when another stood before."""
    with database.transaction():
        before = database.value("SELECT value FROM settings WHERE name = 'rules_version'")
        if before == rules_version:
            return False
        database.run("INSERT OR REPLACE INTO settings VALUES ('rules_version', ?)", (rules_version,))
        database.run("INSERT OR IGNORE INTO queue SELECT id FROM holdings")
        return before is not None


def docket(shelf: Shelf, row: Row) -> Docket:
    """A docket from `_DOCKET`'s columns."""
    holding, source, mailbox, folders, sha256, *blobs = row
    return Docket(holding, source, mailbox, folder_names(folders), sha256.hex(), shelf.reading(*blobs)[0])


def queue(database: Database, shelf: Shelf, limit: int, after: int) -> list[Docket]:
    """The next to judge."""
    rows = database.rows(
        f"SELECT {_DOCKET} FROM queue JOIN holdings ON holdings.id = queue.holding {_JOINED} "  # noqa: S608
        "WHERE queue.holding > ? ORDER BY queue.holding LIMIT ?",
        (after, limit),
    )
    return [docket(shelf, row) for row in rows]


def witnesses(database: Database, shelf: Shelf, holdings: Sequence[int]) -> dict[int, list[Docket]]:
    """Copies and replies of each holding; at most `WITNESSES`, the lowest holdings."""
    seen: dict[int, list[int]] = {}
    for holding, other in database.each(_WITNESSES, (listed(holdings),)):
        others = seen.setdefault(holding, [])
        if len(others) < WITNESSES:
            others.append(other)
    rows = database.rows(
        f"SELECT {_DOCKET} FROM json_each(?) AS asked JOIN holdings ON holdings.id = asked.value {_JOINED}",  # noqa: S608
        (listed({other for others in seen.values() for other in others}),),
    )
    dockets = {row[0]: docket(shelf, row) for row in rows}
    return {holding: [dockets[other] for other in others] for holding, others in seen.items()}


def judge(database: Database, run: int, judgements: Sequence[Judgement]) -> int:
    """Keeps what was said and takes the messages off the queue."""
    with database.transaction():
        run_started(database, run)
        version = database.value("SELECT value FROM settings WHERE name = 'rules_version'") or ""
        said = {judgement.holding: dict(reversed(judgement.findings)) for judgement in judgements}
        before = _made_before(database, said)
        new = _keep(database, run, version, said)
        _withdraw(database, [(holding, name) for holding, name in before if name not in said[holding]])
        database.run("DELETE FROM unseen WHERE holding IN (SELECT value FROM json_each(?))", (listed(said),))
        database.many(
            "INSERT OR IGNORE INTO unseen VALUES (?, ?)",
            [(one.holding, what) for one in judgements for what in one.unseen],
        )
        database.many("DELETE FROM queue WHERE holding = ?", [(holding,) for holding in said])
        return new


def _made_before(database: Database, said: dict[int, dict[str, Finding]]) -> list[Row]:
    return database.rows(
        "SELECT holding, finding FROM made WHERE holding IN (SELECT value FROM json_each(?))", (listed(said),)
    )


def _keep(database: Database, run: int, version: str, said: dict[int, dict[str, Finding]]) -> int:
    """Keeps the findings; how many were never made before. One made again is in force again."""
    made = [(holding, name, one) for holding, found in said.items() for name, one in reversed(found.items())]
    names = {name for _, name, _ in made}
    known = database.rows("SELECT id FROM findings WHERE id IN (SELECT value FROM json_each(?))", (_json(names),))
    database.many(_KEEP_FINDING, [(name, holding, *_columns(one), version, run) for holding, name, one in made])
    database.many("INSERT OR IGNORE INTO made VALUES (?, ?)", [(holding, name) for holding, name, _ in made])
    _settle_owners(database, [name for (name,) in known])
    return len(names) - len(known)


def _columns(finding: Finding) -> tuple[str | int | float, ...]:
    return (
        finding.rule, finding.severity.value, finding.confidence, clean(finding.part), finding.start, finding.end,
        clean(finding.excerpt), clean(finding.reason), clean(finding.evidence),
    )  # fmt: skip


def _withdraw(database: Database, gone: list[tuple[int, str]]) -> None:
    """These holdings no longer make these findings; withdrawn when no copy makes it either."""
    database.many("DELETE FROM made WHERE holding = ? AND finding = ?", gone)
    names = {name for _, name in gone}
    database.run(
        "UPDATE findings SET withdrawn = 1 WHERE id IN (SELECT value FROM json_each(?)) "
        "AND NOT EXISTS (SELECT 1 FROM made WHERE made.finding = findings.id)",
        (_json(names),),
    )
    _settle_owners(database, names)


def _settle_owners(database: Database, names: Collection[str]) -> None:
    """A finding stands under the holding that made it first, or, when that no longer does, under a copy."""
    database.run(
        "UPDATE findings SET holding = (SELECT min(holding) FROM made WHERE made.finding = findings.id) "
        "WHERE id IN (SELECT value FROM json_each(?)) AND NOT withdrawn AND NOT EXISTS "
        "(SELECT 1 FROM made WHERE made.finding = findings.id AND made.holding = findings.holding)",
        (_json(names),),
    )


def _json(names: Collection[str]) -> str:
    return json.dumps(sorted(names))
