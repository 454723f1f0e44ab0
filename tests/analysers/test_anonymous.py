"""Third parties are taken out of what is told, however they are written; who may be named stays."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from builders import eml
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.analysers.anonymous import HOUSE, Cast, tidy
from auditor.findings import CLOSE, OPEN
from auditor.mail.message import Mail
from auditor.mail.parse import parse
from auditor.policy import Person, Policy, Role

CLERK = Person("Ann Marsh", Role.CLERK, "Parish Clerk", "clerk@council.example", phone="01206 000000")
TOM = Person("Tom Bell", Role.COUNCILLOR, "", "tom.bell@council.example", private=("tom@bell.example",))
IVY = Person("Ivy Holt", Role.COUNCILLOR, "", "ivy.holt@council.example", phone="01632 960111", chair=True)
POLICY = Policy("Stow Parish Council", ("council.example",), (CLERK, TOM, IVY))
PAT = "Patricia O'Rourke <pat.orourke@example.com>"
FORBIDDEN = ("patricia", "rourke", "pat.orourke", "ivy", "holt", "960111", "dunmow", "07700")


def mail(body: str = "", to: tuple[str, ...] = (PAT, "ivy.holt@council.example"), **more: str) -> Mail:
    raw = eml(sender=TOM.mailbox, to=to, body=body, sent=datetime(2026, 3, 4, tzinfo=UTC), n=1, **more)
    return parse(raw)


def cast(*named: Person) -> Cast:
    return Cast(POLICY, mail(), named or (TOM,))


def bare(told: str) -> str:
    """What a reader sees besides the signs."""
    return re.sub(f"{OPEN}[^{CLOSE}]*{CLOSE}", "*", told)


@pytest.mark.parametrize(
    "text",
    [
        "Dear Patricia, thank you.",
        "PATRICIA said so; so did patricia.",
        "Ask Patricia\n> O'Rourke about it.",
        "write to pat.orourke@example.com or Pat.ORourke@Example.com",
        "mailto:pat.orourke@example.com",
        "Cllr Holt and Ivy\nHolt agreed.",
        "Ring 01632 960111, or +44 1632 960111.",
        "Her mobile is 07700 900461.",
        "Sheila Dunmow <sheila@dunmow.example> wrote:\nSheila is right, said Dunmow.",
        "P\u200batricia and I\u202evy",
        "Pa\u00adtricia",
        "patricia's fence, Holt’s gate",
    ],
)
def test_third_parties_are_taken_out(text: str) -> None:
    one = cast()
    one.learn(text)
    told = bare(one.told(text)).lower()
    assert not [word for word in FORBIDDEN if word in told], told
    assert "*" in told


def test_those_who_may_be_named_stay() -> None:
    text = "Tom Bell, tom.bell@council.example, tom@bell.example, of Stow Parish Council."
    assert cast().told(text) == text
    assert cast(TOM, CLERK).told("Ann Marsh, clerk@council.example, 01206 000000") == (
        "Ann Marsh, clerk@council.example, 01206 000000"
    )
    assert "Marsh" not in bare(cast().told("Ann Marsh told me."))


def test_one_person_is_one_sign_however_written() -> None:
    one = cast()
    told = [one.told(text) for text in ("Ivy", "Ivy Holt", "ivy.holt@council.example", "01632 960111", "HOLT")]
    assert set(told) == {f"{OPEN}ivy.holt@council.example{CLOSE}"}
    others = {one.told(text) for text in ("Patricia", "pat.orourke@example.com", "Patricia O'Rourke")}
    assert others == {f"{OPEN}pat.orourke@example.com{CLOSE}"}


def test_headers_say_who_may_be_told() -> None:
    letter = mail(to=(PAT, "Ann Marsh <clerk@council.example>"))
    one = Cast(POLICY, letter, (TOM, CLERK))
    assert [one.address(each) for each in letter.to] == [
        f"{OPEN}pat.orourke@example.com{CLOSE}",
        "Ann Marsh <clerk@council.example>",
    ]


def test_houses_and_cut_words() -> None:
    assert cast().told("She lives at 14 Chapel Lane.") == f"She lives at {HOUSE}."
    assert bare(cast().told("asked Patricia O'Rour…")) == "asked * …"


def test_small_words_stay_words() -> None:
    letter = mail(to=("Will May <will.may@example.com>",))
    one = Cast(POLICY, letter, (TOM,))
    assert one.told("we will, and you may") == "we will, and you may"
    assert bare(one.told("So said Will.")) == "So said *."


WORDS = st.sampled_from(
    ["Patricia", "patricia", "O'Rourke", "Ivy", "Holt", "IVY HOLT", "pat.orourke@example.com", "07700 900461", "Tom",
     "the gate", "\u202e", "\u200b", "\n> ", "\n", ", ", OPEN, CLOSE, "(", "<", ">", "é", "\ud800", "\x07"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_nothing_written_of_a_third_party_gets_through(text: str) -> None:
    one = cast()
    one.learn(text)
    told = one.told(text)
    seen = bare(told)
    assert not [word for word in ("patricia", "rourke", "ivy", "holt", "900461") if word in seen.lower()]
    # Only our own signs are left: mail cannot write one.
    assert OPEN not in seen
    assert CLOSE not in seen
    assert seen.isprintable() or set(seen) - set("\n\t") == {c for c in seen if c.isprintable() or c == "�"}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_tidy_text_shows_all_it_holds(text: str) -> None:
    made = tidy(text)
    assert tidy(made) == made
    assert all(mark.isprintable() or mark in "\n\t" or mark.isspace() for mark in made)
