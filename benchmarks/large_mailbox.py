"""Memory of `auditor run` on a mailbox of very many messages, beside one of a thousand.

    python benchmarks/large_mailbox.py [--messages N …] [--only microsoft|google]

A loopback server (`tests/providers`) holds one mailbox of N messages, all older than the window: each is listed, none is
fetched, and every id is accounted for. Two nights: the first lists the mailbox, the second asks what has changed. Printed
are each night's seconds and the peak memory of its largest process (resident set, as the system counts it).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
BOX = "clerk@council.example"
OLD = datetime(2018, 11, 12, 9, 14, tzinfo=UTC)
LETTER = f"""\
From: {BOX}
To: hall@village.example
Subject: Hall
Date: Mon, 12 Nov 2018 09:14:00 +0000
Message-ID: <1@council.example>

The hall is free on Tuesday.
""".replace("\n", "\r\n").encode()


def serve(provider: str, folder: Path, messages: int) -> None:
    """A server with such a mailbox, until it is killed."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    if provider == "microsoft":
        from providers.microsoft import Tenant

        tenant = Tenant(folder)
        box = tenant.mailbox(BOX)
        for _ in range(messages):
            box.deliver(LETTER, "sentitems")
        told = tenant.toml([BOX], ["all"]), tenant.secret
    else:
        from providers.google import Workspace

        workspace = Workspace(folder)
        user = workspace.mailbox(BOX)
        for _ in range(messages):
            user.deliver(LETTER, received=OLD)
        told = workspace.toml([BOX], ["all"]), ""
    (folder / "ready.part").write_text(json.dumps(told))
    (folder / "ready.part").rename(folder / "ready")
    while True:
        time.sleep(60)


def night(folder: Path) -> tuple[float, int, str]:
    """Seconds, peak memory in MB and the mailbox's outcome of `auditor run`."""
    began = time.monotonic()
    with (folder / "said").open("w+b") as said:
        run = subprocess.Popen(
            [sys.executable, "-m", "auditor", "run", "--json"],
            cwd=folder,
            stdout=said,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
        took = time.monotonic() - began
        said.seek(0)
        answer = json.loads(said.read().splitlines()[-1])
    (box,) = answer["mailboxes"]
    return took, used.ru_maxrss >> 10, f"{box['status']}{': ' + box['error'] if box['error'] else ''}"


def measured(provider: str, messages: int) -> None:
    """A line for each of two nights."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = subprocess.Popen([sys.executable, __file__, "--serve", provider, name, "--messages", str(messages)])
        try:
            while not (folder / "ready").exists():
                if server.poll() is not None:
                    sys.exit("The server did not start.")
                time.sleep(0.1)
            sources, os.environ["AUDITOR_M365_SECRET"] = json.loads((folder / "ready").read_text())
            configure(folder, sources)
            for which in ("first", "second"):
                took, peak, outcome = night(folder)
                print(
                    f"{provider:10} {messages:9,} messages, {which:6} night: {took:7.1f} s, peak {peak} MB, {outcome}",
                    flush=True,
                )
        finally:
            server.kill()
            server.wait()


def configure(folder: Path, sources: str) -> None:
    for kind in ("signatures", "waivers"):
        (folder / "policy" / kind).mkdir(parents=True)
        (folder / "policy" / kind / "one.txt").write_text("For the person named.\n")
    head = '[council]\nname = "Benchmark"\ndomains = ["council.example"]\nusers_informed_on = 2020-01-01\n'
    person = f'[[people]]\nname = "Nobody"\nrole = "clerk"\nmailbox = "{BOX}"\n'
    (folder / "schedule.toml").write_text(f"{head}{person}{sources}\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--messages", type=int, nargs="+", default=[1_000, 1_000_000])
    options.add_argument("--only", choices=("microsoft", "google"))
    options.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        serve(given.serve[0], Path(given.serve[1]), given.messages[0])
    for provider in ("microsoft", "google"):
        if given.only in (None, provider):
            for messages in given.messages:
                measured(provider, messages)


if __name__ == "__main__":
    main()
