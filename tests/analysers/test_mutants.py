"""The script that takes the rules apart takes out what it says, and nothing that nobody could see."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

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


def test_a_question_that_only_saves_time_is_not_counted() -> None:
    tree = ast.parse(
        "def f(a):\n    if not all(occurs(a, x) for x in a):\n        return\n    if s.possible(a):\n        yield a\n"
    )
    assert [ast.unparse(one) for one in mutants._ungated(tree)] == [
        "def f(a):\n    pass\n    if s.possible(a):\n        yield a",
        "def f(a):\n    if not all((occurs(a, x) for x in a)):\n        pass\n    if s.possible(a):\n        yield a",
        "def f(a):\n    if not all((occurs(a, x) for x in a)):\n        return\n    yield a",
    ]


@pytest.mark.parametrize("test", ["w.isdisjoint(a)", "occurs(a, x) and a", "occurs(a, x) or len(a) > 2", "a"])
def test_a_question_that_judges_is_counted(test: str) -> None:
    assert not mutants._saves_time(ast.parse(test, mode="eval").body)


@pytest.mark.parametrize("shortcut", mutants.SHORTCUTS)
def test_a_shortcut_stands_in_the_rules(shortcut: str) -> None:
    assert any(shortcut in path.read_text("utf-8") for path in mutants.HOME.glob("*.py"))


def test_a_file_is_judged_anew_when_its_words_have_changed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copytree(mutants.HOME.parent, tmp_path / "auditor", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(mutants, "HOME", tmp_path / "auditor" / "analysers")
    monkeypatch.setattr(mutants, "IMPORTS", mutants._imports())
    before = mutants._state("greeting", deep=False)
    assert mutants._state("greeting", deep=True) != before
    for words, same in (("rude", True), ("greetings", False)):
        file = mutants.HOME / "terms" / f"{words}.toml"
        file.write_text(file.read_text("utf-8") + "\n# another\n", "utf-8")
        assert (mutants._state("greeting", deep=False) == before) is same


def test_a_constant_that_only_the_pipeline_reads_is_not_counted() -> None:
    made = mutants.mutants("records", deep=False)
    assert not [one.what for one in made if "_LOGO" in one.what]
