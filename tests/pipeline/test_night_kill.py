"""A kill at any instant loses nothing and doubles nothing.

A child does a whole night (collect, judge, workbook) on real files and a real store and is killed at a random moment;
the next child goes on, until one finishes; what is then held must equal an undisturbed night's, fact for fact. The
same is asked of a build broken on purpose, whose cursor runs ahead of its mail: that one must be caught.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import killing
import pytest
from builders import eml
from changes import replace
from openpyxl import load_workbook

from auditor.cli.reporting import Desk
from auditor.cli.workplace import duties, open_the_store
from auditor.config import Config, load
from auditor.pipeline import check as check_module
from auditor.pipeline import intake as intake_module
from auditor.pipeline import night as night_module
from auditor.pipeline.night import Night, rules_version, window
from auditor.pipeline.pull import Clock
from auditor.store.records import Batch, Committed
from auditor.store.sqlite.store import SqliteStore

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")

KILLS = int(os.environ.get("AUDITOR_KILLS", "60"))
SEED = int(os.environ.get("AUDITOR_SEED", time.time_ns() % 1_000_000))
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
BOXES = ("clerk@council.example", "tom.bell@council.example", "ivy@council.example")


def council(folder: Path) -> None:
    """Three mailboxes in the three forms, some hundred messages, replies and copies among them."""
    (folder / "policy" / "signatures").mkdir(parents=True)
    (folder / "policy" / "waivers").mkdir(parents=True)
    (folder / "policy" / "signatures" / "full.txt").write_text("{name}\n{title}\nStow Parish Council", encoding="utf-8")
    (folder / "policy" / "waivers" / "short.txt").write_text(
        "This message is for the person it names. If it reached you by mistake please tell the Clerk and delete it.",
        encoding="utf-8",
    )
    people = "".join(
        f'[[people]]\nname = "{name}"\nrole = "{role}"\nmailbox = "{box}"\n'
        for name, role, box in zip(
            ("Ann Marsh", "Tom Bell", "Ivy Holt"), ("clerk", "councillor", "councillor"), BOXES, strict=True
        )
    )
    (folder / "schedule.toml").write_text(
        '[council]\nname = "Stow Parish Council"\ndomains = ["council.example"]\n'
        + people
        + '[[sources]]\nkind = "files"\nroot = "mail"\nfolders = ["all"]\n[policy]\nretention_months = 24\n',
        encoding="utf-8",
    )
    clerk, tom, ivy = (folder / "mail" / box for box in BOXES)
    (clerk / "sent").mkdir(parents=True)
    for part in ("cur", "new", "tmp"):
        (tom / "Sent" / part).mkdir(parents=True)
    for n in range(60):
        raw = eml(sender=BOXES[0], to=[BOXES[1]], subject=f"Agenda {n}", body=f"Dear Tom\n\nItem {n} is yours.\n", n=n)
        (clerk / "sent" / f"{n:03}.eml").write_bytes(raw)
        answer = eml(
            sender=BOXES[1],
            to=[BOXES[0]],
            subject=f"Re: Agenda {n}",
            body=f"Thanks, {n} noted.\n",
            n=1000 + n,
            answers=n,
        )
        (tom / "Sent" / "cur" / f"{n:03}.stow:2,S").write_bytes(answer)
    letters = [
        eml(sender=BOXES[2], to=["x@example.org"], subject=f"Trees {n}", body="The oak stands.\n", n=2000 + n)
        for n in range(60)
    ]
    (folder / "mail" / f"{BOXES[2]}.mbox").write_bytes(
        b"".join(b"From ivy@council.example Mon Nov 16 09:00:00 2026\n" + raw + b"\n" for raw in letters)
    )
    assert ivy.name == BOXES[2]


def night(config: Config, workbook: bool = False) -> None:
    """One whole pass, page by small page, with or without its workbook, which takes most of the time."""
    with open_the_store(config) as store:
        desk = Desk(config, store, NOW)
        sources = [replace(duty, source=_Small(duty.source)) for duty in duties(config)]
        tonight = Night(
            store=store,
            policy=config.policy,
            duties=sources,
            window=window(config.policy, 24, None, NOW),
            now=lambda: NOW,
            clock=Clock(time.monotonic, time.sleep),
            report=lambda _run: [written.path for written in desk.due()] if workbook else [],
        )
        tonight.run()


class _Small:
    """A source whose pages are cut small, so that there are many instants between them."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self.name, self.mailboxes = source.name, source.mailboxes
        self.abreast, self.requests = source.abreast, source.requests

    def pages(self, mailbox: str, cursor: str | None, held: Any) -> Iterator[Any]:
        for page in self._source.pages(mailbox, cursor, held):
            entries, earlier = page.entries, cursor or ""
            for at in range(0, max(len(entries) - 9, 0), 9):
                yield replace(page, entries=entries[at : at + 9], cursor=earlier, count=None)
            yield replace(page, entries=entries[len(entries) - 1 - (len(entries) - 1) % 9 :] if entries else ())


def dump(config: Config) -> dict[str, Any]:
    """Everything the store holds that must not depend on how often the night was interrupted."""
    with open_the_store(config) as store:
        rows = (
            store.findings(reported="2026-W47") + store.findings(reported="backlog") + store.findings(unreported=True)
        )
        accounts = [(c.mailbox, c.provider_count, c.collected, c.gaps, c.removed) for c in store.coverage()]
        facts = store.facts()
        assert facts.messages == facts.searchable
        assert store.queue(10) == []
        for row in rows:
            store.evidence(row.sha256)
        return {
            "accounts": accounts,
            "messages": facts.messages,
            "findings": sorted((r.id, r.mailbox, r.finding.rule, r.reported or "") for r in rows),
            "version": rules_version(config.policy),
        }


def point(config: Config) -> tuple[object, ...]:
    """Where a killed night had got to."""
    with open_the_store(config) as store:
        cursors = tuple(store.cursor("files", box) for box in BOXES)
        found = len(store.findings(unreported=True)), tuple(store.reports())
        return store.facts().messages, len(store.queue(1000)), cursors, *found


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    council(tmp_path)
    monkeypatch.setattr(night_module, "Guard", killing.Inline)
    monkeypatch.setattr(check_module, "PAGE", 5)
    monkeypatch.setattr(intake_module, "MESSAGES", 15)
    return load(tmp_path / "schedule.toml")


def disturbed(
    config: Config, kills: int, chance: random.Random, work: Callable[[], None]
) -> tuple[int, set[object], str]:
    """Kills nights until `kills` were killed; how many were, the distinct points they hit, and what was wrong."""
    folders = [config.folder / name for name in ("data", "out")]
    done, points, _, wrong = killing.disturbed(
        work, partial(dump, config), partial(point, config), folders, kills, chance
    )
    return done, points, wrong


def told(record_property: Callable[[str, object], None], done: int, points: set[object]) -> None:
    record_property("told", f"{done} kills at {len(points)} distinct points, seed {SEED}")


def test_a_kill_at_any_instant_loses_nothing_and_doubles_nothing(
    config: Config, record_property: Callable[[str, object], None]
) -> None:
    done, points, wrong = disturbed(config, KILLS, random.Random(SEED), partial(night, config))
    told(record_property, done, points)
    assert not wrong, f"seed {SEED}: {wrong}"
    assert len(points) > min(KILLS // 10, 20), "the kills fell on too few points to prove anything"


def test_a_kill_while_the_workbook_is_written_leaves_a_whole_one_or_none(
    config: Config, record_property: Callable[[str, object], None]
) -> None:
    done, points, wrong = disturbed(config, KILLS // 10, random.Random(SEED), partial(night, config, workbook=True))
    told(record_property, done, points)
    assert not wrong, f"seed {SEED}: {wrong}"
    [book] = (config.folder / "out").glob("*.xlsx")
    assert load_workbook(book).sheetnames[0] == "Start"


def test_the_same_test_catches_a_cursor_that_runs_ahead_of_its_mail(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = SqliteStore.commit_all

    def commit_all(store: SqliteStore, batches: Sequence[Batch], ticket: str = "") -> list[Committed]:
        whole(store, [replace(batch, arrivals=()) for batch in batches])  # the cursor first, in its own transaction
        killing.busy(0.01)
        return whole(store, batches, ticket)

    monkeypatch.setattr(SqliteStore, "commit_all", commit_all)
    _, _, wrong = disturbed(config, KILLS, random.Random(7), partial(night, config))
    assert wrong
