"""A zip archive or a package in one, opened within bounds."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from auditor.mail.enclosures.budget import Budget, Refused, Spent

_END = b"PK\x05\x06"
_DIRECTORY = 4_000_000
"""Bytes of the list of contents: some forty thousand files."""
_CHUNK = 1 << 16
_MARKUP = 2
"""How many times a byte of XML counts."""
_SWELLS = 200
"""How many times its size something may swell before it is a trap; so do only blanks, and they are short."""
_LARGE = 200_000_000
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})


class Zip:
    """The files in a zip archive."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        """Reads the list of contents. Raises `Refused`, `Spent` or what zipfile raises on a damaged one."""
        at = data.rfind(_END, max(0, len(data) - 65_557))
        if at >= 0 and struct.unpack_from("<I", data, at + 12)[0] > _DIRECTORY:
            raise Spent("its list of contents is too long")
        self._budget = budget
        self._file = zipfile.ZipFile(io.BytesIO(data))
        self.members = {info.filename: info for info in self._file.infolist() if not info.is_dir()}
        total = sum(info.file_size for info in self.members.values())
        if total > _LARGE and total > _SWELLS * len(data):
            raise Refused(f"is built to swell: unpacked, its {len(data):,} bytes would be {total:,}")

    def names(self) -> list[str]:
        """What it holds, in order."""
        return list(self.members)

    def sealed(self, name: str) -> bool:
        """Whether a password stands before it."""
        return bool(self.members[name].flag_bits & 1)

    def markup(self, name: str) -> Iterator[bytes]:
        """One file that is XML, piece by piece; it takes long to read, and counts for more."""
        return self._pieces(name, _MARKUP)

    def _pieces(self, name: str, weight: int = 1) -> Iterator[bytes]:
        """Raises `Spent`, and `BadZipFile` when it is damaged."""
        info = self.members[name]
        if info.compress_type not in _METHODS or self.sealed(name):
            return
        try:
            with self._file.open(info) as stream:
                while piece := stream.read(_CHUNK):
                    self._budget.take(weight * len(piece))
                    yield piece
        except (zlib.error, EOFError) as wrong:
            raise zipfile.BadZipFile(str(wrong)) from wrong

    def read(self, name: str, most: int = 1 << 62) -> bytes:
        """One file, or its first `most` bytes. Raises `Spent`, and `BadZipFile` when it is damaged."""
        pieces, size = [], 0
        for piece in self._pieces(name):
            pieces.append(piece)
            size += len(piece)
            if size >= most:
                break
        return b"".join(pieces)[:most]
