"""What the auditor says of a message: for a person to decide, with its reason, and known again after a re-run."""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from functools import lru_cache

from auditor.values import Value

RULES_VERSION = "1.2"
"""Raised whenever any rule, or the reading before it, may say something else of the same message."""

EXCERPT_LIMIT = 200

OPEN, CLOSE = "\ue000", "\ue001"
"""Round a key: what stands for a third party until all of a dossier is told, and each gets a letter."""

_SPACE = re.compile(r"\s+")


class Severity(StrEnum):
    """How much a finding matters, least first."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info to 4 for critical."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Rule(Value, frozen=True):
    """One rule of the contract: its name and clauses stay, whatever the code does."""

    name: str
    clauses: tuple[str, ...]
    severity: Severity
    """The default; `[policy.rules]` may set another, or 'off'."""
    title: str
    """A few plain words, as a heading in the workbook: 'No signature'."""
    finds: str
    """One plain sentence: what it objects to."""
    reads: tuple[str, ...]
    """The parts it reads."""


class Finding(Value, frozen=True):
    """One thing for a person to look at."""

    rule: str
    severity: Severity
    confidence: float
    """What share of such findings are right on the labelled sets."""
    part: str
    """own, signature, waiver, quoted, forwarded, subject, headers, attachment:NAME or message."""
    start: int
    end: int
    """Offsets into that part's text; 0, 0 for headers and message."""
    excerpt: str
    """At most 200 characters; secrets masked."""
    reason: str
    """One plain sentence a clerk can act on."""
    evidence: str
    """What the identity is made of, besides rule and message: words, never offsets."""


def identity(finding: Finding, message: str) -> str:
    """The finding's name for ever: 20 hex digits of SHA-256 over rule, message and normalised evidence.

    `message` is the Message-ID, or the evidence's SHA-256 where there is none. Offsets, wrapping,
    letter case and the program's version do not change it, so the clerk's decision survives.
    """
    evidence = _normal(finding.evidence)
    return hashlib.sha256("\x1f".join((finding.rule, message, evidence)).encode("utf-8", "replace")).hexdigest()[:20]


@lru_cache(maxsize=64)  # most findings are of a few sorts, and say the same
def _normal(evidence: str) -> str:
    return _SPACE.sub(" ", evidence).strip().casefold()


def clip(text: str, limit: int = EXCERPT_LIMIT) -> str:
    """`text` on one line, cut to `limit` characters with an ellipsis."""
    line = _SPACE.sub(" ", text).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
