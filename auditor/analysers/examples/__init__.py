"""Every rule's examples: what it objects to and what it leaves alone. Documentation and test at once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from auditor.analysers.base import Example

_FOLDER = Path(__file__).parent


@cache
def examples(rule: str) -> tuple[Example, ...]:
    """The examples of a rule in the order of its file, flagged and near misses; none when it has no file."""
    path = _FOLDER / f"{rule}.toml"
    if not path.is_file():
        return ()
    rows = tomllib.loads(path.read_text("utf-8"))["example"]
    return tuple(
        Example(
            because=row["because"],
            body=row["body"],
            flagged=row["flagged"],
            subject=row.get("subject", ""),
            to=tuple(row.get("to", ())),
            sender=row.get("sender", ""),
        )
        for row in rows
    )
