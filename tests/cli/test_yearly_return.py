"""What a council's own trail, holds and mail come to in its workbook."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

from openpyxl import load_workbook
from stow import TOM, label, letter, stow

from auditor.policy import LONDON
from auditor.store.trail import Deed
from reports.evidence import year
from reports.sheets import assertion, deeds
from reports.week import week

SID = (
    '[[people]]\nname = "Sid Vane"\nrole = "councillor"\nmailbox = "sid.vane@council.example"\n'
    'private = ["sid@home.example"]\nuntil = 2099-01-01\n'
)
DATES = "adopted = 2024-03-27\nreview = 2099-03-31\nretention_months = 30\n"


def test_the_sheets_tell_what_was_done_and_what_there_is(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.schedule(people=SID, policy=DATES, rest="[backup]\n")
    now = datetime.now(LONDON)
    this_week = label(now)
    since, until = year(week(this_week), now)
    inside = datetime.combine(min(until, now.date()), time(), LONDON)
    for n, sent in enumerate((inside, inside.replace(year=since.year - 1, month=3, day=31))):
        raw = letter("The gate is shut.", n=70 + n, sent=sent).replace(TOM.encode(), b"sid@home.example")
        council.post(TOM, f"gate{n}", raw, "inbox")
    assert council.run().status == 1, "Sid's mailbox is not there"
    query = "from:sid@home.example"
    assert council.auditor("hold", "add", "Gate claim", "--query", query).status == 0
    assert council.auditor("report", "--week", this_week).status == 0

    book = load_workbook(council.folder / "out" / f"Audit {this_week}.xlsx")
    text = {title: list(book[title].iter_rows(values_only=True)) for title in (deeds.TITLE, assertion.TITLE)}
    held = [row for row in text[deeds.TITLE] if "Gate claim" in str(row[2])]
    assert [row[1:3] for row in held] == [
        (2, "Gate claim"),
        ("Hold added", "The hold 'Gate claim' was added; it then kept 2 messages."),
    ]
    with council.store() as store:
        added = store.last_deed(Deed.HELD)
    assert added
    assert held[0][3] == held[1][3] == added.who
    assert any(str(row[0]).startswith("1 backup was made and proved, on ") for row in text[deeds.TITLE])
    assert not any("home.example" in str(cell) for rows in text.values() for row in rows for cell in row)

    figures = {str(row[0]): row for row in text[assertion.TITLE]}
    sent = figures["The Council's mail is sent from a domain that it owns"]
    assert sent[3].endswith("\nSid Vane: 1")
    own, of = (int(word) for word in str(sent[2]).split()[:3:2])
    assert of == own + 1, "a letter of another year is not counted"
    read = figures["The Council can find what is in those mailboxes"]
    assert (read[2], "Sid Vane" in str(read[3])) == ("3 of 4", True)
    proved = figures["Records are whole and were not altered"]
    assert (proved[2], "A night last proved its share on " in str(proved[1])) == ("never", True)
