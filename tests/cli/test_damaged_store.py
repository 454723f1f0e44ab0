"""A store that cannot be used is told of in one sentence, and its file is left as it is."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite
from stow import Council, stow

from auditor.errors import StoreError
from auditor.store.sqlite.store import SqliteStore

PAGE = 8192
COMMANDS = ("run", "report", "status", "verify")


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    council = stow(tmp_path_factory.mktemp("stow"))
    assert council.run().status == 0
    return council.folder


@pytest.fixture
def council(first_night: Path, tmp_path: Path) -> Council:
    return Council(shutil.copytree(first_night, tmp_path / "stow"))


def cut(council: Council) -> None:
    with council.database.open("rb+") as file:
        file.truncate(30_000)


def zero(*pages: int) -> Callable[[Council], None]:
    def spoil(council: Council) -> None:
        with council.database.open("rb+") as file:
            for page in pages:
                file.seek(PAGE * page)
                file.write(bytes(PAGE))

    return spoil


def ledger(council: Council) -> None:
    """The page in the middle that the ledger of runs begins on."""
    with closing(sqlite.connect(council.database)) as connection:
        [root] = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'runs'").fetchone()
    zero(root - 1)(council)


def key(council: Council) -> None:
    council.schedule(rest='[store]\nkey = "env:STOW_KEY"\n')


def other(council: Council) -> None:
    council.database.unlink()
    with closing(sqlite.connect(council.database)) as connection:
        connection.execute("CREATE TABLE rents (paid)")
        connection.commit()


def letter(council: Council) -> None:
    council.database.write_bytes(b"Dear Ann, this is no store.\n" * 500)


def newer(council: Council) -> None:
    with closing(sqlite.connect(council.database)) as connection:
        connection.execute("PRAGMA user_version = 99")


def log(council: Council) -> None:
    """The log of another database lies beside the store under its log's name."""
    path = council.folder / "other.db"
    with closing(sqlite.connect(path)) as connection:
        connection.execute(f"PRAGMA page_size = {PAGE}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE rents (paid)")
        connection.execute("INSERT INTO rents VALUES (zeroblob(90000))")
        connection.commit()
        shutil.copy(f"{path}-wal", f"{council.database}-wal")


def folder(council: Council) -> None:
    council.database.unlink()
    council.database.mkdir()


def empty(council: Council) -> None:
    council.database.write_bytes(b"")


def gone(council: Council) -> None:
    council.database.unlink()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (cut, "is damaged"),
        (zero(0), "cannot be read as a store"),
        (ledger, "is damaged"),
        (key, "is not encrypted, and [store] key is set"),
        (other, "another program's file"),
        (letter, "cannot be read as a store"),
        (newer, "newer program"),
        (log, ""),
        (folder, "is a folder"),
        (empty, "is gone or empty"),
    ],
)  # fmt: skip
def test_one_sentence_and_the_file_is_left_as_it_is(
    council: Council, spoil: Callable[[Council], None], said: str
) -> None:
    spoil(council)
    before = digest(council.database)
    for command in COMMANDS:
        ran = council.auditor(command, env={"STOW_KEY": "ab" * 32})
        assert ran.status == 1, (command, ran.out, ran.err)
        assert "Traceback" not in ran.err
        first, *more = ran.err.splitlines()
        assert said in first
        assert str(council.database) in first
        assert not more or (command == "verify" and "Nothing in the mailboxes is affected." in more[-1])
        assert digest(council.database) == before, command


@pytest.mark.parametrize("page", range(2, 12, 3))
def test_nothing_is_written_to_a_store_with_an_empty_page(council: Council, page: int) -> None:
    zero(page)(council)
    before = digest(council.database)
    for command in ("run", "report", "verify"):
        ran = council.auditor(command)
        assert (ran.status, digest(council.database)) == (1, before), (command, ran.err)
        assert "is damaged" in ran.err


def test_the_log_of_another_store_is_not_taken_for_its_own(council: Council) -> None:
    log(council)
    ran = council.auditor("run")
    assert ran.status == 1
    assert "is not the log of the store beside it" in ran.sentence
    # Taken away, all is well: nothing was written.
    Path(f"{council.database}-wal").unlink()
    assert council.run().status == 0


def test_a_store_that_was_taken_away_is_missed_unless_its_note_goes_too(council: Council) -> None:
    gone(council)
    assert "is gone or empty" in council.auditor("run").sentence
    council.database.with_name("auditor.db.head").unlink()
    assert council.run().status == 0


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights are other there")
def test_a_folder_that_cannot_be_written(council: Council) -> None:
    before = digest(council.database)
    council.database.parent.chmod(0o500)
    council.database.with_name("auditor.db.lock").unlink(missing_ok=True)
    try:
        for command in ("run", "report", "verify"):
            ran = council.auditor(command, mortal=True)
            assert ran.status == 1
            assert "cannot be written" in ran.sentence
    finally:
        council.database.parent.chmod(0o700)
    assert digest(council.database) == before


def test_another_program_that_holds_it_for_longer_than_the_patience(council: Council) -> None:
    with closing(sqlite.connect(council.database, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with (
            pytest.raises(StoreError, match="in use by another program"),
            SqliteStore(council.database, patience=0.1) as store,
        ):
            store.begin_run(datetime.now(UTC), "1")
