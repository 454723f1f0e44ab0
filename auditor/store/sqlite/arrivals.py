"""The messages of a page: evidence once each, a holding a message, its words in the index, its judgement or its place
in the queue."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import json

from auditor.spool import PIECE, Raw, Spooled, digest
from auditor.store.days import microseconds, seconds
from auditor.store.records import BIN, Arrival, Batch, Judgement, Reading
from auditor.store.sqlite import judging, names, post, removals
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.evidence import Note, Shelf, Stored
from auditor.store.sqlite.schema import FIRST_DATED, FIRST_HOUR, HOUR_BITS, LAST_HOUR
from auditor.store.sqlite.text import MENDED, Hashes, clean, clean_all, evidence_key, exact, listed
from auditor.values import Value

UNREAD = "unread"
"""The code under which a message with a part that was not looked at is counted."""

# The driver binds numbers, text and bytearrays at once and looks up an adapter for everything else, a microsecond
# a value: so 0 or an empty bytearray stands for NULL where most rows have none, and bytes go in as bytearrays.
_INSERT_EVIDENCE = "INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, x''), ?)"
_INSERT_HOLDING = """INSERT INTO holdings (id, mailbox, key, pid, stamp, folders, evidence, mid, irt, sent, received,
    sender, message_id, subject, judged, found)
    VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, 0), nullif(?, 0), ?, nullif(?, 0), ?, ?, ?, ?, ?)"""
_MID, _IRT = 7, 8
"""Places in a holding's row."""
_INSERT_WORDS = """INSERT INTO words (rowid, sender, recipients, copied, subject, body, attachments, tag)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""


class _Held(Value, frozen=True):
    id: int
    evidence: int
    stamp: bytes
    folders: int
    gone: int


def keep_bytes(database: Database, shelf: Shelf, raw: Raw) -> bytes:
    """Keeps bytes that could not be read, unless they are kept already; their SHA-256."""
    sha256 = bytes.fromhex(digest(raw))
    if not database.row("SELECT 1 FROM evidence WHERE key = ? AND sha256 = ?", (evidence_key(sha256), sha256)):
        if isinstance(raw, Spooled):
            _keep_spooled(database, shelf, raw, sha256)
            return sha256
        stored = shelf.store_bytes(raw)
        database.run(
            _INSERT_EVIDENCE,
            (None, evidence_key(sha256), sha256, stored.size, None, None, None, b"", stored.data),
        )
    return sha256


def _keep_spooled(database: Database, shelf: Shelf, raw: Spooled, sha256: bytes) -> None:
    """The same for what is too large to be held: compressed into a file, and from there piece by piece into its row."""
    with tempfile.TemporaryFile(dir=Path(raw.path).parent) as frame:
        size = shelf.compress(raw, frame)
        frame.seek(0)
        number = database.value("SELECT coalesce(max(id), 0) + 1 FROM evidence")
        database.run(
            "INSERT INTO evidence VALUES (?, ?, ?, ?, NULL, NULL, NULL, NULL, zeroblob(?))",
            (number, evidence_key(sha256), sha256, raw.size, size),
        )
        database.fill("evidence", "data", number, iter(lambda: frame.read(PIECE), b""))


def clean_reading(reading: Reading) -> tuple[str, str, str, tuple[str, ...], bool]:
    """Message-ID, sender, subject and the index columns, mended; and whether anything had to be."""
    words = reading.terms
    given = (
        reading.message_id, reading.sender, reading.subject, words.sender, words.recipients, words.copied,
        words.subject, words.body, words.attachments,
    )  # fmt: skip
    mended = clean_all(given)
    return mended[0], mended[1], mended[2], mended[3:], mended is not given and mended != given


class Index:
    """The words of a transaction's messages, written at its end."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows: dict[int, tuple[Any, ...]] = {}

    def add(self, holding: int, words: tuple[str, ...], tag: str) -> None:
        """These are the words of a holding from now on."""
        self._rows[holding] = (holding, *words, tag)

    def drop(self, holding: int) -> None:
        """The words of a holding are no longer its words."""
        if self._rows.pop(holding, None) is None:
            self._database.run("DELETE FROM words WHERE rowid = ?", (holding,))

    def write(self) -> None:
        """Puts them in the index."""
        # In id order: an id below the one before would make the index close a segment.
        self._database.many(_INSERT_WORDS, [self._rows[holding] for holding in sorted(self._rows)])
        self._rows.clear()


class Kept(NamedTuple):
    """What a page's arrivals came to."""

    new: int
    judged: int
    findings: int


class Arrivals:
    """The arrivals of one page, inside its transaction."""

    def __init__(
        self, database: Database, shelf: Shelf, hashes: Hashes, index: Index, mailbox: int, batch: Batch
    ) -> None:
        self.database = database
        self.shelf = shelf
        self.hashes = hashes
        self.index = index
        self.mailbox = mailbox
        self.run = batch.run
        self.moment = seconds(names.run_started(database, batch.run))
        # Where a page names one id twice, the later is how the message is now.
        self.arrivals = {hashes(exact(arrival.id)): arrival for arrival in batch.arrivals}
        self.next_in_hour: dict[int, int] = {}
        self.witnessed: set[int] = set()
        self.flaws: list[tuple[int, str]] = []
        self.enclosed: list[tuple[int, int, int]] = []
        self.beside: list[tuple[int, str]] = []
        self.ageless: list[tuple[int, int]] = []
        """Holdings of which nothing usable says how old they are, and since when they are held."""
        self.back: list[int] = []
        """Holdings that were gone and are there again."""

    def keep(self) -> Kept:
        """Keeps them; how many were not held before, and what judgements stand."""
        if not self.arrivals:
            return Kept(0, 0, 0)
        arrivals = self.arrivals.values()
        self.folders = names.folder_numbers(self.database, {one.folders for one in arrivals})
        self.senders = names.numbers(self.database, "senders", {clean(one.reading.sender) for one in arrivals})
        held = self.held()
        self.evidence = self.keep_evidence()
        new = [(key, arrival, _sent(arrival)) for key, arrival in self.arrivals.items() if key not in held]
        self.find_room({hour_sent(sent) for _, _, sent in new})
        rows = [self.row(key, arrival, sent, self.place(hour_sent(sent))) for key, arrival, sent in new]
        # Before the new ones are there: what waits of those is said below.
        self.requeue_witnessed()
        alone = self.standing_alone(
            [(row, _by_itself(arrival)) for row, (_, arrival, _) in zip(rows, new, strict=True)]
        )
        self.database.many(
            _INSERT_HOLDING,
            [
                (*row, self.run, judging.found(alone[row[0]])) if row[0] in alone else (*row, None, None)
                for row in sorted(rows)
            ],
        )
        self.queue([row[0] for row in rows if row[0] not in alone])
        post.keep(
            self.database,
            [
                (row[0], sent, one.reading.post)
                for row, (_, one, sent) in zip(rows, new, strict=True)
                if sent is not None
            ],
        )
        judging.keep(self.database, self.hashes, self.run, alone)
        for key, before in held.items():
            self.bring_up_to_date(before, self.arrivals[key])
        self.requeue_witnessed()
        self.database.many("INSERT OR IGNORE INTO flaws VALUES (?, ?)", self.flaws)
        if self.enclosed:
            self.database.many("INSERT OR IGNORE INTO enclosed VALUES (?, ?, ?)", self.enclosed)
            removals.requeue_carriers(self.database, sorted({holding for holding, _, _ in self.enclosed}))
        self.database.many("INSERT OR REPLACE INTO beside VALUES (?, ?)", self.beside)
        self.database.many("INSERT OR IGNORE INTO first_held VALUES (?, ?)", self.ageless)
        removals.requeue(self.database, self.back)
        return Kept(len(rows), len(alone), sum(len(one.findings) for one in alone.values()))

    def held(self) -> dict[int, _Held]:
        """What is held under the page's ids, by their hash."""
        rows = self.database.rows(
            "SELECT key, id, evidence, stamp, folders, gone FROM holdings "
            "WHERE mailbox = ? AND key IN (SELECT value FROM json_each(?))",
            (self.mailbox, listed(self.arrivals)),
        )
        return {key: _Held(*rest) for key, *rest in rows}

    def keep_evidence(self) -> dict[str, int]:
        """Evidence not held yet is stored; the number of each piece by its hash."""
        wanted = {arrival.sha256: arrival for arrival in self.arrivals.values()}
        rows = self.database.rows(
            "SELECT lower(hex(sha256)), id, packed_size FROM evidence WHERE key IN (SELECT value FROM json_each(?))",
            (listed([evidence_key(bytes.fromhex(sha256)) for sha256 in wanted]),),
        )
        known = {sha256: number for sha256, number, _ in rows if sha256 in wanted}
        for sha256, number, packed_size in rows:
            if packed_size is None and sha256 in wanted:
                self.add_reading(number, wanted[sha256].reading)
        missing = [sha256 for sha256 in wanted if sha256 not in known]
        self.shelf.learn([(wanted[sha256].raw, wanted[sha256].reading.packed) for sha256 in missing])
        first = self.database.value("SELECT coalesce(max(id), 0) + 1 FROM evidence")
        known.update(zip(missing, range(first, first + len(missing)), strict=True))
        arrivals = [wanted[sha256] for sha256 in missing]
        stored = self.shelf.store_all([(one.raw, one.reading.packed, _note(one.reading)) for one in arrivals])
        rows = [self.evidence_row(known[one.sha256], one, kept) for one, kept in zip(arrivals, stored, strict=True)]
        self.database.many(_INSERT_EVIDENCE, rows)
        return known

    def evidence_row(self, number: int, arrival: Arrival, stored: Stored) -> tuple[Any, ...]:
        """A row of evidence."""
        reading, sha256 = arrival.reading, bytearray.fromhex(arrival.sha256)
        return (
            number, evidence_key(sha256), sha256, stored.size, stored.packed_size, reading.text_size,
            reading.attachments, bytearray(stored.reading or b""), bytearray(stored.data),
        )  # fmt: skip

    def add_reading(self, evidence: int, reading: Reading) -> None:
        """Bytes that were a gap and can be read now get their reading."""
        self.database.run(
            "UPDATE evidence SET packed_size = ?, text_size = ?, attachments = ?, reading = ? WHERE id = ?",
            (
                len(reading.packed), reading.text_size, reading.attachments,
                self.shelf.store_reading(reading.packed, _note(reading)), evidence,
            ),
        )  # fmt: skip

    def row(self, key: int, arrival: Arrival, sent: int | None, number: int) -> tuple[Any, ...]:
        """A holding's row; its words, flaws and witnesses are noted for later."""
        reading = arrival.reading
        message_id, sender, subject, words, mended = clean_reading(reading)
        answered = self.hashes.message_id(reading.in_reply_to)
        mid = self.hashes.message_id(message_id)
        self.witnessed.update((mid, answered))
        self.index.add(number, words, f"=b{self.mailbox}")
        if reading.defects or mended or reading.unread:
            codes = {*reading.defects, *([MENDED] if mended else ()), *([UNREAD] if reading.unread else ())}
            self.flaws.extend((number, clean(code)) for code in codes)
        if reading.enclosed:
            files = enumerate(reading.enclosed)
            self.enclosed.extend((number, place, self.hashes(bytes.fromhex(one))) for place, one in files)
        self.note_beside(number, arrival)
        if arrival.received is None and (sent is None or sent > self.moment):
            self.ageless.append((number, self.moment))
        return (
            number, self.mailbox, key, bytearray(exact(arrival.id)), bytearray(exact(arrival.stamp)),
            self.folders[arrival.folders], self.evidence[arrival.sha256], mid, answered, sent,
            0 if arrival.received is None else microseconds(arrival.received),
            self.senders[sender], message_id, subject,
        )  # fmt: skip

    def note_beside(self, holding: int, arrival: Arrival) -> None:
        """What the provider knows besides is written down at the end, when the holdings are there."""
        if arrival.beside is not None:
            self.beside.append((holding, clean(json.encode(arrival.beside).decode())))

    def find_room(self, sent_in: set[int]) -> None:
        """Learns the next free id of these hours; hour 0 is that of the undated."""
        hours = {0, *sent_in} - self.next_in_hour.keys()
        rows = self.database.rows(
            "SELECT value, (SELECT max(id) FROM holdings WHERE id < iif(value, (value + 1) << ?, ?)) FROM json_each(?)",
            (HOUR_BITS, FIRST_DATED, listed(hours)),
        )
        self.next_in_hour.update((hour, max((highest or 0) + 1, hour << HOUR_BITS)) for hour, highest in rows)

    def place(self, hour: int) -> int:
        """The next free id of an hour; among the undated where there is no room."""
        if hour and self.next_in_hour[hour] == (hour + 1) << HOUR_BITS:
            hour = 0
        number = self.next_in_hour[hour]
        self.next_in_hour[hour] = number + 1
        return number

    def bring_up_to_date(self, before: _Held, arrival: Arrival) -> None:
        """The same bytes: where it lies, and that it is there. Other bytes: it is read anew, the old are kept."""
        if self.evidence[arrival.sha256] != before.evidence:
            self.replace(before, arrival)
            return
        self.note_beside(before.id, arrival)
        after = (exact(arrival.stamp), self.folders[arrival.folders])
        if before.gone or after[1] != before.folders:
            self.back.append(before.id)
        if (*after, 0) != (before.stamp, before.folders, before.gone):
            self.database.run(
                "UPDATE holdings SET stamp = ?, folders = ?, removed = iif(?, removed, NULL), gone = 0 WHERE id = ?",
                (*after, BIN in arrival.folders, before.id),
            )

    def replace(self, before: _Held, arrival: Arrival) -> None:
        """Gives the holding its new bytes. Its id changes where the date sent does; what was found follows it."""
        self.database.run("INSERT OR IGNORE INTO superseded VALUES (?, ?, ?)", (before.id, before.evidence, self.run))
        self.index.drop(before.id)
        self.database.run("DELETE FROM flaws WHERE holding = ?", (before.id,))
        self.database.run("DELETE FROM enclosed WHERE holding = ?", (before.id,))
        post.take_out(self.database, before.id)
        sent = _sent(arrival)
        row = self.row(self.hashes(exact(arrival.id)), arrival, sent, self.place_again(before.id, hour_sent(sent)))
        self.database.run(
            """UPDATE holdings SET id = ?, mailbox = ?, key = ?, pid = ?, stamp = ?, folders = ?, evidence = ?,
            mid = nullif(?, 0), irt = nullif(?, 0), sent = ?, received = nullif(?, 0), sender = ?, message_id = ?,
            subject = ?, removed = NULL, gone = 0
            WHERE id = ?""",
            (*row, before.id),
        )
        if sent is not None:
            post.keep(self.database, [(row[0], sent, arrival.reading.post)])
        self.queue(row[:1])

    def place_again(self, number: int, hour: int) -> int:
        """Its id, when that is still its hour; the next free one of its new hour otherwise."""
        same = number >> HOUR_BITS == hour if hour else number < FIRST_DATED
        if same:
            return number
        self.find_room({hour})
        return self.place(hour)

    def queue(self, holdings: Sequence[int]) -> None:
        """These are to be judged."""
        self.database.many("INSERT OR IGNORE INTO queue VALUES (?)", [(holding,) for holding in holdings])

    def requeue_witnessed(self) -> None:
        """A copy or a reply has come: what it bears witness for is judged again."""
        self.witnessed.discard(0)
        if self.witnessed:
            self.database.run(
                "INSERT OR IGNORE INTO queue SELECT holdings.id FROM json_each(?) AS witnessed "
                "JOIN holdings ON holdings.mid = witnessed.value",
                (listed(self.witnessed),),
            )
            self.witnessed.clear()

    def standing_alone(self, new: Sequence[tuple[tuple[Any, ...], Judgement | None]]) -> dict[int, Judgement]:
        """The judgements of new holdings, not inserted yet, of which there is neither a copy nor a reply."""
        mids = Counter(row[_MID] for row, _ in new)
        rows = self.database.rows(
            "SELECT mid FROM json_each(?1) AS new JOIN holdings ON holdings.mid = new.value "
            "UNION SELECT irt FROM json_each(?1) AS new JOIN holdings ON holdings.irt = new.value",
            (listed(mids.keys() - {0}),),
        )
        seen = (
            {mid for (mid,) in rows} | {row[_IRT] for row, _ in new} | {mid for mid, many in mids.items() if many > 1}
        )
        seen.discard(0)
        return {row[0]: said for row, said in new if said is not None and row[_MID] not in seen}


def _by_itself(arrival: Arrival) -> Judgement | None:
    """What is said of it by itself; of files in the bin that is said only with a look at what else is kept."""
    return None if BIN in arrival.folders and arrival.reading.enclosed else arrival.alone


def _note(reading: Reading) -> Note:
    return Note(clean_all(reading.recipients), clean_all(reading.unread), clean(reading.in_reply_to))


def _sent(arrival: Arrival) -> int | None:
    return None if arrival.reading.sent is None else seconds(arrival.reading.sent)


def hour_sent(sent: int | None) -> int:
    """The hour it was sent in, counted from 1970; 0 when that is unknown or absurd."""
    hour = 0 if sent is None else sent // 3600
    return hour if FIRST_HOUR <= hour < LAST_HOUR else 0
