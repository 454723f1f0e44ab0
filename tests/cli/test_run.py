"""One council through its nights: what `run`, `status`, `check` and `report` say, key by key."""

from __future__ import annotations

import os
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from stow import BOXES, CLERK, IVY, SOURCE, TOM, Council, Ran, due_monday, label, letter, stow

RUN_KEYS = {"run", "started", "ended", "ok", "mailboxes", "workbook", "notes"}
BOX_KEYS = {"mailbox", "status", "new", "removed", "analysed", "findings", "requests", "gaps", "error"}
STATUS_KEYS = {"mailboxes", "last_run", "next_run", "nights_covered", "audit_trail", "store"}
ACCOUNT_KEYS = {
    "mailbox", "source", "status", "provider_count", "collected", "gaps", "outside_window", "private", "removed",
    "last_complete", "nights_since_complete", "error", "unchecked",
}  # fmt: skip


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Council:
    return stow(tmp_path_factory.mktemp("stow"))


@pytest.fixture(scope="module")
def nights(council: Council) -> tuple[Ran, Ran]:
    """A first night and a second one with nothing new; on the clerk's mail there is one fault."""
    council.post(CLERK, "short", letter("Noted.", box=CLERK, n=4))
    return council.run(), council.run()


def text_of(path: Path) -> str:
    book = load_workbook(path)
    return "\n".join(str(c.value) for sheet in book for row in sheet for c in row if c.value is not None)


def test_the_first_night_says_what_it_did(council: Council, nights: tuple[Ran, Ran]) -> None:
    ran = nights[0]
    assert (ran.status, ran.err) == (0, "")
    said = ran.json
    assert set(said) == RUN_KEYS
    assert (said["run"], said["ok"]) == (1, True)
    assert said["workbook"] == f"out/Audit {label(due_monday())}.xlsx"
    assert (council.folder / said["workbook"]).is_file()
    started, ended = (datetime.fromisoformat(said[key]) for key in ("started", "ended"))
    assert started <= ended
    assert started.utcoffset() == timedelta()
    assert [box["mailbox"] for box in said["mailboxes"]] == list(BOXES)
    whole = {"status": "complete", "removed": 0, "requests": 0, "gaps": 0, "error": None}
    for box, new, findings in ((CLERK, 2, 2), (TOM, 1, 2), (IVY, 1, 2)):
        row = ran.boxes[box]
        assert row.keys() >= BOX_KEYS
        assert row == row | whole | {"new": new, "analysed": new, "findings": findings}


def test_the_second_night_finds_nothing_new(nights: tuple[Ran, Ran]) -> None:
    ran = nights[1]
    assert (ran.status, ran.json["run"], ran.json["ok"], ran.json["workbook"]) == (0, 2, True, None)
    for row in ran.json["mailboxes"]:
        assert (row["new"], row["analysed"], row["findings"], row["status"]) == (0, 0, 0, "complete")


def test_status_before_the_first_night_names_every_mailbox(tmp_path: Path) -> None:
    ran = stow(tmp_path).auditor("status", "--json")
    assert (ran.status, ran.json["last_run"], ran.json["store"]["messages"]) == (0, None, 0)
    assert {address: (row["status"], row["provider_count"]) for address, row in ran.boxes.items()} == dict.fromkeys(
        BOXES, (None, None)
    )
    assert not (tmp_path / "data").exists()


def test_status_accounts_for_every_message(council: Council, nights: tuple[Ran, Ran]) -> None:
    ran = council.auditor("status", "--json")
    said = ran.json
    assert (ran.status, ran.err) == (0, "")
    assert said.keys() >= STATUS_KEYS
    assert {row["mailbox"] for row in said["mailboxes"]} == set(BOXES)
    for row in said["mailboxes"]:
        assert set(row) == ACCOUNT_KEYS
        assert row["provider_count"] == row["collected"] + row["gaps"] + row["outside_window"] + row["private"]
        assert (row["source"], row["status"], row["error"]) == ("files", "complete", None)
        assert datetime.fromisoformat(row["last_complete"]).utcoffset() == timedelta()
    assert said["last_run"] == {"run": 2, "ended": said["last_run"]["ended"], "ok": True}
    assert datetime.fromisoformat(said["next_run"]) > datetime.now(UTC)
    assert said["nights_covered"][1] == 7
    assert set(said["audit_trail"]) == {"length", "head"}
    assert (said["store"]["messages"], said["store"]["searchable"]) == (4, 4)
    assert said["store"]["bytes"] == council.database.stat().st_size
    told = council.auditor("status").out
    assert re.search(rf"^{CLERK} +complete +2 +2 +0$", told, re.MULTILINE)


def test_check_proves_each_thing(council: Council, nights: tuple[Ran, Ran]) -> None:
    ran = council.auditor("check", "--json")
    assert (ran.status, ran.json["ok"]) == (0, True)
    for check in ran.json["checks"]:
        assert set(check) == {"check", "subject", "ok", "detail", "mend"}
    proved = {(check["check"], check["subject"]) for check in ran.json["checks"]}
    assert proved >= {
        ("configuration", "schedule.toml"),
        ("store", str(council.database)),
        *(("mailbox", b) for b in BOXES),
    }


def test_check_names_a_mailbox_nobody_configured(council: Council, nights: tuple[Ran, Ran]) -> None:
    stray = council.folder / "mail" / "pat.new@council.example" / "sent"
    stray.mkdir(parents=True)
    ran = council.auditor("check", "--json")
    assert ran.status == 0
    [found] = [check for check in ran.json["checks"] if check["check"] == "unclaimed"]
    assert (found["subject"], found["ok"]) == ("pat.new@council.example", True)
    assert "not read" in found["detail"]
    stray.rmdir()
    stray.parent.rmdir()


def test_check_names_the_people_whose_mailbox_is_not_read(tmp_path: Path) -> None:
    some = stow(tmp_path)
    some.schedule(sources=f'[[sources]]\nkind = "files"\nroot = "mail"\nfolders = ["all"]\nmailboxes = ["{CLERK}"]\n')
    [found] = [c for c in some.auditor("check", "--json").json["checks"] if c["check"] == "people"]
    assert (found["ok"], found["subject"]) == (True, "mailboxes")
    assert TOM in found["detail"]
    assert CLERK not in found["detail"]
    assert some.run().status == 0
    assert some.auditor("report", "--out", "now.xlsx").status == 0
    said = coverage_of(tmp_path / "now.xlsx")
    assert "are not read, because no source in schedule.toml names them" in said
    assert TOM in said


def test_check_says_what_narrow_folders_cannot_serve(tmp_path: Path) -> None:
    narrow = stow(tmp_path)
    narrow.schedule(sources='[[sources]]\nkind = "files"\nroot = "mail"\n')
    [found] = [c for c in narrow.auditor("check", "--json").json["checks"] if c["check"] == "folders"]
    assert "record-deleted" in found["detail"]
    assert "FOI" in found["detail"]
    assert "what people sent" not in found["detail"]
    narrow.schedule(sources='[[sources]]\nkind = "files"\nroot = "mail"\nfolders = ["deleted", "archive", "inbox"]\n')
    [found] = [c for c in narrow.auditor("check", "--json").json["checks"] if c["check"] == "folders"]
    assert found["detail"] == (
        "Only deleted, archive, inbox is read: what people sent is not read, so the rules cannot be put to it."
    )


def test_check_advises_on_a_mailbox_without_a_message(tmp_path: Path) -> None:
    empty = stow(tmp_path)
    empty.file(IVY, "oak").unlink()
    ran = empty.auditor("check", "--json")
    assert (ran.status, ran.json["ok"]) == (0, True)
    mends = {check["subject"]: check["mend"] for check in ran.json["checks"] if check["check"] == "mailbox"}
    assert "No message is there" in mends[IVY]
    assert mends[TOM] == ""
    # As Thunderbird keeps a folder without mail.
    (tmp_path / "mail" / f"{IVY}.mbox").touch()
    assert "advice  mailbox ivy" in empty.auditor("check").out


def test_check_tries_the_folders_of_the_workbooks_and_leaves_nothing(tmp_path: Path) -> None:
    fresh = stow(tmp_path)

    def tried() -> dict[str, str]:
        before = {path for path in tmp_path.rglob("*") if "data" not in path.parts}
        checks = fresh.auditor("check", "--json").json["checks"]
        assert {path for path in tmp_path.rglob("*") if "data" not in path.parts} == before
        return {check["subject"]: check["detail"] for check in checks if check["check"] == "reports"}

    out, chair = str(tmp_path / "out"), str(tmp_path / "out" / "chair")
    assert tried() == dict.fromkeys((out, chair), "It can be made.")
    (tmp_path / "out").mkdir()
    assert tried() == {out: "It can be written to.", chair: "It can be made."}


def test_the_clerks_workbook_does_not_list_what_is_on_the_clerk(council: Council, nights: tuple[Ran, Ran]) -> None:
    clerk = text_of(council.folder / nights[0].json["workbook"])
    [chair] = (council.folder / "out" / "chair").glob("*.xlsx")
    assert "Letter 2" in clerk
    assert "Letter 4" not in clerk
    assert "Letter 4" in text_of(chair)


def test_what_the_clerk_has_deleted_is_the_chairs_whoever_sent_it(tmp_path: Path) -> None:
    council = stow(tmp_path)
    post = council.post(CLERK, "request", letter("Please send the accounts.", n=77, good=True), "inbox")
    assert council.run().status == 0
    post.unlink()
    assert council.run().status == 0
    with council.store() as store:
        [row] = [row for row in store.findings() if row.finding.rule == "record-deleted"]
    assert (row.sender, row.mailbox) == (TOM, CLERK)
    assert council.auditor("report", "--week", label(due_monday()), "--out", "new.xlsx").status == 0
    [chair] = (council.folder / "out" / "chair").glob("*.xlsx")
    told = f"is no longer in {CLERK}, nor in its bin"
    assert told in text_of(chair)
    assert told not in text_of(council.folder / "new.xlsx")


def test_everything_a_run_leaves_is_its_owners_alone(council: Council, nights: tuple[Ran, Ran]) -> None:
    if os.name != "posix":
        pytest.skip("mode bits")
    left = [path for top in ("data", "out") for path in [council.folder / top, *(council.folder / top).rglob("*")]]
    assert len(left) > 4
    assert [path for path in left if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_a_week_written_again_lists_what_it_listed(council: Council, nights: tuple[Ran, Ran]) -> None:
    ran = council.auditor("report", "--out", "again.xlsx")
    assert ran.status == 0, ran.err
    assert "again.xlsx" in ran.out
    assert "Letter 2" in text_of(council.folder / "again.xlsx")


def test_an_empty_past_week_still_has_its_coverage(council: Council, nights: tuple[Ran, Ran]) -> None:
    past = label(due_monday() - timedelta(weeks=9))
    ran = council.auditor("report", "--week", past)
    lines = [f"One page for the Council's file: out/Audit {past}.pdf", f"Workbook: out/Audit {past}.xlsx"]
    assert (ran.status, ran.out.splitlines()) == (0, lines)
    book = load_workbook(council.folder / "out" / f"Audit {past}.xlsx")
    covered = "\n".join(str(cell.value) for row in book["Coverage"] for cell in row)
    assert TOM in covered
    assert IVY in covered


def test_this_week_may_be_looked_at_before_it_is_over(council: Council, nights: tuple[Ran, Ran]) -> None:
    ran = council.auditor("report", "--week", label(datetime.now(UTC)))
    assert ran.status == 0, ran.err


def held_open(path: Path) -> None:
    path.with_name(f".~lock.{path.name}#").write_text("clerk", encoding="utf-8")


def test_a_workbook_that_is_open_is_left_alone(council: Council, nights: tuple[Ran, Ran]) -> None:
    path = council.folder / str(nights[0].json["workbook"])
    before = path.read_bytes()
    held_open(path)
    ran = council.auditor("report")
    assert ran.status == 0
    assert "open in another program" in ran.sentence
    assert ran.out.strip().endswith(f"{path.stem} (2).xlsx")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "env", [{"LC_ALL": "C", "TZ": "Pacific/Kiritimati"}, {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}]
)
def test_neither_locale_nor_zone_changes_what_is_said(
    council: Council, nights: tuple[Ran, Ran], env: dict[str, str]
) -> None:
    council.schedule(
        rest="", people='[[people]]\nname = "Zoë Ångström"\nrole = "volunteer"\nmailbox = "zoë@council.example"\n'
    )
    try:
        usual, odd = council.auditor("check", "--json"), council.auditor("check", "--json", env=env)
    finally:
        council.schedule()
    assert "zoë@council.example" in odd.out

    def subjects(ran: Ran) -> list[Any]:
        return [(c["check"], c["subject"], c["ok"]) for c in ran.json["checks"]]

    assert subjects(odd) == subjects(usual)
    without = council.auditor("status", "--json")
    assert council.auditor("status", "--json", env=env).out == without.out


def test_plain_words_for_a_person(council: Council, nights: tuple[Ran, Ran]) -> None:
    said = council.auditor("run")
    assert said.status == 0
    assert f"{CLERK}: complete, 0 new, 0 removed, 0 findings\n" in said.out


def test_the_first_workbooks_wait_until_something_was_read(tmp_path: Path) -> None:
    late = stow(tmp_path)
    late.post(TOM, "old", letter("The gate is painted.", n=9, sent=due_monday() - timedelta(weeks=10)))
    (tmp_path / "mail").rename(tmp_path / "elsewhere")
    failed = late.run()
    assert (failed.status, failed.json["workbook"]) == (1, None)
    assert late.auditor("report").status == 2
    assert not (tmp_path / "out").exists()
    (tmp_path / "elsewhere").rename(tmp_path / "mail")
    assert late.run().json["workbook"] == f"out/Audit {label(due_monday())}.xlsx"
    [backlog] = (tmp_path / "out").glob("Audit backlog*.xlsx")
    assert "Letter 9" in text_of(backlog)


def coverage_of(path: Path) -> str:
    return "\n".join(str(cell.value) for row in load_workbook(path)["Coverage"] for cell in row)


def test_a_mailbox_no_longer_configured_is_kept_and_no_reason_for_alarm(tmp_path: Path) -> None:
    typing = stow(tmp_path)
    typo = "tom.bel@council.example"
    typing.schedule(people=f'[[people]]\nname = "Tom Bel"\nrole = "councillor"\nmailbox = "{typo}"\n')
    assert typing.run().status == 1
    typing.schedule(sources=f'{SOURCE}mailboxes = ["{CLERK}", "{TOM}"]\n')
    now = label(datetime.now(UTC))
    assert typing.auditor("report", "--week", now, "--out", "before.xlsx").status == 0
    assert typo not in coverage_of(tmp_path / "before.xlsx")
    assert typing.run().status == 0
    boxes = typing.auditor("status", "--json").boxes
    assert {box: row["status"] for box, row in boxes.items()} == {
        CLERK: "complete", TOM: "complete", IVY: "unconfigured",
    }  # fmt: skip
    assert boxes[IVY]["collected"] == 1
    told = typing.auditor("status").out
    assert re.search(rf"^{IVY} +not listed +1 +1 +0$", told, re.MULTILINE)
    assert typo not in told
    assert typing.auditor("report", "--week", now, "--out", "after.xlsx").status == 0
    said = coverage_of(tmp_path / "after.xlsx")
    assert "Every message in 2 mailboxes is accounted for." in said
    assert "No longer in schedule.toml" in said
    assert "NOT READ" not in said
    assert typo not in said
    assert IVY in said


def test_a_workbook_of_empty_mailboxes_is_not_the_first(tmp_path: Path) -> None:
    early = stow(tmp_path)
    (tmp_path / "mail").rename(tmp_path / "elsewhere")
    for box in BOXES:
        early.file(box, "none").parent.mkdir(parents=True)
    due = f"out/Audit {label(due_monday())}.xlsx"
    for _ in range(2):
        read = early.run()
        assert (read.status, read.json["ok"], read.json["workbook"]) == (0, True, due)
    assert early.auditor("report").status == 0
    early.post(TOM, "old", letter("The gate is painted.", n=9, sent=due_monday() - timedelta(weeks=10)))
    assert early.run().json["workbook"] == due
    assert early.run().json["workbook"] is None
    [backlog] = (tmp_path / "out").glob("Audit backlog*.xlsx")
    assert "Letter 9" in text_of(backlog)
    assert len(list((tmp_path / "out").glob("*.xlsx"))) == 2


def test_old_mail_of_the_first_night_has_a_workbook_of_its_own(tmp_path: Path) -> None:
    old = stow(tmp_path)
    old.post(TOM, "old", letter("The gate is painted.", n=9, sent=due_monday() - timedelta(weeks=10)))
    ran = old.run()
    assert ran.json["workbook"] == f"out/Audit {label(due_monday())}.xlsx"
    [backlog] = (tmp_path / "out").glob("Audit backlog*.xlsx")
    said = text_of(backlog)
    assert "Letter 9" in said
    # The three letters of the week are no part of what the backlog's share is a share of.
    assert "Of 1 message of the backlog checked, 1 has a finding (100%)." in said
    assert f"mail sent before Monday {due_monday().day} {due_monday():%B %Y}" in said
    assert "Letter 9" not in text_of(tmp_path / ran.json["workbook"])
