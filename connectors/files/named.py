"""The messages in files and folders that a person names, for `auditor scan`; nothing is remembered of them.

In a folder, all is found that a night would read or list as not read, by the same signs (see `survey`).
"""

from __future__ import annotations

import gzip
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import cast

from auditor.values import Value
from connectors.files.disk import is_own_folder, opened, reason
from connectors.files.listing import shown
from connectors.files.mbox import LARGEST, NoMbox, Stream, is_mbox, letters
from connectors.files.survey import UNREAD, belongs, ending_of, holds_mbox, is_letter, passed_over, unread

_MAILDIR = frozenset({"cur", "new"})
_BEGINNING = 4096
_HEADER = re.compile(rb"(?:\A(?:\xef\xbb\xbf)?|[\r\n])[A-Za-z][\w-]+[ \t]*:")
"""Narrower than a header may be: of bytes thrown together one file in a thousand has such a line, not four."""
_NO_MAIL = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an Outlook message or an Office document",
    b"PK\x03\x04": "an archive or an Office document",
}
"""What a file is that begins so, whatever it is called."""


class Named(Value, frozen=True):
    """One message, or a file or folder of which nothing can be read."""

    source: str
    """The path as given, with `#N` (from 0) for the Nth message of an mbox; bytes that are no UTF-8 as escapes."""
    raw: bytes = b""
    error: str | None = None
    """One plain sentence, when there is no message."""


def messages_in(given: str) -> Iterator[Named]:
    """The messages of a file (one message, or an mbox, gzipped or not) or of a folder, recursively, in path order.

    A link is followed where it is `given` itself, never below a folder.
    """
    path, source = Path(given), shown(given)
    try:
        mode = path.stat().st_mode
        if not (S_ISDIR(mode) or S_ISREG(mode)):
            raise OSError("it is no regular file")
        path = path.resolve()
    except OSError as error:
        yield _unreadable(source, error)
        return
    ending = ending_of(path.name)
    if S_ISDIR(mode):
        yield from _below(path, source)
    elif ending in UNREAD and ending != ".msg":
        yield Named(source, error=f"The file {unread(UNREAD[ending])}")
    else:
        # Other programs than Outlook call a plain message .msg too: the bytes tell which it is.
        yield from _in_file(path, source)


def _below(top: Path, source: str) -> Iterator[Named]:
    waiting = [(top, source, True)]
    while waiting:
        path, source, is_folder = waiting.pop()
        if not is_folder:
            yield from _found(path, source)
            continue
        try:
            entries = _entries(path)
        except OSError as error:
            yield Named(source, error=f"The folder cannot be listed: {reason(error)}.")
            continue
        prefix = source if source.endswith(("/", os.sep)) else source + "/"
        waiting += [(path / name, prefix + shown(name), inner) for name, inner in reversed(entries)]


def _entries(folder: Path) -> list[tuple[str, bool]]:
    """What may hold mail: names in order, each with whether it is a folder."""
    files: list[str] = []
    folders: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if is_own_folder(entry):
                folders.append(entry.name)
            elif entry.is_file(follow_symlinks=False):
                files.append(entry.name)
    if folder.name in _MAILDIR:
        files = [name for name in files if name[0] != "."]
    else:
        files = [name for name in files if not passed_over(name)]
    is_maildir = "cur" in folders
    folders = [name for name in folders if name in _MAILDIR or belongs(folder, name, is_maildir)]
    return sorted([(name, False) for name in files] + [(name, True) for name in folders])


def _found(path: Path, source: str) -> Iterator[Named]:
    """The messages of a file below a folder; none where it is something else than mail."""
    ending = ending_of(path.name)
    try:
        in_maildir = path.parent.name in _MAILDIR
        mail = in_maildir or is_letter(path.name) or ending == ".gz" or holds_mbox(path)
    except OSError as error:
        yield _unreadable(source, error)
        return
    if ending in UNREAD and not in_maildir:
        yield Named(source, error=f"The file {unread(UNREAD[ending])}")
    elif mail:
        yield from _in_file(path, source)


def _in_file(path: Path, source: str) -> Iterator[Named]:
    try:
        with opened(path) as file:
            packed = ending_of(path.name) == ".gz"
            stream = cast(Stream, gzip.GzipFile(fileobj=file)) if packed else file
            beginning = stream.read(_BEGINNING)
            if is_mbox(beginning):
                yield from _letters(source, _Again(beginning, stream))
                return
            raw = beginning + stream.read(LARGEST - len(beginning) + 1)
    except OSError as error:
        yield _unreadable(source, error)
    except EOFError:
        yield Named(source, error="The file cannot be read: the file ends too early.")
    except zlib.error:
        yield Named(source, error="The file cannot be read: the file is damaged.")
    else:
        why = _no_message(raw)
        yield Named(source, error=why) if why else Named(source, raw)


def _unreadable(source: str, error: OSError) -> Named:
    return Named(source, error=f"The file cannot be read: {reason(error)}.")


def _no_message(raw: bytes) -> str | None:
    """Why these bytes are no message that can be read; None where they are one, however odd."""
    if not raw.strip():
        return "The file is empty."
    if len(raw) > LARGEST:
        return f"The file is larger than {LARGEST >> 20} MB."
    for beginning, kind in _NO_MAIL.items():
        if raw.startswith(beginning):
            return f"The file {unread(kind)}"
    # Broken mail has lost much, but not every header; what stands after a NUL is no text.
    if not _HEADER.search(raw[:_BEGINNING].partition(b"\0")[0]):
        return "The file holds no mail that can be read."
    return None


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
