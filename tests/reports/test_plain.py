"""The workbook as JSON: what the sheets show and nothing else, whole, and never over what somebody has changed."""

from __future__ import annotations

import json
import os
import re
import stat
import tracemalloc
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from changes import replace
from openpyxl import load_workbook
from test_exceptions import ROWS, TWICE, told
from test_workbook import HOSTILE, hostile_reports
from thorrington import DOMAIN, FOUND, QUERY, finding_row, sample

from auditor.errors import WorkbookError
from auditor.store.decisions import Decided, Decision
from auditor.store.records import UncheckedRow
from reports import plain, workbook
from reports.lately import Before, Lately
from reports.plain import FIELDS, LEFT_OUT, untouched, write
from reports.report import Decisions, Reader, WeekReport

DOCS = Path(__file__).parents[2] / "docs" / "workbook.md"
DECIDED_AT = datetime(2026, 11, 24, tzinfo=UTC)


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list):
        for one in value:
            yield from leaves(one)
    else:
        yield value


def decided() -> Any:
    """The week with a decision on a finding, and one of the Chair's."""
    ours = [finding_row(*found) for found in FOUND]
    said = {row.id: Decided(row.id, Decision.BREACH, f"Of {row.sender}", DECIDED_AT, "out/a.xlsx") for row in ours}
    decisions = {reader: Decisions(said, 1, (("Audit 2026-W46", 3),), ("Row 3?",)) for reader in Reader}
    unchecked = UncheckedRow(
        "files", f"rfo@{DOMAIN}", "7", "Payroll", ("waiver-missing",), "the check failed", DECIDED_AT
    )
    return sample(decisions=decisions, unchecked=[unchecked], notes=["A note is there."])


def test_the_week_before_and_exceptions_are_written_in_plain_words(tmp_path: Path) -> None:
    before = Before(9, 214, 11, frozenset({"waiver-missing", "language-abusive"}), 3, 7)
    stand = told(ROWS, TWICE)
    reports = sample(lately={Reader.CLERK: Lately(before, ("A table.",))}, exceptions={Reader.CLERK: stand})
    said = read(write(reports.clerk, tmp_path / "a.json").path)
    assert said["lately"]["before"]["rules"] == ["language-abusive", "waiver-missing"]
    assert said["lately"]["changes"] == ["A table."]
    assert [one["state"] for one in said["exceptions"]["lines"]] == ["proposed"]


def test_every_field_of_a_report_is_written_or_left_out_for_a_reason() -> None:
    assert {field.name for field in fields(WeekReport)} | {"shortfalls"} == FIELDS.keys() | LEFT_OUT.keys()
    assert not FIELDS.keys() & LEFT_OUT.keys()
    assert all(LEFT_OUT.values())


def test_each_key_is_described(tmp_path: Path) -> None:
    report = decided().clerk
    said = read(write(report, tmp_path / "a.json").path)
    text = DOCS.read_text("utf-8").partition("\n## As JSON\n")[2].partition("\n## ")[0]
    described = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    inner = {"findings", "coverage", "gaps", "unchecked", "deeds"}
    assert described == said.keys() | set().union(*(said[name][0].keys() for name in inner if said[name]))


def test_the_same_report_is_the_same_file_for_its_owner_alone(tmp_path: Path) -> None:
    one, two = (write(sample().clerk, tmp_path / name) for name in ("a.json", "b.json"))
    assert one.path.read_bytes() == two.path.read_bytes()
    assert read(one.path)["version"] == 1
    if os.name == "posix":
        assert stat.S_IMODE(one.path.stat().st_mode) == 0o600


def test_it_holds_what_the_sheets_show(tmp_path: Path) -> None:
    report = decided().clerk
    said = read(write(report, tmp_path / "a.json").path)
    book = load_workbook(workbook.write(report, tmp_path / "a.xlsx").path)
    shown = "\n".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
    )
    assert [one["finding"] for one in said["findings"]] == [line.row.id for line in report.findings]
    assert {one["decision"] for one in said["findings"]} == {"Breach"}
    coded = {"sent", "day", "from", "severity", "part", "rule", "at", "since"}
    for name in ("findings", "gaps", "deeds", "holds", "warnings"):
        for one in said[name]:
            kept = {key: value for key, value in one.items() if key not in coded} if isinstance(one, dict) else one
            for leaf in leaves(kept):
                assert not isinstance(leaf, str) or leaf in shown or "backup" in leaf.lower(), (name, leaf)
    assert [one["mailbox"] for one in said["coverage"]] == [line.mailbox for line in report.coverage]


def test_nothing_else_comes_into_it(tmp_path: Path) -> None:
    both = decided()
    text = write(both.clerk, tmp_path / "a.json").path.read_text("utf-8")
    assert both.chair.findings
    assert both.chair.notes == ()
    for line in both.chair.findings:
        assert line.row.id not in text
        assert f"Of {line.row.sender}" not in text
    for line in both.clerk.findings:
        assert line.row.finding.evidence not in text
    for hidden in (QUERY, "M. Dunmore has settled", "Ivy Holt", "Complaint of", "dog NEAR"):
        assert hidden not in text


def test_whatever_mail_says_it_is_json(tmp_path: Path) -> None:
    report = hostile_reports("a\x00b\ud800").clerk
    said = read(write(report, tmp_path / "a.json").path)
    assert len(said["findings"]) == len(report.findings)
    words = {one["words"] for one in said["findings"]}
    assert {text for text in HOSTILE if text.isascii() and len(text) < 2000} <= words
    assert max(map(len, words)) == 2001
    assert [len(one["to"]) + one["to_others"] for one in said["findings"]][:1] == [9]


def test_one_that_somebody_changed_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "Audit 2026-W47.json"
    write(sample().clerk, path)
    assert untouched(path)
    assert write(sample(findings=[]).clerk, path).path == path
    assert read(path)["findings"] == []
    path.write_bytes(path.read_bytes().replace(b"Thorrington", b"Northfold", 1))
    assert not untouched(path)
    changed = path.read_bytes()
    written = write(sample().clerk, path)
    assert written.path.name == "Audit 2026-W47 (2).json"
    assert written.note == (
        "'Audit 2026-W47.json' has been changed by somebody and was left alone. It was written as 'Audit 2026-W47 (2).json'."
    )
    assert path.read_bytes() == changed
    for other in (b"{}", b"", b"x" * 100):
        path.write_bytes(other)
        assert untouched(path) is False


def test_a_writing_that_fails_leaves_what_stood_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    write(sample().clerk, path)
    before = path.read_bytes()

    def full(report: WeekReport) -> Iterator[object]:
        yield {}
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(plain.FIELDS, "deeds", full)
    with pytest.raises(WorkbookError, match="No space left on device"):
        write(sample().clerk, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_memory_does_not_grow_with_the_findings(tmp_path: Path) -> None:
    row = finding_row(*FOUND[1])
    report = sample(findings=[replace(row, id=f"{n:020x}") for n in range(1500)]).clerk
    write(report, tmp_path / "a.json")
    tracemalloc.start()
    try:
        write(report, tmp_path / "a.json")
        grown = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    size = (tmp_path / "a.json").stat().st_size
    assert size > 1_000_000
    assert grown < size / 3
