"""The contract of exceptions: each change of a choice is kept, and what was hidden stays where it was hidden first."""

from __future__ import annotations

from datetime import date

from contract_deciding import book, day, found
from letters import STARTED, judgement

from auditor.store.exceptions import Choice, Hidden, Pick, Picked
from auditor.store.interface import Store
from auditor.store.trail import Deed

ADOPT, LEAVE, _, END = Choice
ONE, TWO = "1f" * 10, "2e" * 10
SPRING = date(2027, 3, 31)


def choose(store: Store, name: str, saved: int, *said: Pick) -> int:
    """A workbook read with what it says of exceptions."""
    return store.choose(book(name, saved), said, "ann on office", day(saved + 1))


class ExceptingContract:
    """What workbooks say of exceptions, and what these hid."""

    def test_every_change_of_a_choice_is_kept(self, store: Store) -> None:
        adopted = Pick(ONE, ADOPT, SPRING)
        assert choose(store, "a", 3, adopted, Pick(TWO, None)) == 1
        assert choose(store, "a", 5, adopted, Pick(ONE, ADOPT)) == 0, "it was saved again, and says the same"
        assert choose(store, "b", 1, Pick(ONE, LEAVE), Pick(TWO, LEAVE)) == 2
        assert choose(store, "b", 6) == 0, "a row that was deleted takes nothing back"
        assert choose(store, "b", 7, Pick(ONE, None), Pick(TWO, END, chairs=True)) == 2
        assert store.choices() == [
            Picked(ONE, ADOPT, SPRING, day(3), "a"),
            Picked(ONE, LEAVE, None, day(1), "b"),
            Picked(TWO, LEAVE, None, day(1), "b"),
            Picked(ONE, None, None, day(7), "b"),
            Picked(TWO, END, None, day(7), "b", True),
        ]

    def test_of_one_that_is_said_twice_the_last_counts(self, store: Store) -> None:
        assert choose(store, "a", 1, Pick(ONE, ADOPT), Pick(ONE, LEAVE)) == 1
        assert [one.choice for one in store.choices()] == [LEAVE]

    def test_any_text_can_be_a_name(self, store: Store) -> None:
        for saved in (1, 2):
            choose(store, "Café '26\ud800", saved, Pick("\0\ud800 DROP", LEAVE), Pick("", END))
        assert [(one.exception, one.book) for one in store.choices()] == [
            ("\ufffd\ufffd DROP", "Café '26\ufffd"),
            ("", "Café '26\ufffd"),
        ]

    def test_the_trail_names_the_exceptions(self, store: Store) -> None:
        choose(store, "a", 1, Pick(ONE, ADOPT, SPRING))
        choose(store, "a", 2, Pick(ONE, None), Pick(TWO, LEAVE))
        entry = store.last_deed(Deed.EXCEPTED)
        assert entry is not None
        assert (entry.who, entry.at) == ("ann on office", day(3))
        assert entry.said == {"book": "a", "sha256": book("a", 2).sha256, "chosen": {ONE: "", TWO: "Leave"}}
        choose(store, "a", 4, Pick(TWO, LEAVE))
        assert store.head().length == 2
        assert store.prove_trail().whole

    def test_what_was_hidden_stays_where_it_was_hidden_first(self, store: Store, run: int) -> None:
        one, two, three = sorted(found(store, run))
        store.mark_reported([three], "2026-W47", "x", STARTED)
        store.mark_reported([], "2026-W48", "y", STARTED)
        assert store.hidden() == []
        store.hide({two: TWO, three: ONE, "f" * 20: ONE, "\0\ud800": ONE}, "2026-W47")
        store.hide({one: ONE, two: ONE}, "2026-W48")
        store.hide({one: TWO}, "2026-W01")
        assert store.hidden() == [Hidden(one, ONE, "2026-W48"), Hidden(two, TWO, "2026-W47")]
        assert {row.id for row in store.findings(unreported=True)} == {one, two}, "it is kept, and no workbook lists it"
        assert store.undecided() == {"2026-W47": 1}

    def test_what_is_withdrawn_and_found_again_is_hidden_still(self, store: Store, run: int) -> None:
        (name,) = found(store, run, ["a-rule"])
        store.mark_reported([], "2026-W47", "x", STARTED)
        store.hide({name: ONE}, "2026-W47")
        (docket,) = store.all_held(10)
        store.judge(run, [judgement(docket.holding)])
        assert store.hidden() == [Hidden(name, ONE, "2026-W47")]
