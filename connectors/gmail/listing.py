"""Every id of what is chosen: what is not held is fetched, what is held and nowhere to be found is gone.

https://developers.google.com/workspace/gmail/api/guides/sync
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from datetime import datetime, timedelta

from auditor.pipeline.source import Outside, Page
from auditor.policy import LONDON
from auditor.store.interface import Held
from connectors.folders import Choice
from connectors.gmail.labels import BIN, CHAT, DRAFT, INBOX, SENT, tells_where
from connectors.gmail.line import Line, Refused
from connectors.gmail.sorting import OLDER, SOME, Sorting
from connectors.paging import Paging, by
from connectors.seen import Seen
from connectors.tally import suddenly_empty

LABELS = (("sent", SENT), ("inbox", INBOX), ("deleted", BIN))
"""Folders that are labels, what was sent first."""
_MARGIN = timedelta(days=2)
"""Gmail's own time for a message and the date in it may lie apart: only what is older by more is left unread."""
_FIRST_YEAR = 1980
"""Gmail's searches know no moment before 1970, and no mail is older than e-mail."""


class Listing:
    """The whole mailbox, once."""

    def __init__(
        self, line: Line, choice: Choice, held: Held, names: Mapping[str, str], sort: Sorting, out: Paging
    ) -> None:
        self._line = line
        self._choice = choice
        self._held = held
        self._names = names
        self._sort = sort
        self._out = out

    def everything(self) -> Iterator[Page]:
        """Lists it all."""
        unsent = self._ids(DRAFT, CHAT)
        others = self._others()
        outside = self._outside()
        listed = Seen()
        for ids in self._chosen(unsent):
            fresh = [id_ for id_ in ids if listed.add(id_)]
            yield from self._taken(fresh, others, outside)
        yield from self._strays(listed, unsent, others)

    def _taken(self, fresh: list[str], others: Mapping[str, Seen], outside: Container[str]) -> Iterator[Page]:
        """What becomes of ids that are listed the first time."""
        stamps, tally = self._held.stamps(fresh), self._sort.tally
        wanted: list[str] = []
        for id_ in fresh:
            if stamps.get(id_) is not None:
                yield from self._out.add(self._sort.relabelled(id_, _labels(id_, others), stamps))
            elif id_ in tally.tonight or id_ in tally.gone:
                continue
            elif id_ in outside and self._held.since:
                tally.account(id_, stamps)
                yield from self._out.add([Outside(id_, self._held.since - timedelta(days=1), OLDER)])
            else:
                wanted.append(id_)
        yield from self._sort.fetch(wanted, stamps)

    def _chosen(self, unsent: Seen) -> Iterator[list[str]]:
        """Ids of what is chosen, what was sent first; some may come twice."""
        folders = self._choice.folders
        for name, label in LABELS:
            if name in folders or "all" in folders:
                for ids in self._line.listed(label, everywhere=label == BIN):
                    yield [id_ for id_ in ids if id_ not in unsent]
        if "all" in folders:
            for ids in self._line.listed(everywhere=True):
                yield [id_ for id_ in ids if id_ not in unsent]
        elif "archive" in folders:
            elsewhere = self._ids(SENT, INBOX)
            for ids in self._line.listed():
                yield [id_ for id_ in ids if id_ not in unsent and id_ not in elsewhere]

    def _ids(self, *labels: str, everywhere: bool = False) -> Seen:
        found = Seen()
        for label in labels:
            for ids in self._line.listed(label, everywhere=everywhere):
                for id_ in ids:
                    found.add(id_)
        return found

    def _found(self, query: str) -> Seen:
        found = Seen()
        for ids in self._line.listed(query=query, everywhere=True):
            for id_ in ids:
                found.add(id_)
        return found

    def _others(self) -> dict[str, Seen]:
        """For every label that says where a message lies: the ids that have it."""
        if self._held.empty():
            return {}  # what is fetched says its labels itself
        found: dict[str, Seen] = {}
        for label in self._names:
            if tells_where(label) and label not in (DRAFT, CHAT):
                try:
                    found[label] = self._ids(label, everywhere=True)
                except Refused as error:
                    if error.status not in (400, 404):
                        raise
                    # The label was deleted since its name was read: nothing has it.
        return found

    def _outside(self) -> Container[str]:
        """Ids of what is certainly older than the window: found before it, and not found after it."""
        if self._held.since is None or self._held.since.year < _FIRST_YEAR:
            return ()
        edge = int(datetime.combine(self._held.since - _MARGIN, datetime.min.time(), LONDON).timestamp())
        try:
            older = self._found(f"before:{edge}")
            younger = self._found(f"after:{edge}") if older.count else Seen()
        except Refused:
            return ()  # a search that is refused tells nothing: all is fetched, and told apart by its date
        self._out.fewer(older.count)
        return _Only(older, younger)

    def _strays(self, listed: Seen, unsent: Seen, others: Mapping[str, Seen]) -> Iterator[Page]:
        """What is accounted for and was not listed: still there under other labels, in the bin, or gone."""
        if not listed.count and not self._held.empty():
            raise suddenly_empty(self._line.mailbox)
        left = Seen()
        if "all" not in self._choice.folders:
            for ids in self._line.listed():
                for id_ in ids:
                    left.add(id_)
        tally = self._sort.tally
        absent = (id_ for id_ in self._held.ids() if id_ not in listed and id_ not in tally.gone)
        for some in by(SOME, absent):
            stamps = self._held.stamps(some)
            still = [id_ for id_ in some if id_ in left and id_ not in unsent and others]
            now: dict[str, frozenset[str] | None] = {id_: _labels(id_, others) for id_ in still}
            now |= self._line.labels_of([id_ for id_ in some if id_ not in now], tally.gaps)
            for id_, labels in now.items():
                if labels is None:
                    yield from self._out.add(tally.lose(id_, stamps))
                else:
                    yield from self._out.add(self._sort.relabelled(id_, labels, stamps))


class _Only:
    """Ids that are in one set and not in another."""

    def __init__(self, some: Seen, without: Seen) -> None:
        self._some, self._without = some, without

    def __contains__(self, id_: object) -> bool:
        return isinstance(id_, str) and id_ in self._some and id_ not in self._without


def _labels(id_: str, others: Mapping[str, Seen]) -> frozenset[str]:
    return frozenset(label for label, ids in others.items() if id_ in ids)
