"""Backups: a folder each, with the store, the configuration and a manifest that says what is in them.

A backup is made under an unfinished name, takes its own name once it lies on the disk, and is then proved by reading it
back: every file against its hash, the store opened, its messages against theirs. The audit trail's entry on a backup is
written after that, so that a copy ends just before its own entry. Secrets are never copied: an encrypted store stays
encrypted, and is worth nothing without its key.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from auditor import __version__
from auditor.config import Config
from auditor.errors import AuditorError, BackupError
from auditor.store.interface import Store
from auditor.store.trail import Head, Proof
from auditor.whole import private_file, private_folder, put, settle

STORE = "auditor.db"
MANIFEST = "manifest.json"
UNFINISHED = ".unfinished"
OUTSIDE = "outside"
"""Where files of the configuration go that do not lie below schedule.toml's folder."""
LARGEST = 4_000_000
"""Bytes of a manifest at most: it lists the files of a configuration."""
SAMPLE = 50_000
"""Up to so many messages each one is hashed again; of more, so many."""
_NAME = re.compile(r"\d{4}-\d\d-\d\d \d{4} run \d+( \(\d+\))?", re.ASCII)

Opener = Callable[[Path], Store]
"""Opens a copy of the store, to read, with the store's own keys."""


class Sum(msgspec.Struct, frozen=True):
    """What a file is known by."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in manifest.json."""

    made: datetime
    """UTC."""
    program: str
    """The version that made it."""
    run: int
    """The newest run of the ledger; 0 when there is none."""
    configuration: str
    """The name of schedule.toml."""
    encrypted: bool
    """Whether the store is; the key is the one that schedule.toml names."""
    messages: int
    searchable: int
    trail_length: int
    trail_head: str
    files: dict[str, Sum]
    """By path from the backup's folder, with forward slashes."""
    outside: dict[str, str] = {}
    """Where files of `OUTSIDE` came from."""

    @property
    def head(self) -> Head:
        """The audit trail's, at the end of the copy."""
        return Head(self.trail_length, self.trail_head)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(one.size for one in self.files.values())


class Backup(msgspec.Struct, frozen=True):
    """One that has a manifest; whether it is sound is `proved`'s to say."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """As people call it."""
        return self.folder.name


# --- what is there


def is_backup(folder: Path) -> bool:
    """Whether a folder is a backup, sound or not."""
    return (folder / MANIFEST).exists() or bool(_NAME.fullmatch(folder.name) and folder.is_dir())


def folders(place: Path) -> list[Path]:
    """Folders of `place` that have a backup's name, newest first; none where there is no such place."""
    try:
        found = [one for one in place.iterdir() if _NAME.fullmatch(one.name) and one.is_dir() and not one.is_symlink()]
    except OSError:
        return []
    return sorted(found, key=_order, reverse=True)


def backups(place: Path) -> Iterator[Backup]:
    """Those with a readable manifest, newest first."""
    for folder in folders(place):
        with contextlib.suppress(BackupError):
            yield read(folder)


def newest(place: Path) -> Backup | None:
    """The newest with a readable manifest."""
    return next(backups(place), None)


def _order(folder: Path) -> tuple[datetime, str]:
    """By the moment that the manifest says: names go by the clock on the wall, which is put back each October. A damaged
    one comes first in the minute that it is named after, so that it is not passed over in silence."""
    try:
        return read(folder).manifest.made, folder.name
    except BackupError:
        with contextlib.suppress(ValueError):
            named = datetime.strptime(folder.name[:15], "%Y-%m-%d %H%M").replace(tzinfo=UTC)
            return named + timedelta(minutes=1), folder.name
        return datetime.min.replace(tzinfo=UTC), folder.name


def read(folder: Path) -> Backup:
    """The backup in a folder, as its manifest describes it.

    Raises:
        BackupError: there is no manifest, or it is not as it was written.
    """
    try:
        if (folder / MANIFEST).stat().st_size > LARGEST:
            raise ValueError("it is no list of files")
        document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        claimed = document.pop("sha256")
        if claimed != _digest(document):
            raise ValueError("it was altered")
        manifest = msgspec.convert(document, Manifest)
        if manifest.made.tzinfo is None:
            raise ValueError("nobody knows when it was made")
    except FileNotFoundError:
        raise BackupError(f"{folder} is no backup, or a damaged one: it has no {MANIFEST}.") from None
    except OSError as error:
        raise BackupError(f"The backup {folder} cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BackupError(f"The backup {folder} is damaged: its {MANIFEST} is not as it was written.") from None
    if not all(_below(name) for name in manifest.files) or not {STORE, manifest.configuration} <= manifest.files.keys():
        raise BackupError(f"The backup {folder} is damaged: its {MANIFEST} names files that no backup has.")
    return Backup(folder, manifest)


def files_proved(backup: Backup) -> None:
    """Reads every file and holds it against the manifest.

    Raises:
        BackupError: one is missing, or not as it was written.
    """
    for name, wanted in backup.manifest.files.items():
        file = backup.folder / name
        try:
            # What is no file of this folder is not opened: a link may lead anywhere, a device has no end.
            known = file.lstat() and _is_ours(backup.folder, file) and file.stat().st_size == wanted.size
            found = summed(file) if known else None
        except OSError as error:
            why = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
            raise BackupError(f"The backup {backup.folder} is damaged: {name} {why}.") from error
        if found != wanted:
            raise BackupError(f"The backup {backup.folder} is damaged: {name} is not as it was written.")


def sound(place: Path) -> Iterator[Backup]:
    """Those of which every file is as its manifest says, newest first."""
    for backup in backups(place):
        with contextlib.suppress(BackupError):
            files_proved(backup)
            yield backup


def store_proved(store: Store, manifest: Manifest) -> Proof:
    """Holds an open copy of the store against the manifest: the file, its messages, its search index, its trail's head.

    A trail that is not whole is no fault of the copy's: the store has it so. It is in the answer.

    Raises:
        AuditorError: what is wrong.
    """
    store.prove_sound(SAMPLE)
    facts = store.facts()
    if (facts.messages, facts.searchable) != (manifest.messages, manifest.searchable):
        raise BackupError(f"The copy of the store holds {facts.messages:,} messages instead of {manifest.messages:,}.")
    proof = store.prove_trail()
    if proof.head != manifest.head:
        raise BackupError("The copy of the store has another audit trail than the store.")
    return proof


# --- making one


class Made(msgspec.Struct, frozen=True):
    """A backup that was made and proved."""

    backup: Backup
    proof: Proof
    """Of its audit trail."""
    removed: tuple[str, ...]
    """Names of older ones that were taken away."""


def make(config: Config, store: Store, opener: Opener, place: Path, keep: int, now: datetime) -> Made:
    """Makes a backup in `place`, proves it, and takes away all but the newest `keep`. The caller holds the lock.

    Raises:
        AuditorError: it could not be made or proved; older ones are as they were.
    """
    unfinished = None
    try:
        private_folder(place)
        sweep(place)
        final = _free(place, config, store, now)
        unfinished = final.with_name(final.name + UNFINISHED)
        private_folder(unfinished)
        _fill(config, store, opener, unfinished, now)
        unfinished.rename(final)
        settle(place)
        made = _read_back(final, opener)
    except OSError as error:
        raise BackupError(trouble(place, error)) from error
    finally:
        if unfinished is not None:
            shutil.rmtree(unfinished, ignore_errors=True)
    return Made(made[0], made[1], tuple(_rotated(place, keep, made[0])))


def _read_back(final: Path, opener: Opener) -> tuple[Backup, Proof]:
    """What proves unsound loses its name, and is taken away."""
    try:
        backup = read(final)
        files_proved(backup)
        with opener(final / STORE) as copy:
            return backup, store_proved(copy, backup.manifest)
    except (AuditorError, OSError) as error:
        with contextlib.suppress(OSError):
            final.rename(final.with_name(final.name + UNFINISHED))
        if isinstance(error, OSError):
            raise
        raise BackupError(f"The backup that was made is not sound, and was taken away: {error}") from error


def _free(place: Path, config: Config, store: Store, now: datetime) -> Path:
    run = next(iter(store.runs(1)), None)
    name = f"{now.astimezone(config.policy.timezone):%Y-%m-%d %H%M} run {run.id if run else 0}"
    names = (name, *(f"{name} ({n})" for n in range(2, 1000)))
    return next(place / one for one in names if not (place / one).exists())


def _fill(config: Config, store: Store, opener: Opener, folder: Path, now: datetime) -> None:
    facts, before, run = store.facts(), store.head(), next(iter(store.runs(1)), None)
    store.backup(folder / STORE)
    with opener(folder / STORE) as copy:
        head = _followed(copy, before)
    outside = {}
    for name, file in _configuration(config):
        if name.startswith(f"{OUTSIDE}/"):
            outside[name] = str(file)
        _copied(file, folder / name)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    manifest = Manifest(
        made=now,
        program=__version__,
        run=run.id if run else 0,
        configuration=config.path.name,
        encrypted=config.schedule.store.key is not None,
        messages=facts.messages,
        searchable=facts.searchable,
        trail_length=head.length,
        trail_head=head.hash,
        files={name: summed(folder / name) for name in files},
        outside=outside,
    )
    put(folder / MANIFEST, told(manifest))
    for one in {folder, *((folder / name).parent for name in files)}:
        settle(one)


def _followed(copy: Store, before: Head) -> Head:
    """The trail's head in the copy. Who looks, holds or exports needs no lock, so that entries may have come meanwhile;
    but what was there before must be there."""
    there = next((entry for entry in copy.trail(before.length - 1)), None) if before.length else None
    if before.length and (there is None or there.hash != before.hash):
        raise BackupError("The copy of the store has another audit trail than the store.")
    return copy.head()


def told(manifest: Manifest) -> bytes:
    """What stands in manifest.json: the manifest with its own hash."""
    document: dict[str, Any] = msgspec.to_builtins(manifest)
    return json.dumps({**document, "sha256": _digest(document)}, indent=1, ensure_ascii=True, sort_keys=True).encode()


def _configuration(config: Config) -> Iterator[tuple[str, Path]]:
    """Every file of the configuration, with its path in the backup: as it lies below schedule.toml's folder."""
    yield config.path.name, config.path
    given = config.schedule.policy
    for number, folder in enumerate((given.signatures, given.waivers), 1):
        for file in sorted(config.within(folder).glob("*")):
            if file.is_file() and file.suffix.lower() == ".txt":
                yield _inside(config, file, number), file
    if given.document and config.within(given.document).is_file():
        yield _inside(config, config.within(given.document), 3), config.within(given.document)


def _inside(config: Config, file: Path, number: int) -> str:
    path = Path(os.path.normpath(file))
    if path.is_relative_to(config.folder):
        return path.relative_to(config.folder).as_posix()
    return f"{OUTSIDE}/{number}/{path.name}"


# --- taking them away


def sweep(place: Path) -> None:
    """Takes away what a killed backup left unfinished."""
    for one in place.iterdir():
        ours = one.name.endswith(UNFINISHED) and _NAME.fullmatch(one.name.removesuffix(UNFINISHED))
        if ours and one.is_dir() and not one.is_symlink():
            shutil.rmtree(one, ignore_errors=True)


def _rotated(place: Path, keep: int, made: Backup) -> Iterator[str]:
    """All but `made`, which is proved, and the newest others. Only what has our name and our manifest is taken away."""
    others = [one for one in backups(place) if one.folder != made.folder]
    for one in others[keep - 1 :]:
        _take_away(one)
        yield one.name


def _take_away(backup: Backup) -> None:
    """The files of a backup; what somebody else put among them stays where it is."""
    ours = {MANIFEST, *backup.manifest.files}
    found = {path.relative_to(backup.folder).as_posix() for path in backup.folder.rglob("*") if not path.is_dir()}
    with contextlib.suppress(OSError):
        if found <= ours:
            leaving = backup.folder.with_name(backup.name + UNFINISHED)
            backup.folder.rename(leaving)
            shutil.rmtree(leaving, ignore_errors=True)
        else:
            for file in (backup.folder / name for name in ours):
                if _is_ours(backup.folder, file):
                    file.unlink()


# --- files


def summed(path: Path) -> Sum:
    """A file's size and hash, without holding it whole."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return Sum(file.tell(), digest.hexdigest())


def copied(backup: Backup, to: Path, places: Mapping[str, Path]) -> None:
    """Copies a backup's files below `to`: each to its place of `places`, else as it lies in the backup.

    Raises:
        BackupError: one was not copied as it is.
        OSError: `to` cannot be written.
    """
    for name, wanted in backup.manifest.files.items():
        target = to / places.get(name, Path(name))
        _copied(backup.folder / name, target)
        if summed(target) != wanted:
            raise BackupError(f"{target} is not as it stands in the backup: check the disk, and restore again.")


def trouble(place: Path, error: OSError) -> str:
    """What is said when a backup cannot be written."""
    if error.errno == errno.ENOSPC:
        return f"The disk that holds the backups in {place} is full: make room there, or set [backup] folder to another disk."
    why = error.strerror or error
    return f"The backup folder {place} cannot be written ({why}): give this user the right, or set [backup] folder."


def _copied(file: Path, to: Path) -> None:
    private_folder(to.parent)
    private_file(to)
    with file.open("rb") as source, to.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
        target.flush()
        os.fsync(target.fileno())


def _digest(document: Mapping[str, Any]) -> str:
    """Of a manifest without its own hash."""
    text = json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _is_ours(folder: Path, file: Path) -> bool:
    """Whether a file lies in the folder itself, and is not reached through a link that somebody put there."""
    return file.is_file() and file.resolve() == folder.resolve() / file.relative_to(folder)


def _below(name: str) -> bool:
    """Whether a file so named lies below the folder it is named from, on every system."""
    path = PurePosixPath(name)
    strange = os.name == "nt" and ("\\" in name or ":" in name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and not strange
