"""The weeks up to a workbook's own: what was sent, checked and found, week by week and person by person.

Mail counts in the week it was sent in, whichever workbook lists what was found in it. A week of which nothing was read
says so: it is never a week in which nothing was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum

from auditor.findings import Rule, Severity
from auditor.mail.message import Address
from auditor.pipeline.judging import FOLDERS
from auditor.policy import Person, Policy, Role
from auditor.store.records import Run, Tally
from reports.nights import Night, Reach, begun, nights
from reports.week import Period, local_day, week_of

BEFORE = 12
"""Weeks looked back on."""

Days = tuple[date | None, date | None]
Sort = tuple[str, Severity]
"""A rule and how serious it was."""


class Extent(Enum):
    """How much of a week's mail could be looked at."""

    READ = "read"
    EARLIER = "before the first run, which read what was still there"
    NONE = "not read"


@dataclass(frozen=True, slots=True)
class Whose:
    """A person, by the mailbox; a mailbox that is nobody's has no name."""

    name: str
    mailbox: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Messages of one person in one week, alike in what was found in them."""

    week: int
    """Its place among the weeks."""
    by: Whose
    checked: bool
    """Whether rules could be put to them: only these are the whole of a share."""
    found: tuple[Sort, ...]
    """Of each of them."""
    messages: int
    apart: bool = False
    """Whether this is for the Chair alone."""


@dataclass(frozen=True, slots=True)
class Week:
    """One week, or all the days of a backlog."""

    period: Period
    nights: tuple[Night, ...] = ()
    """None where the runs given do not reach back so far, and of a backlog."""

    def extent(self, checked: int) -> Extent:
        """How much of it was looked at, when so many messages were checked."""
        if not self.nights:
            return Extent.READ if checked else Extent.NONE
        if all(night.reach is Reach.BEFORE for night in self.nights):
            return Extent.EARLIER if checked else Extent.NONE
        whole = any(night.reach is Reach.WHOLE for night in self.nights)
        return Extent.READ if checked or whole else Extent.NONE


@dataclass(frozen=True, slots=True)
class Trend:
    """All of them, the workbook's own week last."""

    weeks: tuple[Week, ...] = ()
    sent: tuple[Sent, ...] = ()

    @property
    def now(self) -> int:
        """The place of the workbook's own week."""
        return len(self.weeks) - 1

    def only(self, *, apart: bool, seen: Callable[[Night], Night] = lambda night: night) -> Trend:
        """What is for the Chair, or for the clerk; `seen` is a night as far as it concerns the reader."""
        return Trend(
            tuple(replace(week, nights=tuple(map(seen, week.nights))) for week in self.weeks),
            tuple(one for one in self.sent if one.apart is apart),
        )


def weeks_to(period: Period) -> list[Period]:
    """The weeks looked back on and the period itself, in order; a backlog stands alone."""
    if period.since is None:
        return [period]
    return [*(week_of(period.since - timedelta(weeks=back)) for back in range(BEFORE, 0, -1)), period]


def spans(period: Period, policy: Policy) -> list[tuple[int, Days]]:
    """The weeks in pieces within which everybody keeps the same post: each with the place of its week."""
    changes = {person.since for person in policy.people if person.since}
    changes |= {person.until + timedelta(days=1) for person in policy.people if person.until}
    return [(place, days) for place, week in enumerate(weeks_to(period)) for days in _pieces(week, sorted(changes))]


def _pieces(week: Period, changes: Sequence[date]) -> Iterator[Days]:
    since = week.since
    for day in changes:
        if (since is None or since < day) and (week.until is None or day <= week.until):
            yield since, day - timedelta(days=1)
            since = day
    yield since, week.until


def trend(
    period: Period,
    policy: Policy,
    rules: Iterable[Rule],
    tallies: Iterable[Tally],
    runs: Sequence[Run],
    written: datetime,
) -> Trend:
    """`tallies` are `Store.tallies` of the days of `spans(period, policy)`, in that order; `runs` are newest first."""
    first = begun(runs)
    known = local_day(runs[-1].started) - timedelta(days=1) if runs else date.max
    weeks = tuple(
        Week(one, nights(one, runs, written) if first or (one.since and one.since >= known) else ())
        for one in weeks_to(period)
    )
    pieces, kept = spans(period, policy), {rule.name for rule in rules if FOLDERS.issuperset(rule.reads)}
    return Trend(weeks, tuple(one for tally in tallies for one in _sent(tally, *pieces[tally.span], policy, kept)))


def _sent(tally: Tally, week: int, days: Days, policy: Policy, kept: set[str]) -> Iterator[Sent]:
    """What is the sender's; and apart from it, by the rules `kept`, what became of the message in somebody's mailbox."""
    day = days[1] or days[0]
    sender, holder = (policy.person(Address("", address), day) for address in (tally.sender, tally.mailbox))
    clerks = _clerk(sender or holder)
    if days[0] is None:  # here are those of no known day too
        last = policy.person(Address("", tally.sender), None) or policy.person(Address("", tally.mailbox), None)
        clerks = clerks or _clerk(last)
    of_holder = tuple(sort for sort in tally.found if sort[0] in kept)
    of_sender = tuple(sort for sort in tally.found if sort[0] not in kept)
    if of_sender or tally.checked:
        by = whose(sender, tally.sender) if sender else whose(holder, tally.mailbox)
        yield Sent(week, by, tally.checked, of_sender, tally.messages, clerks)
    if of_holder:
        by = whose(holder, tally.mailbox)
        yield Sent(week, by, False, of_holder, tally.messages, clerks or _clerk(holder))


def _clerk(person: Person | None) -> bool:
    return person is not None and person.role is Role.CLERK


def whose(person: Person | None, address: str) -> Whose:
    """A person with a name of their own; an address alone where the name is only made up from it."""
    if person is None or person.name == address.partition("@")[0]:
        return Whose("", address)
    return Whose(person.name, person.mailbox)
