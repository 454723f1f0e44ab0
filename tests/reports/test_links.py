"""Only a provider's own pages are linked to, by relations that no formula takes part in."""

from __future__ import annotations

from zipfile import ZipFile

import pytest
from changes import replace
from openpyxl import load_workbook
from thorrington import FOUND, finding_row, sample

from reports import book as drawing
from reports.links import LONGEST, link
from reports.workbook import write

OUTLOOK = "https://outlook.office365.com/owa/?ItemID=AAMkAGI2%3D&exvsurl=1&viewmodel=ReadMessageItem"
GMAIL = "https://mail.google.com/mail/?authuser=ann+x@thorrington.example.org#all/18f0a1"


@pytest.mark.parametrize("address", [OUTLOOK, GMAIL, "https://outlook.cloud.microsoft/mail/deeplink?x=(1)"])
def test_a_providers_address_stays_as_it_is(address):
    assert link(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        OUTLOOK.replace("https", "http"),
        OUTLOOK.replace("outlook.", "outlook.evil."),
        "https://outlook.office365.com.evil.example/owa/",
        "https://outlook.office365.com@evil.example/",
        "https://evil.example\\@mail.google.com/",
        "https://mail.google.com\\@evil.example/",
        "https://mail.google.com:8443/mail/",
        "https://u:p@mail.google.com/mail/",
        "https://mail.google.com%2eevil.example/",
        "javascript:alert(1)//mail.google.com/",
        "https://[mail.google.com/",
        "https:/mail.google.com/",
        "=HYPERLINK(\"https://mail.google.com/\")",
        "https://mail.google.com/\ud800",
        "https://mail.goo\ngle.com/",
        GMAIL + "0" * LONGEST,
    ],
    ids=ascii,
)  # fmt: skip
def test_nothing_else_is_a_link(address):
    assert link(address) == ""


def test_odd_characters_are_encoded():
    assert link("https://mail.google.com/mail/ü \"<>'") == "https://mail.google.com/mail/%C3%BC%20%22%3C%3E'"
    assert link("https://mail.google.com/a\\b") == "https://mail.google.com/a%5Cb"


def linked(sheet):
    return {cell.coordinate: cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink}


def test_open_leads_to_the_message(tmp_path, monkeypatch):
    addresses = [OUTLOOK, "https://evil.example/", GMAIL, OUTLOOK, ""]
    base = finding_row(*FOUND[1])
    rows = [replace(base, id=f"{n:020x}", message_id=f"{n}", link=link) for n, link in enumerate(addresses)]
    rows = [replace(row, finding=replace(row.finding, excerpt="")) for row in rows]
    rows = [replace(row, subject=f"Matter {row.id}") for row in rows]
    monkeypatch.setattr(drawing, "LINKS_A_SHEET", 3)
    path = write(sample(findings=rows).clerk, tmp_path / "Audit.xlsx").path
    sheet = load_workbook(path)["Findings"]
    [at] = [cell.column_letter for cell in sheet[1] if cell.value == "Open"]
    assert [sheet[f"{at}{row}"].value for row in range(2, 7)] == ["Open", None, "Open", OUTLOOK, None]
    assert linked(sheet) == {f"{at}2": OUTLOOK, f"{at}4": GMAIL}
    with ZipFile(path) as file:
        whole = b"".join(file.read(name) for name in file.namelist() if "chart" not in name)
    assert b"<f>" not in whole
    assert b"evil" not in whole
    assert whole.count(b'TargetMode="External"') == 2


def test_where_messages_have_no_address_there_is_no_such_column(tmp_path):
    sheet = load_workbook(write(sample().clerk, tmp_path / "Audit.xlsx").path)["Findings"]
    assert "Open" not in [cell.value for cell in sheet[1]]
    assert linked(sheet) == {}
