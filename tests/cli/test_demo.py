"""`auditor demo`: the whole job on the sample council, and nobody else's folder touched."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook
from stow import auditor

from auditor.analysers import ANALYSERS
from auditor.config import load
from auditor.store.sqlite import open_store
from reports.report import on_clerk
from reports.trend import spans, trend, weeks_to
from reports.week import local_day, sent_day, week_of


@pytest.mark.slow
def test_the_demo_runs_and_runs_again(tmp_path: Path) -> None:
    for _ in range(2):
        ran = auditor("demo", "council", folder=tmp_path)
        assert (ran.status, ran.err) == (0, "")
        books = [
            tmp_path / line.removeprefix("Workbook: ") for line in ran.out.splitlines() if line.startswith("Workbook: ")
        ]
        assert len(books) >= 2
        assert load_workbook(books[-1]).sheetnames[0] == "Start"
        assert "chair" not in books[-1].parts
    assert auditor("status", "--json", folder=tmp_path / "council").json["last_run"]["run"] == 1
    assert auditor("check", folder=tmp_path / "council").status == 0
    the_weeks_tell_what_the_findings_do(tmp_path / "council")


def the_weeks_tell_what_the_findings_do(council: Path) -> None:
    """Counted one by one, week by week and rule by rule, of the Clerk's mail and of everybody else's."""
    policy = load(council / "schedule.toml").policy
    with open_store(f"sqlite:///{council / 'data' / 'auditor.db'}", read_only=True) as store:
        rows, ledger = store.findings(), store.runs()
        period = week_of(local_day(ledger[0].started))
        tallies = store.tallies([days for _, days in spans(period, policy)])
    rules = [rule for analyser in ANALYSERS for rule in analyser.rules]
    told = trend(period, policy, rules, tallies, ledger, ledger[0].started)
    for apart in (False, True):
        sent = told.only(apart=apart).sent
        assert any(one.found for one in sent)
        for place, days in enumerate(weeks_to(period)):
            counted = Counter[str]()
            for one in sent:
                if one.week == place:
                    counted.update([rule for rule, _ in one.found] * one.messages)
            dated = [(row, sent_day(row.sent)) for row in rows]
            found = [row for row, day in dated if days.holds(day) and on_clerk(row, day, policy) is apart]
            assert counted == Counter(row.finding.rule for row in found), (days.label, apart)


def test_a_folder_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "council").mkdir()
    (tmp_path / "council" / "minutes.txt").write_text("Minutes", encoding="utf-8")
    ran = auditor("demo", "council", folder=tmp_path)
    assert ran.status == 2
    assert "no demo" in ran.sentence
    assert [path.name for path in (tmp_path / "council").iterdir()] == ["minutes.txt"]
    (tmp_path / "file").write_text("x", encoding="utf-8")
    ran = auditor("demo", "file", folder=tmp_path)
    assert (ran.status, bool(ran.sentence)) == (2, True)
    ran = auditor("demo", "file/below", folder=tmp_path)
    assert (ran.status, "cannot be written" in ran.sentence) == (2, True)
