"""Microsoft 365 keeps what every connector keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from graph_box import GraphBox
from providers.microsoft import Tenant
from source_contract import SourceContract


class TestGraph(SourceContract):
    many = 450
    longest_cursor = 20_000

    @pytest.fixture
    def box(self, tmp_path: Path) -> Iterator[GraphBox]:
        with Tenant(tmp_path) as tenant:
            yield GraphBox(tenant)
            assert tenant.server.wrong == []
