"""Text that a reader does not see is kept apart; text that only looks hidden is not."""

from __future__ import annotations

import pytest

from auditor.mail.html import read

HIDES = [
    "<div style='display:none'>ghost</div>",
    "<div style='DISPLAY : none !important'>ghost</div>",
    "<div style='visibility:hidden'>ghost</div>",
    "<span style='font-size:0'>ghost</span>",
    "<span style='font-size:1px'>ghost</span>",
    "<span style='font-size:0em'>ghost</span>",
    "<span style='font:0px/1 Arial'>ghost</span>",
    "<span style='opacity:0'>ghost</span>",
    "<span style='mso-hide:all'>ghost</span>",
    "<div style='max-height:0;overflow:hidden'>ghost</div>",
    "<div style='width:0px; height:0px; overflow:hidden'>ghost</div>",
    "<div style='position:absolute;left:-9999px'>ghost</div>",
    "<div style='text-indent:-9999px'>ghost</div>",
    "<div hidden>ghost</div>",
    "<span style='color:#fff'>ghost</span>",
    "<font color=white>ghost</font>",
    "<font color='#fefefe'>ghost</font>",
    "<span style='color:rgb(255, 255, 255)'>ghost</span>",
    "<span style='color:transparent'>ghost</span>",
    "<span style='color:rgba(0,0,0,0)'>ghost</span>",
    "<div style='background:#000'><span style='color:black'>ghost</span></div>",
    "<table><tr><td bgcolor=black><font color='#000000'>ghost</font></td></tr></table>",
    "<style>.pre{display:none}</style><div class='a pre'>ghost</div>",
    "<style>#pre{font-size:1px}</style><div id=pre>ghost</div>",
    "<style>span{display:none}</style><span>ghost</span>",
    "<div style='display:none'><div><p>ghost</p></div></div>",
    "<img alt='ghost'>",
    "<!-- ghost -->",
    "<!--[if mso]><p>ghost</p><![endif]-->",
    "<template><p>ghost</p></template>",
    "<iframe>ghost</iframe>",
]

SHOWS = [
    "<div style='display:block'>ghost</div>",
    "<td style='font-size:0'><span style='font-size:14px'>ghost</span></td>",
    "<div style='font-size:100%'>ghost</div>",
    "<div style='font-size:1em'>ghost</div>",
    "<div style='font-size:1.2'>ghost</div>".replace("1.2", "12"),
    "<div style='visibility:hidden'><b style='visibility:visible'>ghost</b></div>",
    "<div style='opacity:0.9'>ghost</div>",
    "<div style='background:#000'><font color=white>ghost</font></div>",
    "<table bgcolor=navy><tr><td><font color=white>ghost</font></td></tr></table>",
    "<div style='background:url(x.png)'><font color=white>ghost</font></div>",
    "<table background=x.png><tr><td><font color=white>ghost</font></td></tr></table>",
    "<div style='height:0'>ghost</div>",
    "<style>@media (max-width:600px){.m{display:none}}</style><div class=m>ghost</div>",
    "<style>/* .m{display:none}</style><div class=m>ghost</div>",
    "<style>.other{display:none}</style><div class=m>ghost</div>",
    "<div style='color:inherit'>ghost</div>",
    "<div style='width:100%;overflow:hidden'>ghost</div>",
]


@pytest.mark.parametrize("html", HIDES)
def test_hidden_text_is_kept_apart(html: str) -> None:
    reading = read(f"<html><body><p>Seen.</p>{html}<p>Also.</p></body></html>")
    assert reading.text == "Seen.\n\nAlso.\n"
    assert reading.hidden == "ghost"


@pytest.mark.parametrize("html", SHOWS)
def test_text_that_shows_is_text(html: str) -> None:
    reading = read(f"<p>Seen.</p>{html}<p>Also.</p>")
    assert "ghost" in reading.text
    assert reading.hidden == ""


def test_a_comment_before_the_document_is_hidden_text() -> None:
    assert read("<!-- ghost --><html><body>Seen</body></html>").hidden == "ghost"


def test_a_preheader_of_fillers_is_one_line() -> None:
    html = f"<div style='display:none'>Your weekly news{'&zwnj;&nbsp;' * 50}</div><p>Seen</p>"
    assert read(html).hidden.startswith("Your weekly news")


def test_hidden_words_of_two_places_stay_apart() -> None:
    assert read("<b style='display:none'>one</b>x<b style='display:none'>two</b>").hidden.split() == ["one", "two"]
