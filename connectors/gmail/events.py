"""What happened in a mailbox since a moment, as Gmail's history tells it.

https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.history/list
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.said import rows

MANY = 50_000
"""Messages that something happened to. Where it is more, listing everything costs less, and so does holding it."""


class Event:
    """What happened last to a message."""

    __slots__ = ("gone", "labels")

    def __init__(self) -> None:
        self.gone = False
        self.labels: frozenset[str] | None = None
        """Those it had then; None where that is not said."""


class Events:
    """What happened last to each message of a history."""

    def __init__(self) -> None:
        self.last: dict[str, Event] = {}
        self.upto = ""
        """The history id of the first page: what happened later is told again."""

    @property
    def many(self) -> bool:
        """Whether there are more than it is worth looking at."""
        return len(self.last) > MANY

    def add(self, said: Mapping[str, Any]) -> None:
        """A page as Gmail gives it."""
        self.upto = self.upto or str(said["historyId"])
        for record in rows(said, "history"):
            for kind in ("messagesAdded", "labelsAdded", "labelsRemoved", "messagesDeleted"):
                for change in rows(record, kind):
                    self._note(change.get("message"), gone=kind == "messagesDeleted")

    def _note(self, message: object, *, gone: bool) -> None:
        id_ = message.get("id") if isinstance(message, dict) else None
        if not isinstance(message, dict) or not isinstance(id_, str) or not id_:
            return
        event = self.last.setdefault(id_, Event())
        labels = message.get("labelIds")
        event.gone = gone
        event.labels = frozenset(map(str, labels)) if isinstance(labels, list) else None
