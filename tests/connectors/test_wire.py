"""Nothing goes out but to the provider's own hosts."""

from __future__ import annotations

import pytest

from auditor.errors import LostSource
from connectors.wire import Wire, origin

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
