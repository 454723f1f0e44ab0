"""The backups that are there, as far as their names tell."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from auditor.values import Value

if TYPE_CHECKING:
    from auditor.config import Config

_DATED = re.compile(r"\d{4}-\d\d-\d\d")


class Backups(Value, frozen=True):
    """The backups that are there."""

    newest: str | None
    """The newest one's folder; None when there is none."""
    age_days: int | None
    keep: int


def backups(config: Config, today: date) -> Backups | None:
    """None where no backups are asked for. Only a whole one counts: its list of contents is written last."""
    table = config.schedule.backup
    if table is None:
        return None
    found = []
    try:
        for folder in config.within(table.folder).iterdir():
            day = _day(folder.name)
            if day and (folder / "manifest.json").is_file():
                found.append((folder.name, day))
    except OSError:
        pass  # nothing that can be read is nothing to come back to
    if not found:
        return Backups(None, None, table.keep)
    name, day = max(found)
    return Backups(name, (today - day).days, table.keep)


def _day(name: str) -> date | None:
    match = _DATED.match(name)
    try:
        return date.fromisoformat(match[0]) if match else None
    except ValueError:
        return None
