"""What really stands in the file, read again by openpyxl and by LibreOffice."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from zipfile import ZipFile

import pytest
import thorrington
from changes import replace
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from thorrington import DOMAIN, EVIDENCE, FOUND, GAPS, PEOPLE, POLICY, WRITTEN, coverage_line, finding_row, sample

from auditor.analysers import measured
from auditor.findings import Severity
from auditor.store.decisions import Decision
from auditor.store.exceptions import Choice, Picked
from auditor.store.records import MailboxNight, MailboxStatus, Run, Tally
from reports import book as drawing
from reports import style
from reports.evidence import TOLD, Post, Standing
from reports.exceptions import Excepted, Exceptions, Scope, State
from reports.report import Reader
from reports.sheets.findings import COLUMNS
from reports.week import backlog
from reports.workbook import write

GOLDEN = Path(__file__).parent / "golden" / "audit-2026-W47.txt"
HERE = Path(__file__).resolve().parent

HOSTILE = (
    "=1+1",
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("http://example.com","here")',
    "+44 1206 000000",
    "-2",
    "@SUM(A1)",
    "\t=1+1",
    "#N/A",
    "#REF!",
    "TRUE",
    "1.5e3",
    "2026-11-22",
    "http://example.com/a",
    "\\\\server\\share",
    "a\x00b\x0bc\x1fd",
    "\ud800 half",
    "\ufffe\uffff",
    "_x0041_ and _x005F_",
    "<b>&amp; ]]></t></is>",
    "\u202etxt.exe\u202c",
    "\u05e9\u05dc\u05d5\u05dd, \u0645\u0631\u062d\u0628\u0627",
    "\U0001f4a9 \U0001f469\u200d\U0001f467 \u6f22\u5b57",
    "line one\r\nline two",
    "'quoted",
    " leading and trailing ",
    "x" * 40_000,
    "",
)


def libreoffice(path: Path, form: str, out: Path | None = None) -> None:
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(out or path.parent), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)


needs_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")


def reread(report, folder):
    path = write(report, folder / report.file_name).path
    return load_workbook(path)


def cells(workbook):
    return [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None]


def as_text(workbook) -> str:
    """Every cell with its place, a line each."""
    said = []
    for sheet in workbook:
        said.append(
            f"# {sheet.title}  freeze {sheet.freeze_panes}  filter {sheet.auto_filter.ref}  print {sheet.print_area}"
        )
        said += [
            f"{cell.coordinate}\t{cell.value!r}" for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
    return "\n".join(said) + "\n"


def hostile_reports(council: str):
    """Every hostile text in every place where text can stand."""
    base = finding_row(*FOUND[1])
    rows, lines, gaps, people, rules = [], [], [], list(PEOPLE), list(thorrington.RULES)
    for number, text in enumerate(HOSTILE):
        finding = replace(base.finding, reason=text, excerpt=text, part=text, rule=text)
        row = replace(base, id=text or "id", finding=finding, message_id=text, folders=(text,), subject=text)
        rows.append(replace(row, sender=text, recipients=(text,) * 9, mailbox=text, link=text))
        people.append(replace(PEOPLE[1], name=text, mailbox=f"{number}@{DOMAIN}"))
        rows.append(replace(base, sender=f"{number}@{DOMAIN}", id=f"{number}", message_id=f"{number}"))
        line = replace(coverage_line(PEOPLE[1], 5), mailbox=text, error=text, defects={text: 2})
        lines.append(replace(line, status=MailboxStatus.FAILED))
        gaps.append(replace(GAPS[0], mailbox=text, reason=text, id=text, sha256=text or None))
        rules.append(replace(thorrington.RULES[0], name=text, title=text, finds=text, clauses=(text,), reads=(text,)))
    return sample(
        policy=replace(POLICY, council=council, people=tuple(people)),
        rules=rules,
        findings=rows,
        coverage=lines,
        gaps=gaps,
        checked=dict.fromkeys(HOSTILE, 4),
        entries=[
            thorrington.entry(n, 17, deed, {"hold": text, "made": text, "before": text, "messages": n}, text)
            for n, (text, deed) in enumerate(product(HOSTILE, TOLD), 1)
        ],
        holds=[Standing(text, WRITTEN, None, text) for text in HOSTILE],
        evidence=replace(
            EVIDENCE,
            elsewhere=tuple((text, 2) for text in HOSTILE),
            domains=HOSTILE,
            posts=tuple(Post(text, text, own) for text in HOSTILE for own in (True, False)),
        ),
        exceptions={Reader.CLERK: Exceptions(tuple(hostile_exceptions(rows)), tuple((row, "x") for row in rows))},
        warnings=HOSTILE,
        uncheckable=dict.fromkeys(HOSTILE, 3),
        tallies=[
            Tally(span, text, text, True, ((text, Severity.LOW),), 3) for span in (2, 12) for text in HOSTILE if text
        ],
    )


def hostile_exceptions(rows):
    """Every hostile text in an exception that is proposed, in force and over."""
    for number, (row, state) in enumerate(product(rows[::2], (State.IN_FORCE, State.EXPIRED))):
        text = row.finding.excerpt
        about = Scope(text, text, (text,), text, row.finding.severity, text, text, text if number % 3 else "")
        picked = Picked("x", Choice.ADOPT, date(2027, 3, 31), WRITTEN, text)
        yield Excepted(f"{number}", about, state, row, 4, None, {}, False, picked, picked)


@pytest.mark.parametrize("council", ["=1+1", "a\x00b\x0bc", "\ud800 \ufffe", "#N/A", '&P &8 &"Wingdings"'], ids=ascii)
def test_text_from_mail_is_text_in_every_cell(council, tmp_path):
    report = hostile_reports(council).clerk
    workbook = reread(report, tmp_path)
    for cell in cells(workbook):
        assert cell.data_type in ("s", "n", "d"), (cell.coordinate, cell.value)
        assert cell.hyperlink is None or (cell.parent.title == "Start" and not cell.hyperlink.target)
        assert cell.comment is None or (cell.parent.title == "Findings" and cell.row == 1)
    findings = workbook["Findings"]
    assert findings.max_row == 1 + len(report.findings) == 1 + 2 * len(HOSTILE)
    for row in findings.iter_rows(min_row=2):
        assert all(
            cell.quotePrefix or not isinstance(cell.value, str) for cell in row if cell.column_letter not in "CO"
        )


def test_another_reader_reads_the_same(tmp_path):
    path = write(hostile_reports("=1+1").clerk, tmp_path / "Audit.xlsx").path
    other = CalamineWorkbook.from_path(str(path))
    book = load_workbook(path)
    assert other.sheet_names == book.sheetnames
    for sheet in book:
        rows = other.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
            meant = re.sub("_x005F_", "_", cell.value)  # which openpyxl leaves as Excel writes it
            read = rows[cell.row - 1][cell.column - 1]
            assert read == meant or not (read or meant.strip()), (sheet.title, cell.coordinate)


@needs_libreoffice
@pytest.mark.slow
def test_what_libreoffice_saves_again_has_no_formula_link_or_error(tmp_path):
    path = write(hostile_reports("=1+1").clerk, tmp_path / "Audit.xlsx").path
    before = load_workbook(path)
    (tmp_path / "again").mkdir()
    libreoffice(path, "xlsx", tmp_path / "again")
    after = load_workbook(tmp_path / "again" / "Audit.xlsx")
    assert after.sheetnames == before.sheetnames
    for sheet in before:
        for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
            saved = after[sheet.title][cell.coordinate]
            assert saved.data_type == "s", (sheet.title, cell.coordinate)
            assert saved.hyperlink is None or not saved.hyperlink.target
            # LibreOffice reads _x005F_ as Excel does, and then once more what comes of it.
            assert saved.value == cell.value or "_x005F_" in cell.value, (sheet.title, cell.coordinate)


def test_the_golden_workbook(tmp_path, monkeypatch):
    """After a wanted change: PYTHONPATH=tests python tests/reports/test_workbook.py writes it anew; read the difference.

    What was counted on labelled mail changes with every measuring, and is left out of it.
    """
    monkeypatch.setattr(measured, "_tables", dict)
    assert as_text(reread(sample().clerk, tmp_path)) == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_the_same_report_is_the_same_file_in_every_process(seed, tmp_path):
    ours = write(sample().clerk, tmp_path / "a.xlsx").path.read_bytes()
    program = f"import sys; sys.path[:0] = {[str(HERE), str(HERE.parent.parent)]!r}; import thorrington, pathlib; "
    program += f"from reports.workbook import write; write(thorrington.sample().clerk, pathlib.Path({str(tmp_path / 'b.xlsx')!r}))"
    subprocess.run([sys.executable, "-c", program], check=True, env=os.environ | {"PYTHONHASHSEED": seed})
    assert (tmp_path / "b.xlsx").read_bytes() == ours


def test_it_is_set_up_for_reading_and_printing(tmp_path):
    workbook = reread(sample().clerk, tmp_path)
    assert workbook.sheetnames == [
        "Start",
        "Findings",
        "People",
        "Clauses",
        "Sample",
        "Exceptions",
        "Coverage",
        "Not read",
        "Searches and holds",
        "Assertion 10",
        "Rules",
        "Policy",
    ]
    for sheet in workbook:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.page_setup.fitToHeight == (1 if sheet.title == "Start" else 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage == (sheet.title != "Exceptions")
        assert sheet.oddFooter.left.text == "Thorrington Parish Council"
        assert "&P" in sheet.oddFooter.right.text
    findings = workbook["Findings"]
    assert findings.freeze_panes == "E2"
    assert findings.print_title_rows == "$1:$1"
    assert findings.auto_filter.ref == "A1:U39"
    assert [cell.value for cell in findings[1]] == [column.heading for column in COLUMNS]
    (choice,) = findings.data_validations.dataValidation
    assert choice.formula1 == f'"{",".join(Decision)}"'
    assert str(choice.sqref) == "L2:L39"
    assert findings.dimensions == "A1:U39"


def test_how_serious_a_finding_is_shows_in_its_cell(tmp_path):
    sheet = reread(sample().clerk, tmp_path)["Findings"]
    at = [column.heading for column in COLUMNS].index("Severity")
    cells = [row[at] for row in sheet.iter_rows(min_row=2)]
    assert {cell.value for cell in cells} >= {"3 Medium", "2 Low"}
    for cell in cells:
        assert cell.fill.fgColor.rgb == f"00{style.SEVERITIES[cell.value].fill}", cell.value


def test_times_are_londons(tmp_path):
    row = replace(finding_row(*FOUND[1]), sent=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    findings = reread(sample(findings=[row]).clerk, tmp_path)["Findings"]
    heads = {cell.value: cell.column for cell in findings[1]}
    assert findings.cell(2, heads["Day sent (UK time)"]).value == datetime(2026, 7, 2)  # noqa: DTZ001
    assert findings.cell(2, heads["Time sent (UK time)"]).value == datetime(2026, 7, 2, 0, 30)  # noqa: DTZ001


@pytest.mark.parametrize("sent", [datetime(1899, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC), None])
def test_days_out_of_reach_are_words(sent, tmp_path):
    row = replace(finding_row(*FOUND[1]), sent=sent)
    findings = reread(sample(findings=[row]).clerk, tmp_path)["Findings"]
    assert findings["C2"].value == (sent.date().isoformat() if sent else "not known")


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(drawing, "ROWS_A_SHEET", 15)
    workbook = reread(sample().clerk, tmp_path)
    parts = [name for name in workbook.sheetnames if name.startswith("Findings")]
    assert parts == ["Findings", "Findings 2", "Findings 3"]
    numbers = [row[0].value for name in parts for row in workbook[name].iter_rows(min_row=2)]
    assert numbers == list(range(1, 39))
    for name in parts:
        assert workbook[name]["A1"].value == "No."
        assert workbook[name].freeze_panes
        assert workbook[name].auto_filter.ref
        assert workbook[name].data_validations.dataValidation


def text_of(workbook) -> str:
    return "\n".join(str(cell.value) for cell in cells(workbook))


def test_an_empty_week_with_full_coverage_may_say_so(tmp_path):
    lines = [coverage_line(PEOPLE[0], 5), coverage_line(PEOPLE[1], 5)]
    said = text_of(reread(sample(findings=[], coverage=lines, gaps=[]).clerk, tmp_path))
    assert "Coverage is complete" in said
    assert "No findings. Every mailbox was read in full" in said
    assert "Of 171 messages sent this week and checked, none have a finding (0%)." in said


@pytest.mark.parametrize("lines", [[], [replace(coverage_line(PEOPLE[0], 5), status=None, provider_count=None)]])
def test_without_coverage_nothing_is_called_clean(lines, tmp_path):
    said = text_of(reread(sample(findings=[], coverage=lines, gaps=[], checked={}, runs=[]).clerk, tmp_path))
    assert "COVERAGE IS NOT COMPLETE" in said
    assert "No findings in what could be read" in said
    assert "No findings." not in said
    assert "Coverage is complete" not in said
    assert "there is nothing to take a share of" in said


def test_it_warns_until_users_are_informed(tmp_path):
    assert "told that e-mail is monitored" in text_of(reread(sample(users_informed_on=None).clerk, tmp_path))
    assert "told that e-mail is monitored" not in text_of(reread(sample().clerk, tmp_path))


def test_it_says_that_a_person_decides_and_what_it_cannot_see(tmp_path):
    said = text_of(reread(sample(uncheckable={"waiver": 41, "signature": None}).clerk, tmp_path))
    assert "Findings are for review: a person decides." in said
    assert "What this audit cannot see" in said
    assert "The waiver is added by the mail system after sending: 41 messages not checkable" in said
    assert "The signature is added by the mail system after sending: how many messages is not known" in said


def test_a_rule_switched_off_is_listed_as_off(tmp_path):
    policy = replace(POLICY, rules={"waiver-altered": None})
    rules = reread(sample(policy=policy).clerk, tmp_path)["Rules"]
    severity = {row[0].value.split("\n")[-1]: row[5].value for row in rules.iter_rows(min_row=2) if row[0].value}
    assert severity["waiver-altered"] == "Switched off"
    assert severity["waiver-missing"] == "3 Medium"
    assert severity["(no rule)"] == "Not checked"


def test_the_chairs_workbook_is_the_chairs(tmp_path):
    report = sample().chair
    assert report.file_name == "Audit 2026-W47 for the Chair.xlsx"
    said = text_of(reread(report, tmp_path))
    assert "for the Chair" in said
    assert "Brian Tewson" not in said
    assert "for the Chair's workbook" not in said


def test_where_nothing_was_found_on_the_clerk_no_workbook_is_pointed_to(tmp_path):
    said = text_of(reread(sample(findings=[finding_row(*FOUND[0])]).clerk, tmp_path))
    assert "nothing was found on it. None of the figures on findings include the Clerk's mail." in said
    assert "the Chair's workbook" not in said


def test_nothing_found_on_a_clerk_whose_mailbox_was_not_read_is_no_praise(tmp_path):
    others = [coverage_line(person, 5) for person in PEOPLE[1:]]
    said = text_of(reread(sample(findings=[finding_row(*FOUND[0])], coverage=others).clerk, tmp_path))
    assert "The Clerk's own mailbox is not read, so nothing can be said of what the Clerk sends." in said
    assert "nothing was found on it" not in said
    failed = replace(coverage_line(PEOPLE[0], 5), status=MailboxStatus.FAILED)
    said = text_of(reread(sample(findings=[finding_row(*FOUND[0])], coverage=[failed, *others]).clerk, tmp_path))
    assert "nothing was found in what could be read of it." in said


def test_what_schedule_toml_leaves_out_is_said(tmp_path):
    lines = [replace(coverage_line(person, 5), gaps=0, provider_count=19) for person in PEOPLE[:2]]
    left = tuple(person.mailbox for person in PEOPLE[2:4])
    given = {"coverage": lines, "gaps": [], "unwatched": left, "narrow": [("google", ("sent", "inbox"))]}
    said = text_of(reread(sample(**given).clerk, tmp_path))
    assert "Not read at all: 2 mailboxes of people in schedule.toml that no source there names" in said
    assert f"{PEOPLE[2].name} ({left[0]}) and {PEOPLE[3].name} ({left[1]})" in said
    assert "In Google Workspace only these folders are read: sent and inbox." in said
    assert "Not read at all" not in text_of(reread(sample().clerk, tmp_path))


def test_a_mailbox_in_two_sources_says_which_is_which(tmp_path):
    line = coverage_line(PEOPLE[0], 5)
    said = text_of(reread(sample(coverage=[line, replace(line, source="google")]).clerk, tmp_path))
    assert f"{PEOPLE[0].mailbox} (Microsoft 365)" in said
    assert f"{PEOPLE[0].mailbox} (Google Workspace)" in said
    assert "(Microsoft 365)" not in text_of(reread(sample(coverage=[line]).clerk, tmp_path))


def test_a_message_held_in_another_form_is_found_by_its_subject(tmp_path):
    gap = replace(GAPS[1], subject="Lamp 47: out")
    rows = list(reread(sample(gaps=[gap, GAPS[1]]).clerk, tmp_path)["Not read"].iter_rows(min_row=2, values_only=True))
    assert rows[0][3:] == (
        f"Lamp 47: out\n{gap.id}",
        "Not as it came; what else could be had of it is kept, and was read",
    )
    assert rows[1][3:] == (gap.id, "No, nothing of it could be had yet")


def test_findings_on_mail_of_other_days_say_of_which(tmp_path):
    both = text_of(reread(sample().clerk, tmp_path))
    assert "on mail sent on other days (from Thursday 12 to Saturday 14 November 2026) and found only now." in both
    other = [finding_row(*FOUND[0]), replace(finding_row(*FOUND[1]), sent=datetime(2026, 11, 12, 9, tzinfo=UTC))]
    assert "1 on mail sent on Thursday 12 November 2026 and found only now." in text_of(
        reread(sample(findings=other).clerk, tmp_path)
    )
    assert "found only now" not in text_of(reread(sample(findings=other[:1]).clerk, tmp_path))
    undated = replace(other[0], sent=None)
    assert "1 on mail whose day is not known." in text_of(reread(sample(findings=[undated]).clerk, tmp_path))


def test_a_week_before_the_audit_began_does_not_alarm(tmp_path):
    began = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
    done = tuple(MailboxNight(person.mailbox, "files", MailboxStatus.COMPLETE) for person in PEOPLE)
    lines = [replace(coverage_line(person, 5), last_complete=began) for person in PEOPLE[:3]]
    whole = [replace(line, gaps=0, provider_count=19) for line in lines]
    given = {"runs": [Run(1, began, began, True, done)], "written": began, "gaps": []}
    said = text_of(reread(sample(coverage=whole, **given).clerk, tmp_path))
    assert "The audit began on Wednesday 25 November 2026, after this week; its mail was read then." in said
    assert "of 7." not in said
    assert "Nights covered" not in said
    short = text_of(reread(sample(coverage=lines, **given).clerk, tmp_path))
    assert "The audit began on Wednesday 25 November 2026, after this week." in short


def test_nights_alike_are_one_line(tmp_path):
    coverage = reread(sample().clerk, tmp_path)["Coverage"]
    said = [str(row[0].value) for row in coverage.iter_rows()]
    assert f"•  Saturday 21 to Sunday 22 November 2026: all but cllr.adeyemi@{DOMAIN}." in said


def test_a_backlog_is_called_one(tmp_path):
    reports = sample(period=backlog(date(2026, 11, 29), date(2026, 11, 23)), runs=[])
    assert reports.clerk.file_name == "Audit backlog 2026-11-29.xlsx"
    said = text_of(reread(reports.clerk, tmp_path))
    assert "Backlog, mail sent before Monday 23 November 2026" in said
    assert "this week" not in said


def test_long_names_and_ampersands_stand_in_the_footer(tmp_path):
    policy = replace(POLICY, council="Smith & Jones " * 40)
    workbook = reread(sample(policy=policy).clerk, tmp_path)
    with ZipFile(tmp_path / "Audit 2026-W47.xlsx") as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
    footer = sheet.split("<oddFooter>")[1].split("</oddFooter>")[0]
    assert len(footer.replace("&amp;", "&")) < 255
    assert "Smith &amp;&amp; Jones" in footer
    assert workbook["Start"]["A1"].value.startswith("Smith & Jones")


def test_no_cell_is_merged_over_words(tmp_path):
    workbook = reread(sample().clerk, tmp_path)
    for sheet in workbook:
        for area in sheet.merged_cells.ranges:
            assert all(cell.value is None for row in sheet[area.coord] for cell in row[1:])


@needs_libreoffice
@pytest.mark.slow
def test_libreoffice_shows_the_text_as_it_was_written(tmp_path):
    texts = [text for text in HOSTILE if text.isprintable() and 0 < len(text) < 100] + ["\tpause", "two\nlines"]
    base = finding_row(*FOUND[1])
    rows = [replace(base, id=f"{n:03d}", message_id=f"{n:03d}", subject=text) for n, text in enumerate(texts)]
    path = write(sample(findings=rows).clerk, tmp_path / "Audit.xlsx").path
    libreoffice(path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2")
    with (tmp_path / "Audit-Findings.csv").open(encoding="utf-8", newline="") as file:
        seen = [row[5] for row in csv.reader(file)][1:]
    assert seen == texts


@needs_libreoffice
@pytest.mark.slow
def test_libreoffice_prints_it(tmp_path):
    path = write(sample().clerk, tmp_path / "Audit.xlsx").path
    libreoffice(path, "pdf")
    assert (tmp_path / "Audit.pdf").read_bytes().startswith(b"%PDF")


if __name__ == "__main__":
    measured._tables = dict
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(as_text(reread(sample().clerk, Path(name))), "utf-8")


def test_the_policy_sheet_says_what_looks_after_each_paragraph(tmp_path):
    sheet = reread(sample().clerk, tmp_path)["Policy"]
    said = {row[0]: row[1:] for row in sheet.iter_rows(values_only=True)}
    heading = next(iter(said))
    assert (
        heading == "The Council's policy, adopted on Wednesday 27 March 2024 and to be reviewed on Monday 31 March 2025"
    )
    assert any("was to be reviewed by Monday 31 March 2025" in line for line in said)
    assert any("UK GDPR" in line for line in said)
    assert said["Only agreed signatures may be used."][:2] == ("E1", "Yes")
    assert said["The tea urn is rinsed."][1] == "Not recognised"
    assert said["Laptops are not left in cars."][1] == "Not visible"
    assert any(line.startswith("Below is every paragraph") and "1 paragraph could not" in line for line in said)


def test_without_the_policys_text_there_is_no_policy_sheet(tmp_path):
    workbook = reread(sample(adopted=None).clerk, tmp_path)
    assert "Policy" not in workbook.sheetnames
    first = [str(cell) for row in workbook["Start"].iter_rows(values_only=True) for cell in row]
    assert any(line.startswith("Rules: ") for line in first)
    assert not any(line.startswith("Policy: ") for line in first)
