"""Mailboxes on disk, for the contract suite: each kind of layout as a person's mail program would keep it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from source_contract import ADDRESS

from connectors.files import Files


class _OnDisk:
    abilities = frozenset[str]()

    def __init__(self, root: Path) -> None:
        self.root = root
        self.made = 0
        (root / ADDRESS).mkdir(parents=True)

    def source(self, folders: Sequence[str] = ("sent",)) -> Files:
        return Files(self.root, [ADDRESS], folders)

    @property
    def home(self) -> Path:
        return self.root / ADDRESS

    def lose(self) -> None:
        shutil.rmtree(self.home)

    def state(self) -> object:
        return sorted(
            (str(p), p.lstat().st_mtime_ns, p.lstat().st_mode, p.read_bytes() if p.is_file() else b"")
            for p in self.root.rglob("*")
        )


class EmlBox(_OnDisk):
    abilities = frozenset({"change", "move", "break"})

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.folder = self.home / "sent"
        self.folder.mkdir()

    def deliver(self, raw: bytes) -> Path:
        self.made += 1
        path = self.folder / f"message {self.made:05}.eml"
        path.write_bytes(raw)
        return path

    def withdraw(self, handle: Path) -> None:
        handle.unlink()

    def change(self, handle: Path, raw: bytes) -> None:
        handle.write_bytes(raw)
        os.utime(handle, ns=(1, handle.stat().st_mtime_ns + 10**9))

    def move(self, handle: Path) -> Path:
        (self.folder / "2026").mkdir(exist_ok=True)
        return handle.rename(self.folder / "2026" / f"renamed {handle.name}")

    def spoil(self, handle: Path) -> None:
        handle.write_bytes(b"")

    def mend(self, handle: Path, raw: bytes) -> None:
        handle.write_bytes(raw)

    def empty(self) -> None:
        for path in self.folder.rglob("*.eml"):
            path.unlink()


class MaildirBox(_OnDisk):
    abilities = frozenset({"change", "move", "break"})

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        for folder in (".Sent", ".Sent.2025"):
            for part in ("cur", "new", "tmp"):
                (self.home / folder / part).mkdir(parents=True)

    def deliver(self, raw: bytes) -> Path:
        self.made += 1
        name = f"1790000000.M{self.made}P7.parish"
        path = self.home / ".Sent" / ("new/" + name if self.made % 2 else f"cur/{name}:2,S")
        path.write_bytes(raw)
        return path

    def withdraw(self, handle: Path) -> None:
        handle.unlink()

    def change(self, handle: Path, raw: bytes) -> None:
        handle.unlink()
        handle.write_bytes(raw)
        os.utime(handle, ns=(1, handle.stat().st_mtime_ns + 10**9))

    def move(self, handle: Path) -> Path:
        return handle.rename(self.home / ".Sent.2025" / "cur" / handle.name)

    def spoil(self, handle: Path) -> None:
        handle.write_bytes(b"")

    def mend(self, handle: Path, raw: bytes) -> None:
        handle.write_bytes(raw)

    def empty(self) -> None:
        for path in self.home.rglob("*P7.parish*"):
            path.unlink()


class MboxBox(_OnDisk):
    """One mbox; a handle is the message's place in it."""

    abilities = frozenset[str]()
    ending = "Sent.mbox"

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.path = self.home / self.ending
        self.messages: dict[int, bytes] = {}
        self.path.write_bytes(b"")

    def deliver(self, raw: bytes) -> int:
        self.made += 1
        self.messages[self.made] = raw
        with self.path.open("ab") as file:
            file.write(stored(raw))
        return self.made

    def withdraw(self, handle: int) -> None:
        del self.messages[handle]
        self.path.write_bytes(b"".join(map(stored, self.messages.values())))

    def empty(self) -> None:
        self.path.write_bytes(b"")


def stored(raw: bytes) -> bytes:
    """A message as an mbox keeps it (mboxrd)."""
    import re

    quoted = re.sub(rb"(?m)^(>*From )", rb">\1", raw)
    return b"From clerk@thorrington.example.org Thu Nov 19 09:14:00 2026\n" + quoted + b"\n"
