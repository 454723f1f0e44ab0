"""The first shape of a store's file. Never edited once released: changes are further steps in `migrations`.

A holding's id is its place in time: the hour it was sent in, counted from 1970, times 16,384, and a number within
the hour. So the newest are the highest ids, a range of days is a range of ids, and the index can stop early. Hours
rather than seconds, because the index writes the difference between neighbouring ids for every word: a quarter of
the text's size is saved. What has no usable date lies below all others, in order of arrival; so does what
finds its hour full.

`key`, `mid` and `irt` are 64-bit keyed hashes of ids: small, and nobody outside can make two ids meet.
"""

from __future__ import annotations

HOUR_BITS = 14
FIRST_HOUR = 10 * 365 * 24
"""Dates before the end of 1979 are taken as unknown: no mail has them, broken clocks do."""
LAST_HOUR = 130 * 366 * 24
"""So are dates after about 2100."""
FIRST_DATED = FIRST_HOUR << HOUR_BITS
"""Ids below have no usable date."""

# Every ASCII mark belongs to a term: the terms come ready-made, and only spaces part them.
MARKS = "".join(chr(code) for code in range(33, 127) if not chr(code).isalnum() and chr(code) not in "'\"")
TOKENIZER = f"ascii tokenchars '{MARKS}'".replace('"', '""')

FIRST = (
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value) WITHOUT ROWID",
    "CREATE TABLE migrations (version INTEGER PRIMARY KEY, purpose TEXT NOT NULL)",
    """CREATE TABLE mailboxes (
        id INTEGER PRIMARY KEY, source TEXT NOT NULL, address TEXT NOT NULL,
        cursor BLOB, counted INTEGER, UNIQUE (source, address))""",
    "CREATE TABLE senders (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "CREATE TABLE folders (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "CREATE TABLE dictionaries (id INTEGER PRIMARY KEY, trained_at INTEGER NOT NULL, data BLOB NOT NULL)",
    # `data` is the bytes as they came, compressed; the reading follows in the same frame where both are small,
    # because there it costs next to nothing. `reading` holds it otherwise. `data` is never written again.
    """CREATE TABLE evidence (
        id INTEGER PRIMARY KEY, key INTEGER NOT NULL, sha256 BLOB NOT NULL, size INTEGER NOT NULL,
        packed_size INTEGER, text_size INTEGER, attachments INTEGER, reading BLOB, data BLOB NOT NULL)""",
    "CREATE INDEX evidence_key ON evidence (key)",
    # `removed` is the day it was first found in the bin or nowhere; `gone` is 1 while it is not in the mailbox at all.
    # `judged` is the run that judged it last, `found` what it found: NULL where no rule was put to it (a stranger's
    # mail, a further copy), so that what is not NULL is the denominators.
    """CREATE TABLE holdings (
        id INTEGER PRIMARY KEY, mailbox INTEGER NOT NULL REFERENCES mailboxes (id), key INTEGER,
        pid BLOB NOT NULL, stamp BLOB NOT NULL, folders INTEGER NOT NULL REFERENCES folders (id),
        evidence INTEGER NOT NULL REFERENCES evidence (id), mid INTEGER, irt INTEGER, sent INTEGER,
        received INTEGER, removed INTEGER, gone INTEGER NOT NULL DEFAULT 0, sender INTEGER NOT NULL REFERENCES senders (id),
        judged INTEGER, found INTEGER, message_id TEXT NOT NULL, subject TEXT NOT NULL)""",
    "CREATE UNIQUE INDEX holdings_key ON holdings (mailbox, key) WHERE key IS NOT NULL",
    "CREATE INDEX holdings_mid ON holdings (mid) WHERE mid IS NOT NULL",
    "CREATE INDEX holdings_irt ON holdings (irt) WHERE irt IS NOT NULL",
    "CREATE INDEX holdings_removed ON holdings (mailbox, gone) WHERE removed IS NOT NULL",
    f"CREATE INDEX holdings_odd ON holdings (sent) WHERE id < {FIRST_DATED} AND sent IS NOT NULL",
    # Which files came with a message, under a keyed hash of their SHA-256.
    """CREATE TABLE enclosed (
        holding INTEGER NOT NULL REFERENCES holdings (id) ON UPDATE CASCADE ON DELETE CASCADE,
        place INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (holding, place)) WITHOUT ROWID""",
    "CREATE INDEX enclosed_key ON enclosed (key)",
    """CREATE TABLE superseded (
        holding INTEGER NOT NULL REFERENCES holdings (id) ON UPDATE CASCADE ON DELETE CASCADE,
        evidence INTEGER NOT NULL REFERENCES evidence (id), run INTEGER NOT NULL, PRIMARY KEY (holding, evidence)
        ) WITHOUT ROWID""",
    """CREATE TABLE flaws (
        holding INTEGER NOT NULL REFERENCES holdings (id) ON UPDATE CASCADE ON DELETE CASCADE,
        code TEXT NOT NULL, PRIMARY KEY (holding, code)) WITHOUT ROWID""",
    f"""CREATE VIRTUAL TABLE words USING fts5 (
        sender, recipients, copied, subject, body, attachments, tag,
        content='', contentless_delete=1, detail=full, tokenize="{TOKENIZER}")""",
    # One flush a page of mail, and merges in fewer, larger steps.
    "INSERT INTO words (words, rank) VALUES ('hashsize', 8388608)",
    "INSERT INTO words (words, rank) VALUES ('automerge', 8)",
    # Two of the index's leaves to a page, with room for what encryption adds.
    "INSERT INTO words (words, rank) VALUES ('pgsz', 3960)",
    """CREATE TABLE gaps (
        mailbox INTEGER NOT NULL REFERENCES mailboxes (id), pid BLOB NOT NULL, stamp BLOB NOT NULL,
        reason TEXT NOT NULL, since INTEGER NOT NULL, sha256 BLOB, PRIMARY KEY (mailbox, pid)) WITHOUT ROWID""",
    """CREATE TABLE passed_over (
        mailbox INTEGER NOT NULL REFERENCES mailboxes (id), pid BLOB NOT NULL, stamp BLOB NOT NULL,
        why TEXT NOT NULL, day INTEGER, PRIMARY KEY (mailbox, pid)) WITHOUT ROWID""",
    """CREATE TABLE queue (
        holding INTEGER PRIMARY KEY REFERENCES holdings (id) ON UPDATE CASCADE ON DELETE CASCADE)""",
    # Who wrote to whom; `remarked` are those of which the post book had something to say.
    """CREATE TABLE post (
        holding INTEGER PRIMARY KEY REFERENCES holdings (id) ON UPDATE CASCADE ON DELETE CASCADE, people BLOB NOT NULL)""",
    """CREATE TABLE remarked (
        holding INTEGER PRIMARY KEY REFERENCES holdings (id) ON UPDATE CASCADE ON DELETE CASCADE)""",
    """CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, started INTEGER NOT NULL, ended INTEGER, ok INTEGER,
        version TEXT NOT NULL)""",
    """CREATE TABLE nights (
        run INTEGER NOT NULL REFERENCES runs (id), mailbox INTEGER NOT NULL REFERENCES mailboxes (id),
        place INTEGER NOT NULL, status TEXT NOT NULL, new INTEGER NOT NULL, removed INTEGER NOT NULL,
        analysed INTEGER NOT NULL, findings INTEGER NOT NULL, requests INTEGER NOT NULL, gaps INTEGER NOT NULL,
        error TEXT, PRIMARY KEY (run, mailbox)) WITHOUT ROWID""",
    """CREATE TABLE reports (
        id INTEGER PRIMARY KEY, label TEXT NOT NULL UNIQUE, path TEXT NOT NULL, first INTEGER NOT NULL,
        latest INTEGER NOT NULL)""",
    "CREATE TABLE versions (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    # What is said of a message is often said of many: once each, as MessagePack.
    "CREATE TABLE verdicts (id INTEGER PRIMARY KEY, key INTEGER NOT NULL, said BLOB NOT NULL)",
    "CREATE INDEX verdicts_key ON verdicts (key)",
    # `id` is kept as bytes where it is hexadecimal digits, as identities are.
    """CREATE TABLE findings (
        id PRIMARY KEY, holding INTEGER NOT NULL REFERENCES holdings (id) ON UPDATE CASCADE,
        verdict INTEGER NOT NULL REFERENCES verdicts (id), version INTEGER NOT NULL REFERENCES versions (id),
        run INTEGER NOT NULL REFERENCES runs (id), report INTEGER REFERENCES reports (id),
        withdrawn INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
    "CREATE INDEX findings_holding ON findings (holding)",
    # Copies of one message make the same finding: it stands under one of them, and the others are noted here.
    """CREATE TABLE also_made (
        holding INTEGER NOT NULL REFERENCES holdings (id) ON UPDATE CASCADE ON DELETE CASCADE,
        finding NOT NULL REFERENCES findings (id), PRIMARY KEY (holding, finding)) WITHOUT ROWID""",
    "CREATE INDEX also_made_finding ON also_made (finding)",
    """CREATE TABLE unseen (
        holding INTEGER NOT NULL REFERENCES holdings (id) ON UPDATE CASCADE ON DELETE CASCADE,
        what TEXT NOT NULL, PRIMARY KEY (holding, what)) WITHOUT ROWID""",
)

SECOND = (
    # `said` is a `Beside` as JSON; files have none.
    """CREATE TABLE beside (
        holding INTEGER PRIMARY KEY REFERENCES holdings (id) ON UPDATE CASCADE ON DELETE CASCADE, said TEXT NOT NULL)""",
)

THIRD = (
    # `hash` binds each entry to the one before (`store/trail.py`); AUTOINCREMENT remembers how far it ever came.
    """CREATE TABLE trail (
        number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, deed TEXT NOT NULL,
        about TEXT NOT NULL, keyed INTEGER NOT NULL, hash BLOB NOT NULL)""",
    "CREATE TRIGGER trail_stands BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'the trail is only added to'); END",
    "CREATE TRIGGER trail_stays BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'the trail is only added to'); END",
    # What must not be purged: whatever answers `query` when it is asked. `lifted` and `why` are NULL while it holds.
    """CREATE TABLE holds (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, query TEXT NOT NULL, since INTEGER NOT NULL, lifted INTEGER,
        why TEXT)""",
    "CREATE UNIQUE INDEX holds_name ON holds (name) WHERE lifted IS NULL",
    # Rules that could not be put to a message, and why; '' stands for every rule.
    """CREATE TABLE unchecked (
        holding INTEGER NOT NULL REFERENCES holdings (id) ON UPDATE CASCADE ON DELETE CASCADE,
        rule TEXT NOT NULL, why TEXT NOT NULL, run INTEGER NOT NULL REFERENCES runs (id),
        PRIMARY KEY (holding, rule)) WITHOUT ROWID""",
    # Evidence numbered from `first` on was read by this version of the reader; before the first row nobody knows.
    "CREATE TABLE readers (first INTEGER PRIMARY KEY, version TEXT NOT NULL)",
    # Since when a message is held (seconds) that says nothing usable of its age; for older stores, since the newest run.
    """CREATE TABLE first_held (
        holding INTEGER PRIMARY KEY REFERENCES holdings (id) ON UPDATE CASCADE ON DELETE CASCADE, at INTEGER NOT NULL)""",
    """INSERT INTO first_held SELECT id, (SELECT coalesce(max(started), 0) / 1000000 FROM runs) FROM holdings
        WHERE sent IS NULL AND received IS NULL""",
    # Since when bytes are kept that could not be read. They may outlast their gap: no mailbox holds them then.
    "CREATE TABLE unread (evidence INTEGER PRIMARY KEY REFERENCES evidence (id), at INTEGER NOT NULL)",
    """INSERT INTO unread SELECT id, (SELECT coalesce(max(started), 0) / 1000000 FROM runs) FROM evidence
        WHERE id NOT IN (SELECT evidence FROM holdings) AND id NOT IN (SELECT evidence FROM superseded)""",
    # What was purged is never collected again: known by its id, its bytes and its Message-ID (a keyed hash).
    """CREATE TABLE purged (
        mailbox INTEGER NOT NULL REFERENCES mailboxes (id), pid BLOB NOT NULL, sha256 BLOB, mid INTEGER,
        PRIMARY KEY (mailbox, pid)) WITHOUT ROWID""",
    "CREATE INDEX purged_sha256 ON purged (mailbox, sha256)",
)

FOURTH = (
    # Workbooks that were read, by the path they have in the council's folder; `sha256` and `read` are of the last reading.
    "CREATE TABLE books (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, sha256 BLOB NOT NULL, read INTEGER NOT NULL)",
    # Each change of what a workbook says of a finding, in order of reading. `decision` is NULL where none is chosen any
    # more; where `note` is empty too, the workbook took back what it had said.
    """CREATE TABLE decisions (
        id INTEGER PRIMARY KEY, finding NOT NULL REFERENCES findings (id), book INTEGER NOT NULL REFERENCES books (id),
        decision TEXT, note TEXT NOT NULL, saved INTEGER NOT NULL)""",
    "CREATE INDEX decisions_finding ON decisions (finding, book)",
    """CREATE TRIGGER decisions_stand BEFORE UPDATE ON decisions
        BEGIN SELECT RAISE(ABORT, 'decisions are only added to'); END""",
)

FIFTH = (
    # Messages drawn of a week's that have no finding, for the Clerk or (`chairs`) of the Clerk's own for the Chair; `name`
    # is what chance made of week and message, `unflagged` how many there were to draw from.
    """CREATE TABLE samples (
        name TEXT PRIMARY KEY, label TEXT NOT NULL, chairs INTEGER NOT NULL, unflagged INTEGER NOT NULL,
        sha256 BLOB NOT NULL, holding INTEGER NOT NULL REFERENCES holdings (id) ON UPDATE CASCADE ON DELETE CASCADE
        ) WITHOUT ROWID""",
    "CREATE INDEX samples_holding ON samples (holding)",
    # Each change of what a workbook says of one, in order of reading, as in `decisions`; it goes with its message.
    """CREATE TABLE looks (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL,
        holding INTEGER NOT NULL REFERENCES holdings (id) ON UPDATE CASCADE ON DELETE CASCADE,
        book INTEGER NOT NULL REFERENCES books (id), verdict TEXT, clause TEXT NOT NULL, note TEXT NOT NULL,
        saved INTEGER NOT NULL)""",
    "CREATE INDEX looks_name ON looks (name, book)",
    "CREATE INDEX looks_holding ON looks (holding)",
    """CREATE TRIGGER looks_stand BEFORE UPDATE OF name, book, verdict, clause, note, saved ON looks
        BEGIN SELECT RAISE(ABORT, 'what is said of samples is only added to'); END""",
)

SIXTH = (
    # Each change of what a workbook says of an exception, in order of reading; `exception` is its name as bytes. `until` is
    # the last day it holds, of one that was adopted so; `choice` is NULL where what was chosen was taken back.
    """CREATE TABLE choices (
        id INTEGER PRIMARY KEY, exception NOT NULL, book INTEGER NOT NULL REFERENCES books (id), choice TEXT, until TEXT,
        saved INTEGER NOT NULL, chairs INTEGER NOT NULL)""",
    """CREATE TRIGGER choices_stand BEFORE UPDATE ON choices
        BEGIN SELECT RAISE(ABORT, 'choices are only added to'); END""",
    # Findings that an exception kept out of the list, and the workbook that tells of them instead.
    """CREATE TABLE hidden (
        finding PRIMARY KEY REFERENCES findings (id), exception NOT NULL, report INTEGER NOT NULL REFERENCES reports (id)
        ) WITHOUT ROWID""",
)
