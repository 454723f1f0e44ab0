"""Apple's Mail on a telephone and on a Mac: the attribution stands inside the quotation on the one, above it on the other."""

from __future__ import annotations

import html

from auditor.sample.clients.words import linked, paragraphs, quoted, typed
from auditor.sample.letter import Letter

_FORWARDED = "Begin forwarded message:"


def _attribution(letter: Letter) -> str:
    moment = letter.sent
    return f"On {moment.day} {moment:%b %Y}, at {moment:%H:%M}, {letter.writer} wrote:"


def plain(letter: Letter, past: str) -> str:
    """The Mac's plain text: the attribution above the quotation."""
    text = _own(letter)
    if not letter.parent:
        return text
    if letter.note.forward:
        return f"{text}\n\n{_FORWARDED}\n\n{quoted(f'{_lines(letter.parent)}{chr(10) * 2}{past}')}"
    return f"{text}\n\n{_attribution(letter.parent)}\n\n{quoted(past)}"


def phone_plain(letter: Letter, past: str) -> str:
    """The telephone's plain text: the attribution is quoted too."""
    text = _own(letter)
    if not letter.parent:
        return text
    if letter.note.forward:
        return f"{text}\n\n{_FORWARDED}\n\n{quoted(f'{_lines(letter.parent)}{chr(10) * 2}{past}')}"
    return f"{text}\n\n{quoted(f'{_attribution(letter.parent)}{chr(10) * 2}{past}')}"


def _own(letter: Letter) -> str:
    return "\n\n".join(words for _, words in typed(letter, curled=True))


def _header(letter: Letter) -> list[tuple[str, str]]:
    moment = letter.sent
    rows = [
        ("From", str(letter.writer)),
        ("Subject", letter.subject),
        ("Date", f"{moment.day} {moment:%B %Y} at {moment:%H:%M:%S} {moment.tzname()}"),
        ("To", ", ".join(map(str, letter.to))),
    ]
    return rows + ([("Cc", ", ".join(map(str, letter.cc)))] if letter.cc else [])


def _lines(letter: Letter) -> str:
    return "\n".join(f"{name}: {value}" for name, value in _header(letter))


def document(markup: str) -> str:
    """The whole HTML document."""
    meta = '<meta http-equiv="content-type" content="text/html; charset=utf-8">'
    return f'<html><head>{meta}</head><body dir="auto">{markup}</body></html>'


def markup(letter: Letter, past: str) -> str:
    """The Mac's HTML."""
    own = _divs(letter)
    if not letter.parent:
        return own
    if letter.note.forward:
        return f'{own}<div><br><blockquote type="cite"><div>{_FORWARDED}</div><br>{_rows(letter)}<br>{past}</blockquote></div>'
    said = html.escape(_attribution(letter.parent), quote=False)
    return f'{own}<div><br><blockquote type="cite"><div>{said}</div><br class="Apple-interchange-newline">{past}</blockquote></div>'


def phone_markup(letter: Letter, past: str) -> str:
    """The telephone's HTML: two quotations, the attribution in the first."""
    own = _divs(letter)
    if not letter.parent:
        return own
    said = (
        f"{_FORWARDED}<br><br>{_rows(letter)}"
        if letter.note.forward
        else linked(html.escape(_attribution(letter.parent), quote=False))
    )
    return (
        f'{own}<div dir="ltr"><br><blockquote type="cite">{said}<br><br></blockquote></div>'
        f'<blockquote type="cite"><div dir="ltr">{past}</div></blockquote>'
    )


def _divs(letter: Letter) -> str:
    return "<div><br></div>".join(
        "<div><br></div>".join(f'<div dir="ltr">{linked(p)}</div>' for p in paragraphs(words))
        for _, words in typed(letter, curled=True)
    )


def _rows(letter: Letter) -> str:
    rows = _header(letter.parent) if letter.parent else []
    return "".join(f"<b>{name}:</b> {html.escape(value, quote=False)}<br>" for name, value in rows)
