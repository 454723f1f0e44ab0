"""Telling a monitoring program: one POST of JSON to one address. No redirect is followed, and nothing of the answer is read."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from auditor.errors import NoticeError
from connectors.notices import HEADERS, SECONDS, STEP, Notice
from connectors.notices.deadline import within
from connectors.notices.trust import broken, context


class Webhook:
    """An address that takes `{"council", "needs", "at"}`, and `"test": true` in a test; `needs` is empty when all is well
    again."""

    name = "webhook"

    def __init__(self, url: str, roots: Path | None = None, *, seconds: float = SECONDS) -> None:
        parts = urlsplit(url)
        self._encrypted = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._roots = roots
        self._seconds = seconds

    def prove(self) -> str:
        """See `Way.prove`: connects, and has the host prove who it is."""

        def tried() -> str:
            connection = self._connection()
            try:
                connection.connect()
            finally:
                connection.close()
            return f"{self._host} answers. 'auditor check --send' sends a test."

        return self._told(tried)

    def send(self, notice: Notice) -> str:
        """See `Way.send`."""
        test = {"test": True} if notice.test else {}
        said = {"council": notice.council, "needs": list(notice.needs), "at": notice.at.isoformat(), **test}

        def sent() -> str:
            connection = self._connection()
            try:
                connection.request("POST", self._target, json.dumps(said).encode(), HEADERS)
                status = connection.getresponse().status
            finally:
                connection.close()
            if not 200 <= status < 300:
                raise NoticeError(f"{self._host} did not take the notice (status {status}): check webhook in [notify].")
            return ""

        return self._told(sent)

    def _connection(self) -> http.client.HTTPConnection:
        if self._encrypted:
            return http.client.HTTPSConnection(self._host, self._port, timeout=STEP, context=context(self._roots))
        return http.client.HTTPConnection(self._host, self._port, timeout=STEP)

    def _told(self, work: Callable[[], str]) -> str:
        """The library's troubles in sentences. The address itself may be a secret, and its host alone is named."""
        try:
            return within(self._seconds, work, self._host)
        except (http.client.HTTPException, OSError, ValueError) as error:
            raise broken(error, self._host, self._host, "webhook") from None
