"""What is said of recipients depends on the mail there is, not on the night in which it came."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import eml
from stow import IVY, TOM, Council, stow

from auditor.cli.workplace import duties, open_the_store
from auditor.config import load
from auditor.pipeline import night as night_module
from auditor.pipeline.night import Night, NightResult, window
from auditor.pipeline.pull import Clock
from auditor.pipeline.weighing import Remarks
from auditor.store.interface import Store

pytestmark = pytest.mark.usefixtures("warm_reader")

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
KNOWN, SLIP = "jsmithson@oakleyturf.example", "jsmtihson@oakleyturf.example"


def night(council: Council, store: Store) -> NightResult:
    config = load(council.folder / "schedule.toml")
    return Night(
        store=store,
        policy=config.policy,
        duties=duties(config),
        window=window(config.policy, 24, None, NOW),
        now=lambda: NOW,
        clock=Clock(time.monotonic, time.sleep),
        report=lambda _run: (),
    ).run()


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return stow(tmp_path)


@pytest.fixture
def store(council: Council) -> Iterator[Store]:
    with open_the_store(load(council.folder / "schedule.toml")) as store:
        yield store


def written(n: int, to: str, *, sender: str = TOM, **rest: Any) -> bytes:
    """A letter of day `n` of November."""
    sent = datetime(2026, 11, 1, 9, tzinfo=UTC) + timedelta(days=n)
    return eml(sender=sender, to=[to], n=n, sent=sent, subject=f"Day {n}", **rest)


def suspects(store: Store) -> list[tuple[str, str]]:
    return [
        (row.message_id, row.finding.evidence) for row in store.findings() if row.finding.rule == "recipient-suspect"
    ]


def test_a_slip_is_found_in_the_night_that_brings_it(council: Council, store: Store) -> None:
    for n in range(3):
        council.post(TOM, f"known {n}", written(n, KNOWN))
    council.post(TOM, "slip", written(9, SLIP))
    [tom] = [box for box in night(council, store).mailboxes if box.mailbox == TOM]
    assert suspects(store) == [("9@tests.example", SLIP)]
    assert (tom.analysed, tom.findings) == (5, len([row for row in store.findings() if row.mailbox == TOM]))


def test_mail_that_comes_later_and_is_older_counts_too(council: Council, store: Store) -> None:
    council.post(TOM, "slip", written(9, SLIP))
    night(council, store)
    assert suspects(store) == []
    for n in range(3):
        council.post(IVY, f"known {n}", written(n, KNOWN, sender=IVY))
    night(council, store)
    assert suspects(store) == [("9@tests.example", SLIP)]
    council.post(TOM, "from there", written(5, TOM, sender=SLIP), folder="inbox")
    night(council, store)
    assert suspects(store) == [], "somebody had written from the address before"


def test_it_does_not_matter_in_which_night_mail_comes(tmp_path: Path) -> None:
    letters = [(TOM, written(n, KNOWN)) for n in range(3)] + [(TOM, written(9, SLIP)), (TOM, written(12, SLIP))]
    said = []
    for name, order in (
        ("one", [letters]),
        ("two", [letters[3:], letters[:3]]),
        ("each", [[one] for one in reversed(letters)]),
    ):
        (tmp_path / name).mkdir()
        council = stow(tmp_path / name)
        with open_the_store(load(council.folder / "schedule.toml")) as store:
            for number, load_ in enumerate(order):
                for place, (box, raw) in enumerate(load_):
                    council.post(box, f"{number} {place}", raw)
                night(council, store)
            said.append([(row.id, row.finding) for row in store.findings()])
    assert said[0] == said[1] == said[2]
    assert len([one for _, one in said[0] if one.rule == "recipient-suspect"]) == 1


def test_what_is_judged_again_for_its_answer_is_still_remarked_on(council: Council, store: Store) -> None:
    for n in range(3):
        council.post(TOM, f"known {n}", written(n, KNOWN))
    council.post(TOM, "slip", written(9, SLIP))
    night(council, store)
    council.post(IVY, "answer", written(10, TOM, sender=IVY, answers=9))
    night(council, store)
    assert suspects(store) == [("9@tests.example", SLIP)]


def test_a_night_cut_off_before_it_judged_is_made_up_for(
    council: Council, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        council.post(TOM, f"known {n}", written(n, KNOWN))
    council.post(TOM, "slip", written(9, SLIP))
    with monkeypatch.context() as patched:
        patched.setattr(night_module, "check", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            night(council, store)
    assert suspects(store) == []
    night(council, store)
    assert suspects(store) == [("9@tests.example", SLIP)]


def test_a_night_that_brings_nothing_weighs_nothing(
    council: Council, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(council, store)

    def never(*_: Any) -> Remarks:
        raise AssertionError("the post was read")

    monkeypatch.setattr(store, "post", never)
    monkeypatch.setattr(store, "weighed", never)
    night(council, store)
