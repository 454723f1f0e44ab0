"""Samples of what no rule objected to, and what workbooks say of them: every change is kept, and what stands follows."""

from __future__ import annotations

import hmac
import json
import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime
from hashlib import sha256

from auditor.store.days import from_microseconds, from_seconds, microseconds
from auditor.store.decisions import Book, Change
from auditor.store.samples import Candidate, Drawn, Look, Looked, Missed, SampleTally, Verdict
from auditor.store.sqlite import deciding, ledger, trailing
from auditor.store.sqlite.database import Database, Row
from auditor.store.sqlite.evidence import Shelf
from auditor.store.sqlite.text import clean
from auditor.store.trail import Deed

_DIGITS = 20
_SAID = "SELECT looks.name, verdict, clause, note, saved, books.name FROM looks JOIN books ON books.id = looks.book"
_LAST = f"{_SAID} WHERE looks.id IN (SELECT max(id) FROM looks GROUP BY name, book)"  # noqa: S608
"""What each workbook said last of each message."""
_IN_ORDER = "ORDER BY saved, looks.id"
"""Oldest saved first, and of those saved together the one read first."""
# Bytes that were put in a message's place under its id are another message, which nobody drew.
_DRAWN = """SELECT samples.name, label, samples.sha256, address, message_id, senders.name, sent, subject, evidence.size,
    evidence.packed_size, evidence.reading, CASE WHEN evidence.reading IS NULL THEN evidence.data END
    FROM samples JOIN holdings ON holdings.id = samples.holding JOIN mailboxes ON mailboxes.id = holdings.mailbox
    JOIN senders ON senders.id = holdings.sender
    JOIN evidence ON evidence.id = holdings.evidence AND evidence.sha256 = samples.sha256"""


def unflagged(database: Database, label: str, since: date | None, until: date | None) -> list[Candidate]:
    """What there is to draw from, in the order of chance."""
    key = _key(database)
    found = [
        Candidate(_name(key, label, bytes(message)), message.hex(), mailbox, sender, _moment(sent))
        for message, mailbox, sender, sent in ledger.unflagged_between(database, since, until)
    ]
    return sorted(found, key=lambda one: one.name)


def _key(database: Database) -> bytes:
    """Made the first time, unless the store is only read."""
    if not database.read_only:
        # Another process may do so at the same moment: the first one's stays.
        database.run("INSERT OR IGNORE INTO settings VALUES ('sample', ?)", (secrets.token_bytes(32),))
    return bytes(database.value("SELECT value FROM settings WHERE name = 'sample'") or b"")


def _name(key: bytes, label: str, message: bytes) -> str:
    return hmac.digest(key, label.encode() + b"\0" + message, sha256).hex()[:_DIGITS]


def draw(database: Database, label: str, chairs: bool, drawn: Sequence[Candidate], unflagged: int) -> None:
    """Keeps them, unless a sample is kept."""
    with database.transaction():
        if database.row("SELECT 1 FROM samples WHERE label = ? AND chairs = ?", (label, chairs)):
            return
        database.many(
            "INSERT OR IGNORE INTO samples SELECT ?1, ?2, ?3, ?4, ?5, holdings.id FROM holdings "
            "JOIN mailboxes ON mailboxes.id = holdings.mailbox JOIN evidence ON evidence.id = holdings.evidence "
            "WHERE evidence.sha256 = ?5 AND address = ?6 AND found IS NOT NULL ORDER BY holdings.id LIMIT 1",
            [(one.name, label, chairs, unflagged, bytes.fromhex(one.sha256), one.mailbox) for one in drawn],
        )


def sample(database: Database, shelf: Shelf, label: str, chairs: bool) -> list[Drawn]:
    """As it was drawn, without what is no longer held."""
    rows = database.rows(f"{_DRAWN} WHERE label = ? AND chairs = ? ORDER BY samples.name", (label, chairs))
    return [_drawn(shelf, row) for row in rows]


def _drawn(shelf: Shelf, row: Row) -> Drawn:
    name, label, message, mailbox, message_id, sender, sent, subject, *blobs = row
    recipients = shelf.reading(*blobs)[1].recipients
    return Drawn(name, label, message.hex(), mailbox, message_id, sender, _moment(sent), subject, recipients)


def _moment(sent: int | None) -> datetime | None:
    return None if sent is None else from_seconds(sent)


def look(
    database: Database, key: bytes | None, book: Book, chairs: bool, said: Sequence[Look], who: str, now: datetime
) -> Change:
    """Keeps what differs from what this workbook said last, with its entry in the trail."""
    with database.transaction():
        change = _keep(database, deciding.read(database, book, now), book.saved, chairs, said)
        counts = {"made": change.made, "altered": change.altered, "withdrawn": change.withdrawn}
        about = {"book": clean(book.name), "sha256": book.sha256, "of": "sample", **counts}
        head = trailing.append(database, key, now, who, Deed.DECIDED, about) if any(counts.values()) else None
    if head:
        trailing.noted_anew(database, head)
    return change


def _keep(database: Database, book: int, saved: datetime, chairs: bool, said: Sequence[Look]) -> Change:
    before = {
        name: Look(name, verdict and Verdict(verdict), clause, note)
        for name, verdict, clause, note in database.rows(
            "SELECT name, verdict, clause, note FROM looks WHERE book = ? ORDER BY id", (book,)
        )
    }
    changed = Counter[str]()
    unknown = []
    for one in {one.name: one for one in said}.values():
        holding = database.value("SELECT holding FROM samples WHERE name = ? AND chairs = ?", (clean(one.name), chairs))
        if holding is None:
            unknown.append(one.name)
            continue
        saying = Look(one.name, one.verdict, clean(one.clause), clean(one.note))
        nothing = Look(one.name, None)
        earlier = before.get(one.name, nothing)
        if saying == earlier:
            continue
        changed["made" if earlier == nothing else "withdrawn" if saying == nothing else "altered"] += 1
        database.run(
            "INSERT INTO looks (name, holding, book, verdict, clause, note, saved) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (one.name, holding, book, saying.verdict, saying.clause, saying.note, microseconds(saved)),
        )
    return Change(changed["made"], changed["altered"], changed["withdrawn"], tuple(unknown))


def looks(database: Database, names: Collection[str] | None) -> dict[str, Looked]:
    """What stands."""
    last = {one.look.name: one for one in map(_looked, database.rows(f"{_LAST} {_IN_ORDER}"))}
    wanted = last.keys() if names is None else last.keys() & set(names)
    return {name: last[name] for name in sorted(wanted) if last[name].look != Look(name, None)}


def history(database: Database, name: str) -> list[Looked]:
    """Every change of what is said of a message."""
    return [_looked(row) for row in database.rows(f"{_SAID} WHERE looks.name = ? {_IN_ORDER}", (clean(name),))]


def conflicts(database: Database, books: Collection[str]) -> list[tuple[Looked, ...]]:
    """What these workbooks say of messages of which they say different things."""
    present = "books.name IN (SELECT value FROM json_each(?))"
    rows = database.rows(f"{_LAST} AND {present} {_IN_ORDER}", (json.dumps([clean(name) for name in books]),))
    of_each: dict[str, list[Looked]] = {}
    for one in map(_looked, reversed(rows)):
        of_each.setdefault(one.look.name, []).append(one)
    return [tuple(said) for _, said in sorted(of_each.items()) if any(one.look != said[0].look for one in said)]


def sample_tallies(database: Database, chairs: bool, labels: Collection[str]) -> list[SampleTally]:
    """Each sample in figures."""
    standing = {name: one.look.verdict for name, one in looks(database, None).items()}
    found: dict[str, SampleTally] = {}
    for label, many, name in database.rows(
        "SELECT label, unflagged, name FROM samples WHERE chairs = ? AND label IN (SELECT value FROM json_each(?)) "
        "ORDER BY label",
        (chairs, json.dumps(list(labels))),
    ):
        before, verdict = found.get(label, SampleTally(label, many, 0, 0)), standing.get(name)
        looked, missed = before.looked + (verdict is not None), before.missed + (verdict is Verdict.MISSED)
        found[label] = SampleTally(label, many, looked, missed)
    return list(found.values())


def missed(database: Database, shelf: Shelf, chairs: bool) -> list[Missed]:
    """Messages in which something was missed, the newest week first."""
    said = {name: one for name, one in looks(database, None).items() if one.look.verdict is Verdict.MISSED}
    rows = database.rows(f"{_DRAWN} WHERE chairs = ? ORDER BY label DESC, samples.name", (chairs,))
    return [Missed(_drawn(shelf, row), said[row[0]]) for row in rows if row[0] in said]


def _looked(row: Row) -> Looked:
    name, verdict, clause, note, saved, book = row
    return Looked(Look(name, verdict and Verdict(verdict), clause, note), from_microseconds(saved), book)
