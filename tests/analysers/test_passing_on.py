"""Who wrote what is forwarded, in the ways mail programs write it down; whose files those are."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from closing_letters import CLERK, case, markup, plain
from enclosed import content

from auditor.analysers.passing_on import PassingOn
from auditor.findings import Finding
from auditor.mail.passedon import authors

HEADS = {
    "outlook": "\n-----Original Message-----\nFrom: {author}\nSent: 7 November 2026 20:15\nTo: Thomas Arden\nSubject: {subject}\n\n",
    "outlook today": "\n________________________________\nFrom: {author}\nSent: 7 November 2026 20:15\nTo: Thomas Arden <cllr.arden@ashmere.example>\nSubject: {subject}\n\n",
    "gmail": "\n---------- Forwarded message ---------\nFrom: {author}\nDate: Sat, 7 Nov 2026 at 20:15\nSubject: {subject}\nTo: <cllr.arden@ashmere.example>\n\n",
    "apple": "\nBegin forwarded message:\n\nFrom: {author}\nSubject: {subject}\nDate: 7 November 2026 at 20:15:09 GMT\nTo: cllr.arden@ashmere.example\n\n",
    "apple, quoted": "\n> Begin forwarded message:\n> \n> From: {author}\n> Subject: {subject}\n> Date: 7 November 2026 at 20:15:09 GMT\n> To: cllr.arden@ashmere.example\n> \n> ",
    "stars": "\n*From:* {author}\n*Sent:* 07 November 2026 20:15\n*To:* Thomas Arden <cllr.arden@ashmere.example>\n*Subject:* {subject}\n\n",
    "thunderbird": "\n-------- Forwarded Message --------\nSubject: \t{subject}\nDate: \tSat, 7 Nov 2026 20:15:00 +0000\nFrom: \t{author}\nTo: \tcllr.arden@ashmere.example\n\n",
    "french": "\n-------- Message transféré --------\nDe : {author}\nEnvoyé : samedi 7 novembre 2026 20:15\nÀ : Thomas Arden <cllr.arden@ashmere.example>\nObjet : {subject}\n\n",
}  # fmt: skip
STRANGERS = (
    "Ray Todd <ray@letters.example>", "ray@letters.example", "Ray Todd [mailto:ray@letters.example]",
    '"Todd, Ray" <RAY@Letters.example>', "Ray Todd (ray@letters.example)", "Ray Todd <ray@letters.example> on behalf of Letters",
    "Weldshire News <news@weldshire.example.letters.example>", "Ray Todd", "Owain ap Rhys <owain.ap-rhys@gwynt.example>",
)  # fmt: skip
KNOWN = (
    "Planning <planning@weldshire.example>", "trees@weldshire.example", "Roads <x@roads.weldshire.example>",
    "Fenwick <office@fenwickgrounds.example>", "Judith Pell <clerk@ashmere.example>", "Judith Pell", "Pell, Judith",
    "Cllr Thomas Arden", "Tom <tom.arden@postbox.example>", "someone@ashmere.example", "Hall <bookings@ashmerehall.example>",
)  # fmt: skip


def forwarding(
    author: str,
    head: str = "outlook",
    *,
    own: str = "Have a look at this.",
    subject: str = "the field",
    name: str = "field.pdf",
) -> EmailMessage:
    mail = plain(own + "\n" + HEADS[head].format(author=author, subject=subject) + "The file says it all.\n")
    mail.add_attachment(content(name), "application", "octet-stream", filename=name)
    return mail


def found(mail: EmailMessage, **headers: str) -> list[Finding]:
    return list(PassingOn().check(case(mail, **{"Subject": "Fw: the field", **headers})))


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("author", STRANGERS)
def test_a_strangers_file_is_found(author: str, head: str) -> None:
    [finding] = found(forwarding(author, head))
    assert (finding.rule, finding.severity, finding.excerpt) == ("attachment-untrusted", "medium", "field.pdf")
    assert finding.part == "attachment:field.pdf"


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("author", KNOWN)
def test_a_file_from_somebody_known_is_left_alone(author: str, head: str) -> None:
    assert found(forwarding(author, head)) == []


@pytest.mark.parametrize(
    "own",
    [
        "I attach my own plan of it.", "I've attached a map.", "I have also enclosed last year's minutes.", "Our reply is attached.",
        "We've added the minutes.", "Attached is my answer to the below.", "Our minutes of the 5th are attached.", "I am attaching a plan.",
        "See her question. I've scanned the deed for you.",
    ],
)  # fmt: skip
def test_a_file_that_the_sender_adds_is_the_senders(own: str) -> None:
    assert found(forwarding("ray@letters.example", own=own)) == []


@pytest.mark.parametrize(
    "own",
    [
        "", "FYI", "See attached.", "Please read the attachment.", "I attach his letter.", "I attach the leaflet they sent me.",
        "I am forwarding this with its attachment.", "I've attached what I received from a neighbour.", "Attached below is their plan.",
        "I have no idea what this is but the attached looks important.", "Can you open this attachment? I can't.",
    ],
)  # fmt: skip
def test_words_that_do_not_make_it_the_senders(own: str) -> None:
    assert len(found(forwarding("ray@letters.example", own=own))) == 1


def test_the_first_stranger_behind_the_councils_own_is_looked_for_where_they_passed_it_on() -> None:
    inner = HEADS["outlook"].format(author="Ray <ray@letters.example>", subject="the field") + "Read it."
    assert [a.email for a in authors(HEADS["outlook"].format(author="a@b.example", subject="Fwd: x") + inner)] == [
        "a@b.example",
        "ray@letters.example",
    ]
    assert [a.email for a in authors(HEADS["outlook"].format(author="a@b.example", subject="Re: x") + inner)] == [
        "a@b.example"
    ]


def test_in_markup_too() -> None:
    mail = markup(
        "<div>Worth a read.</div><div id='appendonsend'></div><hr><div id='divRplyFwdMsg' dir='ltr'><b>From:</b> Ray &lt;"
        "ray@letters.example&gt;<br><b>Sent:</b> 29 October 2026 18:00<br><b>To:</b> Thomas Arden<br><b>Subject:</b> field</div>"
        "<div>Read it all.</div>"
    )
    mail.add_attachment(content("field.docx"), "application", "octet-stream", filename="field.docx")
    assert len(found(mail)) == 1


def test_to_the_clerk_alone_it_is_worth_knowing_and_no_more() -> None:
    [finding] = found(forwarding("ray@letters.example"), To=CLERK)
    assert finding.severity == "info"
    [finding] = found(forwarding("ray@letters.example"), To=f"{CLERK}, mary@homemail.example")
    assert finding.severity == "medium"


@pytest.mark.parametrize(("name", "sent", "count"), [
    ("image001.png", "attachment", 0), ("pond.jpg", "inline", 0), ("pond.jpg", "attachment", 1), ("field.pdf", "inline", 1),
])  # fmt: skip
def test_pictures_in_the_text_are_no_files(name: str, sent: str, count: int) -> None:
    mail = forwarding("ray@letters.example", name=name)
    *_, part = mail.iter_attachments()
    part.replace_header("Content-Disposition", f'{sent}; filename="{name}"')
    assert len(found(mail)) == count


@pytest.mark.parametrize(("sender", "files", "count"), [
    ("ray@letters.example", ("field.pdf",), 1), ("ray@letters.example", (), 0), ("planning@weldshire.example", ("field.pdf",), 0),
])  # fmt: skip
def test_a_message_forwarded_as_a_file(sender: str, files: tuple[str, ...], count: int) -> None:
    inner = plain("Read it all.")
    inner["From"] = sender
    inner["Subject"] = "the field"
    for name in files:
        inner.add_attachment(content(name), "application", "octet-stream", filename=name)
    outer = plain("Have a look.")
    outer.add_attachment(inner)
    assert len(found(outer)) == count


def test_a_reply_with_a_file_passes_nothing_on() -> None:
    mail = plain("Here it is.\n\nOn 7 Nov 2026, at 20:15, Ray <ray@letters.example> wrote:\n> Where is the file?\n")
    mail.add_attachment(content("field.pdf"), "application", "octet-stream", filename="field.pdf")
    assert found(mail, Subject="Re: the field", **{"In-Reply-To": "<9@letters.example>"}) == []
