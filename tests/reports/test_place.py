"""Writing: whole or not at all, and never over somebody's work."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import time
import tracemalloc
from datetime import timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from changes import replace
from openpyxl import load_workbook
from thorrington import sample

from auditor.errors import AuditorError
from reports.place import untouched
from reports.stream import save
from reports.workbook import draw, write

REPORT = sample().clerk
NAME = "Audit 2026-W47.xlsx"
posix = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions and signals")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_is_written_where_it_was_asked_for(tmp_path):
    written = write(REPORT, tmp_path / "out" / NAME)
    assert written.path == tmp_path / "out" / NAME
    assert written.note == ""
    assert names(tmp_path / "out") == [NAME]


@posix
def test_only_its_owner_may_read_it(tmp_path):
    old = os.umask(0)
    try:
        path = write(REPORT, tmp_path / "out" / NAME).path
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_our_own_untouched_workbook_is_written_again(tmp_path):
    write(REPORT, tmp_path / NAME)
    later = replace(REPORT, written=REPORT.written + timedelta(hours=1))
    assert write(later, tmp_path / NAME).path == tmp_path / NAME
    assert names(tmp_path) == [NAME]


def test_a_file_that_unpacks_to_more_than_there_is_room_for_is_somebody_s(tmp_path):
    path = write(REPORT, tmp_path / NAME).path
    with ZipFile(path, "w", ZIP_DEFLATED) as made, made.open("docProps/core.xml", "w") as part:
        for _ in range(300):
            part.write(bytes(1_000_000))
    tracemalloc.start()
    try:
        assert not untouched(path)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("at", "byte"), [(8, 99), (6, 1)], ids=["packed in a way of its own", "under a password"])
def test_a_file_that_cannot_be_unpacked_is_somebody_s(at, byte, tmp_path):
    path = tmp_path / NAME
    with ZipFile(path, "w") as made:
        made.writestr("docProps/core.xml", "x")
    data = bytearray(path.read_bytes())
    data[at] = data[data.index(b"PK\x01\x02") + at + 2] = byte  # in the part's own header, and in the list of parts
    path.write_bytes(data)
    assert not untouched(path)


@pytest.mark.parametrize("lock", [f".~lock.{NAME}#", f"~${NAME}"])
def test_a_file_that_is_open_is_left_alone(lock, tmp_path):
    before = write(REPORT, tmp_path / NAME).path.read_bytes()
    (tmp_path / lock).write_text("Ann Marsh")
    written = write(replace(REPORT, council="Another"), tmp_path / NAME)
    assert written.path.name == "Audit 2026-W47 (2).xlsx"
    assert "is open in another program" in written.note
    assert written.path.name in written.note
    assert (tmp_path / NAME).read_bytes() == before


def test_a_file_with_decisions_in_it_is_never_written_over(tmp_path):
    path = write(REPORT, tmp_path / NAME).path
    workbook = load_workbook(path)
    workbook["Findings"]["J2"] = "Breach"
    workbook.save(path)
    written = write(REPORT, path)
    assert written.path.name == "Audit 2026-W47 (2).xlsx"
    assert "saved by somebody" in written.note
    assert load_workbook(path)["Findings"]["J2"].value == "Breach"
    assert write(REPORT, path).path == written.path


@pytest.mark.parametrize("content", [b"not a workbook", b"PK\x05\x06" + b"\x00" * 18])
def test_something_else_of_that_name_is_left_alone(content, tmp_path):
    (tmp_path / NAME).write_bytes(content)
    assert write(REPORT, tmp_path / NAME).path.name == "Audit 2026-W47 (2).xlsx"
    assert (tmp_path / NAME).read_bytes() == content


def test_an_empty_file_holds_nothing_to_lose(tmp_path):
    (tmp_path / NAME).touch()
    assert write(REPORT, tmp_path / NAME).path == tmp_path / NAME
    assert names(tmp_path) == [NAME]


def test_windows_refusal_of_the_rename_leads_to_the_next_name(tmp_path, monkeypatch):
    real = os.replace

    def refusing(source, target):
        if Path(target).name == NAME:
            raise PermissionError(13, "The process cannot access the file because it is being used by another process")
        real(source, target)

    write(REPORT, tmp_path / NAME)
    monkeypatch.setattr(os, "replace", refusing)
    written = write(REPORT, tmp_path / NAME)
    assert written.path.name == "Audit 2026-W47 (2).xlsx"
    assert "is open in another program" in written.note
    assert names(tmp_path) == ["Audit 2026-W47 (2).xlsx", NAME]


def test_a_disk_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    before = write(REPORT, tmp_path / NAME).path.read_bytes()

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AuditorError, match=r"No space left on device.*untouched"):
        write(replace(REPORT, council="Another"), tmp_path / NAME)
    assert names(tmp_path) == [NAME]
    assert (tmp_path / NAME).read_bytes() == before


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "out").write_text("a file, not a folder")
    with pytest.raises(AuditorError, match="could not be written"):
        write(REPORT, tmp_path / "out" / NAME)


def test_drafts_of_killed_writings_are_taken_away_but_not_those_of_the_living(tmp_path):
    old, young, other = (tmp_path / name for name in (".auditor-a.draft", ".auditor-b.draft", "minutes.draft"))
    for path in (old, young, other):
        path.write_text("half")
    for path in (old, other):
        os.utime(path, (time.time() - 7200,) * 2)
    write(REPORT, tmp_path / NAME)
    assert names(tmp_path) == sorted([".auditor-b.draft", NAME, "minutes.draft"])


BOOK = draw(REPORT)


def careful(path: Path) -> None:
    """The product."""
    write(REPORT, path)


def careless(path: Path) -> None:
    """The broken build: straight onto the file."""
    with path.open("wb") as file:
        save(BOOK, file, REPORT.written)


def forever(writer, path: Path, ready) -> None:
    """Writes the week again and again, and says when it begins."""
    ready.send_bytes(b"now")
    while True:
        writer(path)


def killed(writer, folder: Path, times: int) -> int:
    """Kills a writing process at random moments; how often the workbook was then not whole."""
    chance = random.Random(20261122)
    fork = multiprocessing.get_context("fork")
    path = folder / NAME
    write(REPORT, path)
    whole = path.read_bytes()
    began = time.perf_counter()
    writer(path)
    once = time.perf_counter() - began
    bad = 0
    for _ in range(times):
        heard, ready = fork.Pipe(duplex=False)
        process = fork.Process(target=forever, args=(writer, path, ready))
        process.start()
        heard.recv_bytes()
        time.sleep(chance.uniform(0, 1.5 * once))
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        heard.close()
        ready.close()
        if path.read_bytes() != whole:
            bad += 1
            path.write_bytes(whole)
    return bad


@posix
@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_whole_workbooks(tmp_path):
    last_week = tmp_path / "Audit 2026-W46.xlsx"
    shutil.copyfile(write(REPORT, tmp_path / NAME).path, last_week)
    before = last_week.read_bytes()
    assert killed(careful, tmp_path, 40) == 0
    assert last_week.read_bytes() == before
    assert {name for name in names(tmp_path) if not name.endswith(".draft")} == {last_week.name, NAME}


@posix
@pytest.mark.slow
def test_the_same_kills_find_a_careless_writer_out(tmp_path):
    assert killed(careless, tmp_path, 40) > 0
