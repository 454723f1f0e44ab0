"""`auditor verify`: what is whole is called whole, and each kind of damage is named and left as it is."""

from __future__ import annotations

import io
import json
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import killing
import pytest
import spoiling
from changes import replace
from click.testing import CliRunner
from copies import copy
from openpyxl import Workbook
from sqlcipher3 import dbapi2 as sqlite
from stow import CLERK, SEALED, TOM, Council, Ran, letter, stow

from auditor.cli import auditor
from auditor.cli.progress import Ticker
from auditor.cli.verify import proved
from auditor.cli.weekly_proof import BOOKS, SMALL, WEEKS, books_of, prove_weekly, share_of
from auditor.cli.workplace import locked, open_the_store
from auditor.config import load
from auditor.errors import AuditorError
from auditor.pipeline import guard
from auditor.pipeline.night import NightResult
from auditor.pipeline.reading import pack, unpack
from auditor.store.sqlite import examining
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.evidence import Shelf
from auditor.store.sqlite.store import SqliteStore
from auditor.store.trail import Deed, Entry, Head

Spoil = Callable[[Any], object]


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    council = stow(tmp_path_factory.mktemp("stow"))
    council.schedule(rest='[backup]\nfolder = "backup"\n')
    council.post(TOM, "sealed", SEALED)
    council.post(TOM, "long", letter("The hedge is long. " * 9000, n=7))
    council.post(
        TOM, "quoted", letter("Who is <o'brien@x.example>? £1,250.00 at the Café; 日本.", to=["o'brien@x.example"], n=8)
    )
    council.post(CLERK, "again", letter("The bench is mended.", n=2))
    assert council.run().status == 0
    return council.folder


@pytest.fixture
def council(first_night: Path, tmp_path: Path) -> Council:
    """The council after its first night."""
    return Council(shutil.copytree(first_night, tmp_path / "stow"))


@contextmanager
def unguarded(council: Council) -> Iterator[Any]:
    """The file as somebody has it who does not use this program."""
    with closing(sqlite.connect(council.database)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, made in triggers:
            connection.execute(made)
        connection.commit()


def wrong(ran: Ran) -> dict[str, str]:
    """The checks that failed, and what they say."""
    return {row["check"]: row["detail"] for row in ran.json["checks"] if not row["ok"]}


def test_a_whole_store_is_called_whole_and_that_is_recorded(council: Council) -> None:
    before = council.auditor("status", "--json").json["audit_trail"]["length"]
    ran = council.auditor("verify", "--json")
    assert (ran.status, ran.err, ran.json["ok"]) == (0, "", True)
    assert [row["check"] for row in ran.json["checks"]] == [
        "file", "evidence", "readings", "index", "structure", "audit trail",
    ]  # fmt: skip
    figures = {row["check"]: row["checked"] for row in ran.json["checks"]}
    assert (figures["evidence"], figures["readings"], figures["index"]) == (6, 6, 7)
    assert ran.json["audit_trail"]["anchors"] == 2, "the night's backup and its workbook"
    with council.store() as store:
        newest = store.last_deed(Deed.VERIFIED)
        assert newest is not None
        assert (newest.number, newest.said["ok"]) == (before + 1, True)
    assert "each matches its hash" in council.auditor("verify").out


def test_an_encrypted_store_is_proved_too(tmp_path: Path) -> None:
    council, env = stow(tmp_path), {"STOW_KEY": "ab" * 32}
    council.schedule(rest='[store]\nkey = "env:STOW_KEY"\n')
    assert council.auditor("run", env=env).status == 0
    assert council.auditor("verify", env=env).status == 0
    spoiling.flip(council.database, random.Random(3))
    assert council.auditor("verify", env=env).status == 1


def _execute(sql: str) -> Spoil:
    return lambda connection: connection.execute(sql)


def _data(connection: Any) -> None:
    number, data = connection.execute("SELECT id, data FROM evidence WHERE size > 100000").fetchone()
    connection.execute(
        "UPDATE evidence SET data = ? WHERE id = ?", (data[:60] + bytes([data[60] ^ 1]) + data[61:], number)
    )


def _verdict(connection: Any) -> None:
    connection.execute("UPDATE verdicts SET said = CAST(said || x'00' AS BLOB)")


@pytest.mark.parametrize(
    ("spoil", "check"),
    [
        (_data, "evidence"),
        (_execute("UPDATE evidence SET sha256 = zeroblob(32) WHERE id = 1"), "evidence"),
        (_execute("UPDATE evidence SET packed_size = packed_size - 1 WHERE id = 1"), "readings"),
        (_execute("UPDATE holdings SET subject = subject || '.' WHERE id = (SELECT max(id) FROM holdings)"), "readings"),
        (_execute("UPDATE holdings SET sent = sent + 1"), "readings"),
        (_execute("UPDATE holdings SET mid = mid + 1"), "readings"),
        (_execute("UPDATE senders SET name = name || 'x'"), "readings"),
        (_execute("UPDATE post SET people = x'00'"), "readings"),
        (_execute("DELETE FROM flaws"), "readings"),
        (_execute("INSERT INTO words (rowid, body) VALUES (77, 'rhubarb')"), "index"),
        (_execute("INSERT OR REPLACE INTO words (rowid, body) SELECT max(id), 'rhubarb' FROM holdings"), "index"),
        (_execute("DELETE FROM words WHERE rowid = (SELECT max(id) FROM holdings)"), "index"),
        (_execute("INSERT INTO findings VALUES (x'00', 1, 999, 999, 1, NULL, 0)"), "structure"),
        (_execute("INSERT INTO decisions VALUES (1, x'00', 1, 'Breach', '', 0)"), "structure"),
        (_execute("DROP INDEX decisions_finding"), "structure"),
        (_verdict, "structure"),
        (_execute("UPDATE mailboxes SET counted = counted + 1"), "structure"),
        (_execute("UPDATE nights SET findings = findings + 1"), "structure"),
        (_execute("UPDATE trail SET who = 'nobody' WHERE number = 2"), "audit trail"),
        (_execute("DELETE FROM trail WHERE number = (SELECT max(number) FROM trail)"), "audit trail"),
    ],
)  # fmt: skip
def test_what_is_changed_is_found_where_it_is(council: Council, spoil: Spoil, check: str) -> None:
    with unguarded(council) as connection:
        spoil(connection)
    ran = council.auditor("verify", "--json")
    assert ran.status == 1
    assert check in wrong(ran)
    assert ran.json["ok"] is False
    assert "Nothing in the mailboxes is affected." in ran.err
    assert "Traceback" not in ran.err


def test_altered_and_cut_off_are_told_apart(council: Council) -> None:
    with unguarded(council) as connection:
        connection.execute("UPDATE trail SET about = '{}' WHERE number = 1")
    said = council.auditor("verify", "--json").json["audit_trail"]
    assert (said["altered"], said["missing"]) == (1, 0)
    with unguarded(council) as connection:
        connection.execute("DELETE FROM trail WHERE number > 1")
    said = council.auditor("verify", "--json").json["audit_trail"]
    assert said["missing"] > 0


def _backup(council: Council, name: str, length: int, head: str) -> Path:
    made = datetime.strptime(name[:15], "%Y-%m-%d %H%M").replace(tzinfo=UTC)
    return copy(council.folder / "backup" / name, made, council.database.read_bytes(), Head(length, head))


def test_the_trail_is_held_against_backups_and_workbooks(council: Council) -> None:
    with council.store() as store:
        head = store.head()
    own = council.auditor("verify", "--json").json["audit_trail"]
    assert (own["anchors"], own["unreadable"]) == (2, []), "the night's own backup and its workbook"
    shutil.rmtree(council.folder / "backup")
    _backup(council, "2026-11-20 0215 run 1", head.length, head.hash)
    sound = council.auditor("verify", "--json")
    assert (sound.status, sound.json["audit_trail"]["anchors"]) == (0, 2)
    older = _backup(council, "2026-11-21 0215 run 2", head.length, "ab" * 32)
    other = council.auditor("verify", "--json")
    assert other.json["audit_trail"]["unlike"] == [older.name]
    # The newest whose file is as its manifest says is the one to restore.
    (older / "auditor.db").write_bytes(b"spoilt")
    assert "run 1'" in council.auditor("verify").err
    shutil.rmtree(older)
    (council.folder / "backup" / "2026-11-21 0215 run 2.unfinished").mkdir()
    book = Workbook()
    book.active["A60"] = f"Written today. Audit trail: entry 9,999, {'cd' * 32}."
    book.save(council.folder / "out" / "Audit 2026-W01.xlsx")
    (council.folder / "out" / "Audit 2026-W02.xlsx").write_bytes(b"PK no workbook")
    ran = council.auditor("verify", "--json")
    assert ran.json["audit_trail"]["missing"] > 9000
    assert ran.json["audit_trail"]["unreadable"] == ["Audit 2026-W02.xlsx"]
    assert "Not read" in ran.err
    assert "Audit 2026-W02.xlsx" in ran.err


def test_what_an_earlier_version_read_is_a_figure_and_no_damage(council: Council) -> None:
    with unguarded(council) as connection:
        connection.execute("UPDATE readers SET version = 'of last year'")
    database = Database(council.database)
    shelf = Shelf(database)
    size, packed_size, data = database.row("SELECT size, packed_size, data FROM evidence WHERE id = 2") or (0, 0, b"")
    packed, note = shelf.reading(size, packed_size, None, data)
    record = unpack(packed)
    packed = pack(replace(record, mail=replace(record.mail, subject="read otherwise")))
    database.run(
        "UPDATE evidence SET packed_size = ?, reading = ? WHERE id = 2",
        (len(packed), shelf.store_reading(packed, note)),
    )
    database.close()
    ran = council.auditor("verify", "--json")
    assert ran.status == 0, ran.err
    [row] = [row for row in ran.json["checks"] if row["check"] == "readings"]
    assert "1 were read by an earlier version" in row["detail"]


def test_another_run_at_work_is_named(council: Council) -> None:
    with locked(load(council.folder / "schedule.toml")):
        ran = council.auditor("verify")
    assert ran.status == 3
    assert "Another run is at work" in ran.sentence


def test_nothing_is_written_to_a_large_store_that_is_damaged(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large one is not gone through before each writing: here verify itself must not write."""
    monkeypatch.setattr(guard, "Guard", killing.Inline)
    monkeypatch.setattr(examining, "SMALL", 0)
    spoiling.spoil(council.database)
    before = council.database.read_bytes()
    ran = CliRunner().invoke(
        auditor, ["--config", str(council.folder / "schedule.toml"), "verify"], standalone_mode=False
    )
    assert (ran.return_value, "is damaged: keep the file as it is" in ran.stderr) == (1, True)
    assert council.database.read_bytes() == before
    log = council.database.with_name("auditor.db-wal")  # whoever reads leaves an empty one
    assert not (log.exists() and log.stat().st_size)


def test_every_flip_is_found_or_changes_no_answer(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "Guard", killing.Inline)
    config = load(council.folder / "schedule.toml")
    sound, before = council.database.read_bytes(), spoiling.dump(council.database)
    assert before is not None
    found = 0
    for seed in range(25):
        spoiling.flip_written(council.database, random.Random(seed))
        try:
            with open_the_store(config, read_only=True) as store:
                content = all(check.ok for check in proved(config, store, Ticker(io.StringIO()))[0])
        except AuditorError:
            content = False
        assert not content or spoiling.dump(council.database) == before, (
            f"seed {seed} changed an answer and was not found"
        )
        found += not content
        council.database.write_bytes(sound)
    assert found >= 5, "the flips fell on nothing that matters"


def _result(at: datetime) -> NightResult:
    return NightResult(1, at, at, True, (), ())


def test_a_night_proves_a_share_once_a_week(council: Council) -> None:
    config = load(council.folder / "schedule.toml")
    now = datetime.now(UTC)
    with locked(config), SqliteStore(council.database) as store:
        newest = store.last_deed(Deed.VERIFIED)
        assert newest is not None
        assert (newest.said["week"], newest.said["evidence"]) == (True, [6, 0])
        assert list(prove_weekly(config, store, _result(now + timedelta(days=6)), lambda: now)) == []
        assert store.last_deed(Deed.VERIFIED) == newest
    with unguarded(council) as connection:
        _data(connection)
    with locked(config), SqliteStore(council.database) as store:
        [said] = prove_weekly(config, store, _result(now + timedelta(days=8)), lambda: now)
        assert "1 of 6 messages are damaged" in said
        # and every night from now on
        assert len(list(prove_weekly(config, store, _result(now), lambda: now))) == 1


def _verified(**said: object) -> Entry:
    return Entry(1, datetime(2026, 11, 26, tzinfo=UTC), "ann", "verified", json.dumps(said), False, "00")


def test_every_message_has_its_turn_within_twelve_weeks() -> None:
    last, seen, newest = SMALL * 5, set[int](), None
    for _ in range(12):
        share = share_of(last, newest)
        seen.update(range(share.first, share.last + 1))
        newest = _verified(upto=share.last, ok=True)
    assert seen == set(range(1, last + 1))
    assert WEEKS < 12


def test_where_something_was_damaged_all_is_looked_at_until_it_is_mended() -> None:
    last, books = SMALL * 5, [Path(f"Audit {n:03}.xlsx") for n in range(100)]
    damaged = _verified(**{"from": 101, "upto": 200, "book": books[20].name, "ok": False})
    share = share_of(last, damaged)
    assert (share.first, share.last) == (1, last)
    assert books_of(books, damaged)[0] == books


def test_a_week_opens_few_workbooks_and_each_has_its_turn() -> None:
    books, opened, newest = [Path(f"Audit {n:03}.xlsx") for n in range(100)], list[Path](), None
    for _ in range(-(-(len(books) - BOOKS) // BOOKS)):
        turn, upto = books_of(books, newest)
        assert len(turn) <= 2 * BOOKS
        assert turn[-BOOKS:] == books[-BOOKS:], "the newest every week"
        opened += turn[:-BOOKS]
        newest = _verified(book=upto, ok=True)
    assert opened == books[:-BOOKS]
    assert books_of(books, newest)[0][0] == books[0], "and so on"
    for few in ([], books[:1], books[:BOOKS]):
        assert books_of(few, newest)[0] == few


def test_a_night_opens_few_workbooks_and_verify_all(council: Council) -> None:
    config, now = load(council.folder / "schedule.toml"), datetime.now(UTC)
    book = Workbook()
    book.active["A60"] = f"Audit trail: entry 1, {'cd' * 32}."
    book.save(council.folder / "out" / "Audit 2020-W09.xlsx")
    for n in range(10, 10 + 2 * BOOKS):
        (council.folder / "out" / f"Audit 2020-W{n}.xlsx").write_bytes(b"PK no workbook")

    def week(number: int) -> list[str]:
        return list(prove_weekly(config, store, _result(now + timedelta(weeks=number)), lambda: now))

    with locked(config), SqliteStore(council.database) as store:
        for number in (1, 1):  # and again the next night
            [said] = week(number)
            assert "'Audit 2020-W09.xlsx'" in said
        (council.folder / "out" / "Audit 2020-W09.xlsx").unlink()
        assert week(1) == week(2) == []
        book.save(council.folder / "out" / "Audit 2020-W09.xlsx")
        assert week(3) == [], "it is the turn of others"
    ran = council.auditor("verify", "--json")
    assert ran.json["audit_trail"]["unlike"] == ["Audit 2020-W09.xlsx"]
    assert len(ran.json["audit_trail"]["unreadable"]) == 2 * BOOKS
