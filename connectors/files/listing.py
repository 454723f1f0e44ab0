"""Folder listings, taken whole at one moment and kept on disk, so that a million names need no memory."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from types import TracebackType
from typing import Self

from auditor.values import Value

IN_MEMORY = 8 * 1024 * 1024
_SORTED = 50_000
"""Names are in order within so many: all of them, in any ordinary folder."""
_BLOCK = 256 * 1024

_FLAGS = re.compile(r":|[;!][12],")
"""Where a Maildir name ends and its flags begin; Windows programs write another character for the colon."""


class Listing(Value, frozen=True):
    """Where a folder's names stand in the spool."""

    start: int
    end: int
    count: int
    digest: str
    """Of names and stamps."""


EMPTY = Listing(0, 0, 0, "")


class Spool:
    """The names of one mailbox's folders: in memory while they are few, in a nameless temporary file beyond."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed by __exit__)
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def keep(self, records: Iterable[bytes]) -> Listing:
        """Writes records down; none may contain a slash."""
        start, count, digest = self._end, 0, hashlib.blake2b(digest_size=16)
        source = iter(records)
        while batch := sorted(islice(source, _SORTED)):
            block = b"/".join(batch) + b"/"
            self._file.seek(self._end)
            self._file.write(block)
            digest.update(block)
            self._end += len(block)
            count += len(batch)
        return Listing(start, self._end, count, digest.hexdigest())

    def records(self, listing: Listing) -> Iterator[bytes]:
        """The records, as they were kept."""
        at, rest = listing.start, b""
        while at < listing.end:
            self._file.seek(at)
            block = self._file.read(min(_BLOCK, listing.end - at))
            at += len(block)
            *whole, rest = (rest + block).split(b"/")
            yield from whole


def shown(name: str) -> str:
    """A file's name as text that any store can keep: bytes that are no UTF-8 as backslash escapes."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def unflagged(name: str) -> str:
    """A Maildir name without its flags."""
    found = _FLAGS.search(name)
    return name[: found.start()] if found else name
