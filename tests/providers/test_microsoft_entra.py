"""The loopback's Entra ID, through msal and, for its strictness, through plain calls."""

from __future__ import annotations

import hashlib
import ssl
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from providers.graph import SCOPES, Graph
from providers.microsoft import Tenant
from providers.microsoft_entra import ASSERTION, ERRORS


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[Tenant]:
    with Tenant(tmp_path) as tenant:
        tenant.mailbox("clerk@thorrington.example.org", "Ann Marsh")
        yield tenant


@pytest.fixture
def graph(tenant: Tenant) -> Iterator[Graph]:
    with Graph(tenant) as graph:
        yield graph


def credential(path: Path) -> dict[str, str]:
    key, mark, certificate = path.read_text().partition("-----BEGIN CERTIFICATE-----")
    return {"private_key": key, "public_certificate": mark + certificate}


def form(tenant: Tenant, **facts: str | None) -> dict[str, str]:
    whole = {
        "client_id": tenant.client_id,
        "grant_type": "client_credentials",
        "client_secret": tenant.secret,
        "scope": SCOPES[0],
    }
    return {name: value for name, value in (whole | facts).items() if value is not None}


def ask(graph: Graph, data: dict[str, str]) -> tuple[int, Any]:
    with graph.session.post(graph.tenant.entra.endpoint, data=data, timeout=10) as answer:
        return answer.status_code, answer.json()


def test_a_secret_signs_in_once_and_is_kept(tenant: Tenant, graph: Graph) -> None:
    application = graph.application(tenant.secret)
    first, second = (application.acquire_token_for_client(SCOPES) for _ in range(2))
    assert (first["token_source"], second["token_source"]) == ("identity_provider", "cache")
    assert first["expires_in"] == 3599
    assert tenant.server.wrong == []


def test_a_certificate_signs_in(tenant: Tenant, graph: Graph) -> None:
    path = tenant.certificate()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "access_token" in graph.sign_in(credential(path))
    assert graph.read("/mailFolders").status_code == 200
    assert tenant.server.wrong == []


def test_a_certificate_nobody_registered(tenant: Tenant, graph: Graph) -> None:
    assert graph.sign_in(credential(tenant.certificate(registered=False)))["error_codes"] == [700027]


def test_another_key_than_the_certificates(tenant: Tenant, graph: Graph) -> None:
    one, other = (credential(tenant.certificate(name=name)) for name in ("one", "other"))
    assert graph.sign_in(one | {"private_key": other["private_key"]})["error_codes"] == [700027]


@pytest.mark.parametrize("skew", [-600, 600])
def test_a_clock_that_is_wrong(tenant: Tenant, graph: Graph, skew: float) -> None:
    mine = credential(tenant.certificate())
    tenant.server.skew = skew
    assert graph.sign_in(mine)["error_codes"] == [700024]
    tenant.server.skew = skew / 3
    assert "access_token" in graph.sign_in(mine)


def test_a_wrong_secret(tenant: Tenant, graph: Graph) -> None:
    said = graph.sign_in("another")
    assert (said["error"], said["error_codes"]) == ("invalid_client", [7000215])
    assert "AADSTS7000215: Invalid client secret" in said["error_description"]
    assert tenant.server.wrong == []


@pytest.mark.parametrize("number", [number for number in ERRORS if number != 90002])
def test_every_error_may_be_met(tenant: Tenant, graph: Graph, number: int) -> None:
    tenant.refuses = number
    said = graph.sign_in()
    assert said["error_codes"] == [number]
    assert said["error"] == ERRORS[number][1]
    assert f"AADSTS{number}: " in said["error_description"]
    assert "{" not in said["error_description"]


def test_no_such_tenant(tenant: Tenant, graph: Graph) -> None:
    tenant.refuses = 90002
    with pytest.raises(ValueError, match="authority"):
        graph.sign_in()


def test_another_application(tenant: Tenant, graph: Graph) -> None:
    assert ask(graph, form(tenant, client_id="00000000-0000-0000-0000-000000000000"))[1]["error_codes"] == [700016]
    assert tenant.server.wrong == []


def test_a_tenant_throttled_says_how_long(tenant: Tenant, graph: Graph) -> None:
    tenant.refuses = 90055
    with graph.session.post(tenant.entra.endpoint, data=form(tenant), timeout=10) as answer:
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")


def test_roles_stand_in_the_token(tenant: Tenant, graph: Graph) -> None:
    tenant.roles = ["Mail.Read", "Mail.Send"]
    claims = jwt.decode(graph.sign_in()["access_token"], options={"verify_signature": False})
    assert claims["roles"] == ["Mail.Read", "Mail.Send"]
    assert (claims["tid"], claims["appid"]) == (tenant.tenant, tenant.client_id)
    tenant.roles = None
    assert "roles" not in jwt.decode(graph.sign_in()["access_token"], options={"verify_signature": False})


def test_tokens_end(tenant: Tenant, graph: Graph) -> None:
    answer = graph.read("/mailFolders")
    tenant.server.skew = 3600
    late = graph.json("/mailFolders", 401)
    assert late["error"]["message"] == "Lifetime validation failed, the token is expired."
    graph.sign_in()
    assert graph.read("/mailFolders").status_code == answer.status_code == 200
    tenant.revoke()
    assert graph.code("/mailFolders") == (401, "InvalidAuthenticationToken")
    assert tenant.server.wrong == []


def test_a_short_token_is_asked_for_each_time(tenant: Tenant, graph: Graph) -> None:
    tenant.expires_in = 200
    application = graph.application(tenant.secret)
    before = tenant.entra.issued
    for _ in range(3):
        application.acquire_token_for_client(SCOPES)
    assert tenant.entra.issued == before + 3


def test_looking_up_instances_is_noted(tenant: Tenant, graph: Graph) -> None:
    assert graph.read(f"{tenant.authority}/common/discovery/instance?api-version=1.1").status_code == 400
    (line,) = tenant.server.wrong
    assert "instance" in line


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"scope": None}, 900144),
        ({"grant_type": None}, 900144),
        ({"client_id": None}, 900144),
        ({"scope": "https://graph.microsoft.com/Mail.Read"}, 70011),
        ({"scope": "https://graph.microsoft.us/.default"}, 500011),
        ({"grant_type": "password"}, None),
        ({"client_secret": None}, None),
        ({"client_secret": None, "client_assertion": "a.b.c"}, None),
        ({"client_assertion": "a.b.c", "client_assertion_type": ASSERTION}, None),
    ],
)
def test_a_careless_request_is_noted(
    tenant: Tenant, graph: Graph, facts: dict[str, str | None], said: int | None
) -> None:
    status, body = ask(graph, form(tenant, **facts))
    assert status == 400
    assert body["error_codes"] == ([said] if said else [])
    assert len(tenant.server.wrong) == 1


def test_an_old_assertion_is_noted_unless_allowed(tenant: Tenant, graph: Graph) -> None:
    path = tenant.certificate()
    old = {"private_key": credential(path)["private_key"], "thumbprint": _sha1(path)}
    assert "access_token" not in graph.sign_in(old)
    assert len(tenant.server.wrong) == 1
    tenant.entra.old_assertions = True
    assert "access_token" in graph.sign_in(old)


def _sha1(path: Path) -> str:
    der = ssl.PEM_cert_to_DER_cert(credential(path)["public_certificate"])
    return hashlib.sha1(der, usedforsecurity=False).hexdigest()
