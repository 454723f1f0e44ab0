"""A document library of Microsoft 365, a SharePoint site's or a person's OneDrive: the application permission Sites.Selected,
and the right to write to that one site.

https://learn.microsoft.com/graph/api/driveitem-createuploadsession
https://learn.microsoft.com/graph/permissions-selected-overview
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from auditor.errors import DeliveryError, RetrySource
from auditor.pipeline.pull import Clock
from auditor.values import replace
from connectors.delivery import LARGEST, Changed, Gone, Lying, Seen, Shelf, Taken
from connectors.delivery.caller import PATIENCE, STEP, Caller, document, told, uploaded
from connectors.graph.signin import Account, SignIn
from connectors.said import text, total, word
from connectors.wire import Reply, Wire, origin, wait

_BUSY = frozenset({408, 429, 500, 502, 503, 504})
_CONFLICT = "@microsoft.graph.conflictBehavior"
_FACTS = "$select=id,eTag,size,lastModifiedDateTime"
_PROBE = "Audit check.tmp"
_JSON = {"Content-Type": "application/json"}
_BEGIN = re.compile(r"(\d{1,12})(-\d*)?", re.ASCII)


class Library(Shelf):
    """A folder of a site's document library. `site` is the address that a browser shows; it needs no slash at the end."""

    def __init__(
        self, account: Account, site: str, folder: str, clock: Clock, *, name: str, title: str,
        seconds: float = PATIENCE, step: int = STEP,
    ) -> None:  # fmt: skip
        self.name = name
        self.title = title
        self.place = f"{site}, folder '{folder}'"
        self._account = account
        self._site = site
        self._folder = folder
        self._clock = clock
        self._signin = SignIn(account, clock)
        self._seconds = seconds
        self._step = step

    def prove(self) -> str:
        """See `Way.prove`: asks for leave to send a file, and gives it back unused."""
        with self._asking() as (caller, drive):
            url = self._session(caller, f"{drive}/root:/{self._path(_PROBE)}:", {_CONFLICT: "replace"})
            caller.ask("DELETE", url, signed=False)
        return f"A workbook may be put into the folder '{self._folder}' of {self._site}."

    def put(self, name: str, content: bytes) -> Lying:
        """See `Shelf.put`."""
        with self._asking() as (caller, drive):
            at = f"{drive}/root:/{self._path(name)}"
            for _ in range(2):
                try:
                    session = self._session(caller, f"{at}:", {_CONFLICT: "fail", "name": name})
                    if reply := uploaded(caller, session, content, _PIECES, self._step):
                        return self._lying(reply, name)
                except _Conflict:
                    raise Taken(replace(self._lying(caller.ask("GET", f"{at}?{_FACTS}"), name), version="")) from None
                # What has arrived whole is forgotten too, and its last answer may be what was lost.
                there = caller.ask("GET", f"{at}?{_FACTS}")
                if there.status == 200 and total(document(there, self.title), "size") == len(content):
                    return self._lying(there, name)
        raise self._forgotten()

    def replace(self, lying: Lying, content: bytes) -> Lying:
        """See `Shelf.replace`. The library keeps what was there before among the file's versions."""
        if not lying.version:  # an empty If-Match might match anything
            raise Changed
        with self._asking() as (caller, drive):
            at = f"{drive}/items/{quote(lying.id, safe='')}"
            for _ in range(2):
                try:
                    session = self._session(caller, at, {_CONFLICT: "replace"}, {"If-Match": lying.version})
                    if reply := uploaded(caller, session, content, _PIECES, self._step):
                        return self._lying(reply, lying.name)
                except _Conflict:
                    raise Changed from None
        raise self._forgotten()

    def look(self, lying: Lying) -> Seen:
        """See `Shelf.look`."""
        with self._asking() as (caller, drive):
            reply = caller.ask("GET", f"{drive}/items/{quote(lying.id, safe='')}?{_FACTS}")
            said = document(self._well(_there(reply)), self.title, has="eTag")
            return Seen(text(said, "eTag"), _moment(text(said, "lastModifiedDateTime")))

    def fetch(self, lying: Lying) -> bytes:
        """See `Shelf.fetch`."""
        with self._asking() as (caller, drive):
            reply = _there(caller.ask("GET", f"{drive}/items/{quote(lying.id, safe='')}/content", largest=LARGEST))
            if reply.status == 302:  # to an address that is a secret itself
                reply = caller.ask("GET", reply.headers.get("location", ""), signed=False, largest=LARGEST)
            return self._well(reply).body

    @contextmanager
    def _asking(self) -> Iterator[tuple[Caller, str]]:
        """Calls, and the address of the library."""
        account, parts = self._account, urlsplit(self._site)
        hosts = (origin(account.endpoint), origin(self._site))  # files go to and come from the site itself
        with told(self.title), Wire(self.title, hosts, account.roots) as wire:
            caller = Caller(wire, self._signin, self._clock, _busy, self._seconds)
            site = f"{account.endpoint}/sites/{parts.hostname}:{quote(unquote(parts.path))}"
            reply = caller.ask("GET", f"{site}?$select=id")
            if reply.status == 404:
                raise DeliveryError(
                    f"Microsoft 365 shows the auditor no site at {self._site}: check site in [reports.{self.name}], and "
                    "that the auditor was given the right to write to it (docs/delivery.md)."
                )
            known = text(document(self._well(reply), self.title, has="id"), "id")
            yield caller, f"{account.endpoint}/sites/{quote(known, safe=',')}/drive"

    def _path(self, name: str) -> str:
        return quote("/".join(filter(None, (self._folder, name))))

    def _session(self, caller: Caller, at: str, item: dict[str, str], headers: dict[str, str] | None = None) -> str:
        """The address that pieces are sent to.

        Raises:
            Gone: the file that is to have new content is not there.
        """
        body = json.dumps({"item": item})
        reply = caller.ask("POST", f"{at}/createUploadSession", body, _JSON | (headers or {}))
        return text(document(self._well(_there(reply) if headers else reply), self.title, has="uploadUrl"), "uploadUrl")

    def _lying(self, reply: Reply, name: str) -> Lying:
        said = document(self._well(reply), self.title, has="id")
        return Lying(text(said, "id"), text(said, "eTag"), name)

    def _well(self, reply: Reply) -> Reply:
        """An answer that says yes.

        Raises:
            _Conflict: it is not as was thought: another file has that name, or the file another version.
            DeliveryError: it says no.
        """
        if reply.status in (200, 201):
            return reply
        if reply.status in (409, 412):
            raise _Conflict(self._refusal(reply.status, _code(reply)))
        raise DeliveryError(self._refusal(reply.status, _code(reply)))

    def _refusal(self, status: int, code: str) -> str:
        if status == 401:
            return (
                f"Microsoft 365 does not accept its own sign-in for {self._site}: check that authority and endpoint in "
                "[[sources]] belong to the same cloud, and this computer's clock."
            )
        if status == 403:
            return (
                f"The auditor may not write to {self._site}: give the application Sites.Selected, and the right to write "
                "to that site (docs/delivery.md)."
            )
        if status == 423:
            return (
                f"The workbook is open in another program at {self.title}: close it there; the next night tries again."
            )
        if status == 507 or code in ("quotalimitreached", "insufficientstorage"):
            return f"There is no room left at {self._site}: make room there; the next night tries again."
        return f"{self.title} did not take the call (status {status}): the next night tries again."

    def _forgotten(self) -> DeliveryError:
        return DeliveryError(f"{self.title} forgot what it was sent of the workbook: the next night tries again.")


class _Conflict(DeliveryError):
    """Microsoft's 409 and 412; what they mean depends on what was asked."""


class _Pieces:
    """https://learn.microsoft.com/graph/api/driveitem-createuploadsession#upload-bytes-to-the-upload-session"""

    signed = False

    def status(self, caller: Caller, url: str, _size: int) -> Reply:
        return caller.ask("GET", url, signed=False)

    def onward(self, reply: Reply) -> int | None:
        if reply.status not in (200, 202):
            return None
        ranges = document(reply, "Microsoft 365").get("nextExpectedRanges")
        first = str(ranges[0]) if isinstance(ranges, list) and ranges else ""
        found = _BEGIN.fullmatch(first)
        return int(found[1]) if found else None


_PIECES = _Pieces()


def _there(reply: Reply) -> Reply:
    """An answer about a file. Raises Gone where Microsoft itself says that there is none: another's page says nothing."""
    if reply.status == 404 and _code(reply) == "itemnotfound":
        raise Gone
    return reply


def _busy(reply: Reply) -> RetrySource | None:
    if reply.status not in _BUSY:
        return None
    return RetrySource("Microsoft 365 is busy or out of order.", seconds=wait(reply.headers))


def _code(reply: Reply) -> str:
    try:
        error: Any = document(reply, "")["error"]
        return word(error["code"]).lower()
    except (DeliveryError, LookupError, TypeError):
        return ""


def _moment(said: str) -> datetime:
    """UTC; of one that is no moment, now."""
    try:
        found = datetime.fromisoformat(said)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return datetime.now(UTC)
