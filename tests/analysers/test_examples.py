"""Every rule is registered, described and shown by examples, and every example is judged as it says."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from closing_letters import case as case_of
from closing_letters import findings, plain
from enclosed import content

import auditor.analysers
from auditor.analysers import ANALYSERS
from auditor.analysers.base import Case, Example
from auditor.analysers.examples import council, examples, writer
from auditor.policy import CLAUSES
from auditor.values import replace

RULES = [rule for analyser in ANALYSERS for rule in analyser.rules]
SHOWN = [(rule.name, example) for rule in RULES for example in examples(rule.name)]
LEAST = 8
FOLDER = Path(auditor.analysers.__file__).parent / "examples"


def _found(example: Example) -> set[str]:
    headers = {"Subject": example.subject} if example.subject else {}
    for name, addresses in (("To", example.to), ("Cc", example.cc), ("Bcc", example.bcc)):
        if addresses:
            headers[name] = ", ".join(addresses)
    if example.answers:
        headers["In-Reply-To"] = "<0@ashmere.example>"
    if example.bulk:
        headers["List-Unsubscribe"] = "<mailto:leave@lists.example>"
    if example.auto:
        headers["Auto-Submitted"] = "auto-replied"
    if example.author:
        headers["Reply-To"] = example.author
    return {found.rule for found in findings(_case(example, headers))}


def _case(example: Example, headers: dict[str, str]) -> Case:
    holder = writer(example.sender)
    made = case_of(_enclosing(example), holder.mailbox, **headers)
    if example.removal is None:
        return made
    mail = made.mail
    if example.author:
        mail = replace(mail, sender=mail.reply_to[0])
    return replace(made, mail=mail, mailbox=holder.mailbox, folders=example.folders, removal=example.removal)


def _enclosing(example: Example) -> EmailMessage:
    mail = plain(example.body.lstrip("\n"))
    for one in example.attachments:
        author = one.kind.removeprefix("in a message from ")
        if author == one.kind:
            mail.add_attachment(content(one.name, one.kind), "application", "octet-stream", filename=one.name)
        else:
            inner = plain("See the file.")
            inner["From"] = author
            inner.add_attachment(content(one.name), "application", "octet-stream", filename=one.name)
            mail.add_attachment(inner)
    return mail


@pytest.mark.parametrize(("rule", "example"), SHOWN, ids=[f"{rule}: {example.because}" for rule, example in SHOWN])
def test_example(rule: str, example: Example) -> None:
    assert (rule in _found(example)) is example.flagged


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_examples_of_either_kind(rule) -> None:
    shown = examples(rule.name)
    assert sum(example.flagged for example in shown) >= LEAST
    assert sum(not example.flagged for example in shown) >= LEAST


def test_examples_are_all_different() -> None:
    seen = [(rule, example.body) for rule, example in SHOWN]
    assert len(set(seen)) == len(seen)
    assert len({(rule, example.because) for rule, example in SHOWN}) == len(SHOWN)


def test_every_examples_file_belongs_to_a_rule() -> None:
    files = {path.stem for path in FOLDER.glob("*.toml")} - {"council"}
    assert files == {rule.name for rule in RULES}


def test_rules_are_described() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.clauses
        assert set(rule.clauses) <= set(CLAUSES)
        assert rule.finds.endswith(".")
        assert rule.title
        assert rule.reads


def test_a_rule_without_a_file_has_no_examples() -> None:
    assert examples("signature-invented") == ()


def test_the_council_of_the_examples_is_its_own() -> None:
    assert council().person is not None
    assert {one.role for one in council().people} == {"clerk", "councillor"}
