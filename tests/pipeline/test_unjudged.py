"""A message the rules could not be put to is told of, listed until they could, and stops nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from deadly import DeadlyGuard
from openpyxl import load_workbook
from stow import TOM, WAIVER, Council, letter, stow

from auditor.analysers.base import Case, found
from auditor.cli.workplace import duties, open_the_store
from auditor.config import load
from auditor.findings import Finding, Rule, Severity
from auditor.pipeline import arriving, judging
from auditor.pipeline import night as night_module
from auditor.pipeline.night import Night, NightResult, window
from auditor.pipeline.pull import Clock
from auditor.pipeline.reading import pack
from auditor.pipeline.replay import replay
from auditor.pipeline.tasks import Admission, PrivateRules, Sight
from auditor.policy import Policy, Wording
from auditor.store.records import Docket, MailboxNight

pytestmark = pytest.mark.usefixtures("warm_reader")


def night(council: Council, report: Any = lambda _run: []) -> NightResult:
    config = load(council.folder / "schedule.toml")
    now = datetime.now(UTC)
    with open_the_store(config) as store:
        return Night(
            store=store,
            policy=config.policy,
            duties=duties(config),
            window=window(config.policy, 24, None, now),
            now=lambda: now,
            clock=Clock(time.monotonic, time.sleep),
            report=report,
        ).run()


def box(result: NightResult, address: str) -> MailboxNight:
    return next(one for one in result.mailboxes if one.mailbox == address)


def again(council: Council, version: str = "1.3") -> NightResult:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(night_module, "__version__", version)
        return night(council)


def test_a_message_that_ends_its_judge_is_listed_and_tried_again_by_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = stow(tmp_path)
    council.post(TOM, "deadly", letter("Beware.", n=7, subject="A deadly letter"))
    with monkeypatch.context() as patched:
        patched.setattr(night_module, "Guard", DeadlyGuard)
        first, second = night(council), night(council)
    assert (first.ok, second.ok, second.troubles) == (False, True, ())
    assert [(box(one, TOM).status, box(one, TOM).analysed) for one in (first, second)] == [
        ("complete", 1),
        ("complete", 0),
    ]
    [trouble] = first.troubles
    assert trouble.startswith("1 message could not be checked against every rule")
    with council.store() as store:
        [row] = store.unchecked()
        assert (row.mailbox, row.id, row.rules, row.since) == (TOM, "sent/deadly.eml", (), first.started)
        assert "ended the reader" in row.why
        assert store.judged_between(None, None)[TOM] == 1
    assert council.auditor("status", "--json").boxes[TOM]["unchecked"] == 1
    assert council.auditor("report", "--out", "a.xlsx").status == 0
    listed = read_workbook(council.folder / "a.xlsx")
    assert "not checked against any rule: reading it ended the reader" in listed["Not read"]
    assert "could not be checked against any rule" in listed["Coverage"]
    healed = again(council)
    assert (healed.ok, box(healed, TOM).findings) == (True, 2)
    with council.store() as store:
        assert store.unchecked() == []
    assert council.auditor("status", "--json").boxes[TOM]["unchecked"] == 0


def test_a_replay_takes_what_it_could_not_ask_as_it_stands(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.post(TOM, "deadly", letter("Beware.", n=7, subject="A deadly letter"))
    night(council)
    policy = load(council.folder / "schedule.toml").policy
    with council.store() as store:
        stood = len(store.findings())
        seen: list[int] = []
        made = replay(store, policy, seen.append, guard=DeadlyGuard)
        assert (made.messages, made.unchecked, made.checked.total(), seen) == (4, 1, 3, [4])
        assert (made.gained, made.lost, made.changed, made.unchanged) == ({}, {}, {}, stood)


def read_workbook(path: Path) -> dict[str, str]:
    book = load_workbook(path)
    try:
        return {
            sheet.title: "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
            for sheet in book
        }
    finally:
        book.close()


class Failing:
    """An analyser that finds something and then fails on every message of some subject."""

    rules = (Rule("language-unbusinesslike", ("E2",), Severity.LOW, "Language", "It.", ("own",)),)

    def __init__(self, error: Exception) -> None:
        self.error = error

    def check(self, case: Case) -> Iterator[Finding]:
        yield found(self.rules[0], "own", case.parts.own.text, (0, 3), "Said so.")
        if "fatal" in case.mail.subject:
            raise self.error


@pytest.mark.parametrize("error", [ValueError("quizzaciously"), RecursionError(), MemoryError()])
def test_an_analyser_that_fails_costs_its_own_rules_only(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = Policy("Stow", ("council.example",), (), waivers=(Wording("full", WAIVER),))
    sight = arrived(policy, "A fatal letter")
    sound = judging.judge(policy, sight)
    monkeypatch.setattr(judging, "_OF_MESSAGES", (Failing(error), *judging._OF_MESSAGES))
    broken = judging.judge(policy, sight)
    # What stood before the failure is no finding: the rule was not checked.
    assert broken.findings == sound.findings != ()
    assert broken.checked
    [failed] = broken.failed
    assert failed.rules == ("language-unbusinesslike",)
    assert "quizzaciously" not in failed.why
    assert [one.rule for _, one in judging.judge(policy, arrived(policy, "A good one")).findings].count(
        "language-unbusinesslike"
    ) == 1
    off = Policy("Stow", ("council.example",), (), rules={"language-unbusinesslike": None})
    assert judging.judge(off, sight).failed == ()


def arrived(policy: Policy, subject: str) -> Sight:
    raw = letter("The bench is mended.", subject=subject)
    made = arriving.divide(
        Admission(PrivateRules(), policy), arriving.read(Admission(PrivateRules(), policy), (raw, TOM, ("sent",), ()))
    )
    assert isinstance(made, arriving.Divided)
    return Sight(Docket(1, "files", TOM, ("sent",), made.record.mail.sha256, pack(made.record)))


def test_a_workbook_that_fails_leaves_a_ledger_that_says_so(tmp_path: Path) -> None:
    council = stow(tmp_path)

    def fail(_run: int) -> Sequence[Path]:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        night(council, fail)
    with council.store() as store:
        [run] = store.runs()
        assert (run.ok, run.ended is not None, len(run.mailboxes)) == (False, True, 3)
