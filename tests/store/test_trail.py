"""The audit trail: whatever is done to it afterwards shows, and altered is told from cut off."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import StoreError
from auditor.store.days import from_microseconds
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.sealing import reseal
from auditor.store.sqlite.store import SqliteStore
from auditor.store.trail import GENESIS, Deed, Entry, Head, bound, prove, written

STARTED = datetime(2026, 11, 25, 2, 15, tzinfo=UTC)
KEY = b"kept elsewhere"
KEYS = pytest.mark.parametrize("key", [None, KEY])


def kept(path: Path, many: int, key: bytes | None) -> Head:
    with SqliteStore(path, trail_key=key) as store:
        for number in range(many):
            head = store.record(Deed.RUN, "ann on office", STARTED + timedelta(days=number), {"run": number})
        assert store.head() == head
        return head


@contextlib.contextmanager
def unguarded(path: Path) -> Iterator[Database]:
    """The file as somebody has it who does not use this program."""
    database = Database(path)
    try:
        for trigger in ("trail_stands", "trail_stays"):
            database.run(f"DROP TRIGGER {trigger}")
        yield database
    finally:
        database.close()


@KEYS
def test_what_was_written_is_read_and_proved(tmp_path: Path, key: bytes | None) -> None:
    head = kept(tmp_path / "a.db", 5, key)
    with SqliteStore(tmp_path / "a.db", trail_key=key) as store:
        assert [entry.said["run"] for entry in store.trail()] == [0, 1, 2, 3, 4]
        assert [entry.number for entry in store.trail(after=3)] == [4, 5]
        newest = store.last_deed(Deed.RUN)
        assert newest is not None
        assert (newest.at, newest.who) == (STARTED + timedelta(days=4), "ann on office")
        assert store.last_deed(Deed.PURGED) is None
        proof = store.prove_trail()
        assert proof.whole
        assert (proof.head, proof.unproved, proof.unkeyed) == (head, 0, 0)


def test_the_program_itself_changes_nothing(tmp_path: Path) -> None:
    kept(tmp_path / "a.db", 2, None)
    database = Database(tmp_path / "a.db")
    for attempt in ("UPDATE trail SET who = 'x'", "DELETE FROM trail"):
        with pytest.raises(StoreError, match="only added to"):
            database.run(attempt)
    database.close()


@KEYS
@pytest.mark.parametrize("column", ["at", "who", "deed", "about", "hash"])
def test_a_changed_entry_is_found(tmp_path: Path, key: bytes | None, column: str) -> None:
    kept(tmp_path / "a.db", 5, key)
    with unguarded(tmp_path / "a.db") as database:
        value = "zeroblob(32)" if column == "hash" else "1"
        database.run(f"UPDATE trail SET {column} = {value} WHERE number = 3")  # noqa: S608
    with SqliteStore(tmp_path / "a.db", trail_key=key) as store:
        proof = store.prove_trail()
    assert (proof.altered, proof.missing, proof.whole) == (3, 0, False)


@KEYS
def test_an_entry_taken_out_of_the_middle_is_found(tmp_path: Path, key: bytes | None) -> None:
    kept(tmp_path / "a.db", 5, key)
    with unguarded(tmp_path / "a.db") as database:
        database.run("DELETE FROM trail WHERE number = 2")
    with SqliteStore(tmp_path / "a.db", trail_key=key) as store:
        assert store.prove_trail().altered == 2


def test_entries_cut_off_the_end_are_missing_and_not_altered(tmp_path: Path) -> None:
    kept(tmp_path / "a.db", 5, None)
    with unguarded(tmp_path / "a.db") as database:
        database.run("DELETE FROM trail WHERE number > 3")
    with SqliteStore(tmp_path / "a.db") as store:
        proof = store.prove_trail()
    assert (proof.altered, proof.missing, proof.head.length) == (None, 2, 3)


def test_the_file_beside_the_store_remembers_where_the_store_does_not(tmp_path: Path) -> None:
    kept(tmp_path / "a.db", 5, None)
    with unguarded(tmp_path / "a.db") as database:
        database.run("DELETE FROM trail WHERE number > 3")
        database.run("UPDATE sqlite_sequence SET seq = 3 WHERE name = 'trail'")
    with SqliteStore(tmp_path / "a.db") as store:
        assert store.prove_trail().missing == 2
        (tmp_path / "a.db.head").unlink()
        assert store.prove_trail().whole
        assert store.prove_trail([Head(4, "ab" * 32)]).missing == 1


@pytest.mark.parametrize("what", ["hold", "lift", "encrypt", "record"])
def test_nothing_that_is_done_next_takes_the_place_of_the_proof(tmp_path: Path, what: str) -> None:
    path = tmp_path / "a.db"
    with SqliteStore(path) as store:
        store.hold("first", "drain", "ann on office", STARTED)
    head = kept(path, 5, None)
    with unguarded(path) as database:
        database.run("DELETE FROM trail WHERE number > 3")
        database.run("UPDATE sqlite_sequence SET seq = 3 WHERE name = 'trail'")
    if what == "encrypt":
        reseal(path, None, "ab" * 32, trail_key=None, who="ann on office", at=STARTED)
    with SqliteStore(path, key="ab" * 32 if what == "encrypt" else None) as store:
        if what == "hold":
            store.hold("second", "drain", "ann on office", STARTED)
        elif what == "lift":
            store.lift("first", "answered", "ann on office", STARTED)
        elif what == "record":
            store.record(Deed.LOOKED, "ann on office", STARTED, {})
        assert store.head().length == 4
        assert store.disputed() == head
        assert store.prove_trail().missing == 2


@pytest.mark.parametrize("length", ["1e999", "9223372036854775808", "-1", '"many"', "null"])
def test_a_note_that_makes_no_sense_says_nothing(tmp_path: Path, length: str) -> None:
    kept(tmp_path / "a.db", 5, None)
    (tmp_path / "a.db.head").write_text(f'{{"length": {length}, "head": "{"ab" * 32}"}}', encoding="utf-8")
    with SqliteStore(tmp_path / "a.db") as store:
        assert store.disputed() is None
        assert store.prove_trail().whole
        assert store.record(Deed.LOOKED, "ann on office", STARTED, {}).length == 6


def test_a_trail_written_anew_does_not_have_the_hash_that_a_workbook_printed(tmp_path: Path) -> None:
    printed = kept(tmp_path / "a.db", 3, None)
    with SqliteStore(tmp_path / "b.db") as forged:
        for number in (7, 8, 9):
            forged.record(Deed.RUN, "ann on office", STARTED, {"run": number})
        assert forged.prove_trail().whole
        assert forged.prove_trail([printed]).altered == 3


def test_without_the_key_nobody_binds_an_entry(tmp_path: Path) -> None:
    kept(tmp_path / "a.db", 3, KEY)
    with SqliteStore(tmp_path / "a.db", trail_key=b"another") as store:
        store.record(Deed.RUN, "eve", STARTED, {})
    with SqliteStore(tmp_path / "a.db", trail_key=KEY) as store:
        assert store.prove_trail().altered == 4
    with SqliteStore(tmp_path / "a.db") as store:
        assert store.prove_trail().unproved == 4


def test_a_key_may_come_later_and_never_goes(tmp_path: Path) -> None:
    kept(tmp_path / "a.db", 3, None)
    with SqliteStore(tmp_path / "a.db", trail_key=KEY) as store:
        store.record(Deed.RUN, "ann", STARTED, {})
        proof = store.prove_trail()
        assert (proof.whole, proof.unkeyed) == (True, 3)
    with SqliteStore(tmp_path / "a.db") as store:
        store.record(Deed.RUN, "eve", STARTED, {})
    with SqliteStore(tmp_path / "a.db", trail_key=KEY) as store:
        assert store.prove_trail().altered == 5


ENTRIES = st.lists(
    st.tuples(
        st.text(max_size=5), st.sampled_from(list(Deed)), st.dictionaries(st.text(max_size=3), st.text(max_size=3))
    ),
    min_size=1,
    max_size=8,
)


@given(ENTRIES, st.booleans(), st.data())
def test_any_trail_is_whole_and_with_any_one_entry_changed_is_not(
    told: list[tuple[str, Deed, dict[str, str]]], keyed: bool, data: st.DataObject
) -> None:
    key = KEY if keyed else None
    trail: list[tuple[Entry, int]] = []
    previous = GENESIS
    for number, (who, deed, about) in enumerate(told, 1):
        previous = bound(previous, number, number, who, deed, written(about), key)
        entry = Entry(number, from_microseconds(number), who, deed, written(about), keyed, previous.hex())
        trail.append((entry, number))
    assert prove(trail, (), key).whole
    at = data.draw(st.integers(0, len(trail) - 1))
    entry, moment = trail[at]
    other = Entry(entry.number, entry.at, entry.who + "!", entry.deed, entry.about, keyed, entry.hash)
    assert prove([*trail[:at], (other, moment), *trail[at + 1 :]], (), key).altered == at + 1
    head = Head(len(trail), previous.hex())
    assert prove(trail[:at], [head], key).missing == len(trail) - at
