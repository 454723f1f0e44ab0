"""Stow with all that a night may do asked for, and what such a night leaves: for tests that disturb nights.

The council has had a night two months before, with letters that are beyond the retention period by now, one of them held.
"""

from __future__ import annotations

import io
import json
import os
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import killing
import pytest
from changes import replace
from openpyxl import load_workbook
from sqlcipher3 import dbapi2 as sqlite
from stow import CLERK, IVY, TOM, Council, letter, stow

from auditor.cli.progress import Ticker
from auditor.cli.run import pass_over
from auditor.cli.verify import proved
from auditor.cli.workplace import locked, open_the_store
from auditor.config import load
from auditor.pipeline import guard as guard_module
from auditor.pipeline import night as night_module
from auditor.pipeline.backups import files_proved, folders, read, store_proved
from auditor.store.decisions import Book, Decision, Said
from auditor.store.sqlite import open_store

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
BEFORE = datetime(2026, 10, 19, 12, 0, tzinfo=UTC)
OLD = datetime(2025, 10, 20, 9, 0, tzinfo=UTC)
"""Inside the twelve months then, outside now."""
CANARY = "quizzaciously"
"""In every letter that is purged."""
EVERY_STEP = '[backup]\nfolder = "backup"\nkeep = 1\n'
_TABLES = {
    "holdings": "id, mailbox, pid, stamp, evidence, sent, removed, gone, found, message_id, subject",
    "evidence": "id, sha256, size",
    "findings": "id, holding, withdrawn",
    "decisions": "*",
    "books": "*",
    "passed_over": "mailbox, pid, stamp, why",
    "gaps": "mailbox, pid, reason, since",
    "queue": "*",
    "post": "*",
    "flaws": "*",
    "enclosed": "place",
    "remarked": "*",
    "unseen": "*",
    "beside": "*",
    "unchecked": "holding, rule, why",
    "first_held": "*",
    "unread": "*",
    "words_docsize": "*",
    "readers": "*",
    "mailboxes": "id, source, address, counted",
    "reports": "label, first, latest",
    "holds": "id, name, query, lifted",
    "purged": "*",
}
"""Those columns that are the same however often it was tried."""


def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nights and proofs without a child of their own."""
    monkeypatch.setattr(night_module, "Guard", killing.Inline)
    monkeypatch.setattr(guard_module, "Guard", killing.Inline)


def aged(folder: Path) -> Council:
    """The council a month after its first night."""
    council = stow(folder)
    council.schedule(policy='retention_months = 12\npurge = "auto"\n', rest=EVERY_STEP)
    for n in range(10, 16):
        text = f"You idiot, bench {n} is {CANARY} broken."
        council.post(TOM, f"old{n}", letter(text, n=n, sent=OLD + timedelta(minutes=n)))
    council.post(TOM, "quarry", letter("The quarry is shut.", n=20, subject="Quarry", sent=OLD))
    night(folder, BEFORE)
    shutil.rmtree(folder / "out")  # somebody has filed them elsewhere
    with open_the_store(load(folder / "schedule.toml")) as store:
        store.hold("Quarry request", "subject:quarry", "a clerk", BEFORE)
        said = [Said(row.id, Decision.BREACH, row.finding.excerpt) for row in store.findings()]
        store.decide(Book("out/a.xlsx", BEFORE, "ab" * 32), said, "a clerk", BEFORE)
    for path in folder.glob("mail/*/sent/*.eml"):
        if not path.name.startswith(("old", "quarry")):
            path.unlink()
    council.post(TOM, "gap", b"")
    for n in range(5, 9):
        sent = datetime(2026, 11, 17, 10, n, tzinfo=UTC)
        council.post(TOM, f"more{n}", letter(f"You idiot, the bench number {n} is broken.", n=n, sent=sent))
        council.post(IVY, f"oak{n}", letter(f"The oak {n} needs a look.", box=IVY, n=n + 30, sent=sent))
    council.post(CLERK, "agenda", letter("The agenda is on the board.", box=CLERK, n=1, good=True, sent=sent))
    return council


def night(folder: Path, now: datetime = NOW) -> None:
    """All that `auditor run` does, without what it says."""
    config = load(folder / "schedule.toml")
    with locked(config):
        pass_over(config, now=lambda: now)


def left(folder: Path) -> dict[str, Any]:
    """Everything that must not depend on what went wrong before the last night, which did not."""
    config = load(folder / "schedule.toml")
    with open_the_store(config, read_only=True) as store:
        checks, _ = proved(config, store, Ticker(io.StringIO()))
        said: dict[str, Any] = {
            "verify": [check.detail for check in checks if not check.ok],
            "findings": [(f.id, f.finding, f.reported, f.mailbox) for f in store.findings()],
            "accounts": [replace(account, last_complete=None) for account in store.coverage()],
            "gaps": [(gap.mailbox, gap.id, gap.reason) for gap in store.gaps()],
            "uncertified": store.papers(),
            "unclean": store.unclean(),
            "kept": [one.sha256 for one in store.purge_plan(NOW.date(), NOW).due],
        }
    said["tables"] = tables(folder / "data" / "auditor.db")
    said["words"] = CANARY.encode() in (folder / "data" / "auditor.db").read_bytes()
    said["files"] = [name for name in names(folder) if not name.startswith(("mail/", "backup/"))]
    # One that could not be taken away is, when the next day's is made.
    said["backups"] = [backed_up(one) for one in folders(folder / "backup")][:1]
    half = [name for name in names(folder) if "unfinished" in name or ".auditor-" in name]
    said["unfinished"] = [name for name in half if not name.startswith("backup/")]
    said["workbooks"] = {file.name: cells(file) for file in sorted((folder / "out").rglob("*.xlsx"))}
    said["certificates"] = {file.name: certified(file) for file in sorted(folder.glob("out/certificates/*.json"))}
    return said


def unlike(held: object, golden: object) -> str:
    """The items that differ, without those that do not."""
    if isinstance(held, dict) and isinstance(golden, dict):
        keys = sorted(key for key in held.keys() | golden.keys() if held.get(key) != golden.get(key))
        return "; ".join(f"{key}: {unlike(held.get(key), golden.get(key))}" for key in keys)
    if isinstance(held, list) and isinstance(golden, list):
        gained, lost = ([one for one in this if one not in other] for this, other in ((held, golden), (golden, held)))
        return f"{gained} instead of {lost}" if gained or lost else "in another order, or more often"
    return f"{held} instead of {golden}"


def yesterday(folder: Path) -> None:
    """What a kill left half written is swept by the next night when it is old enough."""
    for draft in folder.rglob(".auditor-*"):
        os.utime(draft, (draft.stat().st_atime - 7200, draft.stat().st_mtime - 7200))


def names(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def tables(path: Path) -> dict[str, list[Any]]:
    with closing(sqlite.connect(path)) as connection:
        return {
            table: sorted(connection.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)  # noqa: S608
            for table, columns in _TABLES.items()
        }


def backed_up(folder: Path) -> tuple[list[str], bool]:
    """Which files are in a backup, every one of them proved, and whether its trail is whole. How many messages depends on
    what the night that made it could collect."""
    backup = read(folder)
    files_proved(backup)
    with open_store(f"sqlite:///{folder / 'auditor.db'}", read_only=True) as copy:
        proof = store_proved(copy, backup.manifest)
    return sorted(backup.manifest.files), proof.whole


_BY_THE_NIGHT = ("Audit trail:", "night", "Night", "newest backup", " decided.", "RED.", "AMBER.", "more warnings")
_BY_WHAT_IS_HELD = ("too few decided", "none yet", "Personnel sub-committee", "Code of Conduct")
"""What was decided of older mail goes with it, and a workbook that is written late may come after the purge."""


def cells(path: Path) -> list[str]:
    """What a workbook says, but for how many entries the trail has, how often it was tried, and what was done before it was
    written: written late, it may tell of the purge."""
    book = load_workbook(path, read_only=True)
    with closing(book):
        return [
            f"{sheet.title}: {value}"
            for sheet in book.worksheets
            if sheet.title not in ("Coverage", "Searches and holds", "Assertion 10")
            for row in sheet.iter_rows(values_only=True)
            for value in row
            if value is not None
            and not (sheet.title == "Start" and isinstance(value, int))
            and not any(word in str(value) for word in (*_BY_THE_NIGHT, *_BY_WHAT_IS_HELD))
        ]


def certified(path: Path) -> dict[str, Any]:
    """A certificate, but for where the trail stood."""
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {name: value for name, value in said.items() if name != "trail"}


def place(folder: Path) -> tuple[object, ...]:
    """Where a killed night had got to: how many rows each table has, and which files there are."""
    counts: list[object] = []
    database = folder / "data" / "auditor.db"
    if database.exists():
        with closing(sqlite.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            for table in (*_TABLES, "trail", "runs", "nights", "settings"):
                try:
                    counts += connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
                except sqlite.Error:
                    counts.append(None)
    return (*counts, *(name for name in names(folder) if not name.startswith("mail/")))
