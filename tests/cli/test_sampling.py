"""The week's sample, from the mail to the workbook and back: who sees what, what stays, and what is said of it."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from stow import CLERK, IVY, TOM, Council, due_monday, label, letter, stow

from auditor.cli import sampling
from auditor.store.samples import SIZE, Verdict

WEEK = label(due_monday())
NAME = f"Audit {WEEK}.xlsx"
SECRET = "Wren7!kettle"
FIRST = f"The password for the hall is {SECRET}, as agreed."


@pytest.fixture(scope="module")
def weekly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council whose week has its workbooks: 24 letters of Tom's without a finding, two of the clerk's, one of each with."""
    council = stow(tmp_path_factory.mktemp("stow"))
    for n in range(24):
        council.post(TOM, f"good{n}", letter(f"The bench by the pond is mended, number {n}.", n=100 + n, good=True))
    council.post(CLERK, "good", letter("The board is painted.", box=CLERK, n=60, good=True))
    council.post(CLERK, "bare", letter("The clerk's own letter.", box=CLERK, n=61))
    assert council.run().status == 0
    return council.folder


@pytest.fixture
def council(weekly: Path, tmp_path: Path) -> Council:
    return Council(shutil.copytree(weekly, tmp_path / "stow"))


def clerks(council: Council) -> Path:
    return council.folder / "out" / NAME


def chairs(council: Council) -> Path:
    [path] = (council.folder / "out" / "chair").glob("*.xlsx")
    return path


def rows(path: Path) -> tuple[str, list[dict[str, Any]]]:
    """All that the sheet says, and the table."""
    with closing(load_workbook(path)) as book:
        lines = list(book["Sample"].iter_rows(values_only=True))
    text = "\n".join(str(value) for line in lines for value in line if value)
    top = next((n for n, line in enumerate(lines) if line[0] == "No."), len(lines))
    table = [dict(zip(lines[top], line, strict=True)) for line in lines[top + 1 :] if line[-1]]
    return text, table


def say(path: Path, said: dict[str, dict[str, str | None]], saved: datetime | None = None) -> None:
    """Writes into the rows of these names, by heading."""
    with closing(load_workbook(path)) as book:
        sheet = book["Sample"]
        lines = list(sheet.iter_rows(values_only=True))
        top = next(n for n, line in enumerate(lines, 1) if line[0] == "No.")
        for number, line in enumerate(lines, 1):
            for heading, value in said.get(str(line[-1]), {}).items():
                sheet.cell(number, lines[top - 1].index(heading) + 1).value = value
        book.properties.creator = "Ann Marsh"
        book.save(path)
    if saved:
        os.utime(path, (saved.timestamp(), saved.timestamp()))


def names(path: Path) -> list[str]:
    return [row["Sampled message"] for row in rows(path)[1]]


def test_each_reader_has_twenty_at_most_of_the_mail_that_is_theirs_to_see(council: Council) -> None:
    text, mine = rows(clerks(council))
    assert text.startswith("20 of the 24 messages of the week in which no rule found anything, drawn by chance")
    assert {row["From"] for row in mine} == {"Tom Bell"}
    assert len({row["Message-ID (to search for in the mail program)"] for row in mine}) == SIZE
    assert {row["How it begins"][:31] for row in mine} == {"The bench by the pond is mended"}
    assert "Ann Marsh" not in text, "the clerk's own is the Chair's to see"
    text, theirs = rows(chairs(council))
    assert text.startswith("All 2 messages of the week")
    assert {row["From"] for row in theirs} == {"Ann Marsh"}


def test_the_same_week_has_the_same_sample_with_what_was_said_of_it(council: Council) -> None:
    before = names(clerks(council))
    say(
        clerks(council),
        {before[0]: {"What you found": "something missed", "Which clause": "E10: E-mails", "Note": "=1"}},
    )
    council.post(TOM, "late", letter("A late one.", n=300, good=True))
    assert council.run().status == 0
    assert council.auditor("report", "--week", WEEK).status == 0
    text, again = rows(clerks(council).with_stem(f"Audit {WEEK} (2)"))
    assert [row["Sampled message"] for row in again] == before
    first, second, *_ = again
    assert (first["What you found"], first["Note"]) == ("Something missed", "=1")
    assert first["Which clause"].startswith("E10: E-mails that create obligations")
    assert second["What you found"] is None
    assert "1 message was looked at, and something was missed in 1." in text
    assert "of the 24 messages without a finding in that week" in text, "those it was drawn from"


def test_decisions_tells_of_the_clerk_s_sample_alone(council: Council) -> None:
    one, two, three, *_ = names(clerks(council))
    looks: dict[str, dict[str, str | None]] = {
        one: {"What you found": "Nothing amiss"},
        two: {"What you found": "Something missed", "Which clause": "E5"},
        three: {"Note": "Ask him."},
    }
    say(clerks(council), looks)
    [own, *_] = names(chairs(council))
    say(chairs(council), {own: {"What you found": "Something missed", "Note": "a secret"}})
    ran = council.auditor("decisions", "--json")
    assert ran.status == 0, ran.err
    mine, theirs = ran.json["workbooks"]
    assert mine["sample"] == {"looked_at": 2, "missed": 1, "new": 3, "changed": 0, "taken_back": 0, "open": 18}
    assert theirs["sample"] is None
    assert ran.json["sample_conflicts"] == []
    plain = council.auditor("decisions")
    assert plain.out.count("sample") == 1
    assert "Of its sample 2 messages looked at, 1 with something missed, 18 still open." in plain.out
    with council.store() as store:
        assert [missed.message.name for missed in store.missed(False)] == [two]
        assert [(missed.message.sender, missed.said.look.note) for missed in store.missed(True)] == [
            (CLERK, "a secret")
        ]


def test_what_two_of_the_chairs_say_of_a_sample_is_not_told_when_only_another_is_read(council: Council) -> None:
    one, *_ = names(clerks(council))
    say(clerks(council), {one: {"What you found": "Nothing amiss"}})
    first = chairs(council)
    [own, *_] = names(first)
    copy = Path(shutil.copy(first, first.with_name("Audit copy.xlsx")))
    say(first, {own: {"What you found": "Something missed", "Which clause": "E5"}})
    say(copy, {own: {"What you found": "Nothing amiss"}}, datetime.now(UTC) - timedelta(days=1))
    assert council.auditor("decisions").status == 1
    ran = council.auditor("decisions", clerks(council))
    assert "E5" not in ran.out + ran.err
    assert council.auditor("decisions", clerks(council), "--json").json["sample_conflicts"] == []


def test_what_is_the_chair_s_is_said_in_the_chair_s_workbook_alone(council: Council) -> None:
    one, two, *_ = names(clerks(council))
    [own, *_] = names(chairs(council))
    looks = {one: {"Sampled message": own, "What you found": "Nothing amiss"}, two: {"Sampled message": "0" * 20}}
    say(clerks(council), looks)
    ran = council.auditor("decisions")
    assert ran.status == 1
    assert "found in 1 sampled message could not be taken" in ran.sentence, "the other row says nothing"
    assert "names none that was drawn for this reader" in ran.sentence
    with council.store() as store:
        assert store.looks() == {}


def test_what_is_not_clear_is_asked_and_what_was_said_before_stands(council: Council) -> None:
    one, two, *_ = names(clerks(council))
    say(clerks(council), {one: {"What you found": "Nothing amiss"}})
    assert council.auditor("decisions").status == 0
    say(clerks(council), {one: {"What you found": "fine"}, two: {"What you found": "Nothing amiss"}})
    ran = council.auditor("decisions")
    assert ran.status == 1
    assert ran.sentence.startswith(f"{NAME}, sheet Sample, row ")
    assert ran.sentence.endswith(
        "'fine' is not among what can be chosen there; choose from the lists in those cells and save."
    )
    with council.store() as store:
        assert {name: said.look.verdict for name, said in store.looks().items()} == dict.fromkeys(
            (one, two), Verdict.FINE
        )
    assert council.auditor("report", "--out", "new.xlsx").status == 0
    with closing(load_workbook(council.folder / "new.xlsx")) as book:
        told = "\n".join(str(cell.value) for row in book.worksheets[0] for cell in row if cell.value)
    assert "'fine' is not among what can be chosen there" in told


def test_copies_that_differ_are_told_and_the_newest_stands(council: Council) -> None:
    one, *_ = names(clerks(council))
    monday = datetime.now(UTC) - timedelta(days=2)
    say(clerks(council), {one: {"What you found": "Nothing amiss"}}, monday)
    copy = Path(shutil.copy(clerks(council), clerks(council).with_name("Copy.xlsx")))
    say(copy, {one: {"What you found": "Something missed", "Which clause": "E2"}}, monday + timedelta(days=1))
    ran = council.auditor("decisions")
    assert ran.status == 1
    assert ran.sentence == (
        f"Copy.xlsx ('Something missed', E2) and {NAME} ('Nothing amiss') say different things of the same sampled message. "
        "The first of these was saved last, and counts: make the other the same."
    )
    [differing] = council.auditor("decisions", "--json").json["sample_conflicts"]
    assert [said["workbook"] for said in differing["sayings"]] == ["out/Copy.xlsx", f"out/{NAME}"]
    with council.store() as store:
        assert store.looks()[one].look.verdict is Verdict.MISSED


def test_what_is_private_is_not_drawn_and_what_is_secret_is_hidden(tmp_path: Path) -> None:
    council = stow(tmp_path)
    off = '[policy.rules]\nconfidential-credentials = "off"\n'
    council.schedule(policy=off)
    drawn, later = (due_monday() - timedelta(days=days) for days in (14, 7))
    for n, sent in enumerate([drawn] * 3 + [later] * 8):
        union = letter("About my pay.", box=IVY, n=n, good=True, subject=f"Union {n}", sent=sent + timedelta(minutes=n))
        council.post(IVY, f"union{n}", union)
    for n, sent in enumerate([drawn] + [later] * 22, 200):
        council.post(TOM, f"key{n}", letter(FIRST, n=n, good=True, sent=sent + timedelta(minutes=n)))
    assert council.run().status == 0
    week = label(drawn)
    assert council.auditor("report", "--week", week, "--out", "a.xlsx").status == 0
    text, shown = rows(council.folder / "a.xlsx")
    assert (len(shown), text.count("Union")) == (4, 3)
    council.schedule(policy=f'private_subjects = ["union"]\n{off}')
    for chosen, said in ((week, "1 of the 4 messages"), (label(later), "20 of the 22 messages")):
        assert council.auditor("report", "--week", chosen, "--out", "b.xlsx").status == 0
        text, shown = rows(council.folder / "b.xlsx")
        assert text.startswith(said)
        assert "Union" not in text
        assert {row["How it begins"] for row in shown} == {"The password for the hall is *****, as agreed."}
        (council.folder / "b.xlsx").unlink()


def test_whoever_turns_out_to_have_been_clerk_is_the_chair_s_to_read(council: Council) -> None:
    path = council.folder / "schedule.toml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace('role = "councillor"\ntitle = "Councillor"\nmailbox = "tom', 'role = "clerk"\nmailbox = "tom')
    )
    assert council.auditor("report", "--week", WEEK, "--out", "new.xlsx").status == 0
    text, shown = rows(council.folder / "new.xlsx")
    assert text.startswith(sampling.WITHHELD)
    assert shown == []


def test_a_week_that_is_not_due_and_a_backlog_have_none(council: Council) -> None:
    monday = due_monday() + timedelta(days=7)
    now = label(monday)
    council.post(TOM, "now", letter("Of this week.", n=400, good=True, sent=monday - timedelta(hours=9, minutes=30)))
    assert council.run().status == 0
    assert council.auditor("report", "--week", now, "--out", "now.xlsx").status == 0
    assert rows(council.folder / "now.xlsx")[0].startswith(sampling.EARLY)
    with council.store() as store:
        assert store.sample(now, False) == []
    earlier = label(due_monday() - timedelta(days=70))
    assert council.auditor("report", "--week", earlier, "--out", "then.xlsx").status == 0
    assert rows(council.folder / "then.xlsx")[0].startswith(sampling.NOTHING)
