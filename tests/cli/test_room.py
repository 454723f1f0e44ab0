"""Room on the disk is asked for before a night begins, a disk that fills loses nothing, and ours is nobody else's to read."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stow import CLERK, IVY, TOM, Council, letter, stow
from test_backup import dump

from auditor.cli import room
from auditor.cli.backup import same_disk
from auditor.cli.rights import open_to_others
from auditor.cli.run import pass_over
from auditor.cli.workplace import locked
from auditor.config import load
from auditor.errors import BackupError, StoreError
from auditor.store.sqlite.store import SqliteStore
from auditor.store.trail import Deed

MB = 1_000_000
posix = pytest.mark.skipif(os.name != "posix", reason="rights are other there")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    council = stow(tmp_path_factory.mktemp("stow"))
    council.schedule(rest="[backup]\n")
    assert council.run().status == 0
    return council.folder


@pytest.fixture
def council(night: Path, tmp_path: Path) -> Council:
    return Council(shutil.copytree(night, tmp_path / "stow"))


def grown(council: Council, *sizes: int, hours: float = 24.0) -> None:
    """Nights, after which the store had these many bytes."""
    start = datetime.now(UTC)
    with SqliteStore(council.database) as store:
        for n, held in enumerate(sizes):
            store.record(Deed.RUN, "Ann", start + timedelta(hours=hours * n), {"bytes": held})


def asked(council: Council) -> dict[str, Any]:
    with council.store() as store:
        return room.disk(load(council.folder / "schedule.toml"), store, datetime.now(UTC))


def free(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=count))


def test_a_night_needs_twice_what_the_largest_brought(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    council.schedule()
    free(monkeypatch, 3000 * MB)
    assert asked(council) == {"free": 3000 * MB, "needed": room.LEAST, "months_left": None}
    grown(council, *(400_000 + n * 100 * MB for n in range(9)))
    found = asked(council)
    assert (found["needed"], found["months_left"]) == (200 * MB, 0)
    free(monkeypatch, 31_000 * MB)
    assert asked(council)["months_left"] == 10


def test_backups_on_the_same_disk_count(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 31_000 * MB)
    assert asked(council)["needed"] == room.LEAST, "today's is made"
    shutil.rmtree(council.folder / "backup")
    assert asked(council)["needed"] > room.LEAST + council.database.stat().st_size
    grown(council, *(400_000 + n * 100 * MB for n in range(9)))
    assert asked(council)["months_left"] == 0, "fourteen more copies of it"
    monkeypatch.setattr("auditor.cli.backup.same_disk", lambda _config: False)
    assert (asked(council)["needed"], asked(council)["months_left"]) == (200 * MB, 10)


def test_a_drive_that_is_not_connected_is_told(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of E: nothing at all is there; elsewhere there is always a root."""
    council.schedule(rest='[backup]\nfolder = "/nowhere/at/all"\n')
    config = load(council.folder / "schedule.toml")
    exists = Path.exists
    monkeypatch.setattr(Path, "exists", lambda path: path.is_relative_to(council.folder) and exists(path))
    with council.store() as store:
        with pytest.raises(BackupError, match="/nowhere/at/all is not there") as told:
            room.refuse_backup_without_room(config, store)
        assert str(told.value).endswith(".")
        assert room.disk(config, store, datetime.now(UTC))["free"]
    assert not same_disk(config)


def test_nothing_is_foretold_of_a_few_days_or_a_store_that_shrinks(council: Council) -> None:
    grown(council, MB, 2 * MB, 3 * MB, hours=1)
    assert asked(council)["months_left"] is None
    grown(council, *(400_000 - n * 10_000 for n in range(12)))
    assert asked(council)["months_left"] is None
    config = load(council.folder / "schedule.toml")
    assert room.disk(config, None, datetime.now(UTC))["needed"] == room.LEAST


def test_the_night_stops_before_it_begins(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    config = load(council.folder / "schedule.toml")
    with council.store() as store:
        free(monkeypatch, 60 * MB)
        with pytest.raises(StoreError, match=r"needs about 0.1 GB, and 0.1 GB are free") as caught:
            room.refuse_without_room(config, store)
        assert "Nothing was touched" in str(caught.value)
        free(monkeypatch, room.LEAST)
        room.refuse_without_room(config, store)
        free(monkeypatch, MB)
        with pytest.raises(BackupError, match="No backup was made"):
            room.refuse_backup_without_room(config, store)


@given(st.integers(0, 10**15))
def test_sizes_are_said_with_one_figure_behind_the_point(count: int) -> None:
    number, unit = room.size(count).replace(",", "").split(" ")
    assert unit in ("MB", "GB")
    assert (
        abs(float(number) * {"MB": 1e6, "GB": 1e9}[unit] - count)
        <= 0.0501 * {"MB": 1e6, "GB": 1e9}[unit] + count * 1e-9
    )


# --- a disk that really is small


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB of its own, where this user may make one."""
    place = tmp_path / "small"
    place.mkdir()
    made = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", place], capture_output=True, check=False
    )
    if not made or made.returncode:
        pytest.skip("no file system can be made here")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs")
def test_a_disk_that_fills_in_mid_night_loses_nothing(
    council: Council, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for noted in ("out", "backup"):  # there stands how long the trail of another store is
        shutil.rmtree(council.folder / noted, ignore_errors=True)
    council.schedule(rest=f'[store]\nurl = "sqlite:///{small / "auditor.db"}"\n')
    refused = council.run()
    assert (refused.status, "has too little room" in refused.sentence) == (1, True)
    monkeypatch.setattr(room, "LEAST", 0)
    config = load(council.folder / "schedule.toml")
    with locked(config):
        assert pass_over(config).ok
    for box, n in ((CLERK, 21), (TOM, 31), (IVY, 41)):
        for more in range(4):
            council.post(box, f"huge{n}-{more}", letter(os.urandom(200_000).hex(), box=box, n=100 * n + more))
    with (
        locked(config),
        pytest.raises(StoreError, match=f"The disk that holds {small / 'auditor.db'} is full") as caught,
    ):
        pass_over(config)
    assert (caught.value.exit_status, "nothing already stored is lost" in str(caught.value)) == (1, True)
    with SqliteStore(small / "auditor.db", read_only=True) as store:
        assert store.prove_sound() >= 3
        assert store.prove_trail().whole
    (council.folder / "moved").mkdir()
    for file in small.iterdir():
        shutil.copy(file, council.folder / "moved")
    for name in ("moved/auditor.db", "golden.db"):
        for noted in ("out", "backup"):
            shutil.rmtree(council.folder / noted, ignore_errors=True)
        council.schedule(rest=f'[store]\nurl = "sqlite:///{name}"\n')
        assert council.run().status == 0
    assert held(council.folder / "moved" / "auditor.db") == held(council.folder / "golden.db")


def held(path: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """Which messages a store holds, and what was found in them."""
    from auditor.store.records import Query

    with SqliteStore(path, read_only=True) as store:
        hits = sorted((hit.mailbox, hit.sha256) for hit in store.search(Query(), 1000))
        return hits, sorted(row.id for row in store.findings())


# --- whose it is to read


@posix
def test_what_others_may_read_is_closed_before_the_night(council: Council) -> None:
    backup = next((council.folder / "backup").iterdir())
    chair = council.folder / "out" / "chair"
    chair.mkdir()
    (chair / "Audit 2026-W01 Chair.xlsx").write_bytes(b"x")
    incoming = council.folder / "data" / "incoming"
    incoming.mkdir()
    ours = [council.database, Path(f"{council.database}.lock"), Path(f"{council.database}.head"), incoming]
    ours += [backup, backup / "auditor.db", backup / "manifest.json"]
    for one in (*ours, chair, *chair.iterdir()):
        one.chmod(one.stat().st_mode | 0o055)
    notes = council.folder / "data" / "notes.txt"
    notes.write_text("mine", encoding="utf-8")
    notes.chmod(0o644)
    said = council.auditor("check", "--json").json["checks"]
    told = {one["subject"] for one in said if one["check"] == "rights"}
    assert {str(one) for one in (backup, backup / "auditor.db", chair)} <= told
    assert all(one["ok"] for one in said if one["check"] == "rights")
    ran = council.run()
    assert (ran.status, ran.err) == (0, "")
    assert {one.stat().st_mode & 0o077 for one in ours} == {0}
    assert stat.S_IMODE(chair.stat().st_mode) & 0o077 == 0o050, "what its group may do is the council's own choice"
    assert stat.S_IMODE(notes.stat().st_mode) == 0o644
    assert "rights" not in {one["check"] for one in council.auditor("check", "--json").json["checks"]}


@posix
def test_a_link_is_not_followed(council: Council, tmp_path: Path) -> None:
    target = tmp_path / "target.txt"
    target.write_text("mine", encoding="utf-8")
    target.chmod(0o644)
    Path(f"{council.database}.before-v9").symlink_to(target)
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "letter.txt").touch(0o644)
    shutil.rmtree(council.database.parent / "incoming", ignore_errors=True)
    (council.database.parent / "incoming").symlink_to(tmp_path / "theirs")
    assert not list(open_to_others(load(council.folder / "schedule.toml")))
    (council.database.parent / "incoming").unlink()
    assert council.run().status == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o644


@posix
def test_a_secret_that_others_can_read_is_told_and_not_closed_quietly(council: Council) -> None:
    secret = council.folder / "chair.txt"
    secret.write_text("x", encoding="utf-8")
    secret.chmod(0o644)
    council.schedule(rest='[notify]\nsmtp_user = "env:U"\nsmtp_password = "file:chair.txt"\n')
    said = council.auditor("check", "--json").json["checks"]
    [found] = [one for one in said if one["check"] == "rights"]
    assert "chmod 600" in found["detail"]
    council.run()
    assert stat.S_IMODE(secret.stat().st_mode) == 0o644


@posix
def test_the_secrets_of_the_service_are_secrets_too(council: Council) -> None:
    assert council.auditor("serve", "install", "--systemd").status == 0
    environment = council.folder / "service" / "environment"
    environment.write_text("STOW_KEY=x\n", encoding="utf-8")
    environment.chmod(0o644)
    said = council.auditor("check", "--json").json["checks"]
    assert [one["subject"] for one in said if one["check"] == "rights"] == [str(environment)]
    assert str(environment) in council.run().sentence
    environment.chmod(0o600)
    assert council.run().err == ""


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only a superuser has files of others' about")
def test_what_is_somebody_else_s_is_told(council: Council) -> None:
    backup = next((council.folder / "backup").iterdir())
    (backup / "auditor.db").chmod(0o644)
    os.chown(backup / "auditor.db", 4711, 4711)
    said = council.auditor("check", "--json").json["checks"]
    [found] = [one for one in said if one["check"] == "rights"]
    assert "this user cannot close it" in found["detail"]


# --- encrypted and plain, as a person does it

KEYED = '[store]\nkey = "env:STOW_KEY"\n'
ENV = {"STOW_KEY": "0f" * 32}


def test_a_store_is_encrypted_and_made_plain_again(council: Council) -> None:
    golden = dump(council.database)
    unset = council.auditor("store", "encrypt")
    assert (unset.status, "names no key" in unset.sentence) == (2, True)
    council.schedule(rest=KEYED)
    before = council.database.read_bytes()
    for command in (("run",), ("status",), ("report",)):
        ran = council.auditor(*command, env=ENV)
        assert (ran.status, "run 'auditor store encrypt'" in ran.sentence) == (1, True)
    assert council.database.read_bytes() == before
    ran = council.auditor("store", "encrypt", env=ENV)
    assert (ran.status, "can be read without the key" in ran.sentence) == (1, True)
    assert dump(council.database, ENV["STOW_KEY"]) == golden
    assert council.auditor("store", "encrypt", env=ENV).status == 0
    assert council.auditor("run", env=ENV).status == 0
    golden = dump(council.database, ENV["STOW_KEY"])
    still = council.auditor("store", "decrypt", "--key", "env:STOW_KEY", env=ENV)
    assert (still.status, "still names" in still.sentence) == (2, True)
    council.schedule()
    ran = council.auditor("status")
    assert (ran.status, "'auditor store decrypt --key REFERENCE'" in ran.sentence) == (1, True)
    for key, status in (("0e" * 32, 1), ("", 2), ("short", 2)):
        assert council.auditor("store", "decrypt", "--key", "env:STOW_KEY", env={"STOW_KEY": key}).status == status
    assert council.auditor("store", "decrypt", "--key", "0f" * 32).status == 2
    assert council.auditor("store", "decrypt", "--key", "env:STOW_KEY", env=ENV).status == 0
    assert dump(council.database) == golden
    assert council.auditor("store", "decrypt", "--key", "env:STOW_KEY", env=ENV).status == 0
    assert council.run().status == 0
    with council.store() as store:
        assert store.prove_trail().whole
        assert [entry.said["store"] for entry in store.trail() if entry.deed == Deed.ENCRYPTED] == [
            "encrypted",
            "plain",
        ]
