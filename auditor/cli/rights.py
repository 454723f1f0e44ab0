"""Files and folders of ours that others than their owner may read: closed where that is safe, told where it is not.

Windows has no such rights on a file: there the folder's own decide, and nothing is done.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from auditor.cli.workplace import store_path

if TYPE_CHECKING:
    from auditor.config import Config

OTHERS = stat.S_IRWXG | stat.S_IRWXO
EVERYBODY_ELSE = stat.S_IRWXO


class Open(NamedTuple):
    """Something of ours that others may read."""

    path: Path
    said: str
    """What about it, in a sentence."""
    mend: str


def closed(config: Config) -> list[Open]:
    """Closes what is open; what could not be closed, and secrets, are said on standard error, and answered."""
    left = [*_left(config), *_secrets(config)]
    for one in left:
        click.echo(f"{one.said} {one.mend}", err=True)
    return left


def _left(config: Config) -> Iterator[Open]:
    for one, bits in _wanting(config):
        try:
            one.chmod(stat.S_IMODE(one.stat().st_mode) & ~bits)
        except OSError:
            yield _told(one)
            continue
        if stat.S_IMODE(one.stat().st_mode) & bits:  # a file system without rights
            yield _told(one)


def open_to_others(config: Config) -> Iterator[Open]:
    """What is open now; nothing is changed."""
    for path, _ in _wanting(config):
        if _is_mine(path):
            yield Open(path, f"Others can read {path}.", "The next run closes it to them.")
        else:
            yield _told(path)
    yield from _secrets(config)


def _told(path: Path) -> Open:
    return Open(
        path, f"Others can read {path}, and this user cannot close it to them.", f'Run chmod go= "{path}" as its owner.'
    )


def _is_mine(path: Path) -> bool:
    return os.name == "posix" and path.stat().st_uid == os.geteuid()


def _wanting(config: Config) -> Iterator[tuple[Path, int]]:
    """What is open and should not be, with the rights to take away."""
    if os.name != "posix":
        return
    for path, bits in _ours(config):
        try:
            mode = path.lstat().st_mode
        except OSError:
            continue
        if (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) and stat.S_IMODE(mode) & bits:
            yield path, bits


def _ours(config: Config) -> Iterator[tuple[Path, int]]:
    """What the program made, or makes, where nobody else is meant to look.

    The Chair's folder keeps what its group may do: a council may have given it to the Chair in that way. The store's own
    folder and the clerk's are left as they are, for other things may lie in them; what we put there is closed by itself.
    """
    from auditor.cli.backup import place
    from auditor.cli.delivering import copies_folder
    from auditor.pipeline.backups import backups

    store = store_path(config)
    if store.parent.is_dir():
        yield from ((path, OTHERS) for path in sorted(store.parent.glob(f"{_escaped(store.name)}*")))
    for folder in (store.parent / "incoming", copies_folder(config)):
        yield from ((path, OTHERS) for path in (folder, *_below(folder)))
    for backup in backups(place(config)):
        yield from ((path, OTHERS) for path in (backup.folder, *_below(backup.folder)))
    chair = config.within(config.schedule.reports.chair_folder)
    yield chair, EVERYBODY_ELSE
    for path in chair.glob("Audit*.xlsx") if chair.is_dir() else ():
        yield path, EVERYBODY_ELSE


def _below(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*")) if folder.is_dir() and not folder.is_symlink() else []


def _escaped(name: str) -> str:
    import glob

    return glob.escape(name)


def _secrets(config: Config) -> Iterator[Open]:
    """Files that secrets are kept in, the service's environment too. They are told and never closed quietly: what others
    could read, they may have read."""
    from auditor.cli.systemd import environment
    from auditor.secret import exposed

    for path in (*(config.within(one.place) for one in _references(config.schedule)), environment(config)):
        try:
            said = exposed(path)
        except OSError:
            continue
        if said:
            yield Open(path, said, "If others may have read it, make a new one.")


def _references(value: Any) -> Iterator[Any]:
    """Every file that a secret is kept in, wherever in the configuration."""
    from auditor.secret import Secret
    from auditor.tables import Table

    if isinstance(value, Secret):
        if value.scheme == "file":
            yield value
    elif isinstance(value, Table):
        for one in vars(value).values():
            yield from _references(one)
    elif isinstance(value, tuple):
        for one in value:
            yield from _references(one)
