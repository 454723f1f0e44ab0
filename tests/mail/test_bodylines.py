"""A body's lines, stripped and cut."""

from __future__ import annotations

import pytest

from auditor.mail.bodylines import LONGEST, Lines


@pytest.mark.parametrize("rest", ["", "é"], ids=["ASCII", "other"])
def test_a_line_is_cut_before_it_is_stripped(rest: str) -> None:
    long = "  " + "a" * (LONGEST - 4) + "   b"
    lines = Lines.of(f"{long}\n  short{rest} \n")
    assert lines.bare == ["a" * (LONGEST - 4), f"short{rest}", ""]
    assert lines.text[0] == long


@pytest.mark.parametrize("length", [LONGEST - 1, LONGEST, LONGEST + 1])
def test_only_what_is_beyond_the_longest_line_is_cut(length: int) -> None:
    assert Lines.of("a" * length).bare == ["a" * min(length, LONGEST)]


def test_quoted_printable_that_nobody_decoded_is_read_round() -> None:
    assert Lines.of("one=20\n=09two\nthree = 3").bare == ["one", "two", "three = 3"]
