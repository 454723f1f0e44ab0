"""The audit trail as SQLite keeps it, and its head in a file beside the store.

The file is written after the entry: a crash between the two leaves it one behind, which says nothing; a trail that is
shorter than the file says has been cut.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from auditor.store.days import from_microseconds, microseconds
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.text import clean
from auditor.store.trail import GENESIS, Entry, Head, Proof, bound, prove, written
from auditor.whole import put

_NO_LENGTH = 1 << 63
"""SQLite counts no further."""
_ENTRY = "SELECT number, at, who, deed, about, keyed, hash FROM trail"


def append(
    database: Database, key: bytes | None, at: datetime, who: str, deed: str, about: Mapping[str, object]
) -> Head:
    """Adds an entry, inside a transaction of the caller's."""
    head = newest(database)
    number, moment, said = head.length + 1, microseconds(at), written(about)
    made = bound(bytes.fromhex(head.hash), number, moment, clean(who), deed, said, key)
    database.run(
        "INSERT INTO trail VALUES (?, ?, ?, ?, ?, ?, ?)",
        (number, moment, clean(who), deed, said, key is not None, made),
    )
    return Head(number, made.hex())


def newest(database: Database) -> Head:
    """The head, as the store has it."""
    row = database.row("SELECT number, hash FROM trail ORDER BY number DESC LIMIT 1")
    return Head(row[0], row[1].hex()) if row else Head()


def entries(database: Database, after: int = 0) -> Iterator[Entry]:
    """What was done since, first things first."""
    return (_entry(row) for row in database.each(f"{_ENTRY} WHERE number > ? ORDER BY number", (after,)))


def last(database: Database, deed: str) -> Entry | None:
    """The newest entry of this sort."""
    row = database.row(f"{_ENTRY} WHERE deed = ? ORDER BY number DESC LIMIT 1", (deed,))
    return _entry(row) if row else None


def proved(database: Database, key: bytes | None, heads: tuple[Head, ...]) -> Proof:
    """The whole trail gone through, against what the store, the file beside it and `heads` say of its length."""
    ever = database.value("SELECT seq FROM sqlite_sequence WHERE name = 'trail'") or 0
    known = [head for head in (*heads, noted(database.path), _read(_aside(database.path))) if head]
    rows = ((_entry(row), row[1]) for row in database.each(f"{_ENTRY} ORDER BY number"))
    proof = prove(rows, known, key)
    return Proof(proof.head, proof.altered, max(proof.missing, ever - proof.head.length), proof.unproved, proof.unkeyed)


def noted_anew(database: Database, head: Head) -> None:
    """Notes the head that an entry has just made."""
    set_aside(database)
    note(database.path, head)


def note(path: Path, head: Head) -> None:
    """Writes the head beside the store. A disk that refuses is no reason to fail: the store has it."""
    with contextlib.suppress(OSError):
        put(_place(path), json.dumps({"length": head.length, "head": head.hash}).encode())


def noted(path: Path) -> Head | None:
    """The head as the file beside the store says it; None where there is none, or nothing sensible in it."""
    return _read(_place(path))


def _read(file: Path) -> Head | None:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        head = Head(int(said["length"]), str(said["head"]))
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    return head if 0 <= head.length < _NO_LENGTH else None


def disputed(database: Database) -> Head | None:
    """What was noted beside the store and its trail does not have; None when all agrees."""
    notes = (noted(database.path), _read(_aside(database.path)))
    return next((head for head in notes if head and not _has(database, head)), None)


def set_aside(database: Database) -> None:
    """Keeps a note that the trail contradicts, before the next one takes its place: it is the only proof there is."""
    head, aside = noted(database.path), _aside(database.path)
    if head and not _has(database, head) and not aside.exists():
        with contextlib.suppress(OSError):
            os.replace(_place(database.path), aside)  # noqa: PTH105


def _has(database: Database, head: Head) -> bool:
    if not head.length:
        return True
    row = database.row("SELECT hash FROM trail WHERE number = ?", (head.length,))
    return row is not None and row[0].hex() == head.hash


def _aside(path: Path) -> Path:
    return path.with_name(path.name + ".head.disputed")


def _place(path: Path) -> Path:
    return path.with_name(path.name + ".head")


def _entry(row: tuple[int, int, str, str, str, int, bytes]) -> Entry:
    number, at, who, deed, about, keyed, hash_ = row
    return Entry(number, from_microseconds(at), who, deed, about, bool(keyed), hash_.hex())


__all__ = [
    "GENESIS",
    "append",
    "disputed",
    "entries",
    "last",
    "newest",
    "note",
    "noted",
    "noted_anew",
    "proved",
    "set_aside",
]
