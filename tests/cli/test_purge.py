"""`auditor hold` and `auditor purge` as a clerk runs them, and the nights after."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from stow import BOXES, CLERK, IVY, TOM, Council, due_monday, environment, letter, stow

from auditor.cli.purge import _days
from auditor.store.query import parsed
from auditor.store.trail import Deed

CANARY = "quizzaciously"
OLD = due_monday() - timedelta(days=500)
MONTHS = "retention_months = 12\n"
# Ctrl-C reaches whoever has the terminal for its own.
ON_A_TERMINAL = """import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council whose retention was two years when two old letters were collected, and is one year now."""
    council = stow(tmp_path_factory.mktemp("stow"))
    council.post(
        TOM,
        "old",
        letter(f"You are a fucking {CANARY} idiot, and the drain is blocked.", n=50, sent=OLD, subject=f"A {CANARY}"),
    )
    council.post(
        IVY,
        "copy",
        letter(f"You are a fucking {CANARY} idiot, and the drain is blocked.", n=50, sent=OLD, subject=f"A {CANARY}"),
        "inbox",
    )
    council.post(CLERK, "gate", letter("The gate is old.", box=CLERK, n=51, sent=OLD, good=True))
    assert council.run().status == 0
    council.schedule(policy=MONTHS)
    return council.folder


@pytest.fixture
def council(collected: Path, tmp_path: Path) -> Council:
    return Council(shutil.copytree(collected, tmp_path / "stow"))


@pytest.mark.skipif(os.name == "nt", reason="terminals are other there")
def test_a_question_keeps_no_night_waiting(council: Council) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "auditor", "purge"]
    with subprocess.Popen(
        command, cwd=council.folder, env=environment(), stdin=theirs, stdout=theirs, stderr=theirs
    ) as asked:
        said = ""
        while "[y/N]" not in said:
            said += os.read(ours, 4096).decode()
        assert council.run().status == 0, "a night goes on meanwhile"
        # What became due since was not shown to whoever says yes.
        council.post(CLERK, "gate2", letter("The gate is very old.", box=CLERK, n=52, sent=OLD, good=True))
        council.schedule(policy="retention_months = 60\n")
        assert council.run().boxes[CLERK]["new"] == 1
        os.write(ours, b"y\n")
        while not said.endswith("again.\r\n"):
            said += os.read(ours, 4096).decode()
    assert asked.returncode == 2
    assert "More is due now than you were shown" in said
    os.close(ours)
    os.close(theirs)
    council.schedule(policy=MONTHS)
    assert len(council.auditor("purge", "--plan", "--json").json["messages"]) == 4


@pytest.mark.skipif(os.name == "nt", reason="terminals are other there")
@pytest.mark.parametrize(
    ("answer", "status", "said", "left"),
    [
        (b"yes\n", 0, "Deleted 3 messages", 3),
        (b"no\n", 0, "Nothing was deleted.", 6),
        (b"\x04", 130, "Stopped. Nothing is lost", 6),  # end of file
        (b"\x03", 130, "Stopped. Nothing is lost", 6),  # Ctrl-C
    ],
    ids=["yes", "no", "end of file", "Ctrl-C"],
)
def test_what_is_answered_on_a_terminal(council: Council, answer: bytes, status: int, said: str, left: int) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", ON_A_TERMINAL, "-m", "auditor", "purge"]
    with subprocess.Popen(
        command,
        cwd=council.folder,
        env=environment(),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as asked:
        os.close(theirs)
        shown = b""
        while b"[y/N]: " not in shown:  # the last blank comes once keys are read
            shown += os.read(ours, 4096)
        assert b"3 messages for good?" in shown
        os.write(ours, answer)
        with suppress(OSError):  # nobody is at the other end any more
            while more := os.read(ours, 4096):
                shown += more
    os.close(ours)
    assert (asked.returncode, said in shown.decode()) == (status, True), shown.decode()
    assert b"Traceback" not in shown
    assert (council.folder / "out" / "certificates").exists() == (left == 3)
    with council.store() as store:
        assert store.facts().messages == left


def accounts(council: Council) -> dict[str, tuple[int, int]]:
    """Collected and outside, of mailboxes whose account adds up."""
    boxes = council.auditor("status", "--json").boxes
    for box in boxes.values():
        terms = ("collected", "gaps", "outside_window", "private")
        assert box["provider_count"] == sum(box[term] for term in terms)
    return {name: (box["collected"], box["outside_window"]) for name, box in boxes.items()}


def trail(council: Council, deed: Deed) -> list[dict[str, Any]]:
    with council.store() as store:
        return [entry.said for entry in store.trail() if entry.deed == deed]


def test_a_plan_lists_and_deletes_nothing(council: Council) -> None:
    said = council.auditor("purge", "--plan", "--json")
    assert (said.status, said.err) == (0, "")
    assert said.json == said.json | {"due": 3, "kept": 0, "deleted": 0, "certificates": [], "holds": []}
    assert [box["mailbox"] for box in said.json["mailboxes"]] == sorted(BOXES)
    raw = council.file(TOM, "old").read_bytes()
    assert {"mailbox": TOM, "day": OLD.date().isoformat(), "sha256": hashlib.sha256(raw).hexdigest(), "read": True} in (
        said.json["messages"]
    )
    assert CANARY not in said.out
    told = council.auditor("purge")
    assert told.status == 0
    assert f"{TOM}: 1 to delete" in told.out
    assert "Nothing was deleted: 'auditor purge --yes' deletes without asking." in told.out
    assert accounts(council)[TOM] == (2, 0)
    assert len(trail(council, Deed.LOOKED)) == 2


def test_nothing_due(council: Council) -> None:
    council.schedule()
    said = council.auditor("purge", "--yes")
    assert (said.status, said.out) == (0, "No message is older than the retention period of 24 months.\n")
    assert council.auditor("purge", "--json").json["due"] == 0


def test_wrong_use(council: Council, tmp_path: Path) -> None:
    assert "leave one of them out" in council.auditor("purge", "--plan", "--yes").sentence
    shutil.rmtree(council.folder / "data")
    none = council.auditor("purge")
    assert (none.status, "No mailbox has been read yet" in none.sentence) == (2, True)


def test_holds_are_added_listed_and_lifted(council: Council) -> None:
    added = council.auditor("hold", "add", "Smith request", "--query", "gate")
    assert (added.status, added.out) == (0, "The hold 'Smith request' stands: 1 message answers it now.\n")
    again = council.auditor("hold", "add", "Smith request", "--query", "oak")
    assert (again.status, "stands already" in again.sentence) == (2, True)
    wrong = council.auditor("hold", "add", "Jones", "--query", "form:jones")
    assert (wrong.status, "did you mean 'from'?" in wrong.sentence) == (2, True)
    assert council.auditor("hold", "add", "a\nb", "--query", "oak").status == 2
    (held,) = council.auditor("hold", "list", "--json").json["holds"]
    assert held == held | {"name": "Smith request", "query": "gate", "messages": 1, "lifted": None, "why": None}
    assert council.auditor("purge", "--json").json["holds"] == [{"name": "Smith request", "kept": 1}]
    assert council.auditor("hold", "lift", "Smith request", "--why", " ").status == 2
    assert council.auditor("hold", "lift", "Smith request", "--why", "Answered").status == 0
    assert "Answered" in council.auditor("hold", "list").out
    assert "No hold named" in council.auditor("hold", "lift", "Smith request", "--why", "Again").sentence
    assert trail(council, Deed.HELD) == [{"hold": "Smith request", "query": "gate", "messages": 1}]
    assert trail(council, Deed.LIFTED)[0]["why"] == "Answered"


def test_a_purge_leaves_a_certificate_and_no_word(council: Council) -> None:
    council.auditor("hold", "add", "Smith request", "--query", "gate")
    with council.store() as store:
        assert store.count(parsed(CANARY)) == 2
        assert CANARY in str([row.finding for row in store.findings()])
    said = council.auditor("purge", "--yes")
    assert said.status == 0, said.err
    assert "Deleted 2 messages" in said.out
    assert "The hold 'Smith request' keeps 1 message." in said.out
    text, document = (
        council.folder / "out" / "certificates" / f"Purge {today(council)} 1{end}" for end in (".txt", ".json")
    )
    told = text.read_text("utf-8")
    facts = json.loads(document.read_text("utf-8"))
    evidence = hashlib.sha256(council.file(TOM, "old").read_bytes()).hexdigest()
    assert facts == facts | {
        "messages": 2,
        "evidence": [evidence],
        "kept_by_holds": [{"hold": "Smith request", "messages": 1}],
    }
    for wanted in (
        evidence,
        "messages are kept for 12 months",
        f"{TOM}, {OLD.year}: 1",
        "Smith request: 1 message kept",
        "workbooks",
    ):
        assert wanted in told
    assert CANARY not in told
    if os.name != "nt":
        assert text.stat().st_mode & 0o077 == 0
    (entry,) = [one for one in trail(council, Deed.PURGED) if "messages" in one]
    assert entry["papers"] == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (text, document)}
    assert trail(council, Deed.PURGED)[-1] == {"rewritten": True}
    for file in (council.folder / "data").rglob("*"):
        assert not file.is_file() or CANARY[:6].encode() not in file.read_bytes().lower(), file
    with council.store() as store:
        assert store.count(parsed(CANARY)) == 0
        assert CANARY not in str([row.finding for row in store.findings()])
        assert store.prove_trail().whole


def test_the_certificate_names_the_records_of_what_was_purged(council: Council) -> None:
    with council.store() as store:
        found = {row.mailbox: row.id for row in store.findings() if row.sent and row.sent.date() == OLD.date()}
        stays = next(row.id for row in store.findings() if row.sent and row.sent.date() != OLD.date())
    gone = found[TOM]
    for out, ids in (("given", (stays, gone)), ("other", (stays,))):
        assert council.auditor("dossier", *ids, "--out", out, "--for", "Pat Rowe", "--why", "A complaint").status == 0
    assert council.auditor("purge", "--yes").status == 0
    text, document = sorted((council.folder / "out" / "certificates").iterdir(), key=lambda one: one.suffix != ".txt")
    [named] = json.loads(document.read_text("utf-8"))["dossiers"]
    assert (Path(named["dossier"]), named["for"]) == (council.folder / "given", "Pat Rowe")
    told = text.read_text("utf-8")
    assert f"the dossier {council.folder / 'given'}, made on " in told
    files = {file.name for file in (council.folder / "given").glob(f"record-*{gone}*")}
    assert (set(named["files"]), len(files)) == (files, 2)
    assert all(f"\n    {file}\n" in told for file in files)
    assert CANARY not in told
    for absent in ("other", stays, "A complaint"):
        assert absent not in told.partition("the dossier ")[2].partition("the mailboxes themselves")[0].replace(
            str(council.folder), ""
        )


def today(council: Council) -> str:
    (first,) = (council.folder / "out" / "certificates").glob("*1.txt")
    return first.stem.split(" ")[1]


def test_the_nights_after_collect_nothing_again(council: Council) -> None:
    council.auditor("purge", "--yes")
    after = {CLERK: (1, 1), TOM: (1, 1), IVY: (1, 1)}
    assert accounts(council) == after
    for change in ("nothing", "a wider window", "touched", "renamed", "read in full"):
        match change:
            case "a wider window":
                council.schedule(policy="retention_months = 60\n")
            case "touched":
                os.utime(council.file(TOM, "old"), (1, 1))
            case "renamed":
                council.file(TOM, "old").rename(council.file(TOM, "another"))
                council.file(IVY, "copy", "inbox").rename(council.file(IVY, "moved"))
            case "read in full":
                with council.store() as store:
                    assert store.cursor("files", TOM)
                forget_cursors(council)
        ran = council.run("--since", "2000-01-01")
        assert (ran.status, [box["new"] for box in ran.json["mailboxes"]]) == (0, [0, 0, 0]), change
        assert accounts(council) == after, change
    new = letter("The drain is new.", n=60)
    council.post(TOM, "another", new)
    assert council.run().boxes[TOM]["new"] == 1, "another message in its place is collected"
    assert accounts(council)[TOM] == (2, 0)


def forget_cursors(council: Council) -> None:
    from auditor.store.sqlite.store import SqliteStore

    with SqliteStore(council.database) as store:
        store._database.run("UPDATE mailboxes SET cursor = NULL")


def test_a_night_says_what_is_due_and_needs_nobody(council: Council) -> None:
    ran = council.auditor("run")
    assert ran.status == 0
    assert "3 messages are older than the retention period: 'auditor purge' lists and deletes them." in ran.out
    assert council.run().json["notes"] == [
        "3 messages are older than the retention period: 'auditor purge' lists and deletes them."
    ]
    council.auditor("purge", "--yes")
    assert council.run().json["notes"] == []


def test_a_night_purges_by_itself_once_a_week(council: Council) -> None:
    council.schedule(policy=MONTHS + 'purge = "auto"\n')
    ran = council.run()
    assert (ran.status, ran.err) == (0, "")
    assert ran.json["notes"] == [
        "Messages older than the retention period were deleted: out/certificates has the certificate."
    ]
    assert accounts(council)[TOM] == (1, 1)
    council.schedule(policy='retention_months = 60\npurge = "auto"\n')
    council.post(IVY, "older", letter("The oak was young.", box=IVY, n=70, sent=OLD))
    assert council.run().boxes[IVY]["new"] == 1
    council.schedule(policy=MONTHS + 'purge = "auto"\n')
    assert council.run().json["notes"] == [], "a week has not passed"
    assert accounts(council)[IVY] == (2, 1)


def test_a_night_without_its_backup_purges_nothing_until_one_is_sound(council: Council) -> None:
    council.schedule(policy=MONTHS + 'purge = "auto"\n', rest='[backup]\nfolder = "backup"\n')
    (council.folder / "backup").write_text("no folder", encoding="utf-8")
    ran = council.run()
    assert (ran.status, ran.json["notes"]) == (1, [])
    refused, waits = ran.err.splitlines()
    assert "The backup folder" in refused
    assert waits == (
        "3 messages are older than the retention period, and nothing was deleted, because tonight's backup could not be "
        "made: the first night with a sound backup deletes what is due, and 'auditor purge' can do it before."
    )
    assert (accounts(council)[TOM], trail(council, Deed.PURGED)) == ((2, 0), [])
    by_hand = Council(shutil.copytree(council.folder, council.folder.with_name("by hand")))
    assert by_hand.auditor("purge", "--yes", "--json").json["deleted"] == 3
    again = by_hand.run()
    assert (again.status, len(again.err.splitlines())) == (1, 1), "nothing is due, so nothing waits"
    (council.folder / "backup").unlink()
    ran = council.run()
    assert (ran.status, ran.err, len(ran.json["notes"])) == (0, "", 1)
    assert accounts(council)[TOM] == (1, 1)


def test_by_a_clock_that_leapt_ahead_nothing_is_deleted(council: Council) -> None:
    council.schedule(policy=MONTHS + 'purge = "auto"\n')
    with closing(sqlite3.connect(council.database)) as ledger, ledger:
        ledger.execute("UPDATE runs SET started = started - ?", (60 * 86400 * 1_000_000,))
    ran = council.run()
    assert (ran.status, ran.json["notes"]) == (1, [])
    assert ran.err.startswith(
        "3 messages are older than the retention period by this computer's clock, and nothing was"
    )
    assert (accounts(council)[TOM], trail(council, Deed.PURGED)) == ((2, 0), [])
    assert council.run().status == 1, "still doubted"
    assert council.auditor("purge", "--yes", "--json").json["deleted"] == 3


def test_no_certificate_is_spoken_of_that_was_not_written(council: Council) -> None:
    council.schedule(policy='retention_months = 60\npurge = "auto"\n')
    copy = council.database.with_name("auditor.db.before-v2")
    copy.touch()
    os.utime(copy, (time.time() - 30 * 86400,) * 2)
    assert council.run().json["notes"] == []
    assert not copy.exists()
    assert trail(council, Deed.PURGED) == [{"copies": [copy.name]}]


def test_what_was_interrupted_is_finished(council: Council) -> None:
    """The papers of a purge that ended before it wrote them, and the words it left in the file."""
    from auditor.store.retention import Paper
    from auditor.store.sqlite.store import SqliteStore

    with SqliteStore(council.database) as store:
        now = due_monday() + timedelta(days=14)
        store.purge(
            (now - timedelta(days=365)).date(), "a clerk", now, lambda _: (Paper("Purge 2026-01-01 1.txt", "Text\n"),)
        )
        assert store.unclean()
    folder = council.folder / "out" / "certificates"
    folder.mkdir(parents=True)
    (folder / "Purge 2026-01-01 1.txt").write_text("Another's.")
    said = council.auditor("purge", "--yes")
    assert said.status == 0, said.err
    assert (folder / "Purge 2026-01-01 1.txt").read_text() == "Another's."
    assert (folder / "Purge 2026-01-01 2.txt").read_text() == "Text\n"
    with council.store() as store:
        assert (store.papers(), store.unclean()) == ((), False)
    assert CANARY[:6].encode() not in council.database.read_bytes()


def test_copies_made_before_an_update_go_with_age(council: Council) -> None:
    old, young = (council.database.with_name(f"auditor.db.before-v{n}") for n in (2, 3))
    for copy in (old, young):
        shutil.copy(council.database, copy)
    os.utime(old, (time.time() - 15 * 86400,) * 2)
    said = council.auditor("purge", "--yes", "--json")
    assert (old.exists(), young.exists()) == (False, True)
    (name,) = [name for name in said.json["certificates"] if name.endswith(".txt")]
    assert "the copy auditor.db.before-v3" in (council.folder / name).read_text("utf-8")
    assert {"copies": ["auditor.db.before-v2"]} in trail(council, Deed.PURGED)


def test_while_another_run_holds_the_lock_nothing_is_deleted(council: Council) -> None:
    from filelock import FileLock

    with FileLock(f"{council.database}.lock"):
        busy = council.auditor("purge", "--yes")
        assert (busy.status, "Another run is at work" in busy.sentence) == (3, True)
        assert council.auditor("hold", "add", "Smith", "--query", "drain").status == 0
    assert council.auditor("purge", "--yes", "--json").json["deleted"] == 1


def test_one_day_is_said_once() -> None:
    day = date(2024, 11, 2)
    assert _days(day, day) == "of Saturday 2 November 2024"
    assert _days(day, date(2024, 11, 3)) == "from Saturday 2 to Sunday 3 November 2024"
