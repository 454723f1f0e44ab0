"""A disclaimer is known by what it says, and a letter that uses the same words is not one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.mail import disclaimer
from auditor.mail.vocabulary import Cue, disclaimer_cues
from auditor.mail.wording import plain

IS_ONE = [
    "The views in this email are those of the sender and do not necessarily reflect those of Anytown Town Council.",
    "This email is only for the person it was sent to. If that's not you, please delete it and tell us.",
    "Anytown Parish Council may be required to disclose this email under the Freedom of Information Act 2000. It is intended for the addressee only.",
    "DISCLAIMER: This message is intended solely for the addressee. Anytown Council monitors all email.",
    "Please note that e-mails may be monitored and recorded, and that replies may be disclosed under the Freedom of Information Act 2000.",
    "If you are not the intended recipient please delete this email.",
    "This email and its contents are private and intended for the named recipients. If received in error please delete.",
    "Any opinions expressed are mine and not necessarily those of the Council.",
    "Mae'r neges hon yn gyfrinachol. If you are not the intended recipient, please notify us and delete it.",
    "Emails aren't always secure, and they may be intercepted or changed after they've been sent. The Council doesn't accept liability if this happens. If you think someone may have interfered with this email, please get in touch with the sender another way.",
    "The information contained in this email is confidential and is intended for the recipient only.",
    "This message does not create or vary any contract with the Council. Intended for addressee only.",
    "Information sent to the Council may be disclosed in response to a request under the Environmental Information Regulations. For our privacy notice see www.x.gov.uk",
    "The contents of this email do not represent the views of the Parish Council unless stated.",
    "The opinions expressed in this message are the author's own.",
    "This transmission may contain privileged material. Any review, copying or use by persons other than the addressee is prohibited.",
    "CONFIDENTIALITY NOTICE\nThe contents are for the named addressee only.",
    "If this has reached you by mistake, please destroy it and tell the sender; its contents may be confidential and must not be copied.",
    "This message is confidential and may be legally privileged.",
    "This communication is private and confidential. Unauthorised copying or disclosure is forbidden.",
    "Hadlow Hire accepts no responsibility for loss or damage from the use of this e-mail or what is attached to it.",
    "E-mails are not secure, and the writer takes no responsibility for viruses.",
    "If you have received this message by mistake, please destroy it.",
]

IS_NONE = [
    "This message is confidential and you must not forward it to anyone. Delete it when you have read it.",
    "Please treat this email as confidential and do not forward it to anyone.",
    "I received this letter in error, it is addressed to the Clerk of Stoke. Please let her know.",
    "The confidentiality agreement was signed by the contractor, and the intended recipients have had copies.",
    "This email has been scanned for viruses by Norton.",
    "Please consider the environment before printing this email.",
    "Sorry, that was sent to you in error. Please delete it and let me know.",
    "I sent you the wrong attachment by mistake; please delete it and tell me when you have.",
    "In my view the Council should not accept liability for the wall. The views of residents were not necessarily heard.",
    "Please find the disclaimer for the bonfire for your signature. The Council accepts no liability for loss or damage to vehicles.",
    "The opinions expressed at the meeting were not necessarily those of the Council.",
    "The minutes are subject to a Freedom of Information request and must be disclosed by Friday.",
    "Parking here is unauthorised; use of the car park by anyone other than the named permit holder is prohibited.",
    "The grant is intended solely for the benefit of the persons named in the trust deed.",
    "CCTV is monitored and recorded. Our privacy notice is on the website.",
    "Our usual e-mail disclaimer applies and can be seen on our website.",
    "CONFIDENTIAL: not for publication. Mr Bagshaw's payment is to stay private. Please do not copy this.",
    "You have received this email because you subscribed to the parish newsletter. If you received it in error, unsubscribe here.",
    "The policy says that emails may be monitored. Members should not use private accounts.",
    "Thank you for the privileged glimpse of the hall's new kitchen.",
    "The list is confidential. Keep it in the safe.",
    "We accept no responsibility for loss or damage to cars parked on the green.",
    "The tender file is confidential and may be privileged, the solicitor says.",
    "If you received two copies in error please delete one.",
]


@pytest.mark.parametrize("text", IS_ONE)
def test_is_a_disclaimer(text: str) -> None:
    assert disclaimer.weigh(plain(text)) >= disclaimer.ENOUGH
    assert disclaimer.hinted(plain(text))


@pytest.mark.parametrize("text", IS_NONE)
def test_is_no_disclaimer(text: str) -> None:
    assert disclaimer.weigh(plain(text)) < disclaimer.ENOUGH


def test_the_letter_before_it_is_left_alone() -> None:
    lines = [
        "the gate is mended and the key is with keith.",
        "tom",
        "this message is confidential and intended for the",
        "addressee only. if you are not the addressee please delete it.",
    ]
    assert disclaimer.find(lines) == [range(2, 4)]


def test_a_box_of_several_paragraphs_is_one_disclaimer() -> None:
    lines = [
        "the gate is mended.",
        "",
        "********",
        "any views are those of the sender and not necessarily those of the council.",
        "",
        "please notify the sender if you got this by mistake, and delete it at once.",
        "********",
        "",
        "see you on tuesday.",
    ]
    assert [n for rows in disclaimer.find(lines) for n in rows] == [2, 3, 5, 6]


def test_what_a_writer_says_of_this_one_letter_is_the_letter() -> None:
    text = "I write as a neighbour, and my opinion should not be taken as the Council's policy."
    assert disclaimer.weigh(plain(text)) < disclaimer.ENOUGH


@given(st.lists(st.sampled_from([*IS_ONE, *IS_NONE, "", "****", "word " * 30]).map(plain), max_size=12))
def test_found_lines_are_lines_and_do_not_overlap(lines: list[str]) -> None:
    found = [n for rows in disclaimer.find(lines) for n in rows]
    assert found == sorted(set(found))
    assert all(0 <= n < len(lines) and lines[n].strip() for n in found)


@pytest.mark.parametrize("cue", disclaimer_cues(), ids=lambda cue: cue.name)
@given(data=st.data())
def test_what_a_thing_needs_stands_wherever_one_of_its_patterns_matches(cue: Cue, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(data.draw(st.sampled_from(cue.patterns))))
    assert any(need in text for need in cue.needs)
