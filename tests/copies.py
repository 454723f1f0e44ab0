"""Folders that are backups as far as their manifest says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from auditor.pipeline.backups import MANIFEST, STORE, Manifest, summed, told
from auditor.store.trail import Head


def copy(folder: Path, made: datetime, store: bytes = b"", head: Head = Head()) -> Path:  # noqa: B008 (a frozen value)
    """A backup in `folder` that was made at `made`, with these bytes for its store."""
    folder.mkdir(parents=True)
    (folder / STORE).write_bytes(store)
    (folder / "schedule.toml").touch()
    manifest = Manifest(
        made=made, program="0", run=1, configuration="schedule.toml", encrypted=False, messages=0, searchable=0,
        trail_length=head.length, trail_head=head.hash,
        files={name: summed(folder / name) for name in (STORE, "schedule.toml")},
    )  # fmt: skip
    (folder / MANIFEST).write_bytes(told(manifest))
    return folder
