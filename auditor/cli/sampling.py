"""The week's sample of what no rule objected to: drawn, read back from the workbooks, and what there is to ask of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from auditor.cli.workplace import user
from auditor.mail.message import Address
from auditor.pipeline.tasks import Glance, PrivateRules, beginning
from auditor.store.decisions import Change
from auditor.store.samples import SIZE, Candidate, Drawn, Verdict
from auditor.values import Value

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.pipeline.guard import Guard
    from auditor.store.decisions import Book
    from auditor.store.interface import Store
    from auditor.store.samples import Looked as Said
    from reports.decisions import Where
    from reports.looks import Looks
    from reports.report import Reader
    from reports.sampled import Sample, Sampled
    from reports.week import Period

EARLY = "A sample is drawn when the week's workbook is due; this one was written before, so it has none yet."
BACKLOG = "No sample is drawn from the backlog: the workbook of each week has one of its own."
NOTHING = "No message of the week was checked and left without a finding, so there is no sample to read."
WITHHELD = (
    "The messages that were drawn for this week are no longer held, or are not for you to read, so none is shown."
)
Message = TypeVar("Message", Candidate, Drawn)
_PAGE = 100
"""Messages looked at together."""
UNREADABLE = "(The message could not be read again to show its words.)"


def samples(config: Config, store: Store, period: Period, due: Period) -> dict[Reader, Sample]:
    """The sample of each reader, drawn now where the week has none; `due` is the week whose workbook is due."""
    from auditor.pipeline.guard import Guard
    from reports.report import Reader
    from reports.sampled import Sample

    if not period.days:
        return {reader: Sample(none=BACKLOG) for reader in Reader}
    with Guard() as guard:
        drawer = _Drawer(config, store, guard)
        return {reader: drawer.sample(period, reader is Reader.CHAIR, period.label > due.label) for reader in Reader}


class _Drawer:
    """Draws samples, and tells how their messages begin."""

    def __init__(self, config: Config, store: Store, guard: Guard) -> None:
        table = config.schedule.policy
        self._policy = config.policy
        self._store = store
        self._guard = guard
        self._private = PrivateRules(table.private_subjects, table.private_recipients)
        self._task = beginning(self._private, config.policy)
        self._begins: dict[str, str | None] = {}

    def sample(self, period: Period, chairs: bool, early: bool) -> Sample:
        from reports.estimate import WEEKS, estimate
        from reports.sampled import Sample
        from reports.week import week_of

        drawn = self._store.sample(period.label, chairs)
        if not drawn and not early:
            self._draw(period, chairs)
            drawn = self._store.sample(period.label, chairs)
        weeks = [week_of(period.days[0] - timedelta(days=7 * n)).label for n in range(WEEKS)]
        sample_tallies = self._store.sample_tallies(chairs, weeks)
        shown = [one for one in self._visible(drawn) if self._chairs(one) is chairs]
        return Sample(
            messages=tuple(map(self._told, shown)),
            unflagged=next((one.unflagged for one in sample_tallies if one.label == period.label), 0),
            said=self._store.looks([one.name for one in shown]),
            estimate=estimate(sample_tallies),
            none="" if shown else WITHHELD if drawn else EARLY if early else NOTHING,
        )

    def _told(self, one: Drawn) -> Sampled:
        from reports.sampled import Sampled
        from reports.week import sent_day

        day = sent_day(one.sent)
        person = self._policy.person(Address("", one.sender), day)
        made_up = one.sender.partition("@")[0]
        name = person.name if person and person.name != made_up else ""
        return Sampled(one, name, day, self._begins[one.sha256] or "")

    def _draw(self, period: Period, chairs: bool) -> None:
        everything = self._store.unflagged(period.label, period.since, period.until)
        there = [one for one in everything if self._chairs(one) is chairs]
        if self._private:
            there = self._visible(there)
        self._store.draw(period.label, chairs, there[:SIZE], len(there))

    def _chairs(self, one: Candidate | Drawn) -> bool:
        from reports.report import on_clerk
        from reports.week import sent_day

        return on_clerk(one, sent_day(one.sent), self._policy)

    def _visible(self, some: Sequence[Message]) -> list[Message]:
        """Without those that are private: they may have been collected before they were called so."""
        self._glance(some)
        return [one for one in some if self._begins[one.sha256] is not None]

    def _glance(self, some: Sequence[Candidate | Drawn]) -> None:
        from auditor.pipeline.guard import Ended

        new = [one for one in some if one.sha256 not in self._begins]
        pages = (
            [Glance(self._store.packed(one.sha256), one.mailbox, one.sent) for one in new[start : start + _PAGE]]
            for start in range(0, len(new), _PAGE)
        )
        outcomes = chain.from_iterable(done.outcomes for done in self._guard.each(self._task, pages))
        for one, begins in zip(new, outcomes, strict=True):
            self._begins[one.sha256] = UNREADABLE if isinstance(begins, Ended) else begins


class Looking(Value, frozen=True):
    """What one workbook says of its sample, and what that changed."""

    looks: Looks
    change: Change = Change()

    def questions(self, book: str) -> Iterator[str]:
        """What whoever reads the sample in this workbook is asked, a sentence each."""
        from reports.words import counted, listed

        said = self.looks
        yield from (f"{book}: {sentence}" for sentence in said.trouble)
        for odd in said.odd:
            yield (
                f"{_row(book, odd.where)}: '{odd.words}' is not among what can be chosen there; choose from the lists in those "
                "cells and save."
            )
        for first, *others in said.twice:
            also = listed([f"{other.row:,}" for other in others])
            yield (
                f"{_row(book, first)}: the same message stands in row {also} as well and something else is said of it there; "
                "make them the same, or delete all but one."
            )
        strange = set(self.change.unknown)
        looks = (one.look for one in said.rows)
        lost = len(said.nameless) + sum(
            one.name in strange and bool(one.verdict or one.clause or one.note) for one in looks
        )
        if lost:
            yield (
                f"{book}: what was found in {counted(lost, 'sampled message')} could not be taken, because the column Sampled "
                "message is empty there or names none that was drawn for this reader; write it in a copy of the workbook where "
                "that column is as it was."
            )

    @property
    def told(self) -> str:
        """The end of the line on a workbook; empty where it has no sample."""
        from reports.words import counted

        if not self.looks.rows:
            return ""
        looked = counted(self._looked, "message")
        return f" Of its sample {looked} looked at, {self._missed:,} with something missed, {self._open:,} still open."

    @property
    def facts(self) -> dict[str, int] | None:
        """The same for programs."""
        if not self.looks.rows:
            return None
        return {
            "looked_at": self._looked,
            "missed": self._missed,
            "new": self.change.made,
            "changed": self.change.altered,
            "taken_back": self.change.withdrawn,
            "open": self._open,
        }

    @property
    def _looked(self) -> int:
        return sum(one.look.verdict is not None for one in self.looks.rows)

    @property
    def _missed(self) -> int:
        return sum(one.look.verdict is Verdict.MISSED for one in self.looks.rows)

    @property
    def _open(self) -> int:
        return len(self.looks.rows) - self._looked


def taken(store: Store, looks: Looks, chairs: bool, book: Callable[[], Book], now: datetime) -> Looking:
    """What a workbook says, once it is in the store; `chairs` where it is the Chair's, who has samples apart."""
    said = [one.look for one in looks.rows]
    return Looking(looks, store.look(book(), chairs, said, user(), now) if said else Change())


def _row(book: str, where: Where) -> str:
    return f"{book}, sheet {where.sheet}, row {where.row:,}"


def differing(chairs: Collection[str], conflicts: Collection[Sequence[Said]]) -> Iterator[tuple[bool, str]]:
    """Each conflict: whether it is the Chair's, whose workbooks have these names, and the sentence."""
    from reports.words import listed

    for sayings in conflicts:
        places = listed([f"{Path(one.book).name} ({_words(one)})" for one in sayings])
        own = any(one.book in chairs for one in sayings)
        said = "say different things of the same sampled message. The first of these was saved last, and counts"
        yield own, f"{places} {said}: make the other the same."


def _words(one: Said) -> str:
    look = one.look
    said = f"'{look.verdict}'" if look.verdict else "nothing"
    return f"{said}, {look.clause}" if look.clause else said


def conflict_facts(conflicts: Collection[Sequence[Said]], chairs: Collection[str]) -> list[dict[str, Any]]:
    """Conflicts for programs, without the Chair's."""
    mine = [said for said, (own, _) in zip(conflicts, differing(chairs, conflicts), strict=True) if not own]
    return [
        {
            "message": said[0].look.name,
            "sayings": [
                {
                    "workbook": one.book,
                    "found": one.look.verdict,
                    "clause": one.look.clause,
                    "saved": one.at.isoformat(),
                }
                for one in said
            ],
        }
        for said in mine
    ]
