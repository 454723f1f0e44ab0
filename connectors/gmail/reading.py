"""One mailbox read for one night: what happened since the last, or every id; and proof that nothing is missing.

https://developers.google.com/workspace/gmail/api/guides/sync
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import date, timedelta

from auditor.errors import LostSource, RetrySource
from auditor.pipeline.pull import Clock
from auditor.pipeline.source import Page
from auditor.store.interface import Held
from connectors.folders import Choice
from connectors.gmail.events import Events
from connectors.gmail.labels import DRAFT
from connectors.gmail.line import Line, Refused
from connectors.gmail.listing import LABELS, Listing
from connectors.gmail.sorting import Sorting
from connectors.gmail.state import State
from connectors.paging import Paging
from connectors.tally import EVERY, suddenly_empty

SOON = timedelta(days=1)
"""When it is listed again where what was listed is not what Gmail counts, nor as far from it as before."""


class Reading:
    """A night's reading. `pages` is called once."""

    def __init__(self, line: Line, choice: Choice, held: Held, state: State | None, clock: Clock, today: date) -> None:
        self._line = line
        self._choice = choice
        self._held = held
        self._state = state or State(choice.spelled)
        self._today = today
        self._out = Paging(clock, self._state.dumped)

    def pages(self) -> Iterator[Page]:
        """See `Source.pages`."""
        try:
            yield from self._all()
        except Refused as error:
            raise LostSource(
                f"Gmail refused to list {self._line.mailbox} (status {error.status}): try 'auditor check', and tell the one "
                "who looks after the auditor if it stays so."
            ) from None
        except (RetrySource, LostSource):
            yield from self._out.rest()
            raise

    def _all(self) -> Iterator[Page]:
        history, total = self._line.profile()
        names = self._line.labels()
        sort, state = Sorting(self._line, self._choice, self._held, names, self._out), self._state
        known = sort.tally.known
        self._out.expected = None if total is None else max(0, total - known)
        if total == 0 and known:
            raise suddenly_empty(self._line.mailbox)
        if state.history and state.due:
            history = yield from self._what_happened(sort, history)
        yield from sort.gaps()
        due = not state.history or not state.due or self._today >= state.due
        if due or not self._adds_up(sort):
            # What happens while everything is listed is told next night.
            state.history = state.history or history
            yield from Listing(self._line, self._choice, self._held, names, sort, self._out).everything()
            self._remember(sort)
        state.history = history
        yield self._out.page(sort.tally.known)

    def _what_happened(self, sort: Sorting, now: str) -> Generator[Page, None, str]:
        """Everything that Gmail tells, and the history id up to which it told it."""
        events = Events()
        try:
            for said in self._line.history(self._state.history):
                events.add(said)
                if events.many:
                    break
        except Refused as error:
            if error.status not in (400, 404):
                raise
        else:
            if not events.many:
                yield from sort.happened(events.last)
                return events.upto or now
        self._state.history = ""  # too long ago, or too much: everything is listed
        self._state.due = None
        return now

    # --- the account

    def _adds_up(self, sort: Sorting) -> bool:
        total, skew = self._counted(), self._state.skew
        return total is None or skew is None or sort.tally.known - total == skew

    def _remember(self, sort: Sorting) -> None:
        """How things stand after every id was listed."""
        total, before = self._counted(), self._state.skew
        self._state.skew = None if total is None else sort.tally.known - total
        # What is deleted while pages are listed moves others to pages that were listed already.
        sure = self._state.skew in (None, 0, before)
        self._state.due = self._today + (EVERY if sure else SOON)

    def _counted(self) -> int | None:
        """What Gmail counts of what is chosen; None where it does not say."""
        folders = self._choice.folders
        if "all" in folders:
            _, total = self._line.profile()
            drafts = self._line.label_total(DRAFT)
            return None if total is None else total - (drafts or 0)
        if "archive" in folders:
            return None
        totals = [self._line.label_total(label) for name, label in LABELS if name in folders]
        return None if None in totals else sum(filter(None, totals))
