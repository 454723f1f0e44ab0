"""One mailbox through whatever its provider does: what came is kept, what is due is asked again, patience ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import eml

from auditor.errors import LostSource, ReaderError, ResyncSource, RetrySource, SourceError
from auditor.pipeline.counters import NearCounter
from auditor.pipeline.guard import NOBODY, Guard
from auditor.pipeline.intake import Intake, Pulled
from auditor.pipeline.keeping import Keeping, Load, Parcel
from auditor.pipeline.pull import FIRST_WAIT, Clock, Pull, Window
from auditor.pipeline.source import Fetched, Page, Probed, Proof, Unfetched
from auditor.pipeline.tasks import PrivateRules, arriving
from auditor.policy import Policy
from auditor.store.interface import Held, Store
from auditor.store.sqlite import open_store

BOX = "tom.bell@council.example"
POLICY = Policy("Stow Parish Council", ("council.example",), ())
Night = list[Page | SourceError]


def page(*numbers: int, cursor: str = "c", count: int | None = None) -> Page:
    return Page(tuple(Fetched(str(n), eml(n=n), ("sent",), "1") for n in numbers), cursor, count)


@dataclass
class Told:
    """A source that does what it is told: each listing is the next of its nights, pages until an error."""

    nights: list[Night]
    name: str = "told"
    mailboxes: tuple[str, ...] = (BOX,)
    cursors: list[str | None] = field(default_factory=list)
    abreast: int = 1

    def requests(self, mailbox: str) -> int:
        return len(self.cursors)

    def proofs(self) -> Iterator[Proof]:
        return iter(())

    def probe(self, mailbox: str) -> Probed:
        return Probed(mailbox, False)

    def pages(self, mailbox: str, cursor: str | None, held: Held) -> Iterator[Page]:
        self.cursors.append(cursor)
        for step in self.nights.pop(0):
            if isinstance(step, SourceError):
                raise step
            yield step


@dataclass
class Watch:
    """A clock that only waiting moves."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds


@pytest.fixture(scope="module")
def guard() -> Iterable[Guard]:
    with Guard() as guard:
        yield guard


@pytest.fixture
def store(tmp_path: Path) -> Iterable[Store]:
    with open_store(f"sqlite:///{tmp_path}/s.db") as store:
        yield store


def pull(store: Store, source: Told, guard: Guard, watch: Watch | None = None, patience: float = 900) -> Pulled:
    watch = watch or Watch()
    run = store.begin_run(datetime(2026, 11, 20, 2, 15, tzinfo=UTC), "0")
    clock = Clock(lambda: watch.seconds, watch.sleep)
    intake = Intake(store, guard, Keeping(arriving(PrivateRules(), POLICY), None, store.opener()))
    pulled = Pull(NearCounter(store, intake), source, run, Window(None), clock, patience).mailbox(BOX)
    intake.keep()
    return pulled


def test_a_retry_waits_as_asked_and_goes_on_from_the_cursor(store: Store, guard: Guard) -> None:
    watch = Watch()
    busy = RetrySource("Busy.", seconds=7)
    source = Told([[page(1, cursor="one"), busy], [RetrySource("Busy.")], [page(2, cursor="two", count=2)]])
    pulled = pull(store, source, guard, watch)
    assert (pulled.status, pulled.new, pulled.error) == ("complete", 2, None)
    assert source.cursors == [None, "one", "one"]
    assert watch.waits == [7, FIRST_WAIT * 2]


def test_patience_ends_and_the_rest_is_for_tomorrow(store: Store, guard: Guard) -> None:
    watch = Watch()
    source = Told([[page(1, cursor="one"), RetrySource("Refused.")], *([RetrySource("Refused.")] for _ in range(50))])
    pulled = pull(store, source, guard, watch, patience=100)
    assert (pulled.status, pulled.new) == ("partial", 1)
    assert pulled.error == "Refused. It goes on tomorrow night where it stopped."
    assert sum(watch.waits) <= 100
    assert store.cursor("told", BOX) == "|one"


def test_a_mailbox_that_gets_on_is_given_time_however_long_it_takes(store: Store, guard: Guard) -> None:
    watch, busy = Watch(), RetrySource("Busy.")
    slow: list[Night] = [[page(n, cursor=str(n)), busy] for n in range(60)]
    pulled = pull(store, Told([[busy], *slow, [page(99, cursor="end", count=61)]]), guard, watch, patience=100)
    assert (pulled.status, pulled.new, pulled.error) == ("complete", 61, None)
    assert watch.waits == [FIRST_WAIT] * 61, "whoever gets on waits no longer than at first"


def test_calls_are_counted_for_tonight_alone(store: Store, guard: Guard) -> None:
    source = Told([[page(1, cursor="one")], [RetrySource("Busy.")], [page(2, cursor="two", count=2)]])
    assert pull(store, source, guard).requests == 1
    assert pull(store, source, guard).requests == 2


def test_a_mailbox_lost_on_the_way_keeps_what_came(store: Store, guard: Guard) -> None:
    pulled = pull(store, Told([[page(1, 2, cursor="one"), LostSource("Gone dark.")]]), guard)
    assert (pulled.status, pulled.new, pulled.removed, pulled.error) == ("failed", 2, 0, "Gone dark.")
    assert store.facts().messages == 2


def test_a_cursor_no_longer_honoured_is_read_again_once(store: Store, guard: Guard) -> None:
    pull(store, Told([[page(1, cursor="one", count=1)]]), guard)
    source = Told([[ResyncSource("Too old.")], [page(1, 2, cursor="two", count=2)]])
    pulled = pull(store, source, guard)
    assert (pulled.status, pulled.new, source.cursors) == ("complete", 1, ["one", None])
    again = pull(store, Told([[ResyncSource("Too old.")], [ResyncSource("Too old.")]]), guard)
    assert (again.status, again.error) == ("failed", "Too old.")


def test_what_is_not_handed_over_is_a_gap_beside_what_is(store: Store, guard: Guard) -> None:
    whole = Page((*page(1).entries, Unfetched("2", "The provider refuses it.")), "one", 2)
    pulled = pull(store, Told([[whole]]), guard)
    assert (pulled.status, pulled.new, pulled.new_gaps) == ("complete", 1, 1)
    assert [gap.reason for gap in store.gaps()] == ["The provider refuses it."]


def test_loads_follow_one_another_and_everything_is_counted(
    store: Store, guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.pipeline.intake.MESSAGES", 2)
    pulled = pull(store, Told([[page(1, cursor="a"), page(2, 3, cursor="b"), page(4, cursor="c", count=4)]]), guard)
    assert (pulled.status, pulled.new, store.cursor("told", BOX)) == ("complete", 4, "|c")
    assert store.facts().messages == 4


def test_a_large_page_goes_alone(store: Store, guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.pipeline.intake.BYTES", 3 * len(eml(n=1)))
    loads: list[int] = []
    submit = guard.submit

    def watched(work: Keeping, load: Load) -> None:
        loads.append(sum(len(parcel.page.entries) for parcel in load.parcels))
        submit(work, load)

    monkeypatch.setattr(guard, "submit", watched)
    pulled = pull(store, Told([[page(1), page(2), page(3, 4), page(5, count=5)]]), guard)
    assert (pulled.new, loads) == (5, [2, 3])


def test_what_cannot_be_kept_together_is_kept_page_by_page(
    store: Store, guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, failed = guard.answer, []

    def fails_once() -> object:
        if not failed:
            failed.append(answer())
            raise ReaderError("The process that reads mail ends before it has kept what it read.")
        return answer()

    monkeypatch.setattr(guard, "answer", fails_once)
    pulled = pull(store, Told([[page(1, cursor="a"), page(2, cursor="b"), page(3, cursor="c", count=3)]]), guard)
    assert failed
    assert (pulled.status, store.facts().messages, store.cursor("told", BOX)) == ("complete", 3, "|c")


@pytest.mark.parametrize("readable", [True, False])
def test_a_store_that_cannot_be_asked_meanwhile_is_left_in_peace(
    store: Store, guard: Guard, monkeypatch: pytest.MonkeyPatch, readable: bool
) -> None:
    monkeypatch.setattr("auditor.pipeline.intake.MESSAGES", 1)
    monkeypatch.setattr(store, "readable_while_written", lambda: readable)
    asked: list[bool] = []

    class Asking(Told):
        def pages(self, mailbox: str, cursor: str | None, held: Held) -> Iterator[Page]:
            yield page(1, cursor="a")
            asked.append(guard._submitted is not None)
            yield page(2, cursor="b", count=2)

    assert pull(store, Asking([]), guard).new == 2
    assert asked == [readable], "whether the child is still at work when the source goes on"


def test_what_is_kept_is_nobodys_fault_and_kept_last(store: Store) -> None:
    steps: list[str] = []

    def opened() -> Store:
        steps.append("open")
        return store

    keeping = Keeping(arriving(PrivateRules(), POLICY), None, opened)
    run = store.begin_run(datetime(2026, 11, 20, 2, 15, tzinfo=UTC), "0")
    for number in (1, 2):
        load = Load(f"t{number}", (Parcel("told", BOX, run, page(number)),))
        keeping.do(load, {}, lambda index: steps.append("nobody") if index == NOBODY else None)
        assert store.facts().messages == number
    assert steps == ["nobody", "open", "nobody"]
