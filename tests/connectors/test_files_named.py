"""What `auditor scan` finds in the files and folders that a person names: all that a night finds, and by any path."""

from __future__ import annotations

import gzip
import os
import sys
from pathlib import Path

import pytest
from builders import eml

from connectors.files.named import messages_in

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
MBOX = b"From x Mon Nov 16 09:00:00 2026\n" + eml(body="One\n", n=1) + b"\nFrom x Mon Nov 16 09:01:00 2026\n" + eml(n=2)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="pipes, and names of bytes that are no UTF-8")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name: str, raw: bytes = eml()) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def found(given: str) -> list[str]:
    """The sources, each with what is wrong with it in brackets."""
    return [one.source + (f" ({one.error})" if one.error else "") for one in messages_in(given)]


# --- a path is told as it was given


@pytest.mark.parametrize(
    ("given", "source"),
    [
        ("./a.mbox", ["./a.mbox#0", "./a.mbox#1"]),
        ("mail/../a.mbox", ["mail/../a.mbox#0", "mail/../a.mbox#1"]),
        (".//mail//", [".//mail//b.eml", ".//mail//sent/c.eml"]),
        ("mail", ["mail/b.eml", "mail/sent/c.eml"]),
        ("mail/.", ["mail/./b.eml", "mail/./sent/c.eml"]),
        (".", ["./a.mbox#0", "./a.mbox#1", "./mail/b.eml", "./mail/sent/c.eml"]),
    ],
)
def test_a_path_stays_as_it_was_given(given: str, source: list[str]) -> None:
    put("a.mbox", MBOX)
    put("mail/b.eml")
    put("mail/sent/c.eml")
    assert found(given) == source


def test_a_whole_path_stays_too(here: Path) -> None:
    put("mail/b.eml")
    assert found(f"{here}/mail/") == [f"{here}/mail/b.eml"]


@LINUX
def test_names_that_are_no_utf_8_are_told_apart() -> None:
    for name in (b"mail/caf\xe9.eml", b"mail/caf\xe8.eml"):
        put(os.fsdecode(name))
    assert found("mail") == [r"mail/caf\xe8.eml", r"mail/caf\xe9.eml"]
    assert found(os.fsdecode(b"mail/caf\xe9.eml")) == [r"mail/caf\xe9.eml"]


def test_folders_and_files_come_in_path_order() -> None:
    for name in ("m/b/x.eml", "m/a.eml", "m/b.eml", "m/c.eml", "m/b/a/y.eml", "m/b c/z.eml"):
        put(name)
    given = [Path(source) for source in found("m")]
    assert given == sorted(given)
    assert len(given) == 6


# --- links


def test_a_link_is_followed_where_it_was_named() -> None:
    put("kept/a.eml")
    put("kept/b.mbox.gz", gzip.compress(MBOX))
    Path("one.eml").symlink_to("kept/a.eml")
    Path("newest").symlink_to("kept/b.mbox.gz")
    Path("all").symlink_to("kept", target_is_directory=True)
    assert found("one.eml") == ["one.eml"]
    assert found("newest") == ["newest#0", "newest#1"]
    assert found("all") == ["all/a.eml", "all/b.mbox.gz#0", "all/b.mbox.gz#1"]


def test_a_link_below_a_folder_is_not_followed() -> None:
    put("kept/a.eml")
    put("mail/b.eml")
    Path("mail/one.eml").symlink_to("../kept/a.eml")
    Path("mail/all").symlink_to("../kept", target_is_directory=True)
    assert found("mail") == ["mail/b.eml"]


def test_links_that_lead_nowhere_or_in_a_circle() -> None:
    Path("gone.eml").symlink_to("nothing.eml")
    Path("circle.eml").symlink_to("circle.eml")
    assert found("gone.eml") == ["gone.eml (The file cannot be read: no such file or directory.)"]
    [circle] = found("circle.eml")
    assert circle.startswith("circle.eml (The file cannot be read: ")


@LINUX
def test_a_pipe_is_not_waited_for_by_any_name() -> None:
    os.mkfifo("pipe.eml")
    Path("link.eml").symlink_to("pipe.eml")
    for given in ("pipe.eml", "link.eml"):
        assert found(given) == [f"{given} (The file cannot be read: it is no regular file.)"]


def test_a_path_too_long_for_any_file() -> None:
    assert found("x" * 300) == ["x" * 300 + " (The file cannot be read: file name too long.)"]


# --- what is found in a folder


def test_all_that_a_night_reads_is_found() -> None:
    for name in ("mh/1", "mh/27", "box/cur/1.host:2,S", "box/new/2.host", "box/.Sent/cur/3.host:2,S", "UPPER.EML"):
        put("m/" + name)
    for name in ("Sent", "Sent.sbd/2026", "x.mbox/mbox", "y.MBX"):
        put("m/" + name, MBOX)
    put("m/z.mbox.gz", gzip.compress(MBOX))
    messages = {source.removeprefix("m/").partition("#")[0] for source in found("m")}
    assert messages == {
        "mh/1", "mh/27", "box/cur/1.host:2,S", "box/new/2.host", "box/.Sent/cur/3.host:2,S", "UPPER.EML",
        "Sent", "Sent.sbd/2026", "x.mbox/mbox", "y.MBX", "z.mbox.gz",
    }  # fmt: skip
    assert "m/Sent#1" in found("m")


def test_what_is_no_mail_yet_or_any_more_is_passed_over() -> None:
    put("m/a.eml")
    for name in (
        ".hidden.eml",
        "b.eml~",
        "c.eml.tmp",
        "d.tmp",
        ".trash/e.eml",
        "box/tmp/f.eml",
        "notes.txt",
        "Sent.msf",
    ):
        put("m/" + name)
    put("m/box/cur/.listing")
    assert found("m") == ["m/a.eml"]


@pytest.mark.parametrize("ending", [".msg", ".emlx", ".pst", ".ost", ".olm", ".zip", ".tgz", ".7z", ".ZIP"])
def test_what_holds_mail_and_is_not_read_is_said(ending: str) -> None:
    put("m/a.eml")
    put(f"m/b{ending}", b"1234\nFrom: a@b.example\n\nHello\n")
    put("m/c.eml")
    a, b, c = found("m")
    assert (a, c) == ("m/a.eml", "m/c.eml")
    assert b.startswith(f"m/b{ending} (The file is an ")
    assert b.endswith(", which is not read: export the mail in it as .eml.)")


# --- what is no mail


@pytest.mark.parametrize("name", ["a.emlx", "a.pst", "a.zip", "a.7z"])
def test_a_kind_that_is_not_read_is_not_read_when_it_is_named(name: str) -> None:
    put(name, b"1234\nFrom: a@b.example\n\nHello\n")
    assert found(name)[0].endswith(", which is not read: export the mail in it as .eml.)")


@pytest.mark.parametrize("name", ["a.msg", "a.eml", "a", "7", "cur/1.host:2,S"])
@pytest.mark.parametrize("raw", [OLE, b"PK\x03\x04\x14\0\0\0\x08\0From: a@b.example\n"])
def test_first_bytes_tell_what_a_name_hides(name: str, raw: bytes) -> None:
    put(name, raw)
    assert found(name)[0].endswith(" document, which is not read: export the mail in it as .eml.)")


@pytest.mark.parametrize(
    "raw",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\nFrom: a@b.example\n",
        b"\0\0\0\0From: a@b.example\n\nHello\n",
        b"\x1f\x8b\x08\0" + bytes(range(256)) * 40,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n",
        b"Dear all\n\nThe bench is mended.\n",
        b"\xff\xd8\xff\xe0" * 5000,
    ],
)
def test_bytes_that_are_no_mail(raw: bytes) -> None:
    put("a.eml", raw)
    assert found("a.eml") == ["a.eml (The file holds no mail that can be read.)"]


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: x",
        b"\n\nFrom: a@b.example\n\nHello\n",
        b"\xef\xbb\xbfFrom: a@b.example\n\nHello\n",
        b">From x\nReceived  : from here\n\nHello\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: message/rfc822\r\n\r\nHello",
        b"From: a@b.example\rTo: c@d.example\r\rHello",
        b"no header this\nSubject: \0\0\0\0\n\nHello\n",
        b"X-Long: " + b"x" * 9000 + b"\nFrom: a@b.example\n\n\0\0\0\n",
        b"Subject: \xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\n\nPK\x03\x04",
    ],
)
def test_odd_mail_is_mail(raw: bytes) -> None:
    put("a.eml", raw)
    [one] = messages_in("a.eml")
    assert (one.raw, one.error) == (raw, None)


def test_a_plain_message_may_be_called_msg_by_whoever_names_it() -> None:
    put("a.msg", eml())
    assert found("a.msg") == ["a.msg"]


def test_a_damaged_archive_of_mail_costs_itself_only() -> None:
    packed = bytearray(gzip.compress(MBOX * 50))
    packed[30:40] = bytes(10)
    put("m/a.mbox.gz", bytes(packed))
    put("m/b.mbox.gz", gzip.compress(MBOX)[:-12])
    put("m/c.mbox.gz", MBOX)
    put("m/d.eml")
    said = found("m")
    assert said[-1] == "m/d.eml"
    for name in "abc":
        assert any(one.startswith(f"m/{name}.mbox.gz (The file cannot be read: ") for one in said), said
