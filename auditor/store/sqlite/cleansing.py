"""After a purge its words are in the file still: in dictionaries, in the index, in pages that nobody uses. This rewrites it.

A marked piece of work: it goes in steps that may be repeated, a kill leaves the mark, and the next purge goes on. At its
end the file has been written anew (VACUUM), and the log beside it is empty.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from auditor.errors import StoreError
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.evidence import Shelf, made_with

BATCH = 500
"""Pieces of evidence compressed anew in one transaction."""
HEADER = 18
"""Bytes of a frame that say which dictionary it needs (RFC 8878, 3.1.1.1)."""
SPARE = 64 * 1024 * 1024
_MARK = "SELECT value FROM settings WHERE name = 'cleansing'"


def begin(database: Database) -> None:
    """Marks the work as to be done, inside the transaction that deletes: all dictionaries there are now must go."""
    newest = database.value("SELECT coalesce(max(id), 0) FROM dictionaries")
    _mark(database, {"before": newest, "after": 0, "learnt": False})


def due(database: Database) -> bool:
    """Whether it is to be done, or done to its end."""
    return database.row(_MARK) is not None


def need_room(database: Database) -> None:
    """The file is written anew beside itself before the old one goes.

    Raises StoreError when the disk has too little room for that."""
    path = database.path
    files = [path, path.with_name(path.name + "-wal")]
    needed = 2 * sum(file.stat().st_size for file in files if file.exists()) + SPARE
    free = _free(path.parent)
    if free < needed:
        raise StoreError(
            f"The disk that holds {path} has {free // 1_000_000:,} MB free, and a purge needs {needed // 1_000_000:,} MB to "
            "write the store anew: make room and run it again; nothing was deleted."
        )


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def cleanse(database: Database, shelf: Shelf, progress: Callable[[int], None]) -> None:
    """Does it, from where it was left.

    Raises StoreError when another program reads the store for so long that its log cannot be emptied."""
    if not due(database):
        return
    database.run("PRAGMA secure_delete = ON")
    if not _marked(database)["learnt"]:
        _learn(database, shelf)
    while _renew(database, shelf, progress):
        pass
    _forget(database, shelf)
    with database.transaction():
        database.run("INSERT INTO words (words) VALUES ('optimize')")
    _rewrite(database)
    with database.transaction():
        database.run("DELETE FROM settings WHERE name = 'cleansing'")


def _learn(database: Database, shelf: Shelf) -> None:
    try:
        with database.transaction():
            shelf.relearn()
            _mark(database, {**_marked(database), "learnt": True})
    finally:
        shelf.forget()


def _renew(database: Database, shelf: Shelf, progress: Callable[[int], None]) -> bool:
    """Compresses the next pieces of evidence anew; whether there were any."""
    mark = _marked(database)
    before = int(mark["before"])
    rows = database.rows(
        f"SELECT id, substr(data, 1, {HEADER}), substr(reading, 1, {HEADER}) FROM evidence WHERE id > ? ORDER BY id LIMIT ?",  # noqa: S608
        (mark["after"], BATCH),
    )
    if not rows:
        return False
    with database.transaction():
        for number, *heads in rows:
            for column, head in zip(("data", "reading"), heads, strict=True):
                if head and made_with(head, before):
                    _renew_one(database, shelf, number, column, before)
        _mark(database, {**mark, "after": rows[-1][0]})
    progress(len(rows))
    return True


def _renew_one(database: Database, shelf: Shelf, number: int, column: str, before: int) -> None:
    frame = database.value(f"SELECT {column} FROM evidence WHERE id = ?", (number,))  # noqa: S608
    if (made := shelf.renewed(frame, before)) is not None:
        database.run(f"UPDATE evidence SET {column} = ? WHERE id = ?", (made, number))  # noqa: S608


def _forget(database: Database, shelf: Shelf) -> None:
    """The dictionaries that were learnt from what was purged, too."""
    with database.transaction():
        database.run("DELETE FROM dictionaries WHERE id <= ?", (_marked(database)["before"],))
    shelf.forget()


def _rewrite(database: Database) -> None:
    # Beside the store, where there is room for it, rather than in memory; it is encrypted as the store is.
    database.run("PRAGMA temp_store = FILE")
    database.run("VACUUM")
    # Somebody who reads keeps the log, and in it pages of before.
    if (database.row("PRAGMA wal_checkpoint(TRUNCATE)") or (0,))[0]:
        raise StoreError(
            f"The store {database.path} is being read by another program, so that deleted words are still in the log beside "
            "it: close that program and run 'auditor purge --yes' again."
        )


def _marked(database: Database) -> dict[str, int]:
    found: dict[str, int] = json.loads(database.value(_MARK))
    return found


def _mark(database: Database, mark: dict[str, int]) -> None:
    database.run("INSERT OR REPLACE INTO settings VALUES ('cleansing', ?)", (json.dumps(mark),))
