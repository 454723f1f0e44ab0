"""The sign of life of `auditor serve`: a small file beside the store, written anew each minute, and read back."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.notes import put, taken
from auditor.cli.workplace import store_path
from auditor.values import Value

if TYPE_CHECKING:
    from auditor.config import Config

NAME = "heartbeat.json"
WAITING, RUNNING = "waiting", "running"
RESTART = "restart"
"""Said where schedule.toml keeps the store by now, while `auditor serve` goes on where it began."""
SILENT = timedelta(minutes=15)
"""Whoever has not been heard of for so long is not at work; a busy computer may miss a minute."""


class Beat(Value, frozen=True):
    """What `auditor serve` last said of itself."""

    at: datetime
    """When it said so (UTC)."""
    pid: int
    state: str
    """'waiting', 'running' or 'restart'."""
    since: datetime
    """From when it has been in that state (UTC)."""
    next_run: datetime
    """The next nightly moment (UTC)."""

    def alive(self, now: datetime) -> bool:
        """Whether it was heard of in the last minutes. No look at the process: another one may have its number."""
        return abs(now - self.at) <= SILENT


def place(config: Config) -> Path:
    """Where the file lies."""
    return store_path(config).parent / NAME


def read(config: Config) -> Beat | None:
    """The last sign of life; None where `auditor serve` never ran here, was stopped as it should be, or the file says
    nothing sensible."""
    said = taken(place(config))
    try:
        at, since, next_run = (datetime.fromisoformat(str(said[key])) for key in ("at", "since", "next_run"))
        if None in (at.tzinfo, since.tzinfo, next_run.tzinfo):
            return None
        return Beat(at, int(str(said["pid"])), str(said["state"]), since, next_run)
    except (KeyError, ValueError):
        return None


class Heart:
    """Writes the file. Its threads may be several."""

    def __init__(self, path: Path, now: Callable[[], datetime], next_run: Callable[[], datetime]) -> None:
        self._path = path
        self._elsewhere: Path | None = None
        self._now = now
        self._next_run = next_run
        self._lock = threading.Lock()
        self._stopped = False
        self._state, self._since = WAITING, now()

    def turn(self, state: str) -> None:
        """From now on it waits, or is at work."""
        with self._lock:
            self._state, self._since = state, self._now()
        self.beat()

    def beat(self) -> None:
        """Another sign of life. A disk that refuses it is no reason to end: whoever reads the file sees that it is old."""
        with self._lock:
            if self._stopped:
                return
            document = {
                "at": self._now().isoformat(),
                "pid": os.getpid(),
                "state": self._state,
                "since": self._since.isoformat(),
                "next_run": self._next_run().isoformat(),
            }
            _put(self._path, document)
            if self._elsewhere is not None:
                _put(self._elsewhere, document | {"state": RESTART})

    def missed(self, elsewhere: Path | None) -> None:
        """Where else it is looked for from now on, and says that it is to be started again; None for nowhere."""
        with self._lock:
            if elsewhere == self._elsewhere:
                return
            _take_away(self._elsewhere)
            self._elsewhere = elsewhere
        self.beat()

    def stop(self) -> None:
        """It ends as it should: there is nobody to be heard of."""
        with self._lock:
            self._stopped = True
            _take_away(self._path)
            _take_away(self._elsewhere)


def _put(path: Path, document: Mapping[str, object]) -> None:
    with suppress(OSError):
        put(path, document)


def _take_away(path: Path | None) -> None:
    if path is not None:
        with suppress(OSError):
            path.unlink(missing_ok=True)
