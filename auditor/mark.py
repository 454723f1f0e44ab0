"""The mark on mail that the auditor itself sends: it is collected and searched, and never audited as somebody's.

The header says a name that the auditor gave the message, and an HMAC over that name, the sender, the recipients and the
subject, under a key that only the store has. The name is the message's Message-ID when it leaves; it stands in the header
as well because a provider may give the message another. Whoever copies the header cannot use it for other words to
others, nor in another person's name.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

HEADER = "X-Council-Auditor"


def mark(key: bytes, name: str, sender: str, recipients: Iterable[str], subject: str) -> str:
    """The header's value; `name` is a Message-ID without its brackets."""
    return f"{_digest(key, name, sender, recipients, subject)} {name}"


def genuine(said: str, key: bytes, sender: str, recipients: Iterable[str], subject: str) -> bool:
    """Whether a header's value is one that `mark` made for this message. Never without a key."""
    found, _, name = said.strip().partition(" ")
    made = _digest(key, name.strip(), sender, recipients, subject)
    return bool(key) and hmac.compare_digest(made.encode(), found.encode("utf-8", "replace"))


def _digest(key: bytes, name: str, sender: str, recipients: Iterable[str], subject: str) -> str:
    to = sorted({one.lower() for one in recipients})
    words = "\0".join([name, sender.lower(), *to, " ".join(subject.split())])
    return hmac.digest(key, words.encode("utf-8", "replace"), "sha256").hex()
