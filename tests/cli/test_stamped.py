"""What the mail system adds after sending is judged by what was delivered, and counted where nobody can tell."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import eml
from openpyxl import load_workbook
from stow import CLERK, IVY, TOM, WAIVER, Council, due_monday, letter, signed, stow


def sent(text: str, n: int, waiver: str = "") -> bytes:
    """A letter of Tom's to Ivy, signed; the waiver is what the mail system may add."""
    return eml(sender=TOM, to=(IVY,), subject=f"Letter {n}", body=signed(text, TOM, waiver), n=n, sent=due_monday())


@pytest.fixture
def council(tmp_path: Path) -> Council:
    council = stow(tmp_path)
    council.schedule(policy='stamped_by = { signature = "sender", waiver = "server" }\n')
    for n, text in ((30, "The fence is up."), (31, "The fence is down."), (32, "The fence is gone.")):
        council.post(TOM, str(n), sent(text, n))
    council.post(IVY, "30", sent("The fence is up.", 30, WAIVER), "inbox")
    council.post(IVY, "31", sent("The fence is down.", 31), "inbox")
    return council


def said(council: Council) -> dict[str, set[str]]:
    with council.store() as store:
        found: dict[str, set[str]] = {}
        for row in store.findings():
            found.setdefault(row.subject, set()).add(row.finding.rule)
        return found


def coverage(path: Path) -> str:
    return "\n".join(str(cell.value) for row in load_workbook(path)["Coverage"] for cell in row if cell.value)


def test_a_delivered_copy_bears_witness(council: Council) -> None:
    first = council.run()
    assert first.status == 0, first.err
    assert said(council) == {
        "Letter 31": {"waiver-missing"},
        "Letter 2": {"signature-missing"},
        "Letter 3": {"signature-missing"},
    }
    # Letters 2, 3 and 32 have no witness; the clerk's own letter has its waiver, 30 and 31 have been seen.
    assert "The waiver is added by the mail system after sending: 3 messages not checkable" in coverage(
        council.folder / first.json["workbook"]
    )
    assert "The signature is added" not in coverage(council.folder / first.json["workbook"])


def test_a_witness_that_comes_later_settles_it(council: Council) -> None:
    council.run()
    council.post(IVY, "32", sent("The fence is gone.", 32), "inbox")
    ran = council.run()
    assert (ran.status, ran.boxes[TOM]["new"], ran.boxes[IVY]["new"]) == (0, 0, 1)
    assert said(council)["Letter 32"] == {"waiver-missing"}
    council.auditor("report", "--out", "again.xlsx")
    assert "2 messages not checkable" in coverage(council.folder / "again.xlsx")


def test_a_reply_that_quotes_the_whole_bears_witness(council: Council) -> None:
    quoted = "".join(f"> {line}\n" for line in signed("The fence is gone.", TOM, WAIVER).splitlines())
    body = f"{signed('Thank you.', CLERK, '')}\nOn Mon, 16 Nov 2026 at 09:00, Tom Bell <{TOM}> wrote:\n{quoted}"
    council.post(
        CLERK,
        "reply",
        eml(sender=CLERK, to=(TOM,), subject="Re: Letter 32", body=body, n=33, answers=32, sent=due_monday()),
    )
    ran = council.run()
    assert ran.status == 0
    assert "Letter 32" not in said(council)
    # Letters 2 and 3, and the reply itself.
    assert "3 messages not checkable" in coverage(council.folder / ran.json["workbook"])


def test_what_people_add_themselves_is_never_uncheckable(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.post(TOM, "30", letter("The fence is up.", n=30))
    ran = council.run()
    assert said(council)["Letter 30"] == {"signature-missing", "waiver-missing"}
    assert "checkable" not in coverage(council.folder / ran.json["workbook"])


def test_the_senders_own_second_copy_proves_nothing(council: Council) -> None:
    council.post(TOM, "32 kept", sent("The fence is gone.", 32), "archive")
    again = "Did you see this?\n\nOn Mon, 16 Nov 2026 at 09:00, Tom Bell wrote:\n> The fence is gone.\n>\n> Tom Bell\n"
    council.post(
        TOM, "34", eml(sender=TOM, to=(IVY,), subject="Re: Letter 32", body=again, n=34, answers=32, sent=due_monday())
    )
    assert council.run().status == 0
    assert "Letter 32" not in said(council)


def test_a_delivered_copy_alone_is_judged_as_it_stands(council: Council) -> None:
    council.post(IVY, "35", sent("The fence is back.", 35), "inbox")
    council.post(TOM, "36", sent("A note to myself.", 36), "inbox")
    assert council.run().status == 0
    assert said(council)["Letter 35"] == {"waiver-missing"}
    assert said(council)["Letter 36"] == {"waiver-missing"}
