"""All mboxes of one mailbox as one stream of posts, each with its id: read whole, or where they only grew, the new end.

An id is the message's key and occurrence in the mailbox (see `mbox`), so which file a message stands in does not
matter, nor in which order.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import BinaryIO

from auditor.store.interface import Held
from auditor.values import Value
from connectors.files.disk import opened, reason
from connectors.files.marks import Marks, MboxMark
from connectors.files.mbox import Letter, NoMbox, Stream, is_mbox, letters
from connectors.files.survey import TRUSTED_AGE, Mbox
from connectors.folders import Choice, Place, labelled
from connectors.seen import Occurrences

LONGEST_TAIL = 64 * 1024 * 1024
"""Bytes that may have been appended for the new end alone to be read; it is held in memory."""

_FIRST, _LAST = 4096, 65536


class Post(Value, frozen=True):
    """A message of an mbox as the mailbox knows it."""

    id: str
    letter: Letter
    place: Place
    chosen: bool


@dataclass(slots=True)
class Mboxes:
    """The mboxes of one mailbox on one night."""

    files: Sequence[Mbox]
    choice: Choice
    clock: Callable[[], float]
    marks: dict[str, MboxMark] = field(default_factory=dict)
    """For the next cursor: complete after everything was read."""
    trouble: list[str] = field(default_factory=list)
    _numbers: Occurrences = field(default_factory=Occurrences)

    def unchanged(self, past: Marks) -> bool:
        """Whether every chosen mbox is as it was marked; then the marks are taken over."""
        now = {file.key: _facts(file) for file in self._chosen}
        if now.keys() != past.mboxes.keys():
            return False
        if any(facts != (past.mboxes[key].size, past.mboxes[key].changed) for key, facts in now.items()):
            return False
        self.marks = dict(past.mboxes)
        return True

    def tails(self, past: Marks, held: Held) -> list[Post] | None:
        """What was appended, where the mboxes did nothing but grow and no message in it was held before.

        None where they have to be read whole: only then is it known which occurrence of its kind a message is.
        """
        if {file.key for file in self._chosen} != past.mboxes.keys():
            return None
        posts: list[Post] = []
        marks: dict[str, MboxMark] = {}
        left = LONGEST_TAIL
        for file in self._chosen:
            mark = marks[file.key] = past.mboxes[file.key]
            size, changed = _facts(file)
            if (size, changed) == (mark.size, mark.changed):
                continue
            left -= size - mark.size
            tail = self._tail(file, mark) if size > mark.size and left > 0 else None
            if tail is None:
                return None
            found, marks[file.key] = tail
            posts += found
        if any(_held_before(post, held, self.choice) for post in posts):
            return None
        self.marks = marks
        return posts

    def everything(self) -> Iterator[Post]:
        """Every message of the chosen mboxes, in the files' order."""
        self._numbers = Occurrences()
        for file in self._chosen:
            yield from self._whole(file)

    def others(self) -> Iterator[Post]:
        """After `everything`: the messages of the mboxes that were not chosen."""
        for file in self.files:
            if not file.chosen:
                yield from self._whole(file)

    @property
    def _chosen(self) -> list[Mbox]:
        return [file for file in self.files if file.chosen]

    def _whole(self, file: Mbox) -> Iterator[Post]:
        count = read = 0
        labels = False
        try:
            with ExitStack() as stack:
                raw = stack.enter_context(opened(file.path))
                changed = self._trusted(file)
                stream = _unpacked(file, raw, stack)
                for letter in letters(stream):
                    post = self._post(file, letter)
                    read += 1
                    count += post.chosen
                    labels |= letter.labels is not None
                    yield post
                size = raw.tell()
                edges = "" if labels or stream is not raw else _edges(raw, size)
        except NoMbox:
            self.trouble.append(f"The file {file.path} is named as an mbox and is none: export it again.")
        except (gzip.BadGzipFile, EOFError, zlib.error):
            self.trouble.append(f"The file {file.path} is damaged after its first {read} messages: export it again.")
        except OSError as error:
            self.trouble.append(f"The file {file.path} cannot be read after {read} messages: {reason(error)}.")
        else:
            if file.chosen:
                self.marks[file.key] = MboxMark(size, changed, edges, count)

    def _tail(self, file: Mbox, mark: MboxMark) -> tuple[list[Post], MboxMark] | None:
        with opened(file.path) as raw:
            changed = self._trusted(file)
            if not mark.edges or _edges(raw, mark.size) != mark.edges:
                return None
            raw.seek(mark.size - min(mark.size, 3))
            before, start = raw.read(min(mark.size, 3)), raw.read(2048)
            if not is_mbox(start) or (before and not before.endswith((b"\n\n", b"\n\r\n"))):
                return None
            raw.seek(mark.size)
            posts = [self._post(file, letter) for letter in letters(raw)]
            size = raw.tell()
            if any(post.letter.labels is not None for post in posts):
                return None
            return posts, MboxMark(size, changed, _edges(raw, size), mark.count + len(posts))

    def _post(self, file: Mbox, letter: Letter) -> Post:
        where = file.place if letter.labels is None else labelled(letter.labels)
        number = self._numbers.next(letter.key)
        chosen = file.chosen and self.choice.takes(where)
        return Post(f"{letter.key}-{number}", letter, where, chosen)

    def _trusted(self, file: Mbox) -> int:
        changed = file.path.stat().st_mtime_ns
        return changed if changed / 1e9 < self.clock() - TRUSTED_AGE else 0


def stamp(post: Post, choice: Choice) -> str:
    """What changes when a message is labelled anew; its bytes cannot change under its id."""
    return "|".join(choice.names(post.place))


def _held_before(post: Post, held: Held, choice: Choice) -> bool:
    if not held.unknown([(post.id, stamp(post, choice))]):
        return True
    return any("/" not in other for other in held.find(hashlib.sha256(post.letter.raw).hexdigest()))


def _facts(file: Mbox) -> tuple[int, int]:
    """Size and time; nothing a mark can hold where the file is gone."""
    try:
        facts = file.path.stat(follow_symlinks=False)
    except OSError:
        return (-1, -1)
    return facts.st_size, facts.st_mtime_ns


def _unpacked(file: Mbox, raw: BinaryIO, stack: ExitStack) -> Stream:
    if file.path.suffix.lower() != ".gz":
        return raw
    return stack.enter_context(gzip.GzipFile(fileobj=raw, mode="rb"))


def _edges(file: BinaryIO, size: int) -> str:
    """Hash of the first and last bytes of the file's first `size`; leaves the position anywhere."""
    digest = hashlib.sha256(size.to_bytes(8, "big"))
    file.seek(0)
    digest.update(file.read(min(_FIRST, size)))
    file.seek(max(0, size - _LAST))
    digest.update(file.read(min(_LAST, size)))
    return digest.hexdigest()[:32]
