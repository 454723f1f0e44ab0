"""Whatever becomes of the Nth call to a provider, and of all after it: the next night comes to what two good ones do."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import killing
import pytest
from providers.loopback import Fault
from providers.scenarios import _at_night
from test_collecting_kill import BOXES, council, dump, google, microsoft

from auditor.cli.workplace import duties, open_the_store
from auditor.config import Config
from auditor.pipeline import night as night_module
from auditor.pipeline.night import Night, window
from auditor.pipeline.pull import Clock

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the other half of these tests forks")

SEED = int(os.environ.get("AUDITOR_SEED", "1"))
POINTS = int(os.environ.get("AUDITOR_CALLS", "8"))
"""So many calls of a night, of each provider; 0 for every one, in every way."""
DAY = date(2026, 11, 23)
WAYS = (
    {"status": 500},
    {"status": 429, "headers": {"Retry-After": "5"}},
    {"how": "reset"},
    {"how": "cut"},
    {"how": "html"},
    {"status": 403},
    {"status": 404},
)


def nights(config: Config, patch: pytest.MonkeyPatch, *ready: Callable[[], object]) -> dict[str, Any]:
    """A night after each of `ready`, a day later each, in a store of their own; what is then held."""
    shutil.rmtree(config.folder / "data", ignore_errors=True)
    for number, prepare in enumerate(ready):
        quick = _at_night(DAY + timedelta(days=number), patch)
        prepare()
        with open_the_store(config) as store:
            Night(
                store=store,
                policy=config.policy,
                duties=duties(config),
                window=window(config.policy, 24, None, night_module.utc_now()),
                now=night_module.utc_now,
                clock=Clock(quick.now, quick.sleep),
                report=lambda _run: [],
            ).run()
    return dump(config)


@pytest.mark.parametrize("make", [microsoft, google])
def test_whatever_becomes_of_a_call_the_next_night_makes_up_for_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
    make: Callable[[Path], tuple[Any, str]],
) -> None:
    monkeypatch.setattr(night_module, "Guard", killing.Inline)
    monkeypatch.setattr("connectors.paging.ENTRIES", 3)
    _at_night(DAY, monkeypatch)
    provider, sources = make(tmp_path / "server")
    with provider:
        config, server = council(tmp_path, sources), provider.server
        nights(config, monkeypatch, server.calls.clear)
        many = len(server.calls)
        golden = nights(config, monkeypatch, server.faults.clear, server.faults.clear)
        tried = [(at, times, way) for at in range(many) for times in (1, None) for way in WAYS]
        if POINTS:
            tried = random.Random(SEED).sample(tried, POINTS)
        wrong = []
        for at, times, way in tried:
            bad = Fault(".", after=at, times=times, **way)
            held = nights(config, monkeypatch, lambda bad=bad: server.faults.append(bad), server.faults.clear)
            wrong += [
                f"call {at}, {times or 'and all after'}, {way}: {name}" for name in golden if held[name] != golden[name]
            ]
    record_property("told", f"{len(tried)} faults over {many} calls, seed {SEED}")
    assert len(golden["holdings"]) > 3 * len(BOXES)
    assert not wrong, f"seed {SEED}: {len(wrong)}: {wrong[:8]}"
