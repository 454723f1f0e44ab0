"""Every rule's examples: what it objects to and what it leaves alone. Documentation and test at once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from auditor.analysers.base import Example
from auditor.policy import Person, Policy, Role, Wording

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


@cache
def council() -> Policy:
    """The council whose mail the examples are."""
    table = tomllib.loads((_FOLDER / "council.toml").read_text("utf-8"))
    people = tuple(
        Person(one["name"], Role(one["role"]), one["title"], one["mailbox"], phone=one.get("phone", ""))
        for one in table["people"]
    )

    def wordings(kind: str) -> tuple[Wording, ...]:
        return tuple(Wording(name, text.strip()) for name, text in table[kind].items())

    return Policy(table["name"], tuple(table["domains"]), people, wordings("signatures"), wordings("waivers"))
