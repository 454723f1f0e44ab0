"""Finding again: words, mailbox and days are answered inside the index, newest first, stopping as soon as it can."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from auditor.store.days import day_ends, day_starts, from_seconds
from auditor.store.query import Asked
from auditor.store.records import Hit, Query
from auditor.store.sqlite import asking, names
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.schema import FIRST_DATED, FIRST_HOUR, HOUR_BITS, LAST_HOUR
from auditor.store.sqlite.text import clean, listed

_HIT = """SELECT holdings.id, mailboxes.address, folders.name, message_id, sent, senders.name, subject,
    evidence.sha256, removed FROM json_each(?) AS found CROSS JOIN holdings ON holdings.id = found.value
    JOIN mailboxes ON mailboxes.id = holdings.mailbox JOIN folders ON folders.id = holdings.folders
    JOIN senders ON senders.id = holdings.sender JOIN evidence ON evidence.id = holdings.evidence
    ORDER BY sent IS NULL, sent DESC, holdings.id DESC LIMIT ?"""
_EVERY_ID = (-(1 << 62), 1 << 62)


def search(database: Database, query: Query | Asked, limit: int) -> list[Hit]:
    """The newest `limit` holdings that answer `query`."""
    if not isinstance(query, Query):
        return [_hit(*row) for row in database.rows(_HIT, (listed(asking.newest(database, query, limit)), limit))]
    asked = _Asked(database, query)
    ids: list[int] = []
    for number in asked.ids():
        # Inside an hour ids are in order of arrival: the hour that the limit falls in is read to its end.
        if len(ids) >= limit and number >> HOUR_BITS != ids[-1] >> HOUR_BITS:
            break
        ids.append(number)
    ids.extend(asked.odd_ids())
    return [_hit(*row) for row in database.rows(_HIT, (listed(ids), limit))]


def count(database: Database, query: Query | Asked) -> int:
    """How many holdings answer `query`."""
    if not isinstance(query, Query):
        return asking.count(database, query)
    asked = _Asked(database, query)
    return asked.count() + sum(1 for _ in asked.odd_ids())


class _Asked:
    """A query as the index takes it."""

    def __init__(self, database: Database, query: Query) -> None:
        self.database = database
        self.since = None if query.since is None else day_starts(query.since)
        self.until = None if query.until is None else day_ends(query.until)
        self.match = _match(query, _mailbox_tags(database, query.mailbox))
        self.range = self.id_range()

    def id_range(self) -> tuple[int, int]:
        """The ids of the days asked for, both ends included. London's days begin on the hour, as ids do."""
        first, last = _EVERY_ID
        if self.since is not None or self.until is not None:
            first = max(FIRST_HOUR, min((self.since or 0) // 3600, LAST_HOUR)) << HOUR_BITS
        if self.until is not None:
            last = (min(max(self.until, 0) // 3600, LAST_HOUR) << HOUR_BITS) - 1
        return first, last

    def from_index(self, what: str, ending: str = "") -> str:
        """A question to the index, or to the holdings where no words are asked for."""
        if self.match:
            return f"SELECT {what} FROM words WHERE words MATCH ?3 AND rowid BETWEEN ?1 AND ?2 {ending}"  # noqa: S608
        return f"SELECT {what} FROM holdings WHERE id BETWEEN ?1 AND ?2 {ending}"  # noqa: S608

    def values(self, first: int, last: int) -> tuple[int | str, ...]:
        """What `from_index` is asked with."""
        return (first, last, self.match) if self.match else (first, last)

    def ids(self) -> Iterator[int]:
        """Newest hour first."""
        rows = self.database.each(self.from_index("rowid", "ORDER BY rowid DESC"), self.values(*self.range))
        return (row[0] for row in rows)

    def count(self) -> int:
        """How many in the range."""
        if self.match and self.range == _EVERY_ID:
            return int(self.database.value("SELECT count(*) FROM words WHERE words MATCH ?", (self.match,)))
        return int(self.database.value(self.from_index("count(*)"), self.values(*self.range)))

    def odd_ids(self) -> Iterator[int]:
        """What was filed with the undated although it has a date: absurd years, hours that overflowed."""
        if self.range == _EVERY_ID:
            return
        odd = self.database.rows(
            f"SELECT id FROM holdings INDEXED BY holdings_odd WHERE id < {FIRST_DATED} "  # noqa: S608
            "AND sent IS NOT NULL AND sent >= ? AND sent < ? ORDER BY sent DESC",
            (-(1 << 50) if self.since is None else self.since, 1 << 50 if self.until is None else self.until),
        )
        for (number,) in odd:
            if self.database.row(self.from_index("1"), self.values(number, number)):
                yield number


def _mailbox_tags(database: Database, address: str | None) -> list[str] | None:
    """The index's own terms for a mailbox, one for each source it was read from; None when all are asked for."""
    if address is None:
        return None
    rows = database.rows("SELECT id FROM mailboxes WHERE address = ?", (clean(address),))
    return [f'"=b{number}"' for (number,) in rows] or ['"=none"']


def _match(query: Query, tags: list[str] | None) -> str:
    """An FTS5 expression; every term quoted, several terms in one string a phrase. Empty when it asks for all."""
    words = (" ".join(clean(term).replace("=", " ").replace('"', " ").split()) for term in query.terms)
    asked = [f'"{word}"' for word in words if word]
    if tags is not None:
        asked.append(f"({' OR '.join(tags)})")
    return " AND ".join(asked)


def _hit(
    holding: int, mailbox: str, folders: str, message_id: str, sent: int | None, sender: str, subject: str,
    sha256: bytes, removed: int | None,
) -> Hit:  # fmt: skip
    return Hit(
        holding,
        mailbox,
        names.folder_names(folders),
        message_id,
        None if sent is None else from_seconds(sent),
        sender,
        subject,
        sha256.hex(),
        None if removed is None else date.fromordinal(removed),
    )
