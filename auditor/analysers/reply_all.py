"""'Reply to all' only where appropriate (E8)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.analysers.audience import name_words, outside
from auditor.analysers.base import Case, confidence
from auditor.analysers.disclosures import disclosures
from auditor.analysers.vocabulary import terms
from auditor.findings import Finding, Rule, Severity, clip
from auditor.mail.message import Kind, Mail

NEEDLESS = Rule(
    "reply-all-inappropriate",
    ("E8",),
    Severity.LOW,
    "Needless reply to all",
    "A reply to six people or more that tells them nothing they need (a line of thanks to everybody), or one that carries "
    "something confidential to outsiders who were only copied.",
    ("headers", "own"),
)

_MANY = 6
_WORDS = 20
"""A longer answer says something, whatever its words are."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")
_SAYING = re.compile(r"(?m)^\s*[\"“][^\"”\n]{8,200}[\"”]\s*(?:[-–—].{0,40})?$")
"""A line in quotation marks below a name is an ornament."""
_REPLY = re.compile(r"\s*(?:re|aw|sv|antw)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)


class ReplyAll:
    """Looks at answers to many that say next to nothing."""

    rules = (NEEDLESS,)

    def check(self, case: Case) -> Iterator[Finding]:
        """At most one finding."""
        mail = case.mail
        if mail.kind is Kind.ORDINARY and _answers(mail) and (found := _carried(case) or _needless(case)):
            yield found


def _needless(case: Case) -> Finding | None:
    """Thanks and the like to many."""
    mail = case.mail
    others = {address.email for address in mail.recipients if address.email} - {mail.sender.email}
    text = case.parts.own.text
    if len(others) < _MANY or not _says_nothing(text, _names(case)):
        return None
    said = clip(text)
    reason = f"This answer went to {len(others)} people and tells them nothing they need."
    return Finding(
        NEEDLESS.name,
        NEEDLESS.severity,
        confidence(NEEDLESS.name),
        "own",
        0,
        len(text.rstrip()),
        said,
        reason,
        said,
    )


def _carried(case: Case) -> Finding | None:
    """What an answer tells, besides the one who asked, to people outside who were only copied."""
    copied = outside(case.policy, case.mail.cc)
    told = next(iter(disclosures(case)), None) if copied else None
    if told is None:
        return None
    who = f"{len(copied)} people" if len(copied) > 1 else copied[0].email
    reason = (
        f"This answer carries something confidential ({told.rule}) to {who} outside the Council who only had a copy."
    )
    return Finding(
        NEEDLESS.name,
        NEEDLESS.severity,
        confidence(NEEDLESS.name),
        told.part,
        told.start,
        told.end,
        told.excerpt,
        reason,
        told.evidence,
    )


def _answers(mail: Mail) -> bool:
    return bool(mail.in_reply_to or mail.references or _REPLY.match(mail.subject))


def _names(case: Case) -> set[str]:
    """The words of everybody's name and address: 'Thanks Margaret' tells nobody anything."""
    addresses = (case.mail.sender, *case.mail.recipients)
    names = [case.sender.name, *(person.name for person in case.policy.people)]
    names += [name for one in addresses for name in (one.name, one.email.partition("@")[0])]
    return {word for name in names for word in name_words(name)}


def _says_nothing(text: str, names: set[str]) -> bool:
    """Whether a text acknowledges and does no more. A question, a number or any other word says something."""
    if "?" in text:
        return False
    text = _SAYING.sub("", text)
    words = [word.replace("’", "'") for word in _WORD.findall(text.casefold())]
    whole = terms("acknowledgements", "whole")
    if " ".join(word for word in words if word not in names) in whole or text.strip().casefold() in whole:
        return True
    core = terms("acknowledgements", "core")
    empty = core | terms("acknowledgements", "besides")
    return (
        len(words) <= _WORDS
        and not core.isdisjoint(words)
        and all(word in empty or word in names or len(word) == 1 for word in words)
    )
