"""Three readers of one well-formed message agree: ours, the standard library's, and fast-mail-parser's."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from fast_mail_parser import parse_email
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.mail import parse as parsing
from auditor.mail.limits import DEFAULT
from auditor.mail.message import Mail
from auditor.mail.parse import parse

LETTERS = st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="<>&=?")
LINES = st.lists(st.text(LETTERS | st.just(" "), max_size=90).map(str.strip), max_size=6).map(
    lambda ls: "\n".join([*ls, "end", ""])
)
SUBJECTS = st.text(LETTERS, min_size=1, max_size=40)
FILES = st.lists(st.tuples(st.from_regex(r"[a-z]{1,8}\.pdf", fullmatch=True), st.binary(max_size=60)), max_size=3)


def build(subject: str, text: str, html: bool, files: list[tuple[str, bytes]], crlf: bool) -> bytes:
    message = EmailMessage(policy=SMTP.clone(linesep="\r\n" if crlf else "\n"))
    message["From"] = "Ann Marsh <clerk@council.example>"
    message["To"] = "Bob <bob@example.org>, eve@example.org"
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime(2026, 3, 3, 9, 15, tzinfo=UTC))
    message.set_content(text)
    if html:
        message.add_alternative(f"<pre>{text}</pre>", subtype="html")
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


def facts(mail: Mail) -> tuple[object, ...]:
    people = [(person.name, person.email) for person in (mail.sender, *mail.to)]
    return (
        mail.subject,
        people,
        mail.sent,
        mail.body.other or mail.body.text,
        [(a.name, a.size) for a in mail.attachments],
    )


@settings(deadline=None)
@given(SUBJECTS, LINES, st.booleans(), FILES, st.booleans())
def test_well_formed_mail_reads_alike(
    subject: str, text: str, html: bool, files: list[tuple[str, bytes]], crlf: bool
) -> None:
    raw = build(subject, text, html, files, crlf)
    mail = parse(raw)
    assert mail.defects == ()

    library = email.message_from_bytes(raw, policy=email.policy.default)
    body = library.get_body(("plain",))
    assert body is not None
    assert facts(mail) == (
        library["Subject"],
        [(a.display_name, a.addr_spec) for a in (*library["From"].addresses, *library["To"].addresses)],
        library["Date"].datetime,
        body.get_content().replace("\r\n", "\n"),
        [(part.get_filename(), len(part.get_content())) for part in library.iter_attachments()],
    )

    fast = parse_email(raw)
    assert fast.from_ is not None
    assert facts(mail) == (
        fast.subject,
        [(a.display_name or "", a.address) for a in (fast.from_, *fast.to)],
        fast.date_parsed,
        "".join(fast.text_plain).replace("\r\n", "\n"),
        [(a.filename, len(a.content)) for a in fast.attachments],
    )


@settings(deadline=None)
@given(
    SUBJECTS,
    LINES,
    st.booleans(),
    st.sampled_from(["", "begin 644 x\nend\n", "\r", "\0", "-----BEGIN PGP MESSAGE-----\n"]),
)
def test_the_short_way_and_the_long_way_agree(subject: str, text: str, crlf: bool, more: str) -> None:
    raw = build(subject, text, False, [], crlf) + more.encode()
    long = parsing._Reader(raw, DEFAULT, 0, DEFAULT.parts).read()
    assert parse(raw) == long
