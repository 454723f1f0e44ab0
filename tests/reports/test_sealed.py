"""The Chair's workbook: what it takes to open it, and that nothing of it can be read without."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from changes import replace
from msoffcrypto import OfficeFile
from openpyxl import load_workbook
from thorrington import sample

from auditor.errors import WorkbookError
from reports import workbook
from reports.report import WeekReport
from reports.sealed import Locked, opened, sealed
from reports.workbook import write

PASSWORD = 'four damp "£" words & a goose'
CHAIR = sample().chair
assert CHAIR is not None
REPORT: WeekReport = CHAIR
NAME = REPORT.file_name
SECOND = NAME.replace(".xlsx", " (2).xlsx")
HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The same workbook without a password."""
    return write(REPORT, tmp_path_factory.mktemp("plain") / NAME).path.read_bytes()


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The workbook behind its password."""
    return write(REPORT, tmp_path_factory.mktemp("locked") / NAME, PASSWORD).path.read_bytes()


@pytest.fixture
def path(locked: bytes, tmp_path: Path) -> Path:
    """It, in its place."""
    made = tmp_path / NAME
    made.write_bytes(locked)
    return made


def test_what_is_inside_is_the_workbook_byte_for_byte(locked: bytes, plain: bytes) -> None:
    inside = BytesIO()
    file = OfficeFile(BytesIO(locked))
    file.load_key(password=PASSWORD, verify_password=True)
    file.decrypt(inside, verify_integrity=True)
    assert inside.getvalue() == opened(locked, PASSWORD) == plain
    assert load_workbook(inside).sheetnames[:2] == ["Start", "Findings"]


def test_it_is_encrypted_as_it_is_said_to_be(locked: bytes) -> None:
    file = OfficeFile(BytesIO(locked))
    file.load_key(password=PASSWORD)
    about = file.info
    assert (file.type, about["spinValue"], about["passwordHashAlgorithm"]) == ("agile", 100_000, "SHA512")
    assert (about["passwordKeyBits"], len(file.secret_key)) == (256, 32)
    assert len(set(file.secret_key[16:])) > 4, "the whole key is random"


def test_two_writings_have_no_key_in_common(locked: bytes, plain: bytes) -> None:
    first, second = OfficeFile(BytesIO(locked)).info, OfficeFile(BytesIO(sealed(plain, PASSWORD))).info
    for what in ("passwordSalt", "keyDataSalt", "encryptedKeyValue", "encryptedHmacKey"):
        assert first[what] != second[what], what


@pytest.mark.parametrize("other", [None, "", PASSWORD.upper()])
def test_another_password_opens_nothing(locked: bytes, other: str | None) -> None:
    with pytest.raises(Locked):
        opened(locked, other)


@pytest.mark.parametrize("from_the_end", [1000, 9000, 16_000])
def test_one_bit_that_was_altered_is_noticed(locked: bytes, from_the_end: int) -> None:
    altered = bytearray(locked)
    altered[-from_the_end] ^= 1
    with pytest.raises(WorkbookError, match="damaged") as refused:
        opened(bytes(altered), PASSWORD)
    assert not isinstance(refused.value, Locked)


def test_a_torn_file_is_damaged(locked: bytes) -> None:
    with pytest.raises(WorkbookError, match="damaged"):
        opened(locked[: len(locked) // 2], PASSWORD)


def test_a_file_that_asks_for_no_password_is_itself(plain: bytes) -> None:
    assert opened(plain, PASSWORD) == opened(plain, None) == plain


def packed(size: int) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("a", os.urandom(size))
    return file.getvalue()


def test_a_workbook_of_many_thousand_findings_fits() -> None:
    data = packed(8_000_000)  # more than the container's first table of sectors holds
    assert opened(sealed(data, PASSWORD), PASSWORD) == data


def test_what_would_not_open_again_is_not_handed_out() -> None:
    with pytest.raises(WorkbookError, match="could not be encrypted"):
        sealed(packed(100), PASSWORD)  # less than any workbook: the library puts it in a wrong place


def told(data: bytes) -> list[str]:
    """What can be read in a file without a password: words of the report, or any of a ZIP's parts."""
    words = {
        REPORT.council,
        *(line.row.subject for line in REPORT.findings),
        *(line.row.sender for line in REPORT.findings),
    }
    return [word for word in words if word and escape(word).encode() in data] + ["ZIP"] * (b"PK\x03\x04" in data)


def test_nothing_of_the_findings_can_be_read_in_it(locked: bytes, plain: bytes) -> None:
    assert told(plain), "the test can see"
    assert told(locked) == []


def test_while_it_is_encrypted_nothing_of_it_lies_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def looking(data: bytes, password: str) -> bytes:
        seen.append([told(file.read_bytes()) for file in tmp_path.iterdir()])
        return sealed(data, password)

    monkeypatch.setattr(workbook, "sealed", looking)
    write(REPORT, tmp_path / NAME, PASSWORD)
    assert seen == [[[]]], "one draft, nothing to be read in it"


KILLED = """
import os, sys, tempfile
from pathlib import Path
sys.path[:0] = sys.argv[3:]
tempfile.tempdir = sys.argv[2]
import openpyxl.worksheet._writer, test_sealed
def end(*_):
    os._exit(9)
if sys.argv[1] == "drawn":
    openpyxl.worksheet._writer.WorksheetWriter.write_tail = end
else:
    os.fsync = end
test_sealed.write(test_sealed.REPORT, Path(sys.argv[2]) / test_sealed.NAME, test_sealed.PASSWORD)
"""


@pytest.mark.parametrize("moment", ["drawn", "written"])
def test_a_writing_that_is_killed_leaves_nothing_to_be_read(moment: str, tmp_path: Path) -> None:
    # sheets as openpyxl draws them, and a draft that lies on the disk and has no name yet
    where = [str(HERE), str(HERE.parent), str(HERE.parents[1])]
    ended = subprocess.run([sys.executable, "-c", KILLED, moment, str(tmp_path), *where], check=False, timeout=120)
    assert ended.returncode == 9
    files = list(tmp_path.iterdir())
    assert len(files) == 1
    assert [word for file in files for word in told(file.read_bytes())] == []


# --- over what is there already


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_our_own_untouched_workbook_is_written_again(path: Path) -> None:
    later = replace(REPORT, written=REPORT.written + timedelta(hours=1))
    assert write(later, path, PASSWORD).path == path
    assert names(path.parent) == [NAME]


@pytest.mark.parametrize("other", ["another " + PASSWORD, None])
def test_one_that_does_not_open_with_the_password_is_left_alone(path: Path, other: str | None) -> None:
    before = path.read_bytes()
    written = write(REPORT, path, other)
    assert (written.path.name, path.read_bytes()) == (SECOND, before)
    assert "cannot be opened without the password" in written.note


def test_one_that_the_chair_has_saved_is_left_alone(path: Path) -> None:
    book = load_workbook(BytesIO(opened(path.read_bytes(), PASSWORD)))
    book["Findings"]["J2"] = "Breach"
    saved = BytesIO()
    book.save(saved)
    path.write_bytes(sealed(saved.getvalue(), PASSWORD))
    written = write(REPORT, path, PASSWORD)
    assert (written.path.name, "saved by somebody" in written.note) == (SECOND, True)


def test_a_damaged_one_is_left_alone(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9000])
    assert write(REPORT, path, PASSWORD).path.name == SECOND


def test_one_from_before_there_was_a_password_is_replaced(plain: bytes, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(plain)
    assert write(REPORT, tmp_path / NAME, PASSWORD).path == tmp_path / NAME
    assert names(tmp_path) == [NAME]
    assert told((tmp_path / NAME).read_bytes()) == []


# --- LibreOffice

MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
{}
</script:module>
"""
# A hidden book is asked for its password here; with the wrong one it is an error, which is what is written down.
BASIC = """
Function Named(name As String, value)
  Dim one As New com.sun.star.beans.PropertyValue
  one.Name = name
  one.Value = value
  Named = one
End Function
Sub Main()
  Noted "{folder}/wrong.txt", "a goose"
  Noted "{folder}/right.txt", "{password}"
End Sub
Sub Noted(where As String, password As String)
  Dim book As Object
  said = "refused"
  On Error Goto Done
  book = StarDesktop.loadComponentFromURL("{url}", "_blank", 0, Array(Named("Hidden", True), Named("Password", password)))
  said = book.Sheets.getByName("Start").getCellRangeByName("A1").String
  book.Sheets.getByName("Findings").getCellRangeByName("J2").String = "Breach"
  book.store()
  book.close(True)
Done:
  Open where For Output As #1
  Print #1, said
  Close #1
End Sub
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_opens_it_with_its_password_alone_and_what_it_saves_is_read(path: Path) -> None:
    profile = path.parent / "profile"
    soffice = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    macro = BASIC.format(folder=path.parent, url=path.as_uri(), password=PASSWORD.replace('"', '""'))
    # The first start of all puts an empty macro there.
    for start in ("--terminate_after_init", "macro:///Standard.Module1.Main"):
        subprocess.run([*soffice, start], check=True, capture_output=True, timeout=180)
        module = profile / "user" / "basic" / "Standard" / "Module1.xba"
        module.write_text(MODULE.format(escape(macro)), "utf-8")
    assert (path.parent / "wrong.txt").read_text("utf-8").strip() == "refused"
    assert (path.parent / "right.txt").read_text("utf-8").strip() == "Thorrington Parish Council"
    with pytest.raises(Locked):
        opened(path.read_bytes(), "a goose")
    assert load_workbook(BytesIO(opened(path.read_bytes(), PASSWORD)))["Findings"]["J2"].value == "Breach"
    assert write(REPORT, path, PASSWORD).path.name == SECOND
