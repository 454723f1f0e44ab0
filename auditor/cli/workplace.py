"""What a command works with: the checked configuration, the open store, the sources, the lock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.errors import BusyError, ConfigError, StoreError

if TYPE_CHECKING:
    from auditor.cli import Settings
    from auditor.config import Config
    from auditor.pipeline.night import Duty
    from auditor.store.interface import Store


def configuration(ctx: click.Context) -> Config:
    """The configuration named before the command.

    Raises:
        ConfigError: with every mistake in it.
    """
    from auditor.config import load

    settings: Settings = ctx.obj
    return load(settings.config.absolute())


def refuse_open_workbooks(config: Config) -> None:
    """Stops before anything is touched when the Chair's workbook is to be encrypted.

    Raises:
        ConfigError: a password is set, and this version would write the workbook without it.
    """
    if config.schedule.reports.chair_password is not None:
        sentence = (
            "[reports] chair_password: this version cannot encrypt a workbook, and will not write it open; "
            "take the key out and keep chair_folder where only the Chair can read."
        )
        raise ConfigError([sentence])


def store_path(config: Config) -> Path:
    """The store's file.

    Raises:
        ConfigError: the store is not a file of ours.
    """
    url = config.schedule.store.url
    if not url.startswith("sqlite:///"):
        raise ConfigError([f"[store] url: '{url.partition(':')[0]}' is not available in this version; use sqlite:///."])
    return config.within(url.removeprefix("sqlite:///"))


def open_the_store(config: Config, *, read_only: bool = False) -> Store:
    """The store, made where there is none yet.

    Raises:
        StoreError: it cannot be used as it is.
    """
    from auditor.store.sqlite import open_store

    key = config.schedule.store.key
    secret = key.read(config.folder) if key else None
    return open_store(f"sqlite:///{store_path(config)}", key=secret, read_only=read_only)


@contextmanager
def locked(config: Config) -> Iterator[None]:
    """Holds the store for one writer at a time; the lock goes with the process, however it ends.

    Raises:
        BusyError: another run holds it.
        StoreError: the store's folder cannot be written.
    """
    from filelock import FileLock, Timeout

    from auditor.store.sqlite.database import private_folder

    path = store_path(config)
    lock = FileLock(f"{path}.lock", mode=0o600)
    try:
        private_folder(path.parent)
        lock.acquire(timeout=0)
    except Timeout:
        raise BusyError(f"Another run is at work on {path}: wait until it has ended, then try again.") from None
    except OSError as error:
        why = error.strerror or error
        raise StoreError(f"The store's folder {path.parent} cannot be written ({why}): check [store] url.") from error
    try:
        yield
    finally:
        lock.release()


def duties(config: Config) -> Sequence[Duty]:
    """The configured sources, in the file's order.

    Raises:
        ConfigError: a kind of source is not available.
    """
    from auditor.pipeline.night import Duty
    from connectors import CONNECTORS

    found = []
    for table in config.schedule.sources:
        factory = CONNECTORS.get(table.kind)
        if factory is None:
            raise ConfigError([f"[[sources]] kind = '{table.kind}' is not available in this version; use 'files'."])
        found.append(Duty(factory(table, config), table.patience))
    return found
