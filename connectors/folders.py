"""Which folder a message lies in, as a person sees it, and whether the council chose that folder.

Mail programs name the same folder differently: Outlook 'Sent Items', Gmail '[Gmail]/Sent Mail', Thunderbird 'Sent',
Dovecot '.Sent'. A name is known by its words alone, whatever its case, dashes and underscores.
"""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header

from auditor.values import Value

_NAMES = {
    "sent": ("sent", "sent items", "sent mail", "sent messages", "sent objects"),
    "inbox": ("inbox",),
    "deleted": (
        "deleted",
        "deleted items",
        "deleted messages",
        "trash",
        "bin",
        "wastebasket",
        "recoverable items",
        "deletions",
        "purges",
    ),
    "archive": ("archive", "archives", "archived", "all mail"),
    "junk": ("junk", "junk e mail", "junk email", "junk mail", "spam", "bulk mail"),
    "drafts": ("draft", "drafts"),
    "outbox": ("outbox", "unsent messages"),
}
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names}
_OVERRULING = ("deleted", "junk", "drafts", "outbox")
"""What lies anywhere below one of these is binned, junk or unsent, whatever the folder inside is called."""
_UNSENT = frozenset({"drafts", "outbox"})
_STATES = frozenset({"opened", "unread", "important", "starred"})
"""Gmail labels that say how a message was handled, not where it lies."""

_GAPS = re.compile(r"[\s_-]+")
_CONTAINER = re.compile(r"\.(?:mbox|mbx|sbd)(?:\.gz)?$", re.IGNORECASE)
_TAKEOUT = re.compile(r"^all mail including spam and (?:trash|bin)\b", re.IGNORECASE)


class Place(Value, frozen=True):
    """Where a message lies."""

    names: tuple[str, ...]
    """For `Fetched.folders`; empty where the layout names no folder."""
    kinds: frozenset[str]
    """The well-known folders it counts as; empty for a folder of the person's own."""
    anywhere: bool = False
    """No folder is named, so the message belongs to every chosen folder."""


NOWHERE = Place((), frozenset(), anywhere=True)


def place(path: tuple[str, ...]) -> Place:
    """The place that a path of folder names, outermost first, stands for."""
    shown = tuple(_CONTAINER.sub("", part) for part in path if part.casefold() != "[gmail]")
    if not shown or _TAKEOUT.match(shown[-1]):
        return NOWHERE
    found = [kind for part in shown if (kind := kind_of(part))]
    kind = next((kind for kind in found if kind in _OVERRULING), found[-1] if found else None)
    if kind is None:
        return Place(("/".join(shown),), frozenset())
    own_name = kind_of(shown[-1]) != kind
    return Place((kind, "/".join(shown)) if own_name else (kind,), frozenset({kind}))


def labelled(header: bytes) -> Place:
    """The place that a Takeout message's X-Gmail-Labels stand for; `header` is the folded value."""
    names: list[str] = []
    for label in _decoded(header).split(","):
        plain = label.strip().strip('"')
        if plain and plain.casefold() not in _STATES and not plain.casefold().startswith("category "):
            names.append(kind_of(plain) or plain)
    return Place(tuple(dict.fromkeys(names)), frozenset(name for name in names if name in _NAMES))


def kind_of(name: str) -> str | None:
    """sent, inbox, deleted, archive, junk, drafts or outbox; None for any other folder."""
    return _KINDS.get(_GAPS.sub(" ", name).strip(" .").casefold())


class Choice(Value, frozen=True):
    """The folders the council chose: sent, inbox, deleted, archive, or all."""

    folders: frozenset[str]

    @property
    def spelled(self) -> str:
        """As text: for a cursor, which holds for the same choice only."""
        return ",".join(sorted(self.folders))

    def takes(self, where: Place) -> bool:
        """`all` is everything but drafts and the outbox."""
        if where.anywhere:
            return True
        if "all" in self.folders:
            return not where.kinds & _UNSENT
        return bool(where.kinds & self.folders)

    def names(self, where: Place) -> tuple[str, ...]:
        """The folder names to record. Mail in no folder is in the one chosen, where there is but one."""
        if where.anywhere and len(self.folders) == 1 and "all" not in self.folders:
            return tuple(self.folders)
        return where.names


def _decoded(header: bytes) -> str:
    text = _GAPS_AT_FOLDS.sub(" ", header.decode("utf-8", "replace")).strip()
    if "=?" not in text:
        return text
    try:
        return "".join(
            part.decode(charset or "utf-8", "replace") if isinstance(part, bytes) else part
            for part, charset in decode_header(text)
        )
    except (HeaderParseError, LookupError, ValueError):
        return text


_GAPS_AT_FOLDS = re.compile(r"\r?\n[ \t]+")
