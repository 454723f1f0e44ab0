"""Shelves that workbooks are taken to, against servers of their own: both keep one contract, and each has its own refusals."""

from __future__ import annotations

import base64
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from typing import Any

import pytest
from providers.google import READONLY, SENDING, Workspace
from providers.google_drive import SCOPE, GoogleDrive
from providers.loopback import Fault, Loopback
from providers.microsoft import Tenant
from providers.microsoft_drive import Site

from auditor.errors import DeliveryError
from auditor.pipeline.pull import Clock
from auditor.schedule import GoogleSource, MicrosoftSource, source
from auditor.values import replace
from connectors import google_account, microsoft_account
from connectors.delivery import Changed, Gone, Lying, Shelf, Taken
from connectors.delivery.drive import Drive
from connectors.delivery.library import Library
from connectors.delivery.mail import LARGEST, Mail
from connectors.notices import Notice
from connectors.notices.google import Google
from connectors.notices.microsoft import Microsoft

CLERK = "clerk@council.example"
FOLDER = "Mailbox audit"
NAME = "Audit 2026-W47.xlsx"
QUANTUM = 320 * 1024
SMALL = b"PK\x03\x04 a workbook"
STEP = 4 * QUANTUM  # the least that both providers take
LARGE = os.urandom(2 * STEP + 17)
ASKED = "GET /(v1.0|drive)"
SAVED = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@dataclass
class Time:
    """A clock that goes by what is slept."""

    slept: list[float] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        return Clock(lambda: sum(self.slept), self.slept.append)


@dataclass
class Place:
    """A shelf and the server behind it."""

    shelf: Shelf
    server: Loopback
    site: Site | None
    drive: GoogleDrive | None
    time: Time
    piece: str
    """What a call that sends a piece looks like."""

    def holds(self) -> dict[str, bytes]:
        """Files by name."""
        if self.site:
            return {path.removeprefix(f"{FOLDER}/"): file.content for path, file in self.site.files.items()}
        assert self.drive
        return {one.name: one.content for one in self.drive.files.values() if one.parents != ["root"]}

    def save(self, name: str, content: bytes) -> None:
        if self.site:
            self.site.save(f"{FOLDER}/{name}", content, SAVED)
        elif self.drive:
            self.drive.save(name, content, SAVED)

    def delete(self, name: str) -> None:
        if self.site:
            del self.site.files[f"{FOLDER}/{name}"]
        elif self.drive:
            self.drive.named(name).trashed = True

    def fault(self, call: str, **facts: Any) -> None:
        self.server.script([Fault(call, **facts)])


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    with Tenant(tmp_path_factory.mktemp("microsoft")) as made:
        yield made


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace(tmp_path_factory.mktemp("google")) as made:
        made.mailbox(CLERK)
        yield made


def library(tenant: Tenant, monkeypatch: pytest.MonkeyPatch, time: Time, **more: Any) -> Library:
    monkeypatch.setenv("AUDITOR_M365_SECRET", tenant.secret)
    table = source(tomllib.loads(tenant.toml([CLERK]))["sources"][0])
    assert isinstance(table, MicrosoftSource)
    account = microsoft_account(table, tenant.entra.folder / "schedule.toml")
    return Library(
        account, more.get("site", tenant.site.url), FOLDER, time.clock, name="sharepoint", title="SharePoint", step=STEP
    )


def drive(workspace: Workspace, time: Time) -> Drive:
    table = source(tomllib.loads(workspace.toml([CLERK]))["sources"][0])
    assert isinstance(table, GoogleSource)
    return Drive(google_account(table, workspace.folder / "schedule.toml"), CLERK, FOLDER, time.clock, step=STEP)


@pytest.fixture(params=["sharepoint", "drive"])
def place(
    request: pytest.FixtureRequest, tenant: Tenant, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    time = Time()
    if request.param == "sharepoint":
        tenant.site = Site(lambda: tenant.server.base)
        tenant.roles = ["Sites.Selected"]
        made = Place(library(tenant, monkeypatch, time), tenant.server, tenant.site, None, time, "PUT /_api/upload")
    else:
        workspace.drive = GoogleDrive(workspace.server.base)
        workspace.scopes = workspace.allowed = {READONLY, SCOPE}
        made = Place(drive(workspace, time), workspace.server, None, workspace.drive, time, "PUT /upload/drive")
    made.server.faults.clear()
    made.server.calls.clear()
    yield made
    assert made.server.wrong == []


# --- what both keep


def test_what_is_proved_leaves_nothing_there(place: Place) -> None:
    assert FOLDER in place.shelf.prove()
    assert place.holds() == {}
    if place.site:
        assert place.site.sessions == {}
    if place.drive:
        assert place.drive.files == {}


@pytest.mark.parametrize("content", [SMALL, LARGE], ids=["small", "large"])
def test_a_workbook_arrives_whole_and_is_seen_unchanged(place: Place, content: bytes) -> None:
    lying = place.shelf.put(NAME, content)
    assert place.holds() == {NAME: content}
    assert lying.name == NAME
    assert place.shelf.look(lying).version == lying.version
    assert place.shelf.fetch(lying) == content


def test_a_name_that_is_taken_is_never_written_over(place: Place) -> None:
    first = place.shelf.put(NAME, SMALL)
    with pytest.raises(Taken) as taken:
        place.shelf.put(NAME, LARGE)
    assert taken.value.lying == replace(first, version="")
    assert place.holds() == {NAME: SMALL}


@pytest.mark.parametrize("content", [b"another", LARGE], ids=["small", "large"])
def test_what_nobody_has_saved_is_replaced(place: Place, content: bytes) -> None:
    first = place.shelf.put(NAME, SMALL)
    again = place.shelf.replace(first, content)
    assert place.holds() == {NAME: content}
    assert (again.id, again.version != first.version) == (first.id, True)
    assert place.shelf.look(again).version == again.version


def test_what_somebody_has_saved_is_seen_fetched_and_left(place: Place) -> None:
    first = place.shelf.put(NAME, SMALL)
    place.save(NAME, b"decided")
    seen = place.shelf.look(first)
    assert (seen.version != first.version, seen.saved) == (True, SAVED)
    assert place.shelf.fetch(first) == b"decided"
    with pytest.raises(Changed):
        place.shelf.replace(first, LARGE)
    assert place.holds() == {NAME: b"decided"}


def test_what_is_deleted_there_is_gone(place: Place) -> None:
    first = place.shelf.put(NAME, SMALL)
    place.delete(NAME)
    with pytest.raises(Gone):
        place.shelf.look(first)
    with pytest.raises(Gone):
        place.shelf.replace(first, LARGE)
    place.shelf.put(NAME, LARGE)


@pytest.mark.parametrize(
    ("after", "fault"),
    [
        (0, {"how": "reset"}),
        (2, {"how": "reset"}),
        (1, {"how": "cut"}),
        (2, {"how": "cut"}),
        (1, {"status": 503, "body": None}),
        (1, {"status": 416, "body": None}),
        (1, {"status": 429, "body": None, "headers": {"Retry-After": "7"}}),
    ],
)
def test_an_upload_that_breaks_off_is_taken_up_where_it_was(place: Place, fault: dict[str, Any], after: int) -> None:
    place.fault(place.piece, after=after, **fault)
    place.shelf.put(NAME, LARGE)
    assert place.holds() == {NAME: LARGE}
    sent = sum(len(call.body) for call in place.server.matching(place.piece))
    assert sent <= len(LARGE) + STEP
    if fault.get("status") == 429:
        assert place.time.slept == [7.0]


def test_a_token_that_is_no_good_is_renewed_once(place: Place) -> None:
    place.fault(ASKED, status=401, body=None)
    assert place.shelf.prove()
    place.fault(ASKED, status=401, body=None, times=None)
    with pytest.raises(DeliveryError, match=r"own sign-in|delegate the scope"):
        place.shelf.put(NAME, SMALL)
    assert place.holds() == {}


def test_a_service_that_stays_busy_is_left_for_the_night(place: Place) -> None:
    place.fault(ASKED, status=503, body=None, times=None)
    with pytest.raises(DeliveryError, match=r"busy or out of order\. The next night tries again\."):
        place.shelf.put(NAME, SMALL)
    assert 20 < sum(place.time.slept) <= 120


def test_a_service_that_is_busy_again_and_again_is_left_for_the_night(place: Place) -> None:
    place.fault(place.piece, status=429, body=None, headers={"Retry-After": "110"}, times=None)
    with pytest.raises(DeliveryError, match=r"(takes too long|is busy or out of order)\. The next night tries again\."):
        place.shelf.put(NAME, LARGE)
    assert sum(place.time.slept) <= 1100


def test_another_page_that_answers_is_nobody_s_yes(place: Place) -> None:
    place.fault(ASKED, how="html", times=None)
    with pytest.raises(DeliveryError, match="log-in page"):
        place.shelf.put(NAME, SMALL)


def test_what_is_far_larger_than_a_workbook_is_not_fetched(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from connectors.delivery import drive as drive_module
    from connectors.delivery import library as library_module

    lying = place.shelf.put(NAME, LARGE)
    for module in (library_module, drive_module):
        monkeypatch.setattr(module, "LARGEST", 1000)
    with pytest.raises(DeliveryError, match="far larger than a workbook"):
        place.shelf.fetch(lying)


def test_another_page_that_says_404_says_nothing_of_a_file(place: Place) -> None:
    lying = place.shelf.put(NAME, SMALL)
    call = f"GET /.*{lying.id}"
    place.fault(call, status=404, body="<html>Not found</html>", times=None)
    for asked in (place.shelf.look, place.shelf.fetch):
        with pytest.raises(DeliveryError, match="status 404"):
            asked(lying)


def test_a_refusal_of_any_number_is_a_sentence(place: Place) -> None:
    lying = place.shelf.put(NAME, SMALL)
    for status in (400, 409, 412, 418, 451):
        place.server.faults.clear()
        place.fault(ASKED, status=status, body={"error": {"code": "x", "message": "CANARY"}}, times=None)
        for work in (place.shelf.prove, lambda: place.shelf.look(lying), lambda: place.shelf.put("b.xlsx", SMALL)):
            with pytest.raises(DeliveryError, match=f"status {status}") as caught:
                work()
            assert "CANARY" not in str(caught.value)


def test_a_file_without_a_version_is_not_taken_for_the_one_that_is_known(place: Place) -> None:
    lying = place.shelf.put(NAME, SMALL)
    with pytest.raises(Changed):
        place.shelf.replace(replace(lying, version=""), LARGE)
    place.fault(f"GET /.*{lying.id}", status=200, body={"id": lying.id, "name": NAME}, times=None)
    with pytest.raises(DeliveryError, match="log-in page"):
        place.shelf.look(replace(lying, version=""))
    assert place.holds() == {NAME: SMALL}


# --- Microsoft 365 alone


@pytest.fixture
def site(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    tenant.site, tenant.roles = Site(lambda: tenant.server.base), ["Sites.Selected"]
    tenant.server.faults.clear()
    tenant.server.calls.clear()
    yield library(tenant, monkeypatch, Time())
    assert tenant.server.wrong == []


def test_without_the_right_to_write_to_the_site_it_is_said_what_to_give(tenant: Tenant, site: Library) -> None:
    tenant.site.granted = False
    with pytest.raises(DeliveryError, match=r"may not write to .*: give the application Sites\.Selected"):
        site.prove()
    tenant.site.granted, tenant.roles = True, ["Mail.Read"]
    tenant.revoke()
    with pytest.raises(DeliveryError, match=r"give the application Sites\.Selected"):
        site.put(NAME, SMALL)


def test_a_site_that_is_not_there(tenant: Tenant, site: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    other = library(tenant, monkeypatch, Time(), site=f"{tenant.server.base}/sites/another")
    with pytest.raises(DeliveryError, match=r"shows the auditor no site at .*check site in \[reports\.sharepoint\]"):
        other.prove()


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (423, "resourceLocked", "is open in another program"),
        (507, "quotaLimitReached", "no room left"),
        (400, "x", "status 400"),
    ],
)
def test_refusals_are_sentences(tenant: Tenant, site: Library, status: int, code: str, said: str) -> None:
    tenant.server.script(
        [Fault("createUploadSession", status=status, body={"error": {"code": code, "message": "CANARY"}})]
    )
    with pytest.raises(DeliveryError, match=said) as caught:
        site.put(NAME, SMALL)
    assert "CANARY" not in str(caught.value)


def test_a_name_taken_while_it_was_sent(tenant: Tenant, site: Library) -> None:
    tenant.server.script([Fault("PUT /_api/upload", status=409, body={"error": {"code": "upload_name_conflict"}})])
    theirs = tenant.site.put(f"{FOLDER}/{NAME}", b"theirs")
    del tenant.site.files[f"{FOLDER}/{NAME}"]
    tenant.server.route, route = (lambda call: _appears(tenant, call, theirs, route)), tenant.server.route
    try:
        with pytest.raises(Taken) as taken:
            site.put(NAME, SMALL)
    finally:
        tenant.server.route = route
    assert taken.value.lying == Lying(theirs.id, "", NAME)


def _appears(tenant: Tenant, call: Any, theirs: Any, route: Any) -> Any:
    """Somebody else's file is there as soon as the session has begun."""
    answer = route(call)
    if "createUploadSession" in call.target:
        tenant.site.files[theirs.path] = theirs
    return answer


def test_what_has_arrived_and_was_forgotten_is_known_again(tenant: Tenant, site: Library) -> None:
    tenant.site.forgets = True
    lying = site.put(NAME, LARGE)
    assert [file.content for file in tenant.site.files.values()] == [LARGE]
    assert site.look(lying).version == lying.version


def test_a_session_that_is_forgotten_is_begun_anew(tenant: Tenant, site: Library) -> None:
    tenant.server.script([Fault("PUT /_api/upload", after=1, status=404, body=None)])
    site.put(NAME, LARGE)
    assert [file.content for file in tenant.site.files.values()] == [LARGE]
    assert len(tenant.server.matching("createUploadSession")) == 2


def test_nothing_is_sent_to_another_host(tenant: Tenant, site: Library) -> None:
    lying = site.put(NAME, SMALL)
    tenant.site.elsewhere = "https://elsewhere.example"
    with pytest.raises(DeliveryError, match=r"points to another host \(elsewhere\.example\)") as caught:
        site.put("other.xlsx", SMALL)
    with pytest.raises(DeliveryError, match="points to another host"):
        site.fetch(lying)
    assert "tempauth" not in str(caught.value)


# --- Google Drive alone


@pytest.fixture
def own(workspace: Workspace) -> Iterator[Drive]:
    workspace.drive = GoogleDrive(workspace.server.base)
    workspace.scopes = workspace.allowed = {READONLY, SCOPE}
    workspace.server.faults.clear()
    yield drive(workspace, Time())
    assert workspace.server.wrong == []


def test_the_auditor_s_folder_is_made_once(workspace: Workspace, own: Drive) -> None:
    own.put(NAME, SMALL)
    own.put("Audit 2026-W48.xlsx", SMALL)
    folders = [one for one in workspace.drive.files.values() if one.parents == ["root"]]
    assert [one.name for one in folders] == [FOLDER]
    assert "is there" in own.prove()


def test_a_scope_that_is_not_delegated(workspace: Workspace, own: Drive) -> None:
    workspace.scopes = {READONLY}
    with pytest.raises(DeliveryError, match=r"drive\.file"):
        own.prove()


def test_what_google_refuses_is_said(workspace: Workspace, own: Drive) -> None:
    workspace.drive.enabled = False
    with pytest.raises(DeliveryError, match="Google Drive API is not switched on"):
        own.prove()
    workspace.drive.enabled, workspace.drive.full = True, True
    with pytest.raises(DeliveryError, match="no room left in the Google Drive of clerk@council"):
        own.put(NAME, SMALL)


def test_a_name_with_an_apostrophe(workspace: Workspace, own: Drive) -> None:
    own.put("Ann's \\ audit.xlsx", SMALL)
    with pytest.raises(Taken):
        own.put("Ann's \\ audit.xlsx", SMALL)


def test_a_session_forgotten_by_google_is_begun_anew(workspace: Workspace, own: Drive) -> None:
    workspace.server.script([Fault("PUT /upload", after=1, status=410, body=None)])
    own.put(NAME, LARGE)
    assert workspace.drive.named(NAME).content == LARGE


# --- mail


def letter(name: str, attached: bool) -> Notice:
    return Notice(
        "Stow", (), SAVED, f"{name} {attached}", "See there.\n", "a1@council.example", CLERK, (CLERK,), "mark a1"
    )


def test_mail_by_either_provider_carries_the_workbook(
    tenant: Tenant, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant.mailbox(CLERK)
    tenant.senders = [CLERK]
    monkeypatch.setenv("AUDITOR_M365_SECRET", tenant.secret)
    table = source(tomllib.loads(tenant.toml([CLERK]))["sources"][0])
    assert isinstance(table, MicrosoftSource)
    account = microsoft_account(table, tenant.entra.folder / "schedule.toml")
    large = os.urandom(LARGEST)
    Mail(Microsoft(account, CLERK, Time().clock), letter).send(NAME, large)
    [file] = tenant.sent[-1]["message"]["attachments"]
    assert (file["name"], base64.b64decode(file["contentBytes"])) == (NAME, large)
    workspace.scopes = workspace.allowed = {READONLY, SENDING}
    source_ = source(tomllib.loads(workspace.toml([CLERK]))["sources"][0])
    assert isinstance(source_, GoogleSource)
    by_google = Mail(Google(google_account(source_, workspace.folder / "s.toml"), CLERK, Time().clock), letter)
    by_google.send(NAME, SMALL)
    [_, part] = message_from_bytes(workspace.sent[-1]).get_payload()
    assert (part.get_filename(), part.get_payload(decode=True)) == (NAME, SMALL)  # type: ignore[union-attr]
    by_google.send(NAME, large + b"1")
    assert not message_from_bytes(workspace.sent[-1]).is_multipart()
    assert tenant.server.wrong == workspace.server.wrong == []
