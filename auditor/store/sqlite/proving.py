"""Whether a store is sound: the file itself, the index, and each message against its name."""

from __future__ import annotations

from auditor.errors import StoreError
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.evidence import Shelf, proved


def sound(database: Database, shelf: Shelf, most: int | None) -> int:
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
