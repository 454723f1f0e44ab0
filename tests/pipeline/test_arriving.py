"""A message judged as it arrives gets the judgement that the queue would have given it, and is counted once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from builders import eml
from deadly import DeadlyGuard
from stow import IVY, TOM, Council, letter, stow

from auditor.cli.workplace import duties, open_the_store
from auditor.config import Config, load
from auditor.mail.limits import DEFAULT
from auditor.pipeline import arriving
from auditor.pipeline.check import check
from auditor.pipeline.guard import Guard
from auditor.pipeline.night import Night, window
from auditor.pipeline.pull import Clock
from auditor.pipeline.tasks import Admission, OverLimits, PrivateRules
from auditor.policy import Policy
from auditor.sample import build
from auditor.spool import Spool
from auditor.store.interface import Store
from auditor.store.records import MailboxNight

pytestmark = pytest.mark.usefixtures("warm_reader")

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def night(config: Config, store: Store) -> dict[str, MailboxNight]:
    """A night without its workbook: how each mailbox fared."""
    result = Night(
        store=store,
        policy=config.policy,
        duties=duties(config),
        window=window(config.policy, 24, None, NOW),
        now=lambda: NOW,
        clock=Clock(time.monotonic, time.sleep),
        report=lambda _run: (),
    ).run()
    return {box.mailbox: box for box in result.mailboxes}


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return stow(tmp_path)


@pytest.fixture
def store(council: Council) -> Iterator[Store]:
    with open_the_store(load(council.folder / "schedule.toml")) as store:
        yield store


@pytest.mark.parametrize("stamped", ["sender", "server"])
def test_the_queue_says_the_same_of_the_sample_council(tmp_path: Path, stamped: str) -> None:
    facts = build(tmp_path / "council", date(2026, 11, 22))
    text = facts.schedule.read_text(encoding="utf-8")
    facts.schedule.write_text(text.replace('stamped_by = "sender"', f'stamped_by = "{stamped}"'), encoding="utf-8")
    config = load(facts.schedule)
    assert config.policy.waiver_stamped_by == stamped
    with open_the_store(config) as store:
        boxes = night(config, store)
        arrived = [(row.id, row.finding, row.mailbox) for row in store.findings()]
        seen = store.judged_between(None, None), store.unseen_between(None, None)
        assert sum(box.findings for box in boxes.values()) == len(arrived)
        assert store.adopt("everything is queued anew")
        with Guard() as guard:
            checked = check(store, config.policy, guard, run=1)
        assert checked.analysed.total() == 0, "all of it was judged in this run already"
        assert [(row.id, row.finding, row.mailbox) for row in store.findings()] == arrived
        assert (store.judged_between(None, None), store.unseen_between(None, None)) == seen
        assert arrived


def test_most_mail_never_waits_in_the_queue(council: Council, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    witnesses = store.witnesses
    monkeypatch.setattr(store, "witnesses", lambda holdings: asked.extend(holdings) or witnesses(holdings))
    council.post(IVY, "answer", eml(sender=IVY, to=[TOM], subject="Re: Letter 2", n=9, answers=2))
    night(load(council.folder / "schedule.toml"), store)
    assert len(asked) == 1, "only the letter that was answered is heard with its answer"


def test_a_message_and_its_reply_of_one_night_count_once(council: Council, store: Store) -> None:
    council.post(TOM, "ask", letter("May I have the key?", n=7))
    council.post(IVY, "answer", eml(sender=IVY, to=[TOM], subject="Re: Letter 7", body="You may.\n", n=8, answers=7))
    boxes = night(load(council.folder / "schedule.toml"), store)
    assert [(boxes[box].new, boxes[box].analysed, boxes[box].findings) for box in (TOM, IVY)] == [(2, 2, 4), (2, 2, 4)]


def test_a_copy_judged_first_gives_way_to_the_senders_own(council: Council, store: Store) -> None:
    raw = eml(sender=TOM, to=[IVY], subject="Copied", n=8)
    council.schedule(sources='[[sources]]\nkind = "files"\nroot = "mail"\nfolders = ["all"]\n')
    council.post(IVY, "copy", raw, "inbox")
    config = load(council.folder / "schedule.toml")
    first = night(config, store)
    assert (first[IVY].analysed, first[IVY].findings) == (2, 4)
    council.post(TOM, "own", raw)
    second = night(config, store)
    assert (second[TOM].findings, second[IVY].analysed) == (2, 1)
    found = [row for row in store.findings() if row.subject == "Copied"]
    assert {row.mailbox for row in found} == {TOM}
    assert len(found) == 2


def test_a_message_that_cannot_be_judged_is_kept_and_found(council: Council, store: Store) -> None:
    council.post(TOM, "deadly", letter("A rhubarb letter.", n=5, subject="A deadly letter"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("auditor.pipeline.night.Guard", DeadlyGuard)
        boxes = night(load(council.folder / "schedule.toml"), store)
    assert (boxes[TOM].new, boxes[TOM].gaps, boxes[TOM].analysed, boxes[TOM].status) == (2, 0, 1, "complete")
    assert store.facts().searchable == 4
    assert [row.mailbox for row in store.unchecked()] == [TOM]


def test_a_file_that_ends_its_reader_costs_its_message_nothing_else(council: Council, store: Store) -> None:
    inner = letter("See the file.", n=5, subject="A file", good=True).replace(b"\n\n", b"\n\n--x\n\n", 1)
    raw = inner.replace(b"\n\n", b'\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n', 1)
    raw += b'\n--x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename="deadly.pdf"\n\n%PDF-\n--x--\n'
    council.post(TOM, "file", raw)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("auditor.pipeline.night.Guard", DeadlyGuard)
        boxes = night(load(council.folder / "schedule.toml"), store)
    assert (boxes[TOM].new, boxes[TOM].gaps, boxes[TOM].analysed, boxes[TOM].status) == (2, 0, 2, "complete")


def test_of_a_message_over_the_limit_no_more_than_its_headers_is_read(tmp_path: Path) -> None:
    raw = eml(n=1) + b"\n" + b"x" * 5_000
    spooled = Spool(tmp_path).keep([raw])
    small = replace(DEFAULT, message=2_000, headers=1_000)
    for given in (raw, spooled):
        settled = arriving._read(
            Admission(PrivateRules(), Policy("Stow", ("stow.example",), ())), (given, TOM, ("sent",), ()), small
        )
        assert isinstance(settled, OverLimits)
        assert settled.reason == "larger than 2,000 bytes"
