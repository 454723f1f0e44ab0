"""What an act is that binds or directs, and the pieces that the patterns of all of them are made of."""

from __future__ import annotations

from typing import NamedTuple

from auditor.analysers.patterns import Pattern, pattern
from auditor.findings import Rule, Severity

FILE = "obligations"

COMMITMENT = Rule(
    "obligation-commitment",
    ("E10",),
    Severity.HIGH,
    "Commits the Council",
    "A sender who is not an authorised officer binds the Council: promises, guarantees, undertakes, agrees to pay, grants.",
    ("own",),
)
ACCEPTANCE = Rule(
    "obligation-acceptance",
    ("E10",),
    Severity.HIGH,
    "Accepts for the Council",
    "A sender who is not an authorised officer accepts, approves or agrees a quotation, contract, order, tender, terms or "
    "a booking.",
    ("own",),
)
INSTRUCTION = Rule(
    "obligation-instruction",
    ("E10",),
    Severity.HIGH,
    "Instructs for the Council",
    "A sender who is not an authorised officer orders, instructs, authorises or directs someone to act for the Council.",
    ("own",),
)

WE = "(?:we|{council})"
ALL = "(?:i|we|{council})"
THEN = "(?:'ll|'m|'re|'ve|'d|'s)?(?: {adverb})*"
START = r"(?:^|\w+(?: |)[,;:.!&(-]+(?: |)|(?:and|or) |{opener},? )(?:{opener},? )*"
COUNT = r"(?:{number}|\d+)"
WORK = (
    r"(?:(?:{work}(?: and {work})? (?:{object}|"
    + COUNT
    + r")|{fetch}|{begin} \w+ing (?:{object}|at|on|from|tomorrow|today|next|this))\b)"
)

ACCOUNT = "{account}|{charge_verb} (?:it|them|this|that) to"
"""That the Council is to pay."""


class Act(NamedTuple):
    """One way of binding or directing."""

    rule: Rule
    does: str
    """What it does, for the reason, behind the words themselves."""
    source: str
    unless: str = ""
    """The table of what makes it harmless, in the match or close behind it."""
    asks: bool = False
    """An order even where it is put as a question."""
    account: bool = False
    """Only where the message shows that the Council is to be charged."""
    guides: bool = False
    """Tells somebody what to do, which an authority that is asked for its own duty may be told by anybody."""

    @property
    def pattern(self) -> Pattern:
        """Finds it in a sentence. Compiled, once."""
        return pattern(self.source, FILE)


def acts(
    rule: Rule, *rows: tuple[str, ...], asks: bool = False, account: bool = False, guides: bool = False
) -> tuple[Act, ...]:
    """Acts of one rule: what each does, its pattern, and the tables that make it harmless."""
    return tuple(Act(rule, does, source, "".join(unless), asks, account, guides) for does, source, *unless in rows)
