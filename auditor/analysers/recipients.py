"""The recipient's address is right before sending (E7), and strangers are not shown one another's addresses (E8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from auditor.analysers.audience import circles, name_words, outside, surname
from auditor.analysers.base import Case, confidence, found
from auditor.analysers.greeting import misfit
from auditor.analysers.lookalike import alike, namesakes, one_slip
from auditor.analysers.remarks import in_words, remarks
from auditor.analysers.vocabulary import terms
from auditor.findings import Finding, Rule, Severity, clip
from auditor.mail.message import Address, Kind
from auditor.policy import Person, Policy

SUSPECT = Rule(
    "recipient-suspect",
    ("E7",),
    Severity.MEDIUM,
    "Recipient's address looks wrong",
    "An address a keystroke away from a known one, a known person's name on an address that is not theirs, somebody who "
    "never has letters together with the others, or a greeting that fits nobody who receives the letter.",
    ("headers", "own"),
)
PRIVATE = Rule(
    "recipient-private-account",
    ("E7", "M1"),
    Severity.MEDIUM,
    "Sent to a private account",
    "Council business sent to a member's or officer's own private account, where the Council keeps no record of it.",
    ("headers",),
)
EXPOSED = Rule(
    "recipients-exposed",
    ("E8", "M2"),
    Severity.HIGH,
    "Strangers shown one another's addresses",
    "Many outside people who need not know one another, all in To or Cc, where Bcc was due: medium from 11 of them, high "
    "from 20, unless the Council has set other numbers.",
    ("headers",),
)


class Recipients:
    """Looks at the headers, at what earlier mail says of them, and at whom the letter greets."""

    rules = (SUSPECT, PRIVATE, EXPOSED)

    def check(self, case: Case) -> Iterator[Finding]:
        """Findings about single addresses in the order of the headers, then the greeting, then the one about all of them."""
        if case.mail.kind is not Kind.ORDINARY:
            return  # a machine answers whoever wrote
        yield from [*_single(case)] or _greeted(case)
        yield from _exposed(case)


def _single(case: Case) -> Iterator[Finding]:
    """Of each address, the first thing that is to be said."""
    known = _directory(case.policy)
    for address in {one.email: one for one in case.mail.recipients if one.email}.values():
        if person := known.private.get(address.email):
            yield _found(PRIVATE, address.email, _private(person, address.email, case.sender))
        elif why := known.suspicion(address):
            yield _found(SUSPECT, address.email, why)
        elif case.past and (remarked := next(remarks(case, address.email), None)):
            yield _found(SUSPECT, address.email, remarked.reason, remarked.severity)


def _greeted(case: Case) -> Iterator[Finding]:
    """A greeting that fits nobody, where no address looks wrong."""
    greeted = misfit(case)
    if greeted is None:
        return
    reason = (
        f"The letter greets {greeted.whom} and went to {in_words(greeted.recipients)}, and nobody there has that name: check "
        "whether it went to the right person."
    )
    yield found(SUSPECT, "own", case.text("own"), (greeted.start, greeted.end), reason)


def _found(rule: Rule, email: str, reason: str, severity: Severity | None = None) -> Finding:
    return Finding(
        rule.name, severity or rule.severity, confidence(rule.name), "headers", 0, 0, clip(email), reason, email
    )


def _private(person: Person, email: str, sender: Person) -> str:
    whose = "the sender's own" if person.mailbox == sender.mailbox else f"{person.name}'s"
    return f"{email} is {whose} private account: Council business belongs in {person.mailbox}."


class _Known(NamedTuple):
    """An address or domain that is known, and what it is, for the reason."""

    text: str
    what: str


class _Directory:
    """Everybody a council knows."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        people, known = policy.people, policy.known_correspondents
        self.private = {email: person for person in people for email in person.private}
        """Private accounts and whose they are; the last listed has them."""
        self.addresses = {one: _Known(one, "a known correspondent") for one in known}
        self.addresses |= {
            email: _Known(email, f"{one.name}'s private account") for one in people for email in one.private
        }
        self.addresses |= {one.mailbox: _Known(one.mailbox, f"{one.name}'s mailbox") for one in people}
        providers = {one: _Known(one, "a provider of mailboxes") for one in sorted(terms("mailboxes", "providers"))}
        places = [one.rpartition("@")[2] for one in (*policy.trusted_senders, *known)]
        self.domains = {one: _Known(one, "known to the Council") for one in places} | providers
        self.domains |= {one: _Known(one, "the Council's own") for one in policy.domains}
        self.named = {tuple(name_words(person.name)): person for person in people if surname(person.name)}
        # People write to the same people.
        self.suspicion = lru_cache(maxsize=1 << 14)(self._suspicion)

    def _suspicion(self, address: Address) -> str | None:
        """What looks wrong with an address, in a sentence; None when nothing does."""
        email = address.email
        local, _, domain = email.rpartition("@")
        if email in self.addresses:
            return None
        if near := next((one for one in self.addresses.values() if _same_but_one(one.text, local, domain)), None):
            return f"{email} is one slip away from {near.text}, {near.what}: check where the message went."
        known = any(domain == one or domain.endswith(f".{one}") for one in self.domains)
        close = next((one for one in self.domains.values() if not known and alike(one.text, domain)), None)
        if close:
            return f"{email} looks like an address at {close.text} ({close.what}) and is none: check where the message went."
        return None if self.policy.inside(email) else self._borrowed(address)

    def _borrowed(self, address: Address) -> str | None:
        """Whether the address bears the name of one of the Council's people and is none of theirs."""
        local = re.sub(r"[._]", " ", address.email.partition("@")[0])
        person = self.named.get(tuple(name_words(address.name))) or self.named.get(tuple(name_words(local)))
        if person is None:
            return None
        return (
            f"{address.email} is addressed as {person.name}, and is no address of {person.name}'s that the Council knows: "
            "check where the message went."
        )


def _same_but_one(known: str, local: str, domain: str) -> bool:
    """Whether two names at one domain differ by one slip of the hand, and are hardly two people's."""
    name, _, place = known.rpartition("@")
    return place == domain and one_slip(name, local) and not namesakes(name, local)


def _exposed(case: Case) -> Iterator[Finding]:
    """Of an answer nothing is said: whoever wrote first showed the addresses."""
    mail = case.mail
    if mail.in_reply_to or len(mail.to) + len(mail.cc) < case.policy.mass_recipients[0]:
        return
    strangers = circles(case.policy, outside(case.policy, mail.to + mail.cc))
    medium, high = case.policy.mass_recipients
    if len(strangers) < medium:
        return
    severity = Severity.HIGH if len(strangers) >= high else Severity.MEDIUM
    shown = ", ".join(circle[0].email for circle in strangers)
    reason = (
        f"{len(strangers)} outside people or bodies who need not know one another stand in To and Cc, and each sees the "
        "others' addresses: such a message goes out with all of them in Bcc."
    )
    evidence = " ".join(sorted(circle[0].email for circle in strangers))
    yield Finding(EXPOSED.name, severity, confidence(EXPOSED.name), "headers", 0, 0, clip(shown), reason, evidence)


_latest: list[_Directory] = []


def _directory(policy: Policy) -> _Directory:
    """What is known under a policy, put together once: a whole night is judged under the same."""
    if not _latest or _latest[0].policy is not policy:
        _latest[:] = [_Directory(policy)]
    return _latest[0]
