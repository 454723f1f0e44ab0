"""What all mail programs do to text: wrapping, quoting, curly quotes, paragraphs as HTML."""

from __future__ import annotations

import html
import re
import textwrap

from auditor.sample.letter import Block, Letter

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def wrapped(text: str, width: int) -> str:
    """Paragraph lines folded at `width`; quoted lines and long words are left alone."""
    return "\n".join(
        line if line.startswith(">") else textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )


def quoted(text: str) -> str:
    """Every line behind '> ', an empty or already quoted one behind '>'."""
    return "\n".join(f">{line}" if not line or line.startswith(">") else f"> {line}" for line in text.split("\n"))


def curly(text: str) -> str:
    """Straight quotes as word processors and telephones turn them."""
    text = re.sub(r"(?<!\w)'(?=\w)", "‘", text).replace("'", "’")
    return re.sub(r'"(?=\w)', "“", text).replace('"', "”")


def typed(letter: Letter, *, curled: bool = False) -> list[tuple[Block, str]]:
    """The letter's blocks, own words with curly quotes where the program makes them."""
    return [(block, curly(text) if curled and block is Block.TEXT else text) for block, text in letter.blocks]


def paragraphs(text: str) -> list[str]:
    """Paragraphs as HTML without their tags: escaped, lines divided by <br>."""
    return [html.escape(p, quote=False).replace("\n", "<br>\n") for p in text.split("\n\n")]


def linked(markup: str) -> str:
    """Addresses in a piece of HTML as mailto links."""
    return _ADDRESS.sub(lambda m: f'<a href="mailto:{m[0]}">{m[0]}</a>', markup)


def preformatted(text: str) -> str:
    """Plain text as HTML, as programs show what came without any."""
    return html.escape(text, quote=False).replace("\n", "<br>\n")


def wrote(letter: Letter) -> Letter:
    """The message that is answered or forwarded.

    Raises:
        ValueError: the letter answers nothing.
    """
    if letter.parent is None:
        raise ValueError(f"{letter.message_id} answers nothing")
    return letter.parent


def around(pieces: list[tuple[Block, str]]) -> tuple[list[tuple[Block, str]], list[tuple[Block, str]]]:
    """An answer between the lines, divided: what stands above the attribution, and what from the first echo on."""
    first = next(number for number, (block, _) in enumerate(pieces) if block is Block.ECHO)
    return pieces[:first], pieces[first:]
