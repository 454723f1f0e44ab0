"""Words of mail and secrets, planted where they are unique, and then looked for in every file and every line that nights leave.

Good nights and bad ones: a reader that crashes, an analyser that raises, providers that send secrets back, `--debug`.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from builders import eml
from providers.google import Workspace
from providers.loopback import Fault
from providers.microsoft import Tenant
from stow import CLERK, TOM, Council, Ran, due_monday, letter, stow

from auditor.store.sqlite import open_store

BODY, SUBJECT, FILE, INSIDE, PERSON, EXCERPT = WORDS = (
    "quizzbody7310", "quizzsubject7311", "quizzfile7312", "quizzinside7313", "quizzperson7314", "quizzexcerpt7315",
)  # fmt: skip
KEY = "5eed" * 16
TRAIL = "trail-key-that-nobody-sees-8842"
SMTP_PASSWORD = "smtp-password-that-nobody-sees-8843"
SECRET = "microsoft-secret-that-nobody-sees-8844"
ENVIRONMENT = {"AUDITOR_STORE_KEY": KEY, "AUDITOR_TRAIL_KEY": TRAIL, "AUDITOR_SMTP": SMTP_PASSWORD}
KEPT = (
    "[store]\nkey = 'env:AUDITOR_STORE_KEY'\n[audit]\nkey = 'env:AUDITOR_TRAIL_KEY'\n"
    "[notify]\nsmtp = 'smtp://localhost:9'\nsmtp_password = 'env:AUDITOR_SMTP'\n"
)
# What Python runs at its start, in the reading child as well: an analyser that goes wrong over certain letters.
TROUBLE = """
import os, sys
from importlib.abc import MetaPathFinder

class Trouble(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "auditor.analysers" and self in sys.meta_path:
            sys.meta_path.remove(self)
            from auditor.analysers import waiver
            kind = type(next(one for one in sys.modules["auditor.analysers"].ANALYSERS if type(one).__module__ == waiver.__name__))
            true = kind.check
            def check(self, case):
                said = case.parts.own
                said = said if isinstance(said, str) else said.text
                if "explode" in said:
                    raise ValueError(f"{said} {os.environ['AUDITOR_STORE_KEY']}")
                if "abort" in said:
                    os.abort()
                return true(self, case)
            kind.check = check
            from auditor.mail import segments
            whole = segments.split
            def split(mail, *more, **other):
                if "shatter" in repr(mail):
                    raise ValueError(repr(mail))
                return whole(mail, *more, **other)
            segments.split = split
        return None

sys.meta_path.insert(0, Trouble())
"""


def message() -> bytes:
    """A letter with a canary in every place that has words, and one fault whose excerpt has one."""
    made = EmailMessage(policy=SMTP.clone(linesep="\n"))
    made["From"] = TOM
    made["To"] = f"{PERSON} <{PERSON}@elsewhere.example>"
    made["Subject"] = f"About {SUBJECT}"
    made["Date"] = due_monday()
    made["Message-ID"] = "<canary@tests.example>"
    made.set_content(f"The {BODY} is there.\n\nYou are a damned {EXCERPT} idiot and everybody knows it!!!\n")
    made.add_attachment(f"Rows of {INSIDE}\n".encode(), maintype="text", subtype="plain", filename=f"{FILE}.txt")
    return made.as_bytes()


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file's bytes by its path, and those inside a workbook."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        yield name, data
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as whole:
                yield from ((f"{name}!{inner}", whole.read(inner)) for inner in whole.namelist())


def holding(word: str, folder: Path) -> set[str]:
    """The first folder of each file that holds a word, in any of the ways in which bytes hold words."""
    ways = [word.encode(), word.encode("utf-16-le"), word.upper().encode(), word.encode().hex().encode()]
    return {name.partition("/")[0] for name, data in contents(folder) if any(way in data for way in ways)}


def run(council: Council, *before: str, extra: Mapping[str, str] | None = None) -> Ran:
    temporary = council.folder / "tmp"
    temporary.mkdir(exist_ok=True)
    env = {**ENVIRONMENT, "TMPDIR": str(temporary), "TEMP": str(temporary), **(extra or {})}
    return council.auditor(*before, "run", "--json", env=env)


def secrets_hidden(council: Council, ran: Ran, *secrets: str) -> None:
    for secret in (KEY, TRAIL, SMTP_PASSWORD, *secrets):
        assert secret.lower() not in (ran.out + ran.err).lower()
        assert holding(secret, council.folder) == set()


def words_hidden(council: Council, ran: Ran) -> None:
    for word in WORDS:
        assert word not in ran.out + ran.err, word
        assert holding(word, council.folder) - {"mail"} <= ({"out"} if word in (SUBJECT, EXCERPT, PERSON) else set()), (
            word
        )


def canaries(folder: Path) -> Council:
    folder.mkdir(parents=True, exist_ok=True)
    council = stow(folder)
    council.schedule(rest=KEPT)
    council.post(TOM, "canary", message())
    return council


def test_a_good_night_leaves_them_where_they_must_be(tmp_path: Path) -> None:
    council = canaries(tmp_path)
    for before in ((), ("--debug",)):
        ran = run(council, *before)
        assert ran.status == 0, ran.err
        words_hidden(council, ran)
        secrets_hidden(council, ran)
    assert holding(EXCERPT, council.folder) == {"mail", "out"}, "the test does not find what is there"
    assert holding(BODY, council.folder) == {"mail"}
    assert list((council.folder / "tmp").iterdir()) == []
    assert (council.database.parent / "auditor.log").exists()
    with open_store(f"sqlite:///{council.database}", key=KEY, read_only=True) as store:
        assert store.facts().messages == 4
    for word in ("status", "check"):
        shown = council.auditor("--debug", word, "--json", env=ENVIRONMENT)
        assert not [one for one in (*WORDS, *ENVIRONMENT.values()) if one in shown.out + shown.err]


def test_a_reader_that_crashes_and_an_analyser_that_raises_tell_nothing(tmp_path: Path) -> None:
    council = canaries(tmp_path / "council")
    trouble = tmp_path / "trouble"
    trouble.mkdir()
    (trouble / "sitecustomize.py").write_text(TROUBLE, encoding="utf-8")
    council.post(TOM, "explode", letter(f"Now explode with {BODY}.", n=31, subject=SUBJECT))
    council.post(TOM, "abort", letter(f"Now abort with {BODY}.", n=32, subject=SUBJECT))
    council.post(TOM, "shatter", letter(f"Now shatter with {BODY}.", n=33, subject=SUBJECT))
    path = os.pathsep.join([str(trouble), str(Path(__file__).parents[2])])
    ran = run(council, "--debug", extra={"PYTHONPATH": path})
    assert ran.status == 1, ran.err
    box = ran.boxes[TOM]
    assert (box["status"], box["gaps"], box["new"], box["analysed"]) == ("complete", 1, 4, 3)
    with open_store(f"sqlite:///{council.database}", key=KEY, read_only=True) as store:
        assert [gap.reason for gap in store.gaps()] == [
            "It could not be read (ValueError); it is kept whole and listed."
        ]
    words_hidden(council, ran)
    secrets_hidden(council, ran)
    assert not [path for path in tmp_path.rglob("core*") if path.is_file()]
    assert list((council.folder / "tmp").iterdir()) == []


def test_a_fault_of_the_program_tells_its_place_and_no_secret(tmp_path: Path) -> None:
    council = canaries(tmp_path / "council")
    trouble = tmp_path / "trouble"
    trouble.mkdir()
    (trouble / "sitecustomize.py").write_text(
        "import os\nimport auditor.cli.reporting as desk\n"
        "def due(self):\n"
        "    url = 'https://host.example/x?sig=' + os.environ['AUDITOR_SMTP']\n"
        "    raise LookupError(url + ' Bearer ' + os.environ['AUDITOR_TRAIL_KEY'] + ' ' + os.environ['AUDITOR_STORE_KEY'])\n"
        "desk.Desk.due = due\n",
        encoding="utf-8",
    )
    path = os.pathsep.join([str(trouble), str(Path(__file__).parents[2])])
    for before in ((), ("--debug",)):
        ran = run(council, *before, extra={"PYTHONPATH": path})
        assert ran.status == 1
        assert ("Traceback" in ran.err) is bool(before)
        assert "The auditor itself failed (LookupError)." in ran.err
        words_hidden(council, ran)
        secrets_hidden(council, ran)
    noted = [json.loads(line) for line in (council.database.parent / "auditor.log").read_text().splitlines()]
    [first, second] = [line for line in noted if line["event"] == "failed"]
    assert first["error"] == second["error"] == "LookupError"
    assert first["frames"][-1].startswith("auditor/cli/run.py:")


# --- providers that send back what they were told


def office(folder: Path, sources: str) -> Council:
    council = Council(folder)
    for kind in ("signatures", "waivers"):
        (folder / "policy" / kind).mkdir(parents=True)
        (folder / "policy" / kind / "full.txt").write_text("Agreed wording\n", encoding="utf-8")
    council.schedule(sources=sources, rest=KEPT)
    return council


def said(*words: str) -> dict[str, object]:
    text = " ".join(("Refused:", BODY, *words))
    return {"error": {"code": text, "message": text, "innerError": {"code": text}}, "error_description": text}


STATUSES = (400, 401, 403, 404, 500, 503)


def test_microsoft_may_echo_what_it_likes(tmp_path: Path) -> None:
    with Tenant(tmp_path / "tenant") as tenant:
        tenant.entra.secret = SECRET
        boxes = [tenant.mailbox(f"m{status}@council.example") for status in STATUSES]
        for box in boxes:
            box.deliver(eml(n=1, subject=SUBJECT, body=f"{BODY}\n"), "inbox")
        council = office(tmp_path / "council", tenant.toml(folders=["all"], extra="patience = 1"))
        extra = {"AUDITOR_M365_SECRET": SECRET}
        tenant.server.script(
            Fault(rf"m{status}(@|%40)", times=None, status=status, body=said(SECRET, KEY)) for status in STATUSES
        )
        night = run(council, "--debug", extra=extra)
        assert night.status == 1, night.err
        assert {box["status"] for box in night.json["mailboxes"]} <= {"failed", "partial"}
        tokens = [
            call.headers["Authorization"].partition(" ")[2]
            for call in tenant.server.calls
            if call.headers["Authorization"]
        ]
        assert tokens
        tenant.server.faults[:] = [Fault("token", times=None, status=400, body=said() | {"error": SECRET})]
        refused = run(council, "--debug", extra=extra)
        assert refused.status == 1
        tenant.server.faults[:] = [Fault("token", times=None, status=200, body=f"<p>{SECRET} {BODY}</p>")]
        stranger = run(council, "--debug", extra=extra)
        assert stranger.status == 1
        for ran in (night, refused, stranger):
            words_hidden(council, ran)
            secrets_hidden(council, ran, SECRET, *set(tokens))


def test_google_may_echo_what_it_likes(tmp_path: Path) -> None:
    with Workspace(tmp_path / "workspace") as workspace:
        boxes = [f"g{status}@council.example" for status in STATUSES]
        for box in boxes:
            workspace.mailbox(box).deliver(eml(n=1, subject=SUBJECT, body=f"{BODY}\n"))
        council = office(tmp_path / "council", workspace.toml(boxes, ["all"], "patience = 1"))
        private = json.loads(workspace.key().read_text())["private_key"].splitlines()[3]
        # Who asks stands in the token alone, so the refusals come one after another.
        last = STATUSES[-1]
        workspace.server.script(
            Fault("gmail/v1", times=3 if status != last else None, status=status, body=said(private, KEY))
            for status in STATUSES
        )
        night = run(council, "--debug")
        assert night.status == 1, night.err
        tokens = [
            call.headers["Authorization"].partition(" ")[2]
            for call in workspace.server.calls
            if call.headers["Authorization"]
        ]
        workspace.server.faults[:] = [Fault("token", times=None, status=400, body=said() | {"error": private})]
        refused = run(council, "--debug")
        assert refused.status == 1
        for ran in (night, refused):
            words_hidden(council, ran)
            secrets_hidden(council, ran, private, *set(tokens))


@pytest.mark.parametrize("place", ["env:AUDITOR_STORE_KEY", "file:secret.txt"])
def test_a_wrong_key_is_not_repeated(tmp_path: Path, place: str) -> None:
    council = stow(tmp_path)
    council.schedule(rest=f"[store]\nkey = '{place}'\n")
    (council.folder / "secret.txt").touch(mode=0o600)
    (council.folder / "secret.txt").write_text("not-a-key-8845", encoding="utf-8")
    ran = council.auditor("--debug", "run", env={"AUDITOR_STORE_KEY": "not-a-key-8845"})
    assert ran.status == 2
    assert "not-a-key-8845" not in ran.out + ran.err
    assert holding("not-a-key-8845", council.folder) == {"secret.txt"}
    assert CLERK not in ran.err
