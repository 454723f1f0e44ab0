"""Everything one workbook says, as plain frozen values: made from the store's answers, before a cell is drawn.

Findings on the clerk's own mail go to the Chair, apart: `week_reports` divides them, and the clerk's copy
carries their number alone. Nothing is called clean that was not looked at: `shortfalls` says what was not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache

from auditor.adopted import Adopted
from auditor.analysers import ANALYSERS
from auditor.findings import Rule, Severity
from auditor.mail.message import Address
from auditor.pipeline.judging import FOLDERS
from auditor.policy import Person, Policy, Role
from auditor.store.decisions import Decided
from auditor.store.records import Coverage, FindingRow, GapRow, Run, Tally, UncheckedRow, Whose
from auditor.store.samples import Candidate, Drawn
from auditor.store.trail import NOTHING_YET, Entry, Head
from reports.accounts import Shortfall, shortfalls
from reports.evidence import Evidence, Standing, told
from reports.exceptions import Exceptions
from reports.incidents import incidents
from reports.lately import Lately
from reports.nights import Night, Reach, begun, nights
from reports.sampled import Sample
from reports.trend import Trend, trend
from reports.week import Period, day_words, local_day, sent_day
from reports.words import listed


class Reader(StrEnum):
    """Whom a workbook is for."""

    CLERK = "Parish Clerk"
    CHAIR = "Chair"


@dataclass(frozen=True, slots=True)
class Listed:
    """One finding as it stands in the workbook: copies of the same message are one line."""

    row: FindingRow
    places: tuple[str, ...]
    """Every mailbox that holds a copy, with its folders: 'clerk@…: Sent Items'."""
    name: str
    """The sender's name from the list of people; empty for a stranger."""
    day: date | None
    """The London day the message was sent."""
    role: Role | None = None
    """What the person it is about was to the Council that day; None for a stranger."""
    like: int = 0
    """Of the first of an incident: how many further findings of it stand directly below."""
    lead: str = ""
    """Of the others: the identity of the first."""

    @property
    def message(self) -> str:
        """What tells this message from others: its Message-ID, or the hash of its bytes."""
        return self.row.message_id or self.row.sha256


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A rule as the council has set it."""

    rule: Rule
    severity: Severity | None
    """None when the council has switched it off."""


@dataclass(frozen=True, slots=True)
class AdoptedPolicy:
    """The text the Council adopted, as far as schedule.toml names it."""

    text: Adopted
    on: date | None
    review: date | None
    """The day by which it is to be looked at again."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """How the reader's decisions stand when a workbook is written."""

    standing: Mapping[str, Decided] = field(default_factory=dict)
    """By identity: of findings that this workbook lists."""
    decided: int = 0
    """Of the findings that other workbooks list: how many are decided."""
    waiting: tuple[tuple[str, int], ...] = ()
    """'Audit 2026-W46' → how many findings in it wait for a decision, newest first."""
    asked: tuple[str, ...] = ()
    """What was not understood in other workbooks, and where two say different things, a sentence each."""
    breaches: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    """Sender and rule → when the first message was sent of which another workbook says 'Breach'."""
    right: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Rule → how many of its findings were decided to be right, and how many were decided."""


@dataclass(frozen=True, slots=True)
class WeekReport:
    """One workbook's whole content. The same values give the same file, byte for byte."""

    period: Period
    reader: Reader
    council: str
    written: datetime
    """UTC."""
    findings: tuple[Listed, ...]
    """The most serious messages first; the findings on one message stand together, but those of an incident below its
    first."""
    coverage: tuple[Coverage, ...]
    gaps: tuple[GapRow, ...]
    nights: tuple[Night, ...]
    checked: Mapping[str, int]
    """Messages of the period that were checked, by mailbox: the denominators."""
    names: Mapping[str, str]
    """Who a mailbox belongs to."""
    rules: tuple[RuleInForce, ...]
    begun: date | None = None
    """The London day of the first run of all; None when the runs given do not reach back to it."""
    apart: int = 0
    """In the clerk's copy: how many findings are in the Chair's."""
    apart_mailboxes: tuple[str, ...] = ()
    """In the clerk's copy: mailboxes whose figures are in the Chair's."""
    users_informed_on: date | None = None
    warnings: tuple[str, ...] = ()
    trail: Head = NOTHING_YET
    """Where the audit trail stood when this was written: printed, so that nobody can cut it off later unseen."""
    adopted: AdoptedPolicy | None = None
    """None where the Council has given no text."""
    unwatched: tuple[str, ...] = ()
    """Mailboxes of people in post that no source reads."""
    narrow: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Sources of which only some folders are read, and which."""
    uncheckable: Mapping[str, int | None] = field(default_factory=dict)
    """'waiver' or 'signature' → messages whose wording is added by the mail system and could not be seen;
    None when their number is not known."""
    unchecked: tuple[UncheckedRow, ...] = ()
    """Messages that were read and that rules could not be put to."""
    decisions: Decisions = field(default_factory=Decisions)
    exceptions: Exceptions = field(default_factory=Exceptions)
    """The reader's own, and what they hid."""
    deeds: tuple[Entry, ...] = ()
    """What the audit trail tells of the period's days, newest first."""
    holds: tuple[Standing, ...] = ()
    """Those that stand, the newest first."""
    evidence: Evidence | None = None
    """What there is for the yearly return; None in the Chair's copy, which is about the clerk's mail alone."""
    lately: Lately = field(default_factory=Lately)
    trend: Trend = field(default_factory=Trend)
    """The period's mail and that of the weeks before it, in figures."""
    notes: tuple[str, ...] = ()
    """Drafts of notes to people that stand beside it, a sentence each; none in the Chair's copy."""
    sample: Sample = field(default_factory=Sample)
    """What no rule objected to, drawn to be read."""
    names_hidden: bool = False
    """Whether the columns that name people are folded away at first look."""

    @property
    def file_name(self) -> str:
        """'Audit 2026-W47.xlsx'; the Chair's says whose it is, so that the two are never taken for each other."""
        return self.period.file_name if self.reader is Reader.CLERK else f"{self.period.stem} for the Chair.xlsx"

    @property
    def shortfalls(self) -> tuple[Shortfall, ...]:
        """What was not read, and why; empty only when everything was."""
        return shortfalls(self.coverage, self.names, self.period, self.written, self._unasked)

    @property
    def _unasked(self) -> dict[tuple[str, str], list[tuple[int, str]]]:
        """By source and mailbox: how many messages were not checked, and against what."""
        many: dict[tuple[str, str], Counter[str]] = {}
        for row in self.unchecked:
            many.setdefault((row.source, row.mailbox), Counter())[self.titled(row.rules)] += 1
        return {box: [(number, what) for what, number in found.items()] for box, found in many.items()}

    def titled(self, rules: Sequence[str]) -> str:
        """Rules as a person names them: "'Bad language' and 'Threat'"; 'any rule' where there is none."""
        titles = {one.rule.name: one.rule.title for one in self.rules}
        return listed([f"'{titles.get(name, name)}'" for name in rules]) or "any rule"


def began_later(report: WeekReport) -> str:
    """'The audit began on Wednesday 25 November 2026, after this week; its mail was read then.'; '' where some night of
    the week came after that.

    To count those nights as not covered would alarm, though nobody left anything out.
    """
    if report.begun is None or not report.nights or any(night.reach is not Reach.BEFORE for night in report.nights):
        return ""
    read = "" if report.shortfalls else "; its mail was read then"
    return f"The audit began on {day_words(report.begun)}, after this week{read}."


@dataclass(frozen=True, slots=True)
class Reports:
    """The workbooks of one period."""

    clerk: WeekReport
    chair: WeekReport | None
    """None when the list of people names no clerk."""


def week_reports(
    period: Period,
    *,
    policy: Policy,
    rules: Iterable[Rule],
    findings: Sequence[FindingRow],
    coverage: Iterable[Coverage],
    gaps: Iterable[GapRow],
    runs: Iterable[Run],
    checked: Mapping[str, int],
    written: datetime,
    users_informed_on: date | None = None,
    warnings: Sequence[str] = (),
    trail: Head = NOTHING_YET,
    uncheckable: Mapping[str, int | None] | None = None,
    adopted: AdoptedPolicy | None = None,
    unwatched: Sequence[str] = (),
    narrow: Sequence[tuple[str, tuple[str, ...]]] = (),
    unchecked: Iterable[UncheckedRow] = (),
    decisions: Mapping[Reader, Decisions] | None = None,
    exceptions: Mapping[Reader, Exceptions] | None = None,
    entries: Iterable[Entry] = (),
    holds: Iterable[Standing] = (),
    evidence: Evidence | None = None,
    lately: Mapping[Reader, Lately] | None = None,
    tallies: Iterable[Tally] = (),
    notes: Sequence[str] = (),
    samples: Mapping[Reader, Sample] | None = None,
    names_hidden: bool = False,
) -> Reports:
    """What the clerk's and the Chair's workbook say of a period.

    `findings` are those to be listed now, `checked` is `Store.judged_between` for the period's days, `runs` reach
    back to the period's first night, `entries` are the audit trail's in their order, `tallies` are `Store.tallies` of
    `reports.trend.spans`; `written` is aware. All moments are UTC.
    """
    lines = _merged(findings, policy)
    ledger, asked = tuple(runs), tuple(rules)
    everything = WeekReport(
        period=period,
        reader=Reader.CLERK,
        council=policy.council,
        written=written,
        findings=tuple(lines),
        coverage=tuple(coverage),
        gaps=tuple(gaps),
        nights=nights(period, ledger, written),
        begun=begun(ledger),
        checked=dict(checked),
        names=_names(policy, period.until or local_day(written)),
        rules=tuple(RuleInForce(rule, policy.rules.get(rule.name, rule.severity)) for rule in asked),
        users_informed_on=users_informed_on,
        warnings=tuple(warnings),
        trail=trail,
        uncheckable=dict(uncheckable or {}),
        adopted=adopted,
        unwatched=tuple(unwatched),
        narrow=tuple(narrow),
        unchecked=tuple(unchecked),
        deeds=told(entries, period),
        holds=tuple(holds),
        evidence=evidence,
        trend=trend(period, policy, asked, tallies, ledger, written),
        notes=tuple(notes),
        names_hidden=names_hidden,
    )
    return _sampled(_divided(everything, policy, decisions or {}, lately or {}, exceptions or {}), samples or {})


def _sampled(reports: Reports, samples: Mapping[Reader, Sample]) -> Reports:
    """Each with the sample drawn for its reader."""
    clerk = replace(reports.clerk, sample=samples.get(Reader.CLERK, Sample()))
    chair = reports.chair and replace(reports.chair, sample=samples.get(Reader.CHAIR, Sample()))
    return Reports(clerk, chair)


def _divided(
    everything: WeekReport,
    policy: Policy,
    decisions: Mapping[Reader, Decisions],
    lately: Mapping[Reader, Lately],
    exceptions: Mapping[Reader, Exceptions],
) -> Reports:
    """The clerk is audited too, by someone else."""
    chairs = exceptions.get(Reader.CHAIR, Exceptions())
    everything = replace(
        everything,
        decisions=decisions.get(Reader.CLERK, Decisions()),
        lately=lately.get(Reader.CLERK, Lately()),
        exceptions=exceptions.get(Reader.CLERK, Exceptions()),
    )
    own = tuple(dict.fromkeys(person.mailbox for person in policy.people if person.role is Role.CLERK))
    if not own:
        return Reports(replace(everything, findings=_by_incident(everything.findings)), None)
    on_clerk = [line for line in everything.findings if _on_clerk(line, policy)]
    apart = {id(line) for line in on_clerk}
    clerk = replace(
        everything,
        findings=_by_incident([line for line in everything.findings if id(line) not in apart]),
        checked={mailbox: many for mailbox, many in everything.checked.items() if mailbox not in own},
        # What an exception of the Chair's hides is in the Chair's workbook too: nobody else is to know of it.
        apart=len(on_clerk) + len(chairs.hidden),
        apart_mailboxes=own,
        trend=everything.trend.only(apart=False),
    )
    chair = replace(
        everything,
        reader=Reader.CHAIR,
        findings=_by_incident(on_clerk),
        checked={mailbox: many for mailbox, many in everything.checked.items() if mailbox in own},
        coverage=tuple(line for line in everything.coverage if line.mailbox in own),
        gaps=tuple(gap for gap in everything.gaps if gap.mailbox in own),
        nights=tuple(_only(night, own) for night in everything.nights),
        unwatched=tuple(mailbox for mailbox in everything.unwatched if mailbox in own),
        uncheckable={},
        unchecked=tuple(row for row in everything.unchecked if row.mailbox in own),
        decisions=decisions.get(Reader.CHAIR, Decisions()),
        lately=lately.get(Reader.CHAIR, Lately()),
        exceptions=chairs,
        evidence=None,
        trend=everything.trend.only(apart=True, seen=lambda night: _only(night, own)),
        notes=(),
    )
    return Reports(clerk, chair)


def _merged(rows: Sequence[FindingRow], policy: Policy) -> list[Listed]:
    """One line a finding, the sender's own copy first, in the order they are listed."""
    copies: dict[str, list[FindingRow]] = {}
    for row in rows:
        copies.setdefault(row.id, []).append(row)
    known: dict[tuple[str, str, date | None], tuple[str, Role | None]] = {}
    lines = [_line(group, policy, known) for group in copies.values()]
    worst: dict[str, int] = {}
    for line in lines:
        message, rank = line.message, line.row.finding.severity.rank
        if rank > worst.get(message, -1):
            worst[message] = rank
    lines.sort(
        key=lambda line: (
            -worst[line.message],
            line.day or date.max,
            line.row.sender,
            line.message,
            -line.row.finding.severity.rank,
            line.row.finding.rule,
            line.row.id,
        )
    )
    return lines


def _by_incident(lines: Sequence[Listed]) -> tuple[Listed, ...]:
    """The same lines, those of an incident together where its first one stood."""
    together = incidents((line.row, line.day) for line in lines)
    others: dict[int, list[Listed]] = {}
    firsts: list[Listed] = []
    for line in lines:
        number = together.get(line.row.id)
        if number in others:
            others[number].append(line)
            continue
        firsts.append(line)
        if number is not None:
            others[number] = []
    ordered: list[Listed] = []
    for line in firsts:
        number = together.get(line.row.id)
        if number is None:
            ordered.append(line)
            continue
        name = line.row.id
        ordered.append(replace(line, like=len(others[number])))
        ordered += [Listed(one.row, one.places, one.name, one.day, one.role, lead=name) for one in others[number]]
    return tuple(ordered)


def _line(
    group: list[FindingRow], policy: Policy, known: dict[tuple[str, str, date | None], tuple[str, Role | None]]
) -> Listed:
    row = next((row for row in group if row.mailbox == row.sender), group[0])
    day = sent_day(row.sent)
    key = (row.sender, row.mailbox, day)
    if key not in known:
        person = _about(row, day, policy)
        known[key] = _name(policy.person(Address("", row.sender), day), row.sender), person.role if person else None
    places = tuple(dict.fromkeys(f"{row.mailbox}: {', '.join(row.folders) or '(no folder)'}" for row in group))
    name, role = known[key]
    return Listed(row, places, name, day, role)


def _name(person: Person | None, address: str) -> str:
    """A person's name, unless it is only made up from the address."""
    return person.name if person and person.name != address.partition("@")[0] else ""


def _names(policy: Policy, day: date) -> dict[str, str]:
    """Who holds each mailbox on a day; its last holder where nobody does."""
    mailboxes = dict.fromkeys(person.mailbox for person in policy.people)
    return {mailbox: _name(policy.person(Address("", mailbox), day), mailbox) for mailbox in mailboxes}


def _on_clerk(line: Listed, policy: Policy) -> bool:
    return on_clerk(line.row, line.day, policy)


def on_clerk(row: FindingRow | Whose | Candidate | Drawn, day: date | None, policy: Policy) -> bool:
    """Whether a finding or a message is on whoever was clerk that day: the sender, or for a stranger's mail the mailbox's holder.

    For what became of a message in a mailbox its holder is to answer, whoever sent it.
    """
    people = [_about(row, day, policy)]
    rule = row.finding.rule if isinstance(row, FindingRow) else row.rule if isinstance(row, Whose) else ""
    if rule in _kept():
        people.append(policy.person(Address("", row.mailbox), day))
    return any(person is not None and person.role is Role.CLERK for person in people)


@cache
def _kept() -> frozenset[str]:
    """Rules about what became of a message."""
    return frozenset(rule.name for one in ANALYSERS for rule in one.rules if FOLDERS.issuperset(rule.reads))


def _about(row: FindingRow | Whose | Candidate | Drawn, day: date | None, policy: Policy) -> Person | None:
    """Whom a finding is on: the sender, or for a stranger's mail the mailbox's holder."""
    return policy.person(Address("", row.sender), day) or policy.person(Address("", row.mailbox), day)


def _only(night: Night, mailboxes: Sequence[str]) -> Night:
    """A night as far as these mailboxes go."""
    short = tuple(mailbox for mailbox in night.short if mailbox in mailboxes)
    if night.short and not short:
        return Night(night.day, type(night.reach).WHOLE)
    return Night(night.day, night.reach, short)
