"""What is said of how right a rule is, is what was counted."""

from __future__ import annotations

import pytest

from auditor.analysers import measured
from auditor.policy import RULE_NAMES


def tables(monkeypatch: pytest.MonkeyPatch, findings: list[int] | None, faults: list[int] | None) -> None:
    told = {"findings": {"r": findings} if findings else {}, "faults": {"r": faults} if faults else {}}
    monkeypatch.setattr(measured, "_tables", lambda: told)
    measured.confidence.cache_clear()


@pytest.fixture(autouse=True)
def fresh():
    yield
    measured.confidence.cache_clear()


@pytest.mark.parametrize(
    ("findings", "faults", "sentence"),
    [
        (None, None, "Not yet measured on labelled mail."),
        ([18, 20], [18, 22], "On labelled mail: 18 of 20 findings were right (2 wrong); 18 of 22 faults were found."),
        ([1, 1], [1, 1], "On labelled mail: 1 of 1 finding was right; 1 of 1 fault was found."),
        (None, [0, 3], "On labelled mail: 0 of 3 faults were found."),
        ([2, 3], None, "On labelled mail: 2 of 3 findings were right (1 wrong)."),
    ],
)
def test_in_words(monkeypatch, findings, faults, sentence) -> None:
    tables(monkeypatch, findings, faults)
    assert measured.in_words("r") == sentence


@pytest.mark.parametrize(
    ("findings", "share"), [(None, 0.5), ([19, 19], 0.5), ([20, 20], 0.95), ([10, 20], 0.5), ([0, 20], 0.05)]
)
def test_confidence_is_the_smoothed_share_of_twenty_or_more(monkeypatch, findings, share) -> None:
    tables(monkeypatch, findings, None)
    assert measured.confidence("r") == share


def test_the_file_counts_rules_that_there_are() -> None:
    for table in measured._tables().values():
        assert set(table) <= set(RULE_NAMES)
        assert all(0 <= good <= all_ for good, all_ in table.values())
