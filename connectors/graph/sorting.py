"""What becomes of each message that a listing tells of: fetched, moved, gone, passed over, or left as it is.

Nothing is gone because a listing says so, or says nothing: the message itself is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.errors import LostSource
from auditor.pipeline.source import Entry, Fetched, Moved, Outside, Page
from auditor.spool import Spool, Spooled, digest
from auditor.store.interface import Held
from auditor.values import replace
from connectors.folders import Choice
from connectors.graph.line import Denied, Line, Refused
from connectors.graph.message import Fetching
from connectors.graph.rows import SELECT, Row, mark, row, suspect
from connectors.graph.tree import Folder, Tree, seen, tree
from connectors.paging import Paging, by
from connectors.retry import in_order
from connectors.seen import Seen
from connectors.tally import Stamps, Tally

PAGE = 200
"""Messages listed at a time."""
UNLISTED = "unlisted:"
"""Begins the ids of what Graph counts and never lists; its own never hold a colon."""
_TRIES = 3
"""How often a failing service is asked where one message is."""
_GONE = frozenset({"erroritemnotfound", "errorinvalididmalformed"})
"""Graph's words for an id that it does not know, or knows no more."""


class Sorting:
    """For one night. The folders are read when it is made."""

    def __init__(self, line: Line, choice: Choice, held: Held, out: Paging, spool: Spool | None) -> None:
        self._line = line
        self._choice = choice
        self._held = held
        self._out = out
        self._fetching = Fetching(line, spool)
        self.tree: Tree = {}
        self.tally = Tally(held)
        self.untold: set[str] = set()
        """Ids accounted for of which Graph cannot tell tonight whether they are there: they are left as they are."""
        self.again = False
        """Whether something is to be looked for tomorrow: what is there again and was said to be gone, or what something
        else than Graph said of."""
        self._strange: set[str] = set()
        """Folders that messages were said to lie in and that the tree did not have."""
        self._as_now = Seen()
        """Ids with their version and folder."""
        self._versions = Seen()
        """Ids with their version."""
        self.look()

    def look(self) -> None:
        """Reads the folders, and what is counted in them, anew."""
        self.tree = tree(self._line)

    def counted(self) -> int | None:
        """What Graph counts in the chosen folders; None where it does not say."""
        totals = [folder.total for folder in self.tree.values() if self._choice.takes(folder.place)]
        return None if None in totals else sum(filter(None, totals))

    def stands(self, id_: str) -> bool:
        """Whether it was looked at tonight and is accounted for."""
        return id_ in self.tally.tonight and id_ not in self.tally.gone

    def suspects(self, ids: Iterable[str]) -> Iterator[Page]:
        """What becomes of messages that may be gone."""
        for some in by(PAGE, ids):
            yield from self.taken([suspect(id_) for id_ in some], None)

    def gaps(self) -> Iterator[Page]:
        """Open gaps that no listing has brought up tonight."""
        tally = self.tally
        yield from self.suspects(
            id_ for id_ in sorted(tally.gaps) if id_ not in tally.tonight and not id_.startswith(UNLISTED)
        )

    def taken(self, rows: Iterable[Row], folder: Folder | None) -> Iterator[Page]:
        """What a listing says, as entries; pages where there are many. Nothing is said twice in a night."""
        latest = {one.id: one for one in rows}  # the last word on an id is how it is now
        stamps = self._held.stamps(list(latest))
        wanted: list[Row] = []
        for one in self._completed(latest, stamps, folder):
            entry = self._decided(one, stamps)
            if isinstance(entry, Row):
                wanted.append(entry)
            elif entry is not None:
                yield from self._out.add([entry])
        for one, entries in in_order(self._fetched, wanted, self._line.own.hands):
            yield from self._out.add(self._arrived(one, entries, stamps))

    # --- where a message is, and how

    def _completed(self, latest: dict[str, Row], stamps: Stamps, folder: Folder | None) -> list[Row]:
        """Rows that say where a message is and how: what left a folder, or is said in part, is asked for."""
        for one in [one for one in latest.values() if one.removed and not self.tally.has(one.id, stamps)]:
            del latest[one.id]
        asked = [one.id for one in latest.values() if self._unclear(one, stamps)]
        for one_id, now in zip(asked, in_order(self._now, asked, self._line.own.hands), strict=True):
            if now and (now.removed or now.folder or folder):
                latest[one_id] = now
                continue
            del latest[one_id]
            if self.tally.has(one_id, stamps):  # else it is counted and not listed: a gap
                self.untold.add(one_id)
        if folder is None:
            return list(latest.values())
        return [one if one.folder or one.removed else replace(one, folder=folder.id) for one in latest.values()]

    def _unclear(self, one: Row, stamps: Stamps) -> bool:
        """Whether the message itself is to be asked for."""
        if one.removed or not one.whole:
            return True
        return self.tally.has(one.id, stamps) and self._folder(one.folder) is None

    def _now(self, id_: str) -> Row | None:
        """How a message is now; removed when it is nowhere; None where Graph cannot tell of it, and can of others."""
        try:
            said = self._line.document(self._line.url("messages", id_, query=f"$select={SELECT}"), tries=_TRIES)
        except Refused as error:
            if error.code in _GONE:
                return suspect(id_)
            self.again = self.again or error.status == 404
        except Denied:
            pass
        else:
            found = row(said)
            return replace(found, id=id_) if found else None
        self._line.answers()
        return None

    def _folder(self, id_: str) -> Folder | None:
        """A folder by its id, also one that was made since the tree was read; None for one that nobody sees."""
        if id_ not in self.tree and id_ not in self._strange:
            self._strange.add(id_)
            self.look()
            if id_ not in self.tree and seen(self._line, id_, self.tree):
                # Else all that lies in it would be taken for gone.
                said = f"Microsoft 365 does not list every folder of {self._line.mailbox}: it is read again tomorrow night."
                raise LostSource(said)
        return self.tree.get(id_)

    # --- what is to be said of it

    def _decided(self, one: Row, stamps: Stamps) -> Entry | Row | None:
        """What is to be said of a message; the row itself when it has to be fetched."""
        accounted = self.tally.has(one.id, stamps)
        if one.removed:
            return self._vanished(one, stamps)
        folder = self._folder(one.folder)
        stamp, before = self._stamp(one), stamps.get(one.id)
        wanted = folder and not one.draft and self._chosen(one, folder)
        if one.id in self.tally.gone:
            self.again = self.again or bool(wanted)
            return None
        if f"{one.id} {stamp}" in self._as_now or before == stamp:
            self._saw(one, stamps)
            return None
        if folder is None or not wanted:
            return self._strayed(one, folder, stamp, stamps) if accounted else None
        if one.id + one.version in self._versions or _version(before or "") == _version(stamp):
            self._saw(one, stamps)
            return Moved(one.id, one.id, folder.place.names, stamp)
        day = one.day
        if self._held.since and day and day < self._held.since:
            self._saw(one, stamps)
            self._out.fewer()
            return Outside(one.id, day, stamp)
        return one

    def _chosen(self, one: Row, folder: Folder) -> bool:
        """Whether it is collected. What its owner sent is, wherever it was filed, where sent mail is asked for."""
        if self._choice.takes(folder.place):
            return True
        own = self._line.mailbox in one.authors
        return own and "sent" in self._choice.folders and not folder.place.kinds

    def _strayed(self, one: Row, folder: Folder | None, stamp: str, stamps: Stamps) -> Entry | None:
        """What is accounted for and lies now where nothing is collected: gone when that is the bin, or no folder at all."""
        if folder is None or one.draft or folder.place.kinds & {"deleted"}:
            return self._vanished(one, stamps)
        self._saw(one, stamps)
        return Moved(one.id, one.id, folder.place.names, stamp)

    def _vanished(self, one: Row, stamps: Stamps) -> Entry | None:
        return next(iter(self.tally.lose(one.id, stamps)), None)

    # --- the message itself

    def _fetched(self, one: Row) -> tuple[Row, tuple[Entry, ...]]:
        """The message itself; nothing when it has gone meanwhile."""
        folder = self.tree.get(one.folder)  # it may have gone too
        return one, self._fetching.entries(one, folder.place.names if folder else (), self._stamp(one))

    def _arrived(self, one: Row, entries: tuple[Entry, ...], stamps: Stamps) -> Iterable[Entry]:
        if entries:
            self._saw(one, stamps)
            return [self._as_held(entry) for entry in entries] if stamps.get(one.id) else entries
        return self.tally.lose(one.id, stamps) if one.id in self.tally.gaps else ()

    def _as_held(self, entry: Entry) -> Entry:
        """A message whose bytes are held already has only moved, or been read, or marked."""
        if not isinstance(entry, Fetched) or entry.id not in self._held.find(digest(entry.raw)):
            return entry
        if isinstance(entry.raw, Spooled):
            entry.raw.discard()
        return Moved(entry.id, entry.id, entry.folders, entry.stamp)

    def _saw(self, one: Row, stamps: Stamps) -> None:
        self.tally.account(one.id, stamps)
        self._as_now.add(f"{one.id} {self._stamp(one)}")
        self._versions.add(one.id + one.version)

    def _stamp(self, one: Row) -> str:
        """A message's version and its place."""
        folder = self.tree.get(one.folder)
        return f"{mark(one.version)}.{where(folder) if folder else mark(one.folder)}"


def where(folder: Folder) -> str:
    """A mark of where a folder is and what it is called."""
    return mark(folder.id, *folder.place.names)


def _version(stamp: str) -> str:
    return stamp.partition(".")[0]
