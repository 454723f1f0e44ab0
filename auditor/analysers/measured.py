"""How right each rule is on labelled mail: what is counted in `measured.toml`, as a share and as a sentence."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

UNCOUNTED = 0.5
"""The confidence of a rule's findings while too few of them are labelled to say what share is right."""
FEWEST = 20
"""Labelled findings that a share is worth naming for."""


@cache
def confidence(rule: str) -> float:
    """What share of a rule's findings are right: (right + 1) / (findings + 2), UNCOUNTED below 20."""
    right, findings = measured(rule)
    return round((right + 1) / (findings + 2), 2) if findings >= FEWEST else UNCOUNTED


def measured(rule: str) -> tuple[int, int]:
    """How many findings of a rule on labelled mail were right, and how many there were; 0, 0 when none."""
    return _counted("findings", rule)


def caught(rule: str) -> tuple[int, int]:
    """How many faults that are labelled as a rule's were found, and how many there were; 0, 0 when none."""
    return _counted("faults", rule)


def in_words(rule: str) -> str:
    """The same as a sentence for the clerk."""
    (right, findings), (found, faults) = measured(rule), caught(rule)
    if not findings and not faults:
        return "Not yet measured on labelled mail."
    pieces = []
    if findings:
        were = "finding was" if findings == 1 else "findings were"
        wrong = f" ({findings - right} wrong)" if findings > right else ""
        pieces.append(f"{right} of {findings} {were} right{wrong}")
    if faults:
        pieces.append(f"{found} of {faults} {'fault was' if faults == 1 else 'faults were'} found")
    return f"On labelled mail: {'; '.join(pieces)}."


def _counted(table: str, rule: str) -> tuple[int, int]:
    good, all_ = _tables().get(table, {}).get(rule, (0, 0))
    return good, all_


@cache
def _tables() -> dict[str, dict[str, list[int]]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
