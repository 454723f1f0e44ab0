"""What an analyser is: a pure reading of one case against one sentence of the policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from auditor.findings import Finding, Rule
from auditor.mail.message import Mail, Parts
from auditor.policy import Agreed, Person, Policy
from auditor.values import Value

UNCOUNTED = 0.5
"""The confidence of a rule's findings while fewer than 20 of them are labelled: too few to say what share is right.

The closing rules stand so: 12 to 16 labelled findings each (the sample council's planted faults and the labelled parish
mail), all of them right, and the rules were made with these in view. With 20 or more, (right + 1) / (findings + 2).
"""


class Witness(Value, frozen=True):
    """Another sight of the same message: what was delivered may differ from what was sent."""

    kind: str
    """'copy' (in another Council mailbox) or 'quoted' (in a reply to it)."""
    mailbox: str
    """Where it was seen."""
    parts: Parts


class Case(Value, frozen=True):
    """Everything an analyser may look at. Same case, same findings, same order."""

    mail: Mail
    parts: Parts
    sender: Person
    """Who wrote it, with the role held on the day it was sent."""
    agreed: Agreed
    """The sender's agreed signatures and the agreed waivers, blanks filled for that day."""
    policy: Policy
    mailbox: str = ""
    """The mailbox it was collected from; empty in `scan`."""
    folders: tuple[str, ...] = ()
    witnesses: tuple[Witness, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A short message and what the rule must say of it: documentation and test at once."""

    because: str
    body: str
    flagged: bool
    """False is a near miss: something that looks like a fault and is none."""
    subject: str = ""
    to: tuple[str, ...] = ()
    sender: str = ""
    """A role or name of the example council; the default is a councillor."""
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    answers: bool = False
    """Whether its headers say that it answers another message."""

    @property
    def lines(self) -> list[str]:
        """How it reads: the headers that matter, then its body."""
        fields = (("To", ", ".join(self.to)), ("Cc", ", ".join(self.cc)), ("Bcc", ", ".join(self.bcc)))
        head = [f"{name}: {value}" for name, value in (*fields, ("Subject", self.subject)) if value]
        return [*head, *([""] if head else []), *self.body.strip().splitlines()]


class Analyser(Protocol):
    """One policy sentence. No clock, no network, no store, no chance."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules it may find, in report order."""
        ...

    def check(self, case: Case) -> Iterator[Finding]:
        """The findings, in reading order."""
        ...
