"""The texts of an older Excel workbook (MS-XLS 2.5.293, 2.4.265)."""

from __future__ import annotations

import struct


def text(data: bytes, at: int, *, wide: bool = False) -> str:
    """A text at a place of a record; `wide` where its length takes two bytes."""
    length = struct.unpack_from("<H", data, at)[0] if wide else data[at]
    at += 2 if wide else 1
    if data[at] & 1:
        return data[at + 1 : at + 1 + 2 * length].decode("utf-16-le", "replace")
    return data[at + 1 : at + 1 + length].decode("latin-1")


def shared(pieces: list[bytes]) -> list[str]:
    """The texts that cells share: a record and those that go on with it, in which a text may be cut."""
    reader = _Reader(pieces)
    reader.take(4)
    count = struct.unpack("<I", reader.take(4))[0]
    found: list[str] = []
    while len(found) < count and not reader.done():
        found.append(reader.text())
    return found


class _Reader:
    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces
        self._n = 0
        self._at = 0

    def done(self) -> bool:
        while self._n < len(self._pieces) and self._at >= len(self._pieces[self._n]):
            self._n, self._at = self._n + 1, 0
        return self._n >= len(self._pieces)

    def take(self, size: int) -> bytes:
        out = b""
        while len(out) < size and not self.done():
            got = self._pieces[self._n][self._at : self._at + size - len(out)]
            self._at += len(got)
            out += got
        if len(out) < size:
            raise ValueError("the texts of the workbook are cut short")
        return out

    def text(self) -> str:
        length, flags = struct.unpack("<HB", self.take(3))
        runs = struct.unpack("<H", self.take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", self.take(4))[0] if flags & 4 else 0
        out: list[str] = []
        left = length
        while left > 0:
            if self._at >= len(self._pieces[self._n]):
                # A text that goes on in the next record says anew how wide its letters are.
                if self.done():
                    break
                flags = self.take(1)[0]
            width = 2 if flags & 1 else 1
            room = max(1, (len(self._pieces[self._n]) - self._at) // width)
            some = self.take(min(left, room) * width)
            out.append(some.decode("utf-16-le" if width == 2 else "latin-1", "replace"))
            left -= len(some) // width
        self._skip(4 * runs + extra)
        return "".join(out)

    def _skip(self, size: int) -> None:
        while size > 0 and not self.done():
            step = min(size, len(self._pieces[self._n]) - self._at)
            self._at += step
            size -= step
