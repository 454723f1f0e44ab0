"""What the sheet Findings says besides: the route, the policy's own words, and people's names folded away."""

from __future__ import annotations

from datetime import timedelta

import pytest
import thorrington
from changes import replace
from openpyxl import load_workbook
from thorrington import DOMAIN, FOUND, finding_row, sample

from auditor.adopted import adopted
from auditor.findings import Severity
from auditor.policy import Role
from reports import precision
from reports.precision import in_words, interval
from reports.report import AdoptedPolicy, Decisions, Reader
from reports.route import PERSONNEL, route
from reports.sheets.findings import COLUMNS, DECISION, NAMING
from reports.workbook import write


def rows_of(report, folder):
    sheet = load_workbook(write(report, folder / "Audit.xlsx").path)["Findings"]
    heads = [cell.value for cell in sheet[1]]
    return sheet, [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]


@pytest.mark.parametrize("role", Role)
def test_the_route_follows_role_and_severity(role):
    usual = {
        Role.COUNCILLOR: "Code of Conduct", Role.VOLUNTEER: "The Clerk"
    }.get(role, "Disciplinary or grievance procedure")  # fmt: skip
    word = "A word from the Chair" if role is Role.CLERK else "A word from the Clerk"
    for severity in (Severity.MEDIUM, Severity.HIGH):
        assert route(role, severity, repeated=False) == usual
        assert route(role, severity, repeated=True) == PERSONNEL
    for severity in (Severity.LOW, Severity.INFO):
        assert {route(role, severity, repeated) for repeated in (True, False)} == {word}
    assert route(role, Severity.CRITICAL, repeated=False) == PERSONNEL
    assert route(None, Severity.CRITICAL, repeated=True) == ""


def test_the_role_is_that_of_the_day(tmp_path):
    row = finding_row(*FOUND[1])
    before = replace(thorrington.PEOPLE[4], role=Role.VOLUNTEER, until=row.sent.date() - timedelta(days=1))
    now = replace(thorrington.PEOPLE[4], since=row.sent.date())
    policy = replace(thorrington.POLICY, people=(before, now))
    earlier = replace(row, id="0" * 20, message_id="m", sent=row.sent - timedelta(days=1), subject="Other")
    earlier = replace(earlier, finding=replace(row.finding, excerpt=""))
    _, rows = rows_of(sample(findings=[row, earlier], policy=policy).clerk, tmp_path)
    assert [row["Suggested route"] for row in rows] == ["The Clerk", "Code of Conduct"]


def test_the_role_is_the_senders_and_of_a_strangers_mail_that_of_whose_mailbox_it_lay_in(tmp_path):
    row = replace(finding_row(*FOUND[1]), mailbox=f"grounds@{DOMAIN}")
    stranger = replace(row, id="0" * 20, message_id="m", sender="x@example.net")
    _, rows = rows_of(sample(findings=[row, stranger]).clerk, tmp_path)
    assert [row["Suggested route"] for row in rows] == ["Code of Conduct", "Disciplinary or grievance procedure"]


def test_a_breach_that_was_decided_before_makes_the_next_one_repeated(tmp_path):
    row = finding_row(*FOUND[1])
    for apart, said in ((timedelta(seconds=-1), PERSONNEL), (timedelta(), "Code of Conduct")):
        breaches = {(row.sender, row.finding.rule): row.sent + apart}
        decisions = {Reader.CLERK: Decisions(breaches=breaches)}
        _, [found] = rows_of(sample(findings=[row], decisions=decisions).clerk, tmp_path)
        assert found["Suggested route"] == said


def test_the_clause_stands_in_the_adopted_texts_own_words(tmp_path):
    said = "Only the Clerk may commit the Council. (E10)\n\n" + "Waivers stand at the end, always. " * 30 + "(E3)"
    rows = [finding_row(*FOUND[1]), finding_row(*FOUND[4])]
    _, [first, second] = rows_of(
        sample(findings=rows, adopted=AdoptedPolicy(adopted(said.encode()), None, None)).clerk, tmp_path
    )
    assert first["The policy says"] == "Only the Clerk may commit the Council."
    assert second["The policy says"].startswith("Waivers stand at the end")
    assert len(second["The policy says"]) <= 240
    _, [first, _] = rows_of(sample(findings=rows, adopted=None).clerk, tmp_path)
    assert first["The policy says"].startswith("E-mails that create obligations")


def test_names_can_be_folded_away_at_first_look(tmp_path):
    shown = sample().clerk
    other = replace(finding_row(*FOUND[0]), sender=f"x@{DOMAIN}", id="f" * 20, message_id="x")
    sheet, rows = rows_of(
        sample(findings=[*(one.row for one in shown.findings), other], names_hidden=True).clerk, tmp_path
    )
    folded = {cell.value for cell in sheet[1] if sheet.column_dimensions[cell.column_letter].hidden}
    assert folded == NAMING
    assert sheet.sheet_format.outlineLevelCol == 1
    assert not sheet.sheet_properties.outlinePr.summaryRight
    people = {(row["From"], row["Person"]) for row in rows}
    assert len(people) == len({name for name, _ in people}) == len({person for _, person in people})
    assert all(person.startswith("Person ") for _, person in people)
    sheet, rows = rows_of(shown, tmp_path)
    assert "Person" not in rows[0]
    assert not any(size.hidden for size in sheet.column_dimensions.values())


@pytest.mark.parametrize(
    ("right", "judged", "low", "high"), [(0, 10, 0.0, 0.2775), (9, 10, 0.5958, 0.9821), (18, 20, 0.6990, 0.9721)]
)
def test_the_interval_is_wilsons(right, judged, low, high):
    assert interval(right, judged) == pytest.approx((low, high), abs=1e-4)
    assert interval(0, 0) == (0, 1)


def test_how_often_a_rule_was_right_is_said_from_ten_decisions(tmp_path):
    assert in_words(0, 0) == "none yet"
    assert in_words(9, precision.FEWEST - 1) == "9 of 9; too few decided yet"
    decisions = {Reader.CLERK: Decisions(right={"waiver-missing": (18, 20)})}
    path = write(sample(decisions=decisions).clerk, tmp_path / "Audit.xlsx").path
    said = {
        row[0].split("\n")[-1]: row[-1]
        for row in load_workbook(path)["Rules"].iter_rows(min_row=2, values_only=True)
        if row[0]
    }
    assert said["waiver-missing"] == "18 of 20 (90%)\nvery likely 70% to 97%"
    assert said["waiver-altered"] == "none yet"
    assert said["(no rule)"] is None


def test_the_decision_is_in_sight_on_a_small_screen():
    widths = [column.width for column in COLUMNS]
    until = [column.heading for column in COLUMNS].index(DECISION) + 1
    assert 7 * sum(widths[:until]) + 50 <= 1366, "seven pixels a digit; the numbers of rows and the bar take fifty"
