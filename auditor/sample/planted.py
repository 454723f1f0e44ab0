"""What a person who knows the rules must find in the sample: worked out from how each message was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from auditor.mail.message import Kind
from auditor.sample.letter import Block, Letter

_SIGNATURE = ("signature-missing", "signature-not-agreed", "signature-altered")
_WAIVER = ("waiver-missing", "waiver-altered", "waiver-misplaced")
FORMAL = frozenset(_SIGNATURE) | frozenset(_WAIVER)
"""The rules on signature and waiver: every fault against them is planted on purpose, and recorded."""

KINDS = {"auto": Kind.AUTO_REPLY, "meeting": Kind.MEETING, "bounce": Kind.BOUNCE}

_FOREIGN_WAIVERS = ("work-disclaimer", "groundworks-disclaimer", "scanner", "paper")


@dataclass(frozen=True, slots=True)
class Planted:
    """One message of the sample and what is wrong with it."""

    path: str
    """Of its file, relative to the sample's folder, with forward slashes; an mbox's own path for each of its messages."""
    message_id: str
    """Without angle brackets."""
    thread: str
    sender: str
    """Address."""
    inside: bool
    """Whether one of the council's people wrote it."""
    sent: datetime
    """London time; what the Date header says, where there is one."""
    kind: Kind
    form: str
    """The mail program whose form it has."""
    layout: str
    """new, top, bottom, inline or forward."""
    broken: str
    """What is wrong with the bytes; empty when nothing is."""
    faults: frozenset[str]
    """Rules that must find something."""
    either: tuple[frozenset[str], ...]
    """Groups of rules of which one must find something, whichever: fair readers differ."""
    own: str
    """The writer's own words."""


def faults(letter: Letter) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    """The rules that must find something, and the groups of which one must."""
    if letter.writer.person is None or letter.note.options.get("kind") in KINDS or unreadable(letter):
        return frozenset(), ()
    groups = [*_signature(letter), *_waiver(letter)]
    sure = frozenset(rule for group in groups if len(group) == 1 for rule in group)
    either = tuple(frozenset(group) for group in groups if len(group) > 1)
    return sure | frozenset(letter.note.several("fault")), either


def unreadable(letter: Letter) -> bool:
    """Whether nothing of the text can be read, so that nothing can be found."""
    return letter.note.options.get("broken") == "smime"


def _signature(letter: Letter) -> list[set[str]]:
    """At most one group: what must be said of the signature."""
    wanted = letter.note.options.get("sig", "")
    if not wanted:
        return []
    if wanted == "none":
        return [{"signature-missing"}]
    if wanted == "first":
        return [{"signature-missing", "signature-not-agreed"}]
    altered = "=>" in wanted or wanted[0] in "+-"
    return [{"signature-altered" if altered else "signature-not-agreed"}]


def _waiver(letter: Letter) -> list[set[str]]:
    """At most one group: what must be said of the waiver."""
    wanted = letter.note.options.get("waiver", "")
    if not wanted:
        return []
    if wanted in ("above", "before-ps"):
        return [{"waiver-misplaced"}]
    if wanted != "none" and wanted not in _FOREIGN_WAIVERS:
        return [{"waiver-altered"}]
    if not _only_in_history(letter):
        return [{"waiver-missing"}]
    return [{"waiver-misplaced"}] if wanted == "none" else [{"waiver-misplaced", "waiver-missing"}]


def _only_in_history(letter: Letter) -> bool:
    """Whether the Council's own waiver, whole, stands in what the letter quotes."""
    return any(past.writer.person and past.carries(Block.WAIVER) == past.writer.waiver for past in letter.history)
