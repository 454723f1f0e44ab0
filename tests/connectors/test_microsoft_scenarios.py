"""Whole nights with Microsoft 365 through everything a provider can do: the files in providers/scenarios/microsoft."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import socket
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import pytest
import trustme
from providers.microsoft import Tenant
from providers.microsoft_scenario import FOLDER, Scenario, Stage, address, scenario
from sqlcipher3 import dbapi2

from auditor import cli
from auditor.pipeline.guard import Guard
from auditor.pipeline.keeping import Keeping
from auditor.pipeline.pull import Clock
from auditor.store.interface import Store
from auditor.store.records import Hit, Query
from auditor.store.sqlite import open_store
from auditor.store.terms import terms

FILES = sorted(FOLDER.glob("*.toml"))
SECRET = "AUDITOR_M365_SECRET"
SENTENCE = re.compile(r"[^\n]*[.!]\Z")
UNSPOKEN = re.compile(
    r"https?://(?!login\.microsoftonline)|Traceback|Exception|\b[Ee]rrno\b|\bNone\b(?! is agreed)|0x[0-9a-f]{6}"
)
"""What no sentence for the clerk holds."""


class Quick:
    """Time that waiting takes none of."""

    def __init__(self) -> None:
        self._at = 1000.0
        self._lock = threading.Lock()

    def now(self) -> float:
        return self._at

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._at += seconds


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


@dataclass(frozen=True, slots=True)
class Office:
    """A council's folder, and a scenario's stage."""

    folder: Path
    stage: Stage

    def schedule(self) -> None:
        """Writes what a council writes."""
        plan = self.stage.scenario
        people = plan.said.get("people", {})
        tables = [
            '[council]\nname = "Stow Parish Council"\ndomains = ["council.example"]\nusers_informed_on = 2026-01-05',
            *(_person(name, people.get(name, {})) for name in plan.mailboxes),
            self._source(dict(plan.said.get("source", {}))),
            "[policy]\n" + _lines(plan.said.get("policy", {})),
        ]
        (self.folder / "schedule.toml").write_text("\n".join(tables), encoding="utf-8")
        for kind in ("signatures", "waivers"):
            (self.folder / "policy" / kind).mkdir(parents=True, exist_ok=True)
            (self.folder / "policy" / kind / "full.txt").write_text(f"The agreed {kind}\n", encoding="utf-8")
        if "other.pem" in plan.said.get("source", {}).values():
            trustme.CA().cert_pem.write_to_path(str(self.folder / "other.pem"))

    def _source(self, keys: dict[str, Any]) -> str:
        plan, tenant = self.stage.scenario, self.stage.tenant
        folders = keys.pop("folders", ["all"])
        days = keys.pop("certificate_days", None)
        until = None if days is None else datetime.combine(self.stage.day, time(12), UTC) + timedelta(days=days)
        registered = keys.pop("registered", True)
        certificate = tenant.certificate(registered=registered, until=until) if until else None
        wrong = {name: keys.pop(name) for name in ("tenant", "client_id", "ca_bundle", "endpoint") if name in keys}
        boxes = [address(name) for name in [*plan.mailboxes, *plan.shared]]
        text = tenant.toml(boxes, folders, _lines(keys), certificate=certificate)
        for name, value in wrong.items():
            text = re.sub(rf"(?m)^{name} = .*$", f'{name} = "{value}"', text)
        return text

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

    @contextlib.contextmanager
    def store(self) -> Iterator[Store]:
        with open_store(f"sqlite:///{self.folder / 'data' / 'auditor.db'}", read_only=True) as store:
            yield store

    def beside(self) -> list[tuple[str, str, str]]:
        """Of each holding its id, its link and its conversation."""
        database = dbapi2.connect(str(self.folder / "data" / "auditor.db"))
        try:
            rows = database.execute("SELECT pid, said FROM holdings LEFT JOIN beside ON holding = holdings.id")
            return [(bytes(pid).decode(), *json.loads(said or '["", ""]')[:2]) for pid, said in rows]
        finally:
            database.close()


def _person(name: str, more: Mapping[str, Any]) -> str:
    keys = {"name": f"{name.title()} Marsh", "role": "clerk" if name == "clerk" else "councillor"}
    return "[[people]]\n" + _lines({**keys, "mailbox": address(name), **more})


def _lines(keys: Mapping[str, Any]) -> str:
    return "".join(f"{key} = {value if hasattr(value, 'year') else json.dumps(value)}\n" for key, value in keys.items())


@pytest.fixture
def strangers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hosts that were looked up and are not this machine; none is answered."""
    asked: list[str] = []
    true = socket.getaddrinfo

    def looked_up(host: Any, *more: Any, **options: Any) -> Any:
        if host not in ("localhost", "127.0.0.1", "::1"):
            asked.append(str(host))
            raise socket.gaierror(f"{host} is none of ours")
        return true(host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    return asked


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scenario(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strangers: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    plan = scenario(path)
    quick = Quick()
    clock = Clock(quick.now, quick.sleep)
    monkeypatch.setattr("connectors._clock", lambda: clock)
    monkeypatch.setattr("auditor.pipeline.pull.Clock", lambda *_: clock)
    if not plan.said.get("own_process"):
        monkeypatch.setattr("auditor.pipeline.night.Guard", AtOnce)
    for name, value in plan.said.get("constants", {}).items():
        monkeypatch.setattr(f"connectors.{name}", value)
    with Tenant(tmp_path / "tenant") as tenant:
        stage = Stage(tenant, plan)
        office = Office(tmp_path, stage)
        office.schedule()
        for number, night in enumerate(plan.nights):
            stage.day += timedelta(days=night.get("days", 1) if number else 0)
            moment = datetime.combine(stage.day, time(2, 15), UTC)
            monkeypatch.setattr("connectors._today", lambda day=stage.day: day)
            monkeypatch.setattr("auditor.pipeline.night.utc_now", lambda moment=moment: moment)
            monkeypatch.setenv(SECRET, night.get("secret", tenant.secret))
            stage.begin(night)
            spend(office, night, number)
        settle(office, plan)
        assert tenant.server.wrong == []
        assert plan.said.get("end", {}).get("throttled", 0) or not tenant.throttled
    assert strangers == []
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []


def spend(office: Office, night: Mapping[str, Any], number: int) -> None:
    """One night, and what was expected of it."""
    command = night.get("command", "run")
    since = ["--since", night["since"]] if "since" in night else []
    said = office.auditor(command, *since, *(["--json"] if command == "run" else []))
    assert "Traceback" not in said.err
    where = f"night {number + 1}: {said.out}{said.err}"
    if command == "run" and said.status != 2:
        rows = {one["mailbox"]: one for one in json.loads(said.out)["mailboxes"]}
        accounts = {one["mailbox"]: one for one in json.loads(office.auditor("status", "--json").out)["mailboxes"]}
        for name in [*office.stage.scenario.mailboxes, *office.stage.scenario.shared]:
            wanted = _wanted(night.get("expect", {}), name)
            assert _night(rows[address(name)], wanted) == [], where
            if wanted["status"] == "complete":
                assert _account(office.stage, name, accounts[address(name)], wanted) == [], where
        assert said.status == night.get(
            "exit", int(any(one["status"] not in ("complete", "closed") for one in rows.values()))
        ), where
    else:
        assert said.status == night.get("exit", 0), where
    lines = [*said.out.splitlines(), *said.err.splitlines()] if command != "run" else said.err.splitlines()
    for pattern in night.get("says", []):
        assert any(re.search(pattern, line) for line in lines), f"{pattern} in\n{where}"
    assert command == "run" or not [line for line in lines if UNSPOKEN.search(line)], where
    made = {pattern: office.stage.calls(pattern) for pattern in night.get("calls", {})}
    assert made == night.get("calls", {}), where


def _wanted(expect: Mapping[str, Any], name: str) -> dict[str, Any]:
    zeros = {"new": 0, "removed": 0, "gaps": 0, "outside": 0, "private": 0}
    return {"status": "complete", **zeros, **expect.get(name, expect.get("others", {}))}


def _night(row: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """What is not as it was expected of a mailbox's line."""
    keys = ("status", "new", "removed", *(["gaps"] if wanted["status"] == "complete" else []))
    wrong = [
        f"{key}: {row[key]}, not {wanted[key]}" for key in keys if row[key] != wanted[key] and wanted[key] != "some"
    ]
    error = row["error"] or ""
    if not re.search(wanted.get("error", r"\A\Z" if row["status"] in ("complete", "closed") else "."), error):
        wrong.append(f"error: {error}")
    if error and (not SENTENCE.fullmatch(error) or UNSPOKEN.search(error)):
        wrong.append(f"no sentence for a clerk: {error}")
    if "requests" in wanted and row["requests"] > wanted["requests"]:
        wrong.append(f"requests: {row['requests']}, more than {wanted['requests']}")
    return wrong


def _account(stage: Stage, name: str, account: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    terms_ = {"gaps": wanted["gaps"], "outside_window": wanted["outside"], "private": wanted["private"]}
    wrong = [f"{key}: {account[key]}, not {value}" for key, value in terms_.items() if account[key] != value]
    if account["provider_count"] != account["collected"] + sum(account[key] for key in terms_):
        wrong.append(f"the account does not add up: {account}")
    counted = wanted.get("counted", stage.counted(name))
    if account["provider_count"] != counted:
        wrong.append(f"provider_count: {account['provider_count']}, and {counted} are there")
    return wrong


def settle(office: Office, plan: Scenario) -> None:
    """What is held in the end: byte for byte what was delivered, and nothing else."""
    end = plan.said.get("end", {})
    if not (office.folder / "data" / "auditor.db").exists():
        assert end == {}
        return
    posts = office.stage.posts
    with office.store() as store:
        hits = store.search(Query(), limit=100_000)
        exact = {
            name: one
            for name, one in posts.items()
            if name not in {*end.get("not_held", []), *end.get("json_form", [])}
        }
        held = Counter((hit.mailbox, _raw(store, hit)) for hit in hits)
        delivered = Counter((one.box.address, one.raw) for one in exact.values())
        lost, strange = delivered - held, held - delivered
        assert [raw for _, raw in lost] == []
        assert strange.total() == len(end.get("json_form", [])), [raw for _, raw in strange]
        assert all(b"X-Auditor-Form" in raw for _, raw in strange)
        assert _removed(store, hits, posts) == sorted(end.get("removed", []))
        reasons = [gap.reason for gap in store.gaps()]
        assert len(reasons) == len(end.get("gaps", [])), reasons
        assert all(re.search(pattern, reason) for pattern, reason in zip(end.get("gaps", []), reasons, strict=True)), (
            reasons
        )
        assert all(SENTENCE.fullmatch(reason) and not UNSPOKEN.search(reason) for reason in reasons), reasons
        for words, names in end.get("found", {}).items():
            found = store.search(Query(terms=tuple(terms(words).split())), limit=1000)
            assert sorted(_names(posts, found)) == sorted(names), words
        for name, folders in end.get("folders", {}).items():
            assert [list(hit.folders) for hit in hits if name in _names(posts, [hit])] == [folders], name
    for id_, link, conversation in office.beside():
        assert quote(id_, safe="") in link, "the address that opens a message is kept"
        assert conversation, "its conversation is kept"


def _raw(store: Store, hit: Hit) -> bytes:
    return store.evidence(hit.sha256)


def _names(posts: Mapping[str, Any], hits: list[Hit]) -> list[str]:
    """Under which names these were delivered."""
    known = {(one.box.address, _message_id(one.raw)): name for name, one in posts.items()}
    return [known[hit.mailbox, hit.message_id] for hit in hits]


def _message_id(raw: bytes) -> str:
    found = re.search(rb"(?m)^Message-ID: <(.*)>", raw)
    return found[1].decode() if found else ""


def _removed(store: Store, hits: list[Hit], posts: Mapping[str, Any]) -> list[str]:
    return sorted(_names(posts, [hit for hit in hits if hit.removed is not None]))


def test_the_table_names_each_file_and_each_file_its_scenarios() -> None:
    text = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    _, _, table = text.partition("## Which file plays what")
    table, _, _ = table.partition("\n## ")
    rows = [row.strip("| ").split(" | ") for row in table.splitlines() if row.startswith("| ")][1:]
    told = {(name, file) for name, files in rows for file in files.split(", ")}
    assert told == {(name, path.stem) for path in FILES for name in scenario(path).said["covers"]}
