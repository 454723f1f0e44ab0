"""Which findings go into which workbook, and writing them: shared by `run`, `report` and `demo`."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from auditor import log
from auditor.cli import evidence, excepting, sampling, standing
from auditor.cli.coaching import Notes, write_notes
from auditor.cli.deciding import read_back, stand
from auditor.cli.delivering import fetch_back, owe
from auditor.cli.lately import lately
from auditor.cli.policy_text import policy_text
from auditor.cli.trailing import recorded
from auditor.cli.workplace import chair_password
from auditor.errors import ConfigError, UsageError, WorkbookError
from auditor.policy import StampedBy
from auditor.store.trail import Deed
from auditor.values import Value, replace

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.store.interface import Store
    from auditor.store.records import FindingRow
    from reports.report import AdoptedPolicy, WeekReport
    from reports.week import Period
    from reports.workbook import Written

NOT_ENCRYPTED = "This workbook is not encrypted: anybody who can open its folder can read it."


def warnings(config: Config, store: Store, now: datetime) -> tuple[str, ...]:
    """What a workbook written now is to say of how the auditor itself fares."""
    from auditor.cli.health import health
    from auditor.cli.needs import for_the_workbook

    return for_the_workbook(health(config, store, now))


class Desk(Value, frozen=True):
    """What writing a workbook needs."""

    config: Config
    store: Store
    now: datetime
    """UTC."""
    warnings: tuple[str, ...] = ()
    """What the workbook is to say of how the auditor itself fares, a sentence each."""

    def due(self) -> list[Written]:
        """Writes what is due and not yet in the ledger: the very first time the backlog's workbooks, then the week's.

        The last one is the clerk's of the week. The very first wait until a mailbox has been read.
        """
        from reports.week import week_of

        if not self.is_due():
            return []
        period, listed = week_of(self._day_due()), self.store.reports()
        backlog: list[Written] = []
        try:
            backlog = self._backlog(period) if not listed else []
        except WorkbookError as error:
            if not error.written:
                raise
            # What waits for the Chair's password waits for the week's workbook as well, which says so.
        return [*backlog, *replace(self, warnings=(*self.warnings, *_left_out(listed, self._day_due()))).write(period)]

    def is_due(self) -> bool:
        """Whether `due` has anything to write."""
        from reports.week import week_of

        listed = self.store.reports()
        return week_of(self._day_due()).label not in listed and (bool(listed) or self.has_read())

    def week(self, label: str | None) -> Period:
        """The week a label names; without one, the week that is due.

        Raises:
            UsageError: there is no such week, or it has not begun.
        """
        from reports.week import local_day, week, week_of

        if label is None:
            return week_of(self._day_due())
        chosen = week(label)
        if chosen.since is not None and chosen.since > local_day(self.now):
            raise UsageError(f"{chosen.title} has not begun yet: name this week or an earlier one.")
        return chosen

    def write(self, period: Period, out: Path | None = None) -> list[Written]:
        """Writes one week's workbooks: the Chair's where there is something on the clerk, then the clerk's (at `out`).

        Raises:
            WorkbookError: one could not be written; where only the Chair's password cannot be had, the clerk's is.

        A finding is listed in the first workbook written after it was found. A week written again lists what it
        listed; the week that is due, or a later one, also takes what no workbook has listed yet.
        """
        listed = self.store.findings(reported=period.label)
        hidden = excepting.hidden_in(self.store, period.label)
        fresh = [row for row in self.store.findings(unreported=True) if row.id in hidden or self._belongs(row, period)]
        return self._written(period, [*listed, *fresh], out)

    def has_read(self) -> bool:
        """Whether any mailbox has been read, in full or in part."""
        return any(account.last_complete or account.collected for account in self.store.coverage())

    def _has_collected(self) -> bool:
        return any(account.collected or account.removed for account in self.store.coverage())

    def _backlog(self, due: Period) -> list[Written]:
        from reports.week import backlog, local_day, sent_day

        period = backlog(local_day(self.now), due.days[0])
        old = [row for row in self.store.findings(unreported=True) if period.holds(sent_day(row.sent))]
        return self._written(period, old, None) if old else []

    def _belongs(self, row: FindingRow, period: Period) -> bool:
        from reports.week import sent_day, week_of

        due = week_of(self._day_due())
        later = period.since is not None and due.since is not None and period.since >= due.since
        return later or period.holds(sent_day(row.sent))

    def _written(self, period: Period, rows: Sequence[FindingRow], out: Path | None) -> list[Written]:
        from auditor.analysers import ANALYSERS
        from reports.page import with_page
        from reports.report import week_reports
        from reports.trend import spans
        from reports.week import week_of
        from reports.workbook import write

        schedule = self.config.schedule
        listed = standing.accounts(self.config, self.store)
        if schedule.reports.deliver:
            fetch_back(self.config, self.store, self.now)
        found = read_back(self.config, self.store, self.now)
        rows, exceptions = excepting.sifted(self.config, self.store, rows, period.label, self.now)
        decisions = stand(self.config, self.store, found, [row.id for row in rows], period.label)
        notes = write_notes(self.config, self.store, period, self.now) if period.days else Notes()
        entries = evidence.entries(self.store)
        rules = [rule for analyser in ANALYSERS for rule in analyser.rules]
        runs = standing.nights(self.store.runs(200), listed)
        reports = week_reports(
            period,
            policy=self.config.policy,
            rules=rules,
            findings=rows,
            coverage=listed,
            gaps=self.store.gaps(),
            runs=runs,
            checked=self.store.judged_between(period.since, period.until),
            written=self.now,
            users_informed_on=schedule.council.users_informed_on,
            warnings=self.warnings,
            trail=self.store.head(),
            uncheckable=self._uncheckable(period),
            adopted=self._adopted(),
            unwatched=standing.unwatched(self.config, self.now),
            narrow=standing.narrow(self.config),
            unchecked=self.store.unchecked(),
            decisions=decisions,
            exceptions=exceptions,
            entries=entries,
            holds=evidence.standing(self.store, entries),
            evidence=evidence.evidence(self.config, self.store, period, self.now, entries),
            lately=lately(self.config, self.store, period, self.now, rules, runs),
            tallies=self.store.tallies([days for _, days in spans(period, self.config.policy)]),
            notes=notes.standing,
            samples=sampling.samples(self.config, self.store, period, week_of(self._day_due())),
            names_hidden=schedule.reports.names == "hidden",
        )
        written, withheld = [], ""
        hidden = {row.id: name for row, name in reports.clerk.exceptions.hidden}
        if reports.chair is not None and (reports.chair.findings or reports.chair.exceptions.hidden):
            try:
                written.append(self._for_the_chair(reports.chair))
                hidden |= {row.id: name for row, name in reports.chair.exceptions.hidden}
            except ConfigError as error:
                withheld = str(error)
                on_clerk = {line.row.id for line in reports.chair.findings}
                rows = [row for row in rows if row.id not in on_clerk]  # they wait for a workbook that may list them
        place = out or self.config.within(schedule.reports.folder) / reports.clerk.file_name
        written.append(with_page(reports.clerk, write(reports.clerk, place)))
        # Before it counts as written: a night that is killed in between writes and owes it again.
        if schedule.reports.deliver and out is None:
            owe(self.config, written[-1].path)
        # An empty folder read in full is often the wrong one: a workbook that tells of nothing is none for the ledger, so
        # that old mail has its backlog when it comes.
        if self._has_collected():
            self.store.mark_reported([row.id for row in rows], period.label, str(written[-1].path), self.now)
            self.store.hide(hidden, period.label)
        made = [path for one in written for path in (one.path, one.page) if path is not None]
        files = {path.name: sha256(path.read_bytes()).hexdigest() for path in made}
        for one in written:
            log.event("workbook", week=period.label, file=one.path, size=one.path.stat().st_size)
        recorded(self.store, Deed.REPORTED, {"week": period.label, "findings": len(rows), "files": files}, self.now)
        also, unwritten = self._as_json(reports.clerk, place)
        if withheld:
            withheld += " The Chair's workbook was not written, the clerk's was; mend this and run 'auditor report'."
        if troubles := " ".join(filter(None, (withheld, notes.trouble, unwritten))):
            raise WorkbookError(troubles, [one.path for one in written])
        return [*written[:-1], dataclasses.replace(written[-1], besides=tuple(filter(None, (notes.line, also))))]

    def _as_json(self, report: WeekReport, path: Path) -> tuple[str, str]:
        """Writes it beside the workbook where that is asked for: where it is, and why it is not, each empty otherwise."""
        from auditor.cli.run import shown
        from reports.plain import write

        if not self.config.schedule.reports.json:
            return "", ""
        try:
            written = write(report, path.with_suffix(".json"))
        except WorkbookError as error:
            return "", str(error)
        return f"JSON: {shown(self.config, written.path)}{written.note and f' ({written.note})'}", ""

    def _for_the_chair(self, report: WeekReport) -> Written:
        """Raises ConfigError when there is to be a password and it cannot be had: nothing is written then."""
        from reports.workbook import write

        password = chair_password(self.config)
        if not password:
            known = dataclasses.replace(report.lately, may_wait=report.lately.may_wait | {NOT_ENCRYPTED})
            report = dataclasses.replace(report, warnings=(*report.warnings, NOT_ENCRYPTED), lately=known)
        folder = self.config.within(self.config.schedule.reports.chair_folder)
        return write(report, folder / report.file_name, password)

    def _adopted(self) -> AdoptedPolicy | None:
        from reports.report import AdoptedPolicy

        policy = self.config.schedule.policy
        text = policy_text(self.config)
        return None if text is None else AdoptedPolicy(text, policy.adopted, policy.review)

    def _uncheckable(self, period: Period) -> dict[str, int | None]:
        """Of what the mail system adds: how many of the messages judged had it in no copy that is held."""
        policy = self.config.policy
        unseen = self.store.unseen_between(period.since, period.until)
        stamped = {"signature": policy.signature_stamped_by, "waiver": policy.waiver_stamped_by}
        return {what: unseen.get(what, 0) for what, by in stamped.items() if by is StampedBy.SERVER}

    def _day_due(self) -> date:
        from auditor.pipeline.weeks import day_due

        weekday, at = self.config.schedule.schedule.weekly
        return day_due(self.now, weekday, at, self.config.policy.timezone)


def _left_out(listed: Collection[str], day: date) -> Iterator[str]:
    """That weeks before this day's have no workbook, if so."""
    from auditor.pipeline.due import left_out

    if missed := left_out(listed, day):
        weeks = f"week {missed[0]}" if len(missed) == 1 else f"the weeks {missed[0]} to {missed[-1]}"
        yield (
            f"No workbook was written for {weeks}, because the auditor did not run when it was due. What was found since "
            f"the last workbook is listed in this one; 'auditor report --week {missed[0]}' writes one for that week alone."
        )
