"""Letters that a rule flags or leaves alone, as data."""

from __future__ import annotations

from dataclasses import dataclass

from closing_letters import case, findings, plain

from auditor.analysers.examples import writer


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody of the example council wrote, to one address outside unless said otherwise."""

    flagged: bool
    because: str
    body: str
    sender: str = ""
    subject: str = ""
    to: str = ""


def judged(rule: str, letter: Letter) -> bool:
    """Whether a rule finds fault with a letter."""
    headers = {name: value for name, value in (("Subject", letter.subject), ("To", letter.to)) if value}
    made = case(plain(letter.body + "\n"), writer(letter.sender).mailbox, **headers)
    return any(found.rule == rule for found in findings(made))
