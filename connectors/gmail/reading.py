"""One mailbox read for one night: what happened since the last, or every id; and proof that nothing is missing.

https://developers.google.com/workspace/gmail/api/guides/sync
"""

from __future__ import annotations

from collections.abc import Container, Generator, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from auditor.errors import LostSource, RetrySource
from auditor.pipeline.pull import Clock
from auditor.pipeline.source import Entry, Fetched, Moved, Outside, Page, Unfetched, Vanished
from auditor.policy import LONDON
from auditor.store.interface import Held
from auditor.store.records import Beside
from connectors.folders import Choice, Place
from connectors.gmail.labels import BIN, CHAT, DRAFT, INBOX, SENT, lies, stamp, tells_where
from connectors.gmail.line import Line, Raw, Refused
from connectors.gmail.state import State
from connectors.seen import Seen

ENTRIES, BYTES, SECONDS = 500, 8 * 1024 * 1024, 15.0
"""What is handed on together, at most: a slow night that is cut short has lost little."""
EVERY = timedelta(days=7)
"""How often every id is listed."""
SOON = timedelta(days=1)
"""When it is listed again where what was listed is not what Gmail counts, nor as far from it as before."""
FEW = 20
"""So many messages are fetched one by one, whatever their size."""

_SOME = 500
_MARGIN = timedelta(days=2)
"""Gmail's own time for a message and the date in it may lie apart: only what is older by more is left unread."""


_FIRST_YEAR = 1980
"""Gmail's searches know no moment before 1970, and no mail is older than e-mail."""


class Reading:
    """A night's reading. `pages` is called once."""

    def __init__(self, line: Line, choice: Choice, held: Held, state: State | None, clock: Clock, today: date) -> None:
        self._line = line
        self._choice = choice
        self._held = held
        self._state = state or State(spelled(choice))
        self._clock = clock
        self._today = today
        self._names: Mapping[str, str] = {}
        """Of labels, by id."""
        self._gaps: frozenset[str] = frozenset()
        self._known = 0
        """Ids accounted for, as the night goes on."""
        self._tonight = Seen()
        """Ids that were looked at tonight and are accounted for."""
        self._gone = Seen()
        self._large: Seen | None = None
        """Ids of what is too large for a batch; None until it has been asked for."""
        self._expected: int | None = None
        """About how many messages come in all."""
        self._entries: list[Entry] = []
        self._weight = 0
        self._since = clock.now()
        """When the last page was handed on."""

    def pages(self) -> Iterator[Page]:
        """See `Source.pages`."""
        try:
            history, total = self._line.profile()
            self._names = self._line.labels()
            self._gaps = frozenset(self._held.gaps())
            self._known = sum(1 for _ in self._held.ids())
            self._expected = None if total is None else max(0, total - self._known)
            if total == 0 and self._known:
                raise self._sudden_emptiness()
            if self._state.history and self._state.due:
                history = yield from self._what_happened(history)
            yield from self._ask_for_gaps()
            due = not self._state.history or not self._state.due or self._today >= self._state.due
            if due or not self._adds_up():
                if not self._state.history:
                    # What happens while everything is listed is told next night.
                    self._state.history = history
                yield from self._list_everything()
            self._state.history = history
            yield self._page(self._known)
        except Refused as error:
            raise LostSource(
                f"Gmail refused to list {self._line.mailbox} (status {error.status}): try 'auditor check', and tell the one "
                "who looks after the auditor if it stays so."
            ) from None
        except (RetrySource, LostSource):
            if self._entries:
                yield self._page()
            raise

    # --- what happened since the last night

    def _what_happened(self, now: str) -> Generator[Page, None, str]:
        """Everything that Gmail tells, and the history id up to which it told it."""
        try:
            events = _Events()
            for said in self._line.history(self._state.history):
                events.add(said)
        except Refused as error:
            if error.status not in (400, 404):
                raise
            self._state.history = ""  # too long ago: everything is listed
            self._state.due = None
            return now
        for some in _by(_SOME, events.last):
            yield from self._settled({id_: events.last[id_] for id_ in some})
        return events.upto or now

    def _settled(self, events: Mapping[str, _Event]) -> Iterator[Page]:
        """What becomes of messages that something happened to."""
        stamps = self._held.stamps(list(events))
        told = {
            id_: None if one.gone else one.labels for id_, one in events.items() if one.gone or one.labels is not None
        }
        now = told | self._line.labels_of([id_ for id_ in events if id_ not in told])
        wanted: list[str] = []
        for id_ in events:
            held = (id_ in stamps and stamps[id_] is not None) or id_ in self._tonight
            if id_ not in now:
                wanted += [] if held else [id_]  # what it is, or a gap
            elif (labels := now[id_]) is None:
                yield from self._add(self._vanished(id_, stamps))
            elif held:
                yield from self._add(self._relabelled(id_, labels, stamps))
            elif self._wanted(lies(labels, self._names)):
                wanted.append(id_)
        yield from self._fetch(wanted, stamps)

    # --- every id

    def _list_everything(self) -> Iterator[Page]:
        """Every id of what is chosen: what is not held is fetched, what is held and nowhere to be found is gone."""
        unsent = self._ids(DRAFT, CHAT)
        others = self._others()
        outside = self._outside()
        listed = Seen()
        for ids in self._chosen(unsent):
            fresh = [id_ for id_ in ids if listed.add(id_)]
            stamps = self._held.stamps(fresh)
            wanted: list[str] = []
            for id_ in fresh:
                if stamps.get(id_) is not None:
                    yield from self._add(self._relabelled(id_, _labels(id_, others), stamps))
                elif id_ in self._tonight:
                    continue
                elif id_ in outside and self._held.since:
                    self._account(id_, stamps)
                    yield from self._add([Outside(id_, self._held.since - timedelta(days=1), _OLDER)])
                else:
                    wanted.append(id_)
            yield from self._fetch(wanted, stamps)
        yield from self._strays(listed, unsent, others)
        total, before = self._counted(), self._state.skew
        self._state.skew = None if total is None else self._known - total
        # What is deleted while pages are listed moves others to pages that were listed already.
        sure = self._state.skew in (None, 0, before)
        self._state.due = self._today + (EVERY if sure else SOON)

    def _chosen(self, unsent: Seen) -> Iterator[list[str]]:
        """Ids of what is chosen, what was sent first; some may come twice."""
        folders = self._choice.folders
        for name, label in (("sent", SENT), ("inbox", INBOX), ("deleted", BIN)):
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

    def _ids(self, *labels: str) -> Seen:
        found = Seen()
        for label in labels:
            for ids in self._line.listed(label):
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
                found[label] = Seen()
                for ids in self._line.listed(label, everywhere=True):
                    for id_ in ids:
                        found[label].add(id_)
        return found

    def _outside(self) -> Container[str]:
        """Ids of what is certainly older than the window: found before it, and not found after it."""
        if self._held.since is None or self._held.since.year < _FIRST_YEAR:
            return ()
        edge = datetime.combine(self._held.since - _MARGIN, datetime.min.time(), LONDON)
        older, younger = Seen(), Seen()
        for ids in self._line.listed(query=f"before:{int(edge.timestamp())}", everywhere=True):
            for id_ in ids:
                older.add(id_)
        if not older.count:
            return ()
        if self._expected is not None:
            self._expected = max(0, self._expected - older.count)
        for ids in self._line.listed(query=f"after:{int(edge.timestamp())}", everywhere=True):
            for id_ in ids:
                younger.add(id_)
        return _Only(older, younger)

    def _strays(self, listed: Seen, unsent: Seen, others: Mapping[str, Seen]) -> Iterator[Page]:
        """What is accounted for and was not listed: still there under other labels, in the bin, or gone."""
        if not listed.count and not self._held.empty():
            raise self._sudden_emptiness()
        left = Seen()
        if "all" not in self._choice.folders:
            for ids in self._line.listed():
                for id_ in ids:
                    left.add(id_)
        absent = (id_ for id_ in self._held.ids() if id_ not in listed and id_ not in self._gone)
        for some in _by(_SOME, absent):
            stamps = self._held.stamps(some)
            still = [id_ for id_ in some if id_ in left and id_ not in unsent and others]
            now: dict[str, frozenset[str] | None] = {id_: _labels(id_, others) for id_ in still}
            now |= self._line.labels_of([id_ for id_ in some if id_ not in now])
            for id_, labels in now.items():
                if labels is None:
                    yield from self._add(self._vanished(id_, stamps))
                else:
                    yield from self._add(self._relabelled(id_, labels, stamps))

    # --- what becomes of a message

    def _relabelled(self, id_: str, labels: frozenset[str], stamps: Stamps) -> list[Entry]:
        """What is accounted for and has these labels now. In the bin it is gone, unless that was chosen."""
        where = lies(labels, self._names)
        now = stamp(where)
        if DRAFT in labels or (BIN in labels and not self._choice.takes(where)):
            return self._vanished(id_, stamps)
        self._tonight.add(id_)
        if stamps.get(id_) in (now, None) or stamps[id_] == _OLDER:
            return []
        return [Moved(id_, id_, where.names, now)]

    def _vanished(self, id_: str, stamps: Stamps) -> list[Entry]:
        if (id_ not in stamps and id_ not in self._tonight) or not self._gone.add(id_):
            return []
        self._known -= 1
        return [Vanished(id_)]

    def _fetch(self, ids: Sequence[str], stamps: Stamps) -> Iterator[Page]:
        """Messages that are not held: the small ones several at a time."""
        if len(ids) <= FEW:
            small, large = [], list(ids)
        else:
            if self._large is None:
                self._large = Seen()
                for found in self._line.listed(query="larger:1M", everywhere=True):
                    for id_ in found:
                        self._large.add(id_)
            small = [id_ for id_ in ids if id_ not in self._large]
            large = [id_ for id_ in ids if id_ in self._large]
        for one_by_one, some in ((False, small), (True, large)):
            for id_, got in self._line.messages(some, one_by_one=one_by_one):
                yield from self._add(self._arrived(id_, got, stamps))

    def _arrived(self, id_: str, got: Raw | str | None, stamps: Stamps) -> list[Entry]:
        if got is None:  # it has gone since it was listed
            return self._vanished(id_, stamps)
        if isinstance(got, str):
            self._account(id_, stamps)
            return [Unfetched(id_, got)]
        where = lies(got.labels, self._names)
        if not self._wanted(where) and id_ not in stamps:
            return []  # its labels have changed since it was listed
        self._account(id_, stamps)
        if got.raw is None:
            return [Unfetched(id_, "Gmail gave this message without its bytes: it is asked for again each night.")]
        received = datetime.fromtimestamp(got.milliseconds / 1000, UTC) if got.milliseconds > 0 else None
        link = f"https://mail.google.com/mail/?authuser={self._line.mailbox}#all/{id_}"
        beside = Beside(link, got.thread)
        return [Fetched(id_, got.raw, where.names, stamp(where), received, beside)]

    def _wanted(self, where: Place) -> bool:
        return self._choice.takes(where) and not where.kinds & {"drafts", "chat"}

    def _account(self, id_: str, stamps: Stamps) -> None:
        if id_ not in stamps and id_ not in self._tonight:
            self._known += 1
        self._tonight.add(id_)

    def _ask_for_gaps(self) -> Iterator[Page]:
        """Open gaps that nothing has brought up tonight."""
        left = [id_ for id_ in sorted(self._gaps) if id_ not in self._tonight and id_ not in self._gone]
        for some in _by(_SOME, left):
            yield from self._fetch(some, self._held.stamps(some))

    # --- the account

    def _adds_up(self) -> bool:
        total = self._counted()
        return total is None or self._state.skew is None or self._known - total == self._state.skew

    def _counted(self) -> int | None:
        """What Gmail counts of what is chosen; None where it does not say."""
        folders = self._choice.folders
        if "all" in folders:
            _, total = self._line.profile()
            drafts = self._line.label_total(DRAFT)
            return None if total is None else total - (drafts or 0)
        if "archive" in folders:
            return None
        wanted = [label for name, label in (("sent", SENT), ("inbox", INBOX), ("deleted", BIN)) if name in folders]
        totals = [self._line.label_total(label) for label in wanted]
        return None if None in totals else sum(filter(None, totals))

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


Stamps = Mapping[str, str | None]
_OLDER = "older"
"""The stamp of what was passed over unread: its labels are not known."""


class _Event:
    """What happened last to a message."""

    __slots__ = ("gone", "labels")

    def __init__(self) -> None:
        self.gone = False
        self.labels: frozenset[str] | None = None


class _Events:
    """What happened last to each message of a history."""

    def __init__(self) -> None:
        self.last: dict[str, _Event] = {}
        self.upto = ""
        """The history id of the first page: what happened later is told again."""

    def add(self, said: Mapping[str, object]) -> None:
        """A page as Gmail gives it."""
        self.upto = self.upto or str(said.get("historyId") or "")
        records = said.get("history")
        for record in records if isinstance(records, list) else ():
            for kind in ("messagesAdded", "labelsAdded", "labelsRemoved", "messagesDeleted"):
                for change in record.get(kind) or ():
                    self._note(change.get("message") or {}, gone=kind == "messagesDeleted")

    def _note(self, message: Mapping[str, object], *, gone: bool) -> None:
        id_, labels = message.get("id"), message.get("labelIds")
        if not isinstance(id_, str):
            return
        event = self.last.setdefault(id_, _Event())
        event.gone = gone
        event.labels = frozenset(map(str, labels)) if isinstance(labels, list) else None


class _Only:
    """Ids that are in one set and not in another."""

    def __init__(self, some: Seen, without: Seen) -> None:
        self._some, self._without = some, without

    def __contains__(self, id_: object) -> bool:
        return isinstance(id_, str) and id_ in self._some and id_ not in self._without


def spelled(choice: Choice) -> str:
    """A choice of folders as text."""
    return ",".join(sorted(choice.folders))


def _labels(id_: str, others: Mapping[str, Seen]) -> frozenset[str]:
    return frozenset(label for label, ids in others.items() if id_ in ids)


def _by(many: int, ids: Iterable[str]) -> Iterator[list[str]]:
    source = iter(ids)
    while some := list(islice(source, many)):
        yield some
