"""The key that mail of our own is marked with."""

from __future__ import annotations

from pathlib import Path

from auditor.store.sqlite import open_store


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
