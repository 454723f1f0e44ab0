"""What other places noted of the audit trail: the file beside the store, every backup, every weekly workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.workplace import chair_password_if_any
from auditor.store.trail import Head
from auditor.values import Value

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.store.interface import Store

_LINE = re.compile(r"Audit trail: entry ([0-9,]+), ([0-9a-f]{64})\.")
_ROWS = 1000
"""Of the first sheet, at whose end the line stands."""


class Anchor(Value, frozen=True):
    """A head noted in some place; None where the place cannot be read."""

    place: str
    head: Head | None
    locked: bool = False
    """It is the Chair's, and the password that is set does not open it."""


class TrailProof(Value, frozen=True):
    """What proving the trail came to, in every place."""

    head: Head
    anchors: int
    """Places that noted the trail."""
    altered: int | None
    missing: int
    unproved: int
    unkeyed: int
    unlike: tuple[str, ...]
    """Places that noted another trail than the store has."""
    unreadable: tuple[str, ...]
    locked: tuple[str, ...]
    """Workbooks of the Chair's that the password which is set does not open."""

    @property
    def whole(self) -> bool:
        """Whether nothing is altered, nothing missing, and every place agrees."""
        return self.altered is None and not self.missing and not self.unlike


def proved(config: Config, store: Store, books: Sequence[Path]) -> TrailProof:
    """The whole trail gone through, by itself and against every backup and these workbooks."""
    password = chair_password_if_any(config)
    found = [*_backups(config), *(anchor for book in books for anchor in _of_workbook(book, password))]
    heads = {anchor.place: anchor.head for anchor in found if anchor.head is not None}
    by_itself, longest = store.prove_trail(), max((head.length for head in heads.values()), default=0)
    wanted = {head.length for head in heads.values()}
    has = {entry.number: entry.hash for entry in store.trail() if entry.number in wanted}
    unlike = [place for place, head in heads.items() if has.get(head.length, head.hash) != head.hash]
    return TrailProof(
        head=by_itself.head,
        anchors=len(heads),
        altered=by_itself.altered,
        missing=max(by_itself.missing, longest - by_itself.head.length),
        unproved=by_itself.unproved,
        unkeyed=by_itself.unkeyed,
        unlike=tuple(unlike),
        unreadable=tuple(anchor.place for anchor in found if anchor.head is None and not anchor.locked),
        locked=tuple(anchor.place for anchor in found if anchor.locked),
    )


def workbooks(config: Config) -> list[Path]:
    """Every workbook that lies in its folder, oldest week first."""
    reports = config.schedule.reports
    folders = {config.within(reports.folder), config.within(reports.chair_folder)}
    return sorted((book for folder in folders for book in folder.glob("Audit *.xlsx")), key=lambda book: book.name)


def _backups(config: Config) -> Iterator[Anchor]:
    from auditor.cli.backup import place
    from auditor.pipeline.backups import folders

    for folder in folders(place(config)) if config.schedule.backup else ():
        yield Anchor(folder.name, _of_backup(folder))


def newest_sound_backup(config: Config) -> Path | None:
    """The newest backup of which every file is as its manifest says."""
    from auditor.cli.backup import place
    from auditor.pipeline.backups import sound

    return next((one.folder for one in sound(place(config))), None)


def _of_backup(folder: Path) -> Head | None:
    from auditor.errors import BackupError
    from auditor.pipeline.backups import read

    try:
        return read(folder).manifest.head
    except BackupError:
        return None


def _of_workbook(path: Path, password: str | None) -> Iterator[Anchor]:
    """None where it cannot be read; nothing where it was written before there was a trail."""
    from openpyxl import load_workbook

    from reports.sealed import Locked, opened

    try:
        book = load_workbook(BytesIO(opened(path.read_bytes(), password)), read_only=True)
        rows = book.worksheets[0].iter_rows(max_row=_ROWS, values_only=True)
        said = " ".join(str(cell) for row in rows for cell in row if cell is not None)
        book.close()
    except Locked:
        yield Anchor(path.name, None, locked=True)
        return
    except Exception:  # noqa: BLE001 - whatever a damaged file makes a library raise
        yield Anchor(path.name, None)
        return
    if line := _LINE.search(said):
        yield Anchor(path.name, Head(int(line[1].replace(",", "")), line[2]))
