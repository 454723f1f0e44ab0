"""The contract of searching: what was stored is found, newest first, by words, mailbox and days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from letters import BLOGGS, CLERK, finding, judgement, letter, page

from auditor.store.decisions import Book, Decision, Said
from auditor.store.interface import Store
from auditor.store.records import Query
from auditor.store.terms import normalise

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def ids(store: Store, *words: str, limit: int = 50, **filters: object) -> list[str]:
    """Message-IDs found, without their domain."""
    query = Query(tuple(map(normalise, words)), **filters)  # type: ignore[arg-type]
    hits = store.search(query, limit)
    assert limit < 50 or store.count(query) == len(hits)
    return [hit.message_id.partition("@")[0] for hit in hits]


class SearchingContract:
    """Search, figures, backup."""

    def test_words_are_found_however_they_are_written(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a", body="Councillor O’Brien’s cafés cost £1,250.00, see 24/00123/FUL.")))
        for asked in ("o'brien", "OBRIEN", "cafe", "costs", "1250", "24/00123/ful", "councillors", CLERK):
            assert ids(store, asked) == ["a"], asked
        for asked in ("24/00124/FUL", "00123/24", "brien", "joe@thorrington.example.org"):
            assert ids(store, asked) == [], asked

    def test_every_term_must_be_there(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a", body="drain hedge"), letter("b", body="drain")))
        assert ids(store, "drain", "hedge") == ["a"]
        assert sorted(ids(store, "drain")) == ["a", "b"]

    def test_nothing_in_a_question_is_a_command(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a", body="plain words")))
        for hostile in (
            '"',
            "AND",
            "words OR x",
            "tag:b1",
            "=b1",
            "*",
            "-words",
            "NEAR(a b)",
            "\0",
            "\ud800",
            "(((",
            "b1",
        ):
            assert store.search(Query((hostile, "word"))) in ([], store.search(Query(("word",)))), hostile
        assert store.search(Query(("=b1",))) == store.search(Query(("b1",))) == []

    def test_an_empty_question_lists_everything(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a"), letter("b")))
        store.commit(page(run, letter("c", sent=None), mailbox=BLOGGS))
        assert len(ids(store)) == 3
        assert len(ids(store, "")) == 3
        assert ids(store, mailbox=BLOGGS) == ["c"]
        assert ids(store, mailbox="nobody@example.org") == []

    def test_newest_first_inside_an_hour_too(self, store: Store, run: int) -> None:
        minutes = [7, 3, 59, 0, 31]
        store.commit(page(run, *(letter(str(m), sent=NOON + timedelta(minutes=m)) for m in minutes)))
        store.commit(page(run, letter("60", sent=NOON + timedelta(minutes=60)), letter("never", sent=None)))
        assert ids(store, "allotments") == ["60", "59", "31", "7", "3", "0", "never"]
        assert ids(store, "allotments", limit=2) == ["60", "59"]
        assert ids(store, limit=3) == ["60", "59", "31"]

    def test_days_are_londons(self, store: Store, run: int) -> None:
        summer = datetime(2026, 6, 1, 23, tzinfo=UTC)  # midnight in London
        store.commit(page(run, letter("1st", sent=summer - timedelta(seconds=1)), letter("2nd", sent=summer)))
        assert ids(store, "allotments", until=date(2026, 6, 1)) == ["1st"]
        assert ids(store, "allotments", since=date(2026, 6, 2)) == ["2nd"]
        assert ids(store, since=date(2026, 6, 1), until=date(2026, 6, 2)) == ["2nd", "1st"]
        assert ids(store, since=date(2026, 6, 2), until=date(2026, 6, 1)) == []
        assert len(ids(store, since=date.min, until=date.max)) == 2

    def test_words_mailbox_and_days_together(self, store: Store, run: int) -> None:
        for mailbox in (CLERK, BLOGGS):
            sent = [NOON + timedelta(days=n) for n in range(5)]
            store.commit(page(run, *(letter(f"{mailbox[0]}{n}", sent=s) for n, s in enumerate(sent)), mailbox=mailbox))
        assert ids(store, "allotments", mailbox=BLOGGS, since=date(2026, 6, 3), until=date(2026, 6, 4)) == ["j3", "j2"]

    def test_a_hit_says_where_and_what(self, store: Store, run: int) -> None:
        mail = letter("a", subject="Drains")
        store.commit(page(run, mail))
        (hit,) = store.search(Query(("drain",)))
        assert (hit.mailbox, hit.folders, hit.sender, hit.subject) == (CLERK, ("sent",), CLERK, "Drains")
        assert (hit.sha256, hit.sent, hit.removed) == (mail.sha256, mail.reading.sent, None)

    def test_a_backup_is_a_store(self, store: Store, run: int, tmp_path: Path) -> None:
        mail = letter("a")
        store.commit(page(run, mail, cursor="1"))
        (docket,) = store.queue(1)
        store.judge(run, [judgement(docket.holding, finding())])
        said = [Said(name, Decision.BREACH) for name in store.finding_ids()]
        store.decide(Book("a.xlsx", NOON, "ab" * 32), said, "a clerk", NOON)
        store.backup(tmp_path / "copy.db")
        store.backup(tmp_path / "copy.db")
        copy = self.reopened(tmp_path / "copy.db")
        assert copy.evidence(mail.sha256) == mail.raw
        assert copy.decisions() == store.decisions()
        assert len(copy.decisions()) == len(copy.books()) == 1
        assert (copy.cursor("files", CLERK), copy.facts().searchable) == ("1", 1)
        copy.close()

    def reopened(self, backup: Path) -> Store:
        """A store opened from a backup; each engine says how."""
        raise NotImplementedError
