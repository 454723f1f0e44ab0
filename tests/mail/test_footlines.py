"""The quick looks before the slow ones lose nothing: every term is known by the line that it stands in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.mail.footlines import footer, greeting_name, particular
from auditor.mail.vocabulary import closing_needs, closing_terms


@pytest.mark.parametrize("term", closing_terms("footers"))
def test_a_footer_is_known_by_each_of_its_terms(term: str) -> None:
    assert any(need in term for need in closing_needs("footers"))
    assert footer(f"this mail: {term.replace(' ', '  ')}.")


@pytest.mark.parametrize("term", closing_terms("roles"))
def test_a_role_tells_what_somebody_is(term: str) -> None:
    assert particular(f"ann marsh, {term}")
    assert not particular(f"ann marsh, z{term}z".replace(" ", "z").replace("-", "z").replace("&", "z"))


@pytest.mark.parametrize(
    "line",
    ["ann@hadlow.example", "www.hadlow", "http://hadlow", "https://hadlow", "01632 960114", "tn11 0aa", "@annmarsh"],
)
def test_a_line_tells_how_to_reach_somebody(line: str) -> None:
    assert particular(f"– {line}")


@given(
    st.lists(st.sampled_from(["a", "ann", "m", "mar", "marsh", "marshy", "x", "xx"]), min_size=1, max_size=4),
    st.sampled_from(["", "- ", "* ", "("]),
)
def test_a_name_is_known_with_kisses_and_initials(said: list[str], before: str) -> None:
    assert greeting_name(before + " ".join(said), "ann marsh") == any(word not in {"x", "xx"} for word in said)


def test_another_name_with_the_same_initial_is_none() -> None:
    assert not greeting_name("alice", "ann marsh")
    assert not greeting_name("bob", "ann marsh")
    assert not greeting_name("12", "ann marsh")
