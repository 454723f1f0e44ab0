"""The questions the product asks of its store; SQLite answers them now, PostgreSQL the same later.

A store keeps four kinds of thing. Evidence: the provider's bytes, once each, named by SHA-256. Holdings: which
mailbox holds which evidence under which id; two people's copies are two holdings of one piece of evidence.
Readings: what was made of the evidence (text, parts, search terms), which can always be made again. And the
record: findings, gaps, cursors, runs. All moments are UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol, Self

from auditor.store.decisions import Book, Change, Conflict, Decided, Said
from auditor.store.exceptions import Hidden, Pick, Picked
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
    Misfit,
    Piece,
    Posted,
    Query,
    Reading,
    Run,
    StoreFacts,
    Tally,
    UncheckedRow,
    Whose,
)
from auditor.store.retention import Certify, Destroyed, Hold, Paper, Plan
from auditor.store.samples import Candidate, Drawn, Look, Looked, Missed, SampleTally
from auditor.store.trail import Deed, Entry, Head, Proof


class Held(Protocol):
    """What the store already holds of one mailbox: a read-only look, for sources that have to compare."""

    @property
    def since(self) -> date | None:
        """Messages sent before this London day are counted and not collected; None collects everything."""
        ...

    def stamps(self, ids: Sequence[str]) -> dict[str, str | None]:
        """The stamps of those of these ids that are accounted for and have not vanished; None for what has to be fetched
        whatever its stamp: an open gap, or what was passed over and would not be now. A few thousand a call."""
        ...

    def unknown(self, listed: Sequence[tuple[str, str]]) -> set[str]:
        """Which of these (id, stamp) are not held, or are held with another stamp. A few thousand a call.

        Ids with an open gap count as unknown, so that they are tried again; ids held as vanished too,
        so that a message that came back is seen.
        """
        ...

    def ids(self) -> Iterator[str]:
        """Every id accounted for and not vanished, once each and in no order, streamed: held, an open gap, or passed
        over. One of these that is no longer listed has vanished."""
        ...

    def empty(self) -> bool:
        """Whether `ids` has none; without going through them."""
        ...

    def gaps(self) -> tuple[str, ...]:
        """Ids with an open gap: asked for again tonight even where nothing else has changed."""
        ...

    def find(self, sha256: str) -> tuple[str, ...]:
        """Ids, not vanished, whose bytes have this hash: to know a renamed file again."""
        ...


class Proving(Protocol):
    """What it takes to prove a store whole. Reads only. Raises StoreError where the file cannot even be read."""

    def troubles(self) -> list[str]:
        """What the engine's own check of the file finds, in its own words; empty when it is content."""
        ...

    def misfits(self) -> list[Misfit]:
        """Every check of how the parts fit together, with the number of those that do not: 0 where all is well."""
        ...

    def last(self) -> int:
        """The highest number of a piece of evidence; 0 where there is none."""
        ...

    def pieces(self, first: int, last: int, *, bytes_only: bool = False) -> Iterator[Piece]:
        """The evidence with these numbers, both included, in order; with `bytes_only` neither readings nor holdings."""
        ...

    def unlike(self, piece: Piece, readings: Mapping[int, Reading]) -> list[str]:
        """What is kept of a piece's holdings, and is not what their readings (by holding) give. No word of the mail."""
        ...

    def words(self, holding: int, reading: Reading) -> int:
        """The sum of the words that a reading puts into the index for a holding; 64 bits."""
        ...

    def index(self) -> tuple[Sequence[int], Sequence[int], int]:
        """Every holding in ascending order, the sum of the words that the index has for each, and how many others the
        index has words for."""
        ...


class Store(Protocol):
    """One open store. Not shared between threads. Use it as a context manager."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *exc: object) -> None: ...
    def close(self) -> None:
        """Closes the files; a second call does nothing."""
        ...

    def opener(self) -> Callable[[], Store]:
        """Opens the same store once more, in another process: pickled, sent and called there."""
        ...

    # --- collecting

    def cursor(self, source: str, mailbox: str) -> str | None:
        """The cursor committed last; None before the first page."""
        ...

    def held(self, source: str, mailbox: str, since: date | None = None) -> Held:
        """A look at what is held of one mailbox. Messages passed over as outside the window count as unknown
        again when they were sent on or after `since`; when it is None they stay passed over."""
        ...

    def commit(self, batch: Batch) -> Committed:
        """Keeps a page: evidence, holdings, readings, index, judgements, gaps and cursor in one transaction."""
        ...

    def commit_all(self, batches: Sequence[Batch], ticket: str = "") -> list[Committed]:
        """Keeps several pages, in order, in one transaction: what each changed. Given with the ticket of the last
        time once more, they are not kept again, and the answer is the same."""
        ...

    def readable_while_written(self) -> bool:
        """Whether this store may be asked while another process keeps something in it; not on every disk."""
        ...

    # --- judging

    def adopt(self, rules_version: str) -> bool:
        """Makes this the version findings are made under. When it is another than before, every message is
        put back in the queue and True is returned. The first version ever adopted returns False. What some rule could
        not be put to in a run of another version of the program is put back whatever is adopted."""
        ...

    def version(self) -> str | None:
        """The version findings are made under; None before the first is adopted."""
        ...

    def queue(self, limit: int, after: int = -1) -> list[Docket]:
        """The next messages to judge, by holding number, above `after`; empty when none is left. An arrival waits here
        unless its judgement came with it and stands. A reply, or a second copy, arriving puts the message it bears
        witness for back in the queue."""
        ...

    def witnesses(self, holdings: Sequence[int]) -> dict[int, list[Docket]]:
        """For each of these holdings, the others that show the same message: its copies (same Message-ID) and the
        replies to it (In-Reply-To), in holding order, removed ones included, at most 64. Holdings without any are
        left out."""
        ...

    def judge(self, run: int, judgements: Sequence[tuple[int, Judgement]]) -> int:
        """Keeps the judgements of these holdings and takes them off the queue, in one transaction; how many findings
        are new.

        A finding known before keeps its run, its report and its decision, and takes on the new wording and rules
        version; one no longer made is kept, withdrawn, unless its rule could not be put to the message. Where copies of a message make the same finding, it is one
        finding, withdrawn when none of them makes it any longer.
        """
        ...

    def all_held(self, limit: int, after: int = -1) -> list[Docket]:
        """The next of all messages held, as `queue` gives those that wait."""
        ...

    def envelopes(self, holdings: Collection[int]) -> dict[int, Envelope]:
        """Who sent each of these, and when."""
        ...

    def made(self, holdings: Sequence[int]) -> list[Made]:
        """The findings in force that these holdings make, by holding and id."""
        ...

    # --- the post book

    def unweighed(self) -> bool:
        """Whether there is anything due in the post."""
        ...

    def post(self) -> Iterator[Posted]:
        """Every message with a date and a line in the post book, by the moment it was sent."""
        ...

    def weighed(self, remarked: Collection[int]) -> None:
        """All that was due has been weighed, and these holdings were remarked on. They are put in the queue, and so are
        those that had been remarked on before and are no longer."""
        ...

    # --- the ledger

    def begin_run(self, started: datetime, version: str) -> int:
        """Opens a line in the ledger; its number, from 1."""
        ...

    def end_run(self, run: int, ended: datetime, ok: bool, mailboxes: Sequence[MailboxNight]) -> None:
        """Closes it, with how each mailbox fared; coverage is taken from the newest closed run."""
        ...

    def runs(self, limit: int = 20) -> list[Run]:
        """Newest first."""
        ...

    # --- reporting

    def findings(self, *, reported: str | None = None, unreported: bool = False) -> list[FindingRow]:
        """Findings in force (not withdrawn) listed in the workbook `reported`, and/or those in none yet; all when
        neither is asked for. By sent day (London; unknown last), then mailbox, then rule, then id."""
        ...

    def findings_sent(self, since: date, until: date) -> list[FindingRow]:
        """Findings in force on messages sent on these days (London, inclusive), whichever workbook lists them, in the
        same order."""
        ...

    def finding_ids(self) -> list[str]:
        """The ids of all findings in force, in order."""
        ...

    def findings_named(self, start: str) -> list[FindingRow]:
        """Findings in force whose id begins so, in id order."""
        ...

    def mark_reported(self, ids: Sequence[str], label: str, path: str, at: datetime) -> None:
        """Records that a workbook was written and which findings it was the first to list."""
        ...

    def reports(self) -> dict[str, datetime]:
        """Workbooks written, by label, with the moment of the first writing."""
        ...

    def coverage(self) -> list[Coverage]:
        """Every mailbox ever configured, in source and address order."""
        ...

    def gaps(self) -> list[GapRow]:
        """Every open gap, by source, mailbox and id."""
        ...

    def unchecked(self) -> list[UncheckedRow]:
        """Every message held that rules could not be put to, by source, mailbox, id and reason."""
        ...

    def judged_between(self, since: date | None, until: date | None) -> dict[str, int]:
        """How many messages rules were put to, by mailbox, sent on these days (inclusive; None is open): the
        denominators. A message without a usable date counts as old mail: it is in where `since` is open."""
        ...

    def senders_between(self, since: date | None, until: date | None) -> dict[str, int]:
        """The messages that `judged_between` counts, by the address they were sent from, lower case."""
        ...

    def unseen_between(self, since: date | None, until: date | None) -> dict[str, int]:
        """How many of the messages that `judged_between` counts left something unseen, by what it was
        (`Judgement.unseen`)."""
        ...

    def tallies(self, spans: Sequence[tuple[date | None, date | None]]) -> list[Tally]:
        """The messages that `judged_between` counts, and those with a finding in force, sent in each of these spans of
        days (inclusive; None is open), counted by span, mailbox, sender and what was found, in that order."""
        ...

    # --- decisions

    def books(self) -> dict[str, str]:
        """Workbooks whose decisions were read, by name, with the SHA-256 of the file as it was read last."""
        ...

    def decide(self, book: Book, said: Sequence[Said], who: str, now: datetime) -> Change:
        """Keeps what a workbook says of findings, withdrawn ones included, in one transaction; where anything changed, with
        its entry in the trail.

        Each is compared with what this workbook said last of that finding: only what differs is kept, at the moment the
        workbook was saved. Nothing chosen and no note takes back what it had said. A finding that is not among `said`
        stays as it was; of one that is there twice, the last counts."""
        ...

    def whose(self, findings: Collection[str]) -> list[Whose]:
        """Whose mail these findings are on, withdrawn ones included; those that are not held are left out."""
        ...

    def decisions(self, findings: Collection[str] | None = None) -> dict[str, Decided]:
        """What stands of these findings, or of all, by id in order: of what each workbook said last, the one saved last,
        and of those saved together the one read last. Where that takes back, nothing stands, whatever older workbooks
        say. A note may stand without a decision."""
        ...

    def decision_history(self, finding: str) -> list[Decided]:
        """Every change of what workbooks say of a finding, oldest first."""
        ...

    def conflicts(self, books: Collection[str]) -> list[Conflict]:
        """Findings, by id, of which these workbooks last said different things, having taken back included; with what
        each of them said, newest first. Another workbook's may be newer than all of these."""
        ...

    def undecided(self) -> dict[str, int]:
        """How many findings in force of each workbook written (`FindingRow.reported`) have no decision that stands;
        workbooks without any are left out."""
        ...

    # --- samples

    def unflagged(self, label: str, since: date | None, until: date | None) -> list[Candidate]:
        """Every message that `judged_between` counts, that all rules could be put to and that has no finding; once each,
        in this week's order of chance (`auditor.store.samples`)."""
        ...

    def draw(self, label: str, chairs: bool, drawn: Sequence[Candidate], unflagged: int) -> None:
        """Keeps these as a week's sample, the Clerk's or the Chair's, drawn from so many. Changes nothing where one is
        kept."""
        ...

    def sample(self, label: str, chairs: bool) -> list[Drawn]:
        """A week's sample in the order of chance, without what has been purged since or has other bytes now; empty
        where none was drawn."""
        ...

    def look(self, book: Book, chairs: bool, said: Sequence[Look], who: str, now: datetime) -> Change:
        """Keeps what a workbook says of messages of the Clerk's samples, or of the Chair's, as `decide` keeps decisions. A
        name that is in none of those is unknown."""
        ...

    def looks(self, names: Collection[str] | None = None) -> dict[str, Looked]:
        """What stands of these messages of samples, or of all, by name in order; as `decisions`."""
        ...

    def look_history(self, name: str) -> list[Looked]:
        """Every change of what workbooks say of a message of a sample, oldest first."""
        ...

    def look_conflicts(self, books: Collection[str]) -> list[tuple[Looked, ...]]:
        """What each of these workbooks said last, newest first, of messages of which they say different things; by
        name."""
        ...

    def sample_tallies(self, chairs: bool, labels: Collection[str]) -> list[SampleTally]:
        """The samples of these weeks in figures, by label; a week without one is left out."""
        ...

    def missed(self, chairs: bool) -> list[Missed]:
        """The messages of all samples in which something was missed, as it stands; the newest week first."""

    # --- exceptions

    def choose(self, book: Book, said: Sequence[Pick], who: str, now: datetime) -> int:
        """Keeps what a workbook says of exceptions, in one transaction; of how many it now says something else. Where that is
        any, with its entry in the trail, which has their names and no word of mail.

        As with decisions: each is compared with what this workbook said last of that exception, only what differs is kept, at
        the moment the workbook was saved, and an exception that is not among `said` stays as it was. `until` is kept with
        a choice that differs, and does not differ by itself."""
        ...

    def choices(self) -> list[Picked]:
        """Every change of what workbooks say of exceptions, in order of reading."""
        ...

    def hide(self, findings: Mapping[str, str], label: str) -> None:
        """Records which findings an exception (by finding) kept out of the list in the workbook of this label, which
        `mark_reported` knows. One that is hidden already, or that a workbook lists, stays as it is."""
        ...

    def hidden(self) -> list[Hidden]:
        """All that were ever hidden and are still held, by finding."""
        ...

    # --- the audit trail

    def record(self, deed: Deed, who: str, at: datetime, about: Mapping[str, object]) -> Head:
        """Adds an entry to the trail, and notes the new head outside the store. `about` holds figures, days and names of
        files; nothing of what mail says."""
        ...

    def head(self) -> Head:
        """The newest entry's number and hash."""
        ...

    def trail(self, after: int = 0) -> Iterator[Entry]:
        """Entries with higher numbers, in order."""
        ...

    def last_deed(self, deed: Deed) -> Entry | None:
        """The newest entry of this sort."""
        ...

    def prove_trail(self, heads: Collection[Head] = ()) -> Proof:
        """Goes through the whole trail, against its own memory of its length and what other places noted of it."""
        ...

    def disputed(self) -> Head | None:
        """What was noted of the trail outside the store and the trail does not have: somebody has cut or changed it, or
        put an older store in its place. None when all agrees. It stays so until the note is taken away."""
        ...

    def mark_key(self) -> bytes:
        """The key that mail of the auditor's own is marked with (`auditor.mark`), made the first time it is asked for;
        empty in a store that is only read and has none."""
        ...

    # --- proving

    def read_by(self, version: str) -> None:
        """From now on readings are made by this version of the reader."""
        ...

    def proving(self, reader: str) -> Proving:
        """A look at the store for proving it whole, with this version of the reader. Nobody else may write meanwhile."""
        ...

    # --- retention

    def hold(self, name: str, query: str, who: str, at: datetime) -> int:
        """Adds a hold, with its entry in the trail; how many messages answer it now.

        Raises QueryError for a query that is not understood, UsageError when one of this name stands."""
        ...

    def lift(self, name: str, why: str, who: str, at: datetime) -> int:
        """Lifts a hold, with its entry in the trail; how many messages answered it. Raises UsageError when none of this
        name stands."""
        ...

    def holds(self) -> list[Hold]:
        """Every hold there ever was, in the order they were added."""
        ...

    def purge_plan(self, before: date, at: datetime) -> Plan:
        """What is older than this London day, and what of it holds keep. Nothing is changed."""
        ...

    def purge(self, before: date, who: str, at: datetime, certify: Certify) -> Destroyed | None:
        """Takes out everything that is older than this London day and under no hold, in one transaction, with its entry
        in the trail; the holds are asked in that transaction. None, and nothing written, where there is nothing.

        `certify` makes the papers of what was taken out; their hashes stand in the trail, and they are kept until
        `papers_written`. What was taken out is never collected again, and counts as outside the window. Its words are
        gone from the file once `cleanse` has been done. Raises StoreError when the disk has too little room for that."""
        ...

    def papers(self) -> tuple[Paper, ...]:
        """The papers of the last purge, until they are said to be written."""
        ...

    def papers_written(self) -> None:
        """They lie in their folder."""
        ...

    def unclean(self) -> bool:
        """Whether words that were purged may still be in the file."""
        ...

    def cleanse(self, progress: Callable[[int], None] = lambda _count: None) -> None:
        """Writes the file anew without them, from where that was left. `progress` is told how many pieces of evidence
        have been written since it was told last. Raises StoreError while another program reads the store."""
        ...

    # --- finding again

    def evidence(self, sha256: str) -> bytes:
        """The provider's own bytes. Raises StoreError when they no longer match their name."""
        ...

    def packed(self, sha256: str) -> bytes:
        """What was made of a message that is held (`Reading.packed`). Raises StoreError when there is none."""
        ...

    def search(self, query: Query | Asked, limit: int = 50) -> list[Hit]:
        """Newest first; what has no usable date comes last."""
        ...

    def count(self, query: Query | Asked) -> int:
        """How many holdings `search` would find without a limit."""
        ...

    def find_all(self, asked: Asked) -> Iterator[int]:
        """Every holding that answers a query of the search language (`auditor.store.query.parsed`), highest first."""
        ...

    def facts(self) -> StoreFacts:
        """The store in figures."""
        ...

    def backup(self, to: Path) -> None:
        """A verified copy of the whole store."""
        ...

    def prove_sound(self, most: int | None = None) -> int:
        """Proves the file, that all that is held can be searched, and evidence against its hashes: all of it, or `most`
        pieces spread evenly. How many were hashed. Raises StoreError at the first fault."""
        ...
