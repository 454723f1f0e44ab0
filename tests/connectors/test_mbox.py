"""mbox files: what separates messages, what does not, and what a message's key is made of."""

from __future__ import annotations

import mailbox
from io import BytesIO

import pytest
from boxes import stored
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.files import mbox
from connectors.files.mbox import NoMbox, letters

SEPARATOR = b"From clerk@thorrington.example.org Thu Nov 19 09:14:00 2026\n"


def raws(data: bytes) -> list[bytes]:
    return [letter.raw for letter in letters(BytesIO(data))]


def keys(*messages: bytes) -> set[str]:
    return {next(letters(BytesIO(stored(raw)))).key for raw in messages}


@pytest.mark.parametrize(
    "separator",
    [
        b"From clerk@thorrington.example.org Thu Nov 19 09:14:00 2026",
        b"From - Thu Nov 19 09:14:00 2026",
        b"From 1791234567890123456@xxx Thu Nov 19 09:14:00 +0000 2026",
        b"From MAILER-DAEMON Thu Nov  5 09:14:00 2026",
        b"From ???@??? Thu Nov 19 09:14:00 2026",
        b"From clerk@thorrington.example.org  Thu, 19 Nov 2026 09:14:00 +0000",
        b'From "a clerk"@thorrington.example.org Thu Nov 19 09:14 GMT 2026',
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_separators_of_many_programs(separator: bytes, end: bytes) -> None:
    one, two = (b"Subject: %d" % n + end + end + b"Text." + end for n in (1, 2))
    data = b"".join(separator + end + raw + end for raw in (one, two))
    assert raws(data) == [one, two]


@pytest.mark.parametrize(
    "line",
    [
        b"From the desk of the Clerk",
        b"From Monday the office is closed",
        b"From here to the mill is a mile; Thu Nov 19 09:14:00 2026 was fine",
        b"From: somebody@example.com",
        b"From clerk@thorrington.example.org",
    ],
)
def test_a_body_line_that_begins_with_from_separates_nothing(line: bytes) -> None:
    raw = b"Subject: closing\n\nDear all,\n\n" + line + b"\nand so on.\n"
    assert raws(SEPARATOR + raw + b"\n" + SEPARATOR + b"Subject: 2\n\nTwo.\n\n") == [raw, b"Subject: 2\n\nTwo.\n"]


def test_a_separator_needs_a_blank_line_before_it() -> None:
    raw = b"Subject: quoting\n\nThe log said:\n" + SEPARATOR + b"and no more.\n"
    assert raws(SEPARATOR + raw + b"\n") == [raw]


def test_undated_separators_are_taken_where_the_file_begins_with_one() -> None:
    data = b"From clerk\nSubject: 1\n\nFrom next week on: closed.\n\nFrom now\non it is closed.\n\nFrom clerk\nSubject: 2\n\n\n"
    assert raws(data) == [
        b"Subject: 1\n\nFrom next week on: closed.\n\nFrom now\non it is closed.\n",
        b"Subject: 2\n\n",
    ]


def test_quoted_lines_lose_one_mark() -> None:
    data = SEPARATOR + b"Subject: a\n\n>From here\n>>From there\n> From afar\n\n"
    assert raws(data) == [b"Subject: a\n\nFrom here\n>From there\n> From afar\n"]


def test_a_truncated_last_message_is_kept_as_it_is() -> None:
    assert raws(SEPARATOR + b"Subject: a\n\nOne.\n\n" + SEPARATOR + b"Subject: b\n\nTwo, cut of") == [
        b"Subject: a\n\nOne.\n",
        b"Subject: b\n\nTwo, cut of",
    ]


def test_an_empty_message_is_a_message() -> None:
    assert raws(SEPARATOR + b"\n" + SEPARATOR + b"Subject: b\n\n\n") == [b"", b"Subject: b\n\n"]


def test_an_empty_file_holds_nothing() -> None:
    assert raws(b"") == []


@pytest.mark.parametrize(
    "data", [b"Subject: no mbox\n\nText.\n", b"\n", b"From \n", b"\x00" * 5000, b"From here on\nclosed"]
)
def test_another_file_is_refused(data: bytes) -> None:
    with pytest.raises(NoMbox):
        raws(data)


BODY_LINES = st.one_of(
    st.sampled_from(
        [b"", b"From here", b"From: a", b">From b", b">>From c", b"\r", SEPARATOR[:-1], SEPARATOR[:-1] + b"\r"]
    ),
    st.binary(max_size=40).map(lambda line: line.replace(b"\n", b" ")),
)
MESSAGES = st.builds(
    lambda subject, lines: b"Subject: %s\n\n%s\n" % (subject, b"\n".join(lines)),
    st.binary(max_size=20).map(lambda line: line.replace(b"\n", b" ")),
    st.lists(BODY_LINES, max_size=12),
)


@given(st.lists(MESSAGES, max_size=6), st.integers(64, 400))
@settings(deadline=None)
def test_what_goes_into_an_mbox_comes_out(messages: list[bytes], block: int) -> None:
    with pytest.MonkeyPatch.context() as small:
        small.setattr(mbox, "_BLOCK", block)
        small.setattr(mbox, "_LONGEST_SEPARATOR", 100)
        found = raws(b"".join(map(stored, messages)))
    assert found == messages


PLAIN = st.text(st.characters(codec="ascii", exclude_characters="\r\n"), max_size=30).filter(
    lambda line: "From " not in line
)


@given(st.lists(st.lists(PLAIN, max_size=8), min_size=1, max_size=5))
@settings(deadline=None, max_examples=50)
def test_well_formed_files_read_as_the_standard_library_reads_them(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("mbox") / "box"
    path.write_bytes(b"".join(stored(f"Subject: x\n\n{chr(10).join(body)}\n".encode()) for body in bodies))
    box = mailbox.mbox(path, create=False)
    try:
        expected = [box.get_bytes(key) for key in box.iterkeys()]
    finally:
        box.close()
    assert raws(path.read_bytes()) == expected


def test_reading_flagging_and_labelling_leave_the_key_alone() -> None:
    plain = b"From: a@example.com\nSubject: x\n\nStatus: of the works\n"
    assert (
        len(
            keys(
                plain,
                b"Status: RO\n" + plain,
                b"From: a@example.com\nX-Mozilla-Status: 0001\nX-Mozilla-Status2: 00000000\nX-Mozilla-Keys:   \n"
                b"Subject: x\n\nStatus: of the works\n",
                b"X-GM-THRID: 17\nX-Gmail-Labels: Inbox,Important,\n Opened\n" + plain,
            )
        )
        == 1
    )


@pytest.mark.parametrize(
    "other",
    [
        b"From: a@example.com\nSubject: y\n\nStatus: of the works\n",
        b"From: a@example.com\nSubject: x\n\nStatus: off the works\n",
        b"From: a@example.com\nSubject: x\n\n",
        b"From: a@example.com\nX-Status-Report: 1\nSubject: x\n\nStatus: of the works\n",
    ],
)
def test_everything_else_changes_the_key(other: bytes) -> None:
    assert len(keys(b"From: a@example.com\nSubject: x\n\nStatus: of the works\n", other)) == 2


def test_labels_are_found_in_the_header_only() -> None:
    header, body = (
        next(letters(BytesIO(stored(raw)))).labels
        for raw in (b"X-Gmail-Labels: Sent,\n Opened\nSubject: x\n\n", b"Subject: x\n\nX-Gmail-Labels: Sent\n")
    )
    assert header == b" Sent,\n Opened"
    assert body is None


def test_a_message_beyond_the_limit_is_hashed_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("LARGEST", 20_000), ("_BLOCK", 4096)):
        monkeypatch.setattr(mbox, name, value)
    small = b"Subject: small\n\nText.\n"
    large = b"Subject: large\n\n" + b"A line of a very long letter.\n" * 3000
    data = stored(small) + stored(large) + stored(small) + stored(large)
    first, second, third, fourth = letters(BytesIO(data))
    assert (first.raw, third.raw) == (small, small)
    assert (second.raw, second.size) == (b"", len(large))
    assert second == fourth
    monkeypatch.setattr(mbox, "LARGEST", 10**9)
    assert next(letters(BytesIO(stored(large)))).key == second.key


def test_a_hostile_file_is_one_message() -> None:
    data = (
        SEPARATOR + b"\n\nFrom " + b"a " * 200_000 + b"\n\nFrom a Thu " * 100_000 + b"\n>" + b">" * 100_000 + b"From "
    )
    assert len(raws(data)) == 1
