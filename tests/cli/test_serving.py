"""Nights and weeks of `auditor serve` on a real store, with a clock that the test sets."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from openpyxl import load_workbook
from stow import TOM, Council, letter, stow

from auditor.cli import heartbeat, serving
from auditor.cli.serving import Serving, Sound
from auditor.cli.workplace import at_work, locked
from auditor.config import Config, load
from auditor.errors import BusyError, ConfigError
from auditor.scheduler import Moment
from auditor.store.records import Run
from auditor.store.trail import Deed

HOUR = timedelta(hours=1)


class Clock:
    """Both clocks of a computer; `set` alone moves the one on the wall."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 11, 26, 9, tzinfo=UTC)
        self.seconds = 1000.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    def on(self, time: timedelta) -> None:
        self.wall += time
        self.seconds += time.total_seconds()

    def set(self, wall: datetime) -> None:
        self.wall = wall


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return stow(tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def serving_of(council: Council, clock: Clock) -> Serving:
    return Serving(load(council.folder / "schedule.toml"), clock.now, clock.monotonic)


def runs(council: Council) -> list[Run]:
    with council.store() as store:
        return store.runs()


def labels(council: Council) -> set[str]:
    with council.store() as store:
        return set(store.reports())


def notes(council: Council, label: str) -> list[str]:
    """What a workbook's sheet Start asks to note."""
    book = load_workbook(council.folder / "out" / f"Audit {label}.xlsx", read_only=True)
    cells = [str(cell.value) for row in book["Start"].iter_rows() for cell in row if cell.value]
    book.close()
    return [text for text in cells if text.startswith("Please note: ")]


def test_a_night_a_day_and_a_workbook_a_week(council: Council, clock: Clock) -> None:
    one = serving_of(council, clock)
    for _ in range(24 * 6):
        one.look()
        clock.on(HOUR)
    assert [run.started.strftime("%a %H") for run in reversed(runs(council))] == [
        "Thu 09", "Fri 03", "Sat 03", "Sun 03", "Mon 03", "Tue 03", "Wed 03",
    ]  # fmt: skip
    assert labels(council) == {"2026-W47", "2026-W48"}
    assert [note for note in notes(council, "2026-W48") if "No workbook" in note] == []


def test_weeks_that_were_left_out_are_named(council: Council, clock: Clock) -> None:
    serving_of(council, clock).look()
    clock.on(timedelta(days=21))
    again = serving_of(council, clock)
    again.look()
    again.look()
    assert len(runs(council)) == 2
    assert labels(council) == {"2026-W47", "2026-W50"}
    [note] = [note for note in notes(council, "2026-W50") if "No workbook" in note]
    assert "the weeks 2026-W48 to 2026-W49" in note
    assert "auditor report --week 2026-W48" in note


def test_a_spoilt_configuration_leaves_the_last_sound_one_at_work(
    council: Council, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    one = serving_of(council, clock)
    one.look()
    path = council.folder / "schedule.toml"
    sound = path.read_text(encoding="utf-8")
    path.write_text(sound.replace('role = "clerk"', 'role = "king"'), encoding="utf-8")
    (council.folder / "policy" / "waivers" / "full.txt").unlink()
    council.post(TOM, "gate", letter("The gate is shut.", n=5))
    capsys.readouterr()
    clock.on(timedelta(days=1))
    one.look()
    said = capsys.readouterr().err
    assert "[[people]] 1 (Ann Marsh), role" in said
    assert "the last sound configuration goes on" in said
    assert runs(council)[0].mailboxes[1].new == 1
    clock.on(timedelta(days=3, hours=-1))
    one.look()
    one.look()
    assert "king" not in capsys.readouterr().err, "told once"
    [note] = [note for note in notes(council, "2026-W48") if "schedule.toml" in note]
    assert "Mend it; 'auditor check' says what is wrong. The first problem: schedule.toml: [[people]] 1" in note
    with council.store() as store:
        configured = [entry for entry in store.trail() if entry.deed == Deed.CONFIGURED]
    assert len(configured) == 1, "what is not in use is not recorded as if it were"


_NESTED = "\nx = " + "[" * 5000
_SPOILT = {
    "nested": _NESTED,
    "closed again": _NESTED + "]" * 5000,
    "a long number": "\n[backup]\nkeep = " + "9" * 5000,
    "no folder's name": '\n[reports]\nfolder = "a\\u0000b"',
    "no store's name": '\n[store]\nurl = "sqlite:///a\\u0000b"',
    "no secret's place": '\n[audit]\nkey = "file:a\\u0000b"',
}


@pytest.mark.parametrize("how", [*_SPOILT, "no templates' folder"])
def test_no_way_to_spoil_it_ends_the_nights(council: Council, how: str) -> None:
    path = council.folder / "schedule.toml"
    sound = Sound(load(path))
    text = path.read_text(encoding="utf-8") + _SPOILT.get(how, "")
    if how not in _SPOILT:
        text = text.replace("[policy]\n", '[policy]\nwaivers = "a\\u0000b"\n')
    path.write_text(text, encoding="utf-8")
    assert "the last sound configuration goes on" in sound.look()
    assert "itself failed" not in sound.spoilt
    with pytest.raises(ConfigError):
        load(path)


def test_a_fault_of_ours_in_reading_it_does_not_either(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_path: Path) -> Config:
        raise KeyError("a name in the file")

    sound = Sound(load(council.folder / "schedule.toml"))
    monkeypatch.setattr(serving, "load", broken)
    assert "The auditor itself failed (KeyError)" in sound.look()
    assert sound.look() == "", "told once"


def test_what_was_spoilt_for_a_while_stands_in_the_next_workbook_and_no_other(council: Council, clock: Clock) -> None:
    one = serving_of(council, clock)
    one.look()
    path = council.folder / "schedule.toml"
    sound = path.read_text(encoding="utf-8")
    path.write_text("[council", encoding="utf-8")
    clock.on(timedelta(days=1))
    one.look()
    path.write_text(sound, encoding="utf-8")
    for _ in range(2):
        clock.on(timedelta(days=7))
        one.look()
        one.look()
    assert labels(council) == {"2026-W47", "2026-W48", "2026-W49"}
    assert [len([n for n in notes(council, f"2026-W{n}") if "It is sound again" in n]) for n in (48, 49)] == [1, 0]


def test_a_sound_change_goes_on_and_is_recorded(
    council: Council, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    one = serving_of(council, clock)
    one.look()
    council.schedule(rest='[schedule]\nnightly = "22:00"\n')
    clock.on(4 * HOUR)
    one.look()
    assert "the new configuration goes on" in capsys.readouterr().err
    clock.on(10 * HOUR)  # 23:00
    one.look()
    assert [run.started.hour for run in runs(council)] == [23, 9]
    with council.store() as store:
        entry = store.last_deed(Deed.CONFIGURED)
    assert entry is not None
    assert entry.said["changed"] == ["[schedule]"]


@pytest.mark.parametrize("url", ["elsewhere/mail.db", "data/other.db"])
def test_a_store_that_is_to_lie_elsewhere_waits_for_a_restart(
    council: Council, clock: Clock, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    clock.set(datetime.now(UTC))
    one, old = serving_of(council, clock), load(council.folder / "schedule.toml")
    one.look()
    one.call(Moment.BEAT)
    began = capsys.readouterr()
    assert "another place" not in began.err
    council.schedule(rest=f'[store]\nurl = "sqlite:///{url}"\n')
    clock.on(timedelta(days=7))
    one.look()
    one.look()
    said = capsys.readouterr().err
    assert said.count("stop 'auditor serve', move the store there if it is to be kept, and start it again.") == 1
    assert len(runs(council)) == 2
    week = max(labels(council))
    [note] = [note for note in notes(council, week) if "[store] url names another place" in note]
    assert "'auditor check'" not in note
    # Whoever asks at the new place is told.
    clock.set(datetime.now(UTC))
    one.call(Moment.BEAT)
    new = load(council.folder / "schedule.toml")
    beat = heartbeat.read(new)
    assert beat is not None
    assert (beat.pid, beat.state) == (os.getpid(), "restart")
    status = council.auditor("status", "--json").json
    [need] = [need for need in status["needs"] if "names another place for the store" in need]
    assert "start it again" in need
    assert "'auditor serve': alive, to be started again" in council.auditor("status").out
    assert not (council.folder / url).exists()
    # Put back, it is as if nothing had been.
    council.schedule()
    one.look()
    beat = heartbeat.read(old)
    assert beat is not None
    assert beat.state == "waiting"
    if heartbeat.place(new) != heartbeat.place(old):
        assert not heartbeat.place(new).exists()
    council.schedule(rest=f'[store]\nurl = "sqlite:///{url}"\n')
    one.look()
    one._heart.stop()
    assert list(council.folder.rglob(heartbeat.NAME)) == []


@pytest.mark.parametrize("policy", ["", 'signatures = "policy/signatures"\nwaivers = "policy/waivers"\n'])
def test_a_policy_whose_folders_are_gone_leaves_the_last_sound_one_at_work(council: Council, policy: str) -> None:
    council.schedule(policy=policy)
    sound = Sound(load(council.folder / "schedule.toml"))
    before = sound.config
    folder = (council.folder / "policy").rename(council.folder / "away")
    said = sound.look()
    assert "[policy] signatures: the folder" in said
    assert "the last sound configuration goes on" in said
    assert sound.config is before
    assert len(sound.warnings()) == 1
    folder.rename(council.folder / "policy")
    assert sound.look() == "schedule.toml is sound again."


def test_a_run_at_work_is_named_and_waited_for(
    council: Council, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    one = serving_of(council, clock)
    config = load(council.folder / "schedule.toml")
    with locked(config):
        assert at_work(config)
        for _ in range(3):
            one.look()
        [said] = capsys.readouterr().err.splitlines()
        assert f"(process {os.getpid()}, `auditor`, since " in said
        assert " today)" in said
    assert not at_work(config)
    assert not council.database.exists()
    one.look()
    assert len(runs(council)) == 1


def test_a_note_of_a_holder_is_only_words(council: Council) -> None:
    config = load(council.folder / "schedule.toml")
    note = council.folder / "data" / "auditor.db.lock.holder"
    with locked(config):
        held = json.loads(note.read_text(encoding="utf-8"))
        assert held["pid"] == os.getpid()
        if os.name != "nt":
            assert note.stat().st_mode & 0o077 == 0
        for nonsense in (
            "",
            "{",
            "[]",
            '{"pid": "x", "since": "yesterday"}',
            '{"pid": 1, "command": "auditor run", "since": 4}',
        ):
            note.write_text(nonsense, encoding="utf-8")
            with (
                pytest.raises(BusyError, match=r"auditor\.db: wait until it has ended, then try again\.$"),
                locked(config),
            ):
                pass
    assert not note.exists()
    note.write_text(json.dumps(held), encoding="utf-8")
    with locked(config):  # a note without a lock keeps nobody out
        pass
    with FileLock(council.folder / "data" / "auditor.db.lock"), pytest.raises(BusyError), locked(config):
        pass


def test_a_night_that_fails_is_tried_again_later_and_later(
    council: Council, clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = serving_of(council, clock)
    tried = []

    def full(*_: object, **__: object) -> None:
        tried.append(clock.wall)
        raise OSError(28, "No space left on device")

    sound = serving.pass_over
    monkeypatch.setattr(serving, "pass_over", full)
    began = clock.wall
    for _ in range(17):
        one.look()
        clock.on(HOUR)
    assert [(at - began) // HOUR for at in tried] == [0, 1, 3, 7, 13]
    assert capsys.readouterr().err.count("No space left on device") == 5
    monkeypatch.setattr(serving, "pass_over", sound)
    one._words.put(Moment.NIGHT)
    one._listen(_Unmoved())  # type: ignore[arg-type]  # its moment comes anew, and is waited for by no rest
    assert len(runs(council)) == 1


def test_a_damaged_store_ends_nothing(council: Council, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    one = serving_of(council, clock)
    one.look()
    whole = council.database.read_bytes()
    council.database.write_bytes(b"damaged" * 5000)
    clock.on(timedelta(days=1))
    capsys.readouterr()
    one.look()
    one.look()
    assert len(capsys.readouterr().err.splitlines()) == 1
    council.database.write_bytes(whole)
    clock.on(HOUR)
    one.look()
    assert len(runs(council)) == 2


def test_a_store_left_half_made_is_made_whole(council: Council, clock: Clock) -> None:
    council.database.parent.mkdir()
    council.database.touch()
    serving_of(council, clock).look()
    assert len(runs(council)) == 1


class _Unmoved:
    """A timetable that nobody resets."""

    def keep(self, _plan: object) -> None:
        raise AssertionError("the clock has not moved")


class _Reset(_Unmoved):
    def __init__(self) -> None:
        self.times = 0

    def keep(self, _plan: object) -> None:
        self.times += 1


def test_a_clock_that_is_set_back_has_every_moment_reckoned_anew(
    council: Council, clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "_HEARD", 0.0)
    clock.set(datetime(2029, 3, 1, 12, tzinfo=UTC))
    one = serving_of(council, clock)
    one.look()
    table = _Reset()
    clock.on(timedelta(seconds=61))
    one._listen(table)  # type: ignore[arg-type]
    assert (table.times, len(runs(council))) == (0, 1)
    clock.on(timedelta(seconds=61))
    clock.set(datetime(2026, 11, 26, 9, tzinfo=UTC))
    one._listen(table)  # type: ignore[arg-type]
    assert (table.times, len(runs(council))) == (1, 2)
    assert "which was still to come" in capsys.readouterr().err
    clock.on(timedelta(seconds=61))
    one._listen(table)  # type: ignore[arg-type]
    assert (table.times, len(runs(council))) == (1, 2)


def test_an_empty_council_has_its_workbook_written_once_a_night(
    council: Council, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (council.folder / "mail").rglob("*.eml"):
        path.rename(path.with_suffix(".txt"))
    one = serving_of(council, clock)
    for _ in range(5):
        one.look()
        clock.on(HOUR)
    assert len(runs(council)) == 1
    assert capsys.readouterr().out.count("Workbook: ") <= 2


def test_a_workbook_that_a_night_could_not_write_is_written_an_hour_later(
    council: Council, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    letters = list((council.folder / "mail").rglob("*.eml"))
    for path in letters:
        path.rename(path.with_suffix(".txt"))
    one = serving_of(council, clock)
    for _ in range(2):  # an empty council's week is seen to
        one.look()
    for path in letters:
        path.with_suffix(".txt").rename(path)
    out = council.folder / "out"
    out.rename(council.folder / "before")
    out.touch()
    clock.on(timedelta(days=1))
    capsys.readouterr()
    for _ in range(2):
        one.look()
    said = capsys.readouterr().err
    assert said.count(f"{out}") == 1, "tried once"
    out.unlink()
    one.look()
    assert (len(runs(council)), labels(council)) == (2, set())
    clock.on(HOUR)
    one.look()
    assert "2026-W47" in labels(council)


def test_the_heartbeat_says_what_is_done(council: Council, clock: Clock) -> None:
    config = load(council.folder / "schedule.toml")
    assert heartbeat.read(config) is None
    with locked(config):  # makes the folder
        pass
    heart = heartbeat.Heart(heartbeat.place(config), clock.now, lambda: clock.wall + HOUR)
    heart.turn(heartbeat.RUNNING)
    since = clock.wall
    clock.on(timedelta(minutes=1))
    heart.beat()
    beat = heartbeat.read(config)
    assert beat == heartbeat.Beat(clock.wall, os.getpid(), "running", since, clock.wall + HOUR)
    assert beat.alive(clock.wall + heartbeat.SILENT)
    assert not beat.alive(clock.wall + heartbeat.SILENT + timedelta(seconds=1))
    assert not beat.alive(clock.wall - heartbeat.SILENT - timedelta(seconds=1))
    if os.name != "nt":
        assert heartbeat.place(config).stat().st_mode & 0o077 == 0
    heart.stop()
    heart.beat()  # a thread that comes too late
    assert heartbeat.read(config) is None


@pytest.mark.parametrize("spoilt", ["", "[]", "{}", '{"at": "2026-11-26T09:00:00", "pid": 1, "state": "waiting"}'])
def test_a_heartbeat_without_sense_is_none(council: Council, spoilt: str) -> None:
    config = load(council.folder / "schedule.toml")
    heartbeat.place(config).parent.mkdir()
    heartbeat.place(config).write_text(spoilt, encoding="utf-8")
    assert heartbeat.read(config) is None
