"""The figures of a workbook. No share without what it is a share of; mail from outside the period is counted apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from auditor.findings import Severity
from reports.report import WeekReport
from reports.trend import Sent

FEW = 20
"""Of fewer messages a share says little, and none is given."""
_BY_RANK = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a number of messages."""

    some: int
    of: int

    @property
    def share(self) -> float | None:
        """None when there is nothing to take a share of, or when the count below does not hold the one above."""
        return self.some / self.of if 0 <= self.some <= self.of and self.of else None

    @property
    def words(self) -> str:
        """'9 of 214'."""
        return f"{self.some:,} of {self.of:,}"

    @property
    def told(self) -> float | str:
        """The share, for a cell; words where there is none to give."""
        if self.share is None or self.of < FEW:
            return "too few" if self.of else "–"
        return self.share


def part(sent: Iterable[Sent]) -> Part:
    """Of the messages that rules were put to, how many have a finding."""
    checked = [one for one in sent if one.checked]
    return Part(sum(one.messages for one in checked if one.found), sum(one.messages for one in checked))


@dataclass(frozen=True, slots=True)
class RuleFigure:
    """One rule that found something."""

    rule: str
    findings: int
    messages: Part
    """Messages of the period with such a finding, of all that were checked."""
    worst: Severity


@dataclass(frozen=True, slots=True)
class PersonFigure:
    """One mailbox."""

    mailbox: str
    findings: int
    messages: Part
    worst: Severity | None


@dataclass(frozen=True, slots=True)
class Figures:
    """All of them."""

    messages: Part
    """Messages of the period with a finding, of all that were checked."""
    findings: int
    new: int
    """Findings on mail of the period."""
    carried: int
    """Findings listed now on mail sent before or after it."""
    other_days: tuple[date, date] | None
    """The first and the last day of that mail; None when there is none."""
    undated: int
    """Findings on mail without a usable date."""
    by_severity: tuple[tuple[Severity, int], ...]
    """Most serious first, each severity once."""
    by_rule: tuple[RuleFigure, ...]
    """Most serious first, then most findings."""
    by_person: tuple[PersonFigure, ...]
    """Every mailbox that was to be read, in the order of their names."""


def figures(report: WeekReport) -> Figures:
    """Counts a report."""
    table = _table(report)
    inside = table[table["inside"]]
    checked = sum(report.checked.values())
    new = len(inside)
    others = [line.day for line in report.findings if line.day is not None and not report.period.holds(line.day)]
    undated = int(table["undated"].sum()) if report.period.days else 0
    ranks = table["rank"].value_counts()
    return Figures(
        messages=Part(int(inside["message"].nunique()), checked),
        findings=len(table),
        new=new,
        carried=len(table) - new - undated,
        other_days=(min(others), max(others)) if others else None,
        undated=undated,
        by_severity=tuple((_BY_RANK[rank], int(ranks.get(rank, 0))) for rank in reversed(range(len(_BY_RANK)))),
        by_rule=_by_rule(table, inside, checked),
        by_person=_by_person(report, table, inside),
    )


def _table(report: WeekReport) -> pd.DataFrame:
    """One row a finding."""
    lines = report.findings
    return pd.DataFrame(
        {
            "rule": pd.Series([line.row.finding.rule for line in lines], dtype="category"),
            "rank": pd.Series([line.row.finding.severity.rank for line in lines], dtype="int8"),
            "mailbox": pd.Series([line.row.mailbox for line in lines], dtype="category"),
            "message": pd.Series([line.message for line in lines], dtype=object),
            "inside": pd.Series([report.period.holds(line.day) for line in lines], dtype=bool),
            "undated": pd.Series([line.day is None for line in lines], dtype=bool),
        }
    )


def _by_rule(table: pd.DataFrame, inside: pd.DataFrame, checked: int) -> tuple[RuleFigure, ...]:
    findings, messages, worst = _counts(table, "rule"), _messages(inside, "rule"), _worst(table, "rule")
    found = [
        RuleFigure(str(rule), many, Part(messages[rule], checked), worst[rule])
        for rule, many in findings.items()
        if many
    ]
    return tuple(sorted(found, key=lambda figure: (-figure.worst.rank, -figure.findings, figure.rule)))


def _by_person(report: WeekReport, table: pd.DataFrame, inside: pd.DataFrame) -> tuple[PersonFigure, ...]:
    findings, messages, worst = _counts(table, "mailbox"), _messages(inside, "mailbox"), _worst(table, "mailbox")
    mailboxes = {*findings, *report.checked, *(line.mailbox for line in report.coverage)} - {*report.apart_mailboxes}
    return tuple(
        PersonFigure(
            mailbox=str(mailbox),
            findings=findings[mailbox],
            messages=Part(messages[mailbox], report.checked.get(str(mailbox), 0)),
            worst=worst.get(mailbox),
        )
        for mailbox in sorted(mailboxes, key=lambda name: alphabetical(report.names.get(str(name), ""), str(name)))
    )


def _counts(table: pd.DataFrame, column: str) -> Counter[Hashable]:
    """Findings by a column's values."""
    return Counter(table.groupby(column, observed=True).size().to_dict())


def _messages(table: pd.DataFrame, column: str) -> Counter[Hashable]:
    """Different messages by a column's values."""
    return Counter(table.groupby(column, observed=True)["message"].nunique().to_dict())


def _worst(table: pd.DataFrame, column: str) -> dict[Hashable, Severity]:
    """The most serious finding by a column's values."""
    ranks = table.groupby(column, observed=True)["rank"].max().to_dict()
    return {value: _BY_RANK[rank] for value, rank in ranks.items()}


def alphabetical(name: str, mailbox: str) -> tuple[bool, str, str, str]:
    """People by surname, then shared mailboxes."""
    words = name.casefold().split()
    return (not words, words[-1] if words else "", " ".join(words), mailbox)
