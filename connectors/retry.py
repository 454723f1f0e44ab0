"""Polite and patient: how fast a provider is asked, and how long a busy one is waited for."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from random import random
from typing import TypeVar

from auditor.errors import RetrySource
from auditor.pipeline.pull import Clock

T = TypeVar("T")
R = TypeVar("R")

FIRST_WAIT = 1.0
"""Seconds, where the provider does not say how long to wait; doubled each time."""
LONGEST_WAIT = 60.0


class Patience:
    """Waits while a provider is busy, for all that ask it for one mailbox. Shared between threads.

    Requests made while it is busy count against us, so that nobody asks before the wait is over.
    """

    def __init__(self, clock: Clock, seconds: float, chance: Callable[[], float] = random) -> None:
        self._clock = clock
        self._seconds = seconds
        """How long nothing may come of asking."""
        self._chance = chance
        self._lock = threading.Lock()
        self._good = clock.now()
        self._until = 0.0
        self._wait = FIRST_WAIT

    def got_on(self) -> None:
        """An answer came that brings the mailbox on."""
        with self._lock:
            self._good = self._clock.now()
            self._wait = FIRST_WAIT

    def refused(self, error: RetrySource) -> None:
        """The next calls wait as long as the provider asked, or longer each time. Raises the error when patience is at
        its end, or would be before the wait is over."""
        with self._lock:
            now = self._clock.now()
            if not error.seconds:  # who asks for no wait is not asked at once for ever
                # Some haste and some delay, so that not all come back in the same instant.
                pause = self._wait * (0.75 + self._chance() / 2)
                self._wait = min(self._wait * 2, LONGEST_WAIT)
            else:
                pause = error.seconds
            if now + pause - self._good > self._seconds:
                raise error
            self._until = max(self._until, now + pause)

    def before(self) -> None:
        """Returns when it is time to ask again."""
        while (pause := self._until - self._clock.now()) > 0:
            self._clock.sleep(pause)


class Pace:
    """So many units a second, and a few at once: a bucket that fills. Shared between threads."""

    def __init__(self, clock: Clock, rate: float, burst: float) -> None:
        self._clock = clock
        self._rate = rate
        self._burst = burst
        self._lock = threading.Lock()
        self._full = burst
        self._at = clock.now()

    def take(self, units: float = 1.0) -> None:
        """Returns when so many units may be spent; those who came first are served first."""
        with self._lock:
            now = self._clock.now()
            self._full = min(self._burst, self._full + (now - self._at) * self._rate) - units
            self._at = now
            pause = -self._full / self._rate
        if pause > 0:
            self._clock.sleep(pause)


def in_order(work: Callable[[T], R], items: Iterable[T], hands: int) -> Iterator[R]:
    """What `work` makes of each, in their order, made in so many threads, never more than so many ahead.

    Raises what a work raised, in its place. Threads end with the process: nobody waits for them when it is stopped.
    """
    tasks: SimpleQueue[tuple[T, SimpleQueue[tuple[R | None, BaseException | None]]] | None] = SimpleQueue()

    def labour() -> None:
        while task := tasks.get():
            item, answer = task
            try:
                answer.put((work(item), None))
            except BaseException as error:  # noqa: BLE001 (handed to the one who waits for it)
                answer.put((None, error))

    under_way: deque[SimpleQueue[tuple[R | None, BaseException | None]]] = deque()
    threads: list[threading.Thread] = []
    source = iter(items)
    try:
        while True:
            while len(under_way) < hands and (item := next(source, tasks)) is not tasks:
                if len(threads) <= len(under_way):
                    threads.append(threading.Thread(target=labour, daemon=True))
                    threads[-1].start()
                answer: SimpleQueue[tuple[R | None, BaseException | None]] = SimpleQueue()
                tasks.put((item, answer))  # type: ignore[arg-type]
                under_way.append(answer)
            if not under_way:
                return
            made, error = under_way.popleft().get()
            if error:
                raise error
            yield made  # type: ignore[misc]
    finally:
        for _ in threads:
            tasks.put(None)
