"""`auditor dossier`: sealed records of findings for those whom the policy nominates to investigate."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.policy_text import policy_text
from auditor.cli.trailing import recorded
from auditor.cli.workplace import configuration, open_the_store, refuse_unavailable, user
from auditor.errors import StoreError, UsageError
from auditor.store.trail import Deed

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.pipeline.tasks import Told
    from auditor.store.interface import Store
    from auditor.store.records import FindingRow

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"


@click.command(epilog="Example: auditor dossier 3f2a91 --out given --for 'Ivy Holt' --why Complaint")
@click.argument("findings", nargs=-1, required=True, metavar="FINDING...")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="The folder to make; it must be new or empty."
)
@click.option("--for", "recipient", required=True, help="Whom it is given to.")
@click.option("--why", required=True, help="Why it is given; stands in the records and in the audit trail.")
@click.pass_context
def dossier(ctx: click.Context, findings: tuple[str, ...], out: Path, recipient: str, why: str) -> None:
    """Write a record of each FINDING (its id, or as much of it as is needed) for somebody nominated to investigate.

    A record holds who, when, the policy's words, the words found and the message's text; other people stand in it as
    'Person A'. The messages themselves are not given. Findings on the Clerk are given to the Chair alone.
    """
    config = configuration(ctx)
    refuse_unavailable(config)
    recipient, why = _words("--for", recipient), _words("--why", why)
    _refuse_full(out)
    with open_the_store(config) as store:
        rows = list(dict.fromkeys(_named(store, one) for one in findings))
        _refuse_clerks(config, rows, recipient)
        files = _files(config, store, rows, recipient, why)
        seal = hashlib.sha256(files[MANIFEST]).hexdigest()
        made = _written(out, files)
        try:
            # Before it has its name: nothing is given that the trail does not tell of.
            about = {
                "dossier": out.name,
                "folder": str(out.absolute()),
                "for": recipient,
                "why": why,
                "findings": [row.id for row in rows],
            }
            recorded(store, Deed.EXPORTED, about | {"files": len(files), "seal": seal})
            if out.is_dir():
                out.rmdir()
            made.replace(out)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
    count = "1 record" if len(rows) == 1 else f"{len(rows)} records"
    click.echo(f"Dossier: {out}, {count} for {recipient}.")
    click.echo(f"Seal: {seal}")
    click.echo(f"The seal is the SHA-256 of {MANIFEST}, and stands in the audit trail; {SUMS} proves each file.")


def _words(option: str, given: str) -> str:
    from auditor.analysers.anonymous import tidy

    words = " ".join(tidy(given).split())
    if not words:
        raise UsageError(f"{option} is empty: say it in a few words, for the audit trail.")
    return words


def _refuse_full(out: Path) -> None:
    if out.is_symlink() or (out.exists() and not (out.is_dir() and not any(out.iterdir()))):
        raise UsageError(f"{out} is there already and is not an empty folder: name a new one with --out.")


def _named(store: Store, given: str) -> FindingRow:
    """The finding of this id, or whose id alone begins so."""
    from auditor.tables import nearest

    start = given.strip().lower()
    rows = store.findings_named(start) if start else []
    exact = [row for row in rows if row.id == start]
    if len(rows) == 1 or exact:
        return (exact or rows)[0]
    if rows:
        raise UsageError(f"'{given}' begins the ids of {len(rows):,} findings: give more of it.")
    near = nearest(start, store.finding_ids())
    raise UsageError(f"No finding in force has the id '{given}'{near}; the workbook's sheet Findings shows the ids.")


def _refuse_clerks(config: Config, rows: Sequence[FindingRow], recipient: str) -> None:
    """The Clerk is audited too, by somebody else: what is found there goes to the Chair."""
    from auditor.analysers.audience import name_words
    from reports.report import on_clerk

    policy = config.policy
    own = [row for row in rows if on_clerk(row, policy.day(row.sent), policy)]
    today = policy.day(datetime.now(UTC))
    chairs = [one for one in policy.people if one.chair and (today is None or one.in_post(today))]
    if own and name_words(recipient) not in [name_words(one.name) for one in chairs]:
        whom = f"the Chair ({' or '.join(one.name for one in chairs)})" if chairs else "the Chair"
        set_it = "" if chairs else ", and set 'chair = true' for that person in [[people]]"
        raise UsageError(
            f"Finding {own[0].id} is on the Clerk's own mail, which is given to {whom} alone: name the Chair with "
            f"--for{set_it}, or leave this finding out."
        )


def _files(config: Config, store: Store, rows: Sequence[FindingRow], recipient: str, why: str) -> dict[str, bytes]:
    """Every file's name and bytes; the names are made of numbers and ids alone."""
    from auditor.analysers import ANALYSERS
    from reports.dossier import Letters, page, plain, sheet

    rules = {rule.name: rule for analyser in ANALYSERS for rule in analyser.rules}
    adopted, letters = policy_text(config), Letters()
    heading = (
        f"{config.policy.council}: confidential record for {recipient}, given because: {why}",
        (
            "A finding is for a person to decide; the auditor decides nothing. Other people stand here as Person A, Person B "
            "and so on, the same letter for the same person in all records of this dossier."
        ),
    )
    files: dict[str, bytes] = {}
    listed = []
    for number, (row, told) in enumerate(zip(rows, _told(config, store, rows), strict=True), 1):
        made = sheet(number, row, rules[row.finding.rule], told, adopted, letters)
        text, html = _records(number, row.id)
        files[text] = plain(made, heading).encode()
        files[html] = page(made, heading).encode()
        listed.append({"id": row.id, "rule": row.finding.rule, "records": [text, html]})
        listed[-1] |= {"clauses": list(rules[row.finding.rule].clauses), "message_sha256": row.sha256}
    said = {"council": config.policy.council, "for": recipient, "why": why, "made_by": user()}
    manifest = said | {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "findings": listed,
        "messages": "The messages themselves are not here, because they name other people. Ask the Clerk for them (the "
        "Chair, where the Clerk's own mail is concerned) by their message_sha256, and say why they are needed.",
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    files[MANIFEST] = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    return files | {SUMS: sums.encode()}


def _records(number: int, finding: str) -> tuple[str, str]:
    """The names of a record's two files."""
    name = f"record-{number:02}-{''.join(mark for mark in finding if mark.isascii() and mark.isalnum())[:20]}"
    return f"{name}.txt", f"{name}.html"


def records_of(store: Store, findings: Collection[str]) -> list[dict[str, Any]]:
    """By the audit trail, the dossiers that have records of any of these findings, and the names of those files."""
    found = []
    for entry in store.trail():
        if entry.deed != Deed.EXPORTED:
            continue
        said: dict[str, Any] = entry.said
        numbered = enumerate(said.get("findings", ()), 1)
        if files := [file for number, one in numbered if one in findings for file in _records(number, one)]:
            place = said.get("folder") or said["dossier"]
            found.append({"dossier": place, "made": entry.at.isoformat(), "for": said["for"], "files": files})
    return found


def _told(config: Config, store: Store, rows: Sequence[FindingRow]) -> Iterator[Told | None]:
    """What may be told of each; None where that could not be made out. What the store holds is proved first."""
    from auditor.pipeline.guard import Ended, Guard
    from auditor.pipeline.tasks import Asked, telling

    with Guard() as guard:
        for row in rows:
            store.evidence(row.sha256)
            try:
                asked = Asked(store.packed(row.sha256), row.mailbox, row.sent, row.finding)
            except StoreError:
                yield None
                continue
            guard.submit(telling(config.policy), [asked])
            [outcome] = guard.answer()
            yield None if isinstance(outcome, Ended) else outcome


def _written(out: Path, files: dict[str, bytes]) -> Path:
    """All files in a folder beside `out`, for the owner alone, safe on the disk."""
    import tempfile

    from auditor.whole import private_folder, put

    private_folder(out.absolute().parent)
    # mkdtemp makes a folder for its owner alone.
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".unfinished", dir=out.absolute().parent))
    try:
        for name, data in files.items():
            put(folder / name, data)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder
