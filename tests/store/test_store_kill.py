"""A kill at any instant loses nothing and doubles nothing; a build that splits the transaction is caught by the same."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from endless_night import ids
from letters import BLOGGS, CLERK

from auditor.store.records import Query
from auditor.store.sqlite.store import SqliteStore

CHILD = Path(__file__).with_name("endless_night.py")
ROOT = Path(__file__).parents[2]
KILLS = 40


def killed(path: Path, how: str, after: float) -> None:
    """Runs the child and kills it `after` seconds from its first word."""
    child = subprocess.Popen(
        [sys.executable, CHILD, path, how],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    with child.stdout as words:
        assert words.readline() == b"ready\n"
        time.sleep(after)
        child.kill()
        assert child.wait() in (-getattr(signal, "SIGKILL", 9), 1)


def faults(path: Path) -> list[str]:
    """Every invariant that does not hold."""
    found = []
    with SqliteStore(path) as store:
        database = store._database
        if database.value("PRAGMA integrity_check") != "ok":
            found.append("the file is damaged")
        names: Counter[tuple[str, str]] = Counter()
        sql = "SELECT address, pid FROM holdings JOIN mailboxes ON mailboxes.id = holdings.mailbox"
        for address, pid in database.rows(sql):
            names[address, pid.decode()] += 1
        pages = {mailbox: int(store.cursor("files", mailbox) or -1) for mailbox in (CLERK, BLOGGS)}
        expected = Counter((box, name) for box, last in pages.items() for n in range(last + 1) for name in ids(n))
        if names != expected:
            found.append(f"{len(expected - names)} messages lost, {len(names - expected)} too many")
        gaps = Counter((gap.mailbox, gap.id) for gap in store.gaps())
        if gaps != Counter((box, f"gap {n:05}") for box, last in pages.items() for n in range(last + 1)):
            found.append("gaps do not follow the cursor")
        removed = sum(hit.removed is not None for hit in store.search(Query(), 100_000))
        if removed != sum(max(last, 0) for last in pages.values()):
            found.append("removals do not follow the cursor")
        facts = store.facts()
        if not facts.messages == facts.searchable == store.count(Query(("letter",))) + store.count(Query(("chang",))):
            found.append("the index does not hold what is held")
        judged = sum(store.judged_between(None, None).values())
        if judged + len(store.queue(1_000_000)) != facts.messages:
            found.append("something is neither judged nor waiting")
        for (sha256,) in database.rows("SELECT sha256 FROM evidence"):
            store.evidence(sha256.hex())
    return found


@pytest.mark.slow
def test_killed_at_random_moments(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    chance, path, points = random.Random(seed), tmp_path / "a.db", set()
    for kill in range(KILLS):
        killed(path, "whole", chance.uniform(0, 0.06))
        assert faults(path) == [], f"seed {seed}, kill {kill}"
        with SqliteStore(path) as store:
            queue = store._database.value("SELECT count(*) FROM queue")
            points.add((store.cursor("files", CLERK), store.cursor("files", BLOGGS), queue))
    print(f"seed {seed}: {KILLS} kills at {len(points)} distinct points")
    assert len(points) > KILLS // 4


@pytest.mark.slow
def test_a_cursor_committed_by_itself_is_caught(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    chance, path = random.Random(seed), tmp_path / "a.db"
    for kill in range(KILLS):
        killed(path, "split", chance.uniform(0, 0.06))
        if found := faults(path):
            print(f"seed {seed}: caught at kill {kill + 1}: {found}")
            assert "messages lost" in found[0]
            return
    pytest.fail(f"seed {seed}: the broken build was never caught")
