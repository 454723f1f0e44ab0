"""A plain store made encrypted, and the other way: into a new file beside it, proved, then put in the old one's place.

Killed at any moment, the store's own name stands for one good store: the old one until the new one is renamed over it,
the new one from then on. What such a kill leaves beside it is never needed again, and `sweep` takes it away. The old
file is held by a second name while it is replaced, so that it can be overwritten before its room is given back; disks
that spread their writes (SSDs), and journals of file systems, may keep some of it all the same.
"""

from __future__ import annotations

import contextlib
import os
from datetime import datetime
from pathlib import Path

from auditor.errors import StoreError
from auditor.store.sqlite import trailing
from auditor.store.sqlite.database import APPLICATION_ID, PAGE_SIZE, Database
from auditor.store.sqlite.migrations import bring_up_to_date
from auditor.store.trail import Deed, Head
from auditor.whole import private_file

_NEW = ".resealed"
_OLD = ".replaced"
_BESIDE = ("", "-wal", "-shm", "-journal")
_PIECE = 1 << 20


def reseal(path: Path, old: str | None, new: str | None, *, trail_key: bytes | None, who: str, at: datetime) -> None:
    """Encrypts the store at `path` with the key `new`, or makes it plain where that is None; `old` opens it now.

    The caller holds the lock. Raises StoreError when anything is not as it should be: the store is then as it was.
    """
    sweep(path)
    fresh = _named(path, _NEW)
    try:
        _export(path, old, fresh, new)
        exported = _written(path)
        head = _recorded(fresh, new, trail_key, who, at)
        # A hold, or an entry of the trail, needs no lock and may have come meanwhile: it stands in the old file alone.
        if _written(path) != exported:
            raise _in_use(path)
        _swap(path, fresh)
    except OSError as error:
        raise StoreError(
            f"The store {path} could not be rewritten ({error.strerror or error}): it is as it was; check its folder and room."
        ) from error
    finally:
        sweep(path)
    trailing.note(path, head)


def sweep(path: Path) -> None:
    """Takes away what a rewriting that was cut short left beside the store; the old store is overwritten first.

    A disk that refuses is no reason to fail: it is tried again the next time."""
    with contextlib.suppress(OSError):
        _forget(_named(path, _NEW))
        old = _named(path, _OLD)
        if not old.exists():
            return
        # Until the new store has its name, both names are the one store there is.
        if not (path.exists() and old.samefile(path)):
            _overwrite(old)
        old.unlink()


def _export(path: Path, old: str | None, fresh: Path, new: str | None) -> None:
    """Everything into a new file, and both held against each other."""
    database = Database(path, key=old)
    try:
        bring_up_to_date(database)
        trailing.set_aside(database)
        private_file(fresh)
        database.run(f"PRAGMA cipher_default_page_size = {PAGE_SIZE}")
        # A raw key is no value that can be bound; it is 64 hexadecimal digits, or it would not have come so far.
        database.run(
            f"""ATTACH DATABASE ? AS fresh KEY {f'"x{chr(39)}{new}{chr(39)}"' if new else "''"}""", (str(fresh),)
        )
        database.run(f"PRAGMA fresh.page_size = {PAGE_SIZE}")
        database.run("PRAGMA fresh.auto_vacuum = INCREMENTAL")
        database.rows("SELECT sqlcipher_export('fresh')")
        # These it leaves out (github.com/sqlcipher/sqlcipher/issues/313).
        database.run(f"PRAGMA fresh.user_version = {database.value('PRAGMA user_version')}")
        database.run(f"PRAGMA fresh.application_id = {APPLICATION_ID}")
        database.run("DETACH DATABASE fresh")
        _prove(database, fresh, new)
        # Without its log no later opening of this name can lay old pages over the new file.
        _let_go_of_its_log(database)
    finally:
        database.close()


def _let_go_of_its_log(database: Database) -> None:
    database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    if database.value("PRAGMA journal_mode = DELETE") != "delete":
        raise _in_use(database.path)


def _prove(database: Database, fresh: Path, key: str | None) -> None:
    twin = Database(fresh, key=key, read_only=True)
    try:
        sound = twin.value("PRAGMA integrity_check(1)") == "ok"
        for (table,) in database.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"):
            # A contentless index answers no count; the tables it consists of stand in the list themselves.
            count = f'SELECT count(*) FROM "{table}"'  # noqa: S608
            sound = sound and (table == "words" or twin.value(count) == database.value(count))
        shapes = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"
        sound = sound and twin.rows(shapes) == database.rows(shapes)
        trails = trailing.newest(twin), trailing.newest(database)
        sound = sound and trails[0] == trails[1]
    finally:
        twin.close()
    if not sound:
        raise StoreError(f"The new file beside {database.path} is not sound: the store is as it was; check the disk.")


def _recorded(fresh: Path, key: str | None, trail_key: bytes | None, who: str, at: datetime) -> Head:
    """The entry stands in the new file alone, so that it comes with it, and its trail is proved."""
    database = Database(fresh, key=key)
    try:
        before = trailing.proved(database, trail_key, ())
        with database.transaction():
            head = trailing.append(
                database, trail_key, at, who, Deed.ENCRYPTED, {"store": "encrypted" if key else "plain"}
            )
        after = trailing.proved(database, trail_key, (head,))
        if after.altered != before.altered or after.missing:
            raise StoreError(f"The audit trail of the new file beside {fresh} does not prove: the store is as it was.")
        _let_go_of_its_log(database)
        return head
    finally:
        database.close()


def _swap(path: Path, fresh: Path) -> None:
    for file in (_named(path, "-wal"), _named(fresh, "-wal")):
        if file.exists() and file.stat().st_size:
            raise _in_use(path)
    with fresh.open("rb+") as opened:
        os.fsync(opened.fileno())
    with contextlib.suppress(OSError, NotImplementedError):  # a file system without second names: not overwritten then
        _named(path, _OLD).hardlink_to(path)
    fresh.replace(path)


def _written(path: Path) -> tuple[int, int]:
    """When a file was written last, and its size: whoever opens a store to write changes how it keeps its log."""
    about = path.stat()
    return about.st_mtime_ns, about.st_size


def _in_use(path: Path) -> StoreError:
    return StoreError(f"The store {path} is in use by another program: wait until it is done and try again.")


def _overwrite(file: Path) -> None:
    with file.open("rb+") as opened:
        left = file.stat().st_size
        while left > 0:
            opened.write(bytes(min(left, _PIECE)))
            left -= _PIECE
        opened.flush()
        os.fsync(opened.fileno())


def _forget(file: Path) -> None:
    for end in _BESIDE:
        with contextlib.suppress(OSError):
            _named(file, end).unlink(missing_ok=True)


def _named(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)
