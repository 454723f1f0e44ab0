"""What earlier mail says of a recipient, in a sentence, where the letter itself does not explain it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from auditor.analysers.audience import name_words
from auditor.analysers.base import Case
from auditor.analysers.prose import prose
from auditor.findings import Severity
from auditor.past import Elsewhere, NearMiss, OutOfPlace

_SPELT = 2
"""Letters above which a name that stands in a letter names somebody."""


class Remarked(NamedTuple):
    """One plain sentence, and how much it weighs."""

    reason: str
    severity: Severity


def remarks(case: Case, email: str) -> Iterator[Remarked]:
    """Of one recipient, in the order of the post book."""
    for one in case.past:
        if one.email != email:
            continue
        match one:
            case NearMiss() if one.heard or not _written_from(case, email):
                yield Remarked(_near(one), Severity.MEDIUM)
            case Elsewhere(_, name, known, times) if not _written_from(case, email):
                yield Remarked(
                    f"{email} is addressed as {name}, who in {_messages(times)} before always had the address {known}: check "
                    "where the message went.",
                    Severity.MEDIUM,
                )
            case OutOfPlace() if not _named(case, one):
                yield Remarked(_apart(one), Severity.LOW)


def _near(one: NearMiss) -> str:
    box = "@" in one.known
    what = f"is one slip away from {one.known}" if box else f"is at a domain that looks like {one.known}"
    whom = one.known if box else f"addresses at {one.known}"
    none = "" if one.heard else f", and none came from {one.email}"
    return f"{one.email} {what}: {_messages(one.times)} went to and fro with {whom} before{none}: check where the message went."


def _apart(one: OutOfPlace) -> str:
    who = f"{one.name} ({one.email})" if one.name and "@" not in one.name else one.email
    last = f"{one.last.day} {one.last:%B %Y}"
    return (
        f"{who} has not been written to together with {in_words(one.others)} before, was last written to on {last}, and is "
        f"not named in the letter; usually {one.usual} is written to with them: check whether {one.usual} was meant."
    )


def _written_from(case: Case, email: str) -> bool:
    """Whether the letter that is answered or sent on shows the address: then somebody uses it."""
    return email in (case.text("quoted") + case.text("forwarded")).lower()


def _named(case: Case, one: OutOfPlace) -> bool:
    """Whether the letter, what it answers or its subject speaks of somebody by name."""
    local = re.sub(r"[._\d-]", " ", one.email.partition("@")[0])
    names = {word for word in (*name_words(one.name), *name_words(local)) if len(word) > _SPELT}
    return any(
        not names.isdisjoint(re.findall(r"[^\W\d_]+", prose(case.text(part)).plain))
        for part in ("subject", "own", "quoted", "forwarded")
    )


def in_words(names: Sequence[str]) -> str:
    """'A', 'A and B', 'A, B and C'; of many the first."""
    first = list(names[:3])
    if len(names) > len(first):
        return f"{', '.join(first)} and {'one other' if len(names) == 4 else f'{len(names) - 3} others'}"
    return " and ".join(filter(None, (", ".join(first[:-1]), first[-1])))


def _messages(times: int) -> str:
    return "1 message" if times == 1 else f"{times:,} messages"
