"""What stands is what somebody would say who keeps every workbook in a drawer; a failure on the way changes nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from contract_deciding import ASK, BREACH, book, found, read
from hypothesis import given, settings
from hypothesis import strategies as st
from letters import STARTED, finding, judgement, letter, page

from auditor.errors import StoreError
from auditor.store.decisions import Change, Decision, Said
from auditor.store.sqlite import store as opening
from auditor.store.sqlite.migrations import STEPS, bring_up_to_date
from auditor.store.sqlite.store import SqliteStore

FINDINGS = [f"{n:024x}" for n in range(3)]
NAMES = "abc"
Cells = dict[str, tuple[Decision | None, str]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(tmp_path / "a.db") as opened:
        yield opened


@dataclass
class Drawer:
    """Every saving of every workbook that was read, in order of reading."""

    read: list[tuple[str, int, Cells]] = field(default_factory=list)

    def changes(self, finding: str) -> list[tuple[int, int, str, tuple[Decision | None, str]]]:
        """When it was saved, when it was read, by which workbook, and what that said from then on."""
        cells = dict.fromkeys(NAMES, (None, ""))
        found = []
        for number, (name, saved, said) in enumerate(self.read):
            if finding in said and said[finding] != cells[name]:
                cells[name] = said[finding]
                found.append((saved, number, name, said[finding]))
        return found

    def last(self, finding: str) -> list[tuple[int, int, str, tuple[Decision | None, str]]]:
        """The newest of each workbook, oldest saved first."""
        return sorted({change[2]: change for change in self.changes(finding)}.values())


CELLS = st.dictionaries(
    st.sampled_from(FINDINGS), st.tuples(st.sampled_from([None, BREACH, ASK]), st.sampled_from(["", "Seen."]))
)
STEPS_OF_A_WEEK = st.lists(
    st.one_of(
        st.tuples(st.just("saved"), st.sampled_from(NAMES), st.integers(0, 9), CELLS),
        st.tuples(st.just("copied"), st.sampled_from(NAMES), st.integers(0, 9), st.sampled_from(NAMES)),
        st.tuples(st.just("cleared"), st.sampled_from(NAMES), st.integers(0, 9), st.sampled_from(FINDINGS)),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(STEPS_OF_A_WEEK, st.sets(st.sampled_from(NAMES)))
def test_beside_a_drawer_that_keeps_everything(steps: list[tuple], present: set[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, SqliteStore(Path(folder) / "a.db") as store:
        run = store.begin_run(STARTED, "0.1")
        store.commit(page(run, letter("a")))
        (docket,) = store.queue(1)
        (_, judged) = judgement(docket.holding, finding())
        named = tuple((name, judged.findings[0][1]) for name in FINDINGS)
        store.judge(run, [(docket.holding, type(judged)(named))])
        store.mark_reported(FINDINGS, "W47", "x", STARTED)
        drawer, rows = Drawer(), {name: Cells() for name in NAMES}
        for what, name, saved, more in steps:
            match what:
                case "saved":
                    rows[name] = rows[name] | more
                case "copied":
                    rows[name] = dict(rows[more])
                case "cleared":
                    rows[name] = rows[name] | {more: (None, "")}
            before = sum(len(drawer.changes(one)) for one in FINDINGS)
            drawer.read.append((name, saved, rows[name]))
            change = read(store, name, saved, *(Said(one, *cells) for one, cells in rows[name].items()))
            after = sum(len(drawer.changes(one)) for one in FINDINGS)
            assert change.made + change.altered + change.withdrawn == after - before
            compare(store, drawer, present)
        assert store.prove_trail().whole


def compare(store: SqliteStore, drawer: Drawer, present: set[str]) -> None:
    """The store's answers and the drawer's."""
    day = {STARTED + timedelta(days=n, microseconds=n): n for n in range(10)}
    standing = {one: drawer.last(one)[-1] for one in FINDINGS if drawer.last(one)}
    standing = {one: change for one, change in standing.items() if change[3] != (None, "")}
    told = {one.finding: (day[one.at], one.book, (one.decision, one.note)) for one in store.decisions().values()}
    assert told == {one: (saved, name, said) for one, (saved, _, name, said) in standing.items()}
    waiting = sum(one not in standing or standing[one][3][0] is None for one in FINDINGS)
    assert store.undecided() == ({"W47": waiting} if waiting else {})
    for one in FINDINGS:
        history = [(day[said.at], said.book, (said.decision, said.note)) for said in store.decision_history(one)]
        assert history == [(saved, name, said) for saved, _, name, said in sorted(drawer.changes(one))]
    last = {one: [c for c in reversed(drawer.last(one)) if c[2] in present] for one in FINDINGS}
    differ = {one: [c[2] for c in changes] for one, changes in last.items() if len({c[3] for c in changes}) > 1}
    assert {one.finding: [said.book for said in one.sayings] for one in store.conflicts(present)} == differ


def test_what_cannot_be_told_in_the_trail_is_not_kept(store: SqliteStore) -> None:
    one, two, _ = found(store, store.begin_run(STARTED, "0.1"))
    read(store, "a", 1, Said(one, BREACH))
    before = store.books(), store.decisions(), store.head()
    store._database.run("CREATE TEMP TRIGGER full BEFORE INSERT ON trail BEGIN SELECT RAISE(ABORT, 'full'); END")
    for name in ("a", "b"):
        with pytest.raises(StoreError):
            read(store, name, 2, Said(one, None), Said(two, BREACH))
        assert (store.books(), store.decisions(), store.head()) == before
    store._database.run("DROP TRIGGER full")
    assert read(store, "a", 2, Said(one, None), Said(two, BREACH)) == Change(made=1, withdrawn=1)


def test_decisions_are_only_added_to(store: SqliteStore) -> None:
    one, *_ = found(store, store.begin_run(STARTED, "0.1"))
    read(store, "a", 1, Said(one, BREACH))
    with pytest.raises(StoreError):
        store._database.run("UPDATE decisions SET decision = NULL")
    assert store.decisions()[one].decision is BREACH


def test_a_store_of_the_third_shape_takes_decisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.db"
    with monkeypatch.context() as earlier:
        earlier.setattr(opening, "bring_up_to_date", partial(bring_up_to_date, steps=STEPS[:3]))
        with SqliteStore(path) as store:
            one, *_ = found(store, store.begin_run(STARTED, "0.1"))
            with pytest.raises(StoreError):
                store.books()
    with pytest.raises(StoreError, match="older than this program"):
        SqliteStore(path, read_only=True)
    with SqliteStore(path) as store:
        assert (store.books(), store.decisions(), store.undecided(), store.conflicts("a")) == ({}, {}, {}, [])
        assert read(store, "a", 1, Said(one, BREACH)) == Change(made=1)
        assert (len(store.findings()), store.head().length) == (3, 1)
    with SqliteStore(path, read_only=True) as store:
        assert (list(store.decisions()), store.books()) == ([one], {"a": book("a", 1).sha256})
    assert (tmp_path / f"a.db.before-v{len(STEPS)}").is_file()
