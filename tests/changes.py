"""A copy of a frozen value with some fields otherwise, whichever kind of value it is."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from auditor import values

T = TypeVar("T")


def replace(value: T, **fields: Any) -> T:
    """The same but for `fields`."""
    if isinstance(value, values.Value):
        return values.replace(value, **fields)
    return dataclasses.replace(value, **fields)  # type: ignore[type-var]
