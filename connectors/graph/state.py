"""Where the last night ended: the cursor of a mailbox, as text."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date

_VERSION = 1


@dataclass(slots=True)
class State:
    """What is known of a mailbox from one night to the next."""

    choice: str
    """The folders that were chosen: another choice begins anew."""
    links: dict[str, str] = field(default_factory=dict)
    """By folder: Graph's link to what comes next, in the middle of a listing or after it."""
    places: dict[str, str] = field(default_factory=dict)
    """By folder: a mark of where it was and what it was called, when its messages were listed last."""
    due: date | None = None
    """When every id is next listed; None for tonight."""
    skew: int | None = None
    """By how many there were more accounted for than Graph counted in the chosen folders, when every id was listed last."""

    def dumped(self) -> str:
        """As a cursor."""
        due = self.due.isoformat() if self.due else None
        said = {"v": _VERSION, "choice": self.choice, "due": due, "skew": self.skew}
        return json.dumps(said | {"links": self.links, "places": self.places}, separators=(",", ":"))


def loaded(cursor: str | None, choice: str) -> State | None:
    """A cursor read again; None where there is none, or none of this choice of folders."""
    try:
        said = json.loads(cursor or "null")
        if said["v"] != _VERSION or said["choice"] != choice:
            return None
        links = {str(one): str(link) for one, link in said["links"].items()}
        places = {str(one): str(place) for one, place in said["places"].items()}
        due = date.fromisoformat(said["due"]) if said["due"] else None
        return State(choice, links, places, due, said["skew"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
