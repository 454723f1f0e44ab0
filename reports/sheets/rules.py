"""What was looked for: each rule with the policy's clause, and the clauses that no rule checks."""

from __future__ import annotations

from collections import Counter

from auditor.analysers.measured import FEWEST, measured
from auditor.findings import RULES_VERSION
from auditor.policy import CLAUSES
from reports import precision, style, words
from reports.book import Book, Column, Row, say, table
from reports.report import RuleInForce, WeekReport

TITLE = "Rules"
_OFF = "Switched off"
_NOT = "Not checked"
_VERSION = f"These are the rules in their version {RULES_VERSION}; each finding keeps the version that found it."

COLUMNS = (
    Column("Rule", 24, style.NAME),
    Column("What it objects to", 40),
    Column("Clause", 8),
    Column("The clause", 38),
    Column("Reads", 18),
    Column("Severity", 16, looks=style.SEVERITIES | {_OFF: style.NAME, _NOT: style.NAME}),
    Column("Findings listed", 10, style.NUMBER),
    Column("Right on labelled mail", 18),
    Column("Right by your decisions", 24),
)


def draw(book: Book, report: WeekReport) -> None:
    """The sheet."""
    sheet = book.sheet(TITLE, [column.width for column in COLUMNS])
    found = Counter(line.row.finding.rule for line in report.findings)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    rows = [_line(line, found[line.rule.name], report) for line in report.rules]
    checked = {clause for line in report.rules for clause in line.rule.clauses}
    rows += [_unchecked(clause) for clause in sorted(set(CLAUSES) - checked, key=_order)]
    row = table(sheet, 1, COLUMNS, rows)
    sheet.auto_filter.ref = f"A1:I{row - 1}"
    say(sheet, row + 1, _VERSION, style.SMALL, len(COLUMNS))


def _unchecked(clause: str) -> Row:
    """A clause that no rule of this program checks: said, so that silence is not taken for its being kept."""
    return (
        "(no rule)",
        "This workbook does not say whether it was kept: a person has to look.",
        clause,
        CLAUSES[clause],
        "",
        _NOT,
        "",
        "",
        "",
    )


def _line(line: RuleInForce, found: int, report: WeekReport) -> Row:
    rule = line.rule
    return (
        f"{rule.title}\n{rule.name}",
        rule.finds,
        ", ".join(rule.clauses),
        "\n".join(CLAUSES.get(clause, clause) for clause in rule.clauses),
        words.listed([words.part(part) for part in rule.reads]),
        words.SEVERITY[line.severity] if line.severity else _OFF,
        found,
        precision.in_words(*measured(rule.name), FEWEST, "labelled"),
        precision.in_words(*report.decisions.right.get(rule.name, (0, 0))),
    )


def _order(clause: str) -> tuple[int, int]:
    """E2 before E10; the policy's own order of letters."""
    return "EMIUSR".find(clause[0]), int(clause[1:])
