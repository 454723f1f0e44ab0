"""The store proved whole: what can be made again is compared, and what cannot has a hash or a second witness.

The index keeps no text, so it is asked for every term with its place; per holding these come to a sum that the reading
gives as well. Nothing here writes: temporary tables lie in memory.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b

from msgspec import DecodeError, json

from auditor.errors import LockedStore, StoreError
from auditor.store.days import seconds
from auditor.store.records import Beside, Kept, MailboxStatus, Misfit, Piece, Reading
from auditor.store.sqlite import ledger
from auditor.store.sqlite.arrivals import UNREAD, clean_reading, hour_sent
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.evidence import Shelf
from auditor.store.sqlite.migrations import STEPS
from auditor.store.sqlite.schema import FIRST_DATED, HOUR_BITS, MARKS
from auditor.store.sqlite.text import MENDED, Hashes, clean, evidence_key
from auditor.store.trail import Deed

_COLUMNS = ("sender", "recipients", "copied", "subject", "body", "attachments", "tag")
_MASK = (1 << 64) - 1
_REMEMBERED = 1 << 17
_SHOWN = 100
"""Troubles that SQLite lists at most."""
# What parts terms in the index: every ASCII character that is neither letter, digit nor one of `MARKS`.
_PARTS = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) not in MARKS}

_EVIDENCE = "SELECT key, sha256, size, packed_size, text_size, attachments, reading, data FROM evidence WHERE id = ?"
_HOLDING = """SELECT mailbox, key, pid, coalesce(mid, 0), coalesce(irt, 0), sent, senders.name, message_id, subject
    FROM holdings LEFT JOIN senders ON senders.id = holdings.sender WHERE holdings.id = ?"""
_KEPT = """SELECT copies.holding, beside.said FROM temp.copies LEFT JOIN beside ON beside.holding = copies.holding
    WHERE copies.evidence = ? ORDER BY copies.holding"""

# A number of rows that do not fit, and what they are.
_MISFITS = (
    (
        "messages in a mailbox that have no reading",
        "SELECT count(*) FROM holdings JOIN evidence ON evidence.id = evidence WHERE packed_size IS NULL",
    ),
    (
        "messages without their place in the index",
        "SELECT count(*) FROM holdings WHERE id NOT IN (SELECT id FROM words_docsize)",
    ),
    (
        "places in the index without a message",
        "SELECT count(*) FROM words_docsize WHERE id NOT IN (SELECT id FROM holdings)",
    ),
    (
        "findings of a run that is not in the ledger",
        "SELECT count(*) FROM findings WHERE run NOT IN (SELECT id FROM runs)",
    ),
    (
        "gaps whose message is kept nowhere",
        """SELECT count(*) FROM gaps WHERE sha256 IS NOT NULL AND reason LIKE '%kept whole%'
        AND NOT EXISTS (SELECT 1 FROM evidence WHERE evidence.sha256 = gaps.sha256)""",
    ),
)


def read_by(database: Database, version: str) -> None:
    """Evidence that comes from now on is read by this version."""
    if database.value("SELECT version FROM readers ORDER BY first DESC LIMIT 1") == version:
        return
    with database.transaction():
        first = database.value("SELECT coalesce(max(id), 0) + 1 FROM evidence")
        database.run("DELETE FROM readers WHERE first >= ?", (first,))
        database.run("INSERT INTO readers VALUES (?, ?)", (first, version))


class Look:
    """See `auditor.store.interface.Proving` for what each question means."""

    def __init__(self, database: Database, shelf: Shelf, hashes: Hashes, reader: str) -> None:
        self._database = database
        self._shelf = shelf
        self._hashes = hashes
        self._reader = reader
        self._prepared = False

    def troubles(self) -> list[str]:
        """What SQLite finds; of an encrypted file also the pages that are not as they were written."""
        found = [row[0] for row in self._database.rows(f"PRAGMA integrity_check({_SHOWN})")]
        if self._database.key is not None:
            found += [row[0] for row in self._database.rows("PRAGMA cipher_integrity_check")]
        return [one for one in found if one != "ok"]

    def misfits(self) -> list[Misfit]:
        """How the parts fit together."""
        value = self._database.value
        return [
            Misfit("tables that are not as they were made", self._spoilt_shapes()),
            Misfit("rows that name a row which is not there", len(self._database.rows("PRAGMA foreign_key_check"))),
            *(Misfit(what, value(question)) for what, question in _MISFITS),
            Misfit("wordings of findings that are not as they were written", self._spoilt_verdicts()),
            Misfit("mailboxes whose account does not add up", self._unequal_accounts()),
            Misfit("runs of which the ledger and the audit trail differ", self._unequal_runs()),
        ]

    def _spoilt_shapes(self) -> int:
        made = {one for step in STEPS for one in step.statements if one.startswith("CREATE ")}
        # As bytes: a damaged shape may be no text.
        shapes = self._database.rows("SELECT CAST(sql AS BLOB) FROM sqlite_schema WHERE sql IS NOT NULL")
        return len({one.encode() for one in made} - {bytes(shape) for (shape,) in shapes})

    def _spoilt_verdicts(self) -> int:
        rows = self._database.each("SELECT key, said FROM verdicts")
        return sum(self._hashes(bytes(said)) != key for key, said in rows)

    def _unequal_accounts(self) -> int:
        """Of mailboxes whose newest night was complete; while a run is unfinished nobody can say."""
        if self._database.value("SELECT ended IS NULL FROM runs ORDER BY id DESC LIMIT 1"):
            return 0
        accounts = ledger.coverage(self._database)
        terms = ((a, a.collected + a.gaps + a.outside_window + a.private) for a in accounts)
        return sum(
            account.status is MailboxStatus.COMPLETE and account.provider_count != total for account, total in terms
        )

    def _unequal_runs(self) -> int:
        rows = self._database.each("SELECT about FROM trail WHERE deed = ?", (Deed.RUN,))
        return sum(not self._run_fits(about) for (about,) in rows)

    def _run_fits(self, about: str) -> bool:
        try:
            said = json.decode(about)
            if not isinstance(said, dict) or "mailboxes" not in said:
                return True
            figures = "SELECT count(*), sum(new), sum(removed), sum(findings), sum(gaps) FROM nights WHERE run = ?"
            row = self._database.row(figures, (said["run"],))
            told = tuple(said[name] for name in ("mailboxes", "new", "removed", "findings", "gaps"))
        except (DecodeError, KeyError):
            return True  # the trail's own proof says what is wrong with it
        return tuple(number or 0 for number in row or ()) == told

    def last(self) -> int:
        """The highest number."""
        return int(self._database.value("SELECT coalesce(max(id), 0) FROM evidence"))

    def pieces(self, first: int, last: int, *, bytes_only: bool = False) -> Iterator[Piece]:
        """Evidence, each fetched by itself: one that cannot be read hides none of the others."""
        if not bytes_only:
            self._prepare()
        numbers = self._database.rows("SELECT id FROM evidence WHERE id BETWEEN ? AND ? ORDER BY id", (first, last))
        for (number,) in numbers:
            try:
                yield self._piece(number, bytes_only)
            except LockedStore:
                raise
            except Exception:  # noqa: BLE001 - damage puts any value into any column
                yield Piece(number, f"number {number}", sound=False, raw=None, packed=None)

    def _prepare(self) -> None:
        """Holdings by their evidence, in memory: the file has no index for that and no other need of one."""
        if self._prepared:
            return
        run = self._database.run
        run("CREATE TEMP TABLE copies (evidence, holding, PRIMARY KEY (evidence, holding)) WITHOUT ROWID")
        run("INSERT INTO temp.copies SELECT evidence, id FROM holdings ORDER BY evidence, id")
        self._prepared = True

    def _piece(self, number: int, bytes_only: bool) -> Piece:
        row = self._database.row(_EVIDENCE, (number,))
        if row is None:
            raise StoreError("It is in the index and not in the table.")
        key, name, size, packed_size, _, _, reading, data = row
        sha256 = bytes(name).hex()
        try:
            sound = key == evidence_key(name) and self._shelf.digest(size, data) == sha256
        except StoreError:
            sound = False
        if bytes_only or packed_size is None:
            return Piece(number, sha256, sound, None, None)
        try:
            packed = self._shelf.reading(size, packed_size, reading, data)[0]
        except (StoreError, DecodeError, ValueError):
            return Piece(number, sha256, sound, None, None, spoilt=True)
        raw = self._shelf.raw(size, data) if sound else None
        return Piece(number, sha256, sound, raw, packed, False, self._earlier(number), self._kept(number))

    def _kept(self, number: int) -> tuple[Kept, ...]:
        return tuple(Kept(holding, _bcc(said)) for holding, said in self._database.rows(_KEPT, (number,)))

    def _earlier(self, number: int) -> bool:
        made = self._database.value(
            "SELECT version FROM readers WHERE first <= ? ORDER BY first DESC LIMIT 1", (number,)
        )
        return bool(made != self._reader)

    def unlike(self, piece: Piece, readings: Mapping[int, Reading]) -> list[str]:
        """What differs, by the name of what is kept."""
        found = list[str]()
        for holding, reading in readings.items():
            try:
                found += self._unlike(holding, reading)
            except Exception:  # noqa: BLE001 - as in `pieces`
                found.append("a row that cannot be read")
        for reading in list(readings.values())[:1]:
            row = self._database.row("SELECT text_size, attachments FROM evidence WHERE id = ?", (piece.number,))
            if row != (reading.text_size, reading.attachments):
                found.append("its figures")
        return found

    def _unlike(self, holding: int, reading: Reading) -> Iterator[str]:
        row = self._database.row(_HOLDING, (holding,))
        if row is None:
            yield "its row"
            return
        _, key, pid, mid, irt, sent, *texts = row
        message_id, sender, subject, _, mended = clean_reading(reading)
        moment = None if reading.sent is None else seconds(reading.sent)
        codes = {*reading.defects, *([MENDED] if mended else ()), *([UNREAD] if reading.unread else ())}
        enclosed = [self._hashes(bytes.fromhex(one)) for one in reading.enclosed]
        hour = hour_sent(moment)
        rows = self._database.rows
        flaws = rows("SELECT code FROM flaws WHERE holding = ?", (holding,))
        files = rows("SELECT place, key FROM enclosed WHERE holding = ? ORDER BY place", (holding,))
        people = self._database.value("SELECT people FROM post WHERE holding = ?", (holding,))
        checks = {
            "its id": key is None or key == self._hashes(bytes(pid)),
            "the Message-ID": (message_id, self._hashes.message_id(message_id)) == (texts[1], mid),
            "what it answers": irt == self._hashes.message_id(reading.in_reply_to),
            "the moment it was sent": sent == moment and (holding < FIRST_DATED or holding >> HOUR_BITS == hour),
            "the sender": sender == texts[0],
            "the subject": subject == texts[2],
            "what was read round": {clean(code) for code in codes} == {code for (code,) in flaws},
            "the files that came with it": list(enumerate(enclosed)) == files,
            "who wrote to whom": bytes(people or b"") == (b"" if moment is None else reading.post),
        }
        yield from (what for what, fits in checks.items() if not fits)

    def words(self, holding: int, reading: Reading) -> int:
        """The sum of the words of a reading, and of the mailbox's own."""
        mailbox = self._database.value("SELECT mailbox FROM holdings WHERE id = ?", (holding,))
        return _sum((*clean_reading(reading)[3], f"=b{mailbox}"))

    def index(self) -> tuple[Sequence[int], Sequence[int], int]:
        """Every term of the index, once through; arrays, for there may be a million holdings."""
        ids = array("q", (number for (number,) in self._database.each("SELECT id FROM holdings ORDER BY id")))
        sums = array("Q", bytes(8 * len(ids)))
        places = {name: number << 40 for number, name in enumerate(_COLUMNS)}
        self._database.run("CREATE VIRTUAL TABLE temp.instances USING fts5vocab(main, words, instance)")
        strangers, before, weight, at = set[int](), None, 0, 0
        for term, holding, column, offset in self._database.each("SELECT term, doc, col, offset FROM temp.instances"):
            if term != before:
                before, weight, at = term, _weight(term), 0
            # Of one term the holdings come in order.
            at = bisect_left(ids, holding, at if at < len(ids) and ids[at] <= holding else 0)
            if at == len(ids) or ids[at] != holding or column not in places:
                strangers.add(holding)
                continue
            sums[at] = (sums[at] + weight * ((places[column] | offset) * 2 + 1)) & _MASK
        self._database.run("DROP TABLE temp.instances")
        return ids, sums, len(strangers)


@lru_cache(maxsize=_REMEMBERED)
def _weight(term: str) -> int:
    return int.from_bytes(blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _sum(columns: Sequence[str]) -> int:
    """Over all terms: the term's own number times its place, which is odd, so that no change of one alone is lost."""
    total = 0
    for number, text in enumerate(columns):
        plain = text.translate(_PARTS) if not text.replace(" ", "").isalnum() else text
        place = (number << 40) * 2 + 1
        for term in filter(None, plain.split(" ")):
            total += _weight(term) * place
            place += 2
    return total & _MASK


def _bcc(said: str | None) -> tuple[str, ...]:
    try:
        return json.decode(said, type=Beside).bcc if said else ()
    except (DecodeError, ValueError):
        return ()
