"""What every connector keeps, whatever it reads from. Subclass `SourceContract` and give it a `box` fixture."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Protocol

import pytest
from held_fake import FakeStore, kinds

from auditor.errors import LostSource
from auditor.pipeline.source import Fetched, Moved, Page, Source, Unfetched, Vanished

ADDRESS = "clerk@thorrington.example.org"


class Box(Protocol):
    """A mailbox that a test can do things to. A handle is whatever `deliver` returned."""

    abilities: frozenset[str]
    """Of: change, move, break, young. What a kind of mailbox cannot do is not asked of it."""

    def source(self) -> Source: ...
    def deliver(self, raw: bytes) -> object:
        """Puts a message into a chosen folder."""
        ...

    def withdraw(self, handle: object) -> None:
        """Takes it away for good."""
        ...

    def change(self, handle: object, raw: bytes) -> None: ...
    def move(self, handle: object) -> object:
        """To another chosen folder, or under another name; the bytes stay."""
        ...

    def spoil(self, handle: object) -> None:
        """Makes it unreadable."""
        ...

    def mend(self, handle: object, raw: bytes) -> None: ...
    def lose(self) -> None:
        """The whole mailbox is not there."""
        ...

    def empty(self) -> None:
        """The mailbox is there, with nothing in it."""
        ...

    def state(self) -> object:
        """All that is there, to be compared: reading must not change it."""
        ...


def message(number: int, size: int = 0) -> bytes:
    filler = (b"The hedge by the footpath has been cut back again. " * 20 + b"\n") * (size // 1021)
    return (
        b"From: Clerk <clerk@thorrington.example.org>\nTo: a resident <resident@example.com>\n"
        b"Subject: Footpath %d\nMessage-ID: <%d@thorrington.example.org>\n\nDear Resident,\n\n"
        b"About footpath %d.\n%s" % (number, number, number, filler)
    )


def deliver(box: Box, count: int, size: int = 0) -> tuple[list[object], list[bytes]]:
    bodies = [message(number, size) for number in range(count)]
    return [box.deliver(raw) for raw in bodies], sorted(bodies)


class SourceContract:
    """The suite."""

    many = 2050
    """Messages enough for several pages."""
    longest_cursor = 1000

    @pytest.fixture
    def store(self) -> FakeStore:
        return FakeStore()

    def test_every_message_arrives_once_with_its_bytes(self, box: Box, store: FakeStore) -> None:
        _, bodies = deliver(box, 25)
        entries = store.night(box.source(), ADDRESS)
        assert kinds(entries) == ["Fetched"] * 25
        assert store.bodies() == bodies
        assert store.count == 25

    def test_two_copies_are_two_facts(self, box: Box, store: FakeStore) -> None:
        box.deliver(message(1))
        box.deliver(message(1))
        store.night(box.source(), ADDRESS)
        assert store.bodies() == [message(1)] * 2
        assert store.night(box.source(), ADDRESS) == []

    def test_pages_hold_a_thousand_messages_and_only_the_last_counts(self, box: Box, store: FakeStore) -> None:
        deliver(box, self.many)
        pages = list(box.source().pages(ADDRESS, None, store))
        assert len(pages) > 1
        assert max(len(page.entries) for page in pages) <= 1000
        assert [page.count for page in pages] == [None] * (len(pages) - 1) + [self.many]

    def test_pages_hold_sixteen_megabytes_or_one_message(self, box: Box, store: FakeStore) -> None:
        deliver(box, 12, 3 * 1024 * 1024)
        box.deliver(message(99, 20 * 1024 * 1024))
        pages = list(box.source().pages(ADDRESS, None, store))
        for page in pages:
            assert len(page.entries) <= 1 or _weight(page) <= 17 * 1024 * 1024
        assert sum(len(page.entries) for page in pages) == 13

    def test_memory_does_not_grow_with_the_mailbox(self, box: Box, store: FakeStore) -> None:
        deliver(box, 40, 2 * 1024 * 1024)
        tracemalloc.start()
        try:
            for page in box.source().pages(ADDRESS, None, store):
                assert page.cursor
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 64 * 1024 * 1024, f"{peak:,} bytes for 80 MB of mail"

    def test_a_night_cut_short_goes_on_where_it_stopped(self, box: Box, store: FakeStore) -> None:
        _, bodies = deliver(box, self.many)
        total = len(list(box.source().pages(ADDRESS, None, store)))
        for cut in range(total + 1):
            store = FakeStore()
            if cut:
                store.night(box.source(), ADDRESS, pages=cut)
            store.night(box.source(), ADDRESS)  # FakeStore objects to anything twice
            assert store.bodies() == bodies
            assert store.count == self.many

    def test_many_nights_of_one_page_each_come_to_an_end(self, box: Box, store: FakeStore) -> None:
        _, bodies = deliver(box, self.many)
        for _ in range(4):
            store.night(box.source(), ADDRESS, pages=1)
        assert store.bodies() == bodies
        assert store.count == self.many

    def test_removals_survive_a_night_cut_short(self, box: Box, store: FakeStore) -> None:
        handles, _ = deliver(box, 1100)
        store.night(box.source(), ADDRESS)
        for handle in handles[:40]:
            box.withdraw(handle)
        fresh = [message(number) for number in range(5000, 6100)]
        for raw in fresh:
            box.deliver(raw)
        store.night(box.source(), ADDRESS, pages=1)
        store.night(box.source(), ADDRESS)
        assert store.count == 1100 - 40 + 1100
        assert store.bodies() == sorted([message(number) for number in range(40, 1100)] + fresh)

    def test_a_second_night_with_nothing_new_brings_only_the_count(self, box: Box, store: FakeStore) -> None:
        deliver(box, 30)
        store.night(box.source(), ADDRESS)
        pages = list(box.source().pages(ADDRESS, store.cursor, store))
        assert [(page.entries, page.count) for page in pages] == [((), 30)]

    def test_a_second_night_brings_what_is_new(self, box: Box, store: FakeStore) -> None:
        deliver(box, 5)
        store.night(box.source(), ADDRESS)
        box.deliver(message(77))
        (entry,) = store.night(box.source(), ADDRESS)
        assert isinstance(entry, Fetched)
        assert entry.raw == message(77)
        assert store.count == 6

    def test_the_same_mailbox_reads_the_same(self, box: Box, store: FakeStore) -> None:
        deliver(box, 40)
        first = list(box.source().pages(ADDRESS, None, FakeStore()))
        again = list(box.source().pages(ADDRESS, None, FakeStore()))
        assert [(page.entries, page.count) for page in first] == [(page.entries, page.count) for page in again]
        assert len({entry.id for page in first for entry in page.entries}) == 40

    def test_without_a_cursor_what_is_held_is_known_again(self, box: Box, store: FakeStore) -> None:
        handles, _ = deliver(box, 10)
        store.night(box.source(), ADDRESS)
        box.withdraw(handles[3])
        store.cursor = None
        assert kinds(store.night(box.source(), ADDRESS)) == ["Vanished"]
        assert store.count == 9

    def test_a_changed_message_comes_again(self, box: Box, store: FakeStore) -> None:
        self.able(box, "change")
        handles, _ = deliver(box, 5)
        store.night(box.source(), ADDRESS)
        box.change(handles[2], message(200))
        entries = store.night(box.source(), ADDRESS)
        assert [entry.raw for entry in entries if isinstance(entry, Fetched)] == [message(200)]
        assert "Vanished" not in kinds(entries)
        assert store.count == 5

    def test_a_moved_message_is_neither_new_nor_gone(self, box: Box, store: FakeStore) -> None:
        self.able(box, "move")
        handles, bodies = deliver(box, 5)
        store.night(box.source(), ADDRESS)
        box.move(handles[2])
        assert kinds(store.night(box.source(), ADDRESS)) == ["Moved"]
        assert store.bodies() == bodies
        assert store.night(box.source(), ADDRESS) == []

    def test_of_two_copies_one_may_move(self, box: Box, store: FakeStore) -> None:
        self.able(box, "move")
        handle = box.deliver(message(1))
        box.deliver(message(1))
        store.night(box.source(), ADDRESS)
        box.move(handle)
        (entry,) = store.night(box.source(), ADDRESS)
        assert isinstance(entry, Moved)
        assert store.bodies() == [message(1)] * 2

    def test_what_is_gone_is_said_once(self, box: Box, store: FakeStore) -> None:
        handles, _ = deliver(box, 6)
        store.night(box.source(), ADDRESS)
        box.withdraw(handles[1])
        box.withdraw(handles[4])
        assert kinds(store.night(box.source(), ADDRESS)) == ["Vanished"] * 2
        assert store.count == 4
        assert store.night(box.source(), ADDRESS) == []

    def test_what_comes_back_is_seen(self, box: Box, store: FakeStore) -> None:
        handles, bodies = deliver(box, 4)
        store.night(box.source(), ADDRESS)
        box.withdraw(handles[0])
        store.night(box.source(), ADDRESS)
        box.deliver(message(0))
        assert kinds(store.night(box.source(), ADDRESS)) == ["Fetched"]
        assert store.bodies() == bodies

    def test_an_unreadable_message_is_a_gap_until_it_heals(self, box: Box, store: FakeStore) -> None:
        self.able(box, "break")
        handles, bodies = deliver(box, 4)
        box.spoil(handles[2])
        assert sorted(kinds(store.night(box.source(), ADDRESS))) == ["Fetched"] * 3 + ["Unfetched"]
        assert store.count == 4
        assert kinds(store.night(box.source(), ADDRESS)) == ["Unfetched"]
        box.mend(handles[2], message(2))
        assert kinds(store.night(box.source(), ADDRESS)) == ["Fetched"]
        assert store.bodies() == bodies

    @pytest.mark.parametrize("bytes_kept", [True, False])
    def test_a_gap_of_the_store_is_asked_for_again(self, box: Box, store: FakeStore, bytes_kept: bool) -> None:
        deliver(box, 5)
        store.night(box.source(), ADDRESS)
        i = next(store.ids())
        if not bytes_kept:
            store.holdings.pop(i)
        store.missing[i] = "It took too long to read."
        (entry,) = store.night(box.source(), ADDRESS)
        assert isinstance(entry, Fetched)
        assert entry.id == i

    def test_a_gap_whose_message_is_gone_is_closed(self, box: Box, store: FakeStore) -> None:
        handles, _ = deliver(box, 5)
        store.night(box.source(), ADDRESS)
        (i,) = store.find(_sha(message(3)))
        store.holdings.pop(i)
        store.missing[i] = "It took too long to read."
        box.withdraw(handles[3])
        (entry,) = store.night(box.source(), ADDRESS)
        assert entry == Vanished(i)
        assert store.count == 4

    def test_an_absent_mailbox_is_lost_and_nothing_is_gone(self, box: Box, store: FakeStore) -> None:
        deliver(box, 3)
        store.night(box.source(), ADDRESS)
        box.lose()
        self.assert_lost(lambda: store.night(box.source(), ADDRESS))
        assert len(store.bodies()) == 3

    def test_a_suddenly_empty_mailbox_is_lost_and_nothing_is_gone(self, box: Box, store: FakeStore) -> None:
        deliver(box, 3)
        store.night(box.source(), ADDRESS)
        box.empty()
        self.assert_lost(lambda: store.night(box.source(), ADDRESS))
        assert len(store.bodies()) == 3

    def test_a_mailbox_that_was_always_empty_is_empty(self, box: Box, store: FakeStore) -> None:
        box.empty()
        assert store.night(box.source(), ADDRESS) == []
        assert store.count == 0

    def test_an_unknown_mailbox_is_lost(self, box: Box, store: FakeStore) -> None:
        box.deliver(message(1))
        self.assert_lost(lambda: store.night(box.source(), "nobody@thorrington.example.org"))
        self.assert_lost(lambda: box.source().probe("nobody@thorrington.example.org"))

    def test_a_probe_says_what_is_there(self, box: Box) -> None:
        box.deliver(message(1))
        seen = box.source().probe(ADDRESS)
        assert seen.said
        assert not seen.empty

    def test_a_probe_claims_no_message_that_it_could_not_read(self, box: Box) -> None:
        self.able(box, "break")
        box.spoil(box.deliver(message(1)))
        assert "read whole" not in box.source().probe(ADDRESS).said

    def test_nothing_is_written(self, box: Box, store: FakeStore) -> None:
        deliver(box, 5)
        before = box.state()
        store.night(box.source(), ADDRESS)
        store.night(box.source(), ADDRESS)
        assert box.state() == before

    def test_cursors_are_short_text(self, box: Box, store: FakeStore) -> None:
        deliver(box, 50)
        store.night(box.source(), ADDRESS)
        assert store.cursor is not None
        assert len(store.cursor) < self.longest_cursor
        assert store.cursor.isascii()

    def assert_lost(self, read: Callable[[], object]) -> None:
        with pytest.raises(LostSource) as caught:
            read()
        assert str(caught.value).endswith("."), "one plain sentence"
        assert "\n" not in str(caught.value)

    def able(self, box: Box, ability: str) -> None:
        if ability not in box.abilities:
            pytest.skip(f"this kind of mailbox cannot {ability}")


def _weight(page: Page) -> int:
    return sum(len(entry.raw) for entry in page.entries if isinstance(entry, Fetched))


def _sha(raw: bytes) -> str:
    from hashlib import sha256

    return sha256(raw).hexdigest()


__all__ = ["ADDRESS", "Box", "SourceContract", "Unfetched", "deliver", "message"]
