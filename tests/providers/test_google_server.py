"""Google's stand-in, through Google's own client libraries and, for its strictness, through plain calls."""

from __future__ import annotations

import base64
import json
import re
import socket
import stat
import time
import tomllib
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

import google_auth_httplib2
import httplib2
import jwt
import pytest
import requests
from google.auth.exceptions import RefreshError
from google.oauth2 import service_account
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import BatchHttpRequest

from providers.gmail import SPOILT, Mailbox
from providers.gmail_api import GMAIL, METADATA
from providers.gmail_errors import TOKEN_ERRORS, fault
from providers.gmail_limits import Limits
from providers.google import AUDIENCE, GRANT, READONLY, Workspace
from providers.loopback import Fault

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

    def __init__(
        self,
        workspace: Workspace,
        user: str = ADDRESS,
        scopes: tuple[str, ...] = (READONLY,),
        ratio: float | None = 0,
    ) -> None:
        self.workspace = workspace
        self.http = httplib2.Http(timeout=20, ca_certs=str(workspace.ca), proxy_info=None, decode_limit_ratio=ratio)
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


class Plain:
    """Calls without any library of Google's."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.session = requests.Session()
        self.session.verify = str(workspace.ca)
        self.session.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def assertion(self, **claims: Any) -> str:
        account = json.loads(self.workspace.key().read_text())
        now = int(time.time())
        usual = {"iss": account["client_email"], "sub": ADDRESS, "scope": READONLY, "aud": AUDIENCE}
        about = {"kid": account["private_key_id"]}
        return jwt.encode(usual | {"iat": now, "exp": now + 3600} | claims, account["private_key"], "RS256", about)

    def ask(self, **claims: Any) -> requests.Response:
        form = {"grant_type": GRANT, "assertion": self.assertion(**claims)}
        return self.session.post(self.workspace.token_uri, data=form, timeout=20)

    def sign_in(self, **claims: Any) -> None:
        self.session.headers["Authorization"] = "Bearer " + self.ask(**claims).json()["access_token"]

    def call(self, below: str, method: str = "GET", **more: Any) -> requests.Response:
        url = f"{self.workspace.endpoint}/gmail/v1/users/me/{below}"
        return self.session.request(method, url, timeout=60, **more)

    def batch(self, count: int) -> requests.Response:
        part = "--b\nContent-Type: application/http\nContent-ID: <{0}>\n\nGET /gmail/v1/users/me/profile HTTP/1.1\n\n\n"
        body = "".join(part.format(n) for n in range(count)) + "--b--\n"
        headers = {"Content-Type": "multipart/mixed; boundary=b"}
        return self.session.post(self.workspace.batch_uri, data=body, headers=headers, timeout=20)


@pytest.fixture
def plain(workspace: Workspace, box: Mailbox) -> Iterator[Plain]:
    with Plain(workspace) as plain:
        plain.sign_in()
        yield plain


def refused(call: Callable[[], object]) -> tuple[int, str]:
    """Status and sentence of what Gmail says."""
    with pytest.raises(HttpError) as caught:
        call()
    return caught.value.status_code, caught.value.reason


def turned_down(workspace: Workspace, **asked: Any) -> str:
    """Why there was no token."""
    with pytest.raises(RefreshError) as caught, Client(workspace, **asked):
        pass
    return str(caught.value.args[0])


class TestTokens:
    def test_a_key_only_its_owner_can_read(self, workspace: Workspace) -> None:
        assert stat.S_IMODE(workspace.key().stat().st_mode) == 0o600
        assert json.loads(workspace.key().read_text())["token_uri"] == workspace.token_uri

    def test_nobody_by_that_name(self, workspace: Workspace) -> None:
        assert turned_down(workspace, user="ghost@thorrington.example.org") == (
            "invalid_grant: Invalid email or User ID"
        )

    def test_a_deleted_mailbox_is_nobody(self, workspace: Workspace, box: Mailbox) -> None:
        box.close("deleted")
        assert turned_down(workspace).startswith("invalid_grant: Invalid email")
        box.open()
        with Client(workspace):
            pass

    def test_a_scope_that_nobody_delegated(self, workspace: Workspace, box: Mailbox) -> None:
        workspace.scopes.clear()
        assert turned_down(workspace).startswith("unauthorized_client: Client is unauthorized")
        assert workspace.server.wrong == []

    def test_a_scope_that_nobody_needs_is_noted(self, workspace: Workspace, box: Mailbox) -> None:
        asked = (READONLY, GMAIL + "send")
        assert turned_down(workspace, scopes=asked).startswith("unauthorized_client")
        assert [GMAIL + "send" in wrong for wrong in workspace.server.wrong] == [True]
        workspace.scopes.add(GMAIL + "send")
        workspace.allowed.add(GMAIL + "send")
        with Client(workspace, scopes=asked):
            assert len(workspace.server.wrong) == 1

    @pytest.mark.parametrize("why", sorted(TOKEN_ERRORS))
    def test_each_refusal(self, workspace: Workspace, box: Mailbox, plain: Plain, why: str) -> None:
        workspace.refuses = why
        status, error, description = TOKEN_ERRORS[why]
        answer = plain.ask()
        assert (answer.status_code, answer.json()) == (status, {"error": error, "error_description": description})

    @pytest.mark.parametrize(("ahead", "well"), [(-600, False), (600, True), (4000, False)])
    def test_the_servers_clock(self, workspace: Workspace, box: Mailbox, ahead: int, well: bool) -> None:
        workspace.server.skew = ahead
        if well:
            with Client(workspace) as client:
                client.here()
        else:
            assert "reasonable timeframe" in turned_down(workspace)

    def test_another_key(self, workspace: Workspace, box: Mailbox, plain: Plain) -> None:
        head, _, signature = plain.assertion().rpartition(".")
        form = {"grant_type": GRANT, "assertion": f"{head}.{signature[:-8]}AAAAAAAA"}
        answer = plain.session.post(workspace.token_uri, data=form, timeout=20)
        assert answer.json()["error_description"] == "Invalid JWT Signature."

    def test_no_assertion_at_all(self, workspace: Workspace, plain: Plain) -> None:
        form = {"grant_type": GRANT, "assertion": "nothing"}
        assert plain.session.post(workspace.token_uri, data=form, timeout=20).json()["error"] == "invalid_request"
        assert "cannot be read" in workspace.server.wrong[0]

    def test_an_audience_that_is_the_servers_own(self, workspace: Workspace, plain: Plain) -> None:
        assert plain.ask(aud=workspace.token_uri).status_code == 400
        assert "the assertion is for" in workspace.server.wrong[0]

    def test_tokens_run_out(self, workspace: Workspace, plain: Plain) -> None:
        assert plain.call("profile").status_code == 200
        workspace.server.skew = 3600
        answer = plain.call("profile")
        assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
        assert workspace.server.wrong == []

    def test_a_short_token_is_asked_for_each_time(self, workspace: Workspace, client: Client) -> None:
        workspace.expires_in = 200
        client.credentials.expiry = None
        client.credentials.token = None
        client.here()
        client.here()
        assert len(workspace.server.matching("POST /token")) == 3

    def test_a_revoked_token_is_replaced(self, workspace: Workspace, client: Client) -> None:
        workspace.revoke("rfo@thorrington.example.org")
        client.here()
        assert len(workspace.grants) == 1
        workspace.revoke()
        client.here()
        assert len(workspace.grants) == 2

    def test_refused_once_and_then_well(self, workspace: Workspace, client: Client, box: Mailbox) -> None:
        box.faults.append(fault("credentials", "profile"))
        client.here()
        assert (len(workspace.grants), box.asked) == (2, 2)

    def test_a_made_up_token(self, workspace: Workspace, plain: Plain) -> None:
        plain.session.headers["Authorization"] = "Bearer ya29.none"
        assert plain.call("profile").status_code == 401
        assert "without a token" in workspace.server.wrong[0]

    def test_no_subject(self, workspace: Workspace, plain: Plain) -> None:
        claims = jwt.decode(plain.assertion(), options={"verify_signature": False})
        account = json.loads(workspace.key().read_text())
        del claims["sub"]
        form = {
            "grant_type": GRANT,
            "assertion": jwt.encode(claims, account["private_key"], "RS256", {"kid": account["private_key_id"]}),
        }
        token = plain.session.post(workspace.token_uri, data=form, timeout=20).json()["access_token"]
        plain.session.headers["Authorization"] = "Bearer " + token
        assert plain.call("profile").json()["error"]["message"] == "Precondition check failed."

    def test_another_mailbox_with_this_ones_token(self, workspace: Workspace, client: Client) -> None:
        other = workspace.mailbox("rfo@thorrington.example.org").address
        call = client.users.getProfile(userId=other)
        assert refused(call.execute) == (403, f"Delegation denied for {other}")
        assert len(workspace.server.wrong) == 1
        assert client.users.getProfile(userId=ADDRESS).execute()["emailAddress"] == ADDRESS


class TestMailbox:
    def test_profile(self, client: Client, box: Mailbox) -> None:
        first = box.deliver(mail(1))
        box.deliver(mail(2), thread=first)
        assert client.users.getProfile(userId="me").execute() == {
            "emailAddress": ADDRESS,
            "messagesTotal": 2,
            "threadsTotal": 1,
            "historyId": str(box.history_id),
        }

    def test_labels(self, client: Client, box: Mailbox) -> None:
        planning = box.label("Planning/2026")
        assert planning == box.label("Planning/2026") == "Label_1"
        labels = client.users.labels().list(userId="me").execute()["labels"]
        assert {"id": "SENT", "name": "SENT", "type": "system"} in labels
        assert [label["name"] for label in labels if label["type"] == "user"] == ["Planning/2026"]
        ids = [box.deliver(mail(n), ["SENT", planning]) for n in range(3)]
        box.relabel(ids[0], add=["UNREAD"])
        box.trash(ids[1])
        one = client.users.labels().get(userId="me", id=planning).execute()
        assert (one["messagesTotal"], one["messagesUnread"]) == (2, 1)
        box.totals_hold_bin = True
        assert client.users.labels().get(userId="me", id="SENT").execute()["messagesTotal"] == 3
        assert refused(client.users.labels().get(userId="me", id="Label_9").execute)[0] == 404

    def test_the_same_ids_in_two_mailboxes(self, workspace: Workspace, box: Mailbox) -> None:
        assert box.deliver(mail(1)) == workspace.mailbox("rfo@thorrington.example.org").deliver(mail(2))

    def test_state_is_told_apart(self, client: Client, box: Mailbox) -> None:
        i = box.deliver(mail(1))
        before = box.state()
        client.ids()
        client.raw(i)
        assert box.state() == before
        box.relabel(i, add=["STARRED"])
        assert box.state() != before

    @pytest.mark.parametrize(
        ("how", "status", "said"),
        [
            ("no service", 400, "Mail service not enabled"),
            ("precondition", 400, "Precondition check failed."),
            ("suspended", 400, "Precondition check failed."),
            ("delegation", 403, f"Delegation denied for {ADDRESS}"),
            ("policy", 403, "The domain administrators have disabled Gmail apps."),
        ],
    )
    def test_closed(self, client: Client, box: Mailbox, how: str, status: int, said: str) -> None:
        box.close(how)
        for _ in range(2):
            assert refused(client.here) == (status, said)
        box.close(how, times=1)
        assert refused(client.here) == (status, said)
        client.here()

    def test_drafts_come_and_go(self, client: Client, box: Mailbox) -> None:
        start = client.here()
        last = box.autosave(mail(1), 5)
        records, _ = client.history(start)
        kinds = [kind for record in records for kind in record if kind.startswith("messages") and kind != "messages"]
        assert kinds == ["messagesAdded"] + ["messagesDeleted", "messagesAdded"] * 4
        assert client.ids() == [last]
        assert client.ids(q="in:sent") == []


class TestListing:
    def test_nothing(self, client: Client) -> None:
        assert client.users.messages().list(userId="me").execute() == {"resultSizeEstimate": 0}

    def test_a_hundred_to_a_page_unless_told(self, client: Client, box: Mailbox) -> None:
        ids = [box.deliver(mail(n), received=n) for n in range(250)]
        page = client.users.messages().list(userId="me").execute()
        assert len(page["messages"]) == 100
        assert page["resultSizeEstimate"] != 250
        assert client.ids(maxResults=120) == ids[::-1]
        assert [call.one("maxResults") for call in client.workspace.calls] == [None, *["120"] * 3]

    def test_newest_first_by_when_it_came(self, client: Client, box: Mailbox) -> None:
        a, b, c = (box.deliver(mail(n), received=when) for n, when in enumerate((2000, 1000, 3000)))
        assert client.ids() == [c, a, b]
        box.remove(a)
        assert client.ids() == [c, b]

    @pytest.mark.parametrize(
        ("q", "found"),
        [
            ("in:sent", "ae"),
            ("in:sent after:2000", "e"),
            ("in:sent before:5000", "a"),
            ("in:anywhere", "abcde"),
            ("in:trash", "c"),
            ("{in:sent in:inbox} -in:trash", "abe"),
            ("{in:sent in:trash} before:5000", "ac"),
            ("-in:sent -in:inbox", ""),
            ("in:inbox from:clerk@", "b"),
            ("from:nobody", ""),
            ("larger:10K", "e"),
            ("smaller:1M in:sent", "ae"),
            ("label:planning-2026", "b"),
            ("rfc822msgid:<4@thorrington.example.org>", "e"),
        ],
    )
    def test_searches(self, client: Client, box: Mailbox, q: str, found: str) -> None:
        planning = box.label("Planning/2026")
        labels = {"a": ["SENT"], "b": ["INBOX", planning], "c": ["SENT", "TRASH"], "d": ["SPAM"], "e": ["SENT"]}
        named = {
            box.deliver(mail(n, 20_000 if name == "e" else 0), marks, received=(n + 1) * 1000): name
            for n, (name, marks) in enumerate(labels.items())
        }
        assert "".join(sorted(named[i] for i in client.ids(q=q))) == found
        assert client.workspace.server.wrong == []

    def test_labels_all_of_them(self, client: Client, box: Mailbox) -> None:
        both = box.deliver(mail(1), ["SENT", "STARRED"])
        box.deliver(mail(2))
        binned = box.deliver(mail(3), ["SENT", "STARRED", "TRASH"])
        assert client.ids(labelIds=["SENT", "STARRED"]) == [both]
        assert client.ids(labelIds=["SENT", "STARRED"], includeSpamTrash=True) == [binned, both]
        assert refused(lambda: client.ids(labelIds=["Label_7"])) == (400, "Invalid label: Label_7")

    def test_hollow_pages(self, client: Client, box: Mailbox) -> None:
        ids = [box.deliver(mail(n)) for n in range(5)]
        box.hollow = True
        first = client.users.messages().list(userId="me", maxResults=2).execute()
        assert "messages" not in first
        assert first["nextPageToken"]
        assert client.ids(maxResults=2) == ids[::-1]
        assert len(client.workspace.calls) == 1 + 6

    def test_mail_that_comes_and_goes_shifts_the_pages(self, client: Client, box: Mailbox) -> None:
        ids = [box.deliver(mail(n)) for n in range(4)]
        box.meanwhile = [lambda: box.deliver(mail(9))]
        assert client.ids(maxResults=2) == [ids[3], ids[2], ids[2], ids[1], ids[0]]
        box.meanwhile = [lambda: box.remove(ids[3], ids[2])]
        assert client.ids(maxResults=2)[1:] == [ids[3], ids[0]]

    def test_pages_that_do_not_shift(self, client: Client, box: Mailbox) -> None:
        box.shifting = False
        ids = [box.deliver(mail(n)) for n in range(4)]
        box.meanwhile = [lambda: (box.deliver(mail(9)), box.remove(ids[3]))]
        assert client.ids(maxResults=2) == ids[::-1]

    def test_twenty_thousand(self, client: Client, box: Mailbox) -> None:
        began = time.monotonic()
        for n in range(20_000):
            box.deliver(mail(n), received=n)
        assert len(client.ids(q="in:sent", maxResults=500)) == 20_000
        assert len(client.history("1000", maxResults=500)[0]) == 20_000
        assert time.monotonic() - began < 20


class TestMessages:
    def test_formats(self, client: Client, box: Mailbox) -> None:
        i = box.deliver(mail(1), ["SENT", "STARRED"], received=1767225600)
        brief = client.users.messages().get(userId="me", id=i, format="minimal").execute()
        assert brief == {
            "id": i,
            "threadId": i,
            "labelIds": ["SENT", "STARRED"],
            "snippet": "The hedge.",
            "historyId": str(box.history_id),
            "internalDate": "1767225600000",
            "sizeEstimate": pytest.approx(len(mail(1)), rel=0.02),
        }
        only = {"metadataHeaders": ["subject"], "format": "metadata"}
        some = client.users.messages().get(userId="me", id=i, **only).execute()
        assert some["payload"]["headers"] == [{"name": "Subject", "value": "Footpath 1"}]
        whole = client.users.messages().get(userId="me", id=i).execute()
        assert decoded(whole["payload"]["body"]["data"]) == b"The hedge.\r\n"
        raw = client.users.messages().get(userId="me", id=i, format="raw").execute()
        assert {k: v for k, v in raw.items() if k != "raw"} == brief

    def test_padding_comes_and_goes(self, client: Client, box: Mailbox) -> None:
        raws = [b"Subject: a\r\n\r\n" + b"x" * (n // 2) for n in range(12)]
        texts = [
            client.users.messages().get(userId="me", id=box.deliver(raw), format="raw").execute()["raw"] for raw in raws
        ]
        assert [decoded(text) for text in texts] == raws
        assert {text.endswith("=") for text in texts if len(decoded(text)) % 3} == {True, False}

    def test_any_bytes(self, client: Client, box: Mailbox) -> None:
        raw = bytes(range(256)) * 1000
        assert client.raw(box.deliver(raw)) == raw
        assert client.raw(box.deliver(b"")) == b""

    @pytest.mark.parametrize(
        ("fields", "kept"),
        [
            ("raw", {"raw"}),
            ("id,raw,labelIds", {"id", "raw", "labelIds"}),
            ("internalDate", {"internalDate"}),
            ("payload/headers,id", {"id"}),
        ],
    )
    def test_fields(self, client: Client, box: Mailbox, fields: str, kept: set[str]) -> None:
        i = box.deliver(mail(1))
        assert set(client.users.messages().get(userId="me", id=i, format="raw", fields=fields).execute()) == kept

    def test_fields_within(self, client: Client, box: Mailbox) -> None:
        i = box.deliver(mail(1))
        page = client.users.messages().list(userId="me", fields="messages(id),nextPageToken").execute()
        assert page == {"messages": [{"id": i}]}
        some = client.users.messages().get(userId="me", id=i, fields="payload(headers/name,mimeType),id").execute()
        assert some["payload"]["headers"] == [{"name": "From"}, {"name": "Subject"}, {"name": "Message-ID"}]
        assert set(some["payload"]) == {"headers", "mimeType"}

    def test_attachments(self, client: Client, box: Mailbox) -> None:
        letter = EmailMessage()
        letter["From"] = ADDRESS
        letter.set_content("See the plan.")
        letter.add_attachment(b"%PDF" * 50, maintype="application", subtype="pdf", filename="plan.pdf")
        i = box.deliver(letter.as_bytes())
        parts = client.users.messages().get(userId="me", id=i).execute()["payload"]["parts"]
        again = client.users.messages().get(userId="me", id=i).execute()["payload"]["parts"]
        assert [part["filename"] for part in parts] == ["", "plan.pdf"]
        one, other = (shown[1]["body"]["attachmentId"] for shown in (parts, again))
        assert one != other
        for key in (one, other):
            found = client.users.messages().attachments().get(userId="me", messageId=i, id=key).execute()
            assert decoded(found["data"]) == b"%PDF" * 50

    @pytest.mark.parametrize("how", SPOILT)
    def test_spoilt_until_mended(self, client: Client, box: Mailbox, how: str) -> None:
        i = box.deliver(mail(1, 3000))
        box.spoil(i, how)
        assert client.ids() == [i]
        with pytest.raises((HttpError, KeyError, ValueError, AssertionError)):
            assert client.raw(i) == mail(1, 3000)
        box.mend(i)
        assert client.raw(i) == mail(1, 3000)
        box.mend(i, mail(2))
        assert client.raw(i) == mail(2)

    def test_forty_megabytes_of_nothing(self, client: Client, box: Mailbox) -> None:
        """Well packed on the way, as Google's answers are: httplib2 takes that for an attack unless told not to."""
        i = box.deliver(b"\0" * 40_000_000)
        assert len(client.raw(i)) == 40_000_000
        with Client(client.workspace, ratio=None) as careful, pytest.raises(httplib2.decode.DecodeRatioError):
            careful.raw(i)

    def test_a_hundred_and_fifty_megabytes(self, plain: Plain, box: Mailbox) -> None:
        i = box.deliver(mail(1) + bytes(150_000_000))
        tracemalloc.start()
        try:
            with plain.call(f"messages/{i}?format=raw", stream=True) as answer:
                length = sum(map(len, answer.iter_content(1 << 20)))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert length > 200_000_000
        assert peak < 260_000_000, f"{peak:,} bytes"

    def test_metadata_scope_spoils_the_rest(self, workspace: Workspace, box: Mailbox) -> None:
        both = {READONLY, METADATA}
        workspace.scopes |= both
        workspace.allowed |= both
        i = box.deliver(mail(1))
        with Client(workspace, scopes=(READONLY, METADATA)) as client:
            assert refused(lambda: client.ids(q="in:sent")) == (
                403,
                "Metadata scope does not support 'q' parameter",
            )
            assert refused(lambda: client.raw(i)) == (403, "Metadata scope doesn't allow format RAW")
            assert client.ids(labelIds=["SENT"]) == [i]

    def test_a_scope_that_does_not_read(self, workspace: Workspace, box: Mailbox) -> None:
        workspace.scopes.add(GMAIL + "send")
        workspace.allowed.add(GMAIL + "send")
        with Client(workspace, scopes=(GMAIL + "send",)) as client:
            assert refused(client.here) == (403, "Request had insufficient authentication scopes.")


class TestHistory:
    def test_nothing_new(self, client: Client) -> None:
        assert client.users.history().list(userId="me", startHistoryId=client.here()).execute() == {
            "historyId": client.here()
        }

    def test_each_change(self, client: Client, box: Mailbox) -> None:
        start = client.here()
        i, j = box.deliver(mail(1)), box.deliver(mail(2), ["INBOX", "UNREAD"])
        box.relabel(j, remove="UNREAD")
        box.trash(i, j)
        box.untrash(i)
        box.remove(i, j)
        records, _ = client.history(start)
        kinds = [[key for key in record if key not in ("id", "messages")] for record in records]
        assert [kind for (kind,) in kinds] == [
            "messagesAdded",
            "messagesAdded",
            "labelsRemoved",
            "labelsAdded",
            "labelsRemoved",
            "labelsRemoved",
            "messagesDeleted",
        ]
        assert records[3]["labelsAdded"][0] == {
            "message": {"id": i, "threadId": i, "labelIds": ["SENT", "TRASH"]},
            "labelIds": ["TRASH"],
        }
        assert len(records[6]["messagesDeleted"]) == 2
        numbers = [int(record["id"]) for record in records]
        assert numbers == sorted(set(numbers))
        assert int(client.here()) == numbers[-1]

    def test_only_some_kinds(self, client: Client, box: Mailbox) -> None:
        start = client.here()
        i = box.deliver(mail(1))
        box.trash(i)
        box.remove(i)
        kinds = ["messageAdded", "messageDeleted"]
        records, _ = client.history(start, historyTypes=kinds)
        assert [max(record) for record in records] == ["messagesAdded", "messagesDeleted"]

    def test_only_one_label(self, client: Client, box: Mailbox) -> None:
        planning = box.label("Planning")
        start = client.here()
        box.deliver(mail(1), ["INBOX"])
        i = box.deliver(mail(2))
        box.relabel(i, add=[planning])
        assert len(client.history(start, labelId="SENT")[0]) == 2
        assert len(client.history(start, labelId=planning)[0]) == 1
        box.drop_label(planning)
        assert refused(lambda: client.history(start, labelId=planning))[0] == 404

    @pytest.mark.parametrize("hollow", [False, True])
    def test_pages(self, client: Client, box: Mailbox, hollow: bool) -> None:
        start = client.here()
        ids = [box.deliver(mail(n)) for n in range(25)]
        box.hollow = hollow
        records, pages = client.history(start, maxResults=10)
        assert [record["messages"][0]["id"] for record in records] == ids
        assert ["history" in page for page in pages] == [False, True] * 3 if hollow else [True] * 3
        assert {page["historyId"] for page in pages} == {str(box.history_id)}

    def test_forgotten(self, client: Client, box: Mailbox) -> None:
        box.deliver(mail(1))
        start = client.here()
        box.forget_history()
        assert refused(lambda: client.history(start)) == (404, "Requested entity was not found.")
        assert client.history(client.here()) == ([], [{"historyId": client.here()}])
        assert refused(lambda: client.history("1"))[0] == 404
        assert refused(lambda: client.history("999999999"))[0] == 404


class TestBatches:
    def test_out_of_order_with_refusals(self, client: Client, box: Mailbox) -> None:
        ids = [box.deliver(mail(n)) for n in range(6)]
        box.spoil(ids[1])
        box.spoil(ids[2], "gone")
        box.faults.append(fault("concurrent", ids[3]))
        got = client.batch(*ids)
        assert got == {
            ids[0]: mail(0),
            ids[1]: 500,
            ids[2]: 404,
            ids[3]: 429,
            ids[4]: mail(4),
            ids[5]: mail(5),
        }
        assert client.batch(ids[3]) == {ids[3]: mail(3)}
        assert len(client.workspace.server.matching("POST /batch")) == 2
        assert len(client.workspace.calls) == 7

    def test_parts_come_in_another_order(self, plain: Plain) -> None:
        assert re.findall(r"Content-ID: <response-(\d)>", plain.batch(5).text) == ["1", "3", "0", "2", "4"]

    def test_a_hundred_and_no_more(self, plain: Plain, workspace: Workspace) -> None:
        assert plain.batch(100).text.count("HTTP/1.1 200 OK") == 100
        assert workspace.server.wrong == []
        assert plain.batch(101).status_code == 400
        assert "101 parts" in workspace.server.wrong[0]

    def test_each_part_has_its_own_token(self, workspace: Workspace, plain: Plain) -> None:
        workspace.revoke()
        assert plain.batch(3).text.count("HTTP/1.1 401") == 3


class TestLimits:
    def test_units_in_a_window(self, client: Client, box: Mailbox) -> None:
        clock = [0.0]
        box.limits = Limits(units=45, window=60, clock=lambda: clock[0])
        ids = [box.deliver(mail(n)) for n in range(3)]
        assert sorted(map(str, client.batch(*ids).values())) == sorted(map(str, [mail(0), mail(1), 403]))
        client.ids()
        assert refused(client.here)[0] == 403
        assert (box.limits.throttled, box.limits.spent) == (2, 45)
        clock[0] = 61
        client.here()

    @pytest.mark.parametrize(
        ("says", "status", "reason"),
        [
            ("quota", 403, "rateLimitExceeded"),
            ("exhausted", 429, "rateLimitExceeded"),
            ("user rate", 403, "userRateLimitExceeded"),
            ("user rate 429", 429, "userRateLimitExceeded"),
            ("daily", 403, "dailyLimitExceeded"),
            ("day's quota", 403, "quotaExceeded"),
        ],
    )
    def test_shapes(self, plain: Plain, box: Mailbox, says: str, status: int, reason: str) -> None:
        box.limits = Limits(units=0, says=says)
        answer = plain.call("profile")
        assert answer.status_code == status
        assert answer.json()["error"]["errors"][0]["reason"] == reason
        assert "{" not in answer.json()["error"]["message"]

    def test_the_new_style(self, plain: Plain, box: Mailbox) -> None:
        box.limits = Limits(units=0, says="quota new style")
        error = plain.call("profile").json()["error"]
        assert (error["status"], error["details"][0]["reason"]) == ("RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED")
        assert "errors" not in error

    def test_when_to_come_again(self, plain: Plain, box: Mailbox) -> None:
        box.limits = Limits(units=1, window=600, says="header")
        plain.call("profile")
        assert 590 <= int(plain.call("profile").headers["Retry-After"]) <= 601
        box.limits.says = "user rate"
        said = plain.call("profile").json()["error"]["message"]
        until = datetime.fromisoformat(said.partition("Retry after ")[2])
        assert 580 < (until - datetime.now(UTC)).total_seconds() < 601

    def test_too_many_at_once(self, workspace: Workspace, plain: Plain, box: Mailbox) -> None:
        box.limits = Limits(in_flight=2, takes=0.3)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: plain.call("profile"), range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 200, 429, 429]
        assert plain.batch(5).text.count("HTTP/1.1 429") == 3
        assert box.limits.most_in_flight == 2


class TestStrictness:
    @pytest.mark.parametrize(
        ("asked", "why"),
        [
            ("messages?maxresults=5", "unknown parameter maxresults"),
            ("messages?maxResults=501", "maxResults is 1 to 500"),
            ("messages?maxResults=0", "maxResults is 1 to 500"),
            ("messages?pageToken=123", "never given out"),
            ("messages?q=in:sent&q=in:inbox", "stands 2 times"),
            ("messages?q=is:important", "operator is:"),
            ("messages?q=footpath", "footpath is not understood"),
            ("messages?q=after:2026/01/31", "epoch seconds"),
            ("messages?includeSpamTrash=1", "true or false"),
            ("messages?fields=messages(id", "bracket"),
            ("messages?fields=subject", "Invalid field selection subject"),
            ("messages?alt=media", "alt is json"),
            ("messages/xyz", "Invalid id value"),
            ("messages/19a?format=RAW", "format"),
            ("messages/19a?format=raw&metadataHeaders=To", "metadataHeaders"),
            ("history", "startHistoryId"),
            ("history?startHistoryId=1000&historyTypes=messagesAdded", "history_types"),
            ("history?startHistoryId=1000&historyTypes=messageAdded,messageDeleted", "history_types"),
            ("history?startHistoryId=1000&labelIds=SENT", "unknown parameter labelIds"),
            ("profile?key=AIza", "unknown parameter key"),
        ],
    )
    def test_a_wrong_parameter(self, workspace: Workspace, plain: Plain, asked: str, why: str) -> None:
        answer = plain.call(asked)
        assert answer.status_code == 400
        assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"
        (wrong,) = workspace.server.wrong
        assert why in wrong

    def test_a_page_token_of_another_question(self, workspace: Workspace, plain: Plain, box: Mailbox) -> None:
        box.deliver(mail(1))
        box.deliver(mail(2))
        token = plain.call("messages?maxResults=1").json()["nextPageToken"]
        assert plain.call(f"messages?maxResults=1&pageToken={token}").status_code == 200
        assert plain.call(f"messages?maxResults=1&q=in:sent&pageToken={token}").status_code == 400
        assert "another question" in workspace.server.wrong[0]

    @pytest.mark.parametrize("path", ["/", "/gmail/v1/users/me/threads", "/gmail/v1/users/me", "/v1.0/me/messages"])
    def test_an_unknown_path(self, workspace: Workspace, plain: Plain, path: str) -> None:
        answer = plain.session.get(workspace.endpoint + path, timeout=20)
        assert (answer.status_code, answer.headers["Content-Type"][:9]) == (404, "text/html")
        assert "no such path" in workspace.server.wrong[0]

    def test_nothing_is_written(self, workspace: Workspace, client: Client, plain: Plain, box: Mailbox) -> None:
        i = box.deliver(mail(1))
        before = box.state()
        assert plain.call(f"messages/{i}", "DELETE").status_code == 403
        assert plain.call(f"messages/{i}", "POST").status_code == 403
        assert box.state() == before
        assert len(workspace.server.wrong) == 2

    def test_a_question_too_long_for_a_line(self, workspace: Workspace, client: Client, box: Mailbox) -> None:
        i = box.deliver(mail(1))
        q = " ".join(f"-from:nobody{n}" for n in range(200))
        assert client.ids(q=q) == [i]
        assert len(workspace.server.matching("POST /gmail/v1/users/me/messages")) == 1
        assert workspace.server.wrong == []

    def test_faults_of_the_whole_server(self, workspace: Workspace, client: Client) -> None:
        workspace.server.script([Fault("GET .*profile", how="html"), fault("unavailable", "profile")])
        assert isinstance(client.users.getProfile(userId="me").execute(), str)
        assert refused(client.here)[0] == 503
        client.here()

    def test_many_threads(self, workspace: Workspace, box: Mailbox) -> None:
        def work(number: int) -> list[str]:
            with Client(workspace) as client:
                mine = [box.deliver(mail(number)) for _ in range(20)]
                box.trash(*mine[:5])
                box.remove(*mine[5:10])
                client.ids(maxResults=7)
                client.history("1000")
                assert set(client.batch(*mine[10:]).values()) == {mail(number)}
                return mine[10:]

        with ThreadPoolExecutor(6) as pool:
            kept = [i for ids in pool.map(work, range(6)) for i in ids]
        with Client(workspace) as client:
            assert sorted(client.ids()) == sorted(kept)
        assert workspace.server.wrong == []


def test_the_table_of_a_schedule(workspace: Workspace) -> None:
    (source,) = tomllib.loads(workspace.toml([ADDRESS], ["sent", "deleted"], "patience = 5"))["sources"]
    assert source == {
        "kind": "google",
        "key": f"file:{workspace.key()}",
        "endpoint": workspace.endpoint,
        "ca_bundle": str(workspace.ca),
        "mailboxes": [ADDRESS],
        "folders": ["sent", "deleted"],
        "patience": 5,
    }
