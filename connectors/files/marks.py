"""The cursor of a mailbox of files: what every folder and mbox looked like when it was last read to its end."""

from __future__ import annotations

import json
from collections.abc import Mapping

from auditor.values import Value

VERSION = 1


class FolderMark(Value, frozen=True):
    """A folder of message files as it was."""

    token: str
    """Made from the listing; empty when it did not hold still, so that it matches nothing."""
    count: int
    """Messages in it; 0 for a folder that was not chosen and is only followed."""


class MboxMark(Value, frozen=True):
    """An mbox as it was."""

    size: int
    changed: int
    """mtime in nanoseconds; 0 when the file was too young for it to be trusted."""
    edges: str
    """Hash of its first and last bytes: what is appended later may be read alone. Empty when it may not."""
    count: int


class Marks(Value, frozen=True):
    """Everything remembered from one night to the next, beside the messages themselves."""

    choice: tuple[str, ...]
    """The folders that were chosen, sorted: with others, nothing of this holds."""
    folders: Mapping[str, FolderMark] = {}
    mboxes: Mapping[str, MboxMark] = {}
    aside: int = 0
    """Held messages of folders that are now outside the choice, still there."""
    mbox_aside: int = 0
    """The same, of mboxes."""
    due: bool = False
    """What has gone could not be told last time and is to be told the next."""

    @property
    def count(self) -> int:
        """What the mailbox holds."""
        kept = sum(mark.count for mark in self.folders.values()) + sum(mark.count for mark in self.mboxes.values())
        return kept + self.aside + self.mbox_aside

    def dumped(self) -> str:
        """As one line of JSON."""
        return json.dumps(
            {
                "v": VERSION,
                "choice": self.choice,
                "folders": {path: (mark.token, mark.count) for path, mark in self.folders.items()},
                "mboxes": {
                    path: (mark.size, mark.changed, mark.edges, mark.count) for path, mark in self.mboxes.items()
                },
                "aside": (self.aside, self.mbox_aside),
                "due": self.due,
            },
            separators=(",", ":"),
        )


def loaded(cursor: str | None, choice: tuple[str, ...]) -> Marks | None:
    """The marks in a cursor; None when there are none, or they were made under another choice or version.

    Nothing is lost by None: the mailbox is listed again and what is held already is known by its id.
    """
    try:
        document = json.loads(cursor or "{}")
        if document["v"] != VERSION or tuple(document["choice"]) != choice:
            return None
        aside, mbox_aside = document["aside"]
        return Marks(
            choice,
            {path: FolderMark(*mark) for path, mark in document["folders"].items()},
            {path: MboxMark(*mark) for path, mark in document["mboxes"].items()},
            aside,
            mbox_aside,
            document["due"],
        )
    except (ValueError, KeyError, TypeError):
        return None
