"""One mailbox read for one night: what is new in each folder, what moved, what went, and proof that nothing is missing.

Every folder that a person sees is followed by its own delta, whatever was chosen: so mail that was sent is found
wherever it was filed, and a message that leaves the chosen folders is seen where it went. Only what is chosen is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from auditor.errors import LostSource, RetrySource
from auditor.pipeline.pull import Clock
from auditor.pipeline.source import Page
from auditor.spool import Spool
from auditor.store.interface import Held
from connectors.folders import Choice
from connectors.graph.following import Following
from connectors.graph.line import Line, Refused
from connectors.graph.listing import Listing
from connectors.graph.sorting import Sorting, where
from connectors.graph.state import State
from connectors.paging import Paging
from connectors.tally import EVERY, suddenly_empty


class Reading:
    """A night's reading. `pages` is called once."""

    def __init__(
        self, line: Line, choice: Choice, held: Held, state: State | None, clock: Clock, today: date,
        spool: Spool | None = None,
    ) -> None:  # fmt: skip
        self._line = line
        self._choice = choice
        self._held = held
        self._state = state or State(choice.spelled)
        self._today = today
        self._spool = spool
        self._out = Paging(clock, self._state.dumped)

    def pages(self) -> Iterator[Page]:
        """See `Source.pages`."""
        try:
            sort = Sorting(self._line, self._choice, self._held, self._out, self._spool)
            self._begin(sort)
            following = Following(self._line, sort, self._state, self._out)
            for folder in list(sort.tree.values()):
                yield from following.follow(folder)
            yield from sort.gaps()
            yield from self._settle(sort)
        except Refused as error:
            raise self._lost(error) from None
        except (RetrySource, LostSource):
            # What came before the trouble is kept: its cursor is that of the page before.
            yield from self._out.rest()
            raise

    def _lost(self, error: Refused) -> LostSource:
        mailbox, code = self._line.mailbox, f", {error.code}" if error.code else ""
        if 200 <= error.status < 300:
            return LostSource(
                f"What Microsoft 365 lists of {mailbox} has no end, or makes no sense{code}: it is read again tomorrow night."
            )
        return LostSource(
            f"Microsoft 365 refused to list {mailbox} (status {error.status}{code}): try 'auditor check', and tell the one "
            "who looks after the auditor if it stays so."
        )

    def _begin(self, sort: Sorting) -> None:
        """How many are expected, and whether the folders are those of the last night."""
        counted, known, state = sort.counted(), sort.tally.known, self._state
        self._out.expected = None if counted is None else max(0, counted - known)
        totals = [folder.total for folder in sort.tree.values()]
        if known and None not in totals and not any(totals):
            raise suddenly_empty(self._line.mailbox)
        good = {one: link for one, link in state.links.items() if one in sort.tree and self._line.ours(link)}
        if len(good) < len(state.links):
            state.due = None  # what lay in a folder that is gone lies elsewhere, or nowhere
            state.links = good
        places = {one: where(folder) for one, folder in sort.tree.items()}
        if any(places.get(one, place) != place for one, place in state.places.items()):
            state.due = None  # no delta tells of messages whose folder was moved, to the bin perhaps, or renamed
        state.places = places | state.places

    def _settle(self, sort: Sorting) -> Iterator[Page]:
        """Compares with what Graph counts; lists every id when it is time, or when the two differ. The last page."""
        due = self._state.due is None or self._today >= self._state.due
        if not due and not self._adds_up(sort):
            sort.look()  # mail that came meanwhile is counted now
        if due or not self._adds_up(sort):
            listing = Listing(self._line, self._choice, self._held, sort, self._out)
            yield from listing.everything()
            self._remember(sort, found=not listing.unsure and listing.found == sort.tally.known)
        if sort.again and self._state.due:
            self._state.due = min(self._state.due, self._today + timedelta(days=1))
        yield self._out.page(sort.tally.known)

    def _adds_up(self, sort: Sorting) -> bool:
        counted, skew = sort.counted(), self._state.skew
        return counted is None or skew is None or sort.tally.known - counted == skew

    def _remember(self, sort: Sorting, *, found: bool) -> None:
        """How things stand after every id was listed, and whether all that is accounted for was found there."""
        counted, known = sort.counted(), sort.tally.known
        self._state.places = {one: where(folder) for one, folder in sort.tree.items()}
        self._state.skew = None if counted is None else known - counted
        # What went after it was fetched tonight is not among the ids held yet: it is looked for tomorrow.
        self._state.due = self._today + (EVERY if found else timedelta(days=1))
