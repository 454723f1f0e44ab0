"""One mailbox's line to Microsoft Graph: every call signed, paced, counted, repeated where that helps, and never sent elsewhere.

https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from auditor import __version__
from auditor.errors import LostSource, RetrySource
from auditor.spool import Raw, Spool
from auditor.values import Value
from connectors.circles import Circle, Course
from connectors.graph.signin import SignIn
from connectors.graph.troubles import sentence
from connectors.retry import Pace, Patience
from connectors.said import loaded, word
from connectors.wire import LARGEST, Reply, TooLarge, Wire, origin, wait

IMMUTABLE = 'IdType="ImmutableId"'
"""On every call: other ids change when a message is moved."""

CONVERSION = ("errormimecontent", "errorcontentconversion")
"""How Graph's words for a message begin that it will never give as it was sent."""
_BUSY = frozenset({429, 500, 502, 503, 504})
_HTML = "text/html"


class Refused(Exception):
    """An answer that asking again does not change; the caller knows what it means."""

    def __init__(self, status: int, code: str, location: str = "") -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code
        """Graph's own word, lower case; empty where there is none."""
        self.location = location

    @property
    def failing(self) -> bool:
        """Whether the service failed to answer, rather than answered no."""
        return self.status == 0 or self.status >= 500


class Denied(LostSource):
    """Permission is lacking: for the mailbox, or for this one message."""


class Busy(RetrySource):
    """What may be better in a while."""

    def __init__(self, said: str, status: int, code: str, seconds: float | None) -> None:
        super().__init__(said, seconds=seconds)
        self.status = status
        self.code = code

    @property
    def fails(self) -> bool:
        """Whether what was asked for may be to blame: nobody is for a queue, nor for an outage that says when it ends."""
        return self.status != 429 and not (self.status == 503 and self.seconds is not None)


class Slots:
    """How many calls may be under way. Shared between threads."""

    def __init__(self, hands: int) -> None:
        self.hands = hands
        self._free = threading.Semaphore(hands)
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._free.acquire()

    def __exit__(self, *_: object) -> None:
        self._free.release()

    def fewer(self) -> None:
        """One less from now on, never less than one. Called by somebody who holds a slot."""
        with self._lock:
            if self.hands > 1:
                self.hands -= 1
                # Its holder gives it back and it is taken again at once.
                threading.Thread(target=self._free.acquire, daemon=True).start()


class Limits(Value, frozen=True):
    """What Microsoft allows an application and mailbox, a little below."""

    rate: float = 15.7
    """Calls a second; 10,000 in ten minutes are allowed."""
    burst: float = 200.0
    in_flight: int = 4
    everywhere: int = 16
    """Calls under way for all mailboxes together."""


class Line:
    """Calls for one mailbox; several threads may use it."""

    def __init__(
        self, endpoint: str, mailbox: str, signin: SignIn, wire: Wire, patience: Patience, pace: Pace,
        own: Slots, everywhere: Slots,
    ) -> None:  # fmt: skip
        self.endpoint = endpoint
        self.mailbox = mailbox
        self._signin = signin
        self._wire = wire
        self._patience = patience
        self._pace = pace
        self.own = own
        self._everywhere = everywhere

    def url(self, *steps: str, query: str = "") -> str:
        """An address below the mailbox; `steps` are encoded, `query` is not."""
        path = "/".join(quote(step, safe="$") for step in ("users", self.mailbox, *steps))
        return f"{self.endpoint}/{path}" + (f"?{query}" if query else "")

    def ours(self, link: str) -> bool:
        """Whether an address is the service's own."""
        return origin(link) == origin(self.endpoint)

    def answers(self) -> None:
        """Returns when the mailbox answers another question: then what failed is to blame, and not the service.

        Raises:
            Refused, SourceError: it does not.
        """
        self.document(self.url("mailFolders", "inbox", query="$select=id"))

    def document(self, url: str, *, tries: int | None = None) -> dict[str, Any]:
        """One thing with an id, as JSON. See `content`."""
        return self._read(url, _thing, "", tries)

    def listing(self, url: str, *, prefer: str = "", tries: int | None = None) -> dict[str, Any]:
        """A page of a list, as JSON: its `value` is a list of objects. See `content`."""
        return self._read(url, _page, prefer, tries)

    def each(self, url: str, *, tries: int | None = None) -> Iterator[dict[str, Any]]:
        """All that a list holds, a page after the other. See `content`; Refused too where it has no end."""
        course = Course()
        following: str | None = url
        while following:
            said = self.listing(following, tries=tries)
            try:
                course.passed(following, [str(one.get("id")) for one in said["value"]])
            except Circle:
                raise Refused(200, "circle") from None
            yield from said["value"]
            following = said.get("@odata.nextLink")

    def _read(self, url: str, form: Callable[[Any], Any], prefer: str, tries: int | None) -> dict[str, Any]:
        read: dict[str, Any] = {}

        def accepted(reply: Reply) -> bool:
            try:
                read.update(form(loaded(reply.body)))
            except (ValueError, LookupError, TypeError):
                return False
            return True

        try:
            self._asked(url, accepted, prefer, tries, LARGEST)
        except TooLarge:
            raise Refused(0, "toolarge") from None
        return read

    def content(self, url: str, *, tries: int | None = None, largest: int = LARGEST, spool: Spool | None = None) -> Raw:
        """What is asked for, as it comes; in a file where it is large and there is a `spool`.

        Args:
            url: of the mailbox, or a link that Graph gave.
            tries: how often a failing service is asked for this before it is `Refused`; None for as long as patience
                lasts. To be too many, or asked to wait, does not count.
            largest: bytes.

        Raises:
            Refused: the answer will not change.
            RetrySource: patience is at its end.
            LostSource: the mailbox cannot be read tonight.
            TooLarge: there is more of it.
        """
        reply = self._asked(url, _no_page, "", tries, largest, spool)
        return reply.file or reply.body

    def _asked(
        self, url: str, accepted: Callable[[Reply], bool], prefer: str, tries: int | None, largest: int,
        spool: Spool | None = None,
    ) -> Reply:  # fmt: skip
        failed = 0
        renewed = False
        while True:
            self._patience.before()
            self._pace.take()
            try:
                token = self._signin.token()
                with self._slot():
                    reply = self._wire.call("GET", url, self._headers(token, prefer), largest=largest, spool=spool)
                    if reply.status == 429 and "concurrency" in reply.body[:2000].decode("utf-8", "replace").lower():
                        self.own.fewer()
                if 200 <= reply.status < 300 and accepted(reply):
                    self._patience.got_on()
                    return reply
                if reply.status == 401 and not renewed:
                    renewed = True
                    self._signin.forget(token)
                    continue
                if reply.file:
                    reply.file.discard()
                trouble = self._trouble(reply)
            except RetrySource as error:
                trouble = Busy(str(error), 0, "", None)
            if trouble.fails:
                failed += 1
                if tries is not None and failed >= tries:
                    raise Refused(trouble.status, trouble.code) from None
            self._patience.refused(trouble)

    @contextmanager
    def _slot(self) -> Iterator[None]:
        with self.own, self._everywhere:
            yield

    def _headers(self, token: str, prefer: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {token}",
            "Accept": "*/*",
            "Prefer": f"{IMMUTABLE}, {prefer}" if prefer else IMMUTABLE,
            "User-Agent": f"mailbox-auditor/{__version__}",
        }

    def _trouble(self, reply: Reply) -> Busy:
        """Raises what cannot be helped; what can is returned."""
        status = reply.status
        code, message = _error(reply.body)
        if 200 <= status < 300 or 300 <= status < 400:
            return Busy("Something else than Microsoft 365 answered, perhaps a network's log-in page.", 0, "", None)
        if status in _BUSY and not code.startswith(CONVERSION):
            return Busy("Microsoft 365 is busy or out of order.", status, code, wait(reply.headers))
        if said := sentence(status, code, message, self.mailbox):
            raise Denied(said) if status == 403 else LostSource(said)
        raise Refused(status, code, reply.headers.get("location", ""))


def _thing(said: Any) -> dict[str, Any]:
    """Raises LookupError or TypeError where it is none."""
    if not isinstance(said, dict) or not isinstance(said["id"], str):
        raise TypeError
    return said


def _page(said: Any) -> dict[str, Any]:
    """Raises LookupError or TypeError where it is none: what is no list must not be taken for an empty one, nor what is
    no link for the end."""
    if not isinstance(said, dict) or not isinstance(said["value"], list):
        raise TypeError
    if not all(isinstance(said.get(name) or "", str) for name in ("@odata.nextLink", "@odata.deltaLink")):
        raise TypeError
    return said | {"value": [one if isinstance(one, dict) else {} for one in said["value"]]}


def _no_page(reply: Reply) -> bool:
    """Mail is never served as a page for browsers."""
    return _HTML not in reply.headers.get("content-type", "")


def _error(body: bytes) -> tuple[str, str]:
    """Code, lower case, and message of Graph's error; empty where there is none."""
    try:
        error = loaded(body[:65536])["error"]
        return word(error["code"]).lower(), str(error.get("message") or "")
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", ""
