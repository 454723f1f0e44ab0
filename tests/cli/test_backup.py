"""Backups: what is in one, that it restores whole after all was lost, and that a damaged one is never restored."""

from __future__ import annotations

import json
import os
import random
import shutil
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from filelock import FileLock
from stow import BOXES, SOURCE, TOM, Council, letter, shut, stow

from auditor.config import load
from auditor.errors import BackupError
from auditor.pipeline.backups import MANIFEST, STORE, _below, folders, make, newest, read, sound, store_proved, sweep
from auditor.store.interface import Store
from auditor.store.sqlite import open_store
from auditor.store.sqlite.store import SqliteStore
from auditor.store.trail import Deed

KEY = "0f" * 32
ROOTS = '"mail"', '"other"', '"./mail/"'
BACKUP = '[backup]\nfolder = "backup"\nkeep = 3\n'


def dump(path: Path, key: str | None = None) -> dict[str, Any]:
    """Everything in a store but its trail, table by table."""
    with SqliteStore(path, key=key, read_only=True) as store:
        database = store._database
        tables = [name for (name,) in database.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        kept = [name for name in tables if name not in ("trail", "sqlite_sequence", "words")]
        return {name: sorted(map(repr, database.rows(f"SELECT * FROM {name}"))) for name in kept}  # noqa: S608


def trail(path: Path, key: str | None = None) -> list[tuple[str, str]]:
    with SqliteStore(path, key=key, read_only=True) as store:
        return [(entry.deed, entry.hash) for entry in store.trail()]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The council after two nights, with a backup of the first and one by hand after the second."""
    council = stow(tmp_path_factory.mktemp("stow"))
    council.schedule(rest=BACKUP, policy='document = "policy/policy.txt"\n')
    (council.folder / "policy" / "policy.txt").write_text("Be kind (E4).\n", encoding="utf-8")
    assert council.run().status == 0
    council.post(TOM, "gate", letter("The gate is shut.", n=5))
    council.post(TOM, "empty", b"")
    assert council.run().status == 1
    assert council.auditor("backup").status == 0
    return council.folder


@pytest.fixture
def council(nights: Path, tmp_path: Path) -> Council:
    return Council(shutil.copytree(nights, tmp_path / "stow"))


def made(council: Council) -> list[Path]:
    return folders(council.folder / "backup")


def test_a_night_makes_one_a_day(council: Council) -> None:
    second, first = made(council)
    assert (first.name.split(" run ")[1], second.name.split(" run ")[1]) == ("1", "2")
    assert council.run().status == 0
    assert made(council) == [second, first], "the day has one"
    shutil.rmtree(second)
    council.run()
    assert len(made(council)) == 2, "a backup that is gone is none"


def test_what_is_in_it(council: Council) -> None:
    backup = newest(council.folder / "backup")
    assert backup is not None
    names = {"schedule.toml", "policy/policy.txt", "policy/signatures/full.txt", "policy/waivers/full.txt"}
    assert backup.manifest.files.keys() == names | {"auditor.db"}
    for name in names:
        assert (backup.folder / name).read_bytes() == (council.folder / name).read_bytes()
    assert dump(backup.folder / "auditor.db") == dump(council.database)
    manifest = backup.manifest
    assert (manifest.run, manifest.messages, manifest.searchable, manifest.encrypted) == (2, 4, 4, False)
    entries = trail(council.database)
    assert entries[manifest.trail_length - 1][1] == manifest.trail_head
    assert entries[manifest.trail_length][0] == Deed.BACKED_UP, "a copy ends just before its own entry"
    with council.store() as store:
        last = store.last_deed(Deed.BACKED_UP)
        assert last is not None
        assert last.said["backup"] == backup.name


@pytest.mark.skipif(os.name == "nt", reason="rights are other there")
def test_it_is_readable_by_its_owner_alone(council: Council) -> None:
    place = council.folder / "backup"
    found = [place, *place.rglob("*")]
    assert {stat.S_IMODE(one.stat().st_mode) for one in found if one.is_dir()} == {0o700}
    assert {stat.S_IMODE(one.stat().st_mode) for one in found if one.is_file()} == {0o600}


def test_the_drill(council: Council, tmp_path: Path) -> None:
    golden, entries = dump(council.database), trail(council.database)
    listed = council.auditor("status", "--json").json
    shutil.copytree(council.folder / "backup", tmp_path / "usb")
    shutil.copytree(council.folder / "mail", tmp_path / "mail")
    shutil.rmtree(council.folder)
    council.folder.mkdir()
    new = Council(tmp_path / "new place")
    ran = council.auditor("restore", tmp_path / "usb", "--into", new.folder)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[-1] == f'Now run: auditor --config "{new.folder / "schedule.toml"}" check'
    # before anything opens it: no log of another store can be laid over it
    assert {one.name for one in (new.folder / "data").iterdir()} == {"auditor.db", "auditor.db.head"}
    assert dump(new.database) == golden
    restored = trail(new.database)
    assert restored[:-1] == entries[: len(restored) - 1]
    assert restored[-1][0] == Deed.RESTORED
    assert {one.name for one in new.folder.iterdir()} == {"schedule.toml", "policy", "data"}
    if os.name == "posix":
        assert {one.stat().st_mode & 0o077 for one in new.folder.rglob("*")} == {0}
    shutil.move(tmp_path / "mail", new.folder / "mail")
    assert new.auditor("check").status == 0
    night = new.run()
    assert night.status == 0
    assert {(box["new"], box["removed"]) for box in night.json["mailboxes"]} == {(0, 0)}
    assert night.json["workbook"] is None, "the week's is in the ledger"
    after = new.auditor("status", "--json").json
    assert after["mailboxes"] == [
        box | {"last_complete": now["last_complete"]}
        for box, now in zip(listed["mailboxes"], after["mailboxes"], strict=True)
    ]
    with new.store() as store:
        assert store.prove_trail().whole
    assert len(made(new)) == 1


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut short": lambda path: os.truncate(path, path.stat().st_size // 2),
    "flipped": lambda path: path.write_bytes(flipped(path.read_bytes())),
    "missing": lambda path: path.unlink(),
    "emptied": lambda path: path.write_bytes(b""),
}


def flipped(data: bytes) -> bytes:
    at = random.Random(len(data)).randrange(len(data))
    return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]


@pytest.mark.parametrize("name", ["auditor.db", "schedule.toml", "policy/waivers/full.txt", MANIFEST])
@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_one_is_refused_and_an_older_one_offered(nights: Path, tmp_path: Path, name: str, how: str) -> None:
    place = tmp_path / "backup"
    shutil.copytree(nights / "backup", place)
    second, first = folders(place)
    DAMAGES[how](second / name)
    alone = restore_in(tmp_path, second, tmp_path / "a")
    assert alone[0] == 1
    assert f"'{first}' is sound: restore that one." in alone[1]
    assert name in alone[1]
    assert not (tmp_path / "a").exists()
    status, said = restore_in(tmp_path, place, tmp_path / "b")
    assert status == 1
    assert said.endswith("The next older one was taken.")
    with SqliteStore(tmp_path / "b" / "data" / "auditor.db", read_only=True) as store:
        assert store.facts().messages == 3
    DAMAGES["missing"](first / "schedule.toml")
    assert "None of the 2 backups" in restore_in(tmp_path, place, tmp_path / "c")[1]
    assert not (tmp_path / "c").exists()


def restore_in(folder: Path, source: Path, into: Path) -> tuple[int, str]:
    """The command without a process of its own: its status, and its sentence."""
    from click.testing import CliRunner

    from auditor.cli.restore import restore

    done = CliRunner().invoke(restore, [str(source), "--into", str(into)], standalone_mode=False)
    if done.exception is not None:
        assert isinstance(done.exception, BackupError), done.exception
        return done.exception.exit_status, str(done.exception)
    return done.return_value, done.stderr.strip()


def test_a_manifest_that_was_altered_is_refused_even_where_it_still_fits(council: Council) -> None:
    folder = made(council)[0]
    document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    document["messages"] = 3
    (folder / MANIFEST).write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(BackupError, match="is not as it was written"):
        read(folder)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("messages", 2, "instead of 2"), ("searchable", 2, "holds"), ("trail_head", "ab" * 32, "another audit trail")],
)
def test_a_copy_that_is_another_store_s_is_found(council: Council, field: str, value: Any, said: str) -> None:
    manifest = read(made(council)[0]).manifest
    with open_store(f"sqlite:///{made(council)[0] / STORE}", read_only=True) as store:
        assert store_proved(store, manifest).whole
        with pytest.raises(BackupError, match=said):
            store_proved(store, msgspec.structs.replace(manifest, **{field: value}))


def test_what_somebody_else_does_meanwhile_spoils_no_backup(council: Council) -> None:
    """A search, a hold or a dossier waits for no lock: its entry may come between the head and the copy."""

    class Busy(SqliteStore):
        def backup(self, to: Path) -> None:
            self.record(Deed.LOOKED, "somebody", datetime.now(UTC), {})
            super().backup(to)

    def opened(path: Path) -> Store:
        return SqliteStore(path, read_only=True)

    place = council.folder / "backup"
    with Busy(council.database) as store:
        done = make(load(council.folder / "schedule.toml"), store, opened, place, 3, datetime.now(UTC))
        assert (done.proof.whole, done.backup.manifest.head) == (True, store.head())


@pytest.mark.parametrize(
    "spoilt", [b"[" * 100_000, b'{"sha256": ' + b"9" * 5000 + b"}", b" " * 5_000_000, b"\xff", b"[]", b"{}"]
)
def test_a_hostile_manifest_is_a_damaged_one(council: Council, spoilt: bytes) -> None:
    newer, older = made(council)
    (newer / MANIFEST).write_bytes(spoilt)
    with pytest.raises(BackupError, match="is damaged"):
        read(newer)
    found = newest(council.folder / "backup")
    assert found is not None
    assert found.folder == older


@pytest.mark.skipif(os.name == "nt", reason="links are other there")
def test_no_link_in_a_backup_is_followed(council: Council, tmp_path: Path) -> None:
    newer, older = made(council)
    outside = shutil.copytree(newer / "policy", tmp_path / "policy")
    shutil.rmtree(newer / "policy")
    (newer / "policy").symlink_to(outside)
    (newer / "mine.txt").write_text("put here by somebody", encoding="utf-8")
    assert [one.folder for one in sound(council.folder / "backup")] == [older]
    assert "is not as it was written" in council.auditor("restore", newer, "--into", "new").sentence
    for _ in range(3):
        assert council.auditor("backup").status == 0
    assert not (newer / MANIFEST).exists(), "its turn to go came"
    assert [one.name for one in outside.rglob("*.txt")], "what the link leads to stays"


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", ""])
def test_no_file_of_a_manifest_leads_out_of_its_folder(name: str) -> None:
    assert not _below(name)
    assert _below("policy/a..b/full.txt")


def test_nothing_is_restored_over_anything(council: Council) -> None:
    (council.folder / "new").mkdir()
    (council.folder / "new" / "letter.txt").write_text("mine", encoding="utf-8")
    ran = council.auditor("restore", "backup", "--into", "new")
    assert (ran.status, "is not empty" in ran.sentence) == (2, True)
    assert [one.name for one in (council.folder / "new").iterdir()] == ["letter.txt"]
    assert council.auditor("restore", "data", "--into", "other").status == 1
    assert council.auditor("restore", "nowhere", "--into", "other").status == 2
    assert not (council.folder / "other").exists()


def test_a_store_that_lay_elsewhere_goes_into_data_and_says_so(council: Council, tmp_path: Path) -> None:
    wordings = shutil.copytree(council.folder / "policy" / "waivers", tmp_path / "wordings")
    council.schedule(
        rest=f'[store]\nurl = "sqlite:///{tmp_path / "far" / "mail.db"}"\n{BACKUP}', policy=f"waivers = '{wordings}'\n"
    )
    assert council.run().status in (0, 1)
    ran = council.auditor("restore", "backup", "--into", "new")
    assert ran.status == 1
    store, files = ran.err.splitlines()
    assert 'set url = "sqlite:///data/auditor.db" in [store].' in store
    assert str(wordings / "full.txt") in files
    assert (council.folder / "new" / "outside" / "2" / "full.txt").is_file()
    assert (council.folder / "new" / "data" / "auditor.db").is_file()


def test_an_encrypted_store_needs_its_key(council: Council, tmp_path: Path) -> None:
    council.schedule(rest=f'[store]\nurl = "sqlite:///data/sealed.db"\nkey = "env:STOW_KEY"\n{BACKUP}')
    assert council.auditor("run", env={"STOW_KEY": KEY}).status == 1
    backup = newest(council.folder / "backup")
    assert backup is not None
    assert backup.manifest.encrypted
    assert KEY not in "".join(path.read_text("latin-1") for path in backup.folder.rglob("*") if path.is_file())
    none = council.auditor("restore", "backup", "--into", "new")
    assert (none.status, "STOW_KEY" in none.sentence) == (2, True)
    wrong = council.auditor("restore", "backup", "--into", "new", env={"STOW_KEY": "0e" * 32})
    assert (wrong.status, "is not the one that" in wrong.sentence) == (2, True)
    assert not (council.folder / "new").exists()
    (tmp_path / "key").write_text(KEY, encoding="utf-8")
    (tmp_path / "key").chmod(0o600)
    assert council.auditor("restore", "backup", "--into", "new", "--key", f"file:{tmp_path / 'key'}").status == 0
    assert dump(council.folder / "new" / "data" / "sealed.db", KEY) == dump(council.folder / "data" / "sealed.db", KEY)


def test_the_trail_s_key_is_asked_for_and_no_entry_is_forged_without_it(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.schedule(rest=f'[audit]\nkey = "env:TRAIL"\n{BACKUP}')
    env = {"TRAIL": "a long sentence that nobody guesses"}
    assert council.auditor("run", env=env).status == 0
    ran = council.auditor("restore", "backup", "--into", "bare")
    assert (ran.status, "env:TRAIL" in ran.sentence) == (1, True)
    assert council.auditor("restore", "backup", "--into", "whole", env=env).status == 0
    for name, last in (("bare", Deed.VERIFIED), ("whole", Deed.RESTORED)):
        path = tmp_path / name / "data" / "auditor.db"
        with open_store(f"sqlite:///{path}", trail_key=env["TRAIL"].encode(), read_only=True) as store:
            proof = store.prove_trail()
            assert (proof.whole, proof.unproved) == (True, 0)
            assert [entry.deed for entry in store.trail()][-1] == last


def test_only_the_newest_stay_and_nothing_that_is_not_ours_goes(council: Council) -> None:
    place = council.folder / "backup"
    second, first = made(council)
    (place / "2020-01-01 0215 run 1").mkdir()
    (place / "2020-01-01 0215 run 1" / "notes.txt").write_text("mine", encoding="utf-8")
    (place / "holiday").mkdir()
    (first / "notes.txt").write_text("mine", encoding="utf-8")
    (place / "2099-01-01 0000 run 9").mkdir()
    shutil.copytree(second, place / "2098-01-01 0000 run 9")  # by a clock that was wrong
    for _ in range(2):
        ran = council.auditor("backup")
        assert ran.status == 0
    left = {one.name for one in place.iterdir()}
    assert {"2020-01-01 0215 run 1", "holiday", "2099-01-01 0000 run 9", first.name} <= left
    assert [one.name for one in first.rglob("*") if one.is_file()] == ["notes.txt"]
    assert [one for one in left if one.endswith("unfinished")] == []
    assert f"Taken away, as [backup] keep says: {second.name}" in ran.out
    assert council.auditor("restore", ran.out.split(",")[0].removeprefix("Backup: "), "--into", "new").status == 0


def test_the_only_sound_one_stays_when_a_new_one_cannot_be_made(council: Council) -> None:
    council.schedule(rest=BACKUP.replace("3", "1"))
    before = made(council)
    with SqliteStore(council.database) as store:
        store._database.run("UPDATE evidence SET data = substr(data, 1, length(data) - 3) || x'000000' WHERE id = 1")
    ran = council.auditor("backup")
    assert (ran.status, "is not sound, and was taken away" in ran.sentence) == (1, True)
    assert made(council) == before
    assert council.auditor("restore", before[0], "--into", "new").status == 0


def test_what_a_kill_left_is_swept_and_what_a_stranger_left_is_not(council: Council) -> None:
    place = council.folder / "backup"
    for name in ("2026-01-01 0215 run 1.unfinished", "thesis.unfinished"):
        (place / name / "deep").mkdir(parents=True)
    sweep(place)
    assert {one.name for one in place.iterdir() if one.name.endswith("unfinished")} == {"thesis.unfinished"}


def test_a_folder_that_cannot_be_written_costs_the_backup_only(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.schedule(rest=BACKUP)
    (tmp_path / "backup").write_text("no folder", encoding="utf-8")
    ran = council.run()
    assert (ran.status, ran.json["ok"]) == (1, False)
    assert {box["status"] for box in ran.json["mailboxes"]} == {"complete"}
    assert "The backup folder" in ran.sentence
    checked = council.auditor("check", "--json").json["checks"]
    assert [one["check"] for one in checked if not one["ok"]] == ["backup"]
    (tmp_path / "backup").unlink()
    assert council.run().status == 0
    assert len(made(council)) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="the superuser may write anywhere")
def test_a_folder_without_rights_is_one_sentence(council: Council) -> None:
    with shut(council.folder / "backup"):
        ran = council.auditor("backup", mortal=True)
    assert (ran.status, "cannot be written" in ran.sentence) == (1, True)


@pytest.mark.skipif(sys.platform != "linux", reason="the superuser may write anywhere")
def test_a_place_that_cannot_be_written_is_named_as_such(council: Council, tmp_path: Path) -> None:
    council.auditor("backup")
    (tmp_path / "shut").mkdir(mode=0o500)
    ran = council.auditor("restore", "backup", "--into", tmp_path / "shut" / "new", mortal=True)
    where = tmp_path / "shut" / "new"
    assert ran.status == 1
    assert (
        ran.sentence
        == f"The folder {where} cannot be written (Permission denied): give this user the right, or name another."
    )


def test_two_at_once_and_nothing_to_back_up(council: Council, tmp_path: Path) -> None:
    with FileLock(f"{council.database}.lock"):
        assert council.auditor("backup").status == 3
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    assert stow(fresh).auditor("backup").status == 2


def test_without_a_table_no_night_makes_one(tmp_path: Path) -> None:
    council = stow(tmp_path)
    assert council.run().status == 0
    assert not (tmp_path / "backup").exists()
    assert council.auditor("backup").status == 0
    assert len(made(council)) == 1


def test_the_same_disk_is_said_by_check(council: Council) -> None:
    checks = council.auditor("check", "--json").json["checks"]
    [found] = [one for one in checks if one["check"] == "backup"]
    assert (found["ok"], "on the disk that holds the store" in found["detail"]) == (True, True)
    assert "another disk" in found["mend"]


def test_a_folder_of_messages_is_untouched_by_all_of_it(council: Council) -> None:
    before = {path: path.read_bytes() for path in (council.folder / "mail").rglob("*") if path.is_file()}
    council.auditor("backup")
    council.auditor("restore", "backup", "--into", "new")
    assert {path: path.read_bytes() for path in (council.folder / "mail").rglob("*") if path.is_file()} == before


def test_mail_files_are_said_to_be_in_no_backup(council: Council) -> None:
    each = (f'{SOURCE}mailboxes = ["{box}"]\n'.replace('"mail"', root) for box, root in zip(BOXES, ROOTS, strict=True))
    council.schedule(sources="".join(each), rest=BACKUP)
    assert council.auditor("backup").status == 0
    ran = council.auditor("restore", "backup", "--into", "away/../new")
    mail, other = council.folder / "new" / "mail", council.folder / "new" / "other"
    assert f"put the mailboxes back into {mail}, {other}." in ran.out, "a folder for several mailboxes is said once"
    assert ".." not in ran.out
