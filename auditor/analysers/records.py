"""Essential files are saved before a message is deleted (E9), and e-mail is a record to be produced on request (M1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from auditor.analysers.base import Case, Removal, confidence
from auditor.analysers.vocabulary import terms
from auditor.findings import Finding, Rule, Severity, clip
from auditor.mail.message import Attachment, Kind

DELETED = Rule(
    "record-deleted",
    ("E9", "M1"),
    Severity.HIGH,
    "Message deleted before its time",
    "A message collected earlier that has gone from the mailbox, bin and all, before the retention period ended: high where "
    "the Council sent or answered it, medium otherwise, low where another Council mailbox has it still.",
    ("folder history",),
)
UNSAVED = Rule(
    "record-unsaved-attachment",
    ("E9", "M1"),
    Severity.MEDIUM,
    "Attachment deleted with its message",
    "A message received and deleted with a file that no message carries that is kept.",
    ("deleted items",),
)

_LOGO = 40_000
"""Bytes of the largest picture that may still be somebody's logo."""


class Records:
    """Looks at what became of messages, and not at what they say. Bulk mail and what machines write are no records."""

    rules = (DELETED, UNSAVED)

    def check(self, case: Case) -> Iterator[Finding]:
        """At most one finding of each rule."""
        removal, mail = case.removal, case.mail
        if removal is None or mail.kind is not Kind.ORDINARY or mail.bulk or "junk" in case.folders:
            return
        if removal.gone and removal.day and _in_time(case, removal.day):
            yield _deleted(case, removal, removal.day)
        if removal.unsaved and mail.sender.email != case.mailbox:
            yield _unsaved(case, removal)


def paper(file: Attachment) -> bool:
    """Whether a file holds business: a paper, a table, a photograph, and not a logo or a visiting card."""
    ending = file.name.rpartition(".")[2].lower()
    return ending in terms("files", "papers") and (file.size > _LOGO or ending not in terms("files", "pictures"))


def _in_time(case: Case, removed: date) -> bool:
    sent = case.policy.day(case.mail.sent)
    return sent is None or removed < case.policy.kept_until(sent)


def _deleted(case: Case, removal: Removal, missed: date) -> Finding:
    sent = case.policy.day(case.mail.sent)
    until = f", and was to be kept until {_said(case.policy.kept_until(sent))}" if sent else ""
    own = case.mail.sender.email == case.mailbox
    if removal.kept:
        severity = Severity.LOW
        rest = f"{removal.kept[0]} has it still."
    else:
        severity = Severity.HIGH if own or removal.answered else Severity.MEDIUM
        rest = "the auditor's copy is the only one left: ask why it was deleted."
    what = "sent" if own else "received"
    reason = (
        f"A message {what} by {case.sender.name} is no longer in {case.mailbox}, nor in its bin: it was first missed on "
        f"{_said(missed)}{until}; {rest}"
    )
    return _found(DELETED, severity, case, reason, case.mailbox)


def _unsaved(case: Case, removal: Removal) -> Finding:
    names = " and ".join(f"'{name}'" for name in removal.unsaved[:3])
    more = len(removal.unsaved) - 3
    files = f"{names} and {more} more files" if more > 0 else names
    were = "it was" if len(removal.unsaved) == 1 else "they were"
    where = "has been deleted" if removal.gone else "lies in the bin"
    reason = (
        f"{files} came with this message, which {where}, and no message that is kept carries the same: "
        f"ask {case.sender.name} whether {were} saved."
    )
    return _found(UNSAVED, UNSAVED.severity, case, reason, case.mailbox)


def _found(rule: Rule, severity: Severity, case: Case, reason: str, evidence: str) -> Finding:
    return Finding(
        rule.name, severity, confidence(rule.name), "message", 0, 0, clip(case.mail.subject), reason, evidence
    )


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
