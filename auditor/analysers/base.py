"""What an analyser is: a pure reading of one case against one sentence of the policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from auditor.analysers.measured import confidence as confidence  # what makes a finding takes it from here
from auditor.findings import Finding, Rule, Severity, clip
from auditor.mail.message import Attachment, Mail, Part, Parts
from auditor.past import Remark
from auditor.policy import Agreed, Person, Policy
from auditor.values import Value


def found(
    rule: Rule,
    part: str,
    text: str,
    span: tuple[int, int],
    reason: str,
    *,
    severity: Severity | None = None,
    evidence: str | None = None,
) -> Finding:
    """A finding on `text[start:end]` of a part, which is its excerpt and, unless said otherwise, its evidence."""
    start, end = span
    said = text[start:end]
    return Finding(
        rule.name,
        severity or rule.severity,
        confidence(rule.name),
        part,
        start,
        end,
        clip(said),
        reason,
        said if evidence is None else evidence,
    )


class Witness(Value, frozen=True):
    """Another sight of the same message: what was delivered may differ from what was sent."""

    kind: str
    """'copy' (in another Council mailbox) or 'quoted' (in a reply to it)."""
    mailbox: str
    """Where it was seen."""
    parts: Parts


class Removal(Value, frozen=True):
    """What became of a message that was collected from a mailbox and is in its bin, or not in it at all."""

    day: date | None
    """When it was first missed; None for one that was never seen but in the bin."""
    gone: bool
    """Not in the mailbox at all, not even in its bin."""
    kept: tuple[str, ...] = ()
    """Other Council mailboxes that have it still, out of the bin."""
    answered: bool = False
    """Whether somebody of the Council answered it."""
    unsaved: tuple[str, ...] = ()
    """Names of the files it brought that no message carries that is kept."""


class Case(Value, frozen=True):
    """Everything an analyser may look at. Same case, same findings, same order."""

    mail: Mail
    parts: Parts
    sender: Person
    """Who wrote it, with the role held on the day it was sent."""
    agreed: Agreed
    """The sender's agreed signatures and the agreed waivers, blanks filled for that day."""
    policy: Policy
    mailbox: str = ""
    """The mailbox it was collected from; empty in `scan`."""
    folders: tuple[str, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    removal: Removal | None = None
    """None while it lies where mail is kept."""
    past: tuple[Remark, ...] = ()
    """What mail dated before it says of its recipients, as far as it says anything."""

    def text(self, part: str) -> str:
        """What a finding's `part` names: own, quoted, forwarded, signature, waiver, subject or attachment:NAME."""
        if part == "subject":
            return self.mail.subject
        if part.startswith("attachment:"):
            return next((text for name, text in self.enclosures() if name == part), "")
        zone: Part = getattr(self.parts, part)
        return zone.text

    def letters(self) -> Iterator[Mail]:
        """Each message that is attached to it, and those attached to these."""
        return _letters(self.mail)

    def files(self) -> tuple[tuple[str, Attachment], ...]:
        """Each file that came with it or with a message attached to it, in order, and the part that it is."""
        return tuple(_numbered(_files(self.mail))) if self.mail.attachments or self.mail.attached else ()

    def enclosures(self) -> Iterator[tuple[str, str]]:
        """The parts that are files with text, in order, each with its text: to be read like any other part."""
        for part, file in self.files():
            if file.text:
                yield part, file.text


def _letters(mail: Mail) -> Iterator[Mail]:
    for inner in mail.attached:
        yield inner
        yield from _letters(inner)


def _files(mail: Mail) -> Iterator[Attachment]:
    yield from mail.attachments
    for inner in _letters(mail):
        yield from inner.attachments


def _numbered(files: Iterator[Attachment]) -> Iterator[tuple[str, Attachment]]:
    """Two files of one name are two parts."""
    seen: dict[str, int] = {}
    for file in files:
        number = seen[file.name] = seen.get(file.name, 0) + 1
        yield f"attachment:{file.name}" + (f" ({number})" if number > 1 else ""), file


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that an example carries."""

    name: str
    kind: str = ""
    """What it is inside, in the words of the tests that make it; empty for what its name says. 'in a message from X':
    it came in a message of X's that is attached whole."""


_STAMPED = {"server": "the mail system adds signature and waiver", "link": "a link is the agreed waiver"}


@dataclass(frozen=True, slots=True)
class Example:
    """A short message and what the rule must say of it: documentation and test at once."""

    because: str
    body: str
    flagged: bool
    """False is a near miss: something that looks like a fault and is none."""
    subject: str = ""
    to: tuple[str, ...] = ()
    sender: str = ""
    """A role or name of the example council; the default is a councillor."""
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    answers: bool = False
    """Whether its headers say that it answers another message."""
    author: str = ""
    """Who wrote it, where it was not `sender`, in whose mailbox it then was received."""
    bulk: bool = False
    """Whether its headers say that a mailing program sent it."""
    auto: bool = False
    """Whether its headers say that a machine answered."""
    folders: tuple[str, ...] = ()
    removal: Removal | None = None
    """What became of it, where it did not stay where mail is kept."""
    stamped: str = ""
    """'server' where the mail system adds signature and waiver, 'link' where a link is the waiver; else the sender does."""
    copy: str = ""
    """Its body as another Council mailbox received it."""
    reply: str = ""
    """The body of an answer that quotes it."""
    severity: str = ""
    """What the finding's severity must be; empty where any will do."""
    says: str = ""
    """Words that the finding's reason must hold."""
    past: tuple[str, ...] = ()
    """The mail before it, oldest first: '12 to Ann Marsh <ann@…>, bob@…' are twelve letters that the sender wrote to both,
    '3 from ann@…' three that came."""

    attachments: tuple[Enclosed, ...] = ()

    @property
    def lines(self) -> list[str]:
        """How it reads: the mail before it, the headers that matter, then its body."""
        fields = (
            ("From", self.author),
            ("To", ", ".join(self.to)),
            ("Cc", ", ".join(self.cc)),
            ("Bcc", ", ".join(self.bcc)),
        )
        files = ", ".join(f"{one.name} ({one.kind})" if one.kind else one.name for one in self.attachments)
        last = (("Subject", self.subject), ("Attached", files))
        head = [f"Before: {line}" for line in self.past]
        head += [f"{name}: {value}" for name, value in (*fields, *last) if value]
        return [*head, *([""] if head else []), *self.body.strip().splitlines(), *self._became()]

    def _became(self) -> Iterator[str]:
        if self.stamped:
            yield f"[{_STAMPED[self.stamped]}]"
        for what, body in (("as a colleague received it", self.copy), ("the answer to it", self.reply)):
            if body:
                yield from ("", f"[{what}]", *body.strip().splitlines())
        if self.removal is not None:
            gone = "gone, from the bin too" if self.removal.gone else "in the bin"
            kept = f"; still in {', '.join(self.removal.kept)}" if self.removal.kept else ""
            files = f"; nothing kept carries {', '.join(self.removal.unsaved)}" if self.removal.unsaved else ""
            yield f"[{gone}{kept}{files}]"


class Analyser(Protocol):
    """One policy sentence. No clock, no network, no store, no chance."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules it may find, in report order."""
        ...

    def check(self, case: Case) -> Iterator[Finding]:
        """The findings, in reading order."""
        ...
