"""What must not be purged: added, lifted and listed, each with its entry in the trail, in one transaction."""

from __future__ import annotations

from datetime import datetime

from auditor.errors import UsageError
from auditor.store.days import from_microseconds, microseconds
from auditor.store.query import QueryError, parsed
from auditor.store.retention import Hold
from auditor.store.sqlite import asking, trailing
from auditor.store.sqlite.asking import Condition, condition
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.text import clean
from auditor.store.trail import Deed, Head


def add(database: Database, key: bytes | None, name: str, query: str, who: str, at: datetime) -> tuple[int, Head]:
    """Adds a hold; how many messages answer now."""
    asked = parsed(query)
    with database.transaction():
        if database.row("SELECT 1 FROM holds WHERE name = ? AND lifted IS NULL", (clean(name),)):
            raise UsageError(f"A hold named '{name}' stands already: lift it first, or choose another name.")
        many = asking.count(database, asked)
        database.run(
            "INSERT INTO holds (name, query, since) VALUES (?, ?, ?)", (clean(name), clean(query), microseconds(at))
        )
        about = {"hold": clean(name), "query": clean(query), "messages": many}
        return many, trailing.append(database, key, at, who, Deed.HELD, about)


def lift(database: Database, key: bytes | None, name: str, why: str, who: str, at: datetime) -> tuple[int, Head]:
    """Lifts a hold; how many messages answered it until now. One whose query is no longer understood is lifted too."""
    with database.transaction():
        query = database.value("SELECT query FROM holds WHERE name = ? AND lifted IS NULL", (clean(name),))
        if query is None:
            raise UsageError(f"No hold named '{name}' stands: 'auditor hold list' shows those that do.")
        try:
            many = asking.count(database, parsed(query))
        except QueryError:
            many = 0
        database.run(
            "UPDATE holds SET lifted = ?, why = ? WHERE name = ? AND lifted IS NULL",
            (microseconds(at), clean(why), clean(name)),
        )
        about = {"hold": clean(name), "query": query, "messages": many, "why": clean(why)}
        return many, trailing.append(database, key, at, who, Deed.LIFTED, about)


def listed(database: Database) -> list[Hold]:
    """Every hold there ever was, in the order they were added."""
    rows = database.rows("SELECT name, query, since, lifted, why FROM holds ORDER BY id")
    return [
        Hold(name, query, from_microseconds(since), None if lifted is None else from_microseconds(lifted), why)
        for name, query, since, lifted, why in rows
    ]


def standing(database: Database) -> list[tuple[str, Condition]]:
    """The name of each that stands, and what it keeps as a condition on `holdings`.

    Raises UsageError when the query of one is not understood: then nobody can say what it keeps."""
    return [(hold.name, _kept(database, hold)) for hold in listed(database) if hold.lifted is None]


def _kept(database: Database, hold: Hold) -> Condition:
    """Whatever answers; whatever has the same bytes; whatever has the same Message-ID."""
    try:
        sql, values = condition(database, parsed(hold.query))
    except QueryError as error:
        raise UsageError(
            f"The hold '{hold.name}' cannot be asked any more ({error}) Nothing is purged until it is lifted and added anew."
        ) from error
    same = (
        f"evidence IN (SELECT evidence FROM holdings WHERE {sql}) "  # noqa: S608
        f"OR mid IN (SELECT mid FROM holdings WHERE mid IS NOT NULL AND {sql})"
    )
    return Condition(same, (*values, *values))
