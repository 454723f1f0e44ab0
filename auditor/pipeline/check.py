"""Every message in the queue judged, page by page, where a hostile one can be ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from auditor.pipeline.guard import Ended, Guard
from auditor.pipeline.tasks import Sight, judging
from auditor.policy import Policy
from auditor.store.interface import Store
from auditor.store.records import Judgement

PAGE = 1000


Box = tuple[str, str]
"""Source and mailbox."""


@dataclass(slots=True)
class Checked:
    """What the check came to, by source and mailbox."""

    analysed: Counter[Box] = field(default_factory=Counter)
    findings: Counter[Box] = field(default_factory=Counter)
    unjudged: Counter[Box] = field(default_factory=Counter)
    """Messages the rules could not be put to; they stay in the queue for the next night."""


def check(
    store: Store, policy: Policy, guard: Guard, run: int, progress: Callable[[int], None] = lambda _done: None
) -> Checked:
    """Judges all that waits. A message that ends its judge stays unjudged, is counted, and stops nothing."""
    checked = Checked()
    done = 0
    for page in guard.each(judging(policy), _pages(store)):
        judgements: list[tuple[int, Judgement]] = []
        for sight, outcome in zip(page.items, page.outcomes, strict=True):
            docket = sight.docket
            box = docket.source, docket.mailbox
            if isinstance(outcome, Ended):
                checked.unjudged[box] += 1
                continue
            judgements.append((docket.holding, outcome))
            # What was judged when it arrived tonight, and again since its reply came, counts once; what was deleted
            # was analysed when it came.
            before = docket.judged == run or docket.removed is not None
            checked.analysed[box] += not before
            checked.findings[box] += len(outcome.findings) - before * docket.findings
        store.judge(run, judgements)
        done += len(judgements)
        progress(done)
    return checked


def _pages(store: Store) -> Iterator[list[Sight]]:
    """The queue, a page at a time, in holding order; the reader is one page ahead of the keeper, so a page begins
    after the last holding of the one before."""
    after = -1
    while dockets := store.queue(PAGE, after):
        after = dockets[-1].holding
        witnesses = store.witnesses([d.holding for d in dockets])
        yield [Sight(d, tuple(witnesses.get(d.holding, ()))) for d in dockets]
