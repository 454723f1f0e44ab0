"""One mailbox read for one night: what is new in each folder, what moved, what went, and proof that nothing is missing.

Every folder that a person sees is followed by its own delta, whatever was chosen: so mail that was sent is found
wherever it was filed, and a message that leaves the chosen folders is seen where it went. Only what is chosen is fetched.
https://learn.microsoft.com/graph/api/message-delta
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice

from auditor.errors import LostSource, RetrySource
from auditor.pipeline.pull import Clock
from auditor.pipeline.source import Entry, Fetched, Moved, Outside, Page, Unfetched, Vanished
from auditor.spool import Spool, digest
from auditor.store.interface import Held
from auditor.values import replace
from connectors.folders import Choice
from connectors.graph.line import Line, Refused
from connectors.graph.message import Fetching
from connectors.graph.rows import SELECT, Row, mark, row, suspect
from connectors.graph.state import State
from connectors.graph.tree import Folder, Tree, tree
from connectors.retry import in_order
from connectors.seen import Seen

PAGE = 200
"""Messages listed at a time."""
ENTRIES, BYTES, SECONDS = 500, 8 * 1024 * 1024, 15.0
"""What is handed on together, at most: a slow night that is cut short has lost little."""
FRUITLESS = 300
"""So many pages without a message that was not listed before are a circle."""
_TRIES = 3
"""How often a failing service is asked where one message is."""
EVERY = timedelta(days=7)
"""How often every id is listed."""
UNLISTED = "unlisted:"
"""Begins the ids of what Graph counts and never lists; its own never hold a colon."""


class _Circle(Exception):
    """A folder's links lead back to where they began."""


class Reading:
    """A night's reading. `pages` is called once."""

    def __init__(
        self,
        line: Line,
        choice: Choice,
        held: Held,
        state: State | None,
        clock: Clock,
        today: date,
        spool: Spool | None = None,
    ) -> None:
        self._line = line
        self._choice = choice
        self._held = held
        self._state = state or State(spelled(choice))
        self._clock = clock
        self._today = today
        self._fetching = Fetching(line, spool)
        self._whole = state is None
        """Whether every id is to be listed tonight whatever the calendar says."""
        self._tree: Tree = {}
        self._strange: set[str] = set()
        """Folders that messages were said to lie in and that the tree did not have."""
        self._gaps: frozenset[str] = frozenset()
        self._known = 0
        """Ids accounted for, as the night goes on."""
        self._untold: set[str] = set()
        """Ids of which Graph cannot tell tonight whether they are there: they are left as they are."""
        self._tonight = Seen()
        """Ids that were looked at tonight and are accounted for."""
        self._as_now = Seen()
        """Ids with their version and folder."""
        self._versions = Seen()
        """Ids with their version."""
        self._expected: int | None = None
        """About how many messages come in all."""
        self._entries: list[Entry] = []
        self._weight = 0
        self._since = clock.now()
        """When the last page was handed on."""

    def pages(self) -> Iterator[Page]:
        """See `Source.pages`."""
        try:
            self._tree = tree(self._line)
            self._gaps = frozenset(self._held.gaps())
            self._known = sum(1 for _ in self._held.ids())
            counted = self._counted()
            self._expected = None if counted is None else max(0, counted - self._known)
            self._refuse_sudden_emptiness()
            good = {one: link for one, link in self._state.links.items() if one in self._tree and self._line.ours(link)}
            if len(good) < len(self._state.links):
                self._whole = True  # what lay in a folder that is gone lies elsewhere, or nowhere
                self._state.links = good
            places = {one: _place(folder) for one, folder in self._tree.items()}
            if any(places.get(one, place) != place for one, place in self._state.places.items()):
                self._whole = True  # no delta tells of messages whose folder was moved, to the bin perhaps, or renamed
            self._state.places = places | self._state.places
            for folder in list(self._tree.values()):
                yield from self._follow(folder)
            yield from self._ask_for_gaps()
            yield from self._settle()
        except Refused as error:
            raise LostSource(
                f"Microsoft 365 refused to list {self._line.mailbox} (status {error.status}{_shown(error.code)}): "
                "try 'auditor check', and tell the one who looks after the auditor if it stays so."
            ) from None
        except (RetrySource, LostSource):
            # What came before the trouble is kept: its cursor is that of the page before.
            if self._entries:
                yield self._page()
            raise

    # --- what is new in a folder

    def _follow(self, folder: Folder) -> Iterator[Page]:
        """A folder's delta to its end. One that cannot be followed is listed instead, with all the others."""
        afresh = False
        while True:
            again = ""
            try:
                yield from self._delta(folder)
                return
            except _Circle:
                pass
            except Refused as error:
                if error.status not in (400, 410):  # 410 is an expired link, and some of those are called 400
                    afresh = True
                again = error.location
            # Where it stood is not known any more: what went meanwhile is found by listing every id.
            self._state.links.pop(folder.id, None)
            self._whole = True
            if afresh:
                return
            afresh = True
            if self._line.ours(again):
                self._state.links[folder.id] = again

    def _delta(self, folder: Folder) -> Iterator[Page]:
        """Pages from where the folder's link stands to its end."""
        first = self._line.url("mailFolders", folder.id, "messages", "delta", query=f"$select={SELECT}")
        link = self._state.links.get(folder.id, first)
        seen: set[str] = set()
        met = Seen()
        fruitless, smaller = 0, _Smaller(self._line, folder)
        while True:
            if mark(link) in seen or fruitless > FRUITLESS:
                raise _Circle
            try:
                said = self._line.listing(link, prefer=f"odata.maxpagesize={smaller.size}", tries=2)
            except Refused as error:
                smaller.after(error)
                continue
            smaller.worked()
            seen.add(mark(link))
            rows = [one for said_ in said["value"] if (one := row(said_))]
            fruitless = 0 if [one.id for one in rows if met.add(one.id)] else fruitless + 1
            yield from self._taken(rows, folder)
            following = said.get("@odata.nextLink")
            next_ = following or said.get("@odata.deltaLink")
            if not isinstance(next_, str):
                raise Refused(200, "nolink")
            link = self._state.links[folder.id] = next_
            if self._entries or self._clock.now() - self._since > SECONDS:
                yield self._page()
            if not following:
                return

    # --- what becomes of a message

    def _taken(self, rows: Iterable[Row], folder: Folder | None) -> Iterator[Page]:
        """What a listing says, as entries; pages where there are many. Nothing is said twice in a night."""
        whole = list(self._completed(rows, folder))
        stamps = self._held.stamps([one.id for one in whole])
        wanted: list[Row] = []
        for one in whole:
            entry = self._decided(one, stamps)
            if isinstance(entry, Row):
                wanted.append(entry)
            elif entry is not None:
                yield from self._add([entry])
        for one, entries in in_order(self._fetched, wanted, self._line.own.hands):
            if entries:
                self._account(one, stamps)
            elif one.id in self._gaps:
                self._known -= 1
                entries = (Vanished(one.id),)
            yield from self._add([self._as_held(entry) for entry in entries] if stamps.get(one.id) else entries)

    def _completed(self, rows: Iterable[Row], folder: Folder | None) -> list[Row]:
        """Rows that say where a message is and how: what left a folder, or is said in part, is asked for."""
        latest = {one.id: one for one in rows}  # the last word on an id is how it is now
        known = self._held.stamps([one.id for one in latest.values() if one.removed])
        for one in list(latest.values()):
            if one.removed and one.id not in known and one.id not in self._tonight:
                del latest[one.id]
        asked = [one.id for one in latest.values() if one.removed or not one.whole]
        for one_id, now in zip(asked, in_order(self._now, asked, self._line.own.hands), strict=True):
            if now:
                latest[one_id] = now
            else:
                del latest[one_id]
                self._untold.add(one_id)
        if folder is None:
            return list(latest.values())
        return [one if one.folder or one.removed else replace(one, folder=folder.id) for one in latest.values()]

    def _now(self, id_: str) -> Row | None:
        """How a message is now; removed when it is nowhere; None where Graph cannot tell of it, and can of others."""
        try:
            said = self._line.document(self._line.url("messages", id_, query=f"$select={SELECT}"), tries=_TRIES)
        except Refused as error:
            if error.status == 404 or error.code == "errorinvalididmalformed":
                return suspect(id_)
            if not error.failing:
                raise
            self._line.answers()
            return None
        found = row(said)
        if found is None:
            raise Refused(200, "nomessage")
        return replace(found, id=id_)

    def _decided(self, one: Row, stamps: Stamps) -> Entry | Row | None:
        """What is to be said of a message; the row itself when it has to be fetched."""
        accounted = one.id in stamps or one.id in self._tonight
        if one.removed:
            return self._vanished(one) if accounted else None
        stamp, before = self._stamp(one), stamps.get(one.id)
        if f"{one.id} {stamp}" in self._as_now or before == stamp:
            self._saw(one)
            return None
        folder = self._folder(one.folder)
        if one.draft or folder is None or not self._chosen(one, folder):
            return self._strayed(one, folder, stamp) if accounted else None
        if one.id + one.version in self._versions or _version(before or "") == _version(stamp):
            self._saw(one)
            return Moved(one.id, one.id, folder.place.names, stamp)
        day = one.day
        if self._held.since and day and day < self._held.since:
            self._account(one, stamps)
            self._expected = max(0, self._expected - 1) if self._expected else self._expected
            return Outside(one.id, day, stamp)
        return one

    def _folder(self, id_: str) -> Folder | None:
        """A folder by its id, also one that was made since the tree was read; None for one that nobody sees."""
        if id_ not in self._tree and id_ not in self._strange:
            self._strange.add(id_)
            self._tree = tree(self._line)
        return self._tree.get(id_)

    def _chosen(self, one: Row, folder: Folder) -> bool:
        """Whether it is collected. What its owner sent is, wherever it was filed, where sent mail is asked for."""
        if self._choice.takes(folder.place):
            return True
        own = self._line.mailbox in one.authors
        return own and "sent" in self._choice.folders and not folder.place.kinds

    def _strayed(self, one: Row, folder: Folder | None, stamp: str) -> Entry | None:
        """What is accounted for and lies now where nothing is collected: gone when that is the bin, or no folder at all."""
        if folder is None or one.draft or folder.place.kinds & {"deleted"}:
            return self._vanished(one)
        self._saw(one)
        return Moved(one.id, one.id, folder.place.names, stamp)

    def _vanished(self, one: Row) -> Vanished | None:
        if not self._as_now.add(f"gone {one.id}"):
            return None
        self._known -= 1
        return Vanished(one.id)

    def _fetched(self, one: Row) -> tuple[Row, tuple[Entry, ...]]:
        """The message itself; nothing when it has gone meanwhile."""
        folder = self._tree[one.folder]
        return one, self._fetching.entries(one, folder.place.names, self._stamp(one))

    def _as_held(self, entry: Entry) -> Entry:
        """A message whose bytes are held already has only moved, or been read, or marked."""
        if isinstance(entry, Fetched) and entry.id in self._held.find(digest(entry.raw)):
            return Moved(entry.id, entry.id, entry.folders, entry.stamp)
        return entry

    def _account(self, one: Row, stamps: Stamps) -> None:
        if one.id not in stamps and one.id not in self._tonight:
            self._known += 1
        self._saw(one)

    def _saw(self, one: Row) -> None:
        self._tonight.add(one.id)
        self._as_now.add(f"{one.id} {self._stamp(one)}")
        self._versions.add(one.id + one.version)

    def _stamp(self, one: Row) -> str:
        """A message's version and its place."""
        folder = self._tree.get(one.folder)
        return f"{mark(one.version)}.{_place(folder) if folder else mark(one.folder)}"

    # --- gaps, and the proof that nothing is missing

    def _ask_for_gaps(self) -> Iterator[Page]:
        """Open gaps that no listing has brought up tonight."""
        left = [id_ for id_ in sorted(self._gaps) if id_ not in self._tonight and not id_.startswith(UNLISTED)]
        for some in _by(PAGE, left):
            yield from self._taken([suspect(id_) for id_ in some], None)

    def _settle(self) -> Iterator[Page]:
        """Compares with what Graph counts; lists every id when it is time, or when the two differ. The last page."""
        due = self._whole or self._state.due is None or self._today >= self._state.due
        if due or not self._adds_up():
            if not due:
                self._tree = tree(self._line)  # mail that came meanwhile is counted now
            if due or not self._adds_up():
                yield from self._list_everything()
        yield self._page(self._known)

    def _adds_up(self) -> bool:
        counted = self._counted()
        return counted is None or self._state.skew is None or self._known - counted == self._state.skew

    def _counted(self) -> int | None:
        """What Graph counts in the chosen folders; None where it does not say."""
        totals = [folder.total for folder in self._tree.values() if self._choice.takes(folder.place)]
        return None if None in totals else sum(filter(None, totals))

    def _list_everything(self) -> Iterator[Page]:
        """Every id of every folder: what is not held is fetched, what is held and nowhere listed is gone."""
        self._tree = tree(self._line)
        listed, there = Seen(), 0
        unlisted: dict[str, tuple[Folder, int]] = {}
        for folder in list(self._tree.values()):
            count, skipped = 0, 0
            for rows, bad in self._listing(folder):
                count += len(rows)
                skipped += bad
                fresh = [one.id for one in rows if listed.add(one.id)]
                yield from self._taken(rows, folder)
                there += sum(one in self._tonight for one in fresh)
            missing = max(skipped, (folder.total or 0) - count)
            if missing > 0 and self._choice.takes(folder.place):
                unlisted[folder.id] = folder, missing
        yield from self._confirm_absence(listed)
        self._take_out_held(unlisted)
        yield from self._note_unlisted(unlisted)
        self._remember(there + len(self._untold) + sum(missing for _, missing in unlisted.values()))

    def _take_out_held(self, unlisted: dict[str, tuple[Folder, int]]) -> None:
        """What is held, and Graph cannot tell of, is no gap besides."""
        spare = len(self._untold)
        for id_, (folder, missing) in list(unlisted.items()):
            unlisted[id_] = folder, max(0, missing - spare)
            spare = max(0, spare - missing)

    def _remember(self, found: int) -> None:
        """How things stand after every id was listed, and so many that are accounted for were found there."""
        counted = self._counted()
        self._state.places = {one: _place(folder) for one, folder in self._tree.items()}
        self._state.skew = None if counted is None else self._known - counted
        # What went after it was fetched tonight is not among the ids held yet: it is looked for tomorrow.
        self._state.due = self._today + (EVERY if found == self._known else timedelta(days=1))

    def _listing(self, folder: Folder) -> Iterator[tuple[list[Row], int]]:
        """A folder's messages, a page at a time, and how many were stepped over. A page that Graph cannot give is asked
        for in smaller ones, and a single message that it cannot give is stepped over."""
        at, smaller = 0, _Smaller(self._line, folder)
        link: object = None
        seen: set[str] = set()
        while True:
            query = f"$select={SELECT}&$top={smaller.size}" + (f"&$skip={at}" if at else "")
            url = link if isinstance(link, str) else self._line.url("mailFolders", folder.id, "messages", query=query)
            link = None
            try:
                said = self._line.listing(url, tries=2)
            except Refused as error:
                if error.status == 404:
                    return
                if smaller.possible(error):
                    smaller.after(error)
                    continue
                if not error.failing or at >= (folder.total or 0):
                    raise
                smaller.worked()
                at += 1
                yield [], 1
                continue
            smaller.worked()
            rows = [one for said_ in said["value"] if (one := row(said_))]
            at += len(said["value"])
            yield rows, 0
            link = said.get("@odata.nextLink")
            if not isinstance(link, str):
                return
            if mark(link) in seen:
                raise LostSource(
                    f"Microsoft 365 lists {self._line.mailbox} in circles: it is read again tomorrow night."
                )
            seen.add(mark(link))

    def _confirm_absence(self, listed: Seen) -> Iterator[Page]:
        """Asks for each that is accounted for and was not listed: only what Graph does not find is gone."""
        if not listed.count and self._known and not self._held.empty():
            raise self._sudden_emptiness()
        absent = (id_ for id_ in self._held.ids() if id_ not in listed and not id_.startswith(UNLISTED))
        for some in _by(PAGE, absent):
            yield from self._taken([suspect(id_) for id_ in some], None)

    def _note_unlisted(self, unlisted: dict[str, tuple[Folder, int]]) -> Iterator[Page]:
        """What Graph counts and does not list is a gap, one each; such a gap of earlier that is no more is closed."""
        now: dict[str, str] = {}
        for folder, missing in unlisted.values():
            name = folder.place.names[-1] if folder.place.names else "the mailbox"
            said = (
                f"Microsoft 365 counts {missing:,} more in '{name}' than it lists: damaged, or of a kind that is no "
                "mail; open the folder in Outlook to see."
            )
            now |= {f"{UNLISTED}{folder.id}:{number}": said for number in range(missing)}
        for id_, said in now.items():
            if id_ not in self._gaps:
                self._known += 1
            yield from self._add([Unfetched(id_, said)])
        for id_ in sorted(self._gaps):
            if id_.startswith(UNLISTED) and id_ not in now:
                self._known -= 1
                yield from self._add([Vanished(id_)])

    def _refuse_sudden_emptiness(self) -> None:
        totals = [folder.total for folder in self._tree.values()]
        if None not in totals and not any(totals) and self._known:
            raise self._sudden_emptiness()

    def _sudden_emptiness(self) -> LostSource:
        return LostSource(
            f"{self._line.mailbox} is suddenly empty, where messages were held: nothing is taken as deleted; look into "
            "the mailbox, and whether it was moved or restored."
        )

    # --- pages

    def _add(self, entries: Sequence[Entry]) -> Iterator[Page]:
        """Entries for the page under way; the page itself when there is enough of it."""
        for entry in entries:
            weight = len(entry.raw) if isinstance(entry, Fetched) else 0
            if self._entries and self._weight + weight > BYTES:
                yield self._page()
            self._entries.append(entry)
            self._weight += weight
        if self._entries and (len(self._entries) >= ENTRIES or self._clock.now() - self._since > SECONDS):
            yield self._page()

    def _page(self, count: int | None = None) -> Page:
        """What waits, with the cursor as far as it is safe."""
        entries, self._entries, self._weight = tuple(self._entries), [], 0
        self._since = self._clock.now()
        return Page(entries, self._state.dumped(), count, self._expected)


class _Smaller:
    """How many messages are asked for at once: fewer where Graph cannot give so many."""

    def __init__(self, line: Line, folder: Folder) -> None:
        self.size = PAGE
        self._line = line
        self._folder = folder
        self._proved = False

    def worked(self) -> None:
        """A page came."""
        self.size = min(PAGE, self.size * 2)
        self._proved = False

    def possible(self, error: Refused) -> bool:
        """Whether there is another way to ask."""
        return error.failing and not (self.size == 1 and self._proved)

    def after(self, error: Refused) -> None:
        """Next time fewer. Before a single message is given up, Graph must answer another question. Raises the error
        when there is no other way to ask."""
        if not self.possible(error):
            raise error
        if self.size == 1:
            self._line.answers()
            self._proved = True
        self.size = max(1, self.size // 4)


Stamps = Mapping[str, str | None]


def spelled(choice: Choice) -> str:
    """A choice of folders as text."""
    return ",".join(sorted(choice.folders))


def _place(folder: Folder) -> str:
    return mark(folder.id, *folder.place.names)


def _version(stamp: str) -> str:
    return stamp.partition(".")[0]


def _shown(code: str) -> str:
    return f", {code}" if code else ""


def _by(many: int, ids: Iterable[str]) -> Iterator[list[str]]:
    source = iter(ids)
    while some := list(islice(source, many)):
        yield some
