"""The first page: what this workbook is, what was looked at, and how much was found, each figure with what it is a share of."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from auditor.policy import CLAUSES
from auditor.store.records import MailboxStatus
from auditor.store.trail import Head
from reports import style, words
from reports.accounts import to_be_read
from reports.book import Book, Column, Row, say, table
from reports.figures import Figures, Part, PersonFigure, figures
from reports.nights import Reach, covered
from reports.report import Reader, WeekReport, began_later
from reports.style import Look
from reports.week import day_words, days_words, moment_words, span_words
from reports.words import counted

TITLE = "Summary"
WIDTH = 6
_SHORTFALLS_SHOWN = 8
_ASKED_SHOWN = 5
_WAITING_SHOWN = 4
_LINES_A_PAGE = 16
_EMPTY = 15.0
"""Points of a row with nothing in it."""
_PAGE = 525.0
"""Points that a page holds: A4 across without its margins, at the scale that is printed."""
_TWO_BASES = (
    "In these tables 'Findings' are all that are listed, mail of other days included; 'Messages' and 'Share' are of this "
    "week's mail alone."
)
_MEANINGS = (
    "Breach: it does not keep to the policy. Not a breach: it was wrongly listed. Permitted: it does not keep to the policy, "
    "and was agreed beforehand. Ask the Chair: the Chair is to decide."
)
_APART = "None of the figures on findings include the Clerk's mail."
_WHOSE = {Reader.CLERK: "e-mail from the Council's mailboxes", Reader.CHAIR: "the Clerk's own e-mail"}

BY_RULE = (
    Column("What", 38, style.NAME),
    Column("Clause of the policy", 44),
    Column("Findings", 11, style.NUMBER),
    Column("Messages, of all checked", 18, style.RIGHT),
    Column("Share", 10, style.SHARE),
    Column("Severity", 18, looks=style.SEVERITIES),
)
BY_PERSON = (
    Column("Person", 38, style.NAME),
    Column("Mailbox", 44),
    Column("Findings", 11, style.NUMBER),
    Column("Messages, of those checked", 18, style.RIGHT),
    Column("Share", 10, style.SHARE),
    Column("Most serious", 18, looks=style.SEVERITIES),
)
SHEETS = (
    ("Findings", "One row a finding: what was written, why it is listed, and room for your decision."),
    ("Exceptions", "What need not be listed again: yours to adopt and to end, and what was not listed because of it."),
    ("Coverage", "What was read in each mailbox, what was not, and what to do about it."),
    ("Not read", "Each message that could not be read, with the reason."),
    ("Searches and holds", "What was done with the mail held, by whom, and what may not be deleted."),
    ("Assertion 10", "What there is for the yearly return on e-mail, policy and records, and what is missing."),
    ("Rules", "What is looked for, with the clause of the policy, and what nobody checks."),
    ("Policy", "The Council's own policy, paragraph by paragraph, with what looks after each."),
)


def draw(book: Book, report: WeekReport) -> None:
    """The sheet."""
    sheet = book.sheet(TITLE, [column.width for column in BY_RULE])
    # Excel heeds page breaks only on a sheet that is not fitted to the page; this one fits as it is.
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=False)
    sheet.page_setup.scale = 95
    counts = figures(report)
    row = _heading(sheet, report)
    row = _coverage(sheet, row + 1, report)
    row = _warnings(sheet, row, report)
    row = _headline(sheet, row + 1, report, counts)
    row = _decisions(sheet, row + 1, report)
    top = row
    row = _contents(sheet, row + 1, report)
    # A first page that has much to explain leaves the list of sheets to the second, rather than cut it.
    sheet.row_breaks.append(Break(id=row if _height(sheet, row - 1) <= _PAGE else top))
    row = _bases(sheet, row + 1, counts)
    row = _rules(sheet, row, report, counts)
    if len(counts.by_rule) + len(counts.by_person) > _LINES_A_PAGE:
        sheet.row_breaks.append(Break(id=row))
    row = _people(sheet, row + 1, report, counts)
    if report.trail.length:
        _say(sheet, row + 1, _seal(report.trail), style.SMALL)


def _seal(trail: Head) -> str:
    """`auditor.cli.anchors` reads the second sentence."""
    return (
        "The seal of this workbook asks nothing of you: 'auditor verify' reads it, to prove that the records were not altered "
        f"later. Audit trail: entry {trail.length:,}, {trail.hash}."
    )


def _height(sheet: Worksheet, last: int) -> float:
    """Points from the top to the end of a row."""
    return sum(sheet.row_dimensions[row].height or _EMPTY for row in range(1, last + 1))


def _say(sheet: Worksheet, row: int, text: str, look: Look) -> int:
    return say(sheet, row, text, look, WIDTH)


def _heading(sheet: Worksheet, report: WeekReport) -> int:
    what = "what the first reading of old mail found" if not report.period.days else "what was found this week"
    row = _say(sheet, 1, "E-mail policy audit", style.TITLE)
    row = _say(sheet, row, report.council, style.SUBTITLE)
    row = _say(sheet, row, f"{report.period.title}: {days_words(report.period)}", style.SUBTITLE)
    said = (
        f"This workbook lists, for the {report.reader.value}, {what} in {_WHOSE[report.reader]} that may not keep "
        "to the Council's e-mail policy. Findings are for review: a person decides."
    )
    row = _say(sheet, row, said, style.PLAIN)
    return _say(sheet, row, f"Written on {moment_words(report.written)}.", style.PLAIN)


def _coverage(sheet: Worksheet, row: int, report: WeekReport) -> int:
    """Before any figure: what it stands on."""
    shortfalls = report.shortfalls
    many = counted(len(to_be_read(report.coverage)), "mailbox", "mailboxes")
    if not shortfalls:
        said = f"Coverage is complete: every message in {many} is accounted for.{_unwatched(report)} {_nights(report)}"
        return _say(sheet, row, said, style.SAID)
    row = _say(
        sheet, row, "COVERAGE IS NOT COMPLETE: the figures below are only about what could be read.", style.ALARM
    )
    for short in shortfalls[:_SHORTFALLS_SHOWN]:
        row = _say(sheet, row, f"•  {short.what} {short.why}", style.ALARM_TEXT)
    if len(shortfalls) > _SHORTFALLS_SHOWN:
        row = _say(
            sheet, row, f"•  and {len(shortfalls) - _SHORTFALLS_SHOWN:,} more, on the sheet Coverage.", style.ALARM_TEXT
        )
    return _say(
        sheet,
        row,
        f"The account of every mailbox is on the sheet Coverage.{_unwatched(report)} {_nights(report)}",
        style.ALARM_TEXT,
    )


def _unwatched(report: WeekReport) -> str:
    """Of what coverage is not about: a mailbox that nobody asked to read is no shortfall, and not clean either."""
    if not report.unwatched:
        return ""
    many = counted(len(report.unwatched), "mailbox", "mailboxes")
    return f" Not read at all: {many} of people in schedule.toml that no source there names; the sheet Coverage lists them."


def _nights(report: WeekReport) -> str:
    if not report.nights:
        return ""
    reaches = [night.reach for night in report.nights]
    if began := began_later(report):
        return began
    also = [
        f"{counted(reaches.count(reach), 'night')} {words}"
        for reach, words in ((Reach.AHEAD, "still to come"), (Reach.BEFORE, "before the first run of all"))
        if reach in reaches
    ]
    rest = f" ({', '.join(also)})" if also else ""
    return f"Nights on which every mailbox was read in full: {covered(report.nights)} of {len(report.nights)}{rest}."


def _warnings(sheet: Worksheet, row: int, report: WeekReport) -> int:
    warnings = list(report.warnings)
    if report.users_informed_on is None:
        warnings.insert(
            0,
            "No day is set on which members and staff were told that e-mail is monitored. They must be told before "
            "these findings are used; then set users_informed_on in schedule.toml.",
        )
    for warning in warnings:
        row = _say(sheet, row, f"Please note: {warning}", style.ALARM_TEXT)
    return row


def _headline(sheet: Worksheet, row: int, report: WeekReport, counts: Figures) -> int:
    row = _say(sheet, row, "Figures", style.SECTION)
    row = _say(sheet, row, _share(counts.messages, report), style.STRONG)
    row = _say(sheet, row, _listed(report, counts), style.PLAIN)
    if report.apart_mailboxes:
        row = _say(sheet, row, f"{_apart(report)} {_APART}", style.PLAIN)
    if counts.findings:
        row = _say(sheet, row + 1, "To do", style.SECTION)
        row = _say(sheet, row, _to_do(counts.findings), style.STRONG)
        row = _say(sheet, row, _MEANINGS, style.PLAIN)
    return row


def _decisions(sheet: Worksheet, row: int, report: WeekReport) -> int:
    """What has become of earlier workbooks."""
    stand = report.decisions
    waiting = sum(many for _, many in stand.waiting)
    if not (stand.decided or waiting or stand.asked):
        return row - 1
    row = _say(sheet, row, "Your decisions in earlier workbooks", style.SECTION)
    if stand.decided or waiting:
        row = _say(sheet, row, _waiting(stand.decided, waiting, stand.waiting), style.PLAIN)
    for sentence in stand.asked[:_ASKED_SHOWN]:
        row = _say(sheet, row, f"Please look: {sentence}", style.ALARM_TEXT)
    if len(stand.asked) > _ASKED_SHOWN:
        more = f"There are {len(stand.asked) - _ASKED_SHOWN:,} more such things: 'auditor decisions' lists them all."
        row = _say(sheet, row, more, style.ALARM_TEXT)
    return row


def _waiting(decided: int, waiting: int, where: Sequence[tuple[str, int]]) -> str:
    """'Of 38 findings, 34 are decided. Waiting: 3 in Audit 2026-W46 and 1 in Audit 2026-W45.'"""
    are = "is" if decided == 1 else "are"
    said = f"Of {counted(decided + waiting, 'finding')}, {decided:,} {are} decided."
    if not waiting:
        return said
    places = [f"{many:,} in {book}" for book, many in where[:_WAITING_SHOWN]]
    if len(where) > _WAITING_SHOWN:
        places.append(f"{sum(many for _, many in where[_WAITING_SHOWN:]):,} in older ones")
    return f"{said} Waiting for a decision: {words.listed(places)}."


def _to_do(many: int) -> str:
    rows = "the row" if many == 1 else f"each of the {many:,} rows"
    return (
        f"On the sheet Findings choose a decision in {rows}, write a note where somebody may ask why, save and close."
    )


def _apart(report: WeekReport) -> str:
    """How much was found on the clerk, and whether anybody looked: where nothing was, there is no workbook to point to."""
    if report.apart:
        are = "is" if report.apart == 1 else "are"
        return f"The Clerk's own mail is audited too: {counted(report.apart, 'finding')} on it {are} for the Chair's workbook."
    own = [line for line in to_be_read(report.coverage) if line.mailbox in report.apart_mailboxes]
    if not own:
        return "The Clerk's own mailbox is not read, so nothing can be said of what the Clerk sends."
    if any(line.status is not MailboxStatus.COMPLETE for line in own):
        return "The Clerk's own mail is audited too: nothing was found in what could be read of it."
    return "The Clerk's own mail is audited too: nothing was found on it."


def _share(messages: Part, report: WeekReport) -> str:
    """'Of 214 messages checked, 9 have a finding (4%).'"""
    sent = "sent this week and " if report.period.days else "of the backlog "
    if not messages.of:
        return f"No message {sent}checked: there is nothing to take a share of."
    has = "has" if messages.some == 1 else "have"
    share = "" if messages.share is None else f" ({_percent(messages.share)})"
    some = f"{messages.some:,}" if messages.some else "none"
    return f"Of {counted(messages.of, 'message')} {sent}checked, {some} {has} a finding{share}."


def _percent(share: float) -> str:
    if 0 < share < 0.01:
        return f"{share * 100:.1f}%"
    return f"{share * 100:.0f}%"


def _listed(report: WeekReport, counts: Figures) -> str:
    """How many findings, how serious, and how many of them on older mail."""
    if not counts.findings:
        return "No findings in what could be read." if report.shortfalls else "No findings."
    grades = [f"{many:,} {words.SEVERITY[grade][2:].lower()}" for grade, many in counts.by_severity if many]
    said = [f"{counted(counts.findings, 'finding')} listed: {words.listed(grades)}."]
    if counts.other_days:
        first, last = counts.other_days
        days = f"on {day_words(first)}" if first == last else f"on other days (from {span_words(first, last)})"
        said.append(f"{counts.new:,} on mail of this week; {counts.carried:,} on mail sent {days} and found only now.")
    if counts.undated:
        said.append(f"{counts.undated:,} on mail whose day is not known.")
    return " ".join(said)


def _bases(sheet: Worksheet, row: int, counts: Figures) -> int:
    """What the tables count: in a row with mail of other days stand two things that are not of the same mail."""
    if not counts.carried and not counts.undated:
        return row
    return _say(sheet, row, _TWO_BASES, style.PLAIN) + 1


def _rules(sheet: Worksheet, row: int, report: WeekReport, counts: Figures) -> int:
    if not counts.by_rule:
        return row - 1
    row = _say(sheet, row, "By rule", style.SECTION)
    rules = {line.rule.name: line for line in report.rules}
    rows: list[Row] = []
    for figure in counts.by_rule:
        line = rules.get(figure.rule)
        clauses = line.rule.clauses if line else ()
        rows.append(
            (
                line.rule.title if line else figure.rule,
                "\n".join(f"{clause}: {CLAUSES.get(clause, '')}" for clause in clauses),
                figure.findings,
                *_part(figure.messages),
                words.SEVERITY[figure.worst],
            )
        )
    return table(sheet, row, BY_RULE, rows)


def _people(sheet: Worksheet, row: int, report: WeekReport, counts: Figures) -> int:
    row = _say(sheet, row, "By person" if report.reader is Reader.CLERK else "The Clerk's mail", style.SECTION)
    rows = [_person(figure, report) for figure in counts.by_person]
    row = table(sheet, row, BY_PERSON, rows)
    if report.apart_mailboxes:
        where = "Left to the Chair's workbook" if report.apart else "Not here"
        said = f"{where}: {words.listed(report.apart_mailboxes)}."
        row = _say(sheet, row, said, style.PLAIN)
    return row


def _person(figure: PersonFigure, report: WeekReport) -> Row:
    return (
        report.names.get(figure.mailbox, "") or "(shared mailbox)",
        figure.mailbox,
        figure.findings,
        *_part(figure.messages),
        words.SEVERITY[figure.worst] if figure.worst else "",
    )


def _part(messages: Part) -> tuple[str, float | str]:
    """'9 of 214' and the share; words instead where there is none."""
    if not messages.of:
        return "none checked" if not messages.some else f"{messages.some:,}", "–"
    return messages.words, "not known" if messages.share is None else messages.share


def _contents(sheet: Worksheet, row: int, report: WeekReport) -> int:
    row = _say(sheet, row, "The other sheets", style.SECTION)
    left_out = {title for title, given in (("Policy", report.adopted), ("Assertion 10", report.evidence)) if not given}
    return _links(sheet, row, [one for one in SHEETS if one[0] not in left_out])


def _links(sheet: Worksheet, row: int, sheets: Sequence[tuple[str, str]]) -> int:
    """The workbook's own links; none is ever made from mail."""
    for title, said in sheets:
        row = _say(sheet, row, f"{title}: {said}", style.LINK)
        place = f"A{row - 1}"
        sheet[place].hyperlink = Hyperlink(ref=place, location=f"'{title}'!A1", display=title)
    return row
