"""The search language as SQLite answers it: words by the index, everything else by the holdings; complete, without a limit.

Words that stand together in a query become one question to the index; where the index cannot say a thing (a filter, or
'not' by itself) sets of ids are put together instead. Every term is quoted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from auditor.store.days import day_ends, day_starts
from auditor.store.query import All, AnyOf, Asked, Field, Found, HasAttachment, InMailbox, Near, Not, Phrase, Sent, Text
from auditor.store.sqlite import findings
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.text import clean, listed

_COLUMNS = {
    Field.SENDER: "sender",
    Field.RECIPIENTS: "recipients",
    Field.COPIED: "copied",
    Field.SUBJECT: "subject",
    Field.BODY: "body",
    Field.ATTACHMENTS: "attachments",
}
DAY = "coalesce(sent, received / 1000000)"
"""When it was sent; where it bears no date, when it was received; NULL where nobody knows."""
_FOUND = """holdings.id IN (SELECT holding FROM findings WHERE NOT withdrawn AND verdict IN (SELECT value FROM json_each(?))
    UNION SELECT also_made.holding FROM also_made JOIN findings ON findings.id = also_made.finding
    WHERE NOT withdrawn AND verdict IN (SELECT value FROM json_each(?)))"""


class Condition(NamedTuple):
    """What stands after WHERE when `holdings` is asked, and its values in order. Never NULL: true or false."""

    sql: str
    values: tuple[Any, ...] = ()


def find_all(database: Database, asked: Asked) -> Iterator[int]:
    """Every holding that answers, the newest first."""
    where = condition(database, asked)
    rows = database.each(f"SELECT id FROM holdings WHERE {where.sql} ORDER BY id DESC", where.values)  # noqa: S608
    return (row[0] for row in rows)


def count(database: Database, asked: Asked) -> int:
    """How many answer."""
    where = condition(database, asked)
    return int(database.value(f"SELECT count(*) FROM holdings WHERE {where.sql}", where.values))  # noqa: S608


def newest(database: Database, asked: Asked, limit: int) -> list[int]:
    """The `limit` that were sent last; what has no date comes after all others."""
    where = condition(database, asked)
    rows = database.rows(
        f"SELECT id FROM holdings WHERE {where.sql} ORDER BY sent IS NULL, sent DESC, id DESC LIMIT ?",  # noqa: S608
        (*where.values, limit),
    )
    return [number for (number,) in rows]


def condition(database: Database, asked: Asked) -> Condition:
    """A tree as a condition on `holdings`."""
    if (words := _match(database, asked)) is not None:
        return Condition("holdings.id IN (SELECT rowid FROM words WHERE words MATCH ?)", (words,))
    match asked:
        case All(of):
            return _together(" AND ", of, database, All)
        case AnyOf(of):
            return _together(" OR ", of, database, AnyOf)
        case Not(of):
            inner = condition(database, of)
            return Condition(f"NOT ({inner.sql})", inner.values)
        case Sent():
            return _sent(asked)
        case HasAttachment():
            return Condition(
                "coalesce((SELECT attachments FROM evidence WHERE evidence.id = holdings.evidence), 0) > 0"
            )
        case Found(rule):
            verdicts = listed(findings.verdicts_of(database, rule))
            return Condition(_FOUND, (verdicts, verdicts))
    raise AssertionError(asked)  # all others are words


def _together(joint: str, of: tuple[Asked, ...], database: Database, kind: type[All | AnyOf]) -> Condition:
    """Several conditions as one; those that the index can answer are put to it together."""
    indexed = [one for one in of if _match(database, one) is not None]
    others = [one for one in of if _match(database, one) is None]
    parts = [condition(database, one) for one in others]
    if indexed:
        parts.insert(0, condition(database, kind(tuple(indexed)) if len(indexed) > 1 else indexed[0]))
    return Condition(joint.join(f"({part.sql})" for part in parts), tuple(v for part in parts for v in part.values))


def _sent(days: Sent) -> Condition:
    since = -(1 << 60) if days.since is None else day_starts(days.since)
    until = 1 << 60 if days.until is None else day_ends(days.until)
    return Condition(f"coalesce({DAY} >= ? AND {DAY} < ?, 0)", (since, until))


# --- the index's own language, https://www.sqlite.org/fts5.html#full_text_query_syntax


def _match(database: Database, asked: Asked) -> str | None:
    """The FTS5 expression of a tree; None where it has none."""
    match asked:
        case Text(phrases, field):
            return _column(field, " OR ".join(map(_phrase, phrases)))
        case Near(left, right, distance):
            pairs = [f"NEAR({_phrase(a)} {_phrase(b)}, {distance})" for a in left.phrases for b in right.phrases]
            return _column(left.field, " OR ".join(pairs))
        case InMailbox(name):
            return f"({' OR '.join(_tags(database, name))})"
        case AnyOf(of):
            parts = [_match(database, one) for one in of]
            return None if None in parts else f"({' OR '.join(filter(None, parts))})"
        case All(of):
            return _all(database, of)
        case _:
            return None


def _all(database: Database, of: tuple[Asked, ...]) -> str | None:
    wanted = [_match(database, one) for one in of if not isinstance(one, Not)]
    unwanted = [_match(database, one.of) for one in of if isinstance(one, Not)]
    if not wanted or None in wanted or None in unwanted:
        return None
    asked = " AND ".join(filter(None, wanted))
    without = " OR ".join(filter(None, unwanted))
    return f"(({asked}) NOT ({without}))" if without else f"({asked})"


def _column(field: Field | None, words: str) -> str:
    return f"({words})" if field is None else f"({_COLUMNS[field]} : ({words}))"


def _phrase(phrase: Phrase) -> str:
    return quoted(phrase.terms) + (" *" if phrase.begins else "")


def quoted(words: str) -> str:
    """Terms as a phrase of FTS5's: in quotation marks, without its own terms' mark."""
    return f'"{" ".join(clean(words).replace("=", " ").replace(chr(34), " ").split())}"'


def _tags(database: Database, name: str) -> list[str]:
    """The index's own terms for the mailboxes of this address, or of this name before the @."""
    known = [(number, address.lower()) for number, address in database.rows("SELECT id, address FROM mailboxes")]
    wanted = clean(name)
    return [f'"=b{number}"' for number, address in known if wanted in (address, address.partition("@")[0])] or [
        '"=none"'
    ]
