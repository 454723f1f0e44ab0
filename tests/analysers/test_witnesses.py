"""What was delivered may differ from what was sent: what the mail system adds, and what a copy or a reply shows of it."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from changes import replace
from closing_letters import LETTER, agreed, case, findings, plain, witness

from auditor.analysers.base import Case, Witness
from auditor.analysers.examples import council
from auditor.analysers.witnesses import not_checkable
from auditor.mail.message import Body, Kind, View
from auditor.mail.segments import assemble, split
from auditor.policy import Policy, StampedBy

SIGNED = f"{LETTER}\n\n{agreed('full')}"
WHOLE = f"{SIGNED}\n\n{agreed('standard')}"


def by_server(part: str = "waiver") -> Policy:
    return replace(council(), **{f"{part}_stamped_by": StampedBy.SERVER})


def with_witnesses(body: str, *seen: Witness, policy: Policy | None = None) -> Case:
    return replace(case(plain(body), policy=policy), witnesses=seen)


def copy(body: str) -> Witness:
    return witness(case(plain(body)).parts)


def reply(body: str, cut: int | None = None) -> Witness:
    quoted = "\n".join(f"> {line}" for line in body[:cut].split("\n"))
    text = f"Thank you.\n\nOn Mon, 2 Nov 2026 at 09:14, Thomas Arden <cllr.arden@ashmere.example> wrote:\n\n{quoted}\n"
    read = Body(text, View.PLAIN)
    return witness(assemble(text, split(read, "Re: The pond")), "quoted")


def names(made: Case) -> list[str]:
    return [finding.rule for finding in findings(made) if finding.rule.startswith(("signature-", "waiver-"))]


def test_what_the_sender_puts_is_missed_at_once() -> None:
    assert names(with_witnesses(SIGNED)) == ["waiver-missing"]


def test_what_the_server_adds_is_not_missed_in_the_sent_copy() -> None:
    made = with_witnesses(SIGNED, policy=by_server())
    assert names(made) == []
    assert not_checkable(made) == ("waiver",)


def test_a_copy_without_it_shows_that_the_server_did_not_add_it() -> None:
    made = with_witnesses(SIGNED, copy(SIGNED), policy=by_server())
    assert names(made) == ["waiver-missing"]
    assert not_checkable(made) == ()


def test_a_copy_with_it_clears_the_message() -> None:
    for policy in (council(), by_server()):
        made = with_witnesses(SIGNED, copy(WHOLE), policy=policy)
        assert names(made) == []
        assert not_checkable(made) == ()


def test_one_sight_of_it_is_enough() -> None:
    assert names(with_witnesses(SIGNED, copy(SIGNED), copy(WHOLE), policy=by_server())) == []


def test_a_reply_that_quotes_it_clears_the_message() -> None:
    assert names(with_witnesses(SIGNED, reply(WHOLE))) == []


def test_a_reply_that_quotes_the_end_without_it_shows_that_it_was_not_there() -> None:
    assert names(with_witnesses(SIGNED, reply(SIGNED), policy=by_server())) == ["waiver-missing"]


def test_a_reply_that_quotes_half_can_tell_nothing() -> None:
    made = with_witnesses(SIGNED, reply(WHOLE, 60), policy=by_server())
    assert names(made) == []
    assert not_checkable(made) == ("waiver",)


@pytest.mark.parametrize("foot", ["", "\n\nSent from my iPhone"])
def test_a_signature_that_the_server_adds(foot: str) -> None:
    body = f"{LETTER}{foot}\n\n{agreed('standard')}"
    policy = by_server("signature")
    assert names(with_witnesses(body, policy=policy)) == []
    assert names(with_witnesses(body, copy(WHOLE), policy=policy)) == []
    assert names(with_witnesses(body, copy(body), policy=policy)) in (["signature-missing"], ["signature-not-agreed"])


def test_another_business_is_found_whoever_adds_the_agreed_one() -> None:
    body = f"{LETTER}\n\nThomas Arden\nArden Heating Ltd\n01632 960555\n\n{agreed('standard')}"
    assert names(with_witnesses(body, policy=by_server("signature"))) == ["signature-not-agreed"]


def test_history_does_not_make_a_servers_waiver_misplaced() -> None:
    body = f"{SIGNED}\n\nOn Mon, 2 Nov 2026 at 08:01, Judith Pell <clerk@ashmere.example> wrote:\n\n> Fine.\n>\n> {agreed('brief')}\n"
    assert names(with_witnesses(body)) == ["waiver-misplaced"]
    assert names(with_witnesses(body, policy=by_server())) == []
    assert names(with_witnesses(body, copy(SIGNED), policy=by_server())) == ["waiver-missing"]


def test_a_link_is_the_waiver_where_that_is_agreed() -> None:
    policy = replace(council(), waiver_stamped_by=StampedBy.LINK, waiver_link="https://ashmere.example/email")
    assert names(with_witnesses(f"{SIGNED}\n\nhttps://ashmere.example/email\n", policy=policy)) == []
    assert names(with_witnesses(f"{SIGNED}\n\nE-mail terms: ashmere.example/email\n", policy=policy)) == []
    assert names(with_witnesses(SIGNED, policy=policy)) == ["waiver-missing"]
    assert names(with_witnesses(f"https://ashmere.example/email\n\n{SIGNED}", policy=policy)) == ["waiver-misplaced"]


def html(body: str, link: str, above: bool = False) -> EmailMessage:
    """A letter in HTML whose link to the e-mail notice stands on other words."""
    lines = "<br>".join(body.split("\n"))
    anchor = f'<p><a href="{link}">Our e-mail notice</a></p>'
    mail = EmailMessage()
    mail.set_content(f"{anchor}{lines}" if above else f"{lines}{anchor}", subtype="html")
    return mail


def test_a_link_is_the_waiver_wherever_it_leads_from() -> None:
    policy = replace(council(), waiver_stamped_by=StampedBy.LINK, waiver_link="https://ashmere.example/email")
    made = case(html(SIGNED, "https://Ashmere.example/email/"), policy=policy)
    assert names(made) == []
    assert made.parts.waiver.text.strip() == "Our e-mail notice"
    assert "waiver-missing" in names(case(html(SIGNED, "https://elsewhere.example/email"), policy=policy))
    assert names(case(html(SIGNED, "https://ashmere.example/email", above=True), policy=policy)) == ["waiver-misplaced"]


@pytest.mark.parametrize("kind", [Kind.AUTO_REPLY, Kind.MEETING, Kind.BOUNCE])
def test_machines_mail_needs_neither(kind: Kind) -> None:
    made = with_witnesses("I am away.", policy=by_server())
    made = replace(made, mail=replace(made.mail, kind=kind))
    assert names(made) == []
    assert not_checkable(made) == ()
