"""The loopback's Graph: folders, messages, MIME, attachments, batches, refusals, and what it notes as careless."""

from __future__ import annotations

import base64
import time
import tomllib
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from providers.graph import ADDRESS, Graph
from providers.loopback import Fault
from providers.microsoft import CLOSED, IMMUTABLE, MIME, Limits, Mailbox, Tenant


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[Tenant]:
    with Tenant(tmp_path) as tenant:
        yield tenant


@pytest.fixture
def box(tenant: Tenant) -> Mailbox:
    return tenant.mailbox(ADDRESS, "Ann Marsh")


@pytest.fixture
def graph(tenant: Tenant, box: Mailbox) -> Iterator[Graph]:
    with Graph(tenant) as graph:
        yield graph


def mail(number: int, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = f"Ann Marsh <{ADDRESS}>"
    message["To"] = "A. Resident <resident@example.com>, other@example.com"
    message["Date"] = "Mon, 02 Nov 2026 09:14:00 +0100"
    message["Subject"] = f"The café, {number}"
    message["Message-ID"] = f"<{number}@thorrington.example.org>"
    for name, value in headers.items():
        message[name] = value
    message.set_content("Dear resident,\n\nthe hedge.\n")
    return message.as_bytes()


def full() -> bytes:
    """A message with every kind of part."""
    inner = EmailMessage()
    inner["Subject"] = "What you wrote"
    inner.set_content("Please cut it.\n")
    message = EmailMessage()
    message["From"] = ADDRESS
    message["Subject"] = "All"
    message.set_content("Plain.\n")
    message.add_alternative("<p>Rich &amp; plain.</p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    message.add_attachment(b"GIF8", maintype="image", subtype="gif", disposition="inline", cid="<logo>")
    message.add_attachment(inner)
    return message.as_bytes()


# Folders


def names(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["displayName"] for entry in entries]


def test_folders_come_ten_at_a_time(tenant: Tenant, graph: Graph) -> None:
    page = graph.json("/mailFolders")
    assert len(page["value"]) == 10
    everything = graph.all("/mailFolders")
    assert len(everything) == 12
    assert names(everything)[:3] == ["Inbox", "Drafts", "Sent Items"]
    assert "Yammer Root" not in names(everything)
    assert "Yammer Root" in names(graph.all("/mailFolders?includeHiddenFolders=true&$top=100"))
    assert tenant.server.wrong == []


def test_folders_that_are_not_below_the_root(box: Mailbox, graph: Graph) -> None:
    root = graph.json("/mailFolders/msgfolderroot")
    deletions = graph.json("/mailFolders/recoverableitemsdeletions")
    assert deletions["parentFolderId"] != root["id"]
    assert deletions["id"] not in {entry["id"] for entry in graph.all("/mailFolders?includeHiddenFolders=true")}
    assert graph.json("/mailFolders/ArchiveMsgFolderRoot")["id"] == root["id"]
    assert graph.json("/mailFolders/SentItems")["id"] == box.folder("sentitems")


def test_folders_inside_folders(box: Mailbox, graph: Graph) -> None:
    deep = box.folder("Projects/Hall/2026/Roof/Slates")
    at = box.folder("Projects")
    for name in ("Hall", "2026", "Roof", "Slates"):
        (inside,) = graph.all(f"/mailFolders/{at}/childFolders")
        assert (inside["displayName"], inside["parentFolderId"]) == (name, at)
        at = inside["id"]
    assert at == deep
    for number in range(12):
        box.folder(f"Projects/{number}")
    assert len(graph.json(f"/mailFolders/{box.folder('Projects')}/childFolders")["value"]) == 10
    assert len(graph.all(f"/mailFolders/{box.folder('Projects')}/childFolders")) == 13


def test_a_folder_counts(box: Mailbox, graph: Graph) -> None:
    box.deliver(mail(1))
    box.deliver(mail(2), read=False)
    facts = graph.json("/mailFolders/sentitems")
    assert (facts["totalItemCount"], facts["unreadItemCount"], facts["isHidden"]) == (2, 1, False)
    assert graph.json("/mailFolders/conversationhistory")["childFolderCount"] == 0, "the hidden one is not counted"
    assert set(graph.json("/mailFolders/inbox?$select=displayName")) == {"@odata.context", "id", "displayName"}


def test_names_are_in_the_owners_language(tenant: Tenant) -> None:
    tenant.mailbox("kontor@thorrington.example.org", locale="de")
    with Graph(tenant, address="kontor@thorrington.example.org") as graph:
        assert graph.json("/mailFolders/sentitems")["displayName"] == "Gesendete Elemente"


def test_a_search_folder_shows_what_lies_elsewhere(box: Mailbox, graph: Graph) -> None:
    i = box.deliver(mail(1), read=False)
    (found,) = [entry for entry in graph.all("/mailFolders") if "@odata.type" in entry]
    assert found["@odata.type"] == "#microsoft.graph.mailSearchFolder"
    assert found["totalItemCount"] == 1
    assert [entry["id"] for entry in graph.all(f"/mailFolders/{found['id']}/messages")] == [i]
    assert graph.read(f"/mailFolders/{found['id']}/messages/delta").status_code == 400


def test_folders_are_renamed_moved_and_dropped(box: Mailbox, graph: Graph) -> None:
    i = box.deliver(mail(1), "Projects/Hall")
    hall, projects = box.folder("Projects/Hall"), box.folder("Projects")
    box.rename(hall, "Village hall")
    box.transfer(hall, "archive")
    assert graph.json(f"/mailFolders/{hall}")["parentFolderId"] == box.folder("archive")
    box.drop(projects)
    assert graph.code(f"/mailFolders/{projects}") == (404, "ErrorItemNotFound")
    assert graph.read(f"/messages/{i}").status_code == 200
    box.drop("archive")
    assert graph.code(f"/messages/{i}") == (404, "ErrorItemNotFound")


# Messages


def test_a_message(tenant: Tenant, box: Mailbox, graph: Graph) -> None:
    i = box.deliver(mail(1, Cc="Cllr B <b@example.com>"), bcc=["blind@example.com"])
    message = graph.json(f"/messages/{i}")
    assert (message["id"], message["subject"]) == (i, "The café, 1")
    assert message["sentDateTime"] == message["receivedDateTime"] == "2026-11-02T08:14:00Z"
    assert message["from"] == {"emailAddress": {"name": "Ann Marsh", "address": ADDRESS}}
    assert [one["emailAddress"]["name"] for one in message["toRecipients"]] == ["A. Resident", "other@example.com"]
    assert message["ccRecipients"] == [{"emailAddress": {"name": "Cllr B", "address": "b@example.com"}}]
    assert [one["emailAddress"]["address"] for one in message["bccRecipients"]] == ["blind@example.com"]
    assert message["internetMessageId"] == "<1@thorrington.example.org>"
    assert message["parentFolderId"] == box.folder("sentitems")
    assert message["bodyPreview"].startswith("Dear resident,")
    assert message["body"]["contentType"] == "html"
    assert message["@odata.etag"] == f'W/"{message["changeKey"]}"'
    assert message["hasAttachments"] is message["isDraft"] is False
    assert not {"uniqueBody", "internetMessageHeaders"} & set(message)
    assert tenant.server.wrong == []


def test_bodies_as_text(box: Mailbox, graph: Graph) -> None:
    i = box.deliver(mail(1))
    prefer = f'{IMMUTABLE}, outlook.body-content-type="text"'
    answer = graph.read(f"/messages/{i}?$select=body", prefer=prefer)
    assert answer.headers["Preference-Applied"] == 'outlook.body-content-type="text"'
    assert answer.json()["body"]["content"].startswith("Dear resident,\n")
    box.ignores_text = True
    answer = graph.read(f"/messages/{i}?$select=body", prefer=prefer)
    assert "Preference-Applied" not in answer.headers
    assert answer.json()["body"]["contentType"] == "html"


def test_headers_of_sent_mail_are_not_given(box: Mailbox, graph: Graph) -> None:
    sent, received = box.deliver(mail(1)), box.deliver(mail(2), "inbox")
    box.move(sent, "Projects")
    assert "internetMessageHeaders" not in graph.json(f"/messages/{sent}?$select=internetMessageHeaders")
    headers = graph.json(f"/messages/{received}?$select=internetMessageHeaders")["internetMessageHeaders"]
    assert {"name": "Subject", "value": "The café, 2"} in headers


def test_addresses_that_are_none(box: Mailbox, graph: Graph) -> None:
    legacy = "/o=ExchangeLabs/ou=Exchange Administrative Group/cn=Recipients/cn=ann"
    i = box.deliver(mail(1), address_of={ADDRESS: legacy, "other@example.com": None})
    message = graph.json(f"/messages/{i}?$select=from,toRecipients")
    assert message["from"]["emailAddress"]["address"] == legacy
    assert [one["emailAddress"].get("address") for one in message["toRecipients"]] == ["resident@example.com", None]


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"Subject: =?x?q?=FF?=\r\nDate: never\r\n\r\n\xff", b"From: @\r\nTo: <<>\n\n"]
)
def test_a_message_that_is_hardly_one(tenant: Tenant, box: Mailbox, graph: Graph, raw: bytes) -> None:
    i = box.deliver(raw)
    message = graph.json(f"/messages/{i}")
    assert message["sentDateTime"] == message["receivedDateTime"] == message["createdDateTime"]
    assert graph.read(f"/messages/{i}/$value").content == raw
    assert tenant.server.wrong == []


def test_a_list(box: Mailbox, graph: Graph) -> None:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    ids = [box.deliver(mail(number), received=at.replace(day=number + 1)) for number in range(25)]
    path = "/mailFolders/sentitems/messages"
    page = graph.json(f"{path}?$select=subject&$count=true")
    assert [entry["id"] for entry in page["value"]] == ids[:-11:-1], "newest first"
    assert page["@odata.count"] == 25
    assert [entry["id"] for entry in graph.all(f"{path}?$top=7&$select=id")] == ids[::-1]
    assert graph.json(f"{path}?$top=7&$skip=21")["value"][-1]["id"] == ids[0]
    box.deliver(mail(1), "inbox")
    assert len(graph.all("/messages?$top=20")) == 26


def test_a_list_filtered_and_sorted(box: Mailbox, graph: Graph) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    ids = [box.deliver(mail(number), sent=at.replace(day=number + 1)) for number in range(9)]
    path = "/mailFolders/sentitems/messages?$filter="
    found = graph.all(f"{path}sentDateTime ge 2026-11-04T00:00:00Z and sentDateTime lt 2026-11-06T00:00:00Z")
    assert {entry["id"] for entry in found} == set(ids[3:5])
    found = graph.all(f"{path}sentDateTime ge 2026-11-04T00:00:00Z&$orderby=sentDateTime desc&$top=2")
    assert [entry["id"] for entry in found] == ids[:2:-1]
    (one,) = graph.all(f"{path}internetMessageId eq '<5@thorrington.example.org>'")
    assert one["id"] == ids[5]
    refused = graph.code(f"{path}isRead eq true&$orderby=sentDateTime")
    assert refused == (400, "InefficientFilter")


def test_ids_of_two_kinds(tenant: Tenant, box: Mailbox, graph: Graph) -> None:
    i = box.deliver(mail(1))
    other = graph.json(f"/messages/{i}?$select=id", prefer="")["id"]
    assert other != i
    assert len(tenant.server.wrong) == 1
    assert graph.json(f"/messages/{other}?$select=id")["id"] == i
    box.move(i, "inbox")
    assert graph.code(f"/messages/{other}") == (404, "ErrorItemNotFound")
    assert graph.json(f"/messages/{i}?$select=parentFolderId")["parentFolderId"] == box.folder("inbox")


def test_ids_differ_in_case_alone(box: Mailbox) -> None:
    ids = [box.deliver(mail(number)) for number in range(300)]
    assert len({i.lower() for i in ids}) < len(set(ids)) == 300


def test_an_id_of_another_mailbox_is_not_found(tenant: Tenant, graph: Graph) -> None:
    other = tenant.mailbox("rfo@thorrington.example.org").deliver(mail(1))
    assert graph.code(f"/messages/{other}") == (404, "ErrorItemNotFound")
    assert tenant.server.wrong == []


@pytest.mark.parametrize("path", ["/messages/nonsense", "/mailFolders/Sent Items", "/mailFolders/sent/messages"])
def test_what_is_no_id_is_noted(tenant: Tenant, graph: Graph, path: str) -> None:
    assert graph.code(path) == (400, "ErrorInvalidIdMalformed")
    assert len(tenant.server.wrong) == 1


# MIME


def test_the_bytes_it_came_as(box: Mailbox, graph: Graph, tmp_path: Path) -> None:
    odd = b"Subject: \xff\r\n\r\n\x00\x01 bare\nlines\r"
    path = tmp_path / "big.eml"
    path.write_bytes(mail(2))
    for raw, given in ((odd, odd), (mail(2), path)):
        answer = graph.read(f"/messages/{box.deliver(given)}/$value")
        assert (answer.content, answer.headers["Content-Type"]) == (raw, "text/plain")


@pytest.mark.parametrize("how", MIME)
def test_bytes_that_are_refused(box: Mailbox, graph: Graph, how: str) -> None:
    i = box.deliver(mail(1), mime=how)
    assert graph.code(f"/messages/{i}/$value") == (MIME[how].status, MIME[how].code)
    assert graph.json(f"/messages/{i}?$select=subject")["subject"] == "The café, 1"
    box.mend(i, mail(7))
    assert graph.read(f"/messages/{i}/$value").content == mail(7)
    box.spoil(i, "empty")
    assert graph.read(f"/messages/{i}/$value").content == b""


def test_a_very_big_message_is_sent_without_a_copy(box: Mailbox, graph: Graph) -> None:
    raw = mail(1) + b"x" * (150 * 1024 * 1024)
    i = box.deliver(raw)
    tracemalloc.start()
    try:
        with graph.read(f"/messages/{i}/$value", stream=True) as answer:
            size = sum(len(chunk) for chunk in answer.iter_content(1 << 16))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size == len(raw)
    assert peak < 8 * 1024 * 1024


# Attachments


def test_attachments_of_three_kinds(tenant: Tenant, box: Mailbox, graph: Graph) -> None:
    i = box.deliver(full(), cloud=["Invoice.docx"])
    pdf, logo, item, cloud = graph.all(f"/messages/{i}/attachments")
    assert [one["@odata.type"].rpartition(".")[2] for one in (pdf, item, cloud)] == [
        "fileAttachment",
        "itemAttachment",
        "referenceAttachment",
    ]
    assert (pdf["name"], pdf["contentType"], pdf["size"], pdf["isInline"]) == ("a.pdf", "application/pdf", 4, False)
    assert base64.b64decode(pdf["contentBytes"]) == b"%PDF"
    assert (logo["isInline"], logo["contentId"]) == (True, "logo")
    assert (item["name"], "contentBytes" in item) == ("What you wrote", False)
    assert graph.json(f"/messages/{i}?$select=hasAttachments")["hasAttachments"] is True
    at = f"/messages/{i}/attachments/"
    assert graph.read(f"{at}{pdf['id']}/$value").content == b"%PDF"
    assert b"Please cut it." in graph.read(f"{at}{item['id']}/$value").content
    assert graph.read(f"{at}{cloud['id']}/$value").status_code == 405
    inside = graph.json(f"{at}{item['id']}?$expand=microsoft.graph.itemattachment/item")["item"]
    assert (inside["subject"], inside["id"]) == ("What you wrote", "")
    assert graph.code(f"{at}nonsense") == (404, "ErrorItemNotFound")
    assert tenant.server.wrong == []


def test_attachments_without_their_bytes(box: Mailbox, graph: Graph) -> None:
    i = box.deliver(full())
    for one in graph.all(f"/messages/{i}/attachments?$select=id,name,size"):
        assert set(one) == {"@odata.type", "id", "name", "size"}


def test_inline_pictures_alone_are_no_attachments(box: Mailbox, graph: Graph) -> None:
    message = EmailMessage()
    message.set_content("<p>Hello</p>", subtype="html")
    message.add_related(b"GIF8", maintype="image", subtype="gif", cid="<logo>")
    i = box.deliver(message.as_bytes())
    assert graph.json(f"/messages/{i}?$select=hasAttachments")["hasAttachments"] is False


# Batches


def batch(graph: Graph, items: list[dict[str, Any]], prefer: bool = True) -> Any:
    head = {"headers": {"Prefer": IMMUTABLE}} if prefer else {}
    document = {"requests": [{"id": str(number), "method": "GET"} | head | item for number, item in enumerate(items)]}
    return graph.read(f"{graph.tenant.endpoint}/$batch", method="POST", json=document, prefer="")


def test_a_batch_comes_in_another_order(tenant: Tenant, box: Mailbox, graph: Graph) -> None:
    ids = [box.deliver(mail(number)) for number in range(3)]
    at = f"/users/{ADDRESS}/messages"
    answer = batch(graph, [*({"url": f"{at}/{i}?$select=subject"} for i in ids), {"url": f"{at}/{ids[0]}/$value"}])
    replies = answer.json()["responses"]
    assert [reply["id"] for reply in replies] == ["3", "2", "1", "0"]
    assert replies[2]["body"]["subject"] == "The café, 1"
    assert base64.b64decode(replies[0]["body"]) == mail(0)
    assert tenant.server.wrong == []


def test_items_of_a_batch_fail_each_by_itself(tenant: Tenant, box: Mailbox, graph: Graph) -> None:
    i = box.deliver(mail(1))
    url = f"/users/{ADDRESS}/messages/{i}"
    tenant.item_faults = [Fault("isRead", status=429, body={"error": {"code": "x"}}, headers={"Retry-After": "7"})]
    items: list[dict[str, Any]] = [
        {"url": f"{url}?$select=isRead"},
        {"url": url, "dependsOn": ["0"]},
        {"url": url + "x"},
        {"url": url},
    ]
    replies = {reply["id"]: reply for reply in batch(graph, items).json()["responses"]}
    assert [replies[str(number)]["status"] for number in range(4)] == [429, 424, 400, 200]
    assert replies["0"]["headers"]["Retry-After"] == "7"


def test_a_batch_that_is_none(tenant: Tenant, box: Mailbox, graph: Graph) -> None:
    url = f"/users/{ADDRESS}/messages/{box.deliver(mail(1))}?$select=id"
    assert batch(graph, [{"url": url}] * 21).status_code == 400
    assert batch(graph, [{"url": url, "id": "1"}] * 2).status_code == 400
    assert len(tenant.server.wrong) == 2
    (reply,) = batch(graph, [{"url": url}], prefer=False).json()["responses"]
    assert reply["status"] == 200
    assert len(tenant.server.wrong) == 3, "each item needs the preference"


# Refusals


@pytest.mark.parametrize("how", CLOSED)
def test_a_closed_mailbox(tenant: Tenant, box: Mailbox, graph: Graph, how: str) -> None:
    box.close(how)
    answer = graph.read("/mailFolders")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (CLOSED[how].status, CLOSED[how].code)
    assert "{}" not in error["message"]
    assert error["innerError"]["request-id"] == answer.headers["request-id"]
    box.open()
    assert graph.read("/mailFolders").status_code == 200
    assert tenant.server.wrong == []


def test_nobody(tenant: Tenant) -> None:
    with Graph(tenant, address="nobody@thorrington.example.org") as graph:
        assert graph.code("/mailFolders") == (404, "ErrorInvalidUser")


def test_roles(tenant: Tenant, box: Mailbox, graph: Graph) -> None:
    i = box.deliver(mail(1))
    tenant.roles = None
    graph.sign_in()
    assert graph.code("/mailFolders") == (403, "ErrorAccessDenied")
    tenant.scoped = {ADDRESS}
    assert graph.read("/mailFolders").status_code == 200
    tenant.scoped, tenant.roles = None, ["Mail.ReadBasic.All"]
    graph.sign_in()
    assert "body" not in graph.json(f"/messages/{i}")
    assert graph.code(f"/messages/{i}/$value") == (403, "ErrorAccessDenied")


def test_a_user_needs_a_role_of_its_own(tenant: Tenant, box: Mailbox, graph: Graph) -> None:
    assert graph.code("") == (403, "Authorization_RequestDenied")
    tenant.roles = ["Mail.Read", "User.Read.All"]
    graph.sign_in()
    assert graph.json("?$select=displayName,accountEnabled")["accountEnabled"] is True
    assert graph.json("")["id"] == box.user_id
    with Graph(tenant, address=box.user_id.upper()) as other:
        assert other.code("") == (404, "Request_ResourceNotFound")
    with Graph(tenant, address=box.user_id) as same:
        assert same.json("")["mail"] == ADDRESS


def test_too_many_requests(tenant: Tenant, box: Mailbox, graph: Graph) -> None:
    box.limits = Limits(rate=5, window=60)
    for _ in range(5):
        assert graph.read("/mailFolders").status_code == 200
    answer = graph.read("/mailFolders")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    box.limits = Limits()
    assert graph.read("/mailFolders").status_code == 200
    assert box.throttled == tenant.throttled == 1


def test_a_rate_lets_go_again(box: Mailbox, graph: Graph) -> None:
    box.limits = Limits(rate=2, window=0.5)
    assert [graph.read("/mailFolders").status_code for _ in range(3)] == [200, 200, 429]
    time.sleep(0.6)
    assert graph.read("/mailFolders").status_code == 200


def test_too_many_at_one_time(box: Mailbox, graph: Graph) -> None:
    box.limits = Limits(in_flight=4, delay=0.5)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: graph.read("/mailFolders/inbox"), range(8)))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) >= 4
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert (refused.json()["error"]["code"], refused.headers["Retry-After"]) == ("ApplicationThrottled", "1")
    assert (box.most_in_flight, box.throttled) == (4, statuses.count(429))


# What is careless


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("/mailFolders/sentitems/messages/delta?$top=50", {}),
        ("/mailFolders/sentitems/messages/delta?$search=x", {}),
        ("/mailFolders/sentitems/messages/delta?$orderby=subject", {}),
        ("/mailFolders/sentitems/messages/delta?$filter=isRead eq true", {}),
        ("/mailFolders/sentitems/messages/delta?$deltatoken=made-up", {}),
        ("/mailFolders/sentitems/messages/delta?$select=size", {}),
        ("/mailFolders/sentitems/messages?top=50", {}),
        ("/mailFolders/sentitems/messages?$top=1001", {}),
        ("/mailFolders/sentitems/messages?$top=0", {}),
        ("/mailFolders/sentitems/messages?$top=2&$top=3", {}),
        ("/mailFolders/sentitems/messages?$filter=size gt 5", {}),
        ("/mailFolders/sentitems/messages?$filter=receivedDateTime ge '2026-01-01T00:00:00Z'", {}),
        ("/mailFolders?$filter=displayName eq 'x'", {}),
        ("/mailFolders?includeHiddenFolders=yes", {}),
        ("/mailFolders", {"prefer": 'IdType="immutableid"'}),
        ("/mailFolders", {"prefer": f"{IMMUTABLE}, odata.maxPageSize=5"}),
        ("/mailFolders", {"method": "POST"}),
        ("/mailFolders/inbox", {"method": "DELETE"}),
    ],
)
def test_a_careless_request_is_noted(tenant: Tenant, graph: Graph, path: str, facts: dict[str, str]) -> None:
    assert graph.read(path, **facts).status_code == 400
    assert len(tenant.server.wrong) == 1


@pytest.mark.parametrize("path", ["/mailfolders", "/calendar", "/messages/delta", "/mailFolders/inbox/messages/x/y"])
def test_a_path_that_there_is_not_is_noted(tenant: Tenant, graph: Graph, path: str) -> None:
    assert graph.read(path).status_code == 404
    assert len(tenant.server.wrong) == 1


@pytest.mark.parametrize(("path", "status"), [("/v1.0/me/messages", 400), ("/beta/users", 404), ("/v1.0/users", 404)])
def test_a_path_outside_mailboxes_is_noted(tenant: Tenant, graph: Graph, path: str, status: int) -> None:
    assert graph.read(tenant.authority + path).status_code == status
    assert len(tenant.server.wrong) == 1


def test_a_token_that_was_decoded_once_too_often_is_noted(tenant: Tenant, box: Mailbox, graph: Graph) -> None:
    _, link, _ = graph.round("/mailFolders/sentitems/messages/delta")
    assert graph.read(link.replace("%2B", "+")).status_code == 400
    assert graph.read(link + "&$select=id").status_code == 400
    other = link.replace(box.folder("sentitems"), box.folder("inbox"))
    assert graph.read(other).status_code == 400
    assert len(tenant.server.wrong) == 3
    assert graph.read(link).status_code == 200


def test_a_call_without_a_token_is_noted(tenant: Tenant, graph: Graph) -> None:
    with graph.session.get(f"{graph.root}/mailFolders", timeout=10) as answer:
        assert answer.status_code == 400
    assert len(tenant.server.wrong) == 1


@pytest.mark.parametrize(
    "path", ["/mailFolders", "/mailFolders/inbox", "/mailFolders/inbox/messages", "/mailFolders/inbox/messages/delta"]
)
def test_a_request_without_immutable_ids_is_noted(tenant: Tenant, box: Mailbox, graph: Graph, path: str) -> None:
    box.deliver(mail(1), "inbox")
    assert graph.read(path, prefer="").status_code == 200
    assert len(tenant.server.wrong) == 1


def test_preferences_may_stand_in_several_headers(tenant: Tenant, graph: Graph) -> None:
    assert graph.read("/mailFolders", prefer=f'outlook.timezone="UTC",{IMMUTABLE}').status_code == 200
    assert tenant.server.wrong == []


# The whole


def test_faults_are_scripted(tenant: Tenant, graph: Graph) -> None:
    tenant.server.script([Fault("mailFolders", status=503, body={"error": {"code": "ServiceUnavailable"}})])
    assert graph.code("/mailFolders") == (503, "ServiceUnavailable")
    assert graph.read("/mailFolders").status_code == 200


def test_reading_changes_nothing(box: Mailbox, graph: Graph) -> None:
    i = box.deliver(mail(1), read=False)
    box.copy(i, "inbox")
    before = box.state()
    graph.round("/mailFolders/sentitems/messages/delta")
    graph.read(f"/messages/{i}/$value")
    graph.all("/messages")
    assert box.state() == before
    box.touch(i)
    assert box.state() != before


def test_a_copy_is_another_message(box: Mailbox, graph: Graph) -> None:
    i = box.deliver(mail(1), bcc=["blind@example.com"])
    other = box.copy(i, "inbox")
    assert other != i
    fields = "?$select=subject,bccRecipients,sentDateTime"
    one, two = (graph.json(f"/messages/{each}{fields}") for each in (i, other))
    assert [one[name] for name in ("subject", "bccRecipients")] == [two[name] for name in ("subject", "bccRecipients")]
    box.clear()
    assert graph.all("/messages") == []


def test_a_mailbox_changes_while_it_is_read(tenant: Tenant, box: Mailbox, graph: Graph) -> None:
    def work(_: int) -> int:
        ids = [box.deliver(mail(each)) for each in range(40)]
        for i in ids[::2]:
            box.touch(i)
            box.move(i, "inbox")
        box.remove(ids[1])
        return len(ids)

    def read(_: int) -> int:
        return len(graph.round("/mailFolders/sentitems/messages/delta?$select=id", 20)[0])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: work(number) if number % 2 else read(number), range(12)))
    entries, _, _ = graph.round("/mailFolders/sentitems/messages/delta?$select=id", 20)
    assert len({entry["id"] for entry in entries}) == len(entries) == 6 * 19
    assert len(graph.all("/mailFolders/inbox/messages?$top=100")) == 6 * 20
    assert tenant.server.wrong == []


def test_a_table_for_the_configuration(tenant: Tenant, box: Mailbox) -> None:
    (table,) = tomllib.loads(tenant.toml(folders=["all"], extra="secret_expires = 2027-03-01"))["sources"]
    assert table["secret"] == "env:AUDITOR_M365_SECRET"
    assert table["mailboxes"] == [ADDRESS]
    assert table["folders"] == ["all"]
    (table,) = tomllib.loads(tenant.toml(mailboxes=[], certificate=tenant.certificate()))["sources"]
    assert table["certificate"].startswith("file:/")
    assert "secret" not in table
