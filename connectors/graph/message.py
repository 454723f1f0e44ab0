"""A message itself: its bytes as Graph gives them, or what Graph can still say where it cannot give them.

https://learn.microsoft.com/graph/outlook-get-mime-message
"""

from __future__ import annotations

from auditor.pipeline.source import Entry, Fetched, Unfetched
from auditor.spool import Raw, Spool
from connectors.graph.line import CONVERSION, Denied, Line, Refused
from connectors.graph.rebuilt import PARTS, rebuilt
from connectors.graph.rows import Row
from connectors.wire import LARGEST, TooLarge

_TRIES = 3
"""How often a message is asked for whose answer fails while others do not."""


class Fetching:
    """Fetches messages of one mailbox; several threads may use it."""

    def __init__(self, line: Line, spool: Spool | None) -> None:
        self._line = line
        self._spool = spool

    def entries(self, one: Row, folders: tuple[str, ...], stamp: str) -> tuple[Entry, ...]:
        """The message; besides or in place of it a gap where its bytes are not to be had; nothing when it is gone.

        Raises:
            SourceError: it is not the message's fault.
        """
        try:
            raw = self._bytes(one)
        except TooLarge:
            said = f"The message is larger than {LARGEST >> 20} MB: it lies unread in the mailbox."
            return (Unfetched(one.id, said, stamp),)
        except Refused as error:
            if error.status == 404:
                return ()
            return self._instead(one, folders, stamp)
        except Denied as error:
            return self._denied(one, folders, stamp, error)
        if isinstance(raw, bytes) and not raw.strip():
            return self._instead(one, folders, stamp)
        return (Fetched(one.id, raw, folders, stamp, one.received, one.beside),)

    def _bytes(self, one: Row) -> Raw:
        """See `Line.content`. Before the message is to blame, the mailbox must answer another question."""
        url = self._line.url("messages", one.id, "$value")
        try:
            return self._line.content(url, tries=_TRIES, largest=LARGEST, spool=self._spool)
        except Refused as error:
            if not error.failing or error.code.startswith(CONVERSION):
                raise
        self._line.answers()
        return self._line.content(url, tries=_TRIES, largest=LARGEST, spool=self._spool)

    def _denied(self, one: Row, folders: tuple[str, ...], stamp: str, error: Denied) -> tuple[Entry, ...]:
        """Where the text may be read in another form, or not so much as the id, it is this message that is kept from us and
        not the mailbox."""
        try:
            if "body" in self._line.document(self._line.url("messages", one.id, query="$select=id,body")):
                return self._instead(one, folders, stamp)
        except Denied:
            if self._hidden(one):
                return (Unfetched(one.id, "Microsoft 365 does not permit this message to be read.", stamp),)
        except Refused:
            return self._instead(one, folders, stamp)
        raise error  # all that is permitted is Mail.ReadBasic

    def _hidden(self, one: Row) -> bool:
        """Whether this message alone is kept from us."""
        try:
            self._line.document(self._line.url("messages", one.id, query="$select=id"))
        except Denied:
            self._line.answers()
            return True
        return False

    def _instead(self, one: Row, folders: tuple[str, ...], stamp: str) -> tuple[Entry, ...]:
        """The JSON form, as a message; and the gap, which is asked for again each night and heals with the bytes."""
        try:
            # Asked until it answers: where the service is out of order, no message is to blame.
            said = self._line.document(self._line.url("messages", one.id, query=f"$select={PARTS}"))
        except Refused as error:
            if error.status == 404:
                return ()
            return (Unfetched(one.id, "Microsoft 365 cannot give this message in any form.", stamp),)
        try:
            files = list(self._line.each(self._line.url("messages", one.id, "attachments"), tries=_TRIES))
        except (Refused, TooLarge):
            files = []
        why = (
            "Microsoft 365 cannot give this message as it was sent (it is encrypted, signed or damaged): what it tells of it "
            "was kept and checked."
        )
        return (
            Fetched(one.id, rebuilt(said, files), folders, stamp, one.received, one.beside),
            Unfetched(one.id, why, stamp),
        )
