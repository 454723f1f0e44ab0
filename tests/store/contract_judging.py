"""The contract of judging: nothing waits unseen, and a finding is known again whatever happens round it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from letters import BLOGGS, CLERK, STARTED, finding, judge_all, judgement, letter, page, said, waiting

from auditor.findings import Severity
from auditor.store.interface import Store
from auditor.store.records import Arrival, Failed, Judgement, Relocated
from auditor.values import replace

NOTHING_ASKED = Judgement((), checked=False, failed=(Failed((), "it ended"),))


class JudgingContract:
    """Queue, witnesses, findings."""

    def test_what_arrives_waits_until_it_is_judged(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a"), letter("b")))
        first = store.queue(1)
        rest = store.queue(10, first[0].holding)
        assert [len(first), len(rest)] == [1, 1]
        assert {docket.packed for docket in first + rest} == {letter("a").reading.packed}
        assert {docket.mailbox for docket in first + rest} == {CLERK}
        judge_all(store, run)
        assert store.queue(10) == []

    def test_what_came_with_its_judgement_is_done(self, store: Store, run: int) -> None:
        store.adopt("1.0")
        judged = [letter(name, alone=said(finding(), message=name)) for name in "ab"]
        stranger = letter("c", alone=Judgement((), checked=False))
        late = letter("d", alone=Judgement((), ("waiver",)), message_id="")
        done = store.commit(page(run, *judged, stranger, late, letter("e")))
        assert (done.new, done.judged, done.findings) == (5, 4, 2)
        assert [(row.run, row.rules_version) for row in store.findings()] == [(run, "1.0")] * 2
        assert [store.evidence(docket.sha256) for docket in store.queue(10)] == [letter("e").raw]
        assert store.judged_between(None, None) == {CLERK: 3}
        assert store.unseen_between(None, None) == {"waiver": 1}
        again = store.commit(page(run, *judged, stranger, late))
        assert (again.new, again.judged, again.findings) == (0, 0, 0)
        assert len(store.findings()) == 2
        assert len(waiting(store)) == 1

    def test_a_judgement_waits_where_a_copy_or_reply_must_be_heard(self, store: Store, run: int) -> None:
        def arriving(name: str, **rest: Any) -> Arrival:
            return letter(name, alone=said(finding(), message=name), **rest)

        store.commit(page(run, letter("reply", in_reply_to="answered"), letter("copy", message_id="copied")))
        judge_all(store, run)
        mails = [
            arriving("a", message_id="answered"),
            arriving("b", message_id="copied"),
            arriving("c", message_id="twice"),
            arriving("d", message_id="twice", body="As delivered."),
            arriving("e", message_id="thread"),
            arriving("f", in_reply_to="thread"),
            arriving("g"),
        ]
        done = store.commit(page(run, *mails, mailbox=BLOGGS))
        assert (done.judged, done.findings) == (2, 2)
        heard = {store.evidence(docket.sha256) for docket in store.queue(10)}
        assert heard == {mail.raw for mail in mails[:5]} | {letter("copy", message_id="copied").raw}

    def test_a_judgement_is_heard_again_once_a_reply_comes(self, store: Store, run: int) -> None:
        first = page(run, letter("a", message_id="m", alone=said(finding())))
        reply = page(run, letter("b", in_reply_to="m"), mailbox=BLOGGS)
        assert [done.judged for done in store.commit_all([first, reply])] == [1, 0]
        both = store.queue(10)
        assert [(docket.mailbox, docket.judged, docket.findings) for docket in both] in (
            [(CLERK, run, 1), (BLOGGS, 0, 0)],
            [(BLOGGS, 0, 0), (CLERK, run, 1)],
        )
        judge_all(store, run)
        assert store.findings() == []

    def test_new_bytes_are_judged_again(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a", alone=said(finding()))))
        store.commit(page(run, letter("a", body="New text.", alone=said())))
        assert len(waiting(store)) == 1
        judge_all(store, run)
        assert store.findings() == []

    def test_other_rules_put_everything_back(self, store: Store, run: int) -> None:
        assert store.adopt("1.0") is False
        store.commit(page(run, letter("a")))
        judge_all(store, run)
        assert store.adopt("1.0") is False
        assert waiting(store) == set()
        assert store.adopt("1.1") is True
        assert len(waiting(store)) == 1

    def test_a_copy_or_a_reply_puts_its_message_back(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a", message_id="m1"), letter("b", message_id="m2"), letter("c")))
        (sent, answered) = (docket.holding for docket in store.queue(2))
        judge_all(store, run)
        store.commit(page(run, letter("copy", message_id="m1", body="As delivered."), mailbox=BLOGGS))
        assert sent in waiting(store)
        assert answered not in waiting(store)
        judge_all(store, run)
        store.commit(page(run, letter("reply", in_reply_to="m2"), mailbox=BLOGGS))
        assert waiting(store) & {sent, answered} == {answered}

    def test_missing_message_ids_are_nobodys_copies(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a", message_id="", body="One."), letter("b", message_id="", body="Two.")))
        judge_all(store, run)
        store.commit(page(run, letter("c", message_id="", body="Three.")))
        assert len(waiting(store)) == 1
        assert store.witnesses([docket.holding for docket in store.queue(10)]) == {}

    def test_witnesses_are_copies_and_replies(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a", message_id="m1"), letter("b")))
        sent, other = (docket.holding for docket in store.queue(10))
        store.commit(page(run, letter("copy", message_id="m1", body="As delivered."), mailbox=BLOGGS))
        store.commit(page(run, letter("reply", in_reply_to="m1", body="Thank you."), mailbox=BLOGGS))
        store.commit(page(run, vanished=("copy",), mailbox=BLOGGS))
        found = store.witnesses([sent, other])
        assert list(found) == [sent]
        assert {docket.packed for docket in found[sent]} == {b"packed:As delivered.", b"packed:Thank you."}
        assert [docket.holding for docket in found[sent]] == sorted(docket.holding for docket in found[sent])

    def test_forged_ids_do_not_make_endless_witnesses(self, store: Store, run: int) -> None:
        store.commit(page(run, *(letter(str(n), message_id="same", body=str(n)) for n in range(100))))
        holding = store.queue(1)[0].holding
        assert len(store.witnesses([holding])[holding]) == 64

    def test_findings_are_new_once(self, store: Store, run: int) -> None:
        store.adopt("1.0")
        store.commit(page(run, letter("a")))
        (docket,) = store.queue(10)
        assert store.judge(run, [judgement(docket.holding, finding(), finding("signature-missing"))]) == 2
        later = store.begin_run(store.runs()[0].started, "0.2")
        store.adopt("1.1")
        again = judgement(docket.holding, finding(severity=Severity.HIGH), finding("signature-missing"))
        assert store.judge(later, [again]) == 0
        rows = {row.finding.rule: row for row in store.findings()}
        assert {row.run for row in rows.values()} == {run}
        assert rows["waiver-missing"].finding.severity is Severity.HIGH
        assert rows["waiver-missing"].rules_version == "1.1"

    def test_what_could_not_be_checked_is_listed_and_its_findings_stand(self, store: Store, run: int) -> None:
        store.adopt("1.0")
        store.commit(page(run, letter("a"), letter("b")))
        first, second = sorted(waiting(store))
        made = finding(), finding("offensive-threat"), finding("record-deleted")
        store.judge(run, [judgement(first, *made), judgement(second, finding(evidence="b"))])
        assert {one.finding: (one.holding, one.owned) for one in store.made([first])} == dict.fromkeys(
            made, (first, True)
        )
        some = Failed(("offensive-threat", "offensive-profanity"), "the check failed (ValueError)")
        store.judge(run, [(first, replace(said(made[0]), failed=(some,))), (second, NOTHING_ASKED)])
        rules = sorted(row.finding.rule for row in store.findings())
        assert rules == ["offensive-threat", "waiver-missing", "waiver-missing"]
        rows = [(row.mailbox, row.id, row.rules, row.why, row.since) for row in store.unchecked()]
        assert rows == [
            (CLERK, "a", ("offensive-profanity", "offensive-threat"), some.why, STARTED),
            (CLERK, "b", (), "it ended", STARTED),
        ]
        assert [account.unchecked for account in store.coverage()] == [2]
        assert store.judged_between(None, None) == {CLERK: 2}
        assert waiting(store) == set()

    def test_what_could_not_be_checked_is_tried_again_by_another_version(self, store: Store, run: int) -> None:
        store.adopt("1.0")
        store.commit(page(run, letter("a", alone=NOTHING_ASKED), letter("b", alone=said())))
        assert (waiting(store), store.judged_between(None, None)) == (set(), {CLERK: 1})
        store.begin_run(STARTED, store.runs()[0].version)
        assert (store.adopt("1.0"), waiting(store)) == (False, set())
        store.begin_run(STARTED, "another")
        assert store.adopt("1.0") is False
        [holding] = waiting(store)
        store.judge(run, [judgement(holding)])
        assert (store.unchecked(), store.judged_between(None, None)) == ([], {CLERK: 2})
        store.judge(run, [(holding, NOTHING_ASKED)])
        assert store.adopt("1.1") is True
        assert (len(waiting(store)), store.version()) == (2, "1.1")

    def test_all_that_is_held_can_be_gone_through(self, store: Store, run: int) -> None:
        store.commit(page(run, *(letter(name) for name in "abc")))
        judge_all(store, run)
        first = store.all_held(2)
        rest = store.all_held(2, first[-1].holding)
        assert [len(first), len(rest), len(store.all_held(2, rest[-1].holding))] == [2, 1, 0]

    def test_a_finding_that_copies_make_is_owned_by_one(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a", message_id="m"), letter("b", message_id="m", body="As delivered.")))
        holdings = sorted(waiting(store))
        store.judge(run, [judgement(one, finding()) for one in holdings])
        made = store.made(holdings)
        assert [one.holding for one in made] == holdings
        assert (len({one.id for one in made}), sorted(one.owned for one in made)) == (1, [False, True])
        store.judge(run, [judgement(one) for one in holdings])
        assert store.made(holdings) == []

    def test_withdrawn_is_kept_and_comes_back_as_it_was(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a")))
        (docket,) = store.queue(10)
        found = judgement(docket.holding, finding())
        store.judge(run, [found])
        store.mark_reported([found[1].findings[0][0]], "2026-W47", "out/x.xlsx", store.runs()[0].started)
        store.judge(run, [judgement(docket.holding)])
        assert store.findings() == []
        later = store.begin_run(store.runs()[0].started, "0.2")
        assert store.judge(later, [found]) == 0
        (row,) = store.findings()
        assert (row.run, row.reported) == (run, "2026-W47")
        assert store.findings(unreported=True) == []

    def test_copies_make_one_finding_withdrawn_with_the_last(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a", message_id="m"), mailbox=CLERK))
        store.commit(page(run, letter("b", message_id="m"), mailbox=BLOGGS))
        one, two = (docket.holding for docket in store.queue(10))
        assert store.judge(run, [judgement(one, finding()), judgement(two, finding())]) == 1
        assert [row.mailbox for row in store.findings()] == [CLERK]
        store.judge(run, [judgement(one)])
        assert [row.mailbox for row in store.findings()] == [BLOGGS]
        store.judge(run, [judgement(two)])
        assert store.findings() == []
        store.judge(run, [judgement(one, finding())])
        assert [row.mailbox for row in store.findings()] == [CLERK]

    def test_one_excerpt_twice_in_a_message_is_one_finding(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a")))
        (docket,) = store.queue(10)
        twice = judgement(docket.holding, finding(start=0, end=3), finding(start=9, end=12))
        assert store.judge(run, [twice]) == 1
        assert [row.finding.start for row in store.findings()] == [0]

    def test_a_finding_follows_its_message(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a")))
        (docket,) = store.queue(10)
        store.judge(run, [judgement(docket.holding, finding())])
        store.commit(page(run, relocated=(Relocated("a", "b", ("archive",), "1"),)))
        store.commit(page(run, letter("b", body="New text.", sent=None, folders=("archive",))))
        (row,) = store.findings()
        assert (row.folders, row.sent) == (("archive",), None)

    def test_what_analysers_say_is_mended_too(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a")))
        (docket,) = store.queue(10)
        store.judge(
            run, [judgement(docket.holding, finding(excerpt="\ud800\0", reason="r\udcff", part="attachment:\0"))]
        )
        (row,) = store.findings()
        assert (row.finding.excerpt, row.finding.reason, row.finding.part) == (
            "\ufffd\ufffd",
            "r\ufffd",
            "attachment:\ufffd",
        )

    def test_what_nobody_could_see_is_counted_until_somebody_does(self, store: Store, run: int) -> None:
        late = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
        store.commit(page(run, letter("a"), letter("b", sent=late), letter("c", sent=None)))
        first, second, undated = sorted(
            store.queue(10), key=lambda d: b"abc".index(store.evidence(d.sha256).split(b"<")[1][:1])
        )
        assert store.unseen_between(None, None) == {}
        unseen = [(one.holding, Judgement((), ("waiver",))) for one in (first, second)]
        store.judge(run, [*unseen, (undated.holding, Judgement((), ("signature", "waiver")))])
        assert store.unseen_between(None, None) == {"signature": 1, "waiver": 3}
        assert store.unseen_between(date(2026, 3, 4), date(2026, 3, 4)) == {"waiver": 1}
        store.judge(run, [(first.holding, Judgement(()))])
        assert store.unseen_between(date(2026, 3, 4), date(2026, 3, 4)) == {}

    def test_what_is_deleted_is_looked_at_again(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a", folders=("inbox",)), letter("b"), letter("c", folders=("inbox",))))
        judge_all(store, run)
        binned = Relocated("a", "a", ("deleted",), "2")
        store.commit(page(run, vanished=("b",), relocated=(binned,)))
        assert {d.packed: (d.gone, d.removed is not None, d.folders) for d in store.queue(10)} == {
            letter("a").reading.packed: (False, True, ("deleted",)),
            letter("b").reading.packed: (True, True, ("sent",)),
        }
        judge_all(store, run)
        store.commit(page(run, vanished=("a",)))
        assert [docket.gone for docket in store.queue(10)] == [True], "emptied from the bin"
        judge_all(store, run)
        store.commit(page(run, letter("a", folders=("inbox",))))
        assert [(docket.gone, docket.removed) for docket in store.queue(10)] == [(False, None)], "restored"

    def test_a_deleted_message_hears_of_its_copies(self, store: Store, run: int) -> None:
        store.commit_all(
            [page(run, letter("a", message_id="m")), page(run, letter("b", message_id="m"), mailbox=BLOGGS)]
        )
        judge_all(store, run)
        store.commit(page(run, vanished=("a",)))
        judge_all(store, run)
        store.commit(page(run, vanished=("b",), mailbox=BLOGGS))
        assert [docket.mailbox for docket in sorted(store.queue(10), key=lambda one: one.mailbox)] == [CLERK, BLOGGS]

    def test_files_that_nothing_kept_carries(self, store: Store, run: int) -> None:
        plan, photo = "ab" * 32, "cd" * 32

        def unsaved() -> dict[str, tuple[int, ...]]:
            found = {docket.folders[0]: docket.unsaved for docket in store.queue(10)}
            judge_all(store, run)
            return found

        said_alone = {"alone": said(), "folders": ("deleted",)}
        store.commit(page(run, letter("a", enclosed=(plan, photo), **said_alone)))
        assert unsaved() == {"deleted": (0, 1)}, "seen in the bin first: not judged by itself"
        store.commit(page(run, letter("b", enclosed=(photo,), alone=said()), mailbox=BLOGGS))
        assert unsaved() == {"deleted": (0,)}
        store.commit(page(run, letter("c", enclosed=(photo,), alone=said(), folders=("archive",))))
        assert unsaved() == {"deleted": (0,)}
        store.commit(page(run, vanished=("b",), mailbox=BLOGGS))
        assert unsaved() == {"sent": (), "deleted": (0,)}
        store.commit(page(run, vanished=("c",)))
        assert unsaved() == {"archive": (0,), "deleted": (0, 1), "sent": (0,)}
        store.commit(page(run, letter("c", enclosed=(plan,), body="Another file.", folders=("archive",))))
        assert unsaved() == {"archive": (), "deleted": (1,)}
