"""`auditor backup`, and the backup that a night makes: once a London day, proved by reading it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli.trailing import recorded
from auditor.cli.workplace import configuration, locked, open_the_store, refuse_unavailable, store_key, trail_key
from auditor.errors import UsageError
from auditor.store.trail import Deed

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.pipeline.backups import Made
    from auditor.pipeline.night import NightResult
    from auditor.schedule import BackupTable
    from auditor.store.interface import Store


@click.command(epilog="Example: auditor backup")
@click.pass_context
def backup(ctx: click.Context) -> int:
    """Make a backup of the store and the configuration in the [backup] folder, and prove it.

    Secrets are not in it: keep the store's key, and the providers' certificates or secrets, somewhere else. Of the
    backups there, the newest ones stay, as many as [backup] keep says.
    """
    from auditor.cli.run import shown
    from auditor.cli.workplace import store_path

    config = configuration(ctx)
    refuse_unavailable(config)
    if not store_path(config).exists():
        raise UsageError(
            f"There is no store at {store_path(config)} yet, so there is nothing to back up: 'auditor run' makes it."
        )
    with locked(config), open_the_store(config) as store:
        made = make(config, store, datetime.now(UTC))
    manifest = made.backup.manifest
    click.echo(
        f"Backup: {shown(config, made.backup.folder)}, {manifest.messages:,} messages, {manifest.size / 1_000_000:,.1f} MB, "
        "read back and proved."
    )
    for name in made.removed:
        click.echo(f"Taken away, as [backup] keep says: {name}")
    for sentence in (sentences := list(troubles(made))):
        click.echo(sentence, err=True)
    return 1 if sentences else 0


def nightly(
    config: Config,
    store: Store,
    result: NightResult,  # noqa: ARG001
    now: Callable[[], datetime],
) -> Iterator[str]:
    """The night's, where [backup] is configured and there is none of today (London) yet."""
    moment = now()
    if due(config, store, moment):
        yield from troubles(make(config, store, moment))


def make(config: Config, store: Store, now: datetime) -> Made:
    """Makes one and writes it into the trail; the caller holds the lock.

    Raises:
        AuditorError: there is no room, or it could not be made or proved.
    """
    from auditor.cli.room import refuse_backup_without_room
    from auditor.pipeline import backups
    from auditor.store.sqlite import open_store

    def opener(path: Path) -> Store:
        return open_store(f"sqlite:///{path}", key=store_key(config), trail_key=trail_key(config), read_only=True)

    refuse_backup_without_room(config, store)
    made = backups.make(config, store, opener, place(config), keep(config), now)
    about = {
        "backup": made.backup.name,
        "bytes": made.backup.manifest.size,
        "manifest": backups.summed(made.backup.folder / backups.MANIFEST).sha256,
        "removed": list(made.removed),
    }
    recorded(store, Deed.BACKED_UP, about, now)
    return made


def place(config: Config) -> Path:
    """The backups' folder; its default where [backup] is not there and somebody asks for one all the same."""
    return config.within(_table(config).folder)


def keep(config: Config) -> int:
    """How many stay."""
    return _table(config).keep


def troubles(made: Made) -> Iterator[str]:
    """What needs a person, though the backup is sound."""
    if not made.proof.whole:
        yield "The audit trail in the store is not as it was written; the backup holds it as it is: run 'auditor verify'."


def due(config: Config, store: Store | None, now: datetime) -> bool:
    """Whether a night of `now` makes a backup."""
    return config.schedule.backup is not None and (store is None or not _made_today(config, store, now))


def same_disk(config: Config) -> bool:
    """Whether the backups lie on the disk that holds the store: a disk that fails then takes both."""
    from auditor.cli.room import disk_of
    from auditor.cli.workplace import store_path

    try:
        return disk_of(place(config)) == disk_of(store_path(config).parent)
    except OSError:  # a disk that is not connected is another one
        return False


def _table(config: Config) -> BackupTable:
    from auditor.schedule import BackupTable

    return config.schedule.backup or BackupTable()


def _made_today(config: Config, store: Store, now: datetime) -> bool:
    last = store.last_deed(Deed.BACKED_UP)
    if last is None or config.policy.day(last.at) != config.policy.day(now):
        return False
    return (place(config) / str(last.said.get("backup"))).is_dir()
