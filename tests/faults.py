"""Faults at the Nth thing that a program asks of the disk or of SQLite, and what a night leaves after it.

Counted are opening a file for writing, each write to it, fsync, replace, and every statement and commit. A program
runs in a forked child, so that a crash is one: `os._exit` unwinds nothing. More steps of a night are covered by doing
them in the program; nothing here knows what a night is.
"""

from __future__ import annotations

import errno
import io
import os
import pickle
import random
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite


class Kind(Enum):
    """What happens at the Nth call."""

    ONCE = "fails"
    LASTING = "fails, and so do all after it"
    CRASH = "is never made"
    AFTER = "is the last that is made"


CRASHED = 77
_WRITES = os.O_WRONLY | os.O_RDWR


@dataclass
class Faults:
    """Counts calls, and makes the Nth of them fail; 0 only counts."""

    at: int = 0
    kind: Kind = Kind.ONCE
    count: int = 0
    armed: bool = False

    def call(self, make: Callable[[], Any], refuse: Callable[[], Exception]) -> Any:
        """One call: made, refused, or the end."""
        if not self.armed:
            return make()
        self.count += 1
        here = self.count == self.at
        if here and self.kind is Kind.CRASH:
            os._exit(CRASHED)
        if (here and self.kind is Kind.ONCE) or (self.at and self.count >= self.at and self.kind is Kind.LASTING):
            raise refuse()
        made = make()
        if here and self.kind is Kind.AFTER:
            os._exit(CRASHED)
        return made


faults = Faults()


def _full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _sqlite_full() -> Exception:
    error = sqlite.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite.SQLITE_FULL
    return error


class _Connection(sqlite.Connection):  # type: ignore[misc]
    def execute(self, *given: Any) -> Any:
        if given[0].startswith("ROLLBACK"):
            return sqlite.Connection.execute(self, *given)  # it needs no room
        if given[0] == "PRAGMA synchronous = FULL":
            given = ("PRAGMA synchronous = OFF",)  # no power is cut here, and thousands of nights wait for the disk
        return faults.call(lambda: sqlite.Connection.execute(self, *given), _sqlite_full)

    def executemany(self, *given: Any) -> Any:
        return faults.call(lambda: sqlite.Connection.executemany(self, *given), _sqlite_full)


class _Writer(io.BufferedWriter):
    def write(self, data: Any) -> int:
        made: int = faults.call(lambda: io.BufferedWriter.write(self, data), _full)
        return made


def install(patch: Callable[[Any, str, Any], None]) -> None:
    """Puts the counting in the way; `patch` as `monkeypatch.setattr`."""
    connect, real_open = sqlite.connect, io.open
    patch(
        sqlite, "connect", lambda *given, **more: connect(*given, **(more | {"factory": _Connection, "timeout": 0.2}))
    )

    def frail(name: str) -> Callable[..., Any]:
        real = getattr(os, name)
        return lambda *given, **more: faults.call(lambda: real(*given, **more), _full)

    def opened(file: Any, mode: str = "r", *given: Any, **more: Any) -> Any:
        if mode == "wb" and not isinstance(file, (str, Path)):  # a descriptor: tempfile's
            return _Writer(io.FileIO(file, "wb"))
        if set(mode) & set("wax+"):
            return faults.call(lambda: real_open(file, mode, *given, **more), _full)
        return real_open(file, mode, *given, **more)

    real_os_open = os.open

    def os_open(path: Any, flags: int, *given: Any, **more: Any) -> Any:
        if flags & _WRITES:
            return faults.call(lambda: real_os_open(path, flags, *given, **more), _full)
        return real_os_open(path, flags, *given, **more)

    patch(os, "fsync", lambda file: faults.call(lambda: None, _full))
    for name in ("replace", "rename", "unlink", "write"):
        patch(os, name, frail(name))
    patch(os, "open", os_open)
    patch(io, "open", opened)


def counted(work: Callable[[], None], result: Path) -> int:
    """How many calls there are in `work`."""
    status, count = forked(work, result, Faults(0, Kind.ONCE))
    assert status == 0, count
    assert isinstance(count, int)
    return count


def forked(work: Callable[[], Any], result: Path, how: Faults | None = None) -> tuple[int, Any]:
    """Does `work` in a forked child, with faults or none: its exit status and what it came to.

    Status 0: done, the answer is what `work` returned (or with `how`, the number of calls). 1: an error, the answer is
    its sentence and where it arose. `CRASHED`: it crashed as it was told to, and there is no answer."""
    result.unlink(missing_ok=True)
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status, answer = 1, None
        with suppress(BaseException):
            if how is not None:
                faults.at, faults.kind, faults.count, faults.armed = how.at, how.kind, 0, True
            try:
                answer, status = work(), 0
            except BaseException as error:  # noqa: BLE001
                answer = ([kind.__name__ for kind in type(error).__mro__], str(error), traceback.format_exc())
            faults.armed = False
            result.write_bytes(pickle.dumps(faults.count if how is not None and status == 0 else answer))
        os._exit(status)
    _, ended = os.waitpid(child, 0)
    answer = pickle.loads(result.read_bytes()) if result.exists() else None  # noqa: S301
    return os.waitstatus_to_exitcode(ended), answer


def points(count: int, wanted: int, seed: int = 1) -> list[tuple[int, Kind]]:
    """So many places among all calls, each with a kind of fault; the same for the same seed."""
    every = [(at, kind) for at in range(1, count + 1) for kind in Kind]
    return sorted(random.Random(seed).sample(every, min(wanted, len(every))), key=lambda one: one[0])


def each(count: int, seed: int = 1) -> list[tuple[int, Kind]]:
    """Every place among all calls once, with the kinds in turn."""
    kinds = list(Kind)
    return [(at, kinds[(at + seed) % len(kinds)]) for at in range(1, count + 1)]
