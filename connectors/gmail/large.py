"""A large message in Gmail's JSON, taken out of it piece by piece: neither the JSON nor the message is ever held whole."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from auditor.spool import PIECE, Spool, Spooled

_RAW = re.compile(rb'(?<!\\)"raw"\s*:\s*"')
_BEGINNING = 256 * 1024
"""Bytes within which the message begins: what stands before it is short."""
_LINE = PIECE // 4 * 4
"""Letters decoded at a time; four stand for three bytes."""


def parted(whole: Spooled, spool: Spool) -> tuple[bytes, Spooled | None]:
    """The JSON without its `raw`, and what `raw` stands for; all of the JSON and None where there is no telling.

    `whole` is removed.
    """
    try:
        with Path(whole.path).open("rb") as file:
            found = _RAW.search(file.read(_BEGINNING))
            if not found:
                file.seek(0)
                return file.read(), None
            file.seek(found.end())
            try:
                raw = spool.keep(_decoded(file))
            except (binascii.Error, ValueError):
                file.seek(0)
                return file.read(), None
            rest = file.read()
            file.seek(0)
            return file.read(found.end()) + b'"' + rest, raw
    finally:
        whole.discard()


def _decoded(file: BinaryIO) -> Iterator[bytes]:
    """What the base64url up to the next quotation mark stands for; the file stands behind the mark then.

    Raises ValueError where it is none.
    """
    left = b""
    while True:
        piece = file.read(_LINE)
        end = piece.find(b'"')
        if end >= 0:
            file.seek(end + 1 - len(piece), 1)
            left += piece[:end]
            yield base64.b64decode(left + b"=" * (-len(left) % 4), altchars=b"-_", validate=True)
            return
        if not piece:
            raise ValueError("no end")
        left += piece
        ready = len(left) // 4 * 4
        yield base64.b64decode(left[:ready], altchars=b"-_", validate=True)
        left = left[ready:]
