"""Retention: nothing under a hold is ever purged, everything due and free is, nothing of it comes back, no word stays."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from letters import BLOGGS, CLERK, finding, judge_all, judgement, letter, missed, page

from auditor.errors import StoreError, UsageError
from auditor.store.days import london_day
from auditor.store.decisions import Book, Decision, Said
from auditor.store.query import QueryError, parsed
from auditor.store.records import Arrival, PassedOver, Query, Relocated, Skipped
from auditor.store.retention import Destroyed, Paper
from auditor.store.samples import Look, SampleTally, Verdict
from auditor.store.sqlite import cleansing
from auditor.store.sqlite.store import SqliteStore
from auditor.store.trail import Deed
from auditor.values import replace

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
EDGE = date(2024, 11, 26)
"""The first day that is kept."""
OLD = datetime(2024, 11, 25, 23, 59, tzinfo=UTC)
YOUNG = datetime(2024, 11, 26, 0, 1, tzinfo=UTC)
CANARY = "quizzaciously"


def certificate(gone: Destroyed) -> tuple[Paper, ...]:
    return (Paper("Purge 1.txt", f"{gone.count} messages"),)


def purged(store: SqliteStore, before: date = EDGE, at: datetime = NOW) -> Destroyed | None:
    gone = store.purge(before, "a clerk", at, certificate)
    store.papers_written()
    store.cleanse()
    return gone


def decide_all(store: SqliteStore) -> None:
    """Whatever was found is a breach, with a note that repeats the words and was altered once."""
    for day, end in enumerate(("?", ".")):
        said = [Said(row.id, Decision.BREACH, row.finding.excerpt + end) for row in store.findings()]
        store.decide(Book("out/a.xlsx", NOW + timedelta(days=day), "ab" * 32), said, "a clerk", NOW)


def ids(store: SqliteStore, mailbox: str = CLERK) -> set[str]:
    sql = "SELECT pid FROM holdings JOIN mailboxes ON mailboxes.id = holdings.mailbox WHERE address = ?"
    return {bytes(pid).decode() for (pid,) in store._database.rows(sql, (mailbox,))}


def sound(store: SqliteStore) -> None:
    database = store._database
    assert database.value("PRAGMA integrity_check") == "ok"
    assert database.rows("PRAGMA foreign_key_check") == []
    facts = store.facts()
    assert facts.messages == facts.searchable == store.count(Query())
    for (sha256,) in database.rows("SELECT sha256 FROM evidence"):
        store.evidence(sha256.hex())
    assert database.value("SELECT count(*) FROM verdicts WHERE id NOT IN (SELECT verdict FROM findings)") == 0
    assert store.prove_trail().whole


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(tmp_path / "a.db") as opened:
        yield opened


@pytest.fixture
def run(store: SqliteStore) -> int:
    return store.begin_run(NOW - timedelta(days=800), "1")


# --- what is due


def test_due_is_by_the_london_day(store: SqliteStore, run: int) -> None:
    summer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # the 1st of July in London
    sent = {"old": OLD, "young": YOUNG, "summer": summer}
    store.commit(page(run, *(letter(name, sent=at) for name, at in sent.items())))
    assert [(due.day, due.mailbox) for due in store.purge_plan(EDGE, NOW).due] == [(date(2024, 11, 25), CLERK)]
    assert len(store.purge_plan(date(2026, 7, 1), NOW).due) == 2
    assert len(store.purge_plan(date(2026, 7, 2), NOW).due) == 3


def test_without_a_date_it_is_received_and_then_first_held(store: SqliteStore) -> None:
    early, late = (store.begin_run(at, "1") for at in (OLD, YOUNG))
    future = datetime(2099, 1, 1, tzinfo=UTC)
    one = [
        letter("received", sent=None),
        letter("future, received", sent=future),
        letter("absurd", sent=datetime(1913, 1, 1, tzinfo=UTC)),
    ]
    store.commit(page(early, *(replace(mail, received=OLD) for mail in one)))
    store.commit(page(early, replace(letter("received late", sent=None), received=YOUNG)))
    store.commit(page(early, letter("held", sent=None), letter("future", sent=future)))
    store.commit(page(late, letter("held late", sent=None), letter("future late", sent=future)))
    plan = store.purge_plan(EDGE, NOW)
    assert sorted(due.day for due in plan.due) == [date(1913, 1, 1), *[date(2024, 11, 25)] * 4]
    purged(store)
    assert ids(store) == {"received late", "held late", "future late"}
    sound(store)


def test_nothing_due_changes_nothing(store: SqliteStore, run: int) -> None:
    store.commit(page(run, letter("young", sent=YOUNG)))
    assert store.purge(EDGE, "a clerk", NOW, certificate) is None
    assert (store.papers(), store.unclean(), store.last_deed(Deed.PURGED)) == ((), False, None)


def test_the_trail_has_the_purge_and_the_hash_of_its_papers(store: SqliteStore, run: int) -> None:
    store.commit(page(run, letter("old", sent=OLD), letter("young", sent=YOUNG)))
    gone = store.purge(EDGE, "a clerk", NOW, certificate)
    assert gone is not None
    assert (gone.messages, gone.count) == (((CLERK, 2024, 1),), 1)
    entry = store.last_deed(Deed.PURGED)
    assert entry is not None
    assert (entry.who, entry.said["messages"]) == ("a clerk", 1)
    assert store.papers() == (Paper("Purge 1.txt", "1 messages"),)
    assert list(entry.said["papers"]) == ["Purge 1.txt"]  # type: ignore[call-overload]
    store.papers_written()
    assert store.papers() == ()


def test_a_disk_without_room_is_told_before_anything_goes(
    store: SqliteStore, run: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.commit(page(run, letter("old", sent=OLD)))
    monkeypatch.setattr(cleansing, "_free", lambda _folder: 1000)
    with pytest.raises(StoreError, match="make room"):
        store.purge(EDGE, "a clerk", NOW, certificate)
    assert ids(store) == {"old"}


def test_a_certificate_that_fails_deletes_nothing(store: SqliteStore, run: int) -> None:
    store.commit(page(run, letter("old", sent=OLD)))

    def fails(_gone: Destroyed) -> tuple[Paper, ...]:
        raise StoreError("no paper")

    with pytest.raises(StoreError, match="no paper"):
        store.purge(EDGE, "a clerk", NOW, fails)
    assert (ids(store), store.last_deed(Deed.PURGED)) == ({"old"}, None)
    sound(store)


# --- holds


def test_a_hold_keeps_by_match_by_bytes_and_by_message_id(store: SqliteStore, run: int) -> None:
    drain = letter("drain", body="The drain.", sent=OLD, message_id="1@x")
    store.commit(page(run, drain, letter("gate", body="The gate.", sent=OLD)))
    same_id = letter("same id", body="Another footer.", sent=OLD, message_id="1@x")
    same_bytes = replace(drain, id="same bytes")
    reply = letter("reply", body="Yes.", sent=OLD, in_reply_to="1@x")
    store.commit(page(run, same_bytes, same_id, reply, mailbox=BLOGGS))
    assert store.hold("Smith", "drains", "a clerk", NOW) == 2
    plan = store.purge_plan(EDGE, NOW)
    assert (plan.kept, plan.kept_in) == ((("Smith", 3),), ((CLERK, 1), (BLOGGS, 2)))
    gone = purged(store)
    assert gone is not None
    assert (gone.count, gone.kept) == (2, (("Smith", 3),))
    assert (ids(store), ids(store, BLOGGS)) == ({"drain"}, {"same bytes", "same id"})
    store.lift("Smith", "answered", "a clerk", NOW)
    purged(store)
    assert (ids(store), ids(store, BLOGGS)) == (set(), set())
    sound(store)


def test_a_copy_without_a_message_id_is_kept_by_its_bytes(store: SqliteStore, run: int) -> None:
    one = letter("a", sent=OLD, message_id="")
    store.commit(page(run, one, letter("other", body="Else.", sent=OLD, message_id="")))
    store.commit(page(run, replace(one, id="b"), mailbox=BLOGGS))
    store.hold("Ann", f"mailbox:{BLOGGS}", "a clerk", NOW)
    purged(store)
    assert (ids(store), ids(store, BLOGGS)) == ({"a"}, {"b"})


def test_holds_have_names_and_a_trail(store: SqliteStore, run: int) -> None:
    store.commit(page(run, letter("a", body="The drain.")))
    assert store.hold("Smith", "drain", "a clerk", NOW) == 1
    with pytest.raises(UsageError, match="stands already"):
        store.hold("Smith", "gate", "a clerk", NOW)
    with pytest.raises(QueryError):
        store.hold("Jones", "form:x", "a clerk", NOW)
    assert store.lift("Smith", "answered", "a clerk", NOW) == 1
    with pytest.raises(UsageError, match="No hold named"):
        store.lift("Smith", "again", "a clerk", NOW)
    assert store.hold("Smith", "gate", "a clerk", NOW) == 0
    assert [(hold.name, hold.query, hold.why) for hold in store.holds()] == [
        ("Smith", "drain", "answered"),
        ("Smith", "gate", None),
    ]
    said = [(entry.deed, entry.said.get("query"), entry.said.get("messages")) for entry in store.trail()]
    assert said == [("held", "drain", 1), ("lifted", "drain", 1), ("held", "gate", 0)]


def test_a_hold_added_after_the_plan_wins(tmp_path: Path) -> None:
    """The hold is asked in the transaction that deletes, not when the plan was made."""
    with SqliteStore(tmp_path / "a.db") as store, SqliteStore(tmp_path / "a.db") as other:
        store.commit(page(store.begin_run(NOW, "1"), letter("drain", body="The drain.", sent=OLD)))
        assert len(store.purge_plan(EDGE, NOW).due) == 1
        other.hold("Smith", "drain", "another clerk", NOW)
        assert purged(store) is None
        assert ids(store) == {"drain"}


def test_a_hold_that_is_not_understood_any_more_stops_the_purge(store: SqliteStore, run: int) -> None:
    store.commit(page(run, letter("old", sent=OLD)))
    store.hold("Smith", "drain", "a clerk", NOW)
    store._database.run("UPDATE holds SET query = 'rule:no-such-rule'")
    with pytest.raises(UsageError, match="The hold 'Smith' cannot be asked"):
        store.purge(EDGE, "a clerk", NOW, certificate)
    assert ids(store) == {"old"}
    store.lift("Smith", "put anew", "a clerk", NOW)
    assert purged(store)


# --- what goes with a message


def test_findings_go_or_stand_under_a_copy_that_is_kept(store: SqliteStore, run: int) -> None:
    store.commit(page(run, letter("old", sent=OLD, message_id="1@x"), letter("gone", sent=OLD, message_id="2@x")))
    store.commit(page(run, letter("young", body="Otherwise.", sent=YOUNG, message_id="3@x"), mailbox=BLOGGS))
    numbers = {hit.message_id: hit.holding for hit in store.search(Query())}
    shared, alone = finding(evidence="shared"), finding("language-unbusinesslike", "alone", excerpt=CANARY)
    store.judge(run, [judgement(numbers["1@x"], shared)])
    store.judge(run, [judgement(numbers["3@x"], shared), judgement(numbers["2@x"], alone, message="n")])
    store.mark_reported([], "2026-W47", "x.xlsx", NOW)
    store.hide({row.id: "ab" * 10 for row in store.findings()}, "2026-W47")
    store.mark_reported([store.findings()[0].id], "2026-W47", "x.xlsx", NOW)
    decide_all(store)
    gone = purged(store)
    assert gone is not None
    (row,) = store.findings()
    assert [one.finding for one in store.hidden()] == [row.id]
    assert list(store.decisions()) == [row.id]
    assert [len(store.decision_history(name)) for name in (row.id, *gone.findings)] == [2, 0]
    assert (row.mailbox, row.finding.evidence) == (BLOGGS, "shared")
    assert store._database.value("SELECT count(*) FROM also_made") == 0
    sound(store)


def test_a_sample_and_what_was_said_of_it_go_with_their_messages(store: SqliteStore, run: int) -> None:
    store.commit(page(run, *(letter(name, sent=sent, body=name) for name, sent in (("old", OLD), ("young", YOUNG)))))
    judge_all(store, run)
    store.draw("W", False, store.unflagged("W", None, None), 2)
    looks = [Look(one.name, Verdict.MISSED, "E1", f"{CANARY} {one.sent}") for one in store.sample("W", False)]
    store.look(Book("out/a.xlsx", NOW, "ab" * 32), False, looks, "a clerk", NOW)
    assert len(store.missed(False)) == 2
    assert purged(store) is not None
    [kept] = store.sample("W", False)
    assert (kept.sent, list(store.looks()), len(store.missed(False))) == (YOUNG, [kept.name], 1)
    assert store.sample_tallies(False, ["W"]) == [SampleTally("W", 2, 1, 1)]
    sound(store)


def test_superseded_bytes_and_names_go_too(store: SqliteStore, run: int) -> None:
    store.commit(page(run, letter("a", sender="old@x.example", folders=("Smith affair",), sent=OLD)))
    store.commit(
        page(run, letter("a", body="Changed.", stamp="2", sender="old@x.example", folders=("Smith affair",), sent=OLD))
    )
    store.commit(page(run, letter("b", sent=YOUNG)))
    assert store._database.value("SELECT count(*) FROM evidence") == 3
    gone = purged(store)
    assert gone is not None
    assert len(gone.evidence) == 2
    for table, left in (("evidence", 1), ("superseded", 0), ("senders", 1), ("folders", 1)):
        assert store._database.value(f"SELECT count(*) FROM {table}") == left, table  # noqa: S608


def test_what_could_not_be_read_goes_when_it_has_been_known_for_so_long(store: SqliteStore) -> None:
    early, late = (store.begin_run(at, "1") for at in (OLD, YOUNG))
    store.commit(page(early, missed=(missed("a", raw=b"unreadable a"), missed("b")), count=3))
    store.commit(page(late, missed=(missed("c", raw=b"unreadable c"),), count=3))
    store.hold("Smith", "drain", "a clerk", NOW)
    assert purged(store) is None, "nobody can say that it does not answer"
    store.lift("Smith", "answered", "a clerk", NOW)
    gone = purged(store)
    assert gone is not None
    assert (gone.unread, gone.count, len(gone.evidence)) == (2, 2, 1)
    assert [gap.id for gap in store.gaps()] == ["c"]
    (account,) = store.coverage()
    assert (account.gaps, account.outside_window) == (1, 2)
    assert store.commit(page(late, missed=(missed("a", raw=b"unreadable a"), missed("b")))).gaps == 0
    assert store._database.value("SELECT count(*) FROM evidence") == 1
    sound(store)


def test_bytes_that_no_gap_names_any_more_go_by_their_own_day(store: SqliteStore) -> None:
    early, late = (store.begin_run(at, "1") for at in (OLD, YOUNG))
    store.commit(page(early, missed=(missed("a", raw=b"unreadable a"),)))
    store.commit(page(late, letter("old", sent=OLD), missed=(missed("b", raw=b"unreadable b"),)))
    store.commit(page(late, vanished=("a", "b")))
    gone = purged(store)
    assert gone is not None
    assert len(gone.evidence) == 2
    assert store._database.value("SELECT count(*) FROM evidence") == 1


# --- what was purged does not come back


def test_what_was_purged_is_counted_and_never_collected_again(store: SqliteStore, run: int) -> None:
    old, young = letter("old", sent=OLD), letter("young", sent=YOUNG)
    store.commit(page(run, old, young, count=2))
    purged(store)
    for window in (None, date(2000, 1, 1)):
        held = store.held("files", CLERK, window)
        assert held.unknown([("old", "1"), ("young", "1")]) == set()
        assert held.stamps(["old"]) == {"old": "1"}
        assert sorted(held.ids()) == ["old", "young"]
    # Listed in full and handed in all the same, with another stamp, or under another name.
    for again in (old, replace(old, stamp="2"), replace(old, raw=b"other bytes", sha256="ab" * 32)):
        assert store.commit(page(run, again)).new == 0
    store.commit(page(run, vanished=("old",)))
    assert store.coverage()[0].outside_window == 0
    assert store.commit(page(run, replace(old, id="renamed"))).new == 0
    assert store.coverage()[0].outside_window == 1
    store.commit(page(run, relocated=(Relocated("renamed", "moved", ("archive",), "3"),)))
    store.commit(page(run, vanished=("moved",)))
    assert store.commit(page(run, replace(old, id="moved", raw=b"more", sha256="cd" * 32))).new == 0
    store.commit(page(run, skipped=(Skipped("moved", "4", PassedOver.OUTSIDE, date(2024, 11, 25)),)))
    assert store.held("files", CLERK, date(2000, 1, 1)).unknown([("moved", "4")]) == set()
    account = store.coverage()[0]
    assert (account.collected, account.outside_window, ids(store)) == (1, 1, {"young"})
    sound(store)


def test_another_message_under_the_name_of_one_that_was_purged_is_collected(store: SqliteStore, run: int) -> None:
    store.commit(page(run, letter("1.eml", sent=OLD, message_id="1@x")))
    purged(store)
    assert store.held("files", CLERK).unknown([("1.eml", "2")]) == {"1.eml"}
    assert store.commit(page(run, letter("1.eml", body="New.", sent=YOUNG, message_id="2@x", stamp="2"))).new == 1
    account = store.coverage()[0]
    assert (account.collected, account.outside_window) == (1, 0)


def test_what_was_gone_when_it_was_purged_is_counted_when_it_comes_back(store: SqliteStore, run: int) -> None:
    old = letter("old", sent=OLD)
    store.commit(page(run, old))
    store.commit(page(run, vanished=("old",)))
    purged(store)
    assert store.coverage()[0].outside_window == 0
    assert store.commit(page(run, old)).new == 0
    assert store.coverage()[0].outside_window == 1


# --- no word stays


def full(store: SqliteStore, run: int) -> None:
    """Some 700 letters, every other old and with the canary wherever words are kept; enough for a dictionary."""
    mails = []
    for number in range(700):
        old = number % 2 == 0
        word = CANARY if old else "gate"
        text = f"Letter {number} on the {word} of the parish, with regards. " * 3
        more = {"sender": f"{word}@x.example", "folders": (word,), "subject": f"{word} {number}"} if old else {}
        mails.append(letter(str(number), body=text, sent=OLD if old else YOUNG, **more))
    store.commit(page(run, *mails))
    for docket in store.queue(1000):
        said = judgement(docket.holding, finding(excerpt=f"the {CANARY}", evidence=CANARY), message=str(docket.holding))
        store.judge(run, [said if docket.holding in set(store.find_all(parsed(CANARY))) else judgement(docket.holding)])
    decide_all(store)


def vocabulary(store: SqliteStore) -> set[str]:
    database = store._database
    database.run("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, words, row)")
    return {term for (term,) in database.rows("SELECT term FROM temp.vocabulary")}


def dictionaries(store: SqliteStore) -> bytes:
    return b"".join(data for (data,) in store._database.rows("SELECT data FROM dictionaries"))


def files(store: SqliteStore) -> bytes:
    path = store._database.path
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


@pytest.mark.parametrize("key", [None, "ab" * 32])
def test_no_word_of_what_was_purged_stays_in_the_file(tmp_path: Path, key: str | None) -> None:
    with SqliteStore(tmp_path / "a.db", key=key) as store:
        full(store, store.begin_run(NOW, "1"))
        store.commit(page(1, missed=(missed("odd", raw=b"unreadable"),)))
        stem = next(term for term in vocabulary(store) if term.startswith(CANARY[:6]))
        assert CANARY.encode() in dictionaries(store)
        if key is None:
            assert stem.encode() in files(store)
        assert store.purge(EDGE, "a clerk", NOW, certificate)
        assert store.unclean()
        store.cleanse()
        assert not store.unclean()
        assert stem not in vocabulary(store)
        assert CANARY.encode() not in dictionaries(store)
        assert b"gate" in dictionaries(store), "what is left is compressed with what is left"
        assert CANARY[:6].encode() not in files(store)
        assert store.facts().messages == 350
        sound(store)
        assert store.commit(page(1, letter("after", sent=YOUNG))).new == 1
        sound(store)


def test_one_of_many_leaves_no_word_in_the_index(store: SqliteStore, run: int) -> None:
    """So few deletions that the index would not merge them away by itself."""
    store.commit(page(run, letter("old", body=CANARY, sent=OLD), *(letter(str(n), sent=YOUNG) for n in range(60))))
    stem = next(term for term in vocabulary(store) if term.startswith(CANARY[:6]))
    purged(store)
    assert stem not in vocabulary(store)
    assert stem.encode() not in files(store)


def test_few_that_are_left_are_compressed_without_what_was_learnt(store: SqliteStore, run: int) -> None:
    full(store, run)
    store.hold("Some", '"letter 1"', "a clerk", NOW)
    purged(store, date(2026, 1, 1))
    assert 0 < store.facts().messages < 10
    assert dictionaries(store) == b""
    assert CANARY[:6].encode() not in files(store)
    store.commit(page(run, letter("after", sent=NOW)))
    sound(store)


def test_a_reader_keeps_the_log_and_the_next_purge_empties_it(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "a.db", patience=0.1) as store, SqliteStore(tmp_path / "a.db") as reader:
        store.commit(page(store.begin_run(NOW, "1"), letter("old", sent=OLD), letter("young", sent=YOUNG)))
        assert store.purge(EDGE, "a clerk", NOW, certificate)
        rows = reader._database.each("SELECT id FROM holdings UNION ALL SELECT 1")
        next(rows)
        with pytest.raises(StoreError, match=r"again|try"):
            store.cleanse()
        assert store.unclean()
        rows.close()  # type: ignore[attr-defined]
        store.cleanse()
        assert not store.unclean()
        assert (tmp_path / "a.db-wal").stat().st_size < 100_000


# --- at random


@dataclass
class Parish:
    """A mailbox at its provider, and a model of what is kept, beside the store."""

    chance: random.Random
    store: SqliteStore
    there: dict[str, Arrival] = field(default_factory=dict)
    held: dict[str, tuple[Arrival, datetime]] = field(default_factory=dict)
    """What is held, and since when."""
    gone: set[str] = field(default_factory=set)
    """Ids that were purged."""
    holds: dict[str, str] = field(default_factory=dict)
    day: datetime = NOW
    made: int = 0

    def arrive(self) -> None:
        self.made += 1
        name, word = str(self.made), self.chance.choice(("drain", "gate", "pond"))
        sent = None if self.chance.random() < 0.2 else self.day - timedelta(days=self.chance.randrange(-30, 900))
        twin = self.chance.choice(list(self.there.values())) if self.there and self.chance.random() < 0.3 else None
        if twin and self.chance.random() < 0.5:
            self.there[name] = replace(twin, id=name)
            return
        mid = twin.reading.message_id if twin else f"{name}@x"
        one = letter(name, body=f"The {word} {name}.", sent=sent, message_id=mid)
        received = self.day - timedelta(days=self.chance.randrange(900)) if self.chance.random() < 0.5 else None
        self.there[name] = replace(one, received=received)

    def vanish(self) -> None:
        if self.there:
            self.there.pop(self.chance.choice(list(self.there)))

    def night(self, *, in_full: bool = False) -> None:
        run = self.store.begin_run(self.day, "1")
        look = self.store.held("files", CLERK)
        known = set(look.ids())
        unknown = set(self.there) if in_full else look.unknown([(name, "1") for name in self.there])
        fresh = [one for name, one in self.there.items() if name in unknown]
        lost = tuple(sorted(known - set(self.there)))
        self.store.commit(page(run, *fresh, vanished=lost, count=len(self.there)))
        for one in fresh:
            if one.id not in self.gone and one.sha256 not in self.shas_gone():
                self.held.setdefault(one.id, (one, self.day))
            else:
                self.gone.add(one.id)
        judge_all(self.store, run)

    def shas_gone(self) -> set[str]:
        return {bytes(sha256).hex() for (sha256,) in self.store._database.rows("SELECT sha256 FROM purged")}

    def hold(self) -> None:
        name, query = f"hold {len(self.store.holds())}", self.chance.choice(("drain", "gate", "pond OR drain"))
        self.holds[name] = query
        self.store.hold(name, query, "a clerk", self.day)

    def lift(self) -> None:
        if self.holds:
            name = self.chance.choice(list(self.holds))
            self.holds.pop(name)
            self.store.lift(name, "done", "a clerk", self.day)

    def purge(self) -> None:
        before = london_day(self.day) - timedelta(days=730)
        wanted = self.kept(before)
        purged(self.store, before, self.day)
        assert ids(self.store) == wanted
        self.gone |= set(self.held) - wanted
        self.held = {name: one for name, one in self.held.items() if name in wanted}

    def kept(self, before: date) -> set[str]:
        """Ids that must stay, by plain reading."""
        words = {word for query in self.holds.values() for word in query.split(" OR ")}
        matched = [one for one, _ in self.held.values() if any(word in one.raw.decode() for word in words)]
        shas, mids = {one.sha256 for one in matched}, {one.reading.message_id for one in matched}
        return {
            name
            for name, (one, since) in self.held.items()
            if self.age(one, since) >= before or one.sha256 in shas or one.reading.message_id in mids
        }

    def age(self, one: Arrival, since: datetime) -> date:
        sent = one.reading.sent
        if sent and sent <= self.day:
            return london_day(sent)
        if one.received:
            return london_day(one.received)
        return london_day(since) if sent is None or sent > since else london_day(sent)

    def later(self) -> None:
        self.day += timedelta(days=self.chance.randrange(1, 400))

    def check(self) -> None:
        (account,) = self.store.coverage()
        terms = account.collected + account.gaps + account.outside_window + account.private
        assert account.provider_count == terms
        assert ids(self.store) == set(self.held)
        sound(self.store)


@settings(max_examples=25, deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_holds_purges_arrivals_and_nights_at_random(chance: random.Random) -> None:
    with tempfile.TemporaryDirectory() as folder, SqliteStore(Path(folder) / "a.db") as store:
        parish = Parish(chance, store)
        for _ in range(14):
            step = chance.choice(
                (*[parish.arrive] * 3, parish.vanish, parish.hold, parish.lift, parish.purge, parish.later)
            )
            for _ in range(4 if step == parish.arrive else 1):
                step()
            parish.night(in_full=chance.random() < 0.3)
            parish.check()
