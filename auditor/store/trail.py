"""The audit trail: who did what and when, each entry bound to the one before it.

The hash of an entry is SHA-256 over the previous entry's hash and its own words; with `[audit] key` it is an HMAC, which
nobody makes without the key. A changed, moved or missing entry breaks every hash after it. What is cut off the end breaks
none, so the head (how many entries, and the last hash) is noted in other places as well: beside the store, in every
backup and in every weekly workbook.

Entries say nothing of what mail says: names of people are those of whoever used the program.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from auditor.values import Value

GENESIS = bytes(32)
"""What stands for the entry before the first."""


class Deed(StrEnum):
    """What was done."""

    RUN = "run"
    REPORTED = "reported"
    SEARCHED = "searched"
    LOOKED = "looked"
    EXPORTED = "exported"
    DECIDED = "decided"
    CONFIGURED = "configured"
    HELD = "held"
    LIFTED = "lifted"
    PURGED = "purged"
    BACKED_UP = "backed up"
    RESTORED = "restored"
    VERIFIED = "verified"
    REPLAYED = "replayed"
    ENCRYPTED = "encrypted"
    NOTIFIED = "notified"
    DELIVERED = "delivered"


class Entry(Value, frozen=True):
    """One line of the trail."""

    number: int
    """From 1, without a gap."""
    at: datetime
    who: str
    """The user of the computer, and the computer."""
    deed: str
    about: str
    """A JSON object: figures, days, names of files; never words of a message."""
    keyed: bool
    """Whether `hash` was made with the key."""
    hash: str
    """64 hexadecimal digits."""

    @property
    def said(self) -> dict[str, object]:
        """`about`, read."""
        said: dict[str, object] = json.loads(self.about)
        return said


class Head(Value, frozen=True):
    """How long a trail is, and its last hash."""

    length: int = 0
    hash: str = GENESIS.hex()

    def __str__(self) -> str:
        return f"{self.length}:{self.hash}"


NOTHING_YET = Head()
"""The head of an empty trail."""


class Proof(Value, frozen=True):
    """What proving a trail came to."""

    head: Head
    altered: int | None = None
    """The number of the first entry that is not as it was written; None when all are."""
    missing: int = 0
    """How many entries at the end are known to have stood there and do not."""
    unproved: int = 0
    """How many entries could not be proved, because the key is not given."""
    unkeyed: int = 0
    """How many stand from before there was a key: they are bound, but anybody could have bound them."""

    @property
    def whole(self) -> bool:
        """Whether nothing is altered and nothing is missing."""
        return self.altered is None and not self.missing


def written(about: Mapping[str, object]) -> str:
    """`about` as it stands in the trail: one spelling for one meaning."""
    return json.dumps(about, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def bound(previous: bytes, number: int, at: int, who: str, deed: str, about: str, key: bytes | None) -> bytes:
    """The hash of an entry (32 bytes); `at` in microseconds since 1970."""
    words = json.dumps([number, at, who, deed, about, key is not None], ensure_ascii=True, separators=(",", ":"))
    line = previous + words.encode()
    return hmac.digest(key, line, "sha256") if key is not None else hashlib.sha256(line).digest()


def prove(entries: Iterable[tuple[Entry, int]], heads: Iterable[Head], key: bytes | None) -> Proof:
    """Goes through a whole trail.

    Args:
        entries: each with its moment in microseconds, from the first to the last.
        heads: what other places say the trail was at some time.
        key: that of `[audit] key`.
    """
    claimed: dict[int, set[str]] = {}
    for head in heads:
        claimed.setdefault(head.length, set()).add(head.hash)
    longest = max(claimed, default=0)
    previous, number, altered, unproved, unkeyed = GENESIS, 0, None, 0, 0
    for number, (entry, at) in enumerate(entries, 1):
        found = bytes.fromhex(entry.hash)
        sound = entry.number == number and claimed.get(number, {entry.hash}) == {entry.hash}
        if entry.keyed and key is None:
            unproved += 1
        else:
            made = bound(previous, number, at, entry.who, entry.deed, entry.about, key if entry.keyed else None)
            sound = sound and hmac.compare_digest(made, found)
        # Once there is a key every entry is made with it: an unkeyed one after a keyed one is nobody's but a forger's.
        sound = sound and (entry.keyed or unkeyed == number - 1)
        unkeyed += not entry.keyed
        if not sound and altered is None:
            altered = number
        previous = found
    return Proof(Head(number, previous.hex()), altered, max(0, longest - number), unproved, unkeyed if key else 0)
