"""Confidential material is not disclosed, nor shared outside the Council (E5, U4); personal data and passwords neither (M2, U3)."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.analysers.base import Case
from auditor.analysers.disclosures import READINGS, disclosures
from auditor.findings import Finding


class Confidential:
    """Looks at what leaves the Council that should not."""

    rules = tuple(rule for rule, _ in READINGS)

    def check(self, case: Case) -> Iterator[Finding]:
        """Rule by rule; within a rule in reading order."""
        yield from disclosures(case)
