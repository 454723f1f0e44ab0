"""One SQLite file: opened for its owner alone, written durably, its troubles told in one plain sentence."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlcipher3 import dbapi2 as sqlite

from auditor.errors import DamagedStore, LockedStore, StoreError
from auditor.store.sqlite.placement import filesystem_of, journal_mode
from auditor.whole import private_file, private_folder

PATIENCE = 30.0
"""Seconds to wait for another program's lock, where nothing else is asked."""
PAGE_SIZE = 8192
CACHE_KIB = 32 * 1024
CHECKPOINT_PAGES = 4000

_PLAIN = b"SQLite format 3\0"
"""How an SQLite file begins; an encrypted one begins with chance."""
APPLICATION_ID = 0x50434D41
"""'PCMA' in the file's header: what `file` and other programs know a store by."""

_ERRORS = (sqlite.Error, UnicodeDecodeError)
"""A damaged name or text, and an error that quotes one, is no UTF-8."""
_KINDS = {
    sqlite.SQLITE_CORRUPT: DamagedStore,
    sqlite.SQLITE_BUSY: LockedStore,
    sqlite.SQLITE_LOCKED: LockedStore,
}
"""By the first byte of SQLite's code; any other is a StoreError."""

Row = tuple[Any, ...]
_RAW_KEY = re.compile(r"[0-9a-fA-F]{64}")


def _code(error: BaseException) -> int:
    """SQLite's primary result code; 0 where it gave none."""
    if isinstance(error, UnicodeDecodeError):
        return int(sqlite.SQLITE_CORRUPT)
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def of_its_place(error: BaseException) -> bool:
    """Whether it is where a file lies that refused it: no room, no right to write, a faulty disk."""
    return _code(error) in (sqlite.SQLITE_FULL, sqlite.SQLITE_CANTOPEN, sqlite.SQLITE_READONLY, sqlite.SQLITE_IOERR)


def is_plain(path: Path) -> bool:
    """Whether this is an SQLite file that is not encrypted."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        return file.read(len(_PLAIN)) == _PLAIN
    return False


def _unreadable(path: Path, keyed: bool) -> str:
    """What is said of a file that is no store to whoever has this key, or none."""
    if keyed and is_plain(path):
        return (
            f"The store {path} is not encrypted, and [store] key is set: run 'auditor store encrypt' to have it encrypted, "
            "or take [store] key out of schedule.toml."
        )
    said = (
        f"{path} cannot be read as a store: it is encrypted with another key, or damaged, or no store; check [store] key and "
        "[store] url. If it is damaged, 'auditor restore' makes the folder anew from a backup."
    )
    if keyed or is_plain(path):
        return said
    return f"{said} If [store] key was taken out, 'auditor store decrypt --key REFERENCE' with the old key makes the store plain."


def sentence(path: Path, error: BaseException, *, keyed: bool = False) -> str:
    """What went wrong with the store at `path`, and what to do; `keyed`: it was opened with a key."""
    match _code(error):
        case sqlite.SQLITE_FULL:
            return f"The disk that holds {path} is full: make room and run again; nothing already stored is lost."
        case sqlite.SQLITE_BUSY | sqlite.SQLITE_LOCKED:
            return f"The store {path} is in use by another program: wait until it is done and try again."
        case sqlite.SQLITE_CORRUPT:
            return f"The store {path} is damaged: keep the file as it is and restore the newest backup."
        case sqlite.SQLITE_NOTADB:
            return _unreadable(path, keyed)
        case sqlite.SQLITE_READONLY | sqlite.SQLITE_PERM | sqlite.SQLITE_AUTH:
            return f"The store {path} may not be written to: give this user the right to write the file and its folder."
        case sqlite.SQLITE_CANTOPEN:
            return f"The store {path} cannot be opened: check that its folder exists and may be written to."
        case sqlite.SQLITE_IOERR:
            return f"The disk that holds {path} could not be read or written ({error}): check the disk and its room."
        case _:
            return f"The store {path} could not do what was asked ({error}): keep the file as it is, and run the command again with --debug."


def trouble(path: Path, error: BaseException, *, keyed: bool = False) -> StoreError:
    """The error for one of SQLite's about the store at `path`."""
    return _KINDS.get(_code(error), StoreError)(sentence(path, error, keyed=keyed))


class Database:
    """A connection, with every error of SQLite's turned into a StoreError. Not shared between threads."""

    def __init__(
        self,
        path: Path,
        *,
        key: str | None = None,
        read_only: bool = False,
        patience: float | None = None,
        without_log: bool = False,
    ) -> None:
        if key is not None and not _RAW_KEY.fullmatch(key):
            raise StoreError(f"The key of {path} is not 64 hexadecimal digits (32 bytes): check [store] key.")
        self.path = path
        self.key = key
        self.read_only = read_only
        self._mode = "ro&immutable=1" if without_log else "ro" if read_only else "rw"
        try:
            self._connection = self._connect(PATIENCE if patience is None else patience)
            try:
                self._settle()
            except _ERRORS:
                self._connection.close()
                raise
        except (*_ERRORS, OSError) as error:
            raise trouble(path, error, keyed=key is not None) from error

    def _connect(self, patience: float) -> Any:
        if self.path.is_dir():
            raise StoreError(f"{self.path} is a folder, and the store is a file: check [store] url.")
        if self.read_only:
            if not self.path.is_file() or not self.path.stat().st_size:
                raise StoreError(f"There is no store at {self.path} yet: 'auditor run' makes it.")
        else:
            try:
                private_folder(self.path.parent)
                private_file(self.path)
            except OSError as error:
                raise StoreError(
                    f"The store {self.path} cannot be made or written ({error.strerror}): check its folder and rights."
                ) from error
        address = f"file:{quote(self.path.absolute().as_posix())}?mode={self._mode}"
        # Opening in autocommit: every transaction in this package is begun and ended by name.
        return sqlite.connect(address, uri=True, timeout=patience, isolation_level=None)

    def _settle(self) -> None:
        if self.key is not None:
            # The default, not this file's alone: VACUUM INTO writes its copy with the default page size.
            self._connection.execute(f"PRAGMA cipher_default_page_size = {PAGE_SIZE}")
            self._connection.execute("PRAGMA cipher_log_level = NONE")
            self._connection.execute(f"PRAGMA key = \"x'{self.key}'\"")
        if not self.path.stat().st_size:
            self._connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
            self._connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        for setting in ("foreign_keys = ON", "trusted_schema = OFF", f"cache_size = -{CACHE_KIB}"):
            self._connection.execute(f"PRAGMA {setting}")
        if self.read_only or self._strange():
            return
        version = sqlite.sqlite_version_info
        mode = journal_mode(str(self.path.absolute()), filesystem_of(self.path.parent), version)
        self._connection.execute(f"PRAGMA journal_mode = {mode}")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")

    def _strange(self) -> bool:
        """Whether this is another program's file: nothing of it is changed."""
        [known] = self._connection.execute("PRAGMA application_id").fetchone()
        [tables] = self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return bool(tables and known != APPLICATION_ID)

    @contextlib.contextmanager
    def impatient(self) -> Iterator[None]:
        """Another program's lock is not waited for."""
        patience = self.value("PRAGMA busy_timeout")
        self.rows("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            self.rows(f"PRAGMA busy_timeout = {patience}")

    @property
    def readers_welcome(self) -> bool:
        """Whether another connection may write while a question here is half answered."""
        return bool(self.value("PRAGMA journal_mode") == "wal")

    def trouble(self, error: BaseException) -> StoreError:
        """The StoreError for one of SQLite's errors."""
        return trouble(self.path, error, keyed=self.key is not None)

    def teach(self, name: str, function: Callable[[bytes], str]) -> None:
        """A question may call this function of one value from now on; the same value always gives the same."""
        self._connection.create_function(name, 1, function, deterministic=True)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Every row."""
        try:
            return self._connection.execute(sql, values).fetchall()  # type: ignore[no-any-return]
        except _ERRORS as error:
            raise self.trouble(error) from error

    def each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        """Row after row, as they are asked for."""
        try:
            yield from self._connection.execute(sql, values)
        except _ERRORS as error:
            raise self.trouble(error) from error

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row, if any."""
        try:
            return self._connection.execute(sql, values).fetchone()  # type: ignore[no-any-return]
        except _ERRORS as error:
            raise self.trouble(error) from error

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first column of the first row; None when there is no row."""
        row = self.row(sql, values)
        return row[0] if row else None

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Changes something; how many rows."""
        try:
            return self._connection.execute(sql, values).rowcount  # type: ignore[no-any-return]
        except _ERRORS as error:
            raise self.trouble(error) from error

    def many(self, sql: str, values: Iterable[Sequence[Any]]) -> int:
        """Changes something for each of `values`; how many rows."""
        try:
            return self._connection.executemany(sql, values).rowcount  # type: ignore[no-any-return]
        except _ERRORS as error:
            raise self.trouble(error) from error

    def fill(self, table: str, column: str, row: int, pieces: Iterable[bytes]) -> None:
        """Writes a value of a row that is as long as they are together, and is not held whole."""
        try:
            with contextlib.closing(self._connection.open_blob(table, column, row)) as blob:
                for piece in pieces:
                    blob.write(piece)
        except _ERRORS as error:
            raise self.trouble(error) from error

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: committed at the end, rolled back on any exception."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            # A full disk has rolled back by itself already.
            if self._connection.in_transaction:
                with contextlib.suppress(sqlite.Error):
                    self._connection.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[Callable[[], None]]:
        """Part of a transaction that can be undone by itself: call what it gives to undo all since it began."""

        def undo() -> None:
            self.run("ROLLBACK TO part")

        self.run("SAVEPOINT part")
        yield undo
        self.run("RELEASE part")

    def close(self) -> None:
        """Closes the file; a second call does nothing."""
        try:
            self._connection.close()
        except _ERRORS as error:
            raise self.trouble(error) from error
