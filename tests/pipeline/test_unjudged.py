"""A message the rules could not be put to is told of every night until they could, and stops nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from deadly import DeadlyGuard
from stow import IVY, TOM, Council, letter, stow

from auditor.cli.workplace import duties, open_the_store
from auditor.config import load
from auditor.pipeline import night as night_module
from auditor.pipeline.night import Night, NightResult, window
from auditor.pipeline.pull import Clock
from auditor.store.records import MailboxNight


def night(council: Council, report: Any = lambda _run: []) -> NightResult:
    config = load(council.folder / "schedule.toml")
    now = datetime.now(UTC)
    with open_the_store(config) as store:
        return Night(
            store=store,
            policy=config.policy,
            duties=duties(config),
            window=window(config.policy, 24, None, now),
            now=lambda: now,
            clock=Clock(time.monotonic, time.sleep),
            report=report,
        ).run()


def box(result: NightResult, address: str) -> MailboxNight:
    return next(one for one in result.mailboxes if one.mailbox == address)


def test_a_message_that_ends_its_judge_is_told_of_until_it_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = stow(tmp_path)
    council.post(TOM, "deadly", letter("Beware.", n=7, subject="A deadly letter"))
    with monkeypatch.context() as patched:
        patched.setattr(night_module, "Guard", DeadlyGuard)
        for analysed in (1, 0):
            result = night(council)
            tom = box(result, TOM)
            assert (result.ok, tom.status, tom.analysed) == (False, "partial", analysed)
            assert tom.error is not None
            assert "could not be put to 1 of its messages" in tom.error
            assert (box(result, IVY).status, box(result, IVY).analysed) == ("complete", analysed)
    healed = night(council)
    assert (healed.ok, box(healed, TOM).status, box(healed, TOM).analysed) == (True, "complete", 1)
    assert box(healed, TOM).findings == 2


def test_a_workbook_that_fails_leaves_a_ledger_that_says_so(tmp_path: Path) -> None:
    council = stow(tmp_path)

    def fail(_run: int) -> Sequence[Path]:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        night(council, fail)
    with council.store() as store:
        [run] = store.runs()
        assert (run.ok, run.ended is not None, len(run.mailboxes)) == (False, True, 3)
