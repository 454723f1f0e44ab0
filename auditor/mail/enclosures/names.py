"""What the name of a file gives away: what it will do when it is opened, and whether it is made to be misread."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.mail.message import Fact, Risk
from auditor.mail.vocabulary import enclosure_terms

_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SAYS: tuple[tuple[str, Risk, str], ...] = (
    ("programs", Risk.PROGRAM, "is a program"),
    ("scripts", Risk.SCRIPT, "is a script, which the computer carries out when it is opened"),
    ("disks", Risk.DISK, "is an image of a disk"),
    ("shortcuts", Risk.SHORTCUT, "is a shortcut or settings, which make the computer fetch, run or change something"),
    ("macros", Risk.MACRO, "is a document with macros"),
)


def bare(name: str) -> str:
    """The name in the order in which it is stored, without characters that nobody sees and without a path."""
    return _UNSEEN.sub("", name).replace("\\", "/").rpartition("/")[2].rstrip(". ")


def ending(name: str) -> str:
    """What stands after the last dot, lower case; '' when there is none."""
    stem, dot, last = bare(name).rpartition(".")
    return last.strip().lower() if dot and stem else ""


def said_by(name: str, kind: str) -> Iterator[Fact]:
    """What the name alone says, given what the content is."""
    if _TURNS.search(name):
        yield Fact(Risk.DISGUISED, "has a name with hidden signs that turn its letters round")
    last = ending(name)
    if not last or (last == "com" and kind in ("html", "text", "pdf", "picture")):
        return  # a page saved under the address of its site
    for table, risk, detail in _SAYS:
        if last not in enclosure_terms(table):
            continue
        before = bare(name).rpartition(".")[0].rstrip().rpartition(".")
        if before[1] and before[2].lower() in enclosure_terms("documents"):
            yield Fact(Risk.DISGUISED, f"is named as if it were a .{before[2].lower()} and ends in .{last}")
        yield Fact(risk, detail)
        return
