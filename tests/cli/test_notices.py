"""Who is told what, when and how often; and that mail of the auditor's own is nobody's."""

from __future__ import annotations

import json
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from providers.loopback import Answer, Loopback
from providers.mail_server import MailServer
from spoiling import spoil
from stow import CLERK, IVY, TOM, Council, letter, stow

from auditor.cli.health import Need
from auditor.cli.notices import Memory, remember, remembered, tell, troubles
from auditor.cli.serving import Serving
from auditor.cli.ways import Addressees, addressees, salvaged, ways
from auditor.config import load
from auditor.errors import ConfigError
from auditor.mark import genuine, mark
from auditor.store.records import Query
from auditor.store.sqlite import open_store
from auditor.store.trail import Deed

NOW = datetime(2026, 11, 26, 2, 20, tzinfo=UTC)
DISK = Need("The disk is nearly full: make room.", ("disk full",), True)
BACKUP = Need("The newest backup is 3 days old: run 'auditor backup'.", ("backup",), True)
CANARY = "quizzaciously"


@pytest.fixture
def council(tmp_path: Path) -> Council:
    (tmp_path / "stow").mkdir()
    return stow(tmp_path / "stow")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with MailServer(tmp_path / "server") as made:
        yield made


def notified(council: Council, server: MailServer, more: str = "") -> Addressees:
    council.schedule(rest=f'[notify]\nmail = ["{CLERK}"]\nsmtp = "smtp://localhost:{server.port}"\n{more}')
    return addressees(load(council.folder / "schedule.toml"))


def bodies(server: MailServer) -> list[str]:
    """With their lines joined, as a reader takes them."""
    raw = [mail.get_payload(decode=True) for mail in server.mail]
    return [
        re.sub(r"(?<!\n)\n *(?!\n)", " ", one.decode().replace("\r\n", "\n")) for one in raw if isinstance(one, bytes)
    ]


def test_a_need_is_told_at_once_then_weekly_and_all_clear_once(council: Council, server: MailServer) -> None:
    to = notified(council, server)
    for after, wants, sent in (
        (timedelta(), [DISK], 1),
        (timedelta(days=1), [DISK], 1),
        (timedelta(days=2), [DISK, BACKUP], 2),  # a new one, and with it the one that stays
        (timedelta(days=8), [BACKUP, DISK], 2),
        (timedelta(days=9), [DISK], 3),
        (timedelta(days=10), [], 4),
        (timedelta(days=11), [], 4),
        (timedelta(days=12), [DISK], 5),  # it came back
    ):
        assert tell(to, wants, NOW + after, None) == []
        assert len(server.mail) == sent, after
    told = bodies(server)
    assert "1. The disk is nearly full" in told[0]
    assert "1. The newest backup" in told[1]
    assert "2. The disk" in told[1]
    assert "Nothing needs a person any more." in told[3]
    assert [mail["Subject"].partition(": ")[2] for mail in server.mail[1:4]] == [
        "2 things need a person", "1 thing needs a person", "all is well again",
    ]  # fmt: skip
    assert all(str(council.folder) in one for one in told)
    assert all(mail.as_string().count("\n") < 45 for mail in server.mail)


def test_all_clear_says_what_is_still_not_read(council: Council, server: MailServer) -> None:
    to = notified(council, server)
    council.post(TOM, "9.eml", b"")
    council.run()
    with council.store() as store:
        assert len(store.gaps()) == 1
        for wants in ([DISK], []):
            assert tell(to, wants, NOW, store) == []
    assert "any more. 1 message could not be read so far; each night tries again" in bodies(server)[-1]


def test_nothing_is_said_while_all_is_well(council: Council, server: MailServer) -> None:
    to = notified(council, server)
    assert tell(to, [], NOW, None) == []
    assert server.mail == []
    assert not (to.store.parent / "notices.json").exists() or remembered(to.store.parent / "notices.json")


def test_one_screen_holds_many_needs(council: Council, server: MailServer) -> None:
    many = [Need(f"Mailbox {n} was not read: look.", (f"mailbox {n}",)) for n in range(30)]
    to = notified(council, server)
    assert tell(to, many, NOW, None) == []
    assert tell(to, many[:11], NOW + timedelta(days=7), None) == []
    assert "There are 20 more" in bodies(server)[0]
    assert "There is 1 more" in bodies(server)[1]


def test_a_way_that_fails_tries_again_and_the_other_is_told(
    council: Council, server: MailServer, tmp_path: Path
) -> None:
    from auditor.cli.health import health

    with Loopback(lambda _call: Answer(500 if len(hook.calls) < 3 else 204), tmp_path / "hook") as hook:
        to = notified(council, server, f'webhook = "{hook.base}/{CANARY}"\nca_bundle = {json.dumps(str(hook.ca))}\n')
        [said] = tell(to, [DISK], NOW, None)
        assert said.startswith("The notice by webhook did not go out. localhost did not take")
        assert CANARY not in said
        found = health(load(council.folder / "schedule.toml"), None, NOW)
        assert [need.names for need in found.wants] == [("notice webhook",)]
        assert len(tell(to, [DISK, *found.wants], NOW + timedelta(days=1), None)) == 1
        assert "The last notice by webhook" in bodies(server)[1]
        assert tell(to, [DISK, *found.wants], NOW + timedelta(days=2), None) == []
        assert json.loads(hook.calls[-1].body)["needs"] == [DISK.sentence]  # of itself it has nothing to tell
        assert tell(to, [DISK], NOW + timedelta(days=3), None) == []
        assert (len(hook.calls), len(server.mail)) == (3, 2)
    assert health(load(council.folder / "schedule.toml"), None, NOW).wants == ()


def test_those_who_were_refused_are_told_of_until_nobody_is(council: Council, server: MailServer) -> None:
    from auditor.cli.health import health

    def standing() -> list[Need]:
        return list(health(load(council.folder / "schedule.toml"), None, NOW).wants)

    def addressed_to(*people: str) -> Addressees:
        council.schedule(rest=f'[notify]\nmail = {json.dumps(people)}\nsmtp = "smtp://localhost:{server.port}"\n')
        return addressees(load(council.folder / "schedule.toml"))

    to = addressed_to(CLERK, IVY, IVY)
    server.unknown = {IVY}
    [said] = tell(to, [DISK], NOW, None)
    assert said.startswith("The notice by mail server did not reach everybody. ")
    assert "refused 1 of the 2" in said
    assert IVY not in said
    assert (server.recipients, [need.names for need in standing()]) == ([[CLERK]], [("short mail server",)])
    # It stands without being told anew each night, is told with the rest after a week, and ends when all are reached.
    for after, sent in ((1, 1), (2, 1), (6, 1), (7, 2)):
        told = tell(to, [DISK, *standing()], NOW + timedelta(days=after), None)
        assert (len(server.mail), len(told)) == (sent, int(after == 7)), after
        assert len(standing()) == 1
    assert "2. The last notice by mail server did not reach everybody." in bodies(server)[1]
    to = addressed_to(CLERK, TOM)
    assert tell(to, [DISK, *standing()], NOW + timedelta(days=14), None) == []
    assert standing() == []
    assert tell(to, [], NOW + timedelta(days=15), None) == []
    assert "Nothing needs a person any more." in bodies(server)[3]
    assert server.recipients[2:] == [[CLERK, TOM]] * 2


def test_what_one_way_was_told_is_remembered_before_the_next_is_tried(
    council: Council, server: MailServer, tmp_path: Path
) -> None:
    seen: list[object] = []

    def route(_call: object) -> Answer:
        place = to.store.parent / "notices.json"
        seen.append(sorted(json.loads(place.read_text(encoding="utf-8"))) if place.exists() else [])
        return Answer(204)

    with Loopback(route, tmp_path / "hook") as hook:
        to = notified(council, server, f'webhook = "{hook.base}/"\nca_bundle = {json.dumps(str(hook.ca))}\n')
        assert tell(to, [DISK], NOW, None) == []
    assert seen == [["mail server"]]


def test_what_was_told_is_kept_for_its_owner_and_odd_files_are_forgotten(tmp_path: Path) -> None:
    place = tmp_path / "data" / "notices.json"
    memories = {"webhook": Memory({"disk full": NOW}, "Nobody is there.", "Some."), "mail server": Memory({})}
    remember(place, memories)
    assert remembered(place) == memories
    assert [path.name for path in place.parent.iterdir()] == ["notices.json"]
    if sys.platform != "win32":
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
    for odd in ("", "[]", '{"webhook": 3}', '{"webhook": {"told": {"a": 1, "b": "x", "c": null}, "failed": []}}', "\0"):
        place.write_text(odd, encoding="utf-8")
        assert all(one == Memory({}) for one in remembered(place).values()), odd


def test_troubles_with_other_figures_are_the_same() -> None:
    for said, again in (
        ("Disk 3 of 7 is full: look.", "Disk 4 of 7 is full: look."),
        ("It needs 999 MB.", "It needs 1,000.5 MB."),
        (
            "The last run ended on Tuesday 30 June 2026 at 02:20.",
            "The last run ended on Wednesday 1 July 2026 at 02:21.",
        ),
        (
            "The system refused at /a/.auditor-x1k_9ab2.draft (full).",
            "The system refused at /a/.auditor-q_qqzz77.draft (full).",
        ),
    ):
        [one], [other] = troubles([said]), troubles([again])
        assert one.names == other.names
        assert one.sentence != other.sentence
    [one], [other] = troubles(["/a/.auditor-x1k_9ab2.draft"]), troubles(["/b/.auditor-x1k_9ab2.draft"])
    assert one.names != other.names


# --- schedule.toml


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('smtp = "localhost:25"', "must be smtp:// or smtps://"),
        ('smtp = "smtp://a:b@host"', "must be smtp:// or smtps://"),
        ('webhook = "http://chat.example.org/hook"', "must begin with https://"),
        ('webhook = "https://a:quizzaciously@chat.example.org"', "hold no user and password"),
        ('smtp = "smtp://localhost"\nthrough = "google"', "either 'smtp' or 'through'"),
    ],
)
def test_what_cannot_be_a_way_is_refused(council: Council, given: str, said: str) -> None:
    council.schedule(rest=f"[notify]\n{given}\n")
    with pytest.raises(ConfigError, match=said) as caught:
        load(council.folder / "schedule.toml")
    assert CANARY not in str(caught.value)


def test_a_way_through_a_provider_that_is_no_source(council: Council) -> None:
    council.schedule(rest=f'[notify]\nmail = ["{CLERK}"]\nthrough = "google"\n')
    [said] = tell(addressees(load(council.folder / "schedule.toml")), [DISK], NOW, None)
    assert "no [[sources]] of that kind" in said


@pytest.mark.parametrize("spoilt", ["[policy]\nnonsense = 1\n", "[policy]\nno toml at all\n", "[reports]\nfolder = \n"])
def test_who_is_to_be_told_is_made_out_from_a_spoilt_file(council: Council, server: MailServer, spoilt: str) -> None:
    to = notified(council, server)
    path = council.folder / "schedule.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("[policy]\n", spoilt), encoding="utf-8")
    found = salvaged(path)
    assert found is not None
    assert (found.council, found.notify, found.store) == ("Stow Parish Council", to.notify, to.store)
    whole = path.read_text(encoding="utf-8")
    path.write_text(
        whole.replace(f'["{CLERK}"]', f'["chair@@", "{CLERK}", 3]\nmial = 3\nwebhook = "x"'), encoding="utf-8"
    )
    found = salvaged(path)
    assert found is not None
    assert found.notify == to.notify
    for nothing in ("[notify\nmail = 3", "", "[[notify]]\nmail = 3\n", "[notify]\nmail = ["):
        path.write_text(nothing, encoding="utf-8")
        assert salvaged(path) is None
    assert salvaged(path.with_name("none.toml")) is None


# --- the whole of it


def test_nights_tell_once_and_what_was_told_is_audited_as_nobody_s(council: Council, server: MailServer) -> None:
    notified(council, server)
    council.post(
        TOM, "bench", letter(f"The {CANARY} bench is mended.", n=2, subject=CANARY, to=(f"{CANARY}@friends.example",))
    )
    box = council.folder / "mail" / IVY
    box.rename(council.folder / "elsewhere")
    for _ in range(2):
        assert council.run().status == 1
    assert len(server.mail) == 1
    [told] = bodies(server)
    assert IVY in told
    assert CANARY not in server.mail[0].as_string()
    (council.folder / "elsewhere").rename(box)
    # The notice comes in as the clerk's own mail, and a letter of Tom's carries its mark.
    mine = server.mail[0].as_bytes()
    council.post(CLERK, "notice", mine)
    marked = f"X-Council-Auditor: {server.mail[0]['X-Council-Auditor']}\n".encode()
    council.post(TOM, "forged", marked + letter("The gate is shut.", n=5))
    ran = council.run()
    assert (ran.status, ran.err) == (0, "")
    assert (ran.boxes[CLERK]["new"], ran.boxes[CLERK]["findings"], ran.boxes[TOM]["findings"] > 0) == (1, 0, True)
    assert "Nothing needs a person any more." in bodies(server)[1]
    with council.store() as store:
        hits = store.search(Query(terms=("auditor",), mailbox=CLERK))
        assert len(hits) == 1
        assert [row.mailbox for row in store.findings() if row.message_id == "a1"] == []
        assert not [row for row in store.findings() if row.sha256 == hits[0].sha256]
        assert {row.subject for row in store.findings() if row.mailbox == TOM} >= {"Letter 5"}
        notified_ = [entry.said for entry in store.trail() if entry.deed == Deed.NOTIFIED]
    assert notified_ == [{"way": "mail server", "needs": 1}, {"way": "mail server", "needs": 0}]
    # Its policy changed, and every message judged anew: still nobody's.
    council.schedule(
        policy="mass_recipients = [3, 4]\n",
        rest=f'[notify]\nmail = ["{CLERK}"]\nsmtp = "smtp://localhost:{server.port}"\n',
    )
    again = council.run()
    assert again.boxes[CLERK]["findings"] == 0
    with council.store() as store:
        assert not [row for row in store.findings() if row.sha256 == hits[0].sha256]


def test_a_night_that_cannot_begin_is_told(council: Council, server: MailServer) -> None:
    notified(council, server)
    council.database.parent.mkdir()
    council.database.write_bytes(b"no store " * 1000)
    ran = council.run()
    assert ran.status == 1
    assert "cannot be read as a store" in bodies(server)[0]
    assert council.run().status == 1
    assert len(server.mail) == 1
    path = council.folder / "schedule.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("[policy]", f"[policy]\n{CANARY} = 1"), encoding="utf-8")
    assert council.run().status == 2
    assert "schedule.toml cannot be used (1 mistake)" in bodies(server)[1]
    assert CANARY not in bodies(server)[1]


def test_what_keeps_serve_from_its_nights_is_told(
    council: Council, server: MailServer, capsys: pytest.CaptureFixture[str]
) -> None:
    notified(council, server)
    one = Serving(load(council.folder / "schedule.toml"))
    council.database.parent.mkdir()
    council.database.write_bytes(b"no store " * 1000)
    one.look()
    assert "cannot be read as a store" in capsys.readouterr().err
    assert "cannot be read as a store" in bodies(server)[0]
    path = council.folder / "schedule.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("[policy]", f"[policy]\n{CANARY} = 1"), encoding="utf-8")
    assert council.auditor("serve").status == 2
    assert "schedule.toml cannot be used (1 mistake)" in bodies(server)[1]


def test_a_workbook_that_serve_could_not_write_is_told(council: Council, server: MailServer) -> None:
    notified(council, server)
    moments = [datetime(2026, 11, 30, 3, tzinfo=UTC)]  # after the night of Monday, before its workbook is due
    one = Serving(load(council.folder / "schedule.toml"), lambda: moments[-1])
    one.look()
    told = len(server.mail)
    shutil.rmtree(council.folder / "out")
    (council.folder / "out").write_bytes(b"")
    moments.append(moments[-1] + timedelta(hours=4))
    one.look()
    assert "The week's workbook could not be written. The workbook" in bodies(server)[told]


def test_a_run_that_hangs_is_told_after_a_day(council: Council, server: MailServer) -> None:
    from filelock import FileLock

    notified(council, server)
    with open_store(f"sqlite:///{council.database}") as store:
        store.begin_run(datetime.now(UTC) - timedelta(hours=23), "0")
        with FileLock(f"{council.database}.lock"):
            assert council.run().status == 3
            assert server.mail == []
            store.begin_run(datetime.now(UTC) - timedelta(hours=25), "0")
            holder = council.database.with_name(f"{council.database.name}.lock.holder")
            # A power cut ended it, and another is at work since: that one has just begun.
            holder.write_text(json.dumps({"since": datetime.now(UTC).isoformat()}), encoding="utf-8")
            assert council.run().status == 3
            assert server.mail == []
            holder.unlink()
            assert council.run().status == 3
    assert "A run has been at work since" in bodies(server)[0]


def test_a_clock_put_back_is_told_and_keeps_no_night_from_its_work(council: Council) -> None:
    with open_store(f"sqlite:///{council.database}") as store:
        run = store.begin_run(datetime.now(UTC), "0")
        store.end_run(run, datetime.now(UTC) + timedelta(minutes=6), ok=True, mailboxes=[])
    ran = council.run()
    assert ran.status == 1
    assert "Set the clock" in ran.sentence
    with council.store() as store:
        assert [one.id for one in store.runs()] == [run + 1, run]
        assert store.facts().messages


def test_a_damaged_page_stops_before_anything_is_touched(council: Council) -> None:
    assert council.run().status == 0
    spoil(council.database)
    ran = council.run()
    assert ran.status == 1
    assert "damaged" in ran.sentence
    with council.store() as store:
        assert len(store.runs()) == 1


def test_check_proves_a_way_and_sends_only_when_asked(council: Council, server: MailServer) -> None:
    notified(council, server)
    ran = council.auditor("check", "--json")
    [found] = [one for one in ran.json["checks"] if one["check"] == "notices"]
    assert (ran.status, found["ok"], server.mail) == (0, True, [])
    assert council.auditor("check", "--send").status == 0
    assert "This is a test" in bodies(server)[0]
    assert server.mail[0]["X-Council-Auditor"]
    notices = council.database.with_name("notices.json")
    remember(notices, {"mail server": Memory({"disk full": NOW}, "Nobody is there.", "Some.")})
    assert council.auditor("check", "--send").status == 0
    assert remembered(notices) == {"mail server": Memory({"disk full": NOW})}
    council.schedule(
        rest=f'[notify]\nmail = ["{CLERK}", "{IVY}"]\nsmtp = "smtp://localhost:{server.port}"\n',
    )
    server.unknown = {IVY}
    ran = council.auditor("check", "--send", "--json")
    [_, found] = [one for one in ran.json["checks"] if one["check"] == "notices"]
    assert (ran.status, found["ok"]) == (1, False)
    assert "A test was sent, but did not reach everybody." in found["detail"]
    assert "refused 1 of the 2" in found["detail"]
    assert "refused 1 of the 2" in (remembered(notices)["mail server"].short or "")
    council.schedule(rest='[notify]\nmail = ["clerk@council.example"]\nsmtp = "smtp://localhost:1"\n')
    ran = council.auditor("check", "--json")
    [found] = [one for one in ran.json["checks"] if one["check"] == "notices"]
    assert (ran.status, found["ok"]) == (1, False)
    assert "cannot be reached" in found["detail"]


# --- the mark


def test_a_mark_is_good_for_its_message_alone() -> None:
    key, to = b"k" * 32, ["b@council.example", "A@council.example"]
    said = mark(key, "n@council.example", "Clerk@council.example", to, "Two  things\n need")
    assert genuine(
        f" {said} ", key, "clerk@council.example", ["a@council.example", "b@council.example"], "Two things need"
    )
    for other in (
        genuine(said, b"j" * 32, "clerk@council.example", to, "Two things need"),
        genuine(said, key, "tom@council.example", to, "Two things need"),
        genuine(said, key, "clerk@council.example", to[:1], "Two things need"),
        genuine(said, key, "clerk@council.example", to, "Three things need"),
        genuine(said.replace("n@", "m@"), key, "clerk@council.example", to, "Two things need"),
        genuine("", key, "clerk@council.example", to, "Two things need"),
        genuine(mark(b"", "n@council.example", "c@c.example", to, "x"), b"", "c@c.example", to, "x"),
    ):
        assert not other


def test_every_way_of_the_table_is_made(council: Council, server: MailServer) -> None:
    to = notified(council, server, 'webhook = "https://chat.example.org/hook"\n')
    assert [way.name for way in ways(to)] == ["mail server", "webhook"]
    council.schedule(rest=f'[notify]\nmail = ["{CLERK}"]\n')
    assert ways(addressees(load(council.folder / "schedule.toml"))) == []
