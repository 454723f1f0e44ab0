"""Room on the disks: what a night is likely to need, asked before it begins, and for how long there will be enough."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.cli.workplace import store_path
from auditor.errors import BackupError, StoreError
from auditor.store.trail import Deed

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.store.interface import Store

LEAST = 100 * 1_000_000
"""Bytes a night is taken to need at least."""
LATELY = 400
"""Entries of the audit trail that are looked at for the sizes of the last nights."""
WHILE = 7.0
"""Days that must lie between the first and the last of them before anything is foretold."""
MONTH = 30.4


def refuse_without_room(config: Config, store: Store) -> None:
    """Stops a night that would fill the disk, before anything is touched.

    A backup that finds no room is no reason to leave mail uncollected: the night goes on without it, and says so.

    Raises:
        StoreError: there is too little room.
    """
    folder = store_path(config).parent
    needed, free = _night(store), free_on(folder)
    if free < needed:
        raise StoreError(
            f"The disk that holds {folder} has too little room: a night needs about {size(needed)}, and {size(free)} are "
            "free. Nothing was touched and nothing is lost; make room, and run it again."
        )


def refuse_backup_without_room(config: Config, store: Store) -> None:
    """Stops a backup that would fill the disk.

    Raises:
        BackupError: there is too little room, or the disk is not there.
    """
    from auditor.cli.backup import place

    needed = _backup(store)
    try:
        free = free_on(place(config))
    except OSError as error:
        raise BackupError(
            f"No backup was made: the disk that holds {place(config)} is not there, or this user may not look; connect it, "
            "or set [backup] folder."
        ) from error
    if free < needed:
        raise BackupError(
            f"No backup was made: it needs about {size(needed)}, and the disk that holds {place(config)} has {size(free)} "
            "free; make room there, or set [backup] folder to another disk."
        )


def disk(config: Config, store: Store | None, now: datetime) -> dict[str, int | None]:
    """The store's disk: bytes `free`, bytes `needed` by the next night (its backup included where it lies there too), and
    `months_left` until it is full at the pace of the last nights; None while no pace is known, or where nothing grows."""
    from auditor.cli.backup import due, keep, same_disk

    free = free_on(store_path(config).parent)
    backed_up_here = config.schedule.backup is not None and same_disk(config)
    needed = _night(store)
    if backed_up_here and due(config, store, now):
        needed += _backup(store)
    pace = _pace(_sizes(store)) * (1 + keep(config) if backed_up_here else 1)
    return {"free": free, "needed": needed, "months_left": int(free / (pace * MONTH)) if pace > 0 else None}


def disk_of(folder: Path) -> int:
    """Which disk a folder lies on, or will lie on when it is made."""
    return _there(folder).stat().st_dev


def size(count: int) -> str:
    """Bytes as people say them: '2.1 GB'."""
    return f"{count / 1e9:,.1f} GB" if count >= 50_000_000 else f"{count / 1e6:,.1f} MB"


def free_on(folder: Path) -> int:
    """Bytes that are free where a folder lies, or will lie when it is made."""
    return shutil.disk_usage(_there(folder)).free


def _there(folder: Path) -> Path:
    place = Path(os.path.normpath(folder.absolute()))
    # Of a drive that is not connected (Windows) nothing is there: then its own name is what the system refuses.
    return next((one for one in (place, *place.parents) if one.exists()), place)


def _night(store: Store | None) -> int:
    """Twice what the store grew by in the largest of the last nights, and no less than `LEAST`."""
    sizes = [held for _, held in _sizes(store)]
    grown = (later - earlier for earlier, later in pairwise(sizes))
    return max(LEAST, 2 * max(grown, default=0))


def _backup(store: Store | None) -> int:
    """A copy of the store, and a tenth for what comes with it."""
    return 0 if store is None else int(store.facts().bytes * 1.1) + 1_000_000


def _sizes(store: Store | None) -> list[tuple[datetime, int]]:
    """When the last nights ended, and how many bytes the store had then."""
    if store is None:
        return []
    found = []
    for entry in store.trail(max(0, store.head().length - LATELY)):
        held: Any = entry.said.get("bytes") if entry.deed == Deed.RUN else None
        if isinstance(held, int):
            found.append((entry.at, held))
    return found


def _pace(sizes: Sequence[tuple[datetime, int]]) -> float:
    """Bytes a day; 0 where it is not known."""
    if len(sizes) < 2:
        return 0.0
    (first, before), (last, after) = sizes[0], sizes[-1]
    days = (last - first).total_seconds() / 86_400
    return (after - before) / days if days >= WHILE else 0.0
