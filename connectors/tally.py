"""How many messages of a mailbox are accounted for, as a night goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from auditor.errors import LostSource
from auditor.pipeline.source import Vanished
from auditor.store.interface import Held
from connectors.seen import Seen

EVERY = timedelta(days=7)
"""How often every id is listed."""

Stamps = Mapping[str, str | None]
"""What is held of some ids, see `Held.stamps`. The store may be some pages behind: what was counted tonight is known here."""


class Tally:
    """Counts every id once, whatever is said of it how often. What was said to be gone tonight is not said to be there
    again before tomorrow: the store hears both at once."""

    def __init__(self, held: Held) -> None:
        self.known = sum(1 for _ in held.ids())
        """Ids accounted for."""
        self.gaps = frozenset(held.gaps())
        """Those with an open gap when the night began."""
        self.tonight = Seen()
        """Those that were looked at tonight."""
        self.gone = Seen()

    def has(self, id_: str, stamps: Stamps) -> bool:
        """Whether it is accounted for."""
        return (id_ in stamps or id_ in self.tonight) and id_ not in self.gone

    def account(self, id_: str, stamps: Stamps) -> None:
        """It is accounted for from now on. Not for what is gone."""
        if id_ not in stamps and id_ not in self.tonight:
            self.known += 1
        self.tonight.add(id_)

    def lose(self, id_: str, stamps: Stamps) -> list[Vanished]:
        """It is gone: what there is to say of that."""
        if not self.has(id_, stamps):
            return []
        self.gone.add(id_)
        self.known -= 1
        return [Vanished(id_)]


def suddenly_empty(mailbox: str) -> LostSource:
    """No mailbox is emptied between two nights without somebody knowing why."""
    return LostSource(
        f"{mailbox} is suddenly empty, where messages were held: nothing is taken as deleted; look into the mailbox, and "
        "whether it was moved or restored."
    )
