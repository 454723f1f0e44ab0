"""The page for the Council's file, as nights and `auditor report` write it."""

from __future__ import annotations

import os
import stat
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from openpyxl import load_workbook
from stow import CLERK, Council, due_monday, label, letter, stow

from auditor.cli.lately import _another_version
from auditor.store.records import Run
from auditor.store.trail import Deed
from reports.week import day_words, local_day, week

WEEK = label(due_monday())


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Council:
    """A council whose first week has its workbooks, the Chair's besides."""
    council = stow(tmp_path_factory.mktemp("stow"))
    council.post(CLERK, "own", letter("The clerk's own letter.", box=CLERK, n=60))
    assert council.run().status == 0
    return council


def pages(council: Council) -> list[Path]:
    return sorted((council.folder / "out").rglob("*.pdf"))


def test_the_clerks_workbook_has_a_page_and_the_chairs_has_none(council: Council) -> None:
    assert list((council.folder / "out" / "chair").glob("*.xlsx"))
    made = pages(council)
    assert made
    assert {page.parent for page in made} == {council.folder / "out"}
    assert {page.with_suffix(".xlsx").exists() for page in made} == {True}
    if os.name == "posix":
        assert {stat.S_IMODE(page.stat().st_mode) for page in made} == {0o600}
    page = council.folder / "out" / f"Audit {WEEK}.pdf"
    with council.store() as store:
        reported = store.last_deed(Deed.REPORTED)
    assert reported.said["files"][page.name] == sha256(page.read_bytes()).hexdigest()


def test_report_names_it_and_goes_on_without_it(council: Council) -> None:
    ran = council.auditor("report")
    assert f"One page for the Council's file: out/Audit {WEEK}.pdf" in ran.out.splitlines()
    page = council.folder / "out" / f"Audit {WEEK}.pdf"
    page.unlink()
    page.mkdir()
    ran = council.auditor("report")
    assert (ran.status, "One page" in ran.out) == (0, False)
    assert f"Workbook: out/Audit {WEEK}.xlsx" in ran.out
    assert "The page for the Council's file could not be written (" in ran.err
    page.rmdir()


def test_settings_that_are_others_than_before_are_told(council: Council) -> None:
    council.schedule(rest='[reports]\nfolder = "out"\n')
    assert council.run().status == 0
    today = local_day(datetime.now(UTC))
    assert council.auditor("report", "--week", label(today)).status == 0
    with closing(load_workbook(council.folder / "out" / f"Audit {label(today)}.xlsx")) as book:
        said = [str(cell.value) for row in book["Start"] for cell in row if cell.value]
    assert f"The settings are others since {day_words(today)}: [reports] of schedule.toml." in said
    assert len([line for line in said if line.startswith("The settings")]) == 1, "the first reading is no change"


def test_another_version_of_the_auditor_is_told_in_the_week_in_which_it_came() -> None:
    runs = [
        Run(n, datetime(2026, 11, n, 2, tzinfo=UTC), None, None, version=v)
        for n, v in ((14, "1.0"), (17, "1.0"), (18, "1.1"))
    ]
    said = ["The auditor is another version since Wednesday 18 November 2026: 1.1, after 1.0."]
    assert list(_another_version(runs[::-1], week("2026-W47"))) == said
    assert list(_another_version(runs[::-1], week("2026-W46"))) == []
