"""The recipient's address is right before sending (E7), and strangers are not shown one another's addresses (E8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from auditor.analysers.audience import GUARDED, circles, name_words, outside, provider, surname
from auditor.analysers.base import Case, confidence
from auditor.analysers.vocabulary import terms
from auditor.findings import Finding, Rule, Severity, clip
from auditor.mail.message import Address, Kind
from auditor.policy import Person, Policy

SUSPECT = Rule(
    "recipient-suspect",
    ("E7",),
    Severity.MEDIUM,
    "Recipient's address looks wrong",
    "An address a keystroke away from a known one, or a known person's name on an address that is not theirs.",
    ("headers",),
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

_LEAST = 5
"""Letters a name must have for one wrong letter to be told from another name."""
_SEEMING = str.maketrans({"0": "o", "1": "l"})


class Recipients:
    """Looks at the headers alone."""

    rules = (SUSPECT, PRIVATE, EXPOSED)

    def check(self, case: Case) -> Iterator[Finding]:
        """Findings about single addresses in the order of the headers, then the one about all of them."""
        if case.mail.kind is not Kind.ORDINARY:
            return  # a machine answers whoever wrote
        known = _directory(case.policy)
        seen: set[str] = set()
        for address in case.mail.recipients:
            if not address.email or address.email in seen:
                continue
            seen.add(address.email)
            if person := known.private.get(address.email):
                yield _found(PRIVATE, address.email, _private(person, address.email, case.sender))
            elif why := known.suspicion(address):
                yield _found(SUSPECT, address.email, why)
        yield from _exposed(case)


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
        if any(domain == one or domain.endswith(f".{one}") for one in self.domains):
            near = next((one for one in self.addresses.values() if _same_but_one(one.text, local, domain)), None)
            if near:
                return f"{email} is one slip away from {near.text}, {near.what}: check where the message went."
        elif close := next((one for one in self.domains.values() if _alike(one.text, domain)), None):
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
    """Whether two names at one domain differ by one slip of the hand; by a digit they are two mailboxes."""
    name, _, place = known.rpartition("@")
    if place != domain or provider(domain) or min(len(name), len(local)) < _LEAST:
        return False
    if not any(map(str.isdigit, name + local)):
        return OSA.distance(name, local, score_cutoff=1) == 1
    return False


def _alike(known: str, domain: str) -> bool:
    """Whether a domain is another's but for one slip of the hand, or for letters that look the same."""
    name, rest = _registered(known)
    other, ending = _registered(domain)
    if (name, rest) == (other, ending) or min(len(name), len(other)) < _LEAST:
        return False
    if name == other:
        # A provider has its name under both of the usual endings, and a county's university is no slip for its council.
        return ending not in ("com", "co.uk") if provider(known) else f".{ending}" not in GUARDED
    if _seeming(name) == _seeming(other):
        return True
    return rest == ending and OSA.distance(name, other, score_cutoff=1) == 1


def _registered(domain: str) -> tuple[str, str]:
    """The name that somebody registered, and the ending it was registered under."""
    labels = domain.split(".")
    two = domain.endswith(GUARDED) or (len(labels[-1]) == 2 and len(labels[-2:][0]) <= 3)
    ending = 2 if len(labels) > 2 and two else 1
    return ".".join(labels[:-ending]), ".".join(labels[-ending:])


def _seeming(name: str) -> str:
    return name.translate(_SEEMING).replace("rn", "m").replace("vv", "w").replace("-", "")


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
