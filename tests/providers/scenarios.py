"""Whole nights, played from files: what a provider does, and what the council is told. See scenarios/README.md.

What is of one provider alone stands in its own `Stage`.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import socket
import sys
import threading
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Protocol, Self

import pytest
import trustme
from sqlcipher3 import dbapi2

from auditor import cli
from auditor.pipeline.guard import Guard
from auditor.pipeline.keeping import Keeping
from auditor.pipeline.pull import Clock
from auditor.store.interface import Store
from auditor.store.records import Hit, Query
from auditor.store.sqlite import open_store
from auditor.store.terms import terms

FOLDER = Path(__file__).parent / "scenarios"
FIRST = date(2026, 11, 24)
"""The first night's day, a Tuesday."""
DOMAIN = "council.example"
TOP = frozenset(
    {
        "what",
        "covers",
        "mailboxes",
        "source",
        "policy",
        "people",
        "box",
        "mail",
        "constants",
        "own_process",
        "nights",
        "end",
    }
)
NIGHT = frozenset(
    {"do", "faults", "during", "days", "repeat", "since", "folders", "command", "exit", "expect", "calls", "says"}
)
END = frozenset({"not_held", "removed", "gaps", "found", "folders"})
SENTENCE = re.compile(r"[^\n]*[.!]\Z")
UNSPOKEN = re.compile(r"https?://(?!login\.microsoftonline|www\.googleapis\.com/auth/|mail\.google\.com/:)|Traceback|Exception|\berrno\b|(?-i:\bNone\b(?! is agreed))|0x[0-9a-f]{6}", re.IGNORECASE)  # fmt: skip
"""What no sentence for the clerk holds."""


def files(provider: str) -> list[Path]:
    """A provider's scenarios."""
    return sorted((FOLDER / provider).glob("*.toml"))


def address(name: str) -> str:
    return f"{name}@{DOMAIN}"


def many(names: str | Sequence[str]) -> Iterator[str]:
    """'old*3' is old0, old1, old2."""
    for name in [names] if isinstance(names, str) else names:
        stem, star, count = name.partition("*")
        yield from (f"{stem}{number}" for number in range(int(count))) if star else [stem]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A file."""

    path: Path
    said: Mapping[str, Any]

    @property
    def mailboxes(self) -> list[str]:
        """Names of those that people hold."""
        return list(self.said.get("mailboxes", ["clerk"]))

    @property
    def shared(self) -> list[str]:
        """Names of those that nobody holds."""
        return list(self.said.get("shared", []))

    @property
    def nights(self) -> Iterator[Mapping[str, Any]]:
        """In order; one that is repeated, as often, and what is done is done once."""
        for night in self.said["nights"]:
            for number in range(night.get("repeat", 1)):
                yield night if number == 0 else {**night, "do": []}


def scenario(path: Path, top: Sequence[str] = (), night: Sequence[str] = (), end: Sequence[str] = ()) -> Scenario:
    """A file read, and every key looked at; with it the keys that only one provider's scenarios have."""
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    unknown = set(said) - TOP - set(top) | set(said.get("end", {})) - END - set(end)
    unknown |= {key for one in said["nights"] for key in set(one) - NIGHT - set(night)}
    assert not unknown, f"{path.name}: {unknown}"
    assert said["what"].endswith("."), f"{path.name}: 'what' is a sentence"
    return Scenario(path, said)


class Post(Protocol):
    """A message that was delivered under a name."""

    raw: bytes
    """As it is now."""

    @property
    def address(self) -> str:
        """The mailbox it lies in."""
        ...


class Stage(Protocol):
    """A provider set up for a scenario."""

    scenario: Scenario
    day: date
    """Tonight's."""

    @property
    def posts(self) -> Mapping[str, Post]:
        """By name."""
        ...

    def source(self, boxes: Sequence[str], keys: dict[str, Any]) -> str:
        """The `[[sources]]` table, with these mailboxes and keys."""
        ...

    def begin(self, night: Mapping[str, Any], clock: Quick) -> dict[str, str]:
        """What is done before a night and goes wrong in it; what the environment holds."""
        ...

    def calls(self, pattern: str) -> int:
        """How many of tonight's calls fit."""
        ...

    def counted(self, name: str) -> int:
        """How many messages of what is chosen a person sees in a mailbox."""
        ...

    def link(self, box: str, id_: str) -> str:
        """A part of the address that opens a message."""
        ...


class Quick:
    """Time that waiting takes none of."""

    def __init__(self) -> None:
        self.slept = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        return 1000.0 + self.slept

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept += seconds


class AtOnce(Guard):
    """Reads in this process: a scenario is about the provider, and another process takes a second to start."""

    def __enter__(self) -> Self:
        self._works: list[Any] = []
        return self

    def __exit__(self, *_: object) -> None:
        for work in self._works:
            if isinstance(work, Keeping) and work._store is not None:
                work._store.close()
                work._store = None

    def submit(self, work: Any, page: Any) -> None:
        self._works.append(work)
        self._made = work.do(page, {}, lambda _: None)

    def answer(self) -> Any:
        return self._made


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return [*self.out.splitlines(), *self.err.splitlines()]

    @property
    def boxes(self) -> dict[str, dict[str, Any]]:
        """The mailboxes of a JSON answer by their address."""
        return {one["mailbox"]: one for one in json.loads(self.out)["mailboxes"]}


@dataclass(frozen=True, slots=True)
class Office:
    """A council's folder, and a scenario's stage."""

    folder: Path
    stage: Stage

    def schedule(self, folders: Sequence[str] | None = None) -> None:
        """Writes what a council writes."""
        plan = self.stage.scenario
        people = plan.said.get("people", {})
        boxes = [address(name) for name in [*plan.mailboxes, *plan.shared]]
        keys = {"folders": ["all"], **plan.said.get("source", {}), **({"folders": folders} if folders else {})}
        tables = [
            '[council]\nname = "Stow Parish Council"\ndomains = ["council.example"]\nusers_informed_on = 2026-01-05',
            *(_person(name, people.get(name, {})) for name in plan.mailboxes),
            self.stage.source(boxes, keys),
            "[policy]\n" + lines(plan.said.get("policy", {})),
        ]
        (self.folder / "schedule.toml").write_text("\n".join(tables), encoding="utf-8")
        if plan.said.get("source", {}).get("ca_bundle") == "other.pem":
            trustme.CA().cert_pem.write_to_path(str(self.folder / "other.pem"))
        for kind in ("signatures", "waivers"):
            (self.folder / "policy" / kind).mkdir(parents=True, exist_ok=True)
            (self.folder / "policy" / kind / "full.txt").write_text(f"The agreed {kind}\n", encoding="utf-8")

    def auditor(self, *arguments: str) -> Said:
        """The program itself, in this process."""
        out, err = io.StringIO(), io.StringIO()
        was = sys.argv
        sys.argv = ["auditor", "--config", str(self.folder / "schedule.toml"), *arguments]
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
                cli.main()
        finally:
            sys.argv = was
        return Said(int(str(ended.value.code or 0)), out.getvalue(), err.getvalue())

    @property
    def database(self) -> Path:
        return self.folder / "data" / "auditor.db"

    @contextlib.contextmanager
    def store(self) -> Iterator[Store]:
        with open_store(f"sqlite:///{self.database}", read_only=True) as store:
            yield store

    def beside(self) -> list[tuple[str, str, str, str]]:
        """Of each holding its mailbox, its id, its link and its conversation."""
        database = dbapi2.connect(str(self.database))
        try:
            rows = database.execute(
                "SELECT address, pid, said FROM holdings JOIN mailboxes ON mailboxes.id = mailbox "
                "LEFT JOIN beside ON holding = holdings.id"
            )
            return [(str(box), bytes(pid).decode(), *json.loads(said or '["", ""]')[:2]) for box, pid, said in rows]
        finally:
            database.close()


def _person(name: str, more: Mapping[str, Any]) -> str:
    keys = {"name": f"{name.title()} Marsh", "role": "clerk" if name == "clerk" else "councillor"}
    return "[[people]]\n" + lines({**keys, "mailbox": address(name), **more})


def lines(keys: Mapping[str, Any]) -> str:
    """Keys as TOML has them."""
    return "".join(f"{key} = {value if hasattr(value, 'year') else json.dumps(value)}\n" for key, value in keys.items())


def play(stage: Stage, folder: Path, patch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture) -> None:
    """Every night of a scenario, each as it was expected; in the end no byte lost, no stranger asked and no library
    complaining."""
    plan, office = stage.scenario, Office(folder, stage)
    strangers = _strangers(patch)
    if not plan.said.get("own_process"):
        patch.setattr("auditor.pipeline.night.Guard", AtOnce)
    for name, value in plan.said.get("constants", {}).items():
        patch.setattr(f"connectors.{name}" if "." in name else f"connectors.wire.{name}", value)
    for number, night in enumerate(plan.nights):
        stage.day += timedelta(days=night.get("days", 1) if number else 0)
        quick = _at_night(stage.day, patch)
        if number == 0 or "folders" in night:
            office.schedule(night.get("folders"))
        for name, value in stage.begin(night, quick).items():
            patch.setenv(name, value)
        _spend(office, night, f"night {number + 1}")
    _settle(office, plan)
    assert strangers == []
    assert [one.getMessage() for one in log.records if one.levelno >= logging.WARNING] == []


def _at_night(day: date, patch: pytest.MonkeyPatch) -> Quick:
    """A quarter past two, when the auditor runs; no wait takes any time."""
    quick = Quick()
    clock, moment = Clock(quick.now, quick.sleep), datetime.combine(day, time(2, 15), UTC)
    patch.setattr("connectors._clock", lambda: clock)
    patch.setattr("connectors._today", lambda: day)
    patch.setattr("auditor.pipeline.pull.Clock", lambda *_: clock)
    patch.setattr("auditor.pipeline.night.utc_now", lambda: moment)
    return quick


def _strangers(patch: pytest.MonkeyPatch) -> list[str]:
    """Hosts that were looked up, or called by their number, and are not this machine; none is answered."""
    asked: list[str] = []
    look_up, connect = socket.getaddrinfo, socket.socket.connect
    ours = ("localhost", "127.0.0.1", "::1")

    def looked_up(host: Any, *more: Any, **options: Any) -> Any:
        if host not in ours:
            asked.append(str(host))
            raise socket.gaierror(f"{host} is none of ours")
        return look_up(host, *more, **options)

    def connected(self: socket.socket, where: Any) -> None:
        if isinstance(where, tuple) and where[0] not in ours:
            asked.append(str(where[0]))
            raise ConnectionRefusedError(f"{where[0]} is none of ours")
        connect(self, where)

    patch.setattr(socket, "getaddrinfo", looked_up)
    patch.setattr(socket.socket, "connect", connected)
    return asked


def _spend(office: Office, night: Mapping[str, Any], which: str) -> None:
    """One night, and what was expected of it."""
    command = night.get("command", "run")
    since = ["--since", str(night["since"])] if "since" in night else []
    said = office.auditor(command, *since, *(["--json"] if command == "run" else []))
    where = f"{which}: {said.out}{said.err}"
    assert "Traceback" not in said.err, where
    status = 0
    if command == "run" and said.status != 2:
        assert said.out, where
        assert _boxes(office, night, said) == [], where
        status = int(any(one["status"] not in ("complete", "closed") for one in said.boxes.values()))
    assert said.status == night.get("exit", status), where
    spoken = said.err.splitlines() if command == "run" else said.lines
    assert [one for one in night.get("says", []) if not any(re.search(one, line) for line in spoken)] == [], where
    assert command == "run" or not [line for line in spoken if UNSPOKEN.search(line)], where
    made = {pattern: office.stage.calls(pattern) for pattern in night.get("calls", {})}
    assert made == night.get("calls", {}), f"{made} in {where}"


def _boxes(office: Office, night: Mapping[str, Any], said: Said) -> list[str]:
    """What is not as it was expected of the mailboxes."""
    rows, accounts = said.boxes, office.auditor("status", "--json").boxes
    wrong: list[str] = []
    for name in [*office.stage.scenario.mailboxes, *office.stage.scenario.shared]:
        wanted = _wanted(night.get("expect", {}), name)
        found = _night(rows[address(name)], wanted)
        if wanted["status"] == "complete":
            found += _account(office.stage, name, accounts[address(name)], wanted)
        wrong += [f"{name}: {one}" for one in found]
    return wrong


def _wanted(expect: Mapping[str, Any], name: str) -> dict[str, Any]:
    zeros = {"new": 0, "removed": 0, "gaps": 0, "outside": 0, "private": 0}
    return {"status": "complete", **zeros, **expect.get(name, expect.get("others", {}))}


def _night(row: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """What is not as it was expected of a mailbox's line."""
    keys = [key for key in ("status", "new", "removed") if wanted[key] != "some"]
    keys += ["gaps"] if wanted["status"] == "complete" else []
    wrong = [f"{key}: {row[key]}, not {wanted[key]}" for key in keys if row[key] != wanted[key]]
    error = row["error"] or ""
    if not re.search(wanted.get("error", r"\A\Z" if row["status"] in ("complete", "closed") else "."), error):
        wrong.append(f"error: {error}")
    if error and (not SENTENCE.fullmatch(error) or UNSPOKEN.search(error)):
        wrong.append(f"no sentence for a clerk: {error}")
    if "requests" in wanted and row["requests"] > wanted["requests"]:
        wrong.append(f"requests: {row['requests']}, more than {wanted['requests']}")
    return wrong


def _account(stage: Stage, name: str, account: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    parts = {"gaps": wanted["gaps"], "outside_window": wanted["outside"], "private": wanted["private"]}
    wrong = [f"{key}: {account[key]}, not {value}" for key, value in parts.items() if account[key] != value]
    if account["provider_count"] != account["collected"] + sum(account[key] for key in parts):
        wrong.append(f"the account does not add up: {account}")
    counted = wanted.get("counted", stage.counted(name))
    if account["provider_count"] != counted:
        wrong.append(f"provider_count: {account['provider_count']}, and {counted} are there")
    return wrong


def _settle(office: Office, plan: Scenario) -> None:
    """What is held in the end: byte for byte what was delivered, and nothing else."""
    end = plan.said.get("end", {})
    if not office.database.exists():
        assert end == {}
        return
    posts = office.stage.posts
    with office.store() as store:
        hits = store.search(Query(), limit=100_000)
        _whole(store, hits, posts, end)
        assert _names(posts, [hit for hit in hits if hit.removed is not None]) == sorted(many(end.get("removed", [])))
        _gaps([gap.reason for gap in store.gaps()], end.get("gaps", []))
        for words, names in end.get("found", {}).items():
            found = store.search(Query(terms=tuple(terms(words).split())), limit=1000)
            assert _names(posts, found) == sorted(many(names)), words
        for name, folders in end.get("folders", {}).items():
            assert [list(hit.folders) for hit in hits if _names(posts, [hit]) == [name]] == [folders], name
    for box, id_, link, conversation in office.beside():
        assert office.stage.link(box, id_) in link, "the address that opens a message is kept"
        assert conversation, "its conversation is kept"


def _whole(store: Store, hits: list[Hit], posts: Mapping[str, Post], end: Mapping[str, Any]) -> None:
    """`json_form`: what is held in another form than the provider's bytes, and says so."""
    other = list(many(end.get("json_form", [])))
    absent = {*many(end.get("not_held", [])), *other}
    held = Counter((hit.mailbox, store.evidence(hit.sha256)) for hit in hits)
    delivered = Counter((one.address, one.raw) for name, one in posts.items() if name not in absent)
    assert [raw[:2000] for _, raw in delivered - held] == [], "lost"
    strange = [raw[:2000] for _, raw in (held - delivered).elements()]
    assert len(strange) == len(other), strange
    assert all(b"X-Auditor-Form" in raw for raw in strange)


def _gaps(reasons: list[str], wanted: Sequence[str]) -> None:
    assert len(reasons) == len(wanted), reasons
    assert all(any(re.search(pattern, one) for one in reasons) for pattern in wanted), reasons
    assert all(SENTENCE.fullmatch(one) and not UNSPOKEN.search(one) for one in reasons), reasons


def _names(posts: Mapping[str, Post], hits: list[Hit]) -> list[str]:
    """Under which names these were delivered."""
    known = {(one.address, _message_id(one.raw)): name for name, one in posts.items()}
    return sorted(known[hit.mailbox, hit.message_id] for hit in hits)


def _message_id(raw: bytes) -> str:
    found = re.search(rb"(?m)^Message-ID: <(.*)>", raw)
    return found[1].decode() if found else ""
