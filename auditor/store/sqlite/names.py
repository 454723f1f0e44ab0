"""Names that many rows share, kept once: mailboxes, senders, folders."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from auditor.errors import StoreError
from auditor.store.days import from_microseconds
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.text import clean


def mailbox(database: Database, source: str, address: str) -> int:
    """The mailbox's number; made when it is new."""
    values = (clean(source), clean(address))
    database.run("INSERT OR IGNORE INTO mailboxes (source, address) VALUES (?, ?)", values)
    return int(database.value("SELECT id FROM mailboxes WHERE source = ? AND address = ?", values))


def known_mailbox(database: Database, source: str, address: str) -> int | None:
    """The mailbox's number; None when nothing was ever committed to it."""
    values = (clean(source), clean(address))
    found = database.value("SELECT id FROM mailboxes WHERE source = ? AND address = ?", values)
    return None if found is None else int(found)


def numbers(database: Database, table: str, names: Iterable[str]) -> dict[str, int]:
    """The number of each name in `senders` or `folders`; new ones are added."""
    wanted = sorted(set(names))
    found = f"SELECT name, id FROM {table} WHERE name IN (SELECT value FROM json_each(?))"  # noqa: S608
    known: dict[str, int] = dict(database.rows(found, (json.dumps(wanted),)))
    missing = [name for name in wanted if name not in known]
    if missing:
        database.many(f"INSERT INTO {table} (name) VALUES (?)", [(name,) for name in missing])  # noqa: S608
        known.update(database.rows(found, (json.dumps(missing),)))
    return known


def folder_numbers(database: Database, lists: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    """The number of each list of folder names; new ones are added."""
    names = {folders: json.dumps([clean(one) for one in folders], ensure_ascii=False) for folders in lists}
    known = numbers(database, "folders", names.values())
    return {folders: known[name] for folders, name in names.items()}


def folder_names(stored: str) -> tuple[str, ...]:
    """The folder names of `folders.name`."""
    return tuple(json.loads(stored))


def run_started(database: Database, run: int) -> datetime:
    """When the run began: the moment of whatever it finds. Raises StoreError for a run that is not in the ledger."""
    started = database.value("SELECT started FROM runs WHERE id = ?", (run,))
    if started is None:
        raise StoreError(f"Run {run} is not in the ledger of {database.path}: begin it first.")
    return from_microseconds(started)
