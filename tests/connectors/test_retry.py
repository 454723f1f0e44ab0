"""Waiting is polite, comes to an end, and leaves nothing running that nobody wants any more."""

from __future__ import annotations

import time
from email.utils import formatdate
from pathlib import Path

import pytest
from providers.loopback import Answer, Call, Loopback
from providers.scenarios import Quick

from auditor.errors import LostSource, RetrySource, SourceError
from auditor.pipeline.pull import Clock
from connectors.retry import Patience
from connectors.wire import Wire, origin, seconds, wait


def test_who_asks_for_no_wait_at_all_is_not_asked_for_ever() -> None:
    quick = Quick()
    patience = Patience(Clock(quick.now, quick.sleep), 900.0)
    times = 0

    def ask() -> None:
        nonlocal times
        while times < 1000:
            times += 1
            patience.refused(RetrySource("Busy.", seconds=0.0))
            patience.before()

    with pytest.raises(RetrySource):
        ask()
    assert times < 40


def test_a_thread_that_wakes_when_the_reading_has_ended_asks_nobody(tmp_path: Path) -> None:
    with Loopback(lambda _: Answer.json({}), tmp_path) as server:
        with Wire("Microsoft 365", (origin(server.base),), server.ca) as wire:
            wire.call("GET", f"{server.base}/", {})
        with pytest.raises(LostSource, match="ended"):
            wire.call("GET", f"{server.base}/", {})
        assert len(server.calls) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "\u00b2"},
        {"Location": "https://[", "Set-Cookie": "a=b; expires=\u00b2"},
        {"Content-Type": "\u00ff; charset=nonsense"},
        {"Content-Encoding": "gzip"},
        {"Content-Length": "\u00b2"},
    ],
)
def test_no_header_trips_the_wire(headers: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.wire.READ", 0.5)

    def route(call: Call) -> Answer:
        return Answer(503, b"{}", headers)

    with Loopback(route, tmp_path) as server, Wire("Microsoft 365", (origin(server.base),), server.ca) as wire:
        for _ in range(2):
            try:
                wire.call("GET", f"{server.base}/x", {})
            except SourceError as error:
                assert str(error).endswith(".")  # noqa: PT017


@pytest.mark.parametrize("said", ["", "\u00b2", "soon", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "-1", "1e9"])
def test_a_header_that_names_no_moment_names_none(said: str) -> None:
    assert seconds(said) is None
    assert wait({"retry-after": said}) is None


def test_how_long_to_wait_is_said_in_seconds_or_as_a_moment() -> None:
    assert wait({"retry-after": "120"}) == 120
    assert wait({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0
    assert 50 < (wait({"retry-after": formatdate(time.time() + 60, usegmt=True)}) or 0) < 61
    assert wait({"retry-after": "Wed, 21 Oct 2099 07:28:00 GMT"}) is None
    assert wait({}) is None


@pytest.mark.parametrize("token", ["a\u2603", "a\r\nb: c", "\ud800"])
def test_no_token_trips_the_wire(token: str, tmp_path: Path) -> None:
    with Loopback(lambda _: Answer.json({}), tmp_path) as server:
        with Wire("Microsoft 365", (origin(server.base),), server.ca) as wire, pytest.raises(SourceError):
            wire.call("GET", f"{server.base}/", {"Authorization": f"Bearer {token}"})
        assert server.calls == []
