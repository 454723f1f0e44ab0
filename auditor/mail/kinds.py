"""What a message is: ordinary mail, an automatic reply or receipt, a meeting message or a bounce.

Only ordinary mail needs a signature and a waiver, so each kind needs a header that a person does not write.
"""

from __future__ import annotations

import re

from auditor.mail.headers import Headers
from auditor.mail.message import Kind
from auditor.mail.mime import Node

_AWAY = re.compile(
    r"\s*(?:auto(?:matic|mated)?[ -]?(?:reply|response|answer)|out of (?:the )?office|away from|on (?:annual )?leave"
    r"|absence|abwesenheit|réponse automatique|vacation)",
    re.IGNORECASE,
)
SIGNS = frozenset(
    {"auto-submitted", "content-class", "precedence", "return-path", "x-auto-response-suppress", "x-autoreply"}
    | {"x-autoreply-from", "x-autorespond", "x-failed-recipients"}
)
"""A message of one plain part without any of these headers is ordinary."""
_DAEMON = re.compile(r"\b(?:mailer-daemon|postmaster)@?", re.IGNORECASE)


def kind(node: Node, parts: list[Node], subject: str) -> Kind:
    """The kind of the message with root `node`; `parts` are its leaves."""
    headers = node.headers
    if _bounced(node):
        return Kind.BOUNCE
    if _automatic(headers, subject) or _receipt(node):
        return Kind.AUTO_REPLY
    if _meeting(node, parts):
        return Kind.MEETING
    return Kind.ORDINARY


def _bounced(node: Node) -> bool:
    headers = node.headers
    if node.type == "multipart/report":
        report = node.media.params.get("report-type", "").lower()
        return report == "delivery-status" or any(child.type == "message/delivery-status" for child in node.children)
    if "x-failed-recipients" not in headers and headers.get("return-path") != ["<>"]:
        return False
    return any(_DAEMON.search(sender) for sender in headers.get("from", ()))


def _receipt(node: Node) -> bool:
    """A reader's program says that the message was shown or deleted (RFC 8098)."""
    report = node.media.params.get("report-type", "").lower() if node.type == "multipart/report" else ""
    return report == "disposition-notification"


def _automatic(headers: Headers, subject: str) -> bool:
    """RFC 3834 5, and the headers that programs older or prouder than it write."""
    declared = headers.get("auto-submitted")
    if declared and declared[0].partition(";")[0].strip().lower() not in ("no", ""):
        return True  # Exchange writes auto-generated, others auto-replied, on the same kind of message
    if "x-autoreply" in headers or "x-autorespond" in headers or "x-autoreply-from" in headers:
        return True
    precedence = headers.get("precedence")
    if precedence and precedence[0].strip().lower() in ("auto_reply", "auto-reply"):
        return True
    supported = "x-auto-response-suppress" in headers or (precedence is not None and precedence[0].lower() == "bulk")
    return supported and bool(_AWAY.match(subject))


def _meeting(node: Node, parts: list[Node]) -> bool:
    classes = node.headers.get("content-class")
    if classes and "calendarmessage" in classes[0].lower():
        return True
    # A file sent along (attachment) does not make a letter a meeting message; a view of it does.
    return any(part.type == "text/calendar" and part.disposition.word != "attachment" for part in parts)
