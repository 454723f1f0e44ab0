"""Looking at files that other people may put in our way: regular files only, nothing followed, nothing written."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

# O_NONBLOCK: opening a pipe must not wait for a writer; it changes nothing for a regular file.
_FLAGS = os.O_RDONLY
for _name in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK"):
    _FLAGS |= getattr(os, _name, 0)

_JUNCTION = 0xA0000003
"""Windows' IO_REPARSE_TAG_MOUNT_POINT: a folder that is really elsewhere."""


class TooLarge(Exception):
    """A file is larger than was asked for: `size` in bytes."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size


def opened(path: Path | str) -> BinaryIO:
    """The file, for reading.

    Raises:
        OSError: it cannot be opened, or is a link, a pipe, a device: not a regular file.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        _regular(descriptor)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def whole(path: str, largest: int) -> tuple[bytes, os.stat_result]:
    """All of a file's bytes, and what the file was before they were read. A file object would take longer to make
    than a message to read.

    Raises:
        OSError: as `opened`.
        TooLarge: it has more than `largest` bytes.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        facts = _regular(descriptor)
        if facts.st_size > largest:
            raise TooLarge(facts.st_size)
        data = os.read(descriptor, facts.st_size + 1)
        if len(data) != facts.st_size:  # it is being written, or the system gives it in pieces
            while more := os.read(descriptor, 1 << 20):
                data += more
        return data, facts
    finally:
        os.close(descriptor)


def _regular(descriptor: int) -> os.stat_result:
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        raise OSError("it is no regular file")
    return facts


def is_own_folder(entry: os.DirEntry[str]) -> bool:
    """Whether this is a folder, and one that truly lies here."""
    if not entry.is_dir(follow_symlinks=False):
        return False
    return os.name != "nt" or getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) != _JUNCTION


def reason(error: OSError) -> str:
    """Why, in the operating system's plain words."""
    return (error.strerror or str(error) or "unknown trouble").lower()
