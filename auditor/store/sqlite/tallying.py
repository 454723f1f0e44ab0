"""What was checked and found, counted in the file: however many findings there are, only their numbers come out of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import msgspec

from auditor.findings import Severity
from auditor.store.days import day_ends, day_starts
from auditor.store.records import Tally
from auditor.store.sqlite.database import Database, Row
from auditor.store.sqlite.schema import FIRST_DATED, HOUR_BITS
from auditor.values import Value


class _Sort(Value, frozen=True):
    """How a verdict begins."""

    rule: str
    severity: Severity


_verdict = msgspec.msgpack.Decoder(_Sort)
_FOREVER = 1 << 40
_PARTED = "\t"

# A span is a range of ids (`schema`), and the few messages that lie below all of those: the oddly dated, and in a span
# without a first day the undated.
_TALLIES = f"""WITH spans (place, first, last, low, high, undated) AS (VALUES {{spans}}),
    inside (place, id) AS (
        SELECT place, holdings.id FROM spans JOIN holdings ON holdings.id >= low AND holdings.id < high
        UNION ALL SELECT place, holdings.id FROM spans JOIN holdings
            ON holdings.id < {FIRST_DATED} AND sent >= first AND sent < last
        UNION ALL SELECT place, holdings.id FROM spans JOIN holdings
            ON holdings.id < {FIRST_DATED} AND sent IS NULL AND undated),
    sent AS MATERIALIZED (
        SELECT place, mailbox, sender,
            found IS NOT NULL AND NOT EXISTS (SELECT 1 FROM queue WHERE queue.holding = holdings.id) AS checked,
            (SELECT group_concat(sort_of(said), char(10)) FROM findings JOIN verdicts ON verdicts.id = verdict
                WHERE findings.holding = holdings.id AND NOT withdrawn) AS sorts
        FROM inside CROSS JOIN holdings ON holdings.id = inside.id)
    SELECT place, address, senders.name, checked, sorts, count(*) FROM sent
        JOIN mailboxes ON mailboxes.id = sent.mailbox JOIN senders ON senders.id = sent.sender
        WHERE checked OR sorts IS NOT NULL GROUP BY place, address, senders.name, checked, sorts"""  # noqa: S608


def tallies(database: Database, spans: Sequence[tuple[date | None, date | None]]) -> list[Tally]:
    """Messages by span, mailbox, sender and what was found."""
    if not spans:
        return []
    database.teach("sort_of", _sort)
    places = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(spans))
    values = [value for place, days in enumerate(spans) for value in (place, *_range(*days))]
    many: Counter[tuple[int, str, str, bool, tuple[tuple[str, Severity], ...]]] = Counter()
    for place, mailbox, sender, checked, sorts, messages in database.each(_TALLIES.format(spans=places), values):
        many[place, mailbox, sender, bool(checked), _found(sorts)] += messages
    return [Tally(*key, messages) for key, messages in sorted(many.items())]


def _sort(said: bytes) -> str:
    """Rule and severity of a verdict."""
    verdict = _verdict.decode(said)
    return f"{verdict.rule}{_PARTED}{verdict.severity}"


def _found(sorts: str | None) -> tuple[tuple[str, Severity], ...]:
    """What was found in a message, whatever order the file has it in."""
    pairs = (one.split(_PARTED) for one in (sorts or "").splitlines())
    return tuple(sorted((rule, Severity(severity)) for rule, severity in pairs))


def _range(since: date | None, until: date | None) -> Row:
    first = -_FOREVER if since is None else day_starts(since)
    last = _FOREVER if until is None else day_ends(until)
    low, high = ((moment // 3600) << HOUR_BITS for moment in (first, last))
    return first, last, max(low, FIRST_DATED), high, since is None
