"""Builders for the store's tests: letters of an invented parish, and the pages they come in."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from auditor.findings import Finding, Severity, identity
from auditor.store.interface import Store
from auditor.store.records import Arrival, Batch, Judgement, Missed, Reading, Terms
from auditor.store.terms import address_terms, terms

STARTED = datetime(2026, 11, 20, 2, 15, tzinfo=UTC)
CLERK = "clerk@thorrington.example.org"
BLOGGS = "joe.bloggs@thorrington.example.org"


def letter(
    id: str = "sent/1.eml",  # noqa: A002
    *,
    body: str = "The allotment rents are due on Monday.",
    subject: str = "Allotments",
    sender: str = CLERK,
    to: tuple[str, ...] = ("resident@example.com",),
    sent: datetime | None = datetime(2026, 3, 4, 9, 14, tzinfo=UTC),
    message_id: str | None = None,
    in_reply_to: str = "",
    stamp: str = "1",
    folders: tuple[str, ...] = ("sent",),
    raw: bytes | None = None,
    alone: Judgement | None = None,
    **reading: Any,
) -> Arrival:
    """An arrival whose bytes, terms and identity follow from what it says."""
    message_id = f"{id}@thorrington.example.org" if message_id is None else message_id
    if raw is None:
        head = f"Message-ID: <{message_id}>\r\nFrom: {sender}\r\nTo: {', '.join(to)}\r\nSubject: {subject}\r\n\r\n"
        raw = (head + body).encode("utf-8", "replace")
    words = Terms(address_terms(sender), address_terms(" ".join(to)), "", terms(subject), terms(body), "")
    made = Reading(
        packed=b"packed:" + body.encode("utf-8", "replace"),
        message_id=message_id,
        in_reply_to=in_reply_to,
        sent=sent,
        sender=sender,
        subject=subject,
        attachments=0,
        terms=reading.pop("terms", words),
        text_size=len(body),
        recipients=to,
        **reading,
    )
    return Arrival(id, stamp, folders, hashlib.sha256(raw).hexdigest(), raw, made, None, None, alone)


def page(run: int, *arrivals: Arrival, mailbox: str = CLERK, source: str = "files", **rest: Any) -> Batch:
    """A page of one mailbox."""
    return Batch(source, mailbox, run, arrivals, **rest)


def missed(id: str, reason: str = "The attachment is nested too deep.", raw: bytes | None = None) -> Missed:  # noqa: A002
    """A message that could not be read."""
    return Missed(id, "1", reason, raw)


def finding(rule: str = "waiver-missing", evidence: str = "no waiver", **rest: Any) -> Finding:
    """Something for the clerk to look at."""
    values = {"severity": Severity.MEDIUM, "confidence": 0.9, "part": "message", "start": 0, "end": 0}
    values |= {"excerpt": "The allotment", "reason": "The message ends without the agreed waiver."}
    return Finding(rule=rule, evidence=evidence, **(values | rest))


def said(*findings: Finding, message: str = "m") -> Judgement:
    """What the analysers said."""
    return Judgement(tuple((identity(one, message), one) for one in findings))


def judgement(holding: int, *findings: Finding, message: str = "m") -> tuple[int, Judgement]:
    """What the analysers said of a holding."""
    return holding, said(*findings, message=message)


def waiting(store: Store) -> set[int]:
    """Holdings in the queue."""
    return {docket.holding for docket in store.queue(1000)}


def judge_all(store: Store, run: int) -> None:
    """Judges everything, finding nothing."""
    store.judge(run, [judgement(holding) for holding in waiting(store)])
