"""Thunderbird in plain text: answers below or between the lines, the signature behind '-- '."""

from __future__ import annotations

from auditor.sample.clients.words import around, quoted, typed, wrapped
from auditor.sample.letter import Block, Letter
from auditor.sample.voices import Voice

_WIDTH = 72
_FORWARDED = "-------- Forwarded Message --------"


def plain(letter: Letter, past: str) -> str:
    """Wrapped plain text."""
    if not letter.parent:
        return _own(letter)
    if letter.note.forward:
        return f"{_own(letter)}\n\n\n{_FORWARDED}\n{_header(letter.parent)}\n\n{past}"
    if letter.style == "inline":
        return _between(letter, letter.parent)
    quote = f"{_attribution(letter.parent)}\n{quoted(past)}"
    return f"{quote}\n\n{_own(letter)}" if letter.style == "bottom" else f"{_own(letter)}\n\n{quote}"


def _between(letter: Letter, parent: Letter) -> str:
    """A greeting, then the answered message's lines with the answers below them."""
    greeting, answers = around(typed(letter))
    answered = "\n\n".join(_block(*piece) for piece in answers)
    return "\n\n".join([*(_block(*piece) for piece in greeting), f"{_attribution(parent)}\n{answered}"])


def _attribution(letter: Letter) -> str:
    return f"On {letter.sent:%d/%m/%Y %H:%M}, {letter.writer.name} wrote:"


def _own(letter: Letter) -> str:
    """Own words and echoed lines, the signature behind its delimiter (RFC 3676 4.3)."""
    return "\n\n".join(_block(block, words) for block, words in typed(letter))


def _block(block: Block, words: str) -> str:
    if block is Block.ECHO:
        return quoted(wrapped(words, _WIDTH - 2))
    text = wrapped(words, _WIDTH)
    return f"-- \n{text}" if block is Block.SIGNATURE else text


def _header(letter: Letter) -> str:
    """The table over a forwarded message."""
    rows = [
        ("Subject: ", letter.subject),
        ("Date: ", f"{letter.sent:%a, %d %b %Y %H:%M:%S %z}"),
        ("From: ", str(letter.writer)),
        ("To: ", _people(letter.to)),
    ]
    rows += [("CC: ", _people(letter.cc))] if letter.cc else []
    return "\n".join(f"{name}\t{value}" for name, value in rows)


def _people(voices: tuple[Voice, ...]) -> str:
    return ", ".join(map(str, voices))
