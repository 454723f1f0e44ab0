"""Gmail API v1 as far as it reads mail: each operation's path, price, parameters and answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from providers.gmail import SYSTEM, TYPES, Mail, Mailbox, Search, Story
from providers.gmail_errors import Refusal
from providers.gmail_parts import answer, document, encoded, headers, mask, masked, part, payload
from providers.loopback import Answer, Call

GMAIL = "https://www.googleapis.com/auth/gmail."
METADATA = GMAIL + "metadata"
READING = frozenset({GMAIL + "readonly", METADATA, GMAIL + "modify", "https://mail.google.com/"})
"""Scopes any one of which opens a mailbox for reading."""
COMMON = frozenset({"alt", "fields", "prettyPrint", "quotaUser"})
"""Parameters of every operation."""
FORMATS = ("minimal", "full", "raw", "metadata")


@dataclass(frozen=True, slots=True)
class Operation:
    path: str
    """A regular expression, below users/{userId}/."""
    units: int
    answer: Callable[[Mailbox, Call, dict[str, str]], Answer]
    options: frozenset[str] = frozenset()


def operation(path: str) -> tuple[Operation, str, dict[str, str]] | None:
    """What a path asks for, of which user, and the names in it; None where Gmail has nothing."""
    match = re.fullmatch(r"/gmail/v1/users/([^/]+)/(.+)", path)
    if not match:
        return None
    user, below = match.groups()
    for one in OPERATIONS:
        if names := re.fullmatch(one.path, below):
            return one, user, names.groupdict()
    return None


def check(call: Call, one: Operation) -> None:
    """AssertionError for a parameter that the operation does not have."""
    unknown = set(call.query) - COMMON - one.options
    assert not unknown, f"unknown parameter {', '.join(sorted(unknown))}"
    assert call.one("alt") in (None, "json"), "alt is json"


def forbid(call: Call, scopes: frozenset[str]) -> None:
    """Raises `Refusal` for what gmail.metadata forbids, alone or together with another scope."""
    if METADATA not in scopes:
        return
    if "q" in call.query:
        raise Refusal("metadata q")
    asked = (call.one("format") or "full").upper()
    if re.search(r"/messages/[^/]+$", call.path) and asked in ("FULL", "RAW"):
        raise Refusal("metadata format", asked)


def _json(call: Call, whole: dict[str, Any]) -> Answer:
    fields = call.one("fields")
    return Answer.json(masked(whole, mask(fields)) if fields is not None else whole)


def _profile(mailbox: Mailbox, call: Call, names: dict[str, str]) -> Answer:
    with mailbox.lock:
        mails = mailbox.mails()
        whole = {
            "emailAddress": mailbox.address,
            "messagesTotal": len(mails) + mailbox.miscounts,
            "threadsTotal": _threads(mails),
            "historyId": str(mailbox.history_id),
        }
    return _json(call, whole)


def _labels(mailbox: Mailbox, call: Call, names: dict[str, str]) -> Answer:
    return _json(call, {"labels": [_label(name, i) for name, i in mailbox.labels.items()]})


def _one_label(mailbox: Mailbox, call: Call, names: dict[str, str]) -> Answer:
    found = [name for name, i in mailbox.labels.items() if i == names["id"]]
    if not found:
        raise Refusal("gone")
    mails = mailbox.count(names["id"])
    unread = [mail for mail in mails if "UNREAD" in mail.labels]
    totals = {
        "messagesTotal": len(mails) + mailbox.miscounts,
        "messagesUnread": len(unread),
        "threadsTotal": _threads(mails),
        "threadsUnread": _threads(unread),
    }
    return _json(call, _label(found[0], names["id"]) | totals)


def _messages(mailbox: Mailbox, call: Call, names: dict[str, str]) -> Answer:
    labels = tuple(call.query.get("labelIds", ()))
    unknown = set(labels) - set(mailbox.labels.values())
    if unknown:
        raise Refusal("argument", f"Invalid label: {unknown.pop()}")
    search = Search(call.one("q") or "", labels, _flag(call, "includeSpamTrash"))
    return _json(call, mailbox.listed(search, _most(call), call.one("pageToken")))


def _message(mailbox: Mailbox, call: Call, names: dict[str, str]) -> Answer:
    wanted = call.one("format") or "full"
    assert wanted in FORMATS, f"Invalid value at 'format': {wanted}"
    only = call.query.get("metadataHeaders")
    assert not only or wanted == "metadata", "metadataHeaders go with format=metadata only"
    mail = mailbox.mail(_id(names["id"]))
    whole = document(mail)
    if wanted == "full":
        whole["payload"] = payload(mailbox, mail)
    if wanted == "metadata":
        named = {name.lower() for name in only} if only else None
        whole["payload"] = {"mimeType": mail.headers.get_content_type(), "headers": headers(mail.headers, named)}
    fields = call.one("fields")
    chosen = mask(fields) if fields is not None else {}
    raw = wanted == "raw" and (not chosen or "raw" in chosen or "*" in chosen)
    return answer(masked(whole, chosen), mail, raw=raw)


def _attachment(mailbox: Mailbox, call: Call, names: dict[str, str]) -> Answer:
    mail = mailbox.mail(_id(names["id"]))
    of, number = mailbox.attachments.get(names["attachment"], ("", ""))
    if of != mail.id:
        raise Refusal("argument", "Invalid attachment token")
    data = part(mail, number)
    return _json(call, {"size": len(data), "data": b"".join(encoded(data, padded=mail.padded)).decode()})


def _history(mailbox: Mailbox, call: Call, names: dict[str, str]) -> Answer:
    start = call.one("startHistoryId")
    assert re.fullmatch(r"\d+", start or ""), "startHistoryId is a number"
    types = call.query.get("historyTypes", [])
    for one in types:
        assert one in TYPES, f"Invalid value at 'history_types': {one}"
    story = Story(int(start or 0), tuple(types), call.one("labelId") or "")
    return _json(call, mailbox.told(story, _most(call), call.one("pageToken")))


def _most(call: Call) -> int:
    most = call.one("maxResults") or "100"
    assert re.fullmatch(r"[1-9]\d{0,2}", most), f"maxResults is 1 to 500, not {most}"
    assert int(most) <= 500, f"maxResults is 1 to 500, not {most}"
    return int(most)


def _flag(call: Call, name: str) -> bool:
    said = call.one(name) or "false"
    assert said in ("true", "false"), f"{name} is true or false, not {said}"
    return said == "true"


def _id(text: str) -> str:
    assert re.fullmatch(r"[0-9a-f]{1,16}", text), f"Invalid id value: {text}"
    return text


def _label(name: str, i: str) -> dict[str, str]:
    if name in SYSTEM:
        return {"id": i, "name": name, "type": "system"}
    shown = {"messageListVisibility": "show", "labelListVisibility": "labelShow"}
    return {"id": i, "name": name, "type": "user"} | shown


def _threads(mails: list[Mail]) -> int:
    return len({mail.thread for mail in mails})


OPERATIONS = (
    Operation("profile", 1, _profile),
    Operation("labels", 1, _labels),
    Operation("labels/(?P<id>[^/]+)", 1, _one_label),
    Operation("messages", 5, _messages, frozenset({"q", "labelIds", "includeSpamTrash", "maxResults", "pageToken"})),
    Operation("messages/(?P<id>[^/]+)", 20, _message, frozenset({"format", "metadataHeaders"})),
    Operation("messages/(?P<id>[^/]+)/attachments/(?P<attachment>[^/]+)", 20, _attachment),
    Operation(
        "history",
        2,
        _history,
        frozenset({"startHistoryId", "historyTypes", "labelId", "maxResults", "pageToken"}),
    ),
)
"""Units are those of 1 May 2026 (developers.google.com/workspace/gmail/api/reference/quota)."""
