"""The loopback's delta: a true log of changes a folder, and what Graph is known to do wrong with it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from providers.graph import ADDRESS, Graph
from providers.microsoft import Mailbox, Tenant

DELTA = "/mailFolders/sentitems/messages/delta"
SELECT = f"{DELTA}?$select=subject,isRead,changeKey"


def mail(number: int) -> bytes:
    head = b"From: Clerk <%s>\r\nSubject: Footpath %d\r\nMessage-ID: <%d@thorrington.example.org>\r\n\r\nThe hedge.\r\n"
    return head % (ADDRESS.encode(), number, number)


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[Tenant]:
    with Tenant(tmp_path) as tenant:
        yield tenant
        assert tenant.server.wrong == []


@pytest.fixture
def box(tenant: Tenant) -> Mailbox:
    return tenant.mailbox(ADDRESS, "Ann Marsh")


@pytest.fixture
def graph(tenant: Tenant, box: Mailbox) -> Iterator[Graph]:
    with Graph(tenant) as graph:
        yield graph


def told(entries: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(entry["id"], entry["@removed"]["reason"] if "@removed" in entry else "") for entry in entries]


def test_a_first_round_tells_everything_once(box: Mailbox, graph: Graph) -> None:
    ids = [box.deliver(mail(number)) for number in range(25)]
    entries, _, pages = graph.round(SELECT, 10)
    assert told(entries) == [(i, "") for i in ids]
    assert pages == 3
    assert entries[3]["subject"] == "Footpath 3"
    assert set(entries[3]) == {"@odata.type", "@odata.etag", "id", "subject", "isRead", "changeKey"}


def test_an_empty_folder_has_a_delta_link_too(graph: Graph) -> None:
    entries, link, pages = graph.round(SELECT)
    assert (entries, pages) == ([], 1)
    assert graph.round(link)[0] == []


def test_ten_stand_on_a_page_unless_it_is_said(box: Mailbox, graph: Graph) -> None:
    for number in range(25):
        box.deliver(mail(number))
    first = graph.json(SELECT)
    second = graph.json(first["@odata.nextLink"])
    assert [len(page["value"]) for page in (first, second)] == [10, 10]


def test_links_are_opaque_and_name_keys_in_brackets(box: Mailbox, graph: Graph) -> None:
    _, link, _ = graph.round(SELECT)
    at, _, token = link.partition("?$deltatoken=")
    assert f"/users('{ADDRESS.replace('@', '%40')}')/mailFolders('{box.folder('sentitems')}')" in at
    assert "%2B" in token
    assert "|" in token


def test_what_was_changed_moved_and_removed(box: Mailbox, graph: Graph) -> None:
    ids = [box.deliver(mail(number)) for number in range(6)]
    first, link, _ = graph.round(SELECT)
    box.touch(ids[0])
    assert box.move(ids[1], "Projects/Hall/2026") == ids[1]
    box.remove(ids[2])
    box.recycle(ids[3])
    box.change(ids[4], mail(44))
    new = box.deliver(mail(77))
    entries, link, _ = graph.round(link)
    assert sorted(told(entries)) == sorted(
        [(ids[0], ""), (ids[1], "changed"), (ids[2], "deleted"), (ids[3], "changed"), (ids[4], ""), (new, "")]
    )
    keys = {entry["id"]: entry["changeKey"] for entry in first}
    assert entries[0]["changeKey"] != keys[ids[0]]
    assert entries[0]["isRead"] is False
    assert [entry["subject"] for entry in entries if entry["id"] == ids[4]] == ["Footpath 44"]
    assert graph.round(link)[0] == []


def test_the_folder_it_went_to_tells_of_it(box: Mailbox, graph: Graph) -> None:
    i = box.deliver(mail(1))
    path = f"/mailFolders/{box.folder('Projects/Hall/2026')}/messages/delta?$select=parentFolderId"
    _, link, _ = graph.round(path)
    box.move(i, "Projects/Hall/2026")
    ((entry),), _, _ = graph.round(link)
    assert (entry["id"], entry["parentFolderId"]) == (i, box.folder("Projects/Hall/2026"))


def test_a_purge_is_seen_in_three_folders(box: Mailbox, graph: Graph) -> None:
    i = box.deliver(mail(1))
    names = ("sentitems", "deleteditems", "recoverableitemsdeletions")
    box.recycle(i)
    box.purge(i)
    rounds = [graph.round(f"/mailFolders/{name}/messages/delta?$select=id")[0] for name in names]
    assert [told(entries) for entries in rounds] == [[], [], [(i, "")]]


def test_many_changes_of_one_message_are_told_once(box: Mailbox, graph: Graph) -> None:
    i = box.deliver(mail(1))
    _, link, _ = graph.round(SELECT)
    for _ in range(9):
        box.touch(i)
    assert told(graph.round(link)[0]) == [(i, "")]


def test_changes_in_the_middle_of_a_round(box: Mailbox, graph: Graph) -> None:
    ids = [box.deliver(mail(number)) for number in range(12)]
    page = graph.json(SELECT)
    box.remove(ids[0])
    box.remove(ids[11])
    box.touch(ids[1])
    late = box.deliver(mail(50))
    entries, _, _ = graph.round(page["@odata.nextLink"])
    assert told(entries) == [(ids[10], ""), (ids[0], "deleted"), (ids[11], "deleted"), (ids[1], ""), (late, "")]


def test_a_message_that_went_and_came_back_is_only_removed(box: Mailbox, graph: Graph) -> None:
    i = box.deliver(mail(1))
    _, link, _ = graph.round(SELECT)
    box.move(i, "inbox")
    box.move(i, "sentitems")
    entries, link, _ = graph.round(link)
    assert told(entries) == [(i, "changed")]
    assert graph.json(f"/messages/{i}?$select=parentFolderId")["parentFolderId"] == box.folder("sentitems")
    assert told(graph.round(SELECT)[0]) == [(i, "")], "a first round knows better"
    assert graph.round(link)[0] == []


def test_nor_is_it_told_when_it_comes_back_a_round_later(box: Mailbox, graph: Graph) -> None:
    i = box.deliver(mail(1))
    _, link, _ = graph.round(SELECT)
    box.move(i, "inbox")
    entries, link, _ = graph.round(link)
    assert told(entries) == [(i, "changed")]
    box.move(i, "sentitems")
    assert graph.round(link)[0] == []


def test_unless_the_service_remembers(box: Mailbox, graph: Graph) -> None:
    box.forgets_returns = False
    i = box.deliver(mail(1))
    _, link, _ = graph.round(SELECT)
    box.move(i, "inbox")
    box.move(i, "sentitems")
    assert told(graph.round(link)[0]) == [(i, "")]


def test_a_link_keeps_its_selection(box: Mailbox, graph: Graph) -> None:
    _, link, _ = graph.round(f"{DELTA}?$select=subject")
    box.deliver(mail(1))
    ((entry),), _, _ = graph.round(link)
    assert set(entry) == {"@odata.type", "@odata.etag", "id", "subject"}


def test_partial_updates_hold_what_changed(box: Mailbox, graph: Graph) -> None:
    box.partial = True
    i, other = box.deliver(mail(1)), box.deliver(mail(2))
    first, link, _ = graph.round(SELECT)
    assert all("subject" in entry for entry in first)
    box.touch(i)
    box.change(other, mail(3))
    entries, _, _ = graph.round(link)
    assert set(entries[0]) == {"@odata.type", "@odata.etag", "id", "isRead", "changeKey"}
    assert entries[1]["subject"] == "Footpath 3"


def test_entries_may_be_told_again(box: Mailbox, graph: Graph) -> None:
    box.replays = 2
    ids = [box.deliver(mail(number)) for number in range(7)]
    entries, link, _ = graph.round(SELECT, 4)
    assert len(entries) > 7
    assert {entry["id"] for entry in entries} == set(ids)
    again, link, _ = graph.round(link, 4)
    assert [i for i, _ in told(again)] == ids[-2:]
    box.remove(ids[-1])
    again, _, _ = graph.round(link, 4)
    assert told(again)[-1] == (ids[-1], "deleted")


def test_pages_may_be_empty(box: Mailbox, graph: Graph) -> None:
    box.empty_pages = 3
    i = box.deliver(mail(1))
    entries, link, pages = graph.round(SELECT)
    assert (told(entries), pages) == ([(i, "")], 4)
    assert graph.round(link)[2] == 4


def test_links_may_run_in_a_circle(box: Mailbox, graph: Graph) -> None:
    box.deliver(mail(1))
    box.loops = "link"
    first = graph.json(SELECT)
    second = graph.json(first["@odata.nextLink"])
    assert second["@odata.nextLink"] == first["@odata.nextLink"]
    box.loops = "items"
    third = graph.json(second["@odata.nextLink"])
    assert third["@odata.nextLink"] != second["@odata.nextLink"]
    assert third["value"] == second["value"]


def test_links_may_lead_elsewhere(box: Mailbox, graph: Graph) -> None:
    box.links_to = "https://elsewhere.example"
    assert graph.json(SELECT)["@odata.deltaLink"].startswith("https://elsewhere.example/v1.0/users(")


def test_is_read_may_be_text(box: Mailbox, graph: Graph) -> None:
    box.sloppy = True
    box.deliver(mail(1))
    assert graph.json(SELECT)["value"][0]["isRead"] == "true"


@pytest.mark.parametrize("code", ["SyncStateNotFound", "syncStateInvalid", "ResyncRequired"])
@pytest.mark.parametrize("location", [True, False])
def test_a_state_that_is_forgotten(box: Mailbox, graph: Graph, code: str, location: bool) -> None:
    i = box.deliver(mail(1))
    _, link, _ = graph.round(SELECT)
    box.forget(location=location, code=code)
    answer = graph.read(link)
    assert (answer.status_code, answer.json()["error"]["code"]) == (410, code)
    assert ("Location" in answer.headers) is location
    if location:
        entries, _, _ = graph.round(answer.headers["Location"])
        assert told(entries) == [(i, "")]
    assert told(graph.round(SELECT)[0]) == [(i, "")]


def test_a_next_link_may_be_forgotten_too(box: Mailbox, graph: Graph) -> None:
    for number in range(30):
        box.deliver(mail(number))
    link = graph.json(SELECT)["@odata.nextLink"]
    box.forget()
    assert graph.code(link) == (410, "SyncStateNotFound")


def test_a_round_may_ask_for_some_kinds_of_change(box: Mailbox, graph: Graph) -> None:
    ids = [box.deliver(mail(number)) for number in range(3)]
    links = {
        kind: graph.round(f"{DELTA}?$select=id&changeType={kind}")[1] for kind in ("created", "updated", "deleted")
    }
    box.touch(ids[0])
    box.remove(ids[1])
    new = box.deliver(mail(9))
    found = {kind: told(graph.round(link)[0]) for kind, link in links.items()}
    assert found == {"created": [(new, "")], "updated": [(ids[0], "")], "deleted": [(ids[1], "deleted")]}


def test_a_filtered_round_ends_at_five_thousand(box: Mailbox, graph: Graph) -> None:
    at = datetime(2026, 11, 2, 9, 14, tzinfo=UTC)
    for number in range(5010):
        box.deliver(mail(1), received=at + timedelta(minutes=number))
    early = graph.round(f"{DELTA}?$select=id&$filter=receivedDateTime ge 2026-11-02T10:14:00Z", 1000)[0]
    assert len(early) == 5010 - 60
    assert len(graph.round(f"{DELTA}?$select=id&$filter=receivedDateTime ge 2026-01-01T00:00:00Z", 1000)[0]) == 5000
    assert len(graph.round(f"{DELTA}?$select=id", 1000)[0]) == 5010


def test_the_size_may_be_asked_for(box: Mailbox, graph: Graph) -> None:
    box.deliver(mail(1))
    size = "$expand=singleValueExtendedProperties($filter=id eq 'Integer 0x0E08')"
    ((entry),), _, _ = graph.round(f"{DELTA}?$select=id&{size}")
    (said,) = entry["singleValueExtendedProperties"]
    assert said["id"] == "Integer 0xe08"
    assert int(said["value"]) >= len(mail(1))


def test_a_page_with_bodies_may_be_too_big(box: Mailbox, graph: Graph) -> None:
    box.heavy = 20
    wide = 'IdType="ImmutableId", odata.maxpagesize=40'
    assert graph.code(DELTA, prefer=wide) == (504, "UnknownError")
    assert graph.read(DELTA, prefer=wide.replace("40", "20")).status_code == 200
    assert graph.read(SELECT, prefer=wide).status_code == 200


def test_one_message_may_spoil_its_page(box: Mailbox, graph: Graph) -> None:
    i = box.deliver(mail(1))
    box.spoil(i, "page")
    assert graph.code(SELECT) == (500, "InternalServerError")
    box.mend(i)
    assert told(graph.round(SELECT)[0]) == [(i, "")]


def test_a_round_costs_what_changed(box: Mailbox, graph: Graph) -> None:
    ids = [box.deliver(mail(number)) for number in range(20_000)]
    began = time.monotonic()
    entries, link, _ = graph.round(SELECT, 1000)
    assert len(entries) == 20_000
    assert time.monotonic() - began < 15
    box.touch(ids[7])
    began = time.monotonic()
    assert told(graph.round(link)[0]) == [(ids[7], "")]
    assert time.monotonic() - began < 1
