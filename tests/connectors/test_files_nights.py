"""What a night after the first reads, and what it leaves alone."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path

import pytest
from boxes import EmlBox, MaildirBox, MboxBox, stored
from held_fake import FakeStore, kinds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from source_contract import ADDRESS, deliver, message

from auditor.errors import LostSource
from auditor.pipeline.source import Fetched, Moved
from connectors import files
from connectors.files import Files, mboxes, reading


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "mail"


def later(root: Path, *folders: str) -> Files:
    """The source an hour from now, so that every time on disk is old enough to be trusted."""
    return Files(root, [ADDRESS], folders or ("sent",), lambda: time.time() + 3600)


def age(path: Path) -> None:
    facts = path.stat()
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns - 10**9))


# --- Maildir


def test_an_unchanged_maildir_is_not_even_listed(root: Path, store: FakeStore) -> None:
    box = MaildirBox(root)
    deliver(box, 4)
    store.night(later(root), ADDRESS)
    cur = root / ADDRESS / ".Sent" / "cur"
    times = cur.stat()
    (cur / "5.x:2,S").write_bytes(message(5))
    os.utime(cur, ns=(times.st_atime_ns, times.st_mtime_ns))
    asked = store.asked
    assert store.night(later(root), ADDRESS) == []
    assert store.asked == asked
    os.utime(cur)
    assert kinds(store.night(later(root), ADDRESS)) == ["Fetched"]


def test_a_young_maildir_is_listed_and_its_names_compared(root: Path, store: FakeStore) -> None:
    box = MaildirBox(root)
    deliver(box, 4)
    store.night(box.source(), ADDRESS)
    cur = root / ADDRESS / ".Sent" / "cur"
    times = cur.stat()
    (cur / "5.x:2,S").write_bytes(message(5))
    os.utime(cur, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert kinds(store.night(box.source(), ADDRESS)) == ["Fetched"]
    asked = store.asked
    assert store.night(box.source(), ADDRESS) == []
    assert store.asked == asked


def test_of_an_unchanged_maildir_only_the_gaps_are_asked_for(root: Path, store: FakeStore) -> None:
    box = MaildirBox(root)
    handles, _ = deliver(box, 9)
    box.spoil(handles[4])
    store.night(later(root), ADDRESS)
    asked = store.asked
    assert kinds(store.night(later(root), ADDRESS)) == ["Unfetched"]
    assert store.asked == asked + 1
    assert store.count == 9


def test_reading_and_flagging_a_message_is_no_news(root: Path, store: FakeStore) -> None:
    box = MaildirBox(root)
    first, second = box.deliver(message(1)), box.deliver(message(2))
    store.night(box.source(), ADDRESS)
    first.rename(root / ADDRESS / ".Sent" / "cur" / f"{first.name}:2,S")
    second.rename(second.with_name(second.name.replace(":2,S", ":2,FRS")))
    assert store.night(box.source(), ADDRESS) == []
    assert store.count == 2


def test_a_message_in_new_and_cur_at_once_is_one(root: Path, store: FakeStore) -> None:
    box = MaildirBox(root)
    handle = box.deliver(message(1))
    (root / ADDRESS / ".Sent" / "cur" / f"{handle.name}:2,S").write_bytes(message(1))
    assert kinds(store.night(box.source(), ADDRESS)) == ["Fetched"]
    assert store.count == 1


def test_a_message_flagged_while_it_is_read_is_still_found(root: Path, store: FakeStore) -> None:
    box = MaildirBox(root)
    handles, bodies = deliver(box, 6)

    def clock() -> float:
        return time.time()

    source = Files(root, [ADDRESS], ("sent",), clock)
    pages = source.pages(ADDRESS, None, _Flagging(store, handles[3]))
    for page in pages:
        store.keep(page)
    assert store.bodies() == bodies


class _Flagging:
    """A look at the store in whose course a person opens a message."""

    def __init__(self, store: FakeStore, handle: Path) -> None:
        self._store, self._handle = store, handle
        self.ids, self.empty, self.gaps, self.find = store.ids, store.empty, store.gaps, store.find

    def unknown(self, listed: list[tuple[str, str]]) -> set[str]:
        if self._handle.exists():
            self._handle.rename(self._handle.with_name(self._handle.name + "F"))
        return self._store.unknown(listed)


def test_a_message_gone_while_it_is_read_is_settled_the_next_night(root: Path, store: FakeStore) -> None:
    box = EmlBox(root)
    handles, _ = deliver(box, 4)
    store.night(box.source(), ADDRESS)
    handles[0].unlink()
    fresh = box.deliver(message(9))

    class Removing(_Flagging):
        def unknown(self, listed: list[tuple[str, str]]) -> set[str]:
            fresh.unlink(missing_ok=True)
            return self._store.unknown(listed)

    for page in box.source().pages(ADDRESS, store.cursor, Removing(store, fresh)):
        store.cursor = page.cursor
        assert page.entries == ()
    assert kinds(store.night(box.source(), ADDRESS)) == ["Vanished"]
    assert store.count == 3


# --- mbox


def test_only_what_was_appended_is_read(root: Path, store: FakeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    box = MboxBox(root)
    deliver(box, 20)
    store.night(later(root), ADDRESS)
    box.deliver(message(50))
    monkeypatch.setattr(mboxes.Mboxes, "everything", _never)
    (entry,) = store.night(later(root), ADDRESS)
    assert isinstance(entry, Fetched)
    assert entry.raw == message(50)
    assert store.count == 21
    assert store.night(later(root), ADDRESS) == []


def _never(_self: object) -> None:
    raise AssertionError("read whole")


def test_an_mbox_that_grew_and_was_changed_before_is_read_whole(root: Path, store: FakeStore) -> None:
    box = MboxBox(root)
    deliver(box, 4)
    store.night(later(root), ADDRESS)
    box.path.write_bytes(box.path.read_bytes().replace(b"About footpath 2.", b"About footpath 8."))
    box.deliver(message(50))
    assert sorted(kinds(store.night(later(root), ADDRESS))) == ["Fetched", "Fetched", "Vanished"]


def test_a_copy_of_a_held_message_appended_is_its_next_occurrence(root: Path, store: FakeStore) -> None:
    box = MboxBox(root)
    deliver(box, 3)
    store.night(later(root), ADDRESS)
    box.deliver(message(1))
    box.deliver(message(1))
    first, second = store.night(later(root), ADDRESS)
    assert isinstance(first, Fetched)
    assert isinstance(second, Fetched)
    assert (first.id[-2:], second.id[-2:]) == ("-1", "-2")
    assert store.count == 5


def test_more_text_of_the_last_message_is_no_new_message(root: Path, store: FakeStore) -> None:
    box = MboxBox(root)
    deliver(box, 3)
    whole = box.path.read_bytes()
    box.path.write_bytes(whole[:-20])
    store.night(later(root), ADDRESS)
    box.path.write_bytes(whole)
    assert sorted(kinds(store.night(later(root), ADDRESS))) == ["Fetched", "Vanished"]
    assert store.bodies() == sorted(message(n) for n in range(3))


def test_a_sorted_export_adds_nothing(root: Path, store: FakeStore) -> None:
    box = MboxBox(root)
    _, bodies = deliver(box, 30)
    box.deliver(message(3))
    store.night(later(root), ADDRESS)
    box.path.write_bytes(b"".join(stored(raw) for raw in reversed([*bodies, message(3)])))
    assert store.night(later(root), ADDRESS) == []
    box.path.rename(box.path.with_name("Sent Items.mbox"))
    assert store.night(later(root), ADDRESS) == []
    assert store.count == 31


def test_status_lines_rewritten_in_place_are_no_news(root: Path, store: FakeStore) -> None:
    box = MboxBox(root)
    for n in range(3):
        box.deliver(b"X-Mozilla-Status: 0000\n" + message(n))
    store.night(later(root), ADDRESS)
    box.path.write_bytes(box.path.read_bytes().replace(b"Status: 0000", b"Status: 0001"))
    assert store.night(later(root), ADDRESS) == []


def test_a_new_label_is_a_move(root: Path, store: FakeStore) -> None:
    box = MboxBox(root)
    raws = [b"X-Gmail-Labels: Sent\n" + message(n) for n in range(3)]
    box.path.write_bytes(b"".join(map(stored, raws)))
    store.night(later(root), ADDRESS)
    box.path.write_bytes(box.path.read_bytes().replace(b"Sent\n", b"Sent,Mill\n", 1))
    (entry,) = store.night(later(root), ADDRESS)
    assert isinstance(entry, Fetched | Moved)
    assert entry.folders == ("sent", "Mill")
    assert store.count == 3


def test_a_message_between_two_mboxes_moves_without_news(root: Path, store: FakeStore) -> None:
    box = MboxBox(root)
    deliver(box, 3)
    store.night(later(root), ADDRESS)
    box.withdraw(2)
    (root / ADDRESS / "Sent 2025.mbox").write_bytes(b"")
    (root / ADDRESS / "sent").mkdir()
    (root / ADDRESS / "sent" / "2025.mbox").write_bytes(stored(message(1)))
    assert "Vanished" not in kinds(store.night(later(root), ADDRESS))
    assert store.count == 3


def test_a_mailbox_exported_anew_as_files_is_known_again(root: Path, store: FakeStore) -> None:
    box = MboxBox(root)
    deliver(box, 3)
    store.night(later(root), ADDRESS)
    box.path.unlink()
    (root / ADDRESS / "sent").mkdir()
    for n in range(3):
        (root / ADDRESS / "sent" / f"{n}.eml").write_bytes(message(n))
    assert kinds(store.night(later(root), ADDRESS)) == ["Moved"] * 3


def test_a_damaged_archive_gives_what_it_can_and_says_so(root: Path, store: FakeStore) -> None:
    MboxBox(root).path.unlink()
    path = root / ADDRESS / "Sent.mbox.gz"
    noise = [message(n) + os.urandom(40_000).hex().encode() + b"\n" for n in range(80)]
    path.write_bytes(gzip.compress(b"".join(map(stored, noise))))
    store.night(later(root), ADDRESS)
    assert store.count == 80
    path.write_bytes(path.read_bytes()[:-2_000_000])
    with pytest.raises(LostSource, match=r"damaged after its first \d+ messages"):
        store.night(later(root), ADDRESS)
    assert len(store.bodies()) == 80


def test_a_file_that_is_no_mbox_is_told_and_the_others_are_read(root: Path, store: FakeStore) -> None:
    box = MboxBox(root)
    deliver(box, 2)
    (root / ADDRESS / "Sent Items.mbox").write_bytes(b"PK\x03\x04 something else")
    with pytest.raises(LostSource, match="is none: export it again"):
        store.night(later(root), ADDRESS)
    assert len(store.bodies()) == 2


# --- folders outside the choice


def test_a_narrower_choice_calls_nothing_gone(root: Path, store: FakeStore) -> None:
    for folder in ("sent", "archive"):
        (root / ADDRESS / folder).mkdir(parents=True)
    for n in range(6):
        (root / ADDRESS / ("sent" if n % 2 else "archive") / f"{n}.eml").write_bytes(message(n))
    (root / ADDRESS / "Trash.mbox").write_bytes(stored(message(7)))
    store.night(later(root, "all"), ADDRESS)
    assert store.count == 7
    for _ in range(3):
        assert store.night(later(root, "sent"), ADDRESS) == []
        assert store.count == 7, "what is held is in the mailbox still"
    (root / ADDRESS / "archive" / "0.eml").unlink()
    assert kinds(store.night(later(root, "sent"), ADDRESS)) == ["Vanished"]
    assert store.count == 6


@pytest.mark.parametrize("box_kind", [EmlBox, MaildirBox])
def test_a_move_out_of_the_choice_is_a_move_and_into_the_bin_a_removal(
    root: Path, store: FakeStore, box_kind: type[EmlBox | MaildirBox], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PAGE_MESSAGES", 1)
    box = box_kind(root)
    handles, _ = deliver(box, 4)
    store.night(later(root), ADDRESS)
    for folder in ("Archive", "Deleted Items"):
        (root / ADDRESS / folder).mkdir()
    kept = root / ADDRESS / "Archive" / ("cur" if box_kind is MaildirBox else "")
    binned = root / ADDRESS / "Deleted Items" / ("cur" if box_kind is MaildirBox else "")
    kept.mkdir(exist_ok=True)
    binned.mkdir(exist_ok=True)
    handles[1].rename(kept / handles[1].name)
    handles[2].rename(binned / handles[2].name)
    assert kinds(store.night(later(root), ADDRESS)) == ["Moved", "Vanished"]
    assert store.count == 3
    for _ in range(2):
        assert store.night(later(root), ADDRESS) == []
    assert store.count == len(list(store.ids()))


# --- everything at once

OPERATION = st.one_of(
    st.tuples(st.just("deliver"), st.integers(0, 2), st.integers(0, 7)),
    st.tuples(st.sampled_from(["withdraw", "move"]), st.integers(0, 2), st.integers(0, 20)),
    st.tuples(st.just("night"), st.integers(0, 4), st.just(0)),
)


@given(st.lists(OPERATION, max_size=25))
@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_people_do_and_wherever_nights_end_the_store_follows(
    tmp_path_factory: pytest.TempPathFactory, operations: list[tuple[str, int, int]]
) -> None:
    root = tmp_path_factory.mktemp("mail")
    (root / ADDRESS / "sent").mkdir(parents=True)
    (root / ADDRESS / "sent" / "always.eml").write_bytes(message(99))
    boxes = [box(root / str(n)) for n, box in enumerate((EmlBox, MaildirBox, MboxBox))]
    for n, box in enumerate(boxes):
        box.home.rename(root / ADDRESS / f"sent {n}") if n else box.home.rename(root / ADDRESS / "mine")
    homes = [root / ADDRESS / "mine" / "sent", root / ADDRESS / "sent 1" / ".Sent", root / ADDRESS / "sent 2"]
    truth = _Truth(homes)
    store = FakeStore()
    with pytest.MonkeyPatch.context() as small:
        small.setattr(files, "PAGE_MESSAGES", 3)
        small.setattr(reading, "BATCH", 4)
        for verb, which, number in [*operations, ("night", 0, 0)]:
            if verb == "night":
                store.night(Files(root, [ADDRESS]), ADDRESS, pages=which or None)
            else:
                truth.do(verb, which, number)
        store.night(Files(root, [ADDRESS]), ADDRESS)
    assert store.bodies() == sorted([message(99), *truth.bodies()])


class _Truth:
    """Files, a Maildir and an mbox of one mailbox, and what is in them."""

    def __init__(self, homes: list[Path]) -> None:
        self.eml, self.maildir, self.mbox = homes
        self.made = 0
        self.held: list[list[tuple[Path, bytes]]] = [[], [], []]

    def do(self, verb: str, which: int, number: int) -> None:
        kept = self.held[which]
        self.made += 1
        if verb == "deliver":
            path = (self.eml / f"{self.made}.eml", self.maildir / "new" / f"{self.made}.P1", self.mbox)[which]
            kept.append((path, message(number)))
        elif kept and verb == "withdraw":
            path, _ = kept.pop(number % len(kept))
        elif kept:
            path, raw = kept.pop(number % len(kept))
            kept.append(
                (
                    (self.eml / f"renamed {self.made}.eml", self.maildir / "cur" / f"{self.made}.P1:2,S", path)[which],
                    raw,
                )
            )
        self.write()

    def write(self) -> None:
        """Puts on disk what differs."""
        for home, kept in ((self.eml, self.held[0]), (self.maildir, self.held[1])):
            wanted = dict(kept)
            for path in [p for p in home.rglob("*") if p.is_file()]:
                if path not in wanted:
                    path.unlink()
            for path, raw in wanted.items():
                if not path.exists():
                    path.write_bytes(raw)
        data = b"".join(stored(raw) for _, raw in self.held[2])
        path = self.mbox / "Sent.mbox"
        if path.read_bytes() != data:
            path.write_bytes(data)

    def bodies(self) -> list[bytes]:
        return [raw for kept in self.held for _, raw in kept]
