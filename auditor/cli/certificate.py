"""The certificate of a purge: what was destroyed, under which rule, by whom, and where its words may still be."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.cli.retaining import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.config import Config
    from auditor.store.retention import Destroyed, Paper


def folder(config: Config) -> Path:
    """Where certificates lie."""
    return config.within(config.schedule.reports.folder) / "certificates"


def papers(
    config: Config, gone: Destroyed, who: str, copies: Sequence[Path], dossiers: Sequence[dict[str, Any]]
) -> tuple[Paper, ...]:
    """The certificate for people, and the same for programs.

    Args:
        who: whose purge it was.
        copies: of the store, made before an update, that are kept for now.
        dossiers: those with records of what was destroyed, as `dossier.records_of` tells them.
    """
    from auditor.store.retention import Paper
    from reports.week import local_day

    name = free_name(folder(config), f"Purge {local_day(gone.at).isoformat()}")
    facts = _facts(config, gone, who, copies) | {"dossiers": list(dossiers)}
    said = json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
    return Paper(f"{name}.txt", _text(config, gone, facts)), Paper(f"{name}.json", said)


def free_name(place: Path, stem: str) -> str:
    """`stem` and the first number that no certificate has."""
    number = 1
    while any((place / f"{stem} {number}{ending}").exists() for ending in (".txt", ".json")):
        number += 1
    return f"{stem} {number}"


def write(place: Path, paper: Paper) -> Path:
    """Writes it whole or not at all; under the next free name where its own is another file's.

    Raises:
        WorkbookError: the folder cannot be written.
    """
    from auditor.errors import WorkbookError
    from auditor.whole import put

    path = place / paper.name
    text = paper.text.encode("utf-8")
    try:
        if path.exists():
            if path.read_bytes() == text:
                return path
            path = place / f"{free_name(place, path.stem.rpartition(' ')[0])}{path.suffix}"
        put(path, text)
    except OSError as error:
        why = error.strerror or error
        raise WorkbookError(
            f"The certificate {path} could not be written ({why}): mend that and run 'auditor purge --yes' again; it is "
            "kept until then."
        ) from error
    return path


def _facts(config: Config, gone: Destroyed, who: str, copies: Sequence[Path]) -> dict[str, Any]:
    from auditor import __version__
    from reports.week import local_day

    backup = config.schedule.backup
    return {
        "council": config.schedule.council.name,
        "at": gone.at.isoformat(),
        "by": who,
        "program": f"mailbox auditor {__version__}",
        "retention_months": config.schedule.policy.retention_months,
        "sent_before": gone.before.isoformat(),
        "messages": gone.count,
        "mailboxes": [{"mailbox": box, "year": year, "messages": many} for box, year, many in gone.messages],
        "never_readable": gone.unread,
        "findings": len(gone.findings),
        "kept_by_holds": [{"hold": name, "messages": many} for name, many in gone.kept],
        "backups": {
            "folder": backup.folder if backup else None,
            "until_about": _until(local_day(gone.at), backup.keep).isoformat() if backup else None,
        },
        "copies_before_updates": [copy.name for copy in copies],
        "workbooks": config.schedule.reports.folder,
        "trail": {"length": gone.head.length, "head": gone.head.hash},
        "evidence": list(gone.evidence),
    }


def _until(day: date, nights: int) -> date:
    """When the last backup that was made before has been replaced, if one is made each night."""
    return day + timedelta(days=nights)


def _text(config: Config, gone: Destroyed, facts: dict[str, Any]) -> str:
    from reports.week import day_words, moment_words

    lines = [
        "Certificate of destruction",
        "",
        f"{facts['council']}",
        f"{moment_words(gone.at)}",
        f"By: {facts['by']}",
        f"Program: {facts['program']}",
        "",
        f"Rule: messages are kept for {counted(facts['retention_months'], 'month')} ([policy] retention_months).",
        f"Destroyed: messages sent before {day_words(gone.before)}.",
        "",
        f"{counted(gone.count, 'message')}:",
        *(f"  {box}, {year}: {many:,}" for box, year, many in gone.messages),
        *([f"  never readable, and known for longer than that: {gone.unread:,}"] if gone.unread else []),
        f"{counted(len(gone.findings), 'finding')} on them went with them.",
        "",
        *_holds(gone),
        "",
        "Where words of these messages may still be:",
        *_elsewhere(config, facts),
        "",
        "The store's file is written anew after this certificate, so that none of these words is left in it. The audit",
        "trail says when that was done; 'auditor purge --yes' finishes it where it was interrupted.",
        "",
        f"Audit trail before this purge: {gone.head.length:,} entries, head {gone.head.hash}",
        "",
        f"SHA-256 of each piece of evidence destroyed ({len(gone.evidence):,}):",
        *(f"  {name}" for name in gone.evidence),
    ]
    return "\n".join(lines) + "\n"


def _holds(gone: Destroyed) -> list[str]:
    kept = [f"  {name}: {counted(many, 'message')} kept" for name, many in gone.kept]
    return ["Holds that stood:", *kept] if kept else ["No hold stood."]


def _elsewhere(config: Config, facts: dict[str, Any]) -> list[str]:
    from reports.week import day_words

    backup, copies = config.schedule.backup, facts["copies_before_updates"]
    if backup:
        until = day_words(date.fromisoformat(facts["backups"]["until_about"]))
        backups = (
            f"  backups in {backup.folder}, until about {until}, if one is made each night ({backup.keep} are kept)"
        )
    else:
        backups = "  backups that were made by other means; schedule.toml names no folder for them"
    return [
        backups,
        *(f"  the copy {name}, made before an update of this program" for name in copies),
        f"  workbooks, notes to people and JSON already written, in {facts['workbooks']}: excerpts of findings",
        *(line for one in facts["dossiers"] for line in _dossier(one)),
        "  the mailboxes themselves, for as long as their owners keep the messages",
    ]


def _dossier(one: dict[str, Any]) -> list[str]:
    from reports.week import day_words, local_day

    day = day_words(local_day(datetime.fromisoformat(one["made"])))
    return [
        f"  the dossier {one['dossier']}, made on {day} for {one['for']}: delete these files wherever they were copied to",
        *(f"    {file}" for file in one["files"]),
    ]
