"""A message before a mail program has touched it: its own words, its signature and waiver, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from auditor.sample.script import Note
from auditor.sample.voices import Voice


class Block(StrEnum):
    """What a stretch of a letter is."""

    TEXT = "text"
    ECHO = "echo"
    """Lines of the answered message that an answer between the lines repeats."""
    SIGNATURE = "signature"
    WAIVER = "waiver"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message of the sample, ready for a mail program to lay out."""

    note: Note
    writer: Voice
    to: tuple[Voice, ...]
    cc: tuple[Voice, ...]
    bcc: tuple[Voice, ...]
    sent: datetime
    """In London time."""
    subject: str
    message_id: str
    """Without angle brackets."""
    blocks: tuple[tuple[Block, str], ...]
    """In reading order."""
    parent: Letter | None
    """What it answers or forwards."""
    client: str
    style: str
    """top, bottom or inline."""

    @property
    def own(self) -> str:
        """The writer's own words, signature and waiver taken off."""
        return "\n\n".join(text for block, text in self.blocks if block is Block.TEXT)

    @property
    def history(self) -> tuple[Letter, ...]:
        """The messages it quotes whole, nearest first; none for an answer between the lines."""
        if self.parent is None or self.style == "inline":
            return ()
        return (self.parent, *self.parent.history)

    def carries(self, block: Block) -> str:
        """The text of the letter's block of that kind; empty when it has none."""
        return next((text for kind, text in self.blocks if kind is block), "")


def blocks(note: Note, text: str, writer: Voice, foreign: dict[str, str]) -> tuple[tuple[Block, str], ...]:
    """The letter's blocks in reading order, with the signature and waiver the note asks for; a machine's message has its words alone."""
    if "kind" in note.options:
        return ((Block.TEXT, text),) if text else ()
    signature = _signature(note, writer, foreign)
    waiver = _waiver(note, writer, foreign)
    body = _body(text, writer.closing if signature else "")
    placed = note.options.get("waiver", "")
    tail = [(Block.SIGNATURE, signature), (Block.WAIVER, waiver)]
    if placed == "above":
        whole = [(Block.WAIVER, waiver), *body, (Block.SIGNATURE, signature)]
    elif placed == "before-ps":
        words, _, postscript = text.rpartition("\n\n")
        whole = [*_body(words, writer.closing), *tail, (Block.TEXT, postscript)]
    else:
        whole = [*body, *tail]
    return tuple((block, words) for block, words in whole if words)


def _body(text: str, closing: str) -> list[tuple[Block, str]]:
    """Own and echoed paragraphs, the closing line last."""
    pieces: list[tuple[Block, str]] = []
    for paragraph in text.split("\n\n"):
        echo = paragraph.startswith("> ")
        block = Block.ECHO if echo else Block.TEXT
        words = "\n".join(line.removeprefix("> ") for line in paragraph.split("\n")) if echo else paragraph
        if pieces and pieces[-1][0] is block:
            words = f"{pieces.pop()[1]}\n\n{words}"
        pieces.append((block, words))
    if closing:
        block, words = pieces.pop()
        pieces.append((block, f"{words}\n\n{closing}"))
    return pieces


def _signature(note: Note, writer: Voice, foreign: dict[str, str]) -> str:
    """The agreed signature, or the variant that `sig` names."""
    wanted = note.options.get("sig", "")
    if wanted == "none":
        return ""
    if wanted == "first":
        return writer.name.partition(" ")[0]
    if wanted == "iphone":
        return "Sent from my iPhone"
    return foreign[wanted].strip("\n") if wanted in foreign else _changed(writer.signature, wanted)


def _waiver(note: Note, writer: Voice, foreign: dict[str, str]) -> str:
    """The agreed waiver, or the variant that `waiver` names."""
    wanted = note.options.get("waiver", "")
    if wanted == "none":
        return ""
    if wanted.startswith("cut "):
        return ". ".join(writer.waiver.split(". ")[: int(wanted[4:])]).rstrip(".") + "."
    if wanted in ("above", "before-ps"):
        return writer.waiver
    return foreign[wanted].strip("\n") if wanted in foreign else _changed(writer.waiver, wanted)


def _changed(text: str, change: str) -> str:
    """`text` with 'old=>new' done, with '+line' added below, or without the line that begins with '-start'."""
    if not change:
        return text
    if change.startswith("+"):
        return f"{text}\n{change[1:]}"
    if change.startswith("-"):
        return "\n".join(line for line in text.split("\n") if not line.startswith(change[1:]))
    old, _, new = change.partition("=>")
    return text.replace(old, new)
