"""The policy clause by clause: what looks after each, what was found this week, and how that has gone for twelve weeks.

Where nothing was read a number is left out and the week says so: in a chart it is a gap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from auditor.findings import Severity
from auditor.policy import CLAUSES
from reports import charts, fit, style, words
from reports.book import Book, Column, Row, say, table
from reports.charts import Drawn, Place
from reports.figures import FEW, Part, part
from reports.nights import Reach, covered
from reports.report import Reader, RuleInForce, WeekReport
from reports.style import Look, Value
from reports.trend import BEFORE, Extent, Sent, Week
from reports.week import day_words
from reports.words import counted

TITLE = "Clauses"
NOBODY = "Nobody checks"
_WIDTHS = (8, 38, 28, 10, 15, 9)
_WEEK_WIDTH = 7.4
_ZOOM = 90
"""All of it is seen on a small screen."""
_CHARTS_HIGH = 255.0
"""Points of the row that they lie over."""
_FEWEST_DRAWN = 2
"""Weeks of which there are charts."""
_DEEPEST = 10
"""Messages that have the deepest shade, where no cell has more."""
_QUIET, _DEEP = "9AA5B1", "9DB8D6"

_CLAUSE = ("Clause", "What it asks", "Looked after by")
_OF = "Messages with one, of all checked"

_CELL = Look(line=style.RULE, across="center", form="#,##0")
_SHARE = replace(_CELL, form=style.SHARE.form)
_SMALL = replace(_CELL, size=8)
_EMPTY = replace(_CELL, fill="EFEFEF")
_NO_SHARE = dict.fromkeys(("too few", "–"), style.RIGHT)
_HEAD = replace(style.HEAD, across="center", indent=0)
_WEEK_LOOKS = dict.fromkeys(("not read", "no mail"), _SMALL)


@dataclass(frozen=True, slots=True)
class _Week:
    """One column of numbers."""

    head: str
    """'28 Sep', its Monday."""
    but: str
    """What keeps it from being a week like the others: 'not read'."""
    sent: tuple[Sent, ...]
    messages: Part
    nights: str
    """'5 of 7'; empty where that is not known or the audit had not begun."""

    def counted(self, many: int) -> int | None:
        """A number of it; None where nothing was checked, which is not the same as nought."""
        return many if self.messages.of else None


def draw(book: Book, report: WeekReport) -> None:
    """The sheet."""
    weeks = _weeks(report)
    sheet = book.sheet(TITLE, [*_WIDTHS, *[_WEEK_WIDTH] * len(weeks)])
    sheet.sheet_view.zoomScale = _ZOOM
    row = _heading(sheet, report, len(_WIDTHS) + len(weeks))
    if weeks:
        row = _charts(sheet, row, weeks)
        row = _all_mail(sheet, row, weeks) + 1
    now = tuple(one for one in report.trend.sent if one.week == report.trend.now)
    sheet.print_title_rows = f"{row}:{row}"
    row = _clauses(sheet, row, report, now, weeks)
    _rules(sheet, row + 1, report, now, weeks)


def _weeks(report: WeekReport) -> list[_Week]:
    """Twelve weeks, the workbook's own last; none of a backlog."""
    trend = report.trend
    if len(trend.weeks) < 2:
        return []
    shown = list(enumerate(trend.weeks))[-BEFORE:]
    return [_week(week, tuple(one for one in trend.sent if one.week == place), report) for place, week in shown]


def _week(week: Week, sent: tuple[Sent, ...], report: WeekReport) -> _Week:
    messages, monday = part(sent), week.period.since
    but = ""
    if week.extent(messages.of) is Extent.NONE:
        but = "not read"
    elif not messages.of:
        but = "no mail"
    elif week.period.end and report.written < week.period.end:
        but = "so far"
    nights = tuple(night for night in week.nights if night.reach not in (Reach.BEFORE, Reach.AHEAD))
    told = f"{covered(nights)} of {len(nights)}" if nights else ""
    return _Week(f"{monday.day} {monday:%b}" if monday else "", but, sent, messages, told)


def _heading(sheet: Worksheet, report: WeekReport, width: int) -> int:
    of = ": the Clerk's mail" if report.reader is Reader.CHAIR else ""
    row = say(sheet, 1, f"The policy, clause by clause{of}", style.SUBTITLE, width)
    said = (
        "What looks after each clause, and what was found. Where nobody checks, this workbook does not say whether the clause "
        "was kept: a person has to look. A finding may fall under two clauses, is for review, and counts here whatever was "
        "decided of it."
    )
    if report.apart_mailboxes:
        said += " Nothing here includes the Clerk's mail."
    row = say(sheet, row, said, style.SAID, width)
    if any(not one.checked for one in report.trend.sent):
        said = (
            "'Others' are messages of which not everything could be checked: strangers' that somebody here deleted, or "
            "encrypted ones. No share is taken of them."
        )
        row = say(sheet, row, said, style.PLAIN, width)
    if len(report.trend.weeks) < 2:
        return row + 1
    said = (
        "A week is named by its Monday, and mail counts in the week it was sent in, whichever workbook lists what was found in "
        f"it. Below {FEW} messages no share is given for a clause. A week of which nothing was read is left empty."
    )
    if report.begun and report.begun > (report.trend.weeks[0].period.since or report.begun):
        said += f" The audit began on {day_words(report.begun)}: of earlier weeks it read what was still there."
    return say(sheet, row, said, style.PLAIN, width)


_GRADES = tuple(reversed(Severity))
_SHARE_ROW, _FIRST_GRADE = 3, 4
"""Below the heading of the table of all mail."""


def _all_mail(sheet: Worksheet, top: int, weeks: Sequence[_Week]) -> int:
    """What the charts are drawn of; no number where there is none."""
    grades = [_grades(week) for week in weeks]
    whole = part(one for week in weeks for one in week.sent)
    lines: list[tuple[str, Value, list[Value]]] = [
        ("Messages checked", whole.of or "none", [week.messages.of or week.but for week in weeks]),
        (
            "Messages with a finding",
            whole.some if whole.of else None,
            [week.counted(week.messages.some) for week in weeks],
        ),
        ("Share of messages with a finding", whole.told, [week.messages.share for week in weeks]),
    ]
    for grade in _GRADES:
        found = [week.counted(found[grade]) for week, found in zip(weeks, grades, strict=True)]
        lines.append(
            (f"Findings: {words.SEVERITY[grade]}", sum(one or 0 for one in found) if whole.of else None, [*found])
        )
    if any(week.nights for week in weeks):
        lines.append(("Nights on which every mailbox was read", "", [week.nights or "–" for week in weeks]))
    columns = _columns(("", "All mail, week by week", "", "Twelve weeks", "", ""), weeks)
    after = table(sheet, top, columns, [("", name, "", total, "", "", *numbers) for name, total, numbers in lines])
    for number, (_, _, numbers) in enumerate(lines, 1):
        _dress(sheet, top + number, numbers, _SHARE if number == _SHARE_ROW else _CELL)
    sheet[f"D{top + _SHARE_ROW}"].number_format = style.SHARE.form
    _center(sheet, top, columns)
    return after


def _charts(sheet: Worksheet, over: int, weeks: Sequence[_Week]) -> int:
    """Draws the table that follows, over one high row, so that no page ends in the middle; that table's row."""
    if sum(week.messages.of > 0 for week in weeks) < _FEWEST_DRAWN:
        said = "Charts stand here as soon as mail of two weeks has been checked."
        return say(sheet, over, said, style.PLAIN, len(_WIDTHS) + len(weeks)) + 1
    sheet.row_dimensions[over].height = _CHARTS_HIGH
    heads = over + 1
    place = Place(len(_WIDTHS) + 1, len(_WIDTHS) + len(weeks), heads)
    across = "Week, by its Monday"
    share = Drawn(heads + _SHARE_ROW, f"B{heads + _SHARE_ROW}", style.NAVY)
    shares = charts.line(sheet, place, share, "Share of messages with a finding", across, "Of all checked")
    shares.y_axis.number_format, shares.y_axis.majorUnit = "0%", None
    rows = [
        Drawn(heads + _FIRST_GRADE + n, f"B{heads + _FIRST_GRADE + n}", style.Ramp[grade.name].value[0])
        for n, grade in enumerate(_GRADES)
    ]
    found = charts.columns(sheet, place, rows[::-1], "Findings a week, by how serious they are", across, "Findings")
    found.y_axis.number_format = "#,##0"
    if max((sum(_grades(week).values()) for week in weeks), default=0) < 8:
        found.y_axis.majorUnit = 1
    charts.put(sheet, shares, over, 1, 3)
    charts.put(sheet, found, over, 4, len(_WIDTHS) + len(weeks))
    return heads


def _grades(week: _Week) -> Counter[Severity]:
    """Findings by severity."""
    found: Counter[Severity] = Counter()
    for one in week.sent:
        for _, severity in one.found:
            found[severity] += one.messages
    return found


def _clauses(sheet: Worksheet, top: int, report: WeekReport, now: Sequence[Sent], weeks: Sequence[_Week]) -> int:
    """Each clause of the policy, in its order."""
    week = "Findings this week" if weeks else "Findings"
    columns = _columns((*_CLAUSE, week, _OF, "Share"), weeks)
    lines = []
    for clause, asks in CLAUSES.items():
        after = [line for line in report.rules if clause in line.rule.clauses]
        checked = any(line.severity for line in after)
        counts = _figures({line.rule.name for line in after}, now, weeks)
        row = (clause, asks, _looked_after(after), *(counts[:3] if checked or counts[0] else ("", "", "")))
        lines.append((row, counts[3:] if checked else [""] * len(weeks)))
    return _grid(sheet, top, columns, lines)


def _looked_after(lines: Sequence[RuleInForce]) -> str:
    """The rules that are in force, and those that the Council has switched off."""
    off = [line.rule.title for line in lines if not line.severity]
    said = [line.rule.title for line in lines if line.severity] or [NOBODY]
    return "\n".join([*said, *(f"{title} (switched off)" for title in off)])


def _rules(sheet: Worksheet, top: int, report: WeekReport, now: Sequence[Sent], weeks: Sequence[_Week]) -> int:
    """The rules that found something in these weeks, the most serious first."""
    worst: dict[str, Severity] = {}
    for one in (*now, *(one for week in weeks for one in week.sent)):
        for name, severity in one.found:
            worst[name] = max(worst.get(name, severity), severity, key=lambda grade: grade.rank)
    if not worst:
        return top
    known = {line.rule.name: line.rule for line in report.rules}
    titles = {name: known[name].title if name in known else name for name in worst}
    week = "Findings this week" if weeks else "Findings"
    columns = _columns(("Clause", "What was found", "Most serious", week, _OF, "Share"), weeks, style.SEVERITIES)
    lines = []
    for name in sorted(worst, key=lambda name: (-worst[name].rank, titles[name])):
        counts = _figures({name}, now, weeks)
        clauses = "\n".join(known[name].clauses) if name in known else ""
        lines.append(((clauses, titles[name], words.SEVERITY[worst[name]], *counts[:3]), counts[3:]))
    return _grid(sheet, top, columns, lines)


def _figures(rules: set[str], now: Sequence[Sent], weeks: Sequence[_Week]) -> list[Value]:
    """Findings, messages and share of the workbook's own days; messages of each week."""
    with_one = [one for one in now if _has(one, rules)]
    findings = sum(one.messages for one in with_one for name, _ in one.found if name in rules)
    messages = Part(sum(one.messages for one in with_one if one.checked), part(now).of)
    others = sum(one.messages for one in with_one if not one.checked)
    said = messages.words if messages.of else "none checked"
    told: list[Value] = [
        findings if messages.of else findings or None,
        f"{said}\n{counted(others, 'other')}" if others else said,
        messages.told,
    ]
    return [*told, *(week.counted(_messages(rules, week.sent)) for week in weeks)]


def _messages(rules: set[str], sent: Sequence[Sent]) -> int:
    """Messages in which one of these rules found something."""
    return sum(one.messages for one in sent if _has(one, rules))


def _has(one: Sent, rules: set[str]) -> bool:
    return any(name in rules for name, _ in one.found)


def _columns(heads: Sequence[str], weeks: Sequence[_Week], looks: Mapping[str, Look] | None = None) -> list[Column]:
    """The same places in all three tables: six of words and figures, then the weeks."""
    sorts = (style.NAME, style.TEXT, style.TEXT, style.NUMBER, style.RIGHT, style.SHARE)
    marked: tuple[Mapping[str, Look], ...] = ({}, {}, looks or {NOBODY: style.NAME}, {}, {}, _NO_SHARE)
    first = [Column(*one[:3], looks=one[3]) for one in zip(heads, _WIDTHS, sorts, marked, strict=True)]
    return first + [Column(f"{week.head}\n{week.but}".strip(), _WEEK_WIDTH, _CELL, looks=_WEEK_LOOKS) for week in weeks]


def _grid(
    sheet: Worksheet,
    top: int,
    columns: Sequence[Column],
    lines: Sequence[tuple[Row, Sequence[Value]]],
) -> int:
    """A table whose weeks are shaded by how many messages they tell of; nothing is told by the shade alone."""
    after = table(sheet, top, columns, [(*row, *numbers) for row, numbers in lines])
    for number, (_, numbers) in enumerate(lines, top + 1):
        _dress(sheet, number, numbers, _CELL)
    _center(sheet, top, columns)
    if len(columns) > len(_WIDTHS) and lines:
        first, last = get_column_letter(len(_WIDTHS) + 1), get_column_letter(len(columns))
        area = f"{first}{top + 1}:{last}{after - 1}"
        most = max([_DEEPEST, *(one for _, numbers in lines for one in numbers if isinstance(one, int))])
        sheet.conditional_formatting.add(area, CellIsRule("equal", ["0"], font=Font(color=_QUIET)))  # type: ignore[no-untyped-call]
        shades = ColorScaleRule("num", 0, "FFFFFF", end_type="num", end_value=most, end_color=_DEEP)  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add(area, shades)
    return after


def _center(sheet: Worksheet, top: int, columns: Sequence[Column]) -> None:
    """The heads of the weeks over their numbers, and no higher than they need be."""
    for place in range(len(_WIDTHS) + 1, len(columns) + 1):
        style.dress(sheet[f"{get_column_letter(place)}{top}"], _HEAD)
    looks = [style.HEAD] * len(_WIDTHS) + [_HEAD] * (len(columns) - len(_WIDTHS))
    many = max(fit.lines(one.heading, look.room(one.width)) for one, look in zip(columns, looks, strict=True))
    sheet.row_dimensions[top].height = fit.points(many, style.SIZE) + 6


def _dress(sheet: Worksheet, row: int, numbers: Sequence[Value], look: Look) -> None:
    """The looks of a row's weeks: where nothing is told the cell is grey."""
    for place, value in enumerate(numbers, len(_WIDTHS) + 1):
        if not isinstance(value, str):
            style.dress(sheet[f"{get_column_letter(place)}{row}"], _EMPTY if value is None else look)


COLUMNS = (*_columns((*_CLAUSE, "Findings this week", _OF, "Share"), ()),)
"""Of a clause in a week's workbook, before its twelve weeks."""
