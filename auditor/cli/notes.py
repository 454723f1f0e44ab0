"""Small JSON files beside the store that tell other processes something: written whole, for the owner alone, and never
trusted further than what they say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from auditor import whole


def put(path: Path, document: Mapping[str, object]) -> None:
    """Writes it whole, or not at all.

    Raises:
        OSError: the disk refuses.
    """
    whole.put(path, json.dumps(document, indent=1).encode())


def taken(path: Path) -> dict[str, object]:
    """What stands there; nothing where there is no such file, or no sense in it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
