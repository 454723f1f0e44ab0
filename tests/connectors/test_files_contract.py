"""The contract, kept by every layout of files."""

from __future__ import annotations

from pathlib import Path

import pytest
from boxes import EmlBox, MaildirBox, MboxBox
from source_contract import SourceContract


class TestEmlFolders(SourceContract):
    @pytest.fixture
    def box(self, tmp_path: Path) -> EmlBox:
        return EmlBox(tmp_path / "mail")


class TestMaildir(SourceContract):
    @pytest.fixture
    def box(self, tmp_path: Path) -> MaildirBox:
        return MaildirBox(tmp_path / "mail")


class TestMbox(SourceContract):
    @pytest.fixture
    def box(self, tmp_path: Path) -> MboxBox:
        return MboxBox(tmp_path / "mail")
