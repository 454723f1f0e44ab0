"""The real mail that speed and precision are measured on: every mailbox's sender made a councillor of its own domain."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from auditor.analysers.base import Case
from auditor.analysers.examples import council
from auditor.mail.parse import over_limits, parse
from auditor.mail.segments import split
from auditor.pipeline.judging import parts
from auditor.pipeline.reading import Record
from auditor.policy import Policy

_FROM = re.compile(rb"^From [^\n]*\n", re.MULTILINE)
_SENDER = re.compile(rb"^From:[^\n]*?([\w.+'-]+@[\w.-]+)", re.MULTILINE | re.IGNORECASE)


def mailboxes(data: Path) -> list[Path]:
    """The mailboxes, in order. Raises SystemExit when there are none."""
    found = sorted((data / "enron_sent/dev").glob("*.mbox.gz"))
    if not found:
        raise SystemExit(f"Missing in {data}: enron_sent/dev/*.mbox.gz; nothing was measured.")
    return found


def messages(path: Path) -> Iterator[bytes]:
    """The messages of a mailbox (RFC 4155), as they were before they were put into it."""
    raw = gzip.decompress(path.read_bytes())
    starts = [*_FROM.finditer(raw)]
    ends = [found.start() for found in starts[1:]] + [len(raw)]
    for found, end in zip(starts, ends, strict=True):
        yield re.sub(rb"^>(>*From )", rb"\1", raw[found.end() : end], flags=re.MULTILINE)


def policy(letters: list[bytes]) -> Policy:
    """A council whose domains are those that the letters were sent from; nobody in it is an officer."""
    heads = [_SENDER.search(raw, 0, 4096) for raw in letters]
    domains = Counter(found[1].rpartition(b"@")[2].decode("ascii", "replace").lower() for found in heads if found)
    own = council()
    return Policy("Parish Council", (domains.most_common(1)[0][0],), (), own.signatures, own.waivers)


def case(council_: Policy, raw: bytes) -> Case | None:
    """The case that a message makes; None where nobody is to judge."""
    mail = parse(raw)
    if over_limits(mail):
        return None
    sender = council_.person(mail.sender, council_.day(mail.sent))
    if sender is None:
        return None
    agreed = council_.agreed(sender)
    return Case(mail, parts(Record(mail, split(mail.body, mail.subject)), agreed), sender, agreed, council_)
