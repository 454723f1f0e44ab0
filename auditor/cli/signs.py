"""What other parts of the program leave behind as signs of life: backups, and the heartbeat of `auditor serve`.

Both are read with care: a sign that makes no sense is no sign.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.cli.workplace import store_path
from auditor.values import Value

if TYPE_CHECKING:
    from auditor.config import Config

SILENT = timedelta(minutes=15)
"""A heart that has not beaten for so long has stopped."""
_DATED = re.compile(r"\d{4}-\d\d-\d\d")


class Backups(Value, frozen=True):
    """The backups that are there."""

    newest: str | None
    """The newest one's folder; None when there is none."""
    age_days: int | None
    keep: int


class Heart(Value, frozen=True):
    """The last heartbeat of `auditor serve`."""

    alive: bool
    at: datetime
    state: str


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


def heart(config: Config, now: datetime) -> Heart | None:
    """None where `auditor serve` never ran, or what it left makes no sense."""
    said = read_object(store_path(config).parent / "heartbeat.json")
    try:
        at = datetime.fromisoformat(str(said["at"]))
    except (KeyError, ValueError):
        return None
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    state = said.get("state")
    stopped = state in ("stopped", "stopping")
    return Heart(not stopped and now - at < SILENT, at, state if isinstance(state, str) else "")


def read_object(path: Path) -> dict[str, Any]:
    """A JSON object; empty where the file is not there, or is none."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _day(name: str) -> date | None:
    match = _DATED.match(name)
    try:
        return date.fromisoformat(match[0]) if match else None
    except ValueError:
        return None
