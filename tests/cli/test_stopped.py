"""A night that waits for a provider ends when somebody stops it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from builders import eml
from providers.loopback import Fault
from providers.microsoft import Tenant

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


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize("boxes", [1, 12])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_within_seconds(boxes: int, sent: signal.Signals, tmp_path: Path) -> None:
    with Tenant(tmp_path / "tenant") as tenant:
        for number in range(boxes):
            tenant.mailbox(f"m{number}@council.example").deliver(eml(n=number), "inbox")
        tenant.server.script([Fault("value$", times=None, status=429, headers={"Retry-After": "600"})])
        for kind in ("signatures", "waivers"):
            (tmp_path / "policy" / kind).mkdir(parents=True)
            (tmp_path / "policy" / kind / "full.txt").write_text("Agreed\n")
        schedule = tmp_path / "schedule.toml"
        schedule.write_text(COUNCIL + tenant.toml(folders=["all"]) + "[policy]\n")
        process = subprocess.Popen(
            [sys.executable, "-m", "auditor", "--config", str(schedule), "run"],
            env=os.environ | {"AUDITOR_M365_SECRET": tenant.secret}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        end = time.monotonic() + 30
        while len(tenant.server.matching("value$")) < boxes and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(sent)
        began = time.monotonic()
        out, err = process.communicate(timeout=20)
        assert time.monotonic() - began < 5
        assert process.returncode == 130, (out, err)
        assert err.strip() == b"Stopped. Nothing is lost; run it again to go on."
