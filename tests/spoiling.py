"""A store with a damaged page."""

from __future__ import annotations

import contextlib
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlite

from auditor.store.sqlite.database import PAGE_SIZE


def spoil(path: Path, table: str = "holds") -> None:
    """Damages a page that nobody needs to open the store."""
    with contextlib.closing(sqlite.connect(str(path))) as file:
        [page] = file.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE_SIZE)
        file.write(b"\xff" * PAGE_SIZE)
