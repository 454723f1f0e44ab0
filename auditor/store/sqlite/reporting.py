"""Findings for the workbook: each listed once as new, with what the report says of its message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from auditor.store.days import from_microseconds, from_seconds, london_day, microseconds
from auditor.store.interface import FindingRow
from auditor.store.sqlite.database import Database, Row
from auditor.store.sqlite.evidence import Shelf
from auditor.store.sqlite.findings import finding, short, whole
from auditor.store.sqlite.names import folder_names
from auditor.store.sqlite.text import clean

_IN_FORCE = """SELECT findings.id, verdicts.said, versions.name, findings.run,
    mailboxes.address, folders.name, holdings.message_id, evidence.sha256, holdings.sent, senders.name,
    holdings.subject, reports.label, evidence.size, evidence.packed_size, evidence.reading,
    CASE WHEN evidence.reading IS NULL THEN evidence.data END
    FROM findings JOIN verdicts ON verdicts.id = findings.verdict JOIN versions ON versions.id = findings.version
    JOIN holdings ON holdings.id = findings.holding JOIN mailboxes ON mailboxes.id = holdings.mailbox
    JOIN folders ON folders.id = holdings.folders JOIN senders ON senders.id = holdings.sender
    JOIN evidence ON evidence.id = holdings.evidence LEFT JOIN reports ON reports.id = findings.report
    WHERE NOT findings.withdrawn AND"""


def findings(database: Database, shelf: Shelf, reported: str | None, unreported: bool) -> list[FindingRow]:
    """Findings in force of one workbook, of none yet, of both, or all when neither is asked for."""
    wanted = "(reports.label = ?1 OR (?2 AND findings.report IS NULL))"
    if reported is None and not unreported:
        wanted = "(?1 IS ?1 OR ?2)"
    rows = [_finding(shelf, row) for row in database.rows(f"{_IN_FORCE} {wanted}", (reported, unreported))]
    return sorted(rows, key=_order)


def _order(row: FindingRow) -> tuple[date, str, str, str]:
    return (date.max if row.sent is None else london_day(row.sent), row.mailbox, row.finding.rule, row.id)


def _finding(shelf: Shelf, row: Row) -> FindingRow:
    name, said, version, run, *message = row
    mailbox, folders, message_id, sha256, sent, sender, subject, label, *blobs = message
    return FindingRow(
        id=whole(name),
        finding=finding(said),
        rules_version=version,
        run=run,
        mailbox=mailbox,
        folders=folder_names(folders),
        message_id=message_id,
        sha256=sha256.hex(),
        sent=None if sent is None else from_seconds(sent),
        sender=sender,
        subject=subject,
        recipients=shelf.reading(*blobs)[1].recipients,
        reported=label,
    )


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
