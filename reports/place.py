"""Whether a workbook may be written where another file is: never over somebody's work."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from reports.sealed import Locked, opened

AUTHOR = "mailbox auditor"
_CORE = 65_536
"""Bytes of the part with the days; it has a hundredth of that."""
_CREATED = re.compile(rb"<dcterms:created[^>]*>([^<]*)<")
_MODIFIED = re.compile(rb"<dcterms:modified[^>]*>([^<]*)<")


def taken(target: Path, password: str | None = None) -> str:
    """Why a file must be left alone, to follow its name in a sentence; empty when it may be written.

    `password` opens one that is encrypted: what cannot be looked into may be somebody's work.
    """
    if in_use(target):  # Windows refuses the rename besides
        return "is open in another program"
    try:
        if target.exists() and target.stat().st_size and not untouched(target, password):
            return "has been saved by somebody, and may hold decisions and notes,"
    except Locked:
        return "cannot be opened without the password that it was written with, may hold decisions and notes,"
    return ""


def in_use(target: Path) -> bool:
    """Whether LibreOffice's or Excel's own mark of an open file lies beside it."""
    return any(target.with_name(lock).exists() for lock in (f".~lock.{target.name}#", f"~${target.name}"))


def untouched(target: Path, password: str | None = None) -> bool:
    """Whether a workbook is still as it was written here: every spreadsheet program moves the day of change on when it saves."""
    try:
        data = BytesIO(opened(target.read_bytes(), password))
        with ZipFile(data) as file, file.open("docProps/core.xml") as part:
            core = part.read(_CORE)  # it may unpack to far more than was saved
    except Locked:
        raise
    except Exception:  # noqa: BLE001  (damage of any kind provokes whatever it does)
        return False
    created, modified = _CREATED.search(core), _MODIFIED.search(core)
    if created is None or modified is None:
        return False
    return created[1] == modified[1] and f">{AUTHOR}</dc:creator>".encode() in core
