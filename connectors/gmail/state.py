"""Where the last night ended: the cursor of a mailbox, as text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

_VERSION = 1


@dataclass(slots=True)
class State:
    """What is known of a mailbox from one night to the next."""

    choice: str
    """The folders that were chosen: another choice begins anew."""
    history: str = ""
    """Gmail's history id: what happened since is told; empty where everything is to be listed."""
    due: date | None = None
    """When every id is next listed; None while that has not been done to its end."""
    skew: int | None = None
    """By how many there were more accounted for than Gmail counted, when every id was listed last."""

    def dumped(self) -> str:
        """As a cursor."""
        due = self.due.isoformat() if self.due else None
        said = {"v": _VERSION, "choice": self.choice, "history": self.history, "due": due, "skew": self.skew}
        return json.dumps(said, separators=(",", ":"))


def loaded(cursor: str | None, choice: str) -> State | None:
    """A cursor read again; None where there is none, or none of this choice of folders."""
    try:
        said = json.loads(cursor or "null")
        if said["v"] != _VERSION or said["choice"] != choice:
            return None
        due = date.fromisoformat(said["due"]) if said["due"] else None
        return State(choice, str(said["history"]), due, said["skew"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
