"""The SQLite store: every question of the interface, answered by the file that knows."""

# What each question means stands once, in the interface.
# ruff: noqa: D102

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Self

from auditor.errors import StoreError
from auditor.store.decisions import Book, Change, Conflict, Decided, Said
from auditor.store.exceptions import Hidden, Pick, Picked
from auditor.store.interface import Held, Proving, Store
from auditor.store.query import Asked
from auditor.store.records import (
    Batch,
    Committed,
    Coverage,
    Docket,
    Envelope,
    FindingRow,
    GapRow,
    Hit,
    Judgement,
    Made,
    MailboxNight,
    Posted,
    Query,
    Run,
    StoreFacts,
    Tally,
    UncheckedRow,
    Whose,
)
from auditor.store.retention import Certify, Destroyed, Hold, Paper, Plan
from auditor.store.samples import Candidate, Drawn, Look, Looked, Missed, SampleTally
from auditor.store.sqlite import (
    asking,
    cleansing,
    collecting,
    deciding,
    excepting,
    findings,
    holds,
    judging,
    ledger,
    post,
    proving,
    purging,
    reporting,
    sampling,
    searching,
    soundness,
    tallying,
    trailing,
    unchecked,
)
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.evidence import Shelf, proved, read_again
from auditor.store.sqlite.held import HeldMailbox
from auditor.store.sqlite.migrations import bring_up_to_date, verified_copy
from auditor.store.sqlite.text import Hashes, evidence_key
from auditor.store.trail import Deed, Entry, Head, Proof


class SqliteStore:
    """One open file. See `auditor.store.interface.Store` for what each question means."""

    def __init__(
        self,
        path: Path,
        *,
        key: str | None = None,
        trail_key: bytes | None = None,
        read_only: bool = False,
        patience: float | None = None,
    ) -> None:
        self._trail_key = trail_key
        self._database = Database(path, key=key, read_only=read_only, patience=patience)
        try:
            bring_up_to_date(self._database)
            self._shelf = Shelf(self._database)
            self._hashes = Hashes(self._database)
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

    def opener(self) -> Callable[[], Store]:
        opened = self._database
        return partial(SqliteStore, opened.path, key=opened.key, trail_key=self._trail_key, read_only=opened.read_only)

    def cursor(self, source: str, mailbox: str) -> str | None:
        return collecting.cursor(self._database, source, mailbox)

    def held(self, source: str, mailbox: str, since: date | None = None) -> Held:
        return HeldMailbox(self._database, self._hashes, (source, mailbox), since)

    def commit(self, batch: Batch) -> Committed:
        return self.commit_all([batch])[0]

    def commit_all(self, batches: Sequence[Batch], ticket: str = "") -> list[Committed]:
        return collecting.commit(self._database, self._shelf, self._hashes, batches, ticket)

    def readable_while_written(self) -> bool:
        return self._database.readers_welcome

    def adopt(self, rules_version: str) -> bool:
        return judging.adopt(self._database, rules_version)

    def version(self) -> str | None:
        return judging.version(self._database)

    def queue(self, limit: int, after: int = -1) -> list[Docket]:
        return judging.queue(self._database, self._shelf, limit, after)

    def witnesses(self, holdings: Sequence[int]) -> dict[int, list[Docket]]:
        return judging.witnesses(self._database, self._shelf, holdings)

    def judge(self, run: int, judgements: Sequence[tuple[int, Judgement]]) -> int:
        return judging.judge(self._database, self._hashes, run, judgements)

    def all_held(self, limit: int, after: int = -1) -> list[Docket]:
        return judging.all_held(self._database, self._shelf, limit, after)

    def envelopes(self, holdings: Collection[int]) -> dict[int, Envelope]:
        return judging.envelopes(self._database, holdings)

    def made(self, holdings: Sequence[int]) -> list[Made]:
        return findings.made(self._database, holdings)

    def unweighed(self) -> bool:
        return post.unweighed(self._database)

    def post(self) -> Iterator[Posted]:
        return post.lines(self._database)

    def weighed(self, remarked: Collection[int]) -> None:
        post.weighed(self._database, remarked)

    def begin_run(self, started: datetime, version: str) -> int:
        return ledger.begin_run(self._database, started, version)

    def end_run(self, run: int, ended: datetime, ok: bool, mailboxes: Sequence[MailboxNight]) -> None:
        ledger.end_run(self._database, run, ended, ok, mailboxes)
        if not mailboxes or any(night.new or night.removed or night.analysed for night in mailboxes):
            ledger.tidy(self._database)  # a night that brought nothing leaves nothing to tidy

    def runs(self, limit: int = 20) -> list[Run]:
        return ledger.runs(self._database, limit)

    def findings(self, *, reported: str | None = None, unreported: bool = False) -> list[FindingRow]:
        return reporting.findings(self._database, self._shelf, reported, unreported)

    def findings_sent(self, since: date, until: date) -> list[FindingRow]:
        return reporting.findings_sent(self._database, self._shelf, since, until)

    def finding_ids(self) -> list[str]:
        return reporting.finding_ids(self._database)

    def findings_named(self, start: str) -> list[FindingRow]:
        return reporting.findings_named(self._database, self._shelf, start)

    def mark_reported(self, ids: Sequence[str], label: str, path: str, at: datetime) -> None:
        reporting.mark_reported(self._database, ids, label, path, at)

    def reports(self) -> dict[str, datetime]:
        return reporting.reports(self._database)

    def books(self) -> dict[str, str]:
        return deciding.books(self._database)

    def decide(self, book: Book, said: Sequence[Said], who: str, now: datetime) -> Change:
        return deciding.decide(self._database, self._trail_key, book, said, who, now)

    def whose(self, findings: Collection[str]) -> list[Whose]:
        return deciding.whose(self._database, findings)

    def decisions(self, findings: Collection[str] | None = None) -> dict[str, Decided]:
        return deciding.decisions(self._database, findings)

    def decision_history(self, finding: str) -> list[Decided]:
        return deciding.history(self._database, finding)

    def conflicts(self, books: Collection[str]) -> list[Conflict]:
        return deciding.conflicts(self._database, books)

    def undecided(self) -> dict[str, int]:
        return deciding.undecided(self._database)

    def unflagged(self, label: str, since: date | None, until: date | None) -> list[Candidate]:
        return sampling.unflagged(self._database, label, since, until)

    def draw(self, label: str, chairs: bool, drawn: Sequence[Candidate], unflagged: int) -> None:
        sampling.draw(self._database, label, chairs, drawn, unflagged)

    def sample(self, label: str, chairs: bool) -> list[Drawn]:
        return sampling.sample(self._database, self._shelf, label, chairs)

    def look(self, book: Book, chairs: bool, said: Sequence[Look], who: str, now: datetime) -> Change:
        return sampling.look(self._database, self._trail_key, book, chairs, said, who, now)

    def looks(self, names: Collection[str] | None = None) -> dict[str, Looked]:
        return sampling.looks(self._database, names)

    def look_history(self, name: str) -> list[Looked]:
        return sampling.history(self._database, name)

    def look_conflicts(self, books: Collection[str]) -> list[tuple[Looked, ...]]:
        return sampling.conflicts(self._database, books)

    def sample_tallies(self, chairs: bool, labels: Collection[str]) -> list[SampleTally]:
        return sampling.sample_tallies(self._database, chairs, labels)

    def missed(self, chairs: bool) -> list[Missed]:
        return sampling.missed(self._database, self._shelf, chairs)

    def choose(self, book: Book, said: Sequence[Pick], who: str, now: datetime) -> int:
        return excepting.choose(self._database, self._trail_key, book, said, who, now)

    def choices(self) -> list[Picked]:
        return excepting.choices(self._database)

    def hide(self, findings: Mapping[str, str], label: str) -> None:
        excepting.hide(self._database, findings, label)

    def hidden(self) -> list[Hidden]:
        return excepting.hidden(self._database)

    def coverage(self) -> list[Coverage]:
        return ledger.coverage(self._database)

    def gaps(self) -> list[GapRow]:
        return ledger.gaps(self._database, self._hashes)

    def unchecked(self) -> list[UncheckedRow]:
        return unchecked.rows(self._database)

    def judged_between(self, since: date | None, until: date | None) -> dict[str, int]:
        return ledger.judged_between(self._database, since, until)

    def senders_between(self, since: date | None, until: date | None) -> dict[str, int]:
        return ledger.senders_between(self._database, since, until)

    def unseen_between(self, since: date | None, until: date | None) -> dict[str, int]:
        return ledger.unseen_between(self._database, since, until)

    def tallies(self, spans: Sequence[tuple[date | None, date | None]]) -> list[Tally]:
        return tallying.tallies(self._database, spans)

    def record(self, deed: Deed, who: str, at: datetime, about: Mapping[str, object]) -> Head:
        with self._database.transaction():
            head = trailing.append(self._database, self._trail_key, at, who, deed, about)
        trailing.noted_anew(self._database, head)
        return head

    def head(self) -> Head:
        return trailing.newest(self._database)

    def trail(self, after: int = 0) -> Iterator[Entry]:
        return trailing.entries(self._database, after)

    def last_deed(self, deed: Deed) -> Entry | None:
        return trailing.last(self._database, deed)

    def prove_trail(self, heads: Collection[Head] = ()) -> Proof:
        return trailing.proved(self._database, self._trail_key, tuple(heads))

    def disputed(self) -> Head | None:
        return trailing.disputed(self._database)

    def mark_key(self) -> bytes:
        return soundness.mark_key(self._database)

    def read_by(self, version: str) -> None:
        proving.read_by(self._database, version)

    def proving(self, reader: str) -> Proving:
        return proving.Look(self._database, self._shelf, self._hashes, reader)

    def hold(self, name: str, query: str, who: str, at: datetime) -> int:
        many, head = holds.add(self._database, self._trail_key, name, query, who, at)
        trailing.noted_anew(self._database, head)
        return many

    def lift(self, name: str, why: str, who: str, at: datetime) -> int:
        many, head = holds.lift(self._database, self._trail_key, name, why, who, at)
        trailing.noted_anew(self._database, head)
        return many

    def holds(self) -> list[Hold]:
        return holds.listed(self._database)

    def purge_plan(self, before: date, at: datetime) -> Plan:
        return purging.plan(self._database, self._hashes, before, at)

    def purge(self, before: date, who: str, at: datetime, certify: Certify) -> Destroyed | None:
        done = purging.purge(self._database, self._hashes, self._trail_key, before, who, at, certify)
        if done is None:
            return None
        trailing.noted_anew(self._database, done[1])
        return done[0]

    def papers(self) -> tuple[Paper, ...]:
        return purging.papers(self._database)

    def papers_written(self) -> None:
        purging.papers_written(self._database)

    def unclean(self) -> bool:
        return cleansing.due(self._database)

    def cleanse(self, progress: Callable[[int], None] = lambda _count: None) -> None:
        cleansing.cleanse(self._database, self._shelf, progress)

    def evidence(self, sha256: str) -> bytes:
        wanted = bytes.fromhex(sha256)
        row = self._database.row(
            "SELECT size, data FROM evidence WHERE key = ? AND sha256 = ?", (evidence_key(wanted), wanted)
        )
        if row is None:
            raise StoreError(f"The store {self._database.path} holds no message {sha256[:12]}….")
        return proved(self._shelf.raw(*row), sha256, self._database)

    def packed(self, sha256: str) -> bytes:
        return read_again(self._database, self._shelf, sha256)

    def search(self, query: Query | Asked, limit: int = 50) -> list[Hit]:
        return searching.search(self._database, query, limit)

    def count(self, query: Query | Asked) -> int:
        return searching.count(self._database, query)

    def find_all(self, asked: Asked) -> Iterator[int]:
        return asking.find_all(self._database, asked)

    def facts(self) -> StoreFacts:
        path = self._database.path
        files = (path, path.with_name(path.name + "-wal"))
        return StoreFacts(
            messages=self._database.value("SELECT count(*) FROM holdings"),
            searchable=self._database.value("SELECT count(*) FROM words_docsize"),
            bytes=sum(file.stat().st_size for file in files if file.exists()),
        )

    def backup(self, to: Path) -> None:
        verified_copy(self._database, to)

    def prove_sound(self, most: int | None = None) -> int:
        return soundness.prove(self._database, self._shelf, most)
