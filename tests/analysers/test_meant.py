"""Conduct that is meant and not worded, told by act, object and what makes it wrong: sentences, as data."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from conduct import Letter, judged

SAID = [
    (rule, Letter(side == "flagged", sentence, f"Dear Pat,\n\n{sentence}\n\nRegards"))
    for rule, sides in tomllib.loads(Path(__file__).with_name("meant.toml").read_text("utf-8")).items()
    for side, sentences in sides.items()
    for sentence in sentences
]


@pytest.mark.parametrize(("rule", "letter"), SAID, ids=[f"{rule}: {letter.because[:50]}" for rule, letter in SAID])
def test_said(rule: str, letter: Letter) -> None:
    """As a fair deputy clerk would have it."""
    assert judged(rule, letter) == letter.flagged
