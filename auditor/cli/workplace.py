"""What a command works with: the checked configuration, the open store, the sources, the lock."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli.notes import put, taken
from auditor.errors import BusyError, ConfigError, StoreError

if TYPE_CHECKING:
    from auditor.cli import Settings
    from auditor.config import Config
    from auditor.pipeline.night import Duty
    from auditor.secret import Secret
    from auditor.store.interface import Store

_SQLITE = "sqlite:///"
_GLANCE = 0.5
"""Seconds to wait for the lock: 'auditor status' takes it for an instant, to see whether it is held."""
_SHORTEST = 8
_LONGEST = 255
"""Excel takes no longer password."""
_KEY = re.compile(r"[0-9a-fA-F]{64}")


def loaded(ctx: click.Context) -> Config:
    """The configuration named before the command.

    Raises:
        ConfigError: with every mistake in it.
    """
    from auditor.config import load

    settings: Settings = ctx.obj
    return load(settings.config.absolute())


def configuration(ctx: click.Context) -> Config:
    """The same for a command that shows what was found in people's mail: whether they were told of it is said first.

    Raises:
        ConfigError: with every mistake in it.
    """
    config = loaded(ctx)
    if config.schedule.council.users_informed_on is None:
        click.echo(
            "Warning: it is not recorded that members and staff were told of monitoring; tell them, then set "
            "users_informed_on in [council].",
            err=True,
        )
    return config


def refuse_unavailable(config: Config) -> None:
    """Stops before anything is touched when something is asked for that this version lacks, or the store's key is none.

    Raises:
        ConfigError: with a sentence for each.
    """
    wants = (_other_stores, _wrong_key)
    if problems := [sentence for want in wants for sentence in want(config)]:
        raise ConfigError(problems)


def _other_stores(config: Config) -> Iterator[str]:
    url = config.schedule.store.url
    if not url.startswith(_SQLITE):
        kind = url.partition(":")[0]
        yield f"{config.path.name}: [store] url: '{kind}' is not available in this version; use {_SQLITE}."


def _wrong_key(config: Config) -> Iterator[str]:
    try:
        store_key(config)
    except ConfigError as error:
        yield from error.problems


def store_path(config: Config) -> Path:
    """The store's file.

    Raises:
        ConfigError: the store is not a file of ours.
    """
    if problems := list(_other_stores(config)):
        raise ConfigError(problems)
    return config.within(config.schedule.store.url.removeprefix(_SQLITE))


def store_key(config: Config) -> str | None:
    """The key the store is encrypted with; None where it is not.

    Raises:
        ConfigError: it is not there, others can read it, or it is none. What was found instead is not repeated.
    """
    place = config.schedule.store.key
    if place is None:
        return None
    return key_digits(place, place.read(config.folder), f"{config.path.name}: [store] key")


def key_digits(place: Secret, key: str, where: str) -> str:
    """`key`, which was kept in `place`, when it can be a store's; `where` is who named the place.

    Raises:
        ConfigError: it is none. What was found instead is not repeated.
    """
    if not _KEY.fullmatch(key):
        said = f"what is kept in {place} is not 64 hexadecimal digits (0-9, a-f); put the store's key there."
        raise ConfigError([f"{where}: {said}"])
    return key


def chair_password(config: Config) -> str | None:
    """What the Chair's workbook is encrypted with; None where it is not.

    Raises:
        ConfigError: it is not there, others can read it, or it is too weak. What was found instead is not repeated.
    """
    place = config.schedule.reports.chair_password
    if place is None:
        return None
    password = place.read(config.folder)
    if not (_SHORTEST <= len(password.strip()) <= len(password) <= _LONGEST and password.isprintable()):
        where = f"{config.path.name}: [reports] chair_password: what is kept in {place}"
        wanted = f"{_SHORTEST} to {_LONGEST} characters in one line; put a password of four or more words there."
        raise ConfigError([f"{where} is not {wanted}"])
    return password


def chair_password_if_any(config: Config) -> str | None:
    """The same for whoever reads: None as well where it cannot be had; `check` and `run` say why."""
    try:
        return chair_password(config)
    except ConfigError:
        return None


def trail_key(config: Config) -> bytes | None:
    """The key the audit trail is bound with; None where there is none.

    Raises:
        ConfigError: it is not there, or others can read it.
    """
    table = config.schedule.audit
    return table.key.read(config.folder).encode() if table and table.key else None


def user() -> str:
    """Who runs this, for the audit trail: the user of the computer, and the computer."""
    import getpass
    import platform

    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a service without a user's name
        name = "unknown"
    return f"{name} on {platform.node() or 'unknown'}"


def open_the_store(config: Config, *, read_only: bool = False) -> Store:
    """The store, made where there is none yet.

    Raises:
        ConfigError: its key is none.
        StoreError: it cannot be used as it is.
    """
    from auditor.store.sqlite import open_store

    url = f"{_SQLITE}{store_path(config)}"
    return open_store(url, key=store_key(config), trail_key=trail_key(config), read_only=read_only)


@contextmanager
def locked(config: Config) -> Iterator[None]:
    """Holds the store for one writer at a time; the lock goes with the process, however it ends.

    Raises:
        BusyError: another run holds it; who, and since when.
        StoreError: the store's folder cannot be written.
    """
    from auditor import log
    from auditor.store.sqlite.sealing import sweep

    path = store_path(config)
    busy, advice = f"Another run is at work on {path}", "wait until it has ended, then try again"
    with _held(config, Path(f"{path}.lock"), busy, advice), log.written_to(path.parent):
        sweep(path)
        yield  # whoever holds the lock is the only one who writes the log


@contextmanager
def alone(config: Config) -> Iterator[None]:
    """Held by `auditor serve` from its beginning to its end, at work or not: one is enough for a store.

    Raises:
        BusyError: another one serves this store.
        StoreError: the store's folder cannot be written.
    """
    path = store_path(config)
    with _held(config, Path(f"{path}.serve.lock"), f"The nights of {path} are seen to already", "leave it at that"):
        yield


@contextmanager
def _held(config: Config, path: Path, busy: str, advice: str) -> Iterator[None]:
    from filelock import FileLock, Timeout

    from auditor.whole import private_folder

    lock = FileLock(path, mode=0o600)
    try:
        private_folder(path.parent)
        lock.acquire(timeout=_GLANCE, poll_interval=0.05)
    except Timeout:
        raise BusyError(f"{busy}{_holder(config, path)}: {advice}.") from None
    except OSError as error:
        why = error.strerror or error
        raise StoreError(f"The store's folder {path.parent} cannot be written ({why}): check [store] url.") from error
    note = Path(f"{path}.holder")
    try:
        with suppress(OSError):  # only words for whoever is refused
            put(note, {"pid": os.getpid(), "command": _command(), "since": datetime.now(UTC).isoformat()})
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)
        lock.release()


def _command() -> str:
    context = click.get_current_context(silent=True)
    return context.command_path if context else "auditor"


def held_since(config: Config) -> datetime | None:
    """Since when (UTC) the store has been held, as the note of whoever holds it says; None where there is none."""
    try:
        return datetime.fromisoformat(str(taken(Path(f"{store_path(config)}.lock.holder"))["since"])).astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return None


def _holder(config: Config, path: Path) -> str:
    """Who holds a lock, as far as a note beside it says; nothing rests on that."""
    said = taken(Path(f"{path}.holder"))
    try:
        since = datetime.fromisoformat(str(said["since"])).astimezone(config.policy.timezone)
        who = f"process {int(str(said['pid']))}, `{said['command']}`"
    except (KeyError, ValueError):
        return ""
    today = datetime.now(config.policy.timezone).date()
    day = "today" if since.date() == today else f"on {since.day} {since:%B %Y}"
    return f" ({who}, since {since:%H:%M} {day})"


def at_work(config: Config) -> bool:
    """Whether a run holds the store at this moment."""
    from filelock import FileLock, Timeout

    path = Path(f"{store_path(config)}.lock")
    try:
        if path.exists():
            with FileLock(path, timeout=0):
                pass
    except Timeout:
        return True
    except OSError:
        pass  # this user may not look
    return False


def duties(config: Config) -> Sequence[Duty]:
    """The configured sources, in the file's order."""
    from auditor.pipeline.night import Duty
    from connectors import CONNECTORS

    return [Duty(CONNECTORS[table.kind](table, config), table.patience) for table in config.schedule.sources]
