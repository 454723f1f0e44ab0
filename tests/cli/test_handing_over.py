"""The clerk leaves and another comes: each answers for the mail of their own days, and the Chair sees it as before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from openpyxl import load_workbook
from stow import BOXES, CLERK, TOM, Council, due_monday, label, letter, signed, stow

LAST = (due_monday() + timedelta(days=2)).date()


def person(name: str, role: str, mailbox: str, more: str = "") -> str:
    return f'[[people]]\nname = "{name}"\nrole = "{role}"\ntitle = "{role.title()}"\nmailbox = "{mailbox}"\n{more}'


def handed_over(council: Council, rest: str = "") -> None:
    """As docs/configuration.md says: `until` for the one, and a new table, from the day after, for the other."""
    old = person("Ann Marsh", "clerk", CLERK, f"until = {LAST}\n").replace('"Clerk"', '"Parish Clerk"')
    new = person("Bea Lund", "clerk", CLERK, f"from = {LAST + timedelta(days=1)}\n").replace(
        '"Clerk"', '"Parish Clerk"'
    )
    path = council.folder / "schedule.toml"
    before = path.read_text(encoding="utf-8")
    was = person("Ann Marsh", "clerk", CLERK).replace('"Clerk"', '"Parish Clerk"')
    assert was in before
    path.write_text(before.replace(was, old + new) + rest, encoding="utf-8")


def words(path: Path) -> str:
    workbook = load_workbook(path, read_only=True)
    try:
        return "\n".join(
            str(cell) for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row if cell
        )
    finally:
        workbook.close()


def findings(council: Council) -> dict[str, tuple[str, str]]:
    with council.store() as store:
        return {row.id: (row.sender, row.finding.rule) for row in store.findings()}


def test_each_clerk_answers_for_their_own_days(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.post(CLERK, "monday", letter("The minutes are done.", box=CLERK, n=40))
    assert council.run().status == 0
    before = findings(council)
    assert {sender for sender, _ in before.values()} == set(BOXES)

    handed_over(council)
    thursday = due_monday() + timedelta(days=3)
    council.post(CLERK, "thursday", letter("The hall is booked.", box=CLERK, n=41, sent=thursday))
    council.post(CLERK, "old-hand", letter(signed("The rota is done.", CLERK), box=CLERK, n=42, sent=thursday))
    own = signed("The key is here.", CLERK).replace("Ann Marsh", "Bea Lund")
    council.post(CLERK, "new-hand", letter(own, box=CLERK, n=43, sent=thursday))
    ran = council.run()
    assert (ran.status, ran.boxes[CLERK]["status"], ran.boxes[CLERK]["new"]) == (0, "complete", 3)
    after = findings(council)
    assert before.items() <= after.items(), "a finding was lost, or another one made of it"
    fresh = [rule for one, (_, rule) in after.items() if one not in before]
    # Nothing under one letter; the former clerk's name under the next; the third is as it should be.
    assert sorted(fresh) == ["signature-missing", "signature-missing", "waiver-missing"]

    assert council.auditor("report", "--week", label(due_monday())).status == 0
    week = label(due_monday())
    chair = words(council.folder / "out" / "chair" / f"Audit {week} for the Chair.xlsx")
    clerk = words(council.folder / "out" / f"Audit {week}.xlsx")
    for name in ("Ann Marsh", "Bea Lund"):
        assert name in chair
    assert "Minutes" not in clerk
    for subject in ("Letter 40", "Letter 41", "Letter 42"):
        assert subject in chair
        assert subject not in clerk
    assert "Letter 43" not in chair + clerk
    assert "Letter 2" in clerk
    with council.store() as store:
        assert {row.id for row in store.findings(reported=week)} >= {
            one for one, (box, _) in before.items() if box != CLERK
        }


def test_a_former_clerk_s_mailbox_of_their_own_stays_the_chair_s(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.post(CLERK, "monday", letter("The minutes are done.", box=CLERK, n=40))
    path = council.folder / "schedule.toml"
    new = person("Bea Lund", "clerk", "bea.lund@council.example", f"from = {LAST + timedelta(days=1)}\n")
    was = f'mailbox = "{CLERK}"\n'
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(was, f"{was}until = {LAST}\n"), encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace("[[sources]]", new + "[[sources]]", 1)
    path.write_text(text, encoding="utf-8")
    thursday = due_monday() + timedelta(days=3)
    raw = letter("The hall is booked.", n=41, sent=thursday).replace(TOM.encode(), b"bea.lund@council.example")
    council.post("bea.lund@council.example", "thursday", raw)
    assert council.run().status == 0
    chair = words(council.folder / "out" / "chair" / f"Audit {label(due_monday())} for the Chair.xlsx")
    clerk = words(council.folder / "out" / f"Audit {label(due_monday())}.xlsx")
    assert all(one in chair for one in ("Letter 40", "Letter 41", "Ann Marsh", "Bea Lund"))
    assert not any(one in clerk for one in ("Letter 40", "Letter 41"))


def told(council: Council) -> dict[str, dict[str, object]]:
    checks = council.auditor("check", "--json").json["checks"]
    return {one["subject"]: one for one in checks if one["check"] == "notify"}


def test_check_says_whose_address_still_stands_among_those_who_are_told(tmp_path: Path) -> None:
    council = stow(tmp_path)
    notify = (
        '[notify]\nmail = ["ann@home.example", "clerk@council.example", "old@council.example", "shop@it.example"]\n'
    )
    handed_over(council, notify)
    path = council.folder / "schedule.toml"
    text = path.read_text(encoding="utf-8").replace(
        f"until = {LAST}\n", f'until = {LAST}\nprivate = ["ann@home.example"]\n'
    )
    left = person("Old Hand", "employee", "old@council.example", "until = 2026-01-31\n")
    path.write_text(text.replace("[[sources]]", left + "[[sources]]", 1), encoding="utf-8")
    found = told(council)
    # The clerk's mailbox has a new holder, and the shop is nobody's.
    assert set(found) == {"ann@home.example", "old@council.example"}
    assert f"Ann Marsh left on {LAST}" in str(found["ann@home.example"]["detail"])
    assert "[notify]" in str(found["ann@home.example"]["mend"])
    assert all(one["ok"] for one in found.values())
    path.write_text(
        path.read_text(encoding="utf-8").replace(str(LAST), "2999-12-31").replace("from = ", "# from = "),
        encoding="utf-8",
    )
    assert "ann@home.example" not in told(council)
