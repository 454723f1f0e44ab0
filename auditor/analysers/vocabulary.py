"""The words that analysers know things by. They stand in `terms/*.toml`, with their source, sense and near misses."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("terms")


@cache
def _file(name: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))


@cache
def terms(file: str, table: str) -> frozenset[str]:
    """The terms of one table of a file, lower case."""
    return frozenset(_file(file)[table]["terms"])
