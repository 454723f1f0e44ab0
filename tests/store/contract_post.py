"""The contract of the post book: what is due is weighed once, and what was remarked on is judged again when it may change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from letters import BLOGGS, judge_all, letter, page, said, waiting

from auditor.store.interface import Store
from auditor.store.records import Arrival, Judgement


def posted(name: str, day: int, **rest: Any) -> Arrival:
    """A letter of a day in March that is judged already, with its line in the book."""
    sent = datetime(2026, 3, day, 9, tzinfo=UTC)
    return letter(name, sent=sent, alone=said(message=name), post=f"line of {name}".encode(), **rest)


def due(store: Store) -> list[str]:
    return [line.post.decode().rpartition(" ")[2] for line in store.post() if line.due]


def numbers(store: Store) -> dict[str, int]:
    return {line.post.decode().rpartition(" ")[2]: line.holding for line in store.post()}


class PostContract:
    """The post book."""

    def test_the_post_is_read_by_the_moment_it_was_sent(self, store: Store, run: int) -> None:
        undated = letter("u", sent=None, post=b"line of u", alone=Judgement((), checked=False))
        store.commit(page(run, posted("b", 9), posted("a", 2), undated, letter("nameless", alone=said())))
        lines = list(store.post())
        assert [line.post for line in lines] == [b"line of a", b"line of b"]
        assert [line.sent for line in lines] == [1772442000, 1773046800]
        assert len({line.message for line in lines}) == 2

    def test_copies_are_lines_of_one_message(self, store: Store, run: int) -> None:
        store.commit(page(run, posted("a", 2, message_id="m")))
        store.commit(page(run, posted("b", 2, message_id="m"), mailbox=BLOGGS))
        assert len({line.message for line in store.post()}) == 1
        assert len(list(store.post())) == 2

    def test_nothing_is_due_once_it_is_weighed(self, store: Store, run: int) -> None:
        assert not store.unweighed()
        store.commit(page(run, posted("a", 2), posted("b", 9)))
        assert store.unweighed()
        assert due(store) == ["a", "b"]
        store.weighed([])
        assert not store.unweighed()
        assert due(store) == []
        assert waiting(store) == set()

    def test_what_was_sent_later_than_something_new_is_due_again(self, store: Store, run: int) -> None:
        store.commit(page(run, posted("a", 2), posted("c", 20)))
        store.weighed([])
        store.commit(page(run, posted("b", 9)))
        assert due(store) == ["b", "c"]

    def test_what_is_remarked_on_is_judged_and_then_at_rest(self, store: Store, run: int) -> None:
        store.commit(page(run, posted("a", 2), posted("b", 9)))
        store.weighed([numbers(store)["b"]])
        assert waiting(store) == {numbers(store)["b"]}
        assert due(store) == ["b"], "until it is judged it is weighed again, should the night be cut off"
        judge_all(store, run)
        assert not store.unweighed()

    def test_what_is_no_longer_remarked_on_is_judged_once_more(self, store: Store, run: int) -> None:
        store.commit(page(run, posted("b", 9)))
        store.weighed([numbers(store)["b"]])
        judge_all(store, run)
        store.commit(page(run, posted("a", 2)))
        store.weighed([])
        assert waiting(store) == {numbers(store)["b"]}
        judge_all(store, run)
        store.commit(page(run, posted("c", 1)))
        store.weighed([])
        assert waiting(store) == set()

    def test_what_is_judged_again_for_another_reason_is_weighed_too(self, store: Store, run: int) -> None:
        store.commit(page(run, posted("a", 2), posted("b", 9, message_id="m")))
        store.weighed([numbers(store)["b"]])
        judge_all(store, run)
        store.commit(page(run, letter("answer", in_reply_to="m", sent=None), mailbox=BLOGGS))
        assert due(store) == ["b"]

    def test_other_rules_make_all_of_it_due(self, store: Store, run: int) -> None:
        store.adopt("1.0")
        store.commit(page(run, posted("a", 2), posted("b", 9)))
        store.weighed([])
        store.adopt("1.1")
        assert due(store) == ["a", "b"]

    def test_new_bytes_are_a_new_line(self, store: Store, run: int) -> None:
        store.commit(page(run, posted("z", 1), posted("a", 2), posted("b", 9)))
        store.weighed([])
        sent = datetime(2026, 3, 30, 9, tzinfo=UTC)
        store.commit(page(run, letter("a", sent=sent, body="Other words.", post=b"line of a2")))
        assert list(numbers(store)) == ["z", "b", "a2"]
        assert due(store) == ["b", "a2"], "what came after the line that is gone, and the new one"
