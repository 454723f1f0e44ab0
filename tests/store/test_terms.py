"""What is written is found again, however it is written."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.store import terms as module
from auditor.store.terms import LONGEST, address_terms, normalise, terms


@pytest.mark.parametrize(
    ("one", "other", "because"),
    [
        ("O'Brien", "O’Brien", "an apostrophe is an apostrophe"),
        ("O'Brien", "obrien", "and may be left out"),
        ("council's", "council", "the possessive is the word"),
        ("Jones’s", "Jones", "also where it would look like a word"),
        ("Council’s", "councils", "and the plural its stem"),
        ("meetings", "Meeting", "stems"),
        ("café", "CAFE", "accents and case"),
        ("cafe\u0301", "café", "composed or not"),
        ("ﬁle", "file", "ligatures"),
        ("ＦＵＬＬ", "full", "width"),
        ("straße", "STRASSE", "full case folding"),
        ("co\u00adoperate", "cooperate", "a soft hyphen is not seen"),
        ("wor\u200bd", "word", "nor is a space without width"),
        ("£1,250.00", "1250.00", "thousands"),
        ("1,250,300", "1250300", "and millions"),
        ("24/00123/FUL", "24 00123 ful", "a reference is its pieces"),
        ("clerk@thorrington.example.org", "Clerk Thorrington example ORG", "so is an address"),
        ("well-known", "well known", "a hyphen parts"),
        ("file_name.pdf", "file name pdf", "so do underscores and dots"),
        ("“quoted”…", "quoted", "typographers' marks"),
    ],
)
def test_written_in_two_ways_found_as_one(one: str, other: str, because: str) -> None:
    assert normalise(one) == normalise(other) != "", because


@pytest.mark.parametrize(
    ("one", "other", "because"),
    [
        ("24/00123/FUL", "24/00124/FUL", "another reference"),
        ("1,25", "125", "a comma that parts no thousands"),
        ("12,3456", "123456", "nor does this one"),
        ("b12", "b13", "words with digits are not stemmed"),
    ],
)
def test_near_misses_stay_apart(one: str, other: str, because: str) -> None:
    assert normalise(one) != normalise(other), because


def test_terms_stand_in_reading_order() -> None:
    assert terms("The Clerk's meetings,\n\tre: 3 hedges!") == "the clerk meet re 3 hedg"
    assert terms("'' -- ' ?") == ""
    assert terms("") == ""
    assert terms("水道 ok") == "水 道 ok"


def test_an_address_is_found_whole_and_in_pieces() -> None:
    found = address_terms("Ann Marsh Ann.Marsh@Example.org Jörg <jörg@example.org>").split(" ")
    assert {"ann", "marsh", "ann.marsh@example.org", "exampl", "org", "jorg", "jo\u0308rg@example.org"} <= set(found)
    assert "=" not in address_terms("bounce=joe@example.org")
    assert address_terms("") == ""


def test_a_long_run_is_known_by_its_beginning() -> None:
    run = "q" * 5_000_000
    assert terms(f"before {run} after") == f"befor {'q' * LONGEST} after"


def test_forgetting_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REMEMBERED", 50)
    words = [f"{prefix}{number}ing" for prefix in ("x", "é") for number in range(200)]
    assert terms(" ".join(words)).split(" ") == [normalise(word) for word in words]


@given(st.text())
def test_any_text_gives_clean_terms(text: str) -> None:
    found = terms(text)
    assert found == " ".join(found.split(" "))
    assert not set(found) & set(string.punctuation + string.ascii_uppercase + "\0\n\t")
    assert all(0 < len(term) <= LONGEST for term in found.split(" ") if found)
    found.encode()


@given(st.lists(st.text(alphabet="aé'’ß1,./@-x\u00ad ", min_size=1), min_size=1))
def test_a_text_is_its_words(words: list[str]) -> None:
    """A word inside a text gives the terms it gives alone: a question finds what was stored."""
    text = "\n".join(words)
    assert terms(text) == " ".join(filter(None, map(normalise, words)))


@given(st.integers())
def test_letter_case_does_not_matter(seed: int) -> None:
    chance = random.Random(seed)
    word = "".join(chance.choice(string.ascii_letters) for _ in range(12))
    assert normalise(word.upper()) == normalise(word.lower()) == normalise(word)


@given(st.text(string.ascii_lowercase + string.digits + "'", min_size=1, max_size=2 * LONGEST))
def test_a_plain_word_is_read_the_quick_way_alike(word: str) -> None:
    slowly = [term for term in module._pieces(word) if term]
    assert terms(word) == " ".join(slowly)
