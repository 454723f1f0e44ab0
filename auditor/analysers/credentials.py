"""No obtaining, using or disclosing passwords without authorisation (U3); none stands in a letter, to anybody."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auditor.analysers.base import Case, found
from auditor.analysers.confiding import around, enclosed, merged, readable
from auditor.analysers.secrets import secrets
from auditor.findings import Finding, Rule, Severity
from auditor.mail.message import Kind

CREDENTIALS = Rule(
    "confidential-credentials",
    ("U3", "U5"),
    Severity.CRITICAL,
    "Password or code sent by mail",
    "A password, PIN, door code, key, token or recovery code in a message, to whomever it goes.",
    ("own", "attachment", "forwarded"),
)

_REASON = (
    "This hands over what opens an account or a door ({what}); whoever holds the message can use it, so change it."
)


def credentials(case: Case) -> Iterator[Finding]:
    """One finding a sentence, and one a file."""
    if case.mail.kind is not Kind.ORDINARY:
        return
    for part, text in readable(case):
        yield from _handed(part, text)
    for part, text in enclosed(case):
        yield from islice(_handed(part, text), 1)


def _handed(part: str, text: str) -> Iterator[Finding]:
    held = secrets(text)
    for span in merged([around(text, one.start, one.end) for one in held]):
        one = next(one for one in held if span[0] <= one.start < span[1])
        yield found(CREDENTIALS, part, text, span, _REASON.format(what=" ".join(one.what.split())))
