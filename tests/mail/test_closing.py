"""Refining own words loses nothing, whatever the text; and the closing is what the reader would call one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.mail.closing import close
from auditor.mail.message import Body, Segment, View, Zone
from auditor.mail.segments import split
from auditor.mail.wording import Closing, closing

SIGNATURE = "Ann Marsh\nParish Clerk\nHadlow Parish Council\nclerk@hadlow.example"
WAIVER = "This letter is for its reader alone. Hadlow Parish Council may have to show it under the Freedom of Information Act 2000."
PIECES = [
    "Dear all,", "", "The gate – “old” as it is – stays.", "Regards", "Ann", SIGNATURE, WAIVER, WAIVER[:60], "> Is it open?",
    "On Mon, 2 Nov 2026 at 08:01, Bob <bob@home.example> wrote:", "Sent from my iPhone", "-- ", "\u00ad\u200b", "İ", "01632 960881",
    "This email is confidential and intended solely for the addressee. If received in error please delete it.", "<mailto:x", "[cid:",
]  # fmt: skip


HADLOW = closing("Ann Marsh", (("full", SIGNATURE),), (("one", WAIVER),), "https://hadlow.example/mail")


@dataclass(frozen=True)
class Agreed:
    closing: Closing = HADLOW


def refined(text: str, segments: tuple[Segment, ...] | None = None) -> list[tuple[Zone, str]]:
    body = Body(text, View.PLAIN)
    found = close(body, split(body) if segments is None else segments, Agreed())
    return [(one.zone, text[one.start : one.end].strip()) for one in found]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=30)), max_size=14).map("\n".join))
def test_every_line_is_in_exactly_one_part(text: str) -> None:
    body = Body(text, View.PLAIN)
    before = split(body)
    after = close(body, before, Agreed())
    assert "".join(text[one.start : one.end] for one in after) == "".join(text[one.start : one.end] for one in before)
    for former, latter in pairwise(after):
        assert former.end == latter.start
        assert text[latter.start - 1] == "\n"
    kept = [one for one in before if one.zone is not Zone.OWN]
    assert [one for one in after if one.zone in (Zone.QUOTED, Zone.FORWARDED)] == kept
    assert all(0 <= one.confidence <= 1 for one in after)


def test_the_agreed_closing_is_taken_off() -> None:
    text = f"Dear all,\n\nThe gate stays.\n\nRegards\n\nAnn\n\n{SIGNATURE}\n\n{WAIVER}\n"
    assert refined(text) == [
        (Zone.OWN, "Dear all,\n\nThe gate stays.\n\nRegards\n\nAnn"),
        (Zone.SIGNATURE, SIGNATURE),
        (Zone.WAIVER, WAIVER),
    ]


def test_words_within_the_letter_stay_there() -> None:
    text = "Hadlow Parish Council met on Monday.\nThe Parish Clerk will write.\n"
    assert refined(text) == [(Zone.OWN, text.strip())]


def test_a_disclaimer_behind_a_letter_without_a_break_begins_at_its_sentence() -> None:
    text = (
        "I shall be at the hall from six.\nAnn\n"
        "This e-mail is confidential and intended only for the\naddressee. If you have it in error please delete it.\n"
    )
    zones = refined(text)
    assert zones[0] == (Zone.OWN, "I shall be at the hall from six.\nAnn")
    assert zones[1][0] is Zone.WAIVER


def test_a_link_stands_for_the_waiver() -> None:
    zones = refined(f"The gate stays.\n\n{SIGNATURE}\n\nOur terms: https://hadlow.example/mail\n")
    assert zones[-1] == (Zone.WAIVER, "Our terms: https://hadlow.example/mail")


def test_a_machines_own_line_is_a_signature() -> None:
    assert refined("Yes.\n\nSent from my iPhone\n") == [(Zone.OWN, "Yes."), (Zone.SIGNATURE, "Sent from my iPhone")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ring Ann Marsh, the clerk.",
        "Answers to Ann Marsh on 01632 960114, please.",
        "Ann Marsh is the Parish Clerk.",
        "I am Ann Marsh, clerk of this parish.",
        "The form was signed by Ann Marsh as Proper Officer.",
        "Mrs Marsh will be in the office from ten.",
        "Ann Marsh, the clerk, will have it.",
        "The judges are Bob Lacey, Cora Pike and Ann Marsh.",
    ],
)
@pytest.mark.parametrize("below", ["", "\n\nSent from my iPhone", f"\n\n{WAIVER}"], ids=["alone", "machine", "waiver"])
def test_a_sentence_that_names_the_sender_is_the_senders_own(sentence: str, below: str) -> None:
    zones = refined(sentence + below)
    assert (Zone.OWN, sentence) in zones
    if not below:
        assert len(zones) == 1


@pytest.mark.parametrize(
    "block",
    [
        "Ann Marsh FSLCC\nMarsh Editing\nwww.marsh.example",
        "Dr A. Marsh\nConsultant Anaesthetist\nHadlow Cottage Hospital",
        "Cllr Ann Marsh, Member for Hadlow East\nTel 01632 960114",
        "Ann Marsh | Marsh & Daughters Ltd | 01632 960114",
        "Marsh Garden Services\n01632 960114",
    ],
)
def test_a_block_that_begins_with_the_senders_name_is_a_signature(block: str) -> None:
    assert refined(f"The gate is mended.\n\n{block}") == [(Zone.OWN, "The gate is mended."), (Zone.SIGNATURE, block)]


@pytest.mark.parametrize(
    "goodbye",
    [
        "Ta muchly",
        "Kind regards to you both",
        "Best wishes for Christmas",
        "With best wishes to you and Ruth",
        "God bless",
    ],
)
def test_a_goodbye_opens_a_signature(goodbye: str) -> None:
    zones = refined(f"The gate is mended.\n\n{goodbye}\nAnn\nSave our swifts!")
    assert zones[-1] == (Zone.SIGNATURE, "Ann\nSave our swifts!")


@pytest.mark.parametrize(
    "line",
    ["Sent via BlackBerry", "Sent from Nine", "Sent from the all-new AOL app for iOS", "Von meinem iPad gesendet"],
)
def test_machines_name_themselves_in_many_ways(line: str) -> None:
    assert refined(f"On my way.\n\n{line}")[-1] == (Zone.SIGNATURE, line)


@pytest.mark.parametrize(
    "line", ["Sent from the county, I believe, on Tuesday.", "Sent by post today", "Sent by phone message to Ted"]
)
def test_what_was_sent_otherwise_is_told_by_the_sender(line: str) -> None:
    assert refined(f"The deeds are back.\n\n{line}") == [(Zone.OWN, f"The deeds are back.\n\n{line}")]


def test_only_own_words_are_refined() -> None:
    text = f"{SIGNATURE}\n{WAIVER}\n"
    quoted = (Segment(Zone.QUOTED, 0, len(text), 0.8),)
    assert close(Body(text, View.PLAIN), quoted, Agreed()) == quoted


def test_nothing_stays_nothing() -> None:
    assert close(Body("", View.NONE), (), Agreed()) == ()


def test_a_few_words_that_everybody_uses_are_no_likeness_of_the_waiver() -> None:
    made = closing("Ann", (), (("one", "If you have received this message in error please tell the Hadlow office."),))

    @dataclass(frozen=True)
    class Council:
        closing: Closing = made

    text = "If you feel you have received this message in error,\nwrite to the market stall.\n"
    found = close(Body(text, View.PLAIN), (Segment(Zone.OWN, 0, len(text), 1.0),), Council())
    assert [one.zone for one in found] == [Zone.OWN]
