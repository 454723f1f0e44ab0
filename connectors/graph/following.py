"""What is new in a folder since the last night, by its delta.

https://learn.microsoft.com/graph/api/message-delta
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.pipeline.source import Page
from connectors.circles import Circle, Course
from connectors.graph import sorting
from connectors.graph.line import Line, Refused
from connectors.graph.rows import SELECT, row
from connectors.graph.smaller import Smaller
from connectors.graph.sorting import Sorting
from connectors.graph.state import State
from connectors.graph.tree import Folder
from connectors.paging import Paging

_EXPIRED = frozenset({400, 410})
"""410 is an expired link, and some of those are called 400."""


class Following:
    """Follows one folder after another; where each stands is in the state."""

    def __init__(self, line: Line, sort: Sorting, state: State, out: Paging) -> None:
        self._line = line
        self._sort = sort
        self._state = state
        self._out = out

    def follow(self, folder: Folder) -> Iterator[Page]:
        """A folder's delta to its end. One that cannot be followed is listed instead, with all the others."""
        afresh = False
        while True:
            again = ""
            try:
                yield from self._delta(folder)
                return
            except Circle:
                pass
            except Refused as error:
                afresh = afresh or error.status not in _EXPIRED
                again = error.location
            # Where it stood is not known any more: what went meanwhile is found by listing every id.
            self._state.links.pop(folder.id, None)
            self._state.due = None
            if afresh:
                return
            afresh = True
            if self._line.ours(again):
                self._state.links[folder.id] = again

    def _delta(self, folder: Folder) -> Iterator[Page]:
        """Pages from where the folder's link stands to its end."""
        first = self._line.url("mailFolders", folder.id, "messages", "delta", query=f"$select={SELECT}")
        link = self._state.links.get(folder.id, first)
        course, smaller = Course(), Smaller(self._line, sorting.PAGE)
        while True:
            try:
                said = self._line.listing(link, prefer=f"odata.maxpagesize={smaller.size}", tries=2)
            except Refused as error:
                smaller.after(error)
                continue
            smaller.worked()
            rows = [one for said_ in said["value"] if (one := row(said_))]
            course.passed(link, [one.id for one in rows])
            yield from self._sort.taken(rows, folder)
            following = said.get("@odata.nextLink")
            link = following or said.get("@odata.deltaLink") or ""
            if not link:
                raise Refused(200, "nolink")
            self._state.links[folder.id] = link
            yield from self._out.step()
            if not following:
                return
