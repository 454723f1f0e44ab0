"""The workbook's sheets, one file each; a sheet draws itself and knows no other."""

from collections.abc import Callable

from reports.book import Book
from reports.report import WeekReport
from reports.sheets import assertion, coverage, deeds, exceptions, findings, gaps, policy, rules, summary

SHEETS: tuple[Callable[[Book, WeekReport], None], ...] = (
    summary.draw,
    findings.draw,
    exceptions.draw,
    coverage.draw,
    gaps.draw,
    deeds.draw,
    assertion.draw,
    rules.draw,
    policy.draw,
)
"""In the order of the tabs."""
