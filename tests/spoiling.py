"""A store's file damaged as disks damage files, and everything a store answers, to see whether it shows."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite

PAGE = 8192

Damage = Callable[[Path, random.Random], int]
"""Damages a file somewhere; the place."""


def spoil(path: Path, table: str = "holds") -> None:
    """Damages a page that nobody needs to open the store."""
    with closing(sqlite.connect(str(path))) as file:
        [page] = file.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(b"\xff" * PAGE)


def flip(path: Path, chance: random.Random) -> int:
    """One bit is another."""
    at = chance.randrange(path.stat().st_size)
    with path.open("rb+") as file:
        file.seek(at)
        [byte] = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 1 << chance.randrange(8)]))
    return at


def flip_written(path: Path, chance: random.Random) -> int:
    """The same where something is written."""
    data = path.read_bytes()
    at = chance.choice([place for place, byte in enumerate(data) if byte])
    path.write_bytes(data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :])
    return at


def cut(path: Path, chance: random.Random) -> int:
    """The end is missing."""
    at = chance.randrange(1, path.stat().st_size)
    with path.open("rb+") as file:
        file.truncate(at)
    return at


def blank(path: Path, chance: random.Random) -> int:
    """A page is all zeros."""
    at = chance.randrange(path.stat().st_size // PAGE) * PAGE
    with path.open("rb+") as file:
        file.seek(at)
        file.write(bytes(PAGE))
    return at


def regions(path: Path) -> dict[int, str]:
    """What each page, by its number from 0, is for: of a sound store that is not encrypted."""
    with closing(sqlite.connect(path)) as connection:
        pages = dict.fromkeys(range(path.stat().st_size // PAGE), "unused or chain of pages")
        for name, root in connection.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0").fetchall():
            for page in _tree(path, root):
                pages[page - 1] = _region(name)
        for page in _tree(path, 1):
            pages[page - 1] = "schema"
    return pages


def _region(name: str) -> str:
    if name.startswith("words"):
        return "search index"
    if name == "evidence":
        return "evidence"
    return "index" if "_" in name and name.partition("_")[0] in {"holdings", "evidence", "findings"} else "other tables"


def _tree(path: Path, root: int) -> Iterator[int]:
    """Every page of a b-tree, overflow pages too (https://sqlite.org/fileformat2.html, chapter 1.5 and 1.6)."""
    data = path.read_bytes()
    waiting = [root]
    while waiting:
        number = waiting.pop()
        yield number
        page = data[(number - 1) * PAGE : number * PAGE]
        head = 100 if number == 1 else 0
        kind, cells = page[head], int.from_bytes(page[head + 3 : head + 5], "big")
        inner = kind in (2, 5)
        if inner:
            waiting.append(int.from_bytes(page[head + 8 : head + 12], "big"))
        first = head + (12 if inner else 8)
        for cell in range(cells):
            at = int.from_bytes(page[first + 2 * cell : first + 2 * cell + 2], "big")
            if inner:
                waiting.append(int.from_bytes(page[at : at + 4], "big"))
            yield from _overflow(data, page, at, kind)


def _overflow(data: bytes, page: bytes, at: int, kind: int) -> Iterator[int]:
    """The pages that the rest of a long cell lies in."""
    if kind == 5:
        return
    size, at = _varint(page, at + 4 if kind == 2 else at)
    if kind == 13:
        _, at = _varint(page, at)
    most = PAGE - 35 if kind == 13 else (PAGE - 12) * 64 // 255 - 23
    if size <= most:
        return
    least = (PAGE - 12) * 32 // 255 - 23
    here = least + (size - least) % (PAGE - 4)
    here = here if here <= most else least
    following = int.from_bytes(page[at + here : at + here + 4], "big")
    while following:
        yield following
        following = int.from_bytes(data[(following - 1) * PAGE : (following - 1) * PAGE + 4], "big")


def _varint(page: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(9):
        byte = page[at + place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    return value, at + 9


def dump(path: Path, leave: tuple[str, ...] = ()) -> dict[str, list[Any]] | None:
    """Every row of every table, and every term of the index with its place; None where it cannot all be read."""
    answers: dict[str, list[Any]] = {}
    try:
        with closing(sqlite.connect(f"file:{path.as_posix()}?mode=ro", uri=True, isolation_level=None)) as connection:
            connection.execute("CREATE VIRTUAL TABLE temp.instances USING fts5vocab(main, words, instance)")
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            for name in sorted(names):
                if not name.startswith("words") and name not in leave:
                    answers[name] = sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)  # noqa: S608
            answers["terms"] = connection.execute("SELECT * FROM temp.instances").fetchall()
    except (sqlite.Error, UnicodeDecodeError):
        return None
    return answers
