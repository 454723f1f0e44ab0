"""How much of the files of one message is looked at, and what a look answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from auditor.mail.limits import Limits
from auditor.mail.message import Fact, Risk


class Spent(Exception):
    """There is more in a file than is looked at; its words say so to the clerk."""


class Refused(Exception):
    """A file is built to do harm to whoever reads it, or in a way that nobody needs."""


class Budget:
    """What is left of the bounds on the files of one message, those inside other files included."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._inflated = limits.inflated
        self._members = limits.members
        self.text = limits.enclosed_text
        """Characters that may still be kept."""
        self.depth = limits.archives
        """Files inside one another that may be opened."""

    def take(self, size: int) -> None:
        """So many bytes more are unpacked. Raises `Spent`."""
        self._inflated -= size
        if self._inflated < 0:
            raise Spent(f"unpacked, it is more than {self._limits.inflated:,} bytes")

    def member(self) -> None:
        """One more file inside another is looked at. Raises `Spent`."""
        self._members -= 1
        if self._members < 0:
            raise Spent(f"it holds more than {self._limits.members:,} files")

    def keep(self, text: str) -> str:
        """So much of a text as may still be kept."""
        kept = text[: self.text]
        self.text -= len(kept)
        return kept


@dataclass(slots=True)
class Look:
    """What was seen of one file."""

    kind: str = "unknown"
    """What it is by its content: 'pdf', 'docx', 'program' …"""
    facts: list[Fact] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    unread: str = ""
    """Why its text, or some of it, was not looked at; empty when it was, or when it holds none (a picture)."""

    def add(self, code: Risk, detail: str) -> None:
        """A fact, once."""
        fact = Fact(code, detail)
        if fact not in self.facts:
            self.facts.append(fact)

    def say(self, texts: Iterable[str], budget: Budget) -> None:
        """Keeps text within what may be kept."""
        for text in texts:
            if budget.text <= 0:
                self.unread = self.unread or "its text is longer than what is kept of one message's files"
                return
            self.texts.append(budget.keep(text))

    def holds(self, name: str, inner: Look) -> None:
        """Takes over what another file inside this one is; what that one merely hides is its own affair."""
        for fact in inner.facts:
            shown = fact.detail if fact.detail.startswith("holds '") else f"holds '{name}', which {fact.detail}"
            self.add(fact.code, shown)
        self.unread = self.unread or inner.unread
