"""Telling people by mail through Gmail: the scope gmail.send, delegated, in the name of the sender alone.

https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send
"""

from __future__ import annotations

import base64
import json
from email.policy import SMTP

from auditor import __version__
from auditor.errors import NoticeError, SourceError
from auditor.pipeline.pull import Clock
from connectors.gmail.signin import NAME, Account, SignIn
from connectors.notices import SECONDS, Notice, letter
from connectors.notices.deadline import within
from connectors.wire import SMALL, TooLarge, Wire, origin

SCOPE = "https://www.googleapis.com/auth/gmail.send"
_WHERE = "docs/setup-google.md, Notices"


class Google:
    """The user whom notices come from, by the service account of a `[[sources]]` table."""

    name = "google"

    def __init__(self, account: Account, sender: str, clock: Clock, *, seconds: float = SECONDS) -> None:
        self._account = account
        self._sender = sender
        self._signin = SignIn(account, sender, clock, SCOPE)
        self._seconds = seconds

    def prove(self) -> str:
        """See `Way.prove`: a token for sending is given only where sending is delegated."""
        within(self._seconds, self._token, NAME)
        return f"Google lets the auditor send from {self._sender}."

    def send(self, notice: Notice) -> None:
        """See `Way.send`."""
        status = within(self._seconds, lambda: self._posted(notice), NAME)
        if status in (401, 403):
            raise NoticeError(
                f"Gmail lets the auditor send nothing from {self._sender}: delegate the scope {SCOPE} ({_WHERE})."
            )
        if status != 200:
            raise NoticeError(f"Gmail did not take the notice (status {status}): the next night tries again.")

    def _token(self) -> str:
        try:
            return self._signin.token()
        except SourceError as error:
            raise NoticeError(str(error)) from None

    def _posted(self, notice: Notice) -> int:
        raw = base64.urlsafe_b64encode(letter(notice).as_bytes(policy=SMTP)).decode()
        headers = {
            "Authorization": f"Bearer {self._token()}",
            "Content-Type": "application/json",
            "User-Agent": f"mailbox-auditor/{__version__}",
        }
        url = f"{self._account.endpoint}/gmail/v1/users/me/messages/send"
        try:
            with Wire(NAME, (origin(self._account.endpoint),), self._account.roots) as wire:
                return wire.call("POST", url, headers, json.dumps({"raw": raw}), largest=SMALL).status
        except SourceError as error:
            raise NoticeError(str(error)) from None
        except TooLarge:
            raise NoticeError("Something else than Gmail answered.") from None
