"""Encoded words, parameters, addresses and dates, as real and hostile mail writes them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime, formataddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.mail.addresses import addresses
from auditor.mail.dates import moment
from auditor.mail.headers import decoded, read_block, structured, unbase64
from auditor.mail.message import Address

# --- encoded words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Plain", "Plain"),
        ("=?utf-8?Q?caf=C3=A9?=", "café"),
        ("=?UTF-8?b?Y2Fmw6k=?= bar", "café bar"),
        ("=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"),
        ("=?utf-8?Q?a?= and =?utf-8?Q?b?=", "a and b"),
        ("=?utf-8?B?w6?= =?utf-8?B?k=?=", "é"),
        ("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "café"),
        ("=?iso-8859-1?Q?=A35?= =?utf-8?Q?_=C2=A36?=", "£5 £6"),
        ("=?windows-1252?Q?=93Hi=94?=", "“Hi”"),
        ("=?iso-8859-1?Q?=93Hi=94?=", "“Hi”"),
        ("=?utf-8*en?Q?caf=C3=A9?=", "café"),
        ("=?utf-8?Q?not closed", "=?utf-8?Q?not closed"),
        ("=?utf-8?Q?broken words inside?=", "broken words inside"),
        ("=?x-bogus?Q?caf=C3=A9?=", "café"),
        ("=?utf-8?X?what?=", "=?utf-8?X?what?="),
        ("=?utf-8?Q??=", ""),
        ("=?utf-8?Q?a=0D=0ABcc:_eve@example.org?=", "a Bcc: eve@example.org"),
        ("a\0b", "a b"),
        ('"=?utf-8?Q?Marsh=2C_Ann?="', '"Marsh, Ann"'),
    ],
)
def test_encoded_words(written: str, read: str) -> None:
    assert decoded(written) == read


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=120))
def test_any_subject_comes_back(subject: str) -> None:
    block = f"Subject: {Header(subject, 'utf-8', maxlinelen=60).encode()}\n\n".encode()
    assert decoded(read_block(block, 0, len(block), 10_000).headers["subject"][0]) == subject


@given(st.text(max_size=200))
def test_no_text_is_too_much_for_the_decoder(text: str) -> None:
    assert not set(decoded(text)) & set("\r\n\0")


@given(st.binary(max_size=80))
def test_sound_base64_is_known_for_sound(data: bytes) -> None:
    assert unbase64(base64.encodebytes(data)) == (data, True)


@given(st.binary(max_size=80))
def test_any_bytes_go_through_base64(data: bytes) -> None:
    found, sound = unbase64(data)
    assert len(found) <= len(data)
    assert isinstance(sound, bool)


# --- blocks and parameters


def test_raw_bytes_in_headers_are_read() -> None:
    raw = "Subject: café\nTo: x@example.org\n\n".encode() + b"body"
    assert read_block(raw, 0, len(raw), 1_000).headers["subject"] == ["café"]
    raw = b"Subject: caf\xe9 \x93x\x94\n\n"
    assert read_block(raw, 0, len(raw), 1_000).headers["subject"] == ["café “x”"]


def test_folded_headers_are_one_line() -> None:
    raw = b"Subject: one\r\n two\r\n\tthree\r\n\r\nbody"
    block = read_block(raw, 0, len(raw), 1_000)
    assert block.headers["subject"] == ["one two three"]
    assert raw[block.body :] == b"body"


def test_repeated_headers_are_all_kept() -> None:
    raw = b"From: a@x.example\nFROM : b@x.example\n\n"
    assert read_block(raw, 0, len(raw), 1_000).headers["from"] == ["a@x.example", "b@x.example"]


@pytest.mark.parametrize(
    ("value", "word", "params"),
    [
        ("text/plain", "text/plain", {}),
        ("TEXT/Plain; Charset=UTF-8", "text/plain", {"charset": "UTF-8"}),
        ('text/plain; charset="utf-8" ; format=flowed', "text/plain", {"charset": "utf-8", "format": "flowed"}),
        ('x/y; name="a; b=c"', "x/y", {"name": "a; b=c"}),
        ('x/y; name="a\\"b"', "x/y", {"name": 'a"b'}),
        ("x/y; name*=iso-8859-1'en'caf%E9", "x/y", {"name": "café"}),
        ('x/y; name*0="a"; name*1="b"; name*2="c"', "x/y", {"name": "abc"}),
        ('x/y; name="not closed', "x/y", {"name": '"not closed'}),
        ("x/y; ; =; a", "x/y", {}),
        ("", "", {}),
    ],
)
def test_structured_values(value: str, word: str, params: dict[str, str]) -> None:
    found = structured(value)
    assert (found.word, dict(found.params)) == (word, params)


# --- addresses


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("ann@example.org", [("", "ann@example.org")]),
        ("Ann@Example.ORG", [("", "ann@example.org")]),
        ("Ann Marsh <ann@example.org>", [("Ann Marsh", "ann@example.org")]),
        ('"Marsh, Ann" <ann@example.org>', [("Marsh, Ann", "ann@example.org")]),
        ("Marsh, Ann <ann@example.org>", [("Marsh, Ann", "ann@example.org")]),
        ("ann@example.org (Ann Marsh)", [("Ann Marsh", "ann@example.org")]),
        ("a@x.example, B <b@x.example>,c@x.example", [("", "a@x.example"), ("B", "b@x.example"), ("", "c@x.example")]),
        ("a@x.example; b@x.example;", [("", "a@x.example"), ("", "b@x.example")]),
        ("Members: a@x.example, b@x.example;", [("", "a@x.example"), ("", "b@x.example")]),
        ("undisclosed-recipients:;", []),
        ("<@relay.example,@b.example:ann@example.org>", [("", "ann@example.org")]),
        ("<mailto:ann@example.org>", [("", "ann@example.org")]),
        ('"ann@old.example" <ann@example.org>', [("ann@old.example", "ann@example.org")]),
        ("ann@old.example <ann@example.org>", [("ann@old.example", "ann@example.org")]),
        ("=?utf-8?Q?Ren=C3=A9=2C_Ann?= <ann@example.org>", [("René, Ann", "ann@example.org")]),
        ('"j smith"@example.org', [("", '"j smith"@example.org')]),
        ("Ann Marsh", [("Ann Marsh", "")]),
        ("", []),
        (",,;", []),
        ("Ann <ann@example.org", [("", "ann@example.org")]),
        (". Doe <x@y.example>", [(". Doe", "x@y.example")]),
        ("'ann@example.org'", [("", "ann@example.org")]),
        ("Ann <>", [("Ann", "")]),
        ("ann@[192.0.2.1]", [("", "ann@[192.0.2.1]")]),
    ],
)
def test_addresses(value: str, found: list[tuple[str, str]]) -> None:
    assert addresses([value], 100)[0] == tuple(Address(name, email) for name, email in found)


@pytest.mark.parametrize(
    "value",
    [
        "alice@example.org)bob@example.com",
        "alice@example.org(<bob@example.com>",
        "alice@example.org <bob@example.com",
        "<alice@example.org> <bob@example.com>",
        "alice@example.org]<bob@example.com>(",
    ],
)
def test_every_candidate_of_an_ambiguous_header_is_kept(value: str) -> None:
    found, defects = addresses([value], 100)
    assert {person.email for person in found} >= {"bob@example.com"}
    if "<bob" not in value or "(" in value:
        assert {person.email for person in found} == {"alice@example.org", "bob@example.com"}
    assert [defect.code for defect in defects] == ["address"]


def test_two_headers_of_one_name_are_one_list() -> None:
    assert [p.email for p in addresses(["a@x.example", "B <b@x.example>"], 100)[0]] == ["a@x.example", "b@x.example"]


NAMES = st.text(st.characters(codec="ascii", categories=["L", "N"], include_characters=" ,."), max_size=20)
EMAILS = st.from_regex(r"[a-z0-9]{1,8}(\.[a-z0-9]{1,8})?@[a-z0-9]{1,8}\.example", fullmatch=True)


@given(st.lists(st.tuples(NAMES, EMAILS), max_size=8))
def test_well_formed_lists_come_back(people: list[tuple[str, str]]) -> None:
    value = ", ".join(formataddr((" ".join(name.split()), email)) for name, email in people)
    assert [(p.name, p.email) for p in addresses([value], 100)[0]] == [(" ".join(n.split()), e) for n, e in people]


@given(st.text(max_size=200))
def test_any_text_is_a_list_of_some_kind(value: str) -> None:
    for person in addresses([value], 100)[0]:
        assert person.name or person.email


# --- dates


@pytest.mark.parametrize(
    ("value", "when"),
    [
        ("Tue, 03 Mar 2026 09:15:00 +0000", (2026, 3, 3, 9, 15)),
        ("Tue, 3 Mar 2026 09:15:00 +0100 (BST)", (2026, 3, 3, 8, 15)),
        ("3 Mar 2026 09:15 -0500", (2026, 3, 3, 14, 15)),
        ("Tue, 03 Mar 2026 09:15:00 GMT", (2026, 3, 3, 9, 15)),
        ("Tue, 03 Mar 2026 09:15:00 BST", (2026, 3, 3, 8, 15)),
        ("Tue, 03 Mar 2026 09:15:00 -0000", (2026, 3, 3, 9, 15)),
        ("Tue,  3 Mar 2026 09:15:00 +0000", (2026, 3, 3, 9, 15)),
        ("Tuesday, 03-Mar-26 09:15:00 GMT", (2026, 3, 3, 9, 15)),
        ("Tue, 03 MAR 2026 09:15:60 +0000", (2026, 3, 3, 9, 15)),
        ("2026-03-04T09:15:00Z", (2026, 3, 4, 9, 15)),
        ("3 Mar 26 4:12:06 PM +0000", (2026, 3, 3, 16, 12)),
    ],
)
def test_dates(value: str, when: tuple[int, int, int, int, int]) -> None:
    found, note = moment(value)
    assert found is not None
    assert found.replace(second=0) == datetime(*when, tzinfo=UTC)
    assert note == ""


@pytest.mark.parametrize(
    "value", ["Tue, 03 Mar 2026 09:15:00", "Tue, 03 Mar 2026 09:15:00 XYZ", "Tue Mar  3 09:15:00 2026"]
)
def test_a_date_without_a_known_zone_is_read_as_utc_and_said(value: str) -> None:
    found, note = moment(value)
    assert found == datetime(2026, 3, 3, 9, 15, tzinfo=UTC)
    assert "UTC" in note


@pytest.mark.parametrize(
    "value",
    ["", "yesterday", "Tue, 31 Feb 2026 09:15:00 +0000", "Tue, 03 Mar 2026 25:15:00 +0000", "Tue, 03 Mar 2026 09:15:00 +9999", "Tue, 03 Mar 0001 00:15:00 +0100", "Tue, 03 Mar 9999 23:15:00 -0100", "Tue, 03 Foo 2026 09:15:00 +0000", "1" * 5000, "(" * 5000],
)  # fmt: skip
def test_nonsense_is_no_date(value: str) -> None:
    found, note = moment(value)
    assert found is None
    assert note


@given(st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
def test_every_moment_comes_back(when: datetime) -> None:
    when = when.replace(microsecond=0)
    offset = when.utcoffset()
    if offset is not None and offset.seconds % 60 == 0:
        assert moment(format_datetime(when))[0] == when.astimezone(UTC)


@given(st.text(max_size=80))
def test_any_text_is_a_date_or_none(value: str) -> None:
    found = moment(value)[0]
    assert found is None or found.tzinfo is UTC
