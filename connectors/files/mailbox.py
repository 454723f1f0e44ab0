"""Where under the root a mailbox lies. Names are compared, never joined to a path: nothing outside can be named."""

from __future__ import annotations

import os
from pathlib import Path

from auditor.errors import LostSource
from auditor.values import Value
from connectors.files.disk import is_own_folder, reason
from connectors.files.listing import shown

_ENDINGS = (".mbox", ".mbox.gz", ".mbx")
_AFTER_ADDRESS = "-_ "
"""What Google Vault and people put between the address and the rest of a file's name."""


class Home(Value, frozen=True):
    """What is there of one mailbox."""

    folder: Path | None
    mboxes: tuple[tuple[Path, str], ...]
    """Each with its path under the root, as text."""


def located(root: Path, mailbox: str) -> Home:
    """Finds the mailbox's folder and mboxes.

    Raises:
        LostSource: the root cannot be listed, or holds nothing by the mailbox's name.
    """
    folders: list[Path] = []
    mboxes: list[tuple[Path, str]] = []
    linked = False
    for entry in _entries(root, root):
        ours = _names(entry.name, mailbox)
        if not ours and "@" in entry.name:
            continue  # another mailbox's
        linked |= ours and entry.is_symlink()
        if is_own_folder(entry):
            if ours:
                folders.append(Path(entry.path))
            elif not entry.name.startswith("."):
                mboxes += _exported(Path(entry.path), mailbox, root)
        elif ours and entry.is_file(follow_symlinks=False) and _is_mbox(entry.name):
            mboxes.append((Path(entry.path), shown(entry.name)))
    if not folders and not mboxes:
        why = "is a symbolic link, which is not followed" if linked else "is not there"
        raise LostSource(f"The folder or mbox of {mailbox} {why}: look in {root}.")
    if len(folders) > 1:
        raise LostSource(f"{mailbox} has several folders in {root}: {', '.join(f.name for f in folders)}; keep one.")
    return Home(folders[0] if folders else None, tuple(sorted(mboxes)))


def _exported(folder: Path, mailbox: str, root: Path) -> list[tuple[Path, str]]:
    """The mailbox's mboxes in a folder of an export that was unpacked under the root."""
    return [
        (Path(entry.path), f"{shown(folder.name)}/{shown(entry.name)}")
        for entry in _entries(folder, root)
        if _names(entry.name, mailbox) and entry.is_file(follow_symlinks=False) and _is_mbox(entry.name)
    ]


def _entries(folder: Path, root: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        raise LostSource(
            f"The folder {root} is not there: check [[sources]] root, or that the drive is there."
        ) from None
    except OSError as error:
        raise LostSource(f"The folder {folder} cannot be listed: {reason(error)}.") from error


def _names(name: str, mailbox: str) -> bool:
    """Whether a file or folder is called by the mailbox's address, whatever the case."""
    name, mailbox = name.casefold(), mailbox.casefold()
    if not name.startswith(mailbox):
        return False
    rest = name[len(mailbox) :]
    return not rest or rest in _ENDINGS or (rest[0] in _AFTER_ADDRESS and _is_mbox(rest))


def _is_mbox(name: str) -> bool:
    return name.casefold().endswith(_ENDINGS)
