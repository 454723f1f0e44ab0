"""What goes over the limits is kept, hashed and listed; hostile messages cost no more than honest ones."""

from __future__ import annotations

import hashlib

import pytest
from changes import replace
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_mail import HEAD, container, letter, message, page, plain

from auditor.mail import parse as parsing
from auditor.mail.limits import DEFAULT, Limits
from auditor.mail.message import Hint, Mail
from auditor.mail.parse import envelope, over_limits, parse

SMALL = Limits(depth=5, parts=10, headers=2_000, recipients=20, html=1_000, message=20_000)


ROOMY = replace(SMALL, message=10_000_000)


def nested(levels: int) -> bytes:
    part = plain("Deep words.")
    for level in range(levels):
        part = container("mixed", part, mark=b"m%d" % level)
    return message(part)


def onion(levels: int) -> bytes:
    raw = letter(b"Core.\n")
    for _ in range(levels):
        raw = HEAD + b"Content-Type: message/rfc822\n\n" + raw
    return raw


def test_nesting_within_the_limit_is_read() -> None:
    assert parse(nested(4), SMALL).body.text.strip() == "Deep words."
    assert over_limits(parse(nested(4), SMALL)) is None


@pytest.mark.parametrize("levels", [6, 60, 1_000])
def test_nesting_over_the_limit_is_listed_with_its_hash(levels: int) -> None:
    mail = parse(nested(levels), ROOMY)
    assert mail.subject == "The bench"
    assert "more than 5 deep" in (over_limits(mail) or "")
    (unread,) = mail.unread
    assert unread.size > 0
    assert len(unread.sha256) == 64


@pytest.mark.parametrize("levels", [8, 300, 3_000])
def test_messages_inside_messages_count_as_depth(levels: int) -> None:
    mail = parse(onion(levels), ROOMY)
    assert "more than 5 deep" in (over_limits(mail) or "")


def test_too_many_parts_are_cut_and_said() -> None:
    mail = parse(message(container("mixed", *[plain(f"Part {n}.") for n in range(40)])), SMALL)
    assert "more than 10 parts" in (over_limits(mail) or "")
    assert "Part 0." in mail.body.text
    assert mail.unread


def test_parts_of_attached_messages_count_too() -> None:
    inner = b"Content-Type: message/rfc822\n\n" + message(container("mixed", *[plain("x")] * 6, mark=b"in"))
    mail = parse(message(container("mixed", *[inner] * 6)), SMALL)
    assert "parts" in (over_limits(mail) or "")


def test_parts_of_one_attached_message_are_not_forgotten_at_the_next() -> None:
    inner = b"Content-Type: message/rfc822\n\n" + message(container("mixed", *[plain("x")] * 2, mark=b"in"))
    mail = parse(message(container("mixed", *[inner] * 4)), SMALL)
    assert "parts" in (over_limits(mail) or "")


def test_a_hundred_thousand_parts_are_no_more_work_than_the_limit() -> None:
    mail = parse(message(b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 100_000))
    assert "parts" in (over_limits(mail) or "")


def test_headers_over_the_limit_leave_the_facts() -> None:
    mail = parse(HEAD + b"X-Long: " + b"x" * 3_000 + b"\n\nWords.\n", SMALL)
    assert mail.sender.email == "clerk@council.example"
    assert "headers" in (over_limits(mail) or "")
    assert mail.unread[0].sha256 == hashlib.sha256(b"Words.\n").hexdigest()


def test_a_message_over_the_limit_leaves_the_facts() -> None:
    mail = parse(letter(b"x" * 30_000), SMALL)
    assert mail.subject == "The bench"
    assert mail.body.text == ""
    assert mail.unread[0].size == 30_000
    assert over_limits(mail) is not None


def test_recipients_over_the_limit_are_cut_and_said() -> None:
    people = b", ".join(b"r%d@example.org" % n for n in range(50))
    mail = parse(HEAD + b"Cc: " + people + b"\n\nWords.\n", SMALL)
    assert len(mail.cc) == 20
    assert "addresses" in (over_limits(mail) or "")


@pytest.mark.parametrize("part", [page("<p>word</p>" * 500), plain("word " * 500)])
def test_a_text_over_the_limit_is_read_to_the_limit(part: bytes) -> None:
    mail = parse(message(part), SMALL)
    assert mail.body.text.startswith("word")
    assert mail.unread[0].size == len(part.partition(b"\n\n")[2]) - 1_000
    assert "cut" in {defect.code for defect in mail.defects}
    assert over_limits(mail) is None


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Type: text/plain; " + b"; ".join(b"p%d=x" % n for n in range(20_000)) + b"\n\nWords.",
        HEAD + b"Cc: " + b"(" * 20_000 + b"\n\nWords.",
        HEAD + b"Cc: " + b"<" * 20_000 + b"\n\nWords.",
        HEAD + b"Cc: " + b'"' * 20_001 + b"\n\nWords.",
        HEAD + b"Cc: " + b"a" * 500_000 + b"\n\nWords.",
        HEAD + b"X-S: " + b"=?utf-8?q?" * 50_000 + b"\n\nWords.",
        HEAD.replace(b"The bench", b"=?utf-8?q?" * 50_000) + b"\nWords.",
        HEAD.replace(b"The bench", b"=?utf-8?q?a?=" * 50_000) + b"\nWords.",
        HEAD + b"References: " + b"<" * 200_000 + b"\n\nWords.",
        HEAD + b"rubbish\n" * 20_000 + b"\nWords.",
        HEAD + b" \n" * 100_000 + b"\nWords.",
        letter(b"begin 644 x\n" * 50_000),
        letter(b"begin 644 x\n" + b"M" * 61 + b"\n" + b"#\n" * 100_000),
        letter(b">" * 500_000, b"Content-Type: text/plain; format=flowed"),
        letter(b"--b" * 200_000, b'Content-Type: multipart/mixed; boundary="b"'),
        letter(b"--\n" * 200_000, b"Content-Type: multipart/mixed"),
    ],
)  # fmt: skip
def test_hostile_messages_end_and_lose_nothing(raw: bytes) -> None:
    mail = parse(raw)
    assert mail.sender.email == "clerk@council.example"
    assert mail.body.text.strip() or mail.unread or mail.attachments or mail.body.hidden


def test_whatever_goes_wrong_inside_the_bytes_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(parsing, "read_tree", fail)
    mail = parse(message(page("<p>Words.</p>")))
    assert mail.subject == "The bench"
    assert mail.unread[0].reason == "the message could not be read (RecursionError)"
    assert over_limits(mail) == mail.unread[0].reason


def sound(mail: Mail, raw: bytes) -> None:
    """What holds of every message there can be."""
    body = mail.body
    assert mail.sha256 == hashlib.sha256(raw).hexdigest()
    assert mail.size == len(raw)
    for text in (body.text, body.hidden, body.other, mail.subject, *(a.name for a in mail.attachments)):
        text.encode("utf-8")
        assert "\0" not in text
        assert "\r" not in text
    end = 0
    for mark in body.marks:
        assert end <= mark.start < mark.end <= len(body.text)
        end = mark.end if mark.hint is not Hint.HISTORY else len(body.text)
    for person in mail.authors + mail.recipients + mail.reply_to:
        assert person.email == person.email.lower()


SEEDS = [
    letter(b"Dear Bob,\n\nThe bench is mended.\n-- \nAnn\n", b"Content-Type: text/plain; charset=iso-8859-1; format=flowed"),
    nested(2),
    onion(2),
    message(container("alternative", plain("Words."), page("<p>Words.</p><blockquote type=cite>q</blockquote><div id=divRplyFwdMsg>h</div>"))),
    letter(b"VGhlIGJlbmNoIGlzIG1lbmRlZC4=\n", b"Content-Transfer-Encoding: base64", b"Content-Type: text/html"),
    HEAD.replace(b"The bench", b"=?utf-8?B?Y2Fmw6k=?= =?utf-8?Q?_=C2=A3?=") + b"\nbegin 644 hello.txt\n%:&5L;&\\\n`\nend\n",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    seed=st.sampled_from(SEEDS), edits=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 9)))
)
def test_damaged_messages_are_read(seed: bytes, edits: list[tuple[float, bytes, int]]) -> None:
    raw = bytearray(seed)
    for where, new, cut in edits:
        at = int(where * len(raw))
        raw[at : at + cut] = new
    for limits in (DEFAULT, replace(SMALL, html=200)):
        sound(parse(bytes(raw), limits), bytes(raw))
    sound(envelope(bytes(raw)), bytes(raw))
    assert all(defect.code != "fault" for defect in parse(bytes(raw)).defects)


@settings(max_examples=200, deadline=None)
@given(raw=st.binary(max_size=400))
def test_any_bytes_are_a_message(raw: bytes) -> None:
    mail = parse(raw)
    sound(mail, raw)
    assert all(defect.code != "fault" for defect in mail.defects)
