"""A set of ids says of each whether it was there, in memory or in a file."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import LostSource
from connectors import seen as seen_module
from connectors.seen import Occurrences, Seen


@settings(max_examples=60)
@given(st.lists(st.text(max_size=4), max_size=80), st.lists(st.text(max_size=4), max_size=10), st.integers(0, 40))
def test_it_is_a_set(keys: list[str], others: list[str], many: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seen_module, "MANY", many)
        seen, known = Seen(), set[str]()
        seen._limit = 4
        for key in keys:
            assert seen.add(key) == (key not in known)
            known.add(key)
        assert seen.count == len(known)
        assert [key in seen for key in (*keys, *others)] == [key in known for key in (*keys, *others)]
        assert seen._file is None or len(known) > many
        assert seen._file is not None or len(known) <= 2 * max(many, 4)


def test_many_are_in_a_file_and_all_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_module, "MANY", 5_000)
    seen = Seen()
    assert all(seen.add(f"id {n}") for n in range(30_000))
    assert seen._file is not None
    assert len(seen._slots) == 0
    assert not any(seen.add(f"id {n}") for n in range(30_000))
    assert not any(f"other {n}" in seen for n in range(5_000))


def test_without_a_file_memory_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_module, "MANY", 1_000)
    monkeypatch.setattr(seen_module, "_filed", lambda _: None)
    seen = Seen()
    assert all(seen.add(f"id {n}") for n in range(5_000))
    assert not any(seen.add(f"id {n}") for n in range(5_000))


def test_a_disk_that_refuses_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(sqlite3.Connection):
        def executemany(self, *_: object) -> sqlite3.Cursor:
            raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(seen_module, "MANY", 1_000)
    monkeypatch.setattr(sqlite3, "connect", lambda *_, **more: Full("", **more))
    seen = Seen()
    assert all(seen.add(f"id {n}") for n in range(3_000))
    assert seen._file is None


def test_a_disk_that_fills_later_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_module, "MANY", 1_000)
    seen = Seen()
    for n in range(2_000):
        seen.add(f"id {n}")
    assert seen._file is not None
    seen._file.execute("PRAGMA max_page_count = 1")
    with pytest.raises(LostSource, match="disk for temporary files"):
        all(seen.add(f"id {n}") for n in range(2_000, 9_000))


def test_occurrences_are_numbered() -> None:
    met = Occurrences()
    assert [met.next(key) for key in "abaab"] == [0, 0, 1, 2, 1]
