"""TOML tables read into frozen objects, with every mistake said at once, in words for whoever edits the file.

A field names its reader: `nightly: time = entry(clock, time(2, 15))`. A reader takes what TOML gave and returns the
value, or raises ValueError with what is wrong; one that reads several values raises Mistakes with all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")
K = TypeVar("K", bound="Table")
E = TypeVar("E", bound=StrEnum)
Place = tuple[str | int, ...]
Reader = Callable[[object], T]


class Mistakes(Exception):
    """Everything wrong with a value: where in it, and what."""

    def __init__(self, found: list[tuple[Place, str]]) -> None:
        super().__init__(found)
        self.found = found


class Entry(NamedTuple):
    """A key of a table."""

    reader: Reader[Any]
    default: Any
    """`REQUIRED` where the key must be there."""
    name: str
    """In the file."""


REQUIRED: Any = object()


def entry(reader: Reader[T], default: Any = REQUIRED, *, name: str = "") -> T:
    """A key of a table: how it is read, what stands when it is absent, its name in the file where Python needs it."""
    made: Any = Entry(reader, default, name)
    return made  # type: ignore[no-any-return]


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Table:
    """A table of the file; its entries are read-only. Made like a frozen dataclass; those of a whole schedule would take a
    sixth of the start of every command to make."""

    entries: ClassVar[dict[str, Entry]] = {}
    """By attribute, those of base classes first."""
    together: ClassVar[tuple[str, ...]] = ()
    """The attributes that `wrong` looks at: it is asked where each of them could be read, whatever else is wrong."""

    def __init_subclass__(cls) -> None:
        own = {at: one for at, one in vars(cls).items() if isinstance(one, Entry)}
        cls.entries = cls.entries | {at: one._replace(name=one.name or at) for at, one in own.items()}

    def __init__(self, **values: Any) -> None:
        vars(self).update({at: one.default for at, one in self.entries.items()}, **values)

    def wrong(self) -> str | None:
        """What does not go together in it, in a sentence."""
        return None

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{name} cannot be set")


def table(made: type[K]) -> Reader[K]:
    """A table with these entries and no others."""

    def read(value: object) -> K:
        if not isinstance(value, dict):
            raise ValueError("must be a table")
        found: list[tuple[Place, str]] = []
        values: dict[str, Any] = {}
        unread: set[str] = set()
        for at, one in made.entries.items():
            if one.name in value:
                try:
                    values[at] = one.reader(value[one.name])
                except (Mistakes, ValueError) as error:
                    found += _under(one.name, error)
                    unread.add(at)
            elif one.default is REQUIRED:
                found.append(((one.name,), "is missing"))
                unread.add(at)
        known = {one.name for one in made.entries.values()}
        found += [((name,), "is a key nobody knows here; check the spelling") for name in value if name not in known]
        whole = made(**values)
        if unread.isdisjoint(made.together) and (sentence := whole.wrong()):
            found.append(((), sentence))
        if found:
            raise Mistakes(found)
        return whole

    return read


def _under(place: str | int, error: Mistakes | ValueError) -> list[tuple[Place, str]]:
    """What an inner reader objects to, under the place it was reading."""
    if isinstance(error, Mistakes):
        return [((place, *inner), what) for inner, what in error.found]
    return [((place,), str(error))]


def text(value: object) -> str:
    """Text, perhaps empty."""
    if not isinstance(value, str):
        raise ValueError("must be text in quotes")
    return value


def words(value: object) -> str:
    """Text with something in it."""
    if not text(value).strip():
        raise ValueError("must not be empty")
    if re.search(r"[\x00-\x1f]", text(value)):  # "C:\temp" is TOML, and a tab
        raise ValueError("has a control character in it; write a Windows path with / instead of a backslash")
    return text(value)


def flag(value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def day(value: object) -> date:
    """A date."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("must be a date such as 2026-04-01, without quotes")
    return value


def number(least: int, most: int = 1 << 31) -> Reader[int]:
    """A whole number between two."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError("must be a whole number")
        if not least <= value <= most:
            raise ValueError(f"must be at least {least}" if value < least else f"must be at most {most}")
        return value

    return read


def seconds(value: object) -> float:
    """A length of time above nothing."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("must be a number of seconds")
    if not value > 0:
        raise ValueError("must be more than 0")
    return float(value)


def anything(value: object) -> dict[str, Any]:
    """A table that another part of the program reads."""
    if not isinstance(value, dict):
        raise ValueError("must be a table")
    return value


def one_of(*choices: str) -> Reader[str]:
    """One of these words."""

    def read(value: object) -> str:
        if text(value) not in choices:
            raise ValueError(f"{value!r} is not one of {', '.join(choices)}")
        return str(value)

    return read


def member(made: type[E]) -> Reader[E]:
    """One of an enumeration's words."""
    read = one_of(*made)
    return lambda value: made(read(value))


def listed(reader: Reader[T], least: int = 0, most: int = 1 << 31) -> Reader[tuple[T, ...]]:
    """A list of so many."""

    def read(value: object) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise ValueError("must be a list in [ ]")
        if not least <= len(value) <= most:
            raise ValueError(f"needs {'exactly' if least == most else 'at least'} {_counted(least)}")
        return tuple(_each(reader, enumerate(value)).values())

    return read


def mapped(name: Reader[str], reader: Reader[T]) -> Reader[dict[str, T]]:
    """A table whose keys are read too."""

    def pair(item: Any) -> tuple[str, T]:
        found: list[tuple[Place, str]] = []
        read: list[Any] = []
        for one, value in zip((name, reader), item, strict=True):  # a slip in the key does not hide one in the value
            try:
                read.append(one(value))
            except (Mistakes, ValueError) as error:
                found += error.found if isinstance(error, Mistakes) else [((), str(error))]
        if found:
            raise Mistakes(found)
        return read[0], read[1]

    def read(value: object) -> dict[str, T]:
        return dict(_each(pair, ((str(item[0]), item) for item in anything(value).items())).values())

    return read


def _each(reader: Reader[T], values: Iterable[tuple[str | int, object]]) -> dict[str | int, T]:
    found: list[tuple[Place, str]] = []
    read: dict[str | int, T] = {}
    for place, value in values:
        try:
            read[place] = reader(value)
        except (Mistakes, ValueError) as error:
            found += _under(place, error)
    if found:
        raise Mistakes(found)
    return read


def nearest(given: str, known: Iterable[str]) -> str:
    """ " (did you mean 'check'?)", or nothing where nothing known is near."""
    from difflib import get_close_matches  # needed only where something is wrong

    return "".join(f" (did you mean '{one}'?)" for one in get_close_matches(given, list(known), 1))


def _counted(least: int) -> str:
    return "one entry" if least == 1 else f"{least} entries"
