"""Small JSON files beside the store that tell other processes something: written whole, for the owner alone, and never
trusted further than what they say."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path


def put(path: Path, document: Mapping[str, object]) -> None:
    """Writes it whole, or not at all.

    Raises:
        OSError: the disk refuses.
    """
    from auditor.store.sqlite.database import private_file

    unfinished = path.with_name(f"{path.name}.unfinished")
    private_file(unfinished)
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(document, file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def taken(path: Path) -> dict[str, object]:
    """What stands there; nothing where there is no such file, or no sense in it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
