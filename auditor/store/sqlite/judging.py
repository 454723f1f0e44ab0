"""What waits to be judged, its witnesses, and what was said of it: known again, kept, withdrawn, never lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from auditor.store.days import from_seconds
from auditor.store.records import BIN, Docket, Envelope, Judgement
from auditor.store.sqlite import findings, post, removals, unchecked
from auditor.store.sqlite.database import Database, Row
from auditor.store.sqlite.evidence import Shelf
from auditor.store.sqlite.names import folder_names, run_started
from auditor.store.sqlite.text import Hashes, listed
from auditor.values import replace

WITNESSES = 64
"""As many copies and replies of one message are looked at: enough for any council, and a bound on forged ids."""

_DOCKET = """holdings.id, mailboxes.source, mailboxes.address, folders.name, evidence.sha256,
    coalesce(holdings.judged, 0), coalesce(holdings.found, 0), holdings.removed, holdings.gone, evidence.size,
    evidence.packed_size, evidence.reading, CASE WHEN evidence.reading IS NULL THEN evidence.data END"""
_JOINED = """JOIN mailboxes ON mailboxes.id = holdings.mailbox JOIN folders ON folders.id = holdings.folders
    JOIN evidence ON evidence.id = holdings.evidence"""
_WITNESSES = """SELECT me.id, other.id FROM json_each(?1) AS asked JOIN holdings AS me ON me.id = asked.value
    JOIN holdings AS other ON other.mid = me.mid WHERE other.id != me.id
    UNION SELECT me.id, other.id FROM json_each(?1) AS asked JOIN holdings AS me ON me.id = asked.value
    JOIN holdings AS other ON other.irt = me.mid WHERE other.id != me.id ORDER BY 1, 2"""


def adopt(database: Database, rules_version: str) -> bool:
    """Makes this the version; everything held is queued when another stood before."""
    with database.transaction():
        before = version(database)
        unchecked.try_again(database)
        if before == rules_version:
            return False
        database.run("INSERT OR REPLACE INTO settings VALUES ('rules_version', ?)", (rules_version,))
        database.run("INSERT OR IGNORE INTO queue SELECT id FROM holdings")
        if before is not None:
            post.due_from(database, 0)
        return before is not None


def version(database: Database) -> str | None:
    """What findings are made under."""
    found: str | None = database.value("SELECT value FROM settings WHERE name = 'rules_version'")
    return found


def docket(shelf: Shelf, row: Row) -> Docket:
    """A docket from `_DOCKET`'s columns."""
    holding, source, mailbox, folders, sha256, judged, found, removed, gone, *blobs = row
    packed, _ = shelf.reading(*blobs)
    day = None if removed is None else date.fromordinal(removed)
    return Docket(holding, source, mailbox, folder_names(folders), sha256.hex(), packed, judged, found, day, bool(gone))


def queue(database: Database, shelf: Shelf, limit: int, after: int) -> list[Docket]:
    """The next to judge."""
    return _dockets(database, shelf, "queue JOIN holdings ON holdings.id = queue.holding", limit, after)


def all_held(database: Database, shelf: Shelf, limit: int, after: int) -> list[Docket]:
    """The next of all, whether they wait or not."""
    return _dockets(database, shelf, "holdings", limit, after)


def _dockets(database: Database, shelf: Shelf, source: str, limit: int, after: int) -> list[Docket]:
    rows = database.rows(
        f"SELECT {_DOCKET} FROM {source} {_JOINED} WHERE holdings.id > ? ORDER BY holdings.id LIMIT ?",  # noqa: S608
        (after, limit),
    )
    dockets = [docket(shelf, row) for row in rows]
    deleted = [one.holding for one in dockets if one.gone or BIN in one.folders]
    files = removals.unsaved(database, deleted) if deleted else {}
    return [replace(one, unsaved=files[one.holding]) if one.holding in files else one for one in dockets]


def envelopes(database: Database, holdings: Collection[int]) -> dict[int, Envelope]:
    """Sender and moment of each."""
    rows = database.rows(
        "SELECT holdings.id, senders.name, sent FROM holdings JOIN senders ON senders.id = holdings.sender "
        "WHERE holdings.id IN (SELECT value FROM json_each(?))",
        (listed(holdings),),
    )
    return {one: Envelope(sender, None if sent is None else from_seconds(sent)) for one, sender, sent in rows}


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


def judge(database: Database, hashes: Hashes, run: int, judgements: Sequence[tuple[int, Judgement]]) -> int:
    """Keeps what was said and takes the messages off the queue."""
    with database.transaction():
        run_started(database, run)
        said = dict(judgements)
        before = findings.made_by(database, said)
        database.run("DELETE FROM unseen WHERE holding IN (SELECT value FROM json_each(?))", (listed(said),))
        database.many(
            # Findings that stand because nothing could be asked keep their message among the denominators.
            "UPDATE holdings SET judged = ?, found = iif(?, coalesce(?3, found), ?3) WHERE id = ?",
            [(run, bool(one.failed), found(one), holding) for holding, one in said.items()],
        )
        unchecked.forget(database, said)
        new = keep(database, hashes, run, said)
        made = {holding: {name for name, _ in one.findings} for holding, one in said.items()}
        lost = [(holding, name) for holding, name in before if name not in made[holding]]
        findings.withdraw(database, unchecked.spared(database, said, lost))
        database.many("DELETE FROM queue WHERE holding = ?", [(holding,) for holding in said])
        return new


def found(judgement: Judgement) -> int | None:
    """What `holdings.found` says of it: None where no rule was put to it."""
    return len(judgement.findings) if judgement.checked else None


def keep(database: Database, hashes: Hashes, run: int, said: Mapping[int, Judgement]) -> int:
    """Keeps what is said of holdings of which nothing else is in force; how many findings were never made before."""
    unseen = [(holding, what) for holding, one in said.items() for what in one.unseen]
    database.many("INSERT OR IGNORE INTO unseen VALUES (?, ?)", unseen)
    unchecked.keep(database, run, said)
    under = version(database) or ""
    made = {holding: dict(reversed(one.findings)) for holding, one in said.items() if one.findings}
    return findings.keep(database, hashes, run, under, made) if made else 0
