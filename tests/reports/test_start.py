"""Start: the light that cannot be green without coverage, what needs its reader, and what changed since last week."""

from __future__ import annotations

from dataclasses import replace as with_
from datetime import UTC, date, datetime, timedelta

from changes import replace
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from thorrington import DOMAIN, FOUND, PEOPLE, WRITTEN, coverage_line, finding_row, sample

from auditor.store.decisions import Decided, Decision
from auditor.store.records import GapRow, MailboxNight, MailboxStatus, Run, UncheckedRow
from auditor.store.trail import Head
from reports.lately import Before, Lately
from reports.nights import Reach
from reports.report import Decisions, Reader
from reports.start import Light, before, start
from reports.week import backlog
from reports.workbook import write

BREACH = Decided("", Decision.BREACH, "", WRITTEN, "out/Audit 2026-W47.xlsx")
LAST = Before(20, 160, 31, frozenset({"waiver-missing", "offensive-abuse"}), 7, 6)


def read_in_full(person):
    line = coverage_line(person, 5)
    return replace(
        line, status=MailboxStatus.COMPLETE, gaps=0, error=None, outside_window=14, provider_count=19,
        last_complete=datetime(2026, 11, 23, 2, 19, tzinfo=UTC),
    )  # fmt: skip


def night(day, status=MailboxStatus.COMPLETE):
    begun = datetime(2026, 11, day + 1, 2, 15, tzinfo=UTC)
    boxes = tuple(MailboxNight(person.mailbox, "microsoft365", status) for person in PEOPLE)
    return Run(day, begun, begun + timedelta(minutes=6), status is MailboxStatus.COMPLETE, boxes)


WHOLE = {
    "coverage": [read_in_full(person) for person in PEOPLE],
    "gaps": [],
    "runs": [night(day) for day in range(22, 15, -1)],
}
"""A week of which everything was read."""


def page(**changes):
    return start(sample(**WHOLE | {"samples": {}} | changes).clerk)


def needs(**changes):
    return [line.said for line in page(**changes).needs]


def test_green_is_everything_read_and_nothing_waiting():
    shown = page(findings=[])
    assert (shown.light, shown.needs) == (Light.GREEN, ())
    assert shown.verdict == "Everything was read, and nothing waits for you."


def test_findings_and_questions_that_wait_are_amber():
    one = [finding_row(*FOUND[4])]
    assert page(findings=one).light is Light.AMBER
    assert page(findings=one).verdict == "Everything there is was read; 1 finding waits for your decision."
    decided = {one[0].id: BREACH}
    assert page(findings=one, decisions={Reader.CLERK: Decisions(decided)}).light is Light.GREEN
    taken_back = {one[0].id: replace(BREACH, decision=None, note="ask Joan")}
    assert page(findings=one, decisions={Reader.CLERK: Decisions(taken_back)}).light is Light.AMBER
    for waits in (Decisions(asked=("Which?",)), Decisions(waiting=(("Audit 2026-W46", 2),))):
        assert page(findings=[], decisions={Reader.CLERK: waits}).light is Light.AMBER


def test_what_was_not_read_is_red_whatever_else_is_well():
    failed = [replace(WHOLE["coverage"][1], status=MailboxStatus.FAILED), *WHOLE["coverage"][2:]]
    shown = page(findings=[], coverage=failed)
    assert shown.light is Light.RED
    assert shown.verdict.startswith("COVERAGE IS NOT COMPLETE")
    assert "could not be read" in shown.needs[0].said
    assert shown.needs[0].sheet == "Coverage"


def test_a_warning_that_presses_is_red_and_another_amber():
    said = "The disk will be full in about 2 months: make room in time."
    assert page(findings=[], warnings=[said]).light is Light.RED
    known = {Reader.CLERK: Lately(may_wait=frozenset({said}))}
    assert page(findings=[], warnings=[said], lately=known).light is Light.AMBER
    both = needs(findings=[], warnings=[said, "At once."], lately=known, users_informed_on=None)
    assert [line.partition("note: ")[2][:14] for line in both] == [
        "At once.",
        "No day is set ",
        "The disk will ",
    ]


def test_a_night_that_was_missed_is_never_green():
    for runs in (WHOLE["runs"][1:], [night(22, MailboxStatus.FAILED), *WHOLE["runs"][1:]]):
        assert page(findings=[], runs=runs).light is Light.AMBER
        assert needs(findings=[], runs=runs)[0].startswith("On 1 night of 7 not every mailbox was read in full")
    early = datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert needs(findings=[], written=early, runs=WHOLE["runs"][3:])[0].startswith(
        "This week is not over: 3 nights of it"
    )


def test_what_needs_her_stands_in_order_and_is_short():
    asked = tuple(f"Question {n}?" for n in range(9))
    stand = Decisions(waiting=tuple((f"Audit 2026-W{n}", 2) for n in range(46, 30, -1)), asked=asked)
    shown = start(
        sample(
            warnings=[f"Warning {n}." for n in range(9)],
            unwatched=[f"a@{DOMAIN}"],
            decisions={Reader.CLERK: stand},
        ).clerk
    )
    assert [(line.said.split()[0], line.sheet) for line in shown.needs] == [
        ("The", "Coverage"), ("The", "Coverage"), ("4", "Coverage"), ("Please", ""), ("Please", ""), ("7", ""),
        ("First", "Findings"), ("Decide", "Findings"), ("Please", ""), ("8", ""), ("Waiting", ""), ("When", "Sample"),
    ]  # fmt: skip
    assert (
        "2 in Audit 2026-W46, 2 in Audit 2026-W45, 2 in Audit 2026-W44, 2 in Audit 2026-W43 and 24 in older ones"
        in (shown.needs[10].said)
    )
    assert shown.changed[-1].startswith("The Clerk's own mail is audited too: 2 findings on it are for the Chair's")


def test_a_long_reason_is_cut_where_the_sheet_has_it_whole():
    long = [replace(line, status=MailboxStatus.FAILED, error="Long. " * 400) for line in WHOLE["coverage"]]
    assert max(map(len, needs(coverage=long))) == 400


def test_the_week_is_set_beside_the_one_before():
    changed = ("The settings are others since Tuesday 17 November 2026: [policy] of schedule.toml.",)
    said = page(lately={Reader.CLERK: Lately(LAST, changed)}).changed
    assert said[0].endswith("The week before it was 20 of 160 (12%). Mailboxes with a finding: 11; the week before 7.")
    assert "On mail of the week before there are 31." in said[1]
    assert said[2].startswith("Found this week and not the week before: 'No signature'")
    assert said[2].endswith("Found the week before and not this week: offensive-abuse.")
    assert said[3].endswith("read in full: 7 of 7. That is better than the week before, which had 6.")
    assert said[4] == changed[0]
    worse = page(lately={Reader.CLERK: Lately(with_(LAST, covered=7))}, runs=WHOLE["runs"][1:]).changed
    assert worse[3].endswith("6 of 7. That is worse than the week before, which had 7.")
    alone = " ".join(page().changed)
    assert "week before" not in alone


def test_no_person_is_named_in_what_changed():
    said = " ".join(page(lately={Reader.CLERK: Lately(LAST)}).changed)
    assert not [person.name for person in PEOPLE if person.name.split()[-1] in said or person.mailbox in said]


def test_the_figures_of_the_week_before_are_those_of_this_one():
    figures = before(sample(**WHOLE).clerk)
    assert (figures.flagged, figures.checked, figures.findings, figures.people, figures.covered) == (24, 171, 36, 11, 7)
    assert "waiver-missing" in figures.rules
    assert before(sample(**WHOLE | {"runs": [Run(1, WRITTEN, WRITTEN, True)]}).clerk).covered is None


def test_the_chairs_own_mail_leaves_no_trace_but_its_number():
    with_clerk, without = (
        page(findings=[finding_row(*one) for one in rows]) for rows in (FOUND, [f for f in FOUND if f[1] != "clerk"])
    )
    same = [line for line in with_clerk.needs if "Clerk's own mail" not in line.said]
    assert same == list(without.needs)
    assert (with_clerk.light, with_clerk.verdict) == (without.light, without.verdict)


def test_a_backlog_has_no_week_to_be_set_beside():
    shown = page(period=backlog(date(2026, 11, 29), date(2026, 11, 23)), runs=[])
    assert shown.figures == "The figures"


states = st.sampled_from([*MailboxStatus, None])
boxes = st.lists(
    st.tuples(states, st.integers(0, 2), st.sampled_from([None, 18, 19, 20]), st.sampled_from([16, 22, 23, None])),
    max_size=4,
)
moments = st.sampled_from([datetime(2026, 11, 20, 6, tzinfo=UTC), WRITTEN, datetime(2026, 12, 1, tzinfo=UTC)])


def _box(number, told):
    status, gaps, count, last = told
    return replace(
        WHOLE["coverage"][number], status=status, gaps=gaps, provider_count=count,
        last_complete=last and datetime(2026, 11, last, 2, 19, tzinfo=UTC),
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    accounts=boxes,
    nights=st.lists(st.sampled_from([*MailboxStatus]), max_size=7),
    written=moments,
    found=st.lists(st.sampled_from(FOUND), max_size=2),
    warned=st.sampled_from([(), ("Calm.",), ("Calm.", "At once.")]),
    asked=st.sampled_from([(), ("Which?",)]),
    waiting=st.sampled_from([(), (("Audit 2026-W46", 1),)]),
    unwatched=st.sampled_from([(), (f"a@{DOMAIN}",)]),
    unchecked=st.booleans(),
    informed=st.sampled_from([None, date(2026, 4, 1)]),
)
def test_green_is_never_without_coverage(
    accounts, nights, written, found, warned, asked, waiting, unwatched, unchecked, informed
):
    odd = UncheckedRow("microsoft365", PEOPLE[0].mailbox, "x", "", (), "failed", WRITTEN)
    both = sample(
        coverage=[_box(number, told) for number, told in enumerate(accounts)],
        gaps=[GapRow("microsoft365", PEOPLE[0].mailbox, "x", "y", WRITTEN, None)] * bool(accounts and accounts[0][1]),
        runs=[night(22 - number, status) for number, status in enumerate(nights)],
        written=written,
        findings=[finding_row(*one) for one in found],
        warnings=warned,
        decisions={reader: Decisions(asked=asked, waiting=waiting) for reader in Reader},
        lately={reader: Lately(may_wait=frozenset({"Calm."})) for reader in Reader},
        unwatched=unwatched,
        unchecked=[odd] * unchecked,
        users_informed_on=informed,
    )
    for report in (both.clerk, both.chair):
        shown = start(report)
        whole = (
            report.coverage
            and all(
                line.status in (MailboxStatus.COMPLETE, MailboxStatus.CLOSED, MailboxStatus.UNCONFIGURED)
                and not line.gaps
                and (line.status is not MailboxStatus.COMPLETE or line.provider_count == 19)
                for line in report.coverage
            )
            and any(line.status is not MailboxStatus.UNCONFIGURED for line in report.coverage)
            and all(one.reach is Reach.WHOLE for one in report.nights)
            and not report.unwatched
        )
        if shown.light is Light.GREEN:
            assert whole
            assert informed
            assert not any((report.findings, warned, asked, waiting))
            assert shown.needs in ((), shown.needs[-1:] if report.apart else ())
        else:
            assert shown.needs
        if report.shortfalls or "At once." in warned:
            assert shown.light is Light.RED


def test_its_links_lead_to_sheets_that_are_there(tmp_path):
    report = sample(trail=Head(7, "ab" * 32)).clerk
    workbook = load_workbook(write(report, tmp_path / report.file_name).path)
    sheet = workbook.worksheets[0]
    links = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert {link.location.split("!")[0].strip("'") for link in links} == set(workbook.sheetnames[1:])
    assert workbook.active is sheet
    assert sum(bool(one.sheet_view.tabSelected) for one in workbook) <= 1


def test_it_fits_a_laptop_and_a_page_across(tmp_path):
    """Of 1366 by 768 a spreadsheet program leaves some 1,320 pixels across and 470 down; a digit takes seven of them."""
    given_ = WHOLE | {
        "lately": {Reader.CLERK: Lately(LAST)},
        "decisions": {Reader.CLERK: Decisions({}, 34, (("Audit 2026-W46", 3),))},
    }
    report = sample(**given_).clerk
    sheet = load_workbook(write(report, tmp_path / report.file_name).path)["Start"]
    assert sum(7 * column.width + 5 for column in sheet.column_dimensions.values()) < 1320
    assert sheet.sheet_view.zoomScale == 100
    how = next(row[0].row for row in sheet.iter_rows() if row[0].value == "How to use this workbook")
    assert sum(sheet.row_dimensions[n].height or 15 for n in range(1, how)) * 96 / 72 < 470


def test_the_light_is_a_word_and_not_a_colour_alone(tmp_path):
    for name, changes in (("GREEN", {"findings": []}), ("AMBER", {}), ("RED", {"warnings": ["At once."]})):
        report = sample(**WHOLE | changes).clerk
        sheet = load_workbook(write(report, tmp_path / f"{name}.xlsx").path)["Start"]
        assert [row[0].value for row in sheet.iter_rows() if str(row[0].value).startswith(f"{name}.  ")]
