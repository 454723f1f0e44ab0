"""Nights with Gmail that go wrong in the middle: nothing is lost, nothing is said to be gone that is there, and nothing is
counted twice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import eml
from gmail_box import TODAY, gmail
from held_fake import FakeStore, kinds
from providers.google import LOST, Workspace
from providers.loopback import Answer, Call, Fault
from providers.scenarios import Quick
from source_contract import ADDRESS
from test_graph_nights import Late

from auditor.errors import LostSource
from auditor.pipeline.pull import Clock

PAGE = {"Content-Type": "text/html"}


class Office:
    def __init__(self, workspace: Workspace, store: FakeStore) -> None:
        self.workspace, self.store = workspace, store
        self.box = workspace.mailbox(ADDRESS)
        self.day = TODAY
        self.altered: Callable[[Call, Answer], Answer] = lambda _, answer: answer
        route = workspace.server.route
        workspace.server.route = lambda call: self.altered(call, route(call))

    def deliver(self, count: int, first: int = 0) -> list[str]:
        return [self.box.deliver(eml(n=first + n)) for n in range(count)]

    def night(self, *faults: Fault, folders: tuple[str, ...] = ("all",)) -> list[str]:
        self.workspace.server.faults[:] = faults
        quick = Quick()
        source = gmail(
            self.workspace, folders=folders, patience=900.0, clock=Clock(quick.now, quick.sleep), today=self.day
        )
        try:
            return kinds(self.store.night(source, ADDRESS))
        finally:
            self.workspace.server.faults.clear()
            self.day += timedelta(days=1)


@pytest.fixture(params=[FakeStore, Late])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    with Workspace(tmp_path) as workspace:
        workspace.gzip = False
        yield Office(workspace, request.param())
        assert workspace.server.wrong == []


def test_nothing_is_gone_because_something_else_says_404(office: Office) -> None:
    first, *_ = office.deliver(3)
    office.box.spoil(first, "absent")
    office.night()
    office.day += timedelta(days=7)
    stranger = Fault(r"messages/|batch", times=None, status=404, body=LOST.decode(), headers=PAGE)
    assert "Vanished" not in office.night(stranger)
    assert office.store.count == 3


def test_a_label_that_goes_while_everything_is_listed_is_nobodys_fault(office: Office) -> None:
    first, *_ = office.deliver(3)
    label = office.box.label("Hall")
    office.box.relabel(first, add=[label])
    office.night()
    office.day += timedelta(days=7)

    def gone(call: Call, answer: Answer) -> Answer:
        if re.search(r"/labels\?", call.target) and label in office.box.labels:
            office.box.drop_label(label)
        return answer

    office.altered = gone
    office.night()
    assert office.store.count == 3


def test_so_much_happened_that_everything_is_listed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.deliver(5)
    office.night()
    monkeypatch.setattr("connectors.gmail.events.MANY", 10)
    office.deliver(12, first=20)
    assert office.night() == ["Fetched"] * 12
    assert office.store.count == 17
    office.deliver(1, first=50)
    assert office.night() == ["Fetched"]


def test_pages_of_a_list_that_lead_on_for_ever_are_left(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.deliver(3)
    monkeypatch.setattr("connectors.circles.FRUITLESS", 5, raising=False)
    tokens = iter(range(60))

    def on_and_on(call: Call, answer: Answer) -> Answer:
        if not re.search(r"/messages\?", call.target):
            return answer
        call.query.pop("pageToken", None)
        if (token := next(tokens, None)) is None:
            return answer
        return replace(answer, body=json.dumps({**json.loads(answer.body), "nextPageToken": f"t{token}"}).encode())

    office.altered = on_and_on
    monkeypatch.setattr(type(office.box), "_mark", lambda self, token, first: first)
    with pytest.raises(LostSource, match="circles"):
        office.night()


def test_a_message_in_anothers_place_is_not_taken_for_it(office: Office) -> None:
    """Parts of a batch come in any order, and are told apart by names that a provider writes."""
    ids = office.deliver(30)
    done: list[bool] = []

    def exchanged(call: Call, answer: Answer) -> Answer:
        if "/batch" not in call.target or done:
            return answer
        if ids[-1].encode() in answer.body:
            done.append(True)
        one, two = (f" + {id_}>".encode() for id_ in ids[-2:])
        body = answer.body.replace(one, b"\0").replace(two, one).replace(b"\0", two)
        return replace(answer, body=body)

    office.altered = exchanged
    assert office.night() == ["Fetched"] * 30
    for id_ in ids:
        assert office.store.holdings[id_].raw == office.box.mail(id_).raw


def test_what_is_deleted_and_still_listed_is_not_there_again(office: Office) -> None:
    ids = office.deliver(4)
    office.night()
    office.day += timedelta(days=7)
    office.box.remove(ids[0])
    label = office.box.label("Hall")
    office.box.relabel(ids[1], add=[label])

    def behind(call: Call, answer: Answer) -> Answer:
        """Google's lists are some seconds behind its history."""
        if not re.search(r"/messages\?.*labelIds=(SENT|Label)", call.target):
            return answer
        said = json.loads(answer.body)
        said["messages"] = [*said.get("messages", []), {"id": ids[0], "threadId": ids[0]}]
        return replace(answer, body=json.dumps(said).encode())

    office.altered = behind
    assert sorted(office.night()) == ["Moved", "Vanished"]
    assert office.store.count == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GOOGLE_CLOUD_UNIVERSE_DOMAIN", "elsewhere.example"),
        ("GOOGLE_API_USE_CLIENT_CERTIFICATE", "true"),
        ("GOOGLE_API_USE_MTLS_ENDPOINT", "always"),
        ("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere"),
        ("HTTPS_PROXY", "http://127.0.0.1:9"),
    ],
)
def test_nothing_is_taken_from_the_environment(
    office: Office, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    office.deliver(1)
    assert office.night() == ["Fetched"]
