"""The SQLite store passes the contract, plain and encrypted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract import StoreContract

from auditor.store.interface import Store
from auditor.store.sqlite import open_store

KEY = "0123456789abcdef" * 4


class TestSqlite(StoreContract):
    key: str | None = None

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        with open_store(f"sqlite:///{tmp_path / 'data' / 'auditor.db'}", key=self.key) as opened:
            yield opened

    def reopened(self, backup: Path) -> Store:
        return open_store(f"sqlite:///{backup}", key=self.key, read_only=True)


class TestEncryptedSqlite(TestSqlite):
    key = KEY
