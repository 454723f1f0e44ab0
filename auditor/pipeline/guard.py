"""Hostile input is read where it can be ended: in a child process, watched from outside.

A message that hangs, eats memory or kills the interpreter costs itself only. The parent sees which
message the child was at, ends the child, and has the rest of the page done by a new one.
"""

from __future__ import annotations

import gc
import importlib
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from auditor.errors import ReaderError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

SECONDS = 20.0
"""How long one message may take."""
STARTS = 3
"""Children that may end before they have begun with their page; no message is to blame for it."""
MEMORY = 1 << 30
"""Bytes of address space above what the child starts with, where the system can limit it."""

A = TypeVar("A")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Task(Generic[A, T]):
    """Steps from an item to its outcome: a module's own functions, by name, for only the child imports them.

    Each takes `first` and then what the step before made; the first takes the item, the last makes the outcome.
    """

    module: str
    steps: tuple[str, ...]
    first: tuple[object, ...] = ()
    otherwise: Task[A, T] | None = None
    """A smaller task, for an item that does not live through this one."""

    def functions(self) -> list[Callable[[Any], Any]]:
        """The steps themselves, ready for an item."""
        module = importlib.import_module(self.module)
        return [partial(getattr(module, step), *self.first) for step in self.steps]

    def outcomes(self, items: Iterable[A], at: Callable[[int], None] = lambda _index: None) -> list[T | Ended]:
        """What becomes of each item; `at` is told before each step which item it is put to.

        A step is put to every item before the next step begins: small stretches of program run again and again are a
        fifth quicker than the whole way for each item.
        """
        values: list[Any] = list(items)
        for step in self.functions():
            for index, value in enumerate(values):
                if type(value) is not Ended:
                    at(index)
                    values[index] = _attempt(step, value)
        return values


@dataclass(frozen=True, slots=True)
class Ended:
    """One item that the child did not live through."""

    reason: str
    """One plain sentence."""


@dataclass(frozen=True, slots=True)
class Done(Generic[A, T]):
    """A page of items and what became of each, in order."""

    items: Sequence[A]
    outcomes: list[T | Ended]


class _Progress(Protocol):
    value: int


class _Child:
    """A running reader, the pipe to it and the number of the item it is at."""

    def __init__(self, memory: int) -> None:
        import multiprocessing  # a night with nothing new starts no child, and this takes a tenth of it

        # spawn, not fork: the same on Windows, and the child inherits neither the store's files nor its locks
        context = multiprocessing.get_context("spawn")
        self.progress: _Progress = context.RawValue("q", -1)
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self.progress, memory), daemon=True)
        with _uninterrupted():
            self._process.start()
        theirs.close()

    def send(self, task: Task[A, T], items: Sequence[A]) -> None:
        self.progress.value = -1
        with suppress(OSError):  # the child may be gone already; waiting for its answer finds that out
            words = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
            self.pipe.send_bytes(pickle.dumps((words, items), pickle.HIGHEST_PROTOCOL))

    def end(self) -> None:
        self.pipe.close()
        self._process.kill()
        self._process.join()
        self._process.close()


class Guard:
    """One child process at a time. Use as a context manager; the child starts with the first page.

    Args:
        seconds: how long one item may take before its child is ended.
        memory: bytes the child may add to its address space (Linux only).
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None

    def each(self, task: Task[A, T], pages: Iterable[Sequence[A]]) -> Iterator[Done[A, T]]:
        """Does `task` on every item of every page, in order.

        The child works on the next page while the caller keeps the one before; at most two pages are held.
        """
        waiting: Sequence[A] | None = None
        for page in pages:
            done = None if waiting is None else Done(waiting, self._outcomes(task, waiting))
            self._submit(task, page)
            waiting = page
            if done is not None:
                yield done
        if waiting is not None:
            yield Done(waiting, self._outcomes(task, waiting))

    def _submit(self, task: Task[A, T], items: Sequence[A]) -> None:
        if not items:
            return  # nothing to do is no reason to start a child
        if self._child is None:
            self._child = _Child(self._memory)
        self._child.send(task, items)

    def _outcomes(self, task: Task[A, T], items: Sequence[A]) -> list[T | Ended]:
        """What became of the page submitted last. An item that ends its child is set aside and the rest done again."""
        ended: dict[int, Ended] = {}
        left = list(range(len(items)))
        found: dict[int, T] = {}
        stillborn = 0
        while left and self._child is not None:
            answer = self._answer(self._child)
            if isinstance(answer, list):
                found = dict(zip(left, answer, strict=True))
                break
            at = self._child.progress.value
            self._child.end()
            self._child = None
            if at >= 0:
                ended[left.pop(at)] = answer
            else:
                stillborn += 1
                if stillborn == STARTS:
                    raise ReaderError(
                        f"The process that reads mail does not start ({answer.reason}): install the auditor again, and "
                        "see that the computer has memory to spare; nothing kept is lost."
                    )
            self._submit(task, [items[i] for i in left])
        outcomes: list[T | Ended] = [ended[i] if i in ended else found[i] for i in range(len(items))]
        again = [i for i, outcome in enumerate(outcomes) if isinstance(outcome, Ended)]
        if task.otherwise is not None and again:
            tried = self._fresh(task.otherwise, [items[i] for i in again])
            outcomes = [tried.pop(0) if isinstance(outcome, Ended) else outcome for outcome in outcomes]
        return outcomes

    def _fresh(self, task: Task[A, T], items: Sequence[A]) -> list[T | Ended]:
        """What became of a page submitted now; nothing else is under way."""
        self._submit(task, items)
        return self._outcomes(task, items)

    def _answer(self, child: _Child) -> list[Any] | Ended:
        at, since = child.progress.value, time.monotonic()
        while True:
            try:
                if child.pipe.poll(min(1.0, self._seconds / 4)):
                    made: list[Any] | Ended = pickle.loads(child.pipe.recv_bytes())  # noqa: S301  (our own child's)
                    return made
            except (EOFError, OSError):
                return Ended("reading it ended the reader (out of memory, or a fault in a library)")
            now = time.monotonic()
            if child.progress.value != at:
                at, since = child.progress.value, now
            elif now - since > self._seconds:
                return Ended(f"reading it took more than {self._seconds:g} seconds")


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A Ctrl-C goes to the child too, which would say so at length: it inherits that it is not concerned."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _serve(pipe: Connection, progress: _Progress, memory: int) -> None:
    """The child: pages in, outcomes out, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows nothing is inherited; the parent ends this process
    _limit_memory(memory)
    # A page makes some hundred thousand small objects and next to no cycles: one collection a page finds them all.
    gc.disable()

    def at(index: int) -> None:
        progress.value = index

    task: Task[Any, Any] | None = None
    known = b""
    while True:
        try:
            words, items = pickle.loads(pipe.recv_bytes())  # noqa: S301  (our own parent's page)
        except (EOFError, OSError):
            return
        if task is None or words != known:
            # The same object as long as it is the same task: what is remembered of a policy is found again at once.
            task, known = pickle.loads(words), words  # noqa: S301
        gc.freeze()
        outcomes: list[Any] | Ended
        try:
            outcomes = task.outcomes(items, at)
        except Exception as error:  # noqa: BLE001  (the program itself is not whole: the parent says so in one line)
            outcomes = Ended(f"{type(error).__name__}: {error}")
        with suppress(OSError):  # the parent may have gone
            pipe.send_bytes(pickle.dumps(outcomes, pickle.HIGHEST_PROTOCOL))
        del items, outcomes
        gc.collect()


def _attempt(work: Callable[[A], T], item: A) -> T | Ended:
    try:
        return work(item)
    except MemoryError:
        return Ended("reading it needed too much memory")
    except Exception as error:  # noqa: BLE001  (whatever a library throws at hostile input is one message's gap, not the night's end)
        return Ended(f"it could not be read ({type(error).__name__})")


def _limit_memory(extra: int) -> None:
    try:
        import resource

        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + extra, held + extra))
    except (ImportError, OSError, ValueError):
        return  # Windows and macOS have no such limit; the watch on time remains
