"""`auditor store encrypt` and `auditor store decrypt`: the store rewritten, with a key or without."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli.inorder import InOrder
from auditor.cli.workplace import key_digits, loaded, locked, refuse_unavailable, store_key, store_path, trail_key, user
from auditor.errors import StoreError, UsageError

if TYPE_CHECKING:
    from auditor.config import Config


@click.group(cls=InOrder, epilog="Example: auditor store encrypt")
def store() -> None:
    """Encrypt the store, or make it plain again."""


@store.command(epilog="Example: auditor store encrypt")
@click.pass_context
def encrypt(ctx: click.Context) -> int:
    """Encrypt a plain store with the key that [store] key names.

    Set the key in schedule.toml first. A new file is written beside the store, proved, and put in its place; the old one
    is overwritten. Killed at any moment, one good store is there.
    """
    config = loaded(ctx)
    refuse_unavailable(config)
    path = _existing(config)
    key = store_key(config)
    if key is None:
        raise UsageError(
            f"{config.path.name} names no key: set [store] key to where a key of 64 hexadecimal digits is kept, then run this again."
        )
    with locked(config):
        if not _is_plain(path):
            _opened(path, key)
            click.echo(f"The store {path} is encrypted already.")
            return 0
        _resealed(config, path, None, key)
    click.echo(f"The store {path} is encrypted. Keep the key somewhere else too: without it nobody can read the store.")
    plain = list(_plain_copies(config, path))
    for sentence in plain:
        click.echo(sentence, err=True)
    return 1 if plain else 0


@store.command(epilog="Example: auditor store decrypt --key env:AUDITOR_STORE_KEY")
@click.option(
    "--key", "reference", required=True, help="Where the old key is kept: env:NAME, file:PATH or keyring:SERVICE/USER."
)
@click.pass_context
def decrypt(ctx: click.Context, reference: str) -> int:
    """Make an encrypted store plain.

    Take [store] key out of schedule.toml first, and say with --key where the old key is kept.
    """
    config = loaded(ctx)
    refuse_unavailable(config)
    path = _existing(config)
    if config.schedule.store.key is not None:
        raise UsageError(f"{config.path.name} still names [store] key: take it out, then run this again.")
    key = named_key(reference, Path.cwd())
    with locked(config):
        if _is_plain(path):
            click.echo(f"The store {path} is not encrypted.")
            return 0
        _resealed(config, path, key, None)
    click.echo(f"The store {path} is plain now: whoever can read the file can read all mail in it.")
    return 0


def named_key(reference: str, folder: Path) -> str:
    """A store's key, by where --key says it is kept.

    Raises:
        UsageError: that names no place.
        ConfigError: it is not there, others can read it, or it is none.
    """
    from auditor.secret import parse

    try:
        place = parse(reference)
    except ValueError as error:
        raise UsageError(f"--key {error}.") from None
    return key_digits(place, place.read(folder), "--key")


def _existing(config: Config) -> Path:
    path = store_path(config)
    if not path.is_file() or not path.stat().st_size:
        raise UsageError(
            f"There is no store at {path} yet: 'auditor run' makes it, encrypted where [store] key is set."
        )
    return path


def _is_plain(path: Path) -> bool:
    from auditor.store.sqlite.database import is_plain

    return is_plain(path)


def _opened(path: Path, key: str) -> None:
    from auditor.store.sqlite.database import Database

    Database(path, key=key, read_only=True).close()


def _resealed(config: Config, path: Path, old: str | None, new: str | None) -> None:
    from auditor.cli.room import free_on, size
    from auditor.store.sqlite.sealing import reseal

    needed, free = int(path.stat().st_size * 1.2) + 1_000_000, free_on(path.parent)
    if free < needed:
        raise StoreError(
            f"There is too little room in {path.parent}: a second copy of the store needs about {size(needed)}, and {size(free)} "
            "are free. Make room, and run it again; the store is as it was."
        )
    reseal(path, old, new, trail_key=trail_key(config), who=user(), at=datetime.now(UTC))


def _plain_copies(config: Config, path: Path) -> Iterator[str]:
    """What still lies about unencrypted."""
    from auditor.cli.backup import place
    from auditor.pipeline.backups import backups

    copies = [one.name for one in path.parent.glob(f"{path.name}.before-v*") if _is_plain(one)]
    if copies:
        yield f"These older copies beside the store are not encrypted: {', '.join(sorted(copies))}. Delete them once all is well."
    if plain := [one.name for one in backups(place(config)) if not one.manifest.encrypted]:
        yield (
            f"{len(plain)} {'backup' if len(plain) == 1 else 'backups'} in {place(config)} made before this "
            "can be read without the key: run 'auditor backup', then delete the older ones."
        )
