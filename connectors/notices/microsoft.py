"""Telling people by mail through Microsoft 365: the application permission Mail.Send, for the sender's mailbox alone.

https://learn.microsoft.com/graph/api/user-sendmail
"""

from __future__ import annotations

import json
from urllib.parse import quote

from auditor import __version__
from auditor.errors import NoticeError, SourceError
from auditor.mark import HEADER
from auditor.pipeline.pull import Clock
from connectors.graph.signin import NAME, Account, SignIn
from connectors.notices import SECONDS, Notice
from connectors.notices.deadline import within
from connectors.wire import SMALL, TooLarge, Wire, origin

_WHERE = "docs/setup-microsoft365.md, Notices"


class Microsoft:
    """The mailbox that notices come from, in the directory of a `[[sources]]` table."""

    name = "microsoft365"

    def __init__(self, account: Account, sender: str, clock: Clock, *, seconds: float = SECONDS) -> None:
        self._account = account
        self._sender = sender
        self._signin = SignIn(account, clock)
        self._seconds = seconds

    def prove(self) -> str:
        """See `Way.prove`: signs in. What Exchange permits does not stand in the token, so that sending is not proved."""
        within(self._seconds, self._token, NAME)
        return f"Signed in; only 'auditor check --send' shows whether mail may be sent from {self._sender}."

    def send(self, notice: Notice) -> None:
        """See `Way.send`."""
        status = within(self._seconds, lambda: self._posted(notice), NAME)
        if status in (401, 403):
            raise NoticeError(
                f"Microsoft 365 lets the auditor send nothing from {self._sender}: give it Mail.Send for that mailbox ({_WHERE})."
            )
        if status == 404:
            raise NoticeError(f"Microsoft 365 knows no mailbox {self._sender}: check mail in [notify].")
        if status != 202:
            raise NoticeError(f"Microsoft 365 did not take the notice (status {status}): the next night tries again.")

    def _token(self) -> str:
        try:
            return self._signin.token()
        except SourceError as error:
            raise NoticeError(str(error)) from None

    def _posted(self, notice: Notice) -> int:
        url = f"{self._account.endpoint}/users/{quote(self._sender, safe='')}/sendMail"
        headers = {
            "Authorization": f"Bearer {self._token()}",
            "Content-Type": "application/json",
            "User-Agent": f"mailbox-auditor/{__version__}",
        }
        try:
            with Wire(NAME, (origin(self._account.endpoint),), self._account.roots) as wire:
                return wire.call("POST", url, headers, json.dumps(_document(notice)), largest=SMALL).status
        except SourceError as error:
            raise NoticeError(str(error)) from None
        except TooLarge:
            raise NoticeError("Something else than Microsoft 365 answered.") from None


def _document(notice: Notice) -> dict[str, object]:
    message: dict[str, object] = {
        "subject": notice.subject,
        "body": {"contentType": "Text", "content": notice.text},
        "toRecipients": [{"emailAddress": {"address": one}} for one in notice.recipients],
    }
    if notice.mark:
        message["internetMessageHeaders"] = [{"name": HEADER, "value": notice.mark}]
    return {"message": message, "saveToSentItems": False}
