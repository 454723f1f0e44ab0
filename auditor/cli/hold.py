"""`auditor hold`: what must not be purged, for as long as a request, a claim or an inquiry is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from auditor.cli.inorder import InOrder
from auditor.cli.jsonl import line
from auditor.cli.retaining import answering, counted
from auditor.cli.workplace import loaded, open_the_store, refuse_unavailable, store_path, user
from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.store.interface import Store
    from auditor.store.retention import Hold

LONGEST = 100
"""Characters of a hold's name."""


@click.group(cls=InOrder, epilog='Example: auditor hold add "Smith request" --query "allotment OR hedge"')
def hold() -> None:
    """Keep what answers a query from being purged, for as long as the hold stands.

    It also keeps every copy of such a message, and what comes later and answers. 'auditor hold list' shows holds.
    """


@hold.command(epilog='Example: auditor hold add "Smith request" --query "from:smith@example.org"')
@click.argument("name")
@click.option("--query", required=True, help="What must be kept, in the search language.")
@click.pass_context
def add(ctx: click.Context, name: str, query: str) -> None:
    """Add a hold."""
    with _store(ctx) as store:
        many = store.hold(_name(name), query, user(), _now())
        click.echo(f"The hold '{name.strip()}' stands: {counted(many, 'message')} {_answer(many)} it now.")


@hold.command("list", epilog="Example: auditor hold list --json")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """List the holds that stand, and those that were lifted."""
    from auditor.cli.trailing import recorded
    from auditor.store.trail import Deed

    holds: list[dict[str, Any]] = []
    if store_path(loaded(ctx)).exists():
        with _store(ctx) as store:
            holds = [_line(store, one) for one in store.holds()]
            recorded(store, Deed.LOOKED, {"at": "holds", "holds": len(holds)})
    if as_json:
        click.echo(line({"holds": holds}))
    elif holds:
        for one in holds:
            click.echo(_told(one))
    else:
        click.echo("There is no hold. 'auditor hold add' adds one.")


@hold.command(epilog='Example: auditor hold lift "Smith request" --why "Answered on 3 March"')
@click.argument("name")
@click.option("--why", required=True, help="Why it may go; it stands in the audit trail.")
@click.pass_context
def lift(ctx: click.Context, name: str, why: str) -> None:
    """Lift a hold."""
    if not why.strip():
        raise UsageError("--why is empty: say in a few words why the hold may go.")
    with _store(ctx) as store:
        many = store.lift(_name(name), why.strip(), user(), _now())
    click.echo(f"The hold '{name.strip()}' is lifted: {counted(many, 'message')} answered it.")


def _store(ctx: click.Context) -> Store:
    config = loaded(ctx)
    refuse_unavailable(config)
    return open_the_store(config)


def _now() -> Any:
    from auditor.pipeline.night import utc_now

    return utc_now()


def _name(name: str) -> str:
    plain = name.strip()
    if not plain or len(plain) > LONGEST or not plain.isprintable():
        raise UsageError(f"A hold's name is a few words on one line, {LONGEST} characters at most: choose another.")
    return plain


def _answer(many: int) -> str:
    return "answers" if many == 1 else "answer"


def _line(store: Store, one: Hold) -> dict[str, Any]:
    return {
        "name": one.name,
        "query": one.query,
        "since": one.since.isoformat(),
        "messages": answering(store, one) if one.lifted is None else None,
        "lifted": one.lifted.isoformat() if one.lifted else None,
        "why": one.why,
    }


def _told(one: dict[str, Any]) -> str:
    from datetime import datetime

    from reports.week import day_words, local_day

    since, lifted = (one[key] and day_words(local_day(datetime.fromisoformat(one[key]))) for key in ("since", "lifted"))
    if lifted:
        return f"{one['name']}: lifted on {lifted} ({one['why']}); it stood from {since}. Query: {one['query']}"
    now = "its query is not understood any more" if one["messages"] is None else counted(one["messages"], "message")
    return f"{one['name']}: stands since {since}; {now}. Query: {one['query']}"
