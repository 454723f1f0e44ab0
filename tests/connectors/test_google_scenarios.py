"""Whole nights with Google Workspace through everything that Google can do, by the files in providers/scenarios/google."""

from __future__ import annotations

from pathlib import Path

import pytest
from providers.google import Workspace
from providers.google_scenario import Stage, google
from providers.scenarios import files, play


@pytest.mark.parametrize("path", files("google"), ids=lambda path: path.stem)
def test_scenario(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with Workspace(tmp_path / "google") as workspace:
        play(Stage(workspace, google(path)), tmp_path, monkeypatch, caplog)
        assert workspace.server.wrong == []
