"""Every rule is registered, described and shown by examples, and every example is judged as it says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from email.message import EmailMessage
from itertools import combinations
from pathlib import Path

import pytest
from changes import replace as changed
from closing_letters import case as case_of
from closing_letters import findings, plain, witness
from earlier import remarks
from enclosed import content

import auditor.analysers
from auditor.analysers import ANALYSERS
from auditor.analysers.base import Case, Example
from auditor.analysers.examples import council, examples, writer
from auditor.findings import Finding
from auditor.policy import CLAUSES, StampedBy
from auditor.values import replace

RULES = [rule for analyser in ANALYSERS for rule in analyser.rules]
SHOWN = [(rule.name, example) for rule in RULES for example in examples(rule.name)]
LEAST = 8
MOST_SHARED = 0.6
STAMPED: dict[str, dict[str, object]] = {
    "": {},
    "server": {"signature_stamped_by": StampedBy.SERVER, "waiver_stamped_by": StampedBy.SERVER},
    "link": {"waiver_stamped_by": StampedBy.LINK, "waiver_link": "https://ashmere.example/email", "waivers": ()},
}
FOLDER = Path(auditor.analysers.__file__).parent / "examples"


def _found(example: Example) -> list[Finding]:
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
    return findings(_case(example, headers))


def as_it_says(rule: str, example: Example, found: Sequence[Finding]) -> bool:
    """Whether an example is judged as it says."""
    hits = [one for one in found if one.rule == rule]
    if not example.flagged:
        return not hits
    return any(example.severity in ("", one.severity) and example.says in one.reason for one in hits)


def _case(example: Example, headers: dict[str, str]) -> Case:
    holder = writer(example.sender)
    sender = example.sender if "<" in example.sender else holder.mailbox
    policy = changed(council(), **STAMPED[example.stamped])
    made = case_of(_enclosing(example), sender, policy, **headers)
    made = replace(made, past=remarks(example.past, made))
    sights = (("copy", example.copy), ("quoted", example.reply))
    seen = [witness(case_of(plain(body.lstrip("\n")), sender).parts, kind) for kind, body in sights if body]
    if seen:
        made = replace(made, witnesses=tuple(seen))
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
    found = _found(example)
    assert as_it_says(rule, example, found), found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_examples_of_either_kind(rule) -> None:
    shown = examples(rule.name)
    assert sum(example.flagged for example in shown) >= LEAST
    assert sum(not example.flagged for example in shown) >= LEAST


def test_examples_are_all_different() -> None:
    seen = [(rule, example.body) for rule, example in SHOWN]
    assert len(set(seen)) == len(seen)
    assert len({(rule, example.because) for rule, example in SHOWN}) == len(SHOWN)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_examples_of_a_rule_share_little(rule) -> None:
    """As they are written, the agreed wordings still blanks: no two share more than .6 of their three-word shingles."""
    rows = tomllib.loads((FOLDER / f"{rule.name}.toml").read_text("utf-8"))["example"]
    texts = [(row["because"], _shingles(f"{row.get('subject', '')}\n{row['body']}")) for row in rows]
    for (one, these), (other, those) in combinations(texts, 2):
        assert len(these & those) <= MOST_SHARED * len(these | those), f"{one} / {other}"


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+(?:'\w+)*", text.lower())
    return {tuple(words[at : at + 3]) for at in range(max(1, len(words) - 2))}


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
