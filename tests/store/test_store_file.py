"""The file itself: whose it is, how it is written, what is said when it cannot be used."""

from __future__ import annotations

import os
import pickle
import sqlite3
import stat
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from changes import replace
from letters import CLERK, STARTED, letter, missed, page

from auditor.errors import StoreError
from auditor.store.records import Query
from auditor.store.sqlite import evidence, open_store, sqlite_path
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.migrations import STEPS, Step, bring_up_to_date
from auditor.store.sqlite.placement import filesystem_of, journal_mode
from auditor.store.sqlite.schema import HOUR_BITS
from auditor.store.sqlite.store import SqliteStore

KEY = "0123456789abcdef" * 4
posix = pytest.mark.skipif(os.name == "nt", reason="rights are other there")


def filled(path: Path, key: str | None = None) -> Path:
    """A store with one letter in it."""
    with SqliteStore(path, key=key) as store:
        store.commit(page(store.begin_run(STARTED, "0.1"), letter(body="The word is rhubarb."), cursor="1"))
    return path


def refusal(path: Path, **how: object) -> str:
    """The one sentence with which opening is refused."""
    with pytest.raises(StoreError) as caught:
        open_store(f"sqlite:///{path}", **how)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///data/auditor.db", "data/auditor.db"),
        ("sqlite:////srv/auditor.db", "/srv/auditor.db"),
        ("sqlite:///C:/Council/auditor.db", "C:/Council/auditor.db"),
        ("sqlite:///", None),
        ("postgresql+psycopg://auditor:secret@db/auditor", None),
    ],
)
def test_a_url_names_a_file(url: str, path: str | None) -> None:
    assert sqlite_path(url) == (None if path is None else Path(path))


def test_another_engines_url_is_refused_without_its_password() -> None:
    with pytest.raises(StoreError, match="is not sqlite:///PATH") as caught:
        open_store("postgresql+psycopg://auditor:rhubarb@db/auditor")
    assert "rhubarb" not in str(caught.value)


def test_a_folder_or_an_empty_file_is_no_store_to_look_at(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)
    assert "is a folder" in refusal(tmp_path, read_only=True)
    (tmp_path / "a.db").touch()
    assert "There is no store" in refusal(tmp_path / "a.db", read_only=True)


@pytest.mark.parametrize("mode", ["wal", "truncate"])
def test_who_compares_does_not_keep_the_other_from_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr("auditor.store.sqlite.database.journal_mode", lambda *_: mode)
    opener = pickle.dumps(SqliteStore(tmp_path / "a.db").opener())
    with SqliteStore(tmp_path / "a.db") as reads, pickle.loads(opener)(patience=0.1) as writes:  # noqa: S301
        run = reads.begin_run(STARTED, "0.1")
        reads.commit(page(run, *(letter(f"sent/{n}.eml") for n in range(9))))
        ids = reads.held("files", CLERK).ids()
        assert next(ids) in {f"sent/{n}.eml" for n in range(9)}
        assert writes.commit(page(run, letter("sent/9.eml"))).new == 1
        assert len(list(ids)) == 8
        assert reads.facts().messages == 10


def test_the_mode_is_really_set(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db")
    expected = journal_mode(str(tmp_path), filesystem_of(tmp_path), (3, 53, 4))
    assert database.value("PRAGMA journal_mode") == expected
    assert database.value("PRAGMA synchronous") == 2
    assert database.value("PRAGMA foreign_keys") == 1
    database.close()


@posix
def test_only_the_owner_can_read(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        path = tmp_path / "deep" / "data" / "auditor.db"
        with SqliteStore(path) as store:
            store.commit(page(store.begin_run(STARTED, "0.1"), letter()))
            files = list(path.parent.iterdir())
            assert {file.name for file in files} >= {"auditor.db"}
            assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
            store.backup(tmp_path / "deep" / "copy.db")
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "deep" / "copy.db").stat().st_mode) == 0o600


@posix
def test_a_file_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db")
    path.chmod(0o644)
    SqliteStore(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_word_can_be_read_from_an_encrypted_file(tmp_path: Path) -> None:
    filled(tmp_path / "plain.db")
    filled(tmp_path / "sealed.db", KEY)
    with SqliteStore(tmp_path / "sealed.db", key=KEY, read_only=True) as store:
        store.backup(tmp_path / "copy.db")
        assert store.count(Query(("rhubarb",))) == 1
    for name, found in (("plain.db", True), ("sealed.db", False), ("copy.db", False)):
        data = (tmp_path / name).read_bytes()
        assert (b"hubarb" in data) is found
        assert data.startswith(b"SQLite format 3") is found


def test_the_wrong_key_or_none(tmp_path: Path) -> None:
    sealed, plain = filled(tmp_path / "sealed.db", KEY), filled(tmp_path / "plain.db")
    encrypt, decrypt = "run 'auditor store encrypt'", "'auditor store decrypt --key REFERENCE'"
    cases = ((sealed, None, decrypt), (sealed, "f" * 64, "encrypted with another key"), (plain, KEY, encrypt))
    for path, key, said in cases:
        before = path.read_bytes()
        assert said in refusal(path, key=key)
        assert path.read_bytes() == before
    assert "64 hexadecimal digits" in refusal(plain, key="rhubarb")
    assert "64 hexadecimal digits" in refusal(plain, key="a'; DROP TABLE holdings; --".ljust(64))


def test_another_programs_file(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (name)")
    connection.close()
    assert "another program's file" in refusal(path)
    path.write_bytes(b"This is a letter, not a database. " * 500)
    assert "check [store] key and [store] url" in refusal(path)


def test_reading_only(tmp_path: Path) -> None:
    assert "no store at" in refusal(tmp_path / "none.db", read_only=True)
    assert not (tmp_path / "none.db").exists()
    with SqliteStore(filled(tmp_path / "a.db"), read_only=True) as store:
        assert store.count(Query(("rhubarb",))) == 1
        with pytest.raises(StoreError, match="may not be written to"):
            store.begin_run(STARTED, "0.1")


def test_a_damaged_name_of_a_table_says_so(tmp_path: Path) -> None:
    """SQLite's own error quotes it, and is no UTF-8 then."""
    path = filled(tmp_path / "a.db")
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE holds (", b"CREATE TABLE holds \xce"))
    assert "is damaged: keep the file as it is" in refusal(path)


def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db")
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    with pytest.raises(StoreError, match="is damaged") as caught, SqliteStore(path) as store:
        store.facts()
    assert "restore the newest backup" in str(caught.value)


def test_evidence_that_changed_is_not_handed_out(tmp_path: Path) -> None:
    mail = letter(body="The word is rhubarb.")
    database = Database(filled(tmp_path / "a.db"))
    database.run("UPDATE evidence SET data = CAST(substr(data, 1, length(data) - 4) || 'zzzz' AS BLOB)")
    database.close()
    with SqliteStore(tmp_path / "a.db") as store, pytest.raises(StoreError, match="restore the newest backup"):
        store.evidence(mail.sha256)


def test_evidence_under_anothers_name_is_not_handed_out(tmp_path: Path) -> None:
    one, two = letter("a", body="The word is rhubarb."), letter("b", body="The word is medlar.")
    with SqliteStore(tmp_path / "a.db") as store:
        store.commit(page(store.begin_run(STARTED, "0.1"), one, two))
        store._database.run("UPDATE evidence SET data = (SELECT data FROM evidence WHERE id = 1), size = size")
        with pytest.raises(StoreError, match="no longer matches its hash"):
            store.evidence(two.sha256)
        assert store.evidence(one.sha256) == one.raw


def test_a_locked_store_is_waited_for_and_then_named(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db")
    other = Database(path)
    other.run("BEGIN IMMEDIATE")
    with SqliteStore(path, patience=0.05) as store:
        with pytest.raises(StoreError, match="in use by another program"):
            store.begin_run(STARTED, "0.1")
        assert store.count(Query(("rhubarb",))) == 1
        other.run("ROLLBACK")
        assert store.begin_run(STARTED, "0.1") == 2
    other.close()


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with SqliteStore(path) as store:
        run = store.begin_run(STARTED, "0.1")
        limit = store._database.value("PRAGMA page_count") + 40
        store._database.run(f"PRAGMA max_page_count = {limit}")
        kept = 0
        for number in range(500):
            mails = [letter(f"{number}/{n}", raw=os.urandom(4000)) for n in range(3)]
            try:
                store.commit(page(run, *mails, cursor=str(number)))
            except StoreError as error:
                said = str(error)
                break
            kept += 3
        assert kept
        assert "is full: make room and run again; nothing already stored is lost." in said
    with SqliteStore(path) as store:
        facts = store.facts()
        assert facts.messages == facts.searchable == kept
        assert store.cursor("files", page(1).mailbox) == str(kept // 3 - 1)
        assert store._database.value("PRAGMA integrity_check") == "ok"
        run = store.begin_run(STARTED, "0.1")
        assert store.commit(page(run, letter("after"))).new == 1


@posix
def test_a_disk_that_takes_no_more_bytes(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    path = filled(tmp_path / "a.db")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = SqliteStore(path)
    run = store.begin_run(STARTED, "0.1")
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, hard))
    try:
        with pytest.raises(StoreError, match=r"The disk that holds .*a\.db"):
            store.commit(page(run, letter("large", raw=os.urandom(3 << 20)), cursor="2"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert store.facts().messages == store.facts().searchable == 1
    assert store.commit(page(run, letter("large", raw=os.urandom(3 << 20)), cursor="2")).new == 1
    store.close()


@posix
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_may_not_be_written_to(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "check its folder and rights" in refusal(tmp_path / "a.db")


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    assert "check its folder and rights" in refusal(tmp_path / "data" / "a.db")


def test_an_older_program_leaves_a_newer_store_alone(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db")
    database = Database(path)
    database.run(f"PRAGMA user_version = {len(STEPS) + 1}")
    database.close()
    before = path.read_bytes()
    assert "written by a newer program" in refusal(path)
    assert path.read_bytes() == before


NEXT = (*STEPS, Step("notes", ("CREATE TABLE notes (text)", "ALTER TABLE runs ADD COLUMN host TEXT")))


def test_a_migration_copies_first_and_records_itself(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db")
    database = Database(path)
    bring_up_to_date(database, NEXT)
    bring_up_to_date(database, NEXT)
    assert database.value("PRAGMA user_version") == len(NEXT)
    steps = [(number, step.purpose) for number, step in enumerate(NEXT, 1)]
    assert database.rows("SELECT version, purpose FROM migrations") == steps
    assert database.value("SELECT count(*) FROM holdings") == 1
    database.close()
    with SqliteStore(tmp_path / f"a.db.before-v{len(NEXT)}", read_only=True) as copy:
        assert copy.count(Query(("rhubarb",))) == 1


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db")
    broken = (*STEPS, Step("broken", ("CREATE TABLE notes (text)", "ALTER TABLE nowhere ADD COLUMN x")))
    database = Database(path)
    with pytest.raises(StoreError):
        bring_up_to_date(database, broken)
    database.close()
    with SqliteStore(path) as store:
        assert store._database.value("SELECT count(*) FROM sqlite_schema WHERE name = 'notes'") == 0
        assert store.count(Query(("rhubarb",))) == 1


def test_no_copy_no_migration(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db")
    (tmp_path / f"a.db.before-v{len(NEXT)}.unfinished").mkdir()
    database = Database(path)
    with pytest.raises((StoreError, OSError)):
        bring_up_to_date(database, NEXT)
    assert database.value("PRAGMA user_version") == len(STEPS)
    database.close()


def test_an_older_store_is_not_migrated_by_a_reader(tmp_path: Path) -> None:
    database = Database(filled(tmp_path / "a.db"), read_only=True)
    with pytest.raises(StoreError, match="older than this program"):
        bring_up_to_date(database, NEXT)
    database.close()


def test_an_hour_that_is_full(tmp_path: Path) -> None:
    """What finds no room in its hour is filed with the undated, and found by its day all the same."""
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    with SqliteStore(tmp_path / "a.db") as store:
        run = store.begin_run(STARTED, "0.1")
        store.commit(page(run, letter("a", sent=noon)))
        (docket,) = store.queue(1)
        store._database.run("DELETE FROM words WHERE rowid = ?", (docket.holding,))
        store._database.run("UPDATE holdings SET id = ((id >> ?) + 1 << ?) - 1", (HOUR_BITS, HOUR_BITS))
        store.commit(page(run, letter("b", sent=noon), letter("c", sent=noon), letter("d", sent=noon)))
        assert [one.holding for one in store.queue(3)] == [1, 2, 3]
        for days, found in (((date(2026, 6, 1), date(2026, 6, 1)), 3), ((date(2026, 6, 2), None), 0)):
            query = Query(("allot",), CLERK, *days)
            assert len(store.search(query)) == store.count(query) == found
    assert docket.holding >> HOUR_BITS == int(noon.timestamp()) // 3600


def test_dictionaries_are_learnt_kept_and_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames written before, between and after lessons all open again; a rolled-back lesson is forgotten."""
    monkeypatch.setattr(evidence, "NEXT_LESSON", 3)
    path = tmp_path / "a.db"
    mails = [letter(str(n), body=f"Cllr Bloggs wrote about drain {n} in Station Road.") for n in range(2600)]
    with SqliteStore(path) as store:
        run = store.begin_run(STARTED, "0.1")
        store.commit(page(run, *mails[:100]))
        with pytest.raises(ValueError, match="hexadecimal"):
            store.commit(page(run, *mails[100:700], missed=(replace(missed("x"), sha256="not a hash"),)))
        assert store._database.value("SELECT count(*) FROM dictionaries") == 0
        store.commit(page(run, *mails[100:110]))
    with SqliteStore(path) as store:
        assert store.evidence(mails[105].sha256) == mails[105].raw
        for start in range(110, 2600, 500):
            store.commit(page(run, *mails[start : start + 500]))
    with SqliteStore(path) as store:
        assert store._database.value("SELECT count(*) FROM dictionaries") == 2
        assert all(store.evidence(mail.sha256) == mail.raw for mail in mails)
        plain = store._database.value("SELECT avg(length(data)) FROM evidence WHERE id <= 110")
        learnt = store._database.value("SELECT avg(length(data)) FROM evidence WHERE id > 110")
        assert learnt < plain / 2
