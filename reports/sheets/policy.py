"""The adopted policy, paragraph by paragraph: what looks after each, and what e-mail cannot show of it."""

from __future__ import annotations

from collections import Counter
from datetime import date

from openpyxl.worksheet.worksheet import Worksheet

from auditor.adopted import Paragraph
from reports import style
from reports.book import Book, Column, Row, say, table
from reports.report import AdoptedPolicy, WeekReport
from reports.week import day_words, local_day
from reports.words import counted

TITLE = "Policy"
_UNKNOWN = "Not recognised"
_PART, _WHOLE, _NOT, _NONE = "In part", "Yes", "By no rule", "Not visible"

COLUMNS = (
    Column("What the policy says", 58),
    Column("Clause", 9),
    Column("Checked?", 16, style.NAME, looks={_UNKNOWN: style.ALARM_CELL}),
    Column("By which rules", 40),
    Column("What e-mail cannot show of it", 50),
    Column("Findings listed", 10, style.NUMBER),
)


def draw(book: Book, report: WeekReport) -> None:
    """The sheet; none where the Council has given no text."""
    if report.adopted is None:
        return
    sheet = book.sheet(TITLE, [column.width for column in COLUMNS])
    row = _heading(sheet, report, report.adopted)
    found = Counter(line.row.finding.rule for line in report.findings)
    table(sheet, row + 1, COLUMNS, [_line(one, report, found) for one in report.adopted.text.paragraphs])


def _heading(sheet: Worksheet, report: WeekReport, adopted: AdoptedPolicy) -> int:
    width = len(COLUMNS)
    days = [
        f"{what} on {day_words(day)}"
        for what, day in (("adopted", adopted.on), ("to be reviewed", adopted.review))
        if day
    ]
    row = say(sheet, 1, "The Council's policy" + (f", {' and '.join(days)}" if days else ""), style.SUBTITLE, width)
    for remark in _remarks(adopted, local_day(report.written)):
        row = say(sheet, row, remark, style.SAID, width)
    unknown = sum(not paragraph.known for paragraph in adopted.text.paragraphs)
    said = "Below is every paragraph of the text, and what looks after it."
    if unknown:
        said += (
            f" {counted(unknown, 'paragraph')} could not be recognised, and nothing looks after what they ask: "
            "a person has to, or put the clause's mark, such as (E3), behind a paragraph that is one of the clauses."
        )
    row = say(sheet, row, said, style.PLAIN, width)
    return say(sheet, row, f"The text read has the SHA-256 {adopted.text.sha256}.", style.PLAIN, width)


def _remarks(adopted: AdoptedPolicy, today: date) -> list[str]:
    remarks = [
        f"{said} The Council may wish to put that right when it next looks at the policy."
        for said in adopted.text.outdated
    ]
    if adopted.review and adopted.review < today:
        remarks.insert(
            0,
            f"The policy was to be reviewed by {day_words(adopted.review)}: the Council may wish to put it on an agenda.",
        )
    return remarks


def _line(paragraph: Paragraph, report: WeekReport, found: Counter[str]) -> Row:
    lines = [
        line.rule for line in report.rules if line.severity and not set(line.rule.clauses).isdisjoint(paragraph.clauses)
    ]
    if not paragraph.known:
        checked = _UNKNOWN
    elif not lines:
        checked = _NOT if paragraph.clauses else _NONE
    else:
        checked = _PART if paragraph.unseen else _WHOLE
    return (
        paragraph.text,
        ", ".join(paragraph.clauses),
        checked,
        "\n".join(rule.title for rule in lines),
        paragraph.unseen,
        sum(found[rule.name] for rule in lines) if lines else "",
    )
