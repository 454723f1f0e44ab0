"""Outlook: Word's HTML, its plain alternative, plain text only, and the telephone app. Answers stand on top."""

from __future__ import annotations

import html

from auditor.sample.clients.words import linked, paragraphs, typed, wrote
from auditor.sample.letter import Block, Letter
from auditor.sample.voices import Voice

_RULE = "_" * 32

_DOCUMENT = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<meta name="Generator" content="Microsoft Word 15 (filtered medium)">
<style><!--
p.MsoNormal, li.MsoNormal, div.MsoNormal {{margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}}
a:link {{color:#0563C1; text-decoration:underline;}}
--></style>
</head>
<body lang="EN-GB" link="#0563C1" vlink="#954F72" style="word-wrap:break-word">
<div class="WordSection1">
{}
</div>
</body>
</html>
"""

_PHONE_DOCUMENT = """<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
</head>
<body>
{}
</body>
</html>
"""

_EMPTY = '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>'


def document(markup: str) -> str:
    """Word's whole HTML document."""
    return _DOCUMENT.format(markup)


def phone_document(markup: str) -> str:
    """The telephone app's whole HTML document."""
    return _PHONE_DOCUMENT.format(markup)


def plain(letter: Letter, past: str) -> str:
    """The plain alternative of Word's HTML: addresses followed by their links, history below its header block."""
    text = "\n\n".join(
        _cluttered(words, letter.writer.email) if block is Block.SIGNATURE else words
        for block, words in typed(letter, curled=True)
    )
    return f"{text}\n\n{_lines(wrote(letter))}\n\n{past}" if letter.parent else text


def _cluttered(text: str, address: str) -> str:
    return text.replace(address, f"{address}<mailto:{address}>")


def plain_only(letter: Letter, past: str) -> str:
    """Plain text, where the history is announced by a dashed line."""
    text = "\n\n".join(words for _, words in typed(letter))
    return f"{text}\n\n-----Original Message-----\n{_lines(wrote(letter))}\n\n{past}" if letter.parent else text


def phone_plain(letter: Letter, past: str) -> str:
    """The telephone app's plain alternative: history below a row of underscores."""
    text = "\n\n".join(words for _, words in typed(letter, curled=True))
    return f"{text}\n{_RULE}\n{_lines(wrote(letter), phone=True)}\n\n{past}" if letter.parent else text


def _lines(letter: Letter, *, phone: bool = False) -> str:
    return "\n".join(f"{name}: {value}" for name, value in _header(letter, phone=phone))


def _header(letter: Letter, *, phone: bool) -> list[tuple[str, str]]:
    """The header block over what is quoted: name and value, in Outlook's order."""
    moment = letter.sent
    clock = f"{moment.hour % 12 or 12}:{moment:%M:%S} {moment:%p}"
    american = f"{moment:%A}, {moment:%B} {moment.day}, {moment.year} {clock}"
    rows = [
        ("From", str(letter.writer)),
        ("Sent", american if phone else f"{moment:%d %B %Y %H:%M}"),
        ("To", _people(letter.to)),
    ]
    rows += [("Cc", _people(letter.cc))] if letter.cc else []
    return [*rows, ("Subject", letter.subject)]


def _people(voices: tuple[Voice, ...]) -> str:
    return "; ".join(map(str, voices))


def markup(letter: Letter, past: str) -> str:
    """Word's paragraphs; history below a ruled header block."""
    rows = _EMPTY.join(_block(block, words) + "\n" for block, words in typed(letter, curled=True))
    return f"{rows}{_EMPTY}\n{_divider(wrote(letter))}{_EMPTY}\n{past}" if letter.parent else rows


def crest(letter: Letter, past: str) -> str:
    """Word's paragraphs with the Council's crest above the signature."""
    picture = '<p class="MsoNormal"><img width="64" height="64" src="cid:crest@thorrington" alt=""><o:p></o:p></p>\n'
    name = f'<p class="MsoNormal"><b><span style="font-size:10.0pt;color:#1F3864">{letter.writer.name}'
    return markup(letter, past).replace(name, picture + name, 1)


def _block(block: Block, text: str) -> str:
    if block is Block.SIGNATURE:
        return _signature(text)
    style = ' style="font-size:8.0pt;color:gray"' if block is Block.WAIVER else ""
    return f"{_EMPTY}\n".join(
        f'<p class="MsoNormal"><span{style}>{line}<o:p></o:p></span></p>\n' for line in paragraphs(text)
    )


def _signature(text: str) -> str:
    """A paragraph a line, the first one bold."""
    first, *others = (linked(html.escape(line, quote=False)) for line in text.split("\n"))
    style = "font-size:10.0pt;color:#1F3864"
    rows = [f'<p class="MsoNormal"><b><span style="{style}">{first}<o:p></o:p></span></b></p>']
    rows += [f'<p class="MsoNormal"><span style="{style}">{line}<o:p></o:p></span></p>' for line in others]
    return "\n".join(rows)


def _divider(letter: Letter) -> str:
    rows = "<br>\n".join(f"<b>{n}:</b> {html.escape(v, quote=False)}" for n, v in _header(letter, phone=False))
    return (
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">\n'
        f'<p class="MsoNormal">{rows}<o:p></o:p></p>\n</div></div>\n'
    )


def phone_markup(letter: Letter, past: str) -> str:
    """The telephone app's divs; history below a rule and a named header block."""
    blocks = "<div><br></div>\n".join(
        "<div><br></div>\n".join(f'<div dir="auto">{p}</div>\n' for p in paragraphs(words))
        for _, words in typed(letter, curled=True)
    )
    if not letter.parent:
        return blocks
    rows = "<br>\n".join(f"<b>{n}:</b> {html.escape(v, quote=False)}" for n, v in _header(wrote(letter), phone=True))
    return (
        f'{blocks}<hr style="display:inline-block;width:98%" tabindex="-1">\n'
        f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" color="#000000">{rows}</font>'
        f"<div>&nbsp;</div></div>\n<div>{past}</div>"
    )
