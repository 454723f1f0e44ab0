"""Every rule's examples: what it objects to and what it leaves alone. Documentation and test at once.

In a body, a line `<signature>` or `<waiver>` stands for the sender's agreed wording, `<signature:short>` for another.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from auditor.analysers.base import Enclosed, Example, Removal
from auditor.policy import Person, Policy, Role, Wording

_FOLDER = Path(__file__).parent
_WORDING = re.compile(r"<(?:signature|waiver)(?::\w+)?>")
_NAMES = {"<signature>": "full", "<waiver>": "standard"}
_PHONE = "07700 900118"


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
            body=_worded(row["body"], row.get("sender", "")),
            flagged=row["flagged"],
            subject=row.get("subject", ""),
            to=tuple(row.get("to", ())),
            sender=row.get("sender", ""),
            cc=tuple(row.get("cc", ())),
            bcc=tuple(row.get("bcc", ())),
            answers=row.get("answers", False),
            attachments=tuple(Enclosed(*one.split(": ")[::-1]) for one in row.get("attachments", ())),
            author=row.get("author", ""),
            bulk=row.get("bulk", False),
            auto=row.get("auto", False),
            folders=tuple(row.get("folders", ())),
            removal=_removal(row["removal"]) if "removal" in row else None,
        )
        for row in rows
    )


def _removal(row: dict[str, Any]) -> Removal:
    return Removal(
        day=row.get("day"),
        gone=row.get("gone", False),
        kept=tuple(row.get("kept", ())),
        answered=row.get("answered", False),
        unsaved=tuple(row.get("unsaved", ())),
    )


def writer(sender: str) -> Person:
    """Who writes an example: the one with this role, mailbox or name; a councillor for ''."""
    asked = sender or Role.COUNCILLOR
    return next(one for one in council().people if asked in (one.role, one.mailbox, one.name))


def _worded(body: str, sender: str) -> str:
    agreed = council().agreed(writer(sender))
    texts = {one.name: one.text.replace("{phone}", _PHONE) for one in (*agreed.signatures, *agreed.waivers)}
    return _WORDING.sub(lambda m: texts[_NAMES.get(m[0]) or m[0].strip("<>").partition(":")[2]], body)


@cache
def council() -> Policy:
    """The council whose mail the examples are."""
    table = tomllib.loads((_FOLDER / "council.toml").read_text("utf-8"))
    people = tuple(
        Person(
            name=one["name"],
            role=Role(one["role"]),
            title=one["title"],
            mailbox=one["mailbox"],
            phone=one.get("phone", ""),
            private=tuple(one["private"]),
        )
        for one in table["people"]
    )

    def wordings(kind: str) -> tuple[Wording, ...]:
        return tuple(Wording(name, text.strip()) for name, text in table[kind].items())

    return Policy(
        council=table["name"],
        domains=tuple(table["domains"]),
        people=people,
        signatures=wordings("signatures"),
        waivers=wordings("waivers"),
        trusted_senders=tuple(table["trusted_senders"]),
        known_correspondents=tuple(table["known_correspondents"]),
    )
