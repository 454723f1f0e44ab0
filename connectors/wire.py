"""The one way out: calls to a provider's own hosts over TLS, within limits, and to nowhere else.

No proxy, certificate file or password is taken from the environment; no redirect is followed; no cookie is kept.
"""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from auditor.errors import LostSource, RetrySource
from auditor.spool import Spool, Spooled
from auditor.values import Value

LARGEST = 200 * 1024 * 1024
"""Bytes of one message; a larger one is a gap."""
CONNECT, READ = 10.0, 90.0
"""Seconds to wait for a connection, and between two pieces of an answer."""
WHOLE = 900.0
"""Seconds for one answer: one that drips is not waited for for ever."""
SMALL = 8 * 1024 * 1024
"""Answers up to here are read at any time; larger ones one after another, whatever else is under way."""

_PIECE = 256 * 1024
_DAY = 86_400
_one_large = threading.Lock()


class TooLarge(Exception):
    """An answer is larger than was allowed; nothing of it is kept."""


class Reply(Value, frozen=True):
    """A provider's answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """By name, in lower case."""
    body: bytes
    """Empty where it lies in `file`."""
    file: Spooled | None = None


class Session(requests.Session):
    """As `requests` has it, for these origins only, and every call with an end. Several threads may use it."""

    def __init__(self, origins: tuple[str, ...], roots: Path | None) -> None:
        super().__init__()
        self._origins = origins
        self._lock = threading.Lock()
        self._open = True
        self.calls = 0
        self.ahead: float | None = None
        """Seconds by which the provider's clock is ahead of this one, as its last answer showed."""
        self.trust_env = False
        self.verify = str(roots) if roots else True
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.mount("https://", HTTPAdapter(pool_maxsize=16))

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        """One call. Libraries that are handed this session call it too."""
        options["timeout"] = (CONNECT, READ)
        options["allow_redirects"] = False
        return super().request(method, url, *args, **options)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """The last place before the wire.

        Raises:
            LostSource: it is for another host, or the session is closed.
        """
        self.admit(request.url or "")
        with self._lock:
            self.calls += 1
        answer = super().send(request, **options)
        if moment := seconds(answer.headers.get("Date", "")):
            self.ahead = moment - time.time()
        return answer

    def admit(self, url: str) -> None:
        """Raises LostSource where nothing may be sent there, or nothing any more."""
        if not self._open:  # a thread that waited has woken when nobody waits for it
            raise LostSource("The reading of this mailbox has ended.")
        if not (found := origin(url)) or found not in self._origins:  # what was configured may have none either
            raise LostSource(f"The provider's answer points to another host ({_host(url)}): nothing was sent there.")

    def close(self) -> None:
        """Nothing is sent any more."""
        self._open = False
        super().close()


class Wire:
    """Calls to one provider for one mailbox. Close it, or use it as a context manager."""

    def __init__(self, name: str, origins: tuple[str, ...], roots: Path | None) -> None:
        self.name = name
        """The provider's, for sentences."""
        self.session = Session(origins, roots)

    @property
    def calls(self) -> int:
        """Made so far."""
        return self.session.calls

    @property
    def ahead(self) -> float | None:
        """See `Session.ahead`."""
        return self.session.ahead

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()

    def call(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | str | None = None,
        *,
        largest: int = LARGEST,
        spool: Spool | None = None,
    ) -> Reply:
        """Asks and reads the answer whole. A link that the provider gave is asked for as it stands. With a `spool`, a
        large answer lies in a file.

        Raises:
            RetrySource: no answer, or half of one.
            LostSource: the host is not the provider's, or cannot prove that it is.
            TooLarge: the answer has more bytes than `largest`.
        """
        self.session.admit(url)
        asked = requests.Request(method, url, headers=dict(headers), data=body)
        try:
            prepared = self.session.prepare_request(asked)
            prepared.url = url  # the library would write a link's percent signs anew
            with self.session.send(
                prepared, stream=True, timeout=(CONNECT, READ), allow_redirects=False, verify=self.session.verify
            ) as answer:
                found = {name.lower(): value for name, value in answer.headers.items()}
                return Reply(answer.status_code, found, *_read(answer, largest, spool))
        except requests.RequestException as error:
            raise self.translated(error, url) from error
        except (ValueError, HTTPException, HTTPError) as error:
            # A header or a length that the libraries trip over, or half a character in an address.
            raise RetrySource(f"Something else than {self.name} answered, or half of it.") from error

    def translated(self, error: requests.RequestException, url: str) -> RetrySource | LostSource:
        """A library's trouble in a sentence."""
        host = urlsplit(url).hostname or self.name
        if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY" in str(error).upper():
            return LostSource(
                f"{host} cannot prove that it is {self.name}: its certificate is not trusted. Where your network "
                "checks encrypted traffic, set ca_bundle in [[sources]] to its certificate."
            )
        if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
            return LostSource(f"'{host}' is no address that can be asked: check endpoint in [[sources]].")
        if isinstance(error, requests.Timeout):
            return RetrySource(f"{host} did not answer in time.")
        if isinstance(error, requests.exceptions.ChunkedEncodingError):
            return RetrySource(f"The connection to {host} broke off.")
        return RetrySource(f"{host} cannot be reached: check the network and the name.")

    def translated_cause(self, error: BaseException, url: str) -> RetrySource | LostSource:
        """The same for a library that wraps the library's trouble in its own."""
        inner = error.__cause__ or error.__context__ or (error.args[0] if error.args else None)
        if isinstance(inner, (RetrySource, LostSource)):
            return inner
        if isinstance(inner, requests.RequestException):
            return self.translated(inner, url)
        return RetrySource(f"{urlsplit(url).hostname or self.name} cannot be reached.")


def origin(url: str) -> str:
    """Scheme, host and port of an address, for comparing; empty where it is none, or not encrypted."""
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        return ""
    if parts.scheme != "https" or parts.username or not parts.hostname:
        return ""
    return f"https://{parts.hostname}:{port}"


def _host(url: str) -> str:
    """The host of an address, fit to be shown. What follows it may be a secret of the provider's."""
    try:
        host = urlsplit(url).hostname or "none"
    except ValueError:
        return "none"
    return re.sub(r"[^\w.:-]", "", host)[:80]


def seconds(said: str) -> float | None:
    """The moment that a header names, in seconds since 1970; None where it names none."""
    try:
        return parsedate_to_datetime(said).timestamp() if said else None
    except (ValueError, TypeError, IndexError, ArithmeticError, OSError):
        return None


def wait(headers: Mapping[str, str]) -> float | None:
    """How long an answer asks to wait, in seconds: it gives a number, and what stands before a provider may give a day
    and hour, which is some other clock's where it is more than a day away; None where it does not ask."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    moment = seconds(said)
    return None if moment is None or moment - time.time() > _DAY else max(0.0, moment - time.time())


def _read(answer: requests.Response, largest: int, spool: Spool | None) -> tuple[bytes, Spooled | None]:
    length = answer.headers.get("Content-Length", "")[:20]
    if length.isascii() and length.isdigit() and int(length) > largest:
        raise TooLarge
    began = time.monotonic()
    pieces = answer.iter_content(_PIECE)
    body = io.BytesIO()  # what it holds is handed on without a second copy
    if _some(pieces, body, min(SMALL, largest), began):
        return body.getvalue(), None
    if spool:
        return b"", spool.keep(_within(chain([body.getvalue()], pieces), largest, began))
    with _one_large:
        if body.tell() > largest or not _some(pieces, body, largest, began):
            raise TooLarge
        return body.getvalue(), None


def _within(pieces: Iterable[bytes], most: int, began: float) -> Iterator[bytes]:
    """The pieces, as long as there are no more than `most` bytes."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise TooLarge
        if time.monotonic() - began > WHOLE:
            raise requests.Timeout
        yield piece


def _some(pieces: Any, body: io.BytesIO, most: int, began: float) -> bool:
    """Reads on until the end, or until there are more than `most` bytes; whether that was the end."""
    for piece in pieces:
        body.write(piece)
        if time.monotonic() - began > WHOLE:
            raise requests.Timeout
        if body.tell() > most:
            return False
    return True
