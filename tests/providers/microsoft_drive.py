"""The document library of one site, as Graph gives it to an application with Sites.Selected: small, and as strict as the
pages on driveItem and on upload sessions are."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from providers.loopback import Answer, Call
from providers.microsoft_mailbox import Refused

QUANTUM = 320 * 1024
CONFLICT = "@microsoft.graph.conflictBehavior"
DENIED = Refused(403, "accessDenied", "Access denied")
ABSENT = Refused(404, "itemNotFound", "The resource could not be found.")


@dataclass(slots=True)
class File:
    """A file in the library."""

    id: str
    path: str
    content: bytes
    modified: datetime
    version: int = 1

    @property
    def etag(self) -> str:
        return f'"{{{self.id}}},{self.version}"'


@dataclass(slots=True)
class Session:
    """An upload under way."""

    path: str
    replaces: str
    conflict: str
    received: bytearray = field(default_factory=bytearray)


class Site:
    """A SharePoint site or OneDrive at `path` of the server; what it is asked for is answered by `graph` and `direct`."""

    def __init__(self, base: Callable[[], str], path: str = "/sites/clerk") -> None:
        self._base = base
        self.path = path
        self.id = "localhost,0a3e,7c11"
        self.granted = True
        """Whether the application was given the right to write to this site."""
        self.files: dict[str, File] = {}
        """By path."""
        self.sessions: dict[str, Session] = {}
        self.elsewhere = ""
        """Another host that links point to."""
        self.forgets = False
        """Whether sessions are forgotten as soon as the file is whole, and the last answer fails."""
        self._made = 0
        self._lock = threading.RLock()

    @property
    def url(self) -> str:
        """What stands in a configuration."""
        return self._base() + self.path

    def save(self, path: str, content: bytes, at: datetime) -> None:
        """Somebody saves a file that is there."""
        with self._lock:
            file = self.files[path]
            file.content, file.modified, file.version = content, at, file.version + 1

    def put(self, path: str, content: bytes) -> File:
        """A file that somebody puts there."""
        with self._lock:
            self._made += 1
            file = self.files[path] = File(f"01ITEM{self._made}", path, content, datetime.now(UTC))
            return file

    # Answers

    def graph(self, call: Call, roles: frozenset[str]) -> Answer | None:
        """What Graph answers below /sites; None where there is no such path."""
        if "Sites.Selected" not in roles or not self.granted:
            raise DENIED
        below = call.path.removeprefix("/v1.0/sites/")
        if below == f"localhost:{self.path}":
            assert call.method == "GET", "a site is read"
            return Answer.json({"id": self.id})
        if re.fullmatch(r"[^/:]+:/.*", below):
            raise ABSENT
        drive = f"{self.id}/drive/"
        if not below.startswith(drive):
            return None
        with self._lock:
            return self._in_drive(call, below.removeprefix(drive))

    def _in_drive(self, call: Call, below: str) -> Answer | None:
        if found := re.fullmatch(r"root:/(.+):/createUploadSession", below):
            return self._session(call, found[1], "")
        if found := re.fullmatch(r"root:/([^:]+)", below):
            return self._shown(call, self.files.get(found[1]))
        if found := re.fullmatch(r"items/(\w+)(/content|/createUploadSession)?", below):
            file = next((one for one in self.files.values() if one.id == found[1]), None)
            match found[2]:
                case None:
                    return self._shown(call, file)
                case "/content":
                    assert call.method == "GET", "content is replaced by a session, that it may depend on a version"
                    if file is None:
                        raise ABSENT
                    return Answer(302, b"", {"Location": self._direct(f"download/{file.id}?tempauth=CANARY")})
                case _:
                    if file is None:
                        raise ABSENT
                    return self._session(call, file.path, file.id)
        return None

    def _shown(self, call: Call, file: File | None) -> Answer:
        assert call.method == "GET", "nothing is deleted"
        if file is None:
            raise ABSENT
        wanted = (call.one("$select") or "").split(",")
        assert wanted != [""], "everything is asked for"
        return Answer.json({name: value for name, value in self._item(file).items() if name in wanted})

    def _item(self, file: File) -> dict[str, Any]:
        return {
            "id": file.id,
            "name": file.path.rpartition("/")[2],
            "eTag": file.etag,
            "size": len(file.content),
            "lastModifiedDateTime": file.modified.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }

    def _session(self, call: Call, path: str, replaces: str) -> Answer:
        assert call.method == "POST", "a session is begun with POST"
        assert call.headers.get_content_type() == "application/json", "what is wanted is JSON"
        item = json.loads(call.body)["item"]
        assert item[CONFLICT] in ("fail", "replace", "rename"), "conflictBehavior"
        file = self.files.get(path)
        if replaces:
            assert "If-Match" in call.headers, "a file is replaced whatever its version"
            if file is None or call.headers["If-Match"] != file.etag:
                raise Refused(412, "preconditionFailed", "ETag does not match current item's value")
        elif file is not None and item[CONFLICT] == "fail":
            raise Refused(409, "nameAlreadyExists", "An item with the same name already exists")
        token = f"s{len(self.sessions) + 1}x{self._made}"
        self.sessions[token] = Session(path, replaces, item[CONFLICT])
        url = self._direct(f"upload/{token}?tempauth=CANARY")
        return Answer.json(
            {"uploadUrl": url, "expirationDateTime": "2030-01-01T00:00:00Z", "nextExpectedRanges": ["0-"]}
        )

    def _direct(self, below: str) -> str:
        return f"{self.elsewhere or self._base()}/_api/{below}"

    def direct(self, call: Call) -> Answer | None:
        """What the site itself answers, at addresses that are secrets; None where it is none of these."""
        found = re.fullmatch(r"/_api/(upload|download)/(\w+)", call.path)
        if not found:
            return None
        assert "Authorization" not in call.headers, "a token is sent to an address that is a secret itself"
        assert call.one("tempauth") == "CANARY", "the address was changed"
        with self._lock:
            if found[1] == "download":
                file = next(one for one in self.files.values() if one.id == found[2])
                return Answer(200, file.content)
            session = self.sessions.get(found[2])
            if session is None:
                return Answer.json(
                    {"error": {"code": "itemNotFound", "message": "The upload session was not found"}}, 404
                )
            match call.method:
                case "DELETE":
                    del self.sessions[found[2]]
                    return Answer(204)
                case "GET":
                    return self._expected(200, session)
                case "PUT":
                    return self._piece(call, found[2], session)
        return None

    def _expected(self, status: int, session: Session) -> Answer:
        return Answer.json({"nextExpectedRanges": [f"{len(session.received)}-"]}, status)

    def _piece(self, call: Call, token: str, session: Session) -> Answer:
        given = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", call.headers["Content-Range"])
        assert given, "no Content-Range"
        first, last, total = map(int, given.groups())
        assert last - first + 1 == len(call.body), "the range is of another length"
        assert last + 1 == total or len(call.body) % QUANTUM == 0, "a piece is no multiple of 320 KiB"
        if first != len(session.received):
            return Answer.json({"error": {"code": "invalidRange", "message": "Optimistic concurrency failure"}}, 416)
        session.received += call.body
        if last + 1 < total:
            return self._expected(202, session)
        return self._whole(token, session)

    def _whole(self, token: str, session: Session) -> Answer:
        file = self.files.get(session.path)
        if file and not session.replaces and session.conflict == "fail":
            return Answer.json({"error": {"code": "upload_name_conflict", "message": "Another file exists"}}, 409)
        del self.sessions[token]
        if file:
            file.content, file.version = bytes(session.received), file.version + 1
        else:
            file = self.put(session.path, bytes(session.received))
        if self.forgets:
            self.forgets = False
            return Answer(503, b"", {"Retry-After": "0"})
        return Answer.json(self._item(file), 201)
