"""A store that another program holds, through every command that opens it: one sentence, and nothing half done."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlcipher3 import dbapi2 as sqlite
from stow import CLERK, Council, Ran, due_monday, letter, stow

from auditor.cli import COMMANDS, main
from auditor.cli.verify import Check, _tried
from auditor.errors import LockedStore
from auditor.store.sqlite import database, open_store

SAID = "is in use by another program: wait until it is done and try again."
WRITING = (
    "run",
    "report",
    "replay",
    "replay --adopt",
    "dossier ID --out given --for Tom --why Complaint",
    "hold add Smith --query bench",
    "hold list",
    "hold lift Stands --why Answered",
    "decisions",
    "purge",
    "purge --plan",
    "purge --yes",
    "backup",
    "verify",
    "store encrypt",
)
"""What writes into the store, if only that it was asked."""
WHOLE = {"report", "backup"}
"""Leave a whole workbook, or a proved backup, of which a held store could not be told: the next time is as if none were."""
READING = ("status", "status --json", "check", "check --json")
OTHERS = {"demo", "init", "scan", "rules", "restore", "serve"}
"""Open no store that is there already; `serve` tries again until it is stopped."""

Asked = Callable[[str], Ran]


def decided(path: Path) -> None:
    """Somebody has chosen a decision, and saved."""
    with closing(load_workbook(path)) as book:
        sheet = book["Findings"]
        sheet.cell(2, next(cell.column for cell in sheet[1] if cell.value == "Decision")).value = "Breach"
        book.properties.creator = "Ann Marsh"
        book.save(path)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Council:
    """A council with a hold that stands, a letter that is due for purging, and a key for its store."""
    council = stow(tmp_path_factory.mktemp("stow"))
    sent = due_monday() - timedelta(days=500)
    council.post(CLERK, "gate", letter("The gate is old.", box=CLERK, n=51, sent=sent, good=True))
    assert council.run().status == 0
    decided(next((council.folder / "out").glob("Audit 2*.xlsx")))
    council.schedule(policy="retention_months = 12\n")
    with open_store(f"sqlite:///{council.database}") as store:
        store.hold("Stands", "oak", "a clerk", due_monday())
    return council


@pytest.fixture
def council(collected: Council, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Council:
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    monkeypatch.setenv("STOW_KEY", "ab" * 32)
    return Council(Path(shutil.copytree(collected.folder, tmp_path / "stow")))


@contextmanager
def held(path: Path, how: str) -> Iterator[None]:
    """By a writer, for whom no reader waits; or by one who lets nobody in, and whose work is in the log."""
    with closing(sqlite.connect(path, isolation_level=None)) as holder:
        if how == "whole":
            holder.execute("PRAGMA locking_mode = EXCLUSIVE")
            holder.execute("INSERT OR REPLACE INTO settings VALUES ('kept', x'00')")
        holder.execute("BEGIN EXCLUSIVE")
        yield
        holder.execute("ROLLBACK")


@pytest.fixture
def asked(council: Council, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Asked:
    """As on a command line, but in this process, for its patience is short."""
    with council.store() as store:
        finding, *_ = store.finding_ids()
    monkeypatch.chdir(council.folder)

    def run(command: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["auditor", *command.replace("ID", finding).split()])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    return run


def kept(council: Council) -> dict[str, str]:
    """Every file but the store's log, and what a lock or the program's own log leaves."""
    passing = ("-wal", "-shm", ".lock", "auditor.log")
    files = [path for path in council.folder.rglob("*") if path.is_file() and not path.name.endswith(passing)]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_no_command_is_left_out() -> None:
    assert {command.split()[0] for command in (*WRITING, *READING)} | OTHERS == set(COMMANDS)


@pytest.mark.parametrize("how", ["writer", "whole"])
def test_one_sentence_and_nothing_half_done(council: Council, asked: Asked, how: str) -> None:
    before = kept(council)
    with held(council.database, how):
        for command in WRITING:
            if command == "store encrypt":
                council.schedule(rest='[store]\nkey = "env:STOW_KEY"\n')
                before = kept(council)
            ran = asked(command)
            assert (ran.status, ran.out) == (1, ""), command
            assert ran.sentence == f"The store {council.database} {SAID}", command
            assert not list(council.folder.rglob("*.unfinished")), command
            if how == "writer" and command in WHOLE:
                before = kept(council)
            assert kept(council) == before, command
    with council.store() as store:
        assert store.prove_trail().whole


@pytest.mark.parametrize("how", ["writer", "whole"])
def test_who_only_looks_waits_for_no_writer(council: Council, asked: Asked, how: str) -> None:
    before = kept(council)
    with held(council.database, how):
        for command in READING:
            ran = asked(command)
            told = f"{council.database} {SAID}" in ran.out + ran.err
            assert (ran.status, told) == ((0, False) if how == "writer" else (1, True)), (command, ran)
        assert kept(council) == before


def test_another_process_that_holds_it(council: Council, asked: Asked) -> None:
    """Its work is in the log beside the store: nobody is told to take that away."""
    hold = (
        "import sys; from sqlcipher3 import dbapi2; file = dbapi2.connect(sys.argv[1], isolation_level=None)\n"
        "file.execute('PRAGMA locking_mode = EXCLUSIVE'); file.execute(\"INSERT INTO settings VALUES ('theirs', 1)\")\n"
        "print('held', flush=True); sys.stdin.read(); file.close()"
    )
    command = [sys.executable, "-c", hold, str(council.database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        log = council.database.with_name(f"{council.database.name}-wal")
        assert log.stat().st_size
        assert asked("hold list").sentence == f"The store {council.database} {SAID}"
    assert asked("hold list").status == 0


def test_what_is_held_is_not_called_damaged(council: Council) -> None:
    """Where there is no log, as on a network drive, a writer may come between two questions of a proof."""
    with closing(sqlite.connect(council.database)) as file:
        file.execute("PRAGMA journal_mode = DELETE")
    with open_store(f"sqlite:///{council.database}", read_only=True) as store:
        look = store.proving("")
        pieces = look.pieces(1, look.last())
        assert next(pieces).sound
        with held(council.database, "writer"), pytest.raises(LockedStore):
            next(pieces)
        with held(council.database, "writer"), pytest.raises(LockedStore):
            _tried("file", lambda: Check("file", look.last(), 0, ""))
