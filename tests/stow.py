"""Stow Parish Council: three people with a few letters on disk, and the auditor run on them as a person would run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import warm
from builders import eml

from auditor.store.interface import Store
from auditor.store.sqlite import open_store

ROOT = Path(__file__).parents[1]
CLERK, TOM, IVY = BOXES = "clerk@council.example", "tom.bell@council.example", "ivy.holt@council.example"
NAMES = {CLERK: ("Ann Marsh", "clerk", "Parish Clerk"), TOM: ("Tom Bell", "councillor", "Councillor")}
NAMES[IVY] = ("Ivy Holt", "councillor", "Councillor")
WAIVER = "This message is for the person it names. If it reached you by mistake please tell the Clerk and delete it."
SOURCE = '[[sources]]\nkind = "files"\nroot = "mail"\nfolders = ["all"]\n'
SEALED = (
    b"From: tom.bell@council.example\nTo: a@b.example\nSubject: Sealed\nMessage-ID: <sealed@tests.example>\n"
    b"MIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n"
    b"Content-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHA6CAMIACAQAxggE=\n"
)
"""A letter nobody but its reader can open (S/MIME)."""

# PR_CAPBSET_DROP of CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH holds from the next program on; others have none to drop.
_MORTAL = """import ctypes, os, sys
for overriding in (1, 2):
    ctypes.CDLL(None).prctl(24, overriding, 0, 0, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@contextmanager
def shut(*paths: Path) -> Iterator[None]:
    """Takes every permission from these files and folders for a while."""
    modes = [path.stat().st_mode for path in paths]
    for path in paths:
        path.chmod(0)
    try:
        yield
    finally:
        for path, mode in zip(paths, modes, strict=True):
            path.chmod(mode)


def due_monday() -> datetime:
    """10:00 UTC on the Monday of the week whose workbook is due now."""
    london = datetime.now(ZoneInfo("Europe/London"))
    monday = london.date() - timedelta(days=london.weekday())
    if london.weekday() == 0 and london.time() < time(6, 30):
        monday -= timedelta(days=7)
    return datetime.combine(monday - timedelta(days=7), time(10), UTC)


def label(day: datetime) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def signed(text: str, box: str, waiver: str = WAIVER) -> str:
    """A letter as the council wants it."""
    name, _, title = NAMES[box]
    return f"{text}\n\n{name}\n{title}\nStow Parish Council\n\n{waiver}".rstrip("\n") + "\n"


def letter(text: str = "The bench is mended.", *, box: str = TOM, n: int = 0, good: bool = False, **more: Any) -> bytes:
    """A letter of the due week from `box`: without signature and waiver unless it is `good`."""
    more.setdefault("sent", due_monday() + timedelta(minutes=n))
    body = signed(text, box) if good else text + "\n"
    return eml(sender=box, subject=more.pop("subject", f"Letter {n}"), body=body, n=n, **more)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def boxes(self) -> dict[str, dict[str, Any]]:
        """The mailboxes of a JSON answer by their address."""
        return {box["mailbox"]: box for box in self.json["mailboxes"]}

    @property
    def sentence(self) -> str:
        """The one line on stderr: no more, and no traceback."""
        lines = [line for line in self.err.splitlines() if line.strip()]
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        assert lines[0].endswith((".", ")")), lines[0]
        return lines[0]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON", "TZ"))}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"} | dict(extra or {})


def auditor(
    *arguments: str | Path, folder: Path, env: Mapping[str, str] | None = None, mortal: bool = False, **more: Any
) -> Ran:
    """Runs `auditor` in `folder`. To the `mortal` a file's mode refuses what it says, even to a superuser (Linux)."""
    if not mortal and not more and warm.possible(env):
        status, out, err = warm.run([*map(str, arguments)], folder, environment(env), 120)
        return Ran(status, out.decode("utf-8"), err.decode("utf-8"))
    done = subprocess.run(
        [sys.executable, *(("-c", _MORTAL) if mortal else ()), "-m", "auditor", *map(str, arguments)],
        cwd=folder,
        env=environment(env),
        capture_output=True,
        timeout=120,
        check=False,
        **more,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


@dataclass(frozen=True, slots=True)
class Council:
    """A folder with its schedule, policy and mail."""

    folder: Path

    def auditor(self, *arguments: str | Path, **more: Any) -> Ran:
        return auditor(*arguments, folder=self.folder, **more)

    def run(self, *arguments: str) -> Ran:
        return self.auditor("run", "--json", *arguments)

    def file(self, box: str, name: str, folder: str = "sent") -> Path:
        return self.folder / "mail" / box / folder / f"{name}.eml"

    def post(self, box: str, name: str, raw: bytes, folder: str = "sent") -> Path:
        path = self.file(box, name, folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
        return path

    def schedule(self, *, people: str = "", policy: str = "", sources: str = SOURCE, rest: str = "") -> None:
        tables = "".join(
            f'[[people]]\nname = "{name}"\nrole = "{role}"\ntitle = "{title}"\nmailbox = "{box}"\n'
            for box, (name, role, title) in NAMES.items()
        )
        text = (
            '[council]\nname = "Stow Parish Council"\ndomains = ["council.example"]\nusers_informed_on = 2026-01-05\n'
            f"{tables}{people}{sources}[policy]\n{policy}{rest}"
        )
        (self.folder / "schedule.toml").write_text(text, encoding="utf-8")

    @property
    def database(self) -> Path:
        return self.folder / "data" / "auditor.db"

    def store(self) -> Store:
        return open_store(f"sqlite:///{self.database}", read_only=True)


def stow(folder: Path) -> Council:
    """The council with one letter in each mailbox: the clerk's as it should be, the others without anything."""
    council = Council(folder)
    council.schedule()
    for kind, text in (("signatures", "{name}\n{title}\nStow Parish Council\n"), ("waivers", WAIVER + "\n")):
        (folder / "policy" / kind).mkdir(parents=True)
        (folder / "policy" / kind / "full.txt").write_text(text, encoding="utf-8")
    council.post(CLERK, "agenda", letter("The agenda is on the board.", box=CLERK, n=1, good=True))
    council.post(TOM, "bench", letter("The bench is mended.", n=2))
    council.post(IVY, "oak", letter("The oak needs a look.", box=IVY, n=3))
    return council
