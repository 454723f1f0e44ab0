"""Who a message went to: slips of the hand, private accounts, strangers in one another's sight, needless answers."""

from __future__ import annotations

import string
from email.message import EmailMessage

import pytest
from changes import replace
from closing_letters import CLERK, COUNCILLOR, case, plain
from hypothesis import given
from hypothesis import strategies as st

from auditor.analysers.base import Case
from auditor.analysers.examples import council
from auditor.analysers.recipients import Recipients
from auditor.analysers.reply_all import ReplyAll
from auditor.findings import Finding, Severity
from auditor.mail.message import Address, Kind
from auditor.policy import Policy

KNOWN = "planning@weldshire.example"


def addressed(*to: str, sender: str = COUNCILLOR, policy: Policy | None = None, **headers: str) -> Case:
    letter: EmailMessage = plain("The path is clear again.\n")
    made = case(letter, sender, To=", ".join(to), **headers)
    return replace(made, policy=policy) if policy else made


def found(made: Case) -> list[Finding]:
    return list(Recipients().check(made))


def rules(made: Case) -> list[str]:
    return [one.rule for one in found(made)]


@given(st.integers(0, len("planning") - 1), st.sampled_from(string.ascii_lowercase))
def test_any_one_slip_in_a_known_mailbox_is_seen_and_the_mailbox_itself_never(at: int, letter: str) -> None:
    name = "planning"
    slips = {
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
        name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
    } - {name}
    for slip in slips:
        assert rules(addressed(f"{slip}@weldshire.example")) == ["recipient-suspect"], slip
    assert rules(addressed(KNOWN, f"Planning <{KNOWN.upper()}>")) == []


@pytest.mark.parametrize(
    ("address", "looks_like"),
    [
        ("a@weldshlre.example", "weldshire.example"),
        ("a@we1dshire.example", "weldshire.example"),
        ("a@ashmere.example.org", None),
        ("a@ash-mere.example", "ashmere.example"),
        ("a@ashmere.gov.uk", None),
        ("a@ashmere.org.uk", "ashmere.example"),
        ("a@weldshire.ac.uk", None),
        ("a@gmail.co", "gmail.com"),
        ("a@gmai1.com", "gmail.com"),
        ("a@hotmail.co.uk", None),
        ("a@outlok.com", "outlook.com"),
        ("a@aol.co.uk", None),
        ("a@mailbox.example", None),
    ],
)
def test_domains_that_look_like_known_ones(address: str, looks_like: str | None) -> None:
    said = [one.reason for one in found(addressed(address))]
    assert bool(said) is (looks_like is not None)
    if looks_like:
        assert f"looks like an address at {looks_like} (" in said[0]


def test_each_address_is_told_of_once_and_in_order() -> None:
    made = addressed("planing@weldshire.example", "tom.arden@postbox.example", Cc="PLANING@weldshire.example")
    assert rules(made) == ["recipient-suspect", "recipient-private-account"]
    assert [one.evidence for one in found(made)] == ["planing@weldshire.example", "tom.arden@postbox.example"]


def test_a_private_account_is_told_of_as_whose_it_is() -> None:
    [own] = found(addressed("tom.arden@postbox.example"))
    assert own.reason.startswith("tom.arden@postbox.example is the sender's own private account")
    [other] = found(addressed("tom.arden@postbox.example", sender=CLERK))
    assert "is Thomas Arden's private account: Council business belongs in cllr.arden@ashmere.example." in other.reason


def strangers(count: int) -> list[str]:
    return [f"resident{n:02}@homemail.example" for n in range(count)]


@pytest.mark.parametrize(
    ("count", "severity"), [(10, None), (11, Severity.MEDIUM), (19, Severity.MEDIUM), (20, Severity.HIGH)]
)
def test_the_severity_follows_the_councils_bounds(count: int, severity: Severity | None) -> None:
    assert [one.severity for one in found(addressed(*strangers(count)))] == ([severity] if severity else [])


def test_the_bounds_are_the_councils_to_set() -> None:
    few = replace(council(), mass_recipients=(3, 5))
    assert [one.severity for one in found(addressed(*strangers(3), policy=few))] == [Severity.MEDIUM]
    assert found(addressed(*strangers(2), policy=few)) == []


def test_only_those_outside_who_do_not_know_one_another_are_counted() -> None:
    own = ["tom.arden@postbox.example", CLERK, "x@sub.ashmere.example"]
    officers = [f"{name}@weldshire.example" for name in ("roads", "trees", "signs")]
    colleagues = [f"{name} Pike <{name.lower()}.pike@weldshire.example>" for name in ("Dan", "Eve", "Fay")]
    household = [f"{name} Lacey <{name.lower()}@homemail.example>" for name in ("Ann", "Bill", "Cora")]
    made = addressed(*strangers(9), *own, *officers, *colleagues)
    assert "recipients-exposed" not in rules(made), "nine residents and one authority"
    assert "recipients-exposed" in rules(addressed(*strangers(9), *own, *officers, *household))


def test_a_machines_answer_and_an_answer_to_all_expose_nobody() -> None:
    many = addressed(*strangers(12), *["tom.arden@postbox.example"])
    assert found(replace(many, mail=replace(many.mail, kind=Kind.AUTO_REPLY))) == []
    answer = addressed(*strangers(12), **{"In-Reply-To": "<0@ashmere.example>"})
    assert found(answer) == []


def test_an_answer_to_many_counts_each_of_them_once_and_not_the_sender() -> None:
    def said(*to: str, subject: str = "Re: The pond") -> list[str]:
        letter = plain("Many thanks!\n")
        return [one.rule for one in ReplyAll().check(case(letter, COUNCILLOR, To=", ".join(to), Subject=subject))]

    six = [f"m{n}@postbox.example" for n in range(6)]
    assert said(*six) == ["reply-all-inappropriate"]
    assert said(*six[:5], COUNCILLOR, six[0].upper()) == []
    assert said(*six, subject="The pond") == []
    assert said(*six, subject="Rebuilding the pond") == []


@pytest.mark.parametrize("body", ["Good news?", "Thanks " * 25, "Thanks, it was 12.", "Noted, though I object."])
def test_what_asks_or_tells_something_is_for_all_to_read(body: str) -> None:
    to = ", ".join(f"m{n}@postbox.example" for n in range(6))
    assert list(ReplyAll().check(case(plain(body), COUNCILLOR, To=to, Subject="Re: The pond"))) == []


def test_what_is_found_does_not_depend_on_what_was_read_before() -> None:
    one, two = (
        addressed("planing@weldshire.example"),
        addressed("a@b.example", policy=replace(council(), domains=("b.example",))),
    )
    first = [found(one), found(two)]
    assert [found(one), found(two)] == first
    nameless = replace(one, mail=replace(one.mail, to=(Address("", ""),)))
    assert found(nameless) == []
