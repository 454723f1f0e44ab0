"""Gmail's labels as folders: where a message lies as a person sees it.

https://developers.google.com/workspace/gmail/api/guides/labels
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

from connectors.folders import Place

SENT, INBOX, BIN, SPAM, DRAFT, CHAT = "SENT", "INBOX", "TRASH", "SPAM", "DRAFT", "CHAT"

_NAMES = {BIN: "deleted", SPAM: "junk", DRAFT: "drafts", CHAT: "chat", SENT: "sent", INBOX: "inbox"}
"""In the order in which they are named; the first two overrule the rest."""
FOLDERS = (SENT, INBOX, BIN, SPAM)
"""Gmail's own labels that say where a message lies."""
_STATES = frozenset({"UNREAD", "STARRED", "IMPORTANT"})


def lies(labels: Collection[str], names: Mapping[str, str]) -> Place:
    """Where a message with these labels lies; `names` are the labels' names by id."""
    system = [name for label, name in _NAMES.items() if label in labels]
    own = sorted(names.get(label, label) for label in labels if label not in _NAMES and not _state(label))
    if not system:
        system = ["archive"]
    if system[0] in ("deleted", "junk", "drafts", "chat"):
        return Place((*system, *own), frozenset(system[:1]))
    return Place((*system, *own), frozenset(system))


def stamp(where: Place) -> str:
    """Changes when a message lies elsewhere, or a label of its is renamed; its bytes never change."""
    return hashlib.blake2b("\0".join(sorted(where.names)).encode(), digest_size=6).hexdigest()


def tells_where(label: str) -> bool:
    """Whether a label says where a message lies, and not how it was handled."""
    return not _state(label)


def _state(label: str) -> bool:
    """Whether a label says how a message is handled, not where it lies."""
    return label in _STATES or label.startswith("CATEGORY_")
