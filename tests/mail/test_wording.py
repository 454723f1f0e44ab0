"""The same words are the same whatever a mail program did to them; another word, number or address is another."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.mail.wording import _pattern, closing, national, only_clutter, plain, template, tokens, words

AGREED = template("full", "Ann Marsh\nParish Clerk - Hadlow\nTel: 01632 960881\nann@hadlow.example\nwww.hadlow.example")


@pytest.mark.parametrize(
    "text",
    [
        "Ann Marsh\nParish Clerk - Hadlow\nTel: 01632 960881\nann@hadlow.example\nwww.hadlow.example",
        "Ann   Marsh Parish\nClerk \u2014 Hadlow Tel 01632 960 881 ann@hadlow.example www.hadlow.example",
        "*Ann Marsh*\n_Parish Clerk_ | Hadlow\nTel: +44 (0)1632 960881\nann@hadlow.example\nhttps://www.hadlow.example/",
        "ANN MARSH\n\n\nPARISH CLERK, HADLOW\ntel. (01632) 960881\nAnn@Hadlow.example<mailto:ann@hadlow.example>\nwww.hadlow.example",
        "Ann\u00a0Marsh\nParish Cle\u00adrk \u2013 Had\u200blow\nTel: 01632-960881\n[cid:image1.png]\nann@hadlow.example\n<http://www.hadlow.example>www.hadlow.example",
    ],
)
def test_the_same_words(text: str) -> None:
    assert len(AGREED.spots(plain(text))) == 1


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("Marsh", "Marsham"),
        ("Clerk", "Council Clerk"),
        ("Hadlow\n", "Hadlow, Kent\n"),
        ("960881", "960818"),
        ("ann@", "clerk@"),
        ("hadlow.example\nwww", "hadlow-pc.example\nwww"),
        ("www.hadlow", "www.hadlaw"),
        ("Ann", "Joann"),
        ("Tel: ", ""),
    ],
)
def test_other_words(there: str, instead: str) -> None:
    text = AGREED.text.replace(there, instead, 1)
    assert text != AGREED.text
    assert AGREED.spots(plain(text)) == []


@pytest.mark.parametrize(
    ("blank", "value", "fits"),
    [
        ("{phone}", "01632 960881", True),
        ("{phone}", "+44 1632 960881", True),
        ("{phone}", "07700 900118", True),
        ("{phone}", "01632\n960881", True),
        ("{phone}", "999", False),
        ("{phone}", "on request", False),
        ("{mailbox}", "ann@hadlow.example", True),
        ("{mailbox}", "ann at hadlow", False),
        ("{title}", "Allotments Officer", True),
        ("{title}", "12", False),
    ],
)
def test_an_open_blank_takes_what_is_plausible(blank: str, value: str, fits: bool) -> None:
    open_one = template("open", f"Ann Marsh\n{blank}\nHadlow")
    assert bool(open_one.spots(plain(f"Ann Marsh\n{value}\nHadlow"))) is fits


@pytest.mark.parametrize(
    "number", ["01632 960881", "(01632) 960881", "01632-960-881", "+44 1632 960881", "0044 (0)1632 960881"]
)
def test_a_number_is_dialled_alike(number: str) -> None:
    assert national(number) == "01632960881"


def test_too_few_digits_are_no_number() -> None:
    assert national("0118") == ""


@given(st.text())
def test_plain_keeps_every_line(text: str) -> None:
    assert plain(text).count("\n") == text.count("\n")


@given(st.text(alphabet="ab01 +@.-/w<>:[]{}\n\u2013", max_size=80))
def test_words_are_what_tokens_say(text: str) -> None:
    found = tokens(plain(text))
    assert [token.word for token in found] == words(plain(text))
    assert all(0 <= a.start < a.end <= b.start for a, b in pairwise(found))


@given(
    st.lists(st.from_regex(r"[a-zA-Z]{2,9}", fullmatch=True), min_size=3, max_size=20),
    st.lists(st.sampled_from([" ", "\n", "  ", " - ", ",\n"]), min_size=20, max_size=20),
)
def test_a_wording_is_found_however_it_is_spaced(said: list[str], gaps: list[str]) -> None:
    one = template("any", " ".join(said))
    text = "".join(word + gap for word, gap in zip(said, gaps, strict=False))
    assert one.spots(plain(f"before\n{text}\nafter")) or one.words == ()


def test_clutter() -> None:
    assert only_clutter(" ** <mailto:ann@hadlow.example> [cid:image001.png] ")
    assert not only_clutter("* x *")


def test_the_longest_wording_is_tried_first_and_compiled_once() -> None:
    signatures = (("short", "Ann"), ("long", "Ann Marsh, Clerk"))
    made = closing("Ann Marsh", signatures, ())
    assert [one.name for one in made.signatures] == ["long", "short"]
    assert closing("Ann Marsh", signatures, ()) is made


@given(
    st.lists(
        st.sampled_from([" ", "\n", "  \n", " - ", "_", ", ", "|", "\n\n> ", "x", " one ", "."]), min_size=4, max_size=4
    )
)
def test_the_pattern_for_clean_text_says_what_the_full_one_does(gaps: list[str]) -> None:
    agreed = "ann marsh parish clerk 01632 960114"
    text = "".join(map("".join, zip(["ann", "marsh", "parish", "clerk"], gaps, strict=True))) + "01632 960114 is mine"
    spans = [[m.span() for m in _pattern(agreed, cluttered).finditer(text)] for cluttered in (True, False)]
    assert spans[0] == spans[1]


@pytest.mark.parametrize("between", ["<br>", "<mailto:a@b.example>", "&nbsp;", "[image: crest]"])
def test_clutter_between_the_words_makes_no_difference(between: str) -> None:
    one = template("full", "Ann Marsh\nParish Clerk")
    assert one.spots(f"ann marsh {between}\nparish {between} clerk") != []
