"""Who may not bind the Council, for whom and to whom they write, and what they say (E10)."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from closing_letters import CLERK, COUNCILLOR, LAYOUTS, case, plain

from auditor.analysers.base import Case
from auditor.analysers.examples import council
from auditor.analysers.obligation import Obligation
from auditor.analysers.obligation_index import ACTS, candidates
from auditor.analysers.prose import prose
from auditor.findings import Finding, Severity
from auditor.pipeline.judging import identified
from auditor.policy import Person, Policy, Role

LETTERS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("obligations.toml").read_text("utf-8"))
SAID = [(name.rpartition("_")[2], body) for name, bodies in LETTERS.items() for body in bodies]
WEIGHED = tomllib.loads(Path(__file__).with_name("obligation_letters.toml").read_text("utf-8"))["letter"]
ORDER = "Please repair the swing and invoice the parish."
PROMISE = "We will pay for the paint."
DEPUTY = "deputy@ashmere.example"
COLLEAGUE = "cllr.moss@ashmere.example"
GROUNDSMAN = "grounds@ashmere.example"


def _policy(**rules: Severity | None) -> Policy:
    more = (
        Person("Ines Rowe", Role.DEPUTY_CLERK, "Deputy Clerk", DEPUTY),
        Person("Silas Moss", Role.COUNCILLOR, "Councillor", COLLEAGUE),
        Person("Ned Hurst", Role.EMPLOYEE, "Groundsman", GROUNDSMAN),
    )
    return Policy(
        council=council().council,
        domains=council().domains,
        people=(*council().people, *more),
        rules={f"obligation-{name}": severity for name, severity in rules.items()},
    )


def _found(made: Case) -> list[Finding]:
    return list(Obligation().check(made))


def _names(made: Case) -> list[str]:
    return [finding.rule.removeprefix("obligation-") for finding in _found(made)]


@pytest.mark.parametrize(("rule", "body"), SAID, ids=[body[:60] for _, body in SAID])
def test_what_is_said(rule: str, body: str) -> None:
    assert set(_names(case(body))) == (set() if rule == "clear" else {rule})


@pytest.mark.parametrize("letter", WEIGHED, ids=[letter["body"][:60] for letter in WEIGHED])
def test_what_a_letter_weighs(letter) -> None:
    assert bool(_names(case(letter["body"], To=letter["to"]))) is letter["flagged"]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_however_it_is_laid_out(layout) -> None:
    body = f"Dear Ewan,\n\nThank you for coming out on Sunday in all that rain. {ORDER} The children miss it.\n\nKind regards"
    (finding,) = _found(case(layout(body)))
    assert finding.rule == "obligation-instruction"
    assert " ".join(finding.evidence.split()) == ORDER


def test_one_incident_is_named_once_by_its_plainest_sentence() -> None:
    (finding,) = _found(case("We will pay by return. I accept your quotation. Please start on Monday."))
    assert (finding.rule, finding.excerpt) == ("obligation-acceptance", "I accept your quotation.")


def test_two_incidents_are_told_apart() -> None:
    body = "I accept your quotation. It is raining here. The ducks like it. Please repair the swing."
    assert _names(case(body)) == ["acceptance", "instruction"]


def test_the_reason_says_what_was_said_and_what_to_do() -> None:
    (finding,) = _found(case(PROMISE))
    assert finding.severity is Severity.HIGH
    assert finding.reason == (
        "'We will pay' promises the Council's money or help, and only the Clerk may do that; the Clerk should confirm or "
        "withdraw it."
    )


def test_of_what_was_weighed_the_clerk_reads_what_shows_the_act_and_not_all_that_was_counted() -> None:
    body = "Dear Jan,\n\nThe pavilion is open on Saturday, and I am holding it for you until Thursday without charge."
    (finding,) = _found(case(body))
    assert finding.reason.startswith("The words 'without charge' promise what the Council would have to keep, and only")


@pytest.mark.parametrize(
    ("sender", "submitter", "found"),
    [
        (CLERK, None, False),
        (DEPUTY, None, True),
        ("office@ashmere.example", None, True),
        (CLERK, COUNCILLOR, True),
        (CLERK, DEPUTY, True),
        (COUNCILLOR, CLERK, False),
        (COUNCILLOR, "bounces@listserver.example", True),
        (CLERK, "bounces@listserver.example", False),
    ],
)
def test_whoever_wrote_it_answers_for_it(sender: str, submitter: str | None, found: bool) -> None:
    headers = {"Sender": submitter} if submitter else {}
    assert bool(_found(case(PROMISE, sender, _policy(), **headers))) is found


def test_who_sent_it_as_another_is_named() -> None:
    (finding,) = _found(case(PROMISE, CLERK, _policy(), Sender=DEPUTY))
    assert "Ines Rowe, who sent it as Judith Pell, may not do that" in finding.reason


def test_a_clerk_who_has_left_no_longer_binds() -> None:
    policy = _policy()
    clerk = policy.people[0]
    gone = Person(
        clerk.name,
        clerk.role,
        clerk.title,
        clerk.mailbox,
        may_bind=True,
        until=date(2026, 1, 31),
    )
    left = Policy(council=policy.council, domains=policy.domains, people=(gone,))
    (finding,) = _found(case(PROMISE, CLERK, left))
    assert "Judith Pell was no longer in post" in finding.reason


@pytest.mark.parametrize(
    ("to", "cc", "severity"),
    [
        ("mary@homemail.example", "", Severity.HIGH),
        (COLLEAGUE, "", Severity.INFO),
        ("tom.arden@postbox.example", "", Severity.INFO),
        (f"{CLERK}, {COLLEAGUE}", "", Severity.INFO),
        (COLLEAGUE, "mary@homemail.example", Severity.HIGH),
        (CLERK, "", None),
        ("judith.pell@homemail.example", "", None),
    ],
)
def test_to_whom_it_goes(to: str, cc: str, severity: Severity | None) -> None:
    headers = {"To": to, "Cc": cc} if cc else {"To": to}
    assert [finding.severity for finding in _found(_sent(PROMISE, headers))] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("to", "found"),
    [
        ("ewan@limbandleaf.example", True),
        (GROUNDSMAN, True),
        ("highways@weldshire.example", False),
        ("insp.ward@weldshire-police.example", False),
        ("clerk@nextdoor-pc.example", False),
        ("a@one.example, b@two.example, c@three.example", True),
        ("a@one.example, b@two.example, c@three.example, d@four.example", False),
    ],
)
def test_who_may_be_told_what_to_do(to: str, found: bool) -> None:
    assert bool(_found(_sent("Please repair the swing.", {"To": to}))) is found


def test_an_authority_can_still_be_promised_money() -> None:
    assert _found(_sent("We will pay half the cost of the signs.", {"To": "highways@weldshire.example"}))


def _sent(body: str, headers: dict[str, str]) -> Case:
    return case(body, COUNCILLOR, _policy(), **headers)


def test_what_is_capped_stays_info_whatever_the_council_has_set() -> None:
    inside = case(PROMISE, COUNCILLOR, _policy(commitment=Severity.CRITICAL), To=COLLEAGUE)
    outside = case(PROMISE, COUNCILLOR, _policy(commitment=Severity.CRITICAL))
    off = case(PROMISE, COUNCILLOR, _policy(commitment=None), To=COLLEAGUE)
    assert list(map(_severity, (inside, outside, off))) == ["info", "critical", ""]


def _severity(made: Case) -> str:
    return "".join(found.severity for _, found in identified(made) if found.rule == "obligation-commitment")


def test_only_ordinary_mail_is_read() -> None:
    assert not _found(_sent(PROMISE, {"Auto-Submitted": "auto-replied"}))


def test_what_stands_in_the_history_is_not_the_senders() -> None:
    message = plain(
        "Thank you, I shall ask.\n\nOn Mon, 2 Nov 2026 at 09:14, Mary wrote:\n> We will pay for the paint.\n"
    )
    assert not _found(case(message))


def test_a_text_that_does_nothing_is_not_read_by_sentences() -> None:
    quiet = prose("The pond has been cleared and the ducks are back.")
    assert candidates(quiet) == []


@pytest.mark.parametrize("act", ACTS, ids=[f"{number} {act.does}" for number, act in enumerate(ACTS)])
def test_no_act_is_shut_out_by_its_own_words(act) -> None:
    """Whatever an act's pattern finds in the letters, the words alone let through."""
    for _, body in SAID:
        read = prose(body)
        if any(act.pattern.found(sentence.plain) for sentence in read.sentences) and not act.account:
            assert act in candidates(read)


@pytest.mark.parametrize(
    "piece", ["please ", "we will pay ", "if the council ", "if nothing ", "your quote is ", "and we "]
)
def test_a_text_built_to_be_slow_is_read_all_the_same(piece: str) -> None:
    assert isinstance(_found(case(plain(piece * (10_000 // len(piece))))), list)
