"""The drafts of a council: filled in from its configuration, again while nobody has edited them, never written over."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from stow import Ran, auditor

from auditor.config import Config, load
from auditor.drafts import Outcome, write_drafts
from auditor.drafts.folder import TITLES
from auditor.drafts.rtf import mark, untouched
from auditor.mail.enclosures.budget import Budget
from auditor.mail.enclosures.look import look
from auditor.mail.limits import DEFAULT

TODAY = date(2026, 11, 26)
DPIA, NOTICE, PRIVACY = TITLES
ODD = r"""[council]
name = 'Llan & {Bryn}\Ŵyddgrug "Parish" Council 🌳'
domains = ["stow.example", "stow-pc.example"]
"""
CLERK = '[[people]]\nname = "Zoë {Ünal}"\nrole = "clerk"\nmailbox = "clerk@stow.example"\nphone = "01632 960001"\n'
CHAIR = '[[people]]\nname = "שרה כהן"\nrole = "councillor"\nmailbox = "chair@stow.example"\nchair = true\n'
OMAR = '[[people]]\nname = "عمر"\nrole = "councillor"\nmailbox = "omar@stow.example"\n'
MAIL = '[[sources]]\nkind = "files"\nroot = "mail"\nfolders = ["sent", "inbox"]\n'


def council(folder: Path, text: str) -> Config:
    (folder / "schedule.toml").write_text(text, encoding="utf-8")
    return load(folder / "schedule.toml")


def words(path: Path) -> str:
    """What stands in a draft, as the reader of attachments reads it."""
    seen = look(path.name, path.read_bytes(), Budget(DEFAULT))
    assert seen.kind == "rtf"
    return re.sub(r"\s+", " ", "".join(seen.texts))


def drafts(folder: Path, text: str) -> dict[str, str]:
    written = write_drafts(council(folder, text), TODAY)
    assert [one.path.stem for one in written] == list(TITLES)
    return {one.path.stem: words(one.path) for one in written}


def test_the_council_s_own_facts_stand_in_them(tmp_path: Path) -> None:
    policy = (
        "[policy]\nadopted = 2025-03-04\nreview = 2027-03-31\nretention_months = 13\npurge = 'auto'\n"
        'private_subjects = ["personal"]\nprivate_recipients = ["rep@union.example"]\n'
        '[policy.rules]\n"views-political-religious" = "off"\n'
    )
    rest = "[notify]\nmail = ['clerk@stow.example']\n[backup]\nkeep = 7\nfolder = 'copies'\n[store]\nkey = 'env:K'\n"
    made = drafts(tmp_path, ODD + CLERK + CHAIR + OMAR + MAIL + policy + rest)
    name = 'Llan & {Bryn}\\Ŵyddgrug "Parish" Council 🌳'
    for text in made.values():
        assert "Draft – not legal advice; to be adopted by the Council" in text
        for fact in (
            name,
            "Zoë {Ünal}",
            "שרה כהן",
            "13 months",
            "4 March 2025",
            "rep@union.example",
            "omar@stow.example",
        ):
            assert fact in text
        assert not re.search(r"\{\w+\}(?!\\)", text.replace("{Bryn}", "").replace("{Ünal}", "")), (
            "a fact was not filled in"
        )
    assert "@stow.example and @stow-pc.example" in made[NOTICE]
    assert "removed without asking" in made[PRIVACY]
    assert "begins with 'personal'" in made[NOTICE]
    for fact in ("7 backups are kept in the folder 'copies'", "The store is encrypted", "'out/chair'", "31 March 2027"):
        assert fact in made[DPIA]
    assert "The Council has switched these off: " in made[DPIA]
    assert made[DPIA].count("waiver") > 3


def test_what_nobody_told_is_a_blank(tmp_path: Path) -> None:
    made = drafts(tmp_path, ODD + OMAR + MAIL)
    for text in made.values():
        assert "[name of the Clerk: enter the Clerk in schedule.toml]" in text
        assert "[name of the Chair or other member who receives the findings on the Clerk]" in text
        assert "Nothing is set apart yet" in text
    assert "[date on which the e-mail policy was adopted]" in made[DPIA]
    assert "No rule is switched off." in made[DPIA]


def test_whoever_has_left_is_not_named_and_whose_mailbox_is_not_read_is(tmp_path: Path) -> None:
    former = CLERK.replace("Zoë {Ünal}", "Ann Marsh") + "until = 2026-10-31\n"
    narrow = MAIL + 'mailboxes = ["clerk@stow.example"]\n'
    made = drafts(tmp_path, ODD + former + CLERK + "from = 2026-11-01\n" + OMAR + narrow)
    assert "Ann Marsh" not in "".join(made.values())
    assert "Mailboxes of these people are not read: عمر." in made[DPIA]


@pytest.mark.parametrize(
    ("notify", "said"),
    [
        ("mail = ['clerk@stow.example']", "Nobody is sent word when something needs a person"),
        ("smtp = 'smtp://localhost'", "Nobody is sent word when something needs a person"),
        (
            "mail = ['clerk@stow.example', 'omar@stow.example']\nsmtp = 'smtp://localhost'",
            "clerk@stow.example and omar@stow.example are told by e-mail, with figures and addresses of mailboxes",
        ),
        (
            "mail = ['clerk@stow.example']\nthrough = 'google'\nwebhook = 'https://chat.example.org/secret'",
            "clerk@stow.example is told by e-mail and the service at chat.example.org is told over the network, with",
        ),
    ],
)
def test_every_way_that_trouble_is_told_by_stands_in_them(tmp_path: Path, notify: str, said: str) -> None:
    made = drafts(tmp_path, ODD + CLERK + MAIL + f"[notify]\n{notify}\n")
    assert all(said in made[title] and "/secret" not in made[title] for title in (DPIA, PRIVACY))


def test_the_law_that_the_drafts_rest_on_is_named(tmp_path: Path) -> None:
    made = drafts(tmp_path, ODD + CLERK + MAIL)
    for law in ("SI 2018/356", "Article 6(1)(e)", "Article 9(2)(g)", "22A to 22D", "Monitoring workers", "Schedule 1"):
        assert law in made[DPIA]
    for law in ("Article 6(1)(e)", "section 164A", "0303 123 1113", "22A to 22D", "section 7(3)"):
        assert law in made[PRIVACY]


# --- written again


def outcomes(folder: Path, text: str) -> list[Outcome]:
    return [one.outcome for one in write_drafts(council(folder, text), TODAY)]


def test_a_draft_that_nobody_edited_is_filled_in_again(tmp_path: Path) -> None:
    assert outcomes(tmp_path, ODD + CLERK + MAIL) == [Outcome.WRITTEN] * 3
    assert outcomes(tmp_path, ODD + CLERK + MAIL) == [Outcome.SAME] * 3
    assert outcomes(tmp_path, ODD + CLERK + CHAIR + MAIL) == [Outcome.FILLED] * 3
    folder = tmp_path / "monitoring"
    assert "שרה כהן" in words(folder / f"{DPIA}.rtf")
    assert sorted(path.stem for path in folder.iterdir()) == list(TITLES)


def test_an_edited_draft_is_never_written_over(tmp_path: Path) -> None:
    write_drafts(council(tmp_path, ODD + CLERK + MAIL), TODAY)
    mine = tmp_path / "monitoring" / f"{DPIA}.rtf"
    edited = mine.read_bytes().replace(b"[which computer, where]", b"the office computer")
    mine.write_bytes(edited)
    assert outcomes(tmp_path, ODD + CLERK + MAIL) == [Outcome.LEFT, Outcome.SAME, Outcome.SAME]
    assert len(list(mine.parent.iterdir())) == 3
    again = write_drafts(council(tmp_path, ODD + CLERK + CHAIR + MAIL), TODAY)[0]
    beside = mine.with_name(f"{DPIA} (new).rtf")
    assert (again.outcome, again.beside) == (Outcome.BESIDE, beside)
    assert mine.read_bytes() == edited
    assert "שרה כהן" in words(beside)
    # That one is edited too: the next goes where nobody's work is.
    worked = beside.read_bytes().replace(b"[which computer, where]", b"the office computer")
    beside.write_bytes(worked)
    assert outcomes(tmp_path, ODD + CLERK + CHAIR + MAIL)[0] == Outcome.LEFT
    third = write_drafts(council(tmp_path, ODD + CLERK + CHAIR + OMAR + MAIL), TODAY)[0]
    assert third.beside == mine.with_name(f"{DPIA} (new 2).rtf")
    assert (mine.read_bytes(), beside.read_bytes()) == (edited, worked)


@pytest.mark.parametrize("left", [b"", b"mine", b"{\\rtf1 mine}"])
def test_what_lies_there_under_the_same_name_is_somebody_s(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "monitoring").mkdir()
    mine = tmp_path / "monitoring" / f"{NOTICE}.rtf"
    mine.write_bytes(left)
    assert outcomes(tmp_path, ODD + CLERK + MAIL) == [Outcome.WRITTEN, Outcome.BESIDE, Outcome.WRITTEN]
    assert mine.read_bytes() == left
    assert outcomes(tmp_path, ODD + CLERK + MAIL)[1] == Outcome.BESIDE
    assert len(list(mine.parent.iterdir())) == 4


@pytest.mark.skipif(os.name != "posix", reason="Windows has no mode bits")
def test_they_are_their_owner_s_alone(tmp_path: Path) -> None:
    write_drafts(council(tmp_path, ODD + CLERK + MAIL), TODAY)
    folder = tmp_path / "monitoring"
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


# --- the command


def init(folder: Path) -> Ran:
    return auditor("init", folder=folder)


def test_init_fills_them_in_again_and_says_so(tmp_path: Path) -> None:
    first = init(tmp_path)
    assert first.status == 0
    folder = tmp_path / "monitoring"
    assert {path.stem for path in folder.iterdir()} == set(TITLES)
    assert "Our Parish Council" in words(folder / f"{PRIVACY}.rtf")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    second = init(tmp_path)
    assert (second.status, second.err) == (0, "")
    assert second.out.count("as it is: schedule.toml says the same as before") == 3
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    (folder / f"{PRIVACY}.rtf").write_bytes(b"mine")
    path = tmp_path / "schedule.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("Our Parish Council", "Stow Council"), encoding="utf-8")
    third = init(tmp_path)
    assert third.status == 0
    assert third.out.count("again: nobody had edited it") == 2
    assert "as you edited it, and wrote" in third.out
    assert f"{PRIVACY} (new).rtf" in third.out
    assert (folder / f"{PRIVACY}.rtf").read_bytes() == b"mine"
    assert "Stow Council" in words(folder / f"{NOTICE}.rtf")


def test_init_with_a_mistake_in_the_schedule_touches_nothing(tmp_path: Path) -> None:
    init(tmp_path)
    path = tmp_path / "schedule.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[nonsense]\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    ran = init(tmp_path)
    assert ran.status == 2
    assert "exists already and has a mistake" in ran.sentence
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


# --- LibreOffice


def converted(path: Path, form: str) -> Path:
    """What Writer makes of a file; it is not there when there is no Writer."""
    profile = f"-env:UserInstallation={(path.parents[1] / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--writer",
        "--convert-to",
        form,
        "--outdir",
        str(path.parents[1]),
        str(path),
    ]
    subprocess.run(command, check=False, capture_output=True, timeout=120)
    return path.parents[1] / f"{path.stem}.{form.partition(':')[0]}"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_reads_each_and_keeps_the_mark(tmp_path: Path) -> None:
    written = write_drafts(council(tmp_path, ODD + CLERK + CHAIR + OMAR + MAIL), TODAY)
    for one in written:
        shown = converted(one.path, "txt:Text (encoded):UTF8")
        if not shown.exists():
            pytest.skip("LibreOffice Writer is not installed")
        text = shown.read_text(encoding="utf-8-sig")
        assert text.split()[:6] == ["Llan", "&", "{Bryn}\\Ŵyddgrug", '"Parish"', "Council", "🌳:"]
        assert "שרה כהן" in text
    saved = converted(written[0].path, "rtf")
    assert mark(saved.read_bytes()) == mark(written[0].path.read_bytes())
    assert not untouched(saved.read_bytes())


def test_where_the_workbook_is_delivered_stands_in_them(tmp_path: Path) -> None:
    reports = (
        "[reports]\ndeliver = ['onedrive', 'mail']\n[reports.onedrive]\nsite = 'https://stow-my.sharepoint.com/personal/zoe'\n"
        "[reports.mail]\nto = ['clerk@stow.example']\n[notify]\nmail = ['clerk@stow.example']\nsmtp = 'smtp://localhost'\n"
    )
    graph = "[[sources]]\nkind = 'microsoft365'\ntenant = 't'\nclient_id = 'c'\nsecret = 'env:S'\nmailboxes = ['x@stow.example']\n"
    mine = MAIL + "mailboxes = ['clerk@stow.example']\n"
    made = drafts(tmp_path, ODD + CLERK + mine + graph + reports)
    said = (
        "The Clerk's workbook is also put into the OneDrive at https://stow-my.sharepoint.com/personal/zoe and sent by e-mail to "
        "clerk@stow.example; the one on the Clerk's own mail is not."
    )
    assert said in made[DPIA]
    assert said in made[PRIVACY]
    assert "also put into" not in drafts(tmp_path, ODD + CLERK + MAIL)[DPIA]
