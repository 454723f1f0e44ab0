"""Who receives a message, as a careful deputy clerk would group them: the Council's own, and everybody else."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.analysers.vocabulary import terms
from auditor.mail.message import Address
from auditor.policy import Person, Policy

GUARDED = tuple(sorted(terms("mailboxes", "guarded")))
"""Endings that nobody gets who is not such a body."""

_WORD = re.compile(r"[^\W\d_]+")


def holder(policy: Policy, email: str) -> Person | None:
    """The person whose Council mailbox or private account an address is; the last listed, where several held it."""
    return next((p for p in reversed(policy.people) if email == p.mailbox or email in p.private), None)


def outside(policy: Policy, addresses: Iterable[Address]) -> list[Address]:
    """Those who are neither at the Council's domains nor one of its people at a private account; each once."""
    found = {a.email: a for a in addresses if a.email and not policy.inside(a.email) and not holder(policy, a.email)}
    return list(found.values())


def provider(domain: str) -> bool:
    """Whether a domain sells mailboxes, so that two addresses at it are two strangers."""
    if domain in terms("mailboxes", "providers"):
        return True
    return any(word in domain for word in terms("mailboxes", "provider_words"))


def circles(policy: Policy, addresses: Iterable[Address]) -> list[list[Address]]:
    """People who know one another already, in order: those of one organisation, those of one household."""
    found: dict[str, list[Address]] = {}
    for address in addresses:
        found.setdefault(_circle(policy, address), []).append(address)
    return list(found.values())


def _circle(policy: Policy, address: Address) -> str:
    """What the members of a circle have in common: an organisation's domain, or family name and provider.

    Of a domain that nobody knows, somebody's own name before the @ says that it is a person's, and anything else
    (`sales@`, `pam@`) that it is a firm's or a club's.
    """
    domain = address.domain
    if _authority(policy, domain):
        return domain
    family = surname(address.name)
    if provider(domain):
        return f"{family}@{domain}" if family else address.email
    own = family and family in address.email.partition("@")[0]
    return f"{family}@{domain}" if own else domain


def _authority(policy: Policy, domain: str) -> bool:
    """Whether a domain is a public body's, or another that the Council trusts as a whole."""
    return domain.endswith(GUARDED) or any(
        domain == one or domain.endswith(f".{one}") for one in policy.trusted_senders if "@" not in one
    )


def surname(name: str) -> str:
    """The last word of a full name, lower case; empty for a name of one word."""
    words = name_words(name)
    return words[-1] if len(words) > 1 else ""


def name_words(name: str) -> list[str]:
    """A name's words without titles, lower case; 'Marsh, Ann' is read as 'Ann Marsh'."""
    last, comma, first = name.partition(",")
    words = _WORD.findall((f"{first} {last}" if comma else name).casefold())
    titles = terms("greetings", "titles")
    return [word for word in words if word not in titles]
