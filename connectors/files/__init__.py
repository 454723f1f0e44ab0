"""Mail that lies in folders on disk: exports, backups, Maildirs. `[[sources]]` with `kind = "files"`.

Under the root a mailbox is a folder named by its address, or an mbox named by it (`clerk@….mbox`, or as Google Vault
writes it, `clerk@…-AbC.mbox`, there or in a folder of the export); either may be there, or both. In the folder may
lie, at any depth: `.eml` files (and numbered ones, as MH programs keep them), Maildirs (Maildir++ dot folders too),
and mboxes, also gzipped, known by their ending or their first line. The way there names the mail folder; of a Google
Takeout the labels do (X-Gmail-Labels).

What the layout puts in no folder (an mbox named by the address, files at the top, a Maildir that is all there is)
belongs to every folder chosen. A Maildir at the top with others beside it is the inbox.

Ids. A message file: its path in the mailbox's folder. A Maildir message: the same, without its flags and always as
if in `cur`, so that reading or flagging it changes nothing. An mbox message: `<SHA-256>-<occurrence>`, see `mbox`.
A file whose bytes are held under an id that is gone has moved.

Nothing is written, no symbolic link followed. A message larger than `mbox.LARGEST` is a gap, so are an empty file, a
file that cannot be read, and kinds that are not (`.msg`, `.pst`, archives).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path

from auditor.errors import LostSource
from auditor.pipeline.source import Entry, Fetched, Page, Probed, Proof
from auditor.store.interface import Held
from auditor.values import Value
from connectors.files.listing import Spool
from connectors.files.mailbox import located
from connectors.files.marks import Marks, loaded
from connectors.files.mboxes import Mboxes
from connectors.files.reading import Reading
from connectors.files.survey import Survey
from connectors.folders import Choice

__all__ = ["Files"]

PAGE_MESSAGES = 1000
PAGE_BYTES = 16 * 1024 * 1024


class Files(Value, frozen=True):
    """Mailboxes in folders on disk; see the module."""

    root: Path
    mailboxes: Sequence[str]
    folders: Sequence[str] = ("sent",)
    """sent, inbox, deleted, archive, all."""
    clock: Callable[[], float] = time.time
    """The file system's time, in seconds since 1970."""
    name: str = "files"
    abreast: int = 1

    def requests(self, mailbox: str) -> int:  # noqa: ARG002
        """None: no provider is asked."""
        return 0

    def proofs(self) -> Iterator[Proof]:
        """None: the mailboxes are all there is."""
        return iter(())

    def probe(self, mailbox: str) -> Probed:
        """See `Source.probe`: lists everything, opens nothing but what may be an mbox."""
        choice = Choice(frozenset(self.folders))
        with Spool() as spool:
            survey = Survey(choice, spool, {}, frozenset(), self.clock)
            survey.look(located(self.root, mailbox))
            found = survey.found
            if found.trouble:
                raise LostSource(_sentence(mailbox, found.trouble))
            messages = sum(folder.listing.count for folder in found.folders if folder.listing)
            mboxes = [mbox.path for mbox in found.mboxes if mbox.chosen]
        files = f"{messages:,} message file{'' if messages == 1 else 's'}"
        said = f"{files} and {len(mboxes):,} mbox{'' if len(mboxes) == 1 else 'es'} in the chosen folders"
        # Mail programs keep a file without a byte for a folder without mail.
        return Probed(said, not messages and not any(path.lstat().st_size for path in mboxes))

    def pages(self, mailbox: str, cursor: str | None, held: Held) -> Iterator[Page]:
        """See `Source.pages`. The cursor moves with the last page alone: what the pages before it brought is known
        again by its ids, so a night cut short is gone through again and nothing of it is handed over twice."""
        choice = Choice(frozenset(self.folders))
        order = tuple(sorted(choice.folders))
        past = loaded(cursor, order) or Marks(order, due=True)
        wanted = frozenset(gap[: gap.rfind("/") + 1] for gap in held.gaps())
        with Spool() as spool:
            survey = Survey(choice, spool, past.folders, wanted, self.clock)
            survey.look(located(self.root, mailbox))
            reading = Reading(mailbox, choice, survey, Mboxes(survey.found.mboxes, choice, self.clock), past, held)
            before = past.dumped() if cursor is None else cursor
            rest = yield from _full_pages(reading.entries(), before)
            if reading.trouble:
                if rest:
                    yield Page(tuple(rest), before)
                raise LostSource(_sentence(mailbox, reading.trouble))
            yield Page(tuple(rest), reading.marks.dumped(), reading.marks.count)


def _full_pages(entries: Iterator[Entry], cursor: str) -> Generator[Page, None, list[Entry]]:
    """Full pages with this cursor; returns what is left for the last."""
    waiting: list[Entry] = []
    size = 0
    for entry in entries:
        weight = len(entry.raw) if isinstance(entry, Fetched) else 0
        if waiting and (len(waiting) == PAGE_MESSAGES or size + weight > PAGE_BYTES):
            yield Page(tuple(waiting), cursor)
            waiting, size = [], 0
        waiting.append(entry)
        size += weight
    return waiting


def _sentence(mailbox: str, trouble: Sequence[str]) -> str:
    more = f" And {len(trouble) - 1} more of its folders or files." if len(trouble) > 1 else ""
    return f"{mailbox}: {trouble[0]}{more}"
