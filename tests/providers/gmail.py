"""One Gmail mailbox: its messages, labels and history, and what a test can do to them."""

from __future__ import annotations

import re
import threading
import time
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import Message
from email.parser import BytesHeaderParser
from functools import cached_property
from random import Random
from typing import Any

from providers.gmail_errors import Refusal
from providers.gmail_limits import Limits
from providers.gmail_query import parse
from providers.loopback import Answer, Call, Fault

SYSTEM = (
    "INBOX",
    "SENT",
    "TRASH",
    "SPAM",
    "DRAFT",
    "UNREAD",
    "STARRED",
    "IMPORTANT",
    "CHAT",
    "CATEGORY_PERSONAL",
    "CATEGORY_SOCIAL",
    "CATEGORY_PROMOTIONS",
    "CATEGORY_UPDATES",
    "CATEGORY_FORUMS",
)
HIDDEN = frozenset({"TRASH", "SPAM"})
"""Labels whose messages no search finds unless it asks for them."""
TYPES = {
    "messageAdded": "messagesAdded",
    "messageDeleted": "messagesDeleted",
    "labelAdded": "labelsAdded",
    "labelRemoved": "labelsRemoved",
}
SPOILT = ("absent", "empty", "base64", "error", "gone")
DOORS = ("no service", "precondition", "suspended", "delegation", "policy", "api off", "deleted")

# The same in every mailbox, as nothing says that they differ.
FIRST_ID, STEP = 0x19A5D3E2C4B70000, 0x1F3A7
FIRST_HISTORY = 1000


@dataclass
class Mail:
    id: str
    thread: str
    raw: bytes
    labels: frozenset[str]
    received: int
    """Milliseconds since 1970: `internalDate`."""
    number: int
    history: int = 0
    spoilt: str = ""
    """One of `SPOILT`, or nothing."""

    @property
    def place(self) -> tuple[int, int, str]:
        """Oldest first."""
        return (self.received, self.number, self.id)

    @property
    def size_estimate(self) -> int:
        """An estimate: a hundredth too much or too little."""
        size = len(self.raw)
        return size + size // 100 * (1 if self.number % 2 else -1)

    @property
    def padded(self) -> bool:
        """Google's base64url is padded at times."""
        return self.number % 2 == 0

    @cached_property
    def headers(self) -> Message:
        ends = [end for end in (self.raw.find(b"\r\n\r\n"), self.raw.find(b"\n\n")) if end >= 0]
        return BytesHeaderParser().parsebytes(self.raw[: min(ends, default=65536) + 2])

    @property
    def sender(self) -> str:
        return str(self.headers.get("From", "")).lower()

    @property
    def message_id(self) -> str:
        return str(self.headers.get("Message-ID", "")).strip().strip("<>")

    def brief(self) -> dict[str, Any]:
        """As history tells it: the labels as they are now."""
        return {"id": self.id, "threadId": self.thread} | ({"labelIds": sorted(self.labels)} if self.labels else {})


@dataclass(frozen=True, slots=True)
class Record:
    """A change, as history keeps it."""

    id: int
    type: str
    labels: frozenset[str]
    """Of the messages, before and after."""
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Search:
    q: str = ""
    labels: tuple[str, ...] = ()
    spam_and_bin: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """What is asked of history."""

    start: int
    types: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """What a page token stands for."""

    asked: Search | Story
    at: int
    """So many matches, or records, were shown before."""
    last: tuple[int, int, str] | None = None
    """The last match shown."""
    rested: bool = False
    """The page before was an empty one."""
    upto: int = 0
    """The last history id when the first page was told: what happened since is not on the pages that follow."""


@dataclass(slots=True)
class _Door:
    how: str
    times: int | None


@dataclass
class Mailbox:
    """All of it may be used from several threads at once."""

    address: str
    now: Callable[[], float]
    """Epoch seconds, by the server's clock."""
    limits: Limits | None = None
    faults: list[Fault] = field(default_factory=list)
    """Of this mailbox's calls only, batch parts included: `answer` and `late`. A `line` is 'GET /gmail/v1/users/me/…'."""
    hollow: bool = False
    """Every other page of a listing or of history is empty, and has a token."""
    shifting: bool = True
    """A page token says how many were shown, so that mail that arrives or goes moves the later pages. False: later pages
    go on behind the last message shown."""
    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    """What happens after a page of messages was listed: one of these after each, until none is left."""
    totals_hold_bin: bool = False
    """A label's `messagesTotal` counts its messages in the bin and in spam too."""
    miscounts: int = 0
    """By how many the totals of the profile and of labels are too high."""
    token_length: int = 20
    """Of page tokens."""
    bare_history: bool = False
    """History says nothing of a message but its id and thread."""
    history_id: int = FIRST_HISTORY
    asked: int = 0
    """Operations asked of it with a good token, each part of a batch for itself."""

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.labels = {name: name for name in SYSTEM}
        """Ids by name."""
        self.attachments: dict[str, tuple[str, str]] = {}
        """What each attachment id given out stands for: a message's id and a part's."""
        self.overlooked: dict[str, str] = {}
        """Ids that no listing shows whose `q` or label fits the expression."""
        self.strayed: dict[str, str] = {}
        """Ids that every such listing shows, whether they belong there or not."""
        self._mails: dict[str, Mail] = {}
        self._order: list[tuple[int, int, str]] = []
        self._records: list[Record] = []
        self._forgotten = self.history_id
        self._made = self._labels_made = 0
        self._draft: str | None = None
        self._door: _Door | None = None
        self._bookmarks: dict[str, Bookmark] = {}
        self._found: dict[Search, tuple[int, list[tuple[int, int, str]]]] = {}
        self._random = Random(self.address)

    # What a test does

    def label(self, name: str) -> str:
        """The id of a label of the user's, made if it is not there: Label_7."""
        with self.lock:
            if name not in self.labels:
                self._labels_made += 1
                self.labels[name] = f"Label_{self._labels_made}"
            return self.labels[name]

    def drop_label(self, label: str) -> None:
        """Deletes a label of the user's; its messages stay."""
        with self.lock:
            self.labels = {name: i for name, i in self.labels.items() if i != label or name in SYSTEM}
            self.relabel(*(mail.id for mail in self._mails.values() if label in mail.labels), remove=[label])

    def deliver(
        self,
        raw: bytes,
        labels: Iterable[str] = ("SENT",),
        *,
        received: datetime | float | None = None,
        thread: str | None = None,
    ) -> str:
        """A new message, received now unless said otherwise; returns its id, 16 hex digits."""
        with self.lock:
            wanted = self._known(labels)
            self._made += 1
            i = f"{FIRST_ID + self._made * STEP:016x}"
            moment = received.timestamp() if isinstance(received, datetime) else received
            mail = Mail(i, thread or i, raw, wanted, int((self.now() if moment is None else moment) * 1000), self._made)
            self._mails[i] = mail
            insort(self._order, mail.place)
            self._note("messageAdded", [mail])
            return i

    def relabel(self, *ids: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """One change for all of them; labels that are so already are no change."""
        with self.lock:
            self._relabel("labelAdded", ids, self._known(add), frozenset())
            self._relabel("labelRemoved", ids, frozenset(), _set(remove))

    def trash(self, *ids: str) -> None:
        """To the bin: what was sent stays labelled so."""
        self.relabel(*ids, add=["TRASH"], remove=["INBOX"])

    def untrash(self, *ids: str) -> None:
        self.relabel(*ids, remove=["TRASH"])

    def remove(self, *ids: str) -> None:
        """For good."""
        with self.lock:
            mails = [self._mails.pop(i) for i in ids]
            for mail in mails:
                del self._order[bisect_left(self._order, mail.place)]
            if mails:
                self._note("messageDeleted", mails)

    def clear(self) -> None:
        """Removes everything."""
        self.remove(*list(self._mails))

    def autosave(self, raw: bytes, times: int = 1) -> str:
        """The draft being written is saved: each time it is another message, and the one before is gone."""
        with self.lock:
            for _ in range(times):
                if self._draft in self._mails:
                    self.remove(self._draft)
                self._draft = self.deliver(raw, ["DRAFT"])
            assert self._draft
            return self._draft

    def spoil(self, i: str, how: str = "error") -> None:
        """A message that is listed and cannot be had. absent: without `raw`; empty: `raw` is ""; base64: it is no base64;
        error: 500 whatever is asked of it; gone: 404."""
        assert how in SPOILT, how
        self._mails[i].spoilt = how

    def mend(self, i: str, raw: bytes | None = None) -> None:
        """It can be had again."""
        mail = self._mails[i]
        mail.spoilt = ""
        if raw is not None:
            mail.raw = raw
            mail.__dict__.pop("headers", None)

    def close(self, how: str, times: int | None = None) -> None:
        """Every call is refused as `DOORS` has it, or so many calls are; 'deleted': the address is unknown, no token."""
        assert how in DOORS, how
        self._door = _Door(how, times)

    def open(self) -> None:
        self._door = None

    def forget_history(self, *, last: bool = True) -> None:
        """Every history id handed out so far is too old; or all but the last."""
        with self.lock:
            self.history_id += last
            self._forgotten = self.history_id
            self._records.clear()

    def silence(self) -> None:
        """History does not tell what happened so far, to whomever asks from before."""
        with self.lock:
            self._records.clear()

    def state(self) -> object:
        """All that a client could change, to be compared."""
        with self.lock:
            mails = sorted((m.id, m.thread, tuple(sorted(m.labels)), m.received, m.raw) for m in self._mails.values())
            return mails, dict(self.labels), self.history_id

    # What the server asks

    @property
    def deleted(self) -> bool:
        return self._door is not None and self._door.how == "deleted"

    def enter(self) -> None:
        """Raises `Refusal` while the mailbox is closed."""
        with self.lock:
            self.asked += 1
            door = self._door
            if door is None:
                return
            if door.times is not None:
                door.times -= 1
                if door.times <= 0:
                    self._door = None
            raise Refusal("credentials" if door.how == "deleted" else door.how, self.address)

    def fault(self, call: Call) -> Answer | None:
        """What goes wrong with a call by script; None where nothing does."""
        with self.lock:
            fault = next((fault for fault in self.faults if fault.due(call.line)), None)
        if fault is None:
            return None
        if fault.how == "late":
            time.sleep(fault.seconds)
            return None
        assert fault.how == "answer", "other faults are for whole calls: server.faults"
        return Answer.json(fault.body, fault.status, fault.headers)

    def attachment(self, mail: str, part: str) -> str:
        """A new id for a part."""
        with self.lock:
            i = f"ANGj{self._random.getrandbits(256):064x}"
            self.attachments[i] = (mail, part)
            return i

    def mails(self) -> list[Mail]:
        with self.lock:
            return list(self._mails.values())

    def mail(self, i: str) -> Mail:
        """Raises `Refusal`: gone."""
        found = self._mails.get(i)
        if found is None or found.spoilt == "gone":
            raise Refusal("gone")
        if found.spoilt == "error":
            raise Refusal("backend")
        return found

    def listed(self, search: Search, most: int, token: str | None) -> dict[str, Any]:
        """A page of messages.list."""
        with self.lock:
            page = self._listed(search, most, token)
            event = self.meanwhile.pop(0) if self.meanwhile else None
        if event:
            event()
        return page

    def told(self, story: Story, most: int, token: str | None) -> dict[str, Any]:
        """A page of history.list. Raises `Refusal`: gone, where the start is too old or the label is no more."""
        with self.lock:
            if not self._forgotten <= story.start <= self.history_id:
                raise Refusal("gone")
            if story.label and story.label not in self.labels.values():
                raise Refusal("gone")
            start = bisect_right(self._records, story.start, key=lambda record: record.id)
            mark = self._mark(token, Bookmark(story, start, upto=self.history_id))
            if self.hollow and not mark.rested:
                return {"nextPageToken": self._token(replace(mark, rested=True))} | self._so_far()
            end = bisect_right(self._records, mark.upto, key=lambda record: record.id)
            records, at = self._fitting(story, mark.at, end, most)
            page: dict[str, Any] = {"history": records} if records else {}
            if at < end:
                page["nextPageToken"] = self._token(replace(mark, at=at, rested=False))
            return page | self._so_far()

    def count(self, label: str) -> list[Mail]:
        """The messages that a label's totals count."""
        hidden = frozenset() if self.totals_hold_bin or label in HIDDEN else HIDDEN
        return [mail for mail in self.mails() if label in mail.labels and not hidden & mail.labels]

    # Within

    def _known(self, labels: Iterable[str]) -> frozenset[str]:
        wanted = _set(labels)
        unknown = wanted - set(self.labels.values())
        assert not unknown, f"no label has the id {', '.join(sorted(unknown))}"
        return wanted

    def _relabel(self, kind: str, ids: Sequence[str], add: frozenset[str], remove: frozenset[str]) -> None:
        mails = [self._mails[i] for i in ids if add - self._mails[i].labels or remove & self._mails[i].labels]
        for mail in mails:
            mail.labels = (mail.labels | add) - remove
        if mails:
            self._note(kind, mails, add | remove)

    def _note(self, kind: str, mails: Sequence[Mail], changed: frozenset[str] = frozenset()) -> None:
        self.history_id += 1 + self._random.randrange(3)
        also = {"labelIds": sorted(changed)} if changed else {}
        document = {
            "id": str(self.history_id),
            "messages": [{"id": mail.id, "threadId": mail.thread} for mail in mails],
            TYPES[kind]: [{"message": self._mentioned(mail)} | also for mail in mails],
        }
        labels = changed.union(*(mail.labels for mail in mails))
        self._records.append(Record(self.history_id, kind, labels, document))
        for mail in mails:
            mail.history = self.history_id

    def _mentioned(self, mail: Mail) -> dict[str, Any]:
        whole = mail.brief()
        return {key: whole[key] for key in ("id", "threadId")} if self.bare_history else whole

    def _so_far(self) -> dict[str, str]:
        return {"historyId": str(self.history_id)}

    def _fitting(self, story: Story, at: int, end: int, most: int) -> tuple[list[dict[str, Any]], int]:
        """Records from `at` on, and where the next page begins."""
        records = []
        while at < end and len(records) < most:
            record = self._records[at]
            at += 1
            if (not story.types or record.type in story.types) and (not story.label or story.label in record.labels):
                records.append(record.document)
        return records, at

    def _listed(self, search: Search, most: int, token: str | None) -> dict[str, Any]:
        found = self._search(search)
        mark = self._mark(token, Bookmark(search, 0))
        if self.hollow and not mark.rested and found:
            rest = Bookmark(search, mark.at, mark.last, rested=True)
            return {"nextPageToken": self._token(rest), "resultSizeEstimate": _estimate(len(found))}
        at = mark.at if self.shifting or mark.last is None else bisect_right(found, _down(mark.last), key=_down)
        page: dict[str, Any] = {"resultSizeEstimate": _estimate(len(found))}
        shown = found[at : at + most]
        if shown:
            page["messages"] = [{"id": i, "threadId": self._mails[i].thread} for *_, i in shown]
        if at + most < len(found):
            page["nextPageToken"] = self._token(Bookmark(search, at + most, shown[-1]))
        return page

    def _search(self, search: Search) -> list[tuple[int, int, str]]:
        """Newest first. Kept until something changes: otherwise each page of a long list would cost as much as all."""
        kept = None if self.overlooked or self.strayed else self._found.get(search)
        if kept and kept[0] == self.history_id:
            return kept[1]
        query = parse(search.q, self.labels)
        wanted = set(search.labels)
        hidden = frozenset() if search.spam_and_bin or query.everywhere else HIDDEN
        found = [
            place
            for place in reversed(self._order)
            for mail in (self._mails[place[2]],)
            if self._fits(self.strayed, mail.id, search)
            or (
                wanted <= mail.labels
                and not hidden & mail.labels
                and all(test(mail) for test in query.tests)
                and not self._fits(self.overlooked, mail.id, search)
            )
        ]
        if len(self._found) > 8:
            self._found.clear()
        self._found[search] = (self.history_id, found)
        return found

    @staticmethod
    def _fits(patterns: dict[str, str], i: str, search: Search) -> bool:
        pattern = patterns.get(i)
        return pattern is not None and any(re.search(pattern, one) for one in (search.q, *search.labels) if one)

    def _mark(self, token: str | None, first: Bookmark) -> Bookmark:
        if token is None:
            return first
        mark = self._bookmarks.get(token)
        assert mark, f"the page token {token} was never given out"
        assert mark.asked == first.asked, f"the page token {token} belongs to another question"
        return mark

    def _token(self, mark: Bookmark) -> str:
        token = f"{self._random.getrandbits(63):0{self.token_length}}"
        self._bookmarks[token] = mark
        return token


def _set(labels: Iterable[str]) -> frozenset[str]:
    return frozenset([labels] if isinstance(labels, str) else labels)


def _down(place: tuple[int, int, str]) -> tuple[int, int]:
    return (-place[0], -place[1])


def _estimate(count: int) -> int:
    """No count: Gmail says 201 as soon as there are many."""
    return 0 if count == 0 else 201 if count != 201 else 187
