"""The part of Gmail's search language that a collector of mail has use for; anything else is a client's mistake."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

PLACES = {
    "sent": "SENT",
    "inbox": "INBOX",
    "trash": "TRASH",
    "spam": "SPAM",
    "draft": "DRAFT",
    "drafts": "DRAFT",
    "chats": "CHAT",
}
UNITS = {"": 1, "K": 1024, "M": 1024 * 1024}


class Found(Protocol):
    """What a search looks at."""

    labels: frozenset[str]
    received: int

    @property
    def size_estimate(self) -> int: ...
    @property
    def sender(self) -> str: ...
    @property
    def message_id(self) -> str: ...


Test = Callable[[Found], bool]


@dataclass(frozen=True, slots=True)
class Query:
    """Every test must hold."""

    tests: tuple[Test, ...] = ()
    everywhere: bool = False
    """Spam and bin are searched as well."""


def parse(q: str, labels: Mapping[str, str]) -> Query:
    """`labels` are the mailbox's ids by name; AssertionError for what is not understood here. All terms must fit, of
    those in {braces} any one."""
    terms = re.findall(r"\{[^{}]*\}|\S+", q)
    everywhere = any(re.fullmatch(r"in:(anywhere|trash|spam)", word) for word in re.findall(r"[^\s{}]+", q))
    return Query(tuple(_term(term, labels) for term in terms), everywhere)


def _term(term: str, labels: Mapping[str, str]) -> Test:
    if term.startswith("{"):
        choices = [_term(one, labels) for one in term[1:-1].split()]
        return lambda mail: any(test(mail) for test in choices)
    match = re.fullmatch(r'(-?)(\w+):"?([^"{}]+)"?', term)
    assert match, f"the search term {term} is not understood"
    no, operator, value = match.groups()
    test = _test(operator.lower(), value, labels)
    return (lambda mail: not test(mail)) if no else test


def _test(operator: str, value: str, labels: Mapping[str, str]) -> Test:
    match operator:
        case "in" if value == "anywhere":
            return lambda _: True
        case "in" if value in PLACES:
            return _labelled(PLACES[value])
        case "in" | "label":
            return _labelled(_label(value, labels))
        case "after" | "before":
            return _dated(operator, value)
        case "larger" | "smaller":
            return _sized(operator, value)
        case "from":
            return lambda mail: value.lower() in mail.sender
        case "rfc822msgid":
            return lambda mail: mail.message_id == value.strip("<>")
        case _:
            raise AssertionError(f"the search operator {operator}: is not understood")


def _labelled(label: str) -> Test:
    return lambda mail: label in mail.labels


def _label(value: str, labels: Mapping[str, str]) -> str:
    """Gmail writes a label's spaces and slashes as hyphens in a search."""
    known = {re.sub(r"[ /]", "-", name).lower(): i for name, i in labels.items()}
    label = known.get(re.sub(r"[ /]", "-", value).lower())
    assert label, f"no label is called {value}"
    return label


def _dated(operator: str, value: str) -> Test:
    # A date such as 2026/01/31 means midnight Pacific time: nobody in England wants that.
    assert value.isdigit(), f"{operator}:{value} is not in epoch seconds"
    moment = int(value) * 1000
    if operator == "after":
        return lambda mail: mail.received >= moment
    return lambda mail: mail.received < moment


def _sized(operator: str, value: str) -> Test:
    match = re.fullmatch(r"(\d+)([KM]?)", value.upper())
    assert match, f"{operator}:{value} is no size"
    size = int(match[1]) * UNITS[match[2]]
    if operator == "larger":
        return lambda mail: mail.size_estimate > size
    return lambda mail: mail.size_estimate < size
