"""The whole of `auditor run` killed at any instant: the next one ends as if nothing had been.

Everything that a night does besides collecting and judging is in it: what is before, the workbook, the trail, the backup.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import killing
import pytest
from openpyxl import load_workbook

from auditor.cli.run import pass_over
from auditor.cli.workplace import locked, open_the_store
from auditor.config import Config, load
from auditor.pipeline import check as check_module
from auditor.pipeline import intake as intake_module
from auditor.pipeline import night as night_module

sys.path.append(str(Path(__file__).parents[1] / "pipeline"))
from test_night_kill import council

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")

KILLS = int(os.environ.get("AUDITOR_NIGHT_KILLS", "60"))
SEED = int(os.environ.get("AUDITOR_SEED", time.time_ns() % 1_000_000))


def night(config: Config) -> None:
    """What `auditor run` does, without what it says."""
    with locked(config):
        pass_over(config)


def dump(config: Config) -> dict[str, Any]:
    """Everything that must not depend on how often a night was interrupted."""
    with open_the_store(config) as store:
        rows = [row for label in store.reports() for row in store.findings(reported=label)]
        facts = store.facts()
        assert store.prove_trail().whole
        assert store.queue(10) == []
        for row in rows:
            store.evidence(row.sha256)
        held = {
            "accounts": [(c.mailbox, c.provider_count, c.collected, c.gaps, c.removed) for c in store.coverage()],
            "messages": (facts.messages, facts.searchable),
            "findings": sorted((row.id, row.mailbox, row.reported) for row in rows),
            "left": len(store.findings(unreported=True)),
            "reports": sorted(store.reports()),
        }
    books = sorted((config.folder / "out").rglob("*.xlsx"))
    return held | {
        "workbooks": [(book.name, load_workbook(book)["Findings"].max_row) for book in books],
        "unfinished": [path.name for path in config.folder.rglob("*unfinished*")],
    }


def point(config: Config) -> tuple[object, ...]:
    """Where a killed night had got to."""
    with open_the_store(config) as store:
        done = store.facts().messages, len(store.queue(1000)), len(store.findings(unreported=True)), store.head().length
    return *done, *sorted(path.name for path in config.folder.rglob("*") if path.suffix in (".xlsx", ".json"))


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    council(tmp_path)
    schedule = tmp_path / "schedule.toml"
    schedule.write_text(
        schedule.read_text(encoding="utf-8") + '[backup]\nfolder = "backup"\nkeep = 3\n', encoding="utf-8"
    )
    monkeypatch.setattr(night_module, "Guard", killing.Inline)
    monkeypatch.setattr(check_module, "PAGE", 20)
    monkeypatch.setattr(intake_module, "MESSAGES", 60)
    return load(schedule)


def test_a_night_killed_anywhere_is_made_up_for_by_the_next(
    config: Config, record_property: Callable[[str, object], None]
) -> None:
    folders = [config.folder / name for name in ("data", "out", "backup")]
    chance = random.Random(SEED)
    done, points, _, wrong = killing.disturbed(
        partial(night, config), partial(dump, config), partial(point, config), folders, KILLS, chance
    )
    record_property("told", f"{done} kills at {len(points)} distinct points, seed {SEED}")
    assert not wrong, f"seed {SEED}: {wrong}"
    assert len(points) > min(KILLS // 6, 20), "the kills fell on too few points to prove anything"
