"""What is too large to be carried about lies in a file, for its owner alone, until it is kept."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.spool import Spool, Spooled, digest
from auditor.store.records import Batch, Missed
from auditor.store.sqlite.store import SqliteStore


def test_what_was_put_down_is_what_is_read(tmp_path: Path) -> None:
    spooled = Spool(tmp_path / "incoming").keep([b"one ", b"two"])
    assert (spooled.read(), spooled.read(3), b"".join(spooled.pieces()), len(spooled)) == (
        b"one two",
        b"one",
        b"one two",
        7,
    )
    assert digest(spooled) == digest(b"one two") == hashlib.sha256(b"one two").hexdigest()
    spooled.discard()
    spooled.discard()
    assert list((tmp_path / "incoming").iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="no mode bits")
def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    spooled = Spool(tmp_path / "incoming").keep([b"one"])
    assert stat.S_IMODE(Path(spooled.path).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "incoming").stat().st_mode) == 0o700


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        Spool(tmp_path).keep(pieces())
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_night_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / "1-0").write_bytes(b"left")
    mine = Spool(tmp_path).keep([b"mine"])
    assert [path.name for path in tmp_path.iterdir()] == [Path(mine.path).name]


@pytest.mark.parametrize("key", [None, "0f" * 32])
def test_a_large_message_that_cannot_be_read_is_kept_from_its_file(tmp_path: Path, key: str | None) -> None:
    raw = os.urandom(3_000_000) + b"the hedge " * 100_000
    spooled = Spool(tmp_path / "incoming").keep([raw[:1_000_000], raw[1_000_000:]])
    with SqliteStore(tmp_path / "a.db", key=key) as store:
        from datetime import UTC, datetime

        run = store.begin_run(datetime(2026, 11, 20, tzinfo=UTC), "0")
        missed = Missed("x", "", "Too large.", spooled, spooled.sha256)
        store.commit(Batch("google", "clerk@s.example", run, missed=(missed,), count=1))
        assert store.evidence(spooled.sha256) == raw
        store.commit(Batch("google", "clerk@s.example", run, missed=(missed,), count=1))
        assert store._database.value("SELECT count(*) FROM evidence") == 1
        assert [gap.sha256 for gap in store.gaps()] == [spooled.sha256]


def test_a_file_that_is_not_as_it_was_is_not_kept(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from auditor.errors import StoreError

    spooled = Spool(tmp_path / "incoming").keep([b"one"])
    Path(spooled.path).write_bytes(b"two")
    with SqliteStore(tmp_path / "a.db") as store:
        run = store.begin_run(datetime(2026, 11, 20, tzinfo=UTC), "0")
        with pytest.raises(StoreError, match="not as it was written"):
            store.commit(Batch("google", "c@s.example", run, missed=(Missed("x", "", "No.", spooled, spooled.sha256),)))
        assert store._database.value("SELECT count(*) FROM evidence") == 0


def test_a_spooled_one_is_packed_like_any_value(tmp_path: Path) -> None:
    import pickle

    spooled = Spool(tmp_path).keep([b"one"])
    assert pickle.loads(pickle.dumps(spooled)) == spooled  # noqa: S301
    assert isinstance(spooled, Spooled)
