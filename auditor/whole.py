"""Files that are there whole or not at all: a draft in the same folder, on the disk, then one rename (rename(2) is atomic).

A kill at any moment leaves the old file or the new one, whole; at worst a draft, which a later writing takes away.
What is written here is for its owner alone.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_MARK = ".auditor-"
_ENDING = ".draft"
_HOUR = 3600


def put(path: Path, data: bytes) -> None:
    """Writes a file. Two processes may do so at once: one of them is the later.

    Raises:
        OSError: the disk refuses; what was there is as it was.
    """
    with draft(path, lambda file: file.write(data)) as made:
        move(made, path)


@contextmanager
def draft(path: Path, content: Callable[[IO[bytes]], object]) -> Iterator[Path]:
    """A finished file beside `path`, readable by the owner alone, safe on the disk; gone afterwards unless it was moved."""
    private_folder(path.parent)
    # mkstemp makes files 0600 on POSIX; on Windows the folder's own rights decide.
    handle, name = tempfile.mkstemp(prefix=_MARK, suffix=_ENDING, dir=path.parent)
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            content(file)
            file.flush()
            os.fsync(file.fileno())
        _sweep(made)
        yield made
    finally:
        made.unlink(missing_ok=True)


def move(made: Path, target: Path) -> None:
    """Gives the draft its name. Raises PermissionError where another program holds the target open (Windows)."""
    os.replace(made, target)  # noqa: PTH105 - the call whose atomicity is promised
    settle(target.parent)


def settle(folder: Path) -> None:
    """Asks that the names in this folder reach the disk."""
    if os.name != "posix":
        return
    # The files stand; a file system that cannot sync a folder (some network drives) is no reason to say otherwise.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def private_folder(folder: Path) -> None:
    """Makes `folder` and what is missing above it, for the owner alone; one that exists is left as it is."""
    if folder.is_dir():
        return
    private_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)


def private_file(path: Path) -> None:
    """Makes an empty file that only the owner can read; one that exists is closed to others (not on Windows)."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if os.name != "nt":
        path.chmod(0o600)


def _sweep(made: Path) -> None:
    """Takes away drafts that a killed writing left: those more than an hour older than this one."""
    now = made.stat().st_mtime
    for left in made.parent.glob(f"{_MARK}*{_ENDING}"):
        with suppress(OSError):
            if left.stat().st_mtime < now - _HOUR:
                left.unlink()
