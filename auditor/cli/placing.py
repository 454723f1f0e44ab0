"""What every way of starting the auditor by the machine itself has in common: its command, its folders, its files."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.workplace import store_path
from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.config import Config


def command(config: Config, argument: str) -> list[str]:
    """What the machine is to start: this very Python, whatever is on the path of a service.

    Raises:
        UsageError: no unit and no task could hold the path of the configuration.
    """
    if not str(config.path).isprintable():
        raise UsageError("The folder's name holds a line end or the like, which no service can be given: rename it.")
    return [sys.executable, "-m", "auditor", "--config", str(config.path), argument]


def folders(config: Config) -> list[Path]:
    """The folders that are written to, each once; made where they are not there yet, for the owner alone."""
    from auditor.whole import private_folder

    schedule = config.schedule
    wanted = [
        store_path(config).parent,
        config.within(schedule.reports.folder),
        config.within(schedule.reports.chair_folder),
    ]
    if schedule.backup:
        wanted.append(config.within(schedule.backup.folder))
    for folder in wanted:
        private_folder(folder)
    return list(dict.fromkeys(folder.resolve() for folder in wanted))


def placed(config: Config, files: Mapping[str, bytes]) -> Path:
    """Writes these into the folder 'service' beside the configuration; the folder."""
    from auditor.whole import put

    folder = config.folder / "service"
    for name, content in files.items():
        put(folder / name, content)
    return folder


def variables(config: Config) -> list[str]:
    """The environment variables that the configuration takes secrets from."""
    from auditor.secret import places

    return sorted(set(places(tomllib.loads(config.path.read_text(encoding="utf-8-sig")), "env")))
