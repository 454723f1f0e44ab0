"""The quick look before a night, and the key of the mark."""

from __future__ import annotations

from pathlib import Path

import pytest
from spoiling import spoil

from auditor.errors import StoreError
from auditor.store.sqlite import open_store, soundness


def test_the_key_of_the_mark_is_made_once_and_is_the_store_s_own(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_store(url) as store, open_store(f"sqlite:///{tmp_path / 'b.db'}") as other:
        with open_store(url, read_only=True) as reader:
            assert reader.mark_key() == b""
        key = store.mark_key()
        assert len(key) == 32
        assert store.mark_key() == key != other.mark_key()
    with open_store(url, read_only=True) as reader:
        assert reader.mark_key() == key


def test_a_damaged_page_is_seen_and_a_large_store_is_not_read_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.db"
    with open_store(f"sqlite:///{path}") as store:
        store.looked_at()
    spoil(path)
    with open_store(f"sqlite:///{path}") as store:
        with pytest.raises(StoreError, match="damaged"):
            store.looked_at()
        monkeypatch.setattr(soundness, "SMALL", 8192)
        store.looked_at()
