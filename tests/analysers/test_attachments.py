"""Files built for the purpose, sent by a councillor: what harms is found, what gives away is, the clean are left alone."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage

import pytest
from closing_letters import COUNCILLOR, case, plain
from enclosed import CLEAN, LEAKY, RISKY, content

from auditor.analysers.attachments import Attachments
from auditor.findings import Finding, Severity

BODY = "Dear Mary,\n\nHere is what you asked for.\n\nTom"


def enclosing(files: Sequence[tuple[str, str]], body: str = BODY) -> EmailMessage:
    mail = plain(body)
    for name, kind in files:
        mail.add_attachment(content(name, kind), "application", "octet-stream", filename=name)
    return mail


def found(files: Sequence[tuple[str, str]], body: str = BODY, **headers: str) -> list[Finding]:
    return list(Attachments().check(case(enclosing(files, body), COUNCILLOR, **headers)))


@pytest.mark.parametrize(("name", "kind"), RISKY)
def test_what_harms_is_found_whoever_it_goes_to(name: str, kind: str) -> None:
    [finding, *_] = found([(name, kind)], To="clerk@ashmere.example")
    assert finding.rule == "attachment-risky"
    assert finding.part.startswith("attachment:")
    assert finding.reason.endswith(".")
    assert len(finding.reason) < 400


@pytest.mark.parametrize(("name", "kind"), LEAKY)
def test_what_a_document_gives_away_is_found_where_it_goes_outside(name: str, kind: str) -> None:
    [finding] = found([(name, kind)])
    assert finding.severity.rank <= Severity.MEDIUM.rank
    assert found([(name, kind)], To="clerk@ashmere.example") == []


@pytest.mark.parametrize(("name", "kind"), CLEAN)
def test_the_clean_are_left_alone(name: str, kind: str) -> None:
    assert found([(name, kind)]) == []


def test_the_set_is_as_wide_as_it_must_be() -> None:
    assert len({kind for _, kind in RISKY + LEAKY}) >= 40
    assert len(CLEAN) >= 40


@pytest.mark.parametrize(
    ("files", "body", "said"),
    [
        ([("order.docm", "macro")], BODY, "'order.docm' is a document with macros: send it as a PDF"),
        ([("photos.zip", "zip with a program")], BODY, "holds 'holiday.jpg.exe', which is a program and holds"),
        ([("payroll.zip", "locked zip")], BODY, "'payroll.zip' is an archive behind a password: nothing can look inside"),
        ([("agenda.pdf", "document")], BODY, "'agenda.pdf' is named .pdf and is a Word document inside: ask where"),
        ([("rota.xlsx", "hidden sheet")], BODY, "'rota.xlsx' has a hidden sheet, 'Home addresses', with 90 filled cells"),
        ([("lease.docx", "struck-out words")], BODY, "still holds words that were struck out ('what we can get')"),
        ([("lease.docx", "struck-out words")], "Our tracked changes are in it.", None),
        ([("lease.docx", "struck-out words")], "I have marked up the draft, see what you think.", None),
        ([("rota.xlsx", "hidden sheet")], "Our tracked changes are in it.", "has a hidden sheet"),
    ],
)  # fmt: skip
def test_reasons_say_what_is_in_the_file(files: list[tuple[str, str]], body: str, said: str | None) -> None:
    reasons = [finding.reason for finding in found(files, body)]
    assert (said is None) is (reasons == [])
    assert said is None or said in reasons[0]


def test_a_file_is_found_once_for_what_harms_and_once_for_what_it_gives_away() -> None:
    both = found([("rota.xlsx", "hidden sheet"), ("order.docm", "macro")])
    assert [finding.part for finding in both] == ["attachment:rota.xlsx", "attachment:order.docm"]
    assert [finding.severity for finding in both] == ["medium", "high"]


def test_two_files_of_one_name_are_two_parts() -> None:
    made = case(enclosing([("a.txt", "text"), ("a.txt", "table")]))
    assert [part for part, _ in made.enclosures()] == ["attachment:a.txt", "attachment:a.txt (2)"]
    assert made.text("attachment:a.txt (2)").startswith("Name,Plot")
    assert made.text("attachment:none") == ""


def test_files_in_an_attached_message_are_looked_at() -> None:
    inner = enclosing([("setup.exe", "program")])
    inner["From"] = "ray@letters.example"
    outer = plain(BODY)
    outer.add_attachment(inner)
    [finding] = list(Attachments().check(case(outer)))
    assert finding.part == "attachment:setup.exe"


def test_an_automatic_reply_is_no_mans_doing() -> None:
    assert found([("setup.exe", "program")], **{"Auto-Submitted": "auto-replied"}) == []
