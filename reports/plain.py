"""The clerk's workbook as JSON, for other programs: what her sheets show, and nothing else.

Each field of a report stands in `FIELDS`, or in `LEFT_OUT` with the reason; a field that stands in neither is found by a
test. Long lists are written item by item, so that memory does not grow with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from hashlib import sha256
from json import JSONEncoder
from pathlib import Path
from typing import IO, Any

from auditor import whole
from auditor.errors import WorkbookError
from auditor.store.records import Coverage
from auditor.store.trail import Deed
from auditor.values import Value
from reports.accounts import remark, stale, unaccounted
from reports.cells import LIMIT
from reports.figures import part
from reports.report import Listed, WeekReport
from reports.sheets.deeds import told
from reports.sheets.findings import RECIPIENTS_SHOWN
from reports.trend import Extent, Sent
from reports.workbook import Written, put

VERSION = 1
"""Raised when a key changes its meaning or goes; a new key alone does not raise it."""

_ENCODED = JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode
_CHUNK = 1 << 16


def write(report: WeekReport, path: Path) -> Written:
    """Writes the clerk's `report` at `path`, or beside it as '… (2).json' where somebody has changed that file.

    The same report gives the same bytes. Raises WorkbookError when the folder cannot be written; what stood there before
    is untouched.
    """
    try:
        with whole.draft(path, lambda file: _write(report, file)) as draft:
            return put(draft, path, _taken)
    except OSError as error:
        why = error.strerror or str(error)
        said = f"The file '{path}' could not be written ({why}). Workbooks are untouched; mend this and run 'auditor report'."
        raise WorkbookError(said) from error


def untouched(path: Path) -> bool:
    """Whether a file is, byte for byte, as it was written here."""
    digest, left = sha256(), path.stat().st_size - len(_end("")) - 64
    with path.open("rb") as file:
        while left > 0 and (chunk := file.read(min(left, _CHUNK))):
            digest.update(chunk)
            left -= len(chunk)
        return file.read() == _end(digest.hexdigest())


def _end(digest: str) -> bytes:
    """What follows after all that the digest is of."""
    return f',\n"sha256": "{digest}"\n}}\n'.encode()


def _taken(target: Path) -> str:
    """As `place.taken`."""
    if target.exists() and target.stat().st_size and not untouched(target):
        return "has been changed by somebody"
    return ""


def _write(report: WeekReport, file: IO[bytes]) -> None:
    digest = sha256()
    for chunk in _chunks(report):
        data = chunk.encode("utf-8", "replace")  # half of a surrogate pair is no letter
        digest.update(data)
        file.write(data)
    file.write(_end(digest.hexdigest()))


def _chunks(report: WeekReport) -> Iterator[str]:
    """Everything but the end; a key on a line, and each item of a list on one of its own."""
    yield f'{{\n"version": {VERSION}'
    for name, made in FIELDS.items():
        value = made(report)
        yield f',\n"{name}": '
        if isinstance(value, Iterator):
            yield from _items(value)
        else:
            yield _ENCODED(value)


def _items(values: Iterator[object]) -> Iterator[str]:
    before = "[\n"
    for value in values:
        yield before + _ENCODED(value)
        before = ",\n"
    yield "[]" if before == "[\n" else "\n]"


def plain(value: Any) -> Any:
    """Any of the report's values by the names of its parts: days and moments in ISO 8601, cut to what a cell holds."""
    match value:
        case str():
            text = str(value)
            return text if len(text) <= LIMIT else f"{text[:LIMIT]}…"
        case None | bool() | int() | float():
            return value
        case datetime() | date():
            return value.isoformat()
        case Enum():
            return value.name.lower()
        case Mapping():
            return {plain(key): plain(inner) for key, inner in value.items()}
        case tuple() | list():
            return [plain(inner) for inner in value]
        case frozenset():
            return sorted(plain(inner) for inner in value)
        case Value():
            return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
        case _ if is_dataclass(value):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no plain form: say in reports/plain.py what is to be written of it")


def _each(name: str) -> Callable[[WeekReport], Any]:
    """A field as it is."""
    return lambda report: plain(getattr(report, name))


def _only(value: object, *names: str) -> dict[str, Any]:
    """Some parts of a value, those that the workbook shows."""
    return {name: plain(getattr(value, name)) for name in names}


def _findings(report: WeekReport) -> Iterator[dict[str, Any]]:
    titles = {one.rule.name: (one.rule.title, one.rule.clauses) for one in report.rules}
    for number, line in enumerate(report.findings, 1):
        title, clauses = titles.get(line.row.finding.rule, (line.row.finding.rule, ()))
        yield _finding(number, line, report) | {"title": title, "clauses": list(clauses)}


def _finding(number: int, line: Listed, report: WeekReport) -> dict[str, Any]:
    row, finding = line.row, line.row.finding
    decided = report.decisions.standing.get(row.id)
    to = row.recipients if len(row.recipients) <= RECIPIENTS_SHOWN else row.recipients[: RECIPIENTS_SHOWN - 1]
    return {
        "finding": row.id,
        "number": number,
        "day": plain(line.day),
        "sent": plain(row.sent),
        "from": plain(row.sender),
        "from_name": plain(line.name),
        "to": [plain(report.names.get(one) or one) for one in to],
        "to_others": len(row.recipients) - len(to),
        "subject": plain(row.subject),
        "rule": plain(finding.rule),
        "severity": str(finding.severity),
        "confidence": finding.confidence,
        "reason": plain(finding.reason),
        "words": plain(finding.excerpt),
        "part": plain(finding.part),
        "places": plain(line.places),
        "message_id": plain(row.message_id) or None,
        "sha256": None if row.message_id else row.sha256,
        "incident": plain(line.lead) or None,
        "alike": line.like,
        "decision": plain(decided.decision) if decided else None,
        "note": plain(decided.note) if decided else "",
    }


def _coverage(line: Coverage, report: WeekReport) -> dict[str, Any]:
    counts = ("provider_count", "collected", "gaps", "outside_window", "private", "removed", "unread_parts", "defects")
    return {
        **_only(line, "mailbox", "source", "status", *counts, "last_complete"),
        "unaccounted": unaccounted(line),
        "up_to_date": not stale(line, report.period, report.written),
        "remark": remark(line, report.period, report.written),
    }


def _deeds(report: WeekReport) -> Iterator[dict[str, Any]]:
    """In the sheet's words, which repeat no query and no reason."""
    for entry in report.deeds:
        if entry.deed == Deed.BACKED_UP:
            yield {"at": plain(entry.at), "what": "Backup", "said": "A backup was made and proved.", "by": ""}
        else:
            what, said = told(entry)
            yield {"at": plain(entry.at), "what": what, "said": plain(said), "by": plain(entry.who)}


def _trend(report: WeekReport) -> list[dict[str, Any]]:
    """The weeks by their figures; none where a week was not read."""
    sent: dict[int, list[Sent]] = {}
    for one in report.trend.sent:
        sent.setdefault(one.week, []).append(one)
    weeks = []
    for place, week in enumerate(report.trend.weeks):
        messages = part(sent.get(place, ()))
        extent = week.extent(messages.of)
        known = extent is not Extent.NONE
        figures = {"checked": messages.of if known else None, "flagged": messages.some if known else None}
        weeks.append({**_only(week.period, "label", "since", "until"), "extent": plain(extent), **figures})
    return weeks


def _sample(report: WeekReport) -> dict[str, Any]:
    drawn = [
        {
            **_only(one, "name", "day", "begins"),
            **_only(one.drawn, "sender", "recipients", "subject", "message_id"),
            "said": plain(report.sample.said[one.drawn.name].look) if one.drawn.name in report.sample.said else None,
        }
        for one in report.sample.messages
    ]
    estimate = _only(report.sample.estimate, "weeks", "looked", "missed", "unflagged", "low", "high")
    return {"unflagged": report.sample.unflagged, "messages": drawn, "estimate": estimate}


def _exceptions(report: WeekReport) -> dict[str, Any]:
    lines = [
        {
            "name": one.name,
            "state": one.state.name.lower(),
            **_only(one, "findings", "this_week", "in_all"),
            **_only(one.about, "sender", "to", "rule", "severity", "words", "subject"),
            "until": plain(one.adopted.until) if one.adopted else None,
        }
        for one in report.exceptions.lines
    ]
    hidden = [{"finding": row.id, "exception": name} for row, name in report.exceptions.hidden]
    return {"lines": lines, "hidden": hidden}


def _adopted(report: WeekReport) -> dict[str, Any] | None:
    one = report.adopted
    return None if one is None else {**plain(one.text), "adopted": plain(one.on), "review": plain(one.review)}


FIELDS: dict[str, Callable[[WeekReport], Any]] = {
    "council": _each("council"),
    "reader": _each("reader"),
    "period": lambda report: _only(report.period, "label", "title", "since", "until"),
    "written": _each("written"),
    "shortfalls": _each("shortfalls"),
    "warnings": _each("warnings"),
    "decisions": lambda report: {
        "decided": report.decisions.decided,
        "waiting": dict(report.decisions.waiting),
        "asked": plain(report.decisions.asked),
    },
    "lately": lambda report: _only(report.lately, "before", "changes"),
    "notes": _each("notes"),
    "findings": _findings,
    "apart": _each("apart"),
    "apart_mailboxes": _each("apart_mailboxes"),
    "trend": _trend,
    "sample": _sample,
    "exceptions": _exceptions,
    "checked": _each("checked"),
    "names": _each("names"),
    "coverage": lambda report: [_coverage(line, report) for line in report.coverage],
    "begun": _each("begun"),
    "nights": _each("nights"),
    "unwatched": _each("unwatched"),
    "narrow": lambda report: [{"source": source, "folders": list(folders)} for source, folders in report.narrow],
    "uncheckable": _each("uncheckable"),
    "gaps": lambda report: (
        {**_only(gap, "mailbox", "since", "reason", "subject", "id"), "kept": bool(gap.sha256)} for gap in report.gaps
    ),
    "unchecked": lambda report: (
        _only(row, "mailbox", "since", "rules", "why", "subject", "id") for row in report.unchecked
    ),
    "holds": _each("holds"),
    "deeds": _deeds,
    "evidence": _each("evidence"),
    "users_informed_on": _each("users_informed_on"),
    "rules": lambda report: [{**plain(one.rule), "severity": plain(one.severity)} for one in report.rules],
    "adopted": _adopted,
    "trail": _each("trail"),
}
"""By name, in the order in which they are written."""

LEFT_OUT: dict[str, str] = {"names_hidden": "it says how the sheets look at first, and changes nothing that they hold"}
"""Fields of a report that are not written, each with the reason."""
