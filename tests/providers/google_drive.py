"""Google Drive v3 for one user, as an application with drive.file sees it: the files that it made itself, and no others."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from providers.gmail_errors import Refusal
from providers.loopback import Answer, Call

SCOPE = "https://www.googleapis.com/auth/drive.file"
FOLDER = "application/vnd.google-apps.folder"
QUANTUM = 256 * 1024
_QUERY = re.compile(r"name = '((?:[^'\\]|\\.)*)' and (?:mimeType = '([^']+)'|'(\w+)' in parents) and trashed = false")


@dataclass(slots=True)
class File:
    """A file or folder."""

    id: str
    name: str
    kind: str
    parents: list[str]
    content: bytes = b""
    modified: datetime = field(default_factory=lambda: datetime.now(UTC))
    revision: int = 1
    trashed: bool = False


@dataclass(slots=True)
class Session:
    """An upload under way."""

    about: dict[str, Any]
    replaces: str
    total: int
    received: bytearray = field(default_factory=bytearray)


class GoogleDrive:
    """What the Drive holds, and how it answers."""

    def __init__(self, base: str) -> None:
        self._base = base
        self.files: dict[str, File] = {}
        self.sessions: dict[str, Session] = {}
        self.foreign = {"folderOfTheClerk"}
        """Ids that are there, and were not made by this application."""
        self.enabled = True
        self.full = False
        self._lock = threading.RLock()

    def save(self, name: str, content: bytes, at: datetime) -> None:
        """Somebody saves a file that is there."""
        with self._lock:
            file = self.named(name)
            file.content, file.modified, file.revision = content, at, file.revision + 1

    def named(self, name: str) -> File:
        [file] = [one for one in self.files.values() if one.name == name]
        return file

    def answer(self, call: Call, scopes: frozenset[str]) -> Answer:
        """The answer to a call below /drive/v3 or /upload/drive/v3."""
        if SCOPE not in scopes:
            raise Refusal("scopes")
        if not self.enabled:
            raise Refusal("api off")
        assert call.one("supportsAllDrives") == "true" or "upload_id" in call.query, "a moved folder would not be found"
        with self._lock:
            if "upload_id" in call.query:
                return self._piece(call)
            found = re.fullmatch(r"(/upload)?/drive/v3/files(?:/(\w+))?", call.path)
            assert found, "there is no such path"
            upload, i = found.groups()
            if upload:
                return self._begun(call, i or "")
            if i is not None:
                return self._shown(call, i)
            return self._listed(call) if call.method == "GET" else self._made(call)

    def _file(self, i: str) -> File:
        if i not in self.files:
            raise Refusal("gone")
        return self.files[i]

    def _listed(self, call: Call) -> Answer:
        asked = _QUERY.fullmatch(call.one("q") or "")
        assert asked, call.one("q")
        name = re.sub(r"\\(.)", r"\1", asked[1])
        if asked[3] in self.foreign:
            raise Refusal("gone")
        found = [
            one
            for one in self.files.values()
            if one.name == name
            and not one.trashed
            and (asked[2] in (None, one.kind))
            and (asked[3] in (None, *one.parents))
        ]
        return Answer.json({"files": [{"id": one.id} for one in found[: int(call.one("pageSize") or 100)]]})

    def _made(self, call: Call) -> Answer:
        assert call.method == "POST", "a file is made with POST"
        about = json.loads(call.body)
        file = self._new(about)
        return Answer.json({"id": file.id})

    def _new(self, about: dict[str, Any]) -> File:
        for parent in about.get("parents", []):
            self._file(parent)  # what another program made is not there for this one
        i = f"1file{len(self.files) + 1}"
        file = self.files[i] = File(i, about["name"], about["mimeType"], about.get("parents", ["root"]))
        return file

    def _shown(self, call: Call, i: str) -> Answer:
        assert call.method == "GET", "nothing is deleted"
        file = self._file(i)
        if call.one("alt") == "media":
            return Answer(200, file.content)
        wanted = (call.one("fields") or "").split(",")
        return Answer.json({name: value for name, value in self._facts(file).items() if name in wanted})

    def _facts(self, file: File) -> dict[str, Any]:
        return {
            "id": file.id,
            "name": file.name,
            "headRevisionId": f"0B{file.revision}",
            "modifiedTime": file.modified.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "trashed": file.trashed,
        }

    def _begun(self, call: Call, i: str) -> Answer:
        assert call.one("uploadType") == "resumable", "uploads are resumable"
        assert call.method == ("PATCH" if i else "POST"), "POST makes a file, PATCH changes one"
        assert call.headers["X-Upload-Content-Type"], "no type"
        if self.full:
            said = {"message": "The user's Drive storage quota has been exceeded.", "reason": "storageQuotaExceeded"}
            return Answer.json({"error": {"code": 403, "message": said["message"], "errors": [said]}}, 403)
        if i:
            self._file(i)
        about = json.loads(call.body)
        for parent in about.get("parents", []):
            self._file(parent)
        token = f"AEnB{len(self.sessions) + 1}"
        self.sessions[token] = Session(about, i, int(call.headers["X-Upload-Content-Length"]))
        return Answer(
            200, b"", {"Location": f"{self._base}/upload/drive/v3/files?uploadType=resumable&upload_id={token}"}
        )

    def _piece(self, call: Call) -> Answer:
        assert call.method == "PUT", "a piece is PUT"
        session = self.sessions.get(call.one("upload_id") or "")
        if session is None:
            return Answer(410, b"")
        where = call.headers["Content-Range"]
        if where != f"bytes */{session.total}":
            given = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", where)
            assert given, where
            first, last, total = map(int, given.groups())
            assert total == session.total, "the file is of another length"
            assert last - first + 1 == len(call.body), "the range is of another length"
            assert last + 1 == total or len(call.body) % QUANTUM == 0, "a piece is no multiple of 256 KiB"
            assert first == len(session.received), "a piece is sent again"
            session.received += call.body
        if len(session.received) < session.total:
            arrived = {"Range": f"bytes=0-{len(session.received) - 1}"} if session.received else {}
            return Answer(308, b"", arrived)
        return self._whole(session)

    def _whole(self, session: Session) -> Answer:
        if not session.replaces:
            session.replaces = self._new(session.about).id
            self.files[session.replaces].content = bytes(session.received)
        elif self.files[session.replaces].content != session.received:
            file = self.files[session.replaces]
            file.content, file.revision = bytes(session.received), file.revision + 1
        return Answer.json(self._facts(self.files[session.replaces]))
