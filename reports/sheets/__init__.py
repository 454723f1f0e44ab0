"""The workbook's sheets, one file each; a sheet draws itself and knows no other."""

from collections.abc import Callable

from reports.book import Book
from reports.report import WeekReport
from reports.sheets import (
    assertion,
    clauses,
    coverage,
    deeds,
    exceptions,
    findings,
    gaps,
    people,
    policy,
    rules,
    sample,
    start,
)

SHEETS: tuple[Callable[[Book, WeekReport], None], ...] = (
    start.draw,
    findings.draw,
    people.draw,
    clauses.draw,
    sample.draw,
    exceptions.draw,
    coverage.draw,
    gaps.draw,
    deeds.draw,
    assertion.draw,
    rules.draw,
    policy.draw,
)
"""In the order of the tabs. The first is drawn last, because it lists the others."""
