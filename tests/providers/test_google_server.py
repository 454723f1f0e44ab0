"""Google's stand-in, through Google's own client libraries and, for its strictness, through plain calls."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import google_auth_httplib2
import httplib2
import pytest
from google.oauth2 import service_account
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import BatchHttpRequest

from providers.gmail import Mailbox
from providers.google import READONLY, Workspace

ADDRESS = "clerk@thorrington.example.org"


def mail(number: int, size: int = 0) -> bytes:
    head = b"From: Clerk <%s>\r\nSubject: Footpath %d\r\nMessage-ID: <%d@thorrington.example.org>\r\n\r\n"
    return head % (ADDRESS.encode(), number, number) + b"The hedge.\r\n" + b"x" * size


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call to any other machine fails."""
    found = socket.getaddrinfo

    def here(host: str, *rest: Any, **more: Any) -> Any:
        assert host in ("localhost", "127.0.0.1"), f"{host} was looked up"
        return found(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", here)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path) as workspace:
        yield workspace


@pytest.fixture
def box(workspace: Workspace) -> Mailbox:
    return workspace.mailbox(ADDRESS)


class Client:
    """Google's own client, pointed at the workspace."""

    def __init__(self, workspace: Workspace, user: str | None = ADDRESS, scopes: tuple[str, ...] = (READONLY,)) -> None:
        self.workspace = workspace
        self.http = httplib2.Http(timeout=20, ca_certs=str(workspace.ca), proxy_info=None, decode_limit_ratio=0)
        self.credentials = service_account.Credentials.from_service_account_file(
            str(workspace.key()), scopes=list(scopes), subject=user
        )
        self.authorized = google_auth_httplib2.AuthorizedHttp(self.credentials, http=self.http)

    def __enter__(self) -> Self:
        try:
            self.credentials.refresh(google_auth_httplib2.Request(self.http))
        except BaseException:
            self.http.close()
            raise
        options = {"api_endpoint": self.workspace.endpoint + "/"}
        self.service = build(
            "gmail", "v1", http=self.authorized, client_options=options, cache_discovery=False, static_discovery=True
        )
        self.users = self.service.users()
        return self

    def __exit__(self, *_: object) -> None:
        self.service.close()
        self.http.close()

    def ids(self, **asked: Any) -> list[str]:
        """Over all pages."""
        found, request = [], self.users.messages().list(userId="me", **asked)
        while request is not None:
            page = request.execute()
            found += [one["id"] for one in page.get("messages", [])]
            request = self.users.messages().list_next(request, page)
        return found

    def raw(self, i: str) -> bytes:
        return decoded(self.users.messages().get(userId="me", id=i, format="raw").execute()["raw"])

    def history(self, start: str, **asked: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The records, and the pages."""
        pages, request = [], self.users.history().list(userId="me", startHistoryId=start, **asked)
        while request is not None:
            pages.append(request.execute())
            request = self.users.history().list_next(request, pages[-1])
        return [record for page in pages for record in page.get("history", [])], pages

    def here(self) -> str:
        return str(self.users.getProfile(userId="me").execute()["historyId"])

    def batch(self, *ids: str) -> dict[str, bytes | int]:
        """Each message's bytes, or the status it was refused with."""
        got: dict[str, bytes | int] = {}

        def note(i: str, answer: dict[str, Any], error: HttpError | None) -> None:
            got[i] = error.status_code if error else decoded(answer["raw"])

        # new_batch_http_request would go to gmail.googleapis.com whatever the endpoint.
        batch = BatchHttpRequest(callback=note, batch_uri=self.workspace.batch_uri)
        for i in ids:
            batch.add(self.users.messages().get(userId="me", id=i, format="raw"), request_id=i)
        batch.execute()
        return got


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def client(workspace: Workspace, box: Mailbox) -> Iterator[Client]:
    with Client(workspace) as client:
        yield client


def test_a_day_of_mail(client: Client, box: Mailbox) -> None:
    ids = [box.deliver(mail(n)) for n in range(3)]
    assert client.ids(q="in:sent") == ids[::-1]
    assert [client.raw(i) for i in ids] == [mail(n) for n in range(3)]
    start = client.here()
    box.trash(ids[0])
    box.remove(ids[1])
    records, _ = client.history(start)
    assert [sorted(record)[1:] for record in records] == [["labelsAdded", "messages"], ["messages", "messagesDeleted"]]
    assert client.batch(*ids) == {ids[0]: mail(0), ids[1]: 404, ids[2]: mail(2)}
    assert client.workspace.server.wrong == []
