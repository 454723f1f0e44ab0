"""A kill at any instant of collecting from a provider loses nothing and doubles nothing.

A child collects three mailboxes from a provider's loopback server, in a process of its own, into a real store and is
killed at a random moment; the next child goes on, until one finishes; what is then held must equal what an undisturbed
night holds, byte for byte. The same is asked of a build broken on purpose, which must be caught.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import killing
import pytest
from builders import eml
from changes import replace
from providers.google import Workspace
from providers.microsoft import Tenant

from auditor.cli.workplace import duties, open_the_store
from auditor.config import Config, load
from auditor.pipeline import intake as intake_module
from auditor.pipeline import night as night_module
from auditor.pipeline.night import Night, utc_now, window
from auditor.pipeline.pull import Clock
from auditor.pipeline.source import Page
from auditor.store.records import Batch, Committed
from auditor.store.sqlite.store import SqliteStore
from connectors.graph.reading import Reading
from connectors.graph.sorting import Sorting

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")

KILLS = int(os.environ.get("AUDITOR_KILLS", "60")) // 2
"""Of each provider."""
SEED = int(os.environ.get("AUDITOR_SEED", time.time_ns() % 1_000_000))
BOXES = ("clerk@council.example", "tom.bell@council.example", "ivy@council.example")
EACH = 12
"""Letters in a mailbox, besides what is unusual."""
ROWS = """SELECT address, pid, stamp, name, lower(hex(sha256)), message_id, subject, sent, received, removed, gone, said
    FROM holdings JOIN mailboxes ON mailboxes.id = holdings.mailbox JOIN folders ON folders.id = holdings.folders
    JOIN evidence ON evidence.id = holdings.evidence LEFT JOIN beside ON beside.holding = holdings.id ORDER BY 1, 2"""
GAPS = (
    "SELECT address, pid, stamp, reason, sha256 FROM gaps JOIN mailboxes ON mailboxes.id = gaps.mailbox ORDER BY 1, 2"
)
PASSED = """SELECT address, pid, stamp, why, day FROM passed_over JOIN mailboxes ON mailboxes.id = passed_over.mailbox
    ORDER BY 1, 2"""


def letter(box: str, n: int, day: str = "Tue, 10 Nov 2026 09:14:00 +0000") -> bytes:
    raw = eml(sender=box, to=["x@example.org"], subject=f"Trees {n}", body=f"The oak stands, {n}.\n", n=n)
    assert b"\nDate: " in raw
    head, _, rest = raw.partition(b"\nDate: ")
    return head + b"\nDate: " + day.encode() + rest[rest.index(b"\n") :]


OLD = "Mon, 12 Nov 2018 09:14:00 +0000"


def microsoft(folder: Path) -> tuple[Any, str]:
    tenant = Tenant(folder)
    for number, address in enumerate(BOXES):
        box = tenant.mailbox(address)
        for n in range(EACH):
            box.deliver(letter(address, number * 100 + n), ("sentitems", "inbox", "Projects/Hall")[n % 3])
        box.deliver(letter(address, number * 100 + 90, OLD), "sentitems")
        box.spoil(box.deliver(letter(address, number * 100 + 91), "sentitems"), "conversion")
        box.spoil(box.deliver(letter(address, number * 100 + 92), "sentitems"), "empty")
        box.recycle(box.deliver(letter(address, number * 100 + 93), "sentitems"))
    os.environ["AUDITOR_M365_SECRET"] = tenant.secret
    return tenant, tenant.toml(BOXES, ["all"])


def google(folder: Path) -> tuple[Any, str]:
    workspace = Workspace(folder)
    for number, address in enumerate(BOXES):
        box = workspace.mailbox(address)
        for n in range(EACH):
            box.deliver(letter(address, number * 100 + n), (("SENT",), ("INBOX",), ("SENT", "INBOX"))[n % 3])
        box.deliver(letter(address, number * 100 + 90, OLD))
        box.spoil(box.deliver(letter(address, number * 100 + 91)), "absent")
        box.trash(box.deliver(letter(address, number * 100 + 93)))
        box.autosave(letter(address, number * 100 + 94), 3)
    return workspace, workspace.toml(BOXES, ["all"])


@contextmanager
def served(make: Callable[[Path], tuple[Any, str]], folder: Path) -> Iterator[str]:
    """The server in a process of its own, so that this one may be forked; its `[[sources]]`."""
    ready = folder / "sources.toml"
    secret = folder / "secret"
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            server, sources = make(folder / "server")
            secret.write_text(getattr(server, "secret", ""), encoding="utf-8")
            ready.with_suffix(".part").write_text(sources, encoding="utf-8")
            ready.with_suffix(".part").rename(ready)
            while True:
                time.sleep(60)
        os._exit(1)
    try:
        while not ready.exists():
            assert os.waitpid(child, os.WNOHANG) == (0, 0), "the server ended"
            time.sleep(0.02)
        os.environ["AUDITOR_M365_SECRET"] = secret.read_text(encoding="utf-8") or "none"
        yield ready.read_text(encoding="utf-8")
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def council(folder: Path, sources: str) -> Config:
    for name in ("signatures", "waivers"):
        (folder / "policy" / name).mkdir(parents=True)
        (folder / "policy" / name / "one.txt").write_text(
            "{name}\n" if name == "signatures" else "For the person named."
        )
    people = "".join(
        f'[[people]]\nname = "{box}"\nrole = "{role}"\nmailbox = "{box}"\n'
        for box, role in zip(BOXES, ("clerk", "councillor", "councillor"), strict=True)
    )
    head = '[council]\nname = "Stow Parish Council"\ndomains = ["council.example"]\n'
    (folder / "schedule.toml").write_text(head + people + sources, encoding="utf-8")
    return load(folder / "schedule.toml")


def night(config: Config) -> None:
    with open_the_store(config) as store:
        Night(
            store=store,
            policy=config.policy,
            duties=duties(config),
            window=window(config.policy, 24, None, utc_now()),
            now=utc_now,
            clock=Clock(time.monotonic, time.sleep),
            report=lambda _run: [],
        ).run()


def dump(config: Config) -> dict[str, Any]:
    """Everything the store holds that must not depend on how often the night was interrupted."""
    with open_the_store(config) as store:
        assert isinstance(store, SqliteStore)
        ask = store._database.rows
        return {
            "holdings": ask(ROWS),
            "gaps": ask(GAPS),
            "passed over": ask(PASSED),
            "accounts": [
                (c.mailbox, c.provider_count, c.collected, c.gaps, c.outside_window) for c in store.coverage()
            ],
            "evidence": sorted((row[4], store.evidence(row[4])) for row in ask(ROWS)),
        }


def point(config: Config) -> tuple[object, ...]:
    """Where a killed night had got to."""
    with open_the_store(config) as store:
        cursors = [len(store.cursor(c.source, c.mailbox) or "") for c in store.coverage()]
        accounts = [(c.mailbox, c.collected, c.gaps, c.outside_window, c.provider_count) for c in store.coverage()]
        return *accounts, *cursors


def disturbed(config: Config, kills: int, chance: random.Random) -> tuple[int, set[object], str]:
    """Kills nights until `kills` were killed; how many were, the distinct points they hit, and what was wrong."""
    data = config.folder / "data"
    done, points, golden, wrong = killing.disturbed(
        partial(night, config), partial(dump, config), partial(point, config), [data], kills, chance
    )
    assert len(golden["holdings"]) > 3 * EACH
    assert golden["gaps"]
    assert golden["passed over"]
    return done, points, wrong


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything handed on in small parts, so that there are many instants between them."""
    monkeypatch.setattr(night_module, "Guard", killing.Inline)
    monkeypatch.setattr(intake_module, "MESSAGES", 2)
    monkeypatch.setattr("connectors.graph.sorting.PAGE", 5)
    monkeypatch.setattr("connectors.paging.ENTRIES", 3)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("make", [microsoft, google])
def test_a_kill_at_any_instant_of_collecting_loses_nothing_and_doubles_nothing(
    tmp_path: Path, make: Callable[[Path], tuple[Any, str]], record_property: Callable[[str, object], None]
) -> None:
    with served(make, tmp_path) as sources:
        done, points, wrong = disturbed(council(tmp_path, sources), KILLS, random.Random(SEED))
    record_property("told", f"{done} kills at {len(points)} distinct points, seed {SEED}")
    assert not wrong, f"seed {SEED}: {wrong}"
    assert len(points) > min(KILLS // 20, 8), "the kills fell on too few points to prove anything"


@pytest.mark.usefixtures("small")
def test_the_same_test_catches_a_cursor_that_runs_ahead_of_its_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = SqliteStore.commit_all

    def commit_all(store: SqliteStore, batches: Sequence[Batch], ticket: str = "") -> list[Committed]:
        # The count and the cursor first, in a transaction of their own.
        whole(store, [replace(batch, arrivals=(), missed=(), skipped=()) for batch in batches])
        killing.busy(0.01)
        return whole(store, batches, ticket)

    def settle(reading: Reading, sort: Sorting) -> Iterator[Page]:
        # The true one counts, finds that something is missing, and lists everything.
        yield reading._out.page(sort.tally.known)

    monkeypatch.setattr(SqliteStore, "commit_all", commit_all)
    monkeypatch.setattr(Reading, "_settle", settle)
    with served(microsoft, tmp_path) as sources:
        _, _, wrong = disturbed(council(tmp_path, sources), KILLS, random.Random(7))
    assert wrong
