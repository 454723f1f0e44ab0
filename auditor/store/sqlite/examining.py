"""A look at the file before anything is written to it: what is damaged, or not this store at all, is left as it is.

SQLite takes whatever lies beside a file under the name of its log for its log, and writes it into the file.
"""

from __future__ import annotations

from pathlib import Path

from auditor.errors import DamagedStore, LockedStore, StoreError
from auditor.store.sqlite import trailing
from auditor.store.sqlite.database import APPLICATION_ID, Database

SMALL = 32_000_000
"""Bytes of a file that is gone through before every writing: it takes a third of a second."""


def examine(path: Path, key: str | None) -> None:
    """Before a store is opened for writing.

    Raises:
        StoreError: it is damaged, emptied, held by another program, or has another store's log beside it.
    """
    size = path.stat().st_size if path.is_file() else 0
    if not size:
        refuse_emptied(path)
        return
    log = path.with_name(f"{path.name}-wal")
    left = log.is_file() and log.stat().st_size > 0
    if not left and size > SMALL:
        return
    trouble = _trouble(path, key)
    if isinstance(trouble, LockedStore):  # its log is then most likely the other program's work on it
        raise trouble
    if left and (trouble is not None or _another(path, key)) and _trouble(path, key, without_log=True) is None:
        raise StoreError(
            f"The file {log} is not the log of the store beside it: move it to another folder and try again; nothing was changed."
        )
    if isinstance(trouble, DamagedStore):
        raise trouble


def refuse_emptied(path: Path) -> None:
    """Stops where a store is known to have been, and is not.

    Raises:
        StoreError: it is gone or empty.
    """
    noted = None if path.is_dir() or (path.exists() and path.stat().st_size) else trailing.noted(path)
    if noted is not None and noted.length:
        raise StoreError(
            f"The store {path} is gone or empty, and it held an audit trail: restore the newest backup; to begin "
            f"anew instead, move '{path.name}.head' to another folder too."
        )


def _trouble(path: Path, key: str | None, *, without_log: bool = False) -> StoreError | None:
    """What is wrong with the file, with its log or without; None when nothing is. What is not ours is no damage."""
    try:
        database = Database(path, key=key, read_only=True, without_log=without_log)
    except StoreError as error:
        return error
    try:
        if database.value("PRAGMA application_id") != APPLICATION_ID:
            return StoreError(f"{path} is another program's file: choose another [store] url.")
        if database.value("PRAGMA quick_check(1)") != "ok":
            return DamagedStore(f"The store {path} is damaged: keep the file as it is and restore the newest backup.")
    except StoreError as error:
        return error
    finally:
        database.close()
    return None


def _another(path: Path, key: str | None) -> bool:
    """Whether the log makes another store of it: every store has a salt of its own, and a trail that only grows."""
    seen = []
    for without_log in (False, True):
        try:
            database = Database(path, key=key, read_only=True, without_log=without_log)
        except StoreError:
            return False
        try:
            salt = database.value("SELECT value FROM settings WHERE name = 'salt'")
            seen.append((salt, database.value("SELECT count(*) FROM trail")))
        except StoreError:
            return False
        finally:
            database.close()
    (salt, entries), (salt_without, entries_without) = seen
    return bool(salt != salt_without or entries < entries_without)
