"""Where the sample's mail lies: folders of .eml for most, a Maildir for one, an mbox for one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

MAILDIR = "trees@thorrington.example.org"
MBOX = "nigel.frayling@thorrington.example.org"

# A colon may stand in no file name on Windows; a name without it is a Maildir name too.
_SEEN = "" if os.name == "nt" else ":2,S"

_FROM = re.compile(rb"^(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Filed:
    """One message and where it belongs."""

    mailbox: str
    folder: str
    """sent, inbox or deleted."""
    sender: str
    sent: datetime
    name: str
    """Unlike any other, and fit for a file name."""
    raw: bytes


def path(mailbox: str, folder: str, name: str) -> str:
    """Where a message's file is, relative to the mail folder, with forward slashes."""
    if mailbox == MBOX:
        return f"{mailbox}.mbox"
    if mailbox == MAILDIR:
        return f"{mailbox}/{_maildir(folder)}cur/{name}{_SEEN}"
    return f"{mailbox}/{folder}/{name}.eml"


def _maildir(folder: str) -> str:
    """Maildir++ names: the inbox is the Maildir itself, others begin with a dot."""
    return "" if folder == "inbox" else f".{folder.capitalize()}/"


def write(root: Path, mailboxes: Iterable[str], filed: Iterable[Filed]) -> None:
    """Writes every mailbox, the empty ones too, in order of time."""
    for mailbox in mailboxes:
        for place in _places(mailbox):
            (root / place).mkdir(parents=True, exist_ok=True)
    archive: list[Filed] = []
    for one in sorted(filed, key=lambda f: f.sent):
        if one.mailbox == MBOX:
            archive.append(one)
        else:
            _file(root / path(one.mailbox, one.folder, one.name), one)
    (root / f"{MBOX}.mbox").write_bytes(b"".join(map(_entry, archive)))


def _places(mailbox: str) -> list[str]:
    if mailbox == MBOX:
        return ["."]
    if mailbox == MAILDIR:
        return [f"{mailbox}/{folder}{state}" for folder in ("", ".Sent/") for state in ("cur", "new", "tmp")]
    return [f"{mailbox}/sent", f"{mailbox}/inbox"]


def _file(file: Path, one: Filed) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    raw = one.raw.replace(b"\r\n", b"\n") if one.mailbox == MAILDIR else one.raw
    file.write_bytes(raw)
    moment = one.sent.timestamp()
    os.utime(file, (moment, moment))


def _entry(one: Filed) -> bytes:
    """One message of an mbox (RFC 4155, 'mboxrd' quoting), with Google's label."""
    stamp = f"{one.sent.astimezone(UTC):%a %b %d %H:%M:%S +0000 %Y}"
    label = one.folder.capitalize().encode()
    raw = b"X-Gmail-Labels: " + label + b"\n" + one.raw.replace(b"\r\n", b"\n")
    quoted = _FROM.sub(rb">\1", raw).rstrip(b"\n")
    return f"From {one.sender} {stamp}\n".encode() + quoted + b"\n\n"
