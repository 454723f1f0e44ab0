"""What needs a person: each need appears with its cause and goes with it, and what must not wait has its exit status."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from copies import copy
from hypothesis import given, settings
from hypothesis import strategies as st
from stow import CLERK, IVY, SOURCE, TOM, Council, stow

from auditor.cli import health as healthy
from auditor.cli import heartbeat
from auditor.cli.health import Backups, Health, health
from auditor.cli.needs import for_the_workbook
from auditor.cli.status import _document, _told
from auditor.config import Config, load
from auditor.policy import LONDON
from auditor.store.interface import Store
from auditor.store.records import Batch, MailboxNight, MailboxStatus, Missed
from auditor.store.sqlite import open_store
from auditor.store.trail import Deed

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 26, 2, 15, tzinfo=UTC)
BOXES = (CLERK, IVY, TOM)
MICROSOFT = (
    '[[sources]]\nkind = "microsoft365"\ntenant = "t"\nclient_id = "c"\n{key}\nmailboxes = ["clerk@council.example"]\n'
)


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return stow(tmp_path)


def config(council: Council) -> Config:
    return load(council.folder / "schedule.toml")


def store(council: Council) -> Store:
    return open_store(f"sqlite:///{council.database}")


def night(
    open_one: Store, at: datetime = NIGHT, *, ok: bool = True, why: str | None = None, failed: tuple[str, ...] = (),
    short: MailboxStatus = MailboxStatus.FAILED,
) -> int:  # fmt: skip
    """A run that began at a moment and ended four minutes later; the mailboxes that failed in it."""
    run = open_one.begin_run(at, "0")
    for box in BOXES:
        open_one.commit(Batch("files", box, run, cursor="x", count=0))
    boxes = [
        MailboxNight(
            box, "files", short if box in failed else MailboxStatus.COMPLETE, error=why if box in failed else None
        )
        for box in BOXES
    ]
    open_one.end_run(run, at + timedelta(minutes=4), ok and not failed, boxes)
    return run


def looked(council: Council, now: datetime = NOW) -> Health:
    with store(council) as open_one:
        return health(config(council), open_one, now)


def names(found: Health) -> dict[str, bool]:
    """The needs by their names, and whether they must not wait."""
    return {name: need.pressing for need in found.wants for name in need.names}


def test_a_fresh_installation_is_no_failure(council: Council) -> None:
    found = health(config(council), None, NOW)
    assert (found.wants, found.pressing, found.last_run) == ((), False, None)
    council.schedule(rest="[backup]\n", policy="review = 2025-03-31\n")
    found = health(config(council), None, NOW)
    assert (set(names(found)), found.pressing) == ({"review"}, False)
    assert _told(found).startswith("No run has ended yet.")


def test_a_good_night_needs_nobody(council: Council) -> None:
    with store(council) as open_one:
        night(open_one)
    assert names(looked(council)) == {}


def test_a_night_is_overdue_three_hours_after_its_moment(council: Council) -> None:
    with store(council) as open_one:
        night(open_one, NIGHT - timedelta(days=1))
    assert names(looked(council, NIGHT + timedelta(hours=2, minutes=59))) == {}
    assert names(looked(council, NIGHT + timedelta(hours=3))) == {"overdue": True}
    with store(council) as open_one:
        open_one.begin_run(NIGHT + timedelta(hours=4), "0")
    assert "overdue" not in names(looked(council))


def test_a_timer_a_little_early_is_not_overdue(council: Council) -> None:
    with store(council) as open_one:
        night(open_one, NIGHT - timedelta(minutes=20))
    found = looked(council)
    assert (names(found), [box.nights_since for box in found.boxes]) == ({}, [0, 0, 0])


def test_the_computer_off_for_days_is_one_need_and_not_one_a_mailbox(council: Council) -> None:
    with store(council) as open_one:
        night(open_one, NIGHT - timedelta(days=5))
    found = looked(council)
    assert names(found) == {"overdue": True}
    assert [box.nights_since for box in found.boxes] == [5, 5, 5]


def test_an_interrupted_run_until_a_later_one(council: Council) -> None:
    with store(council) as open_one:
        night(open_one, NIGHT - timedelta(hours=5))
        open_one.begin_run(NIGHT, "0")
    assert names(looked(council)) == {"interrupted": True}
    with store(council) as open_one:
        night(open_one, NIGHT + timedelta(hours=1))
    assert names(looked(council)) == {}


def test_a_mailbox_that_was_not_read_says_since_when_and_no_path(council: Council) -> None:
    why = "The folder /mail/Complaint of Mrs Quizzaciously cannot be listed."
    with store(council) as open_one:
        night(open_one, NIGHT - timedelta(days=3))
        night(open_one, failed=(TOM,), why=why)
    found = looked(council)
    assert names(found) == {f"mailbox {TOM}": True}
    assert "since Monday 23 November (3 nights)" in found.needs[0]
    assert "Quizzaciously" not in " ".join(found.needs)
    assert why in " ".join(_told(found).split())
    assert {box.account.mailbox: box.nights_since for box in found.boxes} == {CLERK: 0, IVY: 0, TOM: 3}


def test_one_that_was_never_read_is_not_said_to_be_unread_since_a_day(council: Council) -> None:
    with store(council) as open_one:
        run = open_one.begin_run(NIGHT - timedelta(days=2), "0")
        open_one.commit(Batch("files", TOM, run, cursor="x", count=0))
        open_one.end_run(run, NIGHT - timedelta(days=2), True, [MailboxNight(TOM, "files", MailboxStatus.COMPLETE)])
        night(open_one, failed=(IVY, TOM), why="It is locked.")
    assert f"{IVY}, {TOM}: not read in full." in looked(council).needs[0]


def test_what_keeps_several_out_alike_is_told_once(council: Council) -> None:
    people = "".join(
        f'[[people]]\nname = "P{n}"\nrole = "councillor"\nmailbox = "p{n:02}.with.a.long.name@council.example"\n'
        for n in range(17)
    )
    council.schedule(people=people)
    with store(council) as open_one:
        run = open_one.begin_run(NIGHT, "0")
        boxes = [*BOXES, *(f"p{n:02}.with.a.long.name@council.example" for n in range(17))]
        for box in boxes:
            open_one.commit(Batch("files", box, run, cursor="x", count=12_345))
        failed = [MailboxNight(box, "files", MailboxStatus.FAILED, error=f"{box} is not there.") for box in boxes]
        open_one.end_run(run, NIGHT, ok=False, mailboxes=failed)
    found = looked(council)
    assert (len(found.wants), len(found.wants[0].names)) == (1, 20)
    assert found.needs[0].startswith("20 mailboxes (clerk@council.example, ")
    told = _told(found).splitlines()
    assert max(map(len, told[1:])) <= 80
    assert len(told) < 45
    assert any(line.startswith("p16.with.a.long.name@council.example ") and line.endswith("-") for line in told)


def test_new_gaps_and_old_ones(council: Council) -> None:
    with store(council) as open_one:
        run = open_one.begin_run(NIGHT - timedelta(days=9), "0")
        missed = (Missed("sent/quizzaciously.eml", "1", "The file is empty."),)
        open_one.commit(Batch("files", TOM, run, missed=missed, cursor="x", count=1))
        open_one.end_run(
            run, NIGHT - timedelta(days=9), ok=False, mailboxes=[MailboxNight(TOM, "files", MailboxStatus.COMPLETE)]
        )
    found = looked(council, NIGHT - timedelta(days=9) + timedelta(hours=1))
    assert names(found) == {f"gaps of run {run}": True}
    with store(council) as open_one:
        night(open_one)
    found = looked(council)
    assert names(found) == {"gaps of long standing": False}
    assert "quizzaciously" not in " ".join(found.needs)


def test_a_run_that_did_not_end_well_for_another_reason(council: Council) -> None:
    with store(council) as open_one:
        night(open_one, ok=False)
    assert names(looked(council)) == {"run not well": True}


@pytest.mark.parametrize(
    ("days", "stage", "pressing"),
    [
        (31, None, False),
        (30, 30, False),
        (14, 14, False),
        (8, 14, False),
        (7, 7, True),
        (1, 1, True),
        (0, 1, True),
        (-1, -1, True),
    ],
)
def test_a_secret_that_expires_is_told_at_each_stage(
    council: Council, days: int, stage: int | None, pressing: bool
) -> None:
    on = (NOW + timedelta(days=days)).date()
    council.schedule(sources=MICROSOFT.format(key=f'secret = "env:NONE"\nsecret_expires = {on}'))
    with store(council) as open_one:
        run = open_one.begin_run(NIGHT, "0")
        open_one.end_run(run, NIGHT, ok=True, mailboxes=[MailboxNight(CLERK, "microsoft365", MailboxStatus.COMPLETE)])
    found = looked(council)
    assert [(one.what, one.on, one.days) for one in found.expiries] == [("secret of microsoft365", on, days)]
    assert names(found) == ({} if stage is None else {f"secret of microsoft365 {stage}": pressing})
    assert any("at once" in said for said in found.needs) == (days <= 0)


def test_a_certificate_says_itself_when_it_ends(council: Council) -> None:
    made = trustme.CA().issue_cert("auditor", not_after=datetime(2026, 12, 1, tzinfo=UTC))
    pem = council.folder / "auditor.pem"
    pem.touch(0o600)
    pem.write_bytes(made.private_key_pem.bytes() + made.cert_chain_pems[0].bytes())
    council.schedule(sources=MICROSOFT.format(key='certificate = "file:auditor.pem"'))
    found = health(config(council), None, NOW)
    assert [(one.what, str(one.on), one.days) for one in found.expiries] == [
        ("certificate of microsoft365", "2026-12-01", 5)
    ]
    pem.write_text("quizzaciously", encoding="ascii")
    assert health(config(council), None, NOW).expiries == ()
    pem.unlink()
    assert health(config(council), None, NOW).expiries == ()


def test_backups_grow_old(council: Council) -> None:
    council.schedule(rest='[backup]\nfolder = "copies"\nkeep = 3\n')
    with store(council) as open_one:
        night(open_one, NIGHT - timedelta(days=3))
        night(open_one)
    assert names(looked(council)) == {"backup": True}
    copies = council.folder / "copies"
    old = copy(copies / "2026-11-23 0230 run 1", NOW - timedelta(days=3))
    copy(copies / "2026-11-26 0215 run 2.unfinished", NOW)
    copy(copies / "lost+found", NOW)
    spoilt = copy(copies / "2026-11-26 0230 run 2", NOW)
    (spoilt / "manifest.json").write_bytes(b"[" * 100_000)
    found = looked(council)
    assert found.backups == Backups(old.name, 3, 3)
    assert _document(found)["backup"] == {"newest": old.name, "age_days": 3, "keep": 3}
    assert names(found) == {"backup": True}
    copy(copies / "2026-11-26 0231 run 2", NOW)
    assert names(looked(council)) == {}


def test_a_trail_that_is_not_what_was_noted(council: Council) -> None:
    with store(council) as open_one:
        night(open_one)
        for n in range(3):
            open_one.record(Deed.LOOKED, "nobody", NOW, {"n": n})
    noted = council.database.with_name("auditor.db.head")
    whole = noted.read_text(encoding="utf-8")
    assert names(looked(council)) == {}
    noted.write_text(json.dumps(json.loads(whole) | {"length": 4}), encoding="utf-8")
    assert names(looked(council)) == {"trail": True}
    with store(council) as open_one:
        open_one.record(Deed.LOOKED, "nobody", NOW, {})
        # The note that contradicts it is the only proof, and outlives the next one, whatever the trail then holds.
        assert open_one.disputed() is not None
        assert not open_one.prove_trail().whole
    assert names(looked(council)) == {"trail": True}
    council.database.with_name("auditor.db.head.disputed").unlink()
    assert names(looked(council)) == {}


def test_the_disk(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    with store(council) as open_one:
        night(open_one)
    for disk, said in (
        (healthy.Disk(1, 2, None), {"disk full": True}),
        (healthy.Disk(9, 2, 1.2), {"disk fills": False}),
        (healthy.Disk(9, 2, 14.0), {}),
    ):
        monkeypatch.setattr(healthy, "_disk", lambda *_, disk=disk: disk)
        assert names(looked(council)) == said
    monkeypatch.setattr(healthy, "_disk", lambda *_: healthy.Disk(9, 2, 0))
    assert "in about 1 month:" in looked(council).needs[0]


def test_the_heart_of_the_service(council: Council) -> None:
    with store(council) as open_one:
        night(open_one)
    file = council.database.with_name("heartbeat.json")
    ago = (NOW - timedelta(hours=1)).isoformat()
    beat = {"at": ago, "pid": 1, "state": "waiting", "since": ago, "next_run": ago}
    for said, needed in (
        (beat | {"at": NOW.isoformat()}, {}),
        (beat, {"serve": False}),
        (beat | {"at": "yesterday"}, {}),
        ([], {}),
    ):
        file.write_text(json.dumps(said), encoding="utf-8")
        found = looked(council)
        assert names(found) == needed, said
        assert all("start it again, or delete heartbeat.json beside the store" in one for one in found.needs)


def test_an_older_sign_of_life_never_replaces_a_newer_one(tmp_path: Path) -> None:
    place = tmp_path / "heartbeat.json"
    others: list[threading.Thread] = []

    def next_run() -> datetime:
        if not others:  # while this sign is made, another thread has something newer to say
            others.append(threading.Thread(target=lambda: heart.turn(heartbeat.RUNNING)))
            others[0].start()
            others[0].join(0.2)
        return NIGHT

    heart = heartbeat.Heart(place, lambda: NOW, next_run)
    heart.beat()
    others[0].join()
    assert json.loads(place.read_text(encoding="utf-8"))["state"] == heartbeat.RUNNING


@settings(max_examples=60, deadline=None)
@given(
    said=st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_signs_of_any_form_are_read_with_care(tmp_path_factory: pytest.TempPathFactory, said: object) -> None:
    made = Council(tmp_path_factory.getbasetemp() / "signs")
    made.folder.mkdir(exist_ok=True)
    if not (made.folder / "schedule.toml").exists():
        made.schedule()
        made.database.parent.mkdir()
    for odd in (said, {"at": said, "state": said}):
        made.database.with_name("heartbeat.json").write_text(json.dumps(odd), encoding="utf-8")
        found = heartbeat.read(config(made))
        assert found is None or found.at.tzinfo


def test_what_people_were_told_and_the_policy_s_review_can_wait(council: Council) -> None:
    with store(council) as open_one:
        night(open_one)
    council.schedule(policy="review = 2026-11-26\n")
    assert names(looked(council)) == {}
    council.schedule(policy="review = 2026-11-25\n")
    schedule = council.folder / "schedule.toml"
    schedule.write_text(
        schedule.read_text(encoding="utf-8").replace("users_informed_on = 2026-01-05\n", ""), encoding="utf-8"
    )
    found = looked(council)
    assert names(found) == {"review": False, "informed": False}
    assert [said[:10] for said in for_the_workbook(found)] == ["The policy"]


@pytest.mark.parametrize("day", [datetime(2026, 3, 29, tzinfo=LONDON), datetime(2026, 10, 25, tzinfo=LONDON)])
def test_nights_are_counted_by_the_clock_on_the_wall(council: Council, day: datetime) -> None:
    with store(council) as open_one:
        night(open_one, (day.replace(hour=2, minute=15) - timedelta(days=1)).astimezone(UTC))
    nights: Callable[[int], list[int | None]] = lambda hour: [  # noqa: E731
        box.nights_since for box in looked(council, day.replace(hour=hour).astimezone(UTC)).boxes
    ]
    assert (nights(1), nights(4)) == ([0, 0, 0], [1, 1, 1])


def test_the_exit_status_is_for_what_must_not_wait(council: Council) -> None:
    council.schedule(policy="review = 2025-03-31\n", sources=SOURCE)
    with store(council) as open_one:
        night(open_one, datetime.now(UTC) - timedelta(minutes=10))
    ran = council.auditor("status", "--json")
    assert (ran.status, len(ran.json["needs"]), ran.json["serve"], ran.json["backup"]) == (0, 1, None, None)
    assert set(ran.json["disk"]) == {"free", "needed", "months_left"}
    with store(council) as open_one:
        night(open_one, datetime.now(UTC), failed=(IVY,), why="It is not there.", short=MailboxStatus.PARTIAL)
    ran = council.auditor("status")
    assert ran.status == 1
    assert ran.out.index("What needs a person:") < ran.out.index("Why not read in full:")
