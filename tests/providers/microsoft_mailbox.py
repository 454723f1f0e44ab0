"""A mailbox of Exchange Online as Graph lets one see it: folders, messages, a log of changes a folder, and a test's hands."""

from __future__ import annotations

import base64
import hashlib
import math
import re
import secrets
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from providers.microsoft_letters import ID, PROPERTIES, Letter, Wish, digits, lasting, number_of, shown


@dataclass(eq=False)
class Refused(Exception):
    """An answer that is an error."""

    status: int
    code: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)


def absent() -> Refused:
    return Refused(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def malformed() -> Refused:
    return Refused(400, "ErrorInvalidIdMalformed", "Id is malformed.")


MIME = {
    "conversion": Refused(500, "ErrorMimeContentConversionFailed", "MIME content conversion failed."),
    "content": Refused(500, "ErrorContentConversionFailed", "Content conversion failed."),
    "missing": absent(),
    "denied": Refused(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."),
    "busy": Refused(503, "ServiceUnavailable", "The service is temporarily unavailable."),
    "slow": Refused(504, "UnknownError", ""),
    "lost": Refused(400, "ErrorItemCorrupt", "The item is corrupt."),
}
"""What `/$value` says of a message that is spoilt; of one that is 'lost', what asks for its body too. Besides: 'ok';
'empty' (200 and no bytes); 'page' (500 for every page that has the message on it, microsoft-graph-docs-contrib#7758)."""

CLOSED = {
    "MailboxNotEnabledForRESTAPI": Refused(
        404, "MailboxNotEnabledForRESTAPI", "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
    ),
    "MailboxNotSupportedForRESTAPI": Refused(
        404, "MailboxNotSupportedForRESTAPI", "REST API is not yet supported for this mailbox."
    ),
    "ErrorInvalidUser": Refused(404, "ErrorInvalidUser", "The requested user '{}' is invalid."),
    "ErrorAccessDenied": Refused(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."),
    "OData": Refused(403, "ErrorAccessDenied", "Access to OData is disabled."),
    "Request_ResourceNotFound": Refused(
        404,
        "Request_ResourceNotFound",
        "Resource '{}' does not exist or one of its queried reference-property objects are not present.",
    ),
    "Authorization_RequestDenied": Refused(
        403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
    ),
}
"""What a closed mailbox answers to everything. 'OData' is the other text of ErrorAccessDenied, a policy's."""

NAMES = {
    "en": "Inbox|Drafts|Sent Items|Deleted Items|Junk Email|Outbox|Archive|Conversation History|Clutter|Sync Issues",
    "de": "Posteingang|Entwürfe|Gesendete Elemente|Gelöschte Elemente|Junk-E-Mail|Postausgang|Archiv"
    "|Aufgezeichnete Unterhaltungen|Clutter|Synchronisierungsprobleme",
    "cy": "Blwch Derbyn|Drafftiau|Eitemau a Anfonwyd|Eitemau wedi'u Dileu|E-bost Sothach|Blwch Anfon|Archif"
    "|Hanes Sgyrsiau|Annibendod|Problemau Cydamseru",
}
"""What each locale calls `WELL_KNOWN`."""

WELL_KNOWN = [
    "inbox",
    "drafts",
    "sentitems",
    "deleteditems",
    "junkemail",
    "outbox",
    "archive",
    "conversationhistory",
    "clutter",
    "syncissues",
]


class Change(NamedTuple):
    """An entry of a folder's log."""

    letter: int
    kind: str
    """in | update | out | back (in again, and told to nobody who knew it before)."""
    before: int
    """Where the log's entry before this one about the same letter is; -1 for none."""
    properties: frozenset[str] = frozenset()
    """What an update changed."""
    reason: str = ""
    """Why it went out."""
    id: str = ""
    """The id it went out with, of the kind that does not stay."""


@dataclass(slots=True, eq=False)
class Folder:
    """A mail folder."""

    number: int
    id: str
    name: str
    parent: int | None
    well_known: str = ""
    hidden: bool = False
    search: bool = False
    members: dict[int, Letter] = field(default_factory=dict)
    log: list[Change] = field(default_factory=list)
    last: dict[int, int] = field(default_factory=dict)
    """Where the newest entry about each letter is."""
    order: list[Letter] | None = None
    """The members, newest first, until something changes."""

    def note(self, letter: Letter, kind: str, **facts: Any) -> None:
        self.log.append(Change(letter.number, kind, self.last.get(letter.number, -1), **facts))
        self.last[letter.number] = len(self.log) - 1
        self.order = None


@dataclass(frozen=True, slots=True)
class Round:
    """What a delta link's token stands for."""

    folder: int
    wish: Wish
    kind: str
    """$skiptoken | $deltatoken."""
    since: int = 0
    head: int = 0
    """Where the log ended when the round began."""
    initial: bool = True
    at: int = 0
    """How far the log has been told."""
    blanks: int = 0
    """Empty pages still to come."""
    told: tuple[int, ...] = ()
    """The last entries told, for replays."""
    after: tuple[str, datetime] | None = None
    """receivedDateTime ge or gt."""
    changes: str = ""
    count: int = 0

    @property
    def base(self) -> int:
        """The client knows nothing that was so before, or all of it."""
        return self.head if self.initial else self.since


@dataclass(slots=True)
class Limits:
    """How much is answered before 429."""

    rate: int | None = None
    """Requests in a window; those that were refused count."""
    window: float = 600.0
    """Seconds."""
    in_flight: int | None = None
    """Requests at one time; Exchange Online has 4."""
    retry_after: int = 1
    delay: float = 0.0
    """Seconds that each request takes."""


class Mailbox:
    """A mailbox. Every method may be called while the server answers. Folders are named by a well-known name, an id or a
    path from the root, made where it is not there."""

    def __init__(self, address: str, name: str, clock: Callable[[], float], locale: str = "en") -> None:
        self.address = address
        self.name = name or address.partition("@")[0].title()
        self.user_id = str(uuid.uuid5(uuid.NAMESPACE_URL, address))
        self.enabled = True
        """What `accountEnabled` says; false for a shared mailbox."""
        self.limits = Limits()
        self.throttled = 0
        """Requests that were answered 429."""
        self.most_in_flight = 0
        self.page_limit = 1000
        """More messages on a page are not given, whatever was asked for."""
        self.heavy: int | None = None
        """More messages with bodies on a page are answered 504."""
        self.ignores_text = False
        """Whether outlook.body-content-type is ignored."""
        self.partial = False
        """Whether delta shows only the properties that changed."""
        self.replays = 0
        """So many entries of the page before come again with each page of delta."""
        self.empty_pages = 0
        """So many pages of each round of delta come with nothing but a link."""
        self.forgets_returns = True
        """Whether a message that leaves a folder and comes back is told as removed, and no more
        (microsoft-graph-docs-contrib#72)."""
        self.move_reason = "changed"
        """What `@removed` says of a message moved to another folder."""
        self.move_keeps_key = False
        """Whether a move leaves changeKey as it is."""
        self.loops = ""
        """link: the next link of a page of delta is the page's own; items: a new link, the same items."""
        self.sloppy = False
        """Whether delta gives isRead as a string."""
        self.links_to = ""
        """The scheme and host of links; the server's own when empty."""
        self.token_length = 96
        self.answered: tuple[tuple[str | None, str | None], list[Letter], list[Letter]] | None = None
        """The last list that was asked for with a filter or an order: these, what it was of, and what it was."""
        self.lock = threading.RLock()
        self._clock = clock
        self._seed = digits(int.from_bytes(hashlib.sha256(address.encode()).digest()[:7], "big"), 10)
        self._letters: dict[int, Letter] = {}
        self._made = 0
        self._keys = 0
        self._tokens: dict[str, Round] = {}
        self._forgotten: tuple[bool, str, int] = (True, "SyncStateNotFound", 410)
        self._closed: Refused | None = None
        self._busy = 0
        self._asked: deque[float] = deque()
        self._folders: list[Folder] = []
        self._furnish(locale)

    # Folders

    def _furnish(self, locale: str) -> None:
        root = self._make("Top of Information Store", None, "msgfolderroot")
        for well_known, name in zip(WELL_KNOWN, NAMES[locale].split("|"), strict=True):
            self._make(name, root, well_known)
        issues, history = self.find("syncissues"), self.find("conversationhistory")
        for name in ("Conflicts", "Local Failures", "Server Failures"):
            self._make(name, issues, name.replace(" ", "").lower())
        self._make("Team Chat", history, hidden=True)
        self._make("Conversation Action Settings", root, hidden=True)
        self._make("Yammer Root", root, hidden=True)
        self._make("Scheduled", root, "scheduled")
        self._make("Unread Mail", root, search=True)
        self._make("Search Folders", None, "searchfolders")
        self._make("Deletions", None, "recoverableitemsdeletions")

    def _make(self, name: str, parent: Folder | None, well_known: str = "", **facts: Any) -> Folder:
        number = len(self._folders)
        i = f"AAMkADNkNmAwLTg4{self._seed}{'A' * 60}{digits(number, 4)}AAA="
        self._folders.append(Folder(number, i, name, parent.number if parent else None, well_known, **facts))
        return self._folders[-1]

    @property
    def folders(self) -> list[Folder]:
        """Those that there are."""
        with self.lock:
            return [folder for folder in self._folders if folder.number >= 0]

    def find(self, name: str) -> Folder:
        """By a well-known name or an id; as Graph says it where there is none."""
        # msgraph-sdk-java#236: the archive mailbox's root is the primary one's.
        known = "msgfolderroot" if name == "ArchiveMsgFolderRoot" else name.lower()
        for folder in self.folders:
            if name == folder.id or (known and known == folder.well_known):
                return folder
        raise absent() if ID.fullmatch(name) or name.startswith("AAMk") else malformed()

    def parent(self, folder: Folder) -> str:
        """The id of the folder it is in."""
        return "AAMkADROOT" + self._seed if folder.parent is None else self._folders[folder.parent].id

    def children(self, folder: Folder, hidden: bool) -> list[Folder]:
        return [one for one in self.folders if one.parent == folder.number and (hidden or not one.hidden)]

    def folder(self, path: str, *, hidden: bool = False) -> str:
        """A folder's id; makes what is not there."""
        with self.lock:
            known = next((one for one in self.folders if path and path in (one.id, one.well_known)), None)
            return (known or self._walk(path, hidden)).id

    def _walk(self, path: str, hidden: bool) -> Folder:
        at = self._folders[0]
        for name in path.split("/"):
            inside = [one for one in self.children(at, True) if name in (one.name, one.well_known)]
            at = inside[0] if inside else self._make(name, at, hidden=hidden)
        return at

    def rename(self, folder: str, name: str) -> None:
        with self.lock:
            self.find(self.folder(folder)).name = name

    def transfer(self, folder: str, parent: str) -> None:
        """Puts a folder into another."""
        with self.lock:
            self.find(self.folder(folder)).parent = self.find(self.folder(parent)).number

    def drop(self, folder: str) -> None:
        """Removes a folder with all that is in it."""
        with self.lock:
            gone = self.find(self.folder(folder))
            for inside in self.children(gone, True):
                self.drop(inside.id)
            for letter in list(gone.members.values()):
                self._take(letter, "deleted")
            gone.number, gone.parent = -1 - gone.number, None

    def contents(self, folder: Folder) -> list[Letter]:
        """The members, newest first."""
        with self.lock:
            members = self._unread() if folder.search else folder.members.values()
            if folder.search or folder.order is None:
                folder.order = sorted(members, key=lambda letter: (letter.received_at, letter.number), reverse=True)
            return folder.order

    def everything(self) -> list[Letter]:
        with self.lock:
            return sorted(self._letters.values(), key=lambda one: (one.received_at, one.number), reverse=True)

    def _unread(self) -> list[Letter]:
        return [letter for letter in self._letters.values() if not letter.read]

    # What a test does

    def deliver(
        self,
        raw: bytes | Path,
        folder: str = "sentitems",
        *,
        bcc: Sequence[str] = (),
        draft: bool = False,
        sent: datetime | None = None,
        received: datetime | None = None,
        read: bool = True,
        mime: str = "ok",
        address_of: Mapping[str, str | None] | None = None,
        cloud: Sequence[str] = (),
    ) -> str:
        """Puts a message into a folder; its immutable id. A path is read anew each time it is asked for. `address_of` says
        what stands in place of an address, None for nothing; `cloud` names files attached by a link."""
        with self.lock:
            self._made += 1
            into, now = self.find(self.folder(folder)), self._now()
            letter = Letter(
                self._made, self.address, self._seed, into.number, into.id, raw, self._key(), now, now, tuple(bcc)
            )
            letter.draft = draft or into.well_known == "drafts"
            letter.sent, letter.received, letter.read, letter.mime = sent, received, read, mime
            letter.own = into.well_known in ("sentitems", "drafts", "outbox")
            letter.address_of, letter.cloud = dict(address_of or {}), tuple(cloud)
            self._put(letter, into)
            return letter.id(True)

    def copy(self, i: str, folder: str) -> str:
        """Another message with the same bytes; its id."""
        with self.lock:
            letter = self.letter(i)
            times: dict[str, Any] = {"sent": letter.sent, "received": letter.received, "read": letter.read}
            facts: dict[str, Any] = {
                "bcc": letter.bcc,
                "draft": letter.draft,
                "mime": letter.mime,
                "cloud": letter.cloud,
            }
            new = self.deliver(letter.source, folder, address_of=letter.address_of, **facts, **times)
            self.letter(new).own = letter.own
            return new

    def move(self, i: str, folder: str) -> str:
        """To another folder; its immutable id, which stays."""
        with self.lock:
            letter, into = self.letter(i), self.find(self.folder(folder))
            known = into.last.get(letter.number, -1)
            self._take(letter, self.move_reason)
            letter.moves += 1
            self._touch(letter, keep=self.move_keeps_key)
            trapped = self.forgets_returns and known >= 0 and into.log[known].kind == "out"
            self._put(letter, into, "back" if trapped else "in")
            return letter.id(True)

    def recycle(self, i: str) -> str:
        """As the delete key does: to Deleted Items."""
        return self.move(i, "deleteditems")

    def purge(self, i: str) -> str:
        """As emptying Deleted Items does: to the recoverable items."""
        return self.move(i, "recoverableitemsdeletions")

    def remove(self, i: str) -> None:
        """For good."""
        with self.lock:
            self._take(self.letter(i), "deleted")

    def clear(self) -> None:
        """Removes every message for good."""
        with self.lock:
            for letter in list(self._letters.values()):
                self._take(letter, "deleted")

    def change(self, i: str, raw: bytes | Path) -> None:
        """Other bytes, and a new changeKey."""
        with self.lock:
            letter = self.letter(i)
            letter.replace(raw)
            self._touch(letter)
            self._folders[letter.folder].note(letter, "update", properties=frozenset(PROPERTIES))

    def touch(self, i: str, *, read: bool | None = None) -> None:
        """The same bytes, and a new changeKey; `isRead` is turned over unless it is said."""
        with self.lock:
            letter = self.letter(i)
            letter.read = not letter.read if read is None else read
            self._touch(letter)
            changed = frozenset({"isRead", "changeKey", "lastModifiedDateTime"})
            self._folders[letter.folder].note(letter, "update", properties=changed)

    def spoil(self, i: str, how: str = "conversion") -> None:
        """Makes it unreadable in one of the ways of `MIME`; nothing tells of it."""
        assert how in MIME or how in ("ok", "empty", "page"), how
        with self.lock:
            self.letter(i).mime = how

    def mend(self, i: str, raw: bytes | Path | None = None) -> None:
        """Readable again, with these bytes; nothing tells of it."""
        with self.lock:
            letter = self.letter(i)
            letter.mime = "ok"
            if raw is not None:
                letter.replace(raw)

    def close(self, how: str = "MailboxNotEnabledForRESTAPI") -> None:
        """Everything is answered as `CLOSED` says."""
        refused = CLOSED[how]
        self._closed = replace(refused, message=refused.message.format(self.address))

    def open(self) -> None:
        """As it was before `close`."""
        self._closed = None

    def forget(self, *, location: bool = True, code: str = "SyncStateNotFound", status: int = 410) -> None:
        """Honours no link given so far: with this code, and with a Location or without."""
        with self.lock:
            self._tokens.clear()
            self._forgotten = (location, code, status)

    def state(self) -> object:
        """All that there is, to be compared."""
        with self.lock:
            folders = [(one.id, one.name, one.parent, one.hidden, len(one.log)) for one in self.folders]
            letters = [
                (one.id(False), one.folder_id, one.key, one.read, one.mime, hashlib.sha256(one.raw).hexdigest())
                for one in self._letters.values()
            ]
            return folders, letters

    # What the server does

    def letter(self, i: str) -> Letter:
        """By either kind of id."""
        found = ID.fullmatch(i)
        if found is None:
            raise malformed()
        with self.lock:
            letter = self._letters.get(number_of(found[3])) if found[2] == self._seed else None
            if letter is None or i not in (letter.id(True), letter.id(False)):
                raise absent()
            return letter

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """A request, unless the mailbox is closed or has had enough of them."""
        with self.lock:
            self._admit()
            self._busy += 1
            self.most_in_flight = max(self.most_in_flight, self._busy)
        try:
            time.sleep(self.limits.delay)
            if self._closed:
                raise replace(self._closed)
            yield
        finally:
            with self.lock:
                self._busy -= 1

    def _admit(self) -> None:
        limits, now = self.limits, time.monotonic()
        while self._asked and self._asked[0] <= now - limits.window:
            self._asked.popleft()
        self._asked.append(now)
        if limits.in_flight is not None and self._busy >= limits.in_flight:
            raise self._enough("ApplicationThrottled", "MailboxConcurrency", limits.retry_after)
        if limits.rate is not None and len(self._asked) > limits.rate:
            wait = max(1, math.ceil(self._asked[-limits.rate] + limits.window - now))
            raise self._enough("TooManyRequests", "RequestRate", wait)

    def _enough(self, code: str, limit: str, wait: int) -> Refused:
        self.throttled += 1
        return Refused(429, code, f"Application is over its {limit} limit.", {"Retry-After": str(wait)})

    def begin(self, folder: Folder, wish: Wish, after: tuple[str, datetime] | None, changes: str) -> Round:
        """A first round of delta."""
        with self.lock:
            blanks = self.empty_pages
            return Round(folder.number, wish, "$skiptoken", 0, len(folder.log), True, 0, blanks, (), after, changes)

    def resume(self, folder: Folder, kind: str, token: str, start: str) -> Round:
        """The round that a token stands for.

        Raises:
            Refused: there is none any more; `start` is where a Location leads to.
        """
        with self.lock:
            assert TOKEN.fullmatch(token), "a token that was never given"
            found = self._tokens.get(token)
            if found is None:
                location, code, status = self._forgotten
                text = "The sync state generation is not found; generation=605;[highest=841][841][839][840]."
                raise Refused(status, code, text, {"Location": f"{start}?$deltatoken="} if location else {})
        assert found.kind == kind, f"a {found.kind} is given as a {kind}"
        assert found.folder == folder.number, "a token of another folder"
        if kind == "$deltatoken":
            return replace(found, since=found.at, head=len(folder.log), blanks=self.empty_pages, count=0)
        return found

    def turn(self, folder: Folder, here: Round, wish: Wish, size: int) -> tuple[list[dict[str, Any]], str, str]:
        """A page of delta, the kind of its link and the link's token."""
        wish = replace(here.wish, immutable=wish.immutable, text=wish.text, basic=wish.basic)
        with self.lock:
            if here.blanks:
                return [], "$skiptoken", self._issue(replace(here, kind="$skiptoken", blanks=here.blanks - 1))
            entries, there = self._page(folder, here, wish, size)
            last = there.at >= len(folder.log) or (here.after is not None and there.count >= 5000)
            if self.loops:
                again = replace(here, kind="$skiptoken")
                return entries, "$skiptoken", self._issue(again, same=self.loops == "link")
            kind = "$deltatoken" if last else "$skiptoken"
            return entries, kind, self._issue(replace(there, kind=kind, initial=there.initial and not last))

    def _page(self, folder: Folder, here: Round, wish: Wish, size: int) -> tuple[list[dict[str, Any]], Round]:
        again = [self._entry(folder, here, place, wish) for place in here.told]
        entries = [entry for entry in again if entry][: size - 1]
        told, at, log = list(here.told), here.at, folder.log
        first = len(entries)
        while at < len(log) and len(entries) < size:
            # An entry is told where it is the newest about its letter, so that a round costs what changed.
            entry = self._entry(folder, here, at, wish) if folder.last[log[at].letter] == at else None
            if entry:
                entries.append(entry)
                told.append(at)
            at += 1
        count = here.count + len(entries) - first
        return entries, replace(here, at=at, told=tuple(told[-self.replays :]) if self.replays else (), count=count)

    def _entry(self, folder: Folder, here: Round, place: int, wish: Wish) -> dict[str, Any] | None:
        """What is told of a change; None for nothing."""
        change = folder.log[place]
        listed = here.initial and place < here.head
        if change.kind == "back" and not listed:
            place = change.before
            change = folder.log[place]
            if place < here.base:
                return None
        if change.kind == "out":
            return None if listed or here.changes not in ("", "deleted") else self._gone(change, wish.immutable)
        letter = folder.members.get(change.letter)
        if letter is None or not _recent(letter, here.after):
            return None
        changed = None if listed else _changed(folder, place, here.base)
        if here.changes not in ("", "created" if changed is None else "updated"):
            return None
        return self._told(letter, wish, changed if self.partial else None)

    def _told(self, letter: Letter, wish: Wish, only: frozenset[str] | None) -> dict[str, Any]:
        if letter.mime == "page":
            raise spoilt()
        entry = {"@odata.type": "#microsoft.graph.message"} | shown(letter, wish, only)
        if self.sloppy and "isRead" in entry:
            entry["isRead"] = str(entry["isRead"]).lower()
        return entry

    def _gone(self, change: Change, immutable: bool) -> dict[str, Any]:
        i = lasting(self._seed, change.letter) if immutable else change.id
        return {"@odata.type": "#microsoft.graph.message", "id": i, "@removed": {"reason": change.reason}}

    def _issue(self, what: Round, same: bool = False) -> str:
        """A token for a round: the one it has already, or a new one."""
        known = next((token for token, one in self._tokens.items() if one == what), "") if same else ""
        token = known or f"R0+{secrets.token_urlsafe(self.token_length)[: self.token_length - 5]}|1"
        self._tokens[token] = what
        return token

    def _put(self, letter: Letter, into: Folder, kind: str = "in") -> None:
        letter.folder, letter.folder_id = into.number, into.id
        self._letters[letter.number] = into.members[letter.number] = letter
        into.note(letter, kind)

    def _take(self, letter: Letter, reason: str) -> None:
        folder = self._folders[letter.folder]
        del self._letters[letter.number], folder.members[letter.number]
        folder.note(letter, "out", reason=reason, id=letter.id(False))

    def _touch(self, letter: Letter, keep: bool = False) -> None:
        letter.changed = self._now()
        if not keep:
            letter.key = self._key()

    def _key(self) -> str:
        self._keys += 1
        return "CQAAABYAAAC4" + base64.b64encode(self._keys.to_bytes(15, "big")).decode()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


TOKEN = re.compile(r"R0\+[\w-]+\|1", re.ASCII)


def spoilt() -> Refused:
    """A page with a message on it that cannot be shown."""
    return Refused(500, "InternalServerError", "Error while processing response.")


def _recent(letter: Letter, after: tuple[str, datetime] | None) -> bool:
    if after is None:
        return True
    at = letter.received_at.replace(microsecond=0)
    return at >= after[1] if after[0] == "ge" else at > after[1]


def _changed(folder: Folder, place: int, base: int) -> frozenset[str] | None:
    """Which properties were changed since `base`; None when the message came into the folder since."""
    changed: frozenset[str] = frozenset()
    while place >= base:
        change = folder.log[place]
        if change.kind != "update":
            return None
        changed |= change.properties
        place = change.before
    return changed
