"""What lies in a mailbox's folder: which folders of messages and which mboxes there are, and which have changed.

Only names, sizes and times are looked at. Symbolic links, hidden and temporary files are passed over.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from auditor.values import Value, replace
from connectors.files.disk import is_own_folder, opened, reason
from connectors.files.listing import EMPTY, Listing, Spool, shown, unflagged
from connectors.files.mailbox import Home
from connectors.files.marks import FolderMark
from connectors.files.mbox import is_mbox
from connectors.folders import NOWHERE, Choice, Place, place

TRUSTED_AGE = 2.0
"""Seconds: some file systems count time in steps so large, so a younger folder may change and not show it."""

UNREAD = {
    ".msg": "an Outlook message",
    ".emlx": "an Apple Mail message",
    ".pst": "an Outlook data file",
    ".ost": "an Outlook data file",
    ".olm": "an Outlook for Mac archive",
    ".zip": "an archive",
    ".tgz": "an archive",
    ".7z": "an archive",
}
"""Files that hold mail and are not read: each is a gap, never passed over in silence."""
_LETTERS = frozenset({".eml", *UNREAD})
_MBOX = re.compile(r"\.(?:mbox|mbx)(?:\.gz)?$", re.IGNORECASE)
_WRAPPINGS = ("takeout", "mail")
_SNIFFED = 2048
_ATTEMPTS = 3
_YOUNG = "~"
"""Before the token of a folder that changed so lately that its names are to be compared next time, not its times."""


class Folder(Value, frozen=True):
    """One folder of message files; of a Maildir, its cur and new together."""

    path: Path
    prefix: str
    """What its ids begin with: its path in the mailbox, with a slash unless empty; a Maildir's ends in `cur/`."""
    place: Place
    maildir: bool
    chosen: bool
    listing: Listing | None
    """None when it need not be gone through: not chosen, or unchanged since the mark and without a gap."""
    fresh: bool
    """Whether anything differs from the mark; where not, only its gaps are looked at."""
    token: str
    """For its mark; empty when it did not hold still while it was listed."""


class Mbox(Value, frozen=True):
    """One mbox file."""

    path: Path
    key: str
    """Its name among the marks."""
    place: Place
    chosen: bool


@dataclass(slots=True)
class Found:
    """A mailbox's layout."""

    folders: list[Folder] = field(default_factory=list)
    mboxes: list[Mbox] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    """What could not be listed, one sentence each: while there is any, nothing is concluded to be gone."""


@dataclass(slots=True)
class _Look:
    """One folder's entries."""

    folders: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    letters: bool = False


class Survey:
    """One walk through a mailbox."""

    def __init__(
        self,
        choice: Choice,
        spool: Spool,
        marks: Mapping[str, FolderMark],
        wanted: frozenset[str],
        clock: Callable[[], float],
    ) -> None:
        """`marks` are the folders of last time; those in `wanted` are listed even where they did not change."""
        self._choice = choice
        self._spool = spool
        self._marks = marks
        self._wanted = wanted
        self._clock = clock
        self.found = Found()

    def look(self, home: Home) -> None:
        """Looks at everything that is there of a mailbox."""
        for path, key in home.mboxes:
            self.mbox(path, key)
        if home.folder is not None:
            self.walk(home.folder)

    def walk(self, top: Path) -> None:
        """Looks at everything below `top`, in name order."""
        maildirs: list[tuple[Path, tuple[str, ...], str]] = []
        waiting: list[tuple[Path, tuple[str, ...], str]] = [(top, (), "")]
        while waiting:
            path, parts, prefix = waiting.pop()
            try:
                look = self._folder(path, parts, prefix)
            except OSError as error:
                self.found.trouble.append(f"The folder {path} cannot be listed: {reason(error)}.")
                continue
            is_maildir = "cur" in look.folders
            if is_maildir:
                maildirs.append((path, parts, prefix))
            for name in look.others:
                self._other(path / name, parts, prefix + shown(name))
            waiting += reversed(
                [
                    (path / name, _within(parts, name), f"{prefix}{shown(name)}/")
                    for name in sorted(look.folders)
                    if belongs(path, name, is_maildir)
                ]
            )
        alone = len(maildirs) + len(self.found.folders) + len(self.found.mboxes) == 1
        for path, parts, prefix in maildirs:
            where = place(parts) if parts else NOWHERE if alone else place(("Inbox",))
            self._maildir(path, where, prefix + "cur/")

    def mbox(self, path: Path, key: str, where: Place = NOWHERE) -> None:
        """Adds an mbox."""
        self.found.mboxes.append(Mbox(path, key, where, self._choice.takes(where)))

    def records(self, listing: Listing) -> Iterator[bytes]:
        """The records of a listing."""
        return self._spool.records(listing)

    def names(self, folder: Folder) -> Iterator[bytes]:
        """The records of a folder that was not listed before, listed now."""
        source = _maildir_names(folder.path) if folder.maildir else _letters(folder.path, _Look(), stamped=False)
        return self._spool.records(self._spool.keep(source))

    def _folder(self, path: Path, parts: tuple[str, ...], prefix: str) -> _Look:
        """Lists one folder; its message files, if any, become a `Folder`."""
        where = place(parts)
        chosen = self._choice.takes(where)
        for _ in range(_ATTEMPTS):
            look = _Look()
            before = path.stat().st_mtime_ns
            if chosen or prefix in self._marks:
                listing = self._spool.keep(_letters(path, look, stamped=True))
            else:
                listing = EMPTY
                for _record in _letters(path, look, stamped=False):
                    pass
            still = path.stat().st_mtime_ns == before
            if still:
                break
        if look.letters:
            token = listing.digest if still else ""
            mark = self._marks.get(prefix)
            fresh = not (mark and token and mark.token == token)
            self._add(Folder(path, prefix, where, False, chosen, listing, fresh, token))
        return look

    def _add(self, folder: Folder) -> None:
        """Adds a folder, with its listing only where that has to be gone through."""
        needed = folder.chosen and (folder.fresh or folder.prefix in self._wanted)
        self.found.folders.append(folder if needed else replace(folder, listing=None))

    def _maildir(self, path: Path, where: Place, prefix: str) -> None:
        chosen = self._choice.takes(where)
        mark = self._marks.get(prefix)
        if not chosen and mark is None:
            self._add(Folder(path, prefix, where, True, False, None, True, ""))
            return
        try:
            listing, token = self._maildir_listing(path, mark if prefix not in self._wanted else None)
        except OSError as error:
            self.found.trouble.append(f"The folder {path} cannot be listed: {reason(error)}.")
            return
        fresh = not (mark and token and mark.token.strip(_YOUNG) == token.strip(_YOUNG))
        self._add(Folder(path, prefix, where, True, chosen, listing, fresh, token))

    def _maildir_listing(self, path: Path, mark: FolderMark | None) -> tuple[Listing | None, str]:
        """Its names, or None where its times say that nothing came or went; and the token."""
        for _ in range(_ATTEMPTS):
            now, before = self._clock(), _maildir_times(path)
            young = "" if max(before, default=0) / 1e9 < now - TRUSTED_AGE else _YOUNG
            times = ".".join(map(str, before)) + "/"
            if mark and not young and mark.token.startswith(times):
                return None, mark.token
            listing = self._spool.keep(_maildir_names(path))
            if _maildir_times(path) == before:
                return listing, young + times + listing.digest
        return listing, ""

    def _other(self, path: Path, parts: tuple[str, ...], key: str) -> None:
        """A file that is no message: perhaps an mbox."""
        try:
            if not holds_mbox(path):
                return
        except OSError as error:
            self.found.trouble.append(f"The file {path} cannot be read: {reason(error)}.")
            return
        where = NOWHERE if "@" in path.name else place(parts if path.name == "mbox" else (*parts, path.name))
        self.mbox(path, key, where)


def belongs(path: Path, name: str, is_maildir: bool) -> bool:
    """Whether a subfolder holds folders of mail: hidden ones do where they are Maildirs (Maildir++)."""
    if name.startswith("."):
        try:
            return (path / name / "cur").is_dir()
        except OSError:
            return True  # nobody can tell: listing it will say why
    return not (is_maildir and name in ("cur", "new", "tmp"))


def _within(parts: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The folder names of a subfolder as a person sees them."""
    if name.startswith("."):
        return (*parts, *(part for part in shown(name).split(".") if part))
    if len(parts) == 0 and name.casefold() in _WRAPPINGS:
        return parts
    return (*parts, shown(name))


def _letters(path: Path, look: _Look, *, stamped: bool) -> Iterator[bytes]:
    """A record for each message file (name, NUL, stamp); everything else is noted in `look`."""
    with os.scandir(path) as entries:
        for entry in entries:
            name = entry.name
            if entry.is_file(follow_symlinks=False):
                if passed_over(name):
                    continue
                if is_letter(name):
                    look.letters = True
                    if stamped:
                        facts = entry.stat(follow_symlinks=False)
                        yield os.fsencode(name) + b"\0%d:%d" % (facts.st_size, facts.st_mtime_ns)
                    else:
                        yield os.fsencode(name) + b"\0"
                else:
                    look.others.append(name)
            elif is_own_folder(entry):
                look.folders.append(name)
    look.others.sort()


def _maildir_names(path: Path) -> Iterator[bytes]:
    """A record for each message (`c` or `n` for the folder, name). What lies in new may move to cur, never back,
    so new is listed first and nothing is missed."""
    for folder in _maildir_parts(path):
        mark = os.fsencode(folder.name[:1])
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name[0] != "." and entry.is_file(follow_symlinks=False):
                    yield mark + os.fsencode(entry.name)


def _maildir_parts(path: Path) -> list[os.DirEntry[str]]:
    """new and cur, where they truly lie there."""
    with os.scandir(path) as entries:
        parts = [entry for entry in entries if entry.name in ("cur", "new") and is_own_folder(entry)]
    return sorted(parts, key=lambda part: part.name, reverse=True)


def _maildir_times(path: Path) -> tuple[int, ...]:
    return tuple(part.stat(follow_symlinks=False).st_mtime_ns for part in _maildir_parts(path))


def passed_over(name: str) -> bool:
    """Whether a file is hidden or temporary, by its name."""
    return name[0] == "." or name[-1] == "~" or name[-4:].lower() == ".tmp"


def is_letter(name: str) -> bool:
    """Whether a file is a message by its name, or of a kind that holds mail and is not read."""
    return ending_of(name) in _LETTERS or name.isdigit()


def holds_mbox(path: Path) -> bool:
    """Whether a file that is no letter is an mbox: by its ending, or by its first line.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    if _MBOX.search(path.name):
        return True
    with opened(path) as file:
        return is_mbox(file.read(_SNIFFED))


def unread(kind: str) -> str:
    """What is said of a file of one of the kinds in `UNREAD`, after its name."""
    return f"is {kind}, which is not read: export the mail in it as .eml."


def ending_of(name: str) -> str:
    """`.eml` and the like, lower case; empty when there is none."""
    at = name.rfind(".")
    return name[at:].lower() if at >= 0 else ""


def record_id(folder: Folder, record: bytes) -> str:
    """The id of the message that a record stands for."""
    if folder.maildir:
        return folder.prefix + shown(unflagged(os.fsdecode(record[1:])))
    return folder.prefix + shown(os.fsdecode(record.partition(b"\0")[0]))


def record_path(folder: Folder, record: bytes) -> str:
    """The file that a record stands for. Text, not a `Path`: making one takes longer than opening the file."""
    if folder.maildir:
        part = "new" if record[:1] == b"n" else "cur"
        return f"{folder.path}{os.sep}{part}{os.sep}{os.fsdecode(record[1:])}"
    name = os.fsdecode(record.partition(b"\0")[0])
    return f"{folder.path}{os.sep}{name}"
