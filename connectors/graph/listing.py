"""Every id of every folder: what is not held is fetched, what is held and nowhere listed is asked for.

https://learn.microsoft.com/graph/api/user-list-messages
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.errors import LostSource
from auditor.pipeline.source import Page, Unfetched
from auditor.store.interface import Held
from auditor.values import Value, replace
from connectors.circles import Circle, Course
from connectors.folders import Choice
from connectors.graph import sorting
from connectors.graph.line import Line, Refused
from connectors.graph.rows import SELECT, Row, row
from connectors.graph.smaller import Smaller
from connectors.graph.sorting import UNLISTED, Sorting
from connectors.graph.tree import Folder, tree
from connectors.paging import Paging
from connectors.seen import Seen
from connectors.tally import suddenly_empty

MOST_UNLISTED = 10_000
"""More than that Graph counts and does not list in one mailbox only when it is out of order."""


class _Short(Value, frozen=True):
    """A folder that Graph lists less of than it counts there."""

    folder: Folder
    listed: int
    skipped: int
    """Of those not listed, the ones that were stepped over."""

    @property
    def missing(self) -> int:
        return max(self.skipped, (self.folder.total or 0) - self.listed)


class Listing:
    """The whole mailbox, once."""

    def __init__(self, line: Line, choice: Choice, held: Held, sort: Sorting, out: Paging) -> None:
        self._line = line
        self._choice = choice
        self._held = held
        self._sort = sort
        self._out = out
        self.found = 0
        """How many that are accounted for were found there, or are no less there for not being listed."""
        self.unsure = False
        """Whether a folder was not to be found when its messages were asked for."""

    def everything(self) -> Iterator[Page]:
        """Lists it all."""
        self._sort.look()
        listed = Seen()
        short: list[_Short] = []
        for folder in list(self._sort.tree.values()):
            count, skipped = 0, 0
            for rows, bad in self._folder(folder):
                count += len(rows)
                skipped += bad
                fresh = [one.id for one in rows if listed.add(one.id)]
                yield from self._sort.taken(rows, folder)
                self.found += sum(self._sort.stands(one) for one in fresh)
            short.append(_Short(folder, count, skipped))
        yield from self._confirm_absence(listed)
        gaps = self._unlisted([one for one in short if one.missing and self._choice.takes(one.folder.place)])
        self.found += len(self._sort.untold) + len(gaps)
        yield from self._note_unlisted(gaps)

    def _folder(self, folder: Folder) -> Iterator[tuple[list[Row], int]]:
        """A folder's messages, a page at a time, and how many were stepped over. A page that Graph cannot give is asked
        for in smaller ones, and a single message that it cannot give is stepped over."""
        at, smaller, course = 0, Smaller(self._line, sorting.PAGE), Course()
        link = ""
        while True:
            query = f"$select={SELECT}&$top={smaller.size}" + (f"&$skip={at}" if at else "")
            url = link or self._line.url("mailFolders", folder.id, "messages", query=query)
            link = ""
            try:
                said = self._line.listing(url, tries=2)
            except Refused as error:
                if error.status == 404:
                    self.unsure = True
                    return
                if smaller.possible(error):
                    smaller.after(error)
                    continue
                if not error.failing or at >= (folder.total or 0):
                    raise
                smaller.worked()
                at += 1
                yield [], 1
                continue
            smaller.worked()
            rows = [one for said_ in said["value"] if (one := row(said_))]
            at += len(said["value"])
            self._passed(course, url, rows)
            yield rows, 0
            link = said.get("@odata.nextLink") or ""
            if not link:
                return

    def _passed(self, course: Course, url: str, rows: list[Row]) -> None:
        try:
            course.passed(url, [one.id for one in rows])
        except Circle:
            said = f"Microsoft 365 lists {self._line.mailbox} in circles: it is read again tomorrow night."
            raise LostSource(said) from None

    def _confirm_absence(self, listed: Seen) -> Iterator[Page]:
        """Asks for each that is accounted for and was not listed: only what Graph does not find is gone."""
        if not listed.count and self._sort.tally.known and not self._held.empty():
            raise suddenly_empty(self._line.mailbox)
        yield from self._sort.suspects(
            id_ for id_ in self._held.ids() if id_ not in listed and not id_.startswith(UNLISTED)
        )

    def _unlisted(self, short: list[_Short]) -> dict[str, str]:
        """What Graph counts and does not list: ids for them, and why each is a gap. What is held, and Graph cannot tell
        of, is no gap besides."""
        if short:
            now = tree(self._line)  # what went while it was listed is counted no more
            short = [replace(one, folder=_lesser(one.folder, now.get(one.folder.id))) for one in short]
        if (many := sum(one.missing for one in short)) > MOST_UNLISTED:
            raise LostSource(
                f"Microsoft 365 counts {many:,} messages more in {self._line.mailbox} than it lists: it is read again "
                "tomorrow night."
            )
        gaps: dict[str, str] = {}
        spare = len(self._sort.untold)
        for one in short:
            missing, spare = max(0, one.missing - spare), max(0, spare - one.missing)
            name = one.folder.place.names[-1][:100] if one.folder.place.names else "the mailbox"
            said = (
                f"Microsoft 365 counts {missing:,} more in '{name}' than it lists: damaged, or of a kind that is no mail; "
                "open the folder in Outlook to see."
            )
            gaps |= {f"{UNLISTED}{one.folder.id}:{number}": said for number in range(missing)}
        return gaps

    def _note_unlisted(self, now: dict[str, str]) -> Iterator[Page]:
        """A gap for each; such a gap of earlier that is no more is closed."""
        tally = self._sort.tally
        before = {id_: None for id_ in tally.gaps if id_.startswith(UNLISTED)}
        for id_, said in now.items():
            tally.account(id_, before)
            yield from self._out.add([Unfetched(id_, said)])
        for id_ in sorted(before.keys() - now.keys()):
            yield from self._out.add(tally.lose(id_, before))


def _lesser(before: Folder, now: Folder | None) -> Folder:
    """The folder with what is counted in it at either time."""
    total = now.total if now else 0
    return before if total is None or before.total is None else replace(before, total=min(total, before.total))
