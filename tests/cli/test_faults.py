"""Whatever fails in a night, and wherever: the next night comes to what an undisturbed one does, and nothing is doubled."""

from __future__ import annotations

import os
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import faults
import killing
import pytest
from changes import replace
from faults import CRASHED, Faults, Kind
from openpyxl import load_workbook
from stow import TOM, letter, stow

from auditor import whole as files_whole
from auditor.cli.run import pass_over
from auditor.cli.workplace import locked, open_the_store
from auditor.config import load
from auditor.pipeline import night as night_module
from auditor.store.records import Batch, Committed
from auditor.store.sqlite.store import SqliteStore

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

SEED = int(os.environ.get("AUDITOR_SEED", time.time_ns() % 1_000_000))
POINTS = int(os.environ.get("AUDITOR_FAULTS", "150"))
NOW = datetime.now(UTC)
_CHANGING = {"trail", "runs", "nights", "sqlite_sequence", "sqlite_stat1", "sqlite_stat4"}
"""Tables that tell how often it was tried."""


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "stow").mkdir()
    council = stow(tmp_path / "stow")
    council.post(TOM, "gap", b"")
    for n in range(5, 9):
        council.post(TOM, f"more{n}", letter(f"You idiot, the bench number {n} is broken.", n=n))
    monkeypatch.setattr(night_module, "Guard", killing.Inline)
    monkeypatch.setattr(night_module, "utc_now", lambda: NOW)
    return council.folder


def night(folder: Path) -> None:
    """A whole night, as `auditor run` does it."""
    config = load(folder / "schedule.toml")
    with locked(config):
        pass_over(config)


def left(folder: Path) -> dict[str, Any]:
    """Everything that must not depend on what went wrong before."""
    config = load(folder / "schedule.toml")
    with open_the_store(config, read_only=True) as store:
        proof = store.prove_trail()
        said: dict[str, Any] = {
            "trail": (proof.whole, proof.altered, proof.missing),
            "findings": [(f.id, f.finding, f.reported, f.mailbox) for f in store.findings()],
            "accounts": [replace(account, last_complete=None) for account in store.coverage()],
            "gaps": [(gap.mailbox, gap.id, gap.reason) for gap in store.gaps()],
            "queue": store.queue(100),
            "reports": sorted(store.reports()),
        }
    said["tables"] = tables(folder / "data" / "auditor.db")
    files = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    said["files"] = [name for name in files if not name.startswith("mail/")]
    said["workbooks"] = {file.name: cells(file) for file in sorted((folder / "out").rglob("*.xlsx"))}
    return said


def tables(path: Path) -> dict[str, list[Any]]:
    """The rows of those tables that are the same whatever number the run had."""
    from contextlib import closing

    from sqlcipher3 import dbapi2 as sqlite

    wanted = {
        "holdings": "id, mailbox, pid, stamp, evidence, sent, removed, gone, found, message_id, subject",
        "evidence": "id, sha256, size, packed_size",
        "passed_over": "*",
        "queue": "*",
        "post": "*",
        "flaws": "*",
        "enclosed": "place",
        "words_docsize": "*",
        "readers": "*",
        "mailboxes": "*",
    }
    with closing(sqlite.connect(path)) as connection:
        return {
            table: sorted(connection.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)  # noqa: S608
            for table, columns in wanted.items()
        }


def cells(path: Path) -> list[Any]:
    """What a workbook says, but for how many entries the trail has and how often it was tried."""
    book = load_workbook(path)
    return [
        (sheet.title, [cell.value for row in sheet.iter_rows() for cell in row if _steady(cell.value)])
        for sheet in book.worksheets
        if sheet.title != "Coverage"
    ]


def _steady(value: object) -> bool:
    return value is not None and not any(word in str(value) for word in ("Audit trail:", "night", "Night"))


def _whole(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as book:
            return book.testzip() is None
    except zipfile.BadZipFile:
        return False


class Trials:
    """Nights in copies of one council."""

    def __init__(self, template: Path) -> None:
        self.template = template
        self.result = template.parent / "result"
        night(shutil.copytree(template, template.parent / "warm"))  # so that a child imports nothing
        self.golden = self._undisturbed(self.fresh("golden"))
        self.count = faults.counted(lambda: night(self.fresh("counted")), self.result)

    def fresh(self, name: str) -> Path:
        folder = self.template.parent / name
        shutil.rmtree(folder, ignore_errors=True)
        return Path(shutil.copytree(self.template, folder))

    def _undisturbed(self, folder: Path) -> dict[str, Any]:
        def work() -> dict[str, Any]:
            night(folder)
            return left(folder)

        status, answer = faults.forked(work, self.result)
        assert status == 0, answer
        assert isinstance(answer, dict)
        return answer

    def wrong(self, at: int, kind: Kind) -> str:
        """What is wrong after a fault there and an undisturbed night; empty when nothing is."""
        folder = self.fresh("tried")
        status, answer = faults.forked(lambda: night(folder), self.result, Faults(at, kind))
        if status not in (0, CRASHED) and not {"AuditorError", "OSError"} & set(answer[0]):
            return f"call {at} {kind.value}: it ended with {answer[2]}"
        if broken := [file.name for file in folder.glob("out/*.xlsx") if not _whole(file)]:
            return f"call {at} {kind.value}: {broken} cannot be read"
        for draft in folder.rglob(".auditor-*"):
            os.utime(draft, (draft.stat().st_atime - 7200, draft.stat().st_mtime - 7200))  # it was last night
        try:
            held = self._undisturbed(folder)
        except AssertionError as error:
            return f"call {at} {kind.value}: the night after it failed: {error}"
        differs = [name for name in self.golden if held[name] != self.golden[name]]
        return "".join(
            f"call {at} {kind.value}: {name}: {held[name]} instead of {self.golden[name]}\n" for name in differs
        )


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        faults.install(patched.setattr)
        yield


def test_a_fault_at_any_call_leaves_what_an_undisturbed_night_leaves(
    template: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    with counting(monkeypatch):
        trials = Trials(template)
        asked = faults.points(trials.count, POINTS, SEED)
        wrong = [said for at, kind in asked if (said := trials.wrong(at, kind))]
    record_property("told", f"{len(asked)} faults over {trials.count} calls, seed {SEED}")
    assert len(asked) >= min(POINTS, trials.count)
    assert not wrong, f"seed {SEED}: {len(wrong)} of {len(asked)}: " + "\n".join(wrong[:5])[:6000]


def _caught(template: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> bool:
    with counting(monkeypatch):
        trials = Trials(template)
        return any(trials.wrong(at, Kind.CRASH) for at in range(trials.count, 0, -step))


def test_it_catches_a_workbook_that_is_written_where_it_belongs(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def straight(path: Path, content: Callable[[Any], None]) -> Iterator[Path]:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb") as file:
            content(file)
        yield path

    monkeypatch.setattr(files_whole, "draft", straight)
    monkeypatch.setattr(files_whole, "move", lambda _made, _target: None)
    assert _caught(template, monkeypatch, 7)


def test_it_catches_a_cursor_that_runs_ahead_of_its_mail(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = SqliteStore.commit_all

    def commit_all(store: SqliteStore, batches: list[Batch], ticket: str = "") -> list[Committed]:
        whole(store, [replace(batch, arrivals=()) for batch in batches])
        return whole(store, batches, ticket)

    monkeypatch.setattr(SqliteStore, "commit_all", commit_all)
    assert _caught(template, monkeypatch, 25)
