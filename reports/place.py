"""Puts a finished file where it belongs: a draft in the same folder, on the disk, then one rename (rename(2) is atomic).

A kill at any moment leaves the old file or the new one, whole; at worst a draft, which a later writing takes away.
"""

from __future__ import annotations

import os
import re
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

AUTHOR = "mailbox auditor"
_MARK = ".auditor-"
_ENDING = ".draft"
_HOUR = 3600
_CREATED = re.compile(rb"<dcterms:created[^>]*>([^<]*)<")
_MODIFIED = re.compile(rb"<dcterms:modified[^>]*>([^<]*)<")


@contextmanager
def draft(path: Path, content: Callable[[IO[bytes]], None]) -> Iterator[Path]:
    """A finished file beside `path`, readable by the owner alone, safe on the disk; gone afterwards unless it was moved."""
    _private_folder(path.parent)
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


def _private_folder(folder: Path) -> None:
    """Makes a folder and what is missing above it, for the owner alone; Path.mkdir leaves the ones above to the umask."""
    if not folder.is_dir():
        _private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def move(made: Path, target: Path) -> None:
    """Gives the draft its name. Raises PermissionError where another program holds the target open (Windows)."""
    os.replace(made, target)  # noqa: PTH105 - the call whose atomicity is promised
    if os.name == "posix":
        # The file stands; a file system that cannot sync a folder (some network drives) is no reason to say otherwise.
        with suppress(OSError):
            _settle(target.parent)


def _settle(folder: Path) -> None:
    """Asks that a rename in this folder reach the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def taken(target: Path) -> str:
    """Why a file must be left alone, to follow its name in a sentence; empty when it may be written."""
    # LibreOffice's and Excel's own marks of an open file; Windows refuses the rename besides.
    if any(target.with_name(lock).exists() for lock in (f".~lock.{target.name}#", f"~${target.name}")):
        return "is open in another program"
    if target.exists() and target.stat().st_size and not _untouched(target):
        return "has been saved by somebody, and may hold decisions and notes,"
    return ""


def _untouched(target: Path) -> bool:
    """Whether a workbook is still as it was written here: every spreadsheet program moves the day of change on when it saves."""
    try:
        with ZipFile(target) as file:
            core = file.read("docProps/core.xml")
    except (OSError, BadZipFile, KeyError, zlib.error):
        return False
    created, modified = _CREATED.search(core), _MODIFIED.search(core)
    if created is None or modified is None:
        return False
    return created[1] == modified[1] and f">{AUTHOR}</dc:creator>".encode() in core


def _sweep(made: Path) -> None:
    """Takes away drafts that a killed writing left: those more than an hour older than this one."""
    now = made.stat().st_mtime
    for left in made.parent.glob(f"{_MARK}*{_ENDING}"):
        with suppress(OSError):
            if left.stat().st_mtime < now - _HOUR:
                left.unlink()
