"""What `auditor serve install` writes is what systemd and the Task Scheduler read."""

from __future__ import annotations

import configparser
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stow import Council, stow

from auditor.cli.systemd import plain, quoted

SPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
ANALYZE = shutil.which("systemd-analyze")


@pytest.fixture
def council(tmp_path: Path) -> Council:
    (
        folder := tmp_path / ("Stow $HOME 100%i & 'sons'" if os.name == "nt" else "Stow \"$HOME\" 100%i & 'sons' \\n")
    ).mkdir()
    council = stow(folder)
    council.schedule(
        rest='[schedule]\nnightly = "23:05"\nweekly = "sun 01:30"\n[store]\nurl = "sqlite:///my data/auditor.db"\n'
    )
    return council


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment]
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


def words(line: str) -> list[str]:
    """Words as systemd reads them: in double quotes, `\\` before a quote or another one, `%%` for `%`."""
    return [word.replace("%%", "%") for word in shlex.split(line)]


def test_systemd_units_name_this_program_and_this_council(council: Council) -> None:
    told = council.auditor("serve", "install", "--systemd")
    assert (told.status, told.err) == (0, "")
    service = council.folder / "service"
    command = [sys.executable, "-m", "auditor", "--config", str(council.folder / "schedule.toml")]
    for name, argument in (("mailbox-auditor", "run"), ("mailbox-auditor-serve", "serve")):
        table = unit(service / f"{name}.service")["Service"]
        assert table["ExecStart"].startswith(":")
        assert words(table["ExecStart"][1:]) == [*command, argument]
        assert table["WorkingDirectory"].replace("%%", "%") == str(council.folder)
        written = [council.folder / one for one in ("my data", "out", "out/chair")]
        assert words(table["ReadWritePaths"]) == [str(path) for path in written]
        assert all(path.is_dir() for path in written), "systemd refuses to start with a folder that is not there"
        assert table["TimeoutStopSec"] == "15"
        assert (table["NoNewPrivileges"], table["ProtectSystem"], table["UMask"]) == ("yes", "strict", "0077")
        if os.name != "nt":
            assert (service / f"{name}.service").stat().st_mode & 0o077 == 0
            assert table["User"] == (council.folder / "schedule.toml").owner()
    assert unit(service / "mailbox-auditor.service")["Service"]["Type"] == "oneshot"
    always = unit(service / "mailbox-auditor-serve.service")["Service"]
    assert (always["Restart"], always["RestartSec"]) == ("on-failure", "1h")
    assert "RestartPreventExitStatus" not in always, "once schedule.toml is mended the nights go on by themselves"
    timer = (service / "mailbox-auditor.timer").read_text(encoding="utf-8")
    assert "OnCalendar=*-*-* 23:05:00 Europe/London\nOnCalendar=Sun *-*-* 01:30:00 Europe/London\n" in timer
    assert "Persistent=true" in timer
    commands = [shlex.split(line) for line in told.out.splitlines() if line.startswith("  sudo ")]
    assert commands[0][:4] == ["sudo", "install", "-m", "644"]
    assert commands[0][4:6] == [str(service / "mailbox-auditor.service"), str(service / "mailbox-auditor.timer")]
    assert commands[2] == ["sudo", "systemctl", "enable", "--now", "mailbox-auditor.timer"]


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_systemd_accepts_them(council: Council) -> None:
    council.auditor("serve", "install", "--systemd")
    units = sorted((council.folder / "service").glob("mailbox-auditor*"))
    assert len(units) == 3
    for path in units:
        shutil.copy(path, council.folder.parent / path.name)  # a path of theirs must itself be a plain one
    copies = [str(council.folder.parent / path.name) for path in units]
    done = subprocess.run([str(ANALYZE), "verify", *copies], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    for line in (council.folder / "service" / "mailbox-auditor.timer").read_text(encoding="utf-8").splitlines():
        if line.startswith("OnCalendar="):
            moment = line.partition("=")[2]
            assert subprocess.run([str(ANALYZE), "calendar", moment], capture_output=True, timeout=60).returncode == 0


@given(
    st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="\x85"), min_size=1).map(
        lambda t: f"a {t} b"
    )
)
def test_any_word_survives_systemds_reading(word: str) -> None:
    assert words(quoted(word)) == [word]
    assert plain(word).replace("%%", "%") == word


def test_the_windows_task_is_what_the_task_scheduler_reads(council: Council) -> None:
    told = council.auditor("serve", "install", "--windows")
    assert (told.status, told.err) == (0, "")
    assert 'schtasks /Create /TN "Mailbox auditor" /XML "' in told.out
    raw = (council.folder / "service" / "mailbox-auditor.xml").read_bytes()
    assert raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    task = ElementTree.fromstring(raw)  # noqa: S314
    found = {one.tag.removeprefix(SPACE): (one.text or "").strip() for one in task.iter()}
    starts = [one.text or "" for one in task.iter(f"{SPACE}StartBoundary")]
    assert [start[11:] for start in starts] == ["23:05:00", "01:30:00"]
    assert "Sunday" in found
    assert (found["StartWhenAvailable"], found["WakeToRun"], found["MultipleInstancesPolicy"]) == (
        "true",
        "true",
        "IgnoreNew",
    )
    assert found["ExecutionTimeLimit"].startswith("PT")
    assert found["Command"] == sys.executable
    assert found["WorkingDirectory"] == str(council.folder)
    assert found["Arguments"] == subprocess.list2cmdline(
        ["-m", "auditor", "--config", str(council.folder / "schedule.toml"), "run"]
    )


def test_secrets_from_the_environment_are_named_and_not_read(council: Council) -> None:
    council.schedule(rest='[audit]\nkey = "env:STOW_TRAIL"\n')
    for kind in ("--systemd", "--windows"):
        told = council.auditor("serve", "install", kind, env={"STOW_TRAIL": "quizzaciously"})
        assert "(STOW_TRAIL)" in told.out
        files = b"".join(path.read_bytes() for path in (council.folder / "service").iterdir())
        assert b"quizzaciously" not in files


def test_wrong_use_is_one_sentence(council: Council) -> None:
    ran = council.auditor("serve", "install", "--systemd", "--windows")
    assert (ran.status, "not both" in ran.sentence) == (2, True)
    assert not (council.folder / "service").exists()
