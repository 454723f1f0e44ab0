"""The adopted policy's paragraphs: what each is known for, and what is said of those that mail cannot show."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.adopted import adopted, unseen
from auditor.policy import CLAUSES
from auditor.sample.build import DATA

KNOWN = [
    ("Only the e-mail signature agreed by the Council may be used.", ["E1"]),
    ("A waiver clause must be included at the end of each e-mail.", ["E3"]),
    ("Users must ensure that e-mails are written in appropriate business language.", ["E2"]),
    ("Offensive, indecent or obscene material must not be circulated by e-mail.", ["E4"]),
    ("Confidential material must not be disclosed by e-mail.", ["E5"]),
    ("Attachments may be opened only when they come from a trusted source.", ["E6"]),
    ("Check that the recipient's address is correct before sending.", ["E7"]),
    ("Use 'Reply to all' only where appropriate.", ["E8"]),
    ("Essential files must be saved before the message is deleted.", ["E9"]),
    (
        "E-mails that create obligations or give instructions on behalf of the Council must come from the Parish Clerk only.",
        ["E10"],
    ),
    ("An e-mail is a written record and may have to be disclosed under the Freedom of Information Act.", ["M1"]),
    ("Personal data are kept as the law on data protection requires.", ["M2"]),
    ("Where a member gives a personal opinion he makes clear that it is his own view.", ["I2"]),
    ("Sending messages that are discriminatory, harassing or threatening.", ["U1"]),
    ("Stealing, using or disclosing someone else's password without authorisation.", ["U3"]),
    ("Hacking into unauthorised areas of the network.", ["U5"]),
    ("Sending defamatory information about the Council, its services or its members.", ["U6"]),
    ("Sending chain letters, solicitations or advertisements unrelated to Council business.", ["U8"]),
    ("Passing off personal views as those of the Council.", ["U9"]),
    ("Only the Clerk posts on the website or social media in the Council's name.", ["S1"]),
    ("Breaches of this policy are reported to the Clerk and may lead to disciplinary action.", ["R1"]),
]
NOT_IN_MAIL = [
    "Downloading or installing software without permission is forbidden.",
    "Passwords must be strong and changed every ninety days.",
    "Laptops must not be left unattended in a car.",
    "Members should think carefully before posting on Facebook in a heated moment.",
    "Licences must be held for all software on the Council's machines.",
    "Visiting websites of a pornographic nature is forbidden.",
    "Photographs of children need a parent's consent in writing.",
]


@pytest.mark.parametrize(("text", "clauses"), KNOWN, ids=[text for text, _ in KNOWN])
def test_a_paragraph_is_known_by_its_words(text: str, clauses: list[str]) -> None:
    [paragraph] = adopted(text.encode()).paragraphs
    assert list(paragraph.clauses) == clauses


@pytest.mark.parametrize("text", NOT_IN_MAIL)
def test_what_mail_cannot_show_says_why(text: str) -> None:
    [paragraph] = adopted(text.encode()).paragraphs
    assert paragraph.clauses == ()
    assert paragraph.unseen.endswith(".")


def test_the_sample_policy_is_known_throughout() -> None:
    raw = (DATA / "council" / "policy" / "policy.txt").read_bytes()
    read = adopted(raw)
    assert read.sha256 == hashlib.sha256(raw).hexdigest()
    assert all(paragraph.known for paragraph in read.paragraphs)
    assert {clause for paragraph in read.paragraphs for clause in paragraph.clauses} == set(CLAUSES)
    assert read.outdated == ()


def test_marks_win_over_words_and_unknown_ones_are_not_believed() -> None:
    first, second = adopted(b"1. The tea urn is rinsed. (E3, M2)\n\n2. The tea urn is filled again. (Z9)\n").paragraphs
    assert (first.text, first.clauses) == ("The tea urn is rinsed.", ("E3", "M2"))
    assert (second.text, second.known) == ("The tea urn is filled again. (Z9)", False)


def test_headings_are_no_paragraphs_and_wrapped_lines_are_one() -> None:
    text = "E-MAIL\n\nSignatures\n\n- Only agreed signatures\n  may be used.\n- A waiver stands at the\n  end of every message.\n"
    assert [one.text for one in adopted(text.encode()).paragraphs] == [
        "Only agreed signatures may be used.",
        "A waiver stands at the end of every message.",
    ]


def test_law_that_has_been_replaced_is_mentioned_once() -> None:
    text = "We keep to the Data Protection\nAct 1998.\n\nThe Data Protection Act 1998 applies.\n"
    [said] = adopted(text.encode()).outdated
    assert "UK GDPR" in said


def test_every_remark_is_of_a_clause() -> None:
    assert [clause for clause in CLAUSES if unseen(clause)]
    assert unseen("Z1") == ""


@given(st.binary(max_size=400))
def test_any_bytes_are_read(raw: bytes) -> None:
    assert all(paragraph.text for paragraph in adopted(raw).paragraphs)


def test_a_title_in_capitals_stands_by_itself() -> None:
    text = b"ASHMERE PARISH COUNCIL\nOnly agreed signatures may be used.\n"
    assert [one.clauses for one in adopted(text).paragraphs] == [("E1",)]
