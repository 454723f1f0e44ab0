"""The workbook's plain words for what the program knows by codes. Nothing here is said by colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from auditor.analysers.measured import FEWEST, UNCOUNTED
from auditor.findings import Severity
from auditor.store.records import MailboxStatus

SEVERITY = {
    Severity.CRITICAL: "5 Critical",
    Severity.HIGH: "4 High",
    Severity.MEDIUM: "3 Medium",
    Severity.LOW: "2 Low",
    Severity.INFO: "1 For information",
}
"""With a number in front, so that a column sorts from least to most serious."""

STATUS = {
    MailboxStatus.COMPLETE: "Read in full",
    MailboxStatus.PARTIAL: "Read in part",
    MailboxStatus.FAILED: "NOT READ",
    MailboxStatus.CLOSED: "Closed, kept",
    MailboxStatus.UNCONFIGURED: "No longer in schedule.toml",
    None: "NOT READ YET",
}

PART = {
    "own": "the sender's own words",
    "signature": "the signature",
    "waiver": "the waiver",
    "quoted": "quoted history",
    "forwarded": "the forwarded message",
    "subject": "the subject",
    "headers": "the addresses",
    "message": "the whole message",
}

DEFECT = {
    "charset": "letters in an unknown or wrong alphabet code",
    "base64": "damaged encoding",
    "header": "a broken header line",
    "boundary": "parts not properly divided",
    "date": "no usable date",
    "address": "an unusable address",
    "views": "plain text and formatted text that differ",
    "depth": "parts nested too deep",
    "size": "too large to read whole",
    "cut": "text too long to read to its end",
    "html": "formatting built in an unusual way",
    "picture": "pictures and no text",
    "uuencode": "a file written into the text",
    "name": "a file name with hidden characters",
}

SOURCES = {"files": "mail files", "microsoft365": "Microsoft 365", "google": "Google Workspace"}
"""What people call each kind of source."""

BLIND_SPOTS = (
    "Messages deleted before the first night, or between two nights and emptied from the bin, were never seen.",
    "Online archive mailboxes and mail kept only on a computer or telephone are not read.",
    "Text inside pictures, scans, and encrypted or password-protected files is not read.",
    "Mail sent from private accounts is seen only where a copy reached a Council mailbox.",
    "Text messages, WhatsApp and other messengers are not e-mail and are not read.",
)
"""What this audit cannot see however complete its coverage is."""


@lru_cache(maxsize=1024)
def confidence(share: float, labelled: int) -> str:
    """'Very likely right (98 in 100, of 140)'; of a rule with too few labelled findings nothing is said."""
    if labelled < FEWEST and share == UNCOUNTED:
        return "Not yet measured"
    if share >= 0.95:
        words = "Very likely right"
    elif share >= 0.8:
        words = "Likely right"
    elif share >= 0.6:
        words = "More often right than wrong"
    else:
        words = "Uncertain, read with care"
    # A finding of an earlier version keeps its share when its rule is measured anew.
    of = f", of {labelled:,}" if labelled >= FEWEST else ""
    return f"{words} ({round(share * 100)} in 100{of})"


def part(name: str) -> str:
    """Where in the message: 'the signature', 'the attachment plan.pdf'."""
    if name.startswith("attachment:"):
        return "the attachment " + name.removeprefix("attachment:")
    return PART.get(name, name)


def defects(counts: Mapping[str, int] | None) -> str:
    """'3 damaged encoding; 1 no usable date', most first; empty when there is none."""
    ranked = sorted((counts or {}).items(), key=lambda item: (-item[1], item[0]))
    return "; ".join(f"{many:,} × {DEFECT.get(code, code)}" for code, many in ranked if many)


def counted(number: int, one: str, many: str | None = None) -> str:
    """'1 mailbox', '12 mailboxes': a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def several(names: Sequence[str], limit: int) -> str:
    """Names one to a line; past `limit`, how many more there are."""
    if len(names) <= limit:
        return "\n".join(names)
    return "\n".join([*names[: limit - 1], f"and {len(names) - limit + 1:,} more ({len(names):,} in all)"])


def listed(names: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
