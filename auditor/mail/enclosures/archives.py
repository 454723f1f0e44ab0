"""Archives: zip, tar, and single files squeezed by gzip, bzip2 or xz."""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from auditor.mail.enclosures.budget import Budget, Look, Refused, Spent
from auditor.mail.enclosures.look import inside
from auditor.mail.enclosures.names import bare, said_by
from auditor.mail.enclosures.zips import Zip
from auditor.mail.message import Risk

_CHUNK = 1 << 16
_SWELLS = 300


def zipped(archive: Zip, seen: Look, budget: Budget) -> None:
    """A zip archive that is no document: every file in it, within the bounds."""
    names = archive.names()
    locked = [name for name in names if archive.sealed(name)]
    if locked:
        seen.add(Risk.SEALED, "is an archive behind a password")
        seen.unread = "an archive behind a password"
    for name in names:
        shown = _shown(name)
        if archive.sealed(name):
            budget.member()
            _by_name(shown, seen)
            seen.say([f"{shown}\n"], budget)
        else:
            inside(shown, archive.read(name), seen, budget)


def _shown(name: str) -> str:
    return bare(name)[:200]


def _by_name(name: str, seen: Look) -> None:
    for fact in said_by(name, "unknown"):
        seen.add(fact.code, f"holds '{name}', which {fact.detail}")


def tar(data: bytes, _name: str, seen: Look, budget: Budget) -> None:
    """A tape archive: every plain file in it."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for member in archive:
            if not member.isfile():
                continue
            stream = archive.extractfile(member)
            if stream is not None and member.size <= len(data):
                budget.take(member.size)
                inside(_shown(member.name), stream.read(), seen, budget)


class _Opener(Protocol):
    @property
    def eof(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def squeezed(data: bytes, name: str, seen: Look, budget: Budget) -> None:
    """One file made small: what is in it is looked at under the name without the ending."""
    makers: dict[str, Callable[[], _Opener]] = {
        "gzip": _Gzip,
        "bzip2": bz2.BZ2Decompressor,
        "xz": lambda: lzma.LZMADecompressor(memlimit=1 << 27),
    }
    pieces, size = [], 0
    for piece in _pieces(makers[seen.kind](), data):
        size += len(piece)
        if size > 10_000_000 and size > _SWELLS * len(data):
            raise Refused(f"is built to swell: its {len(data):,} bytes would be more than {size:,}")
        budget.take(len(piece))
        pieces.append(piece)
    stem = _shown(name)
    inner = stem.rpartition(".")[0] if "." in stem else stem
    inside(f"{inner}.tar" if stem.endswith(".tgz") else inner, b"".join(pieces), seen, budget)


class _Gzip:
    """zlib's own way to say where it stopped, as the other two say it."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 16)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


def _pieces(opener: _Opener, data: bytes) -> Iterator[bytes]:
    at = 0
    while not opener.eof:
        fed = data[at : at + _CHUNK]
        at += len(fed)
        made = opener.decompress(fed, 1 << 20)
        if not made and not fed:
            if at == 0:
                raise Spent("it is cut short")
            return
        yield made
