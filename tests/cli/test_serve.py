"""`auditor serve` as a process: it catches up, is stopped in the middle of anything, and goes on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from builders import eml
from providers.loopback import Fault
from providers.microsoft import Tenant
from stow import Council, environment, stow

from auditor.errors import StoreError
from auditor.store.sqlite import open_store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")

PATIENCE = 60
STOPPED = "Stopped. Nothing is lost; the next start goes on from here.\n"
COUNCIL = """
[council]
name = "Stow Parish Council"
domains = ["council.example"]
users_informed_on = 2026-01-05
[[people]]
name = "Ann Marsh"
role = "clerk"
mailbox = "m0@council.example"
"""


def until(condition: Callable[[], object]) -> None:
    """Waits for something that another process does."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never came to pass"
        time.sleep(0.05)


@contextmanager
def serving(folder: Path, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "auditor", "serve"],
        cwd=folder, env=environment(env), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def stopped(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
    process.send_signal(how)
    out, err = process.communicate(timeout=10)  # as long as it may take
    return process.returncode, out.decode(), err.decode()


def state(folder: Path) -> str:
    path = folder / "data" / "heartbeat.json"
    return str(json.loads(path.read_text(encoding="utf-8"))["state"]) if path.exists() else ""


def ended(folder: Path) -> list[bool]:
    """Whether each run has ended, newest first."""
    try:
        with open_store(f"sqlite:///{folder / 'data' / 'auditor.db'}", read_only=True) as store:
            return [run.ended is not None for run in store.runs()]
    except StoreError:
        return []  # not there yet, or half made


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return stow(tmp_path)


def test_it_catches_up_stops_and_does_nothing_twice(council: Council) -> None:
    with serving(council.folder) as process:
        until(lambda: (council.folder / "out").exists() and state(council.folder) == "waiting")
        beat = json.loads((council.folder / "data" / "heartbeat.json").read_text(encoding="utf-8"))
        assert (beat.keys(), beat["pid"]) == ({"at", "pid", "state", "since", "next_run"}, process.pid)
        second = council.auditor("serve")
        assert second.status == 3
        assert f"(process {process.pid}, `auditor serve`, since " in second.sentence
        status, out, err = stopped(process)
    assert (status, err) == (0, STOPPED)
    first, *rest = out.splitlines()
    assert first.startswith("Stow Parish Council: the next night begins on ")
    assert len([line for line in rest if line.startswith("Workbook: ")]) == 1
    assert (
        sorted(path.name for path in (council.folder / "data").iterdir() if path.suffix in (".holder", ".json")) == []
    )
    with serving(council.folder) as process:
        until(lambda: state(council.folder) == "waiting")
        status, out, err = stopped(process, signal.SIGINT)
    assert (status, len(out.splitlines())) == (130, 1)
    assert ended(council.folder) == [True]


def test_a_restart_ends_what_was_interrupted(tmp_path: Path) -> None:
    with Tenant(tmp_path / "tenant") as tenant:
        tenant.mailbox("m0@council.example").deliver(eml(n=1), "inbox")
        tenant.server.script([Fault("value$", times=1, status=429, headers={"Retry-After": "600"})])
        for kind in ("signatures", "waivers"):
            (tmp_path / "policy" / kind).mkdir(parents=True)
            (tmp_path / "policy" / kind / "full.txt").write_text("Agreed\n")
        (tmp_path / "schedule.toml").write_text(COUNCIL + tenant.toml(folders=["all"]) + "[policy]\n")
        with serving(tmp_path, AUDITOR_M365_SECRET=tenant.secret) as process:
            until(lambda: tenant.server.matching("value$"))
            assert state(tmp_path) == "running"
            refused = subprocess.run(
                [sys.executable, "-m", "auditor", "run"],
                cwd=tmp_path, env=environment({"AUDITOR_M365_SECRET": tenant.secret}), capture_output=True, timeout=PATIENCE,
            )  # fmt: skip
            assert refused.returncode == 3
            assert f"(process {process.pid}, `auditor serve`, since ".encode() in refused.stderr
            assert stopped(process)[::2] == (0, STOPPED)
        assert ended(tmp_path) == [False]
        with serving(tmp_path, AUDITOR_M365_SECRET=tenant.secret) as process:
            until(lambda: ended(tmp_path) == [True, False] and state(tmp_path) == "waiting")
            assert stopped(process)[::2] == (0, STOPPED)


def test_killed_without_a_word_it_goes_on_too(council: Council) -> None:
    with serving(council.folder) as process:
        until(lambda: state(council.folder))
        process.kill()
        process.communicate()
    with serving(council.folder) as process:  # the locks went with the process; what it noted means nothing
        until(lambda: True in ended(council.folder) and state(council.folder) == "waiting")
        assert stopped(process)[::2] == (0, STOPPED)
    assert ended(council.folder).count(True) == 1


def test_several_councils_wait_for_a_later_version(council: Council) -> None:
    ran = council.auditor("serve", "--councils", "councils")
    assert ran.status == 2
    assert "--councils is for a later version" in ran.sentence
    assert not (council.folder / "data").exists()


def test_what_run_refuses_serve_refuses_at_the_start(council: Council) -> None:
    council.schedule(rest='[store]\nurl = "postgresql+psycopg://somewhere"\n')
    assert (council.auditor("serve").status, council.auditor("serve").sentence) == (2, council.auditor("run").sentence)
    council.schedule(rest='[schedule]\nnightly = "01:15"\n')
    assert (council.auditor("serve").status, council.auditor("serve").sentence) == (2, council.auditor("run").sentence)
