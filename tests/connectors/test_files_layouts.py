"""Where mail may lie under the root, which of it is chosen, and what is never touched."""

from __future__ import annotations

import gzip
import os
import sys
from pathlib import Path

import pytest
from boxes import stored
from held_fake import FakeStore, kinds
from source_contract import ADDRESS, message

from auditor.errors import LostSource
from auditor.pipeline.source import Fetched, Unfetched
from connectors.files import Files
from connectors.folders import Choice, labelled, place

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="making links needs a privilege on Windows")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "mail"


def put(root: Path, *paths: str) -> None:
    """A message at each path, numbered in order; an mbox where the path ends so."""
    for number, path in enumerate(paths, 1):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        raw = message(number)
        if file.name.endswith(".gz"):
            file.write_bytes(gzip.compress(stored(raw)))
        else:
            is_mbox = file.suffix in (".mbox", ".mbx") or file.name in ("Sent", "mbox", "Inbox")
            file.write_bytes(stored(raw) if is_mbox else raw)


def test_a_probe_counts_as_people_do(root: Path) -> None:
    put(root, f"{ADDRESS}/sent/a.eml", f"{ADDRESS}.mbox")
    files = Files(root, [ADDRESS], ("all",))
    assert files.probe(ADDRESS).said == "1 message file and 1 mbox in the chosen folders"
    put(root, f"{ADDRESS}/sent/b.eml", f"{ADDRESS}/sent/Old.mbox")
    assert files.probe(ADDRESS).said == "2 message files and 2 mboxes in the chosen folders"


def read(root: Path, *folders: str) -> dict[bytes, tuple[str, ...]]:
    store = FakeStore()
    entries = store.night(Files(root, [ADDRESS], folders or ("sent",)), ADDRESS)
    return {entry.raw: entry.folders for entry in entries if isinstance(entry, Fetched)}


def numbers(root: Path, *folders: str) -> list[int]:
    found = read(root, *folders)
    return [number for number in range(1, 100) if message(number) in found]


@pytest.mark.parametrize(
    "path",
    [
        "{}/sent/a.eml",
        "{}/Sent Items/a.EML",
        "{}/sent-mail/2026/June/a.eml",
        "{}/[Gmail]/Sent Mail/a.eml",
        "{}/INBOX/Sent/a.eml",
        "{}/sent/17",
        "{}/a.eml",
        "{}/.Sent/cur/1.M1P1.parish:2,S",
        "{}/.INBOX.Sent/new/1.M1P1.parish",
        "{}/Sent/cur/1.M1P1.parish;2,S",
        "{}/cur/1.M1P1.parish:2,S",
        "{}.mbox",
        "{}.mbox.gz",
        "{}-AbC1.mbox",
        "Case 12-0/{}-AbC1.mbox",
        "{}/Case 12-0/{}-AbC1.mbox",
        "{}/Sent.mbox",
        "{}/Sent.mbox.gz",
        "{}/Sent.mbox/mbox",
        "{}/Sent",
        "{}/Sent.sbd/2026.mbox",
        "{}/Takeout/Mail/Sent.mbox",
        "{}/Takeout/Mail/All mail Including Spam and Trash.mbox",
    ],
)
def test_sent_mail_is_found_wherever_programs_keep_it(root: Path, path: str) -> None:
    put(root, path.replace("{}", ADDRESS))
    if "/new/" in path:
        (root / path.replace("{}", ADDRESS)).parent.with_name("cur").mkdir()
    assert numbers(root) == [1]


@pytest.mark.parametrize(
    "path",
    ["{}/inbox/a.eml", "{}/Drafts/a.eml", "{}/Deleted Items/Sent/a.eml", "{}/Presented/a.eml", "{}/Inbox"],
)
def test_other_folders_are_not_sent_mail(root: Path, path: str) -> None:
    put(root, path.replace("{}", ADDRESS))
    assert numbers(root) == []


def test_all_is_every_folder_but_drafts_and_outbox(root: Path) -> None:
    folders = ["sent", "Inbox", "Trash", "Junk E-mail", "Archive", "Planning", "Drafts", "Outbox"]
    put(root, *(f"{ADDRESS}/{folder}/{n}.eml" for n, folder in enumerate(folders)))
    found = read(root, "all")
    assert found == {
        message(1): ("sent",),
        message(2): ("inbox",),
        message(3): ("deleted",),
        message(4): ("junk",),
        message(5): ("archive",),
        message(6): ("Planning",),
    }


def test_several_folders_may_be_chosen(root: Path) -> None:
    put(root, *(f"{ADDRESS}/{folder}/a.eml" for folder in ("sent", "inbox", "Bin", "archive")))
    assert numbers(root, "sent", "deleted") == [1, 3]


def test_folder_names_are_as_a_person_sees_them() -> None:
    assert place(("Sent Items", "2026")).names == ("sent", "Sent Items/2026")
    assert place(("Planning", "Mill Lane")).names == ("Planning/Mill Lane",)
    assert place(("[Gmail]", "Sent Mail")).names == ("sent",)


def test_mail_in_no_folder_is_in_the_one_chosen(root: Path) -> None:
    put(root, f"{ADDRESS}.mbox")
    assert read(root, "sent") == {message(1): ("sent",)}
    assert read(root, "sent", "inbox") == {message(1): ()}


def test_a_maildir_at_the_top_is_the_inbox_where_it_has_others_beside_it(root: Path) -> None:
    put(root, f"{ADDRESS}/cur/1.a:2,S", f"{ADDRESS}/.Sent/cur/2.b:2,S")
    assert numbers(root, "sent") == [2]
    assert numbers(root, "inbox") == [1]


def test_takeout_labels_choose(root: Path) -> None:
    labels = [
        b"Sent,Opened",
        b"Inbox,Category Updates",
        b"Trash",
        b"Drafts",
        b"Archived,Sent,=?UTF-8?Q?Mill_L=C3=A2ne?=",
    ]
    (root / ADDRESS).mkdir(parents=True)
    (root / ADDRESS / "All mail Including Spam and Trash.mbox").write_bytes(
        b"".join(
            stored(b"X-GM-THRID: 1\nX-Gmail-Labels: %s\n%s" % (label, message(n))) for n, label in enumerate(labels)
        )
    )
    assert sorted(read(root).values()) == [("archive", "sent", "Mill Lâne"), ("sent",)]
    assert sorted(read(root, "all").values()) == [
        ("archive", "sent", "Mill Lâne"),
        ("deleted",),
        ("inbox",),
        ("sent",),
    ]


def test_an_undecodable_label_is_kept_as_it_is() -> None:
    assert labelled(b" =?nonsense?Q?x?=,Sent").names == ("=?nonsense?Q?x?=", "sent")


def test_a_choice_of_all_takes_labels_that_nobody_knows() -> None:
    assert Choice(frozenset({"all"})).takes(labelled(b"Footpaths"))


def test_the_mailbox_is_found_whatever_its_case(root: Path) -> None:
    put(root, f"{ADDRESS.title()}/sent/a.eml", "Clerk2@thorrington.example.org/sent/b.eml")
    assert numbers(root) == [1]


@pytest.mark.parametrize("name", ["deputy-{}", "{}.uk", "{}2", "x{}"])
def test_another_mailbox_is_not_taken_for_it(root: Path, name: str) -> None:
    put(root, name.format(ADDRESS) + ".mbox", name.format(ADDRESS) + "/sent/a.eml")
    with pytest.raises(LostSource, match="is not there"):
        numbers(root)


@pytest.mark.parametrize("mailbox", ["..", "../other", ".", "", "/etc", "a/../../b", "c:\\x"])
def test_no_name_reaches_outside_the_root(root: Path, mailbox: str) -> None:
    put(root, f"{ADDRESS}/sent/a.eml")
    put(root.parent, "other/sent/b.eml")
    with pytest.raises(LostSource):
        list(Files(root, [mailbox]).pages(mailbox, None, FakeStore()))


@needs_links
def test_no_link_is_followed(root: Path) -> None:
    outside = root.parent / "outside"
    put(outside, "secret.eml", "box.mbox", "folder/x.eml", "maildir/cur/1.a:2,S")
    put(root, f"{ADDRESS}/sent/a.eml", f"{ADDRESS}/.Sent/cur/2.b:2,S")
    for link, target in (
        ("sent/linked.eml", "secret.eml"),
        ("linked.mbox", "box.mbox"),
        ("sent/folder", "folder"),
        ("Sent Items", "folder"),
        (".Sent/cur/3.c:2,S", "secret.eml"),
        (".Sent/new", "maildir/cur"),
        (".Sent.2025", "maildir"),
    ):
        (root / ADDRESS / link).symlink_to(outside / target)
    store = FakeStore()
    store.night(Files(root, [ADDRESS], ["all"]), ADDRESS)
    assert store.bodies() == [message(1), message(2)]
    assert store.count == 2, "a link is no message, nor a gap"


@needs_links
def test_a_linked_mailbox_is_lost(root: Path) -> None:
    put(root, "other@thorrington.example.org/sent/a.eml")
    (root / ADDRESS).symlink_to(root / "other@thorrington.example.org")
    with pytest.raises(LostSource, match="symbolic link"):
        numbers(root)


@needs_links
def test_a_file_that_became_a_pipe_is_a_gap_and_nothing_hangs(root: Path) -> None:
    put(root, f"{ADDRESS}/sent/a.eml")
    os.mkfifo(root / ADDRESS / "sent" / "b.mbox")
    assert numbers(root) == [1]


def test_hidden_temporary_and_foreign_files_are_passed_over(root: Path) -> None:
    put(
        root,
        f"{ADDRESS}/sent/a.eml",
        *(
            f"{ADDRESS}/{path}"
            for path in ("sent/.b.eml", "sent/c.eml.tmp", "sent/d.eml~", "sent/.DS_Store", "sent/Sent.msf")
        ),
        *(f"{ADDRESS}/{path}" for path in (".git/e.eml", ".Sent/tmp/5.x", ".Sent/cur/.hidden", ".Sent/dovecot.index")),
    )
    assert numbers(root) == [1]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such names")
def test_odd_names_are_read_and_told(root: Path) -> None:
    put(root, f"{ADDRESS}/sent/a.eml")
    folder = root / ADDRESS / "sent"
    for n, name in enumerate((b"caf\xe9.eml", b"line\nbreak.eml", "Ünï — ‮.eml".encode(), b"-rf *.eml"), 2):
        (folder / os.fsdecode(name)).write_bytes(message(n))
    store = FakeStore()
    store.night(Files(root, [ADDRESS]), ADDRESS)
    assert len(store.bodies()) == 5
    for i in store.ids():
        assert i.encode("utf-8")
    assert store.night(Files(root, [ADDRESS]), ADDRESS) == []


def test_kinds_of_files_that_are_not_read_are_gaps(root: Path) -> None:
    put(root, f"{ADDRESS}/sent/a.eml", f"{ADDRESS}/sent/b.msg", f"{ADDRESS}/sent/c.pst", f"{ADDRESS}/takeout.zip")
    store = FakeStore()
    store.night(Files(root, [ADDRESS]), ADDRESS)
    assert store.count == 4
    assert sorted(store.missing) == ["sent/b.msg", "sent/c.pst", "takeout.zip"]
    assert "an Outlook message" in store.missing["sent/b.msg"]


def test_a_file_beyond_the_limit_is_a_gap(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, f"{ADDRESS}/sent/a.eml", f"{ADDRESS}/sent/b.eml")
    (root / ADDRESS / "sent" / "b.eml").write_bytes(message(2, 5000))
    monkeypatch.setattr("connectors.files.reading.LARGEST", 4000)
    entries = FakeStore().night(Files(root, [ADDRESS]), ADDRESS)
    assert kinds(entries) == ["Fetched", "Unfetched"]
    assert isinstance(entries[1], Unfetched)
    assert "too large" in entries[1].reason


def test_an_absent_root_is_told_plainly(root: Path) -> None:
    with pytest.raises(LostSource, match="is not there: check"):
        numbers(root)


def test_two_folders_for_one_mailbox_are_refused(root: Path) -> None:
    put(root, f"{ADDRESS}/sent/a.eml", f"{ADDRESS}.mbox/mbox")
    with pytest.raises(LostSource, match="several folders"):
        numbers(root)


def test_a_folder_that_cannot_be_listed_loses_the_rest_of_the_night_only(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root, f"{ADDRESS}/sent/a.eml", f"{ADDRESS}/sent/b.eml", f"{ADDRESS}/Sent Items/c.eml")
    store = FakeStore()
    source = Files(root, [ADDRESS])
    store.night(source, ADDRESS)
    (root / ADDRESS / "sent" / "a.eml").unlink()
    put(root, f"{ADDRESS}/sent/d.eml")
    real = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("Sent Items"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    with monkeypatch.context() as patched:  # the tests may run as root, whom no permission stops
        patched.setattr(os, "scandir", refusing)
        with pytest.raises(LostSource, match=r"Sent Items cannot be listed: permission denied\."):
            store.night(source, ADDRESS)
    assert len(store.bodies()) == 4, "what could be read was kept, and nothing was called gone"
    assert kinds(store.night(source, ADDRESS)) == ["Vanished"]
