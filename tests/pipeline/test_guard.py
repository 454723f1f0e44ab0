"""Whatever a message does to its reader, it costs itself only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from auditor.errors import ReaderError, StoreError
from auditor.pipeline.guard import NOBODY, Deaths, Ended, Guard, Task


def shout(word: str) -> str:
    match word:
        case "hang":
            time.sleep(600)
        case "die" | "doom":
            os._exit(9)
        case "hoard":
            return "x" * (3 << 30)
        case "raise" | "mute":
            raise ValueError("no")
        case _:
            return word.upper()
    return ""


def die(*_: object) -> None:
    os._exit(9)


def whisper(word: str) -> str:
    return shout("raise") if word == "mute" else word.lower()


def mumble(word: str) -> str:
    if word == "doom":
        os._exit(9)
    return word.lower()


def add(more: int, number: int) -> int:
    return number + more


SHOUT: Task[str, str] = Task(__name__, ("shout",))
ADD: Task[int, int] = Task(__name__, ("add", "add"), (50,))


@dataclass(frozen=True)
class Keep:
    """Work that reads what `shout` makes of a page, and then keeps it in its own way."""

    folder: Path
    how: str

    def do(self, page: list[str], deaths: Deaths, at: Callable[[int], None]) -> int:
        made = SHOUT.do(page, deaths, at)
        tries = len(list(self.folder.glob("try*")))
        (self.folder / f"try{tries}").touch()
        if self.how == "slow":
            time.sleep(1.5)
        at(NOBODY)
        if self.how == "refuse":
            raise StoreError("The disk is full: make room.")
        if self.how == "fail" or (self.how == "once" and tries == 0):
            os._exit(9)
        if self.how == "fault":
            raise KeyError("boo")
        if self.how == "large":
            assert len(b"x" * (3 << 30)) == 3 << 30
        if self.how == "wait":
            time.sleep(2.5)
        (self.folder / "kept").write_text(repr(made))
        return len(made)


def outcomes(pages: list[list[str]]) -> list[list[str | Ended]]:
    with Guard(seconds=1.0, memory=1 << 30) as guard:
        return [done.outcomes for done in guard.each(SHOUT, pages)]


def test_every_item_of_every_page_comes_back_in_order() -> None:
    with Guard() as guard:
        pages = [list(range(n, n + 7)) for n in range(0, 70, 7)]
        found = list(guard.each(ADD, pages))
    assert [done.items for done in found] == pages
    assert [done.outcomes for done in found] == [[n + 100 for n in page] for page in pages]


@pytest.mark.parametrize(
    ("evil", "said"),
    [("hang", "more than 1 seconds"), ("die", "ended the reader"), ("raise", "ValueError"), ("hoard", "memory")],
)
def test_a_message_that_ends_its_reader_costs_itself_only(evil: str, said: str) -> None:
    [page] = outcomes([["a", evil, "b"]])
    assert page[0] == "A"
    assert page[2] == "B"
    assert isinstance(page[1], Ended)
    assert said in page[1].reason


def test_several_in_one_page_and_the_pages_after_it() -> None:
    first, second, third = outcomes([["die", "a", "die", "b", "die"], ["c"], ["die"]])
    assert [item if isinstance(item, str) else "ended" for item in first] == ["ended", "A", "ended", "B", "ended"]
    assert second == ["C"]
    assert isinstance(third[0], Ended)


def test_empty_pages_start_no_child_and_keep_their_place() -> None:
    with Guard() as guard:
        assert [done.outcomes for done in guard.each(SHOUT, [[], []])] == [[], []]
        assert guard._child is None
    assert outcomes([[], ["a"], [], ["b"], []]) == [[], ["A"], [], ["B"], []]


def test_an_item_that_ends_its_task_is_given_a_smaller_one() -> None:
    smaller: Task[str, str] = Task(__name__, ("whisper",))
    task: Task[str, str] = Task(__name__, ("shout",), otherwise=smaller)
    with Guard(seconds=1.0, memory=1 << 30) as guard:
        pages = [["a", "die", "b", "raise", "hang"], ["die"], ["mute", "c"]]
        found = [done.outcomes for done in guard.each(task, pages)]
    assert found[:2] == [["A", "die", "B", "raise", "hang"], ["die"]]
    assert isinstance(found[2][0], Ended), "nor does it live through that"
    assert found[2][1] == "C"


def test_an_item_is_known_by_its_place_in_a_page_of_thousands() -> None:
    page = [f"w{n}" for n in range(2500)]
    page[1700], page[2300] = "die", "raise"
    [made] = outcomes([page])
    assert [n for n, outcome in enumerate(made) if isinstance(outcome, Ended)] == [1700, 2300]
    assert [made[n] for n in (0, 999, 1000, 1699, 1701, 2499)] == ["W0", "W999", "W1000", "W1699", "W1701", "W2499"]


def test_an_item_that_ends_its_smaller_task_too_is_given_up() -> None:
    task: Task[str, str] = Task(__name__, ("shout",), otherwise=Task(__name__, ("mumble",)))
    with Guard(seconds=1.0) as guard:
        page = ["raise", "a", "die", "b", "raise", "doom", "c"]
        found = next(iter(guard.each(task, [page]))).outcomes
    ended = [n for n, outcome in enumerate(found) if isinstance(outcome, Ended)]
    assert ended == [5]
    assert [found[n] for n in (0, 1, 2, 3, 4, 6)] == ["raise", "A", "die", "B", "raise", "C"]


def test_a_reader_that_never_begins_is_no_messages_fault(capfd: pytest.CaptureFixture[str]) -> None:
    missing: Task[str, str] = Task("no_such_module", ("shout",))
    with Guard() as guard, pytest.raises(ReaderError, match=r"does not start .*No module named 'no_such_module'"):
        list(guard.each(missing, [["a", "b"]]))
    assert capfd.readouterr().err == "", "no traceback of the child's"


def test_nor_is_one_that_dies_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.pipeline.guard._serve", die)
    with Guard() as guard, pytest.raises(ReaderError, match="does not start"):
        list(guard.each(SHOUT, [["a", "b"]]))


def test_the_task_may_change_from_page_to_page() -> None:
    with Guard() as guard:
        other: Task[int, int] = Task(__name__, ("add",), (1,))
        found = [next(iter(guard.each(task, [[1, 2]]))).outcomes for task in (ADD, ADD, other, ADD)]
    assert found == [[101, 102], [101, 102], [2, 3], [101, 102]]


def kept(folder: Path, how: str, page: list[str]) -> int:
    with Guard(seconds=1.0) as guard:
        guard.submit(Keep(folder, how), page)
        return int(guard.answer())


def test_a_child_that_ends_while_it_keeps_blames_no_message_and_is_started_anew(tmp_path: Path) -> None:
    assert kept(tmp_path, "once", ["a", "b"]) == 2
    assert (tmp_path / "kept").read_text() == "['A', 'B']"


def test_a_fault_of_the_program_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match=r"before it has kept .*\(KeyError\)") as caught:
        kept(tmp_path, "fault", ["a"])
    assert "boo" not in str(caught.value)  # what it says may be a letter's words
    assert "in do" in caught.value.__notes__[0]


def test_what_is_kept_has_more_room_than_what_is_read(tmp_path: Path) -> None:
    assert kept(tmp_path, "large", ["a", "hoard"]) == 2


def test_one_that_always_does_is_given_up_and_said(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="ends before it has kept what it read"):
        kept(tmp_path, "fail", ["a"])
    assert len(list(tmp_path.glob("try*"))) == 3


def test_keeping_may_take_longer_than_any_message(tmp_path: Path) -> None:
    assert kept(tmp_path, "wait", ["a", "die", "b"]) == 3


def test_what_the_work_refuses_is_told_where_it_was_submitted(tmp_path: Path) -> None:
    with Guard() as guard:
        for _ in range(2):  # and the child goes on
            guard.submit(Keep(tmp_path, "refuse"), ["a"])
            with pytest.raises(StoreError) as caught:
                guard.answer()
            assert str(caught.value) == "The disk is full: make room."
            assert "in do" in caught.value.__notes__[0], "for --debug"


def test_a_night_called_off_lets_what_is_being_kept_be_kept(tmp_path: Path) -> None:
    with Guard() as guard:
        guard.submit(Keep(tmp_path, "wait"), ["a"])
        assert guard._child is not None
        progress = guard._child.progress
        _until(lambda: progress.value == NOBODY)
    assert (tmp_path / "kept").exists()


PARENT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_guard import kept
if __name__ == "__main__":
    kept(Path(sys.argv[2]), "slow", ["a"])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_child_whose_parent_was_killed_keeps_nothing_more(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen([sys.executable, script, Path(__file__).parent, tmp_path])
    _until((tmp_path / "try0").exists)
    parent.kill()
    parent.wait()
    time.sleep(2.5)
    assert not (tmp_path / "kept").exists()


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
