"""The whole of `auditor run` killed at any instant, and commands that change much: the next go ends as if nothing had been.

Everything that a night does is in it: what is before, collecting, judging, the workbook, the weekly proof, the backup, the
purge with its certificate.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import killing
import leavings
import pytest

from auditor.cli import auditor, certificate, retaining
from auditor.cli import restore as restore_module
from auditor.config import Config
from auditor.errors import BackupError
from auditor.pipeline import backups
from auditor.pipeline import check as check_module
from auditor.pipeline import intake as intake_module
from auditor.pipeline import night as night_module
from auditor.store.interface import Store
from auditor.store.sqlite.store import SqliteStore

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")

KILLS = int(os.environ.get("AUDITOR_NIGHT_KILLS", "20"))
FEW = max(8, KILLS // 5)
SEED = int(os.environ.get("AUDITOR_SEED", time.time_ns() % 1_000_000))


class Trials:
    """Work on copies of one council."""

    def __init__(self, template: Path) -> None:
        self.template, self.folder = template, template.parent / "tried"

    def fresh(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.template, self.folder)

    def killed(
        self,
        work: Callable[[], None],
        dump: Callable[[], dict[str, Any]],
        kills: int,
        mended: Callable[[], None] = lambda: None,
    ) -> tuple[int, set[object], str]:
        """How many were killed, at how many points, and what was wrong."""
        point, old = partial(leavings.place, self.folder), partial(leavings.yesterday, self.folder)

        def between() -> None:
            old()
            mended()

        golden: dict[str, Any] = {}

        def told() -> dict[str, Any]:
            held = dump()
            golden.update(golden or held)
            return {name: leavings.unlike(held[name], golden[name]) * (held[name] != golden[name]) for name in held}

        chance = random.Random(SEED)
        done, points, _, wrong = killing.killed(work, told, point, self.fresh, kills, chance, between)
        return done, points, wrong

    def command(self, *arguments: str | Path) -> None:
        """`auditor` with these arguments, in this process."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = auditor.main(
                ["--config", str(self.folder / "schedule.toml"), *map(str, arguments)], standalone_mode=False
            )
        assert not status, said.getvalue()


@pytest.fixture
def trials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trials:
    leavings.in_this_process(monkeypatch)
    monkeypatch.setattr(night_module, "utc_now", lambda: leavings.NOW)
    monkeypatch.setattr(check_module, "PAGE", 4)
    monkeypatch.setattr(intake_module, "MESSAGES", 5)
    (tmp_path / "stow").mkdir()
    return Trials(leavings.aged(tmp_path / "stow").folder)


def night_killed(trials: Trials, kills: int) -> tuple[int, set[object], str]:
    return trials.killed(partial(leavings.night, trials.folder), partial(leavings.left, trials.folder), kills)


def test_a_night_killed_anywhere_is_made_up_for_by_the_next(
    trials: Trials, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    done, points, wrong = night_killed(trials, KILLS)
    record_property("told", f"{done} kills at {len(points)} distinct points, seed {SEED}")
    assert not wrong, f"seed {SEED}: {wrong}"
    assert len(points) > KILLS // 4 if KILLS <= 60 else len(points) > 20, f"{len(points)} points prove too little"
    held = leavings.left(trials.folder)
    trials.command("restore", trials.folder / "backup", "--into", tmp_path / "back")
    trials.command("--config", tmp_path / "back" / "schedule.toml", "verify")
    assert (held["verify"], held["words"], held["unfinished"], len(held["backups"])) == ([], False, [], 1)
    assert [len(one["evidence"]) for one in held["certificates"].values()] == [6]


def test_a_certificate_that_is_forgotten_before_it_is_written_is_caught(
    trials: Trials, monkeypatch: pytest.MonkeyPatch
) -> None:
    def finish(config: Config, store: Store, _now: datetime, _progress: object = None) -> list[Path]:
        papers = store.papers()
        store.papers_written()
        killing.busy(0.1 * bool(papers))
        written = [certificate.write(certificate.folder(config), paper) for paper in papers]
        store.cleanse()
        return written

    monkeypatch.setattr(retaining, "finish", finish)
    assert night_killed(trials, 60)[2]


# --- commands


def backups_left(folder: Path) -> dict[str, Any]:
    """The last command made one whatever was left by those before it; the council keeps one."""
    found = backups.folders(folder / "backup")
    return {
        "backups": [leavings.backed_up(one) for one in found],
        "strangers": sorted({one.name for one in (folder / "backup").iterdir()} - {one.name for one in found}),
    }


def each_whole(folder: Path) -> None:
    """What has a backup's name is whole at any moment."""
    for one in backups.folders(folder / "backup"):
        leavings.backed_up(one)


def test_a_backup_that_is_killed_is_none_and_the_next_is_whole(
    trials: Trials, record_property: Callable[[str, object], None]
) -> None:
    work, dump = partial(trials.command, "backup"), partial(backups_left, trials.folder)
    done, points, wrong = trials.killed(work, dump, FEW, partial(each_whole, trials.folder))
    record_property("told", f"{done} kills at {len(points)} distinct points, seed {SEED}")
    assert not wrong, f"seed {SEED}: {wrong}"
    assert len(points) > 2


def test_a_backup_that_is_made_under_its_own_name_is_caught(trials: Trials, monkeypatch: pytest.MonkeyPatch) -> None:
    def make(
        config: Config, store: Store, opener: backups.Opener, place: Path, keep: int, now: datetime
    ) -> backups.Made:
        final = backups._free(place, config, store, now)
        final.mkdir(mode=0o700)
        killing.busy(0.05)
        backups._fill(config, store, opener, final, now)
        made = backups._read_back(final, opener)
        return backups.Made(made[0], made[1], tuple(backups._rotated(place, keep, made[0])))

    monkeypatch.setattr(backups, "make", make)
    work, dump = partial(trials.command, "backup"), partial(backups_left, trials.folder)
    with pytest.raises(BackupError, match="is no backup, or a damaged one"):
        trials.killed(work, dump, 30, partial(each_whole, trials.folder))


def restored(trials: Trials) -> tuple[Callable[[], None], Callable[[], dict[str, Any]], Callable[[], None]]:
    """Restoring, what it leaves, and what a person does when it was cut short: empties the folder, if it is no council."""
    into = trials.folder / "mail" / "back"  # what is below `mail` tells no point, so the backup's own files do

    def dump() -> dict[str, Any]:
        config = into / "schedule.toml"
        assert config.exists()
        names = [name for name in leavings.names(into) if not name.endswith((".lock", ".log", ".head"))]
        return {"files": names, "tables": leavings.tables(into / "data" / "auditor.db")}

    def mended() -> None:
        if (into / "schedule.toml").exists():
            dump()
        shutil.rmtree(into, ignore_errors=True)

    return lambda: trials.command("restore", trials.folder / "backup", "--into", into), dump, mended


def test_a_restore_that_is_killed_leaves_no_council_or_a_whole_one(
    trials: Trials, record_property: Callable[[str, object], None]
) -> None:
    work, dump, mended = restored(trials)
    done, _, wrong = trials.killed(work, dump, FEW, mended)
    record_property("told", f"{done} kills, seed {SEED}")
    assert not wrong, f"seed {SEED}: {wrong}"


def test_a_restore_that_puts_its_schedule_first_is_caught(trials: Trials, monkeypatch: pytest.MonkeyPatch) -> None:
    def put(stage: Path, into: Path, configuration: str) -> None:
        for one in sorted(stage.iterdir(), key=lambda one: one.name != configuration):
            one.replace(into / one.name)
            killing.busy(0.1)

    monkeypatch.setattr(restore_module, "_put", put)
    work, dump, mended = restored(trials)
    with pytest.raises(Exception, match="unable to open"):
        trials.killed(work, dump, 40, mended)


def purged(trials: Trials) -> dict[str, Any]:
    said = leavings.left(trials.folder)
    return {
        name: said[name]
        for name in ("verify", "tables", "words", "uncertified", "unclean", "unfinished", "certificates")
    }


def test_a_purge_that_is_killed_is_finished_by_the_next(
    trials: Trials, record_property: Callable[[str, object], None]
) -> None:
    work = partial(trials.command, "purge", "--yes")
    done, points, wrong = trials.killed(work, partial(purged, trials), FEW)
    record_property("told", f"{done} kills at {len(points)} distinct points, seed {SEED}")
    assert not wrong, f"seed {SEED}: {wrong}"
    assert len(points) > 2


def test_a_purge_that_leaves_its_words_is_caught(trials: Trials, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = retaining.finish

    def finish(config: Config, store: Store, now: datetime, progress: Any = None) -> list[Path]:
        if not store.papers():
            return []  # what an earlier purge left is left
        killing.busy(0.05)
        written = [certificate.write(certificate.folder(config), paper) for paper in store.papers()]
        store.papers_written()
        killing.busy(0.1)
        return [*written, *whole(config, store, now)]

    monkeypatch.setattr(retaining, "finish", finish)
    assert trials.killed(partial(trials.command, "purge", "--yes"), partial(purged, trials), 40)[2]


def adopted(trials: Trials) -> dict[str, Any]:
    said = leavings.left(trials.folder)
    kept = {name: said[name] for name in ("verify", "findings", "tables", "unfinished")}
    return kept | {"schedule": (trials.folder / "schedule.toml").read_text(encoding="utf-8")}


def with_another_policy(trials: Trials) -> partial[None]:
    """The council after its night, with another policy beside schedule.toml; adopting it, as often as it takes."""
    leavings.night(trials.template)
    text = (trials.template / "schedule.toml").read_text(encoding="utf-8")
    rules = '[policy.rules]\n"waiver-missing" = "critical"\n"signature-missing" = "off"\n'
    (trials.template / "other.toml").write_text(text.replace("[backup]", f"{rules}[backup]"), encoding="utf-8")
    return partial(trials.command, "replay", "--policy", trials.folder / "other.toml", "--adopt")


def test_adopting_that_is_killed_is_finished_by_the_next_go(
    trials: Trials, record_property: Callable[[str, object], None]
) -> None:
    done, points, wrong = trials.killed(with_another_policy(trials), partial(adopted, trials), FEW)
    record_property("told", f"{done} kills at {len(points)} distinct points, seed {SEED}")
    assert not wrong, f"seed {SEED}: {wrong}"


def test_adopting_that_notes_the_rules_before_its_queue_is_caught(
    trials: Trials, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = SqliteStore.adopt

    def adopt(store: SqliteStore, version: str) -> bool:
        changed, database = whole(store, version), store._database
        waiting = database.rows("SELECT holding FROM queue")
        database.run("DELETE FROM queue")
        killing.busy(0.2)
        for row in waiting:
            database.run("INSERT INTO queue VALUES (?)", row)
        return changed

    work = with_another_policy(trials)
    monkeypatch.setattr(SqliteStore, "adopt", adopt)
    assert trials.killed(work, partial(adopted, trials), 30)[2]
