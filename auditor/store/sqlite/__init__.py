"""A store in one SQLite file."""

from __future__ import annotations

from pathlib import Path

from auditor.errors import StoreError
from auditor.store.interface import Store
from auditor.store.sqlite.examining import examine, refuse_emptied
from auditor.store.sqlite.store import SqliteStore

_SQLITE = "sqlite:///"


def sqlite_path(url: str) -> Path | None:
    """The file a `sqlite:///` URL names, as it stands there; None when the URL is of another kind.

    A relative path is the caller's to resolve, against the configuration's folder. `sqlite:////srv/a.db` is
    absolute, as is `sqlite:///C:/a.db` on Windows.
    """
    return Path(url[len(_SQLITE) :]) if url.startswith(_SQLITE) and len(url) > len(_SQLITE) else None


def open_store(url: str, *, key: str | None = None, trail_key: bytes | None = None, read_only: bool = False) -> Store:
    """Opens the store, making or bringing it up to date where needed and not `read_only`.

    `key` is 64 hexadecimal digits: the file is then encrypted with it. `trail_key` binds the audit trail's entries.

    Raises:
        StoreError: it cannot be opened, is damaged, encrypted with another key, or a newer program's.
    """
    path = sqlite_path(url)
    if path is None:
        raise StoreError(f"[store] url {url.split('@')[-1]!r} is not sqlite:///PATH: correct it in schedule.toml.")
    if read_only:
        refuse_emptied(path)
    else:
        examine(path, key)
    return SqliteStore(path, key=key, trail_key=trail_key, read_only=read_only)
