"""The contract of collecting: whole pages, once each, nothing lost, every message in one term of the account."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from changes import replace
from letters import BLOGGS, CLERK, STARTED, judge_all, letter, missed, page, waiting

from auditor.errors import StoreError
from auditor.store.interface import Store
from auditor.store.records import Committed, Coverage, PassedOver, Query, Relocated, Skipped

OUTSIDE = PassedOver.OUTSIDE


def account(store: Store, mailbox: str = CLERK) -> Coverage:
    """The mailbox's account."""
    return next(one for one in store.coverage() if one.mailbox == mailbox)


def balanced(store: Store, mailbox: str = CLERK) -> bool:
    """Whether the terms add up to the provider's count."""
    one = account(store, mailbox)
    return one.provider_count == one.collected + one.gaps + one.outside_window + one.private


class CollectingContract:
    """Pages, cursors, gaps, moves."""

    @pytest.fixture
    def run(self, store: Store) -> int:
        return store.begin_run(STARTED, "0.1")

    def test_a_page_is_kept_with_its_cursor(self, store: Store, run: int) -> None:
        assert store.cursor("files", CLERK) is None
        mail = letter()
        assert store.commit(page(run, mail, cursor="page 1", count=1)) == Committed(new=1, removed=0, gaps=0)
        assert store.cursor("files", CLERK) == "page 1"
        assert store.evidence(mail.sha256) == mail.raw
        assert store.facts().messages == store.facts().searchable == 1
        assert balanced(store)

    def test_a_load_given_again_with_its_ticket_is_answered_as_before(self, store: Store, run: int) -> None:
        load = [page(run, letter("a"), letter("b"), cursor="1"), page(run, missed=(missed("c"),), mailbox=BLOGGS)]
        told = store.commit_all(load, "first")
        assert [(one.new, one.gaps) for one in told] == [(2, 0), (0, 1)]
        assert store.commit_all(load, "first") == told
        assert store.commit_all([page(run, letter("d"))], "second") == [Committed(1, 0, 0)]
        assert store.commit_all(load, "first") == [Committed(0, 0, 0)] * 2, "only the last one is remembered"
        assert store.facts().messages == 3

    def test_a_gap_under_the_id_of_what_is_gone_is_a_gap_and_no_less(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a"), letter("b"), cursor="1", count=2))
        store.commit(page(run, vanished=("a",), cursor="2", count=1))
        store.commit(page(run, missed=(missed("a"), missed("b")), cursor="3", count=2))
        assert (account(store).collected, account(store).gaps, account(store).removed) == (0, 2, 1)
        assert balanced(store)

    def test_the_same_page_twice_changes_nothing(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a"), letter("b"), letter("x"), cursor="0"))
        batch = page(
            run,
            letter("a", body="Changed since."),
            letter("c"),
            skipped=(Skipped("d", "1", OUTSIDE, date(2020, 1, 1)),),
            missed=(missed("e"),),
            relocated=(Relocated("b", "x", ("archive",), "2"),),
            vanished=("x",),
            cursor="1",
            count=5,
        )
        first = store.commit(batch)
        seen = (store.facts(), store.coverage(), store.gaps(), sorted(store.held("files", CLERK).ids()))
        judge_all(store, run)
        assert first.new == 1
        assert store.commit(batch) == Committed(new=0, removed=0, gaps=0)
        facts, *rest = (store.facts(), store.coverage(), store.gaps(), sorted(store.held("files", CLERK).ids()))
        assert rest == list(seen[1:])
        assert facts.messages == seen[0].messages == facts.searchable
        assert waiting(store) == set()

    def test_several_pages_go_in_together(self, store: Store, run: int) -> None:
        late, early = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
        pages = [
            page(run, letter("a", sent=late), cursor="1"),
            page(run, letter("a", body="A drain.", sent=early), letter("b", sent=early), cursor="2", count=2),
            page(run, letter("c", body="A drain.", sent=late), mailbox=BLOGGS, cursor="1", count=1),
        ]
        assert [done.new for done in store.commit_all(pages)] == [1, 1, 1]
        assert (store.cursor("files", CLERK), store.cursor("files", BLOGGS)) == ("2", "1")
        assert balanced(store, CLERK)
        assert balanced(store, BLOGGS)
        assert [hit.sent for hit in store.search(Query(("drain",)))] == [late, early]
        assert store.count(Query(("rent",))) == 1
        assert store.facts().messages == store.facts().searchable == 3
        assert store.commit_all([]) == []

    def test_of_several_pages_none_goes_in_when_one_does_not(self, store: Store, run: int) -> None:
        wrong = page(run, missed=(replace(missed("x"), sha256="not a hash"),), mailbox=BLOGGS)
        with pytest.raises(ValueError, match="hex"):
            store.commit_all([page(run, letter("a"), cursor="1"), wrong])
        assert store.cursor("files", CLERK) is None
        assert store.facts().messages == store.facts().searchable == 0

    def test_two_mailboxes_share_evidence_and_not_holdings(self, store: Store, run: int) -> None:
        mail = letter("a")
        store.commit(page(run, mail, mailbox=CLERK))
        assert store.commit(page(run, mail, mailbox=BLOGGS)).new == 1
        assert store.facts().messages == 2
        assert store.evidence(mail.sha256) == mail.raw

    def test_changed_bytes_replace_the_reading_and_keep_the_old_evidence(self, store: Store, run: int) -> None:
        old = letter("a", body="The old wording about drains.")
        new = letter("a", body="The new wording about hedges.", sent=datetime(2026, 5, 1, tzinfo=UTC), stamp="2")
        store.commit(page(run, old))
        judge_all(store, run)
        assert store.commit(page(run, new)).new == 0
        assert store.evidence(old.sha256) == old.raw
        assert store.evidence(new.sha256) == new.raw
        assert [docket.packed for docket in store.queue(10)] == [new.reading.packed]
        assert store.search(Query(("drain",))) == []
        assert [hit.sent for hit in store.search(Query(("hedg",)))] == [new.reading.sent]
        assert store.facts().messages == store.facts().searchable == 1

    def test_one_id_twice_on_a_page_is_one_message(self, store: Store, run: int) -> None:
        assert store.commit(page(run, letter("a", body="First."), letter("a", body="Second."))).new == 1
        assert store.facts().messages == 1

    def test_what_vanished_stays_with_its_day_and_can_come_back(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a"), count=1))
        assert store.commit(page(run, vanished=("a", "unheard of"), count=0)).removed == 1
        assert account(store).removed == 1
        assert balanced(store)
        assert [hit.removed for hit in store.search(Query(("allot",)))] == [date(2026, 11, 20)]
        assert list(store.held("files", CLERK).ids()) == []
        assert store.held("files", CLERK).unknown([("a", "1")]) == {"a"}
        assert store.commit(page(run, letter("a"), count=1)) == Committed(new=0, removed=0, gaps=0)
        assert [hit.removed for hit in store.search(Query(("allot",)))] == [None]
        assert balanced(store)

    def test_what_is_moved_to_the_bin_is_removed_and_still_there(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a"), count=1))
        binned = (Relocated("a", "bin/a", ("deleted",), "1"),)
        assert store.commit(page(run, relocated=binned, count=1)).removed == 1
        assert store.commit(page(run, relocated=binned, count=1)).removed == 0
        assert (account(store).collected, account(store).removed) == (1, 1)
        assert [hit.removed for hit in store.search(Query(("allot",)))] == [date(2026, 11, 20)]
        assert balanced(store)
        assert store.commit(page(run, vanished=("bin/a",), count=0)).removed == 0, "emptying the bin is no news"
        assert (account(store).collected, account(store).removed) == (0, 1)
        assert balanced(store)

    def test_what_is_taken_out_of_the_bin_again_was_not_removed(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a"), count=1))
        store.commit(page(run, relocated=(Relocated("a", "b", ("deleted",), "1"),), count=1))
        assert store.commit(page(run, relocated=(Relocated("b", "a", ("archive",), "1"),), count=1)).removed == 0
        assert account(store).removed == 0
        assert [hit.removed for hit in store.search(Query(("allot",)))] == [None]
        assert balanced(store)

    def test_a_gap_is_known_kept_and_heals(self, store: Store, run: int) -> None:
        raw = b"From: x\r\n\r\nbroken"
        assert store.commit(page(run, missed=(missed("a", raw=raw),), count=1)).gaps == 1
        assert store.commit(page(run, missed=(missed("a", "Still too deep."),), count=1)).gaps == 0
        (gap,) = store.gaps()
        assert (gap.id, gap.reason, gap.since, gap.mailbox) == ("a", "Still too deep.", STARTED, CLERK)
        assert gap.subject is None
        assert gap.sha256 is not None
        assert store.evidence(gap.sha256) == raw
        held = store.held("files", CLERK)
        assert held.gaps() == ("a",)
        assert held.unknown([("a", "1")]) == {"a"}
        assert balanced(store)
        store.commit(page(run, letter("a", raw=raw), count=1))
        assert store.gaps() == []
        assert balanced(store)
        assert store.queue(10)[0].packed == letter("a").reading.packed

    def test_a_message_that_became_unreadable_is_counted_once(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a"), count=1))
        store.commit(page(run, missed=(missed("a"),), count=1))
        assert (account(store).collected, account(store).gaps) == (0, 1)
        assert store.held("files", CLERK).unknown([("a", "1")]) == {"a"}
        assert store.commit(page(run, vanished=("a",), count=0)).removed == 1
        assert store.gaps() == []
        assert balanced(store)

    def test_passed_over_counts_and_a_wider_window_finds_it_again(self, store: Store, run: int) -> None:
        old, private = Skipped("a", "1", OUTSIDE, date(2024, 5, 1)), Skipped("b", "1", PassedOver.PRIVATE, None)
        undated = Skipped("c", "1", OUTSIDE, None)
        store.commit(page(run, skipped=(old, private, undated), count=3))
        assert (account(store).outside_window, account(store).private) == (2, 1)
        assert balanced(store)
        listed = [("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")]
        assert store.held("files", CLERK).unknown(listed) == {"d"}
        assert store.held("files", CLERK, date(2024, 5, 2)).unknown(listed) == {"d"}
        assert store.held("files", CLERK, date(2024, 5, 1)).unknown(listed) == {"a", "d"}
        assert store.held("files", CLERK).unknown([("a", "2")]) == {"a"}
        store.commit(page(run, letter("a"), vanished=("b", "c"), count=1))
        assert (account(store).outside_window, account(store).private, account(store).collected) == (0, 0, 1)

    def test_what_is_held_is_not_passed_over_as_well(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a"), count=1))
        store.commit(page(run, skipped=(Skipped("a", "2", OUTSIDE, date(2020, 1, 1)),), count=1))
        assert balanced(store)
        assert store.held("files", CLERK).unknown([("a", "2")]) == set()

    def test_a_stand_in_comes_with_its_gap_and_the_gap_stays(self, store: Store, run: int) -> None:
        assert store.commit(page(run, letter("a"), missed=(missed("a"),), count=1)).gaps == 1
        again = store.commit(page(run, letter("a", body="Another stand-in."), missed=(missed("a"),), count=1))
        assert (again.new, again.gaps) == (0, 0)
        assert (account(store).collected, account(store).gaps, balanced(store)) == (0, 1, True)
        assert [gap.subject for gap in store.gaps()] == [letter("a").reading.subject]
        store.commit(page(run, letter("a", body="The message itself."), count=1))
        assert (store.gaps(), balanced(store)) == ([], True)

    def test_a_gap_passed_over_is_no_gap(self, store: Store, run: int) -> None:
        store.commit(page(run, missed=(missed("a"),), count=1))
        store.commit(page(run, skipped=(Skipped("a", "2", OUTSIDE, date(2020, 1, 1)),), count=1))
        assert (store.gaps(), balanced(store)) == ([], True)
        store.commit(page(run, missed=(missed("a"),), count=1))
        assert (len(store.gaps()), balanced(store)) == (1, True)

    def test_a_move_changes_the_id_and_keeps_the_message(self, store: Store, run: int) -> None:
        mail = letter("sent/a.eml")
        store.commit(page(run, mail, count=1))
        judge_all(store, run)
        moved = Relocated("sent/a.eml", "archive/a.eml", ("archive",), "2")
        assert store.commit(page(run, relocated=(moved,), count=1)) == Committed(0, 0, 0)
        held = store.held("files", CLERK)
        assert list(held.ids()) == ["archive/a.eml"]
        assert held.find(mail.sha256) == ("archive/a.eml",)
        assert held.unknown([("archive/a.eml", "2"), ("sent/a.eml", "1")]) == {"sent/a.eml"}
        assert [docket.folders for docket in store.queue(10)] == [("archive",)], "folders are part of what is judged"

    def test_a_mailbox_is_empty_while_nothing_of_it_is_accounted_for(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a"), mailbox=BLOGGS))
        held = store.held("files", CLERK)
        steps = [
            page(run, letter("a")),
            page(run, vanished=("a",)),
            page(run, missed=(missed("b"),)),
            page(run, vanished=("b",)),
            page(run, skipped=(Skipped("c", "1", OUTSIDE, None),)),
        ]
        seen = [(held.empty(), list(held.ids()))]
        for step in steps:
            store.commit(step)
            seen.append((held.empty(), list(held.ids())))
        assert seen == [(True, []), (False, ["a"]), (True, []), (False, ["b"]), (True, []), (False, ["c"])]

    def test_names_exchanged_on_one_page(self, store: Store, run: int) -> None:
        one, two = letter("a", body="One."), letter("b", body="Two.")
        store.commit(page(run, one, two, count=2))
        swap = (Relocated("a", "b", ("sent",), "1"), Relocated("b", "a", ("sent",), "1"))
        assert store.commit(page(run, relocated=swap, count=2)).removed == 0
        assert store.held("files", CLERK).find(one.sha256) == ("b",)
        assert store.held("files", CLERK).find(two.sha256) == ("a",)

    def test_a_file_renamed_over_another_leaves_that_one_as_removed(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a", body="One."), letter("b", body="Two."), count=2))
        over = (Relocated("a", "b", ("sent",), "1"),)
        assert store.commit(page(run, relocated=over, count=1)).removed == 1
        assert balanced(store)
        assert store.facts().messages == 2

    def test_a_gap_moves_with_its_file(self, store: Store, run: int) -> None:
        store.commit(page(run, missed=(missed("a"),), count=1))
        store.commit(page(run, relocated=(Relocated("a", "b", ("sent",), "2"),), count=1))
        assert store.held("files", CLERK).gaps() == ("b",)

    @pytest.mark.parametrize("over", ["held", "gap", "stand-in"])
    def test_what_is_passed_over_moves_over_something_that_is_accounted_for(
        self, store: Store, run: int, over: str
    ) -> None:
        store.commit(page(run, skipped=(Skipped("a", "1", OUTSIDE, None),), count=1))
        arrivals = () if over == "gap" else (letter("b"),)
        store.commit(page(run, *arrivals, missed=() if over == "held" else (missed("b"),), count=2))
        assert sorted(store.held("files", CLERK).ids()) == ["a", "b"]
        store.commit(page(run, relocated=(Relocated("a", "b", ("sent",), "2"),), count=1))
        assert list(store.held("files", CLERK).ids()) == ["b"]
        assert balanced(store)

    def test_ids_are_listed_once_whatever_they_are(self, store: Store, run: int) -> None:
        names = ["b", "a\udce9.eml", "a\0b", "é", "a", "\U0001f4e7", "Z", "a.eml"]
        store.commit(page(run, *(letter(name, message_id="m") for name in names[:-2])))
        store.commit(page(run, missed=(missed("Z"),), skipped=(Skipped("a.eml", "\udcff", OUTSIDE, None),)))
        held = store.held("files", CLERK)
        assert sorted(held.ids()) == sorted(names)
        assert held.unknown([(name, "1") for name in names]) == {"Z", "a.eml"}
        assert held.unknown([("a.eml", "\udcff")]) == set()

    def test_a_look_taken_before_the_first_page_sees_it_afterwards(self, store: Store, run: int) -> None:
        held = store.held("files", CLERK)
        assert held.unknown([("a", "1")]) == {"a"}
        store.commit(page(run, letter("a")))
        assert held.unknown([("a", "1"), ("a", "2")]) == {"a"}
        assert held.unknown([("a", "1")]) == set()

    def test_text_that_cannot_be_stored_is_mended_and_counted(self, store: Store, run: int) -> None:
        mail = letter("a", subject="Bad \ud83d half", body="nul \0 here", message_id="m\udcff")
        words = replace(mail.reading.terms, body="nul \ud800 here")
        mail = replace(mail, folders=("se\udcffnt",), reading=replace(mail.reading, terms=words, defects=("charset",)))
        store.commit(page(run, mail, missed=(missed("b", "Bad \udcff reason"),)))
        assert store.evidence(mail.sha256) == mail.raw
        assert account(store).defects == {"characters": 1, "charset": 1}
        (hit,) = store.search(Query(("nul",)))
        assert (hit.subject, hit.message_id, hit.folders) == ("Bad \ufffd half", "m\ufffd", ("se\ufffdnt",))
        assert store.gaps()[0].reason == "Bad \ufffd reason"

    def test_dates_nobody_has_are_kept_and_come_last(self, store: Store, run: int) -> None:
        years = [1, 1969, 1999, 2026, 2200, 9999]
        mails = [letter(str(year), sent=datetime(year, 6, 1, tzinfo=UTC)) for year in years]
        store.commit(page(run, *mails, letter("none", sent=None)))
        found = [hit.sent and hit.sent.year for hit in store.search(Query(("allot",)))]
        assert sorted(year for year in found if year) == years
        assert found[-1] is None
        assert [hit.sent.year for hit in store.search(Query(("allot",), until=date(1980, 1, 1))) if hit.sent] == [
            1969,
            1,
        ]
        assert store.count(Query(("allot",), since=date(2100, 1, 1))) == 2

    def test_a_run_that_is_not_in_the_ledger_is_refused(self, store: Store) -> None:
        with pytest.raises(StoreError, match="Run 9 is not in the ledger"):
            store.commit(page(9, letter()))
        assert store.facts().messages == 0

    def test_evidence_nobody_holds(self, store: Store) -> None:
        with pytest.raises(StoreError, match="holds no message 000000"):
            store.evidence("0" * 64)

    def test_a_large_message_and_a_thousand_small_ones(self, store: Store, run: int) -> None:
        large = letter("large", raw=bytes(range(256)) * 2000)
        small = [letter(str(n), body=f"Letter {n} about the drain in Station Road.") for n in range(1500)]
        store.commit(page(run, large, *small[:750]))
        store.commit(page(run, *small[750:]))
        for mail in (large, small[0], small[749], small[750], small[1499]):
            assert store.evidence(mail.sha256) == mail.raw
        packed = {docket.sha256: docket.packed for docket in store.queue(2000)}
        assert packed == {mail.sha256: mail.reading.packed for mail in (large, *small)}
