"""Google Workspace, by the Gmail API. `[[sources]]` with `kind = "google"`.

The evidence is the message as Gmail gives it (`format=raw`, RFC 822, with the hidden recipients of what was sent);
beside it stand its conversation and the address that opens it. Ids are Gmail's; labels are folders. A service account
reads for each mailbox's owner with one scope, gmail.readonly: it cannot send, change or delete.
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
from connectors.gmail.labels import BIN
from connectors.gmail.line import Limits, Line, Raw, Refused
from connectors.gmail.listing import LABELS
from connectors.gmail.proofs import sign_in_proofs
from connectors.gmail.reading import Reading
from connectors.gmail.signin import NAME, Account, SignIn
from connectors.gmail.state import loaded
from connectors.retry import Pace, Patience
from connectors.wire import Wire, origin

__all__ = ["Account", "Gmail", "Limits"]

ALLOWED = Limits()
ABREAST = 12
"""Mailboxes read at once: each has a quota of its own."""


class Gmail:
    """Mailboxes of one Google Workspace; see the module."""

    name = "google"
    abreast = ABREAST

    def __init__(
        self, account: Account, mailboxes: Sequence[str], folders: Sequence[str], *, patience: float, clock: Clock,
        today: Callable[[], date], limits: Limits = ALLOWED, spool: Spool | None = None,
    ) -> None:  # fmt: skip
        """
        Args:
            folders: sent, inbox, deleted, archive, all.
            patience: seconds a mailbox may keep failing.
            today: the London day.
            spool: where large messages lie until they are kept; None holds them in memory.
        """
        self.mailboxes = mailboxes
        self._account = account
        self._choice = Choice(frozenset(folders))
        self._patience = patience
        self._clock = clock
        self._today = today
        self._limits = limits
        self._spool = spool
        self._lock = threading.Lock()
        self._calls: dict[str, int] = {}
        self._paces: dict[str, Pace] = {}
        self._signins: dict[str, SignIn] = {}

    def requests(self, mailbox: str) -> int:
        """Calls made for this mailbox, those to sign in among them."""
        signin = self._signins.get(mailbox)
        return self._calls.get(mailbox, 0) + (signin.calls if signin else 0)

    def pages(self, mailbox: str, cursor: str | None, held: Held) -> Iterator[Page]:
        """See `Source.pages`."""
        state = loaded(cursor, self._choice.spelled)
        with self._line(mailbox, self._spool) as line:
            yield from Reading(line, self._choice, held, state, self._clock, self._today()).pages()

    def probe(self, mailbox: str) -> Probed:
        """See `Source.probe`: counts what is there and reads one message whole."""
        try:
            with self._line(mailbox) as line:
                _, total = line.profile()
                some = line.messages(_some(line, self._choice), one_by_one=True)
                read = any(isinstance(got, Raw) and got.raw is not None for _, got in some)
        except Refused as error:
            where = ": check endpoint in [[sources]]" if error.status == 404 else ""
            raise LostSource(f"Gmail does not show {mailbox} (status {error.status}){where}.") from None
        count = "messages" if total is None else f"{total:,} message{'' if total == 1 else 's'}"
        said = f"{count} in the mailbox"
        return Probed(f"{said}; one was read whole" if read else said, total == 0)

    def proofs(self) -> Iterator[Proof]:
        """Sign-in, clock, and permissions beyond reading."""
        if self.mailboxes:
            yield from sign_in_proofs(self._account, self.mailboxes, self._clock)

    @contextmanager
    def _line(self, mailbox: str, spool: Spool | None = None) -> Iterator[Line]:
        with self._lock:
            pace = self._paces.setdefault(mailbox, Pace(self._clock, self._limits.rate, self._limits.burst))
            signin = self._signins.setdefault(mailbox, SignIn(self._account, mailbox, self._clock))
        patience = Patience(self._clock, self._patience)
        with Wire(NAME, (origin(self._account.endpoint),), self._account.roots) as wire:
            try:
                yield Line(self._account.endpoint, mailbox, signin, wire, patience, pace, self._limits, spool)
            finally:
                with self._lock:
                    self._calls[mailbox] = self._calls.get(mailbox, 0) + wire.calls


def _some(line: Line, choice: Choice) -> list[str]:
    """A few ids of what is chosen."""
    for name, label in LABELS:
        if name in choice.folders or "all" in choice.folders:
            for ids in line.listed(label, everywhere=label == BIN):
                if ids:
                    return ids[:1]
    return []
