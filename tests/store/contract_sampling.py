"""The contract of samples: drawn by chance from what has no finding, kept as drawn, and what is said of them like decisions."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from contract_deciding import book, day
from letters import BLOGGS, CLERK, finding, judge_all, judgement, letter, page

from auditor.store.decisions import Change
from auditor.store.interface import Store
from auditor.store.records import Failed, Judgement
from auditor.store.samples import Candidate, Look, Looked, SampleTally, Verdict
from auditor.store.trail import Deed

SENT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)
WEEK = "2026-W47"
FINE, MISSED = Verdict


def held(store: Store, run: int, many: int = 6) -> list[Candidate]:
    """Letters of the week, judged without a finding, in the order of chance."""
    store.commit(page(run, *(letter(f"{n}", body=f"Letter {n}.", sent=SENT) for n in range(many))))
    judge_all(store, run)
    return store.unflagged(WEEK, MONDAY, SUNDAY)


def drawn(store: Store, run: int, many: int = 3, label: str = WEEK, chairs: bool = False) -> list[str]:
    """The names of a sample."""
    found = held(store, run)
    store.draw(label, chairs, found[:many], len(found))
    return [one.name for one in store.sample(label, chairs)]


def read(store: Store, name: str, saved: int, *said: Look, chairs: bool = False) -> Change:
    """A workbook read with what it says."""
    return store.look(book(name, saved), chairs, said, "ann on office", day(saved + 1))


class SamplingContract:
    """What there is to draw from, what was drawn, and what was found in it."""

    def test_only_what_was_checked_and_has_no_finding_is_there_to_draw(self, store: Store, run: int) -> None:
        sent = {"flagged": SENT, "fine": SENT, "stranger": SENT, "unasked": SENT, "early": SENT - timedelta(days=7)}
        store.commit(page(run, *(letter(name, body=name, sent=at) for name, at in {**sent, "undated": None}.items())))
        said = {
            "flagged": judgement(0, finding())[1],
            "stranger": Judgement((), checked=False),
            "unasked": Judgement((), failed=(Failed(("a-rule",), "the check failed (ValueError)"),)),
        }
        waiting = {docket.packed.decode().removeprefix("packed:"): docket for docket in store.queue(10)}
        assert store.unflagged(WEEK, MONDAY, SUNDAY) == [], "nothing is judged yet"
        store.judge(run, [(docket.holding, said.get(name, Judgement(()))) for name, docket in waiting.items()])
        [one] = store.unflagged(WEEK, MONDAY, SUNDAY)
        assert (one.sha256, one.mailbox, one.sender, one.sent) == (waiting["fine"].sha256, CLERK, CLERK, SENT)
        assert len(store.unflagged(WEEK, None, None)) == 3

    def test_a_message_in_two_places_is_drawn_once(self, store: Store, run: int) -> None:
        twice = [letter(name, body="The same.", message_id="same@x", sent=SENT) for name in ("a", "b")]
        store.commit(page(run, twice[0], mailbox=BLOGGS))
        store.commit(page(run, *twice))
        store.judge(run, [(one.holding, Judgement((), checked=one.mailbox == CLERK)) for one in store.queue(10)])
        [one] = store.unflagged(WEEK, MONDAY, SUNDAY)
        assert one.mailbox == CLERK, "where the copy is that was checked"

    def test_a_copy_with_a_finding_takes_the_message_out(self, store: Store, run: int) -> None:
        store.commit(page(run, *(letter(name, body="The same.", message_id="same@x", sent=SENT) for name in "ab")))
        first, second = store.queue(10)
        store.judge(run, [judgement(first.holding), judgement(second.holding, finding())])
        assert store.unflagged(WEEK, MONDAY, SUNDAY) == []

    def test_chance_is_this_store_s_and_this_week_s_and_comes_out_alike(self, store: Store, run: int) -> None:
        found = held(store, run, 40)
        assert [one.name for one in found] == sorted(one.name for one in found)
        assert store.unflagged(WEEK, MONDAY, SUNDAY) == found
        other = store.unflagged("2026-W48", MONDAY, SUNDAY)
        assert {one.sha256 for one in other} == {one.sha256 for one in found}
        assert not {one.name for one in other} & {one.name for one in found}
        assert [one.sha256 for one in other] != [one.sha256 for one in found]

    def test_each_message_is_as_likely_as_any_other(self, store: Store, run: int) -> None:
        held(store, run, 10)
        first = Counter(store.unflagged(f"week {n}", MONDAY, SUNDAY)[0].sha256 for n in range(400))
        assert len(first) == 10
        # Each is first 40 times on average; 8 and 75 are more than five standard deviations away.
        assert all(8 <= many <= 75 for many in first.values())

    def test_a_sample_stays_as_it_was_drawn(self, store: Store, run: int) -> None:
        found = held(store, run)
        store.draw(WEEK, False, found[:2], 6)
        before = store.sample(WEEK, False)
        store.draw(WEEK, False, found[2:], 4)
        assert store.sample(WEEK, False) == before
        assert [(one.name, one.sha256) for one in before] == [(one.name, one.sha256) for one in found[:2]]
        [first, _] = before
        assert (first.label, first.mailbox, first.sender, first.sent) == (WEEK, CLERK, CLERK, SENT)
        assert (first.subject, first.recipients) == ("Allotments", ("resident@example.com",))
        assert first.message_id.endswith("@thorrington.example.org")
        assert store.sample_tallies(False, [WEEK, "2026-W46"]) == [SampleTally(WEEK, 6, 0, 0)]
        assert store.sample(WEEK, True) == store.sample("2026-W46", False) == []

    def test_what_was_found_later_leaves_the_sample_as_it_is(self, store: Store, run: int) -> None:
        names = drawn(store, run)
        holdings = [docket.holding for docket in store.all_held(10)]
        store.judge(run, [judgement(holding, finding(), message=str(holding)) for holding in holdings])
        assert [one.name for one in store.sample(WEEK, False)] == names
        assert store.unflagged(WEEK, MONDAY, SUNDAY) == []

    def test_other_bytes_under_the_same_id_are_not_what_was_drawn(self, store: Store, run: int) -> None:
        names = drawn(store, run, 6)
        read(store, "a", 1, *(Look(name, FINE) for name in names))
        another = letter("0", body="Another one.", sent=SENT - timedelta(days=1), stamp="2", message_id="new@x")
        store.commit(page(run, another))
        assert len(store.sample(WEEK, False)) == len(names) - 1
        assert len(store.looks()) == len(names)

    def test_the_chair_s_sample_is_apart(self, store: Store, run: int) -> None:
        found = held(store, run)
        store.draw(WEEK, False, found[:2], 4)
        store.draw(WEEK, True, found[2:3], 2)
        [hers], [_, _] = store.sample(WEEK, True), store.sample(WEEK, False)
        assert hers.name == found[2].name
        said = Look(hers.name, MISSED, "E1", "x")
        assert read(store, "a", 1, said) == Change(unknown=(hers.name,)), "the Chair's is said in the Chair's workbook"
        assert read(store, "b", 1, said, Look(found[0].name, FINE), chairs=True) == Change(
            made=1, unknown=(found[0].name,)
        )
        assert store.sample_tallies(False, [WEEK]) == [SampleTally(WEEK, 4, 0, 0)]
        assert store.sample_tallies(True, [WEEK]) == [SampleTally(WEEK, 2, 1, 1)]
        assert store.missed(False) == []
        assert [one.message.name for one in store.missed(True)] == [hers.name]

    def test_what_a_workbook_says_of_a_sample_stands(self, store: Store, run: int) -> None:
        one, two, three = drawn(store, run)
        said = (Look(one, MISSED, "E10", "Paint."), Look(two, FINE), Look(three, None))
        assert read(store, "a", 1, *said) == Change(made=2)
        missed = Looked(said[0], day(1), "a")
        assert store.looks() == {one: missed, two: Looked(said[1], day(1), "a")}
        assert list(store.looks()) == sorted([one, two])
        assert store.looks([one, three]) == {one: missed}
        assert store.sample_tallies(False, [WEEK]) == [SampleTally(WEEK, 6, 2, 1)]
        [listed] = store.missed(False)
        assert (listed.message.name, listed.said) == (one, missed)
        assert store.books() == {"a": book("", 1).sha256}

    def test_nothing_new_of_a_sample_is_nothing_kept(self, store: Store, run: int) -> None:
        one, two, _ = drawn(store, run)
        said = (Look(one, MISSED, "E10"), Look(two, None))
        read(store, "a", 1, *said)
        length = store.head().length
        assert read(store, "a", 2, *said) == read(store, "a", 3) == Change()
        assert [one.at for one in store.look_history(one)] == [day(1)]
        assert store.head().length == length

    def test_every_change_of_a_sample_is_kept(self, store: Store, run: int) -> None:
        one, *_ = drawn(store, run)
        said = (Look(one, MISSED), Look(one, MISSED, "E1"), Look(one, None, "", "?"), Look(one, None), Look(one, FINE))
        changes = [read(store, "a", n, look) for n, look in enumerate(said)]
        altered, made = Change(altered=1), Change(made=1)
        assert changes == [made, altered, altered, Change(withdrawn=1), made]
        assert store.look_history(one) == [Looked(look, day(n), "a") for n, look in enumerate(said)]
        assert store.looks() == {one: Looked(Look(one, FINE), day(4), "a")}

    def test_of_two_copies_the_one_saved_last_counts_and_both_are_told(self, store: Store, run: int) -> None:
        one, two, _ = drawn(store, run)
        read(store, "newer", 5, Look(one, FINE), Look(two, FINE))
        read(store, "older", 3, Look(one, MISSED), Look(two, FINE))
        assert store.looks([one])[one].look.verdict is FINE
        [said] = store.look_conflicts(["newer", "older", "gone"])
        assert [(one.book, one.look.verdict) for one in said] == [("newer", FINE), ("older", MISSED)]
        assert store.look_conflicts(["newer"]) == []
        read(store, "newer", 6, Look(one, None))
        assert store.looks([one]) == {}, "what is taken back does not stand by an older copy"
        assert store.sample_tallies(False, [WEEK]) == [SampleTally(WEEK, 6, 1, 0)]

    def test_any_text_can_be_a_note_on_a_sample(self, store: Store, run: int) -> None:
        one, *_ = drawn(store, run)
        strange = ("f" * 20, "", "\0\ud800", one.upper())
        said = [Look(name, FINE) for name in strange if name != one]
        change = read(store, "a\ud800", 1, *said, Look(one, FINE, "E1", "=1+1\0\udfff"))
        assert (change.made, set(change.unknown)) == (1, set(strange) - {one})
        assert store.looks()[one].look.note == "=1+1\ufffd\ufffd"
        assert store.look_history("\0\ud800") == []

    def test_the_trail_tells_of_a_sample_how_many_and_no_word(self, store: Store, run: int) -> None:
        one, two, _ = drawn(store, run)
        read(store, "a", 1, Look(one, MISSED, "E10", "secret"), Look(two, FINE, "", "secret"))
        entry = store.last_deed(Deed.DECIDED)
        assert entry is not None
        counts = {"made": 2, "altered": 0, "withdrawn": 0}
        assert entry.said == {"book": "a", "sha256": book("a", 1).sha256, "of": "sample", **counts}
        assert store.prove_trail().whole

    @pytest.mark.parametrize("chairs", [False, True])
    def test_the_store_is_sound_with_it(self, store: Store, run: int, chairs: bool) -> None:
        one, *_ = drawn(store, run, chairs=chairs)
        read(store, "a", 1, Look(one, MISSED), chairs=chairs)
        assert not any(misfit.many for misfit in store.proving("x").misfits() if "mailboxes" not in misfit.what)
