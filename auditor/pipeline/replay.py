"""All of history judged once more, and nothing kept: what other rules or another policy would find, and no longer find.

The mail held goes through the same judges as on a night, with the same witnesses and what the post book says of it, and
is compared page by page with the findings in force. Of findings only what a line needs is remembered, and only of
those that change.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime

from auditor.findings import Finding, Severity
from auditor.pipeline.check import PAGE, judgement, unasked
from auditor.pipeline.guard import Done, Ended, Guard, Task
from auditor.pipeline.tasks import Sight, judging
from auditor.pipeline.weighing import Remarks, Weighing
from auditor.policy import Policy
from auditor.store.interface import Store
from auditor.store.records import Docket, Judgement, Posted
from auditor.values import Value, replace

ABREAST = 2
"""As many children judge at once: more gain nothing on an office computer, and each needs memory."""


class Line(Value, frozen=True):
    """A finding that changes; nothing of what its message says."""

    id: str
    rule: str
    severity: Severity
    """The new one, where it would be in force."""
    mailbox: str
    sender: str
    sent: datetime | None
    was: Severity | None = None
    """The severity in force, where it changes."""


@dataclass(slots=True)
class Replayed:
    """What it came to."""

    messages: int = 0
    """Held and gone through."""
    unchecked: int = 0
    """Of them, those that some rule could not be put to; what that rule found before is taken as it stands."""
    checked: Counter[str] = field(default_factory=Counter)
    """Messages that rules were put to, by sender: the denominators."""
    by_person: Counter[str] = field(default_factory=Counter)
    """Findings in force, by sender."""
    by_rule: Counter[str] = field(default_factory=Counter)
    """Findings in force, by rule."""
    gained: dict[str, Line] = field(default_factory=dict)
    lost: dict[str, Line] = field(default_factory=dict)
    changed: dict[str, Line] = field(default_factory=dict)
    """Those that stay, under another severity."""
    stood: set[str] = field(default_factory=set)
    """Findings in force."""
    now: set[str] = field(default_factory=set)
    """Findings that would be."""

    @property
    def unchanged(self) -> int:
        """Findings in force that stay as they are."""
        return self.by_rule.total() - len(self.lost) - len(self.changed)


def replay(
    store: Store,
    policy: Policy,
    progress: Callable[[int], None] = lambda _done: None,
    abreast: int = ABREAST,
    guard: Callable[[], Guard] = Guard,
) -> Replayed:
    """Judges everything held under `policy` and compares it with the findings in force; the store is only read."""
    made = Replayed()
    with ExitStack() as stack:
        guards = [stack.enter_context(guard()) for _ in range(abreast)]
        past = remarks(store, policy, guards[0])
        for page in _abreast(guards, judging(policy), _pages(store, past)):
            said = [judgement(outcome) for outcome in page.outcomes]
            _compare(store, made, [sight.docket for sight in page.items], said)
            progress(made.messages)
    # What one copy of a message loses and another keeps or gains is neither lost nor gained.
    made.gained = {name: line for name, line in made.gained.items() if name not in made.stood}
    made.lost = {name: line for name, line in made.lost.items() if name not in made.now}
    made.changed = {name: line for name, line in made.changed.items() if name not in made.lost}
    return made


class _Reweighing(Weighing):
    """Everything in the post book is due."""

    def lines(self, store: Store) -> Iterator[Posted]:
        """The post book."""
        return (replace(line, due=True) for line in store.post())


def remarks(store: Store, policy: Policy, guard: Guard) -> Remarks:
    """What earlier mail says of all mail held."""
    guard.submit(_Reweighing(policy, store.opener()), None)
    said: Remarks = guard.answer()
    return said


def _pages(store: Store, past: Remarks) -> Iterator[list[Sight]]:
    after = -1
    while dockets := store.all_held(PAGE, after):
        after = dockets[-1].holding
        witnesses = store.witnesses([one.holding for one in dockets])
        yield [Sight(one, tuple(witnesses.get(one.holding, ())), past.get(one.holding, ())) for one in dockets]


def _abreast(
    guards: Sequence[Guard], task: Task[Sight, Judgement], pages: Iterable[Sequence[Sight]]
) -> Iterator[Done[Sight, Judgement]]:
    """Does `task` on every page, each child with a page of its own, in order."""
    waiting: deque[tuple[Guard, Sequence[Sight]]] = deque()
    for number, page in enumerate(pages):
        if len(waiting) == len(guards):
            yield _done(*waiting.popleft())
        guards[number % len(guards)].submit(task, page)
        waiting.append((guards[number % len(guards)], page))
    while waiting:
        yield _done(*waiting.popleft())


def _done(guard: Guard, page: Sequence[Sight]) -> Done[Sight, Judgement]:
    outcomes: list[Judgement | Ended] = guard.answer()
    return Done(page, outcomes)


def _compare(store: Store, made: Replayed, dockets: Sequence[Docket], said: Sequence[Judgement]) -> None:
    """Adds a page."""
    holdings = [docket.holding for docket in dockets]
    envelopes = store.envelopes(holdings)
    boxes = {docket.holding: docket.mailbox for docket in dockets}
    outcomes = dict(zip(holdings, said, strict=True))
    before = store.made(holdings)
    made.messages += len(dockets)
    for holding, one in outcomes.items():
        made.checked[envelopes[holding].sender] += one.checked
        made.unchecked += bool(one.failed)

    def line(holding: int, name: str, finding: Finding, was: Severity | None = None) -> Line:
        known = envelopes[holding]
        return Line(name, finding.rule, finding.severity, boxes[holding], known.sender, known.sent, was)

    now = {name: (holding, finding) for holding, one in outcomes.items() for name, finding in one.findings}
    made.now.update(now)
    for was in before:
        made.stood.add(was.id)
        if was.owned:
            made.by_rule[was.finding.rule] += 1
            made.by_person[envelopes[was.holding].sender] += 1
        if unasked(outcomes[was.holding], was.finding.rule):
            made.now.add(was.id)
        elif was.id not in now:
            made.lost.setdefault(was.id, line(was.holding, was.id, was.finding))
        elif was.finding.severity is not now[was.id][1].severity:
            made.changed[was.id] = line(now[was.id][0], was.id, now[was.id][1], was.finding.severity)
    for name, (holding, finding) in now.items():
        if name not in made.stood:
            made.gained.setdefault(name, line(holding, name, finding))
