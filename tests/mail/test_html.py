"""HTML as a reader sees it: lines, blank lines, lists and tables; nothing a program can hide by depth or bulk."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.mail.html import read


@pytest.mark.parametrize(
    ("because", "html", "text"),
    [
        ("a plain paragraph has a margin", "<p>One</p><p>Two</p>", "One\n\nTwo\n"),
        (
            "Word's paragraphs have none",
            "<p class=MsoNormal>One</p><p class=MsoNormal>Two</p>",
            "One\nTwo\n",
        ),
        (
            "an empty paragraph of Word's is a blank line",
            "<p class=MsoNormal>One<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Two</p>",
            "One\n\nTwo\n",
        ),
        (
            "Word says so where it gives a paragraph a margin",
            "<p class=MsoNormal style='margin-bottom:12.0pt'>One</p><p class=MsoNormal>Two</p>",
            "One\n\nTwo\n",
        ),
        ("a style may take the margin away", '<p style="margin:0">One</p><p style="margin: 0cm">Two</p>', "One\nTwo\n"),
        (
            "so may the sheet of Outlook on the web",
            "<style>P {margin-top:0;margin-bottom:0;}</style><p>One</p><p>Two</p>",
            "One\nTwo\n",
        ),
        ("Gmail writes lines as boxes", "<div>One</div><div><br></div><div>Two</div>", "One\n\nTwo\n"),
        ("a break at the end of a box adds nothing", "<div>One<br></div><div>Two</div>", "One\nTwo\n"),
        ("two breaks are a blank line", "One<br><br>Two", "One\n\nTwo\n"),
        ("inline tags never split a word", "id<b></b>i<i>o</i>t", "idiot\n"),
        ("a break between paragraphs adds no second blank line", "<p>One</p><br><p>Two</p>", "One\n\nTwo\n"),
        ("white space in the source is one space", "One\n   two\t three", "One two three\n"),
        ("space between boxes is none", "<div>One</div>\n  <div> Two </div>", "One\nTwo\n"),
        ("a hard space is a space", "One&nbsp;&nbsp;two", "One  two\n"),
        ("bullets are seen", "<ul><li>One</li><li><p>Two</p></li></ul>", "• One\n\n• Two\n"),
        ("numbers are seen", "<ol start=3><li>One<li>Two</ol>", "3. One\n4. Two\n"),
        ("lists in lists", "<ul><li>A<ul><li>B</li></ul></li><li>C</li></ul>", "• A\n• B\n• C\n"),
        ("cells stand side by side", "<table><tr><td>A<td>B<tr><td>C<td>D</table>E", "A\tB\nC\tD\nE\n"),
        (
            "paragraphs in cells too",
            "<table><tr><td><p class=MsoNormal>A</p></td><td><p class=MsoNormal>B</p></td></tr></table>",
            "A\tB\n",
        ),
        ("an empty cell leaves no tab", "<table><tr><td></td><td>A</td></tr></table>", "A\n"),
        ("a picture is nothing", '<p>One <img src="x" alt="Crest">two</p>', "One two\n"),
        ("a link is its words", '<a href="https://example.org">here</a>', "here\n"),
        ("as typed is as typed", "<pre>a\n  b\r\n\nc</pre>", "a\n  b\n\nc\n"),
        ("so is pre-wrap", '<div style="white-space:pre-wrap">a\n  b</div>', "a\n  b\n"),
        ("code is not text", "<script>x</script><style>p{}</style><title>t</title>One", "One\n"),
        ("no document is no text", "", ""),
        ("text alone is text", "One &amp; two &lt;three&gt;", "One & two <three>\n"),
        ("without scripts the rest is shown", "<noscript>One</noscript>", "One\n"),
        ("frames hold no text", "<frameset><frame></frameset>", ""),
    ],
)
def test_what_a_reader_sees(because: str, html: str, text: str) -> None:
    assert read(html).text == text, because


@pytest.mark.parametrize("levels", [300, 3_000, 30_000])
@pytest.mark.parametrize("tag", ["div", "span", "blockquote", "font color=red", "table><tr><td"])
def test_depth_hides_nothing(levels: int, tag: str) -> None:
    assert "You idiot" in read(f"<{tag}>" * levels + "You idiot").text


@pytest.mark.parametrize(
    "html",
    [
        "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">You idiot",
        "<p " + " ".join(f'a{n}=">"' for n in range(50_000)) + ">You idiot",
        "You idiot" + "<!--" * 100_000,
        "You idiot" + "<![" * 130_000,
        "<![" * 130_000 + ">You idiot",
        "You idiot" + "<" * 400_000,
        "<a>" * 100_000 + "You idiot",
        "<b><p>" * 60_000 + "You idiot",
        "<li>" * 60_000 + "You idiot",
        "<button></b>" * 50_000 + "You idiot",
        "<style>" + "@media {" * 50_000 + "</style>You idiot",
        "<style>" + "p{" * 100_000 + "</style>You idiot",
        "<style>" + "/*" * 200_000 + "</style>You idiot",
        "<style>" + "p" * 400_000 + "</style>You idiot",
        "You idiot<!--[if" + "<xml" * 4_000 + " " * 400_000 + "-->",
        '<p style="' + "a:b;" * 100_000 + '">You idiot',
        '<p class="' + "a " * 200_000 + '">You idiot',
        "You idiot" + "&#" * 200_000,
    ],
)
def test_bulk_hides_nothing(html: str) -> None:
    assert "You idiot" in read(html).text


def test_a_deep_document_is_said_to_be_read_simply() -> None:
    assert read("<div>" * 30_000 + "One").simply
    assert not read("<div>" * 300 + "One").simply


def test_a_tag_of_very_many_attributes_is_said_to_be_read_simply() -> None:
    assert read("<p " + " ".join(f"a{n}=1" for n in range(2_000)) + ">One").simply


def test_a_long_newsletter_is_no_hostile_document() -> None:
    cell = '<td style="padding:0;font-size:14px" align="left"><a href="https://example.org/?a=1&b=2">One = two</a></td>'
    reading = read("<table>" + f"<tr>{cell * 3}</tr>" * 3_000 + "</table>")
    assert not reading.simply
    assert reading.text.count("One = two") == 9_000


def test_a_picture_inside_the_page_is_no_hostile_document() -> None:
    assert not read('<p>One <img src="data:image/png;base64,' + "A b=" * 20_000 + '"></p>').simply


_WORDS = r"alpha|beta|gamma|£"
WORDS = st.sampled_from(["alpha", "beta ", " gamma", "&nbsp;", "\n", "a&lt;b", "<!-- c -->", "£"])
TAGS = st.sampled_from(
    [
        "div",
        "p",
        "b",
        "span",
        "td",
        "tr",
        "table",
        "li",
        "ul",
        "ol",
        "blockquote",
        "br",
        "pre",
        "p class=MsoNormal",
        "blockquote type=cite",
        "div class=gmail_quote",
        "div id=divRplyFwdMsg",
        "div id=Signature",
        "hr",
        "img alt=x",
        "div style='display:none'",
        "font color=white",
        "a href=x",
    ]
)
MARKUP = st.one_of(WORDS, TAGS.map(lambda tag: f"<{tag}>"), TAGS.map(lambda tag: f"</{tag.split()[0]}>"))


@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(MARKUP, max_size=40))
def test_every_document_keeps_its_words_and_its_offsets(pieces: list[str]) -> None:
    html = "".join(pieces)
    reading = read(html)
    seen = re.findall(_WORDS, reading.text + reading.hidden)
    assert sorted(seen) == sorted(re.findall(_WORDS, html))
    end = 0
    for mark in reading.marks:
        assert end <= mark.start < mark.end <= len(reading.text)
        assert mark.start == 0 or reading.text[mark.start - 1] == "\n"
        assert reading.text[mark.end - 1] == "\n"
        end = mark.end
    assert not reading.text or reading.text.endswith("\n")
    assert not re.search(r"[ \t]\n|\xa0|\r", reading.text)
