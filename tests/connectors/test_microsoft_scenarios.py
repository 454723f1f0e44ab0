"""Whole nights with Microsoft 365 through everything a provider can do, by the files in providers/scenarios/microsoft."""

from __future__ import annotations

from pathlib import Path

import pytest
from providers.microsoft import Tenant
from providers.microsoft_scenario import Stage, microsoft
from providers.scenarios import files, play


@pytest.mark.parametrize("path", files("microsoft"), ids=lambda path: path.stem)
def test_scenario(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with Tenant(tmp_path / "tenant") as tenant:
        plan = microsoft(path)
        play(Stage(tenant, plan), tmp_path, monkeypatch, caplog)
        assert tenant.server.wrong == []
        assert tenant.throttled <= plan.said.get("end", {}).get("throttled", 0)
