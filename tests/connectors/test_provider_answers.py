"""Whatever stands in a provider's answers, field by field: nothing but a SourceError leaves a connector, and what it does
hand on is fit for the store."""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from builders import eml
from gmail_box import gmail
from graph_box import graph
from held_fake import FakeStore
from hypothesis import given, settings
from hypothesis import strategies as st
from providers.google import Workspace
from providers.loopback import Answer, Call, Loopback
from providers.microsoft import Tenant
from providers.scenarios import Quick
from source_contract import ADDRESS

from auditor.errors import SourceError
from auditor.pipeline.pull import Clock
from auditor.pipeline.source import Fetched, Source, Unfetched
from auditor.store.sqlite.text import exact

EXAMPLES = int(os.environ.get("AUDITOR_ANSWERS", "50"))
"""How many answers are spoilt; more take longer."""


class Raw(str):
    """JSON as it stands."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Raw({self[:12]}…)"


ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 10**12, 1.5, "", "x", "\0", "\ud800", "\u2603 \U0001f600", "a\r\nb: c", "../..", "x" * 70_000,
    "https://elsewhere.example/v1.0/x?t=CANARY", "/relative", "https://[", "http://localhost/", "https://localhost:99999/x",
    "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-13-45T99:99:99Z", "9" * 30, "9" * 5000,
    [], [None], [[]], ["\ud800"], [{}], [{"id": {}}], {}, {"id": 5}, {"": ""},
    Raw("9" * 400), Raw("9" * 5000), Raw("1e999"), Raw("NaN"), Raw("[" * 3000 + "]" * 3000), Raw("[" * 100_000),
    Raw('{"a":' * 3000 + "1" + "}" * 3000),
)  # fmt: skip

Step = str | int
Where = tuple[str, tuple[Step, ...]]
"""Which kind of call, and where in its answer."""


def fields(said: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Every place in a document; of a list its first."""
    yield path
    if isinstance(said, dict):
        for key, value in said.items():
            yield from fields(value, (*path, key))
    elif isinstance(said, list) and said:
        yield from fields(said[0], (*path, 0))


def spoilt(body: bytes, path: tuple[Step, ...], odd: Any) -> bytes:
    """A document with something else at a place; as it was where there is no such place."""
    said = json.loads(body)
    mark = "\x01odd\x01"
    put = mark if isinstance(odd, Raw) else odd
    if not path:
        said = put
    else:
        place = said
        try:
            for step in path[:-1]:
                place = place[step]
            place[path[-1]]
        except (LookupError, TypeError):
            return body
        place[path[-1]] = put
    text = json.dumps(said)
    return (
        text.replace(json.dumps(mark), odd if isinstance(odd, Raw) else "").encode() if put is mark else text.encode()
    )


class Spoiler:
    """Stands between a server and its answers: notes every field, or spoils one of them."""

    def __init__(self, answer: Callable[[Call], Answer], kind: Callable[[Call], str]) -> None:
        self._answer = answer
        self._kind = kind
        self.seen: dict[Where, None] = {}
        self.where: Where | None = None
        self.odd: Any = None
        self.nth: int | None = None
        """Which of the calls of that kind; None for each of them."""
        self.met = 0

    def __call__(self, call: Call) -> Answer:
        answer = self._answer(call)
        kind = self._kind(call)
        if "json" in answer.headers.get("Content-Type", ""):
            for path in fields(json.loads(answer.body)):
                self.seen[kind, path] = None
            if self.where and self.where[0] == kind:
                self.met += 1
                if self.nth in (None, self.met):
                    return replace(answer, body=spoilt(answer.body, self.where[1], self.odd))
        elif "multipart" in answer.headers.get("Content-Type", ""):
            return replace(answer, body=self._parts(answer.body))
        return answer

    def _parts(self, body: bytes) -> bytes:
        """The documents in a batch."""

        def one(found: re.Match[bytes]) -> bytes:
            for path in fields(json.loads(found[0])):
                self.seen["part", path] = None
            if self.where and self.where[0] == "part":
                self.met += 1
                if self.nth in (None, self.met):
                    return spoilt(found[0], self.where[1], self.odd)
            return found[0]

        return re.sub(rb"(?m)^\{.*\}\r?$", one, body)


def kind_of(call: Call) -> str:
    """An address without ids."""
    path = re.sub(r"(mailFolders|messages)/[A-Za-z0-9+/=_-]{16,}", r"\1/*", call.path)
    path = re.sub(r"/v1\.0/users/[^/]+", "", path).replace("/gmail/v1/users/me", "")
    path = re.sub(r"/messages/[0-9a-f]{8,}", "/messages/*", re.sub(r"^/[0-9a-f-]{36}", "", path))
    return f"{path} {call.query.get('format', [''])[0]}".strip()


@dataclass
class Spoilt:
    """A provider with a mailbox, a night behind it and changes since, whose answers can be spoilt."""

    source: Callable[[date], Source]
    server: Loopback
    spoiler: Spoiler
    before: FakeStore
    """As the first night left it."""
    bodies: list[bytes]
    """What lies in the mailbox now."""
    today: date = date(2026, 11, 26)
    where: list[Where] = field(default_factory=list)

    def learn(self) -> None:
        """Which fields there are: in a first night, in a later one, and in a check."""
        for store in (FakeStore(), copy.deepcopy(self.before)):
            store.night(self.source(self.today), ADDRESS)
            assert store.bodies() == self.bodies
        assert all(proof.said for proof in self.source(self.today).proofs())
        self.source(self.today).probe(ADDRESS)
        self.where = sorted(self.spoiler.seen, key=repr)
        assert len(self.where) > 40

    def night(self, store: FakeStore, day: date) -> None:
        for entry in store.night(self.source(day), ADDRESS):
            if isinstance(entry, Fetched):
                msgspec.json.encode(entry.beside)
                assert len(entry.beside.link if entry.beside else "") < 100_000
            if isinstance(entry, Unfetched):
                assert len(entry.reason) < 400
        assert store.cursor is not None
        exact(store.cursor)

    def spoil(self, where: Where, odd: object, nth: int | None, work: Callable[[], object]) -> None:
        """Nothing leaves but a SourceError, in a sentence."""
        self.spoiler.where, self.spoiler.odd, self.spoiler.nth, self.spoiler.met = where, odd, nth, 0
        try:
            work()
        except SourceError as error:
            said = str(error)
            assert said.endswith(".")
            assert len(said) < 400
            assert said.isprintable()
            assert "CANARY" not in said
        finally:
            self.spoiler.where = None


def clock() -> Clock:
    quick = Quick()
    return Clock(quick.now, quick.sleep)


@pytest.fixture(scope="module")
def microsoft(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spoilt]:
    with Tenant(tmp_path_factory.mktemp("microsoft")) as tenant:
        box = tenant.mailbox(ADDRESS)
        ids = [box.deliver(eml(n=n), place) for n, place in enumerate(("sentitems", "inbox", "inbox", "archive"))]
        box.deliver(eml(n=4), box.folder("Projects/Hall"))
        sealed = box.deliver(eml(n=5), "inbox")
        box.spoil(sealed, "conversion")
        store = FakeStore()

        def source(today: date) -> Source:
            return graph(tenant, patience=30.0, clock=clock(), today=today, outside=["other@thorrington.example.org"])

        store.night(source(date(2026, 11, 25)), ADDRESS)
        box.deliver(eml(n=6), "sentitems")
        box.remove(ids[1])
        box.move(ids[2], box.folder("Projects/Hall"))
        box.mend(sealed)
        spoiler = Spoiler(tenant.answer, kind_of)
        tenant.server.route = spoiler
        bodies = sorted(letter.raw for letter in box.everything())
        made = Spoilt(source, tenant.server, spoiler, store, bodies)
        made.learn()
        yield made


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spoilt]:
    with Workspace(tmp_path_factory.mktemp("google")) as workspace:
        workspace.gzip = False
        box = workspace.mailbox(ADDRESS)
        ids = [box.deliver(eml(n=n)) for n in range(6)]
        store = FakeStore()

        def source(today: date) -> Source:
            return gmail(workspace, patience=30.0, clock=clock(), today=today)

        box.spoil(ids[5], "absent")
        store.night(source(date(2026, 11, 25)), ADDRESS)
        new = [box.deliver(eml(n=n)) for n in range(6, 30)]
        box.remove(ids[1])
        box.relabel(ids[2], add=[box.label("Planning")])
        box.mend(ids[5])
        spoiler = Spoiler(workspace._route, kind_of)
        workspace.server.route = spoiler
        assert new
        bodies = sorted(mail.raw for mail in box.mails())
        made = Spoilt(source, workspace.server, spoiler, store, bodies)
        made.learn()
        yield made


@pytest.mark.parametrize("provider", ["microsoft", "google"])
@pytest.mark.parametrize("first", [True, False])
def test_whatever_is_answered_nothing_is_lost_and_nothing_but_a_sentence_leaves(
    provider: str, first: bool, request: pytest.FixtureRequest
) -> None:
    one: Spoilt = request.getfixturevalue(provider)

    @settings(max_examples=EXAMPLES, deadline=None, derandomize="AUDITOR_ANSWERS" not in os.environ, database=None)
    @given(st.sampled_from(one.where), st.sampled_from(ODD), st.sampled_from([None, 1, 2]))
    def spoilt_night(where: Where, odd: object, nth: int | None) -> None:
        store = FakeStore() if first else copy.deepcopy(one.before)
        there = set() if first else {i for i, held in store.holdings.items() if held.raw in one.bodies}
        one.spoil(where, odd, nth, lambda: one.night(store, one.today))
        if where[1][-1:] not in [("parentFolderId",), ("isDraft",)]:  # that says so
            assert not [i for i in there if store.holdings[i].vanished], "taken for deleted"
        one.night(store, one.today + timedelta(days=8))
        if where[1] != ("raw",):  # what is given for a message is the message
            assert store.bodies() == one.bodies
        assert store.missing == {}
        assert store.count == len(one.bodies)

    spoilt_night()


@pytest.mark.parametrize("provider", ["microsoft", "google"])
def test_whatever_is_answered_a_check_ends_in_sentences(provider: str, request: pytest.FixtureRequest) -> None:
    one: Spoilt = request.getfixturevalue(provider)

    def checked() -> None:
        for proof in one.source(one.today).proofs():
            assert len(proof.said) < 400
        one.source(one.today).probe(ADDRESS)

    @settings(max_examples=EXAMPLES, deadline=None, derandomize="AUDITOR_ANSWERS" not in os.environ, database=None)
    @given(st.sampled_from(one.where), st.sampled_from(ODD), st.sampled_from([None, 1]))
    def spoilt_check(where: Where, odd: object, nth: int | None) -> None:
        one.spoil(where, odd, nth, checked)

    spoilt_check()
