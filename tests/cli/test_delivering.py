"""The Clerk's workbook taken elsewhere, and what she decides there: nothing of hers is written over, nothing stops a night."""

from __future__ import annotations

import io
import json
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from providers.google import Workspace
from providers.google_drive import SCOPE
from providers.loopback import Fault
from providers.mail_server import MailServer
from providers.microsoft import Tenant
from providers.microsoft_drive import Site
from stow import CLERK, SOURCE, TOM, Council, due_monday, label, letter, stow

from auditor.cli import around, delivering
from auditor.cli.deciding import read_back
from auditor.cli.delivering import deliver, fetch_back, remembered
from auditor.cli.health import health
from auditor.cli.notices import tell_the_night
from auditor.cli.reporting import Desk
from auditor.cli.serving import Serving
from auditor.cli.workplace import open_the_store
from auditor.config import Config, load
from auditor.errors import ConfigError
from auditor.mark import genuine
from auditor.store.interface import Store
from auditor.store.trail import Deed
from connectors.delivery import mail as mail_module

WEEK = label(due_monday())
NAME = f"Audit {WEEK}.xlsx"
THERE = f"Mailbox audit/{NAME}"
LOCAL = f"Audit {WEEK} (SharePoint).xlsx"
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    with Tenant(tmp_path_factory.mktemp("microsoft")) as made:
        made.roles = ["Sites.Selected"]
        yield made


@pytest.fixture(scope="module")
def weekly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council whose mail is read; there is something for the Chair too."""
    council = stow(tmp_path_factory.mktemp("stow"))
    council.post(CLERK, "own", letter("The clerk's own letter.", box=CLERK, n=60))
    assert council.run().status == 0
    shutil.rmtree(council.folder / "out")
    return council.folder


@pytest.fixture
def council(weekly: Path, tmp_path: Path) -> Council:
    return Council(shutil.copytree(weekly, tmp_path / "stow"))


@pytest.fixture
def shared(council: Council, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Council]:
    """Delivers to SharePoint."""
    tenant.site = Site(lambda: tenant.server.base)
    tenant.server.faults.clear()
    monkeypatch.setenv("AUDITOR_M365_SECRET", tenant.secret)
    sources = SOURCE + f'mailboxes = ["{CLERK}", "{TOM}"]\n' + tenant.toml(["office@council.example"])
    reports = f'[reports]\ndeliver = ["sharepoint"]\n[reports.sharepoint]\nsite = "{tenant.site.url}"\n'
    council.schedule(sources=sources, rest=reports)
    yield council
    assert tenant.server.wrong == []


@contextmanager
def opened(council: Council) -> Iterator[tuple[Config, Store]]:
    config = load(council.folder / "schedule.toml")
    with open_the_store(config) as store:
        yield config, store


def written(council: Council, now: datetime = NOW) -> list[str]:
    """A workbook of the week is written and delivered; what is said of it."""
    with opened(council) as (config, store):
        desk = Desk(config, store, now)
        desk.write(desk.week(WEEK))
        return list(deliver(config, store, now))


def decided(content: bytes, choice: str) -> tuple[bytes, str]:
    """A workbook in which the first finding is decided, as her spreadsheet program saves it; the finding's name."""
    with closing(load_workbook(io.BytesIO(content))) as book:
        sheet = book["Findings"]
        at = {cell.value: cell.column for cell in sheet[1]}
        sheet.cell(2, at["Decision"]).value = choice
        book.properties.creator = "Ann Marsh"
        saved = io.BytesIO()
        book.save(saved)
        return saved.getvalue(), str(sheet.cell(2, at["Finding"]).value)


def standing(council: Council) -> dict[str, str | None]:
    with council.store() as store:
        return {one: said.decision for one, said in store.decisions().items()}


def wants(council: Council) -> list[str]:
    with opened(council) as (config, store):
        return [need.sentence for need in health(config, store, NOW).wants if need.names[0].startswith("deliver")]


def test_the_clerk_s_workbook_alone_is_delivered_and_noted(shared: Council, tenant: Tenant) -> None:
    assert written(shared) == []
    assert {path.name for path in (shared.folder / "out" / "chair").iterdir()} != set()
    assert list(tenant.site.files) == [THERE]
    content = (shared.folder / "out" / NAME).read_bytes()
    assert tenant.site.files[THERE].content == content
    with shared.store() as store:
        [entry] = [one for one in store.trail() if one.deed == Deed.DELIVERED]
    assert entry.said["file"] == NAME
    assert entry.said["place"] == f"{tenant.site.url}, folder 'Mailbox audit'"
    assert len(str(entry.said["sha256"])) == 64
    kept = shared.database.with_name("deliveries.json")
    assert (json.loads(kept.read_text())["sharepoint"]["owed"]) == {}
    if sys.platform != "win32":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_what_she_decides_there_is_read_before_the_next_workbook(shared: Council, tenant: Tenant) -> None:
    written(shared)
    saved, finding = decided(tenant.site.files[THERE].content, "Breach")
    tenant.site.save(THERE, saved, NOW - timedelta(minutes=5))
    assert written(shared, NOW + timedelta(hours=1)) == []
    assert standing(shared)[finding] == "Breach"
    copy = shared.database.parent / "delivered" / LOCAL
    assert copy.read_bytes() == saved
    assert copy.stat().st_mtime == int((NOW - timedelta(minutes=5)).timestamp())
    # Hers is left, and the new one lies beside it.
    assert tenant.site.files[THERE].content == saved
    assert set(tenant.site.files) == {THERE, f"Mailbox audit/Audit {WEEK} (2).xlsx"}
    # In either she may go on.
    changed, _ = decided(saved, "Permitted")
    tenant.site.save(THERE, changed, NOW + timedelta(hours=2))
    with opened(shared) as (config, store):
        fetch_back(config, store, NOW + timedelta(hours=3))
        read_back(config, store, NOW + timedelta(hours=3))
    assert standing(shared)[finding] == "Permitted"


def test_what_nobody_has_saved_is_replaced_also_where_the_service_has_touched_it(
    shared: Council, tenant: Tenant
) -> None:
    written(shared)
    tenant.site.save(THERE, tenant.site.files[THERE].content, NOW)
    assert written(shared, NOW + timedelta(hours=1)) == []
    assert list(tenant.site.files) == [THERE]
    assert tenant.site.files[THERE].content == (shared.folder / "out" / NAME).read_bytes()
    assert not list((shared.database.parent / "delivered").glob("*.xlsx"))


def test_what_is_deleted_there_is_no_trouble(shared: Council, tenant: Tenant) -> None:
    written(shared)
    saved, finding = decided(tenant.site.files[THERE].content, "Breach")
    tenant.site.save(THERE, saved, NOW)
    with opened(shared) as (config, store):
        fetch_back(config, store, NOW)
        read_back(config, store, NOW)
        assert (shared.database.parent / "delivered" / LOCAL).exists()
        del tenant.site.files[THERE]
        fetch_back(config, store, NOW)
        assert remembered(config)["sharepoint"].copies == ()
    assert not (shared.database.parent / "delivered" / LOCAL).exists()
    assert standing(shared)[finding] == "Breach"
    assert wants(shared) == []


def test_a_failure_is_a_need_told_once_and_made_up_for(shared: Council, tenant: Tenant) -> None:
    tenant.site.granted = False
    [said] = written(shared)
    assert said.startswith(f"'{NAME}' was not delivered by SharePoint. The auditor may not write to")
    assert wants(shared) == [said]
    assert not tenant.site.files
    with opened(shared) as (config, store):
        assert list(deliver(config, store, NOW)) == [said]  # tried again, and no better
        tenant.site.granted = True
        assert list(deliver(config, store, NOW)) == []
    assert list(tenant.site.files) == [THERE]
    assert wants(shared) == []


def test_a_notice_says_it_once(shared: Council, tenant: Tenant, tmp_path: Path) -> None:
    tenant.site.granted = False
    [said] = written(shared)
    with MailServer(tmp_path / "mail") as server:
        text = (shared.folder / "schedule.toml").read_text()
        more = f'[notify]\nmail = ["{CLERK}"]\nsmtp = "smtp://localhost:{server.port}"\n'
        (shared.folder / "schedule.toml").write_text(text + more)
        with opened(shared) as (config, store):
            result = _Result((said,))
            assert list(tell_the_night(config, store, result, NOW)) == []  # type: ignore[arg-type]
    body = server.mail[0].get_payload(decode=True)
    assert isinstance(body, bytes)
    assert " ".join(body.decode().split()).count("was not delivered by SharePoint") == 1


class _Result:
    def __init__(self, troubles: tuple[str, ...]) -> None:
        self.troubles = troubles


def test_what_cannot_be_fetched_is_a_need_and_the_report_goes_on(shared: Council, tenant: Tenant) -> None:
    written(shared)
    tenant.site.granted = False
    assert len(written(shared, NOW + timedelta(hours=1))) == 1
    assert any(
        "decided in the workbooks delivered by SharePoint could not be fetched" in said for said in wants(shared)
    )
    tenant.site.granted = True
    with opened(shared) as (config, store):
        fetch_back(config, store, NOW)
        assert list(deliver(config, store, NOW)) == []
    assert wants(shared) == []


def test_what_lies_there_and_was_forgotten_is_looked_at_and_left(shared: Council, tenant: Tenant) -> None:
    written(shared)
    saved, finding = decided(tenant.site.files[THERE].content, "Breach")
    tenant.site.save(THERE, saved, NOW)
    shared.database.with_name("deliveries.json").unlink()
    assert written(shared, NOW + timedelta(hours=1)) == []
    assert tenant.site.files[THERE].content == saved
    assert standing(shared) == {}
    with opened(shared) as (config, store):
        fetch_back(config, store, NOW)
        read_back(config, store, NOW)
    assert standing(shared)[finding] == "Breach"


def test_many_that_fail_do_not_take_all_night(shared: Council, tenant: Tenant) -> None:
    tenant.site.granted = False
    with opened(shared) as (config, store):
        for number in range(9):
            path = shared.folder / "out" / f"{number}.xlsx"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"x")
            delivering.owe(config, path)
        tenant.server.calls.clear()
        assert len(list(deliver(config, store, NOW))) == 1
        assert len(tenant.server.matching("GET /v1.0/sites")) == 3
        (shared.folder / "out" / "0.xlsx").unlink()  # she has put it away
        tenant.site.granted = True
        assert list(deliver(config, store, NOW)) == []
    assert len(tenant.site.files) == 8


def test_two_that_had_one_name_are_both_read(shared: Council, tenant: Tenant) -> None:
    written(shared)
    hers = f"Mailbox audit/Decided/{NAME}"
    tenant.site.files[hers] = tenant.site.files.pop(THERE)  # she moves it; its id stays
    tenant.site.files[hers].path = hers
    saved, finding = decided(tenant.site.files[hers].content, "Breach")
    tenant.site.save(hers, saved, NOW)
    assert written(shared, NOW + timedelta(hours=1)) == []
    other = next(path for path in tenant.site.files if path != hers)
    tenant.site.save(other, decided(tenant.site.files[other].content, "Permitted")[0], NOW + timedelta(hours=2))
    tenant.site.save(hers, decided(saved, "Not a breach")[0], NOW + timedelta(hours=3))
    with opened(shared) as (config, store):
        fetch_back(config, store, NOW + timedelta(hours=4))
        read_back(config, store, NOW + timedelta(hours=4))
    assert standing(shared)[finding] == "Not a breach"
    assert len(list((shared.database.parent / "delivered").glob("*.xlsx"))) == 2


def test_one_that_is_deleted_there_gives_its_name_free(shared: Council, tenant: Tenant) -> None:
    written(shared)
    del tenant.site.files[THERE]
    with opened(shared) as (config, store):
        delivering.owe(config, shared.folder / "out" / NAME)
        assert list(deliver(config, store, NOW)) == []
    assert list(tenant.site.files) == [THERE]


@pytest.mark.parametrize("content", [b"<html>Log in to the wireless network</html>", b"PK\x03\x04 half of one"])
def test_what_is_no_whole_workbook_is_fetched_again(shared: Council, tenant: Tenant, content: bytes) -> None:
    written(shared)
    saved, finding = decided(tenant.site.files[THERE].content, "Breach")
    tenant.site.save(THERE, saved, NOW)
    tenant.server.script([Fault("GET /_api/download", status=200, body=content.decode())])
    with opened(shared) as (config, store):
        fetch_back(config, store, NOW)
        assert any("is no whole workbook" in said for said in wants(shared))
        assert not (shared.database.parent / "delivered" / LOCAL).exists()
        fetch_back(config, store, NOW, again=True)
        read_back(config, store, NOW)
    assert standing(shared)[finding] == "Breach"
    assert wants(shared) == []


def test_an_old_one_that_cannot_be_had_keeps_nobody_from_the_new(shared: Council, tenant: Tenant) -> None:
    with opened(shared) as (config, store):
        for number in range(4):
            path = shared.folder / "out" / f"{number}.xlsx"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"x")
            delivering.owe(config, path)
        assert list(deliver(config, store, NOW)) == []
    for path in list(tenant.site.files):
        tenant.site.save(path, b"spoilt", NOW)
    written(shared)
    saved, finding = decided(tenant.site.files[THERE].content, "Breach")
    tenant.site.save(THERE, saved, NOW)
    with opened(shared) as (config, store):
        fetch_back(config, store, NOW)
        read_back(config, store, NOW)
        assert [one.file for one in remembered(config)["sharepoint"].copies][-1] == f"out/{NAME}"
    assert standing(shared)[finding] == "Breach"
    assert any("'1.xlsx' is no whole workbook" in said for said in wants(shared))


def test_what_another_council_put_there_is_left(shared: Council, tenant: Tenant) -> None:
    written(shared)
    theirs = tenant.site.files[THERE].content
    shared.database.with_name("deliveries.json").unlink()  # as another council knows nothing of it
    assert written(shared, NOW + timedelta(hours=1)) == []
    del tenant.site.files[f"Mailbox audit/Audit {WEEK} (2).xlsx"]
    for hours in (2, 3):
        assert written(shared, NOW + timedelta(hours=hours)) == []
        assert tenant.site.files[THERE].content == theirs


def test_the_service_s_names_are_no_paths(shared: Council, tenant: Tenant) -> None:
    item = tenant.site._item
    tenant.site._item = lambda file: item(file) | {"name": "../../out/chair/a\0b"}  # type: ignore[method-assign]
    written(shared)
    saved, finding = decided(tenant.site.files[THERE].content, "Breach")
    tenant.site.save(THERE, saved, NOW)
    assert written(shared, NOW + timedelta(hours=1)) == []
    assert standing(shared)[finding] == "Breach"
    assert [one.name for one in (shared.database.parent / "delivered").iterdir()] == [LOCAL]


@pytest.mark.parametrize("odd", ["\0", "\ud800", "..", "x" * 5000, 7, None, [], {}])
def test_a_spoilt_memory_stops_nothing(shared: Council, tenant: Tenant, odd: object) -> None:
    written(shared)
    kept = shared.database.with_name("deliveries.json")
    facts = {"file": "out/a.xlsx", "id": "01X", "version": "1", "name": "a.xlsx", "saved": True}
    copies = [facts | {name: odd} for name in facts] + [odd]
    for said in (
        {"sharepoint": {"owed": {str(odd): odd}, "copies": copies, "unread": odd}},
        {"sharepoint": odd},
        {"sharepoint": {"owed": odd, "copies": odd}},
    ):
        kept.write_text(json.dumps(said))
        written(shared, NOW + timedelta(hours=1))
        assert all(isinstance(said, str) for said in wants(shared))
    assert THERE in tenant.site.files


def test_what_waits_is_kept_while_its_folder_is_away(shared: Council, tenant: Tenant) -> None:
    with opened(shared) as (config, store):
        desk = Desk(config, store, NOW)
        desk.write(desk.week(WEEK))
        (shared.folder / "out").rename(shared.folder / "away")
        [said] = deliver(config, store, NOW)
        assert f"'{NAME}' was not delivered by SharePoint." in said
        (shared.folder / "away").rename(shared.folder / "out")
        assert list(deliver(config, store, NOW)) == []
    assert list(tenant.site.files) == [THERE]


def test_a_night_killed_as_soon_as_the_workbook_counts_has_it_delivered(
    shared: Council, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(shared) as (config, store):
        desk = Desk(config, store, NOW)
        monkeypatch.setattr(type(store), "mark_reported", _killed)
        with pytest.raises(KeyboardInterrupt):
            desk.write(desk.week(WEEK))
        assert list(deliver(config, store, NOW)) == []
    assert list(tenant.site.files) == [THERE]


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_night_fetches_what_could_not_be_fetched(shared: Council, tenant: Tenant) -> None:
    written(shared)
    saved, _ = decided(tenant.site.files[THERE].content, "Breach")
    tenant.site.save(THERE, saved, NOW)
    tenant.site.granted = False
    with opened(shared) as (config, store):
        fetch_back(config, store, NOW)
        assert len(wants(shared)) == 1
        tenant.site.granted = True
        assert list(around._deliver(config, store, _Result(()), lambda: NOW)) == []  # type: ignore[arg-type]
    assert wants(shared) == []
    assert (shared.database.parent / "delivered" / LOCAL).read_bytes() == saved


def test_the_commands_deliver_and_fetch(shared: Council, tenant: Tenant) -> None:
    env = {"AUDITOR_M365_SECRET": tenant.secret}
    tenant.site.granted = False
    ran = shared.auditor("report", "--week", WEEK, env=env)
    assert (ran.status, "was not delivered by SharePoint" in ran.err) == (1, True)
    tenant.site.granted = True
    assert shared.auditor("report", "--week", WEEK, env=env).status == 0
    saved, finding = decided(tenant.site.files[THERE].content, "Not a breach")
    tenant.site.save(THERE, saved, NOW)
    ran = shared.auditor("decisions", env=env)
    assert (ran.status, ran.out.splitlines()[0].startswith(f"{LOCAL}: 1 decision (1 new)")) == (0, True), ran
    assert standing(shared)[finding] == "Not a breach"
    elsewhere = shared.folder / "elsewhere.xlsx"
    assert shared.auditor("report", "--week", WEEK, "--out", elsewhere, env=env).status == 0
    assert len(tenant.site.files) == 1


def test_check_proves_each_way_and_leaves_nothing(shared: Council, tenant: Tenant) -> None:
    with (shared.folder / "schedule.toml").open("a") as file:
        file.write(f'[reports.mail]\nto = ["{CLERK}"]\n')
    env = {"AUDITOR_M365_SECRET": tenant.secret}
    said = {
        one["subject"]: one
        for one in shared.auditor("check", "--json", env=env).json["checks"]
        if one["check"] == "delivery"
    }
    assert "may be put into the folder 'Mailbox audit'" in said["SharePoint"]["detail"]
    assert "never delivered" in said["the Chair's workbook"]["detail"]
    assert "Name 'mail' in deliver" in said["mail"]["mend"]
    assert (tenant.site.files, tenant.site.sessions) == ({}, {})


def test_google_drive_and_onedrive_by_their_tables(
    council: Council, tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_M365_SECRET", tenant.secret)
    tenant.site = Site(lambda: tenant.server.base, "/personal/clerk_council_example")
    with Workspace(tmp_path / "google") as workspace:
        workspace.mailbox(CLERK)
        workspace.scopes = workspace.allowed = {SCOPE}
        sources = SOURCE + f'mailboxes = ["{CLERK}", "{TOM}"]\n' + tenant.toml(["office@council.example"])
        drive = (
            f'[reports.drive]\nuser = "{CLERK}"\nkey = {json.dumps(f"file:{workspace.key()}")}\n'
            f'endpoint = "{workspace.endpoint}"\nca_bundle = {json.dumps(str(workspace.ca))}\n'
        )
        onedrive = f'[reports.onedrive]\nsite = "{tenant.site.url}"\nfolder = "Audit/Weekly"\n'
        council.schedule(sources=sources, rest=f'[reports]\ndeliver = ["drive", "onedrive"]\n{drive}{onedrive}')
        assert written(council) == []
        content = (council.folder / "out" / NAME).read_bytes()
        assert workspace.drive.named(NAME).content == content
        assert tenant.site.files[f"Audit/Weekly/{NAME}"].content == content
        saved, finding = decided(content, "Ask the Chair")
        workspace.drive.save(NAME, saved, NOW)
        with opened(council) as (config, store):
            fetch_back(config, store, NOW)
            [book] = read_back(config, store, NOW).books
        assert book.path.name == f"Audit {WEEK} (Google Drive).xlsx"
        assert standing(council)[finding] == "Ask the Chair"
        assert workspace.server.wrong == tenant.server.wrong == []


# --- mail


@pytest.fixture
def mailed(council: Council, tmp_path: Path) -> Iterator[tuple[Council, MailServer]]:
    with MailServer(tmp_path / "mail") as server:
        notify = f'[notify]\nmail = ["{CLERK}"]\nsmtp = "smtp://localhost:{server.port}"\n'
        council.schedule(rest=f'[reports]\ndeliver = ["mail"]\n[reports.mail]\nto = ["{CLERK}"]\n{notify}')
        yield council, server


def test_mail_takes_it_to_the_clerk_as_our_own(mailed: tuple[Council, MailServer]) -> None:
    council, server = mailed
    assert written(council) == []
    [mail], [to] = server.mail, server.recipients
    assert to == [CLERK]
    [text, file] = mail.get_payload()
    assert file.get_filename() == NAME  # type: ignore[union-attr]
    assert file.get_payload(decode=True) == (council.folder / "out" / NAME).read_bytes()  # type: ignore[union-attr]
    assert "is attached" in text.get_payload()  # type: ignore[union-attr]
    with council.store() as store:
        key = store.mark_key()
    said = " ".join(mail["X-Council-Auditor"].split())  # a long line is folded
    assert genuine(said, key, CLERK, [CLERK], mail["Subject"])


def test_one_that_is_too_large_for_mail_is_told_of(
    mailed: tuple[Council, MailServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    council, server = mailed
    monkeypatch.setattr(mail_module, "LARGEST", 100)
    assert written(council) == []
    assert not server.mail[0].is_multipart()
    assert "is too large to be attached" in " ".join(str(server.mail[0].get_payload()).split())


def test_a_clerk_who_has_left_is_sent_nothing(mailed: tuple[Council, MailServer]) -> None:
    council, server = mailed
    text = (council.folder / "schedule.toml").read_text()
    (council.folder / "schedule.toml").write_text(
        text.replace('role = "clerk"', 'role = "clerk"\nuntil = 2026-01-31', 1)
    )
    [said] = written(council)
    assert f"Nobody is Clerk at {CLERK} today" in said
    assert server.mail == []


def test_the_night_and_serve_pay_what_is_owed(mailed: tuple[Council, MailServer]) -> None:
    council, server = mailed
    with opened(council) as (config, store):
        desk = Desk(config, store, NOW)
        desk.write(desk.week(WEEK))
    assert server.mail == []
    assert council.run().status == 0
    assert len(server.mail) == 1
    with opened(council) as (config, _):
        delivering.owe(config, council.folder / "out" / NAME)
    Serving(config)._week(())
    assert len(server.mail) == 2
    assert council.run().status == 0
    assert len(server.mail) == 2


# --- the configuration


@pytest.mark.parametrize(
    ("reports", "said"),
    [
        ('deliver = ["sharepoint"]', "[reports]: deliver names 'sharepoint', so there must be a table [reports.sharepoint]"),
        ('deliver = ["sharepoint"]\n[reports.sharepoint]', "[reports] sharepoint, site: is missing"),
        ('[reports.sharepoint]\nsite = "stow"', "[reports] sharepoint, site: must begin with https://"),
        ('[reports.sharepoint]\nsite = "https://s.example/personal/ann"', "use [reports.onedrive] for it"),
        ('[reports.onedrive]\nsite = "https://s.example/sites/clerk"', "must be a person's OneDrive"),
        ('[reports.onedrive]\nsite = "https://s.example/personal/ann"\nfolder = "a/../b"', "names of folders"),
        ('[reports.drive]\nuser = "Ann"', "[reports] drive, user: 'Ann' is no e-mail address"),
        ('[reports.drive]\nuser = "a@b.example"\nfolders = "x"', "is a key nobody knows here"),
        (
            'deliver = ["onedrive"]\n[reports.onedrive]\nsite = "https://s.example/personal/ann"',
            "[reports] deliver: 'onedrive' needs a [[sources]] table with kind = \"microsoft365\"",
        ),
        ('deliver = ["drive"]\n[reports.drive]\nuser = "a@b.example"', "or a key in [reports.drive]."),
        ('deliver = ["mail"]\n[reports.mail]\nto = []', "[reports] mail, to: needs at least one entry"),
        (f'deliver = ["mail"]\n[reports.mail]\nto = ["{TOM}"]', f"mail, to: {TOM} is not the mailbox of a Clerk"),
        (
            f'deliver = ["mail"]\n[reports.mail]\nto = ["{CLERK}"]\n[notify]\nmail = ["{TOM}"]\nsmtp = "smtp://localhost"',
            f"sends from the first address, {TOM}",
        ),
        (f'deliver = ["mail"]\n[reports.mail]\nto = ["{CLERK}"]', "needs mail, and smtp or through, in [notify]"),
    ],
)  # fmt: skip
def test_what_is_half_filled_is_refused_with_its_key(council: Council, reports: str, said: str) -> None:
    council.schedule(rest=f"[reports]\n{reports}\n")
    with pytest.raises(ConfigError) as refused:
        load(council.folder / "schedule.toml")
    assert any(said in problem for problem in refused.value.problems), refused.value.problems


def test_an_address_is_taken_as_a_browser_shows_it(council: Council, tmp_path: Path) -> None:
    shown = "https://stow-my.sharepoint.com/personal/ann/_layouts/15/onedrive.aspx?view=1"
    council.schedule(rest=f'[reports.onedrive]\nsite = "{shown}"\n')
    table = load(council.folder / "schedule.toml").schedule.reports.onedrive
    assert table is not None
    assert (table.site, table.folder) == ("https://stow-my.sharepoint.com/personal/ann", "Mailbox audit")
