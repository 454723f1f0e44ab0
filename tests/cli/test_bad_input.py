"""Whatever is wrong, it is one plain sentence and the right status, and nothing is lost."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from sqlcipher3 import dbapi2 as sqlite
from stow import BOXES, CLERK, TOM, Council, Ran, due_monday, environment, letter, stow

from auditor.store.sqlite import open_store

CANARY = "quizzaciously"


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    council = stow(tmp_path_factory.mktemp("stow"))
    assert council.run().status == 0
    return council.folder


@pytest.fixture
def council(first_night: Path, tmp_path: Path) -> Council:
    """The council after its first night, with one new letter."""
    council = Council(shutil.copytree(first_night, tmp_path / "stow"))
    council.post(TOM, "gate", letter(f"The gate is shut {CANARY}.", n=5))
    return council


def goes_on(council: Council) -> None:
    """The next night takes in what the disturbed one could not, once."""
    ran = council.run()
    assert (ran.status, ran.boxes[TOM]["new"], ran.boxes[TOM]["removed"]) == (0, 1, 0)
    assert council.auditor("status", "--json").json["store"]["messages"] == 4


def refused(ran: Ran, status: int, *said: str) -> None:
    assert (ran.status, ran.out) == (status, "")
    for words in said:
        assert words in ran.sentence
    assert CANARY not in ran.err


def test_a_day_still_to_come_is_refused(tmp_path: Path) -> None:
    council = stow(tmp_path)
    later = (due_monday() + timedelta(weeks=3)).date().isoformat()
    refused(council.run("--since", later), 2, later, "still to come")
    assert not council.database.exists()


MISTAKES = """
[council]
name = "Stow"
domains = ["no domain"]
[[people]]
name = "Ann Marsh"
role = "mayor"
mailbox = "not-an-address"
[[sources]]
kind = "files"
root = "mail"
[schedule]
nightley = "02:15"
[policy]
signatures = "no/such/folder"
"""


def test_a_configuration_with_five_mistakes_says_all_five(tmp_path: Path) -> None:
    council = stow(tmp_path)
    (tmp_path / "schedule.toml").write_text(MISTAKES, encoding="utf-8")
    ran = council.run()
    assert (ran.status, ran.out) == (2, "")
    lines = ran.err.splitlines()
    assert len(lines) == 5, ran.err
    for words in ("no domain", "mayor", "not-an-address", "nightley", "no/such/folder"):
        assert sum(words in line for line in lines) == 1, words
    assert all(line.startswith("schedule.toml: ") and line.endswith(".") for line in lines)
    assert "[[people]] 1 (Ann Marsh), role" in ran.err
    assert not council.database.parent.exists()
    checked = council.auditor("check", "--json")
    assert (checked.status, checked.json["ok"], len(checked.json["checks"])) == (2, False, 5)
    told = council.auditor("check").out
    assert told.count("schedule.toml:") == 5
    assert "configuration schedule.toml: [council] domains, the first: 'no domain'" in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[council", "line 1 ([council) cannot be read"),
        ("\udcff", "not UTF-8"),
        ("", "[council]"),
        ('[council]\nname = "S"\ndomains = ["s.example"]\npeople = 3', "[council] people"),
    ],
)
def test_a_file_that_is_no_configuration(tmp_path: Path, text: str, said: str) -> None:
    council = Council(tmp_path)
    (tmp_path / "schedule.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    ran = council.run()
    assert ran.status == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('kind = "files"\nroot = "m"\n[store]\nurl = "mysql://x"', "sqlite"),
    ],
)
def test_what_this_version_cannot_do_is_refused_by_run_and_check(tmp_path: Path, source: str, said: str) -> None:
    council = stow(tmp_path)
    council.schedule(sources=f"[[sources]]\n{source}\n")
    refused(council.run(), 2, "schedule.toml: ", said)
    checked = council.auditor("check", "--json")
    assert (checked.status, checked.json["ok"]) == (2, False)


def test_all_that_this_version_cannot_do_is_said_in_one_go(tmp_path: Path) -> None:
    council = stow(tmp_path)
    rest = '[store]\nurl = "postgresql+psycopg://h/d"\nkey = "env:STOW_KEY"\n'
    council.schedule(rest=rest)
    ran = council.auditor("run", "--json", env={"STOW_KEY": CANARY})
    assert (ran.status, ran.out, CANARY in ran.err) == (2, "", False)
    lines = ran.err.splitlines()
    assert len(lines) == 2, ran.err
    assert all(line.startswith("schedule.toml: ") for line in lines)
    checked = council.auditor("check", "--json", env={"STOW_KEY": CANARY})
    assert [check["detail"] for check in checked.json["checks"]] == lines


def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.schedule(rest=f'[store]\nkey = "{CANARY}"\n')
    refused(council.run(), 2, "env:NAME")
    council.schedule(rest='[store]\nkey = "env:STOW_KEY"\n')
    refused(council.run(), 2, "STOW_KEY")
    secret = tmp_path / "store.key"
    secret.write_text("00" * 32, encoding="utf-8")
    secret.chmod(0o644)
    council.schedule(rest='[store]\nkey = "file:store.key"\n')
    refused(council.run(), 2, "can be read by others")


def test_a_key_that_is_none_is_a_mistake_of_the_configuration(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.schedule(rest='[store]\nkey = "env:STOW_KEY"\n')
    for key in (CANARY, "0f" * 31, "0g" * 32):
        env = {"STOW_KEY": key}
        refused(council.auditor("run", "--json", env=env), 2, "schedule.toml: [store] key", "64 hexadecimal digits")
        assert not council.database.parent.exists()
        checked = council.auditor("check", "--json", env=env)
        assert (checked.status, [check["check"] for check in checked.json["checks"]]) == (2, ["configuration"])
    assert council.auditor("check", env={"STOW_KEY": "0f" * 32}).status == 0
    refused(council.auditor("status", env={"STOW_KEY": CANARY}), 2, "64 hexadecimal digits")


def test_an_encrypted_store_opens_with_its_key_alone(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.post(TOM, "gate", letter(f"The gate is shut {CANARY}.", n=5))
    council.schedule(rest='[store]\nkey = "env:STOW_KEY"\n')
    assert council.auditor("run", "--json", env={"STOW_KEY": "0f" * 32}).status == 0
    assert CANARY.encode() not in council.database.read_bytes()
    refused(council.auditor("status", "--json", env={"STOW_KEY": "0e" * 32}), 1, "another key")
    assert council.auditor("status", "--json", env={"STOW_KEY": "0f" * 32}).json["store"]["messages"] == 4


def test_two_at_once(council: Council) -> None:
    with FileLock(f"{council.database}.lock"):
        refused(council.run(), 3, "Another run is at work")
        refused(council.auditor("report"), 3, "Another run is at work")
        assert council.auditor("status", "--json").status == 0
    goes_on(council)


def test_a_reader_does_not_stop_the_night(council: Council) -> None:
    reader = sqlite.connect(str(council.database))
    if reader.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        reader.close()
        pytest.skip("this file system is not known to be local: the store keeps no log that a reader could be beside")
    try:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM holdings").fetchone()
        goes_on(council)
    finally:
        reader.close()


def damaged(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        for at in range(8192, size, 4096):
            file.seek(at)
            file.write(random.Random(at).randbytes(512))


def no_store(path: Path) -> None:
    path.write_bytes(b"This is a shopping list.\n" * 400)


def newer(path: Path) -> None:
    with sqlite.connect(str(path)) as file:
        file.execute("PRAGMA user_version = 99")
    file.close()


@pytest.mark.parametrize(
    ("how", "said"), [(damaged, "damaged"), (no_store, "cannot be read as a store"), (newer, "newer program")]
)
def test_a_store_that_cannot_be_used_is_left_as_it_is(council: Council, how: Callable[[Path], None], said: str) -> None:
    how(council.database)
    before = council.database.read_bytes()
    refused(council.run(), 1, said)
    refused(council.auditor("status"), 1)
    checked = council.auditor("check", "--json")
    assert checked.status == 1
    assert council.database.read_bytes() == before


def test_a_store_whose_folder_is_a_file(tmp_path: Path) -> None:
    council = stow(tmp_path)
    (tmp_path / "data").write_text("x", encoding="utf-8")
    refused(council.run(), 1, "data")
    assert council.auditor("check").status == 1


def test_a_run_at_work_is_not_called_interrupted(council: Council) -> None:
    assert council.run().status == 0
    with open_store(f"sqlite:///{council.database}") as store:
        begun = store.begin_run(datetime.now(UTC), "0")
    left = council.auditor("status", "--json").json
    assert (left["running"], left["interrupted"]) == (None, [begun])
    assert f"Run number {begun} was interrupted: nothing is lost" in council.auditor("status").out
    with FileLock(f"{council.database}.lock"):
        busy = council.auditor("status", "--json").json
        assert (busy["running"], busy["interrupted"]) == (begun, [])
        assert f"Run number {begun} is at work now" in council.auditor("status").out
    assert council.run().status == 0
    assert "interrupted" not in council.auditor("status").out
    assert council.auditor("status", "--json").json["interrupted"] == [begun]


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_a_full_disk_loses_nothing(council: Council) -> None:
    import resource

    text = random.Random(1).randbytes(400_000).hex()
    for n in range(4):
        council.post(CLERK, f"large{n}", letter(f"{n} {text}", box=CLERK, n=20 + n))

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

    refused(council.auditor("run", "--json", preexec_fn=small), 1, str(council.database))
    status = council.auditor("status", "--json").json
    assert (status["last_run"]["run"], len(status["interrupted"])) == (1, 1)
    ran = council.run()
    assert (ran.status, ran.boxes[TOM]["new"] + ran.boxes[CLERK]["new"]) == (0, 5)
    assert council.auditor("status", "--json").json["store"]["messages"] == 8


def test_no_report_before_the_first_night(tmp_path: Path) -> None:
    council = stow(tmp_path)
    refused(council.auditor("report", "--week", "last"), 2, "'last' is no week")
    refused(council.auditor("report"), 2, "auditor run")
    assert council.run().json["workbook"] is not None


def test_a_report_folder_that_is_a_file_costs_the_workbook_only(tmp_path: Path) -> None:
    council = stow(tmp_path)
    (tmp_path / "out").write_text("x", encoding="utf-8")
    checked = council.auditor("check", "--json")
    assert checked.status == 1
    faults = {check["subject"] for check in checked.json["checks"] if not check["ok"]}
    assert faults == {str(tmp_path / "out"), str(tmp_path / "out" / "chair")}
    ran = council.run()
    assert (ran.status, ran.json["ok"], ran.json["workbook"]) == (1, False, None)
    assert {box["status"] for box in ran.json["mailboxes"]} == {"complete"}
    assert "could not be written" in ran.sentence
    status = council.auditor("status", "--json").json
    assert (status["store"]["messages"], status["last_run"]["ok"]) == (3, False)
    (tmp_path / "out").unlink()
    ran = council.run()
    assert (ran.status, ran.json["workbook"] is None) == (0, False)


def written(council: Council) -> int:
    """Bytes of the store's files, its log among them."""
    size = 0
    for path in council.database.parent.glob("auditor.db*"):
        with suppress(FileNotFoundError):  # the log goes when the run ends
            size += path.stat().st_size
    return size


@pytest.mark.skipif(os.name != "posix", reason="a terminal's Ctrl-C goes to the whole group")
def test_ctrl_c_is_one_line_and_the_next_run_goes_on(council: Council) -> None:
    raw = letter(f"{CANARY} number 00000.", n=0).replace(b"<0@", b"<00000@")
    with (council.folder / "mail" / f"{CLERK}.mbox").open("wb") as file:
        for n in range(6000):
            file.write(b"From x Mon Nov 16 09:00:00 2026\n" + raw.replace(b"00000", b"%05d" % n) + b"\n")
    command = [sys.executable, "-m", "auditor", "run", "--json"]
    running = subprocess.Popen(
        command, cwd=council.folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    until, before = time.monotonic() + 60, written(council)
    while time.monotonic() < until and running.poll() is None and written(council) < before + 200_000:
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    refused(Ran(1, out.decode(), err.decode()), 1, "Nothing is lost")
    held = council.auditor("status", "--json").json["store"]["messages"]
    assert 3 < held < 6004
    ran = council.run()
    assert ran.boxes[CLERK]["new"] + ran.boxes[TOM]["new"] == 6004 - held
    assert {ran.boxes[box]["status"] for box in BOXES} == {"complete"}


UNTOLD = "users_informed_on"


def test_that_people_were_not_told_is_said_by_every_command_that_shows_their_mail(council: Council) -> None:
    schedule = council.folder / "schedule.toml"
    told = schedule.read_text(encoding="utf-8")
    schedule.write_text(told.replace(f"{UNTOLD} = 2026-01-05\n", ""), encoding="utf-8")
    scan = "scan", str(council.file(TOM, "bench")), "--format", "jsonl"
    for command in (("run", "--json"), ("status", "--json"), ("report",), scan):
        ran = council.auditor(*command)
        assert ran.status == 0
        assert UNTOLD in ran.sentence
        assert UNTOLD not in ran.out
    checked = council.auditor("check", "--json")
    assert (checked.status, checked.err) == (0, "")
    schedule.write_text(told, encoding="utf-8")
    assert council.auditor("status", "--json").err == ""


def test_what_this_version_does_not_act_on_is_said(council: Council) -> None:
    council.schedule(rest='[engine]\nkind = "dask"\n')
    said = council.auditor("check", "--json").json["checks"]
    assert [c["detail"] for c in said if c["subject"] == "[engine] kind"] == ["This version does not act on it yet."]


def test_that_nobody_is_clerk_is_said(council: Council) -> None:
    assert "Nobody has this role" not in council.auditor("check").out
    schedule = council.folder / "schedule.toml"
    schedule.write_text(schedule.read_text(encoding="utf-8").replace('"clerk"', '"rfo"'), encoding="utf-8")
    checked = council.auditor("check", "--json")
    [found] = [c for c in checked.json["checks"] if c["check"] == "people"]
    assert (checked.status, found["subject"], found["ok"]) == (0, "clerk", True)
    assert 'role = "clerk"' in found["mend"]


def test_a_day_that_is_none_is_refused_in_plain_words(tmp_path: Path) -> None:
    ran = stow(tmp_path).auditor("run", "--since", "yesterday")
    assert ran.status == 2
    assert "'yesterday' is no day; write it as 2025-01-31." in ran.sentence


def test_the_status_tells_moments_as_a_person_reads_them(tmp_path: Path) -> None:
    council = stow(tmp_path)
    assert council.run().status == 0
    told = council.auditor("status").out
    assert re.search(
        r"^Last run: number 1, ended on \w+day \d+ \w+ \d{4} at \d\d:\d\d \(UK time\), all well\.$", told, re.MULTILINE
    )
    assert re.search(r"^Next run: \w+day \d+ \w+ \d{4} at 02:15 \(UK time\)\.", told, re.MULTILINE)
    assert re.search(r"searchable, \d+\.\d MB\.$", told, re.MULTILINE)
