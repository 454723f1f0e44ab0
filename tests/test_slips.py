"""A line that is no TOML is named and shown, with what was meant, and the library's own words are kept from the clerk."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.slips import slip

LIBRARY = ("Illegal", "Cannot", "Expected", "Unescaped", "Invalid", "Unclosed", "Unterminated", "statement")
ABOVE = '[council]\nname = "Stow"\n'


def told(text: str) -> str:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    return slip(text, str(caught.value))


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("role = clerk", "must stand in quotes"),
        ("phone = 01632 960001", "telephone number too, must stand in quotes"),
        ('mailbox = "clerk@stow.example', 'text begins and ends with "'),
        ('title = "The "new" Clerk"', 'text begins and ends with "'),
        ("title = 'Clerk", "text begins and ends with '"),
        ("title = “Clerk”", "straight ones"),
        ("from = 01/09/2026", "2026-09-01, year first, without quotes"),
        ("from = 2026-9-1", "2026-09-01"),
        ("until = 1 September 2026", "2026-09-01"),
        ("adopted = 2026-02-30", "2026-09-01"),
        ('root = "C:\\Users\\clerk"', "with / instead of a backslash"),
        ('root = "\\\\server\\mail"', "with / instead of a backslash"),
        ('domains = ["a.example" "b.example"]', "a comma between two"),
        ("domains = [a.example]", "a comma between two"),
        ("chair = True", "written small"),
        ("title =", "no value"),
        ('title: "Clerk"', "an equals sign"),
        (
            'name = "Stow Parish Council"',
            "stands twice in this table; take one out, or begin a second one with [[people]]",
        ),
        ("[council]", "[council] stands in the file already"),
        ("[people", "a table's name stands in brackets"),
    ],
)
def test_the_line_is_shown_with_its_likely_cause(line: str, cause: str) -> None:
    for below in ("", '\nother = "more"\n'):
        said = told(ABOVE + line + below)
        assert said.startswith(f"line 3 ({line}) cannot be read: ")
        assert cause in said
        assert not any(word in said for word in LIBRARY)


def test_a_second_person_is_another_table_in_two_brackets() -> None:
    for first, second in (("[people]", "[people]"), ("[[people]]", "[people]"), ("[people]", "[[people]]")):
        said = told(f'{first}\nname = "Ann"\n{second}\nname = "Tom"\n')
        assert said.startswith(f"line 3 ({second}) cannot be read: ")
        assert "each begins with [[people]], in two brackets" in said


def test_a_list_that_is_not_closed_is_blamed_where_it_begins() -> None:
    assert told(ABOVE + 'domains = ["a.example"\ntimezone = "Europe/London"\n').startswith("line 3 (domains = [")


@pytest.mark.parametrize(
    "line", ["key = correct horse", "smtp_password: correct horse", 'store = { key = "correct horse']
)
def test_what_may_be_a_secret_is_not_repeated(line: str) -> None:
    said = told(ABOVE + line)
    assert said.startswith("line 3 (")
    assert "horse" not in said


def test_a_long_line_is_cut() -> None:
    assert len(told("title = " + "very " * 200 + "long")) < 250


@example("0=\x00")
@given(st.text(alphabet='ab=[]{}"\\\n\r\t# 0\x00“', max_size=40))
def test_whatever_stands_there_is_one_sentence(text: str) -> None:
    said = ""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = slip(text, str(error))
    assert said.isprintable()
