"""The contract of decisions: each change is kept, the newest stands, and another saving of a workbook changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from letters import BLOGGS, STARTED, finding, judgement, letter, page

from auditor.store.decisions import Book, Change, Conflict, Decided, Decision, Said
from auditor.store.interface import Store
from auditor.store.records import Whose
from auditor.store.trail import Deed

BREACH, NO_BREACH, PERMITTED, ASK = Decision
RULES = ("a-rule", "b-rule", "c-rule")
NEW = "f" * 24
"""What no finding is called."""


def day(number: int) -> datetime:
    """The moment of a saving."""
    return STARTED + timedelta(days=number, microseconds=number)


def book(name: str, saved: int) -> Book:
    """A workbook as it was saved on this day."""
    return Book(name, day(saved), f"{saved:064x}")


def read(store: Store, name: str, saved: int, *said: Said) -> Change:
    """A workbook read with what it says."""
    return store.decide(book(name, saved), said, "ann on office", day(saved + 1))


def found(store: Store, run: int, rules: Sequence[str] = RULES) -> list[str]:
    """Findings of one letter, by rule."""
    store.commit(page(run, letter("a")))
    (docket,) = store.queue(10)
    judged = judgement(docket.holding, *map(finding, rules))
    store.judge(run, [judged])
    return [name for name, _ in judged[1].findings]


class DecidingContract:
    """What workbooks say, what stands of it, and what waits."""

    def test_what_a_workbook_says_stands(self, store: Store, run: int) -> None:
        one, two, three = found(store, run)
        said = (Said(one, BREACH), Said(two, None, "Ask her first."), Said(three, None))
        assert read(store, "out/a.xlsx", 1, *said) == Change(made=2)
        first = Decided(one, BREACH, "", day(1), "out/a.xlsx")
        noted = Decided(two, None, "Ask her first.", day(1), "out/a.xlsx")
        assert store.decisions() == {one: first, two: noted}
        assert list(store.decisions()) == sorted([one, two])
        assert store.decisions([two, three, NEW]) == {two: noted}
        assert store.decisions([]) == {}
        assert store.decision_history(three) == store.decision_history(NEW) == []
        assert store.books() == {"out/a.xlsx": book("", 1).sha256}

    def test_nothing_new_is_nothing_kept(self, store: Store, run: int) -> None:
        one, two, three = found(store, run)
        said = (Said(one, BREACH, "x"), Said(two, None), Said(three, ASK))
        read(store, "a", 1, *said)
        length = store.head().length
        assert read(store, "a", 2, *said) == read(store, "a", 3) == Change()
        assert [one.at for one in store.decision_history(one)] == [day(1)], "another saving of it is no decision"
        assert len(store.decisions()) == 2, "a row that was deleted takes nothing back"
        assert (store.head().length, store.books()) == (length, {"a": book("a", 3).sha256})

    def test_every_change_is_kept(self, store: Store, run: int) -> None:
        one, *_ = found(store, run)
        sayings = ((BREACH, ""), (BREACH, "Seen."), (PERMITTED, "Seen."), (None, "Seen."), (None, ""), (ASK, ""))
        changes = [read(store, "a", n, Said(one, *saying)) for n, saying in enumerate(sayings)]
        altered, made = Change(altered=1), Change(made=1)
        assert changes == [made, altered, altered, altered, Change(withdrawn=1), made]
        assert store.decision_history(one) == [Decided(one, *said, day(n), "a") for n, said in enumerate(sayings)]
        assert store.decisions() == {one: Decided(one, ASK, "", day(5), "a")}

    def test_of_two_copies_the_one_saved_last_counts(self, store: Store, run: int) -> None:
        one, *_ = found(store, run)
        read(store, "newer", 5, Said(one, NO_BREACH))
        read(store, "older", 3, Said(one, BREACH))
        assert store.decisions()[one].book == "newer"
        assert [said.book for said in store.decision_history(one)] == ["older", "newer"]
        read(store, "older", 7, Said(one, BREACH))
        assert store.decisions()[one].book == "newer", "it was saved again, and says the same"
        read(store, "older", 8, Said(one, PERMITTED))
        assert store.decisions()[one] == Decided(one, PERMITTED, "", day(8), "older")

    def test_of_two_saved_together_the_one_read_last_counts(self, store: Store, run: int) -> None:
        one, *_ = found(store, run)
        read(store, "b", 1, Said(one, BREACH))
        read(store, "a", 1, Said(one, ASK))
        assert (store.decisions()[one].book, store.decision_history(one)[-1].book) == ("a", "a")

    def test_a_workbook_that_was_put_back_says_what_it_says_now(self, store: Store, run: int) -> None:
        one, *_ = found(store, run)
        read(store, "a", 5, Said(one, BREACH))
        read(store, "a", 2, Said(one, ASK))
        assert store.decisions() == {one: Decided(one, ASK, "", day(2), "a")}
        read(store, "b", 3, Said(one, PERMITTED))
        assert store.decisions()[one].book == "b"

    def test_what_is_taken_back_does_not_stand_by_an_older_copy(self, store: Store, run: int) -> None:
        one, two, _ = found(store, run)
        read(store, "older", 1, Said(one, BREACH, "Seen."), Said(two, BREACH))
        read(store, "newer", 2, Said(one, BREACH, "Seen."), Said(two, BREACH))
        assert read(store, "newer", 3, Said(one, None), Said(two, None, "Not sure.")) == Change(altered=1, withdrawn=1)
        assert store.decisions() == {two: Decided(two, None, "Not sure.", day(3), "newer")}
        assert read(store, "older", 4, Said(one, ASK), Said(two, BREACH)) == Change(altered=1)
        assert store.decisions([one])[one].decision is ASK

    def test_what_has_no_finding_is_named_and_not_kept(self, store: Store, run: int) -> None:
        one, *_ = found(store, run)
        strange = (NEW, "", "not hexadecimal", "\0\ud800", one.upper())
        said = [Said(name, BREACH) for name in (*strange, one)]
        assert read(store, "a", 1, *said, Said(NEW, ASK)) == Change(made=1, unknown=strange)
        assert list(store.decisions()) == [one]
        assert store.decision_history("\0\ud800") == []

    def test_of_one_that_is_said_twice_the_last_counts(self, store: Store, run: int) -> None:
        one, *_ = found(store, run)
        for saved, change in ((1, Change(made=1)), (2, Change())):
            assert read(store, "a", saved, Said(one, BREACH), Said(one, ASK)) == change
        assert store.decisions()[one].decision is ASK

    def test_any_text_can_be_a_note_or_a_name(self, store: Store, run: int) -> None:
        one, *_ = found(store, run)
        note = "=1+1 'DROP TABLE' \U0001f375\n" + "x" * 32_000
        for saved in (1, 2):
            read(store, "out/Café '26\ud800.xlsx", saved, Said(one, None, note + "\0\udfff"))
        (kept,) = store.decision_history(one)
        assert (kept.note, kept.book) == (note + "\ufffd\ufffd", "out/Café '26\ufffd.xlsx")
        read(store, "b", 3, Said(one, ASK))
        assert len(store.conflicts(["out/Café '26\ud800.xlsx", "b"])) == 1

    def test_the_trail_tells_how_many_and_no_word(self, store: Store, run: int) -> None:
        one, two, three = found(store, run)
        read(store, "a", 1, Said(one, BREACH, "secret"), Said(two, ASK, "secret"))
        read(store, "a", 2, Said(one, None), Said(two, BREACH), Said(three, PERMITTED), Said(NEW, ASK))
        entry = store.last_deed(Deed.DECIDED)
        assert entry is not None
        counts = {"made": 1, "altered": 1, "withdrawn": 1}
        assert (entry.who, entry.at) == ("ann on office", day(3))
        assert entry.said == {"book": "a", "sha256": book("a", 2).sha256, **counts}
        assert [entry.deed for entry in store.trail()] == [Deed.DECIDED, Deed.DECIDED]
        assert store.prove_trail().whole

    def test_workbooks_that_differ(self, store: Store, run: int) -> None:
        one, two, three = sorted(found(store, run))
        read(store, "a", 1, Said(one, BREACH), Said(two, BREACH), Said(three, BREACH))
        read(store, "b", 3, Said(one, BREACH), Said(two, BREACH, "Seen."), Said(three, BREACH))
        read(store, "c", 2, Said(one, None), Said(two, None), Said(three, ASK))
        read(store, "b", 4, Said(three, None))
        noted = (Decided(two, BREACH, "Seen.", day(3), "b"), Decided(two, BREACH, "", day(1), "a"))
        taken_back = Decided(three, None, "", day(4), "b")
        third = (taken_back, Decided(three, ASK, "", day(2), "c"), Decided(three, BREACH, "", day(1), "a"))
        assert store.conflicts(["a", "b", "c", "d"]) == [Conflict(two, noted), Conflict(three, third)]
        assert store.conflicts(["a", "c"]) == [Conflict(three, third[1:])]
        assert store.conflicts(["a"]) == store.conflicts([]) == []
        assert three not in store.decisions()

    def test_what_waits_for_a_decision(self, store: Store, run: int) -> None:
        one, two, three = found(store, run)
        assert store.undecided() == {}
        store.mark_reported([one, two], "2026-W48", "x", STARTED)
        assert store.undecided() == {"2026-W48": 2}
        store.mark_reported([three], "2026-W47", "x", STARTED)
        read(store, "a", 1, Said(one, BREACH), Said(two, None, "Not sure."))
        assert list(store.undecided().items()) == [("2026-W47", 1), ("2026-W48", 1)]
        read(store, "a", 2, Said(one, None), Said(three, ASK))
        assert store.undecided() == {"2026-W48": 2}

    def test_a_finding_that_is_withdrawn_keeps_and_takes_decisions(self, store: Store, run: int) -> None:
        one, two, _ = found(store, run)
        store.mark_reported([one, two], "2026-W47", "x", STARTED)
        row = store.findings()[0]
        read(store, "a", 1, Said(one, BREACH))
        (hit,) = store.all_held(10)
        store.judge(run, [judgement(hit.holding)])
        assert (store.findings(), store.undecided()) == ([], {})
        assert store.whose([two, NEW, one]) == [
            Whose(name, rule, row.mailbox, row.sender, row.sent) for name, rule in ((two, RULES[1]), (one, RULES[0]))
        ]
        assert read(store, "a", 2, Said(one, BREACH), Said(two, ASK)) == Change(made=1)
        assert {name: kept.decision for name, kept in store.decisions().items()} == {one: BREACH, two: ASK}
        store.judge(run, [judgement(hit.holding, *map(finding, RULES))])
        assert store.decisions()[one].at == day(1)

    def test_a_finding_that_another_copy_makes_keeps_its_decision(self, store: Store, run: int) -> None:
        (name,) = found(store, run, ["a-rule"])
        read(store, "a", 1, Said(name, PERMITTED))
        (first,) = store.all_held(10)
        store.commit(page(run, letter("b", message_id="a@thorrington.example.org"), mailbox=BLOGGS))
        other = next(one for one in store.all_held(10) if one.holding != first.holding)
        store.judge(run, [judgement(other.holding, finding("a-rule"))])
        store.judge(run, [judgement(first.holding)])
        (row,) = store.findings()
        assert (row.mailbox, row.id, store.decisions()[row.id].decision) == (BLOGGS, name, PERMITTED)
