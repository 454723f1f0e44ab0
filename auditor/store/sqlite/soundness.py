"""Whether a store is sound enough to be copied or restored, and the key that the auditor's own mail is marked with."""

from __future__ import annotations

import secrets

from auditor.errors import StoreError
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.evidence import Shelf, proved


def prove(database: Database, shelf: Shelf, most: int | None) -> int:
    """See `auditor.store.interface.Store.prove_sound`."""
    if database.value("PRAGMA integrity_check(1)") != "ok":  # FTS5 answers for its index too, since SQLite 3.44
        raise StoreError(f"The store {database.path} is damaged: keep the file as it is and restore the newest backup.")
    held, searched = (database.value(f"SELECT count(*) FROM {table}") for table in ("holdings", "words_docsize"))  # noqa: S608
    if held != searched:
        raise StoreError(
            f"The store {database.path} holds {held:,} messages and finds {searched:,}: restore the newest backup."
        )
    count = database.value("SELECT count(*) FROM evidence")
    step = max(1, -(-count // most)) if most else 1
    done = 0
    for sha256, size, data in database.each("SELECT sha256, size, data FROM evidence WHERE id % ? = 0", (step,)):
        proved(shelf.raw(size, data), sha256.hex(), database)
        done += 1
    return done


def mark_key(database: Database) -> bytes:
    """The key; made the first time, unless the store is only read."""
    if not database.read_only:
        # Another process may do so at the same moment: the first one's stays.
        database.run("INSERT OR IGNORE INTO settings VALUES ('mark', ?)", (secrets.token_bytes(32),))
    return bytes(database.value("SELECT value FROM settings WHERE name = 'mark'") or b"")
