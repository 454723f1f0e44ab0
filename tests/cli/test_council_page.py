"""The page for the Council's file, as nights and `auditor report` write it."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path

import pytest
from stow import CLERK, Council, due_monday, label, letter, stow

from auditor.store.trail import Deed

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
