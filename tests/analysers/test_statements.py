"""What is said of people, to them, and not quite said: each letter with the rule that it breaks, or with none."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from closing_letters import case, plain

from auditor.analysers.offence import Offence

LETTERS = {
    name: table["letters"]
    for name, table in tomllib.loads(Path(__file__).with_name("statements.toml").read_text("utf-8")).items()
}
CALM = {"calm": "offensive-", "people-calm": "offensive-discriminatory"}


def found(body: str) -> set[str]:
    return {one.rule for one in Offence().check(case(plain(body)))}


@pytest.mark.parametrize(
    ("rule", "body"), [(name, one) for name in LETTERS if name not in CALM for one in LETTERS[name]]
)
def test_what_offends_is_found(rule: str, body: str) -> None:
    assert rule in found(body)


@pytest.mark.parametrize(("rules", "body"), [(rules, one) for name, rules in CALM.items() for one in LETTERS[name]])
def test_what_only_sounds_like_it_is_left_alone(rules: str, body: str) -> None:
    assert not [rule for rule in found(body) if rule.startswith(rules)]
