"""`auditor status`: how the last nights went, without touching a mailbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from auditor.cli import standing
from auditor.cli.jsonl import line
from auditor.cli.workplace import at_work, configuration, open_the_store, store_path

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.store.interface import Store
    from auditor.store.records import Coverage, Run

NIGHTS = 7
_STATES = {None: "not read yet", "unconfigured": "no longer in schedule.toml"}
"""In words, where the state's own name is none."""


@click.command(epilog="Example: auditor status --json")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Show how the last nights went, without touching a mailbox.

    The last run and whether all was well; one that is at work, or was interrupted since; when the next one is meant to start, and on how
    many of the last seven nights every mailbox was read in full. Then, of each mailbox, whether it was read and why
    not, and its account: messages there (in the folders that are read) = collected + not readable + older than wanted +
    private, and how many have gone since they were collected. At last how much the store holds.
    """
    config = configuration(ctx)
    if not store_path(config).exists():
        document = _nothing_yet(config)
    else:
        busy = at_work(config)  # before the store is opened: a run that ends meanwhile has its end there
        with open_the_store(config, read_only=True) as store:
            document = _document(config, store, busy)
    click.echo(line(document) if as_json else _told(document))


def _document(config: Config, store: Store, busy: bool) -> dict[str, Any]:
    runs = store.runs(60)
    running = runs[0].id if busy and runs and runs[0].ended is None else None
    facts = store.facts()
    accounts = standing.accounts(config, store)
    return {
        "mailboxes": [_line(c) for c in accounts],
        "last_run": _run(next((r for r in runs if r.ended is not None), None)),
        "running": running,
        "interrupted": [r.id for r in runs if r.ended is None and r.id != running],
        "next_run": _next_run(config),
        "nights_covered": _nights(standing.nights(runs, accounts)),
        "audit_trail": _trail(store),
        "store": {"messages": facts.messages, "searchable": facts.searchable, "bytes": facts.bytes},
    }


def _nothing_yet(config: Config) -> dict[str, Any]:
    return {
        "mailboxes": [_line(c) for c in standing.accounts(config, None)],
        "last_run": None,
        "running": None,
        "interrupted": [],
        "next_run": _next_run(config),
        "nights_covered": [0, NIGHTS],
        "audit_trail": {"length": 0, "head": None},
        "store": {"messages": 0, "searchable": 0, "bytes": 0},
    }


def _line(coverage: Coverage) -> dict[str, Any]:
    return {
        "mailbox": coverage.mailbox,
        "source": coverage.source,
        "status": coverage.status,
        "provider_count": coverage.provider_count,
        "collected": coverage.collected,
        "gaps": coverage.gaps,
        "outside_window": coverage.outside_window,
        "private": coverage.private,
        "removed": coverage.removed,
        "unchecked": coverage.unchecked,
        "last_complete": coverage.last_complete.isoformat() if coverage.last_complete else None,
        "error": coverage.error,
    }


def _run(run: Run | None) -> dict[str, Any] | None:
    if run is None or run.ended is None:
        return None
    return {"run": run.id, "ended": run.ended.isoformat(), "ok": run.ok}


def _trail(store: Store) -> dict[str, Any]:
    head = store.head()
    return {"length": head.length, "head": head.hash if head.length else None}


def _next_run(config: Config) -> str:
    from auditor.pipeline.night import utc_now
    from auditor.pipeline.weeks import next_nightly

    return next_nightly(utc_now(), config.schedule.schedule.nightly, config.policy.timezone).isoformat()


def _nights(runs: list[Run]) -> list[int]:
    """How many of the last seven nights every mailbox was read, and of how many."""
    from datetime import timedelta

    from auditor.pipeline.night import utc_now
    from reports.nights import covered, nights
    from reports.week import Period, local_day

    now = utc_now()
    yesterday = local_day(now) - timedelta(days=1)
    period = Period("", "", "", yesterday - timedelta(days=NIGHTS - 1), yesterday)
    return [covered(nights(period, runs, now)), NIGHTS]


def _moment(written: str) -> str:
    """A moment of the document as a person reads it: 'Wednesday 25 November 2026 at 15:39 (UK time)'."""
    from datetime import datetime

    from reports.week import moment_words

    return moment_words(datetime.fromisoformat(written))


def _told(document: dict[str, Any]) -> str:
    lines = []
    if (last := document["last_run"]) is None:
        lines.append("No run has ended yet. 'auditor run' makes one.")
    else:
        lines.append(
            f"Last run: number {last['run']}, ended on {_moment(last['ended'])}, "
            f"{'all well' if last['ok'] else 'someone is needed'}."
        )
    if document["running"] is not None:
        lines.append(f"Run number {document['running']} is at work now; what it has kept so far is counted below.")
    if left := [run for run in document["interrupted"] if last is None or run > last["run"]]:
        them = f"Run number {left[0]} was" if len(left) == 1 else f"The last {len(left)} runs were"
        lines.append(f"{them} interrupted: nothing is lost, and the next one goes on from there.")
    lines.append(
        f"Next run: {_moment(document['next_run'])}. Nights covered: {document['nights_covered'][0]} of {NIGHTS}."
    )
    lines += [_account(box) for box in document["mailboxes"]]
    store = document["store"]
    lines.append(
        f"Store: {store['messages']:,} messages, {store['searchable']:,} searchable, {store['bytes'] / 1_000_000:,.1f} MB."
    )
    trail = document["audit_trail"]
    lines.append(
        f"Audit trail: {trail['length']:,} entries" + (f", head {trail['head'][:16]}…." if trail["head"] else ".")
    )
    return "\n".join(lines)


def _unchecked(box: dict[str, Any]) -> str:
    many = box["unchecked"]
    return f" {many:,} not checked against every rule: see the sheet Not read of the workbook." if many else ""


def _account(box: dict[str, Any]) -> str:
    """A mailbox's line, in the words of the workbook's Coverage."""
    who = f"{box['mailbox']} ({box['source']}): {_STATES.get(box['status'], box['status'])}"
    if box["provider_count"] is None:
        so_far = f"; {box['collected']:,} collected so far" if box["collected"] else ""
        return f"{who}{so_far}." + (f" {box['error']}" if box["error"] else "")
    return (
        f"{who}; {box['provider_count']:,} messages there = {box['collected']:,} collected + "
        f"{box['gaps']:,} not readable + {box['outside_window']:,} older + {box['private']:,} private; "
        f"{box['removed']:,} gone since." + _unchecked(box) + (f" {box['error']}" if box["error"] else "")
    )
