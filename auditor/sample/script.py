"""The sample council's conversations as written: `data/threads/*.txt`, one file a subject.

    === Subject of the thread
    @ 3 09:14 ann > sayer | cc pat; att plan.pdf
    The words, up to the next line that begins with '@ ' or '=== '.

The number is a working day, 1 to 30. A later message of a thread answers the one before it, unless
`re N`, `fw`, `fw N` or `new` says otherwise. Lines that begin with '> ' in an answer echo lines of the
message it answers. Options are divided by semicolons; `Note` names them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from pathlib import Path

_HEAD = re.compile(r"@ (\d+) (\d\d:\d\d) (\S+) > ([^|]*?)\s*(?:\|\s*(.*))?")


@dataclass(frozen=True, slots=True)
class Note:
    """One message as written: when, by whom, to whom, and the words."""

    day: int
    """Working day of the six weeks, 1 to 30."""
    clock: time
    sender: str
    """A key of `voices`."""
    to: tuple[str, ...]
    """Keys, groups or addresses."""
    text: str
    parent: int | None
    """Which note of the thread this answers or forwards, from 0."""
    forward: bool
    options: dict[str, str]
    """cc, bcc, att, sig, waiver, fault, kind, broken, client, style, folder, subject."""

    def several(self, option: str) -> tuple[str, ...]:
        """An option's comma-separated values; none when it is not given."""
        return _split(self.options.get(option, ""))


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation, in the order it was held."""

    name: str
    """File stem and number: 'grounds-3'."""
    subject: str
    notes: tuple[Note, ...]


def threads(folder: Path) -> tuple[Thread, ...]:
    """Every conversation in the folder's text files, in name order.

    Raises:
        ValueError: a header line cannot be read; the file and the line are named.
    """
    return tuple(thread for file in sorted(folder.glob("*.txt")) for thread in _file(file))


def _file(file: Path) -> Iterator[Thread]:
    sections = re.split(r"^=== (.*)\n", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    for number, (subject, body) in enumerate(zip(sections[::2], sections[1::2], strict=True), 1):
        name = f"{file.stem}-{number}"
        yield Thread(name, subject.strip(), tuple(_notes(name, body)))


def _notes(name: str, body: str) -> Iterator[Note]:
    for number, block in enumerate(re.split(r"^(?=@ )", body, flags=re.MULTILINE)[1:]):
        head, _, text = block.partition("\n")
        match = _HEAD.fullmatch(head.strip())
        if not match:
            raise ValueError(f"{name}: cannot read {head!r}")
        yield _note(match, text.strip("\n"), number)


def _note(match: re.Match[str], text: str, number: int) -> Note:
    options = dict(_option(part) for part in (match[5] or "").split(";") if part.strip())
    parent: int | None = number - 1 if number else None
    forward = "fw" in options
    if "new" in options:
        parent = None
    for word in ("re", "fw"):
        if options.get(word):
            parent = int(options[word]) - 1
    return Note(
        day=int(match[1]),
        clock=time.fromisoformat(match[2]),
        sender=match[3],
        to=_split(match[4]),
        text=text.rstrip(),
        parent=parent,
        forward=forward,
        options=options,
    )


def _option(part: str) -> tuple[str, str]:
    word, _, rest = part.strip().partition(" ")
    return word, rest.strip()


def _split(text: str) -> tuple[str, ...]:
    return tuple(piece.strip() for piece in text.split(",") if piece.strip())
