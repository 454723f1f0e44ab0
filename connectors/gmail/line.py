"""One mailbox's line to Gmail: every call signed, paced by quota units, repeated where that helps. The only file that knows
Google's client library.

https://developers.google.com/workspace/gmail/api/reference/quota
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Any

import httplib2
from googleapiclient.discovery import build
from googleapiclient.errors import BatchError, HttpError
from googleapiclient.http import BatchHttpRequest, HttpRequest

from auditor import __version__, spool
from auditor.errors import LostSource, RetrySource
from auditor.spool import Spool, Spooled
from auditor.values import Value, replace
from connectors.circles import Circle, Course
from connectors.gmail.labels import FOLDERS
from connectors.gmail.large import parted
from connectors.gmail.signin import SignIn
from connectors.gmail.troubles import Refusal, lasting, passing, refusal, unready
from connectors.retry import Pace, Patience
from connectors.said import readable, rows, total, whole
from connectors.wire import LARGEST, Reply, TooLarge, Wire

PROFILE, LABEL, HISTORY, LIST, MESSAGE = 1, 1, 2, 5, 20
"""Quota units of a call."""
LISTED = 500
"""Ids a page: as many as Gmail gives."""
_UNIVERSE = "googleapis.com"
HISTORY_TYPES = ("messageAdded", "messageDeleted", "labelAdded", "labelRemoved")

_BATCH_ANSWER = 96 * 1024 * 1024
_TRIES = 3
"""How often a message is asked for whose answer fails while others do not; and how often a refusal is heard that may pass."""

# It warns of every 403, and Python prints that where nobody set up logging.
logging.getLogger("googleapiclient.http").setLevel(logging.ERROR)


class Refused(Exception):
    """An answer that asking again does not change; the caller knows what it means."""

    def __init__(self, said: Refusal) -> None:
        super().__init__(said.status, sorted(said.reasons))
        self.said = said
        self.status = said.status


class Limits(Value, frozen=True):
    """What Google allows a project and user, a little below: 6,000 units a minute."""

    rate: float = 93.0
    """Units a second."""
    burst: float = 200.0
    batch: int = 10
    """Messages fetched in one call."""


class Raw(Value, frozen=True):
    """A message as Gmail gives it."""

    id: str
    raw: spool.Raw | None
    """None where Gmail gave none, or nonsense."""
    labels: frozenset[str]
    thread: str
    milliseconds: int
    """Gmail's own time for the message, since 1970; 0 where it gave none."""


class _Http:
    """What the client library takes for its HTTP: our wire."""

    def __init__(self, wire: Wire, signin: SignIn) -> None:
        self._wire = wire
        self._signin = signin
        self._token = ""
        self.largest = LARGEST
        self.spool: Spool | None = None
        """Where a large message is put that is asked for by itself."""
        self.file: Spooled | None = None
        """The large message of the last answer, which stands in it no more."""

    def renew(self) -> None:
        """The token that was used last was not accepted."""
        self._signin.forget(self._token)

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> tuple[httplib2.Response, bytes]:
        token = self._token = self._signin.token()
        # The library asks for gzip by itself and names itself so; our wire does both in its own way.
        kept = {name: value for name, value in (headers or {}).items() if name.lower() not in _OURS}
        kept |= {"Authorization": f"Bearer {token}", "User-Agent": f"mailbox-auditor/{__version__} (gzip)"}
        if self.file:
            self.take().discard()
        reply = self._wire.call(method, uri, kept, body, largest=self.largest, spool=self.spool)
        if reply.status == 401:
            self.renew()
        if reply.file and self.spool:
            said, self.file = parted(reply.file, self.spool)
            return _response(reply), readable(said)
        return _response(reply), readable(reply.body) if _json(reply) else reply.body

    def take(self) -> Spooled:
        """The large message of the last answer, for whoever has seen that there is one; the file is the taker's."""
        file, self.file = self.file, None
        assert file is not None  # noqa: S101
        return file


_OURS = frozenset({"user-agent", "accept-encoding", "authorization", "content-length"})


def _json(reply: Reply) -> bool:
    return "json" in reply.headers.get("content-type", "")


def _response(reply: Reply) -> httplib2.Response:
    return httplib2.Response({**reply.headers, "status": str(reply.status)})


class Line:
    """Calls for one mailbox, one after another."""

    def __init__(
        self,
        endpoint: str,
        mailbox: str,
        signin: SignIn,
        wire: Wire,
        patience: Patience,
        pace: Pace,
        limits: Limits,
        spool: Spool | None = None,
    ) -> None:
        self.mailbox = mailbox
        self._patience = patience
        self._pace = pace
        self._limits = limits
        self._spool = spool
        self._http = _Http(wire, signin)
        self._batch_uri = f"{endpoint}/batch/gmail/v1"
        # The description of the service comes with the library: nothing is fetched for it, and nothing is taken from the
        # environment.
        self._users = build(
            "gmail", "v1", http=self._http, client_options={"api_endpoint": f"{endpoint}/", "universe_domain": _UNIVERSE},
            static_discovery=True, cache_discovery=False,
        ).users()  # fmt: skip

    # --- what is asked

    def profile(self) -> tuple[str, int | None]:
        """The mailbox's history id, and how many messages it counts; None where it does not say."""
        said = self._asked(self._users.getProfile(userId="me"), PROFILE, has="historyId")
        return str(said["historyId"]), total(said, "messagesTotal")

    def labels(self) -> dict[str, str]:
        """Names by id."""
        try:
            said = self._asked(self._users.labels().list(userId="me"), LABEL, has="labels")
        except Refused as error:
            if error.status != 404:
                raise
            return {label: label for label in FOLDERS}  # without names a message lies where Gmail's own labels say
        return {str(one["id"]): str(one.get("name") or one["id"]) for one in rows(said, "labels") if one.get("id")}

    def label_total(self, label: str) -> int | None:
        """How many messages Gmail counts under a label; None where it does not say."""
        try:
            said = self._asked(self._users.labels().get(userId="me", id=label), LABEL)
        except Refused:
            return None
        return total(said, "messagesTotal")

    def listed(
        self, label: str | None = None, *, query: str | None = None, everywhere: bool = False
    ) -> Iterator[list[str]]:
        """Ids, newest first, a page at a time: of a label, of a search, or of all mail; `everywhere` is with spam and bin."""
        wanted: dict[str, Any] = {"userId": "me", "maxResults": LISTED, "includeSpamTrash": everywhere}
        wanted |= {"labelIds": [label]} if label else {}
        wanted |= {"q": query} if query else {}
        for said in self._paged(self._users.messages().list, wanted, LIST, "messages"):
            # A page may be empty and more may follow.
            yield [str(one["id"]) for one in rows(said, "messages")]

    def history(self, start: str) -> Iterator[dict[str, Any]]:
        """Pages of what happened since a history id, as Gmail gives them. Raises Refused 404 where that is too long ago."""
        wanted: dict[str, Any] = {"userId": "me", "startHistoryId": start, "maxResults": LISTED}
        wanted |= {"historyTypes": list(HISTORY_TYPES)}
        yield from self._paged(self._users.history().list, wanted, HISTORY, "history", has="historyId")

    def _paged(
        self, method: Callable[..., HttpRequest], wanted: Mapping[str, Any], units: float, name: str, *, has: str = ""
    ) -> Iterator[dict[str, Any]]:
        """Pages of a list, as Gmail gives them."""
        course = Course()
        token = ""
        while True:
            said = self._asked(method(**wanted, **({"pageToken": token} if token else {})), units, has=has)
            try:
                course.passed(token, [str(one.get("id")) for one in rows(said, name)])
            except Circle:
                raise LostSource(f"Gmail lists {self.mailbox} in circles: it is read again tomorrow night.") from None
            yield said
            token = said.get("nextPageToken") or ""
            if not token:
                return

    def labels_of(self, ids: Sequence[str], doubtful: Container[str] = ()) -> dict[str, frozenset[str] | None]:
        """The labels that messages have now; None for those that are nowhere, and for those of `doubtful` that Gmail takes
        for no ids at all. What Gmail does not tell is left out."""
        got: dict[str, frozenset[str] | Refusal] = {}
        for some in self._batches(ids):
            try:
                self._batched(some, "minimal", _labels, got)
            except Refused:
                got |= {id_: self._labels_of(id_) for id_ in some if id_ not in got}
        told: dict[str, frozenset[str] | None] = {}
        for id_, one in got.items():
            if not isinstance(one, Refusal):
                told[id_] = one
            elif one.gone or (one.no_id and id_ in doubtful):
                told[id_] = None
        return told

    def messages(self, ids: Sequence[str], *, one_by_one: bool = False) -> Iterator[tuple[str, Raw | str | None]]:
        """Messages in this order: as they are; None for one that is nowhere; a sentence for one that cannot be had."""
        if one_by_one:
            for id_ in ids:
                yield id_, self._single(id_)
            return
        for some in self._batches(ids):
            got: dict[str, Raw | Refusal] = {}
            trouble: RetrySource | None = None
            try:
                self._batched(some, "raw", _raw, got)
            except (TooLarge, Refused):
                pass  # one by one it may go
            except RetrySource as error:
                trouble = error
            for id_ in some:
                one = got.get(id_)
                if one is not None:
                    yield id_, self._without(one) if isinstance(one, Refusal) else one
                elif trouble is None:
                    yield id_, self._single(id_)
            if trouble:
                raise trouble

    # --- how it is asked

    def _labels_of(self, id_: str) -> frozenset[str] | Refusal:
        try:
            return _labels(self._asked(self._request(id_, "minimal"), MESSAGE, tries=_TRIES))
        except Refused as error:
            return error.said

    def _single(self, id_: str) -> Raw | str | None:
        try:
            self._http.spool = self._spool
            said = self._asked(self._request(id_, "raw"), MESSAGE, largest=LARGEST + LARGEST // 2, tries=_TRIES)
        except TooLarge:
            return f"The message is larger than {LARGEST >> 20} MB: it lies unread in the mailbox."
        except Refused as error:
            return self._without(error.said)
        finally:
            self._http.spool = None
        got = _raw(said)
        return replace(got, raw=self._http.take()) if self._http.file else got

    def _without(self, said: Refusal) -> str | None:
        """What is said of a message that was not given."""
        if said.gone:
            return None
        self.profile()  # where the service itself is out of order, no message is to blame
        return "Gmail fails to give this message: it is asked for again each night."

    def _request(self, id_: str, form: str) -> HttpRequest:
        return self._users.messages().get(userId="me", id=id_, format=form)

    def _asked(
        self, request: HttpRequest, units: float, *, has: str = "", largest: int = 0, tries: int | None = None
    ) -> dict[str, Any]:
        """One call, until it is answered; with what Gmail always says, so that nothing else is taken for its answer.

        Raises:
            Refused, RetrySource, LostSource; with `largest` TooLarge.
        """
        met = _Met(self.mailbox, self._patience, tries)
        while True:
            self._patience.before()
            self._pace.take(units)
            try:
                self._http.largest = largest or LARGEST
                said = request.execute()
                if _sound(said, has):
                    self._patience.got_on()
                    return dict(said)
                met.trouble(_STRANGE)
            except TooLarge:
                if largest:
                    raise
                met.trouble(_STRANGE)
            except HttpError as error:
                met.trouble(_refusal(error))
            except RetrySource as error:
                met.no_answer(error)

    def _batches(self, ids: Sequence[str]) -> Iterator[list[str]]:
        for at in range(0, len(ids), self._limits.batch):
            yield list(dict.fromkeys(ids[at : at + self._limits.batch]))

    def _batched(
        self, ids: Sequence[str], form: str, made: Callable[[dict[str, Any]], Any], got: dict[str, Any]
    ) -> None:
        """Several messages in one call, each until it is answered; into `got`, a Refusal for one that stays refused.

        Raises:
            Refused: batches fail, whatever is in them.
            RetrySource, LostSource, TooLarge: `got` has what came before.
        """
        met = {id_: _Met(self.mailbox, self._patience, _TRIES) for id_ in ids}
        whole = _Met(self.mailbox, self._patience, _TRIES)
        while left := [id_ for id_ in ids if id_ not in got]:
            self._patience.before()
            self._pace.take(MESSAGE * len(left))
            answers = self._batch(left, form, whole)
            waits: list[RetrySource] = []
            for id_, answer in answers.items():
                if isinstance(answer, dict):
                    got[id_] = made(answer)
                    continue
                if answer.status == 401:
                    self._http.renew()
                try:
                    waits += met[id_].heard(answer)
                except Refused:
                    got[id_] = answer
            if any(isinstance(answer, dict) for answer in answers.values()):
                self._patience.got_on()
            if waits:
                self._patience.refused(max(waits, key=lambda one: one.seconds or 0.0))

    def _batch(self, ids: Sequence[str], form: str, met: _Met) -> dict[str, dict[str, Any] | Refusal]:
        """One batch; what was answered for each. Empty when nothing was."""
        answers: dict[str, dict[str, Any] | Refusal] = {}

        def note(id_: str, said: Any, error: HttpError | None) -> None:
            if error is not None:
                answers[id_] = _refusal(error)
            else:
                answers[id_] = said if isinstance(said, dict) and said.get("id") in (id_, None) else _STRANGE

        # The library's own way to make one sends it to Google whatever the endpoint is.
        batch = BatchHttpRequest(callback=note, batch_uri=self._batch_uri)
        for id_ in ids:
            batch.add(self._request(id_, form), request_id=id_)
        try:
            self._http.largest = _BATCH_ANSWER
            batch.execute(http=self._http)
        except HttpError as error:
            met.trouble(_refusal(error))
        except RetrySource as error:
            met.no_answer(error)
        except (BatchError, LookupError, ValueError, AttributeError, TypeError, RecursionError):
            # The library trusts the form of what comes.
            answers.clear()
            met.no_answer(RetrySource("Something else than Gmail answered, or half of what it said."))
        return answers


class _Met:
    """What one call has met so far: who waits, who gives up, who goes on."""

    def __init__(self, mailbox: str, patience: Patience, tries: int | None) -> None:
        self._mailbox = mailbox
        self._patience = patience
        self._tries = tries
        self._failed = 0
        self._refused = 0

    def trouble(self, said: Refusal) -> None:
        """An error was answered: returns when it is time to ask again.

        Raises:
            Refused, RetrySource, LostSource.
        """
        for error in self.heard(said):
            self._patience.refused(error)

    def no_answer(self, error: RetrySource) -> None:
        """Nothing was answered. Raises it when patience is at its end."""
        self._count(Refusal(0, frozenset(), "", None))
        self._patience.refused(error)

    def heard(self, said: Refusal) -> list[RetrySource]:
        """What is to be waited for; nothing where it can be asked again at once.

        Raises:
            Refused, LostSource: the answer will not change.
        """
        if error := passing(said):
            if error.seconds is None and said.status not in (403, 429):  # a queue is nobody's fault
                self._count(said)
            return [error]
        one = self._tries is not None
        if one and unready(said):
            self._count(said)
            return [RetrySource("Gmail is out of order at the moment.")]
        if trouble := lasting(said, self._mailbox, one=one):
            # A stale token is refused once, and a precondition may fail for a moment.
            once = said.status == 401 or unready(said)
            self._refused += 1
            if not once or self._refused >= (2 if said.status == 401 else _TRIES):
                raise trouble
            return [] if said.status == 401 else [RetrySource(str(trouble))]
        raise Refused(said)

    def _count(self, said: Refusal) -> None:
        self._failed += 1
        if self._tries is not None and self._failed >= self._tries:
            raise Refused(said)


_STRANGE = Refusal(200, frozenset(), "", None)
"""Something else than Gmail answered."""
_NUMBER = re.compile(r"\d{1,20}", re.ASCII)
_ID = re.compile(r"[\w-]{1,100}", re.ASCII)


def _refusal(error: HttpError) -> Refusal:
    """The library hands on what it could read as text, and else as bytes."""
    content = error.content
    return refusal(error.status_code, error.resp, content if isinstance(content, bytes) else str(content).encode())


def _sound(said: Any, has: str) -> bool:
    """Whether it is of the form that Gmail's answers have: what is no list must not be taken for an empty one, nor what
    is no token for the end."""
    if not isinstance(said, dict) or (has and not isinstance(said.get(has), (str, int, list))):
        return False
    lists = [said.get(name) or [] for name in ("messages", "history", "labels")]
    return (
        isinstance(said.get("nextPageToken") or "", str)
        and all(isinstance(one, list) and all(isinstance(row, dict) for row in one) for one in lists)
        and _NUMBER.fullmatch(str(said.get("historyId", 0))) is not None
        and all(_ID.fullmatch(str(one.get("id") or "")) for one in lists[0])
    )


def _labels(said: Mapping[str, Any]) -> frozenset[str]:
    listed = said.get("labelIds")
    return frozenset(whole(one) for one in listed if isinstance(one, str)) if isinstance(listed, list) else frozenset()


def _raw(said: Mapping[str, Any]) -> Raw:
    thread = said.get("threadId")
    return Raw(
        str(said.get("id") or ""), decoded(said.get("raw")), _labels(said),
        whole(thread) if isinstance(thread, str) else "", _number(said.get("internalDate")),
    )  # fmt: skip


def decoded(raw: object) -> bytes | None:
    """Base64url as Gmail writes it, padded or not; None where it is none, or empty."""
    if not isinstance(raw, str) or not raw:
        return None
    try:
        return base64.b64decode(raw + "=" * (-len(raw) % 4), altchars=b"-_", validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _number(said: object) -> int:
    """Milliseconds since 1970; 64-bit numbers come as text."""
    text = str(said)[:20] if isinstance(said, (str, int)) else ""
    return int(text) if text.isascii() and text.isdigit() and int(text) < _LAST else 0


_LAST = 253_000_000_000_000
"""In the year 9987, shortly before Python's dates end."""
