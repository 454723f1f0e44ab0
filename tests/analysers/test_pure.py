"""Analysers are pure and bear what is thrown at them: no network, the same findings every time, no runaway growth."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from closing_letters import case as case_of
from closing_letters import findings
from hypothesis import given, settings
from hypothesis import strategies as st

import auditor.analysers
from auditor.analysers import ANALYSERS
from auditor.analysers.base import Case
from auditor.analysers.prose import prose
from auditor.findings import EXCERPT_LIMIT
from benchmarks import hostile

SCRIPT = Path(__file__).with_name("judged.py")
TERMS = Path(auditor.analysers.__file__).parent / "terms"
PARTS = ("own", "signature", "waiver", "quoted", "forwarded", "subject")
SIZE = 1_500


def judged(seed: str, hash_seed: str) -> str:
    path = os.pathsep.join([str(SCRIPT.parent), *(entry or "." for entry in sys.path)])
    done = subprocess.run(
        [sys.executable, str(SCRIPT), seed],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": hash_seed},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_nothing_outward_and_the_same_whatever_the_order_or_the_hashes() -> None:
    first = judged("a", "0")
    assert sum(map(len, json.loads(first).values())) > 100
    assert judged("b", "4242") == first


def _words() -> list[str]:
    words: set[str] = set()
    for path in sorted(TERMS.glob("*.toml")):
        for row in tomllib.loads(path.read_text("utf-8")).values():
            words.update(map(str, row.get("terms", ())) if isinstance(row, dict) else ())
    return sorted(words)


BETWEEN = [
    " ",
    " ",
    " ",
    "\n",
    ". ",
    "? ",
    ", ",
    ' "',
    "' ",
    "!!! ",
    "\n\n",
    " - ",
    "; ",
    ": ",
    " 07700 900123 ",
    " £40 ",
]
pieces = st.lists(st.tuples(st.sampled_from(_words()), st.sampled_from(BETWEEN)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(pieces)
def test_findings_of_any_words_lie_within_their_part(said: list[tuple[str, str]]) -> None:
    made = case_of("".join(map("".join, said)) + "\n")
    for found in findings(made):
        assert len(found.excerpt) <= EXCERPT_LIMIT
        assert found.reason
        if found.part in PARTS:
            assert 0 <= found.start <= found.end <= len(made.text(found.part))


def steps(analyser: object, made: Case) -> int:
    """How many calls a judgement takes: the same on every machine, unlike its time."""
    counted = 0

    def count(_frame: object, event: str, _given: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    prose.cache_clear()
    sys.setprofile(count)
    try:
        for _ in analyser.check(made):  # type: ignore[attr-defined]
            pass
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("analyser", ANALYSERS, ids=lambda one: type(one).__name__)
def test_work_grows_with_a_hostile_text_and_not_with_its_square(analyser) -> None:
    for name, text in hostile.few(SIZE):
        steps(analyser, case_of(text[: SIZE // 2]))  # words are read and patterns made the first time
        short, long = steps(analyser, case_of(text)), steps(analyser, case_of(4 * text))
        assert long <= 6 * short + 5_000, name  # its square would be sixteen times
