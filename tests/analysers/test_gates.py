"""What a pattern asks of a text's words: never more than it needs, or what it would find goes unseen."""

from __future__ import annotations

import gc
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_examples import _found as found

from auditor.analysers import ANALYSERS, examples
from auditor.analysers.demands import demands
from auditor.analysers.gates import Words, bit, parts
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
        ("who (?:can't|cannot) (?:[a-z]+ ){1,3}?(?:pay|park)", "a man who can park", False),
        ("who (?:can't|cannot) (?:[a-z]+ ){1,3}?(?:pay|park)", "a man who can't always park", True),
        ("(?:the |[,;] ?)*{goods} heap", "the road salt heap", True),
        ("(?:the |[,;] ?)*{goods} heap", "the road salt and a heap", False),
        ("(?:{buy} ){1,2}now", "send for now", True),
        ("(?:{buy} ){1,2}now", "send it now", False),
        ("a (?:long )?word that goes on", "word that goes off", False),
        ("[a-z]*{buy}|{goods}", "reorder", True),
        ("[a-z]*{buy}", "he will resend for it", True),
    ],
)
def test_what_is_asked(source: str, text: str, possible: bool) -> None:
    mask = Words.of(text).mask  # before its tables are known, and again when they are
    words = Words.of(text)
    asked = demands(source, TABLES)
    assert all(words.mask & one for one in asked) is possible
    assert mask & words.mask == mask


_WORDS = st.sampled_from(["order", "sand", "the", "send", "for", "road", "salt", "re", "s", "don't"])
_ATOMS = st.one_of(
    _WORDS, st.sampled_from(["{buy}", "{goods}", "[a-z]", "[a-z']+", r"\w+", ",", " ", " ", "[,;] ?", r"\b", "."])
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    counts = st.sampled_from(["?", "*", "+", "{0,2}?", "{1,3}", ""])
    return st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.builds("(?:{}|{})".format, inner, inner),
        st.builds("(?:{}){}".format, inner, counts),
    )


@given(
    st.recursive(_ATOMS, _grown, max_leaves=12), st.lists(_WORDS | st.sampled_from([" ", " ", ", ", "x"]), max_size=12)
)
@settings(max_examples=400, deadline=None)
def test_whatever_matches_was_thought_possible(source: str, said: list[str]) -> None:
    written = re.sub(r"\{([a-z]+)\}", lambda name: "(?:" + "|".join(sorted(TABLES[name[1]])) + ")", source)
    text = " ".join("".join(said).split())
    if re.search(rf"\b(?:{written})\b", text):
        words = Words.of(text)
        assert all(words.mask & one for one in demands(source, TABLES))


def test_without_words_to_ask_for_every_text_is_possible() -> None:
    assert compiled("[!?]{3,}").possible(prose("what???").words)


def test_a_possessive_is_known_by_its_word() -> None:
    for table in ({"council"}, {"council's view"}):
        known = bit(frozenset(map(parts, table)))
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
