"""What was planted in the sample is what the auditor finds: precision and recall on signatures and waivers."""

from __future__ import annotations

import email
import mailbox
from datetime import date

import pytest

from auditor import config
from auditor.analysers.recipients import Recipients
from auditor.analysers.reply_all import ReplyAll
from auditor.pipeline.scanning import Examined, examine
from auditor.sample import FORMAL, Planted, SampleFacts, build


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> SampleFacts:
    return build(tmp_path_factory.mktemp("council"), date(2026, 11, 22))


def raw(facts: SampleFacts, planted: Planted) -> bytes:
    file = facts.folder / planted.path
    if not planted.path.endswith(".mbox"):
        return file.read_bytes()
    box = mailbox.mbox(file)
    wanted = f"<{planted.message_id}>"
    found = next(box.get_bytes(k) for k in box.iterkeys() if email.message_from_bytes(box.get_bytes(k))["Message-ID"] == wanted)  # fmt: skip
    box.close()
    return found


def tally(planted: Planted, found: set[str]) -> tuple[int, int, int]:
    """Right, too many, too few: one of an either-group is right, whichever it is."""
    right = missed = 0
    for group in planted.either:
        right, missed = (right + 1, missed) if found & group else (right, missed + 1)
        found = found - group
    wanted = planted.faults & FORMAL
    return right + len(wanted & found), len(found - wanted), missed + len(wanted - found)


def test_signature_and_waiver_faults_are_found_and_no_others(facts):
    policy = config.load(facts.schedule).policy
    right = extra = missed = 0
    for planted in facts.messages:
        if planted.broken:
            continue
        examined = examine(policy, raw(facts, planted))
        assert isinstance(examined, Examined), planted.path
        tallied = tally(planted, {f.rule for _, f in examined.findings} & FORMAL)
        right, extra, missed = right + tallied[0], extra + tallied[1], missed + tallied[2]
    assert right / (right + extra) >= 0.97, (right, extra, missed)
    assert right / (right + missed) >= 0.97, (right, extra, missed)


def test_faults_of_recipients_are_found_and_no_others(facts):
    policy = config.load(facts.schedule).policy
    rules = {rule.name for rule in (*Recipients.rules, *ReplyAll.rules)}
    planted = {(one.path, rule) for one in facts.messages for rule in one.faults & rules}
    found = set()
    for one in facts.messages:
        if not one.broken:
            examined = examine(policy, raw(facts, one))
            assert isinstance(examined, Examined)
            found |= {(one.path, finding.rule) for _, finding in examined.findings if finding.rule in rules}
    assert found == planted
    assert {rule for _, rule in planted} == rules, "the sample plants each of them"


def test_an_either_group_counts_once():
    planted = Planted(
        "", "", "", "", True, None, None, "", "", "",
        frozenset({"waiver-missing"}), (frozenset({"signature-missing", "signature-not-agreed"}),), "",
    )  # fmt: skip
    assert tally(planted, {"signature-missing", "waiver-missing"}) == (2, 0, 0)
    assert tally(planted, {"waiver-altered"}) == (0, 1, 2)
