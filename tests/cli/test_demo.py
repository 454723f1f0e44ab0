"""`auditor demo`: the whole job on the sample council, and nobody else's folder touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from stow import auditor


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
