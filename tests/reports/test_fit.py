import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.fit import LINES_SHOWN, lines


@pytest.mark.parametrize(
    ("text", "room", "many"),
    [
        ("short", 20, 1),
        ("", 20, 1),
        ("one\ntwo\nthree", 20, 3),
        ("a1" * 32, 20, 4),
        ("a1a1a1-a1a1a1-a1a1a1".replace("a1", "a1a1"), 20, 3),
        ("two words here", 9, 2),
        ("漢" * 20, 20, 2),
        ("line\n" * 500, 20, LINES_SHOWN),
    ],
)
def test_lines_are_reckoned(text, room, many):
    assert lines(text, room) == many


@given(st.text(), st.floats(1, 200))
def test_a_narrower_cell_never_needs_fewer_lines(text, room):
    assert 1 <= lines(text, room * 2) <= max(lines(text, room), 1) <= LINES_SHOWN
