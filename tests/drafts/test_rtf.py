"""Rich Text says what was meant, whatever it is made of, and knows whether somebody has edited it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.drafts.rtf import Bullet, Grid, Heading, Paragraph, Span, document, escaped, mark, untouched
from auditor.drafts.template import filled

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
NUMBER = re.compile(r"\\u(-?\d+)\?|\\([\\{}])|([^\\{}])")


def said(rtf: str) -> str:
    """What a reader makes of escaped text, by the specification; anything else in it is a fault."""
    units = b""
    at = 0
    while at < len(rtf):
        found = NUMBER.match(rtf, at)
        assert found, rtf[at:]
        at = found.end()
        unit = int(found[1]) if found[1] else ord(found[2] or found[3])
        assert -32768 <= unit <= 32767
        units += unit.to_bytes(2, "little", signed=True)
    return units.decode("utf-16-le")


@given(WORDS)
def test_any_text_is_read_as_it_was_written(text: str) -> None:
    shown = said(escaped(text))
    assert escaped(text).isascii()
    assert "\n" not in escaped(text)
    dropped = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x1f\x7f-\x9f\u2028\u2029]+")
    assert shown == dropped.sub(" ", text)


@pytest.mark.parametrize("text", ["{", "}", "\\", "\\par}{\\b", "Ŵ", "🌳", "שרה", "a\u202eb", "two\nlines", "\x00"])
def test_no_text_opens_or_closes_anything(text: str) -> None:
    made = document([Paragraph((Span(text),))], text, text).decode("ascii")
    bare = re.sub(r"\\[\\{}]", "", made)
    assert bare.count("{") == bare.count("}")
    assert r"\par}{\b" not in made.replace(r"\\par\}\{\\b", "")


@given(WORDS, st.integers(min_value=0), st.binary(min_size=1, max_size=1))
def test_a_file_is_untouched_until_a_byte_of_it_is_changed(text: str, place: int, byte: bytes) -> None:
    made = document([Heading(1, (Span(text),)), Bullet((Span(text, blank=True),))], text, text)
    assert untouched(made)
    place %= len(made)
    other = made[:place] + byte + made[place + 1 :]
    assert untouched(other) is (other == made)


def test_a_mark_outlives_an_edit_and_tells_one_filling_from_another() -> None:
    first, second = (document([Paragraph((Span(name),))], "t", "r") for name in ("Ann", "Bea"))
    edited = first.replace(b"Ann", b"Ann Marsh")
    assert mark(edited) == mark(first) != mark(second)
    assert not untouched(edited)
    assert mark(b"nothing of ours") is None
    assert not untouched(b"nothing of ours")


# --- templates


def texts(block: object) -> object:
    match block:
        case Grid(rows=rows):
            return [["".join(span.text for span in cell) for cell in row] for row in rows]
        case Heading(line=line) | Paragraph(line=line) | Bullet(line=line):
            return "".join(span.text for span in line)
    raise AssertionError


def test_a_template_is_taken_apart_before_names_are_put_in() -> None:
    facts = {"name": "# - | *x* [y] {z}", "rows": [("| a |", "- b")], "many": ["## c", "{name}"]}
    made = filled("# Of {name}\n{name}\n| A | B |\n| {rows} |\n- {many}\n- {name}\n| C | |\n", facts)
    odd = facts["name"]
    assert [type(block) for block in made] == [Heading, Paragraph, Grid, Bullet, Bullet, Bullet, Grid]
    assert [texts(block) for block in made] == [
        f"Of {odd}", odd, [["A", "B"], ["| a |", "- b"]], "## c", "{name}", odd, [["C", ""]],
    ]  # fmt: skip


def test_blanks_and_bold_words_are_known() -> None:
    [block] = filled("*Bold* and [a blank] and {known} and {unknown}", {"known": "yes", "unknown": "[no]"})
    assert isinstance(block, Paragraph)
    assert [(span.text, span.bold, span.blank) for span in block.line if span.bold or span.blank] == [
        ("Bold", True, False), ("[a blank]", False, True), ("[no]", False, True),
    ]  # fmt: skip


def test_an_unknown_fact_and_a_list_inside_a_sentence_are_refused() -> None:
    with pytest.raises(KeyError):
        filled("{nothing}", {})
    with pytest.raises(TypeError):
        filled("So {many} words", {"many": ["a", "b"]})
