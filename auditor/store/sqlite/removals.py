"""What was deleted is looked at again whenever something changes that it is judged by: copies kept, files kept elsewhere."""

from __future__ import annotations

from collections.abc import Collection

from auditor.store.records import BIN
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.names import folder_names
from auditor.store.sqlite.text import listed

_UNSAVED = """SELECT mine.holding, mine.place FROM json_each(?1) AS asked JOIN enclosed AS mine ON mine.holding = asked.value
    WHERE NOT EXISTS (SELECT 1 FROM enclosed AS other JOIN holdings ON holdings.id = other.holding
        WHERE other.key = mine.key AND NOT holdings.gone AND holdings.folders NOT IN (SELECT value FROM json_each(?2)))
    ORDER BY 1, 2"""
_COPIES = """INSERT OR IGNORE INTO queue SELECT other.id FROM json_each(?1) AS asked
    JOIN holdings AS me ON me.id = asked.value JOIN holdings AS other ON other.mid = me.mid WHERE other.gone"""
_CARRIERS = """INSERT OR IGNORE INTO queue SELECT other.holding FROM json_each(?1) AS asked
    JOIN enclosed AS mine ON mine.holding = asked.value JOIN enclosed AS other ON other.key = mine.key
    JOIN holdings ON holdings.id = other.holding
    WHERE holdings.gone OR holdings.folders IN (SELECT value FROM json_each(?2))"""


def unsaved(database: Database, holdings: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Of each holding: which of its files no message carries that is in a mailbox and not in its bin."""
    found: dict[int, tuple[int, ...]] = {}
    for holding, place in database.rows(_UNSAVED, (listed(holdings), listed(bins(database)))):
        found[holding] = (*found.get(holding, ()), place)
    return found


def requeue(database: Database, changed: Collection[int]) -> None:
    """These came, went, were binned or came back: they and every deleted message that shares a file, or is a copy."""
    if changed:
        database.many("INSERT OR IGNORE INTO queue VALUES (?)", [(holding,) for holding in changed])
        database.run(_COPIES, (listed(changed),))
        requeue_carriers(database, changed)


def requeue_carriers(database: Database, changed: Collection[int]) -> None:
    """Every deleted message that came with a file that one of these carries."""
    if changed:
        database.run(_CARRIERS, (listed(changed), listed(bins(database))))


def bins(database: Database) -> list[int]:
    """Numbers of the lists of folders that the bin is one of."""
    return [number for number, name in database.rows("SELECT id, name FROM folders") if BIN in folder_names(name)]
