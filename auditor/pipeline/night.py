"""One nightly pass: collect, judge, report what is due, and a line in the ledger whatever happens."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from auditor import __version__, log
from auditor.errors import WorkbookError
from auditor.findings import RULES_VERSION
from auditor.pipeline.check import Checked, check
from auditor.pipeline.counters import Desk, FarCounter, NearCounter
from auditor.pipeline.guard import Guard
from auditor.pipeline.intake import Intake, Pulled
from auditor.pipeline.keeping import Keeping
from auditor.pipeline.pull import Clock, Pull, Window
from auditor.pipeline.reader import reader_version
from auditor.pipeline.source import Source
from auditor.pipeline.tasks import PrivateRules, arriving
from auditor.pipeline.weeks import months_before
from auditor.pipeline.weighing import weigh
from auditor.policy import Policy
from auditor.store.interface import Store
from auditor.store.records import Coverage, MailboxNight, MailboxStatus
from auditor.values import Value, replace


class Duty(Value, frozen=True):
    """One source and how long its mailboxes may keep failing."""

    source: Source
    patience: float


class Change(Value, frozen=True):
    """What other rules or another policy made of mail that had been judged before."""

    gained: int
    """Findings that were not in force and are now."""
    lost: int


class NightResult(Value, frozen=True):
    """What `auditor run` tells."""

    run: int
    started: datetime
    ended: datetime
    ok: bool
    mailboxes: tuple[MailboxNight, ...]
    workbooks: tuple[Path, ...]
    troubles: tuple[str, ...] = ()
    """What went wrong besides the mailboxes, a sentence each: a workbook that could not be written and the like. Then it
    is not `ok`."""
    change: Change | None = None
    """None unless the rules or the policy are others than the night before."""
    notes: tuple[str, ...] = ()
    """What is worth saying and needs nobody, a sentence each."""


class Progress(Value, frozen=True):
    """Where long work says how far it is."""

    collecting: Callable[[str, int, int | None], None] = lambda _mailbox, _count, _expected: None
    """Mailbox, messages kept, about how many are expected."""
    judging: Callable[[int], None] = lambda _count: None


class Night(Value, frozen=True):
    """Everything one pass needs; time and chance come in from outside."""

    store: Store
    policy: Policy
    duties: Sequence[Duty]
    window: Window
    now: Callable[[], datetime]
    clock: Clock
    report: Callable[[int], Sequence[Path]]
    """Writes what is due after the judging of this run; the workbooks written."""
    progress: Progress = Progress()

    def run(self) -> NightResult:
        """Runs to the end unless the store itself fails; each mailbox's trouble is its own, and so is a workbook's."""
        started = self.now()
        run = self.store.begin_run(started, __version__)
        log.event("run began", run=run)
        self.store.read_by(reader_version())
        changed = self.store.adopt(rules_version(self.policy))
        with Guard() as guard:
            task = arriving(self.window.private, self.policy, self.store.mark_key())
            keeping = Keeping(task, self.window.start, self.store.opener())
            intake = Intake(self.store, guard, keeping, self.clock.now, self.progress.collecting)
            pulled = [outcome for duty in self.duties for outcome in self._collected(duty, run, intake)]
            intake.keep()
            past = weigh(self.store, self.policy, guard)
            checked = check(self.store, self.policy, guard, run, past, self.progress.judging, changed)
        mailboxes = self._accounts(pulled, checked)
        troubles = tuple(_unchecked(self.store, started))
        ok = _ok(mailboxes, [p for _, _, p in pulled]) and not troubles
        self.store.end_run(run, self.now(), ok, mailboxes)
        workbooks: tuple[Path, ...] = ()
        try:
            workbooks = tuple(self.report(run))
        except BaseException as error:
            # The ledger has this run closed already, because the workbook tells of it.
            self.store.end_run(run, self.now(), False, mailboxes)
            if not isinstance(error, WorkbookError):
                raise
            ok, troubles, workbooks = False, (*troubles, str(error)), error.written
        change = Change(len(checked.gained), len(checked.lost)) if changed else None
        return NightResult(run, started, self.now(), ok, tuple(mailboxes), workbooks, troubles, change)

    def _collected(self, duty: Duty, run: int, intake: Intake) -> list[tuple[Duty, str, Pulled]]:
        """Every mailbox of one source, as many at once as the source can do with."""
        source, near = duty.source, NearCounter(self.store, intake)
        boxes = list(source.mailboxes)

        def pull(counter: NearCounter | FarCounter, box: str) -> Pulled:
            return Pull(counter, source, run, self.window, self.clock, duty.patience).mailbox(box)

        if source.abreast > 1:  # one alone too: this thread then hears at once when the night is stopped
            works = [partial(pull, box=box) for box in boxes]
            outcomes = Desk(near).serve(works, source.abreast)
        else:
            outcomes = [pull(near, box) for box in boxes]
        return [(duty, box, outcome) for box, outcome in zip(boxes, outcomes, strict=True)]

    def _accounts(self, pulled: list[tuple[Duty, str, Pulled]], checked: Checked) -> list[MailboxNight]:
        coverage = {(c.source, c.mailbox): c for c in self.store.coverage()}
        return [
            self._account(duty.source.name, box, outcome, checked, coverage.get((duty.source.name, box)))
            for duty, box, outcome in pulled
        ]

    def _account(
        self, source: str, mailbox: str, pulled: Pulled, checked: Checked, coverage: Coverage | None
    ) -> MailboxNight:
        box = source, mailbox
        night = MailboxNight(
            mailbox=mailbox,
            source=source,
            status=pulled.status,
            new=pulled.new,
            removed=pulled.removed,
            analysed=pulled.judged + checked.analysed[box],
            findings=pulled.findings + checked.findings[box],
            requests=pulled.requests,
            gaps=coverage.gaps if coverage else 0,
            error=pulled.error,
        )
        if pulled.status is MailboxStatus.FAILED and self.policy.vacant(mailbox, self.policy.day(self.now())):
            return replace(night, status=MailboxStatus.CLOSED, error=None)
        if pulled.status is not MailboxStatus.COMPLETE:
            return night
        if coverage and not _adds_up(coverage):
            return replace(night, status=MailboxStatus.PARTIAL, error="Not every message counted is accounted for yet.")
        return night


def window(policy: Policy, retention_months: int, since: date | None, now: datetime) -> Window:
    """What tonight collects: nothing older than the retention period, nor than `since`."""
    oldest = months_before(policy.day(now) or now.date(), retention_months)
    start = max(oldest, since) if since else oldest
    return Window(start, PrivateRules(policy.private_subjects, policy.private_recipients))


def rules_version(policy: Policy) -> str:
    """The version findings are made under: the rules' own, and eight digits of the policy they were put under."""
    digest = hashlib.sha256(repr(policy).encode()).hexdigest()[:8]
    return f"{RULES_VERSION}+{digest}"


def _unchecked(store: Store, started: datetime) -> Iterator[str]:
    """Says once of what tonight found, as of a new gap, that rules could not be put to it."""
    messages = {(row.source, row.mailbox, row.id) for row in store.unchecked() if row.since == started}
    if messages:
        one = len(messages) == 1
        yield (
            f"{'1 message' if one else f'{len(messages):,} messages'} could not be checked against every rule: "
            f"'auditor report' lists {'it' if one else 'them'} on the sheet 'Not read' with the reason, for a person to "
            f"read; {'it is' if one else 'they are'} tried again when the program or the policy changes."
        )


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def _adds_up(account: Coverage) -> bool:
    terms = account.collected + account.gaps + account.outside_window + account.private
    return account.provider_count is None or account.provider_count == terms


def _ok(mailboxes: Sequence[MailboxNight], pulled: Sequence[Pulled]) -> bool:
    """Whether nobody is needed: every mailbox complete or closed, and no new gap."""
    fine = (MailboxStatus.COMPLETE, MailboxStatus.CLOSED)
    return all(m.status in fine for m in mailboxes) and not any(p.new_gaps for p in pulled)
