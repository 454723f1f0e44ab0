"""Where a store's file lies decides how it may be written: no commit is lost on a share or under an old SQLite."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Write-ahead logging needs memory shared between processes, which network shares and unknown file systems do
# not promise (sqlite.org/wal.html, section 1). Only these are known to.
_LOCAL = frozenset(
    {"apfs", "bcachefs", "btrfs", "exfat", "ext2", "ext3", "ext4", "f2fs", "fat32", "fixed", "fuseblk", "hfs", "jfs"}
    | {"ntfs", "ntfs3", "overlay", "ramfs", "reiserfs", "tmpfs", "ufs", "vfat", "xfs", "zfs"}
)


def write_ahead_is_sound(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite is free of the WAL-reset fault of 3.7.0 to 3.51.2 (fixed in 3.51.3; 3.44.6 and 3.50.7
    carry the fix, 3.52.0 was withdrawn)."""
    return version[:2] != (3, 52) and (
        version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    )


def journal_mode(path: str, filesystem: str, version: tuple[int, int, int]) -> str:
    """`wal` on a local disk with a sound SQLite, `truncate` everywhere else. A UNC path is always a share."""
    if path.startswith(("\\\\", "//")) or filesystem not in _LOCAL:
        return "truncate"
    return "wal" if write_ahead_is_sound(version) else "truncate"


def mounted_as(path: str, mounts: str) -> str:
    """The file system type of the longest mount point that `path` lies under; `mounts` is /proc/mounts' text."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ").rstrip("/")
        if len(point) >= len(best) and (path == point or path.startswith(point + "/")):
            best, kind = point, fields[2]
    return kind


def filesystem_of(folder: Path) -> str:
    """The type of the file system `folder` lies on, lower case; empty when it cannot be known."""
    if sys.platform == "win32":  # pragma: no cover
        import ctypes

        drive = os.path.splitdrive(folder.absolute())[0]
        return "fixed" if ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == 3 else ""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return mounted_as(str(folder.resolve()), mounts).lower()
