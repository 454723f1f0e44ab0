"""The messages of a week in which no rule found anything, drawn for a person to read, as the sheet Sample shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from auditor.store.samples import Drawn, Looked
from reports.estimate import NOTHING, Estimate


@dataclass(frozen=True, slots=True)
class Sampled:
    """One message of the sample."""

    drawn: Drawn
    name: str
    """The sender's name from the list of people; empty where there is none."""
    day: date | None
    """The London day the message was sent."""
    begins: str
    """The beginning of the sender's own words, on one line, masked; empty where there are none."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A week's sample, and what samples have shown."""

    messages: tuple[Sampled, ...] = ()
    unflagged: int = 0
    """How many messages there were to draw from."""
    said: Mapping[str, Looked] = field(default_factory=dict)
    """By name: what stands of these messages."""
    estimate: Estimate = NOTHING
    none: str = ""
    """Why nothing was drawn, in a sentence."""
