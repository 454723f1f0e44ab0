"""Telling people by mail through a provider: a token, one POST of JSON, and what the status of its answer means."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from pathlib import Path

from auditor.errors import NoticeError, SourceError
from connectors.notices import HEADERS, Notice
from connectors.notices.deadline import within
from connectors.tokens import Tokens
from connectors.wire import SMALL, TooLarge, Wire, origin


class Provider(ABC):
    """Sends in the name of one sender, by the sign-in of a `[[sources]]` table."""

    name: str
    """See `Way.name`."""
    called: str
    """What it is called in sentences."""
    taken: int
    """The status that says a notice was taken."""

    def __init__(self, signin: Tokens, endpoint: str, roots: Path | None, sender: str, seconds: float) -> None:
        self._signin = signin
        self._endpoint = endpoint
        self._roots = roots
        self._sender = sender
        self._seconds = seconds

    def prove(self) -> str:
        """See `Way.prove`: signs in."""
        within(self._seconds, self._token, self.called)
        return self._proved()

    def send(self, notice: Notice) -> str:
        """See `Way.send`. All are taken: of an address that does not exist the sender hears by mail."""
        status = within(self._seconds, lambda: self._posted(notice), self.called)
        if status != self.taken:
            raise NoticeError(
                self._refusal(status)
                or f"{self.called} did not take the notice (status {status}): the next night tries again."
            )
        return ""

    @abstractmethod
    def _proved(self) -> str:
        """What a sign-in proves, a sentence."""

    @abstractmethod
    def _post(self, notice: Notice) -> tuple[str, dict[str, object]]:
        """Where a notice is posted to, below the endpoint, and as what."""

    @abstractmethod
    def _refusal(self, status: int) -> str | None:
        """What to do about a status that asks for something; None where trying again is all that can be done."""

    def _token(self) -> str:
        try:
            return self._signin.token()
        except SourceError as error:
            raise NoticeError(str(error)) from None

    def _posted(self, notice: Notice) -> int:
        path, document = self._post(notice)
        headers = {"Authorization": f"Bearer {self._token()}", **HEADERS}
        try:
            with Wire(self.called, (origin(self._endpoint),), self._roots) as wire:
                url = f"{self._endpoint}{path}"
                return wire.call("POST", url, headers, json.dumps(document), largest=SMALL).status
        except SourceError as error:
            raise NoticeError(str(error)) from None
        except TooLarge:
            raise NoticeError(f"Something else than {self.called} answered: the next night tries again.") from None
