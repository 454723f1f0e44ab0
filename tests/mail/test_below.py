from __future__ import annotations

import pytest

from auditor.mail.closing import close
from auditor.mail.message import Body, View, Zone
from auditor.mail.segments import split
from auditor.mail.wording import Closing, closing

ANSWERED = "The stile is mended.\n\nOn 05/03/2024 10:15, Joan Ferris wrote:\n> The stile is broken.\n\n"
AGREED = closing("Ann Marsh", (("officer", "Ann Marsh\nParish Clerk\nThorrington Parish Council"),), ())


class Told:
    closing: Closing = AGREED


def below(matter: str) -> tuple[Zone, float]:
    """What becomes of the last line of an answer with `matter` below its history."""
    body = Body(ANSWERED + matter, View.PLAIN)
    last = close(body, split(body, "Re: stile"), Told())[-1]
    return last.zone, last.confidence


@pytest.mark.parametrize(
    ("matter", "zone", "because"),
    [
        ("-- \nAnn Marsh\nParish Clerk\nThorrington Parish Council\n", Zone.SIGNATURE, "it is the agreed signature"),
        ("-- \nMrs A. Marsh\nThorrington Parish Council\n", Zone.SIGNATURE, "it shares the Council's name with it"),
        ("-- \nJoan Ferris\n12 Mill Lane\n", Zone.QUOTED, "nothing in it is the sender's"),
        ("-- \nTo unsubscribe write to walkers@lists.example.org\n", Zone.QUOTED, "a list put it there"),
        ("- Survey 2024.pdf\n- Stile#2.doc\n", Zone.QUOTED, "a mail program lists the files that came along"),
        ("<<Survey.xlsx>>\n(See attached file: Stile.jpg)\n", Zone.QUOTED, "so do others"),
        ("- See Survey.pdf, page 2\n", Zone.OWN, "it is a point the sender makes"),
        ("- Survey.pdf\n- Joan has the rest\n", Zone.OWN, "not all of it is files"),
        ("- ask at thorrington.example.org\n", Zone.OWN, "it is no file"),
        ("-- \nNot on Friday, then.\n\n" + "One more thing.\n" * 20, Zone.OWN, "it is too long for closing matter"),
    ],
)
def test_closing_matter_below_the_history_is_claimed_by_whose_it_is(matter: str, zone: Zone, because: str) -> None:
    assert below(matter)[0] is zone, because


def test_a_list_s_footer_is_not_own_even_where_nothing_else_is() -> None:
    body = Body("On 05/03/2024 10:15, Joan wrote:\n> No.\n\n____\nTo unsubscribe, write to us.\n", View.PLAIN)
    assert {s.zone for s in split(body, "Re: x")} == {Zone.QUOTED}


def test_a_list_of_files_below_is_not_own_even_where_nothing_else_is() -> None:
    body = Body("> Report for March.\n> All is well.\n\n - Report.doc\n", View.PLAIN)
    assert {s.zone for s in split(body, "FW: Report")} == {Zone.FORWARDED}


FORWARDED = """For you, I think.

---------- Forwarded message ---------
From: {writer} <someone@home.example>
Date: Tue, 1 Sept 2026 at 09:11
Subject: Stile
To: <ann@thorrington.example>

The stile is broken.

{dashes}
{signature}
"""


@pytest.mark.parametrize(
    ("writer", "dashes", "signature", "zone"),
    [
        ("Joan Ferris", "-- ", "Ann Marsh\nParish Clerk\nThorrington Parish Council", Zone.SIGNATURE),
        ("Joan Ferris", "--", "Ann Marsh\nParish Clerk\nThorrington Parish Council", Zone.SIGNATURE),
        ("Ann Marsh", "-- ", "Ann Marsh\nParish Clerk\nThorrington Parish Council", Zone.FORWARDED),
        ("Joan Ferris", "-- ", "Joan Ferris\n12 Mill Lane", Zone.FORWARDED),
        ("Joan Ferris", "", "Ann Marsh\nParish Clerk\nThorrington Parish Council", Zone.FORWARDED),
        ("Joan Ferris", "-- ", "Ann Marsh\nParish Clerk\nThorrington Parish Council" + "\nx" * 60, Zone.FORWARDED),
    ],
)
def test_the_senders_signature_below_a_forwarded_message_is_the_senders(
    writer: str, dashes: str, signature: str, zone: Zone
) -> None:
    text = FORWARDED.format(writer=writer, dashes=dashes, signature=signature)
    body = Body(text, View.PLAIN)
    found = close(body, split(body, "Fwd: Stile"), Told())
    assert found[-1].zone is zone
    assert "".join(text[one.start : one.end] for one in found) == text
    assert any(one.zone is Zone.FORWARDED and "The stile is broken." in text[one.start : one.end] for one in found)
