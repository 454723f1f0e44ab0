"""What workbooks say of findings: every change is kept, and what stands follows from them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby

from auditor.store.days import from_microseconds, from_seconds, microseconds
from auditor.store.decisions import Book, Change, Conflict, Decided, Decision, Said
from auditor.store.records import Whose
from auditor.store.sqlite import trailing
from auditor.store.sqlite.database import Database, Row
from auditor.store.sqlite.findings import finding, short, whole
from auditor.store.sqlite.text import clean
from auditor.store.trail import Deed

Saying = tuple[str | None, str]
"""A decision and a note."""

_NOTHING: Saying = (None, "")
_SAID = "SELECT finding, decision, note, saved, books.name FROM decisions JOIN books ON books.id = decisions.book"
_LAST = f"{_SAID} WHERE decisions.id IN (SELECT max(id) FROM decisions GROUP BY finding, book)"  # noqa: S608
"""What each workbook said last of each finding."""
_WHOSE = """SELECT verdicts.said, mailboxes.address, senders.name, holdings.sent FROM findings
    JOIN verdicts ON verdicts.id = findings.verdict JOIN holdings ON holdings.id = findings.holding JOIN mailboxes ON mailboxes.id = holdings.mailbox
    JOIN senders ON senders.id = holdings.sender WHERE findings.id = ?"""
_IN_ORDER = "ORDER BY saved, decisions.id"
"""Oldest saved first, and of those saved together the one read first."""


def books(database: Database) -> dict[str, str]:
    """Workbooks that were read, with the hash of each."""
    return {name: sha256.hex() for name, sha256 in database.rows("SELECT name, sha256 FROM books ORDER BY name")}


def decide(database: Database, key: bytes | None, book: Book, said: Sequence[Said], who: str, now: datetime) -> Change:
    """Keeps what differs from what this workbook said last, with its entry in the trail."""
    with database.transaction():
        change = _keep(database, read(database, book, now), book.saved, said)
        counts = {"made": change.made, "altered": change.altered, "withdrawn": change.withdrawn}
        about = {"book": clean(book.name), "sha256": book.sha256, **counts}
        head = trailing.append(database, key, now, who, Deed.DECIDED, about) if any(counts.values()) else None
    if head:
        trailing.noted_anew(database, head)
    return change


def _keep(database: Database, book: int, saved: datetime, said: Sequence[Said]) -> Change:
    before = _last_of(database, book)
    changed = Counter[str]()
    unknown = []
    for one in {one.finding: one for one in said}.values():
        name = short(clean(one.finding))
        if not database.row("SELECT 1 FROM findings WHERE id = ?", (name,)):
            unknown.append(one.finding)
            continue
        earlier, saying = before.get(one.finding, _NOTHING), (one.decision, clean(one.note))
        if saying == earlier:
            continue
        changed["made" if earlier == _NOTHING else "withdrawn" if saying == _NOTHING else "altered"] += 1
        database.run(
            "INSERT INTO decisions (finding, book, decision, note, saved) VALUES (?, ?, ?, ?, ?)",
            (name, book, *saying, microseconds(saved)),
        )
    return Change(changed["made"], changed["altered"], changed["withdrawn"], tuple(unknown))


def read(database: Database, book: Book, now: datetime) -> int:
    """The number of a workbook that is being read."""
    database.run(
        "INSERT INTO books (name, sha256, read) VALUES (?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256, read = excluded.read",
        (clean(book.name), bytes.fromhex(book.sha256), microseconds(now)),
    )
    return int(database.value("SELECT id FROM books WHERE name = ?", (clean(book.name),)))


def _last_of(database: Database, book: int) -> dict[str, Saying]:
    """What a workbook said last of each finding."""
    rows = database.rows("SELECT finding, decision, note FROM decisions WHERE book = ? ORDER BY id", (book,))
    return {whole(name): (decision, note) for name, decision, note in rows}


def whose(database: Database, findings: Collection[str]) -> list[Whose]:
    """Whose mail these findings are on."""
    rules: dict[bytes, str] = {}
    found = []
    for name in findings:
        if row := database.row(_WHOSE, (short(clean(name)),)):
            said, mailbox, sender, sent = row
            if said not in rules:
                rules[said] = finding(said).rule
            found.append(Whose(name, rules[said], mailbox, sender, None if sent is None else from_seconds(sent)))
    return found


def decisions(database: Database, findings: Collection[str] | None) -> dict[str, Decided]:
    """What stands."""
    last = {one.finding: one for one in map(_decided, database.rows(f"{_LAST} {_IN_ORDER}"))}
    wanted = last.keys() if findings is None else last.keys() & set(findings)
    return {name: last[name] for name in sorted(wanted) if _saying(last[name]) != _NOTHING}


def history(database: Database, finding: str) -> list[Decided]:
    """Every change of what is said of a finding."""
    rows = database.rows(f"{_SAID} WHERE finding = ? {_IN_ORDER}", (short(clean(finding)),))
    return [_decided(row) for row in rows]


def conflicts(database: Database, books: Collection[str]) -> list[Conflict]:
    """Findings of which these workbooks say different things."""
    present = "books.name IN (SELECT value FROM json_each(?))"
    rows = database.rows(f"{_LAST} AND {present} {_IN_ORDER}", (json.dumps([clean(name) for name in books]),))
    newest_first = map(_decided, reversed(rows))
    of_each = groupby(sorted(newest_first, key=lambda one: one.finding), key=lambda one: one.finding)
    said = [Conflict(name, tuple(sayings)) for name, sayings in of_each]
    return [one for one in said if len({_saying(saying) for saying in one.sayings}) > 1]


def undecided(database: Database) -> dict[str, int]:
    """How many findings of each workbook wait for a decision."""
    decided = {name for name, one in decisions(database, None).items() if one.decision}
    rows = database.rows(
        "SELECT label, findings.id FROM findings JOIN reports ON reports.id = report WHERE NOT withdrawn ORDER BY label"
    )
    return dict(Counter(label for label, name in rows if whole(name) not in decided))


def _saying(one: Decided) -> Saying:
    return one.decision, one.note


def _decided(row: Row) -> Decided:
    finding, decision, note, saved, book = row
    chosen = None if decision is None else Decision(decision)
    return Decided(whole(finding), chosen, note, from_microseconds(saved), book)
