"""One night's reading of one mailbox of files: what is new, changed, moved or gone since the marks.

Everything is listed before anything is read, so that a message that only moved is known again, and what is gone is
told from a complete listing alone.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, islice

from auditor.errors import LostSource
from auditor.pipeline.source import Entry, Fetched, Moved, Unfetched, Vanished
from auditor.store.interface import Held
from connectors.files.disk import TooLarge, reason, whole
from connectors.files.listing import unflagged
from connectors.files.marks import FolderMark, Marks
from connectors.files.mbox import LARGEST
from connectors.files.mboxes import Mboxes, Post, stamp
from connectors.files.survey import UNREAD, Folder, Survey, ending_of, record_id, record_path, unread
from connectors.folders import Choice, Place
from connectors.seen import Seen

BATCH = 1000
"""Ids a question to the store."""
_BATCH_BYTES = 8 * 1024 * 1024
_MBOX_ID = re.compile(r"[0-9a-f]{64}-\d+")


class Reading:
    """Makes the entries of one mailbox; afterwards `marks` and `count` say what it came to."""

    def __init__(self, mailbox: str, choice: Choice, survey: Survey, mboxes: Mboxes, past: Marks, held: Held) -> None:
        self._mailbox = mailbox
        self._choice = choice
        self._survey = survey
        self._mboxes = mboxes
        self._past = past
        self._held = held
        self._gaps = frozenset(held.gaps())
        self._folders = {folder.prefix: folder for folder in survey.found.folders}
        self._present = Seen()
        """Ids of the folders that were listed, of the mboxes that were read, and ids dealt with."""
        self._outside = Seen()
        """Of these, the ones outside the choice."""
        self._marks: dict[str, FolderMark] = {}
        self._outside_listed: set[str] = set()
        self._followed_ids = Seen()
        """Ids outside the choice that were counted."""
        self._mboxes_known = False
        self._mboxes_read = False
        self._restless = False
        """Something changed under our hands: what is gone is told next time."""
        self._aside = 0
        self._mbox_aside = past.mbox_aside

    @property
    def trouble(self) -> list[str]:
        """What could not be read at all, a sentence each; then the marks are not to be kept."""
        return self._survey.found.trouble + self._mboxes.trouble

    @property
    def marks(self) -> Marks:
        """For the next cursor."""
        return Marks(
            tuple(sorted(self._choice.folders)),
            self._marks,
            self._mboxes.marks,
            self._aside,
            self._mbox_aside,
            due=self._restless,
        )

    def entries(self) -> Iterator[Entry]:
        """In a fixed order: mboxes, then folders by name, then what moved out of the choice, then what is gone."""
        for folder in self._folders.values():
            self._note(folder)
        yield from self._from_mboxes()
        for folder in self._folders.values():
            if folder.listing is not None:
                yield from self._from_folder(folder)
        if self.trouble:
            return
        if self._due():
            yield from self._settled()
        else:
            self._aside = self._past.aside
            self._marks |= {prefix: mark for prefix, mark in self._past.folders.items() if prefix not in self._marks}

    @cached_property
    def _any_held(self) -> bool:
        """Whether anything of this mailbox is held: asked only where something has come or gone."""
        return not self._held.empty()

    # --- listing

    def _note(self, folder: Folder) -> None:
        """Remembers a folder's ids and makes its mark."""
        if folder.listing is None or not folder.fresh:
            if folder.chosen:
                self._marks[folder.prefix] = FolderMark(folder.token, self._past.folders[folder.prefix].count)
            return
        records = self._survey.records(folder.listing)
        count = sum(self._present.add(record_id(folder, record)) for record in records)
        self._marks[folder.prefix] = FolderMark(folder.token, count)
        self._restless |= not folder.token

    def _due(self) -> bool:
        """Whether anything may have gone."""
        if self._restless:
            return False
        if self._past.due or self._mboxes_read:
            return True
        now = {folder.prefix: folder.token for folder in self._folders.values() if self._followed(folder)}
        return now != {prefix: mark.token for prefix, mark in self._past.folders.items()}

    def _followed(self, folder: Folder) -> bool:
        return folder.chosen or folder.prefix in self._past.folders

    # --- mboxes

    def _from_mboxes(self) -> Iterator[Entry]:
        if not any(file.chosen for file in self._mboxes.files):
            self._mboxes_known, self._mboxes_read = True, bool(self._past.mboxes)
            return
        wanted = any(_MBOX_ID.fullmatch(gap) for gap in self._gaps)
        if not wanted and self._mboxes.unchanged(self._past):
            return
        try:
            tails = None if wanted else self._mboxes.tails(self._past, self._held)
        except OSError:
            tails = None  # read whole, it says itself what is wrong
        if tails is not None:
            yield from self._from_posts(tails)
            return
        self._mboxes_read = True
        yield from self._from_posts(self._mboxes.everything())
        self._mboxes_known = not self._mboxes.trouble

    def _from_posts(self, posts: Iterable[Post]) -> Iterator[Entry]:
        source = iter(posts)
        while batch := self._batch(source):
            listed = [(post.id, stamp(post, self._choice)) for post in batch if post.chosen]
            unknown = self._held.unknown(listed)
            for post in batch:
                if post.id in unknown and post.chosen:
                    yield self._post(post)

    def _batch(self, source: Iterator[Post]) -> list[Post]:
        """The next posts, each remembered: at most `BATCH`, and no more than a page's worth of bytes."""
        batch: list[Post] = []
        size = 0
        for post in source:
            self._present.add(post.id)
            if not post.chosen:
                self._outside.add(post.id)
                continue
            batch.append(post)
            size += len(post.letter.raw)
            if len(batch) == BATCH or size > _BATCH_BYTES:
                break
        return batch

    def _post(self, post: Post) -> Entry:
        mark = stamp(post, self._choice)
        if post.letter.size > LARGEST:
            return Unfetched(post.id, _too_large(post.letter.size), mark)
        return self._arrived(post.id, post.letter.raw, post.place, mark)

    # --- message files

    def _from_folder(self, folder: Folder) -> Iterator[Entry]:
        if folder.listing is None:
            return
        twice = Seen()
        records = self._survey.records(folder.listing)
        if not folder.fresh:
            records = (record for record in records if record_id(folder, record) in self._gaps)
        while batch := list(islice(records, BATCH)):
            named = [(record_id(folder, record), record) for record in batch]
            if folder.maildir:
                named = [(id_, record) for id_, record in named if twice.add(id_)]
            if not self._any_held:  # all is new; its size and time come with its bytes
                for id_, record in named:
                    yield from self._file(folder, id_, None, record)
                continue
            stamped = [(id_, self._stamp(folder, record), record) for id_, record in named]
            unknown = self._held.unknown([(id_, mark) for id_, mark, _ in stamped])
            for id_, mark, record in stamped:
                if id_ in unknown:
                    yield from self._file(folder, id_, mark, record)

    def _stamp(self, folder: Folder, record: bytes) -> str:
        if not folder.maildir:
            return record.partition(b"\0")[2].decode("ascii")
        try:
            facts = os.stat(record_path(folder, record), follow_symlinks=False)  # noqa: PTH116 (takes text)
        except OSError:
            return ""
        return _mark(facts)

    def _file(self, folder: Folder, id_: str, mark: str | None, record: bytes) -> Iterator[Entry]:
        """The message in a file; `mark` is the stamp, where it was asked for already."""
        path = record_path(folder, record)
        kind = None if folder.maildir else UNREAD.get(ending_of(path))
        if kind:
            stamp_ = self._stamp(folder, record)
            yield Unfetched(id_, f"The file {unread(kind)}", stamp_)
            return
        try:
            raw, facts = whole(path, LARGEST)
        except FileNotFoundError:
            again = _reflagged(folder, record) if folder.maildir else None
            if again is None:
                # Gone between the listing and the reading: the next night tells what became of it.
                self._restless = True
                self._marks[folder.prefix] = FolderMark("", self._marks[folder.prefix].count - 1)
                return
            yield from self._file(folder, id_, mark, again)
        except TooLarge as large:
            yield Unfetched(id_, _too_large(large.size), mark or self._stamp(folder, record))
        except OSError as error:
            why = f"The file cannot be read: {reason(error)}."
            yield Unfetched(id_, why, mark or self._stamp(folder, record))
        else:
            mark = mark or _mark(facts)
            if raw:
                yield self._arrived(id_, raw, folder.place, mark)
            else:
                yield Unfetched(id_, "The file is empty: fetch it again from where it came.", mark)

    def _arrived(self, id_: str, raw: bytes, place: Place, mark: str) -> Entry:
        """The message, or where it is held under this or a former id, where it lies now."""
        names = self._choice.names(place)
        if self._any_held and id_ not in self._gaps:
            ids = self._held.find(hashlib.sha256(raw).hexdigest())
            if id_ in ids:
                return Moved(id_, id_, names, mark)
            for old in ids:
                if old not in self._gaps and self._gone(old):
                    self._present.add(old)
                    return Moved(old, id_, names, mark)
        return Fetched(id_, raw, names, mark)

    # --- what is gone

    def _gone(self, id_: str) -> bool:
        """Whether an id held is certainly in no folder any more; False while that is not known."""
        if self.trouble or self._restless or id_ in self._present:
            return False
        if _MBOX_ID.fullmatch(id_):
            return self._mboxes_known
        folder = self._folders.get(id_[: id_.rfind("/") + 1])
        if folder is None:
            return True
        if folder.chosen:
            return folder.fresh
        self._list_outside(folder)
        return id_ not in self._present

    def _list_outside(self, folder: Folder) -> None:
        """Remembers the ids of a folder outside the choice, once; from now on it is followed."""
        if folder.prefix in self._outside_listed:
            return
        self._outside_listed.add(folder.prefix)
        self._marks[folder.prefix] = FolderMark(folder.token, 0)
        for record in self._survey.names(folder):
            id_ = record_id(folder, record)
            self._present.add(id_)
            self._outside.add(id_)

    def _settled(self) -> Iterator[Entry]:
        """What moved out of the choice, then what is gone."""
        if self._mboxes_known:
            self._mbox_aside = 0
        if any(self._gone(id_) for id_ in self._known_ids()):
            yield from self._moved_outside()
        if self.trouble:
            return
        if self._any_held and not self.marks.count and all(self._gone(id_) for id_ in self._held.ids()):
            raise LostSource(
                f"{self._mailbox} is suddenly empty, where messages were held: check that the export or copy is whole."
            )
        for id_ in self._known_ids():
            if self._gone(id_):
                self._present.add(id_)
                yield Vanished(id_)
            elif id_ in self._outside and self._followed_ids.add(id_):
                if not _MBOX_ID.fullmatch(id_):
                    self._aside += 1
                elif self._mboxes_known:
                    self._mbox_aside += 1

    def _known_ids(self) -> Iterator[str]:
        return chain(self._held.ids(), sorted(self._gaps))

    def _moved_outside(self) -> Iterator[Entry]:
        """Held messages that now lie in a folder outside the choice, not the bin: known by name, then by content."""
        if self._mboxes_known:
            for post in self._mboxes.others():
                self._present.add(post.id)
                self._outside.add(post.id)
            self._mboxes_known = not self._mboxes.trouble
        elsewhere = [f for f in self._folders.values() if not f.chosen and "deleted" not in f.place.kinds]
        if not elsewhere:
            return
        leaves = Seen()
        for id_ in self._known_ids():
            if self._gone(id_):
                leaves.add(id_[id_.rfind("/") + 1 :])
        for folder in elsewhere:
            for record in self._survey.names(folder):
                id_ = record_id(folder, record)
                if id_[id_.rfind("/") + 1 :] in leaves:
                    yield from self._followed_out(folder, id_, record)

    def _followed_out(self, folder: Folder, id_: str, record: bytes) -> Iterator[Entry]:
        try:
            raw, _ = whole(record_path(folder, record), LARGEST)
        except (OSError, TooLarge):
            return
        entry = self._arrived(id_, raw, folder.place, "")
        if isinstance(entry, Moved) and entry.id != entry.to:
            self._list_outside(folder)
            self._followed_ids.add(id_)
            self._aside += 1
            yield entry


def _mark(facts: os.stat_result) -> str:
    return f"{facts.st_size}:{facts.st_mtime_ns}"


def _too_large(size: int) -> str:
    return f"The message is too large to be read: {size // 1_000_000} MB; it lies unread in the mailbox's folder."


def _reflagged(folder: Folder, record: bytes) -> bytes | None:
    """A Maildir message that was read or flagged since it was listed, under its name of now."""
    base = unflagged(os.fsdecode(record[1:]))
    for mark, name in ((b"c", "cur"), (b"n", "new")):
        with os.scandir(folder.path / name) as entries:
            for entry in entries:
                if unflagged(entry.name) == base and entry.is_file(follow_symlinks=False):
                    return mark + os.fsencode(entry.name)
    return None
