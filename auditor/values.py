"""What a frozen value is made of that is made for every message, or whose class every command makes at its start.

Made in C, such a value costs a tenth of what a frozen dataclass does, its class next to nothing, and it is packed,
unpacked and sent to another process with less ado. Reads, compares, hashes and is refused changes like a frozen
dataclass. The rest of the program, where a microsecond is nothing, uses those.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

__all__ = ["Value", "replace"]


class Value(Struct, frozen=True, array_like=True):
    """The base of these values; each says `frozen=True` too, so that type checkers see it."""
