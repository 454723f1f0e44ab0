"""A purge that is killed at any instant is finished by the next one, and leaves what an undisturbed one leaves."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from killing import forked
from letters import finding, judgement, letter, page
from test_retention import CANARY, EDGE, NOW, OLD, YOUNG, certificate, decide_all, dictionaries, files, sound

from auditor.store.query import parsed
from auditor.store.sqlite import cleansing
from auditor.store.sqlite.store import SqliteStore
from auditor.store.trail import Deed

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills need fork")
KILLS = 30


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 900 letters, two of three old, some of them held."""
    path = tmp_path_factory.mktemp("before") / "a.db"
    with SqliteStore(path) as store:
        run = store.begin_run(NOW - timedelta(days=900), "1")
        mails = []
        for number in range(900):
            word, sent = ("gate", YOUNG) if number % 3 == 0 else (CANARY, OLD)
            text = f"Letter {number} on the {word} of the parish, with regards. " * 2
            mails.append(letter(str(number), body=text, subject=f"{word} {number}", sent=sent))
        store.commit(page(run, *mails, count=900))
        said = [
            judgement(one.holding, finding(excerpt=one.packed.decode()[:40]), message=str(one.holding))
            for one in store.queue(1000)
        ]
        store.judge(run, said)
        decide_all(store)
        store.hold("Some", "gate OR subject:letter", "a clerk", NOW)
    return path


def work(path: Path) -> None:
    """What a purge does, from wherever the last one was left."""
    with SqliteStore(path) as store:
        store.papers_written()
        store.cleanse()
        store.purge(EDGE, "a clerk", NOW, certificate)
        store.papers_written()
        store.cleanse()


def dump(path: Path) -> dict[str, Any]:
    """Everything that must not depend on how often it was interrupted."""
    with SqliteStore(path) as store:
        database = store._database
        sound(store)
        return {
            "holdings": database.rows("SELECT id, pid, subject FROM holdings ORDER BY id"),
            "evidence": [sha for (sha,) in database.rows("SELECT hex(sha256) FROM evidence ORDER BY 1")],
            "findings": database.rows("SELECT id, holding FROM findings ORDER BY 1"),
            "decisions": database.rows("SELECT id, finding FROM decisions ORDER BY 1"),
            "passed over": database.rows("SELECT * FROM passed_over ORDER BY 2"),
            "purged": database.rows("SELECT * FROM purged ORDER BY 2"),
            "account": store.coverage(),
            "found": [list(store.find_all(parsed(word))) for word in (CANARY, "gate", "letter")],
            "deeds": [entry.said for entry in store.trail() if entry.deed == Deed.PURGED],
            "dictionaries": len(dictionaries(store)) > 0,
            "papers": store.papers(),
            "unclean": store.unclean(),
            "words": CANARY[:6].encode() in files(store) or CANARY.encode() in dictionaries(store),
        }


def killed(before: Path, folder: Path, kills: int, chance: random.Random, do: Callable[[Path], None] = work) -> str:
    """Kills purges until so many were killed, each time on to the end; what was wrong at the end."""
    path = folder / "a.db"

    def fresh() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(before, path)

    fresh()
    do(path)
    golden = dump(path)
    assert (golden["unclean"], golden["words"], golden["deeds"][0]["messages"]) == (False, False, 600)
    fresh()
    usual = forked(lambda: do(path))
    assert usual
    done, points = 0, set()
    while done < kills:
        fresh()
        while forked(lambda: do(path), chance.uniform(0.001, usual * 1.1)) is None:
            done += 1
            points.add(point(path))
        held = dump(path)
        if wrong := [key for key in golden if held[key] != golden[key]]:
            return f"after {done} kills: {wrong}"
    print(f"{done} kills at {len(points)} points: {sorted(points)}")
    assert len(points) > 2
    return ""


def point(path: Path) -> str:
    with SqliteStore(path) as store:
        mark = store._database.value("SELECT value FROM settings WHERE name = 'cleansing'")
        return f"{store.facts().messages} {mark}"


@pytest.mark.slow
def test_killed_at_random_moments(before: Path, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    assert killed(before, tmp_path / "a", int(os.environ.get("AUDITOR_KILLS", KILLS)), random.Random(seed)) == "", seed


@pytest.mark.slow
def test_a_mark_set_after_the_deletion_is_caught(before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken build: what remains to be done is noted by itself, not with what was deleted."""
    begin = cleansing.begin
    monkeypatch.setattr(cleansing, "begin", lambda _database: None)

    def broken(path: Path) -> None:
        with SqliteStore(path) as store:
            store.papers_written()
            store.cleanse()
            gone = store.purge(EDGE, "a clerk", NOW, certificate)
            if gone:
                with store._database.transaction():
                    sum(number * number for number in range(400_000))
                    begin(store._database)
            store.papers_written()
            store.cleanse()

    chance = random.Random(7)
    found = killed(before, tmp_path / "a", 60, chance, broken)
    assert "words" in found
