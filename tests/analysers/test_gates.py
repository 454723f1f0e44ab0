"""What a pattern asks of a text's words: never more than it needs, or what it would find goes unseen."""

from __future__ import annotations

import gc

import pytest
from test_examples import _found as found

from auditor.analysers import ANALYSERS, examples
from auditor.analysers.gates import Words, bit, wanted
from auditor.analysers.patterns import Pattern, compiled
from auditor.analysers.prose import prose

TABLES = {"buy": frozenset({"order", "send for"}), "goods": frozenset({"sand", "road salt"}), "any": frozenset({"£"})}


@pytest.mark.parametrize(
    ("source", "text", "possible"),
    [
        ("{buy} (?:the )?{goods}", "do order the sand", True),
        ("{buy} (?:the )?{goods}", "do order the gravel", False),
        ("{buy} (?:the )?{goods}", "send round for road salt", False),
        ("{buy} (?:the )?{goods}", "send for the road salt", True),
        ("{buy} (?:{goods})?", "order now", True),
        ("{buy}|{goods}", "only sand", True),
        ("{buy}|{goods}", "nothing at all", False),
        ("{buy}|gravel", "gravel", True),
        ("{goods}(?:s|ed)?", "sanded", True),
        ("un{goods}", "unsand", True),
        ("^.*?{goods}", "quicksand", True),
        (r"^.*?\b{goods}", "quicksand", False),
        ("{any} {goods}", "£ sand", True),
    ],
)
def test_what_is_asked(source: str, text: str, possible: bool) -> None:
    mask = Words.of(text).mask  # before its tables are known, and again when they are
    words = Words.of(text)
    asked = wanted(source, TABLES)
    assert all(words.mask & one for one in asked) is possible
    assert mask & words.mask == mask


def test_without_words_to_ask_for_every_text_is_possible() -> None:
    assert compiled("[!?]{3,}").possible(prose("what???").words)


def test_a_possessive_is_known_by_its_word() -> None:
    for table in ({"council"}, {"council's view"}):
        known = bit(table)
        assert Words.of("the council's view").mask & known


def test_whatever_a_pattern_finds_it_thought_possible() -> None:
    bodies = [example.body for analyser in ANALYSERS for rule in analyser.rules for example in examples(rule.name)][::3]
    bodies = [body for body in bodies if body.isascii()]  # to RE2 a word ends where a letter of another script stands
    letters = [example for analyser in ANALYSERS for rule in analyser.rules for example in examples(rule.name)]
    for letter in letters[::5]:
        found(letter)  # most patterns are made when they are first asked
    patterns = [one for one in gc.get_objects() if isinstance(one, Pattern) and one.wants]
    assert len(patterns) > 50
    unseen = [
        (pattern.source[:200], pattern.found(read.plain))
        for read in map(prose, bodies)
        for pattern in patterns
        if not pattern.possible(read.words) and pattern.found(read.plain)
    ]
    assert unseen == []
