"""One file looked at: what it is, what in it harms or is hidden, and its text. Never raises.

Only the guarded child does this, and only for mail that carries files.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module

from auditor.mail.enclosures.budget import Budget, Look, Refused, Spent
from auditor.mail.enclosures.kinds import contradiction, kind_of
from auditor.mail.enclosures.names import ending, said_by
from auditor.mail.message import Risk
from auditor.mail.text import tidy
from auditor.mail.vocabulary import enclosure_terms

_READERS: dict[str, tuple[str, str]] = {
    "zip": ("packages", "opened"),
    "tar": ("archives", "tar"),
    "gzip": ("archives", "squeezed"),
    "bzip2": ("archives", "squeezed"),
    "xz": ("archives", "squeezed"),
    "7z": ("sealed", "seven"),
    "rar": ("sealed", "rar"),
    "ole": ("compound", "opened"),
    "pdf": ("pdf", "read"),
    "rtf": ("rtf", "read"),
    "html": ("pages", "page"),
    "svg": ("pages", "drawing"),
    "xml": ("pages", "plain"),
    "text": ("pages", "plain"),
    "script": ("pages", "plain"),
}
"""Who reads a kind of file: a module of this package and its function."""
_RISKS: dict[str, tuple[Risk, str]] = {
    "program": (Risk.PROGRAM, "is a program"),
    "script": (Risk.SCRIPT, "is a script, which the computer carries out when it is opened"),
    "disk": (Risk.DISK, "is an image of a disk"),
    "shortcut": (Risk.SHORTCUT, "is a shortcut, a help or a notebook file, which may run what lies in it"),
}
_UNKNOWN = frozenset({"cab"})
_BARE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

Reader = Callable[[bytes, str, Look, Budget], None]


def look(name: str, data: bytes, budget: Budget) -> Look:
    """What can be said of a file. `name` is as the sender gave it, not yet made safe to show."""
    kind = kind_of(data)
    seen = Look(kind)
    if kind in _READERS:
        _read(name, data, seen, budget)
    elif kind in _UNKNOWN:
        seen.unread = "an archive of a kind that is not opened"
    seen.facts[:0] = list(said_by(name, seen.kind))
    codes = {fact.code for fact in seen.facts}
    wrong = contradiction(name, seen.kind, len(data))
    if wrong:
        seen.add(Risk.CONTRADICTS, wrong)
    if seen.kind in _RISKS and _RISKS[seen.kind][0] not in codes:
        seen.add(*_RISKS[seen.kind])
    if seen.texts:
        seen.texts[:] = [_BARE.sub(" ", tidy("".join(seen.texts)))]
    return seen


def _read(name: str, data: bytes, seen: Look, budget: Budget) -> None:
    module, function = _READERS[seen.kind]
    reader: Reader = getattr(import_module(f"auditor.mail.enclosures.{module}"), function)
    try:
        reader(data, name, seen, budget)
    except Refused as refusal:
        seen.add(Risk.BOMB, str(refusal))
        seen.unread = seen.unread or "it is built to harm whoever unpacks it"
    except Spent as spent:
        seen.unread = seen.unread or str(spent)
    except MemoryError:
        seen.unread = "reading it needed too much memory"
    except Exception as fault:  # noqa: BLE001 - whatever a hostile file provokes is that file's, and is said
        seen.unread = seen.unread or f"it is damaged or built in an unusual way ({type(fault).__name__})"


def inside(name: str, data: bytes, outer: Look, budget: Budget) -> None:
    """Looks at a file that lies in another, and lets the other answer for it."""
    budget.member()
    if budget.depth <= 0:
        outer.unread = outer.unread or "it holds archives inside one another, more than are opened"
        return
    budget.depth -= 1
    try:
        inner = look(name, data, budget)
    finally:
        budget.depth += 1
    outer.holds(name, inner)
    outer.say([f"{name}\n"], budget)
    if inner.texts:
        outer.texts += [*inner.texts, "\n"]


def acts(name: str) -> bool:
    """Whether a file is worth opening for what it may do, though its text is not wanted."""
    return any(ending(name) in enclosure_terms(table) for table in ("programs", "scripts", "disks", "shortcuts"))
