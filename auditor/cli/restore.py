"""`auditor restore FROM --into DIR`: a council's folder made anew from a backup, proved before and after.

It needs no schedule.toml of its own, for that may be lost with the computer: the one in the backup says where the store
belongs and where its keys are kept. All is put together in an unfinished folder inside DIR, and schedule.toml comes into
its place last.
"""

from __future__ import annotations

import errno
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

import click

from auditor.errors import AuditorError, BackupError, ConfigError, StoreError, UsageError
from auditor.values import Value

if TYPE_CHECKING:
    from auditor.pipeline.backups import Backup
    from auditor.secret import Secret
    from auditor.store.trail import Proof

STAGE = ".restore.unfinished"
ELSEWHERE = "data/auditor.db"
"""Where the store goes when schedule.toml keeps it outside the council's folder."""


class Plan(Value, frozen=True):
    """What the backup's schedule.toml says of the store."""

    store: Path
    """Below the new folder."""
    url: str
    """As schedule.toml has it."""
    moved: bool
    """Whether the store does not go where `url` says."""
    key: str | None
    trail_key: bytes | None
    trail_keyless: str
    """Where the trail's key should be and is not; empty when all is well."""


@click.command(epilog="Example: auditor restore backup --into /srv/council")
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path))
@click.option(
    "--into", metavar="DIR", required=True, type=click.Path(path_type=Path), help="A folder that is empty or not there."
)
@click.option("--key", "reference", help="Where the store's key is kept, when it is not where schedule.toml says.")
def restore(source: Path, into: Path, reference: str | None) -> int:
    """Make a council's folder anew from a backup, in an empty folder.

    FROM is a backup, or the folder that holds the backups: then the newest sound one is taken. Everything is proved before
    and after. Nothing that is there is touched.
    """
    from auditor.pipeline.backups import OUTSIDE
    from reports.week import moment_words

    source, into = (Path(os.path.abspath(one)) for one in (source, into))  # noqa: PTH100
    backup, passed = chosen(source)
    _refuse_filled(into)
    plan = _plan(backup, into, reference)
    proof = _restored(backup, plan, into)
    manifest = backup.manifest
    click.echo(
        f"Restored into {into}: {manifest.messages:,} messages, as they stood on {moment_words(manifest.made)}, "
        f"from {backup.folder}. All was proved."
    )
    advice = [*passed, *_advice(plan, into, proof, manifest.configuration)]
    if manifest.outside:
        named = ", ".join(sorted(manifest.outside.values()))
        advice.append(
            f"These files lay outside the council's folder, and are in {into / OUTSIDE} now: {named}. Put them back, or set "
            "their new place in [policy]."
        )
    for sentence in advice:
        click.echo(sentence, err=True)
    if missing := sorted(_missing_secrets(into / manifest.configuration)):
        click.echo(f"Secrets are in no backup: put back {', '.join(missing)}, readable by you alone.")
    if roots := list(_missing_mail(into / manifest.configuration)):
        click.echo(f"Mail files are in no backup: put the mailboxes back into {', '.join(roots)}.")
    click.echo(f'Now run: auditor --config "{into / manifest.configuration}" check')
    return 1 if advice else 0


def chosen(source: Path) -> tuple[Backup, list[str]]:
    """The backup to restore, every file of it proved, and what has to be said of newer ones that are damaged.

    Raises:
        BackupError: it is damaged, or there is none; where an older one is sound, its name is in the sentence.
    """
    from auditor.pipeline.backups import folders, is_backup, sound

    if not source.is_dir():
        raise UsageError(f"{source} is no folder: name a backup, or the folder that holds the backups.")
    if is_backup(source):
        try:
            return _sound(source), []
        except BackupError as error:
            if older := next((one for one in sound(source.parent) if one.folder != source), None):
                raise BackupError(
                    f"{error} Nothing was restored; '{older.folder}' is sound: restore that one."
                ) from error
            raise BackupError(f"{error} Nothing was restored, and no other backup beside it is sound.") from error
    passed: list[str] = []
    for folder in folders(source):
        try:
            return _sound(folder), passed
        except BackupError as error:
            passed.append(f"{error} The next older one was taken.")
    if passed:
        raise BackupError(f"None of the {len(passed)} backups in {source} is sound: nothing was restored.")
    raise BackupError(f"There is no backup in {source}: name a backup, or the folder that holds the backups.")


def _sound(folder: Path) -> Backup:
    from auditor.pipeline.backups import files_proved, read

    backup = read(folder)
    files_proved(backup)
    return backup


def _refuse_filled(into: Path) -> None:
    if into.is_file() or into.is_symlink():
        raise UsageError(f"{into} is no folder: name one that is empty, or not there yet.")
    if into.is_dir() and any(one.name != STAGE for one in into.iterdir()):
        cut = " A restore into it was cut short: empty it, or" if (into / STAGE).exists() else ""
        raise UsageError(f"{into} is not empty, and nothing in it is touched:{cut} name another folder.")


def _plan(backup: Backup, into: Path, reference: str | None) -> Plan:
    from auditor.schedule import AuditTable, StoreTable
    from auditor.tables import table

    try:
        document = tomllib.loads((backup.folder / backup.manifest.configuration).read_text(encoding="utf-8-sig"))
        wanted = table(StoreTable)(document.get("store", {}))
        audit = table(AuditTable)(document.get("audit", {}))
    except Exception as error:
        raise BackupError(f"The {backup.manifest.configuration} in {backup.folder} cannot be read: {error}.") from error
    place = _place(wanted.url)
    trail_key, keyless = _trail_key(audit.key, into)
    return Plan(
        store=place or Path(ELSEWHERE),
        url=wanted.url,
        moved=place is None,
        key=_key(backup, wanted.key, into, reference),
        trail_key=trail_key,
        trail_keyless=keyless,
    )


def _place(url: str) -> Path | None:
    """Where the store goes below the new folder; None where `url` leads out of it."""
    from auditor.store.sqlite import sqlite_path

    path = sqlite_path(url)
    if path is None or path.is_absolute() or PureWindowsPath(path).anchor or ".." in path.parts:
        return None
    return path


def _key(backup: Backup, named: Secret | None, into: Path, reference: str | None) -> str | None:
    """The store's key.

    Raises:
        ConfigError: it is not at hand; which one, and how to name it.
    """
    from auditor.cli.store import named_key
    from auditor.cli.workplace import key_digits

    if not backup.manifest.encrypted:
        return None
    try:
        if reference:
            key = named_key(reference, Path.cwd())
        elif named is None:
            raise ConfigError(["Its schedule.toml names no key."])
        else:
            key = key_digits(named, named.read(into), "[store] key")
    except ConfigError as error:
        said = f"The backup {backup.folder} is encrypted, and its key is not at hand: {error} Name where it is kept with --key, "
        raise ConfigError([f"{said}as in --key file:/media/usb/store.key."]) from error
    _fits(backup, key, reference or str(named))
    return key


def _fits(backup: Backup, key: str, kept: str) -> None:
    from auditor.pipeline.backups import STORE
    from auditor.store.sqlite.database import Database

    try:
        Database(backup.folder / STORE, key=key, read_only=True).close()
    except StoreError as error:
        said = f"The key kept in {kept} is not the one that the backup {backup.folder} is encrypted with"
        raise ConfigError([f"{said}: name the right one with --key."]) from error


def _trail_key(named: Secret | None, into: Path) -> tuple[bytes | None, str]:
    if named is None:
        return None, ""
    try:
        return named.read(into).encode(), ""
    except ConfigError:
        return None, str(named)


def _restored(backup: Backup, plan: Plan, into: Path) -> Proof:
    import shutil

    from auditor.pipeline.backups import STORE, copied
    from auditor.whole import private_folder

    stage = into / STAGE
    there = into.exists()
    try:
        _refuse_without_room(backup, into)
        shutil.rmtree(stage, ignore_errors=True)
        private_folder(stage)
        copied(backup, stage, {STORE: plan.store})
        proof = _proved(backup, plan, stage / plan.store)
        _put(stage, into, backup.manifest.configuration)
        return proof
    except OSError as error:
        if error.errno == errno.ENOSPC:
            said = f"The disk that holds {into} is full: make room, or name a folder on another disk."
        else:
            said = f"The folder {into} cannot be written ({error.strerror or error}): give this user the right, or name another."
        raise BackupError(said) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        if not there and into.is_dir() and not any(into.iterdir()):
            into.rmdir()


def _refuse_without_room(backup: Backup, into: Path) -> None:
    from auditor.cli.room import free_on, size

    needed, free = int(backup.manifest.size * 1.1) + 1_000_000, free_on(into)
    if free < needed:
        raise BackupError(
            f"There is too little room for {into}: the backup needs about {size(needed)}, and {size(free)} are free. "
            "Nothing was restored; make room, or name a folder on another disk."
        )


def _proved(backup: Backup, plan: Plan, path: Path) -> Proof:
    """Opens the copy, which brings an older one up to date, proves it, and writes the restoring into its trail."""
    from auditor.cli.trailing import recorded
    from auditor.pipeline.backups import store_proved
    from auditor.store.sqlite import open_store
    from auditor.store.trail import Deed

    try:
        with open_store(f"sqlite:///{path}", key=plan.key, trail_key=plan.trail_key) as store:
            proof = store_proved(store, backup.manifest)
            # An entry without the key, after others with it, would look like a forger's.
            if not (plan.trail_keyless and proof.unproved):
                about = {
                    "backup": backup.name,
                    "made": backup.manifest.made.isoformat(),
                    "head": str(backup.manifest.head),
                }
                recorded(store, Deed.RESTORED, about)
    except AuditorError as error:
        raise BackupError(f"The backup {backup.folder} could not be restored: {error}") from error
    for older in path.parent.glob(f"{path.name}.before-v*"):
        older.unlink()
    return proof


def _put(stage: Path, into: Path, configuration: str) -> None:
    """All into its place, schedule.toml last: a folder without one is no council's yet."""
    for one in sorted(stage.iterdir(), key=lambda one: one.name == configuration):
        one.replace(into / one.name)


def _advice(plan: Plan, into: Path, proof: Proof, configuration: str) -> Iterator[str]:
    if plan.moved:
        yield (
            f"The store is in {into / plan.store}, and {configuration} says '{plan.url}': to use the restored one, set "
            f'url = "sqlite:///{plan.store.as_posix()}" in [store].'
        )
    if not proof.whole:
        yield "The audit trail in the backup was not as it was written: run 'auditor verify'."
    elif plan.trail_keyless and proof.unproved:
        yield (
            f"The audit trail's key ({plan.trail_keyless}) is not at hand: the trail was not proved, and that it was "
            "restored does not stand in it. Put the key back, then run 'auditor verify'."
        )


def _missing_mail(configuration: Path) -> Iterator[str]:
    """Folders of mail files that schedule.toml names and that are not there, each once."""
    sources = tomllib.loads(configuration.read_text(encoding="utf-8-sig")).get("sources", [])
    roots = dict.fromkeys(configuration.parent / one["root"] for one in sources if isinstance(one.get("root"), str))
    return (str(root) for root in roots if not root.exists())


def _missing_secrets(configuration: Path) -> Iterator[str]:
    """Files that secrets are kept in and that are not there."""
    from auditor.secret import places

    document = tomllib.loads(configuration.read_text(encoding="utf-8-sig"))
    return (
        str(configuration.parent / one)
        for one in set(places(document, "file"))
        if not (configuration.parent / one).exists()
    )
