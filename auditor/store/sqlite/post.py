"""Who has written to whom, as the post book reads it; what in it is due to be weighed, and what was remarked on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from auditor.store.records import Posted
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.text import listed

_DUE = "SELECT value FROM settings WHERE name = 'post_due'"
"""The moment of the earliest message that has come since the post was weighed: nothing before it says otherwise now."""
_WAITING = "SELECT holding FROM remarked JOIN queue USING (holding)"


def keep(database: Database, lines: Iterable[tuple[int, int, bytes]]) -> None:
    """Keeps the lines of (holding, moment sent, people); from the earliest on, all is due."""
    rows = [line for line in lines if line[2]]
    if rows:
        database.many("INSERT INTO post VALUES (?, ?)", [(one, bytearray(people)) for one, _, people in rows])
        due_from(database, min(sent for _, sent, _ in rows))


def take_out(database: Database, holding: int) -> None:
    """Takes a line out of the book: what was sent after it is due."""
    sent = database.value("SELECT sent FROM post JOIN holdings ON holdings.id = holding WHERE holding = ?", (holding,))
    if sent is not None:
        due_from(database, sent)
    database.run("DELETE FROM post WHERE holding = ?", (holding,))


def due_from(database: Database, moment: int) -> None:
    """What was sent at this moment or later is due."""
    database.run(
        "INSERT INTO settings VALUES ('post_due', ?) ON CONFLICT (name) DO UPDATE SET value = min(value, excluded.value)",
        (moment,),
    )


def unweighed(database: Database) -> bool:
    """Whether anything is due."""
    return bool(database.value(f"SELECT EXISTS ({_DUE}) OR EXISTS ({_WAITING})"))


def lines(database: Database) -> Iterator[Posted]:
    """All of it, by the moment sent. A message without an id is told from others by its bytes."""
    rows = database.each(
        f"SELECT holding, coalesce('m' || mid, 'e' || evidence), sent, people, "  # noqa: S608
        f"coalesce(sent >= ({_DUE}), 0) OR holding IN ({_WAITING}) "
        "FROM post JOIN holdings ON holdings.id = post.holding WHERE sent IS NOT NULL ORDER BY sent, holding"
    )
    return (Posted(holding, message, sent, people, bool(due)) for holding, message, sent, people, due in rows)


def weighed(database: Database, remarked: Collection[int]) -> None:
    """Nothing is due any longer; these are remarked on, and are judged again with those that were."""
    with database.transaction():
        database.run(
            "INSERT OR IGNORE INTO queue SELECT holding FROM remarked JOIN holdings ON holdings.id = holding "  # noqa: S608
            f"WHERE sent >= ({_DUE})"
        )
        database.run("DELETE FROM remarked WHERE holding IN (SELECT holding FROM queue)")
        for table in ("remarked", "queue"):
            database.run(
                f"INSERT OR IGNORE INTO {table} SELECT value FROM json_each(?)",  # noqa: S608
                (listed(remarked),),
            )
        database.run("DELETE FROM settings WHERE name = 'post_due'")
