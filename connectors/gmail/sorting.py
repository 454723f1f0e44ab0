"""What becomes of each message that a listing or a history tells of: fetched, relabelled, gone, or left as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from auditor.pipeline.source import Entry, Fetched, Moved, Page, Unfetched
from auditor.store.interface import Held
from auditor.store.records import Beside
from connectors.folders import Choice, Place
from connectors.gmail.events import Event
from connectors.gmail.labels import BIN, DRAFT, lies, stamp
from connectors.gmail.line import Line, Raw, Refused
from connectors.paging import Paging, by
from connectors.seen import Seen
from connectors.tally import Stamps, Tally

SOME = 500
"""Messages looked at together."""
FEW = 20
"""So many messages are fetched one by one, whatever their size."""
OLDER = "older"
"""The stamp of what was passed over unread: its labels are not known."""


class Sorting:
    """For one night.

    Args:
        names: of labels, by id.
    """

    def __init__(self, line: Line, choice: Choice, held: Held, names: Mapping[str, str], out: Paging) -> None:
        self._line = line
        self._choice = choice
        self._held = held
        self._names = names
        self._out = out
        self._large: Seen | None = None
        self._sizes_told = True
        """Whether Gmail answers a search for large messages."""
        """Ids of what is too large for a batch; None until it has been asked for."""
        self._moved = Seen()
        """Ids with the stamps of which it has been said tonight."""
        self.tally = Tally(held)

    def happened(self, events: Mapping[str, Event]) -> Iterator[Page]:
        """What becomes of messages that something happened to."""
        for some in by(SOME, events):
            yield from self._happened({id_: events[id_] for id_ in some})

    def _happened(self, events: Mapping[str, Event]) -> Iterator[Page]:
        stamps = self._held.stamps(list(events))
        told = {
            id_: None if one.gone else one.labels for id_, one in events.items() if one.gone or one.labels is not None
        }
        now = told | self._line.labels_of([id_ for id_ in events if id_ not in told])
        wanted: list[str] = []
        for id_ in events:
            held = stamps.get(id_) is not None or id_ in self.tally.tonight
            if id_ not in now:
                wanted += [] if held else [id_]  # what it is, or a gap
            elif (labels := now[id_]) is None:
                yield from self._out.add(self.tally.lose(id_, stamps))
            elif held:
                yield from self._out.add(self.relabelled(id_, labels, stamps))
            elif self._wanted(lies(labels, self._names)):
                wanted.append(id_)
        yield from self.fetch(wanted, stamps)

    def relabelled(self, id_: str, labels: frozenset[str], stamps: Stamps) -> Sequence[Entry]:
        """What is accounted for and has these labels now. In the bin it is gone, unless that was chosen."""
        where = lies(labels, self._names)
        now = stamp(where)
        if id_ in self.tally.gone:
            return []
        if DRAFT in labels or (BIN in labels and not self._choice.takes(where)):
            return self.tally.lose(id_, stamps)
        self.tally.tonight.add(id_)
        if stamps.get(id_) in (now, None, OLDER) or not self._moved.add(f"{id_} {now}"):
            return []
        return [Moved(id_, id_, where.names, now)]

    def fetch(self, ids: Sequence[str], stamps: Stamps) -> Iterator[Page]:
        """Messages that are not held: the small ones several at a time."""
        ids = [id_ for id_ in ids if id_ not in self.tally.gone]
        large = set(ids) if len(ids) <= FEW else {id_ for id_ in ids if self._too_large(id_)}
        for one_by_one in (False, True):
            some = [id_ for id_ in ids if (id_ in large) == one_by_one]
            for id_, got in self._line.messages(some, one_by_one=one_by_one):
                yield from self._out.add(self._arrived(id_, got, stamps))

    def gaps(self) -> Iterator[Page]:
        """Open gaps that nothing has brought up tonight."""
        tally = self.tally
        left = [id_ for id_ in sorted(tally.gaps) if id_ not in tally.tonight and id_ not in tally.gone]
        for some in by(SOME, left):
            yield from self.fetch(some, self._held.stamps(some))

    def _too_large(self, id_: str) -> bool:
        """Whether a message is too large for a batch, or nobody knows."""
        if self._large is None and self._sizes_told:
            self._large = Seen()
            try:
                for found in self._line.listed(query="larger:1M", everywhere=True):
                    for one in found:
                        self._large.add(one)
            except Refused:
                self._large, self._sizes_told = None, False
        return self._large is None or id_ in self._large

    def _arrived(self, id_: str, got: Raw | str | None, stamps: Stamps) -> Sequence[Entry]:
        if got is None:  # it has gone since it was listed
            return self.tally.lose(id_, stamps)
        if isinstance(got, str):
            self.tally.account(id_, stamps)
            return [Unfetched(id_, got)]
        where = lies(got.labels, self._names)
        if not self._wanted(where) and id_ not in stamps:
            return []  # its labels have changed since it was listed
        self.tally.account(id_, stamps)
        if got.raw is None:
            return [Unfetched(id_, "Gmail gave this message without its bytes: it is asked for again each night.")]
        received = datetime.fromtimestamp(got.milliseconds / 1000, UTC) if got.milliseconds > 0 else None
        link = f"https://mail.google.com/mail/?authuser={self._line.mailbox}#all/{id_}"
        return [Fetched(id_, got.raw, where.names, stamp(where), received, Beside(link, got.thread))]

    def _wanted(self, where: Place) -> bool:
        return self._choice.takes(where) and not where.kinds & {"drafts", "chat"}
