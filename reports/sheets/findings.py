"""One row a finding, those of one incident together: what a person needs to decide it, and room for the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from auditor.analysers.measured import measured
from auditor.findings import Rule, clip
from auditor.policy import CLAUSES
from auditor.store.decisions import Decided, Decision
from reports import style, words
from reports.book import Book, Column, Level, Row, linked
from reports.cells import day_cell, moment_cell
from reports.links import link
from reports.report import Listed, WeekReport
from reports.route import route

TITLE = "Findings"
NUMBER, DECISION, NOTE, LEAD, FINDING = "No.", "Decision", "Note", "Counts with (finding)", "Finding"
"""The headings by which decisions are read back."""
RECIPIENTS_SHOWN = 6
_LONGEST = 240
"""Characters of a paragraph of the policy."""
_OPEN = "Open"

_DECIDE = (
    "Choose one from the list. On the first row of an incident a decision counts for the rows below it as well, as long as "
    "they have none of their own."
)
_ALIKE = (
    "Findings that are alike are one incident: the first row says how many they are, the plus sign at the left edge shows "
    "the others. Show them all (the small 2 at the top left) before you sort."
)
_SUGGESTED = "A suggestion only, by role and severity: the Clerk chooses the procedure."
_OPENS = "Opens the message in the mail provider's own pages, for whoever has access to that mailbox."

COLUMNS = (
    Column(NUMBER, 7, style.NUMBER),
    Column("Alike", 8.5, note=_ALIKE),
    Column("Day sent (UK time)", 12.5, replace(style.DAY, form="d mmm yyyy")),
    Column("From", 13, style.NAME),
    Column("To", 16),
    Column("Subject", 15),
    Column("What (clause)", 16, style.NAME),
    Column("The policy says", 20),
    Column("Severity", 12.5, looks=style.SEVERITIES),
    Column("Why, in plain words", 26),
    Column("The words", 20),
    Column(DECISION, 14, style.WRITABLE, choices=tuple(Decision), note=_DECIDE),
    Column(NOTE, 14.5, style.WRITABLE),
    Column("Suggested route", 17, note=_SUGGESTED),
    Column("Time sent (UK time)", 11, style.CLOCK, printed=False),
    Column("Which part of the message", 20, printed=False),
    Column("How sure", 24, printed=False),
    Column("Where the message is", 36, printed=False),
    Column("Message-ID (to search for in the mail program)", 42, style.IDENTITY, printed=False),
    Column(LEAD, 25, style.IDENTITY, printed=False),
    Column(FINDING, 25, style.IDENTITY, printed=False),
)
NAMING = frozenset({"From", "To", "Where the message is", "Message-ID (to search for in the mail program)"})
"""The columns that name people."""
PERSON = Column("Person", 11, style.NAME)
OPEN = Column("Open", 9, style.AWAY, printed=False, link=lambda item: link(item.row.link), note=_OPENS)


def columns(report: WeekReport) -> tuple[Column, ...]:
    """Those that a workbook has: `PERSON` where names are hidden, `OPEN` where messages have addresses."""
    chosen = list(COLUMNS)
    if any(link(item.row.link) for item in report.findings):
        chosen.insert([column.printed for column in chosen].index(False), OPEN)
    if report.names_hidden:
        chosen = [replace(column, folded=column.heading in NAMING) for column in chosen]
        chosen.insert([column.folded for column in chosen].index(True), PERSON)
    return tuple(chosen)


def draw(book: Book, report: WeekReport) -> None:
    """The sheet, or as many as it takes."""
    drawn = columns(report)
    sheet = book.sheet(TITLE, [column.width for column in drawn])
    policy = _paragraphs(report)
    rules = {line.rule.name: _Told(line.rule, policy) for line in report.rules}
    standing = report.decisions.standing
    breaches = report.decisions.breaches
    at = {item.row.id: number for number, item in enumerate(report.findings, 1) if item.like}
    persons = _persons(report) if report.names_hidden else {}
    opens = OPEN in drawn

    def line(number: int, item: Listed) -> Row:
        row, finding = item.row, item.row.finding
        told = rules.get(finding.rule)
        sent = moment_cell(row.sent)
        before = breaches.get((row.sender, finding.rule)) if breaches else None
        address = link(row.link) if opens else ""
        return (
            number,
            f"as No. {at[item.lead]:,}" if item.lead else f"{item.like + 1:,} alike" if item.like else None,
            "not known" if row.sent is None else day_cell(item.day) or sent,
            *([persons[_whose(item)]] if persons else ()),
            _sender(item, report) or "(no sender)",
            words.several([report.names.get(to) or to for to in row.recipients], RECIPIENTS_SHOWN) or "(nobody)",
            row.subject or "(no subject)",
            told.what if told else finding.rule,
            told.policy if told else None,
            words.SEVERITY[finding.severity],
            finding.reason,
            finding.excerpt,
            *_decided(item, standing),
            route(item.role, finding.severity, before is not None and row.sent is not None and before < row.sent),
            *([(_OPEN if linked(number) else address) if address else None] if opens else ()),
            sent,
            words.part(finding.part),
            words.confidence(finding.confidence, measured(finding.rule)[1]),
            "\n".join(item.places),
            row.message_id or f"none; SHA-256 of the message: {row.sha256}",
            _counts_with(item, standing),
            row.id,
        )

    book.rows(sheet, 1, drawn, report.findings, line, _level)
    sheet.freeze_panes = "E2"
    if not report.findings:
        style.put(sheet["A2"], _nothing(report), style.SECTION)


def _level(item: Listed) -> Level:
    return Level.FOLDED if item.lead else Level.FIRST if item.like else Level.PLAIN


def _paragraphs(report: WeekReport) -> dict[str, str]:
    """What the adopted text says under each clause; what the clauses ask, in our words, where there is no such text."""
    said: dict[str, str] = {}
    for paragraph in report.adopted.text.paragraphs if report.adopted else ():
        for clause in paragraph.clauses:
            said.setdefault(clause, clip(paragraph.text, _LONGEST))
    return CLAUSES | said


def _whose(item: Listed) -> str:
    return item.name or item.row.sender


def _persons(report: WeekReport) -> dict[str, str]:
    """A stand-in for each person, in the order of the alphabet, so that it does not tell who has the most."""
    return {name: f"Person {n:,}" for n, name in enumerate(sorted(set(map(_whose, report.findings))), 1)}


class _Told:
    """What is said of every finding of a rule; where this program no longer knows the rule, its name alone is."""

    def __init__(self, rule: Rule, policy: Mapping[str, str]) -> None:
        self.what = f"{rule.title} ({', '.join(rule.clauses)})"
        self.policy = "\n".join(dict.fromkeys(policy.get(clause, clause) for clause in rule.clauses))


def _decided(item: Listed, standing: Mapping[str, Decided]) -> tuple[str | None, str | None]:
    """Decision and note: of a week that is written again, what was decided before.

    What counts by the first row of its incident stands there alone, so that changing it there changes it for all.
    """
    own = standing.get(item.row.id)
    if own is None:
        return None, None
    first = standing.get(item.lead)
    same = first is not None and first.decision == own.decision
    return None if same else own.decision, own.note or None


def _counts_with(item: Listed, standing: Mapping[str, Decided]) -> str | None:
    """The first of its incident, unless that one was decided before this one was there: then nobody has decided this one."""
    own, first = standing.get(item.row.id), standing.get(item.lead)
    waits = own is None or own.decision is None
    return None if waits and first is not None and first.decision is not None else item.lead or None


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
