"""Whatever fails in a night, and wherever: the next night comes to what an undisturbed one does, and nothing is doubled."""

from __future__ import annotations

import os
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import faults
import leavings
import pytest
from changes import replace
from faults import CRASHED, Faults, Kind
from leavings import left, night

from auditor import whole as files_whole
from auditor.store.records import Batch, Committed
from auditor.store.sqlite.store import SqliteStore

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

SEED = int(os.environ.get("AUDITOR_SEED", time.time_ns() % 1_000_000))
POINTS = int(os.environ.get("AUDITOR_FAULTS", "30"))
"""So many faults; 0 for every call, each kind in turn."""


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The council before a night with every step: mail, workbook, proof, backup, purge."""
    (tmp_path / "stow").mkdir()
    leavings.in_this_process(monkeypatch)
    return leavings.aged(tmp_path / "stow").folder


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
        leavings.yesterday(folder)
        try:
            held = self._undisturbed(folder)
        except AssertionError as error:
            return f"call {at} {kind.value}: the night after it failed: {error}"
        differs = [name for name in self.golden if held[name] != self.golden[name]]
        return "".join(
            f"call {at} {kind.value}: {name}: {leavings.unlike(held[name], self.golden[name])}\n" for name in differs
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
        asked = faults.points(trials.count, POINTS, SEED) if POINTS else faults.each(trials.count, SEED)
        wrong = [said for at, kind in asked if (said := trials.wrong(at, kind))]
    record_property("told", f"{len(asked)} faults over {trials.count} calls, seed {SEED}")
    assert len(asked) >= min(POINTS, trials.count)
    assert not wrong, f"seed {SEED}: {len(wrong)} of {len(asked)}: " + "\n".join(one[:2000] for one in wrong[:8])


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
