"""Microsoft 365, by Microsoft Graph. `[[sources]]` with `kind = "microsoft365"`.

The evidence is the message as Graph gives it (`$value`, RFC 822); beside it stand the hidden recipients, the conversation
and the address that opens the message. Ids are Graph's immutable ids. The auditor reads and never writes: it needs the
application permission Mail.Read for the mailboxes it is told of, and no other.

What Graph does not show: in-place archive mailboxes, and the text of encrypted messages.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from auditor.errors import LostSource
from auditor.pipeline.pull import Clock
from auditor.pipeline.source import Page, Probed, Proof
from auditor.spool import Spool
from auditor.store.interface import Held
from connectors.folders import Choice
from connectors.graph.line import Limits, Line, Refused, Slots
from connectors.graph.proofs import outside_refused, sign_in_proofs
from connectors.graph.reading import Reading
from connectors.graph.rows import row
from connectors.graph.signin import NAME, Account, SignIn
from connectors.graph.state import loaded
from connectors.graph.tree import tree
from connectors.retry import Pace, Patience
from connectors.wire import SMALL, TooLarge, Wire, origin

__all__ = ["Account", "Graph", "Limits"]

ALLOWED = Limits()
ABREAST = 12
"""Mailboxes read at once; `Limits.everywhere` bounds the calls."""


class Graph:
    """Mailboxes of one Microsoft 365 tenant; see the module."""

    name = "microsoft365"
    abreast = ABREAST

    def __init__(
        self, account: Account, mailboxes: Sequence[str], folders: Sequence[str], *, patience: float, clock: Clock,
        today: Callable[[], date], outside: Sequence[str] = (), limits: Limits = ALLOWED, spool: Spool | None = None,
    ) -> None:  # fmt: skip
        """
        Args:
            folders: sent, inbox, deleted, archive, all.
            patience: seconds a mailbox may keep failing.
            today: the London day.
            spool: where large messages lie until they are kept; None holds them in memory.
            outside: mailboxes that are none of the auditor's business, to prove that they are refused.
        """
        self.mailboxes = mailboxes
        self._account = account
        self._choice = Choice(frozenset(folders))
        self._patience = patience
        self._clock = clock
        self._today = today
        self._outside = outside
        self._limits = limits
        self._spool = spool
        self._signin = SignIn(account, clock)
        self._everywhere = Slots(limits.everywhere)
        self._lock = threading.Lock()
        self._calls: dict[str, int] = {}
        self._paces: dict[str, Pace] = {}
        self._slots: dict[str, Slots] = {}
        """Kept as the paces are: when a mailbox is read again, calls of the reading before may still be under way."""

    def requests(self, mailbox: str) -> int:
        """Calls made for this mailbox, without those to sign in."""
        return self._calls.get(mailbox, 0)

    def pages(self, mailbox: str, cursor: str | None, held: Held) -> Iterator[Page]:
        """See `Source.pages`."""
        state = loaded(cursor, self._choice.spelled)
        with self._line(mailbox) as line:
            yield from Reading(line, self._choice, held, state, self._clock, self._today(), self._spool).pages()

    def probe(self, mailbox: str) -> Probed:
        """See `Source.probe`: counts what is there and reads one message whole."""
        with self._line(mailbox) as line:
            try:
                folders = [one for one in tree(line).values() if self._choice.takes(one.place)]
                messages = sum(folder.total or 0 for folder in folders)
                read = any(_one_read(line, folder.id) for folder in folders if folder.total)
            except Refused as error:
                where = ": check endpoint in [[sources]]" if error.status == 404 else ""
                raise LostSource(f"Microsoft 365 does not show {mailbox} (status {error.status}){where}.") from None
        said = f"{messages:,} message{'' if messages == 1 else 's'} in {len(folders):,} chosen folder{'' if len(folders) == 1 else 's'}"
        return Probed(f"{said}; one was read whole" if read else said, not messages)

    def proofs(self) -> Iterator[Proof]:
        """Sign-in, clock, how long the secret or certificate lasts, permissions, and that other mailboxes are refused."""
        proofs = list(sign_in_proofs(self._account, self._signin, self._today()))
        yield from proofs
        if proofs[0].ok:
            yield from outside_refused(self._outside, self._line)

    @contextmanager
    def _line(self, mailbox: str) -> Iterator[Line]:
        with self._lock:
            pace = self._paces.setdefault(mailbox, Pace(self._clock, self._limits.rate, self._limits.burst))
            slots = self._slots.setdefault(mailbox, Slots(self._limits.in_flight))
        patience = Patience(self._clock, self._patience)
        with Wire(NAME, (origin(self._account.endpoint),), self._account.roots) as wire:
            try:
                yield Line(
                    self._account.endpoint, mailbox, self._signin, wire, patience, pace, slots, self._everywhere
                )  # fmt: skip
            finally:
                with self._lock:
                    self._calls[mailbox] = self._calls.get(mailbox, 0) + wire.calls


def _one_read(line: Line, folder: str) -> bool:
    """Whether a message of a folder can be read whole; False where the folder lists none."""
    said = line.listing(line.url("mailFolders", folder, "messages", query="$select=id&$top=5"))
    for one in filter(None, map(row, said["value"])):
        try:
            return bool(line.content(line.url("messages", one.id, "$value"), tries=2, largest=SMALL))
        except TooLarge:
            return True
        except Refused:
            continue  # gone meanwhile, or one that Graph cannot give
    return False
