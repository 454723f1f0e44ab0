"""Which messages are private by their subject: what begins with an entry, whatever stands before it, and nothing else."""

from __future__ import annotations

import pytest
from builders import eml
from changes import replace
from hypothesis import assume, given
from hypothesis import strategies as st

from auditor.mail.parse import envelope
from auditor.pipeline.tasks import PrivateRules

LEADS = ("", "Re: ", "RE:", "Fwd: ", "FW : ", "Re: AW: ", "[", "(Re: ", ' "', "WG:  [")
WORDS = st.text("abcxyzäéПр", min_size=1, max_size=8)
SIGNS = st.text("[](){}:;-–/!?*+.^$|\\#&%<>\"'", max_size=3)
ENTRIES = st.builds("{}{}{}{}{}".format, SIGNS, WORDS, st.sampled_from(["", " ", " - "]), WORDS, SIGNS)
SPACES = st.sampled_from([" ", "  ", "\t", "\u00a0", "\u3000 "])


def covers(entry: str, subject: str) -> bool:
    return PrivateRules((entry,)).covers(replace(envelope(b""), subject=subject))


@pytest.mark.parametrize(
    ("entry", "subject", "private"),
    [
        ("[Private]", "[Private] my leave", True),
        ("[Private]", "Re: [PRIVATE]my leave", True),
        ("[Private]", "Fwd: Re: [private]", True),
        ("[Private]", "Private my leave", False),
        ("Confidential:", "confidential: the tender", True),
        ("Confidential:", "RE: Confidential:the tender", True),
        ("Confidential:", "Confidential tender", False),
        ("Personal -", "Personal  - the weekend", True),
        ("Personal -", "Fw: personal\u00a0- the weekend", True),
        ("Personal -", "Personal matters", False),
        (" personal ", "Re: Personal - the weekend", True),
        ("personal", "[Personal] the weekend", True),
        ("personal", "Personalities of the parish", False),
        ("personal", "Not personal", False),
        ("my own", "My  own_things", False),
        ("C++", "c++ is my hobby", True),
    ],
)
def test_what_begins_with_an_entry_is_private(entry: str, subject: str, private: bool) -> None:
    assert covers(entry, subject) is private


def test_one_of_several_entries_is_enough_and_none_covers_nothing() -> None:
    mail = envelope(eml(subject="Fwd: [Private] my leave"))
    assert PrivateRules(("personal", "[private]")).covers(mail)
    assert not PrivateRules((), ("rep@union.example",)).covers(mail)


@given(ENTRIES, st.sampled_from(LEADS), SPACES, st.booleans(), st.sampled_from(["", " the rest", ": the rest", "\n"]))
def test_any_entry_is_known_by_any_case_and_width_of_spaces(
    entry: str, lead: str, space: str, loud: bool, rest: str
) -> None:
    said = entry.upper() if loud else entry
    assert covers(entry, lead + said.replace(" ", space) + rest)


@given(WORDS, st.sampled_from(LEADS), WORDS)
def test_a_word_is_no_part_of_a_longer_one(word: str, lead: str, more: str) -> None:
    assert not covers(word, lead + word + more)


@given(st.lists(ENTRIES, max_size=3), st.text(max_size=40))
def test_what_does_not_hold_an_entry_is_read(entries: list[str], subject: str) -> None:
    squeezed = "".join(subject.casefold().split())
    assume(not any("".join(entry.casefold().split()) in squeezed for entry in entries))
    assert not any(covers(entry, subject) for entry in entries)


def test_a_subject_of_nothing_but_leads_is_gone_through_once() -> None:
    assert not covers("personal", "[" * 200_000 + "x")
