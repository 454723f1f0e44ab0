"""Where a store lies decides how it is written."""

from __future__ import annotations

import pytest

from auditor.store.sqlite.placement import journal_mode, mounted_as, write_ahead_is_sound


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 6), False),
        ((3, 50, 7), True), ((3, 51, 0), False), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), False),
        ((3, 53, 4), True),
    ],
)  # fmt: skip
def test_which_sqlite_may_write_ahead(version: tuple[int, int, int], sound: bool) -> None:
    assert write_ahead_is_sound(version) is sound


@pytest.mark.parametrize(
    ("path", "filesystem", "mode"),
    [
        ("/srv/a.db", "ext4", "wal"), ("C:\\Council\\a.db", "fixed", "wal"), ("/srv/a.db", "nfs4", "truncate"),
        ("/srv/a.db", "cifs", "truncate"), ("/srv/a.db", "fuse.sshfs", "truncate"), ("/srv/a.db", "", "truncate"),
        ("\\\\server\\share\\a.db", "fixed", "truncate"), ("//server/share/a.db", "ext4", "truncate"),
    ],
)  # fmt: skip
def test_where_writing_ahead_is_right(path: str, filesystem: str, mode: str) -> None:
    assert journal_mode(path, filesystem, (3, 53, 4)) == mode
    assert journal_mode(path, filesystem, (3, 51, 2)) == "truncate"


def test_the_longest_mount_point_counts() -> None:
    mounts = "/dev/a / ext4 rw 0 0\nsrv:/x /srv nfs4 rw 0 0\n//b/c /srv/my\\040share cifs rw 0 0\nbroken\n"
    assert mounted_as("/home/x", mounts) == "ext4"
    assert mounted_as("/srv/y", mounts) == "nfs4"
    assert mounted_as("/srvy", mounts) == "ext4"
    assert mounted_as("/srv/my share/z", mounts) == "cifs"
    assert mounted_as("/home", "") == ""
