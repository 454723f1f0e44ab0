"""The drafts in the council's folder: filled in anew while nobody has edited them, and never written over when somebody has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.drafts import rtf
from auditor.drafts.facts import facts
from auditor.drafts.template import Fact, filled
from auditor.errors import UsageError
from auditor.values import Value
from auditor.whole import put

if TYPE_CHECKING:
    from auditor.config import Config

FOLDER = "monitoring"
RUNNING = "Draft – not legal advice; to be adopted by the Council"
_TEXTS = Path(__file__).parent / "texts"
TITLES = (
    "Data protection impact assessment",
    "Notice to members and staff",
    "Privacy notice",
)
"""Each is the name of its text here and of its file there."""


class Outcome(StrEnum):
    """What became of a draft."""

    WRITTEN = "written"
    FILLED = "filled in again"
    SAME = "as it was"
    LEFT = "edited, and nothing new to say"
    BESIDE = "edited, and a new one written beside"


class Written(Value, frozen=True):
    """One draft."""

    path: Path
    """The draft itself."""
    outcome: Outcome
    beside: Path | None = None
    """Where the new one is; None unless it was written beside."""


def write_drafts(config: Config, today: date) -> list[Written]:
    """Writes each draft into `monitoring` beside the configuration, in name order.

    One that nobody has edited is filled in again. One that somebody has edited stays as it is: when the configuration
    says something else than it was filled in with, a new one is written beside it.

    Raises:
        UsageError: the folder or a file in it cannot be read or written; the sentence says which.
    """
    folder = config.folder / FOLDER
    known = facts(config, today)
    return [_kept(folder / f"{title}.rtf", _made(title, known)) for title in TITLES]


def _made(title: str, known: dict[str, Fact]) -> bytes:
    text = (_TEXTS / f"{title}.txt").read_text(encoding="utf-8")
    return rtf.document(filled(text, known), f"{title}, {known['council']}", f"{RUNNING} – {known['council']}")


def _kept(path: Path, made: bytes) -> Written:
    try:
        if not path.exists():
            put(path, made)
            return Written(path, Outcome.WRITTEN)
        there = path.read_bytes()
        if there == made:
            return Written(path, Outcome.SAME)
        if rtf.untouched(there):
            put(path, made)
            return Written(path, Outcome.FILLED)
        if rtf.mark(there) == rtf.mark(made):
            return Written(path, Outcome.LEFT)
        return _beside(path, made)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UsageError(
            f"The draft {path} cannot be written ({why}): close it where it is open, and see that this user may write there."
        ) from error


def _beside(path: Path, made: bytes) -> Written:
    """The new one in the first place beside the edited one that nobody has edited either."""
    for place in _places(path):
        if not place.exists() or rtf.untouched(there := place.read_bytes()):
            put(place, made)
            return Written(path, Outcome.BESIDE, place)
        if rtf.mark(there) == rtf.mark(made):
            return Written(path, Outcome.LEFT)
    raise AssertionError


def _places(path: Path) -> Iterator[Path]:
    yield path.with_name(f"{path.stem} (new){path.suffix}")
    number = 2
    while True:
        yield path.with_name(f"{path.stem} (new {number}){path.suffix}")
        number += 1
