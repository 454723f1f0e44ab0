"""What a request to the loopback's Graph asks for: paths, preferences and query options, unknown ones refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from email.message import Message
from typing import Any

from providers.loopback import Call
from providers.microsoft_letters import PROPERTIES, Letter, Wish
from providers.microsoft_mailbox import Refused

VERSION = "/v1.0"
IMMUTABLE = 'IdType="ImmutableId"'


def segments(path: str) -> list[str]:
    """What stands between the slashes of a path, keys in brackets as segments of their own."""
    segments: list[str] = []
    for part in path.removeprefix(VERSION).strip("/").split("/"):
        keyed = re.fullmatch(r"(\w+)\('(.*)'\)", part)
        segments += keyed.groups() if keyed else [part.removesuffix("()")]
    return segments


def preferences(headers: Message) -> list[str]:
    """The preferences of all Prefer headers, known ones only.

    Raises:
        AssertionError: one that Graph does not know.
    """
    found = [one.strip() for value in headers.get_all("Prefer", []) for one in value.split(",")]
    for one in found:
        assert re.fullmatch(PREFERENCE, one), f"Prefer: {one}"
    return found


PREFERENCE = (
    r'IdType="ImmutableId"|odata\.maxpagesize=\d+|outlook\.body-content-type="(?:text|html)"'
    r'|outlook\.allow-unsafe-html|outlook\.timezone="[^"]+"'
)


def page_size(call: Call, most: int) -> int:
    sizes = [one for one in preferences(call.headers) if one.startswith("odata.maxpagesize=")]
    assert len(sizes) <= 1, "two sizes of a page"
    size = int(sizes[0].partition("=")[2]) if sizes else 10
    assert size > 0, "a page of nothing"
    return min(size, most)


def only(call: Call, *options: str) -> None:
    """Asserts that no other options are given."""
    unknown = sorted(set(call.query) - set(options))
    assert not unknown, f"not an option here: {', '.join(unknown)}"


def number(call: Call, name: str, default: int) -> int:
    value = call.one(name)
    assert value is None or value.isdecimal(), f"{name}={value}"
    return default if value is None else int(value)


def select(call: Call, known: Collection[str]) -> tuple[str, ...]:
    value = call.one("$select")
    if value is None:
        return ()
    names = tuple(value.split(","))
    unknown = [name for name in names if name not in known]
    assert not unknown, f"Could not find a property named '{', '.join(unknown)}'"
    return names


CLAUSE = re.compile(
    r"(receivedDateTime|sentDateTime|isRead|isDraft|hasAttachments|internetMessageId|subject|from/emailAddress/address)"
    r" (eq|ne|ge|gt|le|lt) (true|false|\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?Z)?|'(?:[^']|'')*')"
)
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "ge": lambda a, b: a >= b,
    "gt": lambda a, b: a > b,
    "le": lambda a, b: a <= b,
    "lt": lambda a, b: a < b,
}


def _clauses(call: Call) -> list[tuple[str, str, Any]]:
    text = call.one("$filter")
    found = []
    for clause in text.split(" and ") if text else []:
        match = CLAUSE.fullmatch(clause.strip())
        assert match, f"$filter={text}"
        name, how, value = match.groups()
        assert value[0].isdigit() == name.endswith("DateTime"), f"$filter={text}"
        found.append((name, how, _literal(value)))
    return found


def _literal(value: str) -> object:
    if value[0].isdigit():
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value == "true" if value in ("true", "false") else value[1:-1].replace("''", "'")


def _field(letter: Letter, name: str) -> Any:
    match name:
        case "receivedDateTime":
            return letter.received_at.replace(microsecond=0)
        case "sentDateTime":
            return letter.sent_at.replace(microsecond=0)
        case "from/emailAddress/address":
            return next((one["emailAddress"].get("address", "") for one in letter.people("From")), "")
    return PROPERTIES[name](letter, Wish())


def filtered(rows: list[Letter], call: Call) -> list[Letter]:
    clauses = _clauses(call)
    return [one for one in rows if all(COMPARE[how](_field(one, name), value) for name, how, value in clauses)]


def ordered(rows: list[Letter], call: Call) -> list[Letter]:
    """In the order asked for; newest first unless one is.

    Raises:
        Refused: the order is not led by the filter's properties.
    """
    text = call.one("$orderby")
    if text is None:
        return rows
    orders = [re.fullmatch(r"(receivedDateTime|sentDateTime|subject)(?: (asc|desc))?", one) for one in text.split(",")]
    names = [match[1] for match in orders if match]
    assert len(names) == len(orders), f"$orderby={text}"
    filtered = list(dict.fromkeys(name for name, _, _ in _clauses(call)))
    if filtered and filtered[: len(names)] != names:
        raise Refused(400, "InefficientFilter", "The restriction or sort order is too complex for this operation.")
    for match in reversed(orders):
        assert match
        name, backwards = match[1], match[2] == "desc"
        rows = sorted(rows, key=lambda one, name=name: _field(one, name), reverse=backwards)
    return rows


def after(call: Call) -> tuple[str, datetime] | None:
    """Delta's only filter: receivedDateTime ge or gt."""
    clauses = _clauses(call)
    if not clauses:
        return None
    ((name, how, value),) = clauses
    assert (name, how) in (("receivedDateTime", "ge"), ("receivedDateTime", "gt")), "a filter that delta does not know"
    return how, value
