"""Calls to a service that workbooks are taken to: signed, waited for while it is busy, to its own hosts alone; and the
sending of a file piece by piece, taken up again where it broke off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from auditor import __version__
from auditor.errors import DeliveryError, RetrySource, SourceError
from auditor.pipeline.pull import Clock
from connectors.retry import Patience
from connectors.said import loaded, text
from connectors.tokens import Tokens
from connectors.wire import SMALL, Reply, TooLarge, Wire

PATIENCE = 120.0
"""Seconds for which a service may be busy before the workbook waits for the next night."""
ENOUGH = 900.0
"""Seconds for all calls about one workbook: a service that is busy again and again is not waited for all night."""
STEP = 16 * 320 * 1024
"""Bytes of a piece: a multiple of 320 KiB, as Microsoft wants it, and of 256 KiB, as Google does."""
_LOST = (404, 410)


class Caller:
    """Calls about one workbook, one after another."""

    def __init__(
        self, wire: Wire, signin: Tokens, clock: Clock, busy: Callable[[Reply], RetrySource | None], seconds: float
    ) -> None:
        self._wire = wire
        self._signin = signin
        self._clock = clock
        self._until = clock.now() + ENOUGH
        self._patience = Patience(clock, seconds)
        self._busy = busy
        """What waiting helps against; None where it does not help."""
        self._renewed = False

    def ask(
        self,
        method: str,
        url: str,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        **how: Any,
    ) -> Reply:
        """An answer that asking again does not change, whatever its status. See `tried`."""
        while (reply := self.tried(method, url, body, headers, **how)) is None:
            pass
        return reply

    def tried(
        self,
        method: str,
        url: str,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        signed: bool = True,
        largest: int = SMALL,
    ) -> Reply | None:
        """One call; None where nothing came of it, and it is time to ask again.

        Args:
            signed: False for an address that is a secret itself, and would refuse a token.

        Raises:
            RetrySource: patience is at its end.
            LostSource: nothing helps.
            TooLarge: the answer is larger than `largest`.
        """
        self._patience.before()
        if self._clock.now() > self._until:
            raise RetrySource(f"{self._wire.name} takes too long.")
        try:
            token = self._signin.token() if signed else ""
            mine = {"User-Agent": f"mailbox-auditor/{__version__}", **(headers or {})}
            mine |= {"Authorization": f"Bearer {token}"} if signed else {}
            reply = self._wire.call(method, url, mine, body, largest=largest)
        except RetrySource as error:
            self._patience.refused(error)
            return None
        if signed and reply.status == 401 and not self._renewed:
            self._renewed = True
            self._signin.forget(token)
            return None
        if busy := self._busy(reply):
            self._patience.refused(busy)
            return None
        self._patience.got_on()
        return reply


@contextmanager
def told(title: str) -> Iterator[None]:
    """What goes wrong on the way, in the words of deliveries."""
    try:
        yield
    except RetrySource as error:
        raise DeliveryError(f"{error} The next night tries again.") from None
    except SourceError as error:
        raise DeliveryError(str(error)) from None
    except TooLarge:
        raise DeliveryError(f"What lies at {title} is far larger than a workbook, and was not fetched.") from None


def document(reply: Reply, title: str, *, has: str = "") -> dict[str, Any]:
    """An answer's JSON object, with a text that it always has.

    Raises:
        DeliveryError: it is none.
    """
    try:
        said = loaded(reply.body)
    except ValueError:
        said = None
    if not isinstance(said, dict) or (has and not text(said, has)):
        raise DeliveryError(
            f"Something else than {title} answered, perhaps a network's log-in page: the next night tries again."
        )
    return said


class Protocols(Protocol):
    """How a service takes a file in pieces."""

    signed: bool
    """Whether pieces carry the token."""

    def status(self, caller: Caller, url: str, size: int) -> Reply:
        """Asks how much has arrived."""
        ...

    def onward(self, reply: Reply) -> int | None:
        """Where the next piece begins; None where an answer is the last, of whatever kind."""
        ...


def uploaded(caller: Caller, url: str, content: bytes, protocol: Protocols, step: int) -> Reply | None:
    """Sends a file; the last answer. None where the service has forgotten what was sent so far.

    Raises:
        DeliveryError: it takes pieces without an end; else what `Caller.tried` raises.
    """
    begin, size = 0, len(content)
    for _ in range(3 * (size // step + 4)):
        end = min(begin + step, size)
        where = {"Content-Range": f"bytes {begin}-{end - 1}/{size}"}
        reply = caller.tried("PUT", url, content[begin:end], where, signed=protocol.signed)
        if reply is None or reply.status == 416:  # it has that piece already, or has not got it whole
            reply = protocol.status(caller, url, size)
        if reply.status in _LOST:
            return None
        onward = protocol.onward(reply)
        if onward is None or not 0 <= onward < size:
            return reply
        begin = onward
    raise DeliveryError("The workbook was sent again and again and never taken whole: the next night tries again.")
