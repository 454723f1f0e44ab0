"""The single gateway for text: nothing that SQLite cannot hold gets past, and what was mended is known.

Ids, stamps and cursors are a source's own words, compared and handed back: kept exactly, as bytes. All other text is
for people and is mended. The provider's bytes are never touched.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from auditor.store.sqlite.database import Database

MENDED = "characters"
"""The defect code of a message some of whose text had to be mended."""


def clean(text: str) -> str:
    """`text` without NUL and lone surrogates; U+FFFD stands where they stood."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= mark <= "\udfff" else mark for mark in text)
    return text


def clean_all(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Each of `texts` mended; itself where nothing had to be."""
    # One look at all of them: nearly all mail is sound, and this is done for every message.
    whole = "".join(texts)
    if whole.isascii() and "\0" not in whole:
        return texts
    return tuple(map(clean, texts))


def exact(opaque: str) -> bytes:
    """An id, stamp or cursor as bytes: any string, and in the same order as the strings."""
    return opaque.encode("utf-8", "surrogatepass")


def opaque(stored: bytes) -> str:
    """The string that `exact` was given."""
    return stored.decode("utf-8", "surrogatepass")


def listed(numbers: Iterable[int]) -> str:
    """Numbers as the JSON that `json_each` takes."""
    return json.dumps(list(numbers))


class Hashes:
    """64-bit keyed hashes of ids: the key is this store's own, so nobody outside can make two ids meet."""

    def __init__(self, database: Database) -> None:
        salt = database.value("SELECT value FROM settings WHERE name = 'salt'")
        self._salted = hashlib.blake2b(digest_size=8, key=salt)

    def __call__(self, data: bytes) -> int:
        """The hash, a signed 64-bit number."""
        state = self._salted.copy()
        state.update(data)
        return int.from_bytes(state.digest(), "big", signed=True)

    def message_id(self, text: str) -> int:
        """Of a Message-ID; 0 when there is none."""
        return self(clean(text).encode()) if text else 0


def evidence_key(sha256: bytes | bytearray) -> int:
    """The first eight bytes of a hash as a number."""
    return int.from_bytes(sha256[:8], "big", signed=True)
