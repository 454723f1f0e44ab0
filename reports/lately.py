"""What the first page sets beside this week: the figures of the week before, what was changed meanwhile, what may wait."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Before:
    """Figures on mail of the week before, by the definitions of this one, whichever workbook lists it."""

    flagged: int
    """Messages with a finding."""
    checked: int
    """Of so many."""
    findings: int
    rules: frozenset[str]
    """Names of those that found something."""
    people: int
    """Mailboxes with a finding."""
    covered: int | None
    """Nights on which every mailbox was read in full; None where some came before the audit began."""


@dataclass(frozen=True, slots=True)
class Lately:
    """What there is beside the week itself."""

    before: Before | None = None
    """None where nothing of the week before was checked."""
    changes: tuple[str, ...] = ()
    """What was changed in the settings, the rules or the policy, a sentence each."""
    may_wait: frozenset[str] = frozenset()
    """Those of the report's warnings that do not press."""
