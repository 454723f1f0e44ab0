"""Every message in the queue judged, page by page, where a hostile one can be ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from auditor.pipeline.guard import Ended, Guard
from auditor.pipeline.tasks import Sight, judging
from auditor.pipeline.weighing import Remarks
from auditor.policy import Policy
from auditor.store.interface import Store
from auditor.store.records import Failed, Judgement

PAGE = 1000
_NOTHING: Remarks = {}


Box = tuple[str, str]
"""Source and mailbox."""


@dataclass(slots=True)
class Checked:
    """What the check came to, by source and mailbox."""

    analysed: Counter[Box] = field(default_factory=Counter)
    findings: Counter[Box] = field(default_factory=Counter)
    stood: set[str] = field(default_factory=set)
    """Findings that were in force on what was judged before tonight; asked for with `compare`, like the two below."""
    made: set[str] = field(default_factory=set)
    """Findings made of it now."""
    spared: set[str] = field(default_factory=set)
    """Findings that stand because their rule could not be put to it."""

    @property
    def gained(self) -> set[str]:
        """Findings that were not in force and now are; what one copy loses and another gains is neither this nor lost."""
        return self.made - self.stood

    @property
    def lost(self) -> set[str]:
        """Findings that were in force and now are not."""
        return self.stood - self.made - self.spared


def check(
    store: Store,
    policy: Policy,
    guard: Guard,
    run: int,
    past: Remarks = _NOTHING,
    progress: Callable[[int], None] = lambda _done: None,
    compare: bool = False,
) -> Checked:
    """Judges all that waits, with what earlier mail says of it (`weighing.weigh`).

    A message that ends its judge stops nothing: that no rule could be put to it is kept, with the reason.
    """
    checked = Checked()
    done = 0
    for page in guard.each(judging(policy), _pages(store, past)):
        judgements: list[tuple[int, Judgement]] = []
        for sight, outcome in zip(page.items, page.outcomes, strict=True):
            docket = sight.docket
            box = docket.source, docket.mailbox
            judgements.append((docket.holding, said := judgement(outcome)))
            # What was judged when it arrived tonight, and again since its reply came, counts once; what was deleted
            # was analysed when it came.
            before = docket.judged == run or docket.removed is not None
            checked.analysed[box] += not before and not isinstance(outcome, Ended)
            checked.findings[box] += len(said.findings) - before * docket.findings
        if compare:
            _compare(store, checked, [one for one in page.items if one.docket.judged not in (0, run)], dict(judgements))
        store.judge(run, judgements)
        done += len(judgements)
        progress(done)
    return checked


def judgement(outcome: Judgement | Ended) -> Judgement:
    """What is kept of an outcome: of one that ended its judge, that no rule could be put to it."""
    if isinstance(outcome, Ended):
        return Judgement((), checked=False, failed=(Failed((), outcome.reason),))
    return outcome


def unasked(said: Judgement, rule: str) -> bool:
    """Whether this rule could not be put to the message."""
    return any(not failed.rules or rule in failed.rules for failed in said.failed)


def _compare(store: Store, checked: Checked, again: list[Sight], said: dict[int, Judgement]) -> None:
    """Notes what was said of a page's mail before tonight, and what is said now."""
    holdings = [sight.docket.holding for sight in again]
    for one in store.made(holdings):
        checked.stood.add(one.id)
        if unasked(said[one.holding], one.finding.rule):
            checked.spared.add(one.id)
    checked.made.update(name for holding in holdings for name, _ in said[holding].findings)


def _pages(store: Store, past: Remarks) -> Iterator[list[Sight]]:
    """The queue, a page at a time, in holding order; the reader is one page ahead of the keeper, so a page begins
    after the last holding of the one before."""
    after = -1
    while dockets := store.queue(PAGE, after):
        after = dockets[-1].holding
        witnesses = store.witnesses([d.holding for d in dockets])
        yield [Sight(d, tuple(witnesses.get(d.holding, ())), past.get(d.holding, ())) for d in dockets]
