"""`[reports] chair_password`: the Chair's workbook is encrypted, or it is not written."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from stow import CLERK, Council, due_monday, letter, stow

from auditor.cli.workplace import chair_password
from auditor.config import load
from auditor.errors import ConfigError
from reports.sealed import opened

PASSWORD = "four damp words and a goose"
KNOWN = {"CHAIR": PASSWORD}


@pytest.fixture
def council(tmp_path: Path) -> Council:
    """There is something on the clerk."""
    council = stow(tmp_path)
    council.post(CLERK, "minutes", letter("The minutes are done.", box=CLERK, n=40))
    council.schedule(rest='[reports]\nchair_password = "env:CHAIR"\n')
    return council


def chairs(council: Council) -> list[Path]:
    return sorted((council.folder / "out").glob("chair/*.xlsx"))


def words(data: bytes, sheet: str) -> str:
    return " ".join(str(cell) for row in load_workbook(BytesIO(data))[sheet].values for cell in row if cell)


def first_sheet(data: bytes) -> str:
    return words(data, "Start")


def findings(data: bytes) -> str:
    return words(data, "Findings")


def password_check(council: Council, **more: object) -> tuple[bool, str]:
    checks = council.auditor("check", "--json", **more).json["checks"]
    [row] = [row for row in checks if row["check"] == "password"]
    return row["ok"], row["detail"]


def test_the_chairs_workbook_opens_with_the_password_and_the_clerks_without(council: Council) -> None:
    ran = council.auditor("run", "--json", env=KNOWN)
    assert (ran.status, ran.err) == (0, "")
    [chair] = chairs(council)
    assert "not encrypted" not in first_sheet(opened(chair.read_bytes(), PASSWORD))
    assert "not encrypted" not in first_sheet((council.folder / ran.json["workbook"]).read_bytes())
    assert password_check(council, env=KNOWN) == (True, "The Chair's workbook opens with the Chair's password alone.")
    trail = council.auditor("verify", "--json", env=KNOWN)
    assert (trail.status, trail.json["audit_trail"]["anchors"], trail.json["audit_trail"]["locked"]) == (0, 2, [])
    # without the password the Chair's is left out, with a word
    trail = council.auditor("verify", "--json", env={"CHAIR": "another one of them"})
    said = trail.json["audit_trail"]
    assert (trail.status, said["anchors"], said["locked"], said["unreadable"]) == (0, 1, [chair.name], [])
    assert f"chair_password does not open it: '{chair.name}'" in trail.err


@pytest.mark.parametrize("weak", ["2Short!", "       8", "two words\nin two lines", "\udc80 no character", "long" * 64])
def test_a_weak_password_is_refused_and_not_repeated(
    council: Council, weak: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAIR", weak)
    with pytest.raises(ConfigError, match="kept in env:CHAIR is not 8 to 255 characters in one line") as refused:
        chair_password(load(council.folder / "schedule.toml"))
    assert weak not in str(refused.value)


def test_without_the_password_nothing_is_written_for_the_chair_and_nothing_is_lost(council: Council) -> None:
    council.post(CLERK, "old", letter("The rota.", box=CLERK, n=41, sent=due_monday() - timedelta(days=20)))
    ran = council.auditor("run", "--json")
    said = "The environment variable CHAIR is empty"
    assert (ran.status, said in ran.err, "Traceback" in ran.err) == (1, True, False)
    assert ran.err.count(said) == 1
    assert "The Chair's workbook was not written, the clerk's was" in ran.err
    assert "Letter 2" in findings((council.folder / ran.json["workbook"]).read_bytes())
    assert chairs(council) == []
    assert len(list(council.folder.glob("out/Audit *.xlsx"))) == 2, "of old mail, and of the week"
    with council.store() as store:
        assert {row.sender for row in store.findings(unreported=True)} == {CLERK}
    again = council.run()  # no workbook is due, and it is said all the same
    assert (again.status, again.json["workbook"], again.err.count(said)) == (1, None, 1)
    ok, detail = password_check(council)
    assert (ok, said in detail) == (False, True)
    # what is on the clerk waits for the workbook that may list it
    assert council.auditor("report", env=KNOWN).status == 0
    [chair] = chairs(council)
    listed = findings(opened(chair.read_bytes(), PASSWORD))
    assert ("Letter 40" in listed, "Letter 41" in listed) == (True, True)


def test_without_a_password_it_is_said_who_can_read_it(council: Council) -> None:
    council.schedule()
    ran = council.auditor("run", "--json")
    assert ran.status == 0
    [chair] = chairs(council)
    said = "not encrypted: anybody who can open its folder can read it."
    assert f"This workbook is {said}" in first_sheet(chair.read_bytes())
    assert "not encrypted" not in first_sheet((council.folder / ran.json["workbook"]).read_bytes())
    assert password_check(council) == (True, f"The Chair's workbook is {said}")
