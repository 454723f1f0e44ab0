"""Nothing goes out but to the provider's own hosts."""

from __future__ import annotations

from pathlib import Path

import pytest
from providers.loopback import Answer, Loopback

from auditor.errors import LostSource
from auditor.spool import Spool
from connectors import wire as wire_module
from connectors.wire import Reply, TooLarge, Wire, origin

HOME = "https://graph.example"


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/v1.0/users",
        "https://graph.example.elsewhere.example/v1.0/users",
        "https://graph.example:8443/v1.0/users",
        "https://graph.example@elsewhere.example/v1.0/users",
        "http://graph.example/v1.0/users",
    ],
)
def test_a_link_to_another_host_is_not_followed(url: str) -> None:
    with Wire("Microsoft 365", (origin(HOME),), None) as wire:
        with pytest.raises(LostSource, match="points to another host") as refused:
            wire.call("GET", f"{url}?token=CANARY", {"Authorization": "Bearer CANARY"})
        assert wire.calls == 0
    assert "CANARY" not in str(refused.value)


@pytest.mark.parametrize("url", ["http://elsewhere.example/upload", "https://elsewhere.example:99999/", ""])
def test_a_configured_address_that_is_none_opens_no_other(url: str) -> None:
    with Wire("Microsoft 365", (origin(HOME), origin("https://graph.example:99999")), None) as wire:
        with pytest.raises(LostSource, match="points to another host"):
            wire.call("GET", url, {})
        assert wire.calls == 0


def test_only_what_is_large_lies_in_a_file_and_what_is_too_large_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire_module, "SMALL", 1_000)
    incoming = tmp_path / "incoming"
    with (
        Loopback(lambda call: Answer(body=b"x" * int(call.path[1:])), tmp_path) as server,
        Wire("Provider", (origin(server.base),), server.ca) as wire,
    ):

        def got(size: int) -> Reply:
            return wire.call("GET", f"{server.base}/{size}", {}, largest=5_000, spool=Spool(incoming))

        small, large = got(1_000), got(1_001)
        assert (small.body, small.file) == (b"x" * 1_000, None)
        assert large.file is not None
        assert (large.body, large.file.read()) == (b"", b"x" * 1_001)
        large.file.discard()
        with pytest.raises(TooLarge):
            got(5_001)
        assert list(incoming.iterdir()) == []
