"""The contract of the ledger and the report."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from letters import BLOGGS, CLERK, STARTED, finding, judge_all, judgement, letter, page

from auditor.errors import StoreError
from auditor.store.interface import Store
from auditor.store.records import Beside, Judgement, MailboxNight, MailboxStatus
from auditor.values import replace

ENDED = STARTED + timedelta(minutes=4, microseconds=7)


def night(status: MailboxStatus, mailbox: str = CLERK, error: str | None = None) -> MailboxNight:
    """How a mailbox fared."""
    return MailboxNight(mailbox, "files", status, new=3, removed=1, analysed=3, findings=2, gaps=1, error=error)


class ReportingContract:
    """Runs, coverage, findings by workbook."""

    def test_an_interrupted_run_has_no_end(self, store: Store, run: int) -> None:
        later = store.begin_run(STARTED + timedelta(days=1), "0.2")
        nights = [night(MailboxStatus.FAILED, BLOGGS, "No such folder."), night(MailboxStatus.COMPLETE)]
        store.end_run(later, ENDED, False, nights)
        newest, interrupted = store.runs()
        assert (interrupted.id, interrupted.started, interrupted.ended, interrupted.ok) == (run, STARTED, None, None)
        assert (newest.ended, newest.ok, newest.version, newest.mailboxes) == (ENDED, False, "0.2", tuple(nights))
        assert [one.id for one in store.runs(1)] == [later]

    def test_ending_a_run_that_never_began(self, store: Store) -> None:
        with pytest.raises(StoreError, match="Run 5"):
            store.end_run(5, ENDED, True, [])

    def test_coverage_is_the_newest_closed_run(self, store: Store, run: int) -> None:
        store.end_run(run, ENDED, True, [night(MailboxStatus.COMPLETE)])
        second = store.begin_run(STARTED, "0.1")
        store.end_run(second, ENDED + timedelta(days=1), False, [night(MailboxStatus.FAILED, error="Gone.")])
        third = store.begin_run(STARTED, "0.1")
        store.commit(page(third, letter("a", unread=("encrypted (S/MIME)",), defects=("base64",)), mailbox=BLOGGS))
        bloggs, clerk = sorted(store.coverage(), key=lambda one: one.mailbox, reverse=True)
        assert (clerk.status, clerk.error, clerk.last_complete) == (MailboxStatus.FAILED, "Gone.", ENDED)
        assert (bloggs.status, bloggs.last_complete, bloggs.provider_count) == (None, None, None)
        assert (bloggs.unread_parts, bloggs.defects) == (1, {"base64": 1})

    def test_a_finding_is_listed_first_in_one_workbook(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a")))
        (docket,) = store.queue(10)
        found = judgement(docket.holding, finding(), finding("signature-missing"))
        store.judge(run, [found])
        first, second = (name for name, _ in found[1].findings)
        store.mark_reported([first], "2026-W47", "out/a.xlsx", STARTED)
        store.mark_reported([first, second], "2026-W48", "out/b.xlsx", ENDED)
        store.mark_reported([], "2026-W47", "out/a (2).xlsx", ENDED)
        assert [row.id for row in store.findings(reported="2026-W47")] == [first]
        assert [row.id for row in store.findings(reported="2026-W48")] == [second]
        assert store.findings(unreported=True) == []
        assert store.reports() == {"2026-W47": STARTED, "2026-W48": ENDED}

    def test_findings_of_one_workbook_and_of_none(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a")))
        (docket,) = store.queue(10)
        found = judgement(docket.holding, finding("a-rule"), finding("b-rule"), finding("c-rule"))
        store.judge(run, [found])
        one, two, _ = (name for name, _ in found[1].findings)
        store.mark_reported([one], "W1", "x", STARTED)
        store.mark_reported([two], "W2", "x", STARTED)
        assert [row.finding.rule for row in store.findings(reported="W1", unreported=True)] == ["a-rule", "c-rule"]
        assert len(store.findings()) == 3

    def test_a_row_has_the_address_that_the_provider_gave_of_its_message(self, store: Store, run: int) -> None:
        address = 'https://outlook.office365.com/owa/?ItemID=AAMk"\\\u00fc'
        given = [Beside(address, "a conversation"), Beside(), None]
        mails = [letter(f"sent/{n}.eml", message_id=f"<{n}@x>") for n in range(3)]
        store.commit(page(run, *(replace(mail, beside=beside) for mail, beside in zip(mails, given, strict=True))))
        dockets = store.queue(10)
        store.judge(run, [judgement(one.holding, finding(evidence=f"{n}")) for n, one in enumerate(dockets)])
        assert sorted(row.link for row in store.findings()) == ["", "", address]

    def test_a_row_says_what_the_report_needs(self, store: Store, run: int) -> None:
        mail = letter("a", to=("a@example.com", "b@example.com"), subject="Drains")
        store.commit(page(run, mail))
        (docket,) = store.queue(10)
        store.judge(run, [judgement(docket.holding, finding())])
        (row,) = store.findings()
        assert (row.finding, row.subject, row.sender) == (finding(), "Drains", CLERK)
        assert (row.recipients, row.message_id) == (("a@example.com", "b@example.com"), mail.reading.message_id)
        assert (row.sha256, row.sent, row.folders) == (mail.sha256, mail.reading.sent, ("sent",))

    def test_rows_come_by_london_day_then_mailbox_then_rule(self, store: Store, run: int) -> None:
        late = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)  # the 2nd in London
        for mailbox, sent in ((CLERK, None), (CLERK, late), (BLOGGS, late + timedelta(hours=9)), (BLOGGS, late)):
            store.commit(page(run, letter(f"{mailbox}{sent}", sent=sent), mailbox=mailbox))
        for docket in store.queue(10):
            rules = [finding("b-rule"), finding("a-rule")]
            store.judge(run, [judgement(docket.holding, *rules, message=str(docket.holding))])
        rows = [(row.sent and row.sent.day, row.mailbox, row.finding.rule) for row in store.findings()]
        assert [row[1:] for row in rows] == [
            (CLERK, "a-rule"), (CLERK, "b-rule"),
            (BLOGGS, "a-rule"), (BLOGGS, "a-rule"), (BLOGGS, "b-rule"), (BLOGGS, "b-rule"),
            (CLERK, "a-rule"), (CLERK, "b-rule"),
        ]  # fmt: skip
        assert [row[0] for row in rows[-2:]] == [None, None]

    def test_denominators_count_what_was_judged(self, store: Store, run: int) -> None:
        days = [datetime(2026, 6, day, 23, 30, tzinfo=UTC) for day in (1, 2, 3)] + [
            None,
            datetime(1971, 1, 1, tzinfo=UTC),
        ]
        store.commit(page(run, *(letter(str(n), sent=sent) for n, sent in enumerate(days))))
        assert store.judged_between(None, None) == {}
        judge_all(store, run)
        store.commit(page(run, letter("late", sent=days[0]), mailbox=BLOGGS))
        assert store.judged_between(None, None) == {CLERK: 5}
        assert store.judged_between(date(2026, 6, 2), date(2026, 6, 3)) == {CLERK: 2}
        assert store.judged_between(date(2026, 6, 4), None) == {CLERK: 1}
        # What has no usable date is counted with old mail, as the backlog's workbook lists it.
        assert store.judged_between(None, date(1980, 1, 1)) == {CLERK: 2}
        assert store.judged_between(None, date(2026, 6, 2)) == {CLERK: 3}

    def test_what_was_judged_is_counted_by_who_sent_it(self, store: Store, run: int) -> None:
        home, day = "bloggs@home.example", datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
        letters = [(CLERK, day), (home, day), (home, day), (home, day + timedelta(days=1)), (home, None)]
        store.commit(page(run, *(letter(str(n), sender=who, sent=at) for n, (who, at) in enumerate(letters))))
        judge_all(store, run)
        assert store.senders_between(None, None) == {CLERK: 1, home: 4}
        assert store.senders_between(date(2026, 6, 2), date(2026, 6, 2)) == {CLERK: 1, home: 2}

    def test_only_what_rules_were_put_to_is_a_denominator(self, store: Store, run: int) -> None:
        store.commit(page(run, letter("a"), letter("b")))
        first, second = store.queue(10)
        store.judge(run, [(first.holding, Judgement(())), (second.holding, Judgement((), checked=False))])
        assert store.judged_between(None, None) == {CLERK: 1}
        assert store.senders_between(None, None) == {CLERK: 1}
        store.judge(run, [(first.holding, Judgement((), checked=False))])
        assert store.judged_between(None, None) == {}
