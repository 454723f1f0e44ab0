"""Findings for the workbook: each listed once as new, with what the report says of its message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar

from auditor.store.days import from_microseconds, from_seconds, london_day, microseconds
from auditor.store.records import FindingRow
from auditor.store.sqlite.database import Database, Row
from auditor.store.sqlite.evidence import Shelf
from auditor.store.sqlite.findings import finding, short, whole
from auditor.store.sqlite.names import folder_names
from auditor.store.sqlite.text import clean

A = TypeVar("A")
T = TypeVar("T")

_IN_FORCE = """SELECT findings.id, verdicts.said, versions.name, findings.run,
    mailboxes.address, folders.name, holdings.message_id, evidence.sha256, holdings.sent, senders.name,
    holdings.subject, reports.label, coalesce(json_extract(beside.said, '$[0]'), ''),
    evidence.size, evidence.packed_size, evidence.reading, CASE WHEN evidence.reading IS NULL THEN evidence.data END
    FROM findings JOIN verdicts ON verdicts.id = findings.verdict JOIN versions ON versions.id = findings.version
    JOIN holdings ON holdings.id = findings.holding JOIN mailboxes ON mailboxes.id = holdings.mailbox
    JOIN folders ON folders.id = holdings.folders JOIN senders ON senders.id = holdings.sender
    JOIN evidence ON evidence.id = holdings.evidence LEFT JOIN reports ON reports.id = findings.report
    LEFT JOIN beside ON beside.holding = findings.holding
    WHERE NOT findings.withdrawn AND"""


def findings(database: Database, shelf: Shelf, reported: str | None, unreported: bool) -> list[FindingRow]:
    """Findings in force of one workbook, of none yet, of both, or all when neither is asked for."""
    wanted = "(reports.label = ?1 OR (?2 AND findings.report IS NULL))"
    if reported is None and not unreported:
        wanted = "(?1 IS ?1 OR ?2)"
    told = _Told(shelf)
    rows = [told.finding(row) for row in database.rows(f"{_IN_FORCE} {wanted}", (reported, unreported))]
    return sorted(rows, key=_order)


_NAME = "iif(typeof(findings.id) = 'blob', lower(hex(findings.id)), findings.id)"


def finding_ids(database: Database) -> list[str]:
    """All in force, in order."""
    return sorted(whole(name) for (name,) in database.rows("SELECT id FROM findings WHERE NOT withdrawn"))


def findings_named(database: Database, shelf: Shelf, start: str) -> list[FindingRow]:
    """Findings in force whose id begins so."""
    told = _Told(shelf)
    rows = database.rows(f"{_IN_FORCE} substr({_NAME}, 1, length(?1)) = ?1 ORDER BY {_NAME}", (clean(start),))
    return [told.finding(row) for row in rows]


def _order(row: FindingRow) -> tuple[date, str, str, str]:
    return (date.max if row.sent is None else london_day(row.sent), row.mailbox, row.finding.rule, row.id)


class _Told:
    """Makes rows; what several share (a verdict, a message's recipients, folders) is unpacked once and stands once."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._findings = _Once(finding)
        self._folders = _Once(folder_names)
        self._recipients: dict[bytes, tuple[str, ...]] = {}

    def finding(self, row: Row) -> FindingRow:
        """One row of `_IN_FORCE`."""
        name, said, version, run, *message = row
        mailbox, folders, message_id, sha256, sent, sender, subject, label, link, *blobs = message
        if sha256 not in self._recipients:
            self._recipients[sha256] = self._shelf.reading(*blobs)[1].recipients
        return FindingRow(
            id=whole(name),
            finding=self._findings[said],
            rules_version=version,
            run=run,
            mailbox=mailbox,
            folders=self._folders[folders],
            message_id=message_id,
            sha256=sha256.hex(),
            sent=None if sent is None else from_seconds(sent),
            sender=sender,
            subject=subject,
            recipients=self._recipients[sha256],
            reported=label,
            link=link,
        )


class _Once(dict[A, T]):
    """What a function makes of its argument, made once."""

    def __init__(self, function: Callable[[A], T]) -> None:
        self._function = function

    def __missing__(self, argument: A) -> T:
        made = self[argument] = self._function(argument)
        return made


def mark_reported(database: Database, ids: Sequence[str], label: str, path: str, at: datetime) -> None:
    """A finding keeps the workbook that listed it first; a workbook keeps the moment of its first writing."""
    with database.transaction():
        database.run(
            "INSERT INTO reports (label, path, first, latest) VALUES (?1, ?2, ?3, ?3) "
            "ON CONFLICT (label) DO UPDATE SET path = excluded.path, latest = excluded.latest",
            (clean(label), clean(path), microseconds(at)),
        )
        report = database.value("SELECT id FROM reports WHERE label = ?", (clean(label),))
        database.many(
            "UPDATE findings SET report = ? WHERE id = ? AND report IS NULL", [(report, short(one)) for one in ids]
        )


def reports(database: Database) -> dict[str, datetime]:
    """Workbooks written, by label."""
    rows = database.rows("SELECT label, first FROM reports ORDER BY label")
    return {label: from_microseconds(first) for label, first in rows}
