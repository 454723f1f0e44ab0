"""What a provider's JSON says, taken with care: it may be of any form, and as deep, large and odd as somebody wishes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from auditor.scrub import scrubbed

MOST = 1_000_000_000
"""No mailbox holds more."""
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
_STRANGE = re.compile(r"[^\w.:-]+", re.ASCII)


def loaded(body: bytes) -> Any:
    """JSON read; half characters, which could neither be kept nor sent back, are question marks.

    Raises:
        ValueError: it is none, or deeper than anything a provider says.
    """
    try:
        said = json.loads(body.decode())
        if _HALF.search(body):
            said = json.loads(whole(json.dumps(said, ensure_ascii=False)))
    except RecursionError:
        raise ValueError("too deep") from None
    return said


def readable(body: bytes) -> bytes:
    """JSON that every reader can read; empty where it is none."""
    try:
        said = loaded(body)
    except ValueError:
        return b""
    return json.dumps(said).encode() if _HALF.search(body) else body


def whole(said: str) -> str:
    """A text with question marks for half characters."""
    return said.encode("utf-8", "replace").decode()


def rows(said: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a list; empty where it is none."""
    found = said.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def text(said: Mapping[str, Any], name: str) -> str:
    """A text; empty where it is none."""
    found = said.get(name)
    return found if isinstance(found, str) else ""


def total(said: Mapping[str, Any], name: str) -> int | None:
    """How many; None where that is not said, or cannot be."""
    found = said.get(name)
    return found if type(found) is int and 0 <= found <= MOST else None


def word(found: object) -> str:
    """A provider's own word, fit to stand in a sentence of ours: one, for a sentence may say back what it was sent."""
    first = scrubbed(str(found)[:200]).split()[:1] if isinstance(found, (str, int)) else []
    return _STRANGE.sub("", "".join(first))[:60]
