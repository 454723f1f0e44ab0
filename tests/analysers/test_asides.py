"""Views, the Council's and campaigns, dropped in passing: letters as data."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from conduct import Letter, judged

LETTERS = [
    (one["rule"], Letter(one["flagged"], one["rule"], one["body"]))
    for one in tomllib.loads(Path(__file__).with_name("views.toml").read_text("utf-8"))["letter"]
]


@pytest.mark.parametrize(("rule", "letter"), LETTERS, ids=lambda one: one.body[:40] if isinstance(one, Letter) else one)
def test_said_in_passing(rule: str, letter: Letter) -> None:
    assert judged(rule, letter) is letter.flagged
