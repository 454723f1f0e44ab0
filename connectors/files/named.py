"""The messages in files and folders that a person names, for `auditor scan`; nothing is remembered of them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from auditor.values import Value
from connectors.files.disk import opened, reason
from connectors.files.mbox import LARGEST, NoMbox, Stream, is_mbox, letters

_MESSAGES = frozenset({".eml", ".emlx", ".mbox", ".mbx", ".gz"})
_MAILDIR = frozenset({"cur", "new"})
_BEGINNING = 4096


class Named(Value, frozen=True):
    """One message, or a file that holds none that can be read."""

    source: str
    """The path as given, with `#N` (from 0) for the Nth message of an mbox."""
    raw: bytes = b""
    error: str | None = None
    """One plain sentence, when there is no message."""


def messages_in(path: Path) -> Iterator[Named]:
    """The messages of a file (one message, or an mbox, gzipped or not) or of a folder, recursively, in path order.

    In a folder, message files are known by their ending, or by lying in a Maildir; links are not followed.
    """
    if path.is_dir():
        for file in sorted(_mail_below(path)):
            yield from _in_file(file)
    else:
        yield from _in_file(path)


def _mail_below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        mail = path.suffix.lower() in _MESSAGES or path.parent.name in _MAILDIR
        if mail and not path.name.startswith(".") and not path.is_symlink() and path.is_file():
            yield path


def _in_file(path: Path) -> Iterator[Named]:
    source = path.as_posix()
    try:
        with opened(path) as file:
            packed = path.suffix.lower() == ".gz"
            stream = cast(Stream, gzip.GzipFile(fileobj=file)) if packed else file
            beginning = stream.read(_BEGINNING)
            if is_mbox(beginning):
                yield from _letters(source, _Again(beginning, stream))
                return
            raw = beginning + stream.read(LARGEST - len(beginning) + 1)
    except (OSError, EOFError) as error:
        why = reason(error) if isinstance(error, OSError) else "the file ends too early"
        yield Named(source, error=f"The file cannot be read: {why}.")
        return
    if not raw.strip():
        yield Named(source, error="The file is empty.")
    elif len(raw) > LARGEST:
        yield Named(source, error=f"The file is larger than {LARGEST >> 20} MB.")
    else:
        yield Named(source, raw)


def _letters(source: str, stream: Stream) -> Iterator[Named]:
    try:
        for number, letter in enumerate(letters(stream)):
            too_large = f"The message is larger than {LARGEST >> 20} MB."
            yield Named(f"{source}#{number}", letter.raw, None if letter.raw or not letter.size else too_large)
    except NoMbox:
        yield Named(source, error="The file begins like an mbox and is none.")


class _Again:
    """A stream whose first bytes have been looked at already."""

    def __init__(self, beginning: bytes, rest: Stream) -> None:
        self._beginning = beginning
        self._rest = rest

    def read(self, size: int, /) -> bytes:
        beginning, self._beginning = self._beginning[:size], self._beginning[size:]
        return beginning or self._rest.read(size)
