"""What a letter discloses, read once: for the rules that object to it, and for whom it was copied to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from auditor.analysers.base import Case
from auditor.analysers.credentials import CREDENTIALS, credentials
from auditor.analysers.financial import FINANCIAL, financial
from auditor.analysers.marked import MARKED, marked
from auditor.analysers.personal_data import PERSONAL, personal_data
from auditor.analysers.special_category import SPECIAL, special_category
from auditor.findings import Finding, Rule

READINGS: tuple[tuple[Rule, Callable[[Case], Iterator[Finding]]], ...] = (
    (MARKED, marked),
    (PERSONAL, personal_data),
    (SPECIAL, special_category),
    (FINANCIAL, financial),
    (CREDENTIALS, credentials),
)
"""Every rule of the family with its reading, in report order."""

_latest: list[tuple[Case, tuple[Finding, ...]]] = []


def disclosures(case: Case) -> tuple[Finding, ...]:
    """The family's findings on a case, in report order. The latest are kept, for one case is asked after twice."""
    if not _latest or _latest[0][0] is not case:
        _latest[:] = [(case, tuple(finding for _, read in READINGS for finding in read(case)))]
    return _latest[0][1]
