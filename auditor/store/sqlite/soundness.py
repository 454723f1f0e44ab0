"""A quick look at the store before a night, and the key that the auditor's own mail is marked with."""

from __future__ import annotations

import secrets

from auditor.errors import StoreError
from auditor.store.sqlite.database import Database

SMALL = 64 * 1024 * 1024
"""Bytes of a file that is looked through in well under a second; of a larger one only its first page is."""


def look(database: Database) -> None:
    """Raises StoreError where the file is not sound. That it is ours and no newer is asked when it is opened."""
    try:
        small = database.path.stat().st_size <= SMALL
    except OSError as error:
        raise StoreError(f"The store {database.path} cannot be looked at ({error.strerror}).") from error
    if small and database.value("PRAGMA quick_check(1)") != "ok":
        raise StoreError(f"The store {database.path} is damaged: keep the file as it is and restore the newest backup.")


def mark_key(database: Database) -> bytes:
    """The key; made the first time, unless the store is only read."""
    if not database.read_only:
        # Another process may do so at the same moment: the first one's stays.
        database.run("INSERT OR IGNORE INTO settings VALUES ('mark', ?)", (secrets.token_bytes(32),))
    return bytes(database.value("SELECT value FROM settings WHERE name = 'mark'") or b"")
