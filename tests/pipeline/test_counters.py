"""Several mailboxes are read at once, and one thread alone touches the store."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from builders import eml

from auditor.errors import LostSource, StoreError
from auditor.pipeline.counters import Desk, FarCounter, NearCounter
from auditor.pipeline.guard import Guard
from auditor.pipeline.intake import Intake, Pulled
from auditor.pipeline.keeping import Keeping
from auditor.pipeline.pull import Clock, Pull, Window
from auditor.pipeline.source import Fetched, Page, Probed, Proof
from auditor.pipeline.tasks import PrivateRules, arriving
from auditor.policy import Policy
from auditor.store.interface import Held, Store
from auditor.store.records import MailboxStatus
from auditor.store.sqlite import open_store

BOXES = tuple(f"box{number}@council.example" for number in range(6))


@dataclass
class Waiting:
    """A source whose pages each wait until so many mailboxes are being read."""

    together: threading.Barrier
    threads: set[int] = field(default_factory=set)
    lost: str = ""
    name: str = "told"
    mailboxes: tuple[str, ...] = BOXES
    abreast: int = 3

    def requests(self, mailbox: str) -> int:
        return 0

    def proofs(self) -> Iterator[Proof]:
        return iter(())

    def probe(self, mailbox: str) -> Probed:
        return Probed(mailbox, False)

    def pages(self, mailbox: str, cursor: str | None, held: Held) -> Iterator[Page]:
        self.threads.add(threading.get_ident())
        self.together.wait(20)
        if mailbox == self.lost:
            raise LostSource(f"{mailbox} is not there.")
        number = BOXES.index(mailbox)
        assert held.empty()
        assert held.stamps(["x"]) == {}
        yield Page(tuple(Fetched(f"{number}.{n}", eml(n=number * 10 + n), ("sent",)) for n in range(3)), "one")
        assert held.since == date(2020, 1, 1)
        assert sorted(held.ids()) in ([], [f"{number}.{n}" for n in range(3)])
        yield Page((), "two", 3)


class Watched:
    """A store that knows who may ask it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._thread = threading.get_ident()

    def __getattr__(self, name: str) -> Callable[..., object]:
        assert threading.get_ident() == self._thread, name
        return getattr(self._store, name)


def pulled(tmp_path: Path, source: Waiting) -> tuple[list[Pulled], list[str]]:
    with open_store(f"sqlite:///{tmp_path}/s.db") as store, Guard() as guard:
        run = store.begin_run(datetime(2026, 11, 20, 2, 15, tzinfo=UTC), "0")
        keeping = Keeping(arriving(PrivateRules(), Policy("Stow", ("council.example",), ())), None, store.opener())
        intake = Intake(store, guard, keeping)
        window, clock = Window(date(2020, 1, 1)), Clock(time.monotonic, time.sleep)

        def pull(counter: FarCounter, box: str) -> Pulled:
            return Pull(counter, source, run, window, clock, 5.0).mailbox(box)

        watched: object = Watched(store)
        desk = Desk(NearCounter(watched, intake))  # type: ignore[arg-type]
        outcomes = desk.serve([partial(pull, box=box) for box in BOXES], source.abreast)
        intake.keep()
        held = [id_ for box in BOXES for id_ in store.held("told", box).ids()]
        return outcomes, held


def test_as_many_as_the_source_can_do_with_are_read_at_once(tmp_path: Path) -> None:
    source = Waiting(threading.Barrier(3))
    outcomes, held = pulled(tmp_path, source)
    assert len(source.threads) == 3
    assert [outcome.status for outcome in outcomes] == [MailboxStatus.COMPLETE] * 6
    assert [outcome.new for outcome in outcomes] == [3] * 6
    assert sorted(held) == [f"{number}.{n}" for number in range(6) for n in range(3)]


def test_the_trouble_of_one_is_its_own(tmp_path: Path) -> None:
    outcomes, held = pulled(tmp_path, Waiting(threading.Barrier(3), lost=BOXES[4]))
    assert [outcome.status for outcome in outcomes].count(MailboxStatus.COMPLETE) == 5
    assert (outcomes[4].status, outcomes[4].error) == (MailboxStatus.FAILED, f"{BOXES[4]} is not there.")
    assert len(held) == 15


def test_the_stores_trouble_ends_them_all() -> None:
    class Broken:
        def cursor(self, source: str, mailbox: str) -> str:
            raise StoreError("The disk is full.")

    ended: queue.SimpleQueue[str] = queue.SimpleQueue()

    def work(counter: FarCounter, name: str) -> None:
        try:
            for _ in range(3):
                counter.cursor("told", name)
        finally:
            ended.put(name)

    broken: object = Broken()
    works: Sequence[Callable[[FarCounter], None]] = [partial(work, name=name) for name in "abcd"]
    with pytest.raises(StoreError, match="disk is full"):
        Desk(broken).serve(works, 2)  # type: ignore[arg-type]
    assert {ended.get(timeout=5), ended.get(timeout=5)} <= set("abc")


def test_nobody_waits_for_works_that_wait_when_the_night_is_stopped() -> None:
    """A Ctrl-C may come while the store is asked, and eleven others wait a quarter of an hour for a provider."""

    class Stopped:
        def cursor(self, source: str, mailbox: str) -> str:
            raise KeyboardInterrupt

    go, ended = threading.Event(), threading.Event()

    def waits(counter: FarCounter) -> None:
        go.wait(20)
        try:
            counter.cursor("told", "a")
        finally:
            ended.set()

    def asks(counter: FarCounter) -> None:
        counter.cursor("told", "b")

    stopped: object = Stopped()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        Desk(stopped).serve([waits, asks, waits], 2)  # type: ignore[arg-type]
    assert time.monotonic() - began < 5
    go.set()
    assert ended.wait(5), "whoever asks later is told so"
