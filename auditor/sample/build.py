"""Builds the sample council: its schedule and policy as they stand, its mail dated to end yesterday."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from auditor.mail.message import Kind
from auditor.sample import broken, folders, mime
from auditor.sample.clients import CLIENTS
from auditor.sample.days import Diary
from auditor.sample.letter import Letter, blocks
from auditor.sample.planted import KINDS, Planted, faults
from auditor.sample.script import Note, Thread, threads
from auditor.sample.voices import Cast, Voice

DATA = Path(__file__).parent / "data"

_BETWEEN = ("gmail", "thunderbird")
"""Programs in which people answer between the lines; whoever does so elsewhere takes Thunderbird to it."""

_OFFICE = ("outlook", "outlook-plain")
"""Programs of those who keep office hours."""


@dataclass(frozen=True, slots=True)
class SampleFacts:
    """What was built, and what is wrong with it."""

    folder: Path
    schedule: Path
    """Of the council's schedule.toml."""
    first: date
    last: date
    """The six weeks, both inclusive."""
    mailboxes: tuple[str, ...]
    messages: tuple[Planted, ...]
    """In order of thread and time."""


def build(folder: Path, today: date) -> SampleFacts:
    """Writes the sample council into `folder`; the same `today` gives the same bytes. What stands there is overwritten."""
    shutil.copytree(DATA / "council", folder, dirs_exist_ok=True)
    cast = Cast(DATA)
    diary = Diary(today)
    letters = [pair for thread in threads(DATA / "threads") for pair in conversation(thread, cast, diary)]
    filed = [_filed(thread, letter) for thread, letter in letters]
    mailboxes = tuple(p.mailbox for p in cast.policy.people)
    folders.write(folder / "mail", mailboxes, filed)
    return SampleFacts(
        folder=folder,
        schedule=folder / "schedule.toml",
        first=diary.first,
        last=diary.last,
        mailboxes=mailboxes,
        messages=tuple(_planted(thread, letter, one) for (thread, letter), one in zip(letters, filed, strict=True)),
    )


def conversation(thread: Thread, cast: Cast, diary: Diary) -> list[tuple[Thread, Letter]]:
    """The thread's letters, each with what it answers."""
    letters: list[Letter] = []
    for number, note in enumerate(thread.notes):
        parent = letters[note.parent] if note.parent is not None else None
        letters.append(_letter(thread, number, parent, cast, diary))
    return [(thread, letter) for letter in letters]


def _letter(thread: Thread, number: int, parent: Letter | None, cast: Cast, diary: Diary) -> Letter:
    note = thread.notes[number]
    writer = cast.named((note.sender,))[0]
    between = "\n> " in f"\n{note.text}"
    client = note.options.get("client", writer.client)
    if between and client not in _BETWEEN:
        client = "thunderbird"
    return Letter(
        note=note,
        writer=writer,
        to=cast.named(note.to, besides=note.sender),
        cc=cast.named(note.several("cc"), besides=note.sender),
        bcc=cast.named(note.several("bcc"), besides=note.sender),
        sent=_moment(thread, number, writer, diary),
        subject=_subject(thread, note, parent, client, diary),
        message_id=_message_id(thread.name, number, diary.today, writer.email),
        blocks=blocks(note, diary.words(note.text), writer, cast.foreign),
        parent=parent,
        client=client,
        style="inline" if between else note.options.get("style", writer.style),
    )


def _moment(thread: Thread, number: int, writer: Voice, diary: Diary) -> datetime:
    """London time; what members and residents write late in the week may wait for the weekend."""
    note = thread.notes[number]
    if writer.client in _OFFICE or "kind" in note.options:
        return diary.moment(note.day, note.clock)
    following = [other.day for other in thread.notes[number + 1 :]]
    slip = _chance(f"{thread.name}/{number}", 3)
    return diary.moment(note.day, note.clock, slip=slip, until=min(following, default=None))


def _chance(name: str, sides: int) -> int:
    """A throw of a die that always falls the same way for the same name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % sides


def _subject(thread: Thread, note: Note, parent: Letter | None, client: str, diary: Diary) -> str:
    if "subject" in note.options:
        return diary.words(note.options["subject"])
    if parent is None:
        return diary.words(thread.subject)
    program = CLIENTS[client]
    prefix = program.forward if note.forward else program.answer
    return parent.subject if parent.subject.lower().startswith(prefix.lower()) else prefix + parent.subject


def _message_id(name: str, number: int, today: date, address: str) -> str:
    digest = hashlib.sha256(f"{name}/{number}/{today:%Y-%m-%d}".encode()).hexdigest()
    return f"{digest[:24]}@{address.rpartition('@')[2]}"


def _filed(thread: Thread, letter: Letter) -> folders.Filed:
    """Mail from inside lies in its sender's Sent folder, mail from outside in its first inside reader's inbox."""
    inside = letter.writer.person is not None
    readers = [v.email for v in (*letter.to, *letter.cc) if v.person]
    raw = mime.render(letter)
    fault = letter.note.options.get("broken")
    return folders.Filed(
        mailbox=letter.writer.email if inside else readers[0],
        folder=letter.note.options.get("folder", "sent" if inside else "inbox"),
        sender=letter.writer.email,
        sent=letter.sent,
        name=f"{letter.sent:%Y%m%d-%H%M}-{thread.name}-{letter.message_id[:6]}",
        raw=broken.BREAKS[fault](raw) if fault else raw,
    )


def _planted(thread: Thread, letter: Letter, filed: folders.Filed) -> Planted:
    expected, either = faults(letter)
    return Planted(
        path="mail/" + folders.path(filed.mailbox, filed.folder, filed.name),
        message_id=letter.message_id,
        thread=thread.name,
        sender=letter.writer.email,
        inside=letter.writer.person is not None,
        sent=letter.sent,
        kind=KINDS.get(letter.note.options.get("kind", ""), Kind.ORDINARY),
        form=letter.client,
        layout=_layout(letter),
        broken=letter.note.options.get("broken", ""),
        faults=expected,
        either=either,
        own=letter.own,
    )


def _layout(letter: Letter) -> str:
    if letter.parent is None:
        return "new"
    return "forward" if letter.note.forward else letter.style
