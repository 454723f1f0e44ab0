"""What mail programs' own mark-up says of stretches of text."""

from __future__ import annotations

import pytest

from auditor.mail.html import read
from auditor.mail.message import Hint

QUOTE, HISTORY, SIGNATURE = Hint.QUOTE, Hint.HISTORY, Hint.SIGNATURE


@pytest.mark.parametrize(
    ("because", "html", "marks"),
    [
        (
            "Gmail: the intro and the quotation",
            ('<div>Yes.</div><br><div class="gmail_quote gmail_quote_container"><div class="gmail_attr">On Mon Bob wrote:<br>'
            '</div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex"><div>Mended?</div></blockquote></div>'),
            [(QUOTE, "On Mon Bob wrote:\n"), (QUOTE, "Mended?\n")],
        ),
        (
            "Gmail: answers between quotations are the sender's",
            ('<div class=gmail_quote><div class=gmail_attr>Bob wrote:</div><blockquote class=gmail_quote>One?</blockquote>'
            "<div>Yes.</div><blockquote class=gmail_quote>Two?</blockquote><div>No.</div></div>"),
            [(QUOTE, "Bob wrote:\n"), (QUOTE, "One?\n"), (QUOTE, "Two?\n")],
        ),
        (
            "Gmail: a forward has no blockquote and is marked whole",
            "<div>See below.</div><div class=gmail_quote><div class=gmail_attr>Forwarded message<br>From: Bob</div><p>Old</p></div>",
            [(QUOTE, "Forwarded message\nFrom: Bob\n\nOld\n")],
        ),
        (
            "Outlook on the web",
            "<div>Yes.</div><div id=appendonsend></div><hr><div id=divRplyFwdMsg><b>From:</b> Bob</div><div>Old</div>",
            [(HISTORY, "From: Bob\nOld\n")],
        ),
        (
            "Outlook on the desktop",
            ("<p class=MsoNormal>Yes.</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm'>"
            "<p class=MsoNormal><b>From:</b> Bob</p></div></div><p class=MsoNormal>Old</p>"),
            [(HISTORY, "From: Bob\nOld\n")],
        ),
        (
            "an older Outlook",
            "<p>Yes.</p><div style='border-top:solid #B5C4DF 1.0pt'>From: Bob</div><p>Old</p>",
            [(HISTORY, "From: Bob\n\nOld\n")],
        ),
        (
            "nothing is marked again in history",
            "Yes.<div id=divRplyFwdMsg>From: Bob</div><blockquote type=cite>Older</blockquote><div id=Signature>Bob</div>",
            [(HISTORY, "From: Bob\n\nOlder\n\nBob\n")],
        ),
        ("Apple Mail", 'Yes.<br><blockquote type="cite"><div>On Mon Bob wrote:</div>Old</blockquote>', [(QUOTE, "On Mon Bob wrote:\nOld\n")]),
        (
            "Thunderbird",
            ("<div class=moz-cite-prefix>On Mon, Bob wrote:<br></div><blockquote type=cite>Old</blockquote>Yes."
            '<pre class="moz-signature">Ann</pre>'),
            [(QUOTE, "On Mon, Bob wrote:\n"), (QUOTE, "Old\n"), (SIGNATURE, "Ann\n")],
        ),
        ("Yahoo", "Yes.<div class=yahoo_quoted><div>On Monday, Bob wrote:</div><div>Old</div></div>", [(QUOTE, "On Monday, Bob wrote:\nOld\n")]),
        (
            "Proton",
            "Yes.<div class=protonmail_quote>Bob wrote:<br><blockquote class=protonmail_quote type=cite>Old</blockquote></div>",
            [(QUOTE, "Old\n")],
        ),
        ("Gmail's signature", '<div>Hi</div><div class="gmail_signature" data-smartmail="gmail_signature">Ann</div>', [(SIGNATURE, "Ann\n")]),
        ("Outlook's signature", "<div>Hi</div><div id=Signature><p>Ann</p><p>Clerk</p></div>", [(SIGNATURE, "Ann\n\nClerk\n")]),
        ("a quotation inside a quotation is part of it", "<blockquote type=cite>A<blockquote type=cite>B</blockquote>C</blockquote>", [(QUOTE, "A\n\nB\n\nC\n")]),
        ("a signature inside a quotation is part of it", "<blockquote type=cite>A<div id=Signature>B</div></blockquote>", [(QUOTE, "A\nB\n")]),
        ("the author's own block quotation is no history", "<p>The policy says:</p><blockquote>No dogs.</blockquote>", []),
        ("an empty container marks nothing", "<p>Yes.</p><div class=gmail_quote></div><div id=Signature></div>", []),
        ("a grey box of another kind is no divider", "<div style='border:solid #E1E1E1 1pt'>Box</div>", []),
        ("hidden history is not in the text", "<p>Yes.</p><div style='display:none'><div id=Signature>Ann</div></div>", []),
    ],
)  # fmt: skip
def test_marks(because: str, html: str, marks: list[tuple[Hint, str]]) -> None:
    reading = read(html)
    assert [(mark.hint, reading.text[mark.start : mark.end]) for mark in reading.marks] == marks, because
