"""Where mailboxes hand in their mail: one after another, or several at once while one thread alone touches the store.

A provider is mostly waited for, and each mailbox has a quota of its own: read one after another, twelve would take
twelve times as long.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import date
from itertools import islice
from typing import Generic, TypeVar

from auditor.pipeline.intake import Intake, Pulled
from auditor.pipeline.keeping import Parcel
from auditor.store.interface import Held, Store
from auditor.values import Value

T = TypeVar("T")

_IDS = 5000
"""Ids handed from thread to thread at a time."""
_HEARD = 0.5
"""Seconds: on Windows nobody who waits hears a Ctrl-C before the wait is over."""


class NearCounter(Value, frozen=True):
    """For one mailbox after another, in the store's own thread. See `pull.Counter`."""

    store: Store
    intake: Intake

    def cursor(self, source: str, mailbox: str) -> str | None:
        """The cursor committed last."""
        return self.store.cursor(source, mailbox)

    def held(self, source: str, mailbox: str, since: date | None) -> Held:
        """A look at what is held."""
        return self.store.held(source, mailbox, since)

    def put(self, parcel: Parcel, pulled: Pulled) -> None:
        """A page, and where to count what it changes."""
        self.intake.put(parcel, pulled)

    def keep(self) -> None:
        """Everything handed in goes into the store."""
        self.intake.keep()


class Desk:
    """The store's thread, doing what others ask of it until all of them have done."""

    def __init__(self, counter: NearCounter) -> None:
        self._counter = counter
        # Unbounded, yet at most one question a mailbox waits: whoever asks waits for the answer.
        self._asked: queue.SimpleQueue[_Question[object] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._failed: BaseException | None = None
        """Why nobody is answered any more."""

    def serve(self, works: Sequence[Callable[[FarCounter], T]], abreast: int) -> list[T]:
        """Does these, so many at once, each in a thread of its own; what each returned, in their order.

        Raises what the store raised, at once: nobody waits for works that wait for a provider. They end at their next
        question, or with the process. Then what a work raised, when all have ended.
        """
        results: list[Future[T]] = [Future() for _ in works]
        waiting = iter(list(zip(works, results, strict=True)))

        def labour() -> None:
            try:
                while True:
                    with self._lock:
                        pair = None if self._failed else next(waiting, None)
                    if pair is None:
                        return
                    work, result = pair
                    try:
                        result.set_result(work(FarCounter(self)))
                    except BaseException as error:  # noqa: BLE001 (handed to the one who waits for it)
                        result.set_exception(error)
            finally:
                self._asked.put(None)

        threads = [threading.Thread(target=labour, daemon=True) for _ in range(min(abreast, len(works)))]
        for thread in threads:
            thread.start()
        self._answer(len(threads))
        for thread in threads:
            thread.join()
        return [result.result() for result in results]

    def ask(self, question: Callable[[NearCounter], T]) -> T:
        """Called in another thread: what the store's thread answers."""
        asked: _Question[T] = _Question(question)
        with self._lock:
            if self._failed:
                raise self._failed
            self._asked.put(asked)  # type: ignore[arg-type]
        return asked.answer.result()

    def _answer(self, threads: int) -> None:
        """Until so many threads have ended."""
        asked: _Question[object] | None = None
        try:
            while threads:
                asked = self._next()
                if asked is None:
                    threads -= 1
                else:
                    asked.answer.set_result(asked.question(self._counter))
                    asked = None
        except BaseException as error:
            self._refuse(asked, error)
            raise

    def _next(self) -> _Question[object] | None:
        while True:
            try:
                return self._asked.get(timeout=_HEARD)
            except queue.Empty:
                continue

    def _refuse(self, asked: _Question[object] | None, error: BaseException) -> None:
        """Nobody who asks, or has asked, is answered any more."""
        with self._lock:
            self._failed = error
        while True:
            if asked and not asked.answer.done():
                asked.answer.set_exception(error)
            try:
                asked = self._asked.get_nowait()
            except queue.Empty:
                return


class FarCounter(Value, frozen=True):
    """For a mailbox that is read in a thread of its own. See `pull.Counter`."""

    desk: Desk

    def cursor(self, source: str, mailbox: str) -> str | None:
        """The cursor committed last."""
        return self.desk.ask(lambda counter: counter.cursor(source, mailbox))

    def held(self, source: str, mailbox: str, since: date | None) -> Held:
        """A look at what is held."""
        return FarHeld(self.desk, self.desk.ask(lambda counter: counter.held(source, mailbox, since)))

    def put(self, parcel: Parcel, pulled: Pulled) -> None:
        """A page, and where to count what it changes."""
        self.desk.ask(lambda counter: counter.put(parcel, pulled))

    def keep(self) -> None:
        """Everything handed in goes into the store."""
        self.desk.ask(lambda counter: counter.keep())


class FarHeld(Value, frozen=True):
    """What is held, asked from another thread. See `store.interface.Held`."""

    desk: Desk
    near: Held

    @property
    def since(self) -> date | None:
        """The first day that is collected."""
        return self.near.since

    def stamps(self, ids: Sequence[str]) -> dict[str, str | None]:
        """Their stamps."""
        return self.desk.ask(lambda _: self.near.stamps(ids))

    def unknown(self, listed: Sequence[tuple[str, str]]) -> set[str]:
        """Which are not held as they are listed."""
        return self.desk.ask(lambda _: self.near.unknown(listed))

    def ids(self) -> Iterator[str]:
        """Every id accounted for, in order."""
        near = self.desk.ask(lambda _: self.near.ids())
        while some := self.desk.ask(lambda _: list(islice(near, _IDS))):
            yield from some

    def empty(self) -> bool:
        """Whether there are none."""
        return self.desk.ask(lambda _: self.near.empty())

    def gaps(self) -> tuple[str, ...]:
        """Ids with an open gap."""
        return self.desk.ask(lambda _: self.near.gaps())

    def find(self, sha256: str) -> tuple[str, ...]:
        """Ids with these bytes."""
        return self.desk.ask(lambda _: self.near.find(sha256))


class _Question(Generic[T]):
    def __init__(self, question: Callable[[NearCounter], T]) -> None:
        self.question = question
        self.answer: Future[T] = Future()
