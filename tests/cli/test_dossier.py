"""A dossier tells those nominated what they need, nobody else's name, and proves itself."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stow import CLERK, IVY, TOM, Council, Ran, due_monday, letter, stow

from auditor.findings import CLOSE, OPEN
from auditor.store.records import FindingRow
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.text import evidence_key
from auditor.store.trail import Deed
from reports.dossier import Letters, Sheet, page, plain

CHAIR = '[[people]]\nname = "Sid Vane"\nrole = "councillor"\nmailbox = "sid.vane@council.example"\nchair = true\n'
RUDE = (
    "You are a bloody idiot, Quentin, and so is Ivy.\n</pre><script>alert(1)</script>\n\x1b[31mred\u202etxet\n\n"
    "On Monday Quentin Farrow <q.farrow@farm.example> wrote:\n> Ring me on 07700 900461. Quentin\n"
)


def rude() -> bytes:
    message = EmailMessage(policy=SMTP.clone(linesep="\n"))
    message["From"] = f"Tom Bell <{TOM}>"
    message["To"] = "q.farrow@farm.example, clerk@council.example"
    message["Cc"] = "ivy.holt@council.example"
    message["Subject"] = "Re: Quentin's hedge\u202e"
    message["Date"] = format_datetime(due_monday())
    message["Message-ID"] = "<rude@tests.example>"
    message.set_content(RUDE)
    message.add_attachment(b"x", maintype="text", subtype="plain", filename="../../Quentin\u202efdp.txt")
    return message.as_bytes()


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    council = stow(tmp_path_factory.mktemp("stow"))
    council.schedule(people=CHAIR)
    (council.folder / "mail" / "sid.vane@council.example").mkdir()
    council.post(TOM, "rude", rude())
    council.post(CLERK, "bare", letter("The bench is mended.", box=CLERK, n=9))
    assert council.run().status == 0
    return council.folder


@pytest.fixture
def council(first_night: Path, tmp_path: Path) -> Council:
    return Council(shutil.copytree(first_night, tmp_path / "stow"))


def found(council: Council, sender: str = TOM, rule: str = "") -> list[FindingRow]:
    with council.store() as store:
        return [row for row in store.findings() if row.sender == sender and row.finding.rule.startswith(rule)]


def dossier(council: Council, *ids: str, out: str = "given", to: str = "Pat Rowe", why: str = "A complaint") -> Ran:
    return council.auditor("dossier", *ids, "--out", out, "--for", to, "--why", why)


def test_a_dossier_names_one_person_and_proves_itself(council: Council) -> None:
    [first] = found(council, rule="offensive-harassment")
    second = next(row for row in found(council, rule="waiver") if row.sha256 != first.sha256)
    ran = dossier(council, first.id[:12], second.id, first.id)
    assert ran.status == 0, ran.err
    folder = council.folder / "given"
    names = sorted(one.name for one in folder.iterdir())
    records = [f"record-0{n}-{row.id}.{kind}" for n, row in enumerate((first, second), 1) for kind in ("html", "txt")]
    assert names == ["SHA256SUMS", "manifest.json", *sorted(records)]
    whole = b"".join(one.read_bytes() for one in folder.iterdir()).decode()
    for word in (
        "quentin",
        "farrow",
        "farm.example",
        "900461",
        "ivy",
        "holt",
        "\u202e",
        "\x1b",
        OPEN,
        CLOSE,
    ):
        assert word not in whole.lower(), word
    assert "<script" not in (folder / records[0]).read_text("utf-8").lower()
    text = (folder / records[1]).read_text("utf-8")
    assert "Tom Bell, Councillor, tom.bell@council.example" in text
    assert "You are a bloody idiot, Person A, and so is Person B." in text
    assert "To\n    Person A, clerk@council.example" in text
    assert "E4: " in text
    assert first.sha256 in text
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert [row["id"] for row in manifest["findings"]] == [first.id, second.id]
    assert (manifest["for"], manifest["why"]) == ("Pat Rowe", "A complaint")
    assert "Ask the Clerk" in manifest["messages"]
    assert manifest["files"] == {name: digest(folder / name) for name in records}
    sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines())
    assert sums == {name: digest(folder / name) for name in (*records, "manifest.json")}
    seal = re.search(r"^Seal: ([0-9a-f]{64})$", ran.out, re.MULTILINE)
    assert seal is not None
    assert seal[1] == digest(folder / "manifest.json")
    with council.store() as store:
        entry = store.last_deed(Deed.EXPORTED)
    assert entry is not None
    assert entry.said == {
        "dossier": "given", "folder": str(folder), "for": "Pat Rowe", "why": "A complaint", "findings": [first.id, second.id], "files": 6,
        "seal": seal[1],
    }  # fmt: skip
    if os.name != "nt":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()} == {0o600}
    assert [one.name for one in council.folder.iterdir() if "unfinished" in one.name] == []


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_is_refused_makes_and_records_nothing(council: Council) -> None:
    [row] = found(council, rule="offensive-harassment")
    (council.folder / "full").mkdir()
    (council.folder / "full" / "x").touch()
    (council.folder / "file").touch()
    slip = row.id[:-1] + ("0" if row.id[-1] != "0" else "1")
    for ran, words in (
        (dossier(council, row.id, out="full"), "not an empty folder"),
        (dossier(council, row.id, out="file"), "not an empty folder"),
        (dossier(council, slip), f"did you mean '{row.id}'"),
        (dossier(council, "zz"), "No finding in force"),
        (dossier(council, ""), "No finding in force"),
        (dossier(council, row.id, why=" \u202e "), "--why is empty"),
    ):
        assert (ran.status, words in ran.sentence) == (2, True), ran.err
    assert not (council.folder / "given").exists()
    with council.store() as store:
        assert store.last_deed(Deed.EXPORTED) is None


def test_what_begins_several_ids_is_not_guessed(council: Council) -> None:
    ids = [row.id for sender in (TOM, CLERK, IVY) for row in found(council, sender)]
    twice = next(one[:n] for n in (1, 2) for one in ids if sum(other.startswith(one[:n]) for other in ids) > 1)
    ran = dossier(council, twice)
    assert (ran.status, "give more of it" in ran.sentence) == (2, True)


def test_findings_on_the_clerk_go_to_the_chair_alone(council: Council) -> None:
    row = found(council, CLERK)[0]
    refused = dossier(council, row.id, to="Ann Marsh")
    assert (refused.status, "(Sid Vane) alone" in refused.sentence) == (2, True)
    (council.folder / "given").mkdir()
    given_ = dossier(council, row.id, to="Cllr Sid  VANE")
    assert given_.status == 0, given_.err
    assert (council.folder / "given" / "manifest.json").exists()
    path = council.folder / "schedule.toml"
    said = path.read_text(encoding="utf-8").replace("chair = true\n", "chair = true\nuntil = 2026-01-31\n")
    path.write_text(said, encoding="utf-8")
    former = dossier(council, row.id, to="Sid Vane", out="again")
    assert (former.status, "given to the Chair alone" in former.sentence) == (2, True)


def test_evidence_that_is_not_what_it_was_is_not_told(council: Council) -> None:
    [row] = found(council, rule="offensive-harassment")
    database = Database(council.database)
    other = bytes(32)
    try:
        database.run(
            "UPDATE evidence SET sha256 = ?, key = ? WHERE sha256 = ?",
            (other, evidence_key(other), bytes.fromhex(row.sha256)),
        )
    finally:
        database.close()
    ran = dossier(council, row.id)
    assert ran.status == 1
    assert "restore the newest backup" in ran.sentence
    assert not (council.folder / "given").exists()


LINES = st.lists(st.text(max_size=12), max_size=5).map("\n".join)


@settings(max_examples=100, deadline=None)
@given(LINES, st.lists(LINES, max_size=3))
def test_no_text_becomes_a_tag_or_a_heading(text: str, more: list[str]) -> None:
    letters = Letters()
    made = Sheet("Record 1", (("Subject", letters.put(text)), *(("Quoted below it", letters.put(one)) for one in more)))
    drawn = page(made, ["For Pat Rowe"])
    assert drawn.count("<pre>") == 1 + len(more)
    inside = re.findall(r"<pre>(.*?)</pre>", drawn, re.DOTALL)
    assert not [one for one in inside if "<" in one or ">" in one]
    headings = [line for line in plain(made, []).split("\n") if line and not line.startswith("    ")]
    assert headings == ["RECORD 1", "Subject", *(["Quoted below it"] * len(more))]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 800), min_size=1, max_size=900))
def test_every_third_party_has_one_letter_and_no_two_the_same(people: list[int]) -> None:
    letters = Letters()
    names = {one: letters.put(f"{OPEN}p{one}@x{CLOSE}") for one in people}
    assert all(letters.put(f"{OPEN}p{one}@x{CLOSE}") == name for one, name in names.items())
    assert len(set(names.values())) == len(names)
    assert all(re.fullmatch(r"Person [A-Z]{1,2}", name) for name in names.values())
