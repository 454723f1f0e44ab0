"""Hostile input is read where it can be ended: in a child process, watched from outside.

A message that hangs, eats memory or kills the interpreter costs itself only. The parent sees which
message the child was at, ends the child, and has the page done again by a new one, without that message.
"""

from __future__ import annotations

import gc
import importlib
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from auditor.errors import AuditorError, ReaderError
from auditor.values import Value

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

SECONDS = 20.0
"""How long one message may take."""
LAST_WORDS = 8.0
"""Seconds that a child gets to finish keeping what it has read, when the night is called off."""
STARTS = 3
"""Children that may end before they have begun with their page; no message is to blame for it."""
MEMORY = 1 << 30
"""Bytes of address space above what the child starts with, where the system can limit it."""

NOBODY = -2
"""Past its items: what the child does now is no item's fault, and takes as long as it takes."""
_NOT_BEGUN = -1
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_TOGETHER = 1000
"""Items that go through the steps together: what a step remembers stays in the processor's cache meanwhile."""

A = TypeVar("A")
T = TypeVar("T")
P_contra = TypeVar("P_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)

Deaths = Mapping[int, Sequence[str]]
"""Items by number whose child ended while it was at them: why, for each child."""


class Work(Protocol[P_contra, R_co]):
    """What a child does with a page. Sent to it pickled, and imported only there."""

    def do(self, page: P_contra, deaths: Deaths, at: Callable[[int], None]) -> R_co:
        """The answer to a page.

        Args:
            page: as it was submitted.
            deaths: what must not be tried in the same way again.
            at: told each time which item is in hand, and then `NOBODY` when nothing but the answer is left to do.

        Raises:
            AuditorError: raised again where the page was submitted.
        """
        ...


class Task(Value, Generic[A, T], frozen=True):
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

    def do(self, page: Sequence[A], deaths: Deaths, at: Callable[[int], None]) -> list[T | Ended]:
        """What becomes of each item, in order.

        A step is put to many items before the next step begins: small stretches of program run again and again are a
        fifth quicker than the whole way for each item.
        """
        steps, outcomes = self.functions(), list[T | Ended]()
        for start in range(0, len(page), _TOGETHER):
            outcomes += _through(steps, page[start : start + _TOGETHER], start, deaths, at)
        again = [n for n, outcome in enumerate(outcomes) if isinstance(outcome, Ended)]
        if self.otherwise is not None and again:
            died_twice = {k: deaths[n][1:] for k, n in enumerate(again) if len(deaths.get(n, ())) > 1}
            tried = self.otherwise.do([page[n] for n in again], died_twice, lambda k: at(again[k]))
            for n, outcome in zip(again, tried, strict=True):
                outcomes[n] = outcome
        return outcomes


class Ended(Value, frozen=True):
    """One item that the child did not live through."""

    reason: str
    """One plain sentence."""
    where: str = ""
    """Where in the program, for who looks for a fault in it."""


class Done(Value, Generic[A, T], frozen=True):
    """A page of items and what became of each, in order."""

    items: Sequence[A]
    outcomes: list[T | Ended]


class _Progress(Protocol):
    value: int


class _Made(Value, frozen=True):
    answer: Any


class _Failed(Value, frozen=True):
    error: AuditorError


class _Child:
    """A running reader, the pipe to it and the number of the item it is at."""

    def __init__(self, memory: int) -> None:
        import multiprocessing  # a night with nothing new starts no child, and this takes a tenth of it

        # spawn, not fork: the same on Windows, and the child inherits neither the store's files nor its locks
        context = multiprocessing.get_context("spawn")
        self.progress: _Progress = context.RawValue("q", _NOT_BEGUN)
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self.progress, memory), daemon=True)
        with _uninterrupted():
            self._process.start()
        theirs.close()

    def send(self, work: Work[Any, Any], page: Any, deaths: Deaths) -> None:
        self.progress.value = _NOT_BEGUN
        with suppress(OSError):  # the child may be gone already; waiting for its answer finds that out
            words = pickle.dumps(work, pickle.HIGHEST_PROTOCOL)
            self.pipe.send_bytes(pickle.dumps((words, page, deaths), pickle.HIGHEST_PROTOCOL))

    def answer(self, seconds: float) -> _Made | _Failed | Ended:
        """Waits for the answer; `Ended` when the child will give none."""
        at, since = self.progress.value, time.monotonic()
        while True:
            try:
                if self.pipe.poll(min(1.0, seconds / 4)):
                    made: _Made | _Failed | Ended = pickle.loads(self.pipe.recv_bytes())  # noqa: S301  (our own child's)
                    return made
            except (EOFError, OSError):
                return Ended("reading it ended the reader (out of memory, or a fault in a library)")
            now = time.monotonic()
            if self.progress.value != at:
                at, since = self.progress.value, now
            elif now - since > seconds and at != NOBODY:
                return Ended(f"reading it took more than {seconds:g} seconds")

    def end(self) -> None:
        """Ends it; what it is just about to keep it may keep, for a while."""
        self.pipe.close()
        if self.progress.value == NOBODY:
            self._process.join(LAST_WORDS)
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
        self._submitted: tuple[Work[Any, Any], Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def each(self, task: Task[A, T], pages: Iterable[Sequence[A]]) -> Iterator[Done[A, T]]:
        """Does `task` on every item of every page, in order.

        The child works on the next page while the caller keeps the one before; at most two pages are held.
        """
        waiting: Sequence[A] | None = None
        for page in pages:
            done = None if waiting is None else Done(waiting, self._outcomes(waiting))
            if page:  # nothing to do is no reason to start a child
                self.submit(task, page)
            waiting = page
            if done is not None:
                yield done
        if waiting is not None:
            yield Done(waiting, self._outcomes(waiting))

    def _outcomes(self, page: Sequence[A]) -> list[Any]:
        return self.answer() if page else []

    def submit(self, work: Work[Any, Any], page: Any) -> None:
        """Has a page worked on while the caller does something else; `answer` must be asked for before the next."""
        self._submitted = work, page
        self._send({})

    def answer(self) -> Any:
        """The answer to the page submitted last.

        Raises:
            AuditorError: the work raised it.
            ReaderError: children end without any item being to blame.
        """
        if self._submitted is None:
            raise ValueError("nothing was submitted")
        deaths: dict[int, list[str]] = {}
        blameless = 0
        while True:
            child = self._child or self._send(deaths)
            answer = child.answer(self._seconds)
            if isinstance(answer, _Made):
                self._submitted = None
                return answer.answer
            if isinstance(answer, _Failed):
                self._submitted = None
                raise answer.error
            at = child.progress.value
            self._end()
            if at >= 0:
                deaths.setdefault(at, []).append(answer.reason)
                continue
            blameless += 1
            if blameless == STARTS:
                raise _given_up(at, answer)

    def _send(self, deaths: Deaths) -> _Child:
        """The page submitted last goes to the child that runs, or to a new one."""
        if self._child is None:
            self._child = _Child(self._memory)
        if self._submitted is not None:
            self._child.send(*self._submitted, deaths)
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


def _given_up(at: int, answer: Ended) -> ReaderError:
    if at == _NOT_BEGUN:
        what, mend = "does not start", "install the auditor again, and see that the computer has memory to spare"
    else:
        what, mend = "ends before it has kept what it read", "see that the computer has memory and disk to spare"
    error = ReaderError(f"The process that reads mail {what} ({answer.reason}): {mend}; nothing kept is lost.")
    if answer.where:
        error.add_note(answer.where)
    return error


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
    """The child: pages in, answers out, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows nothing is inherited; the parent ends this process
    _die_with_parent()
    _leave_no_core()
    ceiling = _Ceiling(memory)
    # A page makes some hundred thousand small objects and next to no cycles: one collection a page finds them all.
    gc.disable()

    def at(index: int) -> None:
        progress.value = index
        if index != NOBODY:
            return
        if pipe.poll():
            sys.exit()  # nothing is sent before the answer, so the parent has gone: this page is another night's
        ceiling.lift()  # what is hostile is behind us, and a large page needs room to be kept

    work: Work[Any, Any] | None = None
    known = b""
    while True:
        try:
            words, page, deaths = pickle.loads(pipe.recv_bytes())  # noqa: S301  (our own parent's page)
        except (EOFError, OSError):
            return
        if work is None or words != known:
            # The same object as long as it is the same work: what is remembered of a policy is found again at once.
            work, known = pickle.loads(words), words  # noqa: S301
        gc.freeze()
        ceiling.lower()
        answer: _Made | _Failed | Ended
        try:
            answer = _Made(work.do(page, deaths, at))
        except AuditorError as error:
            error.add_note(traceback.format_exc())  # it goes with the error, and its own way does not
            answer = _Failed(error)
        except Exception as error:  # noqa: BLE001  (the program itself is not whole: the parent says so in one line)
            # What it says may be a letter's words; of a part that is missing it names the part.
            said = f": {error}" if isinstance(error, ImportError) else ""
            answer = Ended(type(error).__name__ + said, "".join(traceback.format_tb(error.__traceback__)))
            progress.value = min(progress.value, _NOT_BEGUN)
        with suppress(OSError):  # the parent may have gone
            pipe.send_bytes(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
        del page, answer
        gc.collect()


def _through(
    steps: Sequence[Callable[[Any], Any]], items: Sequence[Any], start: int, deaths: Deaths, at: Callable[[int], None]
) -> list[Any]:
    """What becomes of some items, the first of them number `start`."""
    values = [Ended(deaths[n][0]) if n in deaths else item for n, item in enumerate(items, start)]
    for step in steps:
        for index, value in enumerate(values):
            if type(value) is Ended:
                continue
            at(start + index)
            try:
                values[index] = step(value)
            except MemoryError:
                values[index] = Ended("reading it needed too much memory")
            except Exception as error:  # noqa: BLE001  (whatever a library throws at hostile input is one message's gap, not the night's end)
                values[index] = Ended(f"it could not be read ({type(error).__name__})")
    return values


class _Ceiling:
    """How much address space this process may have. Windows and macOS set no such limit; the watch on time remains."""

    def __init__(self, extra: int) -> None:
        self._limits: tuple[int, int] | None = None
        with suppress(ImportError, OSError, ValueError):
            import resource

            held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
            self._set = partial(resource.setrlimit, resource.RLIMIT_AS)
            self._limits = (held + extra, resource.getrlimit(resource.RLIMIT_AS)[1])

    def lower(self) -> None:
        """From now on hostile input is read."""
        if self._limits is not None:
            self._set(self._limits)

    def lift(self) -> None:
        """From now on it is not."""
        if self._limits is not None:
            self._set((self._limits[1], self._limits[1]))


def _leave_no_core(system: str = sys.platform) -> None:
    """A reader that crashes holds people's mail and the store's key: its memory is not written to disk."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if system == "linux":
        import ctypes

        # A core that is handed to a program (core_pattern with a pipe) asks no limit, core(5).
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _die_with_parent(system: str = sys.platform) -> None:
    """A parent that is killed cannot end its child, which may be at a message that hangs."""
    if system == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        return
    import multiprocessing

    def watch() -> None:
        if parent := multiprocessing.parent_process():
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
