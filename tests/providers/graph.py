"""A plain client for Microsoft Graph, for tests of the loopback and of what reads from it."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import msal
import requests

from providers.microsoft import IMMUTABLE, Tenant

ADDRESS = "clerk@thorrington.example.org"
SCOPES = ["https://graph.microsoft.com/.default"]


class Graph:
    """A session that is signed in; a context manager. Paths begin at the mailbox."""

    def __init__(self, tenant: Tenant, *, prefer: str = IMMUTABLE, address: str = ADDRESS) -> None:
        self.tenant = tenant
        self.prefer = prefer
        self.root = f"{tenant.endpoint}/users/{address}"
        self.session = requests.Session()
        self.session.verify = str(tenant.ca)
        self.session.trust_env = False
        self.token = ""

    def __enter__(self) -> Self:
        self.sign_in()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()

    def application(self, credential: Any) -> msal.ConfidentialClientApplication:
        at = f"{self.tenant.authority}/{self.tenant.tenant}"
        return msal.ConfidentialClientApplication(
            self.tenant.client_id,
            client_credential=credential,
            authority=at,
            instance_discovery=False,
            http_client=self.session,
        )

    def sign_in(self, credential: Any = None) -> dict[str, Any]:
        """What msal says; the token is used from now on where there is one."""
        said: dict[str, Any] = self.application(credential or self.tenant.secret).acquire_token_for_client(SCOPES)
        self.token = said.get("access_token", "")
        return said

    def read(self, path: str, *, method: str = "GET", prefer: str | None = None, **facts: Any) -> requests.Response:
        """The answer; `path` may be a link as Graph gave it."""
        headers = {"Authorization": f"Bearer {self.token}", "Prefer": self.prefer if prefer is None else prefer}
        url = path if path.startswith("https:") else self.root + path
        sent = {name: value for name, value in headers.items() if value}
        return self.session.request(method, url, headers=sent, timeout=30, **facts)

    def json(self, path: str, status: int = 200, **facts: Any) -> dict[str, Any]:
        answer = self.read(path, **facts)
        assert answer.status_code == status, answer.text
        document: dict[str, Any] = answer.json()
        return document

    def code(self, path: str, **facts: Any) -> tuple[int, str]:
        """The status and the error's code."""
        answer = self.read(path, **facts)
        return answer.status_code, answer.json()["error"]["code"]

    def all(self, path: str, **facts: Any) -> list[dict[str, Any]]:
        """A list's entries, over all pages."""
        page = self.json(path, **facts)
        entries = page["value"]
        while "@odata.nextLink" in page:
            page = self.json(page["@odata.nextLink"], **facts)
            entries += page["value"]
        return list(entries)

    def round(self, path: str, size: int = 100) -> tuple[list[dict[str, Any]], str, int]:
        """What a round of delta tells, the link for the next, and how many pages it took."""
        entries: list[dict[str, Any]] = []
        for pages in range(1, 100_000):
            page = self.json(path, prefer=f"{self.prefer}, odata.maxpagesize={size}")
            entries += page["value"]
            if "@odata.deltaLink" in page:
                return entries, page["@odata.deltaLink"], pages
            path = page["@odata.nextLink"]
        raise AssertionError("a round without an end")
