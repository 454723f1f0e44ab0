"""Automatic replies, meeting messages and bounces are known; letters that only sound like them are letters."""

from __future__ import annotations

import pytest
from raw_mail import HEAD, container, letter, message, page, plain

from auditor.mail.message import Kind
from auditor.mail.parse import parse

AWAY = HEAD.replace(b"The bench", b"Automatic reply: The bench")
DAEMON = HEAD.replace(b"Ann Marsh <clerk@council.example>", b"Mail Delivery System <MAILER-DAEMON@example.org>")
CALENDAR = b"Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nEND:VCALENDAR"
STATUS = b"Content-Type: message/delivery-status\n\nAction: failed\n"


@pytest.mark.parametrize(
    ("because", "raw", "kind"),
    [
        ("a letter", letter(b"x"), Kind.ORDINARY),
        ("RFC 3834", letter(b"x", b"Auto-Submitted: auto-replied"), Kind.AUTO_REPLY),
        ("as Exchange writes it", letter(b"x", b"Auto-Submitted: auto-generated"), Kind.AUTO_REPLY),
        ("a person sent it", letter(b"x", b"Auto-Submitted: no"), Kind.ORDINARY),
        ("an old program's header", letter(b"x", b"X-Autoreply: yes"), Kind.AUTO_REPLY),
        ("precedence", letter(b"x", b"Precedence: auto_reply"), Kind.AUTO_REPLY),
        ("the subject and a header", AWAY + b"X-Auto-Response-Suppress: All\n\nx", Kind.AUTO_REPLY),
        ("the subject alone is a person's", AWAY + b"\nx", Kind.ORDINARY),
        ("the subject alone, in HTML", AWAY + page("<p>x</p>"), Kind.ORDINARY),
        ("the header alone is on many letters", letter(b"x", b"X-Auto-Response-Suppress: All"), Kind.ORDINARY),
        ("a list", letter(b"x", b"Precedence: bulk"), Kind.ORDINARY),
        ("a meeting answered", message(container("alternative", plain("Accepted"), CALENDAR)), Kind.MEETING),
        ("a meeting alone", message(CALENDAR), Kind.MEETING),
        ("Outlook's class", letter(b"x", b"Content-Class: urn:content-classes:calendarmessage"), Kind.MEETING),
        (
            "a calendar file sent along",
            message(
                container(
                    "mixed",
                    plain("The dates."),
                    b"Content-Disposition: attachment; filename=a.ics\n" + CALENDAR,
                )
            ),
            Kind.ORDINARY,
        ),
        (
            "a delivery report",
            message(container("report", plain("Failed"), STATUS, params=b"; report-type=delivery-status")),
            Kind.BOUNCE,
        ),
        ("an undeclared report", message(container("report", plain("Failed"), STATUS)), Kind.BOUNCE),
        ("an old bounce", DAEMON + b"Return-Path: <>\n\nFailed", Kind.BOUNCE),
        ("Gmail's bounce", DAEMON + b"X-Failed-Recipients: bob@example.org\n\nFailed", Kind.BOUNCE),
        ("a null path alone", letter(b"x", b"Return-Path: <>"), Kind.ORDINARY),
        (
            "a read receipt is a machine's answer",
            message(
                container(
                    "report",
                    plain("Read"),
                    b"Content-Type: message/disposition-notification\n\nx",
                    params=b"; report-type=disposition-notification",
                )
            ),
            Kind.AUTO_REPLY,
        ),
        ("a letter in HTML", message(page("<p>x</p>")), Kind.ORDINARY),
    ],
)
def test_kinds(because: str, raw: bytes, kind: Kind) -> None:
    assert parse(raw).kind is kind, because
