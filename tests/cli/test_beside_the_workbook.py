"""What stands beside the workbook: notes to people on what the clerk has decided to be a breach, and the same as JSON."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from types import SimpleNamespace

import pytest
from changes import replace
from openpyxl import load_workbook
from stow import CLERK, IVY, TOM, Council, due_monday, label, letter, stow

from auditor import whole
from auditor.cli import coaching
from auditor.config import load
from auditor.store.decisions import Book, Decision, Said
from auditor.store.interface import Store
from auditor.store.records import FindingRow
from auditor.store.sqlite import open_store
from auditor.store.trail import Deed
from reports.week import week

WEEK = label(due_monday())
CODE = "The door code of the hall is 4821"


@pytest.fixture(scope="module")
def weekly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council whose first week has its workbooks, the Chair's besides."""
    council = stow(tmp_path_factory.mktemp("stow"))
    council.schedule(rest="[reports]\njson = true\n")
    council.post(CLERK, "own", letter("The clerk's own letter.", box=CLERK, n=60))
    council.post(TOM, "code", letter("The oak.", n=61, subject=CODE))
    ran = council.run()
    assert ran.status == 0
    assert ran.json["notes"][0] == f"JSON: out/Audit {WEEK}.json"
    return council.folder


@pytest.fixture
def council(weekly: Path, tmp_path: Path) -> Council:
    return Council(shutil.copytree(weekly, tmp_path / "stow"))


@contextmanager
def writable(council: Council) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{council.database}")) as store:
        yield store


def findings(council: Council, sender: str) -> list[FindingRow]:
    with council.store() as store:
        return [row for row in store.findings() if row.sender == sender]


def decide(council: Council, decisions: Mapping[str, Decision | None]) -> None:
    """As if her workbook said so when it was saved last."""
    with writable(council) as store:
        now = datetime.now(UTC)
        said = [Said(finding, decision) for finding, decision in decisions.items()]
        store.decide(Book("out/Audit.xlsx", now, "0" * 64), said, "ann", now)


def noted(council: Council, label: str = WEEK) -> coaching.Notes:
    with writable(council) as store:
        return coaching.write_notes(
            load(council.folder / "schedule.toml"), store, week(label), datetime.now(UTC).replace(microsecond=0)
        )


def drafts(council: Council) -> dict[str, str]:
    """What each draft says, on one line."""
    out = council.folder / "out"
    return {
        path.relative_to(out).as_posix(): " ".join(
            message_from_bytes(path.read_bytes(), policy=default).get_content().split()
        )
        for path in sorted(out.glob("Notes */*"))
    }


def of(council: Council, sender: str, rule: str) -> str:
    return next(row.id for row in findings(council, sender) if row.finding.rule == rule)


def test_what_she_has_confirmed_is_in_a_draft_for_whom_it_concerns_and_nothing_else_is(council: Council) -> None:
    toms, ivys, own = (findings(council, box) for box in (TOM, IVY, CLERK))
    assert own
    decide(council, {row.id: Decision.BREACH for row in (*toms, *own)} | {ivys[0].id: Decision.ASK})
    ran = council.auditor("report", "--out", "new.xlsx")
    line = f"Notes: 1 draft about what was marked 'Breach' is in out/Notes {WEEK}."
    assert f"{line} Nothing was sent: read, change, then send or delete each.\n" in ran.out
    [(name, said)] = drafts(council).items()
    assert name == f"Notes {WEEK}/Note to Tom Bell.eml"
    assert said.startswith("Dear Tom Bell,")
    assert "in 'Letter 2'" not in said, "subjects are left out where one of them would be a finding"
    assert "4821" not in said
    assert "own letter" not in said
    assert "Letter 60" not in said
    draft = council.folder / "out" / name
    if os.name == "posix":
        assert (draft.stat().st_mode & 0o777, draft.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert council.auditor("scan", draft.parent).out == "1 message: 0 with 0 findings for review, 0 not read.\n"
    before = draft.read_bytes()
    again = council.auditor("report", "--out", "new.xlsx")
    assert "Notes:" not in again.out
    assert draft.read_bytes() == before
    with council.store() as store:
        [entry] = [one for one in store.trail() if one.deed == Deed.NOTED]
    assert sorted(*entry.said["notes"].values()) == sorted(row.id for row in toms)  # type: ignore[attr-defined]
    assert "Tom" not in entry.about
    with closing(load_workbook(council.folder / "new.xlsx")) as book:
        assert "Letter 60" not in str([[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()])


def test_the_clerks_workbook_is_written_as_json_where_that_is_asked_for(council: Council) -> None:
    [path] = (council.folder / "out").rglob("*.json")
    assert path.name == f"Audit {WEEK}.json"
    said = json.loads(path.read_bytes())
    assert [one["finding"] for one in said["findings"] if one["from"] == CLERK] == []
    assert said["apart"] == len(findings(council, CLERK))
    council.schedule()
    assert "JSON" not in council.auditor("report", "--out", "new.xlsx").out
    council.schedule(rest="[reports]\njson = true\n")
    assert "JSON: new.json\n" in council.auditor("report", "--out", "new.xlsx").out
    assert len(list(council.folder.rglob("*.json"))) == 2, "only what is asked for"


def test_what_was_told_is_not_told_again_though_the_draft_is_deleted(council: Council) -> None:
    first, second = of(council, TOM, "waiver-missing"), of(council, TOM, "signature-missing")
    decide(council, {first: Decision.BREACH})
    assert len(noted(council).said) == 1
    shutil.rmtree(council.folder / "out" / f"Notes {WEEK}")
    assert noted(council).said == ()
    decide(council, {second: Decision.BREACH})
    assert len(noted(council).said) == 1
    [said] = drafts(council).values()
    assert "1. " not in said
    assert "No signature (E1)" in said
    assert "earlier note" not in said


def test_the_same_again_is_said_to_be_so_only_after_a_note(council: Council) -> None:
    one, two = [row.id for row in findings(council, TOM) if row.finding.rule == "waiver-missing"]
    decide(council, {one: Decision.BREACH})
    noted(council)
    decide(council, {two: Decision.BREACH})
    [told] = noted(council).said
    assert told == (
        f"A note to Tom Bell about 1 finding that you marked 'Breach' is in 'Notes {WEEK}/Note to Tom Bell (2).eml': "
        "read it, change it as you like, then send or delete it."
    )
    first, second = (drafts(council)[f"Notes {WEEK}/Note to Tom Bell{end}.eml"] for end in ("", " (2)"))
    assert "earlier note" not in first
    assert "Where it was, after an earlier note on the same:" in second


def test_a_draft_that_nobody_edited_loses_what_is_no_breach_any_more(council: Council) -> None:
    waiver, signature = of(council, TOM, "waiver-missing"), of(council, TOM, "signature-missing")
    decide(council, {waiver: Decision.BREACH, signature: Decision.BREACH})
    noted(council)
    decide(council, {waiver: Decision.PERMITTED})
    assert noted(council).said == ()
    [said] = drafts(council).values()
    assert "No waiver" not in said
    assert "No signature" in said
    assert "earlier note" not in said
    decide(council, {signature: Decision.ASK})
    noted(council)
    assert drafts(council) == {}
    decide(council, {signature: Decision.BREACH})
    later = label(due_monday().replace(year=due_monday().year + 1))
    noted(council, later)
    assert list(drafts(council)) == [f"Notes {later}/Note to Tom Bell.eml"]


def test_a_draft_that_she_edited_is_left_as_it_is(council: Council) -> None:
    waiver, signature = of(council, TOM, "waiver-missing"), of(council, TOM, "signature-missing")
    decide(council, {waiver: Decision.BREACH})
    noted(council)
    path = council.folder / "out" / f"Notes {WEEK}" / "Note to Tom Bell.eml"
    path.write_bytes(path.read_bytes().replace(b"Dear Tom Bell", b"Dear Tom"))
    edited = path.read_bytes()
    decide(council, {waiver: None, signature: Decision.BREACH})
    noted(council)
    assert path.read_bytes() == edited
    beside = drafts(council)[f"Notes {WEEK}/Note to Tom Bell (2).eml"]
    assert "No signature" in beside
    assert "No waiver" not in beside


def test_a_run_that_is_cut_short_before_the_trail_knows_writes_no_second_draft(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(Exception):
        pass

    def killed(*_: object) -> None:
        raise Killed

    decide(council, {of(council, TOM, "waiver-missing"): Decision.BREACH})
    with monkeypatch.context() as cut:
        cut.setattr(coaching, "recorded", killed)
        with pytest.raises(Killed):
            noted(council)
    assert len(drafts(council)) == 1
    assert len(noted(council).said) == 1
    assert len(drafts(council)) == 1
    assert noted(council).said == ()


def test_a_folder_that_cannot_be_written_is_said_and_told_of_next_time(council: Council) -> None:
    decide(council, {of(council, TOM, "waiver-missing"): Decision.BREACH})
    place = council.folder / "out" / f"Notes {WEEK}"
    place.write_text("in the way")
    ran = council.auditor("report", "--out", "new.xlsx")
    assert ran.status == 1
    assert ran.sentence.startswith(f"The notes to people could not be written into '{place}' (")
    assert (council.folder / "new.xlsx").is_file()
    place.unlink()
    assert len(noted(council).said) == 1


def test_what_stops_a_note_names_nobody(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coaching, "_TRIES", 1)
    decide(council, {of(council, TOM, "waiver-missing"): Decision.BREACH})
    place = council.folder / "out" / f"Notes {WEEK}"
    place.mkdir()
    (place / "Note to Tom Bell.eml").write_text("Hers.")
    trouble = noted(council).trouble
    assert "are there already" in trouble
    assert "Tom" not in trouble


@pytest.mark.parametrize("now", ["gone", "the clerk"])
def test_nobody_is_written_to_who_is_not_in_post_or_is_the_clerk_by_now(council: Council, now: str) -> None:
    decide(council, {row.id: Decision.BREACH for row in findings(council, TOM)})
    last = (due_monday() + timedelta(days=1)).date()
    schedule = council.folder / "schedule.toml"
    text = schedule.read_text("utf-8").replace(f'"{TOM}"\n', f'"{TOM}"\nuntil = {last}\n', 1)
    if now == "the clerk":
        text = text.replace('role = "clerk"', f'role = "clerk"\nuntil = {last}')
        text += (
            f'\n[[people]]\nname = "Tom Bell"\nrole = "clerk"\nmailbox = "{TOM}"\nfrom = {last + timedelta(days=1)}\n'
        )
    schedule.write_text(text, encoding="utf-8")
    assert noted(council).said == ()
    assert drafts(council) == {}


@pytest.mark.parametrize(
    ("sender", "mailbox", "rule", "to"),
    [
        (TOM, TOM, "waiver-missing", "Tom Bell"),
        (TOM, IVY, "waiver-missing", "Tom Bell"),
        (IVY, TOM, "record-deleted", "Tom Bell"),
        ("resident@example.org", TOM, "record-unsaved-attachment", "Tom Bell"),
        (TOM, CLERK, "record-deleted", None),
        (CLERK, TOM, "record-deleted", None),
        (CLERK, CLERK, "waiver-missing", None),
        ("office@council.example", TOM, "waiver-missing", None),
        ("resident@example.org", TOM, "waiver-missing", None),
    ],
)
def test_a_note_goes_to_whom_the_finding_is_about(
    council: Council, sender: str, mailbox: str, rule: str, to: str | None
) -> None:
    row = findings(council, TOM)[0]
    row = replace(row, sender=sender, mailbox=mailbox, finding=replace(row.finding, rule=rule))
    with council.store() as store:
        desk = coaching._Desk(load(council.folder / "schedule.toml"), store, datetime.now(UTC))
        person = desk._person(row)
    assert (person.name if person else None) == to


def test_names_of_people_make_names_of_files(tmp_path: Path) -> None:
    assert next(coaching._names(tmp_path, 'Zoë "Z" O\'Neil/../x: <Cllr>.')).name == "Note to Zoë Z O'Neil .. x Cllr.eml"
    assert len(next(coaching._names(tmp_path, "x" * 400)).name) < 100


def test_a_disk_that_refuses_once_costs_no_note(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Path] = []

    def put(path: Path, data: bytes) -> None:
        tried.append(path)
        if len(tried) == 2:
            raise OSError(5, "Input/output error")
        whole.put(path, data)

    decide(council, {of(council, box, "waiver-missing"): Decision.BREACH for box in (TOM, IVY)})
    monkeypatch.setattr(coaching, "whole", SimpleNamespace(put=put))
    found = noted(council)
    assert (found.trouble, len(found.said), len(drafts(council))) == ("", 2, 2)
    assert noted(council).said == ()
