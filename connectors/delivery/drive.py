"""Google Drive of one person: the scope drive.file, which shows the auditor the files that it made itself and no others.

So it makes its own folder: one that somebody else made is not there for it.

https://developers.google.com/workspace/drive/api/guides/api-specific-auth
https://developers.google.com/workspace/drive/api/guides/manage-uploads#resumable
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from auditor.errors import DeliveryError, RetrySource
from auditor.pipeline.pull import Clock
from connectors.delivery import LARGEST, TYPE, Changed, Gone, Lying, Seen, Shelf, Taken
from connectors.delivery.caller import PATIENCE, STEP, Caller, document, told, uploaded
from connectors.gmail.signin import Account, SignIn
from connectors.gmail.troubles import passing, refusal
from connectors.said import rows, text
from connectors.wire import Reply, Wire, origin

SCOPE = "https://www.googleapis.com/auth/drive.file"

_FOLDER = "application/vnd.google-apps.folder"
_FACTS = "id,headRevisionId,modifiedTime,trashed"
_JSON = {"Content-Type": "application/json; charset=UTF-8"}
_ARRIVED = re.compile(r"bytes=0-(\d{1,12})", re.ASCII)


class Drive(Shelf):
    """A folder of the auditor's own in the Drive of `user`, who may move and share it; the account's endpoint is Drive's."""

    name = "drive"
    title = "Google Drive"

    def __init__(
        self, account: Account, user: str, folder: str, clock: Clock, *, seconds: float = PATIENCE, step: int = STEP
    ) -> None:
        self.place = f"the Google Drive of {user}, folder '{folder}'"
        self._account = account
        self._user = user
        self._folder = folder
        self._clock = clock
        self._signin = SignIn(account, user, clock, SCOPE)
        self._seconds = seconds
        self._step = step

    def prove(self) -> str:
        """See `Way.prove`: a token with the scope is given only where it is delegated, and it permits making files."""
        with self._asking() as caller:
            there = self._named(caller, self._folder, f"mimeType = '{_FOLDER}'")
        made = "is there" if there else "will be made"
        return f"A workbook may be put into the Google Drive of {self._user}; the folder '{self._folder}' {made}."

    def put(self, name: str, content: bytes) -> Lying:
        """See `Shelf.put`. Drive itself would take two files of one name."""
        with self._asking() as caller:
            folder = self._own_folder(caller)
            if found := self._named(caller, name, f"'{folder}' in parents"):
                raise Taken(Lying(found, "", name))
            about = {"name": name, "parents": [folder], "mimeType": TYPE}
            return self._sent(caller, "POST", "", about, content, name)

    def replace(self, lying: Lying, content: bytes) -> Lying:
        """See `Shelf.replace`. Drive has no call that depends on a version, so that it is looked at just before; what was
        there stays among the file's revisions for 30 days."""
        with self._asking() as caller:
            if self._looked(caller, lying).version != lying.version:
                raise Changed
            return self._sent(caller, "PATCH", f"/{quote(lying.id, safe='')}", {}, content, lying.name)

    def look(self, lying: Lying) -> Seen:
        """See `Shelf.look`. What lies in the bin is gone."""
        with self._asking() as caller:
            return self._looked(caller, lying)

    def fetch(self, lying: Lying) -> bytes:
        """See `Shelf.fetch`."""
        with self._asking() as caller:
            reply = caller.ask("GET", self._url(f"/{quote(lying.id, safe='')}", alt="media"), largest=LARGEST)
            return self._well(_there(reply)).body

    @contextmanager
    def _asking(self) -> Iterator[Caller]:
        account = self._account
        with told(self.title), Wire(self.title, (origin(account.endpoint),), account.roots) as wire:
            yield Caller(wire, self._signin, self._clock, _busy, self._seconds)

    def _url(self, below: str = "", *, upload: str = "", **query: str) -> str:
        more = urlencode({**query, "supportsAllDrives": "true"})
        return f"{self._account.endpoint}{upload}/drive/v3/files{below}?{more}"

    def _own_folder(self, caller: Caller) -> str:
        """The folder's id; it is made where it is not there."""
        if found := self._named(caller, self._folder, f"mimeType = '{_FOLDER}'"):
            return found
        about = json.dumps({"name": self._folder, "mimeType": _FOLDER})
        reply = caller.ask("POST", self._url(fields="id"), about, _JSON)
        return text(document(self._well(reply), self.title, has="id"), "id")

    def _named(self, caller: Caller, name: str, also: str) -> str:
        """The id of one of our files; empty where there is none of that name."""
        escaped = name.replace("\\", "\\\\").replace("'", "\\'")
        query = f"name = '{escaped}' and {also} and trashed = false"
        reply = caller.ask(
            "GET", self._url(q=query, fields="files(id)", pageSize="1", includeItemsFromAllDrives="true")
        )
        found = rows(document(self._well(reply), self.title), "files")
        return text(found[0], "id") if found else ""

    def _looked(self, caller: Caller, lying: Lying) -> Seen:
        reply = caller.ask("GET", self._url(f"/{quote(lying.id, safe='')}", fields=_FACTS))
        said = document(self._well(_there(reply)), self.title, has="id")
        if said.get("trashed") is True:
            raise Gone
        said = document(reply, self.title, has="headRevisionId")
        return Seen(text(said, "headRevisionId"), _moment(text(said, "modifiedTime")))

    def _sent(self, caller: Caller, method: str, below: str, about: dict[str, Any], content: bytes, name: str) -> Lying:
        wanted = _JSON | {"X-Upload-Content-Type": TYPE, "X-Upload-Content-Length": str(len(content))}
        url = self._url(below, upload="/upload", uploadType="resumable", fields=_FACTS)
        for _ in range(2):
            begun = self._well(caller.ask(method, url, json.dumps(about), wanted))
            session = begun.headers.get("location", "")
            if reply := uploaded(caller, session, content, _PIECES, self._step):
                said = document(self._well(reply), self.title, has="id")
                return Lying(text(said, "id"), text(said, "headRevisionId"), name)
        raise DeliveryError("Google Drive forgot what it was sent of the workbook: the next night tries again.")

    def _well(self, reply: Reply) -> Reply:
        """An answer that says yes.

        Raises:
            DeliveryError: it says no.
        """
        if reply.status in (200, 201):
            return reply
        reasons = refusal(reply.status, reply.headers, reply.body).reasons
        raise DeliveryError(self._refusal(reply.status, reasons))

    def _refusal(self, status: int, reasons: frozenset[str]) -> str:
        if reasons & {"accessnotconfigured", "service_disabled"}:
            return (
                "The Google Drive API is not switched on in the Google Cloud project: enable it there (docs/delivery.md), "
                "then wait some minutes."
            )
        if reasons & {"storagequotaexceeded", "teamdrivefilelimitexceeded"}:
            return f"There is no room left in the Google Drive of {self._user}: make room there; the next night tries again."
        if status in (401, 403):
            return (
                f"Google lets the auditor put nothing into the Drive of {self._user}: delegate the scope {SCOPE}, and allow "
                "Drive for that user (docs/delivery.md)."
            )
        return f"Google Drive did not take the call (status {status}): the next night tries again."


class _Pieces:
    """https://developers.google.com/workspace/drive/api/guides/manage-uploads#resumable"""

    signed = True

    def status(self, caller: Caller, url: str, size: int) -> Reply:
        return caller.ask("PUT", url, b"", {"Content-Range": f"bytes */{size}"})

    def onward(self, reply: Reply) -> int | None:
        if reply.status != 308:
            return None
        arrived = _ARRIVED.fullmatch(reply.headers.get("range", ""))
        return int(arrived[1]) + 1 if arrived else 0


_PIECES = _Pieces()


def _there(reply: Reply) -> Reply:
    """An answer about a file. Raises Gone where Google itself says that there is none: another's page says nothing."""
    if reply.status == 404 and refusal(reply.status, reply.headers, reply.body).gone:
        raise Gone
    return reply


def _busy(reply: Reply) -> RetrySource | None:
    if reply.status < 400:
        return None
    said = refusal(reply.status, reply.headers, reply.body)
    if said.reasons & {"storagequotaexceeded"}:
        return None
    waiting = passing(said)
    return RetrySource("Google Drive is busy or out of order.", seconds=waiting.seconds) if waiting else None


def _moment(said: str) -> datetime:
    """UTC; of one that is no moment, now."""
    try:
        return datetime.fromisoformat(said).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.now(UTC)
