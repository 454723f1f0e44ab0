"""The post weighed once the night's mail is in: what earlier mail says of the recipients of what has come.

A message is judged as it arrives, when what is dated before it may not have come yet. So the post book is read when all
has, in the order of dates; a message that it remarks on is judged again, and only that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from auditor.past import Remark
from auditor.pipeline.guard import NOBODY, Deaths, Guard
from auditor.policy import Policy
from auditor.store.interface import Store
from auditor.store.records import Posted

Remarks = dict[int, tuple[Remark, ...]]
"""By holding."""


class Weighing:
    """Reads the post book where mail is read: `guard.Work` whose answer is what is remarked on of what is due."""

    def __init__(self, policy: Policy, open_store: Callable[[], Store]) -> None:
        self.policy = policy
        self.open_store = open_store

    def do(self, _page: None, _deaths: Deaths, at: Callable[[int], None]) -> Remarks:
        """No message is to blame for how long it takes: of each only addresses are looked at."""
        from auditor.pipeline.postbook import PostBook, unposted  # in the child alone: it brings the analysers with it

        at(NOBODY)
        with self.open_store() as store:
            lines = ((line, unposted(line)) for line in self.lines(store))
            return {line.holding: said for line, said in PostBook(self.policy).read(lines) if line.due}

    def lines(self, store: Store) -> Iterator[Posted]:
        """The post book."""
        return store.post()


def weigh(store: Store, policy: Policy, guard: Guard) -> Remarks:
    """Weighs what is due, and puts in the queue what is to be judged with a remark, or without one that it had."""
    if not store.unweighed():
        return {}
    guard.submit(Weighing(policy, store.opener()), None)
    said: Remarks = guard.answer()
    store.weighed(said)
    return said
