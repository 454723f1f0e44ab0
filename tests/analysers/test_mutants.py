"""The script that takes the rules apart takes out what it says, and nothing that nobody could see."""

from __future__ import annotations

import ast

import pytest

from benchmarks import mutants


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("a|b|c", ["b|c", "a|c", "a|b"]),
        ("(?:a|b)", ["(?:b)", "(?:a)"]),
        ("(?:a|b) c", []),
        (r"a\|b", []),
        ("[a|b]", []),
        ("[]|]", []),
        ("x", []),
    ],
)
def test_alternatives_at_the_outermost_level(pattern: str, left: list[str]) -> None:
    assert [rest for _, rest in mutants._fewer(pattern, deep=False)] == left


def test_alternatives_at_every_level() -> None:
    rests = [rest for _, rest in mutants._fewer("a|b (?:c|d(?:e|f))", deep=True)]
    assert len(rests) == 6
    assert {"a", "a|b (?:c)", "a|b (?:c|d(?:e))"} <= set(rests)


def test_what_makes_no_difference_is_one_and_the_same() -> None:
    same = [
        "@cache\ndef f(a: int) -> int | None:\n    'Says.'\n    if a:\n        return a\n    return None\n",
        "def f(a):\n    if a:\n        return a\n",
    ]
    first, second = (mutants._shape(ast.parse(source)) for source in same)
    assert first == second


def test_every_removal_is_python_and_its_own() -> None:
    made = mutants.mutants("reply_all", deep=True)
    assert len(made) > 30
    assert len({mutants._shape(ast.parse(one.source)) for one in made}) == len(made)
