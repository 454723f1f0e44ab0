"""Writes `auditor/analysers/measured.toml` from the sets that are labelled rule by rule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from auditor.policy import RULE_NAMES
from benchmarks.accuracy.counting import Counts, total

PLACE = Path(__file__).parents[2] / "auditor/analysers/measured.toml"
SOURCES = {
    "parish": "the labelled mail of an invented council",
    "council": "labelled council mail of our own, written by someone who had not seen the rules",
    "sample": "signature and waiver faults of the council of `auditor demo`",
    "enron_confidential": "snippets of real business mail that disclose, or only mention",
    "enron_offence": "sentences of real business mail that offend, or only look like it (their findings alone)",
    "review": "findings on real business mail, read by hand (their findings alone)",
}
"""What counts, in order. A finding that a fair reader may leave (`allow`) is not counted."""


def written(measured: dict[str, dict[str, Counts]]) -> str:
    """The file's text. The same figures give the same text."""
    used = [name for name in SOURCES if measured.get(name)]
    by_rule = {rule: total([measured[name].get(rule, Counts()) for name in used]) for rule in RULE_NAMES}
    return "\n".join(_lines(used, by_rule)) + "\n"


def _lines(used: list[str], by_rule: dict[str, Counts]) -> Iterator[str]:
    yield "# How right each rule is on labelled mail. Written by `python -m benchmarks.accuracy DATA --write-measured` from:"
    yield from (f"# - {name}: {SOURCES[name]}" for name in used)
    yield ""
    yield "# Of its findings: how many were right, and how many there were."
    yield "[findings]"
    yield from (f"{rule} = [{c.tp}, {c.tp + c.fp}]" for rule, c in by_rule.items() if c.tp + c.fp)
    yield ""
    yield "# Of the faults that are labelled so: how many were found, and how many there were."
    yield "[faults]"
    yield from (f"{rule} = [{c.tp}, {c.tp + c.fn}]" for rule, c in by_rule.items() if c.tp + c.fn)
