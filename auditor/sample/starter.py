"""What `auditor init` writes: a schedule.toml in plain words and policy templates to fill in."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from auditor.errors import UsageError

INIT = Path(__file__).parent / "init"


def starter_schedule() -> dict[str, Any]:
    """The schedule.toml that is written, as TOML reads it: the examples that somebody has to replace."""
    return tomllib.loads((INIT / "schedule.toml").read_text(encoding="utf-8"))


def starter_policy() -> bytes:
    """What stands in the policy file until somebody puts the adopted text there."""
    return (INIT / "policy" / "policy.txt").read_bytes()


def write_starter(folder: Path) -> list[Path]:
    """Writes the starter files into `folder`, making it if need be; returns what was written, in name order.

    Raises:
        UsageError: one of the files stands there already (nothing is written then), or the folder cannot be written.
    """
    names = sorted(file.relative_to(INIT) for file in INIT.rglob("*") if file.suffix in (".toml", ".txt"))
    standing = [str(folder / name) for name in names if (folder / name).exists()]
    if standing:
        raise UsageError(
            f"Nothing was written, because {_listed(standing)}; choose an empty folder or move what is there."
        )
    try:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            # 'x': a file that has appeared since is not overwritten either.
            with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                file.write((INIT / name).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"The starter files cannot be written into {folder}: {error.strerror}.") from error
    return [folder / name for name in names]


def _listed(standing: list[str]) -> str:
    first, *others = standing
    more = f" and {len(others)} other{'s' if len(others) > 1 else ''}" if others else ""
    return f"{first}{more} {'exist' if others else 'exists'} already"
