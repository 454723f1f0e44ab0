"""mbox files, message by message, in memory that does not grow with the file.

A separator is a `From ` line at the start of the file or after a blank line that reads as one (RFC 4155): an
address or stand-in, then a date. So 'From the desk of …' in a body separates nothing. Where the file's first
line carries no such date, a separator is `From `, one word, anything, and a header on the line below.

The evidence is the message as its sender's system stored it: between the separator's end and the blank line
before the next one, with one `>` taken off lines that begin `>From `, `>>From ` … (mboxrd; right for mboxo too,
save that a body line that began `>From ` itself loses its mark). Content-Length is not trusted, as its variants
contradict each other.

A message's identity is the SHA-256 of its bytes without the headers that mailbox programs rewrite where a
message is read, flagged or labelled, and its occurrence: the same export again, in any order, adds nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Protocol

from auditor.values import Value

LARGEST = 200 * 1024 * 1024
"""Bytes of a message that is read whole; a larger one is hashed and reported."""

_BLOCK = 1024 * 1024
_LONGEST_SEPARATOR = 2048

_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATED = re.compile(
    rb'From (?:[^\s"]{1,500}|"[^"\r\n]{0,300}"[^\s"]{0,300})? *(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +'
    rb"(?:" + _MONTH + rb" +\d{1,2}|\d{1,2} +" + _MONTH + rb")\b[^\r\n]{0,200}\r?\n"
)
_UNDATED = re.compile(rb"From [^\s]{1,500}(?: [^\r\n]{0,500})?\r?\n(?=>?[!-9;-~]{1,200}:|From )")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_KEPT_BY_PROGRAMS = re.compile(
    rb"\n(?:Status|X-Status|X-UID|X-IMAP|X-IMAPbase|X-Keywords|X-Mozilla-Status2?|X-Mozilla-Keys|X-GM-THRID"
    rb"|X-Gmail-Labels):[^\n]*(?:\n[ \t][^\n]*)*"
)
_LABELS = re.compile(rb"\nX-Gmail-Labels:([^\n]*(?:\n[ \t][^\n]*)*)")


class Stream(Protocol):
    """A file opened for reading bytes."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


class NoMbox(ValueError):
    """The file begins with something else than a separator."""


class Letter(Value, frozen=True):
    """One message of an mbox."""

    raw: bytes
    """Empty when it is larger than `LARGEST`."""
    key: str
    """Hex SHA-256 of what does not change when the message is read, flagged or labelled."""
    size: int
    labels: bytes | None = None
    """The value of X-Gmail-Labels, folded; None without one."""


def is_mbox(beginning: bytes) -> bool:
    """Whether a file that begins so is an mbox."""
    return any(pattern.match(beginning) for pattern in (_DATED, _UNDATED))


def letters(file: Stream) -> Iterator[Letter]:
    """The messages from the file's present position on; none when that is its end.

    Raises:
        NoMbox: there is no separator there.
    """
    buffer = file.read(_BLOCK)
    if not buffer:
        return
    pattern = next((p for p in (_DATED, _UNDATED) if p.match(buffer)), None)
    if pattern is None:
        raise NoMbox
    start = scanned = _line_end(buffer, 0)
    ended = False
    while True:
        at = _separator(buffer, scanned, pattern, start, ended)
        if at is not None:
            yield _letter(buffer[start:at])
            start = scanned = _line_end(buffer, at)
        elif ended:
            yield _letter(buffer[start:])
            return
        elif len(buffer) - start > LARGEST:
            large, buffer, ended = _oversized(file, buffer[start:], pattern)
            yield large
            if not buffer:
                return
            start = scanned = _line_end(buffer, 0)
        else:
            buffer, start = buffer[start:], 0
            scanned = max(0, len(buffer) - _LONGEST_SEPARATOR)
            # As much again as is waiting: a message of any size is copied a constant number of times.
            more = file.read(min(max(_BLOCK, len(buffer)), LARGEST + _BLOCK - len(buffer)))
            buffer, ended = buffer + more, not more


def _separator(buffer: bytes, begin: int, pattern: re.Pattern[bytes], start: int, ended: bool) -> int | None:
    """Where the next separator of the message that starts at `start` is, from `begin` on.

    A line so near the end that it may not be whole waits for more to be read.
    """
    at = buffer.find(b"\nFrom ", begin)
    while at >= 0:
        if not ended and at + _LONGEST_SEPARATOR > len(buffer):
            return None
        if _blank_before(buffer, at, start) and pattern.match(buffer, at + 1):
            return at + 1
        at = buffer.find(b"\nFrom ", at + 1)
    return None


def _blank_before(buffer: bytes, at: int, start: int) -> bool:
    """Whether the line that the newline at `at` ends is blank."""
    if at > start and buffer[at - 1] == 13:
        at -= 1
    return at == start or buffer[at - 1] == 10


def _line_end(buffer: bytes, at: int) -> int:
    return buffer.index(b"\n", at) + 1


def _letter(stored: bytes) -> Letter:
    raw = _without_blank(stored)
    if b">From " in raw:
        raw = _QUOTED.sub(rb"\1", raw)
    header = b"\n" + raw[: _header_end(raw)]
    labels = _LABELS.search(header) if b"X-Gmail-Labels:" in header else None
    return Letter(raw, _key(raw, header).hexdigest(), len(raw), labels[1] if labels else None)


def _key(raw: bytes, header: bytes) -> hashlib._Hash:
    """The hash of `raw` without what mailbox programs write; `header` is its header after a newline."""
    if not _KEPT_BY_PROGRAMS.search(header):
        return hashlib.sha256(raw)
    digest = hashlib.sha256(_KEPT_BY_PROGRAMS.sub(b"", header)[1:])
    digest.update(memoryview(raw)[len(header) - 1 :])
    return digest


def _header_end(raw: bytes) -> int:
    """Just before the newline of the blank line that ends the header."""
    plain = raw.find(b"\n\n")
    dos = raw.find(b"\n\r\n", 0, plain + 1 if plain >= 0 else len(raw))
    ends = [end for end in (plain, dos) if end >= 0]
    return min(ends) if ends else len(raw)


def _without_blank(stored: bytes) -> bytes:
    """Without the one blank line that the format puts after each message."""
    for blank in (b"\r\n", b"\n"):
        if stored == blank or stored.endswith(b"\n" + blank):
            return stored[: -len(blank)]
    return stored


def _oversized(file: Stream, buffer: bytes, pattern: re.Pattern[bytes]) -> tuple[Letter, bytes, bool]:
    """A message beyond `LARGEST`, hashed as it passes; what follows it, and whether the file has ended."""
    header = b"\n" + buffer[: _header_end(buffer)]
    digest = _key(buffer[:-_LONGEST_SEPARATOR], header)
    size = len(buffer) - _LONGEST_SEPARATOR
    buffer = buffer[-_LONGEST_SEPARATOR:]
    while True:
        more = file.read(_BLOCK)
        buffer += more
        at = _separator(buffer, 2, pattern, -1, not more)
        if at is not None or not more:
            last = _without_blank(buffer[:at])
            digest.update(last)
            return Letter(b"", digest.hexdigest(), size + len(last)), buffer[at:] if at else b"", not more
        cut = len(buffer) - _LONGEST_SEPARATOR
        digest.update(buffer[:cut])
        size, buffer = size + cut, buffer[cut:]
