"""Attachments only from a trusted source (E6): files that come with what is forwarded on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.analysers.base import Case, confidence
from auditor.analysers.patterns import pattern
from auditor.analysers.prose import prose
from auditor.analysers.provenance import known, stranger
from auditor.findings import Finding, Rule, Severity, clip
from auditor.mail.message import Address, Attachment, Kind
from auditor.policy import Role

UNTRUSTED = Rule(
    "attachment-untrusted",
    ("E6",),
    Severity.MEDIUM,
    "File from an unknown source passed on",
    "A file passed on in a forward whose author is neither on the trusted list nor a known correspondent nor one of "
    "the Council's own.",
    ("attachments", "forwarded"),
)

_ADDS = r"(?:i|we)(?: have|'ve| am|'m| are|'re)?(?: also| now| just)? {adding}"
_OWN = (
    r"attached (?:is|are|please find) (?:my|our)|(?:my|our) [^.]{1,60} (?:is|are) attached|attach(?:ed|ing)? (?:my|our)"
)
_OTHERS = "{elsewhere}"
_DRESSING = re.compile(
    r"(?:image|logo|banner|signature|facebook|twitter|instagram|outlook-)\S*\.(?:png|gif|jpe?g)$", re.IGNORECASE
)
_SIGNS = ("pkcs7-signature", "pgp-signature", "pgp-keys", "x-vcard", "vcard", "calendar")


class PassingOn:
    """Looks at who wrote what is forwarded with its files."""

    rules = (UNTRUSTED,)

    def check(self, case: Case) -> Iterator[Finding]:
        """One finding for each stranger whose files are passed on."""
        if case.mail.kind is not Kind.ORDINARY or not (case.mail.attachments or case.mail.attached):
            return
        names = [file.name for file in case.mail.attachments if _is_file(file)]
        author = stranger(case) if names else None
        if author is not None and not _adds(case):
            yield _found(case, author, names)
        for inner in case.letters():
            names = [file.name for file in inner.attachments if _is_file(file)]
            if names and inner.kind is not Kind.BOUNCE and not known(case.policy, inner.sender):
                yield _found(case, inner.sender, names)


def _is_file(file: Attachment) -> bool:
    """Whether somebody sent it as a file: no picture in the text, logo, electronic signature or card."""
    picture = file.kind == "picture" or file.type.startswith("image/")
    if picture and (file.inline or _DRESSING.match(file.name)):
        return False
    return file.size > 0 and not file.type.endswith(_SIGNS)


def _adds(case: Case) -> bool:
    """Whether the sender says that the file is the sender's own, put to the forward."""
    words = prose(case.parts.own.text)
    if words.finds(pattern(_OWN, "attachments")):
        return True
    others = pattern(_OTHERS, "attachments")
    return any(not others.found(sentence.plain) for sentence, _, _ in words.finds(pattern(_ADDS, "attachments")))


def _found(case: Case, author: Address, names: list[str]) -> Finding:
    who = author.email or author.name or "somebody unknown"
    files = "a file" if len(names) == 1 else f"{len(names)} files"
    listed = ", ".join(name for name in names if name)
    reason = (
        f"This passes on {files} that came from {who}, who is neither on the Council's trusted list nor a known "
        "correspondent: see that it is safe and wanted before it goes further."
    )
    shown = listed or "file without a name"
    # The Clerk must see what residents send (R1).
    clerks = {person.mailbox for person in case.policy.people if person.role is Role.CLERK}
    sent_to = {one.email for one in case.mail.recipients} or {""}
    severity = Severity.INFO if sent_to <= clerks else UNTRUSTED.severity
    part = f"attachment:{names[0]}"
    return Finding(
        UNTRUSTED.name, severity, confidence(UNTRUSTED.name), part, 0, 0, clip(shown), reason, f"{who} {listed}"
    )
