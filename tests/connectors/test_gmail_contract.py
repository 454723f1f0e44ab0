"""Google Workspace keeps what every connector keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gmail_box import GmailBox
from providers.google import Workspace
from source_contract import SourceContract


class TestGmail(SourceContract):
    many = 1250

    @pytest.fixture
    def box(self, tmp_path: Path) -> Iterator[GmailBox]:
        with Workspace(tmp_path) as workspace:
            yield GmailBox(workspace)
            assert workspace.server.wrong == []
