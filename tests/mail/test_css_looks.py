"""One look over another: nothing that either says is forgotten."""

from __future__ import annotations

import pytest

from auditor.mail.css import PLAIN, WHITE, Look, over

SAYS = {
    "gone": Look(gone=True),
    "tiny": Look(tiny=False),
    "unseen": Look(unseen=False),
    "colour": Look(colour=(1, 2, 3)),
    "back": Look(back="picture"),
    "pre": Look(pre=False),
    "above": Look(above=0.0),
    "below": Look(below=0.0),
    "divider": Look(divider=True),
}
OTHER = Look(False, True, True, WHITE, WHITE, True, 9.0, 9.0, False)


def test_every_field_is_tried() -> None:
    assert SAYS.keys() == Look.__dataclass_fields__.keys()


@pytest.mark.parametrize("says", SAYS.values(), ids=SAYS)
def test_what_one_says_is_kept(says: Look) -> None:
    assert over(PLAIN, says) == says
    assert over(says, PLAIN) == says


@pytest.mark.parametrize("field", SAYS)
def test_the_upper_counts_where_it_says_something(field: str) -> None:
    found = over(OTHER, SAYS[field])
    assert {name for name in SAYS if getattr(found, name) != getattr(OTHER, name)} == {field}
    assert getattr(found, field) == getattr(SAYS[field], field)
