"""A store made encrypted and plain again holds what it held; killed at any moment, one good store is there."""

from __future__ import annotations

import os
import random
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from killing import busy, forked
from letters import STARTED, finding, judgement, letter, page

from auditor.errors import StoreError
from auditor.store.decisions import Book, Decision, Said
from auditor.store.records import Query
from auditor.store.sqlite import sealing
from auditor.store.sqlite.database import Database, is_plain
from auditor.store.sqlite.sealing import reseal, sweep
from auditor.store.sqlite.store import SqliteStore
from auditor.store.trail import Deed

KEY, TRAIL = "0123456789abcdef" * 4, b"a long sentence"
KILLS = 15


def filled(path: Path, key: str | None = None, letters: int = 40) -> Path:
    with SqliteStore(path, key=key, trail_key=TRAIL) as store:
        run = store.begin_run(STARTED, "0.1")
        store.commit(page(run, *(letter(f"{n}", body=f"The word is rhubarb {n}.") for n in range(letters)), cursor="1"))
        dockets = store.queue(5)
        store.judge(run, [judgement(d.holding, finding(), message=str(d.holding)) for d in dockets])
        said = [Said(name, Decision.BREACH, "The word is rhubarb.") for name in store.finding_ids()]
        store.decide(Book("out/a.xlsx", STARTED, "ab" * 32), said, "Ann", STARTED)
        store.record(Deed.RUN, "Ann", STARTED, {"run": run})
    return path


def turned(path: Path, old: str | None, new: str | None) -> None:
    reseal(path, old, new, trail_key=TRAIL, who="Ann", at=STARTED)


def dump(path: Path, key: str | None) -> dict[str, Any]:
    """Everything but what a rewriting adds to the trail, and the file's own shape."""
    with SqliteStore(path, key=key, trail_key=TRAIL, read_only=True) as store:
        database = store._database
        tables = [name for (name,) in database.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        held = {
            name: sorted(map(repr, database.rows(f"SELECT * FROM {name}")))  # noqa: S608
            for name in tables
            if name not in ("trail", "sqlite_sequence", "words")
        }
        shape = [
            int(database.value(f"PRAGMA {name}"))
            for name in ("page_size", "auto_vacuum", "user_version", "application_id")
        ]
        found = store.count(Query(("rhubarb",))), store.prove_trail().whole, store.prove_sound()
        return held | {
            "shape": shape,
            "found": found,
            "schema": database.rows("SELECT sql FROM sqlite_schema ORDER BY 1"),
        }


def test_there_and_back(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db")
    golden = dump(path, None)
    turned(path, None, KEY)
    assert not is_plain(path)
    assert b"hubarb" not in path.read_bytes()
    assert dump(path, KEY) == golden
    turned(path, KEY, None)
    assert is_plain(path)
    assert dump(path, None) == golden
    assert {one.name for one in tmp_path.iterdir()} == {"a.db", "a.db.head"}
    with SqliteStore(path, trail_key=TRAIL) as store:
        deeds = [(entry.deed, entry.said.get("store")) for entry in store.trail()]
        assert deeds[2:] == [(Deed.ENCRYPTED, "encrypted"), (Deed.ENCRYPTED, "plain")]
        assert store.prove_trail().whole
        store.commit(page(store.begin_run(STARTED, "0.1"), letter("after")))  # the next night writes as ever
        assert store.facts().messages == store.facts().searchable == 41


@pytest.mark.skipif(os.name == "nt", reason="rights are other there")
def test_it_stays_its_owner_s(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        path = filled(tmp_path / "a.db")
        turned(path, None, KEY)
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o077 == 0


def test_the_old_bytes_are_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path / "a.db")
    seen: list[bytes] = []
    unlink = Path.unlink

    def looked(file: Path, missing_ok: bool = False) -> None:
        if file.name.endswith(".replaced"):
            seen.append(file.read_bytes())
        unlink(file, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", looked)
    turned(path, None, KEY)
    assert len(seen) == 1
    assert not seen[0].strip(b"\0")


def test_a_second_name_of_the_store_itself_is_not_overwritten(tmp_path: Path) -> None:
    """As a kill between the two steps leaves it: both names are the one store."""
    path = filled(tmp_path / "a.db")
    golden = dump(path, None)
    path.with_name("a.db.replaced").hardlink_to(path)
    path.with_name("a.db.resealed").write_bytes(b"half")
    sweep(path)
    assert dump(path, None) == golden
    assert not list(tmp_path.glob("*.re*ed"))


def test_the_wrong_key_changes_nothing(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db", KEY)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="encrypted with another key"):
        turned(path, "f" * 64, None)
    assert path.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"a.db", "a.db.head"}


def lose_a_row(database: Database) -> None:
    database.run("DELETE FROM fresh.queue WHERE holding = (SELECT max(holding) FROM fresh.queue)")


def test_a_copy_that_lacks_a_row_is_not_put_in_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path / "a.db")
    golden, run = dump(path, None), Database.run

    def losing(database: Database, sql: str, values: Any = ()) -> int:
        if sql.startswith("DETACH"):
            lose_a_row(database)
        return run(database, sql, values)

    monkeypatch.setattr(Database, "run", losing)
    with pytest.raises(StoreError, match="the store is as it was"):
        turned(path, None, KEY)
    assert dump(path, None) == golden
    assert not list(tmp_path.glob("*.re*ed"))


def test_a_reader_keeps_the_store_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path / "a.db")
    golden = dump(path, None)
    monkeypatch.setattr(sealing, "Database", partial(Database, patience=0.05))
    with SqliteStore(path, read_only=True) as reader:
        if not reader.readable_while_written():
            pytest.skip("this file system keeps no log")
        entries = reader._database.each("SELECT * FROM holdings")
        next(entries)
        with pytest.raises(StoreError, match="in use by another program"):
            turned(path, None, KEY)
        entries.close()
    assert dump(path, None) == golden
    assert not list(tmp_path.glob("*.re*ed"))


def test_a_hold_that_comes_meanwhile_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path / "a.db")
    recorded = sealing._recorded

    def held_meanwhile(*given: Any) -> Any:
        with SqliteStore(path, trail_key=TRAIL) as store:
            store.hold("Smith", "rhubarb", "Ann", STARTED)
        return recorded(*given)

    monkeypatch.setattr(sealing, "_recorded", held_meanwhile)
    with pytest.raises(StoreError, match="in use by another program"):
        turned(path, None, KEY)
    with SqliteStore(path, read_only=True, trail_key=TRAIL) as store:
        assert [one.name for one in store.holds()] == ["Smith"]
        assert store.prove_trail().whole
    assert not list(tmp_path.glob("*.re*ed"))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills by the kernel")
@pytest.mark.parametrize("swap", [None, "broken"])
def test_killed_at_random_moments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swap: str | None) -> None:
    """And a build that empties the old file before the new one has its name is caught by the same."""
    if swap:
        monkeypatch.setattr(sealing, "_swap", emptying_first)
    seed = random.SystemRandom().randrange(1 << 32)
    chance, path = random.Random(seed), filled(tmp_path / "a.db", letters=200)
    golden, whole = dump(path, None), path.read_bytes()
    turned(path, None, KEY)
    path.write_bytes(whole)
    usual = forked(lambda: turned(path, None, KEY))
    assert usual
    ends = set()
    for kill in range(KILLS):
        for left in tmp_path.iterdir():
            left.unlink()
        path.write_bytes(whole)
        forked(lambda: turned(path, None, KEY), chance.uniform(usual * (0.5 if swap else 0.02), usual * 1.02))
        wrong = faults(path, golden)
        if swap and wrong:
            return
        assert not wrong, f"seed {seed}, kill {kill}: {wrong}"
        ends.add(is_plain(path))
        sweep(path)
        assert not list(tmp_path.glob("*.re*ed*")), f"seed {seed}, kill {kill}"
        assert not faults(path, golden), f"seed {seed}, kill {kill}"
    assert not swap, f"seed {seed}: the broken build was never caught"
    print(f"seed {seed}: {KILLS} kills, ended {ends}")


def faults(path: Path, golden: dict[str, Any]) -> str:
    try:
        return "" if dump(path, None if is_plain(path) else KEY) == golden else "it does not hold what it held"
    except StoreError as error:
        return str(error)


def emptying_first(path: Path, fresh: Path) -> None:
    """As no build should do it; slowly, so that most kills find it between the two."""
    path.write_bytes(b"")
    busy(0.6)
    fresh.replace(path)
