"""The measures count as they say, and what they measure is the product."""

from __future__ import annotations

import email
import email.policy
import json
from pathlib import Path

import pytest

from auditor.policy import RULE_NAMES
from benchmarks.accuracy import council, measured, review
from benchmarks.accuracy.counting import Counts, bootstrap, count, kappa, wilson
from benchmarks.accuracy.figures import LEAST, MOST, share
from benchmarks.accuracy.labelled import Label, score
from benchmarks.accuracy.product import Auditor, letter

EMPTY = Path("no-council-of-its-own")


@pytest.fixture(scope="module")
def auditor(tmp_path_factory: pytest.TempPathFactory) -> Auditor:
    return Auditor.of(council.schedule(EMPTY, tmp_path_factory.mktemp("council")))


def row(number: int, body: str, **fields: object) -> dict[str, object]:
    given = {"from": "cllr.arden@ashmere.example", "to": ["Mary Quill <mary@homemail.example>"], "subject": "The pond"}
    return {"id": f"c{number}", "date": "2026-10-14T09:31:00", "body": body, "expect": [], **given, **fields}


ROWS = [
    row(1, "The ducks are back.\n\n<signature>\n\n<waiver>\n"),
    row(2, "The ducks are back.\n"),
    row(3, "The ducks are back.\n\n<signature:short>\n", to=["offcie@fenwickgrounds.example"]),
    row(4, "Thanks!\n\n<waiver:brief>\n", cc=[f"n{n}@else{n}.example" for n in range(30)], answers=True),
    row(
        5, "Caf\u00e9 prices \u2013 as promised.\n\nTom\n", attachments=["menu.pdf", {"name": "till.xlsm", "kind": ""}]
    ),
]


def test_what_is_measured_in_this_process_is_what_the_command_says(auditor: Auditor) -> None:
    letters = [council.message(one, auditor.policy) for one in ROWS] + [letter("A row from \u2018elsewhere\u2019.")]
    assert auditor.scan_all(letters) == [auditor.rules(raw) for raw in letters]
    assert any(auditor.rules(raw) for raw in letters)


def test_a_line_is_made_into_a_message(auditor: Auditor) -> None:
    made = email.message_from_bytes(council.message(ROWS[4], auditor.policy), policy=email.policy.default)
    assert made["From"] == "Thomas Arden <cllr.arden@ashmere.example>"
    assert made["Date"] == "Wed, 14 Oct 2026 09:31:00 +0100"
    assert [part.get_filename() for part in made.iter_attachments()] == ["menu.pdf", "till.xlsm"]
    assert made.get_body().get_content().startswith("Café prices")
    signed = email.message_from_bytes(council.message(ROWS[0], auditor.policy), policy=email.policy.default)
    assert "Telephone: 07700 900118" in signed.get_body().get_content()


def test_a_wording_that_nobody_agreed_is_refused(auditor: Auditor) -> None:
    with pytest.raises(ValueError, match="no agreed wording 'long'"):
        council.message(row(6, "Yes.\n<signature:long>\n"), auditor.policy)


@pytest.mark.parametrize("kind", ["docm", "xlsx", "hidden", "zip-encrypted", "exe", "pdf", "jpg", "txt", "odd"])
def test_enclosures_are_bytes_of_their_kind(kind: str) -> None:
    content, declared = council.enclosure("file", kind)
    assert content
    assert "/" in declared
    assert council.enclosure("file", kind) == (content, declared) or kind in ("xlsx", "hidden")


LABELLED = [
    # expect, allow, either, at_most, inside, found: right, wrong, missed
    (["defamation-risk"], [], [], {}, False, {"defamation-risk": "low"}, (1, 0, 0)),
    (["defamation-risk"], [], [], {}, False, {}, (0, 0, 1)),
    ([], ["views-as-council"], [], {}, False, {"views-as-council": "high"}, (0, 0, 0)),
    ([], [], [], {}, False, {"views-as-council": "info"}, (0, 1, 0)),
    ([], [], [["offensive-threat", "offensive-harassment"]], {}, False, {"offensive-harassment": "high"}, (1, 0, 0)),
    ([], [], [["offensive-threat", "offensive-harassment"]], {}, False, {}, (0, 0, 1)),
    ([], [], [], {"offensive-circulated": "info"}, False, {"offensive-circulated": "info"}, (0, 0, 0)),
    ([], [], [], {"offensive-circulated": "info"}, False, {"offensive-circulated": "medium"}, (0, 1, 0)),
    ([], [], [], {}, True, {"obligation-acceptance": "info"}, (0, 0, 0)),
    ([], [], [], {}, True, {"obligation-acceptance": "high"}, (0, 1, 0)),
    ([], [], [], {}, False, {"record-deleted": "high"}, (0, 0, 0)),
]


@pytest.mark.parametrize(("expect", "allow", "either", "at_most", "inside", "found", "counts"), LABELLED)
def test_labels_are_counted_as_a_fair_reader_means_them(expect, allow, either, at_most, inside, found, counts) -> None:
    label = Label.of(
        {"id": "1", "expect": expect, "allow": allow, "either": either, "at_most": at_most, "inside": inside}
    )
    [one] = score("set", [label], [found]).messages
    assert (one.tp, one.fp, one.fn) == counts


def test_obligations_are_counted_by_message() -> None:
    label = Label.of({"id": "1", "expect": ["obligation-acceptance", "obligation-instruction"]})
    clear = Label.of({"id": "2", "expect": []})
    made = score("set", [label, clear], [{"obligation-commitment": "high"}, {"obligation-instruction": "high"}])
    assert [(one.tp, one.fp, one.fn) for one in made.obligations] == [(1, 0, 0), (0, 1, 0)]
    assert made.clean == [True]


def test_intervals_hold_the_share() -> None:
    low, high = wilson(18, 20)
    assert (round(low, 3), round(high, 3)) == (0.699, 0.972)
    assert wilson(0, 0) == (0.0, 1.0)
    units = [count(True, True)] * 18 + [count(True, False)] * 2
    low, high = bootstrap(units, lambda c: c.recall)
    assert low < 0.9 < high
    assert bootstrap(units, lambda c: c.recall) == (low, high)


def test_agreement_beyond_chance() -> None:
    assert kappa([(True, True), (False, False)]) == 1.0
    assert kappa([(True, True), (True, False), (False, True), (False, False)]) == 0.0


def test_bars() -> None:
    assert share("set", "found", 9, 10, LEAST, 0.9).reached
    assert not share("set", "flagged", 1, 10, MOST, 0.0).reached
    assert share("set", "told", 1, 10).reached is None


def test_the_measured_file_is_the_same_for_the_same_figures() -> None:
    counted = {"parish": {"defamation-risk": Counts(tp=3, fp=1, fn=2)}, "review": {"defamation-risk": Counts(tp=1)}}
    text = measured.written(counted)
    assert "defamation-risk = [4, 5]\n" in text
    assert "defamation-risk = [4, 6]\n" in text
    assert text == measured.written(dict(reversed(counted.items())))


def test_verdicts_hold_no_text_and_name_known_rules() -> None:
    for line in review.VERDICTS.read_text("utf-8").splitlines():
        assert set(json.loads(line)) == {"message_id", "rule", "pass", "verdict", "reason"}
    assert {one.rule for one in review.verdicts()} <= set(RULE_NAMES)


def test_precision_is_what_both_readings_say(tmp_path: Path) -> None:
    rows = [("m1", 1, "right"), ("m1", 2, "right"), ("m2", 1, "right"), ("m2", 2, "wrong"), ("m3", 1, "right")]
    path = tmp_path / "verdicts.jsonl"
    path.write_text(
        "".join(
            json.dumps({"message_id": m, "rule": "defamation-risk", "pass": n, "verdict": v, "reason": "read"}) + "\n"
            for m, n, v in rows
        )
    )
    reading = review.read([(m, "defamation-risk") for m in ("m1", "m2", "m3", "m4")], review.verdicts(path))
    precision, first, second, agree, *_ = review.figures(reading)
    assert (precision.value, precision.n) == (0.5, 2)
    assert (first.value, second.value, agree.value) == (1.0, 0.5, 0.5)
    assert precision.detail == {"drawn": 4, "not read twice": 2}


def test_a_verdict_without_a_reason_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    path.write_text(json.dumps({"message_id": "m", "rule": "r", "pass": 1, "verdict": "right", "reason": ""}))
    with pytest.raises(ValueError, match="line 1"):
        review.verdicts(path)
