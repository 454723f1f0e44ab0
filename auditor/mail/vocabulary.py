"""The words by which the closing of a mail is known. They stand in `terms/*.toml`, with their source and sense."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TERMS = Path(__file__).with_name("terms")


@cache
def _file(name: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((_TERMS / name).read_text("utf-8"))


def closing_terms(kind: str) -> tuple[str, ...]:
    """The terms of one table of `closings.toml`, lower case."""
    return tuple(_file("closings.toml")[kind]["terms"])


def closing_needs(kind: str) -> tuple[str, ...]:
    """Parts of words of which every term of one table of `closings.toml` has at least one: for a quick look."""
    return tuple(_file("closings.toml")[kind]["needs"])


def alternation(terms: Iterable[str]) -> str:
    """A regular expression for any of the terms, longest first, with any white space where they have a space."""
    return "|".join(re.escape(term).replace(r"\ ", r"\s+") for term in sorted(terms, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing that disclaimers say."""

    name: str
    weight: float
    patterns: tuple[str, ...]
    needs: tuple[str, ...]
    """Of these at least one stands wherever a pattern matches: a quick look before the slow one."""


@cache
def disclaimer_cues() -> tuple[Cue, ...]:
    """What disclaimers say, in the order of `disclaimers.toml`."""
    rows = tomllib.loads((_TERMS / "disclaimers.toml").read_text("utf-8"))["cue"]
    return tuple(Cue(row["name"], float(row["weight"]), tuple(row["patterns"]), tuple(row["needs"])) for row in rows)


@cache
def disclaimer_stems() -> tuple[str, ...]:
    """Beginnings of words of which every disclaimer has at least one: a quick look before the slow one."""
    return tuple(tomllib.loads((_TERMS / "disclaimers.toml").read_text("utf-8"))["stems"])


@cache
def enclosure_terms(kind: str) -> frozenset[str]:
    """The terms of one table of `enclosures.toml`: endings of file names, lower case, without the dot."""
    return frozenset(_file("enclosures.toml")[kind]["terms"])
