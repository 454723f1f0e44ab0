"""Files that harm or give away, files that are clean, and the names that real phishing gave its files."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from typing import Any

from benchmarks.accuracy.bench import Absent, Bench
from benchmarks.accuracy.figures import LEAST, MOST, REPORT, Figure, Mistake, share
from benchmarks.accuracy.product import OUTSIDE, WRITER

RULE = "attachment-risky"
_SIGNS = {
    "pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    "png": bytes.fromhex("89504e470d0a1a0a") + bytes(64),
    "jpeg": bytes.fromhex("ffd8ffe000104a464946") + bytes(64),
    "gif": b"GIF89a" + bytes(64),
    "zip": b"PK\x05\x06" + bytes(18),
    "exe": b"MZ" + bytes(400),
    "html": b"<html><body>Your account</body></html>",
    "ical": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "text": b"Please see the message.\n",
}
"""How a file of each sort begins; the set keeps no contents."""


def attachments(bench: Bench) -> Iterator[Figure]:
    """Files built for the purpose (`tests/enclosed.py`)."""
    try:
        built: Any = importlib.import_module("enclosed")
    except ImportError:
        raise Absent("tests/enclosed.py (is 'tests' on PYTHONPATH?)") from None
    for measure, files, sense, bar in (
        ("risky files found", built.RISKY, LEAST, 0.97),
        ("files that give something away found", built.LEAKY, REPORT, None),
        ("clean files flagged", built.CLEAN, MOST, 0.01),
    ):
        found = [RULE in bench.auditor.rules(_letter([(name, built.content(name, kind), "")])) for name, kind in files]
        wanted = sense != MOST
        for (name, kind), hit in zip(files, found, strict=True):
            if hit is not wanted:
                what = "missed" if wanted else "flagged wrongly"
                bench.mistakes.append(Mistake("attachments", f"{name} {kind}".strip(), what, RULE, measure))
        yield share("attachments", measure, sum(found), len(found), sense, bar)


def phishing_meta(bench: Bench) -> Iterator[Figure]:
    """By name and sort alone: the set has no label and keeps no contents, so this is told and not asked."""
    rows = [row for row in bench.rows("phishing_meta/dev/messages.jsonl.gz") if row["attachments"]]
    found = 0
    for row in rows:
        files = [
            (
                one["filename"] or "unnamed",
                _SIGNS.get(one["sniffed"], b"\x01\x02\x03\x04" * 16),
                one["declared_type"] or "",
            )
            for one in row["attachments"]
        ]
        found += RULE in bench.auditor.rules(_letter(files))
    yield share("phishing_meta", "messages with a risky attachment, of those with any", found, len(rows), REPORT)


def _letter(files: Sequence[tuple[str, bytes, str]]) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = WRITER, OUTSIDE, "Parish matters"
    mail["Date"] = "Mon, 02 Nov 2026 09:14:00 +0000"
    mail["Message-ID"] = "<row@littlemarlbrook-pc.gov.uk>"
    mail.set_content("The papers for Tuesday are attached.\n")
    for name, content, declared in files:
        major, _, minor = declared.partition("/")
        plain = (
            declared.count("/") == 1
            and declared.isascii()
            and major.isalpha()
            and major not in ("message", "multipart")
        )
        kind = (major, minor) if plain and minor else ("application", "octet-stream")
        mail.add_attachment(content, maintype=kind[0], subtype=kind[1], filename=" ".join(name.split()))
    return mail.as_bytes()
