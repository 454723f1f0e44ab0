"""Where what is passed on came from, and whether the Council knows the source."""

from __future__ import annotations

from auditor.analysers.audience import holder, name_words
from auditor.analysers.base import Case
from auditor.mail.message import Address
from auditor.mail.passedon import authors
from auditor.policy import Policy


def outsider(case: Case) -> Address | None:
    """Who wrote what is forwarded in the text, when it is none of the Council's own; None for all other mail."""
    return next((one for one in authors(case.parts.forwarded.text) if not _own(case.policy, one)), None)


def stranger(case: Case) -> Address | None:
    """The same, when the Council does not know that source."""
    author = outsider(case)
    return None if author is None or _trusted(case.policy, author) else author


def known(policy: Policy, author: Address) -> bool:
    """Whether an author is one of the Council's own, on its trusted list or a known correspondent."""
    return _own(policy, author) or _trusted(policy, author)


def _own(policy: Policy, author: Address) -> bool:
    """Whether an author is one of the Council's people, at whatever address, or writes from one of its domains."""
    if author.email:
        return policy.inside(author.email) or holder(policy, author.email) is not None
    named = name_words(author.name)
    return bool(named) and any(name_words(person.name) == named for person in policy.people)


def _trusted(policy: Policy, author: Address) -> bool:
    listed = {*policy.trusted_senders, *policy.known_correspondents}
    return author.email in listed or any(
        author.domain == one or author.domain.endswith(f".{one}") for one in policy.trusted_senders
    )
