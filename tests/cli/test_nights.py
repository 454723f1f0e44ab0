"""Night after night: what is new, changed, renamed, gone, back again, kept out, and who has left."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from stow import BOXES, CLERK, IVY, SEALED, SOURCE, TOM, Council, Ran, due_monday, letter, shut, stow

from auditor.store.records import Query

CANARY = "quizzaciously"


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    council = stow(tmp_path_factory.mktemp("stow"))
    ran = council.run()
    assert ran.status == 0, ran.err
    return council.folder


@pytest.fixture
def council(first_night: Path, tmp_path: Path) -> Council:
    """The council after its first night."""
    return Council(shutil.copytree(first_night, tmp_path / "stow"))


def changes(ran: Ran, box: str = TOM) -> tuple[int, int, int]:
    row = ran.boxes[box]
    return row["new"], row["removed"], row["analysed"]


def account(council: Council, box: str = TOM) -> dict[str, object]:
    found: dict[str, object] = council.auditor("status", "--json").boxes[box]
    assert found["provider_count"] == sum(
        int(str(found[k])) for k in ("collected", "gaps", "outside_window", "private")
    )
    return found


def test_new_changed_renamed_gone_and_back(council: Council) -> None:
    council.post(TOM, "gate", letter("The gate is shut.", n=5))
    assert changes(council.run()) == (1, 0, 1)
    path = council.post(TOM, "gate", letter("The gate is open again, I fear.", n=5))
    # Another set of bytes under the same name is judged again; it is the same message still.
    assert changes(council.run())[1:] == (0, 1)
    path.rename(path.with_name("renamed.eml"))
    assert changes(council.run()) == (0, 0, 0)
    kept = path.with_name("renamed.eml").read_bytes()
    path.with_name("renamed.eml").unlink()
    ran = council.run()
    assert (ran.status, changes(ran)) == (0, (0, 1, 0))
    assert account(council) == account(council) | {"collected": 1, "removed": 1, "provider_count": 1}
    assert council.auditor("status", "--json").json["store"]["messages"] == 4
    council.post(TOM, "renamed", kept)
    back = council.run()
    assert (back.status, back.boxes[TOM]["removed"]) == (0, 0)
    assert account(council) == account(council) | {"collected": 2, "removed": 0}


def test_a_gap_is_new_once_and_heals(council: Council) -> None:
    path = council.post(TOM, "empty", b"")
    first = council.run()
    assert (first.status, first.json["ok"], first.boxes[TOM]["gaps"], first.boxes[TOM]["status"]) == (
        1,
        False,
        1,
        "complete",
    )
    again = council.run()
    assert (again.status, again.boxes[TOM]["gaps"]) == (0, 1)
    assert account(council)["gaps"] == 1
    with council.store() as store:
        [gap] = store.gaps()
        # Its path stands once in the workbook, beside the reason.
        assert (gap.id, gap.reason) == ("sent/empty.eml", "The file is empty: fetch it again from where it came.")
    path.write_bytes(letter("The rest has come.", n=6))
    healed = council.run()
    assert (healed.status, healed.boxes[TOM]["gaps"], healed.boxes[TOM]["new"]) == (0, 0, 1)
    with council.store() as store:
        assert store.gaps() == []


def test_what_could_not_be_read_is_pointed_to(council: Council) -> None:
    assert "Not read" not in council.auditor("run").out
    council.post(TOM, "empty", b"")
    for status in (1, 0):  # new, and the night after
        ran = council.auditor("run")
        assert ran.status == status
        assert "on the sheet 'Not read' of the workbook, which 'auditor report' writes now." in ran.out


def test_a_message_too_deep_to_read_is_a_gap_and_kept(council: Council) -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1000))
    raw = b"From: tom.bell@council.example\nMIME-Version: 1.0\n" + deep + b"Content-Type: text/plain\n\nhello\n"
    council.post(TOM, "deep", raw)
    ran = council.run()
    assert (ran.status, ran.boxes[TOM]["gaps"]) == (1, 1)
    with council.store() as store:
        [gap] = store.gaps()
        assert gap.sha256 is not None
        assert store.evidence(gap.sha256) == raw


def test_sealed_mail_is_kept_and_listed_as_not_looked_at(council: Council) -> None:
    council.post(TOM, "sealed", SEALED)
    ran = council.run()
    assert (ran.status, ran.boxes[TOM]["new"], ran.boxes[TOM]["findings"]) == (0, 1, 0)
    with council.store() as store:
        assert {account.mailbox: account.unread_parts for account in store.coverage()}[TOM] == 1
        assert store.judged_between(None, None) == dict.fromkeys(BOXES, 1)


def test_since_keeps_out_and_a_wider_window_takes_in(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.post(TOM, "old", letter("An old one.", n=7, sent=due_monday() - timedelta(weeks=30)))
    since = (due_monday() - timedelta(weeks=2)).date().isoformat()
    ran = council.run("--since", since)
    assert (ran.status, changes(ran)[0]) == (0, 1)
    assert account(council) == account(council) | {"collected": 1, "outside_window": 1, "provider_count": 2}
    assert changes(council.run("--since", since))[0] == 0
    wider = council.run()
    assert (wider.status, changes(wider)) == (0, (1, 0, 1))
    assert account(council) == account(council) | {"collected": 2, "outside_window": 0}


def test_since_begins_when_the_day_begins_in_london(tmp_path: Path) -> None:
    council = stow(tmp_path)
    year = due_monday().year - 1
    for n, hour in ((41, 22), (42, 23)):  # summer time: 23:30 UTC is half past midnight
        council.post(TOM, str(n), letter(n=n, sent=datetime(year, 6, 30, hour, 30, tzinfo=UTC)))
    assert changes(council.run("--since", f"{year}-07-01"))[0] == 2
    assert account(council)["outside_window"] == 1


def test_mail_older_than_the_retention_period_stays_outside(council: Council) -> None:
    council.post(TOM, "ancient", letter("Ancient.", n=8, sent=due_monday() - timedelta(days=800)))
    ran = council.run()
    assert (ran.status, changes(ran)[0]) == (0, 0)
    assert account(council)["outside_window"] == 1


def test_private_mail_is_counted_and_never_kept(council: Council) -> None:
    council.schedule(policy='private_subjects = ["personal"]\nprivate_recipients = ["rep@union.example"]\n')
    council.post(TOM, "mine", letter(f"My own {CANARY}.", n=10, subject="Re: Personal - the weekend"))
    council.post(TOM, "union", letter(f"For the union: {CANARY}.", n=11, to=("rep@union.example",)))
    council.post(TOM, "plain", letter("An impersonal matter.", n=12, subject="Personalised mugs"))
    ran = council.run()
    assert (ran.status, changes(ran)[0]) == (0, 1)
    assert account(council) == account(council) | {"collected": 2, "private": 2}
    assert council.run().boxes[TOM]["new"] == 0
    held = b"".join(path.read_bytes() for path in (council.folder / "data").rglob("*") if path.is_file())
    assert CANARY.encode() not in held
    with council.store() as store:
        for hit in store.search(Query(), 50):
            assert CANARY.encode() not in store.evidence(hit.sha256)


def test_a_leavers_mailbox_that_is_gone_is_closed(council: Council) -> None:
    people = '[[people]]\nname = "Sid Gone"\nrole = "councillor"\nmailbox = "sid@council.example"\nuntil = 2026-03-31\n'
    council.schedule(people=people)
    council.post("sid@council.example", "bye", letter("Goodbye.", box=TOM, n=13))
    assert council.run().status == 0
    council.file("sid@council.example", "bye").unlink()
    for folder in (
        council.folder / "mail" / "sid@council.example" / "sent",
        council.folder / "mail" / "sid@council.example",
    ):
        folder.rmdir()
    ran = council.run()
    row = ran.boxes["sid@council.example"]
    assert (ran.status, row["status"], row["error"], row["removed"]) == (0, "closed", None, 0)
    checked = council.auditor("check", "--json")
    [found] = [check for check in checked.json["checks"] if check["subject"] == "sid@council.example"]
    assert (checked.status, found["ok"], found["mend"]) == (0, True, "")
    assert "It is closed" in found["detail"]
    assert council.auditor("status", "--json").json["store"]["messages"] == 4


def test_a_mailbox_suddenly_empty_has_failed_and_lost_nothing(council: Council) -> None:
    council.file(TOM, "bench").unlink()
    ran = council.run()
    row = ran.boxes[TOM]
    assert (ran.status, row["status"], row["removed"]) == (1, "failed", 0)
    assert str(row["error"]).endswith(".")
    assert [ran.boxes[box]["status"] for box in (CLERK, IVY)] == ["complete", "complete"]
    assert account(council)["removed"] == 0


def test_a_configured_mailbox_that_was_always_empty_is_complete(council: Council) -> None:
    council.schedule(people='[[people]]\nname = "Jo New"\nrole = "volunteer"\nmailbox = "jo@council.example"\n')
    (council.folder / "mail" / "jo@council.example").mkdir()
    ran = council.run()
    assert (ran.status, ran.boxes["jo@council.example"]["status"], ran.boxes["jo@council.example"]["new"]) == (
        0,
        "complete",
        0,
    )


@pytest.mark.parametrize("how", ["absent", "file", "link"])
def test_one_mailbox_of_three_is_out_of_reach(council: Council, how: str) -> None:
    box = council.folder / "mail" / IVY
    box.rename(council.folder / "elsewhere")
    if how == "file":
        box.write_bytes(b"no folder")
    elif how == "link":
        box.symlink_to(council.folder / "elsewhere", target_is_directory=True)
    council.post(TOM, "gate", letter("The gate is shut.", n=5))
    ran = council.run()
    row = ran.boxes[IVY]
    assert (ran.status, ran.json["ok"], row["status"], row["removed"]) == (1, False, "failed", 0)
    assert IVY in row["error"]
    assert row["error"].endswith(".")
    assert (changes(ran), ran.boxes[CLERK]["status"]) == ((1, 0, 1), "complete")
    checked = council.auditor("check", "--json")
    assert checked.status == 1
    assert [c["subject"] for c in checked.json["checks"] if not c["ok"]] == [IVY]
    if how != "file":
        box.unlink(missing_ok=True)
        (council.folder / "elsewhere").rename(box)
        back = council.run().boxes[IVY]
        assert (back["status"], back["new"], back["removed"]) == ("complete", 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="the superuser may read anything")
def test_a_hidden_folder_nobody_may_list_costs_its_mailbox_only(council: Council) -> None:
    (hidden := council.folder / "mail" / IVY / ".Sent").mkdir()
    with shut(hidden):
        ran = council.auditor("run", "--json", mortal=True)
    assert {box: row["status"] for box, row in ran.boxes.items()} == {CLERK: "complete", TOM: "complete", IVY: "failed"}
    assert ran.boxes[IVY]["error"].endswith(".Sent cannot be listed: permission denied.")


def test_a_root_that_is_not_there_fails_every_mailbox_and_says_so_in_json(council: Council) -> None:
    council.schedule(sources=SOURCE.replace('"mail"', '"no such place"'))
    ran = council.run()
    assert (ran.status, ran.json["ok"]) == (1, False)
    assert {box["status"] for box in ran.json["mailboxes"]} == {"failed"}
    assert {box["removed"] for box in ran.json["mailboxes"]} == {0}


def test_what_is_deleted_before_its_time_is_found_and_withdrawn(council: Council) -> None:
    path = council.post(TOM, "gate", letter("The gate is shut.", n=5))
    council.run()
    kept = path.read_bytes()
    path.unlink()
    ran = council.run()
    assert (changes(ran), ran.boxes[TOM]["findings"]) == ((0, 1, 0), 1)
    with council.store() as store:
        [row] = [row for row in store.findings() if row.finding.rule == "record-deleted"]
        assert (row.mailbox, row.finding.severity.value) == (TOM, "high")
        assert "no longer in tom.bell@council.example" in row.finding.reason
    assert council.run().boxes[TOM]["findings"] == 0, "told once"
    council.post(TOM, "gate", kept)
    council.run()
    with council.store() as store:
        assert [row for row in store.findings() if row.finding.rule == "record-deleted"] == []


def test_a_file_deleted_with_its_message_is_found_until_it_is_saved(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.schedule(sources='[[sources]]\nkind = "files"\nroot = "mail"\nfolders = ["all"]\n')
    brought = EmailMessage()
    brought["From"], brought["To"], brought["Subject"] = "Orme Surveys <d.orme@ormesurveys.example>", TOM, "Chapel roof"
    brought["Date"], brought["Message-ID"] = due_monday() - timedelta(days=2), "<roof@ormesurveys.example>"
    brought.set_content("Our report is enclosed.")
    brought.add_attachment(b"%PDF-1.4 the roof", maintype="application", subtype="pdf", filename="Roof.pdf")

    def lay(box: str, folder: str, raw: bytes) -> Path:
        path = council.folder / "mail" / box / folder / "roof.eml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
        return path

    def found() -> list[str]:
        council.run()
        with council.store() as store:
            return [row.finding.reason for row in store.findings() if row.finding.rule == "record-unsaved-attachment"]

    inbox = lay(TOM, "inbox", brought.as_bytes())
    assert found() == []
    inbox.rename(lay(TOM, "deleted items", b""))
    [reason] = found()
    assert reason.startswith("'Roof.pdf' came with this message, which lies in the bin")
    del brought["Message-ID"]
    brought["Message-ID"] = "<fw@council.example>"
    lay(IVY, "archive", brought.as_bytes())
    assert found() == []
