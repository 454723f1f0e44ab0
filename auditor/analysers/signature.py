"""Only agreed e-mail signatures may be used (E1)."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.analysers.base import Case, confidence
from auditor.analysers.matching import Likeness, as_agreed, machine_made, nearest, told
from auditor.analysers.witnesses import delivered
from auditor.findings import Finding, Rule, Severity, clip
from auditor.mail.footlines import device, greeting_name, valediction
from auditor.mail.message import Kind, Parts
from auditor.mail.wording import plain, plain_part, words
from auditor.policy import StampedBy

MISSING = Rule(
    "signature-missing",
    ("E1",),
    Severity.MEDIUM,
    "No signature",
    "A message with no signature at all; a first name alone is none.",
    ("own", "signature"),
)
NOT_AGREED = Rule(
    "signature-not-agreed",
    ("E1",),
    Severity.MEDIUM,
    "Signature not agreed",
    "A signature that is none of the agreed ones: another business's, a slogan, or 'Sent from my iPhone' alone.",
    ("signature",),
)
ALTERED = Rule(
    "signature-altered",
    ("E1",),
    Severity.LOW,
    "Agreed signature altered",
    "An agreed signature in which words, title, number or address differ, or a line was added or left out.",
    ("signature",),
)

_ALIKE = 0.5
"""Half an agreed signature, in words half of which are agreed, is an altered one and not another's."""
_WHOLE = 0.9
"""So is a whole one, whatever was added."""
_CUT, _CUT_WORDS = 0.85, 5
"""A cut from an agreed signature is nearly all agreed words, and more of them than a name."""
_NONE = Finding(
    MISSING.name,
    MISSING.severity,
    confidence(MISSING.name),
    "message",
    0,
    0,
    "",
    "The message has no signature; one of the agreed signatures belongs under it.",
    "no signature",
)
"""The same of every message that has none."""


class Signature:
    """Every message carries one of the agreed signatures, unaltered."""

    rules = (MISSING, NOT_AGREED, ALTERED)

    def check(self, case: Case) -> Iterator[Finding]:
        """At most one finding. Automatic replies, meeting responses and bounces need no signature."""
        if case.mail.kind is not Kind.ORDINARY or not case.agreed.signatures:
            return
        text = case.parts.signature.text
        if not text or text.isspace():
            if not _run_into_letter(case):
                yield from _missing(case)
        elif as_agreed(text, case.agreed.closing.signatures, case.sender.name):
            return
        elif machine_made(text):
            if not _added_in_transit(case):
                yield _not_agreed(case, "There is no signature but a machine's own line")
        else:
            yield from _other(case)


def _run_into_letter(case: Case) -> bool:
    """Whether an agreed signature stands in a letter that came without line breaks."""
    forms = [plain_part(part.text) for part in (case.parts.own, case.parts.waiver) if part.text]
    return any(one.spots(form) for one in case.agreed.closing.signatures for form in forms)


def _missing(case: Case) -> Iterator[Finding]:
    if not _added_in_transit(case):
        yield _NONE


def _added_in_transit(case: Case) -> bool:
    """Whether the signature was there on delivery, or may have been and nobody can tell."""
    seen = delivered(case, _signed, case.agreed.closing.signatures)
    return seen is True or (seen is None and case.policy.signature_stamped_by is StampedBy.SERVER)


def _signed(parts: Parts) -> bool:
    return not machine_made(parts.signature.text)


def _not_agreed(case: Case, what: str) -> Finding:
    text = case.parts.signature.text
    end = len(text.rstrip())
    shown = clip(text)
    reason = f"{what}; only an agreed signature may be used."
    return Finding(
        NOT_AGREED.name, NOT_AGREED.severity, confidence(NOT_AGREED.name), "signature", 0, end, shown, reason, text
    )


def _other(case: Case) -> Iterator[Finding]:
    text = case.parts.signature.text
    likeness = nearest(_signature_alone(text, case.sender.name), case.agreed.closing.signatures)
    if likeness is None or not _alike(likeness, case):
        yield _not_agreed(case, "The signature is none of the agreed ones")
        return
    if not likeness.differences:
        return
    said = told(likeness.differences)
    first = likeness.differences[0]
    start, end = (first.start, first.end) if first.start < first.end else (0, len(text.rstrip()))
    reason = f'The signature differs from the agreed "{likeness.template.name}": {said}.'
    every = "; ".join(one.said for one in likeness.differences)
    yield Finding(
        ALTERED.name, ALTERED.severity, confidence(ALTERED.name), "signature", start, end, clip(text), reason, every
    )


def _alike(likeness: Likeness, case: Case) -> bool:
    """Whether a signature was made from an agreed one. One that names neither the Council nor its domain was not."""
    if likeness.share >= _WHOLE:
        return True
    form = " ".join(words(plain(case.parts.signature.text)))
    ours = (" ".join(words(plain(case.policy.council))), *case.policy.domains)
    if not any(one in form for one in ours):
        return False
    kept = likeness.share * len(likeness.template.words)
    cut = likeness.precision >= _CUT and kept >= _CUT_WORDS
    return cut or (likeness.share >= _ALIKE and likeness.precision >= _ALIKE)


def _signature_alone(text: str, name: str) -> str:
    """The text with spaces for a machine's own lines, and for goodbyes and first names above. Same length."""
    lines = text.split("\n")
    above = True
    for n, line in enumerate(lines):
        form = plain(line)
        machine = device(form)
        above = above and (
            machine
            or not form.strip()
            or valediction(form)
            or (n + 1 < len(lines) and len(form.split()) == 1 and greeting_name(form, name.lower()))
        )
        if above or machine:
            lines[n] = " " * len(line)
    return "\n".join(lines)
