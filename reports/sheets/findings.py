"""One row a finding: what a person needs to decide it, and room for the decision."""

from __future__ import annotations

from auditor.analysers.measured import measured
from auditor.findings import Rule
from auditor.policy import CLAUSES
from auditor.store.decisions import Decided, Decision
from reports import style, words
from reports.book import Book, Column, Row
from reports.cells import day_cell, moment_cell
from reports.report import Listed, WeekReport

TITLE = "Findings"
NUMBER, DECISION, NOTE, FINDING = "No.", "Decision", "Note", "Finding"
"""The headings by which decisions are read back."""
RECIPIENTS_SHOWN = 6

COLUMNS = (
    Column(NUMBER, 6, style.NUMBER),
    Column("Day sent (UK time)", 17.5, style.DAY),
    Column("From", 18, style.NAME),
    Column("To", 30),
    Column("Subject", 22),
    Column("What (clause)", 18, style.NAME),
    Column("Severity", 12.5, looks=style.SEVERITIES),
    Column("Why, in plain words", 36),
    Column("The words", 28),
    Column(DECISION, 14, style.WRITABLE, choices=tuple(Decision)),
    Column(NOTE, 16, style.WRITABLE),
    Column("Time sent (UK time)", 11, style.CLOCK, printed=False),
    Column("Clause of the policy", 64, printed=False),
    Column("Which part of the message", 20, printed=False),
    Column("Where the message is", 36, printed=False),
    Column("How sure", 24, printed=False),
    Column("Message-ID (to search for in the mail program)", 42, printed=False),
    Column(FINDING, 25, printed=False),
)


def draw(book: Book, report: WeekReport) -> None:
    """The sheet, or as many as it takes."""
    sheet = book.sheet(TITLE, [column.width for column in COLUMNS])
    rules = {line.rule.name: _Told(line.rule) for line in report.rules}
    standing = report.decisions.standing

    def line(number: int, item: Listed) -> Row:
        row, finding = item.row, item.row.finding
        told = rules.get(finding.rule)
        sent = moment_cell(row.sent)
        return (
            number,
            "not known" if row.sent is None else day_cell(item.day) or sent,
            _sender(item, report) or "(no sender)",
            words.several([report.names.get(to) or to for to in row.recipients], RECIPIENTS_SHOWN) or "(nobody)",
            row.subject or "(no subject)",
            told.what if told else finding.rule,
            words.SEVERITY[finding.severity],
            finding.reason,
            finding.excerpt,
            *_decided(standing.get(row.id)),
            sent,
            told.clauses if told else None,
            words.part(finding.part),
            "\n".join(item.places),
            words.confidence(finding.confidence, measured(finding.rule)[1]),
            row.message_id or f"none; SHA-256 of the message: {row.sha256}",
            row.id,
        )

    book.rows(sheet, 1, COLUMNS, report.findings, line)
    sheet.freeze_panes = "D2"
    if not report.findings:
        style.put(sheet["A2"], _nothing(report), style.SECTION)


class _Told:
    """What is said of every finding of a rule; where this program no longer knows the rule, its name alone is."""

    def __init__(self, rule: Rule) -> None:
        self.what = f"{rule.title} ({', '.join(rule.clauses)})"
        self.clauses = "\n".join(f"{clause}: {CLAUSES.get(clause, '')}" for clause in rule.clauses)


def _decided(standing: Decided | None) -> tuple[str | None, str | None]:
    """Decision and note: of a week that is written again, what was decided before."""
    return (None, None) if standing is None else (standing.decision, standing.note or None)


def _sender(item: Listed, report: WeekReport) -> str:
    """A person's name; the address besides when it is not the person's own mailbox."""
    address = item.row.sender
    if not item.name or item.name == report.names.get(address):
        return item.name or address
    return f"{item.name}\n{address}"


def _nothing(report: WeekReport) -> str:
    """Never more than what was looked at."""
    if report.exceptions.hidden:
        return "No findings but those that an exception covers: see the sheet Exceptions."
    if report.shortfalls:
        return "No findings in what could be read. Not everything could: see the sheet Coverage."
    return "No findings. Every mailbox was read in full: see the sheet Coverage."
