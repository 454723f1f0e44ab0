"""A message too large to be carried about lies in a file of its own until it is kept."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from auditor.values import Value

PIECE = 1024 * 1024


class Spooled(Value, frozen=True):
    """Bytes in a file that only its owner can read, and what they were when they were written."""

    path: str
    size: int
    sha256: str

    def __len__(self) -> int:
        return self.size

    def read(self, most: int = -1) -> bytes:
        """The bytes, or the first so many."""
        with Path(self.path).open("rb") as file:
            return file.read(most)

    def pieces(self) -> Iterator[bytes]:
        """The bytes, one piece after another."""
        with Path(self.path).open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def discard(self) -> None:
        """They are not needed any more."""
        with contextlib.suppress(OSError):
            Path(self.path).unlink()


Raw = bytes | Spooled
"""A message's bytes, wherever they are."""


def digest(raw: Raw) -> str:
    """SHA-256 of a message's bytes, in hexadecimal."""
    return raw.sha256 if isinstance(raw, Spooled) else hashlib.sha256(raw).hexdigest()


class Spool:
    """The folder where such files lie. Several threads may use it; of processes, only one at a time.

    What a process that was killed has left there is removed when the next one first needs the folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._ready = False

    def keep(self, pieces: Iterable[bytes]) -> Spooled:
        """Writes these down. Nothing is left behind when that fails."""
        path = self._folder / f"{os.getpid()}-{next(self._numbers)}"
        self._make_ready()
        size, sha256 = 0, hashlib.sha256()
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
                for piece in pieces:
                    file.write(piece)
                    sha256.update(piece)
                    size += len(piece)
        except BaseException:
            with contextlib.suppress(OSError):
                path.unlink()
            raise
        return Spooled(str(path), size, sha256.hexdigest())

    def _make_ready(self) -> None:
        with self._lock:
            if self._ready:
                return
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            own = f"{os.getpid()}-"
            for left in self._folder.iterdir():
                if not left.name.startswith(own):
                    with contextlib.suppress(OSError):
                        left.unlink()
            self._ready = True
