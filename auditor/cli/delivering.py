"""Where the Clerk's workbook is taken besides its folder (`[reports] deliver`), and what was decided there brought back.

What is owed and what lies where is remembered beside the store, in `deliveries.json`. What was decided in a copy is fetched
into the folder `delivered` beside the store, and read there like any other workbook. A delivery that fails is a need; each
night tries again, and it never stops one. The Chair's workbook is never delivered.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import is_zipfile

from auditor import log, whole
from auditor.cli.notes import put, taken
from auditor.cli.workplace import store_path
from auditor.errors import AuditorError, DeliveryError
from auditor.values import Value, replace

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.pipeline.pull import Clock
    from auditor.schedule import DriveTable
    from auditor.store.interface import Store
    from connectors.delivery import Lying, Shelf, Way
    from connectors.notices import Notice

LOOKED_AT = 60
"""So many of the newest copies on a shelf are looked at: those of a year, and some that were written again."""
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")  # a workbook under a password begins so, any other as a ZIP file
_NAMES = 20
"""So many names are tried for a workbook where others lie: 'Audit 2026-W47 (2).xlsx' and so on."""
_TRIES = 3
"""So many workbooks are tried in one night by a way that takes none; each may wait for minutes."""
TITLES = {"onedrive": "OneDrive", "sharepoint": "SharePoint", "drive": "Google Drive", "mail": "mail"}


class Copy(Value, frozen=True):
    """A workbook that was delivered to a shelf."""

    file: str
    """What it is a copy of, as the council's folder has it."""
    lying: Lying
    saved: bool = False
    """Whether somebody has saved it there."""


class Memory(Value, frozen=True):
    """What one way owes and has."""

    owed: dict[str, str]
    """By file: why it was not delivered when it was tried last; empty where it was not tried."""
    copies: tuple[Copy, ...] = ()
    unread: str = ""
    """Why it could not be looked at what became of the copies."""

    def undelivered(self, way: str) -> str:
        """What failed, and why; empty where nothing did."""
        from reports.words import counted

        failed = [(Path(file).name, why) for file, why in self.owed.items() if why]
        if not failed:
            return ""
        name, why = failed[-1]
        were = f"'{name}' was" if len(failed) == 1 else f"{counted(len(failed), 'workbook')} were"
        return f"{were} not delivered by {TITLES[way]}. {why}"

    def unfetched(self, way: str) -> str:
        """Why it is not known what was decided there; empty where it is."""
        said = f"What was decided in the workbooks delivered by {TITLES[way]} could not be fetched."
        return f"{said} {self.unread}" if self.unread else ""


def needs(config: Config) -> Iterator[tuple[str, str]]:
    """What needs a person, of the ways that are asked for now: a name for it, and a sentence."""
    if config.schedule.reports.deliver:
        memories = remembered(config)
        for name in asked(config):
            memory = memories.get(name, Memory({}))
            named = {f"delivery {name}": memory.undelivered(name), f"delivered {name}": memory.unfetched(name)}
            yield from ((need, said) for need, said in named.items() if said)


# --- what is owed, and paid


def owe(config: Config, workbook: Path) -> None:
    """A workbook of the Clerk's was written: it is to be delivered by every way that is asked for."""
    memories = remembered(config)
    for way in asked(config):
        memory = memories.get(way, Memory({}))
        memories[way] = replace(memory, owed=memory.owed | {_name(config, workbook): ""})
    with suppress(OSError):  # the disk's own trouble is told elsewhere
        _remember(config, memories)


def deliver(config: Config, store: Store, now: datetime) -> Iterator[str]:
    """Delivers what is owed; a sentence for each way that failed."""
    for name in asked(config):
        memory = remembered(config).get(name, Memory({}))
        failed = 0
        for file in list(memory.owed):
            memory = _paid(config, store, name, memory, file, now)
            with suppress(OSError):
                _remember(config, remembered(config) | {name: memory})
            failed += file in memory.owed
            if failed == _TRIES:
                break
        if said := memory.undelivered(name):
            yield said


def _paid(config: Config, store: Store, name: str, memory: Memory, file: str, now: datetime) -> Memory:
    """What a way owes and has when one file was tried."""
    path = config.folder / file
    left = {other: why for other, why in memory.owed.items() if other != file}
    try:
        content = path.read_bytes()
        way = made(name, config, store, now)
        copies = _delivered(way, memory.copies, file, path.name, content)
    except OSError as error:
        if (
            isinstance(error, FileNotFoundError) and path.parent.is_dir()
        ):  # somebody has put it elsewhere, and wants it there
            return replace(memory, owed=left)
        said = f"It cannot be read ({error.strerror}): close it where it is open; the next night tries again."
        return replace(memory, owed=left | {file: said})
    except AuditorError as error:
        return replace(memory, owed=left | {file: str(error)})
    _recorded(store, way, path, content, now)
    return replace(memory, owed=left, copies=copies)


def _recorded(store: Store, way: Way, path: Path, content: bytes, now: datetime) -> None:
    from auditor.cli.trailing import recorded
    from auditor.store.trail import Deed

    about = {"way": way.name, "place": way.place, "file": path.name, "sha256": sha256(content).hexdigest()}
    with suppress(AuditorError):  # it lies there, and must be known to
        recorded(store, Deed.DELIVERED, about, now)
    log.event("delivered", way=way.name, file=path, size=len(content))


def _delivered(way: Way, copies: tuple[Copy, ...], file: str, name: str, content: bytes) -> tuple[Copy, ...]:
    """The copies that there are when a workbook has been delivered.

    Raises:
        DeliveryError, NoticeError: it was not.
    """
    from connectors.delivery import Changed, Gone, Shelf
    from connectors.delivery.mail import Mail

    match way:
        case Shelf():
            known = next((one for one in reversed(copies) if one.file == file), None)
            if known is not None and not known.saved:
                others = tuple(one for one in copies if one is not known)
                try:
                    return (*others, Copy(file, way.replace(known.lying, content)))
                except Gone:
                    copies = others
                except Changed:
                    pass
            return (*copies, *_put(way, copies, file, name, content))
        case Mail():
            way.send(name, content)
            return copies
    raise TypeError(way)


def _put(shelf: Shelf, copies: tuple[Copy, ...], file: str, name: str, content: bytes) -> list[Copy]:
    """Under the first name that is free. What has the name already may hold somebody's decisions, and is looked at from now
    on: a night that was killed may have put it there, or one before the store was restored."""
    from connectors.delivery import Taken

    path, ids, found = Path(name), {one.lying.id for one in copies}, list[Copy]()
    known = {one.lying.name for one in copies}  # one that was moved or renamed there is fetched under its name
    for number in range(1, _NAMES + 1):
        free = name if number == 1 else f"{path.stem} ({number}){path.suffix}"
        if free in known:
            continue
        try:
            lying = shelf.put(free, content)
        except Taken as taken:
            found += [Copy(file, taken.lying, saved=True)] if taken.lying.id not in ids else []
        else:
            return [*found, Copy(file, lying)]
    raise DeliveryError(f"{_NAMES} files of that name lie there already: delete those that are not needed.")


# --- what was decided there


def copies_folder(config: Config) -> Path:
    """Where copies lie that somebody has saved."""
    return store_path(config).parent / "delivered"


def fetch_back(config: Config, store: Store, now: datetime, *, again: bool = False) -> None:
    """Fetches what was saved on a shelf since it was looked at last. What cannot be fetched is remembered as a need.

    `again`: only where that failed the last time.
    """
    from connectors.delivery import Shelf

    for name in asked(config):
        memories = remembered(config)
        memory = memories.get(name, Memory({}))
        if not memory.copies or (again and not memory.unread):
            continue
        try:
            shelf = made(name, config, store, now)
        except AuditorError as error:
            memory = replace(memory, unread=str(error))
        else:
            memory = _looked_at(config, shelf, memory) if isinstance(shelf, Shelf) else memory
        with suppress(OSError):
            _remember(config, memories | {name: memory})


def _looked_at(config: Config, shelf: Shelf, memory: Memory) -> Memory:
    kept: list[Copy] = []
    unread, failed = "", 0
    for one in memory.copies[:-LOOKED_AT]:
        with suppress(OSError):
            _local(config, shelf, one).unlink(missing_ok=True)
    for one in reversed(memory.copies[-LOOKED_AT:]):  # an old one that cannot be had keeps nobody from the new
        if failed == _TRIES:
            kept.append(one)
            continue
        try:
            kept += _now(config, shelf, one)
        except (AuditorError, OSError) as error:
            unread = str(error) if isinstance(error, AuditorError) else f"The disk refused it ({error.strerror})."
            failed += 1
            kept.append(one)
    return replace(memory, copies=tuple(reversed(kept)), unread=unread)


def _now(config: Config, shelf: Shelf, one: Copy) -> Sequence[Copy]:
    """A copy as it is now; nothing where somebody has deleted it."""
    from connectors.delivery import Gone
    from reports.place import untouched
    from reports.sealed import Locked

    path = _local(config, shelf, one)
    try:
        seen = shelf.look(one.lying)
        if seen.version == one.lying.version:
            return [one]
        content = shelf.fetch(one.lying)
    except Gone:
        path.unlink(missing_ok=True)
        return []
    if not (content.startswith(_COMPOUND) or is_zipfile(BytesIO(content))):
        raise DeliveryError(
            f"What came from {shelf.title} as '{one.lying.name}' is no whole workbook: save it there once more, or delete it."
        )
    whole.put(path, content)
    os.utime(path, (seen.saved.timestamp(), seen.saved.timestamp()))
    touched = True
    with suppress(Locked):
        touched = not untouched(path)
    if not touched:  # the service itself has written something into it
        path.unlink()
    # What was found there stays as it is, for it may be another council's.
    return [replace(one, lying=replace(one.lying, version=seen.version), saved=one.saved or touched)]


def _local(config: Config, shelf: Shelf, one: Copy) -> Path:
    """'Audit 2026-W47 (SharePoint).xlsx': sentences that name it say which one is meant."""
    name = Path(Path(one.lying.name or one.file).name)  # a name alone, whatever the file beside the store says
    return copies_folder(config) / f"{name.stem} ({shelf.title}){name.suffix}"


def unread(config: Config) -> Iterator[str]:
    """Why it is not known what was decided on a shelf, a sentence each."""
    memories = remembered(config)
    yield from filter(None, (memories.get(name, Memory({})).unfetched(name) for name in asked(config)))


# --- the ways


def asked(config: Config) -> tuple[str, ...]:
    """The ways that are asked for, each once."""
    return tuple(dict.fromkeys(config.schedule.reports.deliver))


def made(name: str, config: Config, store: Store | None, now: datetime) -> Way:
    """A way by its name in `[reports] deliver`.

    Raises:
        AuditorError: what it needs cannot be had.
    """
    reports = config.schedule.reports
    match name:
        case "sharepoint" if reports.sharepoint:
            return _library(name, reports.sharepoint.site, reports.sharepoint.folder, config)
        case "onedrive" if reports.onedrive:
            return _library(name, reports.onedrive.site, reports.onedrive.folder, config)
        case "drive" if reports.drive:
            return _drive(reports.drive, config)
        case "mail" if reports.mail:
            return _mail(reports.mail.to, config, store, now)
    raise DeliveryError(f"[reports] holds no table for '{name}'.")


def _library(name: str, site: str, folder: str, config: Config) -> Way:
    from auditor.schedule import MicrosoftSource
    from connectors import microsoft_account
    from connectors.delivery.library import Library

    source = next(one for one in config.schedule.sources if isinstance(one, MicrosoftSource))
    account = microsoft_account(source, config.path)
    return Library(account, site, folder, _clock(), name=name, title=TITLES[name])


def _drive(table: DriveTable, config: Config) -> Way:
    from auditor.schedule import GoogleSource
    from connectors import google_account
    from connectors.delivery.drive import Drive

    sources = (one for one in config.schedule.sources if isinstance(one, GoogleSource))
    source = next(sources, None)
    key = table.key or (source.key if source else None)
    assert key is not None  # noqa: S101  (the configuration was checked)
    bundle = table.ca_bundle or (source.ca_bundle if source else None)
    account = google_account(
        GoogleSource(kind="google", key=key, endpoint=table.endpoint, ca_bundle=bundle), config.path
    )
    return Drive(account, table.user, table.folder, _clock())


def _mail(to: tuple[str, ...], config: Config, store: Store | None, now: datetime) -> Way:
    from auditor.cli.notices import addressed, wrapped
    from auditor.cli.ways import addressees, ways
    from auditor.policy import Role
    from connectors.delivery.mail import Mail

    today = config.policy.day(now)
    clerks = {one.mailbox for one in config.policy.people if one.role is Role.CLERK and today and one.in_post(today)}
    known = addressees(config)
    sender = known.notify.mail[:1] if known.notify else ()
    for one in (*to, *sender):  # what cannot be delivered comes back to the sender
        if one not in clerks:
            raise DeliveryError(
                f"Nobody is Clerk at {one} today, so nothing is sent: mend to in [reports.mail] and mail in [notify]."
            )
    folder = config.within(config.schedule.reports.folder)

    def letter(name: str, attached: bool) -> Notice:
        there = "is attached" if attached else "is too large to be attached"
        said = f"The workbook '{name}' {there}. It tells of other people's mail, so keep it to yourself."
        decide = f"Decide in the workbook of that name in the folder {folder}: the auditor reads what is decided there."
        if attached:
            decide += " What is decided in the attached copy is read only when that copy is put into the folder."
        text = f"{wrapped(said)}\n\n{wrapped(decide)}"
        return addressed(known, "the workbook", text, (), now, store, to)

    return Mail(ways(known)[0], letter)


def _clock() -> Clock:
    import time

    from auditor.pipeline.pull import Clock

    return Clock(time.monotonic, time.sleep)


# --- what is remembered


def remembered(config: Config) -> dict[str, Memory]:
    """By way. What makes no sense is forgotten."""
    said = taken(_place(config))
    return {name: _memory(one) for name, one in said.items() if name in TITLES and isinstance(one, dict)}


def _memory(said: dict[str, Any]) -> Memory:
    from connectors.delivery import Lying

    owed, copies, unread = said.get("owed"), said.get("copies"), said.get("unread")
    return Memory(
        {file: str(why) for file, why in owed.items() if _file(file)} if isinstance(owed, dict) else {},
        tuple(
            Copy(str(one["file"]), Lying(str(one["id"]), str(one["version"]), str(one["name"])), one["saved"] is True)
            for one in (copies if isinstance(copies, list) else [])
            if isinstance(one, dict) and one.keys() >= {"file", "id", "version", "name", "saved"} and _sound(one)
        ),
        unread if isinstance(unread, str) else "",
    )


def _sound(said: dict[str, Any]) -> bool:
    """Whether it can be asked for, and be a file's name."""
    words = f"{said['id']}{said['version']}{said['name']}"
    if said["id"] in ("", ".", "..") or not all(
        isinstance(said[one], str) for one in ("file", "id", "version", "name")
    ):
        return False
    return _file(words) and _file(str(said["file"])) and words == words.encode("utf-8", "replace").decode()


def _file(said: str) -> bool:
    """Whether the system can be asked for a file of this name."""
    try:
        return b"\0" not in os.fsencode(said)
    except UnicodeError:
        return False


def _remember(config: Config, memories: dict[str, Memory]) -> None:
    """Written whole, for its owner alone."""
    said = {
        way: {
            "owed": memory.owed,
            "copies": [
                {
                    "file": one.file,
                    "id": one.lying.id,
                    "version": one.lying.version,
                    "name": one.lying.name,
                    "saved": one.saved,
                }
                for one in memory.copies
            ],
            "unread": memory.unread,
        }
        for way, memory in memories.items()
    }
    put(_place(config), said)


def _place(config: Config) -> Path:
    return store_path(config).parent / "deliveries.json"


def _name(config: Config, path: Path) -> str:
    """As the council's folder has it."""
    full, home = path.absolute(), config.folder.absolute()
    return full.relative_to(home).as_posix() if full.is_relative_to(home) else full.as_posix()
