"""Writes docs/rules.md from the rules' own data and examples: `python docs/make_rules.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from auditor.analysers import ANALYSERS, examples
from auditor.analysers.base import Example
from auditor.findings import Rule
from auditor.policy import CLAUSES

PAGE = Path(__file__).parent / "rules.md"

OPENING = """\
# The rules

Written by `python docs/make_rules.py` from the rules themselves; do not edit it by hand. `auditor rules` lists the
rules on the screen, `auditor rules waiver-misplaced` explains one with all its examples.

A finding is something for a person to look at, never a verdict. Rules are put to mail whose sender is one of
`[[people]]` or writes from one of the Council's domains. Automatic replies, meeting responses and bounces need neither
signature nor waiver. The examples are of an invented council.
"""


def page() -> str:
    """The whole page."""
    rules = [rule for analyser in ANALYSERS for rule in analyser.rules]
    pieces = [OPENING, _table(rules), *("\n".join(_section(rule)) for rule in rules)]
    return "\n".join(pieces)


def _table(rules: list[Rule]) -> str:
    rows = [
        f"| [`{rule.name}`](#{rule.name}) | {', '.join(rule.clauses)} | {rule.severity} | {rule.finds} |"
        for rule in rules
    ]
    return "\n".join(["| Rule | Clause | Severity | It objects to |", "|---|---|---|---|", *rows, ""])


def _section(rule: Rule) -> Iterator[str]:
    yield f"## {rule.name}\n"
    yield f"**{rule.title}.** {rule.finds}\n"
    yield from (f"- Clause {clause}: {CLAUSES[clause]}" for clause in rule.clauses)
    yield f"- It reads: {', '.join(rule.reads)}."
    yield f"- Severity, unless the council sets another: {rule.severity}.\n"
    for flagged, heading in ((True, "Flagged"), (False, "Left alone")):
        yield from _examples(heading, [one for one in examples(rule.name) if one.flagged is flagged])


def _examples(heading: str, shown: list[Example]) -> Iterator[str]:
    newline = "\n"
    yield f"{heading}, because:\n"
    yield from (f"- {one.because}" for one in shown)
    if shown:
        yield f"\nThe first of them:\n\n```text\n{newline.join(shown[0].lines)}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
