"""A record of one finding for somebody nominated to investigate: as plain text, and as a page that prints well.

Third parties stand in it as 'Person A', the same letter in all records of one dossier. The page fetches nothing, runs
nothing, and shows what mail says as text alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from html import escape

from auditor.adopted import Adopted
from auditor.findings import CLOSE, OPEN, Rule
from auditor.pipeline.tasks import Told
from auditor.policy import CLAUSES
from auditor.store.records import FindingRow
from reports import words
from reports.week import moment_words

_SIGN = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
_ZONES = {
    "own": "What the sender wrote",
    "quoted": "Quoted below it",
    "forwarded": "Forwarded with it",
    "signature": "Signature",
    "waiver": "Waiver",
}
_STYLE = (
    "body{font:11pt/1.4 sans-serif;max-width:45em;margin:2em auto;padding:0 1em;color:#000;background:#fff}"
    "h1{font-size:15pt}h2{font-size:12pt;margin:1.4em 0 .3em;break-after:avoid}"
    "pre{font:inherit;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext;margin:0;border-left:2px solid #999;padding-left:.8em}"
)


@dataclass(slots=True)
class Letters:
    """Which letter each third party has; given in the order in which they are met."""

    _people: dict[str, str] = field(default_factory=dict)
    _numbers: dict[str, str] = field(default_factory=dict)

    def put(self, text: str) -> str:
        """The text with 'Person A' where a sign stood."""
        return _SIGN.sub(lambda match: self._name(match[1]), text).replace(OPEN, "").replace(CLOSE, "")

    def _name(self, key: str) -> str:
        if key.startswith("tel:"):
            return self._numbers.setdefault(key, f"[telephone number {len(self._numbers) + 1}]")
        return self._people.setdefault(key, f"Person {_letter(len(self._people))}")


def _letter(number: int) -> str:
    """A to Z, then AA, AB and so on."""
    letters = ""
    number += 1
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a record says, before it is drawn: (heading, text) in order."""

    title: str
    sections: tuple[tuple[str, str], ...]


def sheet(
    number: int, row: FindingRow, rule: Rule, told: Told | None, adopted: Adopted | None, letters: Letters
) -> Sheet:
    """The record of one finding. Of a message that could not be told (`told` is None) only what is not its words."""
    sent = "not known" if row.sent is None else moment_words(row.sent.astimezone(UTC))
    sections = [("Finding", f"{row.id}: {rule.title}. {rule.finds}")]
    sections += [("What the policy says", "\n".join(_clause(one, adopted) for one in rule.clauses))]
    sections += [("How serious", f"{row.finding.severity.value}, found by version {row.rules_version} of the rules")]
    if told is None:
        said = "This message could not be taken apart, so nothing it says is told here. Ask for the message itself."
        sections += [("When", sent), ("The message", said)]
    else:
        sections += [("Who is to answer for it", told.who), ("When", sent)]
        sections += [(name, who) for name, who in told.headers]
        sections += [("Subject", told.subject or "(none)")]
        where = words.PART.get(row.finding.part, "a file that came with it")
        sections += [("The words found", told.found or "(the message as a whole)"), ("Where they stand", where)]
        sections += [("Why it was found", told.reason)]
        sections += [(_ZONES[zone], text) for zone, text in told.texts]
        sections += [("Files that came with it", "\n".join(told.files))] if told.files else []
    sections += [("SHA-256 of the message as it was collected", row.sha256)]
    return Sheet(f"Record {number}", tuple((name, letters.put(text)) for name, text in sections))


def _clause(name: str, adopted: Adopted | None) -> str:
    """The paragraphs of the adopted text, or ours where it has none."""
    found = [one.text for one in adopted.paragraphs if name in one.clauses] if adopted else []
    return "\n".join(f"{name}: {text}" for text in found or [f"{CLAUSES[name]} (in the auditor's words)"])


def plain(sheet: Sheet, heading: Sequence[str]) -> str:
    """As text. Every line of what a message says is set in, so that none passes for a heading."""
    lines = [sheet.title.upper(), *heading, ""]
    for name, text in sheet.sections:
        lines += [name, *(f"    {line}".rstrip() for line in text.split("\n")), ""]
    return "\n".join(lines)


def page(sheet: Sheet, heading: Sequence[str]) -> str:
    """As a page."""
    head = "".join(f"<p>{escape(line)}</p>\n" for line in heading)
    body = "".join(f"<h2>{escape(name)}</h2>\n<pre>{escape(text)}</pre>\n" for name, text in sheet.sections)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(sheet.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(sheet.title)}</h1>\n{head}{body}</body>\n</html>\n"
    )
