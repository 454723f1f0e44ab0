"""The security of the Council's systems is not jeopardised (U7): what is in the files that are sent."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.analysers.audience import outside
from auditor.analysers.base import Case, confidence
from auditor.analysers.patterns import pattern
from auditor.analysers.prose import prose
from auditor.analysers.provenance import outsider
from auditor.findings import Finding, Rule, Severity, clip
from auditor.mail.message import Attachment, Fact, Kind, Risk

RISKY = Rule(
    "attachment-risky",
    ("U7",),
    Severity.HIGH,
    "Risky attachment",
    "Programs, scripts, macros, disk images, names made to be misread, archives behind a password, content that is not "
    "what its name says; to people outside, also what a document holds without showing it: hidden sheets and rows, "
    "struck-out words.",
    ("attachments",),
)

_DANGERS: dict[Risk, tuple[Severity, str]] = {
    Risk.PROGRAM: (Severity.HIGH, "nobody should be asked to open it"),
    Risk.SCRIPT: (Severity.HIGH, "nobody should be asked to open it"),
    Risk.DISK: (Severity.HIGH, "what is in it escapes the usual checks, so it should not go by e-mail"),
    Risk.SHORTCUT: (Severity.HIGH, "nobody should be asked to open it"),
    Risk.MACRO: (Severity.HIGH, "send it as a PDF or save it without macros"),
    Risk.DISGUISED: (Severity.HIGH, "ask where it came from before anybody opens it"),
    Risk.BOMB: (Severity.HIGH, "it should not be opened"),
    Risk.FETCHES: (Severity.HIGH, "ask where it came from before anybody opens it"),
    Risk.SEALED: (Severity.HIGH, "nothing can look inside for a virus, and the Council's record cannot be read"),
    Risk.CONTRADICTS: (Severity.MEDIUM, "ask where it came from before anybody opens it"),
    Risk.ACTIVE: (Severity.MEDIUM, "send its words as a PDF or in the message"),
    Risk.LOCKED: (Severity.LOW, "nothing can look inside for a virus, and the Council's record cannot be read"),
}
"""What harms whoever opens it, gravest first: how grave, and what to do."""
_LEAKS: dict[Risk, tuple[Severity, str]] = {
    Risk.HIDDEN: (Severity.MEDIUM, "whoever receives it can bring that to light: check that it was meant for them"),
    Risk.TRACKED: (Severity.LOW, "whoever receives it can read them: accept or reject the changes before it goes out"),
}
"""What a document gives away to whoever receives it."""


class Attachments:
    """Looks at each file, those in attached messages included."""

    rules = (RISKY,)

    def check(self, case: Case) -> Iterator[Finding]:
        """At most two findings a file: what harms, and what is given away."""
        mail = case.mail
        if mail.kind is not Kind.ORDINARY or not (mail.attachments or mail.attached):
            return
        for part, file in case.files():
            for table in (_DANGERS, _LEAKS):
                facts = [fact for risk in table for fact in file.facts if fact.code is risk]
                if facts and (table is _DANGERS or _gives_away(case, facts)):
                    yield _found(part, file, facts, *table[facts[0].code])


def _gives_away(case: Case, facts: list[Fact]) -> bool:
    """Not to the Council's own, nor what an outsider wrote and is passed on, nor changes that are shown on purpose."""
    if not outside(case.policy, case.mail.recipients) or outsider(case) is not None:
        return False
    if any(fact.code is Risk.HIDDEN for fact in facts):
        return True
    return not prose(case.parts.own.text).finds(pattern("{marked}", "attachments"))


def _found(part: str, file: Attachment, facts: list[Fact], severity: Severity, advice: str) -> Finding:
    said = list({fact.code: fact.detail for fact in reversed(facts)}.values())[::-1]
    name = file.name or "The attached file"
    shown = f"'{name}'" if file.name else name
    listed = " and ".join([", ".join(said[:3][:-1]), said[:3][-1]] if said[1:] else said)
    reason = f"{shown} {listed}: {advice}."
    # What is seen in a file grows with the reader; the clerk's word on the file must stand.
    evidence = f"{name} {file.sha256} {'gives away' if facts[0].code in _LEAKS else 'harms'}"
    return Finding(RISKY.name, severity, confidence(RISKY.name), part, 0, 0, clip(name), reason, evidence)
