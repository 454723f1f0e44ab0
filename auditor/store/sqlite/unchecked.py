"""Rules that could not be put to a message: kept with the reason, listed, and tried again by another version of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from auditor.store.days import from_microseconds
from auditor.store.records import Judgement, UncheckedRow
from auditor.store.sqlite import findings
from auditor.store.sqlite.database import Database, Row
from auditor.store.sqlite.text import clean, listed, opaque

EVERY = ""
"""Stands for every rule."""


def keep(database: Database, run: int, said: Mapping[int, Judgement]) -> None:
    """Keeps what could not be put to these holdings."""
    rows = [
        (holding, rule, clean(failed.why), run)
        for holding, one in said.items()
        for failed in one.failed
        for rule in failed.rules or (EVERY,)
    ]
    if rows:
        database.many("INSERT OR REPLACE INTO unchecked VALUES (?, ?, ?, ?)", rows)


def forget(database: Database, holdings: Iterable[int]) -> None:
    """These are judged anew."""
    database.run("DELETE FROM unchecked WHERE holding IN (SELECT value FROM json_each(?))", (listed(holdings),))


def try_again(database: Database) -> None:
    """Queues what a run of another version of the program could not check."""
    database.run(
        "INSERT OR IGNORE INTO queue SELECT holding FROM unchecked JOIN runs ON runs.id = unchecked.run "
        "WHERE runs.version IS NOT (SELECT version FROM runs ORDER BY id DESC LIMIT 1)"
    )


def spared(database: Database, said: Mapping[int, Judgement], lost: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Of findings no longer made, those that are withdrawn: not one whose rule could not be asked."""
    unasked = {holding: _rules(one) for holding, one in said.items() if one.failed}
    if not unasked or not lost:
        return list(lost)
    rule = {(made.holding, made.id): made.finding.rule for made in findings.made(database, unasked)}
    return [
        (holding, name)
        for holding, name in lost
        if not unasked.get(holding, set()) & {EVERY, rule.get((holding, name), "-")}
    ]


def _rules(judgement: Judgement) -> set[str]:
    return {rule for failed in judgement.failed for rule in failed.rules or (EVERY,)}


def rows(database: Database) -> list[UncheckedRow]:
    """Every message with rules that could not be put to it; one row a message and reason."""
    found = database.rows(
        "SELECT source, address, pid, why, subject, started, rule FROM unchecked "
        "JOIN holdings ON holdings.id = unchecked.holding JOIN mailboxes ON mailboxes.id = holdings.mailbox "
        "JOIN runs ON runs.id = unchecked.run ORDER BY source, address, pid, holdings.id, why, rule"
    )
    return [_row(key, group) for key, group in groupby(found, lambda row: row[:6])]


def _row(key: Row, group: Iterable[Row]) -> UncheckedRow:
    source, address, pid, why, subject, started = key
    rules = tuple(rule for *_, rule in group if rule != EVERY)
    return UncheckedRow(source, address, opaque(pid), subject, rules, why, from_microseconds(started))
