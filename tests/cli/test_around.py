"""What a night does before it begins, and after: whatever one step comes to, the others do their work; people are told last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from stow import stow

from auditor.cli import around
from auditor.cli.run import pass_over
from auditor.cli.workplace import locked
from auditor.config import load
from auditor.errors import AuditorError


def test_whatever_breaks_in_a_step_is_told_by_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def refused(*_: Any) -> Iterator[str]:
        raise PermissionError(13, "Permission denied", "/srv/copy")
        yield

    def broken(*_: Any) -> Iterator[str]:
        raise KeyError("words of a letter")
        yield

    def last(_config: Any, _store: Any, result: Any, _now: Any) -> Iterator[str]:
        told.extend(result.troubles)
        yield from ()

    monkeypatch.setattr(around, "STEPS", (refused, broken, last))
    config = load(stow(tmp_path).folder / "schedule.toml")
    with locked(config):
        result = pass_over(config)
    assert not result.ok
    assert result.troubles == tuple(told)
    refusal, fault = told
    assert "Permission denied" in refusal
    assert "KeyError" in fault
    assert "letter" not in fault


@pytest.mark.parametrize("year", [1970, 2000, 2107])
def test_by_a_clock_that_was_never_set_no_night_begins(tmp_path: Path, year: int) -> None:
    council = stow(tmp_path)
    config = load(council.folder / "schedule.toml")
    with locked(config), pytest.raises(AuditorError, match=f"1 January {year}.* set the clock"):
        pass_over(config, now=lambda: datetime(year, 1, 1, 0, 5, tzinfo=UTC))
    with council.store() as store:
        assert (list(store.runs()), store.facts().messages) == ([], 0)
