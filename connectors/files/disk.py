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


def opened(path: Path | str) -> BinaryIO:
    """The file, for reading.

    Raises:
        OSError: it cannot be opened, or is a link, a pipe, a device: not a regular file.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("it is no regular file")
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def is_own_folder(entry: os.DirEntry[str]) -> bool:
    """Whether this is a folder, and one that truly lies here."""
    if not entry.is_dir(follow_symlinks=False):
        return False
    return os.name != "nt" or getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) != _JUNCTION


def reason(error: OSError) -> str:
    """Why, in the operating system's plain words."""
    return (error.strerror or str(error) or "unknown trouble").lower()
