"""A store of last year opens under this year's program, and the other way round is refused, never guessed at."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from auditor.errors import StoreError
from auditor.store.sqlite.database import APPLICATION_ID, Database, of_its_place, sentence
from auditor.store.sqlite.schema import FIFTH, FIRST, FOURTH, SECOND, SIXTH, THIRD
from auditor.values import Value
from auditor.whole import private_file


class Step(Value, frozen=True):
    """One change of shape: its statements and the record that they ran stand in one transaction."""

    purpose: str
    statements: tuple[str, ...]


STEPS = (
    Step("first shape", FIRST),
    Step("what a provider knows besides the bytes", SECOND),
    Step("the audit trail, holds, and what rules could not be put to", THIRD),
    Step("what the clerk decides", FOURTH),
    Step("samples of what no rule objected to", FIFTH),
    Step("exceptions, and what they hid", SIXTH),
)


def bring_up_to_date(database: Database, steps: Sequence[Step] = STEPS) -> None:
    """Runs the steps that this file has not had. A file that holds something is copied first, and the copy proved.

    Raises StoreError when the file is another program's or a newer program's; it is then untouched.
    """
    version = _version(database, len(steps))
    if version == len(steps):
        return
    if database.read_only:
        raise StoreError(f"The store {database.path} is older than this program: 'auditor run' brings it up to date.")
    # A first making that was interrupted has no run in it, and nothing to copy.
    if version and database.value("SELECT EXISTS (SELECT 1 FROM runs)"):
        verified_copy(database, database.path.with_name(f"{database.path.name}.before-v{len(steps)}"))
    for number, step in enumerate(steps, 1):
        _take(database, number, step, len(steps))


def _take(database: Database, number: int, step: Step, newest: int) -> None:
    with database.transaction():
        # Asked again under the lock: another program may have taken the step meanwhile.
        if _version(database, newest) >= number:
            return
        for statement in step.statements:
            database.run(statement)
        database.run("INSERT INTO migrations (version, purpose) VALUES (?, ?)", (number, step.purpose))
        if number == 1:
            database.run("INSERT INTO settings VALUES ('salt', ?)", (secrets.token_bytes(16),))
        database.run(f"PRAGMA application_id = {APPLICATION_ID}")
        database.run(f"PRAGMA user_version = {number}")


def _version(database: Database, newest: int) -> int:
    version = int(database.value("PRAGMA user_version"))
    if database.value("PRAGMA application_id") != APPLICATION_ID:
        if version or database.value("SELECT count(*) FROM sqlite_schema"):
            raise StoreError(f"{database.path} is another program's file: choose another [store] url.")
        return 0
    if version > newest:
        raise StoreError(
            f"The store {database.path} was written by a newer program (version {version}, this one knows {newest}): "
            "update this program; nothing was changed."
        )
    return version


def verified_copy(database: Database, to: Path) -> None:
    """A compact copy of the whole store at `to`, proved sound before it takes that name; encrypted as the store is."""
    unfinished = to.with_name(to.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        private_file(unfinished)
        _copied(database, unfinished)
        _prove(database, unfinished)
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.replace(to)
    except OSError as error:
        raise StoreError(f"The copy {to} of the store could not be written ({error.strerror}).") from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _copied(database: Database, to: Path) -> None:
    try:
        database.run("VACUUM INTO ?", (str(to),))
    except StoreError as error:
        if error.__cause__ is not None and of_its_place(
            error.__cause__
        ):  # the copy's: of the store only reading was asked
            raise StoreError(sentence(to, error.__cause__)) from error
        raise


def _prove(database: Database, copy: Path) -> None:
    twin = Database(copy, key=database.key, read_only=True)
    try:
        sound = twin.value("PRAGMA integrity_check") == "ok"
        for table in ("evidence", "holdings", "findings", "runs"):
            count = f"SELECT count(*) FROM {table}"  # noqa: S608
            sound = sound and twin.value(count) == database.value(count)
    finally:
        twin.close()
    if not sound:
        raise StoreError(
            f"The copy of {database.path} is not sound: the store is left as it was; restore the newest backup, or ask for help."
        )
