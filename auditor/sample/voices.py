"""Who writes in the sample: the council's people (schedule.toml, styles.toml) and those they write to (contacts.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from auditor import config
from auditor.policy import Person, Policy


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who writes or is written to."""

    key: str
    name: str
    email: str
    client: str = "gmail"
    """A key of `clients.CLIENTS`."""
    style: str = "top"
    """Where the answer stands: top or bottom of what it answers."""
    closing: str = ""
    """'Kind regards', or nothing."""
    signature: str = ""
    """The agreed one, blanks filled, for the council's people; their own for everybody else."""
    waiver: str = ""
    person: Person | None = None
    """None for everybody outside."""

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


class Cast:
    """Everybody of the sample, by key, and the groups they form."""

    def __init__(self, data: Path) -> None:
        self.policy = config.load(data / "council" / "schedule.toml").policy
        contacts = tomllib.loads((data / "contacts.toml").read_text(encoding="utf-8"))
        styles = tomllib.loads((data / "styles.toml").read_text(encoding="utf-8"))
        self.groups: dict[str, list[str]] = contacts.pop("groups")
        self.voices = {key: _insider(key, style, self.policy) for key, style in styles["people"].items()}
        self.voices |= {key: _outsider(key, row) for key, row in contacts.items()}
        self.foreign: dict[str, str] = styles["foreign"]
        """Disclaimers and signatures that are not the Council's, by name."""

    def named(self, keys: tuple[str, ...], *, besides: str = "") -> tuple[Voice, ...]:
        """The voices of some keys, groups or bare addresses ('Name <address>' too), each once."""
        flat = [member for key in keys for member in self.groups.get(key, [key])]
        return tuple(self._one(key) for key in dict.fromkeys(flat) if key != besides)

    def _one(self, key: str) -> Voice:
        if "@" not in key:
            return self.voices[key]
        name, _, address = key.rpartition("<")
        return Voice(key, name.strip(), address.rstrip(">").strip())


def _insider(key: str, style: dict[str, str], policy: Policy) -> Voice:
    person = next(p for p in policy.people if p.mailbox == style["mailbox"])
    agreed = policy.agreed(person)
    signature = next(w.text for w in agreed.signatures if w.name == style["signature"])
    return Voice(
        key=key,
        name=person.name,
        email=person.mailbox,
        client=style["client"],
        style=style.get("style", "top"),
        closing=style.get("closing", ""),
        # The configuration gives this person no telephone; the blank takes the one they use.
        signature=signature.replace("{phone}", style.get("phone", "")),
        waiver=next(w.text for w in agreed.waivers if w.name == style["waiver"]),
        person=person,
    )


def _outsider(key: str, row: dict[str, str]) -> Voice:
    return Voice(
        key=key,
        name=row["name"],
        email=row["email"],
        client=row.get("client", "gmail"),
        style=row.get("style", "top"),
        closing=row.get("closing", ""),
        signature=row.get("signature", row["name"]).strip("\n"),
        waiver=row.get("disclaimer", "").strip("\n"),
    )
