"""Gmail in a browser: divs, wrapped plain text, 'On … wrote:', answers on top or between the lines."""

from __future__ import annotations

import html

from auditor.sample.clients.words import around, linked, paragraphs, quoted, typed, wrapped, wrote
from auditor.sample.letter import Block, Letter

_WIDTH = 76
_FORWARDED = "---------- Forwarded message ---------"


def _moment(letter: Letter) -> str:
    moment = letter.sent
    return f"{moment:%a}, {moment.day} {moment:%b %Y} at {moment:%H:%M}"


def attribution(letter: Letter) -> str:
    """'On Mon, 2 Nov 2026 at 09:14, Ann Marsh <clerk@…> wrote:', on one line."""
    return f"On {_moment(letter)}, {letter.writer} wrote:"


def _folded(line: str) -> str:
    """Gmail breaks a long attribution inside the angle brackets."""
    return line if len(line) <= _WIDTH else line.replace("<", "<\n", 1)


def plain(letter: Letter, past: str) -> str:
    """The plain alternative, wrapped; what is answered stands behind '> '."""
    if letter.style == "inline":
        return _between(letter)
    text = "\n\n".join(wrapped(words, _WIDTH) for _, words in typed(letter))
    if not letter.parent:
        return text
    if letter.note.forward:
        return f"{text}\n\n{_FORWARDED}\n{_lines(letter.parent)}\n\n\n{past}"
    history = f"{_folded(attribution(letter.parent))}\n\n{quoted(past)}"
    return f"{history}\n\n{text}" if letter.style == "bottom" else f"{text}\n\n{history}"


def _between(letter: Letter) -> str:
    """A greeting, then the answered message's lines behind '> ' with the answers below them."""
    greeting, answers = around(typed(letter))
    pieces = [wrapped(words, _WIDTH) for _, words in greeting]
    pieces.append(_folded(attribution(wrote(letter))))
    pieces += [
        quoted(wrapped(words, _WIDTH - 2)) if block is Block.ECHO else wrapped(words, _WIDTH)
        for block, words in answers
    ]
    return "\n\n".join(pieces)


def _header(letter: Letter) -> list[tuple[str, str]]:
    rows = [("From", str(letter.writer)), ("Date", _moment(letter)), ("Subject", letter.subject)]
    rows.append(("To", ", ".join(map(str, letter.to))))
    return rows + ([("Cc", ", ".join(map(str, letter.cc)))] if letter.cc else [])


def _lines(letter: Letter) -> str:
    return "\n".join(f"{name}: {value}" for name, value in _header(letter))


def document(markup: str) -> str:
    """Gmail sends no document around its divs."""
    return markup


def markup(letter: Letter, past: str) -> str:
    """Gmail's divs; the history in its own quote container."""
    if letter.style == "inline":
        return _markup_between(letter)
    own = f'<div dir="ltr">{_divs(letter)}</div>'
    if not letter.parent:
        return own
    quote = _forwarded(letter.parent, past) if letter.note.forward else _quote(letter.parent, past)
    return f"{quote}<br>{own}" if letter.style == "bottom" else f"{own}<br>{quote}"


def _divs(letter: Letter) -> str:
    """Own paragraphs as divs, signature and waiver in Gmail's signature container."""
    pieces = []
    for block, words in typed(letter):
        divs = "<div><br></div>".join(f"<div>{p}</div>" for p in paragraphs(words))
        if block is Block.SIGNATURE:
            divs = f'<div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">{linked(divs)}</div>'
        pieces.append(divs)
    return "<div><br></div>".join(pieces)


def _quote(letter: Letter, past: str) -> str:
    said = html.escape(attribution(letter), quote=False)
    return (
        f'<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{linked(said)}<br></div>'
        f"{_blockquote(past)}</div>"
    )


def _blockquote(inside: str) -> str:
    style = "margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"
    return f'<blockquote class="gmail_quote" style="{style}">{inside}</blockquote>'


def _forwarded(letter: Letter, past: str) -> str:
    rows = "<br>".join(f"{name}: {html.escape(value, quote=False)}" for name, value in _header(letter))
    return (
        f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{_FORWARDED}<br>{rows}<br></div>'
        f"<br><br>{past}</div>"
    )


def _markup_between(letter: Letter) -> str:
    greeting, answers = around(typed(letter))
    said = linked(html.escape(attribution(wrote(letter)), quote=False))
    head = f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{said}<br></div></div>'
    pieces = [_answer(block, words) for block, words in answers]
    return f'<div dir="ltr">{"".join(_answer(*piece) for piece in greeting)}{head}{"".join(pieces)}</div>'


def _answer(block: Block, words: str) -> str:
    divs = "<div><br></div>".join(f"<div>{p}</div>" for p in paragraphs(words))
    return _blockquote(divs) if block is Block.ECHO else f"{divs}<div><br></div>"
