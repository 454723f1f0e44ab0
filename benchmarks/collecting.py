"""How fast mail is collected from a provider that keeps its limits, beside a plain loop with the usual libraries.

    python benchmarks/collecting.py DATA [--seconds N] [--only microsoft|google]

DATA holds `enron_sent/dev/*.mbox.gz`, whose letters fill the mailboxes. Loopback TLS servers (`tests/providers`) with the
providers' own limits, scaled so that a run takes about N seconds, serve one mailbox and then twelve; the real
connectors collect them through the whole night (read, judged, stored). Printed are the calls (or quota units) spent as a
share of what the quota allows in that time, the share of replies that were throttled, processor milliseconds a message
without the child that reads and judges, and the same of the plain loop: one mailbox after another, one call after
another, waiting when it is told to.
"""

from __future__ import annotations

import argparse
import gzip
import json
import mailbox
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.parse
from itertools import cycle, islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests/connectors")]
BOXES = [f"box{number:02}@council.example" for number in range(12)]
GRAPH_CALLS, GRAPH_WINDOW = 10_000, 600.0
"""What Microsoft allows an application and mailbox."""
GMAIL_UNITS, GMAIL_WINDOW = 6_000, 60.0
"""What Google allows a project and user."""
SPEED = {("microsoft", 1): 2.0, ("microsoft", 12): 0.35, ("google", 1): 12.0, ("google", 12): 1.2}
"""By how much the limits are scaled: so much that this machine is not what holds the collecting up."""


WINDOW = 10.0
"""Seconds in which so much is allowed, in place of minutes: a run is then longer than what is allowed at once."""


def scale(window: float, speed: float) -> float:
    """What is allowed within the scaled window, of what is allowed within the true one."""
    return WINDOW * speed / window


def letters(data: Path, count: int) -> list[bytes]:
    """So many letters, repeated where there are fewer."""
    found: list[bytes] = []
    for path in sorted((data / "enron_sent" / "dev").glob("*.mbox.gz")):
        with tempfile.NamedTemporaryFile() as plain:
            plain.write(gzip.decompress(path.read_bytes()))
            plain.flush()
            found += [bytes(one) for one in mailbox.mbox(plain.name)]
        if len(found) >= count:
            break
    if not found:
        sys.exit(f"{data}/enron_sent/dev holds no *.mbox.gz.")
    return list(islice(cycle(found), count))


def serve(provider: str, data: Path, folder: Path, boxes: int, each: int, speed: float) -> None:
    """A server with filled mailboxes, until it is killed; its figures stand in `folder/figures`."""
    mail = letters(data, each)
    if provider == "microsoft":
        from providers.microsoft import Limits, Tenant

        tenant = Tenant(folder)
        limits = []
        for address in BOXES[:boxes]:
            box = tenant.mailbox(address)
            for raw in mail:
                box.deliver(raw, "sentitems")
            allowed = int(GRAPH_CALLS / GRAPH_WINDOW * speed * WINDOW)
            box.limits = Limits(rate=allowed, window=WINDOW, in_flight=4, delay=0.02)
            limits.append(box)
        server, told = tenant.server, {"toml": tenant.toml(BOXES[:boxes], ["all"]), "secret": tenant.secret}
    else:
        from providers.gmail_limits import Limits as Units
        from providers.google import Workspace

        workspace = Workspace(folder)
        limits = []
        for address in BOXES[:boxes]:
            user = workspace.mailbox(address)
            for raw in mail:
                user.deliver(raw)
            user.limits = Units(units=int(GMAIL_UNITS / GMAIL_WINDOW * speed * WINDOW), window=WINDOW, takes=0.02)
            limits.append(user.limits)
        server, told = workspace.server, {"toml": workspace.toml(BOXES[:boxes], ["all"]), "secret": ""}
    (folder / "ready.part").write_text(json.dumps(told))
    (folder / "ready.part").rename(folder / "ready")
    moments: list[float] = []
    whole = server.route

    def timed(call: Any) -> Any:
        moments[1:] = [time.monotonic()]  # the first and the last
        if len(moments) == 1:
            moments.append(moments[0])
        return whole(call)

    server.route = timed
    while True:
        time.sleep(0.2)
        figures = {
            "seconds": moments[-1] - moments[0] if moments else 0.0,
            "calls": len(server.calls),
            "spent": sum(getattr(one, "spent", 0) for one in limits),
            "throttled": sum(one.throttled for one in limits),
            "wrong": len(server.wrong),
        }
        (folder / "figures.part").write_text(json.dumps(figures))
        (folder / "figures.part").rename(folder / "figures")


def collect(folder: Path, provider: str, speed: float) -> dict[str, float]:
    """A whole night with the real connectors; seconds, and processor seconds without the child's."""
    import connectors
    from auditor.cli.workplace import open_the_store
    from auditor.config import load
    from auditor.pipeline.night import Duty, Night, utc_now, window
    from auditor.pipeline.pull import Clock

    config = load(folder / "schedule.toml")
    (table,) = config.schedule.sources
    if provider == "microsoft":
        from connectors.graph import Limits as Calls

        usual = Calls()
        limits: Any = Calls(
            usual.rate * speed, usual.burst * scale(GRAPH_WINDOW, speed), usual.in_flight, usual.everywhere
        )
    else:
        from connectors.gmail import Limits as Units

        units = Units()
        part = scale(GMAIL_WINDOW, speed)  # a batch is spent at once, as a burst is
        limits = Units(units.rate * speed, units.burst * part, max(1, int(units.batch * part)))
    source: Any = connectors.CONNECTORS[table.kind](table, config)
    source._limits = limits
    with open_the_store(config) as store:
        before, began = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
        result = Night(
            store=store, policy=config.policy, duties=[Duty(source, 900.0)], window=window(config.policy, 1200, None, utc_now()),
            now=utc_now, clock=Clock(time.monotonic, time.sleep), report=lambda _run: [],
        ).run()  # fmt: skip
        took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF)
    messages = sum(box.new for box in result.mailboxes)
    for box in result.mailboxes:
        if box.error:
            print(f"{box.mailbox}: {box.status}, {box.error}", file=sys.stderr)
    states = {str(box.status) for box in result.mailboxes}
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": took, "processor": processor, "messages": messages, "complete": float(states == {"complete"}),
            "peak": after.ru_maxrss / 1024}  # fmt: skip


def plain_microsoft(told: dict[str, str], deadline: float) -> tuple[int, float]:
    """What a loop with msal and requests does until the deadline: messages and seconds."""
    import tomllib

    import msal
    import requests

    (table,) = tomllib.loads(told["toml"])["sources"]
    session = requests.Session()
    session.verify, session.trust_env = table["ca_bundle"], False
    app = msal.ConfidentialClientApplication(
        table["client_id"], client_credential=told["secret"], authority=f"{table['authority']}/{table['tenant']}",
        instance_discovery=False, http_client=session,
    )  # fmt: skip
    began, count = time.monotonic(), 0

    def ask(url: str) -> requests.Response:
        while True:
            token = app.acquire_token_for_client(["https://graph.microsoft.com/.default"])["access_token"]
            got = session.get(url, headers={"Authorization": f"Bearer {token}", "Prefer": 'IdType="ImmutableId"'})
            if got.status_code != 429:
                return got
            time.sleep(float(got.headers["Retry-After"]))

    for address in table["mailboxes"]:
        base = f"{table['endpoint']}/users/{urllib.parse.quote(address)}"
        url = f"{base}/mailFolders/sentitems/messages?$select=id&$top=500"
        while url:
            said = ask(url).json()
            for one in said["value"]:
                ask(f"{base}/messages/{one['id']}/$value")
                count += 1
                if time.monotonic() > deadline:
                    return count, time.monotonic() - began
            url = said.get("@odata.nextLink", "")
    return count, time.monotonic() - began


def plain_google(told: dict[str, str], deadline: float) -> tuple[int, float]:
    """What a loop with Google's own libraries does until the deadline: messages and seconds."""
    import tomllib

    import google_auth_httplib2
    import httplib2
    from google.oauth2 import service_account
    from googleapiclient.discovery import build
    from googleapiclient.errors import HttpError

    (table,) = tomllib.loads(told["toml"])["sources"]
    began, count = time.monotonic(), 0
    for address in table["mailboxes"]:
        credentials = service_account.Credentials.from_service_account_file(  # type: ignore[no-untyped-call]
            table["key"].removeprefix("file:"),
            scopes=["https://www.googleapis.com/auth/gmail.readonly"],
            subject=address,
        )
        http = google_auth_httplib2.AuthorizedHttp(
            credentials, http=httplib2.Http(ca_certs=table["ca_bundle"], proxy_info=None, decode_limit_ratio=0)
        )
        service = build("gmail", "v1", http=http, client_options={"api_endpoint": table["endpoint"] + "/"},
                        static_discovery=True, cache_discovery=False)  # fmt: skip
        messages = service.users().messages()
        asked = messages.list(userId="me", maxResults=500)
        while asked is not None:
            said = asked.execute(num_retries=8)
            for one in said.get("messages", []):
                while True:
                    try:
                        messages.get(userId="me", id=one["id"], format="raw").execute(num_retries=0)
                        break
                    except HttpError:
                        time.sleep(1.0)
                count += 1
                if time.monotonic() > deadline:
                    return count, time.monotonic() - began
            asked = messages.list_next(asked, said)
    return count, time.monotonic() - began


def figures(folder: Path) -> dict[str, float]:
    time.sleep(0.5)
    return dict(json.loads((folder / "figures").read_text()))


def measured(provider: str, boxes: int, data: Path, seconds: float, ours: bool) -> str:
    """One line."""
    speed = SPEED[provider, boxes]
    rate = (GRAPH_CALLS / GRAPH_WINDOW if provider == "microsoft" else GMAIL_UNITS / GMAIL_WINDOW / 20) * speed
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        each = max(50, int(rate * seconds))
        server = subprocess.Popen(
            [sys.executable, __file__, str(data), "--serve", provider, str(folder), str(boxes), str(each), str(speed)]
        )
        try:
            while not (folder / "ready").exists():
                assert server.poll() is None
                time.sleep(0.1)
            told = json.loads((folder / "ready").read_text())
            os.environ["AUDITOR_M365_SECRET"] = told["secret"] or "none"
            configure(folder, told["toml"])
            if ours:
                found = collect(folder, provider, speed)
                messages = int(found["messages"])
                more = (
                    f"; {found['processor'] / messages * 1000:.2f} ms processor a message; peak {found['peak']:.0f} MB"
                )
                more += "" if found["complete"] else "; NOT COMPLETE"
            else:
                plain = plain_microsoft if provider == "microsoft" else plain_google
                messages, _ = plain(told, time.monotonic() + seconds)
                more = ""
            seen = figures(folder)
        finally:
            server.kill()
            server.wait()
    took = seen["seconds"]
    spent = seen["calls"] if provider == "microsoft" else seen["spent"] / 20
    share = spent / (rate * boxes * took)
    throttled = seen["throttled"] / max(1, seen["calls"])
    who = "ours" if ours else "plain loop"
    return (
        f"{provider:10} {boxes:2} mailbox{'es' if boxes > 1 else '  '} {who:10}: {messages / took:6.1f} messages/s, "
        f"{share:.1%} of the quota, {throttled:.2%} throttled{more}"
    )


def configure(folder: Path, sources: str) -> None:
    for kind in ("signatures", "waivers"):
        (folder / "policy" / kind).mkdir(parents=True)
        (folder / "policy" / kind / "one.txt").write_text("For the person named.\n")
    head = '[council]\nname = "Benchmark"\ndomains = ["council.example"]\n'
    person = f'[[people]]\nname = "Nobody"\nrole = "clerk"\nmailbox = "{BOXES[0]}"\n'
    (folder / "schedule.toml").write_text(f"{head}{person}{sources}\n[policy]\nretention_months = 1200\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path)
    options.add_argument("--seconds", type=float, default=30.0)
    options.add_argument("--only", choices=("microsoft", "google"))
    options.add_argument("--serve", nargs=5, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        provider, folder, boxes, each, speed = given.serve
        serve(provider, given.data, Path(folder), int(boxes), int(each), float(speed))
    for provider in ("microsoft", "google"):
        if given.only in (None, provider):
            for boxes in (1, 12):
                for ours in (True, False):
                    print(measured(provider, boxes, given.data, given.seconds, ours), flush=True)


if __name__ == "__main__":
    main()
